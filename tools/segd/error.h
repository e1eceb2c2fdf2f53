/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be wrong with a request, and how that is told.
 */
#ifndef _SEGD_ERROR_H
#define _SEGD_ERROR_H

#include <jansson.h>

enum sg_code {
	SG_OK,
	SG_E_SYNTAX,		/* the request cannot be read */
	SG_E_FIELD,		/* a member is wrong */
	SG_E_PATH,		/* a path leads nowhere */
	SG_E_EXISTS,		/* creation of what is there */
	SG_E_IN_USE,		/* others refer to it, or are in it */
	SG_E_ATTACHED,		/* machines are attached */
	SG_E_PENDING,		/* its deletion is not finished */
	SG_E_VLAN_TAKEN,	/* the tag is taken on the parent */
	SG_E_NOT_FOUND,
	SG_E_STALE,		/* of an older revision */
	SG_E_CREDENTIALS,
	SG_E_XSRF,
	SG_E_ROLE,		/* an auditor wants to change something */
	SG_E_METHOD,
	SG_E_TOO_LARGE,
	SG_E_MEDIA,
	SG_E_INTERNAL,
	SG_E_BACKEND,		/* the kernel does not answer */
	SG_CODES
};

/**
 * struct sg_error - why a request is refused
 * @code: the kind; SG_OK while nothing is wrong
 * @message: names what stands in the way
 */
struct sg_error {
	enum sg_code	code;
	char		message[1024];
};

int sg_fail(struct sg_error *e, enum sg_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int sg_error_status(const struct sg_error *e);
json_t *sg_error_body(const struct sg_error *e);

#endif /* _SEGD_ERROR_H */
