// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wire: HTTP over TLS, by libmicrohttpd. Who somebody is, is found out
 * from the headers, before the body is read; what is too large is not read.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "guard.h"
#include "http.h"
#include "json.h"
#include "log.h"
#include "metrics.h"
#include "session.h"
#include "tls.h"

#define SG_CONNECTIONS		1000
#define SG_PER_ADDRESS		200
#define SG_CONNECTION_MEMORY	(64 * 1024)
#define SG_LOGIN_LIMIT		4096
#define SG_LINGER_MS		500
#define SG_STOP_MS		5000
#define SG_PRIORITIES		"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

#define SG_LOGIN		"/api/session/create"

/**
 * struct sg_http - the server
 * @mhd: the library's part
 * @api: answers
 * @auth: knows who is who
 * @body_limit: bytes
 * @guard: connections
 */
struct sg_http {
	struct MHD_Daemon	*mhd;
	struct sg_api		*api;
	struct sg_auth		*auth;
	size_t			body_limit;
	struct sg_guard		guard;
};

/**
 * struct sg_call - a request that is coming in
 * @rq: the request
 * @url: its path; @rq.path points to it
 * @body: what has come of the body
 * @begun: its headers were looked at
 * @limit: bytes that the body may have
 * @began: when, sg_uptime_ms()
 * @e: why it is refused, if it is
 */
struct sg_call {
	struct sg_request	rq;
	char			*url;
	struct sg_text		body;
	bool			begun;
	size_t			limit;
	int64_t			began;
	struct sg_error		e;
};

/* --- Coming in --- */

/* The first that is known of a request: what it asks for, still encoded. */
static void *sg_http_uri(void *arg, const char *uri,
			 struct MHD_Connection *connection)
{
	struct sg_call *call = sg_alloc(sizeof(*call));
	char *query;

	(void)arg;
	(void)connection;
	call->began = sg_uptime_ms();
	call->url = sg_strdup(uri);
	query = strchr(call->url, '?');
	if (query) {
		*query = '\0';
		sg_params_parse(&call->rq, query + 1);
	}
	call->rq.path = call->url;
	sg_uuid(call->rq.id);
	return call;
}

/* Nothing is decoded behind our back. */
static size_t sg_http_unescape(void *arg, struct MHD_Connection *connection,
			       char *text)
{
	(void)arg;
	(void)connection;
	return strlen(text);
}

static const char *sg_header(struct MHD_Connection *connection,
			     const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static int sg_http_certificate(struct sg_http *h,
			       struct MHD_Connection *connection,
			       struct sg_call *call)
{
	const union MHD_ConnectionInfo *info;
	char name[256];

	info = MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_GNUTLS_SESSION);
	if (!info || !sg_tls_peer(info->tls_session, name, sizeof(name)))
		return sg_fail(&call->e, SG_E_CREDENTIALS,
			       "The credentials were incorrect or the account specified has been locked.");
	return sg_auth_certificate(h->auth, name, &call->rq.user, &call->e);
}

/* A password, a session or a certificate, in this order. */
static int sg_http_authenticate(struct sg_http *h,
				struct MHD_Connection *connection,
				struct sg_call *call)
{
	const char *basic = sg_header(connection, "Authorization");
	const char *cookie;

	if (basic)
		return sg_auth_basic(h->auth, basic, &call->rq.user, &call->e);
	cookie = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND,
					     "JSESSIONID");
	if (!cookie)
		return sg_http_certificate(h, connection, call);
	sg_format(call->rq.session, sizeof(call->rq.session), "%s", cookie);
	return sg_session_find(h->api->sessions, cookie,
			       sg_header(connection, "X-XSRF-TOKEN"),
			       &call->rq.user, &call->e);
}

static bool sg_is_login(const struct sg_call *call)
{
	return !strcmp(call->rq.path, SG_LOGIN);
}

static bool sg_is_open(const struct sg_call *call)
{
	return sg_is_login(call) || !strcmp(call->rq.path, "/healthz");
}

/* Look at the headers. Return: -1 if the body need not be read */
static int sg_http_begin(struct sg_http *h, struct MHD_Connection *connection,
			 struct sg_call *call, const char *method)
{
	const char *length = sg_header(connection, "Content-Length");

	call->begun = true;
	call->rq.method = strcmp(method, "HEAD") ? method : "GET";
	call->limit = sg_is_open(call) ? SG_LOGIN_LIMIT : h->body_limit;
	if (!sg_is_open(call) && sg_http_authenticate(h, connection, call))
		return -1;
	if (length && strtoull(length, NULL, 10) > call->limit)
		return sg_fail(&call->e, SG_E_TOO_LARGE,
			       "the body has more than %zu bytes",
			       call->limit);
	return 0;
}

/* What is too much is thrown away: the client gets its answer at the end. */
static void sg_http_take(struct sg_call *call, const char *data, size_t size)
{
	if (call->e.code)
		return;
	if (call->body.len + size <= call->limit) {
		sg_text_add(&call->body, data, size);
		return;
	}
	sg_text_free(&call->body);
	sg_fail(&call->e, SG_E_TOO_LARGE, "the body has more than %zu bytes",
		call->limit);
}

