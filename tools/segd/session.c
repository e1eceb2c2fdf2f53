// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: a cookie, and a token that has to come with it, so that a page of
 * somebody else's cannot use the cookie. They live in memory: a restart ends
 * them all, and clients log in again.
 *
 * Locking: one lock over the table.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

/* Beyond that, the one that has been idle longest gives way. */
#define SG_SESSIONS	1024

/**
 * struct sg_session - a session
 * @id: the cookie, empty if the place is free
 * @token: what comes with it
 * @user: who it is
 * @used: when it was used last, sg_uptime_ms()
 */
struct sg_session {
	char		id[SG_UUID_SIZE];
	char		token[SG_UUID_SIZE];
	struct sg_user	user;
	int64_t		used;
};

/**
 * struct sg_sessions - all of them
 * @lock: covers @session
 * @timeout: milliseconds without use that end one
 * @session: the table
 */
struct sg_sessions {
	pthread_mutex_t		lock;
	int64_t			timeout;
	struct sg_session	session[SG_SESSIONS];
};

/**
 * sg_sessions_new - a table without sessions
 * @timeout_s: seconds without use that end one
 *
 * Return: the table
 */
struct sg_sessions *sg_sessions_new(unsigned int timeout_s)
{
	struct sg_sessions *s = sg_alloc(sizeof(*s));

	s->timeout = timeout_s * 1000LL;
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

void sg_sessions_free(struct sg_sessions *s)
{
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/**
 * sg_session_begin - begin a session
 * @s: the table
 * @user: who it is
 * @id: takes the cookie
 * @token: takes what has to come with it
 */
void sg_session_begin(struct sg_sessions *s, const struct sg_user *user,
		      char id[SG_UUID_SIZE], char token[SG_UUID_SIZE])
{
	struct sg_session *place = &s->session[0];

	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < SG_SESSIONS && *place->id; i++)
		if (!*s->session[i].id || s->session[i].used < place->used)
			place = &s->session[i];
	sg_uuid(place->id);
	sg_uuid(place->token);
	place->user = *user;
	place->used = sg_uptime_ms();
	memcpy(id, place->id, SG_UUID_SIZE);
	memcpy(token, place->token, SG_UUID_SIZE);
	pthread_mutex_unlock(&s->lock);
}

/* Context: lock */
static struct sg_session *sg_session_at(struct sg_sessions *s, const char *id)
{
	struct sg_session *found = NULL;
	int64_t now = sg_uptime_ms();

	for (size_t i = 0; i < SG_SESSIONS; i++) {
		struct sg_session *session = &s->session[i];

		if (!*session->id)
			continue;
		if (now - session->used > s->timeout)
			memset(session, 0, sizeof(*session));
		else if (sg_same_secret(session->id, id))
			found = session;
	}
	return found;
}

/**
 * sg_session_find - who comes with this cookie?
 * @s: the table
 * @id: the cookie
 * @token: what came with it, or NULL
 * @user: takes who it is
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_session_find(struct sg_sessions *s, const char *id, const char *token,
		    struct sg_user *user, struct sg_error *e)
{
	struct sg_session *session;
	bool same = false;

	pthread_mutex_lock(&s->lock);
	session = *id ? sg_session_at(s, id) : NULL;
	if (session)
		same = token && sg_same_secret(session->token, token);
	if (same) {
		session->used = sg_uptime_ms();
		*user = session->user;
	}
	pthread_mutex_unlock(&s->lock);
	if (!session)
		return sg_fail(e, SG_E_CREDENTIALS,
			       "The credentials were incorrect or the account specified has been locked.");
	return same ? 0 : sg_fail(e, SG_E_XSRF,
				  "The X-XSRF-TOKEN header is missing or is not that of the session.");
}

/**
 * sg_session_end - end a session
 * @s: the table
 * @id: the cookie
 */
void sg_session_end(struct sg_sessions *s, const char *id)
{
	struct sg_session *session;

	pthread_mutex_lock(&s->lock);
	session = sg_session_at(s, id);
	if (session)
		memset(session, 0, sizeof(*session));
	pthread_mutex_unlock(&s->lock);
}

/**
 * sg_sessions_clear - end all sessions
 * @s: the table
 */
void sg_sessions_clear(struct sg_sessions *s)
{
	pthread_mutex_lock(&s->lock);
	memset(s->session, 0, sizeof(s->session));
	pthread_mutex_unlock(&s->lock);
}
