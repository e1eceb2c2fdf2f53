// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl binding
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl binding { add | replace } CHILD ID parent PARENT vlan TAG\n"
	"                      [ LIMIT ]...\n"
	"       segctl binding set CHILD ID [ parent PARENT ] [ vlan TAG ] [ LIMIT ]...\n"
	"       segctl binding add CHILD% ID parent PARENT vlan LIST [ LIMIT ]...\n"
	"       segctl binding del CHILD ID\n"
	"       segctl binding del [ child CHILD ] [ parent PARENT ] [ vlan LIST ]\n"
	"       segctl binding show [ CHILD [ ID ] ]\n"
	"       segctl binding show [ child CHILD ] [ parent PARENT ] [ vlan LIST ]\n"
	"where  TAG     := { VID | auto [ range VID-VID ] }\n"
	"       LIMIT   := { fdb-limit { NUMBER | none } |\n"
	"                    fdb-limit-policy { forward | drop } }\n"
	"       LIST    := VLAN ids and ranges, such as 1-5,7\n"
	"With a LIST, each % in CHILD and in ID stands for the VLAN id.\n";

#define GIVEN_VLAN	(1U << 30)
#define GIVEN_CHILD	(1U << 29)
#define GIVEN_LIST	(1U << 28)
#define GIVEN_ANY	(GIVEN_VLAN | GIVEN_CHILD | GIVEN_LIST)

/**
 * struct binding_args - what a command line says
 * @s: settings; @s.set has GIVEN_* besides SEGFAB_BINDING_*
 * @vlans: the tags, where several may be given
 * @child: child segment, for filters
 */
struct binding_args {
	struct segfab_binding_settings	s;
	struct segfab_vlans		vlans;
	const char			*child;
};

/* "A-B" after "range". */
static int parse_range(struct args *args, struct segfab_binding_settings *s)
{
	const char *range = next(args);
	struct segfab_vlans vlans;
	unsigned int last;

	if (!range || !strchr(range, '-') || strchr(range, ',') ||
	    segfab_vlans_parse(&vlans, range))
		return usage_error("range: \"%s\" is not a range of VLAN ids from %d to %d such as 100-199",
				   range ? range : "", SEGFAB_VLAN_MIN,
				   SEGFAB_VLAN_MAX);

	s->vlan_first = segfab_vlans_next(&vlans, SEGFAB_VLAN_MIN);
	last = s->vlan_first + segfab_vlans_count(&vlans) - 1;
	s->vlan_last = last;
	s->set |= SEGFAB_BINDING_VLAN_RANGE;
	return DONE;
}

/* What follows "vlan": a tag, a list of tags, or "auto". */
static int parse_vlan(struct args *args, void *target)
{
	struct binding_args *b = target;
	const char *value = next(args);
	unsigned long vlan;
	int ret;

	if (!value)
		return usage_error("vlan: its value is missing");
	if (!strcmp(value, "auto")) {
		b->s.set |= SEGFAB_BINDING_VLAN_AUTO;
		if (!peek(args) || strcmp(peek(args), "range"))
			return DONE;
		next(args);
		return parse_range(args, &b->s);
	}

	if (strpbrk(value, "-,")) {
		b->s.set |= GIVEN_LIST;
		return parse_vlans("vlan", value, &b->vlans);
	}
	ret = parse_number("vlan", value, SEGFAB_VLAN_MIN, SEGFAB_VLAN_MAX,
			   &vlan);
	if (ret != DONE)
		return ret;
	segfab_vlans_add(&b->vlans, vlan);
	b->s.vlan = vlan;
	b->s.set |= SEGFAB_BINDING_VLAN;
	return DONE;
}

static const struct word settings[] = {
	{ .name = "parent", .type = WORD_NAME, .bit = SEGFAB_BINDING_PARENT,
	  .offset = offsetof(struct binding_args, s.parent) },
	{ .name = "vlan", .type = WORD_OWN, .bit = GIVEN_VLAN,
	  .parse = parse_vlan },
	{ .name = "fdb-limit", .type = WORD_LIMIT,
	  .bit = SEGFAB_BINDING_FDB_LIMIT,
	  .offset = offsetof(struct binding_args, s.fdb_limit),
	  .min = 1, .max = UINT32_MAX },
	{ .name = "fdb-limit-policy", .type = WORD_POLICY,
	  .bit = SEGFAB_BINDING_FDB_LIMIT_POLICY,
	  .offset = offsetof(struct binding_args, s.fdb_limit_policy) },
};

