// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl trace
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "array.h"
#include "parse.h"
#include "print.h"
#include "verdict.h"

static const char usage[] =
	"Usage: segctl trace PORT [ via CHILD ] { icmp | udp | tcp }\n"
	"                    smac MAC dmac MAC src IP dst IP [ sport PORT ]\n"
	"                    [ dport PORT ] [ OPTION ]...\n"
	"       segctl trace PORT [ via CHILD ] arp smac MAC src IP dst IP\n"
	"                    [ dmac MAC ] [ OPTION ]...\n"
	"       segctl trace PORT [ via CHILD ] raw HEX [ OPTION ]...\n"
	"       segctl trace --live { PORT | UPLINK | SEGMENT } [ FILTER ]...\n"
	"                    [ count NUMBER ] [ OPTION ]...\n"
	"       segctl trace --remote [ ID ]\n"
	"where  OPTION := { vlan VID | size BYTES | timeout SECONDS |\n"
	"                   limit OBSERVATIONS }\n"
	"       FILTER := { smac MAC | dmac MAC | vlan VID | src IP | dst IP |\n"
	"                   proto { icmp | icmp6 | udp | tcp | NUMBER } |\n"
	"                   sport PORT | dport PORT }\n"
	"Exit code 0: delivered, or left the host; 1: dropped; 2: neither was\n"
	"seen in time.\n";

/* Seconds between looks at a trace that goes on. */
#define INTERVAL_MS	50
#define TIMEOUT_MAX	86400
#define TIMEOUT_PROBE	1
/* Of the frames that are made. */
#define TTL		64

#define GIVEN_SMAC	SEGFAB_TRACE_SOURCE
#define GIVEN_DMAC	SEGFAB_TRACE_DEST
#define GIVEN_VLAN	SEGFAB_TRACE_VLAN
#define GIVEN_PROTO	SEGFAB_TRACE_PROTOCOL
#define GIVEN_SRC	SEGFAB_TRACE_IP_SOURCE
#define GIVEN_DST	SEGFAB_TRACE_IP_DEST
#define GIVEN_SPORT	SEGFAB_TRACE_SOURCE_PORT
#define GIVEN_DPORT	SEGFAB_TRACE_DEST_PORT
#define GIVEN_FILTER	((1U << 16) - 1)
#define GIVEN_SIZE	(1U << 16)
#define GIVEN_TIMEOUT	(1U << 17)
#define GIVEN_LIMIT	(1U << 18)
#define GIVEN_COUNT	(1U << 19)

/* What a command line says; @set has GIVEN_*. */
struct trace_args {
	unsigned int			set;
	uint8_t				smac[SEGFAB_MAC_LEN];
	uint8_t				dmac[SEGFAB_MAC_LEN];
	uint16_t			vlan;
	uint8_t				protocol;
	struct segfab_address_bytes	src;
	struct segfab_address_bytes	dst;
	uint16_t			sport;
	uint16_t			dport;
	uint32_t			size;
	uint32_t			timeout;
	uint32_t			limit;
	uint32_t			count;
};

static int parse_ip(struct args *args, const char *what,
		    struct segfab_address_bytes *a)
{
	const char *s = next(args);

	if (!s)
		return usage_error("%s: its value is missing", what);
	if (inet_pton(AF_INET, s, a->bytes) == 1)
		a->len = 4;
	else if (inet_pton(AF_INET6, s, a->bytes) == 1)
		a->len = 16;
	else
		return usage_error("%s: \"%s\" is not an IP address", what, s);
	return DONE;
}

static int parse_src(struct args *args, void *target)
{
	return parse_ip(args, "src", &((struct trace_args *)target)->src);
}

static int parse_dst(struct args *args, void *target)
{
	return parse_ip(args, "dst", &((struct trace_args *)target)->dst);
}

static int parse_proto(struct args *args, void *target)
{
	static const struct {
		const char	*name;
		uint8_t		number;
	} protocols[] = {
		{ "icmp", IPPROTO_ICMP },
		{ "icmp6", IPPROTO_ICMPV6 },
		{ "udp", IPPROTO_UDP },
		{ "tcp", IPPROTO_TCP },
	};
	struct trace_args *a = target;
	const char *s = next(args);
	unsigned long n = 0;
	int ret;

	if (!s)
		return usage_error("proto: its value is missing");
	for (unsigned int i = 0; i < ARRAY_SIZE(protocols); i++) {
		if (!strcmp(s, protocols[i].name)) {
			a->protocol = protocols[i].number;
			return DONE;
		}
	}
	ret = parse_number("proto", s, 0, 255, &n);
	a->protocol = n;
	return ret;
}

