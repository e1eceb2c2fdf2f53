// SPDX-License-Identifier: GPL-2.0
/*
 * The flight recorder in generic netlink. Names are compared with what was
 * recorded, since the devices may be gone.
 *
 * Locking: reads take the lock of one CPU's recorder for one record.
 */
#include "nl.h"
#include "recorder.h"
#include "segment.h"

const struct nla_policy sf_nl_record_read_policy[SEGFAB_A_RECORD_MAX + 1] = {
	[SEGFAB_A_RECORD_SEGMENT_IFINDEX]	= SF_NL_IFINDEX,
	[SEGFAB_A_RECORD_SEGMENT]		= SF_NL_NAME,
	[SEGFAB_A_RECORD_PORT_IFINDEX]		= SF_NL_IFINDEX,
	[SEGFAB_A_RECORD_PORT]			= SF_NL_NAME,
	[SEGFAB_A_RECORD_MAC]			= NLA_POLICY_ETH_ADDR,
	[SEGFAB_A_RECORD_SINCE]			= { .type = NLA_U64 },
};

/* What a request says of one device agrees with what was recorded of it. */
static bool sf_nl_record_is(const struct nlattr *index,
			    const struct nlattr *name, int ifindex,
			    const char *recorded)
{
	return (!index || nla_get_u32(index) == ifindex) &&
	       (!name || !nla_strcmp(name, recorded));
}

static bool sf_nl_record_has_mac(const struct sf_record *record, const u8 *mac)
{
	return record->frame_len >= 2 * ETH_ALEN &&
	       (!memcmp(record->frame, mac, ETH_ALEN) ||
		!memcmp(record->frame + ETH_ALEN, mac, ETH_ALEN));
}

static bool sf_nl_record_wanted(struct netlink_callback *cb,
				const struct sf_record *record)
{
	struct nlattr *const *attrs = sf_dump_attrs(cb);
	const struct nlattr *since = attrs[SEGFAB_A_RECORD_SINCE];
	const struct nlattr *mac = attrs[SEGFAB_A_RECORD_MAC];

	if (record->net_cookie != sock_net(cb->skb->sk)->net_cookie)
		return false;
	if (since && record->time <= nla_get_u64(since))
		return false;
	if (mac && !sf_nl_record_has_mac(record, nla_data(mac)))
		return false;
	return sf_nl_record_is(attrs[SEGFAB_A_RECORD_SEGMENT_IFINDEX],
			       attrs[SEGFAB_A_RECORD_SEGMENT],
			       record->segment_ifindex, record->segment) &&
	       sf_nl_record_is(attrs[SEGFAB_A_RECORD_PORT_IFINDEX],
			       attrs[SEGFAB_A_RECORD_PORT],
			       record->port_ifindex, record->port);
}

static int sf_nl_record_put(struct sk_buff *msg, const struct sf_record *record,
			    u32 generation)
{
	if (nla_put_u32(msg, SEGFAB_A_RECORD_SEGMENT_IFINDEX,
			record->segment_ifindex) ||
	    nla_put_string(msg, SEGFAB_A_RECORD_SEGMENT, record->segment) ||
	    (record->port_ifindex &&
	     (nla_put_u32(msg, SEGFAB_A_RECORD_PORT_IFINDEX,
			  record->port_ifindex) ||
	      nla_put_string(msg, SEGFAB_A_RECORD_PORT, record->port))) ||
	    nla_put_u64_64bit(msg, SEGFAB_A_RECORD_TIME, record->time,
			      SEGFAB_A_RECORD_PAD) ||
	    nla_put_u8(msg, SEGFAB_A_RECORD_REASON, record->reason) ||
	    (record->vlan &&
	     nla_put_u16(msg, SEGFAB_A_RECORD_VLAN, record->vlan)) ||
	    nla_put_u32(msg, SEGFAB_A_RECORD_LENGTH, record->len) ||
	    nla_put_u32(msg, SEGFAB_A_RECORD_GENERATION, record->generation) ||
	    nla_put_u8(msg, SEGFAB_A_RECORD_CHANGED,
		       record->generation != generation) ||
	    nla_put_u32(msg, SEGFAB_A_RECORD_MISSED, record->missed) ||
	    (record->frame_len &&
	     nla_put(msg, SEGFAB_A_RECORD_FRAME, record->frame_len,
		     record->frame)))
		return -EMSGSIZE;
	return 0;
}

static int sf_nl_record_fill(struct sk_buff *msg, struct netlink_callback *cb,
			     const struct sf_record *record)
{
	const struct sf_net *sn = sf_net(sock_net(cb->skb->sk));
	struct sf_nl_head head = sf_nl_head_of_dump(cb);
	void *hdr;

	head.cb = NULL;	/* a change of the configuration breaks no record */
	hdr = sf_nl_put_head(msg, &head);
	if (!hdr)
		return -EMSGSIZE;
	if (sf_nl_record_put(msg, record, READ_ONCE(sn->generation))) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* Where a dump of records stopped. */
struct sf_nl_record_dump {
	bool		started;
	unsigned int	number;
};

/**
 * sf_nl_record_read - SEGFAB_CMD_RECORD_READ
 * @msg: takes the next part of the answer
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or a negative errno.
 */
int sf_nl_record_read(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct sf_nl_record_dump *dump = (void *)cb->ctx;
	struct sf_record record;
	int err;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	if (!dump->started) {
		err = sf_nl_check(cb->nlh, NLM_F_DUMP, cb->extack);
		if (err)
			return err;
		dump->started = true;
	}
	for (; dump->number < sf_record_count(); dump->number++)
		if (sf_record_get(dump->number, &record) &&
		    sf_nl_record_wanted(cb, &record) &&
		    sf_nl_record_fill(msg, cb, &record))
			break;
	return msg->len;
}
