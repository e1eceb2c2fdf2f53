// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracer: a thread that sends the frames of traceflows, looks how far they
 * have come, and keeps the result in the store. A traceflow runs when it is
 * written, and when a client asks for it again; several run at once. What
 * nobody wants any more is removed.
 *
 * Locking: t->lock covers the list of runs and what others ask of them; the
 * rest of a run belongs to the thread. It is not held while the store or the
 * backend is at work.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "inquiry.h"
#include "json.h"
#include "log.h"
#include "source.h"
#include "tracer.h"

/* How long a source may take to be realized. */
#define SG_READY_MS	2000
#define SG_LOOK_MS	50
#define SG_SWEEP_MS	60000

/**
 * struct sg_run - a traceflow that runs
 * @path: of the traceflow
 * @next: in the list
 * @again: it is to begin anew
 * @began: when it did, sg_uptime_ms(); 0: not yet
 * @last: all that there is was there at the last look
 * @config: the traceflow
 * @trace: the backend's part, NULL while the source is looked for
 * @traced: what is known of the frame
 * @inquiry: other hosts are asked, or NULL
 */
struct sg_run {
	char			*path;
	struct sg_run		*next;
	bool			again;
	int64_t			began;
	bool			last;
	json_t			*config;
	struct sg_trace		*trace;
	struct sg_traced	traced;
	struct sg_inquiry	*inquiry;
};

/**
 * struct sg_tracer - the tracer
 * @store: has the traceflows, and gets the results
 * @realizer: knows what devices stand for
 * @thread: the one that works
 * @wake: eventfd that wakes it
 * @swept: when results were looked through, sg_uptime_ms()
 * @lock: covers what follows
 * @runs: traceflows that run
 * @peers: daemons of other hosts
 * @idle: how long a transient traceflow stays that nobody wants, in ms
 * @stop: the thread is to end
 */
struct sg_tracer {
	struct sg_store		*store;
	struct sg_realizer	*realizer;
	pthread_t		thread;
	int			wake;
	int64_t			swept;
	pthread_mutex_t		lock;
	struct sg_run		*runs;
	struct sg_peers		peers;
	int64_t			idle;
	bool			stop;
};

static struct sg_run *sg_run_find(struct sg_tracer *t, const char *path)
{
	struct sg_run *run = t->runs;

	while (run && strcmp(run->path, path))
		run = run->next;
	return run;
}

/**
 * sg_tracer_run - let a traceflow run, from the beginning if it does
 * @t: the tracer
 * @path: of the traceflow
 */
void sg_tracer_run(struct sg_tracer *t, const char *path)
{
	struct sg_run *run;

	pthread_mutex_lock(&t->lock);
	run = sg_run_find(t, path);
	if (!run) {
		run = sg_alloc(sizeof(*run));
		run->path = sg_strdup(path);
		run->next = t->runs;
		t->runs = run;
	}
	run->again = true;
	pthread_mutex_unlock(&t->lock);
	eventfd_write(t->wake, 1);
}

/**
 * sg_tracer_runs - does a traceflow run?
 * @t: the tracer
 * @path: of the traceflow
 */
bool sg_tracer_runs(struct sg_tracer *t, const char *path)
{
	bool runs;

	pthread_mutex_lock(&t->lock);
	runs = sg_run_find(t, path);
	pthread_mutex_unlock(&t->lock);
	return runs;
}

/**
 * sg_tracer_changed - let the traceflows run that a change has written
 * @c: the change, which is durable
 * @t: the tracer
 *
 * One that is gone ends by itself: nothing is kept of it.
 */
void sg_tracer_changed(const struct sg_change *c, struct sg_tracer *t)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct sg_touched *touched = c->touched[i];

		if (touched->after &&
		    !strcmp(touched->target.type->name, "TraceflowConfig"))
			sg_tracer_run(t, touched->target.path);
	}
}

/* --- A run --- */