static const struct word filters[] = {
	{ .name = "child", .type = WORD_NAME, .bit = GIVEN_CHILD,
	  .offset = offsetof(struct binding_args, child) },
	{ .name = "parent", .type = WORD_NAME, .bit = SEGFAB_BINDING_PARENT,
	  .offset = offsetof(struct binding_args, s.parent) },
	{ .name = "vlan", .type = WORD_OWN, .bit = GIVEN_VLAN,
	  .parse = parse_vlan },
};

static int write_one(enum segfab_write how, const char *child, const char *id,
		     const struct segfab_binding_settings *s)
{
	bool tell = s->set & SEGFAB_BINDING_VLAN_AUTO;
	struct segfab_binding b = {};
	int ret;

	ret = result(segfab_binding_write(segctl.h, how, child, id, s,
					  tell ? &b : NULL));
	if (ret == DONE && tell) {
		pr_begin();
		show_binding(NULL, &b);
		pr_end(ret);
	}
	return ret;
}

/* Put a VLAN id in place of each "%". */
static int fill_in(const char *what, const char *pattern, unsigned int vlan,
		   char *buf, size_t size)
{
	size_t len = 0;

	for (; *pattern; pattern++) {
		int n = *pattern == '%' ?
			snprintf(buf + len, size - len, "%u", vlan) :
			snprintf(buf + len, size - len, "%c", *pattern);

		if (len + n >= size)
			return usage_error("%s: too long with VLAN id %u in it",
					   what, vlan);
		len += n;
	}
	return DONE;
}

/* A binding map of a list. */
struct one_of_list {
	char	child[NAME_MAX_LEN + 1];
	char	id[SEGFAB_ID_SIZE];
};

static int fill_in_both(const char *child, const char *id, unsigned int vlan,
			struct one_of_list *one)
{
	int ret;

	ret = fill_in("child", child, vlan, one->child, sizeof(one->child));
	if (ret == DONE)
		ret = fill_in("id", id, vlan, one->id, sizeof(one->id));
	return ret;
}

/* Remove what add_list() made, from the lowest tag to below @end. */
static void undo_list(const char *child, const char *id,
		      const struct segfab_vlans *vlans, unsigned int end)
{
	struct one_of_list one;
	unsigned int vlan;

	for (vlan = segfab_vlans_next(vlans, 1); vlan && vlan < end;
	     vlan = segfab_vlans_next(vlans, vlan + 1)) {
		if (fill_in_both(child, id, vlan, &one) == DONE)
			segfab_binding_del(segctl.h, one.child, one.id);
	}
}

/* A binding map for each tag of a list: all of them or none. */
static int add_list(const char *child, const char *id,
		    const struct binding_args *b)
{
	struct segfab_binding_settings s = b->s;
	struct one_of_list one;
	unsigned int vlan;
	int ret, err;

	/* A child has one tag on a parent. */
	if (!strchr(child, '%'))
		return usage_error("child: \"%s\" needs a %% for the VLAN id, as a child has one tag on a parent",
				   child);

	s.set &= ~GIVEN_ANY;
	s.set |= SEGFAB_BINDING_VLAN;
	for (vlan = segfab_vlans_next(&b->vlans, 1); vlan;
	     vlan = segfab_vlans_next(&b->vlans, vlan + 1)) {
		ret = fill_in_both(child, id, vlan, &one);
		if (ret != DONE)
			goto undo;

		s.vlan = vlan;
		err = segfab_binding_write(segctl.h, SEGFAB_ADD, one.child,
					   one.id, &s, NULL);
		if (err) {
			ret = failed("%s %s vlan %u: %s; none was made",
				     one.child, one.id, vlan,
				     segfab_error(segctl.h));
			goto undo;
		}
	}
	return DONE;

undo:
	undo_list(child, id, &b->vlans, vlan);
	return ret;
}

static int binding_write(struct args *args, enum segfab_write how)
{
	struct binding_args b = {};
	const char *child, *id;
	int ret;

	ret = parse_name(args, "name of the child", &child);
	if (ret == DONE)
		ret = parse_id(args, &id);
	if (ret == DONE)
		ret = parse_words(args, settings, ARRAY_SIZE(settings), &b);
	if (ret != DONE)
		return ret;

	if (how == SEGFAB_SET && !b.s.set)
		return usage_error("nothing to set");
	if (how != SEGFAB_SET && !(b.s.set & SEGFAB_BINDING_PARENT))
		return usage_error("\"parent PARENT\" is missing");
	if (how != SEGFAB_SET && !(b.s.set & GIVEN_VLAN))
		return usage_error("\"vlan TAG\" is missing");
	if (b.s.set & GIVEN_LIST) {
		if (how != SEGFAB_ADD)
			return usage_error("vlan: a list of VLAN ids is for \"binding add\" only");
		return add_list(child, id, &b);
	}

	b.s.set &= ~GIVEN_ANY;
	return write_one(how, child, id, &b.s);
}

