// SPDX-License-Identifier: GPL-2.0
/*
 * Probes between hosts: a probe that leaves through a geneve uplink takes the
 * identity of its trace along in an option, and the other host follows it on.
 * Both are off unless the uplink's trace is on.
 *
 * No machine may ever get a probe, whatever the other host is. So it travels
 * with addresses that are not its own: to a reserved group, which no bridge
 * forwards, from the uplink, which is nobody's. Its own are in the option. A
 * host that does not let it in, or does not know it, drops it for its address.
 *
 * Locking: settings under RTNL; frames under RCU with BH disabled. How many are
 * let in is counted under the lock of what keeps their observations.
 */
#include "carry.h"

#include <linux/etherdevice.h>
#include <net/dst_metadata.h>
#include <net/geneve.h>

#include "segment.h"
#include "tunnel.h"
#include "xmit.h"

/* Of the classes for experiments (RFC 8926); not critical, so that others
 * ignore it.
 */
#define SF_CARRY_CLASS	0xff53
#define SF_CARRY_TYPE	0x01

static const u8 sf_carry_dest[ETH_ALEN] __aligned(2) = {
	0x01, 0x80, 0xc2, 0x00, 0x00, 0x0f
};

/**
 * struct sf_carry_option - the option of a probe
 * @head: class, type and length
 * @id: &sf_trace.global_id
 * @sequence: of the observation that it has left
 * @dest: destination of the probe
 * @source: source of the probe
 */
struct sf_carry_option {
	struct geneve_opt	head;
	__be64			id;
	__be32			sequence;
	u8			dest[ETH_ALEN];
	u8			source[ETH_ALEN];
} __packed;

#define SF_CARRY_DATA	(sizeof(struct sf_carry_option) - \
			 sizeof(struct geneve_opt))

static_assert(SF_CARRY_DATA % 4 == 0);

/* Settings */

/* Kept until the network namespace goes, so that it can be read afterwards. */
static int sf_carry_make_room(struct sf_net *sn)
{
	struct sf_trace *arrived;

	if (rtnl_dereference(sn->arrived))
		return 0;
	arrived = sf_trace_alloc(SF_ARRIVED_OBSERVATIONS, 0);
	if (!arrived)
		return -ENOMEM;
	arrived->probe = true;
	arrived->ring = true;
	rcu_assign_pointer(sn->arrived, arrived);
	return 0;
}

/**
 * sf_carry_set - let traces out of and into an uplink, or no longer
 * @uplink: the uplink
 * @on: whether
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL. May sleep.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_carry_set(struct sf_uplink *uplink, bool on,
		 struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	if (uplink->trace == on)
		return 0;
	if (on && !netif_is_geneve(uplink->dev)) {
		NL_SET_ERR_MSG_FMT(extack, "%s is not a geneve device: only they carry traces",
				   uplink->dev->name);
		return -EOPNOTSUPP;
	}
	if (on) {
		err = sf_carry_make_room(sf_net(dev_net(uplink->dev)));
		if (err)
			return err;
		sf_watch_get();
	} else {
		sf_watch_put();
	}
	WRITE_ONCE(uplink->trace, on);
	return 0;
}

/* Out */

static struct metadata_dst *
sf_carry_dst(const struct sf_tunnel *tunnel,
	     const struct sf_carry_option *option)
{
	const struct sf_member *member = sf_member_of(&tunnel->port);
	struct metadata_dst *dst;

	dst = sf_tunnel_alloc_dst(member->id, &tunnel->remote, sizeof(*option));
	if (dst)
		sf_tunnel_set_geneve_opt(&dst->u.tun_info, option,
					 sizeof(*option));
	return dst;
}

/**
 * sf_carry_leave - send a probe to another host
 * @frame: the frame that it is, or is a copy of
 * @skb: the probe, data at the network header; it is consumed
 * @uplink: the uplink, whose trace is on
 * @tunnel: where to
 * @sequence: of the observation that it leaves
 *
 * Context: BH disabled, RCU read side.
 */
