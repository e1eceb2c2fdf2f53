/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the handlers of the generic netlink family have in common: kinds of
 * attributes, how objects are named in requests, how messages are made.
 */
#ifndef _SEGFAB_NL_H
#define _SEGFAB_NL_H

#include <net/genetlink.h>
#include <net/sock.h>

#include "types.h"

/* Kinds of attributes, for policies. */
#define SF_NL_IFINDEX	NLA_POLICY_MIN(NLA_U32, 1)
#define SF_NL_NAME	{ .type = NLA_NUL_STRING, .len = ALTIFNAMSIZ - 1 }
#define SF_NL_ID	{ .type = NLA_NUL_STRING, .len = SEGFAB_BINDING_ID_LEN }
#define SF_NL_BOOL	NLA_POLICY_MAX(NLA_U8, 1)
#define SF_NL_LIMIT	{ .type = NLA_U32 }
#define SF_NL_LIMIT_POLICY	NLA_POLICY_MAX(NLA_U8, SEGFAB_LIMIT_POLICY_DROP)
#define SF_NL_ADDRESS	NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr))
#define SF_NL_TEAMING	NLA_POLICY_RANGE(NLA_U8, SEGFAB_TEAMING_FAILOVER_ORDER, \
					 SEGFAB_TEAMING_LB_SRCMAC)
#define SF_NL_POLICY_NAME	{ .type = NLA_NUL_STRING, .len = SEGFAB_POLICY_NAME_LEN }
#define SF_NL_VLAN	NLA_POLICY_RANGE(NLA_U16, SEGFAB_VLAN_MIN, SEGFAB_VLAN_MAX)
#define SF_NL_READ_ONLY	{ .type = NLA_REJECT, .reject_message = "read only" }

/* The settings of an object, for the policies of links and of commands. */
#define SF_NL_SEGMENT_SETTINGS						\
	[SEGFAB_A_SEGMENT_AGEING_TIME] =				\
		NLA_POLICY_FULL_RANGE(NLA_U32, &sf_ageing_time_range),	\
	[SEGFAB_A_SEGMENT_FLOOD]	= SF_NL_BOOL,			\
	[SEGFAB_A_SEGMENT_GUEST_VLANS]	=				\
		NLA_POLICY_EXACT_LEN(SEGFAB_VLAN_BITMAP_LEN),		\
	[SEGFAB_A_SEGMENT_ZONE_IFINDEX]	= { .type = NLA_U32 },		\
	[SEGFAB_A_SEGMENT_ZONE]		= SF_NL_NAME,			\
	[SEGFAB_A_SEGMENT_ZONE_VLAN]	=				\
		NLA_POLICY_MAX(NLA_U16, SEGFAB_VLAN_MAX),		\
	[SEGFAB_A_SEGMENT_ZONE_VNI]	=				\
		NLA_POLICY_FULL_RANGE(NLA_U32, &sf_vni_range),		\
	[SEGFAB_A_SEGMENT_TEAMING]	=				\
		NLA_POLICY_MAX(NLA_U8, SEGFAB_TEAMING_LB_SRCMAC),	\
	[SEGFAB_A_SEGMENT_TEAMING_POLICY] = SF_NL_POLICY_NAME,		\
	[SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT] = SF_NL_LIMIT,		\
	[SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT_POLICY] = SF_NL_LIMIT_POLICY

#define SF_NL_PORT_SETTINGS						\
	[SEGFAB_A_PORT_LEARNING]	= SF_NL_BOOL,			\
	[SEGFAB_A_PORT_FLOOD]		= SF_NL_BOOL,			\
	[SEGFAB_A_PORT_MCAST_FLOOD]	= SF_NL_BOOL,			\
	[SEGFAB_A_PORT_BCAST_FLOOD]	= SF_NL_BOOL,			\
	[SEGFAB_A_PORT_ISOLATED]	= SF_NL_BOOL,			\
	[SEGFAB_A_PORT_FDB_LIMIT]	= SF_NL_LIMIT,			\
	[SEGFAB_A_PORT_FDB_LIMIT_POLICY] = SF_NL_LIMIT_POLICY

/**
 * struct sf_nl_ref - how a request names a device
 * @ifindex: attribute with its index
 * @name: attribute with its name
 * @what: what it is to the request, for messages
 */
struct sf_nl_ref {
	u16		ifindex;
	u16		name;
	const char	*what;
};

/**
 * struct sf_nl_head - the head of a message that is made
 * @portid: whom it is for, 0: listeners
 * @seq: the number of the request
 * @flags: NLM_F_*
 * @cmd: SEGFAB_CMD_*
 * @cb: the dump that it is part of, or NULL
 */
