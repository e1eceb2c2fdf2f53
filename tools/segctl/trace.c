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

#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl trace PORT [ via CHILD ] { icmp | udp | tcp }\n"
	"                    smac MAC dmac MAC src IP dst IP [ sport PORT ]\n"
	"                    [ dport PORT ] [ OPTION ]...\n"
	"       segctl trace PORT [ via CHILD ] arp smac MAC src IP dst IP\n"
	"                    [ dmac MAC ] [ OPTION ]...\n"
	"       segctl trace PORT [ via CHILD ] raw HEX [ OPTION ]...\n"
	"       segctl trace --live { PORT | SEGMENT } [ FILTER ]...\n"
	"                    [ count NUMBER ] [ OPTION ]...\n"
	"where  OPTION := { vlan VID | size BYTES | timeout SECONDS |\n"
	"                   limit OBSERVATIONS }\n"
	"       FILTER := { smac MAC | dmac MAC | vlan VID | src IP | dst IP |\n"
	"                   proto { icmp | icmp6 | udp | tcp | NUMBER } |\n"
	"                   sport PORT | dport PORT }\n"
	"Exit code 0: delivered; 1: dropped; 2: neither was seen in time.\n";

/* Seconds between looks at a trace that goes on. */
#define INTERVAL_MS	50
#define TIMEOUT_MAX	86400
#define TIMEOUT_PROBE	1
/* Of the frames that are made. */
#define TTL		64

/* Exit codes of a verdict; 2 means, as REFUSED does, that nothing is known. */
enum {
	DELIVERED = 0,
	DROPPED = 1,
	NO_VERDICT = 2,
};

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

/* What a trace has come to. */
struct verdict {
	uint32_t			delivered;
	uint32_t			dropped;
	struct segfab_observation	last;	/* that decided */
	struct segfab_trace_end		end;
};

/* Steps of a frame are indented by how far it has come. */
static unsigned int depth_of(const struct segfab_observation *o)
{
	static const unsigned int depth[] = {
		[SEGFAB_TRACE_COMPONENT_PORT] = 3,
		[SEGFAB_TRACE_COMPONENT_VLAN] = 1,
		[SEGFAB_TRACE_COMPONENT_SEGMENT] = 1,
		[SEGFAB_TRACE_COMPONENT_FDB] = 2,
		[SEGFAB_TRACE_COMPONENT_HOST] = 3,
		[SEGFAB_TRACE_COMPONENT_UPLINK] = 3,
	};

	if (o->action == SEGFAB_TRACE_ACTION_RECEIVED &&
	    o->component != SEGFAB_TRACE_COMPONENT_SEGMENT)
		return 0;
	return o->component < ARRAY_SIZE(depth) ? depth[o->component] : 3;
}

static const char *drop_name(unsigned int reason)
{
	const char *name = segfab_drop_name(reason);

	return name ? name : segfab_drop_name(0);
}

static void text_step(const struct segfab_observation *o)
{
	const char *component = segfab_trace_component_name(o->component);
	bool dropped = o->action == SEGFAB_TRACE_ACTION_DROPPED;

	pr_raw("%*s", 2 * depth_of(o), "");
	pr_word(PLAIN, "%s", component);
	if (*o->port)
		pr_word(COLOUR_NAME, "%s", o->port);
	pr_word(dropped ? COLOUR_BAD : PLAIN, "%s",
		segfab_trace_action_name(o->action));
	if (dropped)
		pr_word(COLOUR_BAD, "%s", drop_name(o->reason));
	pr_string(NULL, "segment", COLOUR_NAME, o->segment);
	if (o->vlan)
		pr_number(NULL, "vlan", o->vlan);
	pr_string(NULL, "binding", PLAIN, *o->binding ? o->binding : NULL);
	if (!depth_of(o) && o->has_frame) {
		show_mac(NULL, "from", o->source);
		show_mac(NULL, "to", o->dest);
		pr_number(NULL, "length", o->length);
	}
	pr_break();
}

static void number_or_null(const char *key, uint64_t value)
{
	if (value)
		pr_number(key, NULL, value);
	else
		pr_null(key);
}

static void mac_or_null(const char *key, const struct segfab_observation *o,
			const uint8_t *mac)
{
	if (o->has_frame)
		show_mac(key, NULL, mac);
	else
		pr_null(key);
}

