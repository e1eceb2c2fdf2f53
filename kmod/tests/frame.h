/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TESTS_FRAME_H
#define _SEGFAB_TESTS_FRAME_H

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "fake_dev.h"

/* A type that the host's stack knows nothing of. */
#define SFK_TYPE	0x88b5		/* IEEE 802 local experimental 1 */

#define SFK_UNTAGGED	(-1)
#define SFK_TAG(tci_)	{ .proto = htons(ETH_P_8021Q), .tci = (tci_) }

/**
 * struct sfk_tag - a tag of a frame
 * @proto: ETH_P_8021Q or ETH_P_8021AD in network byte order; 0: no tag
 * @tci: priority, DEI and VLAN id
 */
struct sfk_tag {
	__be16	proto;
	u16	tci;
};

/**
 * struct sfk_frame - what a frame is made of
 * @dest: destination
 * @source: source
 * @tags: outer and inner tag
 * @len: bytes of payload; at least @frag
 * @frag: how many of them, the last ones, lie in a page of their own
 * @gso_size: not 0: a TCP super-frame of segments of so many bytes
 * @pattern: makes the payload differ from that of other frames
 */
struct sfk_frame {
	u8		dest[ETH_ALEN];
	u8		source[ETH_ALEN];
	struct sfk_tag	tags[2];
	unsigned int	len;
	unsigned int	frag;
	u16		gso_size;
	u8		pattern;
};

/**
 * sfk_mac - an address
 * @mac: takes it
 * @kind: first byte
 * @number: last four bytes
 */
static inline void sfk_mac(u8 *mac, u8 kind, u32 number)
{
	mac[0] = kind;
	mac[1] = 0x5f;
	put_unaligned_be32(number, mac + 2);
}

/**
 * sfk_frame_init - a frame without much about it
 * @frame: takes it
 * @dest: number of the unicast address it goes to
 * @source: number of the one it comes from
 * @tci: its tag, or SFK_UNTAGGED
 */
static inline void sfk_frame_init(struct sfk_frame *frame, u32 dest,
				  u32 source, int tci)
{
	memset(frame, 0, sizeof(*frame));
	sfk_mac(frame->dest, 0x02, dest);
	sfk_mac(frame->source, 0x02, source);
	if (tci != SFK_UNTAGGED) {
		frame->tags[0].proto = htons(ETH_P_8021Q);
		frame->tags[0].tci = tci;
	}
	frame->len = 100;
	frame->pattern = source;
}

struct sk_buff *sfk_build(const struct sfk_frame *frame,
			  struct net_device *dev);
rx_handler_result_t sfk_input(struct sk_buff *skb);
void sfk_receive(struct sfk_dev *fake, const struct sfk_frame *frame);
const char *sfk_next(struct sfk_sink *sink, const struct sfk_frame *frame,
		     int tci);

#endif /* _SEGFAB_TESTS_FRAME_H */
