// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Traces: frames that are followed on their way.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "internal.h"

/* Room for a frame and its attributes. */
#define SF_TRACE_REQUEST	(SEGFAB_FRAME_MAX + 1024)

static const char *const sf_component_names[] = {
	[SEGFAB_TRACE_COMPONENT_PORT] = "port",
	[SEGFAB_TRACE_COMPONENT_VLAN] = "vlan",
	[SEGFAB_TRACE_COMPONENT_SEGMENT] = "segment",
	[SEGFAB_TRACE_COMPONENT_FDB] = "fdb",
	[SEGFAB_TRACE_COMPONENT_HOST] = "host",
	[SEGFAB_TRACE_COMPONENT_UPLINK] = "uplink",
};

static const char *const sf_action_names[] = {
	[SEGFAB_TRACE_ACTION_RECEIVED] = "received",
	[SEGFAB_TRACE_ACTION_FORWARDED] = "forwarded",
	[SEGFAB_TRACE_ACTION_REPLICATED] = "replicated",
	[SEGFAB_TRACE_ACTION_DELIVERED] = "delivered",
	[SEGFAB_TRACE_ACTION_DROPPED] = "dropped",
};

/**
 * segfab_trace_component_name - name of what a frame meets
 * @component: enum segfab_trace_component
 *
 * Return: its name as in the netlink specification, or "unknown"
 */
SF_API const char *segfab_trace_component_name(unsigned int component)
{
	return component < SF_ARRAY_SIZE(sf_component_names) ?
	       sf_component_names[component] : "unknown";
}

/**
 * segfab_trace_action_name - name of what happens to a frame
 * @action: enum segfab_trace_action
 *
 * Return: its name as in the netlink specification, or "unknown"
 */
SF_API const char *segfab_trace_action_name(unsigned int action)
{
	return action < SF_ARRAY_SIZE(sf_action_names) ?
	       sf_action_names[action] : "unknown";
}

static int sf_trace_id(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[SEGFAB_A_TRACE_MAX + 1];

	if (sf_genl_parse(nlh, tb, SEGFAB_A_TRACE_MAX))
		return -EBADMSG;
	*(uint32_t *)arg = sf_get_u32(tb[SEGFAB_A_TRACE_ID]);
	return 0;
}

static int sf_trace_request(struct segfab *h, struct nl_msg **msg)
{
	int err = sf_genl_request(h, SEGFAB_CMD_TRACE_NEW, 0, msg);

	if (err)
		return err;
	if (nlmsg_expand(*msg, SF_TRACE_REQUEST)) {
		nlmsg_free(*msg);
		return sf_error(h, -ENOMEM, "out of memory");
	}
	return 0;
}