struct sf_nl_head {
	u32			portid;
	u32			seq;
	int			flags;
	u8			cmd;
	struct netlink_callback	*cb;
};

/**
 * struct sf_nl_kind - a kind of object, to requests that are about one
 * @find: the object that a request names, or ERR_PTR; called under RTNL, or as
 *	RCU read side
 * @size: room that fill() may take, bytes
 * @fill: puts the object into a message; returns 0 or -EMSGSIZE, upon which the
 *	caller cancels the message
 * @event: SEGFAB_CMD_* that announces a new or changed one
 */
struct sf_nl_kind {
	void	*(*find)(struct genl_info *info);
	size_t	(*size)(void);
	int	(*fill)(struct sk_buff *msg, void *object);
	u8	event;
};

/**
 * struct sf_nl_cursor - where a walk over the segments stopped
 * @ifindex: the segment to go on with, 0: the first one
 * @position: its number in the list, in case that it is gone
 * @started: the request was looked at
 * @only: the walk is for the segment of @ifindex only
 * @done: nothing is left
 */
struct sf_nl_cursor {
	u32	ifindex;
	u32	position;
	bool	started;
	bool	only;
	bool	done;
};

/**
 * struct sf_nl_zone_cursor - where a walk over the zones stopped
 * @position: number of the zone in the list
 * @part: number of an object of the zone
 * @only: ifindex of the only zone that is meant, or 0
 * @started: the request was looked at
 */
struct sf_nl_zone_cursor {
	u32	position;
	u32	part;
	u32	only;
	bool	started;
};

extern struct genl_family sf_nl_family;

/* The attribute to blame when the device that a request names is wrong. */
static inline const struct nlattr *sf_nl_ref_attr(struct nlattr *const attrs[],
						  const struct sf_nl_ref *ref)
{
	return attrs[ref->name] ?: attrs[ref->ifindex];
}

/* nl_request.c */
#define SF_NL_NEW_FLAGS	(NLM_F_CREATE | NLM_F_EXCL | NLM_F_REPLACE)
int sf_nl_check(const struct nlmsghdr *nlh, u16 flags,
		struct netlink_ext_ack *extack);
bool sf_nl_given(struct nlattr *const attrs[], const struct sf_nl_ref *ref);
int sf_nl_missing(struct netlink_ext_ack *extack, u16 type, const char *what);
const char *sf_nl_id(const struct nlattr *attr, const char *what,
		     struct netlink_ext_ack *extack);
struct net_device *sf_nl_device(struct net *net, struct nlattr *const attrs[],
				const struct sf_nl_ref *ref,
				struct netlink_ext_ack *extack);
int sf_nl_is_not(const struct net_device *dev, const char *what,
		 struct nlattr *const attrs[], const struct sf_nl_ref *ref,
		 struct netlink_ext_ack *extack);
struct sf_segment *sf_nl_segment(struct net *net, struct nlattr *const attrs[],
				 const struct sf_nl_ref *ref,
				 struct netlink_ext_ack *extack);
struct sf_zone *sf_nl_zone(struct net *net, struct nlattr *const attrs[],
			   const struct sf_nl_ref *ref,
			   struct netlink_ext_ack *extack);
struct sf_port *sf_nl_port(struct net *net, struct nlattr *const attrs[],
			   const struct sf_nl_ref *ref,
			   struct netlink_ext_ack *extack);
struct sk_buff *sf_nl_answer_begin(struct genl_info *info, size_t size);
int sf_nl_answer_send(struct genl_info *info, struct sk_buff *msg, int err);
int sf_nl_get(struct genl_info *info, size_t size,
	      int (*answer)(struct genl_info *info, struct sk_buff *msg,
			    const struct sf_nl_head *head));
int sf_nl_change(struct genl_info *info, u16 flags,
		 int (*change)(struct genl_info *info));
int sf_nl_dump_start(struct netlink_callback *cb, const struct sf_nl_ref *ref);
struct sf_segment *sf_nl_first_segment(struct net *net,
				       const struct sf_nl_cursor *cursor);
int sf_nl_dump(struct sk_buff *msg, struct netlink_callback *cb,
	       int (*start)(struct netlink_callback *cb),
	       int (*dump)(struct sk_buff *msg, struct netlink_callback *cb,
			   struct sf_segment *segment));
int sf_nl_dump_zones(struct sk_buff *msg, struct netlink_callback *cb,
		     const struct sf_nl_ref *ref,
		     int (*dump)(struct sk_buff *msg,
				 struct netlink_callback *cb,
				 struct sf_zone *zone));

