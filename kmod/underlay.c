// SPDX-License-Identifier: GPL-2.0
/*
 * The underlay: what a tunnel's packets may be on the way to its other end. A
 * tunnel device with "external" does not know its way, so it is asked for when
 * a tunnel address is set. Frames are not concerned: packets that are too large
 * are fragmented, or lost, where they are too large.
 *
 * Locking: RTNL.
 */
#include "underlay.h"

#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>

/* What a tunnel adds to a frame, as the underlay's MTU counts it: the headers
 * of IP, UDP and vxlan or geneve, and the Ethernet header of the frame.
 */
#define SF_UNDERLAY_IPV4	(20 + 8 + 8 + ETH_HLEN)
#define SF_UNDERLAY_IPV6	(40 + 8 + 8 + ETH_HLEN)

/* The way to a tunnel address, or ERR_PTR. */
static struct dst_entry *sf_underlay_route(struct net *net,
					   const struct in6_addr *remote)
{
	struct flowi4 fl4 = {};
	struct flowi6 fl6 = {};
	struct rtable *rt;

	if (!ipv6_addr_v4mapped(remote)) {
		fl6.daddr = *remote;
		return sf_ip6_dst_lookup_flow(net, &fl6);
	}
	fl4.daddr = remote->s6_addr32[3];
	rt = ip_route_output_key(net, &fl4);
	return IS_ERR(rt) ? ERR_CAST(rt) : &rt->dst;
}

/**
 * sf_underlay_fits - do a segment's frames fit through a tunnel whole?
 * @segment: the segment
 * @remote: the tunnel address, of IPv4 as mapped into IPv6
 * @extack: takes a warning if they do not
 *
 * Context: RTNL. May sleep.
 * Return: false if they do not; true also if there is no way there now.
 */
bool sf_underlay_fits(const struct sf_segment *segment,
		      const struct in6_addr *remote,
		      struct netlink_ext_ack *extack)
{
	bool ipv4 = ipv6_addr_v4mapped(remote);
	struct dst_entry *dst;
	u32 need, mtu;

	dst = sf_underlay_route(dev_net(segment->dev), remote);
	if (IS_ERR(dst))
		return true;
	mtu = dst_mtu(dst);
	dst_release(dst);
	need = segment->dev->mtu + (ipv4 ? SF_UNDERLAY_IPV4 : SF_UNDERLAY_IPV6);
	if (need <= mtu)
		return true;
	if (ipv4)
		NL_SET_ERR_MSG_FMT(extack,
				   "%s needs mtu %u, the way to %pI4 has %u",
				   segment->dev->name, need,
				   &remote->s6_addr32[3], mtu);
	else
		NL_SET_ERR_MSG_FMT(extack,
				   "%s needs mtu %u, the way to %pI6c has %u",
				   segment->dev->name, need, remote, mtu);
	return false;
}