static void sg_run_reset(struct sg_tracer *t, struct sg_run *run)
{
	struct sg_backend *b = sg_realizer_backend(t->realizer);

	if (run->trace)
		b->ops->trace_end(b, run->trace);
	if (run->inquiry)
		json_decref(sg_inquiry_end(run->inquiry));
	json_decref(run->traced.far);
	json_decref(run->config);
	free(run->traced.step);
	run->trace = NULL;
	run->inquiry = NULL;
	run->config = NULL;
	run->last = false;
	memset(&run->traced, 0, sizeof(run->traced));
}

/* Return: whether there is such a traceflow */
static bool sg_run_begin(struct sg_tracer *t, struct sg_run *run)
{
	struct sg_error e = {};
	struct sg_db *db = sg_db_get(t->store, SG_WRITE);

	sg_run_reset(t, run);
	sg_result_forget(db, run->path);
	run->config = sg_store_get(db, run->path);
	if (sg_db_commit(db, &e))
		sg_log(SG_LOG_ERR, "%s", e.message);
	sg_db_put(db);
	run->began = sg_uptime_ms();
	run->traced.path = run->path;
	run->traced.config = run->config;
	run->traced.request = "SUCCESS";
	return run->config;
}

static bool sg_run_older(const struct sg_run *run, int64_t ms)
{
	return sg_uptime_ms() - run->began >= ms;
}

/* Return: whether it is over, because it cannot begin */
static bool sg_run_send(struct sg_tracer *t, struct sg_run *run)
{
	struct sg_backend *b = sg_realizer_backend(t->realizer);
	struct sg_traced *traced = &run->traced;
	struct sg_want_trace want = {};
	struct sg_fault fault = {};
	struct sg_frame frame;
	enum sg_found found;
	struct sg_db *db;

	db = sg_db_get(t->store, SG_READ);
	found = sg_source(t->realizer, db, traced, &frame, &want);
	sg_db_put(db);
	if (found == SG_FOUND) {
		int err = b->ops->trace_start(b, &want, &run->trace, &fault);

		if (!err) {
			traced->request = "SUCCESS";
			traced->why[0] = '\0';
			return false;
		}
		traced->request = "DATA_PATH_NOT_READY";
		sg_format(traced->why, sizeof(traced->why), "%s", fault.text);
		found = err == -EBUSY ? SG_NOT_YET : SG_NOT_FOUND;
	}
	return found == SG_NOT_FOUND || sg_run_older(run, SG_READY_MS);
}

/* Return: whether it is over. What a read shows may grow until the next. */
static bool sg_run_look(struct sg_tracer *t, struct sg_run *run)
{
	struct sg_backend *b = sg_realizer_backend(t->realizer);
	struct sg_traced *traced = &run->traced;
	const json_t *timeout = json_object_get(run->config, "timeout");
	struct sg_fault fault = {};
	bool over = run->last;

	if (b->ops->trace_read(b, run->trace, traced->end.observed + 1,
			       sg_traced_add, traced, &traced->end, &fault)) {
		traced->request = "CONNECTION_ERROR";
		sg_format(traced->why, sizeof(traced->why), "%s", fault.text);
		return true;
	}
	run->last = traced->delivered || traced->dropped || traced->end.lost;
	if (over || run->last ||
	    !sg_run_older(run, 1000 * json_integer_value(timeout)))
		return over;
	traced->request = "TIMEOUT";
	sg_format(traced->why, sizeof(traced->why),
		  "the packet was neither delivered nor dropped in time");
	return true;
}

static void sg_run_keep(struct sg_tracer *t, struct sg_run *run)
{
	struct sg_db *db = sg_db_get(t->store, SG_WRITE);
	struct sg_error e = {};
	json_t *report = sg_report(t->realizer, db, &run->traced);

	sg_result_set(db, run->path, sg_now_ms(), report);
	if (sg_db_commit(db, &e))
		sg_log(SG_LOG_ERR, "%s: %s", run->path, e.message);
	sg_db_put(db);
	json_decref(report);
}

