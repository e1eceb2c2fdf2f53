/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels that segfab is built for (6.1, 6.12, 7.x),
 * and nothing else. The rest of the source is written for the newest one.
 * Things are told apart by the presence of a macro, by version number where
 * there is none; not by __has_include, which sparse does not know.
 */
#ifndef _SEGFAB_COMPAT_H
#define _SEGFAB_COMPAT_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/version.h>
#include <net/rtnetlink.h>

#if KERNEL_VERSION(6, 12, 0) <= LINUX_VERSION_CODE
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif
#if KERNEL_VERSION(6, 15, 0) <= LINUX_VERSION_CODE
#include <net/netdev_lock.h>
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
#else
	dev->netns_immutable = true;
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

#endif /* _SEGFAB_COMPAT_H */
