// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the words of a command line: exact words, strict numbers, and
 * messages that say what would have been right.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

const char *const policy_names[2] = {
	[SEGFAB_LIMIT_POLICY_FORWARD] = "forward",
	[SEGFAB_LIMIT_POLICY_DROP] = "drop",
};

const char *const state_names[3] = {
	[SEGFAB_FDB_STATE_LEARNED] = "learned",
	[SEGFAB_FDB_STATE_STATIC] = "static",
	[SEGFAB_FDB_STATE_LOCAL] = "local",
};

const char *const mode_names[2] = {
	[SEGFAB_ZONE_MODE_VLAN] = "vlan",
	[SEGFAB_ZONE_MODE_OVERLAY] = "overlay",
};

const char *const teaming_names[4] = {
	[SEGFAB_TEAMING_ZONE] = "zone",
	[SEGFAB_TEAMING_FAILOVER_ORDER] = "failover-order",
	[SEGFAB_TEAMING_LB_SRCID] = "lb-srcid",
	[SEGFAB_TEAMING_LB_SRCMAC] = "lb-srcmac",
};

/* The word that is next, which stays next. Return: NULL after the last. */
const char *peek(const struct args *args)
{
	return args->argc > 0 ? args->argv[0] : NULL;
}

const char *next(struct args *args)
{
	if (args->argc <= 0)
		return NULL;
	args->argc--;
	return *args->argv++;
}

static const struct word *find_word(const char *s, const struct word *words,
				    unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (!strcmp(s, words[i].name))
			return &words[i];
	}
	return NULL;
}

bool is_word(const char *s, const struct word *words, unsigned int count)
{
	return find_word(s, words, count);
}

int no_more(const struct args *args)
{
	if (args->argc <= 0)
		return DONE;
	return usage_error("unexpected \"%s\"", args->argv[0]);
}

/* Decimal digits only: no sign, no blank, no octal. */
int parse_number(const char *what, const char *s, unsigned long min,
		 unsigned long max, unsigned long *value)
{
	unsigned long n = 0;
	const char *p = s;

	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned long digit = *p - '0';

		if (n > max / 10 || n * 10 > max - digit)
			break;
		n = n * 10 + digit;
	}
	if (p == s || *p || n < min)
		return usage_error("%s: \"%s\" is not a number from %lu to %lu",
				   what, s, min, max);
	*value = n;
	return DONE;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Six times two digits, all with colons or all with dashes between them. */
int parse_mac(const char *what, const char *s, uint8_t *mac)
{
	const char *p = s;
	char between = '\0';

	for (int i = 0; i < SEGFAB_MAC_LEN; i++) {
		int high = hex_digit(p[0]);
		int low = high < 0 ? -1 : hex_digit(p[1]);

		if (!i && low >= 0 && (p[2] == ':' || p[2] == '-'))
			between = p[2];
		if (low < 0 || !between ||
		    p[2] != (i < SEGFAB_MAC_LEN - 1 ? between : '\0'))
			return usage_error("%s: \"%s\" is not a MAC address such as 02:00:00:00:00:01",
					   what, s);
		mac[i] = high << 4 | low;
		p += 3;
	}
	return DONE;
}

int parse_vlans(const char *what, const char *s, struct segfab_vlans *vlans)
{
	if (!segfab_vlans_parse(vlans, s))
		return DONE;
	return usage_error("%s: \"%s\" is not a list of VLAN ids from %d to %d such as 1-5,7",
			   what, s, SEGFAB_VLAN_MIN, SEGFAB_VLAN_MAX);
}

static int check_name(const char *what, const char *name, size_t max)
{
	size_t len = strlen(name);

	if (len < 1 || len > max)
		return usage_error("%s: a name has 1 to %zu bytes, this one has %zu",
				   what, max, len);
	return DONE;
}

/* The name of an interface that stands in a fixed place. */
int parse_name(struct args *args, const char *what, const char **name)
{
	*name = next(args);
	if (!*name)
		return usage_error("%s is missing", what);
	return check_name(what, *name, NAME_MAX_LEN);
}

/* The same, where nothing may follow. */
int parse_only_name(struct args *args, const char *what, const char **name)
{
	int ret = parse_name(args, what, name);

	return ret == DONE ? no_more(args) : ret;
}

/* "segment SEGMENT" or "zone ZONE", @usage, where nothing else may stand. */
int parse_master(struct args *args, const char *word, const char *usage,
		 const char *what, const char **name)
{
	const char *s = next(args);

	if (!s)
		return usage_error("\"%s\" is missing", usage);
	if (strcmp(s, word))
		return usage_error("\"%s\" is expected, not \"%s\"", word, s);
	return parse_name(args, what, name);
}

