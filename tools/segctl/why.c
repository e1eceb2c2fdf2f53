// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl why
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
	"Usage: segctl why [ mac MAC ] [ port PORT ] [ segment SEGMENT ]\n"
	"                  [ since SECONDS ]\n";

#define NS		1000000000ULL
#define SINCE_MAX	31536000

#define GIVEN_MAC	(1U << 0)
#define GIVEN_PORT	(1U << 1)
#define GIVEN_SEGMENT	(1U << 2)
#define GIVEN_SINCE	(1U << 3)

/* What a command line says; @set has GIVEN_*. */
struct why_args {
	unsigned int	set;
	uint8_t		mac[SEGFAB_MAC_LEN];
	const char	*port;
	const char	*segment;
	uint32_t	since;
};

#define WORD(_name, _type, _member, _bit, ...)				\
	{ .name = _name, .type = _type, .bit = GIVEN_##_bit,		\
	  .offset = offsetof(struct why_args, _member), __VA_ARGS__ }

static const struct word words[] = {
	WORD("mac", WORD_MAC, mac, MAC),
	WORD("port", WORD_NAME, port, PORT),
	WORD("segment", WORD_NAME, segment, SEGMENT),
	WORD("since", WORD_U32, since, SINCE, .min = 1, .max = SINCE_MAX),
};

/* What each reason means to somebody who asks why. */
static const char *const meanings[SEGFAB_A_DROPS_MAX + 1] = {
	[SEGFAB_A_DROPS_TRUNCATED] = "it was shorter than an Ethernet header",
	[SEGFAB_A_DROPS_INVALID_SOURCE] =
		"its source address is zero or a group address",
	[SEGFAB_A_DROPS_RESERVED_ADDRESS] =
		"it was for the next switch (01:80:c2:00:00:0x), which is never forwarded",
	[SEGFAB_A_DROPS_UNBOUND_VLAN] =
		"its tag is neither bound nor among guest-vlans",
	[SEGFAB_A_DROPS_SERVICE_VLAN] = "its tag was an 802.1ad service tag",
	[SEGFAB_A_DROPS_DOUBLE_TAGGED] = "it had two tags",
	[SEGFAB_A_DROPS_SEGMENT_DOWN] = "its segment was down",
	[SEGFAB_A_DROPS_FDB_LIMIT] =
		"its source was unknown, and fdb-limit with policy drop was reached",
	[SEGFAB_A_DROPS_SAME_ENDPOINT] =
		"its destination is where it came from",
	[SEGFAB_A_DROPS_ISOLATED] = "it was between two isolated ports",
	[SEGFAB_A_DROPS_UNKNOWN_UNICAST] =
		"its destination was unknown, and the segment does not flood",
	[SEGFAB_A_DROPS_NO_RECEIVER] = "the host sent it, and there was no port for it",
	[SEGFAB_A_DROPS_PORT_DOWN] = "the port was down or had no carrier",
	[SEGFAB_A_DROPS_TOO_BIG] = "it was larger than the MTU of the port",
	[SEGFAB_A_DROPS_NO_MEMORY] = "the host had no memory",
	[SEGFAB_A_DROPS_TRANSMIT] = "the device of the port did not take it",
	[SEGFAB_A_DROPS_NO_SEGMENT] = "no segment of the zone has its VNI",
	[SEGFAB_A_DROPS_SPLIT_HORIZON] =
		"it came from an uplink, and its destination is behind one, too",
	[SEGFAB_A_DROPS_INACTIVE_UPLINK] =
		"it came from an uplink that is not the one for it",
	[SEGFAB_A_DROPS_NO_UPLINK] =
		"no uplink of the zone was up and had a carrier",
};

struct records {
	struct segfab_record	*list;
	size_t			count;
};

static int keep(const struct segfab_record *r, void *arg)
{
	struct records *records = arg;
	struct segfab_record *kept = ARRAY_ADD(&records->list, &records->count);

	if (!kept)
		return -ENOMEM;
	*kept = *r;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct segfab_record *x = a, *y = b;

	return x->time < y->time ? -1 : x->time > y->time;
}

