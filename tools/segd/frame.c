// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the packet of a traceflow, as a client describes it, to a frame. What
 * is contradictory, missing or too long is refused by the name of the member.
 *
 * The Ethernet type and the IP protocol have defaults, which a client that
 * adds another header need not correct: the header counts then.
 */
#include <arpa/inet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "frame.h"
#include "json.h"
#include "message.h"
#include "schema.h"
#include "util.h"

#define SG_PADDED_MIN	60

/* What follows the Ethernet header. */
static const struct sg_network {
	const char	*name;
	const char	*protocol;
	const char	*ttl;
	uint16_t	ethertype;
	int		family;
	int		icmp;
} sg_networks[] = {
	{ "ip_header", "protocol", "ttl", ETHERTYPE_IP, AF_INET,
	  IPPROTO_ICMP },
	{ "ipv6_header", "next_header", "hop_limit", ETHERTYPE_IPV6, AF_INET6,
	  IPPROTO_ICMPV6 },
	{ "arp_header", NULL, NULL, ETHERTYPE_ARP, AF_INET, 0 },
};

/*
 * What follows an IP header. Protocol 0: the ICMP of its family; family 0: each;
 * message: what makes the rest, and says the ports.
 */
static const struct sg_transport {
	const char			*name;
	enum segfab_packet_type		type;
	int				protocol;
	int				family;
	int				(*message)(const json_t *header,
						   struct segfab_packet *p,
						   struct sg_message *m,
						   struct sg_error *e);
} sg_transports[] = {
	{ "icmp_echo_request_header", SEGFAB_PACKET_ICMP, 0, 0, NULL },
	{ "tcp_header", SEGFAB_PACKET_TCP, IPPROTO_TCP, 0, NULL },
	{ "udp_header", SEGFAB_PACKET_UDP, IPPROTO_UDP, 0, NULL },
	{ "dhcp_header", SEGFAB_PACKET_UDP, IPPROTO_UDP, AF_INET,
	  sg_message_dhcp },
	{ "dhcpv6_header", SEGFAB_PACKET_UDP, IPPROTO_UDP, AF_INET6,
	  sg_message_dhcpv6 },
	{ "dns_header", SEGFAB_PACKET_UDP, IPPROTO_UDP, 0, sg_message_dns },
	{ "ndp_header", SEGFAB_PACKET_IP, IPPROTO_ICMPV6, AF_INET6,
	  sg_message_ndp },
};

