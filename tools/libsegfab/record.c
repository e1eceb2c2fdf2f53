// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The flight recorder: frames that were dropped.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

static int sf_record_parse(const struct nlmsghdr *nlh, struct segfab_record *r)
{
	struct nlattr *tb[SEGFAB_A_RECORD_MAX + 1];
	const struct nlattr *frame;

	if (sf_genl_parse(nlh, tb, SEGFAB_A_RECORD_MAX))
		return -EBADMSG;
	memset(r, 0, sizeof(*r));
	r->time = sf_get_u64(tb[SEGFAB_A_RECORD_TIME]);
	r->reason = sf_get_u8(tb[SEGFAB_A_RECORD_REASON]);
	r->segment_ifindex = sf_get_u32(tb[SEGFAB_A_RECORD_SEGMENT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_RECORD_SEGMENT], r->segment,
		      sizeof(r->segment));
	r->port_ifindex = sf_get_u32(tb[SEGFAB_A_RECORD_PORT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_RECORD_PORT], r->port, sizeof(r->port));
	r->vlan = sf_get_u16(tb[SEGFAB_A_RECORD_VLAN]);
	r->length = sf_get_u32(tb[SEGFAB_A_RECORD_LENGTH]);
	r->generation = sf_get_u32(tb[SEGFAB_A_RECORD_GENERATION]);
	r->changed = sf_get_u8(tb[SEGFAB_A_RECORD_CHANGED]);
	r->missed = sf_get_u32(tb[SEGFAB_A_RECORD_MISSED]);
	frame = tb[SEGFAB_A_RECORD_FRAME];
	if (!frame)
		return 0;
	r->frame_len = nla_len(frame);
	if (r->frame_len > sizeof(r->frame))
		r->frame_len = sizeof(r->frame);
	memcpy(r->frame, nla_data(frame), r->frame_len);
	return 0;
}

struct sf_record_walk {
	segfab_record_fn	fn;
	void			*arg;
};

static int sf_record_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_record_walk *walk = arg;
	struct segfab_record r;
	int err;

	err = sf_record_parse(nlh, &r);
	return err ? err : walk->fn(&r, walk->arg);
}

static int sf_record_put(struct nl_msg *msg,
			 const struct segfab_record_filter *filter)
{
	if (filter->segment)
		NLA_PUT_STRING(msg, SEGFAB_A_RECORD_SEGMENT, filter->segment);
	if (filter->port)
		NLA_PUT_STRING(msg, SEGFAB_A_RECORD_PORT, filter->port);
	if (filter->mac)
		NLA_PUT(msg, SEGFAB_A_RECORD_MAC, SEGFAB_MAC_LEN, filter->mac);
	if (filter->since)
		NLA_PUT_U64(msg, SEGFAB_A_RECORD_SINCE, filter->since);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

/**
 * segfab_record_dump - look at frames that were dropped
 * @h: a handle
 * @filter: which
 * @fn: called for each, in no order
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_record_dump(struct segfab *h,
			      const struct segfab_record_filter *filter,
			      segfab_record_fn fn, void *arg)
{
	struct sf_record_walk walk = { fn, arg };
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_RECORD_READ, NLM_F_DUMP, &msg);
	if (err)
		return err;
	if (sf_record_put(msg, filter))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, sf_record_show, &walk);
}
