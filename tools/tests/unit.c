// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests that need neither a kernel nor root: readers of words, the print
 * layer, and what the library makes of messages, broken ones included.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/genl/genl.h>

#include "internal.h"
#include "parse.h"
#include "print.h"

struct segctl segctl;

static char message[512];	/* of the last usage_error() */
static unsigned int failures;	/* of the test that runs */

int usage_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	return USAGE;
}

#define CHECK(condition, ...)						\
	do {								\
		if (!(condition)) {					\
			failures++;					\
			printf("# %s:%d: %s: ", __func__, __LINE__,	\
			       #condition);				\
			printf(__VA_ARGS__);				\
			printf("\n");					\
		}							\
	} while (0)

/* A copy in memory of exactly its size, so that a sanitizer sees the end. */
static void *exact(const void *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	return size ? memcpy(copy, data, size) : copy;
}

static void test_number(void)
{
	static const struct {
		const char	*text;
		unsigned long	min, max, value;
		bool		good;
	} cases[] = {
		{ "0", 0, 10, 0, true },
		{ "10", 0, 10, 10, true },
		{ "007", 0, 10, 7, true },
		{ "4294967295", 0, UINT32_MAX, UINT32_MAX, true },
		{ "11", 0, 10, 0, false },
		{ "4", 5, 10, 0, false },
		{ "", 0, 10, 0, false },
		{ "-1", 0, 10, 0, false },
		{ "+1", 0, 10, 0, false },
		{ " 1", 0, 10, 0, false },
		{ "1 ", 0, 10, 0, false },
		{ "12x", 0, 100, 0, false },
		{ "0x10", 0, 100, 0, false },
		{ "abc", 0, 100, 0, false },
		{ "1.5", 0, 100, 0, false },
		{ "99999999999999999999999999", 0, UINT32_MAX, 0, false },
		{ "18446744073709551617", 0, 10, 0, false },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned long value = 0;
		char *text = exact(cases[i].text, strlen(cases[i].text) + 1);
		int ret = parse_number("thing", text, cases[i].min,
				       cases[i].max, &value);

		CHECK((ret == DONE) == cases[i].good, "\"%s\"", text);
		CHECK(value == cases[i].value, "\"%s\": %lu", text, value);
		free(text);
	}
	parse_number("thing", "x", 3, 4, &(unsigned long){ 0 });
	CHECK(!strcmp(message, "thing: \"x\" is not a number from 3 to 4"),
	      "%s", message);
}

static void test_mac(void)
{
	static const struct {
		const char	*text;
		bool		good;
	} cases[] = {
		{ "02:00:00:00:00:01", true },
		{ "02-00-00-00-00-01", true },
		{ "aA:bB:cC:dD:eE:fF", true },
		{ "", false },
		{ "0", false },
		{ "02", false },
		{ "02:", false },
		{ "02:00:00:00:00", false },
		{ "02:00:00:00:00:", false },
		{ "02:00:00:00:00:1", false },
		{ "2:0:0:0:0:1", false },
		{ "02:00:00:00:00:01:", false },
		{ "02:00:00:00:00:01:02", false },
		{ "02:00:00-00:00:01", false },
		{ "02.00.00.00.00.01", false },
		{ "0200.0000.0001", false },
		{ "02:00:00:00:00:0g", false },
		{ "020000000001", false },
	};
	uint8_t mac[SEGFAB_MAC_LEN];

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = exact(cases[i].text, strlen(cases[i].text) + 1);

		CHECK((parse_mac("mac", text, mac) == DONE) == cases[i].good,
		      "\"%s\"", text);
		free(text);
	}
	parse_mac("mac", "01:23:45:67:89:ab", mac);
	CHECK(!memcmp(mac, "\x01\x23\x45\x67\x89\xab", 6), "wrong bytes");
}

