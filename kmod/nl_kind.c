// SPDX-License-Identifier: GPL-2.0
/*
 * What requests about one object have in common, whatever its kind: it is
 * found, and then shown, changed, and announced. What a kind has of its own is
 * in its &struct sf_nl_kind, in the nl_*.c of that kind.
 *
 * Objects are void pointers here and nowhere else: the functions of a kind take
 * them as what they are.
 *
 * Locking: changes and announcements under RTNL, reads under RCU.
 */
#include <linux/rtnetlink.h>

#include "nl.h"

/**
 * sf_nl_kind_put - put a message about an object
 * @msg: where
 * @kind: its kind
 * @object: the object
 * @head: what is to be in the head of the message
 *
 * Context: RTNL, or RCU read side.
 * Return: 0, or -EMSGSIZE with nothing put.
 */
int sf_nl_kind_put(struct sk_buff *msg, const struct sf_nl_kind *kind,
		   void *object, const struct sf_nl_head *head)
{
	void *hdr = sf_nl_put_head(msg, head);

	if (!hdr)
		return -EMSGSIZE;
	if (kind->fill(msg, object)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/**
 * sf_nl_kind_dump - put an object into a part of a dump
 * @msg: the part
 * @cb: the dump
 * @kind: its kind
 * @object: the object
 *
 * Context: RCU read side.
 * Return: 0, or -EMSGSIZE when the part is full.
 */
int sf_nl_kind_dump(struct sk_buff *msg, struct netlink_callback *cb,
		    const struct sf_nl_kind *kind, void *object)
{
	const struct sf_nl_head head = sf_nl_head_of_dump(cb);

	return sf_nl_kind_put(msg, kind, object, &head);
}

/**
 * sf_nl_kind_event - announce that an object was made or changed
 * @kind: its kind
 * @object: the object
 * @net: its network namespace
 * @info: the request that wanted it so, or NULL
 *
 * Context: RTNL. May sleep.
 */
void sf_nl_kind_event(const struct sf_nl_kind *kind, void *object,
		      struct net *net, struct genl_info *info)
{
	const struct sf_nl_head head = sf_nl_head_of_event(info, kind->event);
	struct sk_buff *msg;
	int err;

	msg = sf_nl_event_begin(net, info, kind->size());
	if (!msg)
		return;
	err = sf_nl_kind_put(msg, kind, object, &head);
	sf_nl_event_send(net, msg, err, info);
}

/**
 * sf_nl_kind_get - answer a request for one object
 * @info: the request
 * @kind: its kind
 *
 * Context: may sleep.
 * Return: what the handler returns.
 */
int sf_nl_kind_get(struct genl_info *info, const struct sf_nl_kind *kind)
{
	const struct sf_nl_head head = sf_nl_head_of_answer(info);
	struct sk_buff *msg;
	void *object;
	int err;

	msg = sf_nl_answer_begin(info, kind->size());
	if (IS_ERR(msg))
		return PTR_ERR(msg);
	rcu_read_lock();
	object = kind->find(info);
	err = PTR_ERR_OR_ZERO(object) ?:
	      sf_nl_kind_put(msg, kind, object, &head);
	rcu_read_unlock();
	return sf_nl_answer_send(info, msg, err);
}

/**
 * sf_nl_kind_change - carry out a request that changes one object
 * @info: the request
 * @kind: its kind
 * @change: does all of it, announcement included; called under RTNL, returns 0
 *	or a negative errno with nothing changed
 *
 * Context: may sleep.
 * Return: what the handler returns.
 */
int sf_nl_kind_change(struct genl_info *info, const struct sf_nl_kind *kind,
		      int (*change)(void *object, struct genl_info *info))
{
	void *object;
	int err;

	err = sf_nl_check(info->nlhdr, 0, info->extack);
	if (err)
		return err;
	rtnl_lock();
	object = kind->find(info);
	err = PTR_ERR_OR_ZERO(object) ?: change(object, info);
	rtnl_unlock();
	return err;
}
