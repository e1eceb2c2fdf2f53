/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_NETLINK_H
#define _SEGFAB_NETLINK_H

#include "types.h"

/* Policies of link attributes (IFLA_INFO_DATA, IFLA_INFO_SLAVE_DATA). They are
 * as long as the core allows: it ignores what is beyond, and a setting that is
 * not known is to be refused.
 */
#define SF_LINK_ATTR_MAX	40
extern const struct nla_policy sf_segment_link_policy[SF_LINK_ATTR_MAX + 1];
extern const struct nla_policy sf_port_link_policy[SF_LINK_ATTR_MAX + 1];
extern const struct nla_policy sf_zone_link_policy[SF_LINK_ATTR_MAX + 1];
extern const struct nla_policy sf_uplink_link_policy[SF_LINK_ATTR_MAX + 1];

/* Apply settings; all or none. Context: RTNL. tb: by SEGFAB_A_SEGMENT_*
 * respectively SEGFAB_A_PORT_* and so on; absent ones stay as they are. The
 * caller announces the change (sf_segment_notify(), sf_port_notify() ...).
 */
int sf_segment_apply(struct sf_segment *segment, struct nlattr *const tb[],
		     struct netlink_ext_ack *extack);
int sf_segment_apply_zone(struct sf_segment *segment, struct nlattr *const tb[],
			  struct netlink_ext_ack *extack);
int sf_port_apply(struct sf_port *port, struct nlattr *const tb[],
		  struct netlink_ext_ack *extack);
int sf_zone_apply(struct sf_zone *zone, struct nlattr *const tb[],
		  struct netlink_ext_ack *extack);
int sf_uplink_apply(struct sf_uplink *uplink, struct nlattr *const tb[],
		    struct netlink_ext_ack *extack);

/* Put the settings of an object into a message: for links. */
int sf_segment_fill_settings(struct sk_buff *msg,
			     const struct sf_segment *segment);
size_t sf_segment_settings_size(void);
int sf_segment_fill_zone(struct sk_buff *msg, const struct sf_segment *segment);
size_t sf_segment_zone_size(void);
int sf_port_fill_settings(struct sk_buff *msg, const struct sf_port *port);
size_t sf_port_settings_size(void);
int sf_zone_fill_settings(struct sk_buff *msg, const struct sf_zone *zone);
size_t sf_zone_settings_size(void);
int sf_uplink_fill_settings(struct sk_buff *msg,
			    const struct sf_uplink *uplink);
size_t sf_uplink_settings_size(void);

/* Announce to the group "config". info: the request that is echoed, or NULL. */
void sf_binding_remove(struct sf_binding *binding, struct genl_info *info);
void sf_segment_notify(struct sf_segment *segment);
void sf_port_notify(struct sf_port *port);
void sf_binding_notify(struct sf_binding *binding);
void sf_zone_notify(struct sf_zone *zone);
void sf_uplink_notify(struct sf_uplink *uplink);
void sf_policy_notify(struct sf_policy *policy);
void sf_policy_remove(struct sf_policy *policy, struct genl_info *info);
void sf_remote_gone(const struct sf_segment *segment,
		    const struct in6_addr *remote);

/* Announce to RTNLGRP_NEIGH, as a bridge does. type: RTM_NEWNEIGH or
 * RTM_DELNEIGH. Context: any; fdb_lock may be held.
 */
void sf_fdb_notify(const struct sf_segment *segment,
		   const struct sf_fdb_entry *entry, int type);
int sf_fdb_fill_neigh(struct sk_buff *msg, const struct sf_segment *segment,
		      const struct sf_fdb_entry *entry, u32 portid, u32 seq,
		      int type, unsigned int flags);
u16 sf_fdb_entry_vlan(const struct sf_fdb_entry *entry);

int sf_netlink_init(void);
void sf_netlink_exit(void);

#endif /* _SEGFAB_NETLINK_H */
