/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sessions: a cookie, and a token that has to come with it.
 */
#ifndef _SEGD_SESSION_H
#define _SEGD_SESSION_H

#include "api.h"

struct sg_sessions;

struct sg_sessions *sg_sessions_new(unsigned int timeout_s);
void sg_sessions_free(struct sg_sessions *s);
void sg_session_begin(struct sg_sessions *s, const struct sg_user *user,
		      char id[SG_UUID_SIZE], char token[SG_UUID_SIZE]);
int sg_session_find(struct sg_sessions *s, const char *id, const char *token,
		    struct sg_user *user, struct sg_error *e);
void sg_session_end(struct sg_sessions *s, const char *id);
void sg_sessions_clear(struct sg_sessions *s);

#endif /* _SEGD_SESSION_H */