static int sf_trace_put_probe(struct nl_msg *msg,
			      const struct segfab_trace_probe *probe)
{
	NLA_PUT_STRING(msg, SEGFAB_A_TRACE_PORT, probe->port);
	if (probe->via)
		NLA_PUT_STRING(msg, SEGFAB_A_TRACE_VIA, probe->via);
	NLA_PUT(msg, SEGFAB_A_TRACE_FRAME, probe->len, probe->frame);
	if (probe->limit)
		NLA_PUT_U32(msg, SEGFAB_A_TRACE_LIMIT, probe->limit);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

/**
 * segfab_trace_probe - send a frame from a port and follow it
 * @h: a handle
 * @probe: the frame
 * @id: takes the number of the trace
 *
 * The frame has come to all of its ends when this returns. The trace is kept
 * until segfab_trace_del() or the end of the handle.
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_trace_probe(struct segfab *h,
			      const struct segfab_trace_probe *probe,
			      uint32_t *id)
{
	struct nl_msg *msg;
	int err;

	err = sf_trace_request(h, &msg);
	if (err)
		return err;
	if (sf_trace_put_probe(msg, probe))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, sf_trace_id, id);
}

static int sf_trace_put_filter(struct nl_msg *msg,
			       const struct segfab_trace_filter *f)
{
	if (f->set & SEGFAB_TRACE_SOURCE)
		NLA_PUT(msg, SEGFAB_A_TRACE_SOURCE, sizeof(f->source),
			f->source);
	if (f->set & SEGFAB_TRACE_DEST)
		NLA_PUT(msg, SEGFAB_A_TRACE_DEST, sizeof(f->dest), f->dest);
	if (f->set & SEGFAB_TRACE_VLAN)
		NLA_PUT_U16(msg, SEGFAB_A_TRACE_VLAN, f->vlan);
	if (f->set & SEGFAB_TRACE_ETHERTYPE)
		NLA_PUT_U16(msg, SEGFAB_A_TRACE_ETHERTYPE, htons(f->ethertype));
	if (f->set & SEGFAB_TRACE_PROTOCOL)
		NLA_PUT_U8(msg, SEGFAB_A_TRACE_PROTOCOL, f->protocol);
	if (f->set & SEGFAB_TRACE_IP_SOURCE)
		NLA_PUT(msg, SEGFAB_A_TRACE_IP_SOURCE, f->ip_source.len,
			f->ip_source.bytes);
	if (f->set & SEGFAB_TRACE_IP_DEST)
		NLA_PUT(msg, SEGFAB_A_TRACE_IP_DEST, f->ip_dest.len,
			f->ip_dest.bytes);
	if (f->set & SEGFAB_TRACE_SOURCE_PORT)
		NLA_PUT_U16(msg, SEGFAB_A_TRACE_SOURCE_PORT,
			    htons(f->source_port));
	if (f->set & SEGFAB_TRACE_DEST_PORT)
		NLA_PUT_U16(msg, SEGFAB_A_TRACE_DEST_PORT,
			    htons(f->dest_port));
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

static int sf_trace_put_live(struct nl_msg *msg,
			     const struct segfab_trace_live *live)
{
	if (live->port)
		NLA_PUT_STRING(msg, SEGFAB_A_TRACE_PORT, live->port);
	if (live->segment)
		NLA_PUT_STRING(msg, SEGFAB_A_TRACE_SEGMENT, live->segment);
	if (live->count)
		NLA_PUT_U32(msg, SEGFAB_A_TRACE_COUNT, live->count);
	if (live->limit)
		NLA_PUT_U32(msg, SEGFAB_A_TRACE_LIMIT, live->limit);
	return sf_trace_put_filter(msg, &live->filter);

nla_put_failure:
	return -EMSGSIZE;
}

/**
 * segfab_trace_live - follow frames of others
 * @h: a handle
 * @live: which
 * @id: takes the number of the trace
 *
 * The trace goes on until segfab_trace_del() or the end of the handle.
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_trace_live(struct segfab *h,
			     const struct segfab_trace_live *live, uint32_t *id)
{
	struct nl_msg *msg;
	int err;

	err = sf_trace_request(h, &msg);
	if (err)
		return err;
	if (sf_trace_put_live(msg, live))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, sf_trace_id, id);
}

static void sf_observation_parse(struct nlattr **tb,
				 struct segfab_observation *o)
{
	const struct nlattr *source = tb[SEGFAB_A_TRACE_SOURCE];
	const struct nlattr *dest = tb[SEGFAB_A_TRACE_DEST];

	memset(o, 0, sizeof(*o));
	o->trace = sf_get_u32(tb[SEGFAB_A_TRACE_ID]);
	o->sequence = sf_get_u32(tb[SEGFAB_A_TRACE_SEQUENCE]);
	o->frame = sf_get_u32(tb[SEGFAB_A_TRACE_FRAME_NUMBER]);
	o->time = sf_get_u64(tb[SEGFAB_A_TRACE_TIME]);
	o->component = sf_get_u8(tb[SEGFAB_A_TRACE_COMPONENT]);
	o->action = sf_get_u8(tb[SEGFAB_A_TRACE_ACTION]);
	o->reason = sf_get_u8(tb[SEGFAB_A_TRACE_REASON]);
	o->segment_ifindex = sf_get_u32(tb[SEGFAB_A_TRACE_SEGMENT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_TRACE_SEGMENT], o->segment,
		      sizeof(o->segment));
	o->port_ifindex = sf_get_u32(tb[SEGFAB_A_TRACE_PORT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_TRACE_PORT], o->port, sizeof(o->port));
	o->vlan = sf_get_u16(tb[SEGFAB_A_TRACE_VLAN]);
	sf_get_string(tb[SEGFAB_A_TRACE_BINDING], o->binding,
		      sizeof(o->binding));
	o->length = sf_get_u32(tb[SEGFAB_A_TRACE_LENGTH]);
	o->global_id = sf_get_u64(tb[SEGFAB_A_TRACE_GLOBAL_ID]);
	sf_get_address(tb[SEGFAB_A_TRACE_REMOTE], o->remote, sizeof(o->remote));
	o->vni = sf_get_u32(tb[SEGFAB_A_TRACE_VNI]);
	o->has_frame = source && nla_len(source) == SEGFAB_MAC_LEN &&
		       dest && nla_len(dest) == SEGFAB_MAC_LEN;
	if (!o->has_frame)
		return;
	memcpy(o->source, nla_data(source), SEGFAB_MAC_LEN);
	memcpy(o->dest, nla_data(dest), SEGFAB_MAC_LEN);
}

/* Which observations are asked for (0: whatever it is), and what takes them. */
struct sf_trace_walk {
	bool			arrived;
	uint32_t		id;
	uint32_t		from;
	uint64_t		global_id;
	segfab_observation_fn	fn;
	void			*arg;
	struct segfab_trace_end	*end;
};

static int sf_trace_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_trace_walk *walk = arg;
	struct nlattr *tb[SEGFAB_A_TRACE_MAX + 1];
	struct segfab_observation o;

	if (sf_genl_parse(nlh, tb, SEGFAB_A_TRACE_MAX))
		return -EBADMSG;
	if (tb[SEGFAB_A_TRACE_SEQUENCE]) {
		sf_observation_parse(tb, &o);
		return walk->fn(&o, walk->arg);
	}
	walk->end->global_id = sf_get_u64(tb[SEGFAB_A_TRACE_GLOBAL_ID]);
	walk->end->matched = sf_get_u32(tb[SEGFAB_A_TRACE_MATCHED]);
	walk->end->observed = sf_get_u32(tb[SEGFAB_A_TRACE_OBSERVED]);
	walk->end->lost = sf_get_u32(tb[SEGFAB_A_TRACE_LOST]);
	return 0;
}

