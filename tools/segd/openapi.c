// SPDX-License-Identifier: GPL-2.0-only
/*
 * The OpenAPI 2.0 document, made from the table of types, the table of views
 * and the answers' fields: what is validated and what is documented cannot
 * differ.
 */
#include <ctype.h>
#include <string.h>

#include "answers.h"
#include "json.h"
#include "openapi.h"
#include "router.h"
#include "util.h"
#include "view.h"

static json_t *sg_schema_object(const struct sg_field *fields,
				const struct sg_field *more);

/* --- Schemas --- */

static json_t *sg_schema_ref(const char *name)
{
	return json_pack("{s:o}", "$ref",
			 json_sprintf("#/definitions/%s", name));
}

static json_t *sg_schema_enum(const struct sg_field *f)
{
	json_t *values = json_array();

	for (int i = 0; f->values[i]; i++)
		json_array_append_new(values, json_string(f->values[i]));
	return json_pack("{s:s, s:o}", "type", "string", "enum", values);
}

static json_t *sg_schema_integer(const struct sg_field *f)
{
	json_t *schema = json_pack("{s:s, s:s}", "type", "integer", "format",
				   "int64");

	if (f->max) {
		json_object_set_new(schema, "minimum", json_integer(f->min));
		json_object_set_new(schema, "maximum", json_integer(f->max));
	}
	return schema;
}

static json_t *sg_schema_value(const struct sg_field *f)
{
	json_t *schema;

	switch (f->kind) {
	case SG_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case SG_INT:
		return sg_schema_integer(f);
	case SG_ENUM:
		return sg_schema_enum(f);
	case SG_OBJECT:
		return sg_schema_object(f->fields, NULL);
	case SG_ANY:
		return json_pack("{s:s}", "type", "object");
	default:
		schema = json_pack("{s:s}", "type", "string");
		if (f->kind == SG_STRING && f->max)
			json_object_set_new(schema, "maxLength",
					    json_integer(f->max));
		return schema;
	}
}

static json_t *sg_schema_field(const struct sg_field *f)
{
	json_t *schema = sg_schema_value(f);

	if (f->array)
		schema = json_pack("{s:s, s:o, s:i}", "type", "array", "items",
				   schema, "maxItems", f->array);
	if (f->flags & SG_READ_ONLY)
		json_object_set_new(schema, "readOnly", json_true());
	if (f->def)
		json_object_set_new(schema, "default",
				    json_loads(f->def, JSON_DECODE_ANY, NULL));
	if (f->kind == SG_REF)
		json_object_set_new(schema, "description",
				    json_sprintf("path of a %s", f->target));
	return schema;
}

static void sg_schema_fields(json_t *properties, json_t *required,
			     const struct sg_field *fields)
{
	for (; fields && fields->name; fields++) {
		json_object_set_new(properties, fields->name,
				    sg_schema_field(fields));
		if (fields->alias)
			json_object_set_new(properties, fields->alias,
					    sg_schema_field(fields));
		if (fields->flags & SG_REQUIRED)
			json_array_append_new(required,
					      json_string(fields->name));
	}
}

static json_t *sg_schema_object(const struct sg_field *fields,
				const struct sg_field *more)
{
	json_t *properties = json_object(), *required = json_array();
	json_t *schema;

	sg_schema_fields(properties, required, fields);
	sg_schema_fields(properties, required, more);
	schema = json_pack("{s:s, s:b}", "type", "object",
			   "additionalProperties", 0);
	if (json_object_size(properties))
		json_object_set(schema, "properties", properties);
	if (json_array_size(required))
		json_object_set(schema, "required", required);
	json_decref(properties);
	json_decref(required);
	return schema;
}

static json_t *sg_schema_list(const struct sg_type *type)
{
	json_t *schema = sg_schema_object(sg_list_fields, NULL);

	json_object_set_new(json_object_get(schema, "properties"), "results",
			    json_pack("{s:s, s:o}", "type", "array", "items",
				      sg_schema_ref(type->name)));
	json_array_append_new(json_object_get(schema, "required"),
			      json_string("results"));
	return schema;
}

