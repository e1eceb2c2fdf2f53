// SPDX-License-Identifier: GPL-2.0-only
/*
 * The daemons of other hosts: who they are, and asking them. Each is known by
 * the fingerprint of its certificate, and knows this one by a password.
 *
 * An answer is waited for as long as it takes to say that there is none.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "auth.h"
#include "base64.h"
#include "host_zone.h"
#include "json.h"
#include "peer.h"
#include "text.h"
#include "tls.h"
#include "util.h"

#define SG_ANSWER_MS	2000
#define SG_ANSWER_MAX	(4 * 1024 * 1024)

/* --- Who they are --- */

/* ADDRESS:PORT or [ADDRESS]:PORT. Return: whether it is */
static bool sg_peer_address(struct sg_peer *p, char *word)
{
	char *colon = strrchr(word, ':');
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	struct addrinfo *found;

	if (!colon || colon == word)
		return false;
	*colon = '\0';
	if (*word == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		word++;
	}
	if (getaddrinfo(word, colon + 1, &hints, &found))
		return false;
	freeaddrinfo(found);
	p->host = sg_strdup(word);
	p->port = sg_strdup(colon + 1);
	return true;
}

/* As openssl(1) writes it. */
static bool sg_is_fingerprint(const char *word)
{
	const size_t len = strlen(word);

	if (len != SG_FINGERPRINT_SIZE - 1)
		return false;
	for (size_t i = 0; i < len; i++)
		if (i % 3 == 2 ? word[i] != ':' :
		    !strchr("0123456789ABCDEF", word[i]))
			return false;
	return true;
}

/* ENDPOINT ADDRESS:PORT FINGERPRINT FILE. Return: what is wrong, or NULL */
const char *sg_peer_read(struct sg_peers *peers, char *words[], int count)
{
	struct sg_peer *p;

	if (count != 4)
		return "is not ENDPOINT ADDRESS:PORT FINGERPRINT FILE";
	peers->peer = sg_realloc(peers->peer,
				 (peers->count + 1) * sizeof(*peers->peer));
	p = &peers->peer[peers->count];
	*p = (struct sg_peer){ .endpoint = sg_host_address(words[0]) };
	if (p->endpoint && sg_peer_at(peers, p->endpoint)) {
		sg_peer_free(p);
		return "has an endpoint that is there already";
	}
	peers->count++;
	if (!p->endpoint)
		return "has an endpoint that is no address";
	if (!sg_peer_address(p, words[1]))
		return "has no ADDRESS:PORT, both as numbers";
	if (!sg_is_fingerprint(words[2]))
		return "has a fingerprint that is none: 32 numbers, as segd writes them when it starts";
	p->fingerprint = sg_strdup(words[2]);
	p->secret = sg_strdup(words[3]);
	return NULL;
}

/**
 * sg_peer_at - the peer with a tunnel address
 * @peers: all of them
 * @endpoint: the address, as the kernel writes it
 *
 * Return: the peer or NULL
 */
const struct sg_peer *sg_peer_at(const struct sg_peers *peers,
				 const char *endpoint)
{
	for (size_t i = 0; i < peers->count; i++)
		if (!strcmp(peers->peer[i].endpoint, endpoint))
			return &peers->peer[i];
	return NULL;
}

/* Make one that lives as long as is liked. */
void sg_peer_copy(struct sg_peer *to, const struct sg_peer *from)
{
	to->endpoint = sg_strdup(from->endpoint);
	to->host = sg_strdup(from->host);
	to->port = sg_strdup(from->port);
	to->fingerprint = sg_strdup(from->fingerprint);
	to->secret = sg_strdup(from->secret);
}

void sg_peer_free(struct sg_peer *peer)
{
	free(peer->endpoint);
	free(peer->host);
	free(peer->port);
	free(peer->fingerprint);
	free(peer->secret);
}

void sg_peers_free(struct sg_peers *peers)
{
	for (size_t i = 0; i < peers->count; i++)
		sg_peer_free(&peers->peer[i]);
	free(peers->peer);
	*peers = (struct sg_peers){};
}

/* --- Asking --- */

/**
 * struct sg_talk - a question
 * @peer: who is asked
 * @fd: the connection
 * @cancel: can be read when nobody wants the answer any more
 * @until: how long an answer is waited for, sg_uptime_ms()
 * @tls: what is spoken
 * @credentials: of this side: none
 */
struct sg_talk {
	const struct sg_peer			*peer;
	int					fd;
	int					cancel;
	int64_t					until;
	gnutls_session_t			tls;
	gnutls_certificate_credentials_t	credentials;
};

/* Return: 0 when the connection is ready, or -1 */
static int sg_talk_wait(struct sg_talk *t, short events, struct sg_error *e)
{
	struct pollfd fds[] = {
		{ .fd = t->fd, .events = events },
		{ .fd = t->cancel, .events = POLLIN },
	};
	int64_t left = t->until - sg_uptime_ms();

	if (left <= 0 || poll(fds, SG_ARRAY_SIZE(fds), left) <= 0)
		return sg_fail(e, SG_E_BACKEND, "it does not answer");
	if (fds[1].revents)
		return sg_fail(e, SG_E_BACKEND, "nobody wants to know");
	return 0;
}

