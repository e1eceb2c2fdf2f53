// SPDX-License-Identifier: GPL-2.0
/*
 * Traces in generic netlink: start, read, end. A trace belongs to the socket
 * that started it and ends when that is closed, so that nobody who dies leaves
 * one behind.
 *
 * Locking: traces are started and ended under RTNL, ended by a socket that is
 * closed without it, and read under RCU.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "binding.h"
#include "nl.h"
#include "port.h"
#include "probe.h"
#include "segment.h"
#include "trace.h"
#include "uplink.h"

/* Observations to keep, unless set. */
#define SF_TRACE_LIMIT	256

static const struct sf_nl_ref sf_nl_trace_segment_ref = {
	SEGFAB_A_TRACE_SEGMENT_IFINDEX, SEGFAB_A_TRACE_SEGMENT, "segment",
};

static const struct sf_nl_ref sf_nl_trace_port_ref = {
	SEGFAB_A_TRACE_PORT_IFINDEX, SEGFAB_A_TRACE_PORT, "port",
};

static const struct sf_nl_ref sf_nl_trace_via_ref = {
	SEGFAB_A_TRACE_VIA_IFINDEX, SEGFAB_A_TRACE_VIA, "via",
};

#define SF_NL_TRACE_ADDRESS						\
	NLA_POLICY_RANGE(NLA_BINARY, sizeof(struct in_addr),		\
			 sizeof(struct in6_addr))

const struct nla_policy sf_nl_trace_new_policy[SEGFAB_A_TRACE_MAX + 1] = {
	[SEGFAB_A_TRACE_SEGMENT_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_TRACE_SEGMENT]		= SF_NL_NAME,
	[SEGFAB_A_TRACE_PORT_IFINDEX]		= SF_NL_IFINDEX,
	[SEGFAB_A_TRACE_PORT]			= SF_NL_NAME,
	[SEGFAB_A_TRACE_VIA_IFINDEX]		= SF_NL_IFINDEX,
	[SEGFAB_A_TRACE_VIA]			= SF_NL_NAME,
	[SEGFAB_A_TRACE_FRAME]			=
		NLA_POLICY_RANGE(NLA_BINARY, SEGFAB_FRAME_MIN,
				 SEGFAB_FRAME_MAX),
	[SEGFAB_A_TRACE_LIMIT]			=
		NLA_POLICY_RANGE(NLA_U32, 1, SEGFAB_OBSERVATIONS_MAX),
	[SEGFAB_A_TRACE_COUNT]			= NLA_POLICY_MIN(NLA_U32, 1),
	[SEGFAB_A_TRACE_SOURCE]			= NLA_POLICY_ETH_ADDR,
	[SEGFAB_A_TRACE_DEST]			= NLA_POLICY_ETH_ADDR,
	[SEGFAB_A_TRACE_VLAN]			=
		NLA_POLICY_MAX(NLA_U16, SEGFAB_VLAN_MAX),
	[SEGFAB_A_TRACE_ETHERTYPE]		= { .type = NLA_U16 },
	[SEGFAB_A_TRACE_PROTOCOL]		= { .type = NLA_U8 },
	[SEGFAB_A_TRACE_IP_SOURCE]		= SF_NL_TRACE_ADDRESS,
	[SEGFAB_A_TRACE_IP_DEST]		= SF_NL_TRACE_ADDRESS,
	[SEGFAB_A_TRACE_SOURCE_PORT]		= { .type = NLA_U16 },
	[SEGFAB_A_TRACE_DEST_PORT]		= { .type = NLA_U16 },
};

const struct nla_policy sf_nl_trace_read_policy[SEGFAB_A_TRACE_MAX + 1] = {
	[SEGFAB_A_TRACE_ID]			= NLA_POLICY_MIN(NLA_U32, 1),
	[SEGFAB_A_TRACE_SEQUENCE]		= { .type = NLA_U32 },
	[SEGFAB_A_TRACE_GLOBAL_ID]		= { .type = NLA_U64 },
	[SEGFAB_A_TRACE_ARRIVED]		= { .type = NLA_FLAG },
};

const struct nla_policy sf_nl_trace_del_policy[SEGFAB_A_TRACE_MAX + 1] = {
	[SEGFAB_A_TRACE_ID]			= NLA_POLICY_MIN(NLA_U32, 1),
};