static json_t *sg_definitions(void)
{
	json_t *all = json_object();
	char name[128];

	for (size_t i = 0; i < sg_type_count; i++) {
		const struct sg_type *type = &sg_types[i];

		json_object_set_new(all, type->name,
				    sg_schema_object(type->fields,
						     sg_envelope));
		sg_format(name, sizeof(name), "%sListResult", type->name);
		json_object_set_new(all, name, sg_schema_list(type));
	}
	for (size_t i = 0; i < sg_answer_count; i++)
		json_object_set_new(all, sg_answers[i].name,
				    sg_schema_object(sg_answers[i].fields,
						     NULL));
	return all;
}

/* --- Paths --- */

struct sg_paths {
	json_t	*all;
	char	path[512];
	char	id[256];
};

/* "/infra/segments/{segment-id}" gives its parameter. */
static json_t *sg_path_parameters(const char *path)
{
	json_t *parameters = json_array();

	for (const char *s = strchr(path, '{'); s; s = strchr(s + 1, '{')) {
		json_t *name = json_stringn(s + 1, strcspn(s + 1, "}"));

		json_array_append_new(parameters,
				      json_pack("{s:o, s:s, s:s, s:b}", "name",
						name, "in", "path", "type",
						"string", "required", 1));
	}
	return parameters;
}

static void sg_parameter(json_t *parameters, const char *name,
			 const char *type)
{
	json_array_append_new(parameters,
			      json_pack("{s:s, s:s, s:s}", "name", name, "in",
					"query", "type", type));
}

static json_t *sg_operation(const char *id, const char *answer)
{
	static const char *const errors[] = {
		"400", "403", "404", "412", "500", "503"
	};
	json_t *ok = json_pack("{s:s}", "description", "OK");
	json_t *responses = json_object(), *error;

	if (answer)
		json_object_set_new(ok, "schema", sg_schema_ref(answer));
	json_object_set_new(responses, "200", ok);
	for (size_t i = 0; i < SG_ARRAY_SIZE(errors); i++) {
		error = json_pack("{s:s, s:o}", "description", "refused",
				  "schema", sg_schema_ref("ApiError"));
		json_object_set_new(responses, errors[i], error);
	}
	return json_pack("{s:s, s:o}", "operationId", id, "responses",
			 responses);
}

static void sg_operation_body(json_t *operation, const char *type)
{
	json_t *body = json_pack("[{s:s, s:s, s:b, s:o}]", "name", "body",
				 "in", "body", "required", 1, "schema",
				 sg_schema_ref(type));

	json_object_set_new(operation, "parameters", body);
}

static json_t *sg_path_item(struct sg_paths *p, const char *path)
{
	json_t *item = json_object_get(p->all, path);

	if (!item) {
		item = json_pack("{s:o}", "parameters",
				 sg_path_parameters(path));
		json_object_set_new(p->all, path, item);
	}
	return item;
}

static void sg_path_list(struct sg_paths *p, const struct sg_type *type)
{
	char id[320], answer[128];
	json_t *get, *query = json_array();

	sg_format(id, sizeof(id), "List%s%s", p->id, type->name);
	sg_format(answer, sizeof(answer), "%sListResult", type->name);
	get = sg_operation(id, answer);
	sg_parameter(query, "cursor", "string");
	sg_parameter(query, "include_mark_for_delete_objects", "boolean");
	sg_parameter(query, "included_fields", "string");
	sg_parameter(query, "page_size", "integer");
	sg_parameter(query, "sort_ascending", "boolean");
	sg_parameter(query, "sort_by", "string");
	json_object_set_new(get, "parameters", query);
	json_object_set_new(sg_path_item(p, p->path), "get", get);
}

