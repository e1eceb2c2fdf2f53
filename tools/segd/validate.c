// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checking what a client sends against the table of resource types, and
 * bringing it into the form in which it is kept: fields in the table's order,
 * with defaults, numbers as numbers, without nulls.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "util.h"
#include "validate.h"

/**
 * struct sg_check - where a check is
 * @e: takes the reason of a refusal
 * @where: name of the member, such as "subnets[0].gateway_address"
 */
struct sg_check {
	struct sg_error	*e;
	char		where[256];
};

static json_t *sg_members(struct sg_check *c, const struct sg_field *fields,
			  const json_t *input);

/* Note why the member is wrong. Return: NULL, as for every refusal here. */
#define sg_wrong(c, fmt, ...)						\
	({								\
		struct sg_check *_c = (c);				\
									\
		sg_fail(_c->e, SG_E_FIELD, "%s: " fmt, _c->where,	\
			##__VA_ARGS__);					\
		(json_t *)NULL;						\
	})

/* Go to a member of where the check is. Return: for sg_leave() */
static size_t sg_enter(struct sg_check *c, const char *name)
{
	size_t len = strlen(c->where);

	sg_format(c->where + len, sizeof(c->where) - len, "%s%s",
		  len ? "." : "", name);
	return len;
}

static size_t sg_enter_element(struct sg_check *c, size_t i)
{
	size_t len = strlen(c->where);

	sg_format(c->where + len, sizeof(c->where) - len, "[%zu]", i);
	return len;
}

static void sg_leave(struct sg_check *c, size_t len)
{
	c->where[len] = '\0';
}

/* --- Values --- */

static json_t *sg_integer(struct sg_check *c, const struct sg_field *f,
			  const json_t *input)
{
	const char *text = json_string_value(input);
	long long n = json_integer_value(input);
	char *end = NULL;

	if (text && f->flags & SG_DECIMAL && strlen(text) <= 18 &&
	    strspn(text, "0123456789") == strlen(text) && *text)
		n = strtoll(text, &end, 10);
	else if (!json_is_integer(input))
		return sg_wrong(c, "a whole number is expected");
	if (n < f->min || (f->max && n > f->max))
		return sg_wrong(c, "%lld is not in the range %lld to %lld", n,
				f->min, f->max);
	return json_integer(n);
}

static json_t *sg_string(struct sg_check *c, const struct sg_field *f,
			 const char *text)
{
	long long len = strlen(text);

	if (f->max && len > f->max)
		return sg_wrong(c, "longer than %lld bytes", f->max);
	if (len < f->min)
		return sg_wrong(c, "shorter than %lld bytes", f->min);
	return json_string(text);
}

static json_t *sg_enum(struct sg_check *c, const struct sg_field *f,
		       const char *text)
{
	char list[256] = "";

	for (int i = 0; f->values[i]; i++) {
		size_t len = strlen(list);

		if (!strcmp(f->values[i], text))
			return json_string(text);
		sg_format(list + len, sizeof(list) - len, "%s%s",
			  i ? ", " : "", f->values[i]);
	}
	return sg_wrong(c, "\"%.64s\" is none of %s", text, list);
}

static json_t *sg_ip(struct sg_check *c, const char *text)
{
	uint8_t bytes[16];

	if (inet_pton(AF_INET, text, bytes) != 1 &&
	    inet_pton(AF_INET6, text, bytes) != 1)
		return sg_wrong(c, "\"%.64s\" is no IP address", text);
	return json_string(text);
}

/* Is anything set behind the prefix? */
static bool sg_host_part(const uint8_t *bytes, int len, int prefix)
{
	for (int bit = prefix; bit < len * 8; bit++)
		if (bytes[bit / 8] & (0x80 >> bit % 8))
			return true;
	return false;
}

static json_t *sg_cidr(struct sg_check *c, const char *text)
{
	const char *slash = strchr(text, '/');
	char address[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	char *end = NULL;
	long prefix = -1;
	int len = 4;

	if (slash && (size_t)(slash - text) < sizeof(address)) {
		memcpy(address, text, slash - text);
		address[slash - text] = '\0';
		if (slash[1] >= '0' && slash[1] <= '9')
			prefix = strtol(slash + 1, &end, 10);
		if (inet_pton(AF_INET, address, bytes) != 1)
			len = inet_pton(AF_INET6, address, bytes) == 1 ? 16 : 0;
	}
	if (prefix < 1 || *end || !len || prefix > len * 8)
		return sg_wrong(c, "\"%.64s\" is no address with a prefix length, such as 10.0.0.1/24",
				text);
	if (prefix < len * 8 - 1 && !sg_host_part(bytes, len, prefix))
		return sg_wrong(c, "\"%.64s\" is the address of a network, not of a gateway",
				text);
	return json_string(text);
}

static json_t *sg_mac(struct sg_check *c, const char *text)
{
	unsigned int b[6];
	int n = 0;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2],
		   &b[3], &b[4], &b[5], &n) != 6 || n != 17 || text[n])
		return sg_wrong(c, "\"%.64s\" is no MAC address", text);
	return json_string(text);
}