/*
 * The name that an interface is to get. In place of "%d" the kernel would put a
 * number, and tell nobody.
 */
int check_ifname(const char *name)
{
	size_t len = strlen(name);

	if (len > SEGFAB_IFNAME_SIZE - 1 || !strcmp(name, ".") ||
	    !strcmp(name, "..") || strpbrk(name, "/:% \t\n\v\f\r"))
		return usage_error("\"%s\" cannot be the name of an interface: up to %d bytes, without blanks, \"/\", \":\" and \"%%\"",
				   name, SEGFAB_IFNAME_SIZE - 1);
	/* The kernel says no more than "Invalid argument". */
	if (!strcmp(name, "all") || !strcmp(name, "default"))
		return usage_error("\"%s\" cannot be the name of an interface: in /proc/sys/net it stands for all of them",
				   name);
	return DONE;
}

/* The id of a binding map. */
int parse_id(struct args *args, const char **id)
{
	*id = next(args);
	if (!*id)
		return usage_error("id is missing");
	return check_name("id", *id, SEGFAB_BINDING_ID_LEN);
}

/* One of a few words. */
static int parse_choice(const char *what, const char *s,
			const char *const *names, unsigned int first,
			unsigned int count, uint8_t *value)
{
	char all[128] = "";

	for (unsigned int i = first; i < count; i++) {
		if (!strcmp(s, names[i])) {
			*value = i;
			return DONE;
		}
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
			 i > first ? " or " : "", names[i]);
	}
	return usage_error("%s: \"%s\" is not %s", what, s, all);
}

static int parse_value(const struct word *w, const char *s, void *member)
{
	static const char *const onoff[] = { "off", "on" };
	unsigned long n;
	uint8_t yes = 0;
	int ret;

	switch (w->type) {
	case WORD_ONOFF:
		ret = parse_choice(w->name, s, onoff, 0, 2, &yes);
		if (ret == DONE)
			*(bool *)member = yes;
		return ret;
	case WORD_U16:
		ret = parse_number(w->name, s, w->min, w->max, &n);
		if (ret == DONE)
			*(uint16_t *)member = n;
		return ret;
	case WORD_LIMIT:
		if (!strcmp(s, "none")) {
			*(uint32_t *)member = 0;
			return DONE;
		}
		/* fall through */
	case WORD_U32:
		ret = parse_number(w->name, s, w->min, w->max, &n);
		if (ret == DONE)
			*(uint32_t *)member = n;
		return ret;
	case WORD_CHOICE:
		return parse_choice(w->name, s, w->names, w->min, w->max + 1,
				    member);
	case WORD_POLICY:
		return parse_choice(w->name, s, policy_names, 0,
				    ARRAY_SIZE(policy_names), member);
	case WORD_STATE:
		return parse_choice(w->name, s, state_names, 0,
				    ARRAY_SIZE(state_names), member);
	case WORD_MAC:
		return parse_mac(w->name, s, member);
	case WORD_VLANS:
		return parse_vlans(w->name, s, member);
	case WORD_NAME:
		*(const char **)member = s;
		return check_name(w->name, s, w->max ? w->max : NAME_MAX_LEN);
	default:
		return USAGE;
	}
}

static int parse_word(struct args *args, const struct word *w, void *target)
{
	void *member = (char *)target + w->offset;
	const char *value;

	switch (w->type) {
	case WORD_TRUE:
	case WORD_FALSE:
		*(bool *)member = w->type == WORD_TRUE;
		return DONE;
	case WORD_OWN:
		return w->parse(args, target);
	default:
		value = next(args);
		if (!value)
			return usage_error("%s: its value is missing", w->name);
		return parse_value(w, value, member);
	}
}

/* Read words to the end of the command line. */
int parse_words(struct args *args, const struct word *words,
		unsigned int count, void *target)
{
	unsigned int *set = target;
	const char *s;
	int ret;

	while ((s = next(args))) {
		const struct word *w = find_word(s, words, count);

		if (!w)
			return usage_error("unexpected \"%s\"", s);
		if (*set & w->bit)
			return usage_error("\"%s\" is given twice, or contradicts another word",
					   s);
		ret = parse_word(args, w, target);
		if (ret != DONE)
			return ret;
		*set |= w->bit;
	}
	return DONE;
}

/* What follows "set": the name of an object, and at least one word. */
int parse_change(struct args *args, const char *what, const char **name,
		 const struct word *words, unsigned int count, void *target)
{
	const unsigned int *set = target;
	int ret;

	ret = parse_name(args, what, name);
	if (ret == DONE)
		ret = parse_words(args, words, count, target);
	if (ret == DONE && !*set)
		ret = usage_error("nothing to set");
	return ret;
}
