// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl segment
 */
#include <errno.h>
#include <string.h>

#include "links.h"
#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl segment add NAME [ SETTING ]...\n"
	"       segctl segment set NAME SETTING...\n"
	"       segctl segment del NAME\n"
	"       segctl segment show [ NAME ]\n"
	"where  SETTING := { ageing SECONDS | flood { on | off } |\n"
	"                    guest-vlans { LIST | none } | mtu BYTES |\n"
	"                    address MAC | up | down |\n"
	"                    zone { ZONE | none } | vlan { VID | 0 } | vni VNI |\n"
	"                    teaming { zone | failover-order | lb-srcid |\n"
	"                              lb-srcmac | POLICY } |\n"
	"                    fdb-limit { NUMBER | none } |\n"
	"                    fdb-limit-policy { forward | drop } }\n"
	"       LIST    := VLAN ids and ranges, such as 1-5,7\n";

#define AGEING_MAX	1000000
#define MTU_MIN		68
#define MTU_MAX		65535

/* Besides SEGFAB_SEGMENT_*, one of which it stands for. */
#define GIVEN_TEAMING	(1U << 31)

#define SETTING(_name, _type, _member, _bit, ...)			\
	{ .name = _name, .type = _type, .bit = SEGFAB_SEGMENT_##_bit,	\
	  .offset = offsetof(struct segfab_segment_settings, _member),	\
	  __VA_ARGS__ }

/* "zone ZONE", or "zone none" to leave it. */
static int parse_zone(struct args *args, void *target)
{
	struct segfab_segment_settings *s = target;
	int ret;

	ret = parse_name(args, "name of the zone", &s->zone);
	if (ret == DONE && !strcmp(s->zone, "none"))
		s->zone = NULL;
	return ret;
}

/* "teaming" with all uplinks of the zone, or as a policy of that name says. */
static int parse_teaming(struct args *args, void *target)
{
	struct segfab_segment_settings *s = target;
	int ret;

	ret = parse_name(args, "teaming", &s->teaming_policy);
	if (ret != DONE)
		return ret;
	for (unsigned int i = 0; i < ARRAY_SIZE(teaming_names); i++) {
		if (!strcmp(s->teaming_policy, teaming_names[i])) {
			s->teaming = i;
			s->set |= SEGFAB_SEGMENT_TEAMING;
			return DONE;
		}
	}
	s->set |= SEGFAB_SEGMENT_TEAMING_POLICY;
	return DONE;
}

static const struct word settings[] = {
	SETTING("ageing", WORD_U32, ageing_time, AGEING_TIME,
		.max = AGEING_MAX),
	SETTING("flood", WORD_ONOFF, flood, FLOOD),
	SETTING("guest-vlans", WORD_VLANS, guest_vlans, GUEST_VLANS),
	SETTING("mtu", WORD_U32, mtu, MTU, .min = MTU_MIN, .max = MTU_MAX),
	SETTING("address", WORD_MAC, mac, MAC),
	SETTING("zone", WORD_OWN, zone, ZONE, .parse = parse_zone),
	SETTING("vlan", WORD_U16, zone_vlan, ZONE_VLAN, .max = SEGFAB_VLAN_MAX),
	SETTING("vni", WORD_U32, zone_vni, ZONE_VNI, .max = SEGFAB_VNI_MAX),
	{ .name = "teaming", .type = WORD_OWN, .bit = GIVEN_TEAMING,
	  .parse = parse_teaming },
	SETTING("fdb-limit", WORD_LIMIT, zone_fdb_limit, ZONE_FDB_LIMIT,
		.min = 1, .max = UINT32_MAX),
	SETTING("fdb-limit-policy", WORD_POLICY, zone_fdb_limit_policy,
		ZONE_FDB_LIMIT_POLICY),
	SETTING("up", WORD_TRUE, up, UP),
	SETTING("down", WORD_FALSE, up, UP),
};

static int segment_add(struct args *args)
{
	struct segfab_segment_settings s = {};
	const char *name;
	int ret;

	ret = parse_name(args, "name of the segment", &name);
	if (ret == DONE)
		ret = check_ifname(name);
	if (ret == DONE)
		ret = parse_words(args, settings, ARRAY_SIZE(settings), &s);
	if (ret != DONE)
		return ret;
	return result(segfab_segment_add(segctl.h, name, &s));
}

static int segment_set(struct args *args)
{
	struct segfab_segment_settings s = {};
	const char *name;
	int ret;

	ret = parse_change(args, "name of the segment", &name, settings,
			   ARRAY_SIZE(settings), &s);
	if (ret != DONE)
		return ret;
	return result(segfab_segment_set(segctl.h, name, &s));
}

static int binding_in_the_way(const struct segfab_binding *b, void *arg)
{
	(void)arg;
	error_object("%s %s parent %s vlan %u", b->child, b->id, b->parent,
		     b->vlan);
	return 0;
}

static int segment_del(struct args *args)
{
	const char *name;
	int ret, err;

	ret = parse_only_name(args, "name of the segment", &name);
	if (ret != DONE)
		return ret;

	err = segfab_segment_del(segctl.h, name);
	ret = result(err);
	if (err == -EBUSY) {
		/* A segment is a child or a parent, never both. */
		segfab_binding_dump(segctl.h, name, NULL, binding_in_the_way,
				    NULL);
		segfab_binding_dump(segctl.h, NULL, name, binding_in_the_way,
				    NULL);
	}
	return ret;
}

static int show_one(const char *name)
{
	struct segfab_segment segment = {};
	struct segfab_link link = {};
	int err;

	err = segfab_segment_get(segctl.h, name, &segment);
	if (!err)
		err = segfab_link_get(segctl.h, segment.name, &link);
	if (err)
		return refused(err);

	pr_begin();
	show_segment(NULL, &segment, &link);
	return pr_end(DONE);
}

static int show_with_link(const struct segfab_segment *s, void *arg)
{
	const struct segfab_link *link = links_find(arg, s->ifindex);

	if (link)
		show_segment(NULL, s, link);
	return 0;
}

static int segment_show(struct args *args)
{
	struct links links = {};
	const char *name;
	int ret;

	if (peek(args)) {
		ret = parse_only_name(args, "name of the segment", &name);
		return ret == DONE ? show_one(name) : ret;
	}

	ret = links_load(&links);
	if (ret == DONE) {
		pr_begin();
		ret = result(segfab_segment_dump(segctl.h, show_with_link,
						 &links));
		pr_end(ret);
	}
	links_free(&links);
	return ret;
}

static const struct command commands[] = {
	{ "show", segment_show, true },
	{ "add", segment_add, false },
	{ "set", segment_set, false },
	{ "del", segment_del, false },
};

const struct object segment_object = {
	.name = "segment",
	.commands = commands,
	.count = ARRAY_SIZE(commands),
	.usage = usage,
};
