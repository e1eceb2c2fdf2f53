// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Forwarding tables.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

int sf_fdb_parse(const struct nlmsghdr *nlh, struct segfab_fdb *e)
{
	struct nlattr *tb[SEGFAB_A_FDB_MAX + 1];
	const struct nlattr *mac;

	if (sf_genl_parse(nlh, tb, SEGFAB_A_FDB_MAX))
		return -EBADMSG;
	mac = tb[SEGFAB_A_FDB_MAC];
	if (!mac || nla_len(mac) != SEGFAB_MAC_LEN)
		return -EBADMSG;

	memcpy(e->mac, nla_data(mac), SEGFAB_MAC_LEN);
	e->segment_ifindex = sf_get_u32(tb[SEGFAB_A_FDB_SEGMENT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_FDB_SEGMENT], e->segment,
		      sizeof(e->segment));
	e->guest_vlan = sf_get_u16(tb[SEGFAB_A_FDB_GUEST_VLAN]);
	e->state = sf_get_u8(tb[SEGFAB_A_FDB_STATE]);
	e->port_ifindex = sf_get_u32(tb[SEGFAB_A_FDB_PORT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_FDB_PORT], e->port, sizeof(e->port));
	sf_get_string(tb[SEGFAB_A_FDB_BINDING], e->binding,
		      sizeof(e->binding));
	e->vlan = sf_get_u16(tb[SEGFAB_A_FDB_VLAN]);
	sf_get_address(tb[SEGFAB_A_FDB_REMOTE], e->remote, sizeof(e->remote));
	e->has_age = tb[SEGFAB_A_FDB_AGE];
	e->age = sf_get_u32(tb[SEGFAB_A_FDB_AGE]);
	return 0;
}

static int sf_fdb_put_key(struct nl_msg *msg, const struct segfab_fdb_key *key)
{
	NLA_PUT_STRING(msg, SEGFAB_A_FDB_SEGMENT, key->segment);
	NLA_PUT(msg, SEGFAB_A_FDB_MAC, SEGFAB_MAC_LEN, key->mac);
	if (key->guest_vlan)
		NLA_PUT_U16(msg, SEGFAB_A_FDB_GUEST_VLAN, key->guest_vlan);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

/* A request about one entry; as sf_genl_request(). */
static int sf_fdb_request(struct segfab *h, int cmd, int flags,
			  const struct segfab_fdb_key *key, struct nl_msg **msg)
{
	int err;

	err = sf_genl_request(h, cmd, flags, msg);
	if (err)
		return err;
	if (sf_fdb_put_key(*msg, key))
		return sf_too_long(h, *msg);
	return 0;
}

/**
 * segfab_fdb_write - set a static entry
 * @h: a handle
 * @how: whether there may or must be an entry of the address
 * @key: the address
 * @port: a port of the segment, or one of a parent of it, which implies the
 *	binding map, or the zone of the segment; NULL with @remote
 * @remote: tunnel address behind an overlay zone, or NULL
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_fdb_write(struct segfab *h, enum segfab_write how,
			    const struct segfab_fdb_key *key, const char *port,
			    const char *remote)
{
	struct nl_msg *msg;
	int err;

	err = sf_fdb_request(h, SEGFAB_CMD_FDB_NEW, sf_write_flags(how), key,
			     &msg);
	if (err)
		return err;
	if (port && nla_put_string(msg, SEGFAB_A_FDB_PORT, port))
		return sf_too_long(h, msg);
	if (remote)
		err = sf_put_address(msg, SEGFAB_A_FDB_REMOTE, remote);
	if (err == -EINVAL)
		return sf_bad_address(h, msg, remote);
	return err ? sf_too_long(h, msg) :
		     sf_talk(h, SF_GENL, msg, NULL, NULL);
}

/**
 * segfab_fdb_del - remove an entry, learned or static
 * @h: a handle
 * @key: the address
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_fdb_del(struct segfab *h, const struct segfab_fdb_key *key)
{
	struct nl_msg *msg;
	int err;

	err = sf_fdb_request(h, SEGFAB_CMD_FDB_DEL, 0, key, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, NULL, NULL);
}

static int sf_fdb_keep(const struct nlmsghdr *nlh, void *arg)
{
	return sf_fdb_parse(nlh, arg);
}

/**
 * segfab_fdb_get - look an address up
 * @h: a handle
 * @key: the address
 * @entry: where to
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_fdb_get(struct segfab *h, const struct segfab_fdb_key *key,
			  struct segfab_fdb *entry)
{
	struct nl_msg *msg;
	int err;

	err = sf_fdb_request(h, SEGFAB_CMD_FDB_GET, 0, key, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_fdb_keep, entry);
}

struct sf_fdb_walk {
	segfab_fdb_fn	fn;
	void		*arg;
};

static int sf_fdb_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_fdb_walk *walk = arg;
	struct segfab_fdb entry;
	int err;

	err = sf_fdb_parse(nlh, &entry);
	return err ? err : walk->fn(&entry, walk->arg);
}

/**
 * segfab_fdb_dump - look at forwarding tables
 * @h: a handle
 * @segment: that of this segment, or NULL for all
 * @port: entries behind this port, or NULL for all
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_fdb_dump(struct segfab *h, const char *segment,
			   const char *port, segfab_fdb_fn fn, void *arg)
{
	struct sf_fdb_walk walk = { fn, arg };
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_FDB_GET, NLM_F_DUMP, &msg);
	if (err)
		return err;
	if ((segment && nla_put_string(msg, SEGFAB_A_FDB_SEGMENT, segment)) ||
	    (port && nla_put_string(msg, SEGFAB_A_FDB_PORT, port)))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, sf_fdb_show, &walk);
}

static int sf_fdb_put_flush(struct nl_msg *msg,
			    const struct segfab_fdb_flush *what)
{
	NLA_PUT_STRING(msg, SEGFAB_A_FDB_SEGMENT, what->segment);
	if (what->port)
		NLA_PUT_STRING(msg, SEGFAB_A_FDB_PORT, what->port);
	if (what->binding)
		NLA_PUT_STRING(msg, SEGFAB_A_FDB_BINDING, what->binding);
	if (what->mac)
		NLA_PUT(msg, SEGFAB_A_FDB_MAC, SEGFAB_MAC_LEN, what->mac);
	if (what->statics)
		NLA_PUT_U8(msg, SEGFAB_A_FDB_STATE, SEGFAB_FDB_STATE_STATIC);
	return 0;

nla_put_failure:
	return -EMSGSIZE;
}

/**
 * segfab_fdb_flush - forget entries of a segment
 * @h: a handle
 * @what: which
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_fdb_flush(struct segfab *h,
			    const struct segfab_fdb_flush *what)
{
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, SEGFAB_CMD_FDB_FLUSH, 0, &msg);
	if (err)
		return err;
	if (sf_fdb_put_flush(msg, what))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_GENL, msg, NULL, NULL);
}