#define WORD(_name, _type, _member, _bit, ...)				\
	{ .name = _name, .type = _type, .bit = GIVEN_##_bit,		\
	  .offset = offsetof(struct trace_args, _member), __VA_ARGS__ }

#define WORDS_COMMON							\
	WORD("timeout", WORD_U32, timeout, TIMEOUT, .max = TIMEOUT_MAX), \
	WORD("limit", WORD_U32, limit, LIMIT, .min = 1,			\
	     .max = SEGFAB_OBSERVATIONS_MAX)

#define WORDS_FRAME							\
	WORD("smac", WORD_MAC, smac, SMAC),				\
	WORD("dmac", WORD_MAC, dmac, DMAC),				\
	{ .name = "src", .type = WORD_OWN, .bit = GIVEN_SRC,		\
	  .parse = parse_src },						\
	{ .name = "dst", .type = WORD_OWN, .bit = GIVEN_DST,		\
	  .parse = parse_dst },						\
	WORD("sport", WORD_U16, sport, SPORT, .max = 65535),		\
	WORD("dport", WORD_U16, dport, DPORT, .max = 65535),		\
	WORD("vlan", WORD_U16, vlan, VLAN, .max = SEGFAB_VLAN_MAX)

static const struct word probe_words[] = {
	WORDS_COMMON,
	WORDS_FRAME,
	WORD("size", WORD_U32, size, SIZE, .min = SEGFAB_FRAME_MIN,
	     .max = SEGFAB_FRAME_MAX - 4),
};

static const struct word raw_words[] = {
	WORDS_COMMON,
};

