// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl stats
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "array.h"
#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl stats show [ segment [ NAME ] | port [ NAME ] |\n"
	"                           binding [ CHILD [ ID ] ] | zone [ NAME ] |\n"
	"                           uplink [ NAME ] ]\n"
	"                         [ -w SECONDS [ count NUMBER ] ]\n";

#define INTERVAL_MAX	86400
#define NS		1000000000L

enum kind {
	KIND_SEGMENT,
	KIND_PORT,
	KIND_BINDING,
	KIND_ZONE,
	KIND_UPLINK,
	KINDS
};

static const char *const kind_names[KINDS] = {
	[KIND_SEGMENT] = "segment",
	[KIND_PORT] = "port",
	[KIND_BINDING] = "binding",
	[KIND_ZONE] = "zone",
	[KIND_UPLINK] = "uplink",
};

/* The counters of one object, and what tells it from others. */
struct item {
	enum kind		kind;
	char			name[SEGFAB_IFNAME_SIZE];
	char			master[SEGFAB_IFNAME_SIZE];
	char			id[SEGFAB_ID_SIZE];
	uint16_t		vlan;
	struct segfab_stats	stats;
};

/* All objects at one time. */
struct sample {
	struct item	*items;
	size_t		count;
	struct timespec	time;
};

/* What to show. */
struct selection {
	bool		kind[KINDS];
	const char	*name;
	const char	*id;
	unsigned long	interval;
	unsigned long	count;
};

static struct item *add_item(struct sample *sample, enum kind kind)
{
	struct item *item = ARRAY_ADD(&sample->items, &sample->count);

	if (!item)
		return NULL;
	memset(item, 0, offsetof(struct item, stats));
	item->kind = kind;
	return item;
}

static int add_segment(const struct segfab_segment *s, void *arg)
{
	struct item *item = add_item(arg, KIND_SEGMENT);

	if (!item)
		return -ENOMEM;
	memcpy(item->name, s->name, sizeof(item->name));
	item->stats = s->stats;
	return 0;
}

static int add_port(const struct segfab_port *p, void *arg)
{
	struct item *item = add_item(arg, KIND_PORT);

	if (!item)
		return -ENOMEM;
	memcpy(item->name, p->name, sizeof(item->name));
	memcpy(item->master, p->segment, sizeof(item->master));
	item->stats = p->stats;
	return 0;
}

static int add_binding(const struct segfab_binding *b, void *arg)
{
	struct item *item = add_item(arg, KIND_BINDING);

	if (!item)
		return -ENOMEM;
	memcpy(item->name, b->child, sizeof(item->name));
	memcpy(item->master, b->parent, sizeof(item->master));
	memcpy(item->id, b->id, sizeof(item->id));
	item->vlan = b->vlan;
	item->stats = b->stats;
	return 0;
}

static int add_zone(const struct segfab_zone *z, void *arg)
{
	struct item *item = add_item(arg, KIND_ZONE);

	if (!item)
		return -ENOMEM;
	memcpy(item->name, z->name, sizeof(item->name));
	item->stats = z->stats;
	return 0;
}

static int add_uplink(const struct segfab_uplink *u, void *arg)
{
	struct item *item = add_item(arg, KIND_UPLINK);

	if (!item)
		return -ENOMEM;
	memcpy(item->name, u->name, sizeof(item->name));
	memcpy(item->master, u->zone, sizeof(item->master));
	item->stats = u->stats;
	return 0;
}

static int take_segments(const char *name, struct sample *sample)
{
	struct segfab_segment s = {};
	int err;

	if (!name)
		return segfab_segment_dump(segctl.h, add_segment, sample);
	err = segfab_segment_get(segctl.h, name, &s);
	return err ? err : add_segment(&s, sample);
}

static int take_ports(const char *name, struct sample *sample)
{
	struct segfab_port p = {};
	int err;

	if (!name)
		return segfab_port_dump(segctl.h, NULL, add_port, sample);
	err = segfab_port_get(segctl.h, name, &p);
	return err ? err : add_port(&p, sample);
}

static int take_bindings(const char *child, const char *id,
			 struct sample *sample)
{
	struct segfab_binding b = {};
	int err;

	if (!id)
		return segfab_binding_dump(segctl.h, child, NULL, add_binding,
					   sample);
	err = segfab_binding_get(segctl.h, child, id, &b);
	return err ? err : add_binding(&b, sample);
}

static int take_zones(const char *name, struct sample *sample)
{
	struct segfab_zone z = {};
	int err;

	if (!name)
		return segfab_zone_dump(segctl.h, add_zone, sample);
	err = segfab_zone_get(segctl.h, name, &z);
	return err ? err : add_zone(&z, sample);
}

static int take_uplinks(const char *name, struct sample *sample)
{
	struct segfab_uplink u = {};
	int err;

	if (!name)
		return segfab_uplink_dump(segctl.h, NULL, add_uplink, sample);
	err = segfab_uplink_get(segctl.h, name, &u);
	return err ? err : add_uplink(&u, sample);
}

static int compare(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int diff = (int)x->kind - (int)y->kind;

	if (!diff)
		diff = strcmp(x->name, y->name);
	return diff ? diff : strcmp(x->id, y->id);
}

static int take_sample(const struct selection *what, struct sample *sample)
{
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &sample->time);
	sample->count = 0;
	if (what->kind[KIND_SEGMENT])
		err = take_segments(what->name, sample);
	if (!err && what->kind[KIND_PORT])
		err = take_ports(what->name, sample);
	if (!err && what->kind[KIND_BINDING])
		err = take_bindings(what->name, what->id, sample);
	if (!err && what->kind[KIND_ZONE])
		err = take_zones(what->name, sample);
	if (!err && what->kind[KIND_UPLINK])
		err = take_uplinks(what->name, sample);
	if (err == -ENOMEM)
		return failed("out of memory");
	array_sort(sample->items, sample->count, sizeof(*sample->items),
		   compare);
	return result(err);
}

