/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames that are made to be traced.
 */
#ifndef _SEGCTL_PACKET_H
#define _SEGCTL_PACKET_H

#include "segfab.h"

enum packet_type {
	PACKET_ICMP,
	PACKET_UDP,
	PACKET_TCP,
	PACKET_ARP,
	PACKET_TYPES
};

/**
 * struct packet - what a frame is to be like
 * @type: its protocol
 * @source: source address
 * @dest: destination address
 * @vlan: its tag, 0 for none
 * @ip_source: source address
 * @ip_dest: destination address, of the same kind
 * @source_port: of UDP and TCP
 * @dest_port: of UDP and TCP
 * @size: its length without the tag, if that is more than it needs
 */
struct packet {
	enum packet_type		type;
	uint8_t				source[SEGFAB_MAC_LEN];
	uint8_t				dest[SEGFAB_MAC_LEN];
	uint16_t			vlan;
	struct segfab_address_bytes	ip_source;
	struct segfab_address_bytes	ip_dest;
	uint16_t			source_port;
	uint16_t			dest_port;
	uint32_t			size;
};

size_t packet_build(const struct packet *p, uint8_t *frame);

#endif /* _SEGCTL_PACKET_H */
