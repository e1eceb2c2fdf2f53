// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON: reading a body within limits, and writing it in the manager's style,
 * which is two blanks an object and one before and after each colon.
 */
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

static int sg_json_add(const char *data, size_t len, void *text)
{
	sg_text_add(text, data, len);
	return 0;
}

static void sg_json_scalar(struct sg_text *t, const json_t *value)
{
	json_dump_callback(value, sg_json_add, t,
			   JSON_COMPACT | JSON_ENCODE_ANY);
}

static void sg_json_value(struct sg_text *t, const json_t *value, int level);

static void sg_json_object(struct sg_text *t, const json_t *object, int level)
{
	const char *key, *separator = "";
	json_t *value;

	sg_text_puts(t, "{");
	json_object_foreach((json_t *)object, key, value) {
		json_t *name = json_string(key);

		sg_text_printf(t, "%s\n%*s", separator, 2 * level + 2, "");
		sg_json_scalar(t, name);
		json_decref(name);
		sg_text_puts(t, " : ");
		sg_json_value(t, value, level + 1);
		separator = ",";
	}
	if (*separator)
		sg_text_printf(t, "\n%*s", 2 * level, "");
	else
		sg_text_puts(t, " ");
	sg_text_puts(t, "}");
}

static void sg_json_array(struct sg_text *t, const json_t *array, int level)
{
	const char *separator = "";
	json_t *value;
	size_t i;

	sg_text_puts(t, "[");
	json_array_foreach(array, i, value) {
		sg_text_printf(t, "%s ", separator);
		sg_json_value(t, value, level);
		separator = ",";
	}
	sg_text_puts(t, " ]");
}

static void sg_json_value(struct sg_text *t, const json_t *value, int level)
{
	if (json_is_object(value))
		sg_json_object(t, value, level);
	else if (json_is_array(value))
		sg_json_array(t, value, level);
	else
		sg_json_scalar(t, value);
}

/**
 * sg_json_write - write a value as the manager does
 * @t: where to
 * @value: the value
 */
void sg_json_write(struct sg_text *t, const json_t *value)
{
	sg_json_value(t, value, 0);
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

	sg_json_scalar(&t, value);
	return t.data;
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
