// SPDX-License-Identifier: GPL-2.0-only
/*
 * What handlers need of a request, and to answer it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "json.h"

/**
 * sg_param - a parameter of the query
 * @rq: the request
 * @name: of the parameter
 *
 * Return: its value or NULL
 */
const char *sg_param(const struct sg_request *rq, const char *name)
{
	for (unsigned int i = 0; i < rq->params; i++)
		if (!strcmp(rq->param[i].name, name))
			return rq->param[i].value;
	return NULL;
}

bool sg_param_true(const struct sg_request *rq, const char *name)
{
	const char *value = sg_param(rq, name);

	return value && !strcasecmp(value, "true");
}

/**
 * sg_param_number - a parameter of the query that is a number
 * @rq: the request
 * @name: of the parameter
 * @max: greatest value
 * @value: takes it; stays as it is if the parameter is not given
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_param_number(const struct sg_request *rq, const char *name,
		    long long max, long long *value, struct sg_error *e)
{
	const char *text = sg_param(rq, name);
	char *end;
	long long n;

	if (!text || !*text)
		return 0;
	errno = 0;
	n = strtoll(text, &end, 10);
	if (*end || errno || n < 0)
		return sg_fail(e, SG_E_FIELD, "%s: \"%.64s\" is no number",
			       name, text);
	if (n > max)
		return sg_fail(e, SG_E_FIELD, "%s is too large: %lld, at most %lld",
			       name, n, max);
	*value = n;
	return 0;
}

static char *sg_param_decode(const char *text, size_t len)
{
	char *plain = sg_alloc(len + 1), *copy = sg_alloc(len + 1);

	memcpy(copy, text, len);
	for (size_t i = 0; i < len; i++)
		if (copy[i] == '+')
			copy[i] = ' ';
	if (!sg_decode(plain, len + 1, copy, len))
		plain[0] = '\0';
	free(copy);
	return plain;
}

/**
 * sg_params_parse - read a query, or a form
 * @rq: takes the parameters; those beyond its room are left out
 * @query: what stands behind the '?', or NULL
 */
void sg_params_parse(struct sg_request *rq, const char *query)
{
	while (query && *query && rq->params < SG_PARAMS) {
		size_t len = strcspn(query, "&");
		const char *equal = memchr(query, '=', len);
		size_t name = equal ? (size_t)(equal - query) : len;
		struct sg_param *p = &rq->param[rq->params++];

		p->name = sg_param_decode(query, name);
		p->value = equal ? sg_param_decode(equal + 1, len - name - 1) :
			   sg_strdup("");
		query += len + (query[len] == '&');
	}
}

void sg_params_free(struct sg_request *rq)
{
	for (unsigned int i = 0; i < rq->params; i++) {
		free(rq->param[i].name);
		free(rq->param[i].value);
	}
	rq->params = 0;
}

/**
 * sg_request_json - the object that a request carries
 * @rq: the request
 * @e: takes the reason of a refusal
 *
 * Return: a new reference or NULL
 */
json_t *sg_request_json(const struct sg_request *rq, struct sg_error *e)
{
	return sg_json_read(rq->body, rq->len, e);
}

/**
 * sg_respond - answer with JSON
 * @rs: the answer
 * @body: the JSON, whose reference is taken
 *
 * Return: 0
 */
int sg_respond(struct sg_response *rs, json_t *body)
{
	rs->status = 200;
	rs->type = "application/json";
	sg_json_write(&rs->body, body);
	sg_text_puts(&rs->body, "\n");
	json_decref(body);
	return 0;
}

/**
 * sg_not_found - refuse what is not there
 * @e: takes the refusal
 * @path: what was asked for
 *
 * Return: -1
 */
int sg_not_found(struct sg_error *e, const char *path)
{
	return sg_fail(e, SG_E_NOT_FOUND,
		       "The requested object : %.512s could not be found. Object identifiers are case sensitive.",
		       path);
}
