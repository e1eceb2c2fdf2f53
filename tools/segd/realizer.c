// SPDX-License-Identifier: GPL-2.0-only
/*
 * The realizer: a thread that takes what has changed, one round after the
 * other, and tries again what has failed, more and more seldom.
 *
 * Locking: r->lock covers queue, states and tree, and is not held while the
 * store or the backend is at work. It is the innermost lock.
 */
#include <poll.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "item.h"
#include "json.h"
#include "log.h"
#include "profile.h"

#define SG_RETRY_FIRST_MS	250
#define SG_RETRY_MOST_MS	30000
/* Drift comes in bursts: one look after it is enough. */
#define SG_SETTLE_MS		100

static int sg_item_compare(const void *a, const void *b)
{
	const struct sg_item *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* Find an item. Context: lock, or the realizer's thread */
struct sg_item *sg_item_find(struct sg_realizer *r, const char *path)
{
	struct sg_item key = { .path = (char *)path }, **found;

	found = tfind(&key, &r->items, sg_item_compare);
	return found ? *found : NULL;
}

/* Note how far it is, and how many are. Context: lock */
static void sg_item_count(struct sg_realizer *r, struct sg_item *item,
			  enum sg_state state)
{
	r->numbers.objects[item->status.state]--;
	r->numbers.objects[state]++;
	item->status.state = state;
}

static struct sg_item *sg_item_make(struct sg_realizer *r,
				    const struct sg_target *target)
{
	struct sg_item *item = sg_item_find(r, target->path);
	size_t len = strlen(target->path) + 1;

	if (item)
		return item;
	item = sg_alloc(sizeof(*item));
	item->path = sg_alloc(len + strlen(target->owner) + 1);
	memcpy(item->path, target->path, len);
	item->owner = item->path + len;
	memcpy(item->owner, target->owner, strlen(target->owner));
	item->type = target->type;
	r->numbers.objects[SG_STATE_PENDING]++;
	item->status.state = SG_STATE_PENDING;
	tsearch(item, &r->items, sg_item_compare);
	return item;
}

static void sg_item_free(void *arg)
{
	struct sg_item *item = arg;

	free(item->path);
	free(item);
}

static void sg_item_queue(struct sg_realizer *r, struct sg_item *item)
{
	item->due = 0;
	if (item->queued)
		return;
	item->queued = true;
	item->next = r->queue;
	r->queue = item;
}

/**
 * sg_item_state - say how far an item has come
 * @r: the realizer
 * @item: the item
 * @state: how far
 * @message: why not further, or ""
 */
void sg_item_state(struct sg_realizer *r, struct sg_item *item,
		   enum sg_state state, const char *message)
{
	pthread_mutex_lock(&r->lock);
	if (state == SG_STATE_ERROR &&
	    strcmp(item->status.message, message))
		sg_log(SG_LOG_WARNING, "%s: %s", item->path, message);
	sg_item_count(r, item, state);
	item->status.usable = state == SG_STATE_REALIZED;
	sg_format(item->status.message, sizeof(item->status.message), "%s",
		  message);
	pthread_mutex_unlock(&r->lock);
}

static void sg_wake(struct sg_realizer *r)
{
	eventfd_write(r->wake, 1);
}

/* An object is not as it was. Context: lock */
static void sg_item_touch(struct sg_realizer *r, const struct sg_target *target)
{
	struct sg_item *item;

	if (!(target->type->flags & SG_REALIZED))
		return;
	item = sg_item_make(r, target);
	sg_item_count(r, item, SG_STATE_PENDING);
	item->failures = 0;
	sg_item_queue(r, item);
}

/* Paths of objects whose realization others decide. */
struct sg_paths {
	char	**path;
	size_t	count;
};

static int sg_paths_add(const char *path, const char *type, void *arg)
{
	struct sg_paths *paths = arg;

	(void)type;
	paths->path = sg_realloc(paths->path, (paths->count + 1) *
				 sizeof(*paths->path));
	paths->path[paths->count++] = sg_strdup(path);
	return 0;
}

static void sg_paths_governed(struct sg_realizer *r, const struct sg_change *c,
			      struct sg_paths *paths)
{
	struct sg_db *db = NULL;

	for (size_t i = 0; i < c->count; i++) {
		const struct sg_target *target = &c->touched[i]->target;

		if (!(target->type->flags & SG_GOVERNS))
			continue;
		if (!db)
			db = sg_db_get(r->store, SG_READ);
		sg_profile_governed(db, target, sg_paths_add, paths);
	}
	if (db)
		sg_db_put(db);
}

/* Context: lock */
static void sg_paths_touch(struct sg_realizer *r, const struct sg_paths *paths)
{
	struct sg_target target;
	struct sg_error e;

	for (size_t i = 0; i < paths->count; i++)
		if (!sg_target_parse(&target, paths->path[i], &e))
			sg_item_touch(r, &target);
}

static void sg_paths_free(struct sg_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->path[i]);
	free(paths->path);
}