static const char *meaning_of(const struct segfab_record *r)
{
	const char *meaning = r->reason <= SEGFAB_A_DROPS_MAX ?
			      meanings[r->reason] : NULL;

	return meaning ? meaning : "for a reason that segctl does not know";
}

static const char *name_of(const struct segfab_record *r)
{
	const char *name = segfab_drop_name(r->reason);

	return name ? name : segfab_drop_name(0);
}

static void show_record_time(const struct segfab_record *r)
{
	time_t seconds = r->time / NS;
	char text[64], us[24];
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(us, sizeof(us), ".%06u", (unsigned int)(r->time % NS / 1000));
	strncat(text, us, sizeof(text) - strlen(text) - 1);
	pr_string("time", "", PLAIN, text);
}

static void show_record_frame(const struct segfab_record *r)
{
	char hex[2 * SEGFAB_RECORD_LEN + 1] = "";

	if (r->frame_len >= 2 * SEGFAB_MAC_LEN) {
		show_mac("source", "from", r->frame + SEGFAB_MAC_LEN);
		show_mac("dest", "to", r->frame);
	} else {
		pr_null("source");
		pr_null("dest");
	}
	pr_number("length", "length", r->length);
	for (size_t i = 0; i < r->frame_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", r->frame[i]);
	pr_string("frame", segctl.details ? "frame" : NULL, PLAIN,
		  *hex ? hex : NULL);
}

static void number_or_null(const char *key, const char *label, uint32_t value)
{
	if (value)
		pr_number(key, label, value);
	else
		pr_null(key);
}

static void show_record(const struct segfab_record *r)
{
	pr_object(NULL);
	show_record_time(r);
	pr_string("segment", "segment", COLOUR_NAME, r->segment);
	pr_string("port", "port", COLOUR_NAME, *r->port ? r->port : NULL);
	number_or_null("vlan", "vlan", r->vlan);
	pr_string("reason", "dropped", COLOUR_BAD, name_of(r));
	show_record_frame(r);
	number_or_null("segment_ifindex", NULL, r->segment_ifindex);
	number_or_null("port_ifindex", NULL, r->port_ifindex);
	pr_number("generation", segctl.details ? "generation" : NULL,
		  r->generation);
	pr_bool("changed", r->changed);
	pr_number("missed", r->missed ? "missed-before" : NULL, r->missed);
	pr_line();
	pr_string("meaning", "", PLAIN, meaning_of(r));
	if (r->changed)
		pr_word(PLAIN, "(the configuration has changed since)");
	pr_object_end();
}

/* "--mac" is as good as "mac". */
static void strip_dashes(struct args *args)
{
	for (int i = 0; i < args->argc; i++) {
		const char *s = args->argv[i];

		if (!strncmp(s, "--", 2) &&
		    is_word(s + 2, words, ARRAY_SIZE(words)))
			args->argv[i] += 2;
	}
}

static uint64_t time_before(uint32_t seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (now.tv_sec - (uint64_t)seconds) * NS + now.tv_nsec;
}

static int why_run(struct args *args)
{
	struct segfab_record_filter filter = {};
	struct records records = {};
	struct why_args a = {};
	int ret, err;

	strip_dashes(args);
	ret = parse_words(args, words, ARRAY_SIZE(words), &a);
	if (ret != DONE)
		return ret;
	filter.segment = a.segment;
	filter.port = a.port;
	filter.mac = a.set & GIVEN_MAC ? a.mac : NULL;
	filter.since = a.set & GIVEN_SINCE ? time_before(a.since) : 0;

	err = segfab_record_dump(segctl.h, &filter, keep, &records);
	if (err) {
		free(records.list);
		return err == -ENOMEM ? failed("out of memory") : refused(err);
	}
	array_sort(records.list, records.count, sizeof(*records.list), compare);
	pr_begin();
	for (size_t i = 0; i < records.count; i++)
		show_record(&records.list[i]);
	free(records.list);
	return pr_end(DONE);
}

const struct object why_object = {
	.name = "why",
	.run = why_run,
	.usage = usage,
};
