// SPDX-License-Identifier: GPL-2.0
/*
 * What "bridge fdb" shows and changes of a segment. An entry behind a binding
 * map shows the tag of the binding map as its VLAN; one of the segment's own
 * traffic shows its guest VLAN, if it has one. One behind a zone is "via" the
 * zone, and where that is an overlay it has the tunnel address as "dst".
 *
 * The core parses most requests without a policy: lengths are checked here.
 *
 * Locking: RTNL.
 */
#include "bridge_ops.h"

#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "binding.h"
#include "fdb.h"
#include "member.h"
#include "netlink.h"
#include "port.h"
#include "segment.h"
#include "tunnel.h"

/* What a request may say beside the address. */
static int sf_fdb_ndo_check(const struct ndmsg *ndm, struct nlattr *const tb[],
			    struct netlink_ext_ack *extack)
{
	int type;

	if (ndm->ndm_flags & ~(NTF_SELF | NTF_MASTER)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "segments have no neighbour flags %#x",
				   ndm->ndm_flags & ~(NTF_SELF | NTF_MASTER));
		return -EOPNOTSUPP;
	}
	for (type = 0; type <= NDA_MAX; type++) {
		if (!tb[type] || type == NDA_LLADDR || type == NDA_VLAN ||
		    type == NDA_IFINDEX || type == NDA_DST)
			continue;
		NL_SET_ERR_MSG_FMT(extack,
				   "segments have no neighbour attribute %d",
				   type);
		NL_SET_BAD_ATTR(extack, tb[type]);
		return -EOPNOTSUPP;
	}
	return 0;
}

/* The port of "via", or the segment's zone as one; NULL if it is not given. */
static struct sf_port *sf_fdb_ndo_port(const struct sf_segment *segment,
				       const struct nlattr *attr,
				       struct netlink_ext_ack *extack)
{
	struct sf_member *member = sf_segment_member(segment);
	struct net_device *port_dev;
	struct sf_port *port;

	if (!attr)
		return NULL;
	NL_SET_BAD_ATTR(extack, attr);
	if (nla_len(attr) != sizeof(u32)) {
		NL_SET_ERR_MSG(extack, "invalid length of the port's index");
		return ERR_PTR(-EINVAL);
	}
	port_dev = __dev_get_by_index(dev_net(segment->dev), nla_get_u32(attr));
	if (!port_dev) {
		NL_SET_ERR_MSG_FMT(extack, "no device has the index %u",
				   nla_get_u32(attr));
		return ERR_PTR(-ENODEV);
	}
	port = sf_port_get_rtnl(port_dev);
	if (member && member->zone->dev == port_dev)
		port = &member->port;
	if (!port) {
		NL_SET_ERR_MSG_FMT(extack, "%s is not a port of a segment",
				   port_dev->name);
		return ERR_PTR(-EINVAL);
	}
	NL_SET_BAD_ATTR(extack, NULL);
	return port;
}

/* The tunnel address of "dst", which overlay segments have; of IPv4 as mapped
 * into IPv6.
 */
static int sf_fdb_ndo_remote(const struct sf_segment *segment,
			     const struct nlattr *attr, struct in6_addr *remote,
			     struct netlink_ext_ack *extack)
{
	int err;

	if (nla_len(attr) == sizeof(__be32)) {
		ipv6_addr_set_v4mapped(nla_get_in_addr(attr), remote);
	} else if (nla_len(attr) == sizeof(*remote)) {
		*remote = nla_get_in6_addr(attr);
	} else {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "dst is not an address of IPv4 or IPv6");
		return -EINVAL;
	}
	err = sf_remote_check(segment, remote, extack);
	if (err)
		NL_SET_BAD_ATTR(extack, attr);
	return err;
}

/* Where a request says that an address is: behind a port or the zone, in an
 * overlay at *@remote, to which @remote points then. NULL: it does not say.
 */
static struct sf_port *sf_fdb_ndo_place(const struct sf_segment *segment,
					struct nlattr *const tb[],
					struct in6_addr **remote,
					struct netlink_ext_ack *extack)
{
	struct sf_port *port;
	int err;

	port = sf_fdb_ndo_port(segment, tb[NDA_IFINDEX], extack);
	if (IS_ERR(port) || !tb[NDA_DST]) {
		*remote = NULL;
		return port;
	}
	err = sf_fdb_ndo_remote(segment, tb[NDA_DST], *remote, extack);
	if (err)
		return ERR_PTR(err);
	return port ?: &sf_segment_member(segment)->port;
}

