// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl policy
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl policy { add | replace } ZONE NAME active LIST [ SETTING ]...\n"
	"       segctl policy set ZONE NAME [ active LIST ] [ SETTING ]...\n"
	"       segctl policy del ZONE NAME\n"
	"       segctl policy show [ ZONE [ NAME ] ]\n"
	"where  SETTING := { teaming { failover-order | lb-srcid | lb-srcmac } |\n"
	"                    standby { LIST | none } }\n"
	"       LIST    := uplinks of the zone, such as eth1,eth2\n";

#define LIST_SIZE	1024

/**
 * struct policy_args - what a command line says
 * @s: settings, which point into the texts
 * @active: list of uplinks, cut up
 * @standby: list of uplinks, cut up
 */
struct policy_args {
	struct segfab_policy_settings	s;
	char				active[LIST_SIZE];
	char				standby[LIST_SIZE];
};

/* Cut a list up in @text. */
static int parse_list(struct args *args, const char *what, char *text,
		      const char **uplinks, uint32_t *count)
{
	const char *list = next(args);
	char *name;

	if (!list)
		return usage_error("%s: its value is missing", what);
	if (snprintf(text, LIST_SIZE, "%s", list) >= LIST_SIZE)
		return usage_error("%s: the list is longer than %d bytes", what,
				   LIST_SIZE - 1);
	while ((name = strsep(&text, ","))) {
		if (!*name)
			return usage_error("%s: \"%s\" is not a list of uplinks such as eth1,eth2",
					   what, list);
		if (*count == SEGFAB_POLICY_UPLINKS_MAX)
			return usage_error("%s: a policy has at most %d uplinks",
					   what, SEGFAB_POLICY_UPLINKS_MAX);
		uplinks[(*count)++] = name;
	}
	return DONE;
}

static int parse_active(struct args *args, void *target)
{
	struct policy_args *p = target;

	return parse_list(args, "active", p->active, p->s.active,
			  &p->s.active_count);
}

static int parse_standby(struct args *args, void *target)
{
	struct policy_args *p = target;

	if (peek(args) && !strcmp(peek(args), "none")) {
		next(args);
		return DONE;
	}
	return parse_list(args, "standby", p->standby, p->s.standby,
			  &p->s.standby_count);
}

static const struct word settings[] = {
	{ .name = "teaming", .type = WORD_CHOICE, .bit = SEGFAB_POLICY_TEAMING,
	  .offset = offsetof(struct policy_args, s.teaming),
	  .min = SEGFAB_TEAMING_FAILOVER_ORDER,
	  .max = SEGFAB_TEAMING_LB_SRCMAC, .names = teaming_names },
	{ .name = "active", .type = WORD_OWN, .bit = SEGFAB_POLICY_ACTIVE,
	  .parse = parse_active },
	{ .name = "standby", .type = WORD_OWN, .bit = SEGFAB_POLICY_STANDBY,
	  .parse = parse_standby },
};

static int parse_policy(struct args *args, const char **zone, const char **name)
{
	int ret;

	ret = parse_name(args, "name of the zone", zone);
	return ret == DONE ? parse_name(args, "name of the policy", name) : ret;
}

/* "segctl segment set ... teaming" has words of its own. */
static int check_policy_name(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(teaming_names); i++) {
		if (!strcmp(name, teaming_names[i]))
			return usage_error("\"%s\" cannot be the name of a policy",
					   name);
	}
	return DONE;
}

static int policy_write(struct args *args, enum segfab_write how)
{
	struct policy_args p = {};
	const char *zone, *name;
	int ret;

	ret = parse_policy(args, &zone, &name);
	if (ret == DONE)
		ret = check_policy_name(name);
	if (ret == DONE)
		ret = parse_words(args, settings, ARRAY_SIZE(settings), &p);
	if (ret != DONE)
		return ret;
	if (how == SEGFAB_SET && !p.s.set)
		return usage_error("nothing to set");
	return result(segfab_policy_write(segctl.h, how, zone, name, &p.s));
}

static int policy_add(struct args *args)
{
	return policy_write(args, SEGFAB_ADD);
}

static int policy_set(struct args *args)
{
	return policy_write(args, SEGFAB_SET);
}

static int policy_replace(struct args *args)
{
	return policy_write(args, SEGFAB_REPLACE);
}

static int segment_in_the_way(const struct segfab_segment *s, void *arg)
{
	const struct segfab_policy *p = arg;

	if (s->zone_ifindex == p->zone_ifindex &&
	    !strcmp(s->teaming_policy, p->name))
		error_object("%s", s->name);
	return 0;
}

static int policy_del(struct args *args)
{
	struct segfab_policy policy = {};
	const char *zone, *name;
	int ret, err;

	ret = parse_policy(args, &zone, &name);
	if (ret == DONE)
		ret = no_more(args);
	if (ret != DONE)
		return ret;

	err = segfab_policy_del(segctl.h, zone, name);
	ret = result(err);
	if (err == -EBUSY && !segfab_policy_get(segctl.h, zone, name, &policy))
		segfab_segment_dump(segctl.h, segment_in_the_way, &policy);
	return ret;
}

static int show_one(const char *zone, const char *name)
{
	struct segfab_policy policy = {};
	int err;

	err = segfab_policy_get(segctl.h, zone, name, &policy);
	if (err)
		return refused(err);

	pr_begin();
	show_policy(NULL, &policy);
	return pr_end(DONE);
}

static int show_each(const struct segfab_policy *p, void *arg)
{
	(void)arg;
	show_policy(NULL, p);
	return 0;
}

static int policy_show(struct args *args)
{
	const char *zone = NULL, *name = NULL;
	int ret = DONE;

	if (peek(args))
		ret = parse_name(args, "name of the zone", &zone);
	if (ret == DONE && peek(args))
		ret = parse_name(args, "name of the policy", &name);
	if (ret == DONE)
		ret = no_more(args);
	if (ret != DONE)
		return ret;
	if (name)
		return show_one(zone, name);

	pr_begin();
	return pr_end(result(segfab_policy_dump(segctl.h, zone, show_each,
						NULL)));
}

static const struct command commands[] = {
	{ "show", policy_show, true },
	{ "add", policy_add, false },
	{ "set", policy_set, false },
	{ "replace", policy_replace, false },
	{ "del", policy_del, false },
};

const struct object policy_object = {
	.name = "policy",
	.commands = commands,
	.count = ARRAY_SIZE(commands),
	.usage = usage,
};
