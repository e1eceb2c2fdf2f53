/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages that the packet of a traceflow may carry, beyond its ports.
 */
#ifndef _SEGD_MESSAGE_H
#define _SEGD_MESSAGE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "segfab.h"

/**
 * struct sg_message - what follows the UDP header, or the IP header
 * @len: its length
 * @bytes: itself
 */
struct sg_message {
	size_t	len;
	uint8_t	bytes[512];
};

/*
 * Each makes the message that @header describes, and sets the ports of @p, whose
 * addresses are there. They return 0, or -1 and @e.
 */
int sg_message_dhcp(const json_t *header, struct segfab_packet *p,
		    struct sg_message *m, struct sg_error *e);
int sg_message_dhcpv6(const json_t *header, struct segfab_packet *p,
		      struct sg_message *m, struct sg_error *e);
int sg_message_dns(const json_t *header, struct segfab_packet *p,
		   struct sg_message *m, struct sg_error *e);
int sg_message_ndp(const json_t *header, struct segfab_packet *p,
		   struct sg_message *m, struct sg_error *e);

#endif /* _SEGD_MESSAGE_H */
