// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl monitor
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl monitor [ OBJECT ]... [ -t | --timestamp ]\n"
	"where  OBJECT := { segment | port | binding | fdb | zone | uplink |\n"
	"                   policy | remote | link | all }\n";

static const struct watch {
	const char	*name;
	unsigned int	what;
} watches[] = {
	{ "segment", SEGFAB_WATCH_SEGMENT },
	{ "port", SEGFAB_WATCH_PORT },
	{ "binding", SEGFAB_WATCH_BINDING },
	{ "fdb", SEGFAB_WATCH_FDB },
	{ "zone", SEGFAB_WATCH_ZONE },
	{ "uplink", SEGFAB_WATCH_UPLINK },
	{ "policy", SEGFAB_WATCH_POLICY },
	{ "remote", SEGFAB_WATCH_REMOTE },
	{ "link", SEGFAB_WATCH_LINK },
	{ "all", SEGFAB_WATCH_ALL },
};

static const char *watch_name(unsigned int what)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(watches); i++) {
		if (watches[i].what == what)
			return watches[i].name;
	}
	return "lost";
}

static void show_time(void)
{
	char text[64], us[24];
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(us, sizeof(us), ".%06ld", now.tv_nsec / 1000);
	strncat(text, us, sizeof(text) - strlen(text) - 1);

	pr_string("time", NULL, PLAIN, text);
	if (segctl.timestamp)
		pr_word(PLAIN, "[%s]", text);
}

/* What comes before the object of an event, or of the state after a loss. */
static void begin_event(const char *event, const char *object)
{
	pr_begin();
	pr_object(NULL);
	show_time();
	pr_string("event", NULL, PLAIN, event);
	pr_string("object", NULL, PLAIN, object);
	if (!strcmp(event, "deleted"))
		pr_word(COLOUR_BAD, "Deleted");
	pr_word(PLAIN, "%s", object);
}

static void end_event(void)
{
	pr_object_end();
	pr_end(DONE);
}

static int state_segment(const struct segfab_segment *s, void *arg)
{
	(void)arg;
	begin_event("state", "segment");
	show_segment("data", s, NULL);
	end_event();
	return 0;
}

static int state_port(const struct segfab_port *p, void *arg)
{
	(void)arg;
	begin_event("state", "port");
	show_port("data", p);
	end_event();
	return 0;
}

static int state_binding(const struct segfab_binding *b, void *arg)
{
	(void)arg;
	begin_event("state", "binding");
	show_binding("data", b);
	end_event();
	return 0;
}

static int state_fdb(const struct segfab_fdb *e, void *arg)
{
	(void)arg;
	begin_event("state", "fdb");
	show_fdb("data", e);
	end_event();
	return 0;
}

static int state_zone(const struct segfab_zone *z, void *arg)
{
	(void)arg;
	begin_event("state", "zone");
	show_zone("data", z);
	end_event();
	return 0;
}

static int state_uplink(const struct segfab_uplink *u, void *arg)
{
	(void)arg;
	begin_event("state", "uplink");
	show_uplink("data", u);
	end_event();
	return 0;
}

static int state_policy(const struct segfab_policy *p, void *arg)
{
	(void)arg;
	begin_event("state", "policy");
	show_policy("data", p);
	end_event();
	return 0;
}

static int state_remote(const struct segfab_remote *r, void *arg)
{
	(void)arg;
	begin_event("state", "remote");
	show_remote("data", r);
	end_event();
	return 0;
}

/*
 * Events were lost: what is watched is shown as it is now. Segments and ports
 * are shown for their devices, too.
 */