/* nl_message.c */
void *sf_nl_put_head(struct sk_buff *msg, const struct sf_nl_head *head);
int sf_nl_put_device(struct sk_buff *msg, const struct sf_nl_ref *ref,
		     const struct net_device *dev);
size_t sf_nl_device_size(void);
int sf_nl_put_stats(struct sk_buff *msg, u16 type,
		    const struct sf_totals *totals, bool drops);
size_t sf_nl_stats_size(bool drops);

/* netlink.c */
struct sk_buff *sf_nl_event_begin(struct net *net, struct genl_info *info,
				  size_t size);
void sf_nl_event_send(struct net *net, struct sk_buff *msg, int err,
		      struct genl_info *info);

static inline struct sf_nl_head
sf_nl_head_of_answer(const struct genl_info *info)
{
	return (struct sf_nl_head) {
		.portid	= info->snd_portid,
		.seq	= info->snd_seq,
		.cmd	= info->genlhdr->cmd,
	};
}

static inline struct sf_nl_head sf_nl_head_of_dump(struct netlink_callback *cb)
{
	return (struct sf_nl_head) {
		.portid	= NETLINK_CB(cb->skb).portid,
		.seq	= cb->nlh->nlmsg_seq,
		.flags	= NLM_F_MULTI,
		.cmd	= ((struct genlmsghdr *)nlmsg_data(cb->nlh))->cmd,
		.cb	= cb,
	};
}

static inline struct sf_nl_head
sf_nl_head_of_event(const struct genl_info *info, u8 cmd)
{
	return (struct sf_nl_head) {
		.portid	= info ? info->snd_portid : 0,
		.seq	= info ? info->snd_seq : 0,
		.cmd	= cmd,
	};
}

/* nl_kind.c */
int sf_nl_kind_put(struct sk_buff *msg, const struct sf_nl_kind *kind,
		   void *object, const struct sf_nl_head *head);
int sf_nl_kind_dump(struct sk_buff *msg, struct netlink_callback *cb,
		    const struct sf_nl_kind *kind, void *object);
void sf_nl_kind_event(const struct sf_nl_kind *kind, void *object,
		      struct net *net, struct genl_info *info);
int sf_nl_kind_get(struct genl_info *info, const struct sf_nl_kind *kind);
int sf_nl_kind_change(struct genl_info *info, const struct sf_nl_kind *kind,
		      int (*change)(void *object, struct genl_info *info));

/* nl_segment.c */
extern const struct nla_policy
	sf_nl_segment_get_policy[SEGFAB_A_SEGMENT_MAX + 1];
extern const struct nla_policy
	sf_nl_segment_set_policy[SEGFAB_A_SEGMENT_MAX + 1];
int sf_nl_segment_get(struct sk_buff *skb, struct genl_info *info);
int sf_nl_segment_dump(struct sk_buff *msg, struct netlink_callback *cb);
int sf_nl_segment_set(struct sk_buff *skb, struct genl_info *info);
int sf_nl_segment_del(struct sk_buff *skb, struct genl_info *info);

/* nl_port.c */
extern const struct nla_policy sf_nl_port_get_policy[SEGFAB_A_PORT_MAX + 1];
extern const struct nla_policy sf_nl_port_set_policy[SEGFAB_A_PORT_MAX + 1];
int sf_nl_port_get(struct sk_buff *skb, struct genl_info *info);
int sf_nl_port_dump(struct sk_buff *msg, struct netlink_callback *cb);
int sf_nl_port_set(struct sk_buff *skb, struct genl_info *info);

/* nl_binding.c */
extern const struct nla_policy
	sf_nl_binding_get_policy[SEGFAB_A_BINDING_MAX + 1];
extern const struct nla_policy
	sf_nl_binding_new_policy[SEGFAB_A_BINDING_MAX + 1];
extern const struct nla_policy
	sf_nl_binding_del_policy[SEGFAB_A_BINDING_MAX + 1];
extern const struct sf_nl_ref sf_nl_child_ref;
extern const struct sf_nl_ref sf_nl_parent_ref;
extern const struct sf_nl_kind sf_nl_binding_kind;
const char *sf_nl_binding_id(struct genl_info *info, struct sf_segment **child);
struct sf_binding *sf_nl_binding_need(struct genl_info *info,
				      const struct sf_segment *child,
				      const char *id);
int sf_nl_binding_get(struct sk_buff *skb, struct genl_info *info);
int sf_nl_binding_dump(struct sk_buff *msg, struct netlink_callback *cb);

