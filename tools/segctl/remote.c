// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl remote
 */
#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl remote { add | del } SEGMENT ADDRESS\n"
	"       segctl remote show [ SEGMENT ]\n";

static int parse_remote(struct args *args, const char **segment,
			const char **address)
{
	int ret;

	ret = parse_name(args, "name of the segment", segment);
	if (ret == DONE)
		ret = parse_only_name(args, "remote tunnel address", address);
	return ret;
}

static int remote_add(struct args *args)
{
	const char *segment, *address;
	int ret;

	ret = parse_remote(args, &segment, &address);
	if (ret != DONE)
		return ret;
	return result(segfab_remote_add(segctl.h, segment, address));
}

static int remote_del(struct args *args)
{
	const char *segment, *address;
	int ret;

	ret = parse_remote(args, &segment, &address);
	if (ret != DONE)
		return ret;
	return result(segfab_remote_del(segctl.h, segment, address));
}

static int show_each(const struct segfab_remote *r, void *arg)
{
	(void)arg;
	show_remote(NULL, r);
	return 0;
}

static int remote_show(struct args *args)
{
	const char *segment = NULL;
	int ret = DONE;

	if (peek(args))
		ret = parse_only_name(args, "name of the segment", &segment);
	if (ret != DONE)
		return ret;

	pr_begin();
	return pr_end(result(segfab_remote_dump(segctl.h, segment, show_each,
						NULL)));
}

static const struct command commands[] = {
	{ "show", remote_show, true },
	{ "add", remote_add, false },
	{ "del", remote_del, false },
};

const struct object remote_object = {
	.name = "remote",
	.commands = commands,
	.count = ARRAY_SIZE(commands),
	.usage = usage,
};
