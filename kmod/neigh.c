// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of forwarding tables in the words of rtnetlink, for bridge(8), and
 * the announcements of their changes, on the group where those of bridges are.
 *
 * Locking: reads under RCU. sf_fdb_notify() runs wherever addresses are
 * learned, with fdb_lock held.
 */
#include "netlink.h"

#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "fdb.h"
#include "tunnel.h"

static size_t sf_fdb_neigh_size(void)
{
	return NLMSG_ALIGN(sizeof(struct ndmsg)) +
	       nla_total_size(ETH_ALEN) +	/* NDA_LLADDR */
	       nla_total_size(sizeof(struct in6_addr)) +	/* NDA_DST */
	       nla_total_size(sizeof(u32)) +	/* NDA_IFINDEX */
	       nla_total_size(sizeof(u16)) +	/* NDA_VLAN */
	       nla_total_size(sizeof(struct nda_cacheinfo));
}

static u16 sf_fdb_nud_state(const struct sf_fdb_entry *entry)
{
	switch (entry->state) {
	case SEGFAB_FDB_STATE_LOCAL:
		return NUD_PERMANENT;
	case SEGFAB_FDB_STATE_STATIC:
		return NUD_NOARP;
	default:
		return NUD_REACHABLE;
	}
}

/**
 * sf_fdb_entry_vlan - the tag that the frames of an entry carry on its port
 * @entry: the entry
 *
 * Context: RCU read side, or fdb_lock.
 * Return: the tag of its binding map, or its guest VLAN, or 0.
 */
u16 sf_fdb_entry_vlan(const struct sf_fdb_entry *entry)
{
	if (entry->binding)
		return READ_ONCE(entry->binding->vlan);
	return sf_fdb_key_guest_vlan(entry->key);
}

/* Where the tunnel of an entry ends, if it is behind one. */
static int sf_fdb_put_dst(struct sk_buff *msg, const struct sf_port *port)
{
	const struct in6_addr *remote;

	if (!port || !(port->flags & SF_PORT_TUNNEL))
		return 0;
	remote = &sf_tunnel_of(port)->remote;
	return ipv6_addr_v4mapped(remote) ?
	       nla_put_in_addr(msg, NDA_DST, remote->s6_addr32[3]) :
	       nla_put_in6_addr(msg, NDA_DST, remote);
}

static int sf_fdb_put_neigh(struct sk_buff *msg,
			    const struct sf_fdb_entry *entry)
{
	struct nda_cacheinfo info = {};
	u16 vlan = sf_fdb_entry_vlan(entry);
	u8 mac[ETH_ALEN];

	sf_fdb_key_mac(entry->key, mac);
	info.ndm_updated = jiffies_to_clock_t(jiffies -
					      READ_ONCE(entry->updated));
	info.ndm_used = info.ndm_updated;
	if (nla_put(msg, NDA_LLADDR, ETH_ALEN, mac) ||
	    (entry->port &&
	     nla_put_u32(msg, NDA_IFINDEX, entry->port->dev->ifindex)) ||
	    sf_fdb_put_dst(msg, entry->port) ||
	    (vlan && nla_put_u16(msg, NDA_VLAN, vlan)) ||
	    nla_put(msg, NDA_CACHEINFO, sizeof(info), &info))
		return -EMSGSIZE;
	return 0;
}

/**
 * sf_fdb_fill_neigh - put an entry into a message as bridge(8) reads it
 * @msg: where
 * @segment: the segment
 * @entry: the entry
 * @portid: whom it is for, 0: listeners
 * @seq: the number of the request
 * @type: RTM_NEWNEIGH or RTM_DELNEIGH
 * @flags: NLM_F_*
 *
 * Context: RCU read side, or fdb_lock.
 * Return: 0 or -EMSGSIZE.
 */
int sf_fdb_fill_neigh(struct sk_buff *msg, const struct sf_segment *segment,
		      const struct sf_fdb_entry *entry, u32 portid, u32 seq,
		      int type, unsigned int flags)
{
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	nlh = nlmsg_put(msg, portid, seq, type, sizeof(*ndm), flags);
	if (!nlh)
		return -EMSGSIZE;
	ndm = nlmsg_data(nlh);
	memset(ndm, 0, sizeof(*ndm));
	ndm->ndm_family = AF_BRIDGE;
	ndm->ndm_ifindex = segment->dev->ifindex;
	ndm->ndm_flags = NTF_SELF;
	ndm->ndm_state = sf_fdb_nud_state(entry);
	if (sf_fdb_put_neigh(msg, entry)) {
		nlmsg_cancel(msg, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(msg, nlh);
	return 0;
}

/**
 * sf_fdb_notify - announce a change of a forwarding table
 * @segment: the segment
 * @entry: the entry
 * @type: RTM_NEWNEIGH or RTM_DELNEIGH
 *
 * Context: any; fdb_lock may be held.
 */
void sf_fdb_notify(const struct sf_segment *segment,
		   const struct sf_fdb_entry *entry, int type)
{
	struct net *net = dev_net(segment->dev);
	struct sk_buff *msg;
	int err = -ENOBUFS;

	/* A new segment has an address before it has an index to be told. */
	if (segment->dev->reg_state == NETREG_UNINITIALIZED ||
	    !rtnl_has_listeners(net, RTNLGRP_NEIGH))
		return;
	msg = nlmsg_new(sf_fdb_neigh_size(), GFP_ATOMIC);
	if (msg)
		err = sf_fdb_fill_neigh(msg, segment, entry, 0, 0, type, 0);
	if (err) {
		WARN_ON_ONCE(err == -EMSGSIZE);
		nlmsg_free(msg);
		rtnl_set_sk_err(net, RTNLGRP_NEIGH, err);
		return;
	}
	rtnl_notify(msg, net, 0, RTNLGRP_NEIGH, NULL, GFP_ATOMIC);
}
