// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Frames that are made to be traced: an Ethernet header, what it carries, and
 * zeroes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>

#include "internal.h"

#define SF_PADDED_MIN	60	/* without the frame check sequence */
#define SF_TAG_LEN	4
#define SF_ARP_LEN	28

/* The sum of RFC 1071, over bytes that follow others of an even number. */
static uint32_t sf_sum(const void *data, size_t len, uint32_t start)
{
	const uint8_t *p = data;

	for (; len > 1; len -= 2, p += 2)
		start += p[0] << 8 | p[1];
	return len ? start + (p[0] << 8) : start;
}

static uint16_t sf_checksum(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return htons(~total);
}

static uint8_t sf_protocol_of(const struct segfab_packet *p)
{
	switch (p->type) {
	case SEGFAB_PACKET_UDP:
		return IPPROTO_UDP;
	case SEGFAB_PACKET_TCP:
		return IPPROTO_TCP;
	case SEGFAB_PACKET_IP:
		return p->protocol;
	default:
		return p->ip_source.len == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	}
}

/* What UDP, TCP and ICMPv6 have in their sums of the header before them. */
static uint32_t sf_pseudo_sum(const struct segfab_packet *p, size_t len)
{
	uint32_t total = sf_protocol_of(p) + len;

	total = sf_sum(p->ip_source.bytes, p->ip_source.len, total);
	return sf_sum(p->ip_dest.bytes, p->ip_dest.len, total);
}

static void sf_fill_icmp(const struct segfab_packet *p, void *data, size_t len)
{
	uint16_t echo[2] = { htons(p->echo_id), htons(p->echo_sequence) };

	/* Behind type, code and checksum, both have the same two numbers. */
	memcpy((uint8_t *)data + 4, echo, sizeof(echo));
	if (p->ip_source.len == 4) {
		struct icmphdr *icmp = data;

		icmp->type = ICMP_ECHO;
		icmp->checksum = sf_checksum(sf_sum(data, len, 0));
	} else {
		struct icmp6_hdr *icmp = data;

		icmp->icmp6_type = ICMP6_ECHO_REQUEST;
		icmp->icmp6_cksum = sf_checksum(sf_sum(data, len,
						       sf_pseudo_sum(p, len)));
	}
}

static void sf_fill_udp(const struct segfab_packet *p, void *data, size_t len)
{
	struct udphdr *udp = data;

	udp->source = htons(p->source_port);
	udp->dest = htons(p->dest_port);
	udp->len = htons(len);
	udp->check = sf_checksum(sf_sum(data, len, sf_pseudo_sum(p, len)));
	if (!udp->check)
		udp->check = 0xffff;
}

static void sf_fill_tcp(const struct segfab_packet *p, void *data, size_t len)
{
	struct tcphdr *tcp = data;

	tcp->source = htons(p->source_port);
	tcp->dest = htons(p->dest_port);
	tcp->doff = sizeof(*tcp) / 4;
	tcp->res1 = p->tcp_flags >> 8;
	tcp->th_flags = p->tcp_flags;
	tcp->window = htons(0xffff);
	tcp->check = sf_checksum(sf_sum(data, len, sf_pseudo_sum(p, len)));
}

static size_t sf_transport_len(const struct segfab_packet *p)
{
	switch (p->type) {
	case SEGFAB_PACKET_TCP:
		return sizeof(struct tcphdr);
	case SEGFAB_PACKET_IP:
		return 0;
	default:	/* ICMP's and UDP's are as long */
		return sizeof(struct udphdr);
	}
}

static void sf_fill_transport(const struct segfab_packet *p, uint8_t *data,
			      size_t len)
{
	if (p->payload_len)
		memcpy(data + sf_transport_len(p), p->payload, p->payload_len);
	switch (p->type) {
	case SEGFAB_PACKET_UDP:
		sf_fill_udp(p, data, len);
		break;
	case SEGFAB_PACKET_TCP:
		sf_fill_tcp(p, data, len);
		break;
	case SEGFAB_PACKET_ICMP:
		sf_fill_icmp(p, data, len);
		break;
	default:
		break;
	}
}

static void sf_fill_ip(const struct segfab_packet *p, uint8_t *data, size_t len)
{
	struct iphdr *ip = (struct iphdr *)data;

	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tot_len = htons(len);
	ip->frag_off = htons((p->ip_flags & 7) << 13);
	ip->ttl = p->ttl;
	ip->protocol = sf_protocol_of(p);
	memcpy(&ip->saddr, p->ip_source.bytes, sizeof(ip->saddr));
	memcpy(&ip->daddr, p->ip_dest.bytes, sizeof(ip->daddr));
	ip->check = sf_checksum(sf_sum(ip, sizeof(*ip), 0));
	sf_fill_transport(p, data + sizeof(*ip), len - sizeof(*ip));
}