/* nl_binding_set.c */
int sf_nl_binding_new(struct sk_buff *skb, struct genl_info *info);
int sf_nl_binding_del(struct sk_buff *skb, struct genl_info *info);

/* nl_fdb.c */
extern const struct nla_policy sf_nl_fdb_get_policy[SEGFAB_A_FDB_MAX + 1];
extern const struct nla_policy sf_nl_fdb_new_policy[SEGFAB_A_FDB_MAX + 1];
extern const struct nla_policy sf_nl_fdb_del_policy[SEGFAB_A_FDB_MAX + 1];
extern const struct nla_policy sf_nl_fdb_flush_policy[SEGFAB_A_FDB_MAX + 1];
int sf_nl_fdb_get(struct sk_buff *skb, struct genl_info *info);
int sf_nl_fdb_dump(struct sk_buff *msg, struct netlink_callback *cb);
int sf_nl_fdb_new(struct sk_buff *skb, struct genl_info *info);
int sf_nl_fdb_del(struct sk_buff *skb, struct genl_info *info);
int sf_nl_fdb_flush(struct sk_buff *skb, struct genl_info *info);

/* nl_trace.c */
extern const struct nla_policy sf_nl_trace_new_policy[SEGFAB_A_TRACE_MAX + 1];
extern const struct nla_policy sf_nl_trace_read_policy[SEGFAB_A_TRACE_MAX + 1];
extern const struct nla_policy sf_nl_trace_del_policy[SEGFAB_A_TRACE_MAX + 1];
extern struct notifier_block sf_nl_trace_notifier;
int sf_nl_trace_new(struct sk_buff *skb, struct genl_info *info);
int sf_nl_trace_read(struct sk_buff *msg, struct netlink_callback *cb);
int sf_nl_trace_del(struct sk_buff *skb, struct genl_info *info);

/* nl_recorder.c */
extern const struct nla_policy
	sf_nl_record_read_policy[SEGFAB_A_RECORD_MAX + 1];
int sf_nl_record_read(struct sk_buff *msg, struct netlink_callback *cb);

/* nl_zone.c */
extern const struct nla_policy sf_nl_zone_get_policy[SEGFAB_A_ZONE_MAX + 1];
extern const struct nla_policy sf_nl_zone_set_policy[SEGFAB_A_ZONE_MAX + 1];
int sf_nl_zone_get(struct sk_buff *skb, struct genl_info *info);
int sf_nl_zone_dump(struct sk_buff *msg, struct netlink_callback *cb);
int sf_nl_zone_set(struct sk_buff *skb, struct genl_info *info);
int sf_nl_zone_del(struct sk_buff *skb, struct genl_info *info);

/* nl_uplink.c */
extern const struct nla_policy sf_nl_uplink_get_policy[SEGFAB_A_UPLINK_MAX + 1];
extern const struct nla_policy sf_nl_uplink_set_policy[SEGFAB_A_UPLINK_MAX + 1];
struct sf_uplink *sf_nl_uplink_of_zone(const struct sf_zone *zone,
				       struct nlattr *const attrs[],
				       const struct sf_nl_ref *ref,
				       struct netlink_ext_ack *extack);
int sf_nl_uplink_get(struct sk_buff *skb, struct genl_info *info);
int sf_nl_uplink_dump(struct sk_buff *msg, struct netlink_callback *cb);
int sf_nl_uplink_set(struct sk_buff *skb, struct genl_info *info);

/* nl_policy.c */
extern const struct nla_policy sf_nl_policy_get_policy[SEGFAB_A_POLICY_MAX + 1];
extern const struct nla_policy sf_nl_policy_new_policy[SEGFAB_A_POLICY_MAX + 1];
int sf_nl_policy_get(struct sk_buff *skb, struct genl_info *info);
int sf_nl_policy_dump(struct sk_buff *msg, struct netlink_callback *cb);
int sf_nl_policy_new(struct sk_buff *skb, struct genl_info *info);
int sf_nl_policy_del(struct sk_buff *skb, struct genl_info *info);

/* nl_remote.c */
extern const struct nla_policy sf_nl_remote_policy[SEGFAB_A_REMOTE_MAX + 1];
int sf_nl_remote_get(struct sk_buff *skb, struct genl_info *info);
int sf_nl_remote_dump(struct sk_buff *msg, struct netlink_callback *cb);
int sf_nl_remote_new(struct sk_buff *skb, struct genl_info *info);
int sf_nl_remote_del(struct sk_buff *skb, struct genl_info *info);

#endif /* _SEGFAB_NL_H */