static json_t *sg_vlans(struct sg_check *c, const char *text)
{
	unsigned int first, last;
	int n = 0;

	if (sscanf(text, "%4u%n", &first, &n) != 1 || n < 1)
		return sg_wrong(c, "\"%.64s\" is no VLAN id or range", text);
	last = first;
	if (text[n] == '-') {
		int more = 0;

		if (sscanf(text + n + 1, "%4u%n", &last, &more) != 1)
			more = -n - 1;
		n += 1 + more;
	}
	if (text[n] || first > last || last > 4094 ||
	    strspn(text, "0123456789-") != strlen(text))
		return sg_wrong(c, "\"%.64s\" is no VLAN id or range within 0 to 4094",
				text);
	return json_string(text);
}

static json_t *sg_text_value(struct sg_check *c, const struct sg_field *f,
			     const json_t *input)
{
	const char *text = json_string_value(input);

	if (!text)
		return sg_wrong(c, "a text is expected");

	switch (f->kind) {
	case SG_ENUM:
		return sg_enum(c, f, text);
	case SG_CIDR:
		return sg_cidr(c, text);
	case SG_IP:
		return sg_ip(c, text);
	case SG_MAC:
		return sg_mac(c, text);
	case SG_VLANS:
		return sg_vlans(c, text);
	case SG_REF:
		if (strlen(text) >= SG_PATH_SIZE)
			return sg_wrong(c, "the path is too long");
		return json_string(text);
	default:
		return sg_string(c, f, text);
	}
}

static json_t *sg_value(struct sg_check *c, const struct sg_field *f,
			const json_t *input)
{
	switch (f->kind) {
	case SG_BOOL:
		if (!json_is_boolean(input))
			return sg_wrong(c, "true or false is expected");
		return json_incref((json_t *)input);
	case SG_INT:
		return sg_integer(c, f, input);
	case SG_OBJECT:
		if (!json_is_object(input))
			return sg_wrong(c, "an object is expected");
		return sg_members(c, f->fields, input);
	case SG_ANY:
		if (!json_is_object(input))
			return sg_wrong(c, "an object is expected");
		return json_incref((json_t *)input);
	default:
		return sg_text_value(c, f, input);
	}
}

static json_t *sg_array(struct sg_check *c, const struct sg_field *f,
			const json_t *input)
{
	json_t *array, *element;
	size_t i;

	if (!json_is_array(input))
		return sg_wrong(c, "an array is expected");
	if (json_array_size(input) > f->array)
		return sg_wrong(c, "more than %u elements", f->array);

	array = json_array();
	json_array_foreach((json_t *)input, i, element) {
		size_t len = sg_enter_element(c, i);
		json_t *value = sg_value(c, f, element);

		sg_leave(c, len);
		if (!value) {
			json_decref(array);
			return NULL;
		}
		json_array_append_new(array, value);
	}
	return array;
}

/* --- Objects --- */

static const struct sg_field *sg_field_named(const struct sg_field *fields,
					     const char *name)
{
	for (; fields->name; fields++)
		if (!strcmp(fields->name, name) ||
		    (fields->alias && !strcmp(fields->alias, name)))
			return fields;
	return NULL;
}