/* The entry that shows itself with this address and VLAN. */
static struct sf_fdb_entry *sf_fdb_ndo_find_rcu(struct sf_segment *segment,
						const u8 *mac, u16 vid)
{
	struct sf_fdb_entry *entry;

	entry = sf_fdb_find_rcu(segment, sf_fdb_key(mac, vid));
	if (entry || !vid)
		return entry;
	entry = sf_fdb_find_rcu(segment, sf_fdb_key(mac, 0));
	return entry && sf_fdb_entry_vlan(entry) == vid ? entry : NULL;
}

/* Behind a port of a parent the VLAN can be left out; it is not a guest's. */
static int sf_fdb_ndo_guest_vlan(const struct sf_segment *segment,
				 const struct sf_port *port, u16 vid,
				 struct netlink_ext_ack *extack)
{
	const struct sf_binding *binding;

	if (port->segment == segment || !vid)
		return vid;
	binding = sf_binding_between(segment, port->segment);
	if (!binding)
		return 0;	/* sf_fdb_add() says why that is wrong */
	if (binding->vlan == vid)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "%s is bound to %s with VLAN %u, not %u",
			   segment->dev->name, port->segment->dev->name,
			   binding->vlan, vid);
	return -EINVAL;
}

static int sf_fdb_ndo_add_static(struct sf_segment *segment, const u8 *mac,
				 u16 vid, struct sf_port *port,
				 const struct in6_addr *remote, u16 nlflags,
				 struct netlink_ext_ack *extack)
{
	int guest_vlan = sf_fdb_ndo_guest_vlan(segment, port, vid, extack);

	if (guest_vlan < 0)
		return guest_vlan;
	return sf_fdb_add(segment, mac, guest_vlan, port, remote, nlflags,
			  extack);
}

/* Without a port the address is to be one of the host's. */
static int sf_fdb_ndo_add_local(struct sf_segment *segment,
				const struct ndmsg *ndm, const u8 *mac, u16 vid,
				u16 nlflags, struct netlink_ext_ack *extack)
{
	const struct sf_fdb_entry *entry;
	int err = 0;

	if (!(ndm->ndm_state & NUD_PERMANENT)) {
		NL_SET_ERR_MSG(extack,
			       "a static entry needs a port, via DEV");
		return -EINVAL;
	}
	if (vid) {
		NL_SET_ERR_MSG(extack, "the host's addresses have no VLAN");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(mac)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is not a unicast address", mac);
		return -EADDRNOTAVAIL;
	}
	rcu_read_lock();
	entry = sf_fdb_find_rcu(segment, sf_fdb_key(mac, 0));
	if (!entry && !(nlflags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is not known in %s", mac,
				   segment->dev->name);
		err = -ENOENT;
	} else if (entry && entry->state != SEGFAB_FDB_STATE_LEARNED &&
		   !(nlflags & NLM_F_REPLACE)) {
		NL_SET_ERR_MSG_FMT(extack, "%pM is already set in %s", mac,
				   segment->dev->name);
		err = -EEXIST;
	}
	rcu_read_unlock();
	return err ?: sf_fdb_set_local(segment, mac);
}

/**
 * sf_fdb_ndo_add - "bridge fdb add" and "bridge fdb replace"
 * @ndm: head of the request
 * @tb: its attributes
 * @dev: the segment
 * @addr: the address
 * @vid: VLAN id of the request, or 0
 * @flags: NLM_F_*
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_fdb_ndo_add(struct ndmsg *ndm, struct nlattr *tb[],
		   struct net_device *dev, const unsigned char *addr, u16 vid,
		   u16 flags, SF_FDB_NOTIFIED struct netlink_ext_ack *extack)
{
	struct sf_segment *segment = sf_segment_get(dev);
	struct in6_addr address, *remote = &address;
	struct sf_port *port;
	int err;

	err = sf_fdb_ndo_check(ndm, tb, extack);
	if (err)
		return err;
	if (!(ndm->ndm_state & (NUD_PERMANENT | NUD_NOARP))) {
		NL_SET_ERR_MSG(extack,
			       "entries that age are learned and cannot be set");
		return -EOPNOTSUPP;
	}
	port = sf_fdb_ndo_place(segment, tb, &remote, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	if (port)
		err = sf_fdb_ndo_add_static(segment, addr, vid, port, remote,
					    flags, extack);
	else
		err = sf_fdb_ndo_add_local(segment, ndm, addr, vid, flags,
					   extack);
	if (!err)
		SF_FDB_SET_NOTIFIED();
	return err;
}

static int sf_fdb_ndo_del_entry(struct sf_segment *segment,
				const struct sf_fdb_entry *entry,
				const u8 *mac, struct netlink_ext_ack *extack)
{
	u16 guest_vlan = sf_fdb_key_guest_vlan(entry->key);

	if (entry->state != SEGFAB_FDB_STATE_LOCAL ||
	    ether_addr_equal_unaligned(mac, segment->dev->dev_addr))
		return sf_fdb_del(segment, mac, guest_vlan, extack);
	sf_fdb_del_local(segment, mac);
	return 0;
}

/* Is an entry where a request says? */
static bool sf_fdb_ndo_is_at(const struct sf_fdb_entry *entry,
			     const struct sf_port *port,
			     const struct in6_addr *remote)
{
	if (!port)
		return true;
	if (!sf_fdb_is_behind(entry, port))
		return false;
	return !remote || ipv6_addr_equal(&sf_tunnel_of(entry->port)->remote,
					  remote);
}