static void test_vlans(void)
{
	static const struct {
		const char	*text;
		const char	*back;	/* NULL: refused */
		unsigned int	count;
	} cases[] = {
		{ "none", "none", 0 },
		{ "1", "1", 1 },
		{ "4094", "4094", 1 },
		{ "1-5,7", "1-5,7", 6 },
		{ "7,1-5", "1-5,7", 6 },
		{ "1,2,3", "1-3", 3 },
		{ "1-4094", "1-4094", 4094 },
		{ "5-5", "5", 1 },
		{ "8,16,24", "8,16,24", 3 },
		{ "", NULL, 0 },
		{ "0", NULL, 0 },
		{ "4095", NULL, 0 },
		{ "4096", NULL, 0 },
		{ "-1", NULL, 0 },
		{ "1-", NULL, 0 },
		{ "-", NULL, 0 },
		{ "5-1", NULL, 0 },
		{ "1,", NULL, 0 },
		{ ",1", NULL, 0 },
		{ "1,,2", NULL, 0 },
		{ "1-2-3", NULL, 0 },
		{ "1 2", NULL, 0 },
		{ "1x", NULL, 0 },
		{ "abc", NULL, 0 },
		{ "none,1", NULL, 0 },
		{ "1-4095", NULL, 0 },
		{ "99999999999999", NULL, 0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = exact(cases[i].text, strlen(cases[i].text) + 1);
		struct segfab_vlans v;
		int ret = parse_vlans("vlans", text, &v);
		char back[64];

		CHECK((ret == DONE) == (cases[i].back != NULL), "\"%s\"",
		      text);
		free(text);
		if (ret != DONE || !cases[i].back)
			continue;
		segfab_vlans_format(&v, back, sizeof(back));
		CHECK(!strcmp(back, cases[i].back), "\"%s\"", back);
		CHECK(segfab_vlans_count(&v) == cases[i].count, "\"%s\"",
		      back);
	}
}

static void test_vlans_format(void)
{
	struct segfab_vlans v = {};
	char *text, whole[SEGFAB_VLAN_MAX * 5];
	ssize_t len;

	for (unsigned int id = 0; id < 5000; id += 2)
		segfab_vlans_add(&v, id);
	CHECK(!segfab_vlans_has(&v, 0) && !segfab_vlans_has(&v, 4096),
	      "ids out of range");
	len = segfab_vlans_format(&v, whole, sizeof(whole));
	CHECK(len == (ssize_t)strlen(whole), "%zd", len);

	/* It never writes past the end, and tells the length anyway. */
	for (size_t size = 0; size < 40; size++) {
		text = malloc(size + 1);
		CHECK(segfab_vlans_format(&v, text, size) == len, "size %zu",
		      size);
		if (size)
			CHECK(!strncmp(text, whole, strlen(text)), "%s", text);
		free(text);
	}
}

static void test_words(void)
{
	struct {
		unsigned int	set;
		bool		on;
		uint32_t	limit;
		const char	*name;
	} target = {};
	static const struct word words[] = {
		{ .name = "on", .type = WORD_ONOFF, .bit = 1, .offset = 4 },
		{ .name = "limit", .type = WORD_LIMIT, .bit = 2, .offset = 8,
		  .min = 1, .max = 9 },
		{ .name = "name", .type = WORD_NAME, .bit = 4, .offset = 16,
		  .max = 3 },
	};
	static const struct {
		const char	*line[6];
		bool		good;
	} cases[] = {
		{ { NULL }, true },
		{ { "on", "on" }, true },
		{ { "on", "off", "limit", "none" }, true },
		{ { "name", "on", "on", "on" }, true },
		{ { "limit", "9" }, true },
		{ { "limit", "0" }, false },
		{ { "limit", "10" }, false },
		{ { "limit" }, false },
		{ { "on", "yes" }, false },
		{ { "o", "on" }, false },
		{ { "ON", "on" }, false },
		{ { "name", "long" }, false },
		{ { "name", "" }, false },
		{ { "on", "on", "on", "off" }, false },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct args args = { .argv = (char **)cases[i].line };
		int ret;

		while (args.argc < 6 && cases[i].line[args.argc])
			args.argc++;
		target.set = 0;
		ret = parse_words(&args, words, ARRAY_SIZE(words), &target);
		CHECK((ret == DONE) == cases[i].good, "case %u: %s", i,
		      message);
	}
}

static void test_ifname(void)
{
	CHECK(check_ifname("a") == DONE, "one byte");
	CHECK(check_ifname("123456789012345") == DONE, "15 bytes");
	CHECK(check_ifname("1234567890123456") == USAGE, "16 bytes");
	CHECK(check_ifname("a/b") == USAGE, "slash");
	CHECK(check_ifname("a b") == USAGE, "blank");
	CHECK(check_ifname("a:b") == USAGE, "colon");
	CHECK(check_ifname(".") == USAGE, "dot");
	CHECK(check_ifname("..") == USAGE, "two dots");
}

/* What @show writes, in a buffer of the caller. */
static void capture(void (*show)(void), char *buf, size_t size)
{
	FILE *f = tmpfile();
	int saved;
	size_t n;

	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	if (!f || saved < 0 || dup2(fileno(f), STDOUT_FILENO) < 0)
		abort();
	show();
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(f);
	n = fread(buf, 1, size - 1, f);
	buf[n] = '\0';
	fclose(f);
}

static void show_strange(void)
{
	pr_begin();
	pr_object(NULL);
	pr_string("a", "", PLAIN, "q\"b\\s/\x01\x1b[0m\x7f");
	pr_string("utf8", "", PLAIN, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	pr_string("bad", "", PLAIN, "\xff\xc0\xaf\xed\xa0\x80\xc3");
	pr_string("null", "", PLAIN, NULL);
	pr_number("max", "", UINT64_MAX);
	pr_onoff("on", "", true);
	pr_list("list");
	pr_number("", NULL, 1);
	pr_number("", NULL, 2);
	pr_list_end();
	pr_object("empty");
	pr_object_end();
	pr_object_end();
	pr_end(DONE);
}

static void show_empty(void)
{
	pr_begin();
	pr_end(DONE);
}

static void show_failed(void)
{
	pr_begin();
	pr_end(REFUSED);
}

static void test_print(void)
{
	static const char json[] =
		"[{\"a\":\"q\\\"b\\\\s/\\u0001\\u001b[0m\\u007f\","
		"\"utf8\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\","
		"\"bad\":\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\","
		"\"null\":null,\"max\":18446744073709551615,\"on\":true,"
		"\"list\":[1,2],\"empty\":{}}]\n";
	char out[1024];

	print = (struct print){ .json = true };
	capture(show_strange, out, sizeof(out));
	CHECK(!strcmp(out, json), "%s", out);
	capture(show_empty, out, sizeof(out));
	CHECK(!strcmp(out, "[]\n"), "%s", out);
	capture(show_failed, out, sizeof(out));
	CHECK(!strcmp(out, ""), "%s", out);

	print = (struct print){};
	capture(show_strange, out, sizeof(out));
	CHECK(!strncmp(out, "q\"b\\s/\\x01\\x1b[0m\\x7f ", 22), "%s", out);
	CHECK(!strchr(out, '\033'), "control characters");
	capture(show_empty, out, sizeof(out));
	CHECK(!strcmp(out, ""), "%s", out);
}

/* Names as long as an indentation are names all the same. */
static void show_short(void)
{
	pr_begin();
	for (int i = 1; i < 8; i++) {
		pr_object(NULL);
		pr_string("a", "", PLAIN, &"1234567"[7 - i]);
		pr_string("b", "b", PLAIN, "2");
		pr_line();
		pr_string("c", "", PLAIN, "3");
		pr_number("d", "d", 4);
		pr_line();
		pr_raw("raw");
		pr_object_end();
	}
	pr_end(DONE);
}

static void test_lines(void)
{
	char out[1024], expected[64], *line = out;

	print = (struct print){};
	capture(show_short, out, sizeof(out));
	for (int i = 1; i < 8; i++) {
		int n = snprintf(expected, sizeof(expected),
				 "%s b 2\n    3 d 4\n    raw\n",
				 &"1234567"[7 - i]);

		CHECK(!strncmp(line, expected, n), "%s", out);
		line += n;
	}
	CHECK(!*line, "%s", out);
}

static void show_long(void)
{
	pr_begin();
	pr_object(NULL);
	for (int i = 0; i < 20; i++)
		pr_number(NULL, "label", 1000 + i);
	pr_object_end();
	pr_end(DONE);
}

static void test_width(void)
{
	char out[1024], *line;

	print = (struct print){ .width = 40 };
	capture(show_long, out, sizeof(out));
	print = (struct print){};
	CHECK(strchr(out, '\n') != strrchr(out, '\n'), "one line");
	for (line = strtok(out, "\n"); line; line = strtok(NULL, "\n"))
		CHECK(strlen(line) <= 40, "%s", line);
}

/* A request of the family with three attributes. */
static struct nl_msg *a_request(void)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, 0, 1, 40, 0, 0, SEGFAB_CMD_BINDING_NEW, 1);
	nla_put_string(msg, SEGFAB_A_BINDING_CHILD, "pods");
	nla_put_string(msg, SEGFAB_A_BINDING_ID, "n1");
	nla_put_u16(msg, SEGFAB_A_BINDING_VLAN, 5);
	return msg;
}

