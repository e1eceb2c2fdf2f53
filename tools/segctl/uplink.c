// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl uplink
 */
#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl uplink add UPLINK zone ZONE [ SETTING ]...\n"
	"       segctl uplink set UPLINK SETTING...\n"
	"       segctl uplink del UPLINK\n"
	"       segctl uplink show [ UPLINK | zone ZONE ]\n"
	"where  SETTING := { priority NUMBER | trace { on | off } }\n";

static const struct word settings[] = {
	{ .name = "priority", .type = WORD_U32, .bit = SEGFAB_UPLINK_PRIORITY,
	  .offset = offsetof(struct segfab_uplink_settings, priority),
	  .max = UINT32_MAX },
	{ .name = "trace", .type = WORD_ONOFF, .bit = SEGFAB_UPLINK_TRACE,
	  .offset = offsetof(struct segfab_uplink_settings, trace) },
};

static int parse_zone(struct args *args, const char **zone)
{
	return parse_master(args, "zone", "zone ZONE", "name of the zone",
			    zone);
}

static int uplink_add(struct args *args)
{
	struct segfab_uplink_settings s = {};
	const char *uplink, *zone;
	int ret;

	ret = parse_name(args, "name of the uplink", &uplink);
	if (ret == DONE)
		ret = parse_zone(args, &zone);
	if (ret == DONE)
		ret = parse_words(args, settings, ARRAY_SIZE(settings), &s);
	if (ret != DONE)
		return ret;
	return result(segfab_uplink_add(segctl.h, uplink, zone, &s));
}

static int uplink_set(struct args *args)
{
	struct segfab_uplink_settings s = {};
	const char *uplink;
	int ret;

	ret = parse_change(args, "name of the uplink", &uplink, settings,
			   ARRAY_SIZE(settings), &s);
	if (ret != DONE)
		return ret;
	return result(segfab_uplink_set(segctl.h, uplink, &s));
}

static int uplink_del(struct args *args)
{
	const char *uplink;
	int ret;

	ret = parse_only_name(args, "name of the uplink", &uplink);
	return ret == DONE ? result(segfab_uplink_del(segctl.h, uplink)) : ret;
}

static int show_one(const char *name)
{
	struct segfab_uplink uplink = {};
	int err;

	err = segfab_uplink_get(segctl.h, name, &uplink);
	if (err)
		return refused(err);

	pr_begin();
	show_uplink(NULL, &uplink);
	return pr_end(DONE);
}

static int show_each(const struct segfab_uplink *u, void *arg)
{
	(void)arg;
	show_uplink(NULL, u);
	return 0;
}

static int uplink_show(struct args *args)
{
	const char *zone = NULL, *uplink = NULL;
	int ret = DONE;

	if (args->argc >= 2)
		ret = parse_zone(args, &zone);
	else if (peek(args))
		ret = parse_name(args, "name of the uplink", &uplink);
	if (ret == DONE)
		ret = no_more(args);
	if (ret != DONE)
		return ret;
	if (uplink)
		return show_one(uplink);

	pr_begin();
	return pr_end(result(segfab_uplink_dump(segctl.h, zone, show_each,
						NULL)));
}

static const struct command commands[] = {
	{ "show", uplink_show, true },
	{ "add", uplink_add, false },
	{ "set", uplink_set, false },
	{ "del", uplink_del, false },
};

const struct object uplink_object = {
	.name = "uplink",
	.commands = commands,
	.count = ARRAY_SIZE(commands),
	.usage = usage,
};
