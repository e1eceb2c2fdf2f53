// SPDX-License-Identifier: GPL-2.0-only
/*
 * The daemons of other hosts: who they are, and asking them. Each is known by
 * its public key, and knows this one by a password.
 *
 * An answer is waited for as long as it takes to say that there is none.
 */
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "auth.h"
#include "host_zone.h"
#include "json.h"
#include "peer.h"
#include "text.h"
#include "tls.h"
#include "util.h"

#define SG_ANSWER_MS	2000
#define SG_ANSWER_MAX	(4 * 1024 * 1024)

/* --- Who they are --- */

/* Has the URL that part? */
static bool sg_url_has(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool has = !curl_url_get(url, part, &text, 0) && strcmp(text, "/");

	curl_free(text);
	return has;
}

/*
 * HOST:PORT, where HOST is a name or an address, one with colons in brackets.
 * Return: what URLs begin with, to be freed, or NULL
 */
static char *sg_peer_url(const char *word)
{
	CURLU *url = curl_url();
	struct sg_text text = {};
	bool good;

	sg_text_printf(&text, "https://%s", word);
	good = !curl_url_set(url, CURLUPART_URL, text.data, 0) &&
	       sg_url_has(url, CURLUPART_PORT) &&
	       !sg_url_has(url, CURLUPART_PATH) &&
	       !sg_url_has(url, CURLUPART_QUERY) &&
	       !sg_url_has(url, CURLUPART_FRAGMENT) &&
	       !sg_url_has(url, CURLUPART_USER);
	curl_url_cleanup(url);
	if (good)
		return text.data;
	sg_text_free(&text);
	return NULL;
}

/* ENDPOINT HOST:PORT PIN FILE. Return: what is wrong, or NULL */
const char *sg_peer_read(struct sg_peers *peers, char *words[], int count)
{
	struct sg_peer *p;

	if (count != 4)
		return "is not ENDPOINT HOST:PORT PIN FILE";
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
	p->url = sg_peer_url(words[1]);
	if (!p->url)
		return "has no HOST:PORT, or more than that";
	if (!sg_tls_is_pin(words[2]))
		return "has no public key as segd writes its own when it starts, sha256//...";
	p->pin = sg_strdup(words[2]);
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
	to->url = sg_strdup(from->url);
	to->pin = sg_strdup(from->pin);
	to->secret = sg_strdup(from->secret);
}

void sg_peer_free(struct sg_peer *peer)
{
	free(peer->endpoint);
	free(peer->url);
	free(peer->pin);
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

/* Take more of an answer. Return: how much of it was taken */
static size_t sg_answer_add(char *data, size_t unit, size_t count, void *arg)
{
	struct sg_text *answer = arg;

	if (answer->len + unit * count > SG_ANSWER_MAX)
		return 0;
	sg_text_add(answer, data, unit * count);
	return unit * count;
}

/*
 * The certificate need not be signed by anybody: the key is known. Nothing is
 * sent before it was seen.
 */
static void sg_call_whom(CURL *call, const struct sg_peer *peer,
			 const char *path, const char *secret)
{
	struct sg_text url = {};

	sg_text_printf(&url, "%s%s", peer->url, path);
	curl_easy_setopt(call, CURLOPT_URL, url.data);
	sg_text_free(&url);
	curl_easy_setopt(call, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(call, CURLOPT_NOPROXY, "*");
	/* Reading those who sign takes longer than all the rest. */
	curl_easy_setopt(call, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(call, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(call, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(call, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(call, CURLOPT_PINNEDPUBLICKEY, peer->pin);
	curl_easy_setopt(call, CURLOPT_USERPWD, secret);
}

/* Return: a CURLcode */
static CURLcode sg_call(CURL *call, int cancel)
{
	struct curl_waitfd wake = { .fd = cancel, .events = CURL_WAIT_POLLIN };
	CURLM *calls = curl_multi_init();
	CURLcode ret = CURLE_ABORTED_BY_CALLBACK;
	int running, left;
	CURLMsg *end;

	curl_multi_add_handle(calls, call);
	do {
		curl_multi_perform(calls, &running);
		if (running)
			curl_multi_poll(calls, &wake, 1, SG_ANSWER_MS, NULL);
	} while (running && !wake.revents);
	end = curl_multi_info_read(calls, &left);
	if (end)
		ret = end->data.result;
	curl_multi_remove_handle(calls, call);
	curl_multi_cleanup(calls);
	return ret;
}

static json_t *sg_call_answer(CURL *call, CURLcode ret, const char *why,
			      const struct sg_text *answer, struct sg_error *e)
{
	long status = 0;

	curl_easy_getinfo(call, CURLINFO_RESPONSE_CODE, &status);
	if (ret == CURLE_OK && status == 200)
		return sg_json_read(answer->data ? answer->data : "",
				    answer->len, e);
	if (ret == CURLE_OK)
		sg_fail(e, SG_E_BACKEND, "it answers with %ld", status);
	else if (ret == CURLE_WRITE_ERROR)
		sg_fail(e, SG_E_BACKEND, "it says too much");
	else
		sg_fail(e, SG_E_BACKEND, "%s",
			*why ? why : curl_easy_strerror(ret));
	return NULL;
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
	char secret[SG_SECRET_SIZE], why[CURL_ERROR_SIZE] = "";
	struct sg_text answer = {};
	json_t *said;
	CURL *call;

	if (sg_secret_read(peer->secret, secret, e))
		return NULL;
	call = curl_easy_init();
	sg_call_whom(call, peer, path, secret);
	curl_easy_setopt(call, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(call, CURLOPT_TIMEOUT_MS, (long)SG_ANSWER_MS);
	curl_easy_setopt(call, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(call, CURLOPT_WRITEFUNCTION, sg_answer_add);
	curl_easy_setopt(call, CURLOPT_WRITEDATA, &answer);
	said = sg_call_answer(call, sg_call(call, cancel), why, &answer, e);
	curl_easy_cleanup(call);
	sg_text_free(&answer);
	return said;
}