static void sg_path_object(struct sg_paths *p, const struct sg_type *type)
{
	json_t *item = sg_path_item(p, p->path), *operation;
	char id[320];

	sg_format(id, sizeof(id), "Read%s%s", p->id, type->name);
	json_object_set_new(item, "get", sg_operation(id, type->name));
	if (type->flags & SG_FIXED && strcmp(type->name, "Infra"))
		return;

	sg_format(id, sizeof(id), "Patch%s%s", p->id, type->name);
	operation = sg_operation(id, NULL);
	sg_operation_body(operation, type->name);
	json_object_set_new(item, "patch", operation);
	if (type->flags & SG_FIXED)
		return;

	sg_format(id, sizeof(id), "CreateOrUpdate%s%s", p->id, type->name);
	operation = sg_operation(id, type->name);
	sg_operation_body(operation, type->name);
	json_object_set_new(item, "put", operation);
	sg_format(id, sizeof(id), "Delete%s%s", p->id, type->name);
	json_object_set_new(item, "delete", sg_operation(id, NULL));
}

static void sg_path_views(struct sg_paths *p, const struct sg_type *type,
			  bool collection)
{
	char path[640], id[400], method[8];

	for (size_t i = 0; i < sg_view_count; i++) {
		const struct sg_view *v = &sg_views[i];

		if (strcmp(v->type, type->name) || v->collection != collection)
			continue;
		sg_format(path, sizeof(path), "%s%s%s", p->path,
			  *v->name ? "/" : "", v->name);
		sg_format(id, sizeof(id), "%s%s%s%s_%s", v->method, p->id,
			  type->name, collection ? "s" : "", v->name);
		for (char *s = id; *s; s++)
			if (*s == '/' || *s == '-')
				*s = '_';
		sg_format(method, sizeof(method), "%s", v->method);
		for (char *s = method; *s; s++)
			*s = tolower((unsigned char)*s);
		json_object_set_new(sg_path_item(p, path), method,
				    sg_operation(id, v->schema));
	}
}

/* Everything that can live in an object, and in that, and so on. */
static void sg_paths_below(struct sg_paths *p, const struct sg_type *owner)
{
	size_t path = strlen(p->path), id = strlen(p->id);

	for (size_t i = 0; i < sg_type_count; i++) {
		const struct sg_type *type = &sg_types[i];
		bool single = type->flags & SG_SINGLETON;

		if (!sg_type_owns(owner, type))
			continue;
		sg_format(p->path + path, sizeof(p->path) - path, "/%s",
			  type->collection);
		if (!single) {
			size_t len = strlen(p->path);

			sg_path_list(p, type);
			sg_path_views(p, type, true);
			sg_format(p->path + len, sizeof(p->path) - len,
				  "/{%s-id}", type->name);
		}
		sg_path_object(p, type);
		sg_path_views(p, type, false);
		sg_format(p->id + id, sizeof(p->id) - id, "%s", type->name);
		sg_paths_below(p, type);
		p->path[path] = '\0';
		p->id[id] = '\0';
	}
}

/**
 * sg_openapi - the document
 *
 * Return: a new reference
 */
json_t *sg_openapi(void)
{
	struct sg_paths p = { .all = json_object() };

	sg_paths_below(&p, NULL);
	return json_pack("{s:s, s:{s:s, s:s, s:s}, s:s, s:[s], s:[s], s:[s],"
			 " s:{s:{s:s}}, s:[{s:[]}], s:o, s:o}",
			 "swagger", "2.0",
			 "info", "title", "segd policy API", "version", "4.2.0",
			 "description", "Segments, ports and binding maps",
			 "basePath", SG_POLICY_PREFIX,
			 "schemes", "https",
			 "consumes", "application/json",
			 "produces", "application/json",
			 "securityDefinitions", "BasicAuth", "type", "basic",
			 "security", "BasicAuth",
			 "paths", p.all,
			 "definitions", sg_definitions());
}