static void json_step(const struct segfab_observation *o)
{
	bool dropped = o->action == SEGFAB_TRACE_ACTION_DROPPED;

	pr_object(NULL);
	pr_number("sequence", NULL, o->sequence);
	pr_number("frame", NULL, o->frame);
	pr_number("time", NULL, o->time);
	pr_string("component", NULL, PLAIN,
		  segfab_trace_component_name(o->component));
	pr_string("action", NULL, PLAIN, segfab_trace_action_name(o->action));
	pr_string("reason", NULL, PLAIN, dropped ? drop_name(o->reason) : NULL);
	pr_string("segment", NULL, PLAIN, o->segment);
	pr_string("port", NULL, PLAIN, *o->port ? o->port : NULL);
	number_or_null("vlan", o->vlan);
	pr_string("binding", NULL, PLAIN, *o->binding ? o->binding : NULL);
	mac_or_null("source", o, o->source);
	mac_or_null("dest", o, o->dest);
	pr_number("length", NULL, o->length);
	number_or_null("segment_ifindex", o->segment_ifindex);
	number_or_null("port_ifindex", o->port_ifindex);
	pr_object_end();
}

static int show_step(const struct segfab_observation *o, void *arg)
{
	struct verdict *v = arg;

	if (o->action == SEGFAB_TRACE_ACTION_DELIVERED) {
		v->delivered++;
		v->last = *o;
	} else if (o->action == SEGFAB_TRACE_ACTION_DROPPED) {
		v->dropped++;
		if (!v->delivered)
			v->last = *o;
	}
	if (print.json)
		json_step(o);
	else
		text_step(o);
	return 0;
}

static int code_of(const struct verdict *v, uint32_t count)
{
	if (v->end.matched < count || !(v->delivered || v->dropped))
		return NO_VERDICT;
	return v->delivered ? DELIVERED : DROPPED;
}

/* One line that says what became of it. */
static void text_verdict(const struct verdict *v, int code)
{
	const struct segfab_observation *o = &v->last;
	const char *host = *o->port ? "" : "the host in ";
	const char *where = *o->port ? o->port : o->segment;

	if (v->end.matched > 1)
		pr_word(PLAIN, "%u frames:", v->end.matched);
	if (code == NO_VERDICT && v->end.lost)
		pr_word(COLOUR_BAD, "no verdict: more steps than the limit");
	else if (code == NO_VERDICT)
		pr_word(COLOUR_BAD, "no verdict in time");
	else if (v->delivered == 1)
		pr_word(COLOUR_GOOD, "delivered to %s%s", host, where);
	else if (v->delivered)
		pr_word(COLOUR_GOOD, "delivered %u times", v->delivered);
	else
		pr_word(COLOUR_BAD, "dropped at %s%s: %s", host, where,
			drop_name(o->reason));
	if (v->delivered && v->dropped)
		pr_word(COLOUR_BAD, "and dropped %u time%s", v->dropped,
			v->dropped == 1 ? "" : "s");
	if (v->end.lost)
		pr_word(COLOUR_BAD, "(%u step%s not kept)", v->end.lost,
			v->end.lost == 1 ? " was" : "s were");
	pr_break();
}

static void show_verdict(const struct verdict *v, int code)
{
	static const char *const names[] = {
		[DELIVERED] = "delivered",
		[DROPPED] = "dropped",
		[NO_VERDICT] = "none",
	};

	pr_string("verdict", NULL, PLAIN, names[code]);
	pr_number("frames", NULL, v->end.matched);
	pr_number("delivered", NULL, v->delivered);
	pr_number("dropped", NULL, v->dropped);
	pr_number("observed", NULL, v->end.observed);
	pr_number("lost", NULL, v->end.lost);
	if (!print.json)
		text_verdict(v, code);
}

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
		fflush(stdout);
		last = v->end.matched >= count &&
		       (v->delivered || v->dropped || v->end.lost);
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
	code = err ? refused(err) : code_of(&v, count);
	show_verdict(&v, code);
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

	ret = parse_name(args, "name of the port or segment", &name);
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

static int trace_run(struct args *args)
{
	const char *word = peek(args);

	if (word && !strcmp(word, "--live")) {
		next(args);
		return trace_live(args);
	}
	return trace_probe(args);
}

const struct object trace_object = {
	.name = "trace",
	.run = trace_run,
	.usage = usage,
};