/* An acknowledgment of @request; the returned message is of exactly its size. */
static struct nlmsghdr *an_ack(const struct nlmsghdr *request, int err,
			       bool capped, const char *text, int offset,
			       size_t *size)
{
	struct nl_msg *msg = nlmsg_alloc_simple(NLMSG_ERROR, NLM_F_ACK_TLVS |
						(capped ? NLM_F_CAPPED : 0));
	struct nlmsgerr e = { .error = err, .msg = *request };
	struct nlmsghdr *copy;

	nlmsg_append(msg, &e, sizeof(e), NLMSG_ALIGNTO);
	if (!capped)
		nlmsg_append(msg, (char *)request + NLMSG_HDRLEN,
			     request->nlmsg_len - NLMSG_HDRLEN, NLMSG_ALIGNTO);
	if (text)
		nla_put_string(msg, NLMSGERR_ATTR_MSG, text);
	if (offset >= 0)
		nla_put_u32(msg, NLMSGERR_ATTR_OFFS, offset);
	*size = nlmsg_hdr(msg)->nlmsg_len;
	copy = exact(nlmsg_hdr(msg), *size);
	nlmsg_free(msg);
	return copy;
}

static int offset_of(const struct nlmsghdr *request, int type)
{
	struct nlattr *a = nlmsg_find_attr((struct nlmsghdr *)request,
					   GENL_HDRLEN, type);

	return (char *)a - (char *)request;
}

