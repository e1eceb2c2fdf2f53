/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TUNNEL_H
#define _SEGFAB_TUNNEL_H

#include <net/ip_tunnels.h>
#include <net/ipv6.h>

#include "types.h"

/* Where the tunnel that a frame came through begins; of IPv4 as mapped. */
static inline void sf_tunnel_source(const struct ip_tunnel_info *info,
				    struct in6_addr *remote)
{
	if (ip_tunnel_info_af(info) == AF_INET6)
		*remote = info->key.u.ipv6.src;
	else
		ipv6_addr_set_v4mapped(info->key.u.ipv4.src, remote);
}

static inline struct sf_tunnel *sf_tunnel_of(const struct sf_port *port)
{
	return container_of(port, struct sf_tunnel, port);
}

struct metadata_dst *sf_tunnel_alloc_dst(u32 vni, const struct in6_addr *remote,
					 u8 options);
int sf_tunnels_init(struct sf_member *member);
void sf_tunnels_destroy(struct sf_member *member);
struct sf_tunnel *sf_tunnel_find_rcu(struct sf_member *member,
				     const struct in6_addr *remote);
struct sf_tunnel *sf_tunnel_get_locked(struct sf_member *member,
				       const struct in6_addr *remote);
void sf_tunnel_use_locked(struct sf_port *port, int change);

static inline void sf_tunnel_put_locked(struct sf_tunnel *tunnel)
{
	sf_tunnel_use_locked(&tunnel->port, -1);
}

#endif /* _SEGFAB_TUNNEL_H */