/* Start */

static int sf_nl_trace_refuse(struct genl_info *info, u16 type,
			      const char *text)
{
	NL_SET_ERR_MSG_FMT(info->extack, "%s", text);
	NL_SET_BAD_ATTR(info->extack, info->attrs[type]);
	return -EINVAL;
}

static int sf_nl_trace_address(struct genl_info *info, u16 type,
			       struct sf_trace_filter *f, u16 field,
			       struct in6_addr *address)
{
	const struct nlattr *attr = info->attrs[type];
	int len;

	if (!attr)
		return 0;
	len = nla_len(attr);
	if (len != sizeof(struct in_addr) && len != sizeof(struct in6_addr))
		return sf_nl_trace_refuse(info, type,
					  "an address has 4 or 16 bytes");
	if (f->ip_len && f->ip_len != len)
		return sf_nl_trace_refuse(info, type,
					  "ip-source and ip-dest are of different kinds");
	f->ip_len = len;
	f->fields |= field;
	nla_memcpy(address, attr, sizeof(*address));
	return 0;
}

static void sf_nl_trace_l2(struct nlattr *const attrs[],
			   struct sf_trace_filter *f)
{
	if (attrs[SEGFAB_A_TRACE_SOURCE]) {
		f->fields |= SF_TRACE_SOURCE;
		nla_memcpy(f->source, attrs[SEGFAB_A_TRACE_SOURCE], ETH_ALEN);
	}
	if (attrs[SEGFAB_A_TRACE_DEST]) {
		f->fields |= SF_TRACE_DEST;
		nla_memcpy(f->dest, attrs[SEGFAB_A_TRACE_DEST], ETH_ALEN);
	}
	if (attrs[SEGFAB_A_TRACE_VLAN]) {
		f->fields |= SF_TRACE_VLAN;
		f->vlan = nla_get_u16(attrs[SEGFAB_A_TRACE_VLAN]);
	}
	if (attrs[SEGFAB_A_TRACE_ETHERTYPE]) {
		f->fields |= SF_TRACE_ETHERTYPE;
		f->ethertype = nla_get_be16(attrs[SEGFAB_A_TRACE_ETHERTYPE]);
	}
}

static void sf_nl_trace_l4(struct nlattr *const attrs[],
			   struct sf_trace_filter *f)
{
	if (attrs[SEGFAB_A_TRACE_PROTOCOL]) {
		f->fields |= SF_TRACE_PROTOCOL;
		f->protocol = nla_get_u8(attrs[SEGFAB_A_TRACE_PROTOCOL]);
	}
	if (attrs[SEGFAB_A_TRACE_SOURCE_PORT]) {
		f->fields |= SF_TRACE_SOURCE_PORT;
		f->source_port =
			nla_get_be16(attrs[SEGFAB_A_TRACE_SOURCE_PORT]);
	}
	if (attrs[SEGFAB_A_TRACE_DEST_PORT]) {
		f->fields |= SF_TRACE_DEST_PORT;
		f->dest_port = nla_get_be16(attrs[SEGFAB_A_TRACE_DEST_PORT]);
	}
}