static void test_ack(void)
{
	struct segfab *h = segfab_new();
	struct nl_msg *msg = a_request();
	const struct nlmsghdr *request = nlmsg_hdr(msg);
	int offset = offset_of(request, SEGFAB_A_BINDING_VLAN);
	struct nlmsghdr *ack;
	size_t size;

	for (int capped = 0; capped < 2; capped++) {
		ack = an_ack(request, -EEXIST, capped, "taken by web", offset,
			     &size);
		CHECK(sf_ack(h, ack, request) == -EEXIST, "capped %d", capped);
		CHECK(!strcmp(segfab_error(h), "taken by web"), "%s",
		      segfab_error(h));
		CHECK(segfab_error_attribute(h) &&
		      !strcmp(segfab_error_attribute(h), "vlan"), "capped %d",
		      capped);
		free(ack);
	}

	/* Without a text the attribute is named in its place. */
	ack = an_ack(request, -ERANGE, true, NULL, offset, &size);
	CHECK(sf_ack(h, ack, request) == -ERANGE, "no text");
	CHECK(strstr(segfab_error(h), "\"vlan\""), "%s", segfab_error(h));
	free(ack);

	/* Offsets that are none. */
	for (int i = 0; i < 200; i++) {
		ack = an_ack(request, -EINVAL, true, NULL, i, &size);
		CHECK(sf_ack(h, ack, request) == -EINVAL, "offset %d", i);
		free(ack);
	}

	/* A text that comes along with a success is a warning. */
	h->warning[0] = '\0';
	ack = an_ack(request, 0, true, "mind the gap", -1, &size);
	CHECK(sf_ack(h, ack, request) == 0, "success");
	CHECK(!strcmp(segfab_warning(h), "mind the gap"), "%s",
	      segfab_warning(h));
	free(ack);

	nlmsg_free(msg);
	segfab_free(h);
}