static int sf_trace_put_walk(struct nl_msg *msg,
			     const struct sf_trace_walk *walk)
{
	if (walk->arrived)
		NLA_PUT_FLAG(msg, SEGFAB_A_TRACE_ARRIVED);
	if (walk->id)
		NLA_PUT_U32(msg, SEGFAB_A_TRACE_ID, walk->id);
	if (walk->from)
		NLA_PUT_U32(msg, SEGFAB_A_TRACE_SEQUENCE, walk->from);
	if (walk->global_id)
		NLA_PUT_U64(msg, SEGFAB_A_TRACE_GLOBAL_ID, walk->global_id);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

static int sf_trace_walk(struct segfab *h, struct sf_trace_walk *walk)
{
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_TRACE_READ, NLM_F_DUMP, &msg);
	if (err)
		return err;
	if (sf_trace_put_walk(msg, walk))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, sf_trace_show, walk);
}

/**
 * segfab_trace_read - look at what a trace saw
 * @h: a handle
 * @id: number of the trace
 * @from: number of the observation to begin with, 0 or 1 for all
 * @fn: called for each observation
 * @arg: for @fn
 * @end: takes how far the trace has come
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_trace_read(struct segfab *h, uint32_t id, uint32_t from,
			     segfab_observation_fn fn, void *arg,
			     struct segfab_trace_end *end)
{
	struct sf_trace_walk walk = {
		.id = id, .from = from, .fn = fn, .arg = arg, .end = end,
	};

	return sf_trace_walk(h, &walk);
}

/**
 * segfab_trace_arrived - look at what was seen here of traces of other hosts
 * @h: a handle
 * @global_id: of this trace only, 0: of all
 * @fn: called for each observation, those of all traces as they were made
 * @arg: for @fn
 * @end: takes how many frames have arrived, and how many observations of them
 *	are kept, and are no longer
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_trace_arrived(struct segfab *h, uint64_t global_id,
				segfab_observation_fn fn, void *arg,
				struct segfab_trace_end *end)
{
	struct sf_trace_walk walk = {
		.arrived = true, .global_id = global_id,
		.fn = fn, .arg = arg, .end = end,
	};

	return sf_trace_walk(h, &walk);
}

/**
 * segfab_trace_del - end a trace and forget what it saw
 * @h: a handle
 * @id: number of the trace
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_trace_del(struct segfab *h, uint32_t id)
{
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_TRACE_DEL, 0, &msg);
	if (err)
		return err;
	if (nla_put_u32(msg, SEGFAB_A_TRACE_ID, id))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, NULL, NULL);
}