/* The ports of live traces: what frames come in from, of whatever kind. */
static int sf_nl_trace_port(struct genl_info *info, struct sf_trace_filter *f)
{
	const struct sf_nl_ref *ref = &sf_nl_trace_port_ref;
	struct net_device *dev;

	dev = sf_nl_device(genl_info_net(info), info->attrs, ref, info->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	if (!sf_port_get_rtnl(dev) && !sf_uplink_get_rtnl(dev))
		return sf_nl_is_not(dev,
				    "a port of a segment or an uplink of a zone",
				    info->attrs, ref, info->extack);
	f->ifindex = dev->ifindex;
	return 0;
}

/* Whose frames: a port's, an uplink's, or a segment's. */
static int sf_nl_trace_where(struct genl_info *info, struct sf_trace_filter *f)
{
	struct net *net = genl_info_net(info);
	struct nlattr **attrs = info->attrs;
	struct sf_segment *segment;

	if (!sf_nl_given(attrs, &sf_nl_trace_segment_ref))
		return sf_nl_trace_port(info, f);
	if (sf_nl_given(attrs, &sf_nl_trace_port_ref))
		return sf_nl_trace_refuse(info, SEGFAB_A_TRACE_PORT,
					  "port and segment exclude each other");
	segment = sf_nl_segment(net, attrs, &sf_nl_trace_segment_ref,
				info->extack);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	f->ifindex = segment->dev->ifindex;
	return 0;
}

static int sf_nl_trace_live(struct genl_info *info, struct sf_trace *trace)
{
	struct sf_trace_filter *f = &trace->filter;
	int err;

	if (sf_nl_given(info->attrs, &sf_nl_trace_via_ref))
		return sf_nl_trace_refuse(info, SEGFAB_A_TRACE_VIA,
					  "via needs frame");
	err = sf_nl_trace_where(info, f);
	if (err)
		return err;
	sf_nl_trace_l2(info->attrs, f);
	sf_nl_trace_l4(info->attrs, f);
	err = sf_nl_trace_address(info, SEGFAB_A_TRACE_IP_SOURCE, f,
				  SF_TRACE_IP_SOURCE, &f->ip_source);
	if (err)
		return err;
	err = sf_nl_trace_address(info, SEGFAB_A_TRACE_IP_DEST, f,
				  SF_TRACE_IP_DEST, &f->ip_dest);
	if (err)
		return err;
	return sf_trace_start(genl_info_net(info), trace, info->extack);
}

/* The binding map of a container's segment on the parent that the port is of. */
static int sf_nl_trace_via(struct genl_info *info, struct sf_probe *probe)
{
	const struct sf_segment *parent = probe->port->segment;
	struct sf_segment *child;

	if (!sf_nl_given(info->attrs, &sf_nl_trace_via_ref))
		return 0;
	child = sf_nl_segment(genl_info_net(info), info->attrs,
			      &sf_nl_trace_via_ref, info->extack);
	if (IS_ERR(child))
		return PTR_ERR(child);
	probe->via = sf_binding_between(child, parent);
	if (probe->via)
		return 0;
	NL_SET_ERR_MSG_FMT(info->extack, "%s is not bound to %s, of which %s is a port",
			   child->dev->name, parent->dev->name,
			   probe->port->dev->name);
	NL_SET_BAD_ATTR(info->extack,
			sf_nl_ref_attr(info->attrs, &sf_nl_trace_via_ref));
	return -EINVAL;
}

/* What selects frames of others says nothing of one that is given. */
static int sf_nl_probe_check_attrs(struct genl_info *info)
{
	u16 type;

	if (sf_nl_given(info->attrs, &sf_nl_trace_segment_ref))
		return sf_nl_trace_refuse(info, SEGFAB_A_TRACE_SEGMENT,
					  "a frame comes from a port");
	for (type = SEGFAB_A_TRACE_COUNT; type <= SEGFAB_A_TRACE_DEST_PORT;
	     type++)
		if (info->attrs[type])
			return sf_nl_trace_refuse(info, type,
						  "a filter and frame exclude each other");
	return 0;
}

static int sf_nl_trace_probe(struct genl_info *info, struct sf_trace *trace)
{
	const struct nlattr *frame = info->attrs[SEGFAB_A_TRACE_FRAME];
	struct net *net = genl_info_net(info);
	struct sf_probe probe = {
		.data = nla_data(frame),
		.len = nla_len(frame),
	};
	int err;

	err = sf_nl_probe_check_attrs(info);
	if (err)
		return err;
	probe.port = sf_nl_port(net, info->attrs, &sf_nl_trace_port_ref,
				info->extack);
	if (IS_ERR(probe.port))
		return PTR_ERR(probe.port);
	err = sf_nl_trace_via(info, &probe);
	if (err)
		return err;
	err = sf_probe_check(&probe, info->extack);
	if (err) {
		NL_SET_BAD_ATTR(info->extack, frame);
		return err;
	}
	trace->probe = true;
	err = sf_trace_start(net, trace, info->extack);
	return err ?: sf_probe_send(&probe, trace);
}

static u32 sf_nl_trace_u32(const struct genl_info *info, u16 type, u32 other)
{
	const struct nlattr *attr = info->attrs[type];

	return attr ? nla_get_u32(attr) : other;
}

static struct sk_buff *sf_nl_trace_answer(struct genl_info *info,
					  const struct sf_trace *trace)
{
	const struct sf_nl_head head = {
		.portid	= info->snd_portid,
		.seq	= info->snd_seq,
		.cmd	= info->genlhdr->cmd,
	};
	struct sk_buff *msg;
	void *hdr;

	msg = genlmsg_new(nla_total_size(sizeof(u32)), GFP_KERNEL);
	if (!msg)
		return NULL;
	hdr = sf_nl_put_head(msg, &head);
	if (!hdr || nla_put_u32(msg, SEGFAB_A_TRACE_ID, trace->id)) {
		nlmsg_free(msg);
		return NULL;
	}
	genlmsg_end(msg, hdr);
	return msg;
}

static int sf_nl_trace_start(struct genl_info *info)
{
	struct sf_trace *trace;
	struct sk_buff *msg;
	int err;

	trace = sf_trace_alloc(sf_nl_trace_u32(info, SEGFAB_A_TRACE_LIMIT,
					       SF_TRACE_LIMIT),
			       sf_nl_trace_u32(info, SEGFAB_A_TRACE_COUNT, 1));
	if (!trace)
		return -ENOMEM;
	trace->portid = info->snd_portid;
	err = info->attrs[SEGFAB_A_TRACE_FRAME] ?
	      sf_nl_trace_probe(info, trace) : sf_nl_trace_live(info, trace);
	if (err && !trace->id) {
		sf_trace_free(trace);
		return err;
	}
	msg = err ? NULL : sf_nl_trace_answer(info, trace);
	if (!err)
		err = msg ? genlmsg_reply(msg, info) : -ENOMEM;
	if (err)
		sf_trace_stop(genl_info_net(info), trace->id);
	return err;
}

/**
 * sf_nl_trace_new - SEGFAB_CMD_TRACE_NEW
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_trace_new(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_change(info, 0, sf_nl_trace_start);
}

/* End */

static int sf_nl_trace_stop(struct genl_info *info)
{
	const struct nlattr *id = info->attrs[SEGFAB_A_TRACE_ID];
	int err;

	if (!id)
		return sf_nl_missing(info->extack, SEGFAB_A_TRACE_ID, "id");
	err = sf_trace_stop(genl_info_net(info), nla_get_u32(id));
	if (err) {
		NL_SET_ERR_MSG_FMT(info->extack, "there is no trace %u",
				   nla_get_u32(id));
		NL_SET_BAD_ATTR(info->extack, id);
	}
	return err;
}

/**
 * sf_nl_trace_del - SEGFAB_CMD_TRACE_DEL
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int sf_nl_trace_del(struct sk_buff *skb, struct genl_info *info)
{
	return sf_nl_change(info, 0, sf_nl_trace_stop);
}

static int sf_nl_trace_event(struct notifier_block *block, unsigned long event,
			     void *ptr)
{
	const struct netlink_notify *notify = ptr;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC)
		sf_trace_stop_all(notify->net, notify->portid);
	return NOTIFY_DONE;
}

struct notifier_block sf_nl_trace_notifier = {
	.notifier_call = sf_nl_trace_event,
};

/* Read */

static int sf_nl_trace_put_frame(struct sk_buff *msg,
				 const struct sf_observation *o)
{
	if (!is_zero_ether_addr(o->source) &&
	    nla_put(msg, SEGFAB_A_TRACE_SOURCE, ETH_ALEN, o->source))
		return -EMSGSIZE;
	if (!is_zero_ether_addr(o->dest) &&
	    nla_put(msg, SEGFAB_A_TRACE_DEST, ETH_ALEN, o->dest))
		return -EMSGSIZE;
	return nla_put_u32(msg, SEGFAB_A_TRACE_LENGTH, o->len);
}

static int sf_nl_trace_put_place(struct sk_buff *msg,
				 const struct sf_observation *o)
{
	if (nla_put_u32(msg, SEGFAB_A_TRACE_SEGMENT_IFINDEX,
			o->segment_ifindex) ||
	    nla_put_string(msg, SEGFAB_A_TRACE_SEGMENT, o->segment) ||
	    (o->port_ifindex &&
	     (nla_put_u32(msg, SEGFAB_A_TRACE_PORT_IFINDEX, o->port_ifindex) ||
	      nla_put_string(msg, SEGFAB_A_TRACE_PORT, o->port))) ||
	    (o->vlan && nla_put_u16(msg, SEGFAB_A_TRACE_VLAN, o->vlan)) ||
	    (o->binding[0] &&
	     nla_put_string(msg, SEGFAB_A_TRACE_BINDING, o->binding)))
		return -EMSGSIZE;
	return 0;
}

static int sf_nl_trace_put_tunnel(struct sk_buff *msg,
				  const struct sf_observation *o)
{
	if (ipv6_addr_any(&o->remote))
		return 0;
	if (nla_put_in6_addr(msg, SEGFAB_A_TRACE_REMOTE, &o->remote) ||
	    nla_put_u32(msg, SEGFAB_A_TRACE_VNI, o->vni))
		return -EMSGSIZE;
	return 0;
}

/* What the traces of other hosts have left here is of no trace of ours. */
static int sf_nl_trace_put_id(struct sk_buff *msg, const struct sf_trace *trace,
			      u64 global_id)
{
	if (trace->id && nla_put_u32(msg, SEGFAB_A_TRACE_ID, trace->id))
		return -EMSGSIZE;
	return nla_put_u64_64bit(msg, SEGFAB_A_TRACE_GLOBAL_ID, global_id,
				 SEGFAB_A_TRACE_PAD);
}

static int sf_nl_trace_put(struct sk_buff *msg, const struct sf_trace *trace,
			   const struct sf_observation *o)
{
	if (sf_nl_trace_put_id(msg, trace, o->global_id) ||
	    nla_put_u32(msg, SEGFAB_A_TRACE_SEQUENCE, o->sequence) ||
	    nla_put_u32(msg, SEGFAB_A_TRACE_FRAME_NUMBER, o->frame) ||
	    nla_put_u64_64bit(msg, SEGFAB_A_TRACE_TIME, o->time,
			      SEGFAB_A_TRACE_PAD) ||
	    nla_put_u8(msg, SEGFAB_A_TRACE_COMPONENT, o->component) ||
	    nla_put_u8(msg, SEGFAB_A_TRACE_ACTION, o->action) ||
	    (o->reason && nla_put_u8(msg, SEGFAB_A_TRACE_REASON, o->reason)) ||
	    sf_nl_trace_put_place(msg, o) ||
	    sf_nl_trace_put_tunnel(msg, o))
		return -EMSGSIZE;
	return sf_nl_trace_put_frame(msg, o);
}

static int sf_nl_trace_put_end(struct sk_buff *msg,
			       const struct sf_trace *trace, u32 count)
{
	u32 gone = sf_trace_first(trace, count);

	if (sf_nl_trace_put_id(msg, trace, trace->global_id) ||
	    nla_put_u32(msg, SEGFAB_A_TRACE_MATCHED,
			READ_ONCE(trace->matched)) ||
	    nla_put_u32(msg, SEGFAB_A_TRACE_OBSERVED, count - gone) ||
	    nla_put_u32(msg, SEGFAB_A_TRACE_LOST,
			READ_ONCE(trace->lost) + gone))
		return -EMSGSIZE;
	return 0;
}

/* Where the dump of a trace stopped. */
struct sf_nl_trace_dump {
	u32	id;
	u32	index;
	bool	arrived;
	bool	started;
	bool	done;
};

/* Is an observation of the one trace that was asked for, if one was? */
static bool sf_nl_trace_wanted(struct netlink_callback *cb,
			       const struct sf_observation *o)
{
	const struct nlattr *id = sf_dump_attrs(cb)[SEGFAB_A_TRACE_GLOBAL_ID];

	return !id || nla_get_u64(id) == o->global_id;
}

/* Observation number @index, or the last message if there is none. */
static int sf_nl_trace_fill(struct sk_buff *msg, struct netlink_callback *cb,
			    struct sf_trace *trace, u32 index, u32 count)
{
	struct sf_nl_head head = sf_nl_head_of_dump(cb);
	struct sf_observation o;
	void *hdr;
	int err;

	if (index < count) {
		sf_trace_copy(trace, index, &o);
		if (!sf_nl_trace_wanted(cb, &o))
			return 0;
	}

	head.cb = NULL;	/* a change of the configuration breaks no trace */
	hdr = sf_nl_put_head(msg, &head);
	if (!hdr)
		return -EMSGSIZE;
	err = index < count ? sf_nl_trace_put(msg, trace, &o) :
			      sf_nl_trace_put_end(msg, trace, count);
	if (err)
		genlmsg_cancel(msg, hdr);
	else
		genlmsg_end(msg, hdr);
	return err;
}

static int sf_nl_trace_exclude(struct netlink_callback *cb, u16 type,
			       const char *text)
{
	const struct nlattr *attr = sf_dump_attrs(cb)[type];

	if (!attr)
		return 0;
	NL_SET_ERR_MSG_FMT(cb->extack, "%s", text);
	NL_SET_BAD_ATTR(cb->extack, attr);
	return -EINVAL;
}

/* One trace of this host, or what has arrived of those of others. */
static int sf_nl_trace_dump_which(struct netlink_callback *cb,
				  struct sf_nl_trace_dump *dump)
{
	struct nlattr *const *attrs = sf_dump_attrs(cb);
	int err;

	dump->arrived = nla_get_flag(attrs[SEGFAB_A_TRACE_ARRIVED]);
	if (dump->arrived) {
		err = sf_nl_trace_exclude(cb, SEGFAB_A_TRACE_ID,
					  "arrived and id exclude each other");
		return err ?: sf_nl_trace_exclude(cb, SEGFAB_A_TRACE_SEQUENCE,
						  "arrived and sequence exclude each other");
	}
	if (!attrs[SEGFAB_A_TRACE_ID])
		return sf_nl_missing(cb->extack, SEGFAB_A_TRACE_ID, "id");
	dump->id = nla_get_u32(attrs[SEGFAB_A_TRACE_ID]);
	return sf_nl_trace_exclude(cb, SEGFAB_A_TRACE_GLOBAL_ID,
				   "global-id needs arrived");
}

static int sf_nl_trace_dump_start(struct netlink_callback *cb,
				  struct sf_nl_trace_dump *dump)
{
	struct nlattr *const *attrs = sf_dump_attrs(cb);
	u32 sequence = 0;
	int err;

	err = sf_nl_check(cb->nlh, NLM_F_DUMP, cb->extack);
	if (err)
		return err;
	err = sf_nl_trace_dump_which(cb, dump);
	if (err)
		return err;
	if (attrs[SEGFAB_A_TRACE_SEQUENCE])
		sequence = nla_get_u32(attrs[SEGFAB_A_TRACE_SEQUENCE]);
	dump->index = sequence ? sequence - 1 : 0;
	dump->started = true;
	/* Frames that it saw begin before now have come to their end. */
	synchronize_net();
	return 0;
}

static int sf_nl_trace_dump_rcu(struct sk_buff *msg,
				struct netlink_callback *cb,
				struct sf_nl_trace_dump *dump)
{
	struct sf_net *sn = sf_net(sock_net(cb->skb->sk));
	struct sf_trace *trace;
	u32 count;

	trace = dump->arrived ? rcu_dereference(sn->arrived) :
				sf_trace_find_rcu(sn, dump->id);
	/* Nobody was ever let in. */
	if (!trace && dump->arrived)
		return 0;
	if (!trace) {
		NL_SET_ERR_MSG_FMT(cb->extack, "there is no trace %u",
				   dump->id);
		NL_SET_BAD_ATTR(cb->extack,
				sf_dump_attrs(cb)[SEGFAB_A_TRACE_ID]);
		return -ENOENT;
	}
	count = READ_ONCE(trace->count);
	dump->index = max(dump->index, sf_trace_first(trace, count));
	while (!dump->done &&
	       !sf_nl_trace_fill(msg, cb, trace, dump->index, count))
		dump->done = dump->index++ >= count;
	return 0;
}

/**
 * sf_nl_trace_read - SEGFAB_CMD_TRACE_READ
 * @msg: takes the next part of the answer
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_trace_read(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct sf_nl_trace_dump *dump = (void *)cb->ctx;
	int err = 0;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	if (!dump->started)
		err = sf_nl_trace_dump_start(cb, dump);
	if (err)
		return err;
	if (!dump->done) {
		rcu_read_lock();
		err = sf_nl_trace_dump_rcu(msg, cb, dump);
		rcu_read_unlock();
	}
	return err ?: msg->len;
}