static void string_or_null(const char *key, const char *label,
			   enum colour colour, const char *value)
{
	pr_string(key, label, colour, *value ? value : NULL);
}

static void show_item(const struct item *item,
		      const struct segfab_stats *before, double seconds)
{
	bool binding = item->kind == KIND_BINDING;

	pr_object(NULL);
	pr_string("object", "", PLAIN, kind_names[item->kind]);
	pr_string(binding ? "child" : "name", "", COLOUR_NAME, item->name);
	if (binding) {
		pr_string("id", "", PLAIN, item->id);
		pr_string("parent", "parent", COLOUR_NAME, item->master);
		pr_number("vlan", "vlan", item->vlan);
	} else {
		const char *master = item->kind == KIND_ZONE ||
				     item->kind == KIND_UPLINK ?
				     "zone" : "segment";

		string_or_null(master, master, COLOUR_NAME, item->master);
	}
	show_stats(&item->stats, before, seconds);
	pr_object_end();
}

static double seconds_between(const struct timespec *a,
			      const struct timespec *b)
{
	return b->tv_sec - a->tv_sec + (b->tv_nsec - a->tv_nsec) / 1e9;
}

/* An object that was not there before has no rates yet. */
static void show_sample(const struct sample *now, const struct sample *before)
{
	double seconds = before ? seconds_between(&before->time, &now->time) :
			 0;

	pr_begin();
	for (size_t i = 0; i < now->count; i++) {
		const struct item *old = NULL;

		if (before && before->count)
			old = bsearch(&now->items[i], before->items,
				      before->count, sizeof(*before->items),
				      compare);
		if (!before || old)
			show_item(&now->items[i], old ? &old->stats : NULL,
				  seconds);
	}
	pr_end(DONE);
}

/* Return: whether @at has come, and no signal before it. */
static bool wait_until(const struct timespec *at)
{
	while (!stopped) {
		struct timespec now, left;

		clock_gettime(CLOCK_MONOTONIC, &now);
		left.tv_sec = at->tv_sec - now.tv_sec;
		left.tv_nsec = at->tv_nsec - now.tv_nsec;
		if (left.tv_nsec < 0) {
			left.tv_nsec += NS;
			left.tv_sec--;
		}
		if (left.tv_sec < 0)
			return true;
		wait_unless_stopped(NULL, &left);
	}
	return false;
}

/* Show what changes, until a signal or @what->count times. */
static int repeat(const struct selection *what)
{
	struct sample samples[2] = {};
	struct timespec at;
	unsigned long n;
	int ret;

	catch_signals();
	ret = take_sample(what, &samples[0]);
	at = samples[0].time;
	for (n = 1; ret == DONE && (!what->count || n <= what->count); n++) {
		at.tv_sec += what->interval;
		if (!wait_until(&at))
			break;

		ret = take_sample(what, &samples[n % 2]);
		if (ret != DONE)
			break;
		/* Turns that were missed are not made up for. */
		if (seconds_between(&at, &samples[n % 2].time) > what->interval)
			at = samples[n % 2].time;
		if (n > 1)
			pr_break();
		show_sample(&samples[n % 2], &samples[(n + 1) % 2]);
		if (fflush(stdout))
			break;
	}
	free(samples[0].items);
	free(samples[1].items);
	return ret;
}

static int parse_watch(struct args *args, struct selection *what)
{
	const char *word = next(args), *value;
	int ret;

	if (!word)
		return DONE;
	if (strcmp(word, "-w"))
		return usage_error("unexpected \"%s\"", word);
	value = next(args);
	if (!value)
		return usage_error("-w: its value is missing");
	ret = parse_number("-w", value, 1, INTERVAL_MAX, &what->interval);
	if (ret != DONE || !peek(args) || strcmp(peek(args), "count"))
		return ret == DONE ? no_more(args) : ret;

	next(args);
	value = next(args);
	if (!value)
		return usage_error("count: its value is missing");
	ret = parse_number("count", value, 1, UINT32_MAX, &what->count);
	return ret == DONE ? no_more(args) : ret;
}

static bool has_name(const struct args *args)
{
	return peek(args) && strcmp(peek(args), "-w");
}

static int parse_selection(struct args *args, struct selection *what)
{
	const char *word = peek(args);
	bool any = false;
	int ret = DONE;

	for (int kind = 0; kind < KINDS; kind++) {
		what->kind[kind] = !has_name(args) ||
				   !strcmp(word, kind_names[kind]);
		any |= what->kind[kind];
	}
	if (!has_name(args))
		return DONE;

	next(args);
	if (!any)
		return usage_error("stats: \"%s\" is not segment, port, binding, zone or uplink",
				   word);
	if (has_name(args))
		ret = parse_name(args, "name", &what->name);
	if (ret == DONE && what->kind[KIND_BINDING] && has_name(args))
		ret = parse_id(args, &what->id);
	return ret;
}

static int stats_show(struct args *args)
{
	struct selection what = {};
	struct sample sample = {};
	int ret;

	ret = parse_selection(args, &what);
	if (ret == DONE)
		ret = parse_watch(args, &what);
	if (ret != DONE)
		return ret;
	if (what.interval)
		return repeat(&what);

	ret = take_sample(&what, &sample);
	if (ret == DONE)
		show_sample(&sample, NULL);
	free(sample.items);
	return ret;
}

static const struct command commands[] = {
	{ "show", stats_show, true },
};

const struct object stats_object = {
	.name = "stats",
	.commands = commands,
	.count = ARRAY_SIZE(commands),
	.usage = usage,
};