/* --- Going out --- */

static void sg_http_login(struct sg_http *h, struct sg_call *call,
			  struct sg_response *rs)
{
	const char *name, *password;
	struct sg_user user;

	if (strcmp(call->rq.method, "POST")) {
		sg_fail(&call->e, SG_E_METHOD, "%s is not possible on %s",
			call->rq.method, call->rq.path);
		return;
	}
	sg_params_free(&call->rq);
	sg_params_parse(&call->rq, call->body.data);
	name = sg_param(&call->rq, "j_username");
	password = sg_param(&call->rq, "j_password");
	if (sg_auth_password(h->auth, name ? name : "",
			     password ? password : "", &user, &call->e))
		return;
	sg_session_begin(h->api->sessions, &user, rs->session, rs->token);
	rs->status = 200;
}

static void sg_http_refuse(struct sg_call *call, struct sg_response *rs)
{
	sg_text_free(&rs->body);
	sg_respond(rs, sg_error_body(&call->e));
	rs->status = sg_error_status(&call->e);
}

static void sg_http_answer(struct sg_http *h, struct sg_call *call,
			   struct sg_response *rs)
{
	call->rq.body = call->body.data;
	call->rq.len = call->body.len;
	if (!call->e.code && sg_is_login(call))
		sg_http_login(h, call, rs);
	else if (!call->e.code)
		sg_api_handle(h->api, &call->rq, rs);
	if (call->e.code)
		sg_http_refuse(call, rs);
}

static void sg_http_headers(struct MHD_Response *response,
			    const struct sg_call *call,
			    const struct sg_response *rs)
{
	char cookie[128];

	if (rs->body.len)
		MHD_add_response_header(response, "Content-Type", rs->type);
	MHD_add_response_header(response, "X-Request-ID", call->rq.id);
	MHD_add_response_header(response, "Cache-Control", "no-store");
	if (!*rs->session)
		return;
	sg_format(cookie, sizeof(cookie),
		  "JSESSIONID=%s; Path=/; Secure; HttpOnly; SameSite=Lax",
		  rs->session);
	MHD_add_response_header(response, "Set-Cookie", cookie);
	MHD_add_response_header(response, "X-XSRF-TOKEN", rs->token);
}

static enum MHD_Result sg_http_send(struct sg_http *h,
				    struct MHD_Connection *connection,
				    struct sg_call *call)
{
	struct sg_response rs = { .status = 200 };
	struct MHD_Response *response;
	enum MHD_Result ret;

	sg_metrics_began();
	sg_http_answer(h, call, &rs);
	sg_metrics_ended();
	response = MHD_create_response_from_buffer(rs.body.len, rs.body.data,
						   MHD_RESPMEM_MUST_FREE);
	if (!response) {
		sg_text_free(&rs.body);
		return MHD_NO;
	}
	sg_http_headers(response, call, &rs);
	sg_metrics_request(call->rq.method, rs.status,
			   sg_uptime_ms() - call->began);
	sg_log(SG_LOG_DEBUG, "%s %s %d user=\"%s\" request=%s",
	       call->rq.method, call->rq.path, rs.status, call->rq.user.name,
	       call->rq.id);
	ret = MHD_queue_response(connection, rs.status, response);
	MHD_destroy_response(response);
	return ret;
}

static enum MHD_Result sg_http_handle(void *arg,
				      struct MHD_Connection *connection,
				      const char *url, const char *method,
				      const char *version, const char *data,
				      size_t *size, void **context)
{
	struct sg_call *call = *context;
	struct sg_http *h = arg;

	(void)url;
	(void)version;
	if (!call->begun)
		return sg_http_begin(h, connection, call, method) ?
		       sg_http_send(h, connection, call) : MHD_YES;
	if (*size) {
		sg_http_take(call, data, *size);
		*size = 0;
		return MHD_YES;
	}
	return sg_http_send(h, connection, call);
}

static void sg_http_done(void *arg, struct MHD_Connection *connection,
			 void **context, enum MHD_RequestTerminationCode why)
{
	struct sg_call *call = *context;
	struct sg_http *h = arg;

	(void)why;
	sg_guard_request_done(&h->guard, connection);
	if (!call)
		return;
	sg_params_free(&call->rq);
	sg_text_free(&call->body);
	free(call->url);
	free(call);
	*context = NULL;
}

/* --- Life --- */

static void sg_http_log(void *arg, const char *fmt, va_list ap)
{
	char text[512];

	(void)arg;
	vsnprintf(text, sizeof(text), fmt, ap);
	text[strcspn(text, "\n")] = '\0';
	sg_log(SG_LOG_DEBUG, "http: %s", text);
}

static int sg_http_socket(const struct sg_config *c, struct sg_error *e)
{
	const struct addrinfo hints = {
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *at = NULL;
	char port[8];
	int fd = -1, on = 1, err;

	sg_format(port, sizeof(port), "%u", c->port);
	err = getaddrinfo(c->listen, port, &hints, &at);
	if (err)
		return sg_fail(e, SG_E_SYNTAX, "listen: %s: %s", c->listen,
			       gai_strerror(err));
	fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, at->ai_addr, at->ai_addrlen) ||
	    listen(fd, SOMAXCONN)) {
		sg_fail(e, SG_E_SYNTAX, "listen: %s port %u: %m", c->listen,
			c->port);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(at);
	return fd;
}

