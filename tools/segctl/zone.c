// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl zone
 */
#include <errno.h>
#include <string.h>

#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl zone add NAME [ mode { vlan | overlay } ] [ SETTING ]...\n"
	"       segctl zone set NAME SETTING...\n"
	"       segctl zone del NAME\n"
	"       segctl zone show [ NAME ]\n"
	"where  SETTING := { teaming { failover-order | lb-srcid | lb-srcmac } |\n"
	"                    failback { on | off } }\n";

#define SETTING(_name, _type, _member, _bit, ...)			\
	{ .name = _name, .type = _type, .bit = SEGFAB_ZONE_##_bit,	\
	  .offset = offsetof(struct segfab_zone_settings, _member),	\
	  __VA_ARGS__ }

/* The last word may stand only where the zone is made. */
static const struct word settings[] = {
	SETTING("teaming", WORD_CHOICE, teaming, TEAMING,
		.min = SEGFAB_TEAMING_FAILOVER_ORDER,
		.max = SEGFAB_TEAMING_LB_SRCMAC, .names = teaming_names),
	SETTING("failback", WORD_ONOFF, failback, FAILBACK),
	SETTING("mode", WORD_CHOICE, mode, MODE,
		.max = SEGFAB_ZONE_MODE_OVERLAY, .names = mode_names),
};

static int zone_add(struct args *args)
{
	struct segfab_zone_settings s = {};
	const char *name;
	int ret;

	ret = parse_name(args, "name of the zone", &name);
	if (ret == DONE)
		ret = check_ifname(name);
	if (ret == DONE && !strcmp(name, "none"))
		ret = usage_error("\"none\" cannot be the name of a zone");
	if (ret == DONE)
		ret = parse_words(args, settings, ARRAY_SIZE(settings), &s);
	if (ret != DONE)
		return ret;
	return result(segfab_zone_add(segctl.h, name, &s));
}

static int zone_set(struct args *args)
{
	struct segfab_zone_settings s = {};
	const char *name;
	int ret;

	ret = parse_change(args, "name of the zone", &name, settings,
			   ARRAY_SIZE(settings) - 1, &s);
	if (ret != DONE)
		return ret;
	return result(segfab_zone_set(segctl.h, name, &s));
}

static int segment_in_the_way(const struct segfab_segment *s, void *arg)
{
	if (strcmp(s->zone, arg))
		return 0;
	if (s->has_zone_vni)
		error_object("%s vni %u", s->name, s->zone_vni);
	else
		error_object("%s vlan %u", s->name, s->zone_vlan);
	return 0;
}

static int zone_del(struct args *args)
{
	struct segfab_zone zone = {};
	const char *name;
	int ret, err;

	ret = parse_only_name(args, "name of the zone", &name);
	if (ret != DONE)
		return ret;

	err = segfab_zone_del(segctl.h, name);
	ret = result(err);
	if (err == -EBUSY && !segfab_zone_get(segctl.h, name, &zone))
		segfab_segment_dump(segctl.h, segment_in_the_way, zone.name);
	return ret;
}

static int show_one(const char *name)
{
	struct segfab_zone zone = {};
	int err;

	err = segfab_zone_get(segctl.h, name, &zone);
	if (err)
		return refused(err);

	pr_begin();
	show_zone(NULL, &zone);
	return pr_end(DONE);
}

static int show_each(const struct segfab_zone *z, void *arg)
{
	(void)arg;
	show_zone(NULL, z);
	return 0;
}

static int zone_show(struct args *args)
{
	const char *name = NULL;
	int ret = DONE;

	if (peek(args))
		ret = parse_only_name(args, "name of the zone", &name);
	if (ret != DONE)
		return ret;
	if (name)
		return show_one(name);

	pr_begin();
	return pr_end(result(segfab_zone_dump(segctl.h, show_each, NULL)));
}

static const struct command commands[] = {
	{ "show", zone_show, true },
	{ "add", zone_add, false },
	{ "set", zone_set, false },
	{ "del", zone_del, false },
};

const struct object zone_object = {
	.name = "zone",
	.commands = commands,
	.count = ARRAY_SIZE(commands),
	.usage = usage,
};
