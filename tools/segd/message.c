// SPDX-License-Identifier: GPL-2.0-only
/*
 * DHCP, DNS and neighbour discovery, as far as a switch or a firewall on the way
 * looks at them. Numbers that tell requests apart are random.
 */
#include <arpa/inet.h>
#include <string.h>

#include "json.h"
#include "message.h"
#include "util.h"

#define SG_DHCP_SERVER		67
#define SG_DHCP_CLIENT		68
#define SG_DHCPV6_CLIENT	546
#define SG_DHCPV6_SERVER	547
#define SG_DNS_SERVER		53
#define SG_DNS_CLIENT		53530
#define SG_DNS_LABEL		63
#define SG_DNS_NAME		253

static void sg_put(struct sg_message *m, const void *bytes, size_t len)
{
	memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
}

static void sg_put_u8(struct sg_message *m, uint8_t value)
{
	sg_put(m, &value, sizeof(value));
}

static void sg_put_u16(struct sg_message *m, uint16_t value)
{
	value = htons(value);
	sg_put(m, &value, sizeof(value));
}

static void sg_put_zeros(struct sg_message *m, size_t len)
{
	memset(m->bytes + m->len, 0, len);
	m->len += len;
}

static void sg_put_random(struct sg_message *m, size_t len)
{
	sg_random(m->bytes + m->len, len);
	m->len += len;
}

static void sg_ports(struct segfab_packet *p, uint16_t client, uint16_t server,
		     bool reply)
{
	p->source_port = reply ? server : client;
	p->dest_port = reply ? client : server;
}

/* --- DHCP --- */

/* RFC 2131, and the one option that makes it DHCP: DISCOVER or OFFER. */
int sg_message_dhcp(const json_t *header, struct segfab_packet *p,
		    struct sg_message *m, struct sg_error *e)
{
	static const uint8_t cookie[] = { 99, 130, 83, 99 };
	bool reply = !strcmp(sg_json_text(header, "op_code"), "BOOTREPLY");

	(void)e;
	sg_ports(p, SG_DHCP_CLIENT, SG_DHCP_SERVER, reply);
	sg_put_u8(m, reply ? 2 : 1);
	sg_put_u8(m, 1);			/* Ethernet */
	sg_put_u8(m, SEGFAB_MAC_LEN);
	sg_put_u8(m, 0);			/* hops */
	sg_put_random(m, 4);
	sg_put_zeros(m, 20);			/* time, flags, addresses */
	sg_put(m, reply ? p->dest : p->source, SEGFAB_MAC_LEN);
	sg_put_zeros(m, 10 + 64 + 128);		/* rest of it, names */
	sg_put(m, cookie, sizeof(cookie));
	sg_put_u8(m, 53);
	sg_put_u8(m, 1);
	sg_put_u8(m, reply ? 2 : 1);
	sg_put_u8(m, 255);
	return 0;
}

/* RFC 8415, with the client's id: its address. */
int sg_message_dhcpv6(const json_t *header, struct segfab_packet *p,
		      struct sg_message *m, struct sg_error *e)
{
	static const struct {
		const char	*name;
		uint8_t		type;
	} types[] = {
		{ "SOLICIT", 1 }, { "ADVERTISE", 2 }, { "REQUEST", 3 },
		{ "REPLY", 7 },
	};
	const char *name = sg_json_text(header, "msg_type");
	uint8_t type = 1;
	bool reply;

	(void)e;
	for (size_t i = 0; i < SG_ARRAY_SIZE(types); i++)
		if (!strcmp(types[i].name, name))
			type = types[i].type;
	reply = type == 2 || type == 7;
	sg_ports(p, SG_DHCPV6_CLIENT, SG_DHCPV6_SERVER, reply);
	sg_put_u8(m, type);
	sg_put_random(m, 3);
	sg_put_u16(m, 1);			/* OPTION_CLIENTID */
	sg_put_u16(m, 4 + SEGFAB_MAC_LEN);
	sg_put_u16(m, 3);			/* DUID-LL */
	sg_put_u16(m, 1);			/* Ethernet */
	sg_put(m, reply ? p->dest : p->source, SEGFAB_MAC_LEN);
	return 0;
}

/* --- DNS --- */

/* "a.b" as labels; the dot at the end may be missing. RFC 1035, 3.1 */
static int sg_put_name(struct sg_message *m, const char *name,
		       struct sg_error *e)
{
	const char *rest = name;
	size_t len;