static struct MHD_Daemon *sg_http_daemon(struct sg_http *h,
					 const struct sg_config *c, int fd,
					 const char *certificate,
					 const char *key, const char *trust)
{
	struct MHD_OptionItem trusted[] = {
		{ trust ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0,
		  (void *)trust },
		{ MHD_OPTION_END, 0, NULL },
	};

	return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS |
				MHD_USE_ERROR_LOG | MHD_USE_ITC, 0, NULL, NULL,
		sg_http_handle, h,
		MHD_OPTION_EXTERNAL_LOGGER, sg_http_log, NULL,
		MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_THREAD_POOL_SIZE, c->threads,
		MHD_OPTION_CONNECTION_LIMIT, SG_CONNECTIONS,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, SG_PER_ADDRESS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)SG_CONNECTION_MEMORY,
		MHD_OPTION_CONNECTION_TIMEOUT, c->request_timeout,
		MHD_OPTION_URI_LOG_CALLBACK, sg_http_uri, h,
		MHD_OPTION_UNESCAPE_CALLBACK, sg_http_unescape, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, sg_http_done, h,
		MHD_OPTION_NOTIFY_CONNECTION, sg_guard_connection, &h->guard,
		MHD_OPTION_HTTPS_MEM_CERT, certificate,
		MHD_OPTION_HTTPS_MEM_KEY, key,
		MHD_OPTION_HTTPS_PRIORITIES, SG_PRIORITIES,
		MHD_OPTION_ARRAY, trusted,
		MHD_OPTION_END);
}

/**
 * sg_http_start - begin to serve
 * @api: answers
 * @auth: knows who is who
 * @config: where, with which certificate
 * @fd: a socket that listens, which is taken; or -1
 * @e: takes the reason of a failure
 *
 * Return: the server or NULL
 */
struct sg_http *sg_http_start(struct sg_api *api, struct sg_auth *auth,
			      const struct sg_config *config, int fd,
			      struct sg_error *e)
{
	char *certificate = sg_file_read(config->certificate, e);
	char *key = sg_file_read(config->key, e), *trust = NULL;
	struct sg_http *h = sg_alloc(sizeof(*h));

	h->api = api;
	h->auth = auth;
	h->body_limit = config->body_limit;
	sg_guard_init(&h->guard, config->request_timeout);
	if (config->client_ca)
		trust = sg_file_read(config->client_ca, e);
	if (certificate && key && (trust || !config->client_ca) && fd < 0)
		fd = sg_http_socket(config, e);
	if (certificate && key && (trust || !config->client_ca) && fd >= 0)
		h->mhd = sg_http_daemon(h, config, fd, certificate, key, trust);
	if (!h->mhd && !e->code)
		sg_fail(e, SG_E_SYNTAX,
			"the server did not start: certificate %s, key %s",
			config->certificate, config->key);
	free(certificate);
	free(key);
	free(trust);
	if (h->mhd)
		return h;
	if (fd >= 0)
		close(fd);
	free(h);
	return NULL;
}

/**
 * sg_http_quiesce - take no more connections
 * @h: the server, which goes on with those that it has
 *
 * Return: the socket that listens, for another server or to be closed
 */
int sg_http_quiesce(struct sg_http *h)
{
	return MHD_quiesce_daemon(h->mhd);
}

static unsigned int sg_http_connections(struct sg_http *h)
{
	const union MHD_DaemonInfo *info;

	info = MHD_get_daemon_info(h->mhd,
				   MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
	return info ? info->num_connections : 0;
}

/**
 * sg_http_stop - finish what there is, and end
 * @h: the server, which takes no more connections
 *
 * Who has just come has a moment to say what he wants; what was asked for is
 * answered.
 */
void sg_http_stop(struct sg_http *h)
{
	int64_t now = sg_uptime_ms();

	while (sg_http_connections(h) && sg_uptime_ms() < now + SG_LINGER_MS)
		usleep(10000);
	while (sg_metrics_active() && sg_uptime_ms() < now + SG_STOP_MS)
		usleep(10000);
	MHD_stop_daemon(h->mhd);
	pthread_mutex_destroy(&h->guard.lock);
	free(h);
}

void sg_http_sweep(struct sg_http *h)
{
	sg_guard_sweep(&h->guard);
}

/* Return: the TCP port, also if the system has chosen it */
unsigned int sg_http_port(struct sg_http *h)
{
	const union MHD_DaemonInfo *info;
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	info = MHD_get_daemon_info(h->mhd, MHD_DAEMON_INFO_LISTEN_FD);
	if (!info || getsockname(info->listen_fd, (struct sockaddr *)&at, &len))
		return 0;
	return ntohs(at.ss_family == AF_INET6 ?
		     ((struct sockaddr_in6 *)&at)->sin6_port :
		     ((struct sockaddr_in *)&at)->sin_port);
}