/**
 * sg_realizer_changed - take what a change has touched
 * @c: the change, which is durable
 * @r: the realizer
 */
void sg_realizer_changed(const struct sg_change *c, struct sg_realizer *r)
{
	struct sg_paths governed = {};

	sg_paths_governed(r, c, &governed);
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < c->count; i++)
		sg_item_touch(r, &c->touched[i]->target);
	sg_paths_touch(r, &governed);
	pthread_mutex_unlock(&r->lock);
	sg_paths_free(&governed);
	sg_wake(r);
}

/**
 * sg_realizer_zones - take other transport zones of this host
 * @r: the realizer
 * @zones: the zones; moved into the realizer, which looks at everything again
 */
void sg_realizer_zones(struct sg_realizer *r, struct sg_host_zones *zones)
{
	pthread_mutex_lock(&r->lock);
	sg_host_zones_free(&r->new_zones);
	r->new_zones = *zones;
	r->reload = true;
	r->resync = true;
	pthread_mutex_unlock(&r->lock);
	*zones = (struct sg_host_zones){};
	sg_wake(r);
}

/**
 * sg_realizer_all - look at everything again
 * @r: the realizer
 */
void sg_realizer_all(struct sg_realizer *r)
{
	pthread_mutex_lock(&r->lock);
	r->resync = true;
	pthread_mutex_unlock(&r->lock);
	sg_wake(r);
}

/* --- Rounds --- */

static void sg_round_add(struct sg_round *round, struct sg_item *item)
{
	if (round->count == round->size) {
		round->size = round->size ? 2 * round->size : 64;
		round->items = sg_realloc(round->items, round->size *
					  sizeof(*round->items));
	}
	round->items[round->count++] = item;
}

/* Those whose time has come; the others stay. Context: lock */
static void sg_round_take(struct sg_realizer *r, struct sg_round *round)
{
	struct sg_item *item = r->queue, *next;
	int64_t now = sg_uptime_ms();

	r->queue = NULL;
	for (; item; item = next) {
		next = item->next;
		if (item->due > now) {
			item->next = r->queue;
			r->queue = item;
			continue;
		}
		item->queued = false;
		sg_round_add(round, item);
	}
}

static void sg_item_retry(struct sg_realizer *r, struct sg_item *item)
{
	int64_t wait = SG_RETRY_FIRST_MS << (item->failures < 7 ?
					     item->failures : 7);

	item->failures++;
	r->numbers.failures += item->status.state == SG_STATE_ERROR;
	if (item->queued)
		return;
	sg_item_queue(r, item);
	item->due = sg_uptime_ms() +
		    (wait < SG_RETRY_MOST_MS ? wait : SG_RETRY_MOST_MS);
}