static int sg_talk_connect(struct sg_talk *t, struct sg_error *e)
{
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *to;
	socklen_t len = sizeof(int);
	int err = 0;

	if (getaddrinfo(t->peer->host, t->peer->port, &hints, &to))
		return sg_fail(e, SG_E_BACKEND, "no such address");
	t->fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK |
		       SOCK_CLOEXEC, 0);
	if (t->fd < 0 || (connect(t->fd, to->ai_addr, to->ai_addrlen) &&
			  errno != EINPROGRESS))
		err = errno;
	freeaddrinfo(to);
	if (!err && sg_talk_wait(t, POLLOUT, e))
		return -1;
	if (!err)
		getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &err, &len);
	return err ? sg_fail(e, SG_E_BACKEND, "%s", strerror(err)) : 0;
}

/* Wait until the library can go on. Return: 0, or -1 if it cannot */
static int sg_talk_again(struct sg_talk *t, long ret, struct sg_error *e)
{
	if (ret == GNUTLS_E_AGAIN || ret == GNUTLS_E_INTERRUPTED)
		return sg_talk_wait(t, gnutls_record_get_direction(t->tls) ?
				    POLLOUT : POLLIN, e);
	return gnutls_error_is_fatal(ret) ?
	       sg_fail(e, SG_E_BACKEND, "TLS: %s", gnutls_strerror(ret)) : 0;
}

static int sg_talk_handshake(struct sg_talk *t, struct sg_error *e)
{
	char fingerprint[SG_FINGERPRINT_SIZE] = "";
	int ret;

	gnutls_certificate_allocate_credentials(&t->credentials);
	gnutls_init(&t->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
	gnutls_set_default_priority(t->tls);
	gnutls_credentials_set(t->tls, GNUTLS_CRD_CERTIFICATE, t->credentials);
	gnutls_transport_set_int(t->tls, t->fd);
	while ((ret = gnutls_handshake(t->tls)))
		if (sg_talk_again(t, ret, e))
			return -1;
	sg_tls_peer_fingerprint(t->tls, fingerprint);
	return strcmp(fingerprint, t->peer->fingerprint) ?
	       sg_fail(e, SG_E_BACKEND,
		       "its certificate has another fingerprint: %s",
		       fingerprint) : 0;
}

static int sg_talk_send(struct sg_talk *t, const struct sg_text *text,
			struct sg_error *e)
{
	size_t sent = 0;

	while (sent < text->len) {
		ssize_t ret = gnutls_record_send(t->tls, text->data + sent,
						 text->len - sent);

		if (ret >= 0)
			sent += ret;
		else if (sg_talk_again(t, ret, e))
			return -1;
	}
	return 0;
}

/* All that comes until the other side closes. */
static int sg_talk_receive(struct sg_talk *t, struct sg_text *text,
			   struct sg_error *e)
{
	char data[16384];
	ssize_t ret;

	while ((ret = gnutls_record_recv(t->tls, data, sizeof(data)))) {
		/* Some close the connection without saying so before. */
		if (ret == GNUTLS_E_PREMATURE_TERMINATION)
			break;
		if (ret < 0 && sg_talk_again(t, ret, e))
			return -1;
		if (ret > 0)
			sg_text_add(text, data, ret);
		if (text->len > SG_ANSWER_MAX)
			return sg_fail(e, SG_E_BACKEND, "it says too much");
	}
	return 0;
}

/* Who asks: the first line of the file. */
static int sg_talk_request(const struct sg_talk *t, const char *path,
			   struct sg_text *text, struct sg_error *e)
{
	char secret[SG_SECRET_SIZE], *encoded;

	if (sg_secret_read(t->peer->secret, secret, e))
		return -1;
	encoded = sg_base64_encode(secret, strlen(secret));
	sg_text_printf(text, "GET %s HTTP/1.1\r\nHost: segd\r\n"
		       "Authorization: Basic %s\r\nConnection: close\r\n\r\n",
		       path, encoded);
	free(encoded);
	return 0;
}

static json_t *sg_talk_answer(const struct sg_text *text, struct sg_error *e)
{
	const char *body = text->len ? strstr(text->data, "\r\n\r\n") : NULL;
	int status = 0;

	if (body)
		sscanf(text->data, "HTTP/1.%*d %d", &status);
	if (status != 200) {
		sg_fail(e, SG_E_BACKEND, "it answers with %d", status);
		return NULL;
	}
	body += 4;
	return sg_json_read(body, text->len - (body - text->data), e);
}

static void sg_talk_end(struct sg_talk *t)
{
	if (t->tls)
		gnutls_deinit(t->tls);
	if (t->credentials)
		gnutls_certificate_free_credentials(t->credentials);
	if (t->fd >= 0)
		close(t->fd);
}

/**
 * sg_peer_get - ask another daemon
 * @peer: the other one
 * @path: what for
 * @cancel: a descriptor that can be read when nobody wants to know any more
 * @e: takes why there is no answer
 *
 * Return: its answer, a new reference, or NULL
 */
json_t *sg_peer_get(const struct sg_peer *peer, const char *path, int cancel,
		    struct sg_error *e)
{
	struct sg_talk t = {
		.peer = peer,
		.fd = -1,
		.cancel = cancel,
		.until = sg_uptime_ms() + SG_ANSWER_MS,
	};
	struct sg_text request = {}, answer = {};
	json_t *said = NULL;

	if (!sg_talk_request(&t, path, &request, e) &&
	    !sg_talk_connect(&t, e) && !sg_talk_handshake(&t, e) &&
	    !sg_talk_send(&t, &request, e) && !sg_talk_receive(&t, &answer, e))
		said = sg_talk_answer(&answer, e);
	sg_talk_end(&t);
	sg_text_free(&request);
	sg_text_free(&answer);
	return said;
}