static int binding_add(struct args *args)
{
	return binding_write(args, SEGFAB_ADD);
}

static int binding_set(struct args *args)
{
	return binding_write(args, SEGFAB_SET);
}

static int binding_replace(struct args *args)
{
	return binding_write(args, SEGFAB_REPLACE);
}

/* What follows "child", "parent" and "vlan". */
static int parse_filter(struct args *args, struct binding_args *b)
{
	int ret = parse_words(args, filters, ARRAY_SIZE(filters), b);

	if (ret == DONE && b->s.set & SEGFAB_BINDING_VLAN_AUTO)
		return usage_error("vlan: \"auto\" has no meaning here");
	return ret;
}

static bool passes(const struct segfab_binding *b,
		   const struct binding_args *filter)
{
	return !(filter->s.set & GIVEN_VLAN) ||
	       segfab_vlans_has(&filter->vlans, b->vlan);
}

/* Deleting by a filter. */
struct deletion {
	const struct binding_args	*filter;
	unsigned int			count;
};

static int delete_each(const struct segfab_binding *b, void *arg)
{
	struct deletion *deletion = arg;
	int err;

	if (!passes(b, deletion->filter))
		return 0;
	deletion->count++;
	err = segfab_binding_del(segctl.h, b->child, b->id);

	/* Somebody else was faster. */
	return err == -ENOENT ? 0 : err;
}

static int delete_filtered(struct args *args)
{
	struct binding_args filter = {};
	struct deletion deletion = { .filter = &filter };
	int ret;

	ret = parse_filter(args, &filter);
	if (ret != DONE)
		return ret;
	if (!filter.child && !filter.s.parent)
		return usage_error("\"child CHILD\" or \"parent PARENT\" is missing");

	ret = result(segfab_binding_dump(segctl.h, filter.child,
					 filter.s.parent, delete_each,
					 &deletion));
	if (ret == DONE && !deletion.count)
		return failed("there is no such binding map");
	return ret;
}

static int binding_del(struct args *args)
{
	const char *child, *id;
	int ret;

	if (peek(args) && is_word(peek(args), filters, ARRAY_SIZE(filters)))
		return delete_filtered(args);

	ret = parse_name(args, "name of the child", &child);
	if (ret == DONE)
		ret = parse_id(args, &id);
	if (ret == DONE)
		ret = no_more(args);
	if (ret != DONE)
		return ret;
	return result(segfab_binding_del(segctl.h, child, id));
}

static int show_one(const char *child, const char *id)
{
	struct segfab_binding b = {};
	int err;

	err = segfab_binding_get(segctl.h, child, id, &b);
	if (err)
		return refused(err);

	pr_begin();
	show_binding(NULL, &b);
	return pr_end(DONE);
}

static int show_each(const struct segfab_binding *b, void *arg)
{
	if (passes(b, arg))
		show_binding(NULL, b);
	return 0;
}

static int binding_show(struct args *args)
{
	struct binding_args filter = {};
	const char *id;
	int ret = DONE;

	if (peek(args) && !is_word(peek(args), filters, ARRAY_SIZE(filters))) {
		ret = parse_name(args, "name of the child", &filter.child);
		filter.s.set |= GIVEN_CHILD;
		if (ret == DONE && peek(args) &&
		    !is_word(peek(args), filters, ARRAY_SIZE(filters))) {
			ret = parse_id(args, &id);
			if (ret == DONE)
				ret = no_more(args);
			return ret == DONE ? show_one(filter.child, id) : ret;
		}
	}
	if (ret == DONE)
		ret = parse_filter(args, &filter);
	if (ret != DONE)
		return ret;

	pr_begin();
	return pr_end(result(segfab_binding_dump(segctl.h, filter.child,
						 filter.s.parent, show_each,
						 &filter)));
}

static const struct command commands[] = {
	{ "show", binding_show, true },
	{ "add", binding_add, false },
	{ "set", binding_set, false },
	{ "replace", binding_replace, false },
	{ "del", binding_del, false },
};

const struct object binding_object = {
	.name = "binding",
	.commands = commands,
	.count = ARRAY_SIZE(commands),
	.usage = usage,
};