/* Others may have waited for what is there now. Context: lock */
static void sg_hurry(struct sg_realizer *r)
{
	for (struct sg_item *item = r->queue; item; item = item->next)
		if (item->waits)
			item->due = 0;
}

/* The store forgets what the backend no longer has. */
static void sg_round_purge(struct sg_realizer *r, struct sg_round *round)
{
	struct sg_error e = {};
	struct sg_db *db = NULL;

	for (size_t i = 0; i < round->count; i++) {
		if (!round->items[i]->gone)
			continue;
		if (!db)
			db = sg_db_get(r->store, SG_WRITE);
		sg_store_remove(db, round->items[i]->path);
	}
	if (!db)
		return;
	if (sg_db_commit(db, &e))
		sg_log(SG_LOG_ERR, "%s", e.message);
	sg_db_put(db);
}

/* Context: lock. Return: whether something got further */
static bool sg_round_settle(struct sg_realizer *r, struct sg_round *round)
{
	bool progress = false;

	for (size_t i = 0; i < round->count; i++) {
		struct sg_item *item = round->items[i];

		if (item->gone && item->queued) {
			/* It was made anew before it was forgotten. */
			item->gone = false;
			item->status.device[0] = '\0';
		} else if (item->gone) {
			progress = true;
			r->numbers.objects[item->status.state]--;
			tdelete(item, &r->items, sg_item_compare);
			sg_item_free(item);
		} else {
			progress |= item->status.usable;
			if (item->status.state == SG_STATE_REALIZED)
				item->failures = 0;
			else if (item->status.state != SG_STATE_UNKNOWN)
				sg_item_retry(r, item);
		}
	}
	return progress;
}

static void sg_round_end(struct sg_realizer *r, struct sg_round *round)
{
	sg_round_purge(r, round);
	pthread_mutex_lock(&r->lock);
	if (sg_round_settle(r, round))
		sg_hurry(r);
	r->numbers.rounds++;
	pthread_cond_broadcast(&r->progress);
	pthread_mutex_unlock(&r->lock);
	free(round->items);
}

static int sg_collect(const char *path, const char *type, void *arg)
{
	const struct sg_type *known = sg_type_named(type);
	struct sg_realizer *r = arg;
	struct sg_target target;
	struct sg_error e;

	if (!known || !(known->flags & SG_REALIZED) ||
	    sg_target_parse(&target, path, &e))
		return 0;
	sg_item_queue(r, sg_item_make(r, &target));
	return 0;
}

static void sg_queue_node(const void *node, VISIT which, void *arg)
{
	if (which == postorder || which == leaf)
		sg_item_queue(arg, *(struct sg_item **)node);
}

/* All that is in the store, and all that was, is to be looked at. */
static void sg_queue_all(struct sg_realizer *r)
{
	struct sg_db *db = sg_db_get(r->store, SG_READ);

	pthread_mutex_lock(&r->lock);
	twalk_r(r->items, sg_queue_node, r);
	sg_store_walk(db, sg_collect, r);
	pthread_mutex_unlock(&r->lock);
	sg_db_put(db);
}

static void sg_round_run(struct sg_realizer *r, bool resync)
{
	struct sg_round round = {};
	struct sg_fault fault = {};

	if (resync) {
		if (r->backend->ops->refresh(r->backend, &fault))
			sg_log(SG_LOG_WARNING, "%s: %s", r->backend->ops->name,
			       fault.text);
		sg_queue_all(r);
	}
	pthread_mutex_lock(&r->lock);
	sg_round_take(r, &round);
	pthread_mutex_unlock(&r->lock);
	if (resync && sg_sweep(r, &round, &fault))
		sg_log(SG_LOG_WARNING, "%s: %s", r->backend->ops->name,
		       fault.text);
	sg_realize(r, &round);
	sg_round_end(r, &round);
}

/* --- The thread --- */