void sf_carry_leave(const struct sf_frame *frame, struct sk_buff *skb,
		    const struct sf_uplink *uplink,
		    const struct sf_tunnel *tunnel, u32 sequence)
{
	struct sf_carry_option option = {
		.head = {
			.opt_class = htons(SF_CARRY_CLASS),
			.type = SF_CARRY_TYPE,
			.length = SF_CARRY_DATA / 4,
		},
		.id = cpu_to_be64(frame->watch->trace->global_id),
		.sequence = cpu_to_be32(sequence),
	};
	struct metadata_dst *dst;
	int err;

	ether_addr_copy(option.dest, eth_hdr(skb)->h_dest);
	ether_addr_copy(option.source, eth_hdr(skb)->h_source);
	dst = skb_cow_head(skb, 0) ? NULL : sf_carry_dst(tunnel, &option);
	if (!dst)
		return sf_drop_at_uplink(*frame, skb, uplink, SF_DROP_NO_MEMORY);
	ether_addr_copy(eth_hdr(skb)->h_dest, sf_carry_dest);
	ether_addr_copy(eth_hdr(skb)->h_source, uplink->dev->dev_addr);
	skb_dst_drop(skb);
	skb_dst_set(skb, &dst->dst);
	err = sf_xmit(skb, uplink->dev);
	if (err && err != NET_XMIT_CN)
		sf_drop_at_uplink(*frame, NULL, uplink, SF_DROP_TRANSMIT);
}

/* In */

static bool sf_carry_is_ours(const struct sf_carry_option *option)
{
	return option->head.opt_class == htons(SF_CARRY_CLASS) &&
	       option->head.type == SF_CARRY_TYPE &&
	       option->head.length == SF_CARRY_DATA / 4;
}

/* Our option among those of a tunnel header, or NULL. */
static const struct sf_carry_option *
sf_carry_find(const struct ip_tunnel_info *info)
{
	const void *next = ip_tunnel_info_opts((struct ip_tunnel_info *)info);
	int left = info->options_len;
	const struct geneve_opt *head;
	int len;

	if (!sf_tunnel_has_geneve_opt(info))
		return NULL;
	while (left >= (int)sizeof(*head)) {
		head = next;
		len = sizeof(*head) + head->length * 4;
		if (len > left)
			return NULL;
		if (len == sizeof(struct sf_carry_option) &&
		    sf_carry_is_ours(next))
			return next;
		next += len;
		left -= len;
	}
	return NULL;
}

static bool sf_carry_may_enter(struct sf_net *sn, struct sf_trace *arrived)
{
	bool may;

	spin_lock(&arrived->lock);
	may = sf_rate_allows(&sn->arrived_rate, SF_ARRIVED_RATE);
	spin_unlock(&arrived->lock);
	return may;
}

/**
 * sf_carry_arrive - is a frame the probe of another host, that may come in?
 * @frame: the frame, which is watched, and which nobody follows yet; it gets
 *	its own addresses back
 * @uplink: the uplink that it came from
 *
 * What may not come in is left as it is, and ends for its address.
 *
 * Context: BH disabled, RCU read side.
 */
void sf_carry_arrive(struct sf_frame *frame, const struct sf_uplink *uplink)
{
	struct ip_tunnel_info *info = skb_tunnel_info(frame->skb);
	struct sf_net *sn = sf_net(dev_net(uplink->dev));
	const struct sf_carry_option *option;
	struct sk_buff *skb = frame->skb;
	struct sf_trace *arrived;

	if (!READ_ONCE(uplink->trace) || !info ||
	    info->mode & IP_TUNNEL_INFO_TX ||
	    skb->data - skb_mac_header(skb) < ETH_HLEN ||
	    !ether_addr_equal(eth_hdr(skb)->h_dest, sf_carry_dest))
		return;
	option = sf_carry_find(info);
	arrived = rcu_dereference(sn->arrived);
	if (!option || !sf_carry_may_enter(sn, arrived) || skb_cow_head(skb, 0))
		return;
	ether_addr_copy(eth_hdr(skb)->h_dest, option->dest);
	ether_addr_copy(eth_hdr(skb)->h_source, option->source);
	frame->watch->arrived = true;
	frame->watch->origin = be64_to_cpu(option->id);
	frame->watch->sequence = be32_to_cpu(option->sequence);
	sf_follow(frame->watch, arrived);
}