/* What became of it elsewhere? Return: whether all is known that can be */
static bool sg_run_asked(struct sg_tracer *t, struct sg_run *run)
{
	if (!run->inquiry) {
		pthread_mutex_lock(&t->lock);
		run->inquiry = sg_inquiry_begin(&run->traced, &t->peers,
						t->wake);
		pthread_mutex_unlock(&t->lock);
	}
	if (!run->inquiry)
		return true;
	if (!sg_inquiry_over(run->inquiry))
		return false;
	run->traced.far = sg_inquiry_end(run->inquiry);
	run->inquiry = NULL;
	return true;
}

/* Go on with a run. Return: whether it is over */
static bool sg_run_step(struct sg_tracer *t, struct sg_run *run)
{
	bool again;

	pthread_mutex_lock(&t->lock);
	again = run->again;
	run->again = false;
	pthread_mutex_unlock(&t->lock);
	if (again && !sg_run_begin(t, run))
		return true;
	if (!run->trace && sg_run_send(t, run)) {
		sg_run_keep(t, run);
		return true;
	}
	if (!run->inquiry && (!run->trace || !sg_run_look(t, run)))
		return false;
	if (!sg_run_asked(t, run))
		return false;
	sg_run_keep(t, run);
	return true;
}

static void sg_run_free(struct sg_tracer *t, struct sg_run *run)
{
	sg_run_reset(t, run);
	free(run->path);
	free(run);
}

/* Only the thread takes runs out of the list; others put some at its head. */
static void sg_run_remove(struct sg_tracer *t, struct sg_run *run)
{
	struct sg_run **link;

	pthread_mutex_lock(&t->lock);
	if (run->again) {
		pthread_mutex_unlock(&t->lock);
		return;
	}
	for (link = &t->runs; *link != run; link = &(*link)->next)
		;
	*link = run->next;
	pthread_mutex_unlock(&t->lock);
	sg_run_free(t, run);
}

static struct sg_run *sg_run_first(struct sg_tracer *t)
{
	struct sg_run *run;

	pthread_mutex_lock(&t->lock);
	run = t->runs;
	pthread_mutex_unlock(&t->lock);
	return run;
}

static void sg_runs_step(struct sg_tracer *t)
{
	struct sg_run *run = sg_run_first(t), *next;

	for (; run; run = next) {
		next = run->next;
		if (sg_run_step(t, run))
			sg_run_remove(t, run);
	}
}

/* --- What nobody wants any more --- */

struct sg_stale {
	struct sg_tracer	*t;
	struct sg_db		*db;
	int64_t			before;
	char			path[SG_PATH_SIZE];
};

static int sg_stale_try(const char *path, const char *type, void *arg)
{
	struct sg_stale *s = arg;
	json_t *config, *result;
	int64_t used = 0;
	bool stale;

	if (strcmp(type, "TraceflowConfig"))
		return 0;
	config = sg_store_get(s->db, path);
	result = sg_result_get(s->db, path, &used);
	stale = result && used < s->before &&
		sg_json_true(config, "is_transient");
	json_decref(config);
	json_decref(result);
	return stale && sg_format(s->path, sizeof(s->path), "%s", path);
}

static int sg_stale_delete(struct sg_tracer *t, const char *path)
{
	struct sg_target target;
	struct sg_error e = {};
	struct sg_change c;
	int err;

	sg_change_begin(&c, t->store, "system", "idle");
	err = sg_target_parse(&target, path, &e);
	if (!err)
		err = sg_change_delete(&c, &target, false, &e);
	if (!err)
		err = sg_change_commit(&c, &e);
	sg_change_end(&c);
	if (err)
		sg_log(SG_LOG_WARNING, "%s: %s", path, e.message);
	return err;
}

/* Transient traceflows go when nobody has wanted them for long. */
static void sg_tracer_sweep(struct sg_tracer *t, int64_t idle)
{
	struct sg_stale s = { .t = t, .before = sg_now_ms() - idle };
	int found;

	do {
		s.db = sg_db_get(t->store, SG_READ);
		found = sg_store_walk(s.db, sg_stale_try, &s);
		sg_db_put(s.db);
	} while (found && !sg_stale_delete(t, s.path));
	t->swept = sg_uptime_ms();
}

