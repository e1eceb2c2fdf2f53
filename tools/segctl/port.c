// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl port
 */
#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl port add PORT segment SEGMENT [ SETTING ]...\n"
	"       segctl port set PORT SETTING...\n"
	"       segctl port del PORT\n"
	"       segctl port show [ PORT | segment SEGMENT ]\n"
	"where  SETTING := { learning { on | off } | flood { on | off } |\n"
	"                    mcast_flood { on | off } | bcast_flood { on | off } |\n"
	"                    isolated { on | off } | fdb-limit { NUMBER | none } |\n"
	"                    fdb-limit-policy { forward | drop } }\n";

#define SETTING(_name, _type, _member, _bit, ...)			\
	{ .name = _name, .type = _type, .bit = SEGFAB_PORT_##_bit,	\
	  .offset = offsetof(struct segfab_port_settings, _member),	\
	  __VA_ARGS__ }

static const struct word settings[] = {
	SETTING("learning", WORD_ONOFF, learning, LEARNING),
	SETTING("flood", WORD_ONOFF, flood, FLOOD),
	SETTING("mcast_flood", WORD_ONOFF, mcast_flood, MCAST_FLOOD),
	SETTING("bcast_flood", WORD_ONOFF, bcast_flood, BCAST_FLOOD),
	SETTING("isolated", WORD_ONOFF, isolated, ISOLATED),
	SETTING("fdb-limit", WORD_LIMIT, fdb_limit, FDB_LIMIT,
		.min = 1, .max = UINT32_MAX),
	SETTING("fdb-limit-policy", WORD_POLICY, fdb_limit_policy,
		FDB_LIMIT_POLICY),
};

static int parse_segment(struct args *args, const char **segment)
{
	return parse_master(args, "segment", "segment SEGMENT", "name of the segment",
			    segment);
}

static int port_add(struct args *args)
{
	struct segfab_port_settings s = {};
	const char *port, *segment;
	int ret;

	ret = parse_name(args, "name of the port", &port);
	if (ret == DONE)
		ret = parse_segment(args, &segment);
	if (ret == DONE)
		ret = parse_words(args, settings, ARRAY_SIZE(settings), &s);
	if (ret != DONE)
		return ret;
	return result(segfab_port_add(segctl.h, port, segment, &s));
}

static int port_set(struct args *args)
{
	struct segfab_port_settings s = {};
	const char *port;
	int ret;

	ret = parse_change(args, "name of the port", &port, settings,
			   ARRAY_SIZE(settings), &s);
	if (ret != DONE)
		return ret;
	return result(segfab_port_set(segctl.h, port, &s));
}

static int port_del(struct args *args)
{
	const char *port;
	int ret;

	ret = parse_only_name(args, "name of the port", &port);
	return ret == DONE ? result(segfab_port_del(segctl.h, port)) : ret;
}

static int show_one(const char *name)
{
	struct segfab_port port = {};
	int err;

	err = segfab_port_get(segctl.h, name, &port);
	if (err)
		return refused(err);

	pr_begin();
	show_port(NULL, &port);
	return pr_end(DONE);
}

static int show_each(const struct segfab_port *p, void *arg)
{
	(void)arg;
	show_port(NULL, p);
	return 0;
}

static int port_show(struct args *args)
{
	const char *segment = NULL, *port = NULL;
	int ret = DONE;

	if (args->argc >= 2)
		ret = parse_segment(args, &segment);
	else if (peek(args))
		ret = parse_name(args, "name of the port", &port);
	if (ret == DONE)
		ret = no_more(args);
	if (ret != DONE)
		return ret;
	if (port)
		return show_one(port);

	pr_begin();
	return pr_end(result(segfab_port_dump(segctl.h, segment, show_each,
					      NULL)));
}

static const struct command commands[] = {
	{ "show", port_show, true },
	{ "add", port_add, false },
	{ "set", port_set, false },
	{ "del", port_del, false },
};

const struct object port_object = {
	.name = "port",
	.commands = commands,
	.count = ARRAY_SIZE(commands),
	.usage = usage,
};