/**
 * sf_fdb_ndo_del - "bridge fdb del"
 * @ndm: head of the request
 * @tb: its attributes
 * @dev: the segment
 * @addr: the address
 * @vid: VLAN id of the request, or 0
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno with nothing changed.
 */
int sf_fdb_ndo_del(struct ndmsg *ndm, struct nlattr *tb[],
		   struct net_device *dev, const unsigned char *addr, u16 vid,
		   SF_FDB_NOTIFIED struct netlink_ext_ack *extack)
{
	struct sf_segment *segment = sf_segment_get(dev);
	struct in6_addr address, *remote = &address;
	const struct sf_fdb_entry *entry;
	const struct sf_port *port;
	int err;

	err = sf_fdb_ndo_check(ndm, tb, extack);
	if (err)
		return err;
	port = sf_fdb_ndo_place(segment, tb, &remote, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	rcu_read_lock();
	entry = sf_fdb_ndo_find_rcu(segment, addr, vid);
	if (entry && sf_fdb_ndo_is_at(entry, port, remote)) {
		err = sf_fdb_ndo_del_entry(segment, entry, addr, extack);
	} else {
		NL_SET_ERR_MSG_FMT(extack, "%pM is not known in %s%s%s", addr,
				   dev->name, port ? " behind " : "",
				   port ? port->dev->name : "");
		err = -ENOENT;
	}
	rcu_read_unlock();
	if (!err)
		SF_FDB_SET_NOTIFIED();
	return err;
}

/* Which states a flush means: all but the host's, unless it says so. */
static int sf_fdb_bulk_states(const struct ndmsg *ndm,
			      struct nlattr *const tb[],
			      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[NDA_NDM_STATE_MASK];
	u16 mask = attr ? nla_get_u16(attr) : 0;
	u16 want = ndm->ndm_state & mask;
	unsigned int states = 0;

	if (mask & ~(NUD_PERMANENT | NUD_NOARP)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "segments have no neighbour states %#x",
				   mask & ~(NUD_PERMANENT | NUD_NOARP));
		return -EOPNOTSUPP;
	}
	if (want & NUD_PERMANENT) {
		NL_SET_ERR_MSG(extack,
			       "the host's addresses cannot be flushed");
		return -EOPNOTSUPP;
	}
	if (!(mask & NUD_NOARP) || want & NUD_NOARP)
		states |= BIT(SEGFAB_FDB_STATE_STATIC);
	if (!(mask & NUD_NOARP) || !(want & NUD_NOARP))
		states |= BIT(SEGFAB_FDB_STATE_LEARNED);
	return states;
}

static void sf_fdb_bulk_vlan(struct sf_segment *segment,
			     const struct sf_fdb_filter *filter, u16 vid)
{
	const struct sf_fdb_cursor start = {};
	struct sf_fdb_entry *entry;
	u8 mac[ETH_ALEN];

	rcu_read_lock();
	for (entry = sf_fdb_first_rcu(segment, &start); entry;
	     entry = sf_fdb_next_rcu(entry)) {
		if (!sf_fdb_match(entry, filter) ||
		    sf_fdb_entry_vlan(entry) != vid)
			continue;
		sf_fdb_key_mac(entry->key, mac);
		sf_fdb_del(segment, mac, sf_fdb_key_guest_vlan(entry->key),
			   NULL);
	}
	rcu_read_unlock();
}

static int sf_fdb_bulk(const struct ndmsg *ndm, struct nlattr *const tb[],
		       struct net_device *dev, u16 vid,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *flags = tb[NDA_NDM_FLAGS_MASK];
	struct sf_segment *segment = sf_segment_get(dev);
	struct sf_fdb_filter filter = {};
	int states;

	if (flags && nla_get_u8(flags)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "segments have no neighbour flags %#x",
				   nla_get_u8(flags));
		NL_SET_BAD_ATTR(extack, flags);
		return -EOPNOTSUPP;
	}
	states = sf_fdb_bulk_states(ndm, tb, extack);
	if (states < 0)
		return states;
	filter.states = states;
	filter.port = sf_fdb_ndo_port(segment, tb[NDA_IFINDEX], extack);
	if (IS_ERR(filter.port))
		return PTR_ERR(filter.port);
	if (vid)
		sf_fdb_bulk_vlan(segment, &filter, vid);
	else
		sf_fdb_flush(segment, &filter);
	return 0;
}

