// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that are made to be traced: an Ethernet header, what it carries, and
 * zeroes.
 */
#include <arpa/inet.h>
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

#include "packet.h"

#define TTL		64
#define FRAME_MIN	60	/* without the frame check sequence */
#define TAG_LEN		4

/* The sum of RFC 1071, over bytes that follow others of an even number. */
static uint32_t sum(const void *data, size_t len, uint32_t start)
{
	const uint8_t *p = data;

	for (; len > 1; len -= 2, p += 2)
		start += p[0] << 8 | p[1];
	return len ? start + (p[0] << 8) : start;
}

static uint16_t checksum(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return htons(~total);
}

static uint8_t protocol_of(const struct packet *p)
{
	switch (p->type) {
	case PACKET_UDP:
		return IPPROTO_UDP;
	case PACKET_TCP:
		return IPPROTO_TCP;
	default:
		return p->ip_source.len == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	}
}

/* What UDP, TCP and ICMPv6 have in their sums of the header before them. */
static uint32_t pseudo_sum(const struct packet *p, size_t len)
{
	uint32_t total = protocol_of(p) + len;

	total = sum(p->ip_source.bytes, p->ip_source.len, total);
	return sum(p->ip_dest.bytes, p->ip_dest.len, total);
}

static void fill_icmp(const struct packet *p, void *data, size_t len)
{
	if (p->ip_source.len == 4) {
		struct icmphdr *icmp = data;

		icmp->type = ICMP_ECHO;
		icmp->checksum = checksum(sum(data, len, 0));
	} else {
		struct icmp6_hdr *icmp = data;

		icmp->icmp6_type = ICMP6_ECHO_REQUEST;
		icmp->icmp6_cksum = checksum(sum(data, len,
						 pseudo_sum(p, len)));
	}
}

static void fill_udp(const struct packet *p, void *data, size_t len)
{
	struct udphdr *udp = data;

	udp->source = htons(p->source_port);
	udp->dest = htons(p->dest_port);
	udp->len = htons(len);
	udp->check = checksum(sum(data, len, pseudo_sum(p, len)));
	if (!udp->check)
		udp->check = 0xffff;
}

static void fill_tcp(const struct packet *p, void *data, size_t len)
{
	struct tcphdr *tcp = data;

	tcp->source = htons(p->source_port);
	tcp->dest = htons(p->dest_port);
	tcp->doff = sizeof(*tcp) / 4;
	tcp->syn = 1;
	tcp->window = htons(0xffff);
	tcp->check = checksum(sum(data, len, pseudo_sum(p, len)));
}

static void fill_transport(const struct packet *p, void *data, size_t len)
{
	switch (p->type) {
	case PACKET_UDP:
		fill_udp(p, data, len);
		break;
	case PACKET_TCP:
		fill_tcp(p, data, len);
		break;
	default:
		fill_icmp(p, data, len);
		break;
	}
}

static void fill_ip(const struct packet *p, uint8_t *data, size_t len)
{
	struct iphdr *ip = (struct iphdr *)data;

	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tot_len = htons(len);
	ip->ttl = TTL;
	ip->protocol = protocol_of(p);
	memcpy(&ip->saddr, p->ip_source.bytes, sizeof(ip->saddr));
	memcpy(&ip->daddr, p->ip_dest.bytes, sizeof(ip->daddr));
	ip->check = checksum(sum(ip, sizeof(*ip), 0));
	fill_transport(p, data + sizeof(*ip), len - sizeof(*ip));
}

static void fill_ip6(const struct packet *p, uint8_t *data, size_t len)
{
	struct ip6_hdr *ip = (struct ip6_hdr *)data;

	ip->ip6_flow = htonl(6 << 28);
	ip->ip6_plen = htons(len - sizeof(*ip));
	ip->ip6_nxt = protocol_of(p);
	ip->ip6_hlim = TTL;
	memcpy(&ip->ip6_src, p->ip_source.bytes, sizeof(ip->ip6_src));
	memcpy(&ip->ip6_dst, p->ip_dest.bytes, sizeof(ip->ip6_dst));
	fill_transport(p, data + sizeof(*ip), len - sizeof(*ip));
}

/* Who has @ip_dest? */
static void fill_arp(const struct packet *p, uint8_t *data)
{
	struct arphdr arp = {
		.ar_hrd = htons(ARPHRD_ETHER),
		.ar_pro = htons(ETHERTYPE_IP),
		.ar_hln = SEGFAB_MAC_LEN,
		.ar_pln = 4,
		.ar_op = htons(ARPOP_REQUEST),
	};

	memcpy(data, &arp, sizeof(arp));
	memcpy(data + 8, p->source, SEGFAB_MAC_LEN);
	memcpy(data + 14, p->ip_source.bytes, 4);
	memcpy(data + 24, p->ip_dest.bytes, 4);
}

static size_t transport_len(const struct packet *p)
{
	switch (p->type) {
	case PACKET_TCP:
		return sizeof(struct tcphdr);
	default:	/* ICMP's and UDP's are as long */
		return sizeof(struct udphdr);
	}
}

static size_t least_len(const struct packet *p)
{
	if (p->type == PACKET_ARP)
		return 28;
	return transport_len(p) + (p->ip_source.len == 4 ?
				   sizeof(struct iphdr) :
				   sizeof(struct ip6_hdr));
}

static uint16_t ethertype_of(const struct packet *p)
{
	if (p->type == PACKET_ARP)
		return ETHERTYPE_ARP;
	return p->ip_source.len == 4 ? ETHERTYPE_IP : ETHERTYPE_IPV6;
}

static uint8_t *put_16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
	return at + 2;
}

/*
 * Build a frame of at most SEGFAB_FRAME_MAX bytes. Return: its length.
 */
size_t packet_build(const struct packet *p, uint8_t *frame)
{
	/* What follows the Ethernet header, where headers may be written. */
	union {
		uint8_t		bytes[SEGFAB_FRAME_MAX];
		struct ip6_hdr	aligned;
	} payload = {};
	size_t len = least_len(p), padded = ETHER_HDR_LEN + len;
	uint8_t *at = frame;

	if (p->size > padded && p->type != PACKET_ARP)
		len = p->size - ETHER_HDR_LEN;
	if (padded < p->size)
		padded = p->size;
	if (padded < FRAME_MIN)
		padded = FRAME_MIN;
	if (padded > SEGFAB_FRAME_MAX - TAG_LEN)
		padded = SEGFAB_FRAME_MAX - TAG_LEN;
	if (len > padded - ETHER_HDR_LEN)
		len = padded - ETHER_HDR_LEN;

	memset(frame, 0, padded + TAG_LEN);
	memcpy(at, p->dest, SEGFAB_MAC_LEN);
	memcpy(at + SEGFAB_MAC_LEN, p->source, SEGFAB_MAC_LEN);
	at += 2 * SEGFAB_MAC_LEN;
	if (p->vlan)
		at = put_16(put_16(at, ETHERTYPE_VLAN), p->vlan);
	at = put_16(at, ethertype_of(p));
	if (p->type == PACKET_ARP)
		fill_arp(p, payload.bytes);
	else if (p->ip_source.len == 4)
		fill_ip(p, payload.bytes, len);
	else
		fill_ip6(p, payload.bytes, len);
	memcpy(at, payload.bytes, len);
	return padded + (p->vlan ? TAG_LEN : 0);
}