/* Milliseconds until something is due, -1 if nothing is. Context: lock */
static int sg_patience(struct sg_realizer *r)
{
	int64_t now = sg_uptime_ms(), first = INT64_MAX;

	if (r->resync || r->stop)
		return 0;
	for (struct sg_item *item = r->queue; item; item = item->next)
		if (item->due < first)
			first = item->due;
	if (first == INT64_MAX)
		return -1;
	return first <= now ? 0 : first - now;
}

static void sg_wait(struct sg_realizer *r)
{
	struct pollfd fds[] = {
		{ .fd = r->wake, .events = POLLIN },
		{ .fd = r->backend->ops->wait_fd(r->backend),
		  .events = POLLIN },
	};
	eventfd_t ignored;
	int timeout;

	pthread_mutex_lock(&r->lock);
	timeout = sg_patience(r);
	pthread_mutex_unlock(&r->lock);
	poll(fds, SG_ARRAY_SIZE(fds), timeout);
	if (fds[0].revents)
		eventfd_read(r->wake, &ignored);
}

static void sg_queue_awaiting(const void *node, VISIT which, void *arg)
{
	struct sg_item *item = *(struct sg_item **)node;

	if ((which == postorder || which == leaf) && sg_awaits_devices(item))
		sg_item_queue(arg, item);
}

/* What has happened behind the realizer's back. */
static void sg_take_events(struct sg_realizer *r)
{
	unsigned int events = r->backend->ops->events(r->backend);

	if (!events)
		return;
	pthread_mutex_lock(&r->lock);
	if (events & SG_EVENT_DEVICES)
		twalk_r(r->items, sg_queue_awaiting, r);
	if (events & SG_EVENT_DRIFT) {
		r->resync = true;
		r->numbers.drifts++;
	}
	pthread_mutex_unlock(&r->lock);
	if (events & SG_EVENT_DRIFT)
		poll(NULL, 0, SG_SETTLE_MS);
}

/* Context: lock */
static void sg_take_zones(struct sg_realizer *r)
{
	if (!r->reload)
		return;
	sg_host_zones_free(&r->zones);
	r->zones = r->new_zones;
	r->new_zones = (struct sg_host_zones){};
	r->reload = false;
}

static void *sg_realizer_run(void *arg)
{
	struct sg_realizer *r = arg;
	bool stop = false, resync;

	while (!stop) {
		sg_wait(r);
		sg_take_events(r);
		pthread_mutex_lock(&r->lock);
		sg_take_zones(r);
		stop = r->stop;
		resync = r->resync;
		r->resync = false;
		pthread_mutex_unlock(&r->lock);
		if (!stop)
			sg_round_run(r, resync);
	}
	return NULL;
}

/**
 * sg_realizer_start - begin to realize
 * @store: what is wanted
 * @backend: what makes it so; closed by sg_realizer_stop()
 * @zones: transport zones of this host; moved into the realizer
 *
 * Return: the realizer
 */
struct sg_realizer *sg_realizer_start(struct sg_store *store,
				      struct sg_backend *backend,
				      struct sg_host_zones *zones)
{
	struct sg_realizer *r = sg_alloc(sizeof(*r));

	r->store = store;
	r->backend = backend;
	r->zones = *zones;
	*zones = (struct sg_host_zones){};
	r->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r->resync = true;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->progress, NULL);
	if (pthread_create(&r->thread, NULL, sg_realizer_run, r)) {
		sg_log(SG_LOG_ERR, "no thread for the realizer");
		abort();
	}
	return r;
}

/**
 * sg_realizer_stop - finish what is being made and end; what was made stays
 * @r: the realizer
 */
void sg_realizer_stop(struct sg_realizer *r)
{
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_mutex_unlock(&r->lock);
	sg_wake(r);
	pthread_join(r->thread, NULL);
	r->backend->ops->close(r->backend);
	tdestroy(r->items, sg_item_free);
	sg_host_zones_free(&r->zones);
	sg_host_zones_free(&r->new_zones);
	close(r->wake);
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->progress);
	free(r);
}