/* Nothing that a message may be makes a reader look past its end. */
static void test_ack_broken(void)
{
	struct segfab *h = segfab_new();
	struct nl_msg *msg = a_request();
	const struct nlmsghdr *request = nlmsg_hdr(msg);
	struct nlmsghdr *whole;
	size_t size;

	whole = an_ack(request, -EEXIST, false, "taken by web", 40, &size);
	for (size_t cut = NLMSG_HDRLEN; cut < size; cut++) {
		struct nlmsghdr *part = exact(whole, cut);

		part->nlmsg_len = cut;
		sf_ack(h, part, request);
		sf_done(h, part, request);
		free(part);
	}
	for (unsigned int i = 0; i < 20000; i++) {
		struct nlmsghdr *wrong = exact(whole, size);

		for (int j = 0; j < 3; j++)
			((uint8_t *)wrong)[NLMSG_HDRLEN + rand() %
					   (size - NLMSG_HDRLEN)] = rand();
		wrong->nlmsg_len = size;
		sf_ack(h, wrong, request);
		sf_done(h, wrong, request);
		free(wrong);
	}
	CHECK(size > 60, "%zu", size);
	free(whole);
	nlmsg_free(msg);
	segfab_free(h);
}

static void test_link_attribute(void)
{
	struct ifinfomsg ifi = {};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, 0);
	struct nlattr *info, *data, *ageing;
	const struct nlmsghdr *request;
	const char *name;

	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	nla_put_u32(msg, IFLA_MTU, 1500);
	info = nla_nest_start(msg, IFLA_LINKINFO);
	nla_put_string(msg, IFLA_INFO_KIND, "segment");
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	ageing = nlmsg_tail(nlmsg_hdr(msg));
	nla_put_u32(msg, SEGFAB_A_SEGMENT_AGEING_TIME, 5);
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);

	request = nlmsg_hdr(msg);
	name = sf_attr_at(request, (char *)ageing - (char *)request);
	CHECK(name && !strcmp(name, "ageing-time"), "%s", name);
	name = sf_attr_at(request, NLMSG_HDRLEN + sizeof(ifi));
	CHECK(name && !strcmp(name, "mtu"), "%s", name);
	CHECK(!sf_attr_at(request, 100000), "far away");
	nlmsg_free(msg);
}

/* A binding map with counters, as the kernel shows it. */
static struct nl_msg *a_binding(void)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *stats, *drops;

	genlmsg_put(msg, 0, 1, 40, 0, 0, SEGFAB_CMD_BINDING_GET, 1);
	nla_put_u32(msg, SEGFAB_A_BINDING_CHILD_IFINDEX, 7);
	nla_put_string(msg, SEGFAB_A_BINDING_CHILD, "pods");
	nla_put_string(msg, SEGFAB_A_BINDING_ID, "n1");
	nla_put_u32(msg, SEGFAB_A_BINDING_PARENT_IFINDEX, 8);
	nla_put_string(msg, SEGFAB_A_BINDING_PARENT, "nodes");
	nla_put_u16(msg, SEGFAB_A_BINDING_VLAN, 1002);
	stats = nla_nest_start(msg, SEGFAB_A_BINDING_STATS);
	nla_put_u64(msg, SEGFAB_A_STATS_EGRESS_BYTES, UINT64_MAX);
	drops = nla_nest_start(msg, SEGFAB_A_STATS_DROPS);
	nla_put_u64(msg, SEGFAB_A_DROPS_TOO_BIG, 3);
	nla_put_u64(msg, SEGFAB_A_DROPS_MAX + 5, 4);
	nla_put_u64(msg, SEGFAB_A_DROPS_MAX + 6, 5);
	nla_nest_end(msg, drops);
	nla_nest_end(msg, stats);
	return msg;
}

