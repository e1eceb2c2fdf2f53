/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels that segfab is built for (6.1, 6.12, 7.x),
 * and nothing else. The rest of the source is written for the newest one.
 * Things are told apart by the presence of a macro, or of a word in a header
 * (SF_HAVE_*, by Kbuild), by version number where neither changed; not by
 * __has_include, which sparse does not know.
 */
#ifndef _SEGFAB_COMPAT_H
#define _SEGFAB_COMPAT_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/version.h>
#include <net/genetlink.h>
#include <net/ip_tunnels.h>
#include <net/rtnetlink.h>

#if KERNEL_VERSION(6, 12, 0) <= LINUX_VERSION_CODE
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif
#if KERNEL_VERSION(6, 15, 0) <= LINUX_VERSION_CODE
#include <net/netdev_lock.h>
#endif
#ifdef SF_HAVE_IPV6_STUB
#include <net/ipv6_stubs.h>
#endif

/* 6.1 keeps a pointer to the message only, so the text must outlive the
 * handler: the ack is built after RTNL was released. A request has its own
 * buffer for as long as fewer than 64 others fail at the same moment.
 */
#ifndef NL_SET_ERR_MSG_FMT
char *sf_extack_buffer(void);
#define SF_EXTACK_LEN	80
#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	struct netlink_ext_ack *__extack = (extack);			\
									\
	if (__extack) {							\
		char *__buf = sf_extack_buffer();			\
									\
		snprintf(__buf, SF_EXTACK_LEN, fmt, ##args);		\
		__extack->_msg = __buf;					\
	}								\
} while (0)
#endif

/* Device flags that were feature bits until 6.12. */
static inline void sf_dev_set_lltx(struct net_device *dev)
{
#ifdef NETIF_F_LLTX
	dev->features |= NETIF_F_LLTX;
#else
	dev->lltx = true;
#endif
}

static inline void sf_dev_set_netns_immutable(struct net_device *dev)
{
#ifdef NETIF_F_NETNS_LOCAL
	dev->features |= NETIF_F_NETNS_LOCAL;
#elif defined(SF_HAVE_NETNS_IMMUTABLE)
	dev->netns_immutable = true;
#else
	dev->netns_local = true;	/* 6.12 without a backport of 6.15 */
#endif
}

/* ndo_fdb_add() and ndo_fdb_del() tell since 6.13 whether they announced. */
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
#define SF_FDB_NOTIFIED		bool *notified,
#define SF_FDB_SET_NOTIFIED()	(*notified = true)
#else
#define SF_FDB_NOTIFIED
#define SF_FDB_SET_NOTIFIED()	do { } while (0)
#endif

/* ndo_fdb_del_bulk() gets the request as it came since 6.7; before, what the
 * core has found in it.
 */
#if KERNEL_VERSION(6, 7, 0) <= LINUX_VERSION_CODE
#define SF_FDB_BULK_UNPARSED
#define SF_FDB_BULK		struct nlmsghdr *nlh, struct net_device *dev,
#else
#define SF_FDB_BULK		struct ndmsg *ndm, struct nlattr *tb[],	\
				struct net_device *dev, u16 vid,
#endif

/* The newlink() of rtnl_link_ops, whose attributes are in a structure since
 * 6.15, as a call of @new.
 */
#if KERNEL_VERSION(6, 15, 0) <= LINUX_VERSION_CODE
#define SF_NEWLINK(name, new)						\
static int name(struct net_device *dev,					\
		struct rtnl_newlink_params *params,			\
		struct netlink_ext_ack *extack)				\
{									\
	return new(dev, params->tb, params->data, extack);		\
}
#else
#define SF_NEWLINK(name, new)						\
static int name(struct net *src_net, struct net_device *dev,		\
		struct nlattr *tb[], struct nlattr *data[],		\
		struct netlink_ext_ack *extack)				\
{									\
	return new(dev, tb, data, extack);				\
}
#endif

/* dev_get_flags() has a new name since 6.17. */
#ifndef SF_HAVE_NETIF_GET_FLAGS
#define netif_get_flags(dev)	dev_get_flags(dev)
#endif

/* A reason of the kernel's drop monitoring, since 6.11. */
#ifndef SF_HAVE_MAC_INVALID_SOURCE
#define SKB_DROP_REASON_MAC_INVALID_SOURCE	SKB_DROP_REASON_DEV_HDR
#endif

/* Attributes of a dump request, as the policy let them through. */
static inline struct nlattr **sf_dump_attrs(struct netlink_callback *cb)
{
#if KERNEL_VERSION(6, 6, 0) <= LINUX_VERSION_CODE
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

/* Where the core remembers how far the dump of a forwarding table has come. */
#if KERNEL_VERSION(6, 14, 0) <= LINUX_VERSION_CODE
#define SF_FDB_DUMP_INDEX(cb) \
	(((struct ndo_fdb_dump_context *)(cb)->ctx)->fdb_idx)
#else
#define SF_FDB_DUMP_INDEX(cb)	((cb)->args[2])
#endif

/* Where tc programs on a device's egress hang: another member since 6.6. */
static inline bool sf_dev_has_tc_egress(const struct net_device *dev)
{
#ifdef CONFIG_NET_XGRESS
	return rcu_access_pointer(dev->tcx_egress);
#elif defined(CONFIG_NET_CLS_ACT)
	return rcu_access_pointer(dev->miniq_egress);
#else
	return false;
#endif
}

/* What a tunnel header has, beside the identifier: bits of a word until 6.10,
 * of a bitmap since.
 */
static inline void sf_tunnel_key_flags(struct ip_tunnel_key *key, bool csum)
{
#ifndef IP_TUNNEL_DECLARE_FLAGS
	key->tun_flags = TUNNEL_KEY | (csum ? TUNNEL_CSUM : 0);
#else
	ip_tunnel_flags_zero(key->tun_flags);
	__set_bit(IP_TUNNEL_KEY_BIT, key->tun_flags);
	__assign_bit(IP_TUNNEL_CSUM_BIT, key->tun_flags, csum);
#endif
}

/* Until 7.0 IPv6 may be a module of its own, behind a table of functions. */
static inline struct dst_entry *
sf_ip6_dst_lookup_flow(struct net *net, struct flowi6 *fl6)
{
#ifdef SF_HAVE_IPV6_STUB
	return ipv6_stub->ipv6_dst_lookup_flow(net, NULL, fl6, NULL);
#else
	return ip6_dst_lookup_flow(net, NULL, fl6, NULL);
#endif
}

/* Options of a geneve header: a bit of the same. */
static inline void sf_tunnel_set_geneve_opt(struct ip_tunnel_info *info,
					    const void *options, int len)
{
	/* They are behind @info, where the compiler knows of nothing. */
	OPTIMIZER_HIDE_VAR(info);
#ifndef IP_TUNNEL_DECLARE_FLAGS
	ip_tunnel_info_opts_set(info, options, len, TUNNEL_GENEVE_OPT);
#else
	{
		IP_TUNNEL_DECLARE_FLAGS(flags) = { };

		__set_bit(IP_TUNNEL_GENEVE_OPT_BIT, flags);
		ip_tunnel_info_opts_set(info, options, len, flags);
	}
#endif
}

static inline bool sf_tunnel_has_geneve_opt(const struct ip_tunnel_info *info)
{
#ifndef IP_TUNNEL_DECLARE_FLAGS
	return info->key.tun_flags & TUNNEL_GENEVE_OPT;
#else
	return test_bit(IP_TUNNEL_GENEVE_OPT_BIT, info->key.tun_flags);
#endif
}

#endif /* _SEGFAB_COMPAT_H */
