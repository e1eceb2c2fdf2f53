/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TUNNEL_H
#define _SEGFAB_TUNNEL_H

#include "types.h"

static inline struct sf_tunnel *sf_tunnel_of(const struct sf_port *port)
{
	return container_of(port, struct sf_tunnel, port);
}

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