struct sg_backend *sg_realizer_backend(struct sg_realizer *r)
{
	return r->backend;
}

/* --- What others ask --- */

/**
 * sg_realizer_status - how far an object has come
 * @r: the realizer
 * @path: of the object
 * @status: takes it
 *
 * Return: false if it has no counterpart
 */
bool sg_realizer_status(struct sg_realizer *r, const char *path,
			struct sg_status *status)
{
	struct sg_item *item;

	memset(status, 0, sizeof(*status));
	pthread_mutex_lock(&r->lock);
	item = sg_item_find(r, path);
	if (item)
		*status = item->status;
	pthread_mutex_unlock(&r->lock);
	return item;
}

/**
 * sg_realizer_wait_gone - wait until a deletion is finished
 * @r: the realizer
 * @path: of the object
 * @timeout_ms: how long at most
 *
 * Return: whether it is
 */
bool sg_realizer_wait_gone(struct sg_realizer *r, const char *path,
			   int timeout_ms)
{
	struct timespec until;
	bool gone;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += timeout_ms / 1000;

	pthread_mutex_lock(&r->lock);
	do
		gone = !sg_item_find(r, path);
	while (!gone && !pthread_cond_timedwait(&r->progress, &r->lock,
						&until));
	pthread_mutex_unlock(&r->lock);
	return gone;
}

/**
 * sg_realizer_consolidated - how far an object has come, as clients read it
 * @r: the realizer
 * @path: of the object
 *
 * Return: a new reference
 */
json_t *sg_realizer_consolidated(struct sg_realizer *r, const char *path)
{
	static const char *const consolidated[] = {
		[SG_STATE_UNKNOWN] = "UNKNOWN",
		[SG_STATE_PENDING] = "IN_PROGRESS",
		[SG_STATE_REALIZED] = "SUCCESS",
		[SG_STATE_ERROR] = "ERROR",
	};
	static const char *const published[] = {
		[SG_STATE_UNKNOWN] = "UNAVAILABLE",
		[SG_STATE_PENDING] = "UNREALIZED",
		[SG_STATE_REALIZED] = "REALIZED",
		[SG_STATE_ERROR] = "ERROR",
	};
	struct sg_status status;

	sg_realizer_status(r, path, &status);
	return json_pack("{s:{s:s}, s:s, s:s, s:s}",
			 "consolidated_status", "consolidated_status",
			 consolidated[status.state],
			 "intent_path", path, "intent_version", "0",
			 "publish_status", published[status.state]);
}

struct sg_walk {
	sg_item_fn	fn;
	void		*arg;
};

static void sg_walk_item(const void *node, VISIT which, void *arg)
{
	const struct sg_item *item = *(struct sg_item **)node;
	const struct sg_walk *walk = arg;

	if (which == postorder || which == leaf)
		walk->fn(item->path, item->type->name, &item->status,
			 walk->arg);
}

/**
 * sg_realizer_walk - walk over all objects that have a counterpart
 * @r: the realizer
 * @fn: called for each, under the lock: it must not call back
 * @arg: for @fn
 */
void sg_realizer_walk(struct sg_realizer *r, sg_item_fn fn, void *arg)
{
	struct sg_walk walk = { fn, arg };

	pthread_mutex_lock(&r->lock);
	twalk_r(r->items, sg_walk_item, &walk);
	pthread_mutex_unlock(&r->lock);
}

/**
 * sg_realizer_numbers - numbers for the metrics
 * @r: the realizer
 * @numbers: takes them
 */
void sg_realizer_numbers(struct sg_realizer *r,
			 struct sg_realizer_numbers *numbers)
{
	pthread_mutex_lock(&r->lock);
	*numbers = r->numbers;
	pthread_mutex_unlock(&r->lock);
}
