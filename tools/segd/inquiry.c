// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asking the hosts that a frame has left to what became of it there. All are
 * asked at once, each by a thread; who wants to know is woken up when the last
 * has answered, and need not wait for it.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "answers.h"
#include "inquiry.h"
#include "json.h"
#include "log.h"
#include "validate.h"

/* A frame that has left arrives soon, or not at all. */
#define SG_ARRIVAL_MS	1000
#define SG_AGAIN_MS	50

/**
 * struct sg_question - to one host
 * @q: the inquiry
 * @next: in the list
 * @endpoint: its tunnel address
 * @peer: its daemon, if it is known
 * @thread: asks, if it is known
 * @answer: of the thread until there are no more that ask
 */
struct sg_question {
	struct sg_inquiry	*q;
	struct sg_question	*next;
	char			endpoint[SEGFAB_ADDRESS_SIZE];
	struct sg_peer		peer;
	pthread_t		thread;
	json_t			*answer;
};

/**
 * struct sg_inquiry - an inquiry
 * @id: number of the trace
 * @first: the questions
 * @cancel: eventfd: nobody wants to know any more
 * @wake: eventfd of the one that does
 * @asking: threads that have no answer yet
 */
struct sg_inquiry {
	uint64_t		id;
	struct sg_question	*first;
	int			cancel;
	int			wake;
	atomic_uint		asking;
};

/* Return: whether it was cancelled meanwhile */
static bool sg_inquiry_pause(const struct sg_inquiry *q)
{
	struct pollfd fd = { .fd = q->cancel, .events = POLLIN };

	return poll(&fd, 1, SG_AGAIN_MS);
}

/* Ask until it is known how it ended. Return: a new reference */
static json_t *sg_inquiry_ask(const struct sg_inquiry *q,
			      const struct sg_peer *peer)
{
	const int64_t until = sg_uptime_ms() + SG_ARRIVAL_MS;
	json_t *answer = NULL, *said;
	struct sg_error e = {};
	char path[128];

	sg_format(path, sizeof(path), SG_ARRIVED "?trace=%016llx",
		  (unsigned long long)q->id);
	do {
		json_decref(answer);
		answer = sg_peer_get(peer, path, q->cancel, &e);
	} while (answer && !sg_json_true(answer, "ended") &&
		 sg_uptime_ms() < until && !sg_inquiry_pause(q));
	said = answer ? sg_validate_answer(sg_arrived_fields, answer, &e) :
			NULL;
	json_decref(answer);
	if (!said)
		return json_pack("{s:s}", "why", e.message);
	if (!json_array_size(json_object_get(said, "observations")))
		sg_json_set_text(said, "why",
				 "nothing of it has arrived; traces may not be let in there");
	return said;
}

static void *sg_question_run(void *arg)
{
	struct sg_question *one = arg;
	struct sg_inquiry *q = one->q;

	one->answer = sg_inquiry_ask(q, &one->peer);
	if (atomic_fetch_sub(&q->asking, 1) == 1)
		eventfd_write(q->wake, 1);
	return NULL;
}

static void sg_question_start(struct sg_question *one,
			      const struct sg_peer *peer)
{
	sg_peer_copy(&one->peer, peer);
	atomic_fetch_add(&one->q->asking, 1);
	if (pthread_create(&one->thread, NULL, sg_question_run, one)) {
		sg_log(SG_LOG_ERR, "no thread to ask another host");
		abort();
	}
}

/* Ask a host, once, or say why it cannot be asked. */
static void sg_inquiry_add(struct sg_inquiry *q, const struct sg_peers *peers,
			   const char *endpoint)
{
	const struct sg_peer *peer = sg_peer_at(peers, endpoint);
	struct sg_question **link = &q->first, *one;

	for (; *link; link = &(*link)->next)
		if (!strcmp((*link)->endpoint, endpoint))
			return;
	one = sg_alloc(sizeof(*one));
	*link = one;
	one->q = q;
	sg_format(one->endpoint, sizeof(one->endpoint), "%s", endpoint);
	if (peer)
		sg_question_start(one, peer);
	else
		one->answer = json_pack("{s:s}", "why",
					"the configuration has no trace-peer of this address");
}

/**
 * sg_inquiry_begin - begin to ask what became of a frame elsewhere
 * @t: the frame
 * @peers: whom one can ask
 * @wake: eventfd that is written to when it is over
 *
 * Return: the inquiry, or NULL if the frame has not left this host
 */
struct sg_inquiry *sg_inquiry_begin(const struct sg_traced *t,
				    const struct sg_peers *peers, int wake)
{
	struct sg_inquiry *q = sg_alloc(sizeof(*q));

	q->id = t->end.global_id;
	q->cancel = eventfd(0, EFD_CLOEXEC);
	q->wake = wake;
	for (size_t i = 0; i < t->steps; i++)
		if (sg_has_left(&t->step[i]) && *t->step[i].remote)
			sg_inquiry_add(q, peers, t->step[i].remote);
	if (q->first)
		return q;
	json_decref(sg_inquiry_end(q));
	return NULL;
}

/* Is all known that can be? */
bool sg_inquiry_over(struct sg_inquiry *q)
{
	return !q->asking;
}

/**
 * sg_inquiry_end - end an inquiry, whether it is over or not
 * @q: the inquiry
 *
 * Return: a new reference: of each tunnel address what is known there
 */
json_t *sg_inquiry_end(struct sg_inquiry *q)
{
	json_t *answers = json_object();
	struct sg_question *one;

	eventfd_write(q->cancel, 1);
	while ((one = q->first)) {
		q->first = one->next;
		if (one->thread)
			pthread_join(one->thread, NULL);
		json_object_set_new(answers, one->endpoint, one->answer);
		sg_peer_free(&one->peer);
		free(one);
	}
	close(q->cancel);
	free(q);
	return answers;
}