static void sf_fill_ip6(const struct segfab_packet *p, uint8_t *data, size_t len)
{
	struct ip6_hdr *ip = (struct ip6_hdr *)data;

	ip->ip6_flow = htonl(6 << 28);
	ip->ip6_plen = htons(len - sizeof(*ip));
	ip->ip6_nxt = sf_protocol_of(p);
	ip->ip6_hlim = p->ttl;
	memcpy(&ip->ip6_src, p->ip_source.bytes, sizeof(ip->ip6_src));
	memcpy(&ip->ip6_dst, p->ip_dest.bytes, sizeof(ip->ip6_dst));
	sf_fill_transport(p, data + sizeof(*ip), len - sizeof(*ip));
}

/* Who has @ip_dest? Or: @ip_source is at @source. */
static void sf_fill_arp(const struct segfab_packet *p, uint8_t *data)
{
	struct arphdr arp = {
		.ar_hrd = htons(ARPHRD_ETHER),
		.ar_pro = htons(ETHERTYPE_IP),
		.ar_hln = SEGFAB_MAC_LEN,
		.ar_pln = 4,
		.ar_op = htons(p->arp_reply ? ARPOP_REPLY : ARPOP_REQUEST),
	};

	memcpy(data, &arp, sizeof(arp));
	memcpy(data + 8, p->source, SEGFAB_MAC_LEN);
	memcpy(data + 14, p->ip_source.bytes, 4);
	if (p->arp_reply)
		memcpy(data + 18, p->dest, SEGFAB_MAC_LEN);
	memcpy(data + 24, p->ip_dest.bytes, 4);
}

/* What the packet needs behind the Ethernet header. */
static size_t sf_least_len(const struct segfab_packet *p)
{
	switch (p->type) {
	case SEGFAB_PACKET_ARP:
		return SF_ARP_LEN;
	case SEGFAB_PACKET_ETHER:
		return p->payload_len;
	default:
		return sf_transport_len(p) + p->payload_len +
		       (p->ip_source.len == 4 ? sizeof(struct iphdr) :
			sizeof(struct ip6_hdr));
	}
}

static uint16_t sf_ethertype_of(const struct segfab_packet *p)
{
	if (p->type == SEGFAB_PACKET_ETHER)
		return p->ethertype;
	if (p->type == SEGFAB_PACKET_ARP)
		return ETHERTYPE_ARP;
	return p->ip_source.len == 4 ? ETHERTYPE_IP : ETHERTYPE_IPV6;
}

static uint8_t *sf_put_16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
	return at + 2;
}

/* Behind the Ethernet header; an IP packet takes all of @len. */
static void sf_fill(const struct segfab_packet *p, uint8_t *data, size_t len)
{
	if (p->type == SEGFAB_PACKET_ARP)
		sf_fill_arp(p, data);
	else if (p->type == SEGFAB_PACKET_ETHER && p->payload_len)
		memcpy(data, p->payload, p->payload_len);
	else if (p->type == SEGFAB_PACKET_ETHER)
		return;
	else if (p->ip_source.len == 4)
		sf_fill_ip(p, data, len);
	else
		sf_fill_ip6(p, data, len);
}

/**
 * segfab_packet_build - make a frame
 * @p: what it is to be like
 * @frame: takes it; room for SEGFAB_FRAME_MAX bytes
 *
 * Checksums and lengths are set. The frame is as long as it has to be, and
 * padded with zeroes to @p->size if that is more.
 *
 * Return: its length with its tag, or -EMSGSIZE
 */
SF_API ssize_t segfab_packet_build(const struct segfab_packet *p,
				   uint8_t *frame)
{
	/* What follows the Ethernet header, where headers may be written. */
	union {
		uint8_t		bytes[SEGFAB_FRAME_MAX];
		struct ip6_hdr	aligned;
	} behind = {};
	const size_t tag = p->vlan ? SF_TAG_LEN : 0;
	size_t total = ETHER_HDR_LEN + sf_least_len(p);
	uint8_t *at = frame + 2 * SEGFAB_MAC_LEN;
	size_t len = sf_least_len(p);

	if (p->size > total) {
		if (p->type != SEGFAB_PACKET_ARP)
			len = p->size - ETHER_HDR_LEN;
		total = p->size;
	}
	if (total < SF_PADDED_MIN)
		total = SF_PADDED_MIN;
	if (total + tag > SEGFAB_FRAME_MAX)
		return -EMSGSIZE;

	memset(frame, 0, total + tag);
	memcpy(frame, p->dest, SEGFAB_MAC_LEN);
	memcpy(frame + SEGFAB_MAC_LEN, p->source, SEGFAB_MAC_LEN);
	if (tag)
		at = sf_put_16(sf_put_16(at, ETHERTYPE_VLAN), p->vlan);
	at = sf_put_16(at, sf_ethertype_of(p));
	sf_fill(p, behind.bytes, len);
	memcpy(at, behind.bytes, len);
	return total + tag;
}
