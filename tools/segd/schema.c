// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking things up in the table of resource types.
 */
#include <string.h>

#include "schema.h"
#include "util.h"

/**
 * sg_type_named - find a resource type
 * @name: its resource_type
 *
 * Return: the type or NULL
 */
const struct sg_type *sg_type_named(const char *name)
{
	for (size_t i = 0; i < sg_type_count; i++)
		if (!strcmp(sg_types[i].name, name))
			return &sg_types[i];
	return NULL;
}

/**
 * sg_type_owns - can objects of one type live in one of another?
 * @owner: the type that might hold the other, NULL for the root
 * @type: the type that might be held
 */
bool sg_type_owns(const struct sg_type *owner, const struct sg_type *type)
{
	const char *name = owner ? owner->name : "";

	for (int i = 0; type->owners[i]; i++)
		if (!strcmp(type->owners[i], name))
			return true;
	return false;
}

/**
 * sg_type_in - find the type of a collection
 * @owner: type of the object that holds the collection, NULL for the root
 * @collection: its name
 *
 * Return: the type or NULL
 */
const struct sg_type *sg_type_in(const struct sg_type *owner,
				 const char *collection)
{
	for (size_t i = 0; i < sg_type_count; i++)
		if (!strcmp(sg_types[i].collection, collection) &&
		    sg_type_owns(owner, &sg_types[i]))
			return &sg_types[i];
	return NULL;
}

/**
 * sg_word_in - is a word in a list?
 * @list: words, separated by '|'
 * @word: the word
 */
bool sg_word_in(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (list) {
		if (!strncmp(list, word, len) &&
		    (list[len] == '|' || !list[len]))
			return true;
		list = strchr(list, '|');
		list = list ? list + 1 : NULL;
	}
	return false;
}

/**
 * sg_json_at - a member of a member
 * @object: an object
 * @dotted: names, separated by '.'
 *
 * Return: a borrowed reference or NULL
 */
const json_t *sg_json_at(const json_t *object, const char *dotted)
{
	char name[64];
	size_t len;

	while (object && *dotted) {
		len = strcspn(dotted, ".");
		if (len >= sizeof(name))
			return NULL;
		memcpy(name, dotted, len);
		name[len] = '\0';
		object = json_object_get(object, name);
		dotted += len + (dotted[len] == '.');
	}
	return object;
}
