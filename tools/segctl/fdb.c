// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl fdb
 */
#include <string.h>

#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl fdb { add | set | replace } SEGMENT MAC\n"
	"                  { port { PORT | ZONE } | remote ADDRESS }\n"
	"                  [ guest-vlan VID ]\n"
	"       segctl fdb { del | get } SEGMENT MAC [ guest-vlan VID ]\n"
	"       segctl fdb show [ SEGMENT ] [ port { PORT | ZONE } ] [ mac MAC ]\n"
	"                  [ binding ID ] [ vlan VID ]\n"
	"                  [ state { learned | static | local } ]\n"
	"       segctl fdb flush SEGMENT [ port { PORT | ZONE } ] [ binding ID ]\n"
	"                  [ mac MAC ] [ static ]\n";

#define GIVEN_PORT		(1U << 0)
#define GIVEN_GUEST_VLAN	(1U << 1)
#define GIVEN_MAC		(1U << 2)
#define GIVEN_BINDING		(1U << 3)
#define GIVEN_STATE		(1U << 4)
#define GIVEN_STATIC		(1U << 5)
#define GIVEN_VLAN		(1U << 6)
#define GIVEN_REMOTE		(1U << 7)

/* What a command line says; @set has GIVEN_*. */
struct fdb_args {
	unsigned int	set;
	const char	*segment;
	const char	*port;
	const char	*binding;
	const char	*remote;
	uint16_t	guest_vlan;
	uint16_t	vlan;
	uint8_t		mac[SEGFAB_MAC_LEN];
	uint8_t		state;
	bool		statics;
};

#define WORD(_name, _type, _member, _bit, ...)				\
	{ .name = _name, .type = _type, .bit = GIVEN_##_bit,		\
	  .offset = offsetof(struct fdb_args, _member), __VA_ARGS__ }
#define WORD_VID(_name, _member, _bit)					\
	WORD(_name, WORD_U16, _member, _bit,				\
	     .min = SEGFAB_VLAN_MIN, .max = SEGFAB_VLAN_MAX)

/* The last words may stand only where there is a place to give. */
static const struct word entry_words[] = {
	WORD_VID("guest-vlan", guest_vlan, GUEST_VLAN),
	WORD("port", WORD_NAME, port, PORT),
	WORD("remote", WORD_NAME, remote, REMOTE),
};

static const struct word show_words[] = {
	WORD("port", WORD_NAME, port, PORT),
	WORD("mac", WORD_MAC, mac, MAC),
	WORD("binding", WORD_NAME, binding, BINDING,
	     .max = SEGFAB_BINDING_ID_LEN),
	WORD_VID("vlan", vlan, VLAN),
	WORD("state", WORD_STATE, state, STATE),
};

static const struct word flush_words[] = {
	WORD("port", WORD_NAME, port, PORT),
	WORD("binding", WORD_NAME, binding, BINDING,
	     .max = SEGFAB_BINDING_ID_LEN),
	WORD("mac", WORD_MAC, mac, MAC),
	WORD("static", WORD_TRUE, statics, STATIC),
};

/* "SEGMENT MAC" and the first @count of entry_words. */
static int parse_entry(struct args *args, unsigned int count,
		       struct fdb_args *a, struct segfab_fdb_key *key)
{
	const char *mac;
	int ret;

	ret = parse_name(args, "name of the segment", &a->segment);
	if (ret != DONE)
		return ret;
	mac = next(args);
	if (!mac)
		return usage_error("MAC address is missing");
	ret = parse_mac("MAC address", mac, key->mac);
	if (ret == DONE)
		ret = parse_words(args, entry_words, count, a);
	key->segment = a->segment;
	key->guest_vlan = a->guest_vlan;
	return ret;
}

static int fdb_write(struct args *args, enum segfab_write how)
{
	struct segfab_fdb_key key = {};
	struct fdb_args a = {};
	int ret;

	ret = parse_entry(args, ARRAY_SIZE(entry_words), &a, &key);
	if (ret != DONE)
		return ret;
	if (!a.port && !a.remote)
		return usage_error("\"port PORT\" is missing");
	return result(segfab_fdb_write(segctl.h, how, &key, a.port, a.remote));
}

static int fdb_add(struct args *args)
{
	return fdb_write(args, SEGFAB_ADD);
}

static int fdb_set(struct args *args)
{
	return fdb_write(args, SEGFAB_SET);
}

static int fdb_replace(struct args *args)
{
	return fdb_write(args, SEGFAB_REPLACE);
}

static int fdb_del(struct args *args)
{
	struct segfab_fdb_key key = {};
	struct fdb_args a = {};
	int ret;

	ret = parse_entry(args, 1, &a, &key);
	if (ret != DONE)
		return ret;
	return result(segfab_fdb_del(segctl.h, &key));
}

static int fdb_get(struct args *args)
{
	struct segfab_fdb_key key = {};
	struct segfab_fdb entry = {};
	struct fdb_args a = {};
	int ret, err;

	ret = parse_entry(args, 1, &a, &key);
	if (ret != DONE)
		return ret;
	err = segfab_fdb_get(segctl.h, &key, &entry);
	if (err)
		return refused(err);

	pr_begin();
	show_fdb(NULL, &entry);
	return pr_end(DONE);
}

/* What the kernel cannot select in a dump. */
static bool passes(const struct segfab_fdb *e, const struct fdb_args *filter)
{
	if (filter->set & GIVEN_MAC &&
	    memcmp(e->mac, filter->mac, sizeof(e->mac)))
		return false;
	if (filter->set & GIVEN_BINDING && strcmp(e->binding, filter->binding))
		return false;
	if (filter->set & GIVEN_VLAN && e->vlan != filter->vlan)
		return false;
	return !(filter->set & GIVEN_STATE) || e->state == filter->state;
}

static int show_each(const struct segfab_fdb *e, void *arg)
{
	if (passes(e, arg))
		show_fdb(NULL, e);
	return 0;
}

static int fdb_show(struct args *args)
{
	struct fdb_args filter = {};
	int ret = DONE;

	if (peek(args) && !is_word(peek(args), show_words,
				   ARRAY_SIZE(show_words)))
		ret = parse_name(args, "name of the segment", &filter.segment);
	if (ret == DONE)
		ret = parse_words(args, show_words, ARRAY_SIZE(show_words),
				  &filter);
	if (ret != DONE)
		return ret;

	pr_begin();
	return pr_end(result(segfab_fdb_dump(segctl.h, filter.segment,
					     filter.port, show_each,
					     &filter)));
}

static int fdb_flush(struct args *args)
{
	struct segfab_fdb_flush what = {};
	struct fdb_args a = {};
	int ret;

	ret = parse_name(args, "name of the segment", &what.segment);
	if (ret == DONE)
		ret = parse_words(args, flush_words, ARRAY_SIZE(flush_words),
				  &a);
	if (ret != DONE)
		return ret;

	what.port = a.port;
	what.binding = a.binding;
	what.mac = a.set & GIVEN_MAC ? a.mac : NULL;
	what.statics = a.statics;
	return result(segfab_fdb_flush(segctl.h, &what));
}

static const struct command commands[] = {
	{ "show", fdb_show, true },
	{ "get", fdb_get, true },
	{ "add", fdb_add, false },
	{ "set", fdb_set, false },
	{ "replace", fdb_replace, false },
	{ "del", fdb_del, false },
	{ "flush", fdb_flush, false },
};

const struct object fdb_object = {
	.name = "fdb",
	.commands = commands,
	.count = ARRAY_SIZE(commands),
	.usage = usage,
};