#ifdef SF_FDB_BULK_UNPARSED
static const struct nla_policy sf_fdb_bulk_policy[NDA_MAX + 1] = {
	[NDA_VLAN]		= NLA_POLICY_RANGE(NLA_U16, 1, 4094),
	[NDA_IFINDEX]		= NLA_POLICY_MIN(NLA_S32, 1),
	[NDA_NDM_STATE_MASK]	= { .type = NLA_U16 },
	[NDA_NDM_FLAGS_MASK]	= { .type = NLA_U8 },
};
#endif

/* "bridge fdb flush". */
int sf_fdb_ndo_del_bulk(SF_FDB_BULK struct netlink_ext_ack *extack)
{
#ifdef SF_FDB_BULK_UNPARSED
	const struct ndmsg *ndm = nlmsg_data(nlh);
	struct nlattr *tb[NDA_MAX + 1];
	u16 vid;
	int err;

	err = nlmsg_parse(nlh, sizeof(*ndm), tb, NDA_MAX, sf_fdb_bulk_policy,
			  extack);
	if (err)
		return err;
	vid = tb[NDA_VLAN] ? nla_get_u16(tb[NDA_VLAN]) : 0;
#endif
	return sf_fdb_bulk(ndm, tb, dev, vid, extack);
}

/* Where a dump of a table stopped. The first part is the core's. */
struct sf_fdb_ndo_dump {
	u8			core[24];
	u32			ifindex;
	struct sf_fdb_cursor	entry;
};

/**
 * sf_fdb_ndo_dump - "bridge fdb show"
 * @msg: takes the next part of the answer
 * @cb: the dump
 * @dev: the segment
 * @filter_dev: a port of a bridge, NULL for a segment
 * @idx: number of the entry, which the core takes for where the dump stopped
 *
 * The number is told and not used but to see whether this is a continuation.
 *
 * Context: RTNL.
 * Return: 0 or -EMSGSIZE.
 */
int sf_fdb_ndo_dump(struct sk_buff *msg, struct netlink_callback *cb,
		    struct net_device *dev, struct net_device *filter_dev,
		    int *idx)
{
	struct sf_fdb_ndo_dump *dump = (void *)cb->ctx;
	struct sf_segment *segment = sf_segment_get(dev);
	struct sf_fdb_cursor cursor = {};
	struct sf_fdb_entry *entry;
	int err = 0;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	if (SF_FDB_DUMP_INDEX(cb) && dump->ifindex == dev->ifindex) {
		cursor = dump->entry;
		*idx = SF_FDB_DUMP_INDEX(cb);
	}
	rcu_read_lock();
	for (entry = sf_fdb_first_rcu(segment, &cursor); entry;
	     entry = sf_fdb_next_rcu(entry)) {
		err = sf_fdb_fill_neigh(msg, segment, entry,
					NETLINK_CB(cb->skb).portid,
					cb->nlh->nlmsg_seq, RTM_NEWNEIGH,
					NLM_F_MULTI);
		if (err) {
			dump->ifindex = dev->ifindex;
			dump->entry.key = entry->key;
			dump->entry.sequence = entry->sequence;
			break;
		}
		(*idx)++;
	}
	rcu_read_unlock();
	return err;
}

/**
 * sf_fdb_ndo_get - "bridge fdb get"
 * @msg: takes the answer
 * @tb: attributes of the request
 * @dev: the segment
 * @addr: the address
 * @vid: VLAN id of the request, or 0
 * @portid: whom it is for
 * @seq: the number of the request
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno.
 */
int sf_fdb_ndo_get(struct sk_buff *msg, struct nlattr *tb[],
		   struct net_device *dev, const unsigned char *addr, u16 vid,
		   u32 portid, u32 seq, struct netlink_ext_ack *extack)
{
	struct sf_segment *segment = sf_segment_get(dev);
	const struct sf_fdb_entry *entry;
	int err = -ENOENT;

	rcu_read_lock();
	entry = sf_fdb_ndo_find_rcu(segment, addr, vid);
	if (entry)
		err = sf_fdb_fill_neigh(msg, segment, entry, portid, seq,
					RTM_NEWNEIGH, 0);
	else
		NL_SET_ERR_MSG_FMT(extack, "%pM is not known in %s", addr,
				   dev->name);
	rcu_read_unlock();
	return err;
}
