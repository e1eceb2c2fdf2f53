// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be wrong with a request, and how that is told: the numbers are those
 * that clients of the API look at.
 */
#include <stdarg.h>
#include <stdio.h>

#include "error.h"

#define SG_COMMON	"common-services"
#define SG_POLICY	"Policy"

static const struct {
	int		status;
	const char	*name;
	int		code;
	const char	*module;
} sg_errors[SG_CODES] = {
	[SG_OK] = { 200, "OK", 0, SG_COMMON },
	[SG_E_SYNTAX] = { 400, "BAD_REQUEST", 220, SG_COMMON },
	[SG_E_FIELD] = { 400, "BAD_REQUEST", 255, SG_COMMON },
	[SG_E_PATH] = { 400, "BAD_REQUEST", 500012, SG_POLICY },
	[SG_E_EXISTS] = { 400, "BAD_REQUEST", 500127, SG_POLICY },
	[SG_E_IN_USE] = { 400, "BAD_REQUEST", 500030, SG_POLICY },
	[SG_E_ATTACHED] = { 400, "BAD_REQUEST", 503040, SG_POLICY },
	[SG_E_PENDING] = { 400, "BAD_REQUEST", 500045, SG_POLICY },
	[SG_E_VLAN_TAKEN] = { 400, "BAD_REQUEST", 640873, SG_POLICY },
	[SG_E_NOT_FOUND] = { 404, "NOT_FOUND", 600, SG_COMMON },
	[SG_E_STALE] = { 412, "PRECONDITION_FAILED", 500071, SG_POLICY },
	[SG_E_CREDENTIALS] = { 403, "FORBIDDEN", 403, SG_COMMON },
	[SG_E_XSRF] = { 403, "FORBIDDEN", 98, SG_COMMON },
	[SG_E_ROLE] = { 403, "FORBIDDEN", 289, SG_COMMON },
	[SG_E_METHOD] = { 405, "METHOD_NOT_ALLOWED", 405, SG_COMMON },
	[SG_E_TOO_LARGE] = { 413, "PAYLOAD_TOO_LARGE", 413, SG_COMMON },
	[SG_E_MEDIA] = { 415, "UNSUPPORTED_MEDIA_TYPE", 415, SG_COMMON },
	[SG_E_INTERNAL] = { 500, "INTERNAL_SERVER_ERROR", 607, SG_POLICY },
	[SG_E_BACKEND] = { 503, "SERVICE_UNAVAILABLE", 98, SG_POLICY },
};

/**
 * sg_fail - note why a request is refused
 * @e: where to
 * @code: the kind
 * @fmt: the message, as for printf(); it names what stands in the way
 *
 * Return: -1, so that a caller can return it on
 */
int sg_fail(struct sg_error *e, enum sg_code code, const char *fmt, ...)
{
	va_list ap;

	e->code = code;
	va_start(ap, fmt);
	vsnprintf(e->message, sizeof(e->message), fmt, ap);
	va_end(ap);
	return -1;
}

int sg_error_status(const struct sg_error *e)
{
	return sg_errors[e->code].status;
}

/* A message that was cut in the middle of a character is no text: mend it. */
static json_t *sg_error_text(const char *message)
{
	json_t *text = json_string(message);

	return text ? text : json_string("the request is not valid UTF-8");
}

/**
 * sg_error_body - the body of a refusal
 * @e: what is wrong
 *
 * Return: a new reference
 */
json_t *sg_error_body(const struct sg_error *e)
{
	return json_pack("{s:s, s:i, s:s, s:o}",
			 "httpStatus", sg_errors[e->code].name,
			 "error_code", sg_errors[e->code].code,
			 "module_name", sg_errors[e->code].module,
			 "error_message", sg_error_text(e->message));
}
