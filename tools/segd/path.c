// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policy paths, read from left to right: each word is a collection of what the
 * words before it name, or the id of an object in it.
 */
#include <ctype.h>
#include <string.h>

#include "path.h"

static int sg_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/**
 * sg_decode - undo the %-encoding of a URL
 * @to: where to
 * @size: its size
 * @from: encoded text
 * @len: its length
 *
 * Return: false if it is too long, badly encoded, or has a NUL in it
 */
bool sg_decode(char *to, size_t size, const char *from, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		int c = (unsigned char)from[i];

		if (c == '%') {
			int high = i + 2 < len ? sg_hex(from[i + 1]) : -1;
			int low = i + 2 < len ? sg_hex(from[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = high << 4 | low;
			i += 2;
		}
		if (!c || n + 1 >= size)
			return false;
		to[n++] = c;
	}
	to[n] = '\0';
	return true;
}

/**
 * sg_id_valid - may an object be called so?
 * @id: what it would be called
 *
 * An id is a word of paths, of file names in clients, and of queries.
 */
bool sg_id_valid(const char *id)
{
	size_t len = strlen(id);

	if (!len || len >= SG_ID_SIZE || !strcmp(id, ".") || !strcmp(id, ".."))
		return false;
	if (id[0] == ' ' || id[len - 1] == ' ')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isprint((unsigned char)id[i]) || strchr("/\\\"<>*?", id[i]))
			return false;
	return true;
}

/* Take the next word of a path. Return: false if there is none. */
static bool sg_word(const char **path, char word[SG_ID_SIZE])
{
	size_t len;

	if (**path != '/')
		return false;
	len = strcspn(++*path, "/");
	if (!len || len >= SG_ID_SIZE)
		return false;
	memcpy(word, *path, len);
	word[len] = '\0';
	*path += len;
	return true;
}

static int sg_target_bad(struct sg_error *e, const char *path)
{
	return sg_fail(e, SG_E_PATH, "The path=[%.512s] is invalid", path);
}

/* Step into an object. Return: false if the path would be too long. */
static bool sg_target_enter(struct sg_target *t, const struct sg_type *type,
			    const char *id)
{
	size_t len;

	memcpy(t->owner, t->path, sizeof(t->owner));
	len = strlen(t->path);
	t->type = type;
	t->collection = false;
	sg_format(t->id, sizeof(t->id), "%s", id);
	if (type->flags & SG_SINGLETON)
		return sg_format(t->path + len, sizeof(t->path) - len, "/%s",
				 type->collection);
	return sg_format(t->path + len, sizeof(t->path) - len, "/%s/%s",
			 type->collection, id);
}

/* Stay in the object and name one of its collections. */
static bool sg_target_collect(struct sg_target *t, const struct sg_type *type)
{
	size_t len = strlen(t->path);

	memcpy(t->owner, t->path, sizeof(t->owner));
	t->type = type;
	t->collection = true;
	t->id[0] = '\0';
	return sg_format(t->path + len, sizeof(t->path) - len, "/%s",
			 type->collection);
}

/**
 * sg_target_parse - find out what a path names
 * @t: takes what it is
 * @path: a path, not encoded
 * @e: takes the reason of a refusal
 *
 * Whether the object exists is not looked at.
 *
 * Return: 0 or -1
 */
int sg_target_parse(struct sg_target *t, const char *path, struct sg_error *e)
{
	const char *left = path, *before = path;
	const struct sg_type *type;
	char word[SG_ID_SIZE];

	memset(t, 0, sizeof(*t));
	while (*left) {
		before = left;
		if (!sg_word(&left, word))
			return sg_target_bad(e, path);
		type = sg_type_in(t->type, word);
		if (!type)
			break;
		if (!(type->flags & SG_SINGLETON)) {
			before = left;
			if (!*left)
				return sg_target_collect(t, type) ? 0 :
				       sg_target_bad(e, path);
			if (!sg_word(&left, word) || !sg_id_valid(word))
				return sg_target_bad(e, path);
			if (type->reserved && sg_word_in(type->reserved, word)) {
				if (!sg_target_collect(t, type))
					return sg_target_bad(e, path);
				break;
			}
		}
		if (!sg_target_enter(t, type, word))
			return sg_target_bad(e, path);
		before = left;
	}
	if (!t->type ||
	    (*before && !sg_format(t->rest, sizeof(t->rest), "%s", before + 1)))
		return sg_target_bad(e, path);
	return 0;
}

/**
 * sg_target_encoded - find out what a path of a URL names
 * @t: takes what it is
 * @url: the path, encoded
 * @e: takes the reason of a refusal
 *
 * An encoded slash does not divide words, and no id has one.
 *
 * Return: 0 or -1
 */
int sg_target_encoded(struct sg_target *t, const char *url, struct sg_error *e)
{
	char path[SG_PATH_SIZE];
	size_t len = strlen(url);

	if (strcasestr(url, "%2f") || !sg_decode(path, sizeof(path), url, len))
		return sg_target_bad(e, url);
	return sg_target_parse(t, path, e);
}

/**
 * sg_target_below - name an object by its owner
 * @t: takes what it is
 * @owner: the object that it lives in, or NULL for the root
 * @type: its type
 * @id: its id; not looked at for a singleton
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_target_below(struct sg_target *t, const struct sg_target *owner,
		    const struct sg_type *type, const char *id,
		    struct sg_error *e)
{
	bool single = type->flags & SG_SINGLETON;

	if (!sg_type_owns(owner ? owner->type : NULL, type))
		return sg_fail(e, SG_E_FIELD, "a %s has no %s in it",
			       owner ? owner->type->name : "root", type->name);
	if (!single && (!sg_id_valid(id) ||
			(type->reserved && sg_word_in(type->reserved, id))))
		return sg_fail(e, SG_E_FIELD, "\"%.255s\" is no id for a %s",
			       id, type->name);
	memset(t, 0, sizeof(*t));
	if (owner)
		memcpy(t->path, owner->path, sizeof(t->path));
	if (!sg_target_enter(t, type, single ? type->collection : id))
		return sg_fail(e, SG_E_PATH, "the path of %.255s is too long",
			       id);
	return 0;
}
