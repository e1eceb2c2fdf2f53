// SPDX-License-Identifier: GPL-2.0-only
/*
 * segd: serves the policy API over the fabric. This file begins and ends it.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <curl/curl.h>
#include <systemd/sd-daemon.h>

#include "auth.h"
#include "backend.h"
#include "http.h"
#include "realizer.h"
#include "session.h"
#include "setup.h"
#include "tls.h"
#include "tracer.h"

#ifndef SG_CONFIG_FILE
#define SG_CONFIG_FILE	"/etc/segd.conf"
#endif
#define SG_SWEEP_MS	1000

/**
 * struct sg_daemon - the daemon
 * @file: its configuration file
 * @must: whether that must be there
 * @backend: what it drives: a name, and options behind a colon
 * @config: the configuration
 * @auth: users
 * @http: the server
 * @api: what it works on
 * @lock: descriptor of the lock
 */
struct sg_daemon {
	const char		*file;
	bool			must;
	const char		*backend;
	struct sg_config	*config;
	struct sg_auth		*auth;
	struct sg_http		*http;
	struct sg_api		api;
	int			lock;
};

static const char sg_usage[] =
	"Usage: segd [OPTION]...\n"
	"Serve the policy API over the segment fabric.\n"
	"\n"
	"  -c, --config FILE      configuration, instead of " SG_CONFIG_FILE "\n"
	"      --check-config     say what is wrong with it, and end\n"
	"      --backup FILE      copy the store, and end\n"
	"      --restore FILE     put a copy in its place, and end\n"
	"      --backend NAME     kernel, or fake[:FOLDER] for tests\n"
	"  -h, --help             this text\n"
	"  -V, --version          version\n";

enum sg_job {
	SG_JOB_SERVE,
	SG_JOB_CHECK,
	SG_JOB_BACKUP,
	SG_JOB_RESTORE,
};

static struct sg_backend *sg_backend_choose(const char *name,
					    struct sg_error *e)
{
	static const struct sg_backend_ops *const kinds[] = {
		&sg_backend_kernel, &sg_backend_fake
	};
	size_t len = strcspn(name, ":");

	for (size_t i = 0; i < SG_ARRAY_SIZE(kinds); i++) {
		struct sg_fault fault = {};
		struct sg_backend *b;

		if (strlen(kinds[i]->name) != len ||
		    strncmp(kinds[i]->name, name, len))
			continue;
		b = kinds[i]->open(name[len] ? name + len + 1 : NULL, &fault);
		if (!b)
			sg_fail(e, SG_E_BACKEND, "%s: %s", kinds[i]->name,
				fault.text);
		return b;
	}
	sg_fail(e, SG_E_SYNTAX, "there is no backend \"%s\"", name);
	return NULL;
}

/* Where it is, how to know it, and how to get in. */
static void sg_announce(struct sg_daemon *d)
{
	char fingerprint[SG_FINGERPRINT_SIZE] = "", pin[SG_PIN_SIZE] = "";
	struct sg_error e = {};
	bool v6 = strchr(d->config->listen, ':');

	sg_tls_fingerprint(d->config->certificate, fingerprint, &e);
	sg_tls_pin(d->config->certificate, pin, &e);
	sg_log(SG_LOG_NOTICE, "listening on https://%s%s%s:%u",
	       v6 ? "[" : "", d->config->listen, v6 ? "]" : "",
	       sg_http_port(d->http));
	sg_log(SG_LOG_NOTICE, "certificate %s, SHA-256 %s",
	       d->config->certificate, fingerprint);
	sg_log(SG_LOG_NOTICE, "its public key: %s", pin);
	for (size_t i = 0; i < d->config->users; i++)
		sg_log(SG_LOG_NOTICE, "password of user %s: in %s",
		       d->config->user[i].name, d->config->user[i].secret);
}

/* Those that make something of what a change has written. */
static void sg_daemon_changed(const struct sg_change *c, void *arg)
{
	struct sg_api *api = arg;

	sg_realizer_changed(c, api->realizer);
	sg_tracer_changed(c, api->tracer);
}

static int sg_daemon_start(struct sg_daemon *d, struct sg_error *e)
{
	struct sg_backend *backend;

	if (sg_setup_folder(d->config, e))
		return -1;
	d->lock = sg_setup_lock(d->config, e);
	if (d->lock < 0 || sg_setup_secrets(d->config, e))
		return -1;
	d->auth = sg_auth_new(d->config, e);
	if (!d->auth)
		return -1;
	d->api.started = sg_now_ms();
	d->api.sessions = sg_sessions_new(d->config->session_timeout);
	d->api.store = sg_setup_store(d->config, e);
	backend = d->api.store ? sg_backend_choose(d->backend, e) : NULL;
	if (!backend)
		return -1;
	d->api.realizer = sg_realizer_start(d->api.store, backend,
					    &d->config->zones);
	d->api.tracer = sg_tracer_start(d->api.store, d->api.realizer,
					d->config->trace_idle);
	sg_tracer_peers(d->api.tracer, &d->config->peers);
	sg_change_listen(sg_daemon_changed, &d->api);
	d->http = sg_http_start(&d->api, d->auth, d->config, -1, e);
	return d->http ? 0 : -1;
}

static void sg_daemon_stop(struct sg_daemon *d)
{
	if (d->http) {
		close(sg_http_quiesce(d->http));
		sg_http_stop(d->http);
	}
	if (d->api.tracer)
		sg_tracer_stop(d->api.tracer);
	if (d->api.realizer)
		sg_realizer_stop(d->api.realizer);
	if (d->api.store)
		sg_store_close(d->api.store);
	if (d->api.sessions)
		sg_sessions_free(d->api.sessions);
	if (d->auth)
		sg_auth_free(d->auth);
	if (d->lock >= 0)
		close(d->lock);
}