static void test_binding(void)
{
	struct nl_msg *msg = a_binding();
	struct segfab_binding b;

	CHECK(!sf_binding_parse(nlmsg_hdr(msg), &b), "refused");
	CHECK(b.child_ifindex == 7 && b.parent_ifindex == 8, "ifindex");
	CHECK(!strcmp(b.child, "pods") && !strcmp(b.id, "n1") &&
	      !strcmp(b.parent, "nodes"), "names");
	CHECK(b.vlan == 1002, "%u", b.vlan);
	CHECK(b.stats.counter[SEGFAB_A_STATS_EGRESS_BYTES] == UINT64_MAX,
	      "counter");
	CHECK(b.stats.has_drops && b.stats.drop[SEGFAB_A_DROPS_TOO_BIG] == 3,
	      "drops");
	CHECK(b.stats.drop[0] == 9, "reasons that are not known");
	nlmsg_free(msg);
}

static void parse_all(const struct nlmsghdr *nlh)
{
	union {
		struct segfab_segment	segment;
		struct segfab_port	port;
		struct segfab_binding	binding;
		struct segfab_fdb	fdb;
		struct segfab_link	link;
	} u;

	sf_segment_parse(nlh, &u.segment);
	sf_port_parse(nlh, &u.port);
	sf_binding_parse(nlh, &u.binding);
	sf_fdb_parse(nlh, &u.fdb);
	sf_link_parse(nlh, &u.link);
}

static void test_answers_broken(void)
{
	struct nl_msg *msg = a_binding();
	const struct nlmsghdr *whole = nlmsg_hdr(msg);
	size_t size = whole->nlmsg_len;

	for (size_t cut = NLMSG_HDRLEN; cut <= size; cut++) {
		struct nlmsghdr *part = exact(whole, cut);

		part->nlmsg_len = cut;
		parse_all(part);
		free(part);
	}
	for (unsigned int i = 0; i < 20000; i++) {
		struct nlmsghdr *wrong = exact(whole, size);

		for (int j = 0; j < 4; j++)
			((uint8_t *)wrong)[NLMSG_HDRLEN + rand() %
					   (size - NLMSG_HDRLEN)] = rand();
		wrong->nlmsg_len = size;
		parse_all(wrong);
		free(wrong);
	}
	CHECK(size > 100, "%zu", size);
	nlmsg_free(msg);
}

/* The one's complement sum of all, which is 0xffff if the checksum is right. */
static unsigned int ones_sum(const uint8_t *p, size_t len, unsigned int sum)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? p[i] : p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Headers and sums of an IP packet behind an Ethernet header of @at bytes. */
static void check_ip(const uint8_t *frame, size_t len, size_t at, bool v4,
		     unsigned int protocol, bool summed)
{
	size_t header = v4 ? 20 : 40, addresses = v4 ? 8 : 32;
	const uint8_t *ip = frame + at, *body = ip + header;
	size_t rest = len - at - header;
	unsigned int sum = protocol + rest;

	if (v4) {
		CHECK(ones_sum(ip, header, 0) == 0xffff, "%u", protocol);
		CHECK((ip[2] << 8 | ip[3]) == (int)(len - at), "%zu", len);
	} else {
		CHECK((ip[4] << 8 | ip[5]) == (int)rest, "%zu", len);
	}
	CHECK(ip[v4 ? 9 : 6] == protocol && ip[v4 ? 8 : 7] == 9, "%u",
	      protocol);
	if (protocol == 1)
		sum = 0;
	else
		sum = ones_sum(ip + header - addresses, addresses, sum);
	if (summed)
		CHECK(ones_sum(body, rest, sum) == 0xffff, "%u", protocol);
}