	if (!*name || strlen(name) > SG_DNS_NAME)
		goto wrong;
	do {
		len = strcspn(rest, ".");
		if (!len || len > SG_DNS_LABEL)
			goto wrong;
		sg_put_u8(m, len);
		sg_put(m, rest, len);
		rest += len + (rest[len] == '.');
	} while (*rest);
	sg_put_u8(m, 0);
	return 0;

wrong:
	return sg_fail(e, SG_E_FIELD,
		       "packet.transport_header.dns_header.address: \"%.64s\" is no name that can be asked for",
		       name);
}

/* The name under which an address is looked up; empty if it is none. */
static void sg_reverse_name(char *name, size_t size, const char *text)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t b[16];
	size_t n = 0;

	*name = '\0';
	if (inet_pton(AF_INET, text, b) == 1) {
		sg_format(name, size, "%u.%u.%u.%u.in-addr.arpa", b[3], b[2],
			  b[1], b[0]);
	} else if (inet_pton(AF_INET6, text, b) == 1) {
		for (int i = 15; i >= 0; i--) {
			name[n++] = digits[b[i] & 0xf];
			name[n++] = '.';
			name[n++] = digits[b[i] >> 4];
			name[n++] = '.';
		}
		sg_format(name + n, size - n, "ip6.arpa");
	}
}

int sg_message_dns(const json_t *header, struct segfab_packet *p,
		   struct sg_message *m, struct sg_error *e)
{
	bool reply = !strcmp(sg_json_text(header, "message_type"), "RESPONSE");
	bool v6 = !strcmp(sg_json_text(header, "address_type"), "V6");
	const char *name = sg_json_text(header, "address");
	char reverse[80];

	sg_reverse_name(reverse, sizeof(reverse), name);
	sg_ports(p, SG_DNS_CLIENT, SG_DNS_SERVER, reply);
	sg_put_random(m, 2);
	sg_put_u16(m, reply ? 0x8180 : 0x0100);	/* recursion desired */
	sg_put_u16(m, 1);			/* one question */
	sg_put_zeros(m, 6);
	if (sg_put_name(m, *reverse ? reverse : name, e))
		return -1;
	sg_put_u16(m, *reverse ? 12 : v6 ? 28 : 1);	/* PTR, AAAA, A */
	sg_put_u16(m, 1);			/* IN */
	return 0;
}

/* --- Neighbour discovery --- */

/* RFC 8200, 8.1: with a pseudo-header of addresses, length and protocol. */
static uint16_t sg_checksum(const struct segfab_packet *p,
			    const struct sg_message *m)
{
	uint32_t sum = m->len + IPPROTO_ICMPV6;

	for (size_t i = 0; i < 16; i++) {
		sum += p->ip_source.bytes[i] << (i % 2 ? 0 : 8);
		sum += p->ip_dest.bytes[i] << (i % 2 ? 0 : 8);
	}
	for (size_t i = 0; i < m->len; i++)
		sum += m->bytes[i] << (i % 2 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* RFC 4861, 4.3 and 4.4, with the address of who sends it. */
int sg_message_ndp(const json_t *header, struct segfab_packet *p,
		   struct sg_message *m, struct sg_error *e)
{
	bool reply = !strcmp(sg_json_text(header, "msg_type"),
			     "NEIGHBOR_ADVERTISEMENT");
	const char *target = sg_json_text(header, "dst_ip");
	uint8_t bytes[16];
	uint16_t checksum;

	if (inet_pton(AF_INET6, target, bytes) != 1)
		return sg_fail(e, SG_E_FIELD,
			       "packet.transport_header.ndp_header.dst_ip: \"%.64s\" is no IPv6 address",
			       target);
	p->ttl = 255;
	sg_put_u8(m, reply ? 136 : 135);
	sg_put_zeros(m, 3);			/* code, checksum */
	sg_put_u8(m, reply ? 0x60 : 0);		/* solicited, override */
	sg_put_zeros(m, 3);
	sg_put(m, bytes, sizeof(bytes));
	sg_put_u8(m, reply ? 2 : 1);		/* link-layer address */
	sg_put_u8(m, 1);
	sg_put(m, p->source, SEGFAB_MAC_LEN);
	checksum = sg_checksum(p, m);
	memcpy(m->bytes + 2, &checksum, sizeof(checksum));
	return 0;
}