static long long sg_number_at(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* --- Ethernet --- */

static void sg_frame_mac(const char *text, uint8_t mac[SEGFAB_MAC_LEN])
{
	for (int i = 0; i < SEGFAB_MAC_LEN; i++)
		mac[i] = strtoul(text + 3 * i, NULL, 16);
}

static bool sg_frame_to_all(const json_t *packet)
{
	return !strcmp(sg_json_text(packet, "transport_type"), "BROADCAST") ||
	       json_object_get(packet, "arp_header");
}

static int sg_frame_ethernet(const json_t *packet, struct segfab_packet *p,
			     struct sg_error *e)
{
	const json_t *eth = json_object_get(packet, "eth_header");
	const char *source = sg_json_text(eth, "src_mac");
	const char *dest = sg_json_text(eth, "dst_mac");

	if (!*source)
		return sg_fail(e, SG_E_FIELD,
			       "packet.eth_header.src_mac: the member is required");
	sg_frame_mac(source, p->source);
	if (*dest)
		sg_frame_mac(dest, p->dest);
	else if (sg_frame_to_all(packet))
		memset(p->dest, 0xff, sizeof(p->dest));
	else if (!sg_json_true(packet, "routed"))
		return sg_fail(e, SG_E_FIELD,
			       "packet.eth_header.dst_mac: the member is required, unless the packet is routed");
	p->ethertype = eth ? sg_number_at(eth, "eth_type") : ETHERTYPE_IP;
	return 0;
}

/* --- IP and ARP --- */

static int sg_frame_address(const json_t *header,
			    const struct sg_network *network, const char *name,
			    const char *fallback,
			    struct segfab_address_bytes *address,
			    struct sg_error *e)
{
	const char *text = sg_json_text(header, name);

	if (!*text)
		text = fallback;
	if (!*text)
		return sg_fail(e, SG_E_FIELD,
			       "packet.%s.%s: the member is required",
			       network->name, name);
	address->len = network->family == AF_INET ? 4 : 16;
	if (inet_pton(network->family, text, address->bytes) == 1)
		return 0;
	return sg_fail(e, SG_E_FIELD,
		       "packet.%s.%s: \"%.64s\" is no IPv%d address",
		       network->name, name, text,
		       network->family == AF_INET ? 4 : 6);
}

/* The one header that is there. Return: -1 if there are two */
static int sg_frame_network(const json_t *packet,
			    const struct sg_network **network,
			    struct sg_error *e)
{
	*network = NULL;
	for (size_t i = 0; i < SG_ARRAY_SIZE(sg_networks); i++) {
		if (!json_object_get(packet, sg_networks[i].name))
			continue;
		if (*network)
			return sg_fail(e, SG_E_FIELD,
				       "packet.%s: there is an %s already",
				       sg_networks[i].name, (*network)->name);
		*network = &sg_networks[i];
	}
	return 0;
}

static int sg_frame_ethertype(const struct sg_network *network,
			      uint16_t ethertype, struct sg_error *e)
{
	if (!network) {
		for (size_t i = 0; i < SG_ARRAY_SIZE(sg_networks); i++)
			if (ethertype == sg_networks[i].ethertype)
				return sg_fail(e, SG_E_FIELD,
					       "packet.%s: the member is required with eth_type %u",
					       sg_networks[i].name, ethertype);
		return 0;
	}
	if (ethertype == network->ethertype || ethertype == ETHERTYPE_IP)
		return 0;
	return sg_fail(e, SG_E_FIELD,
		       "packet.eth_header.eth_type: %u is not that of an %s",
		       ethertype, network->name);
}

/* --- What IP carries --- */

static int sg_frame_transport(const json_t *headers,
			      const struct sg_transport **transport,
			      struct sg_error *e)
{
	const char *name;
	json_t *header;

	*transport = NULL;
	json_object_foreach((json_t *)headers, name, header) {
		if (*transport)
			return sg_fail(e, SG_E_FIELD,
				       "packet.transport_header.%s: there is a %s already",
				       name, (*transport)->name);
		for (size_t i = 0; i < SG_ARRAY_SIZE(sg_transports); i++)
			if (!strcmp(sg_transports[i].name, name))
				*transport = &sg_transports[i];
	}
	return 0;
}

static void sg_frame_ports(const json_t *header, struct segfab_packet *p)
{
	p->source_port = sg_number_at(header, "src_port");
	p->dest_port = sg_number_at(header, "dst_port");
	p->tcp_flags = sg_number_at(header, "tcp_flags");
	p->echo_id = sg_number_at(header, "id");
	p->echo_sequence = sg_number_at(header, "sequence");
}

/* The frame is as long as its message: padding would be part of that. */
static int sg_frame_message(const struct sg_transport *transport,
			    const struct sg_network *network,
			    const json_t *header, struct segfab_packet *p,
			    struct sg_message *m, struct sg_error *e)
{
	size_t before = ETHER_HDR_LEN + (network->family == AF_INET ? 20 : 40) +
			(transport->type == SEGFAB_PACKET_UDP ? 8 : 0);

	if (transport->family && transport->family != network->family)
		return sg_fail(e, SG_E_FIELD,
			       "packet.transport_header.%s: it does not follow an %s",
			       transport->name, network->name);
	if (p->payload_len)
		return sg_fail(e, SG_E_FIELD,
			       "packet.payload: a %s has none",
			       transport->name);
	if (transport->message(header, p, m, e))
		return -1;
	p->payload = m->bytes;
	p->payload_len = m->len;
	p->size = before + m->len;
	return 0;
}

static int sg_frame_carried(const json_t *packet,
			    const struct sg_network *network,
			    struct segfab_packet *p, struct sg_message *m,
			    struct sg_error *e)
{
	const json_t *headers = json_object_get(packet, "transport_header");
	const json_t *ip = json_object_get(packet, network->name);
	const struct sg_transport *transport;
	const json_t *header;
	int given, needed;

	if (sg_frame_transport(headers, &transport, e))
		return -1;
	given = sg_number_at(ip, network->protocol);
	p->protocol = given;
	p->type = given == network->icmp ? SEGFAB_PACKET_ICMP :
					   SEGFAB_PACKET_IP;
	if (!transport)
		return 0;
	needed = transport->protocol ? transport->protocol : network->icmp;
	if (given != needed && given != network->icmp)
		return sg_fail(e, SG_E_FIELD,
			       "packet.%s.%s: %d is not that of the %s",
			       network->name, network->protocol, given,
			       transport->name);
	p->type = transport->type;
	p->protocol = needed;
	header = json_object_get(headers, transport->name);
	if (transport->message)
		return sg_frame_message(transport, network, header, p, m, e);
	sg_frame_ports(header, p);
	return 0;
}

static int sg_frame_ip(const json_t *packet, const struct sg_network *network,
		       struct segfab_packet *p, struct sg_message *m,
		       struct sg_error *e)
{
	const json_t *ip = json_object_get(packet, network->name);
	const bool all = network->family == AF_INET && sg_frame_to_all(packet);

	p->ttl = sg_number_at(ip, network->ttl);
	p->ip_flags = sg_number_at(ip, "flags");
	if (sg_frame_address(ip, network, "src_ip", "", &p->ip_source, e) ||
	    sg_frame_address(ip, network, "dst_ip",
			     all ? "255.255.255.255" : "", &p->ip_dest, e))
		return -1;
	return sg_frame_carried(packet, network, p, m, e);
}

static int sg_frame_arp(const json_t *packet, const struct sg_network *network,
			struct segfab_packet *p, struct sg_error *e)
{
	const json_t *arp = json_object_get(packet, network->name);

	p->type = SEGFAB_PACKET_ARP;
	p->arp_reply = !strcmp(sg_json_text(arp, "op_code"), "ARP_REPLY");
	if (p->payload_len)
		return sg_fail(e, SG_E_FIELD,
			       "packet.payload: ARP has none");
	return sg_frame_address(arp, network, "src_ip", "", &p->ip_source,
				e) ||
	       sg_frame_address(arp, network, "dst_ip", "", &p->ip_dest, e) ?
	       -1 : 0;
}

static int sg_frame_headers(const json_t *packet, struct segfab_packet *p,
			    struct sg_message *m, struct sg_error *e)
{
	const struct sg_network *network;

	if (sg_frame_ethernet(packet, p, e) ||
	    sg_frame_network(packet, &network, e) ||
	    sg_frame_ethertype(network, p->ethertype, e))
		return -1;
	if (network && network->protocol)
		return sg_frame_ip(packet, network, p, m, e);
	if (json_object_size(json_object_get(packet, "transport_header")))
		return sg_fail(e, SG_E_FIELD,
			       "packet.transport_header: there is no IP header");
	if (network)
		return sg_frame_arp(packet, network, p, e);
	p->type = SEGFAB_PACKET_ETHER;
	return 0;
}

/* --- Whole frames --- */

static int sg_frame_fields(const json_t *packet, struct sg_frame *frame,
			   const char *payload, size_t len, struct sg_error *e)
{
	struct segfab_packet p = {
		.payload = payload,
		.payload_len = len,
		.size = sg_number_at(packet, "frame_size"),
	};
	struct sg_message message = {};
	ssize_t size;

	if (sg_frame_headers(packet, &p, &message, e))
		return -1;
	size = segfab_packet_build(&p, frame->bytes);
	if (size < 0 || size > p.size)
		return sg_fail(e, SG_E_FIELD,
			       "packet.frame_size: headers and payload do not fit into %u bytes",
			       p.size);
	frame->len = size;
	return 0;
}

static int sg_frame_binary(struct sg_frame *frame, const char *payload,
			   size_t len, struct sg_error *e)
{
	if (len < SEGFAB_FRAME_MIN)
		return sg_fail(e, SG_E_FIELD,
			       "packet.payload: a frame has at least %d bytes",
			       SEGFAB_FRAME_MIN);
	memcpy(frame->bytes, payload, len);
	frame->len = len;
	if (len >= SG_PADDED_MIN)
		return 0;
	memset(frame->bytes + len, 0, SG_PADDED_MIN - len);
	frame->len = SG_PADDED_MIN;
	return 0;
}

/**
 * sg_frame_make - make the frame that a packet describes
 * @packet: the packet, as it is kept
 * @frame: takes the frame
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_frame_make(const json_t *packet, struct sg_frame *frame,
		  struct sg_error *e)
{
	const char *text = sg_json_text(packet, "payload");
	const char *kind = sg_json_text(packet, "resource_type");
	char *payload = *text ? sg_base64_decode(text, &frame->len) : NULL;
	size_t len = payload ? frame->len : 0;
	int err;

	frame->routed = sg_json_true(packet, "routed");
	if (*text && !payload)
		err = sg_fail(e, SG_E_FIELD, "packet.payload: it is no base64");
	else if (!strcmp(kind, "BinaryPacketData"))
		err = sg_frame_binary(frame, payload, len, e);
	else
		err = sg_frame_fields(packet, frame, payload, len, e);
	free(payload);
	return err;
}

/**
 * sg_frame_ask - let a question for an address ask for the gateway's
 * @frame: a frame that is routed
 * @gateway: the gateway's address, with a prefix length
 *
 * Return: 0, or -1 if it is ARP and the address is none of IPv4
 */
int sg_frame_ask(struct sg_frame *frame, const char *gateway)
{
	const size_t type = 2 * SEGFAB_MAC_LEN, target = ETHER_HDR_LEN + 24;
	char text[INET_ADDRSTRLEN];

	if (frame->bytes[type] != ETHERTYPE_ARP >> 8 ||
	    frame->bytes[type + 1] != (ETHERTYPE_ARP & 0xff))
		return 0;
	sg_format(text, sizeof(text), "%.*s", (int)strcspn(gateway, "/"),
		  gateway);
	return inet_pton(AF_INET, text, frame->bytes + target) == 1 ? 0 : -1;
}