static const struct word live_words[] = {
	WORDS_COMMON,
	WORDS_FRAME,
	{ .name = "proto", .type = WORD_OWN, .bit = GIVEN_PROTO,
	  .parse = parse_proto },
	WORD("count", WORD_U32, count, COUNT, .min = 1, .max = UINT32_MAX),
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

/*
 * Show what comes until @count frames have come to their ends, or the time is
 * over. What a read shows is whole if they were there before it.
 */
static int follow(uint32_t id, uint32_t count, uint64_t timeout_ms,
		  struct verdict *v)
{
	uint64_t end = now_ms() + timeout_ms;
	bool last = false;
	int err;

	for (;;) {
		err = segfab_trace_read(segctl.h, id, v->end.observed + 1,
					show_step, v, &v->end);
		if (err || last || stopped)
			return err;
		if (fflush(stdout))
			return 0;
		last = v->end.matched >= count &&
		       (is_decided(v) || v->end.lost);
		if (last)
			continue;
		if (timeout_ms && now_ms() >= end)
			return 0;
		poll(NULL, 0, INTERVAL_MS);
	}
}

static int show_trace(uint32_t id, uint32_t count, uint64_t timeout_ms)
{
	struct verdict v = {};
	int err, code;

	pr_begin();
	pr_object(NULL);
	pr_number("trace", NULL, id);
	pr_list("observations");
	err = follow(id, count, timeout_ms, &v);
	pr_list_end();
	code = err ? refused(err) : verdict_code(&v, count);
	show_global_id(v.end.global_id);
	show_verdict(&v, code);
	show_followed(&v);
	pr_object_end();
	pr_end(DONE);
	segfab_trace_del(segctl.h, id);
	return code;
}

static int run_probe(struct segfab_trace_probe *probe,
		     const struct trace_args *a)
{
	uint32_t timeout = a->set & GIVEN_TIMEOUT ? a->timeout : TIMEOUT_PROBE;
	uint32_t id = 0;
	int err;

	probe->limit = a->limit;
	err = segfab_trace_probe(segctl.h, probe, &id);
	if (err)
		return refused(err);
	return show_trace(id, 1, timeout * 1000ULL + 1);
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (found - digits) % 16 : -1;
}

/* Pairs of digits, with colons between them or not. */
static int parse_hex(const char *s, uint8_t *frame, size_t *len)
{
	for (*len = 0; *s; s += 2) {
		if (*len && *s == ':')
			s++;
		if (*len == SEGFAB_FRAME_MAX || hex_digit(s[0]) < 0 ||
		    hex_digit(s[1]) < 0)
			return usage_error("raw: up to %d bytes are written as two hexadecimal digits each",
					   SEGFAB_FRAME_MAX);
		frame[(*len)++] = hex_digit(s[0]) << 4 | hex_digit(s[1]);
	}
	if (*len < SEGFAB_FRAME_MIN)
		return usage_error("raw: a frame has at least %d bytes",
				   SEGFAB_FRAME_MIN);
	return DONE;
}

static int trace_raw(struct args *args, struct segfab_trace_probe *probe)
{
	uint8_t frame[SEGFAB_FRAME_MAX];
	struct trace_args a = {};
	const char *hex = next(args);
	int ret;

	if (!hex)
		return usage_error("raw: its value is missing");
	ret = parse_hex(hex, frame, &probe->len);
	if (ret == DONE)
		ret = parse_words(args, raw_words, ARRAY_SIZE(raw_words), &a);
	if (ret != DONE)
		return ret;
	probe->frame = frame;
	return run_probe(probe, &a);
}

static int check_packet(const struct segfab_packet *p, unsigned int set)
{
	if (!(set & GIVEN_SMAC))
		return usage_error("\"smac MAC\" is missing");
	if (!(set & GIVEN_DMAC) && p->type != SEGFAB_PACKET_ARP)
		return usage_error("\"dmac MAC\" is missing");
	if (!(set & GIVEN_SRC) || !(set & GIVEN_DST))
		return usage_error("\"src IP\" or \"dst IP\" is missing");
	if (p->ip_source.len != p->ip_dest.len)
		return usage_error("src and dst are of different kinds");
	if (p->type == SEGFAB_PACKET_ARP && p->ip_source.len != 4)
		return usage_error("arp: src and dst are IPv4 addresses");
	return DONE;
}

static int trace_packet(struct args *args, enum segfab_packet_type type,
			struct segfab_trace_probe *probe)
{
	uint8_t frame[SEGFAB_FRAME_MAX];
	struct segfab_packet p = {
		.type = type,
		.ttl = TTL,
		.tcp_flags = TH_SYN,
	};
	struct trace_args a = {};
	int ret;

	ret = parse_words(args, probe_words, ARRAY_SIZE(probe_words), &a);
	if (ret != DONE)
		return ret;
	memcpy(p.source, a.smac, sizeof(p.source));
	if (a.set & GIVEN_DMAC)
		memcpy(p.dest, a.dmac, sizeof(p.dest));
	else
		memset(p.dest, 0xff, sizeof(p.dest));
	p.vlan = a.vlan;
	p.ip_source = a.src;
	p.ip_dest = a.dst;
	p.source_port = a.sport;
	p.dest_port = a.dport;
	p.size = a.size;
	ret = check_packet(&p, a.set);
	if (ret != DONE)
		return ret;
	probe->frame = frame;
	probe->len = segfab_packet_build(&p, frame);
	return run_probe(probe, &a);
}

static int trace_probe(struct args *args)
{
	static const struct {
		const char			*name;
		enum segfab_packet_type		type;
	} types[] = {
		{ "icmp", SEGFAB_PACKET_ICMP },
		{ "udp", SEGFAB_PACKET_UDP },
		{ "tcp", SEGFAB_PACKET_TCP },
		{ "arp", SEGFAB_PACKET_ARP },
	};
	struct segfab_trace_probe probe = {};
	const char *word;
	int ret;

	ret = parse_name(args, "name of the port", &probe.port);
	if (ret != DONE)
		return ret;
	word = next(args);
	if (word && !strcmp(word, "via")) {
		ret = parse_name(args, "name of the child", &probe.via);
		if (ret != DONE)
			return ret;
		word = next(args);
	}
	if (!word)
		return usage_error("what to send is missing: icmp, udp, tcp, arp or raw");
	if (!strcmp(word, "raw"))
		return trace_raw(args, &probe);
	for (unsigned int i = 0; i < ARRAY_SIZE(types); i++) {
		if (!strcmp(word, types[i].name))
			return trace_packet(args, types[i].type, &probe);
	}
	return usage_error("\"%s\" is not icmp, udp, tcp, arp or raw", word);
}

static void live_filter(struct segfab_trace_filter *f,
			const struct trace_args *a)
{
	f->set = a->set & GIVEN_FILTER;
	memcpy(f->source, a->smac, sizeof(f->source));
	memcpy(f->dest, a->dmac, sizeof(f->dest));
	f->vlan = a->vlan;
	f->protocol = a->protocol;
	f->ip_source = a->src;
	f->ip_dest = a->dst;
	f->source_port = a->sport;
	f->dest_port = a->dport;
}

static int trace_live(struct args *args)
{
	struct segfab_trace_live live = {};
	struct segfab_segment segment;
	struct trace_args a = {};
	const char *name;
	uint32_t id = 0;
	int ret, err;

	ret = parse_name(args, "name of the port, uplink or segment", &name);
	if (ret == DONE)
		ret = parse_words(args, live_words, ARRAY_SIZE(live_words), &a);
	if (ret != DONE)
		return ret;

	if (segfab_segment_get(segctl.h, name, &segment))
		live.port = name;
	else
		live.segment = name;
	live_filter(&live.filter, &a);
	live.count = a.count;
	live.limit = a.limit;
	catch_signals();
	err = segfab_trace_live(segctl.h, &live, &id);
	if (err)
		return refused(err);
	return show_trace(id, a.count ? a.count : 1, a.timeout * 1000ULL);
}

/* What probes of other hosts met here, in the order of time; @end tells how
 * much of it is kept no longer.
 */
struct arrived {
	struct segfab_observation	*list;
	size_t				count;
	struct segfab_trace_end		end;
};

static int add_arrived(const struct segfab_observation *o, void *arg)
{
	struct arrived *a = arg;
	struct segfab_observation *new = ARRAY_ADD(&a->list, &a->count);

	if (!new)
		return -ENOMEM;
	*new = *o;
	return 0;
}

/* The trace whose first observation is at @first; its steps may have others
 * between them.
 */
static int show_arrived(const struct arrived *a, size_t first)
{
	uint64_t id = a->list[first].global_id;
	struct verdict v = {};
	int code;

	pr_object(NULL);
	show_global_id(id);
	if (!print.json)
		text_global_id(id);
	pr_list("observations");
	for (size_t i = first; i < a->count; i++) {
		if (a->list[i].global_id == id)
			show_step(&a->list[i], &v);
	}
	pr_list_end();
	code = verdict_code(&v, 0);
	show_outcome(&v, code);
	pr_number("lost", NULL, a->end.lost);
	if (!print.json)
		text_verdict(&v, code);
	pr_object_end();
	return code;
}

static bool is_first(const struct arrived *a, size_t number)
{
	for (size_t i = 0; i < number; i++) {
		if (a->list[i].global_id == a->list[number].global_id)
			return false;
	}
	return true;
}

static void text_lost(uint32_t lost)
{
	if (!lost || print.json)
		return;
	pr_word(COLOUR_BAD, "%u older step%s kept no longer", lost,
		lost == 1 ? " is" : "s are");
	pr_break();
}

static int show_all_arrived(const struct arrived *a)
{
	int code = NO_VERDICT;

	for (size_t i = 0; i < a->count; i++) {
		if (is_first(a, i))
			code = show_arrived(a, i);
	}
	text_lost(a->end.lost);
	return code;
}

static int parse_global_id(struct args *args, uint64_t *id)
{
	const char *s = next(args);
	const char *digits = "0123456789abcdef";

	if (!s)
		return DONE;
	if (strlen(s) != 16 || strspn(s, digits) != 16)
		return usage_error("--remote: \"%s\" is not the id of a trace: 16 digits of 0 to 9 and a to f",
				   s);
	*id = strtoull(s, NULL, 16);
	return no_more(args);
}

static int trace_remote(struct args *args)
{
	struct arrived arrived = {};
	uint64_t id = 0;
	int ret, err;

	ret = parse_global_id(args, &id);
	if (ret != DONE)
		return ret;
	err = segfab_trace_arrived(segctl.h, id, add_arrived, &arrived,
				   &arrived.end);
	if (err) {
		free(arrived.list);
		return refused(err);
	}
	pr_begin();
	ret = show_all_arrived(&arrived);
	pr_end(DONE);
	free(arrived.list);
	return id ? ret : DONE;
}

static int trace_run(struct args *args)
{
	const char *word = peek(args);

	if (word && !strcmp(word, "--live")) {
		next(args);
		return trace_live(args);
	}
	if (word && !strcmp(word, "--remote")) {
		next(args);
		return trace_remote(args);
	}
	return trace_probe(args);
}

const struct object trace_object = {
	.name = "trace",
	.run = trace_run,
	.usage = usage,
};