static int sg_lost_run(const char *path, const char *type, void *arg)
{
	struct sg_stale *s = arg;
	json_t *result;

	if (strcmp(type, "TraceflowConfig"))
		return 0;
	result = sg_result_get(s->db, path, NULL);
	if (!result)
		sg_tracer_run(s->t, path);
	json_decref(result);
	return 0;
}

/* What the daemon was killed in runs again. */
static void sg_tracer_resume(struct sg_tracer *t)
{
	struct sg_stale s = { .t = t };

	s.db = sg_db_get(t->store, SG_READ);
	sg_store_walk(s.db, sg_lost_run, &s);
	sg_db_put(s.db);
}

/* --- The thread --- */

static void *sg_tracer_main(void *arg)
{
	struct sg_tracer *t = arg;
	struct pollfd fd = { .fd = t->wake, .events = POLLIN };
	int64_t idle, every;
	eventfd_t ignored;
	bool stop = false;

	sg_tracer_resume(t);
	while (!stop) {
		pthread_mutex_lock(&t->lock);
		stop = t->stop;
		idle = t->idle;
		every = idle < SG_SWEEP_MS ? idle : SG_SWEEP_MS;
		pthread_mutex_unlock(&t->lock);
		sg_runs_step(t);
		if (sg_uptime_ms() - t->swept >= every)
			sg_tracer_sweep(t, idle);
		poll(&fd, 1, stop ? 0 : sg_run_first(t) ? SG_LOOK_MS : every);
		if (fd.revents)
			eventfd_read(t->wake, &ignored);
	}
	return NULL;
}

/**
 * sg_tracer_start - begin to run traceflows
 * @store: has them
 * @realizer: knows what devices stand for
 * @idle: seconds after which a transient one that nobody wants is removed
 *
 * Return: the tracer
 */
struct sg_tracer *sg_tracer_start(struct sg_store *store,
				  struct sg_realizer *realizer,
				  unsigned int idle)
{
	struct sg_tracer *t = sg_alloc(sizeof(*t));

	t->store = store;
	t->realizer = realizer;
	t->idle = 1000LL * idle;
	t->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&t->lock, NULL);
	if (pthread_create(&t->thread, NULL, sg_tracer_main, t)) {
		sg_log(SG_LOG_ERR, "no thread for the tracer");
		abort();
	}
	return t;
}

/**
 * sg_tracer_idle - change how long transient traceflows stay
 * @t: the tracer
 * @idle: seconds
 */
void sg_tracer_idle(struct sg_tracer *t, unsigned int idle)
{
	pthread_mutex_lock(&t->lock);
	t->idle = 1000LL * idle;
	pthread_mutex_unlock(&t->lock);
	eventfd_write(t->wake, 1);
}

/**
 * sg_tracer_peers - change who is asked what became of frames elsewhere
 * @t: the tracer
 * @peers: the daemons of other hosts; moved into the tracer
 */
void sg_tracer_peers(struct sg_tracer *t, struct sg_peers *peers)
{
	pthread_mutex_lock(&t->lock);
	sg_peers_free(&t->peers);
	t->peers = *peers;
	pthread_mutex_unlock(&t->lock);
	*peers = (struct sg_peers){};
}

/**
 * sg_tracer_stop - end; what runs then runs again at the next start
 * @t: the tracer
 */
void sg_tracer_stop(struct sg_tracer *t)
{
	pthread_mutex_lock(&t->lock);
	t->stop = true;
	pthread_mutex_unlock(&t->lock);
	eventfd_write(t->wake, 1);
	pthread_join(t->thread, NULL);
	while (t->runs) {
		struct sg_run *run = t->runs;

		t->runs = run->next;
		sg_run_free(t, run);
	}
	sg_peers_free(&t->peers);
	close(t->wake);
	pthread_mutex_destroy(&t->lock);
	free(t);
}