static void test_packets(void)
{
	static const struct {
		enum segfab_packet_type	type;
		unsigned int		v4, v6;
		size_t			header;
	} kinds[] = {
		{ SEGFAB_PACKET_ICMP, 1, 58, 8 },
		{ SEGFAB_PACKET_UDP, 17, 17, 8 },
		{ SEGFAB_PACKET_TCP, 6, 6, 20 },
		{ SEGFAB_PACKET_IP, 132, 132, 0 },
	};
	uint8_t *frame = malloc(SEGFAB_FRAME_MAX);

	for (unsigned int i = 0; i < 4 * ARRAY_SIZE(kinds); i++) {
		const unsigned int k = i / 4;
		const bool v4 = i & 1, tagged = i & 2;
		const size_t at = tagged ? 18 : 14;
		struct segfab_packet p = {
			.type = kinds[k].type, .ttl = 9, .protocol = 132,
			.vlan = tagged ? 5 : 0, .source_port = 4,
			.dest_port = 5, .echo_id = 6, .tcp_flags = 2,
			.ip_source = { v4 ? 4 : 16, { 10, 1, 2, 3 } },
			.ip_dest = { v4 ? 4 : 16, { 10, 9, 8, 7 } },
			.payload = "payload", .payload_len = 7, .size = 101,
		};
		ssize_t len = segfab_packet_build(&p, frame);

		CHECK(len == (tagged ? 105 : 101), "%zd", len);
		check_ip(frame, len, at, v4, v4 ? kinds[k].v4 : kinds[k].v6,
			 p.type != SEGFAB_PACKET_IP);
		CHECK(!memcmp(frame + at + (v4 ? 20 : 40) + kinds[k].header,
			      "payload", 7), "%u", i);
		p.size = SEGFAB_FRAME_MAX + 1;
		CHECK(segfab_packet_build(&p, frame) == -EMSGSIZE, "%u", i);
	}
	free(frame);
}

static void test_stats_names(void)
{
	for (unsigned int i = 2; i < SEGFAB_A_STATS_DROPS; i++)
		CHECK(segfab_stats_name(i), "counter %u", i);
	for (unsigned int i = 2; i <= SEGFAB_A_DROPS_MAX; i++)
		CHECK(segfab_drop_name(i), "reason %u", i);
	CHECK(!segfab_stats_name(10000) && !segfab_drop_name(10000),
	      "out of range");
}

static void test_netns(void)
{
	struct segfab *h = segfab_new();

	CHECK(segfab_open(h, "there-is-no-such") == -ENOENT, "%s",
	      segfab_error(h));
	CHECK(strstr(segfab_error(h), "there-is-no-such"), "%s",
	      segfab_error(h));
	CHECK(segfab_open(h, "/dev/null") < 0, "a file that is no namespace");
	CHECK(segfab_open(h, NULL) == 0, "%s", segfab_error(h));
	segfab_free(h);
	segfab_free(NULL);
	segfab_monitor_free(NULL);
}

static const struct test {
	const char	*name;
	void		(*run)(void);
} tests[] = {
	{ "numbers are strict", test_number },
	{ "MAC addresses", test_mac },
	{ "lists of VLAN ids", test_vlans },
	{ "frames that are made, their lengths and checksums", test_packets },
	{ "lists of VLAN ids never overflow", test_vlans_format },
	{ "words and their values", test_words },
	{ "names of interfaces", test_ifname },
	{ "text and JSON of strange strings", test_print },
	{ "words on a line have one blank between them", test_lines },
	{ "lines fit the terminal", test_width },
	{ "extended acknowledgments", test_ack },
	{ "broken acknowledgments", test_ack_broken },
	{ "attributes of a link are named", test_link_attribute },
	{ "a binding map is read", test_binding },
	{ "broken answers", test_answers_broken },
	{ "every counter and reason has a name", test_stats_names },
	{ "network namespaces that are none", test_netns },
};

int main(void)
{
	bool all_good = true;

	srand(1);
	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(tests));
	for (unsigned int i = 0; i < ARRAY_SIZE(tests); i++) {
		failures = 0;
		tests[i].run();
		if (failures)
			all_good = false;
		printf("%sok %u %s\n", failures ? "not " : "", i + 1,
		       tests[i].name);
	}
	return all_good ? 0 : 1;
}
