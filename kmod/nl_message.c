// SPDX-License-Identifier: GPL-2.0
/*
 * Parts of messages of the generic netlink family that several objects have:
 * heads, devices, counters. They put what they are given and lock nothing.
 */
#include "nl.h"

#include "stats.h"

/**
 * sf_nl_put_head - begin a message
 * @msg: where
 * @head: what is to be in its head
 *
 * Return: what genlmsg_end() and genlmsg_cancel() want, or NULL.
 */
void *sf_nl_put_head(struct sk_buff *msg, const struct sf_nl_head *head)
{
	void *hdr;

	hdr = genlmsg_put(msg, head->portid, head->seq, &sf_nl_family,
			  head->flags, head->cmd);
	if (hdr && head->cb)
		genl_dump_check_consistent(head->cb, hdr);
	return hdr;
}

/**
 * sf_nl_put_device - put index and name of a device into a message
 * @msg: the message
 * @ref: the attributes
 * @dev: the device
 *
 * Context: RTNL, or RCU read side; under the latter the name may change.
 * Return: 0 or -EMSGSIZE.
 */
int sf_nl_put_device(struct sk_buff *msg, const struct sf_nl_ref *ref,
		     const struct net_device *dev)
{
	char name[IFNAMSIZ];

	strscpy(name, dev->name, sizeof(name));
	if (nla_put_u32(msg, ref->ifindex, dev->ifindex) ||
	    nla_put_string(msg, ref->name, name))
		return -EMSGSIZE;
	return 0;
}

/**
 * sf_nl_device_size - room that sf_nl_put_device() takes
 *
 * Return: bytes.
 */
size_t sf_nl_device_size(void)
{
	return nla_total_size(sizeof(u32)) +	/* index */
	       nla_total_size(IFNAMSIZ);	/* name */
}

static int sf_nl_put_u64(struct sk_buff *msg, int type, u64 value)
{
	return nla_put_u64_64bit(msg, type, value, SEGFAB_A_STATS_PAD);
}

static int sf_nl_put_drops(struct sk_buff *msg, const struct sf_totals *totals)
{
	struct nlattr *nest = nla_nest_start(msg, SEGFAB_A_STATS_DROPS);
	int reason;

	if (!nest)
		return -EMSGSIZE;
	for (reason = SF_DROP_TRUNCATED; reason < SF_DROP_REASONS; reason++)
		if (nla_put_u64_64bit(msg, reason, totals->drops[reason],
				      SEGFAB_A_DROPS_PAD))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/* The attributes of one direction are in the order of the totals; those of
 * every class come first.
 */
static int sf_nl_put_direction(struct sk_buff *msg, int type,
			       const struct sf_totals *totals,
			       enum sf_direction dir)
{
	if (sf_nl_put_u64(msg, type, sf_totals_packets(totals, dir)) ||
	    sf_nl_put_u64(msg, type + 1, sf_totals_bytes(totals, dir)) ||
	    sf_nl_put_u64(msg, type + 2, totals->packets[SF_MULTICAST][dir]) ||
	    sf_nl_put_u64(msg, type + 3, totals->bytes[SF_MULTICAST][dir]) ||
	    sf_nl_put_u64(msg, type + 4, totals->packets[SF_BROADCAST][dir]) ||
	    sf_nl_put_u64(msg, type + 5, totals->bytes[SF_BROADCAST][dir]))
		return -EMSGSIZE;
	return 0;
}

static_assert(SEGFAB_A_STATS_INGRESS_BROADCAST_BYTES ==
	      SEGFAB_A_STATS_INGRESS_PACKETS + 5);
static_assert(SEGFAB_A_STATS_EGRESS_BROADCAST_BYTES ==
	      SEGFAB_A_STATS_EGRESS_PACKETS + 5);

/**
 * sf_nl_put_stats - put counters into a message
 * @msg: the message
 * @type: attribute of the nest
 * @totals: the counters
 * @drops: whether the object has drops
 *
 * Return: 0 or -EMSGSIZE; the caller cancels the message.
 */
int sf_nl_put_stats(struct sk_buff *msg, u16 type,
		    const struct sf_totals *totals, bool drops)
{
	struct nlattr *nest = nla_nest_start(msg, type);

	if (!nest ||
	    sf_nl_put_direction(msg, SEGFAB_A_STATS_INGRESS_PACKETS, totals,
				SF_INGRESS) ||
	    sf_nl_put_direction(msg, SEGFAB_A_STATS_EGRESS_PACKETS, totals,
				SF_EGRESS) ||
	    (drops && sf_nl_put_drops(msg, totals)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * sf_nl_stats_size - room that sf_nl_put_stats() takes
 * @drops: whether the object has drops
 *
 * Return: bytes.
 */
size_t sf_nl_stats_size(bool drops)
{
	size_t counters = SEGFAB_A_STATS_DROPS - SEGFAB_A_STATS_INGRESS_PACKETS;
	size_t size = nla_total_size(0);

	if (drops) {
		counters += SEGFAB_A_DROPS_MAX - SEGFAB_A_DROPS_PAD;
		size += nla_total_size(0);
	}
	return size + counters * nla_total_size_64bit(sizeof(u64));
}
