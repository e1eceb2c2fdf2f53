// SPDX-License-Identifier: GPL-2.0
/*
 * Tunnels: the endpoints of an overlay segment, one for each remote tunnel
 * address that an address was learned from, or that is in the flood list. A
 * tunnel has all that the kernel's vxlan and geneve devices want to know of a
 * frame's way, made once, so that a frame to a known address allocates nothing.
 *
 * Locking: fdb_lock of the segment orders their coming and going; frames find
 * them under RCU. A tunnel lives as long as it has users.
 */
#include "tunnel.h"

#include <linux/slab.h>
#include <net/dst_metadata.h>
#include <net/ipv6.h>

#define SF_TUNNEL_TTL	64

static const struct rhashtable_params sf_tunnel_params = {
	.key_len		= sizeof(struct in6_addr),
	.key_offset		= offsetof(struct sf_tunnel, remote),
	.head_offset		= offsetof(struct sf_tunnel, hash),
	.automatic_shrinking	= true,
};

/**
 * sf_tunnels_init - make the table of a member's tunnels
 * @member: the member, not yet published
 *
 * Return: 0 or a negative errno.
 */
int sf_tunnels_init(struct sf_member *member)
{
	INIT_LIST_HEAD(&member->flood);
	return rhashtable_init(&member->tunnels, &sf_tunnel_params);
}

/**
 * sf_tunnels_destroy - free the table, in which no tunnel is left
 * @member: the member; no frame can reach it any more
 *
 * Context: may sleep.
 */
void sf_tunnels_destroy(struct sf_member *member)
{
	WARN_ON_ONCE(atomic_read(&member->tunnels.nelems));
	rhashtable_destroy(&member->tunnels);
}

/**
 * sf_tunnel_find_rcu - the tunnel of a remote address
 * @member: the segment in its zone
 * @remote: the address, of IPv4 as mapped into IPv6
 *
 * Context: RCU read side, or fdb_lock of the segment.
 * Return: the tunnel, or NULL.
 */
struct sf_tunnel *sf_tunnel_find_rcu(struct sf_member *member,
				     const struct in6_addr *remote)
{
	return rhashtable_lookup(&member->tunnels, remote, sf_tunnel_params);
}

/* What the tunnel device reads: the VNI, and where to. The checksum of an outer
 * IPv6 header's UDP must be there for most receivers.
 */
static void sf_tunnel_fill_info(struct ip_tunnel_info *info, u32 vni,
				const struct in6_addr *remote)
{
	bool ipv4 = ipv6_addr_v4mapped(remote);

	info->mode = IP_TUNNEL_INFO_TX;
	info->key.tun_id = key32_to_tunnel_id(cpu_to_be32(vni));
	info->key.ttl = SF_TUNNEL_TTL;
	sf_tunnel_key_flags(&info->key, !ipv4);
	if (ipv4) {
		info->key.u.ipv4.dst = remote->s6_addr32[3];
		return;
	}
	info->mode |= IP_TUNNEL_INFO_IPV6;
	info->key.u.ipv6.dst = *remote;
}

/**
 * sf_tunnel_alloc_dst - make what tells a tunnel device where to send frames
 * @vni: the network identifier
 * @remote: the address, of IPv4 as mapped into IPv6
 * @options: bytes that there is to be room for in it
 *
 * Context: any.
 * Return: it, for dst_release(); or NULL.
 */
struct metadata_dst *sf_tunnel_alloc_dst(u32 vni, const struct in6_addr *remote,
					 u8 options)
{
	struct metadata_dst *dst;

	dst = metadata_dst_alloc(options, METADATA_IP_TUNNEL, GFP_ATOMIC);
	if (!dst)
		return NULL;
	sf_tunnel_fill_info(&dst->u.tun_info, vni, remote);
#ifdef CONFIG_DST_CACHE
	/* Without it each frame asks for its route: slower, no more. */
	dst_cache_init(&dst->u.tun_info.dst_cache, GFP_ATOMIC | __GFP_NOWARN);
#endif
	return dst;
}

static void sf_tunnel_free(struct sf_tunnel *tunnel)
{
	dst_release(&tunnel->dst->dst);
	kfree(tunnel);
}

static void sf_tunnel_free_rcu(struct rcu_head *rcu)
{
	sf_tunnel_free(container_of(rcu, struct sf_tunnel, port.rcu));
}

static struct sf_tunnel *sf_tunnel_alloc(struct sf_member *member,
					 const struct in6_addr *remote)
{
	struct sf_tunnel *tunnel = kzalloc(sizeof(*tunnel), GFP_ATOMIC);

	if (!tunnel)
		return NULL;
	tunnel->dst = sf_tunnel_alloc_dst(member->id, remote, 0);
	if (!tunnel->dst) {
		kfree(tunnel);
		return NULL;
	}
	tunnel->port.dev = member->port.dev;
	tunnel->port.segment = member->port.segment;
	tunnel->port.stats = member->port.stats;
	tunnel->port.owner = &member->port;
	tunnel->port.flags = SF_PORT_ZONE | SF_PORT_TUNNEL;
	tunnel->remote = *remote;
	tunnel->users = 1;
	return tunnel;
}

/**
 * sf_tunnel_get_locked - use the tunnel of a remote address, make it if needed
 * @member: the segment in its zone
 * @remote: the address, of IPv4 as mapped into IPv6
 *
 * Context: fdb_lock of the segment.
 * Return: the tunnel, for sf_tunnel_put_locked(); or ERR_PTR.
 */
struct sf_tunnel *sf_tunnel_get_locked(struct sf_member *member,
				       const struct in6_addr *remote)
{
	struct sf_tunnel *tunnel;
	int err;

	lockdep_assert_held(&member->port.segment->fdb_lock);

	if (READ_ONCE(member->port.flags) & SF_PORT_DEAD)
		return ERR_PTR(-ENODEV);
	tunnel = sf_tunnel_find_rcu(member, remote);
	if (tunnel) {
		tunnel->users++;
		return tunnel;
	}
	tunnel = sf_tunnel_alloc(member, remote);
	if (!tunnel)
		return ERR_PTR(-ENOMEM);
	err = rhashtable_insert_fast(&member->tunnels, &tunnel->hash,
				     sf_tunnel_params);
	if (err) {
		sf_tunnel_free(tunnel);
		return ERR_PTR(err);
	}
	return tunnel;
}

/**
 * sf_tunnel_use_locked - a tunnel gets or loses users
 * @port: the tunnel, as an endpoint; unpublished when nobody uses it
 * @change: how many
 *
 * Context: fdb_lock of the segment.
 */
void sf_tunnel_use_locked(struct sf_port *port, int change)
{
	struct sf_tunnel *tunnel = sf_tunnel_of(port);
	struct sf_member *member = sf_member_of(port);

	lockdep_assert_held(&port->segment->fdb_lock);

	tunnel->users += change;
	if (tunnel->users)
		return;
	/* A frame that has found it does not teach it to the table again. */
	WRITE_ONCE(port->flags, port->flags | SF_PORT_DEAD);
	rhashtable_remove_fast(&member->tunnels, &tunnel->hash,
			       sf_tunnel_params);
	call_rcu(&port->rcu, sf_tunnel_free_rcu);
}