static int show_state(unsigned int what)
{
	int err = 0;

	begin_event("lost", "all");
	pr_null("data");
	pr_word(COLOUR_BAD, "events were lost, the state follows");
	end_event();

	if (what & (SEGFAB_WATCH_SEGMENT | SEGFAB_WATCH_LINK))
		err = segfab_segment_dump(segctl.h, state_segment, NULL);
	if (!err && what & (SEGFAB_WATCH_PORT | SEGFAB_WATCH_LINK))
		err = segfab_port_dump(segctl.h, NULL, state_port, NULL);
	if (!err && what & SEGFAB_WATCH_BINDING)
		err = segfab_binding_dump(segctl.h, NULL, NULL, state_binding,
					  NULL);
	if (!err && what & SEGFAB_WATCH_FDB)
		err = segfab_fdb_dump(segctl.h, NULL, NULL, state_fdb, NULL);
	if (!err && what & SEGFAB_WATCH_ZONE)
		err = segfab_zone_dump(segctl.h, state_zone, NULL);
	if (!err && what & SEGFAB_WATCH_UPLINK)
		err = segfab_uplink_dump(segctl.h, NULL, state_uplink, NULL);
	if (!err && what & SEGFAB_WATCH_POLICY)
		err = segfab_policy_dump(segctl.h, NULL, state_policy, NULL);
	if (!err && what & SEGFAB_WATCH_REMOTE)
		err = segfab_remote_dump(segctl.h, NULL, state_remote, NULL);
	return err;
}

static int show_event(const struct segfab_event *e, void *arg)
{
	const unsigned int *what = arg;

	if (!e->what)
		return show_state(*what);

	begin_event(e->deleted ? "deleted" : "changed", watch_name(e->what));
	switch (e->what) {
	case SEGFAB_WATCH_SEGMENT:
		show_segment("data", e->segment, NULL);
		break;
	case SEGFAB_WATCH_PORT:
		show_port("data", e->port);
		break;
	case SEGFAB_WATCH_BINDING:
		show_binding("data", e->binding);
		break;
	case SEGFAB_WATCH_FDB:
		show_fdb("data", e->fdb);
		break;
	case SEGFAB_WATCH_ZONE:
		show_zone("data", e->zone);
		break;
	case SEGFAB_WATCH_UPLINK:
		show_uplink("data", e->uplink);
		break;
	case SEGFAB_WATCH_POLICY:
		show_policy("data", e->policy);
		break;
	case SEGFAB_WATCH_REMOTE:
		show_remote("data", e->remote);
		break;
	case SEGFAB_WATCH_LINK:
		show_link("data", e->link, e->master);
		break;
	}
	end_event();
	return 0;
}

static int watch(struct segfab_monitor *m, unsigned int what)
{
	struct pollfd fd = { .fd = segfab_monitor_fd(m), .events = POLLIN };
	int err;

	while (!stopped) {
		if (wait_unless_stopped(&fd, NULL) < 0 && errno != EINTR)
			return failed("poll: %s", strerror(errno));
		err = segfab_monitor_read(m, show_event, &what);
		if (err)
			return failed("%s", segfab_monitor_error(m));
		if (fflush(stdout))
			break;
	}
	return DONE;
}

static int parse_watches(struct args *args, unsigned int *what)
{
	const char *word;

	while ((word = next(args))) {
		unsigned int i;

		for (i = 0; i < ARRAY_SIZE(watches); i++) {
			if (!strcmp(word, watches[i].name))
				break;
		}
		if (i == ARRAY_SIZE(watches))
			return usage_error("monitor: \"%s\" is not segment, port, binding, fdb, zone, uplink, policy, remote, link or all",
					   word);
		*what |= watches[i].what;
	}
	if (!*what)
		*what = SEGFAB_WATCH_ALL;
	return DONE;
}

static int monitor_run(struct args *args)
{
	struct segfab_monitor *m;
	unsigned int what = 0;
	int ret, err;

	ret = parse_watches(args, &what);
	if (ret != DONE)
		return ret;
	m = segfab_monitor_new();
	if (!m)
		return failed("out of memory");

	catch_signals();
	err = segfab_monitor_open(m, NULL, what);
	ret = err ? failed("%s", segfab_monitor_error(m)) : watch(m, what);
	segfab_monitor_free(m);
	return ret;
}

const struct object monitor_object = {
	.name = "monitor",
	.run = monitor_run,
	.usage = usage,
};