/* The member, under the name that the client has used. Null is not given. */
static json_t *sg_given(const struct sg_field *f, const json_t *input,
			const char **name)
{
	json_t *value = json_object_get(input, f->name);

	*name = f->name;
	if ((!value || json_is_null(value)) && f->alias) {
		value = json_object_get(input, f->alias);
		*name = f->alias;
	}
	/* No path is no reference. */
	if (f->kind == SG_REF && json_is_string(value) &&
	    !json_string_length(value))
		return NULL;
	return json_is_null(value) ? NULL : value;
}

static bool sg_member(struct sg_check *c, const struct sg_field *f,
		      const json_t *input, json_t *object)
{
	json_t *value, *fallback = NULL;
	const char *name;
	size_t len;

	if (f->flags & SG_READ_ONLY)
		return true;

	value = sg_given(f, input, &name);
	if (!value && f->def) {
		fallback = json_loads(f->def, JSON_DECODE_ANY, NULL);
		value = fallback;
	}
	len = sg_enter(c, value ? name : f->name);
	if (!value) {
		if (f->flags & SG_REQUIRED)
			sg_wrong(c, "the member is required");
	} else {
		value = f->array ? sg_array(c, f, value) :
			sg_value(c, f, value);
		if (value)
			json_object_set_new(object, fallback ? f->name : name,
					    value);
	}
	sg_leave(c, len);
	json_decref(fallback);
	return !c->e->code;
}

static bool sg_known(struct sg_check *c, const struct sg_field *fields,
		     const struct sg_field *more, const json_t *input)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)input, name, value) {
		if (sg_field_named(fields, name) ||
		    (more && sg_field_named(more, name)))
			continue;
		sg_enter(c, name);
		sg_wrong(c, "there is no such member");
		return false;
	}
	return true;
}

static json_t *sg_members(struct sg_check *c, const struct sg_field *fields,
			  const json_t *input)
{
	json_t *object = json_object();

	if (!sg_known(c, fields, NULL, input))
		goto refuse;
	for (; fields->name; fields++)
		if (!sg_member(c, fields, input, object))
			goto refuse;
	return object;

refuse:
	json_decref(object);
	return NULL;
}

/**
 * sg_validate_answer - check what another daemon has answered
 * @fields: what the answer is made of
 * @input: the answer, an object
 * @e: takes what is wrong with it
 *
 * Return: a new reference or NULL
 */
json_t *sg_validate_answer(const struct sg_field *fields, const json_t *input,
			   struct sg_error *e)
{
	struct sg_check c = { .e = e };

	return sg_members(&c, fields, input);
}

/**
 * sg_validate - check what a client has sent
 * @type: what it is meant to be
 * @input: what was sent
 * @e: takes the reason of a refusal, which names the member
 *
 * Return: a new reference to the object as it is kept: its own members, then
 *	those of the envelope that a client may set, without the revision; or
 *	NULL
 */
json_t *sg_validate(const struct sg_type *type, const json_t *input,
		    struct sg_error *e)
{
	struct sg_check c = { .e = e };
	json_t *object = json_object();
	const struct sg_field *f;

	if (!sg_known(&c, type->fields, sg_envelope, input))
		goto refuse;
	for (f = type->fields; f->name; f++)
		if (!sg_member(&c, f, input, object))
			goto refuse;
	for (f = sg_envelope; f->name; f++)
		if (!sg_member(&c, f, input, object))
			goto refuse;
	json_object_del(object, "_revision");
	return object;

refuse:
	json_decref(object);
	return NULL;
}

/**
 * sg_merge - what an object becomes when some of its members are sent
 * @before: the object
 * @input: the members; objects are merged, arrays replaced, null removes
 *
 * Return: a new reference
 */
json_t *sg_merge(const json_t *before, const json_t *input)
{
	json_t *object = json_copy((json_t *)before);
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)input, name, value) {
		json_t *old = json_object_get(object, name);

		if (json_is_null(value))
			json_object_del(object, name);
		else if (json_is_object(value) && json_is_object(old))
			json_object_set_new(object, name, sg_merge(old, value));
		else
			json_object_set(object, name, value);
	}
	return object;
}