/* What a client has deleted just now is to be gone before it is made anew. */
static void sg_daemon_await_zones(struct sg_daemon *d,
				  const struct sg_host_zones *zones)
{
	for (size_t i = 0; i < zones->count; i++) {
		char *path = sg_setup_zone_path(&zones->zone[i]);
		struct sg_db *db = sg_db_get(d->api.store, SG_READ);
		bool stays = sg_store_stays(db, path);

		sg_db_put(db);
		if (!stays)
			sg_realizer_wait_gone(d->api.realizer, path,
					      SG_PENDING_MS);
		free(path);
	}
}

/*
 * Read configuration, passwords and certificates again. What cannot be read
 * leaves everything as it was. The socket stays open all the time.
 */
static void sg_daemon_reload(struct sg_daemon *d)
{
	struct sg_error e = {};
	struct sg_config *config = sg_config_read(d->file, d->must, &e);
	struct sg_http *old = d->http;
	char fingerprint[SG_FINGERPRINT_SIZE];

	if (config)
		sg_daemon_await_zones(d, &config->zones);
	if (!config || sg_tls_fingerprint(config->certificate, fingerprint,
					  &e) ||
	    sg_setup_update(d->api.store, config, &e) ||
	    sg_auth_reload(d->auth, config, &e)) {
		sg_log(SG_LOG_ERR, "not reloaded: %s", e.message);
		sg_config_free(config);
		return;
	}
	sg_sessions_clear(d->api.sessions);
	d->http = sg_http_start(&d->api, d->auth, config, sg_http_quiesce(old),
				&e);
	sg_http_stop(old);
	if (!d->http) {
		sg_log(SG_LOG_ERR, "%s", e.message);
		exit(EXIT_FAILURE);
	}
	sg_config_free(d->config);
	d->config = config;
	sg_log_open(config->log_level);
	sg_tracer_idle(d->api.tracer, config->trace_idle);
	sg_tracer_peers(d->api.tracer, &config->peers);
	sg_realizer_zones(d->api.realizer, &config->zones);
	sg_log(SG_LOG_NOTICE, "reloaded");
}

/* Signals come as something to read, so that nothing is interrupted. */
static int sg_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static void sg_daemon_loop(struct sg_daemon *d, int signals)
{
	struct pollfd fds = { .fd = signals, .events = POLLIN };
	struct signalfd_siginfo info;

	for (;;) {
		sg_http_sweep(d->http);
		if (poll(&fds, 1, SG_SWEEP_MS) <= 0 ||
		    read(signals, &info, sizeof(info)) != sizeof(info))
			continue;
		if (info.ssi_signo != SIGHUP)
			return;
		sd_notify(0, "RELOADING=1");
		sg_daemon_reload(d);
		sd_notify(0, "READY=1");
	}
}

static int sg_serve(struct sg_daemon *d, struct sg_error *e)
{
	int signals = sg_signals();
	int err;

	d->lock = -1;
	err = sg_daemon_start(d, e);
	if (!err) {
		sg_announce(d);
		sd_notify(0, "READY=1");
		sg_daemon_loop(d, signals);
		sd_notify(0, "STOPPING=1");
		sg_log(SG_LOG_NOTICE, "ending");
	}
	sg_daemon_stop(d);
	close(signals);
	return err;
}

static int sg_backup(const struct sg_config *config, const char *file,
		     struct sg_error *e)
{
	char *name = sg_setup_store_file(config);
	struct sg_store *store = sg_store_open(name, e);
	int err = store ? sg_store_backup(store, file, e) : -1;

	if (store)
		sg_store_close(store);
	free(name);
	return err;
}

static int sg_do(struct sg_daemon *d, enum sg_job job, const char *file,
		 struct sg_error *e)
{
	d->config = sg_config_read(d->file, d->must, e);
	if (!d->config)
		return -1;
	sg_log_open(d->config->log_level);
	switch (job) {
	case SG_JOB_CHECK:
		return 0;
	case SG_JOB_BACKUP:
		return sg_backup(d->config, file, e);
	case SG_JOB_RESTORE:
		return sg_setup_restore(d->config, file, e);
	default:
		return sg_serve(d, e);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check-config", no_argument, NULL, 'k' },
		{ "backup", required_argument, NULL, 'b' },
		{ "restore", required_argument, NULL, 'r' },
		{ "backend", required_argument, NULL, 'B' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{}
	};
	struct sg_daemon d = { .file = SG_CONFIG_FILE, .backend = "kernel" };
	enum sg_job job = SG_JOB_SERVE;
	const char *file = NULL;
	struct sg_error e = {};
	int c, err;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	while ((c = getopt_long(argc, argv, "c:hV", options, NULL)) >= 0) {
		switch (c) {
		case 'c':
			d.file = optarg;
			d.must = true;
			break;
		case 'k':
			job = SG_JOB_CHECK;
			break;
		case 'b':
			job = SG_JOB_BACKUP;
			file = optarg;
			break;
		case 'r':
			job = SG_JOB_RESTORE;
			file = optarg;
			break;
		case 'B':
			d.backend = optarg;
			break;
		case 'h':
			fputs(sg_usage, stdout);
			return EXIT_SUCCESS;
		case 'V':
			printf("segd %s\n", segfab_version());
			return EXIT_SUCCESS;
		default:
			return EXIT_FAILURE;
		}
	}
	if (optind < argc) {
		fputs(sg_usage, stderr);
		return EXIT_FAILURE;
	}
	err = sg_do(&d, job, file, &e);
	if (err)
		fprintf(stderr, "segd: %s\n", e.message);
	sg_config_free(d.config);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
