// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON: reading a body within limits, and writing it in the manager's style,
 * which is two blanks an object and one before and after each colon.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "util.h"

/* Objects within objects; the library's own parser recurses. */
#define SG_JSON_DEPTH	64

static bool sg_json_too_deep(const char *data, size_t len)
{
	unsigned int depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		if (quoted && data[i] == '\\')
			i++;
		else if (data[i] == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (data[i] == '{' || data[i] == '[')
			depth++;
		else if ((data[i] == '}' || data[i] == ']') && depth)
			depth--;
		if (depth > SG_JSON_DEPTH)
			return true;
	}
	return false;
}

/**
 * sg_json_read - read the JSON object that a request carries
 * @data: the body
 * @len: its length
 * @e: takes the reason of a refusal
 *
 * Return: a new reference, or NULL
 */
json_t *sg_json_read(const char *data, size_t len, struct sg_error *e)
{
	json_error_t why;
	json_t *value;

	if (sg_json_too_deep(data, len)) {
		sg_fail(e, SG_E_SYNTAX, "the body nests more than %d levels",
			SG_JSON_DEPTH);
		return NULL;
	}
	value = json_loadb(data ? data : "", len, JSON_REJECT_DUPLICATES, &why);
	if (!value) {
		sg_fail(e, SG_E_SYNTAX, "the body is not JSON: line %d: %s",
			why.line, why.text);
		return NULL;
	}
	if (!json_is_object(value)) {
		sg_fail(e, SG_E_SYNTAX, "the body is not a JSON object");
		json_decref(value);
		return NULL;
	}
	return value;
}

/* --- Writing --- */

static int sg_json_add(const char *data, size_t len, void *text)
{
	sg_text_add(text, data, len);
	return 0;
}

/**
 * sg_json_compact - a value without a blank, as it is stored
 * @value: the value
 *
 * Return: the text, to be freed
 */
char *sg_json_compact(const json_t *value)
{
	struct sg_text t = {};

	json_dump_callback(value, sg_json_add, &t,
			   JSON_COMPACT | JSON_ENCODE_ANY);
	return t.data;
}

/**
 * struct sg_layout - text that gets its blanks
 * @t: where it goes
 * @open: brackets that are open
 * @level: how many of them are of objects
 */
struct sg_layout {
	struct sg_text	*t;
	struct sg_text	open;
	int		level;
};

static void sg_layout_line(struct sg_layout *l)
{
	sg_text_puts(l->t, "\n");
	for (int i = 0; i < l->level; i++)
		sg_text_puts(l->t, "  ");
}

/* Return: what comes after it; a bracket that closes at once goes with it */
static const char *sg_layout_open(struct sg_layout *l, const char *s)
{
	const bool object = *s == '{';

	if (s[1] == '}' || s[1] == ']') {
		sg_text_puts(l->t, object ? "{ }" : "[ ]");
		return s + 2;
	}
	sg_text_add(&l->open, s, 1);
	l->level += object;
	sg_text_puts(l->t, object ? "{" : "[ ");
	if (object)
		sg_layout_line(l);
	return s + 1;
}

static void sg_layout_close(struct sg_layout *l)
{
	const bool object = l->open.data[--l->open.len] == '{';

	l->level -= object;
	if (object)
		sg_layout_line(l);
	sg_text_puts(l->t, object ? "}" : " ]");
}

static void sg_layout_comma(struct sg_layout *l)
{
	sg_text_puts(l->t, ",");
	if (l->open.data[l->open.len - 1] == '{')
		sg_layout_line(l);
	else
		sg_text_puts(l->t, " ");
}

static size_t sg_string_length(const char *s)
{
	size_t n = 1;

	while (s[n] && s[n] != '"')
		n += s[n] == '\\' && s[n + 1] ? 2 : 1;
	return s[n] ? n + 1 : n;
}

/* A string, a number or a word. Return: what comes after it */
static const char *sg_layout_scalar(struct sg_layout *l, const char *s)
{
	size_t len = *s == '"' ? sg_string_length(s) : strcspn(s, ",]}");

	sg_text_add(l->t, s, len);
	return s + len;
}

/**
 * sg_json_layout - write as the manager does what has no blanks
 * @t: where to
 * @s: JSON as sg_json_compact() makes it
 *
 * What the store has is written like this without being taken apart.
 */
void sg_json_layout(struct sg_text *t, const char *s)
{
	struct sg_layout l = { .t = t };

	while (*s) {
		switch (*s) {
		case '{':
		case '[':
			s = sg_layout_open(&l, s);
			break;
		case '}':
		case ']':
			sg_layout_close(&l);
			s++;
			break;
		case ',':
			sg_layout_comma(&l);
			s++;
			break;
		case ':':
			sg_text_puts(t, " : ");
			s++;
			break;
		default:
			s = sg_layout_scalar(&l, s);
		}
	}
	sg_text_free(&l.open);
}

/**
 * sg_json_write - write a value as the manager does
 * @t: where to
 * @value: the value
 */
void sg_json_write(struct sg_text *t, const json_t *value)
{
	char *compact = sg_json_compact(value);

	sg_json_layout(t, compact);
	free(compact);
}

/**
 * sg_json_text - a member that is a string
 * @object: an object, or NULL
 * @key: name of the member
 *
 * Return: the string, empty if there is none
 */
const char *sg_json_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* Is there a member that is true? @object may be NULL. */
bool sg_json_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

void sg_json_set_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, json_string(text));
}
