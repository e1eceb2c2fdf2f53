// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One request and its answer.
 *
 * libnl builds the messages; sending and receiving is done here because libnl
 * neither hands on extended acknowledgments nor keeps the kernel's errno.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>
#include <netlink/genl/genl.h>
#include <netlink/socket.h>

#include "internal.h"

/* The kernel sends dumps in parts of at most 32 kB. */
#define SF_PART		(64 * 1024)
#define SF_DUMP_TRIES	10

static int sf_family_parse(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct sf_family *family = arg;
	struct nlattr *a;
	int rem;

	if (sf_genl_parse(nlh, tb, CTRL_ATTR_MAX))
		return 0;
	family->id = sf_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	if (!tb[CTRL_ATTR_MCAST_GROUPS])
		return 0;

	nla_for_each_nested(a, tb[CTRL_ATTR_MCAST_GROUPS], rem) {
		struct nlattr *group[CTRL_ATTR_MCAST_GRP_MAX + 1];
		char name[GENL_NAMSIZ];
		uint32_t id;

		if (nla_parse_nested(group, CTRL_ATTR_MCAST_GRP_MAX, a, NULL))
			continue;
		sf_get_string(group[CTRL_ATTR_MCAST_GRP_NAME], name,
			      sizeof(name));
		id = sf_get_u32(group[CTRL_ATTR_MCAST_GRP_ID]);
		if (!strcmp(name, SEGFAB_MCGRP_CONFIG))
			family->config = id;
	}
	return 0;
}

/* Ask for the numbers of the family, once. Return: 0 or a negative errno. */
int sf_family_resolve(struct segfab *h)
{
	struct nl_msg *msg;
	int err;

	if (h->family.id)
		return 0;

	msg = nlmsg_alloc();
	if (!msg)
		return sf_error(h, -ENOMEM, "out of memory");
	genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, GENL_ID_CTRL, 0, 0,
		    CTRL_CMD_GETFAMILY, 1);
	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, SEGFAB_FAMILY_NAME);

	err = sf_talk(h, SF_GENL, msg, sf_family_parse, &h->family);
	if (err == -ENOENT || (!err && !h->family.id))
		err = sf_error(h, -ENOENT,
			       "the kernel has no segfab: load the module with \"modprobe segfab\"");
	return err;
}

/*
 * Start a request of the family. Return: 0 or a negative errno; @msg belongs
 * to the caller until sf_talk().
 */
int sf_genl_request(struct segfab *h, int cmd, int flags, struct nl_msg **msg)
{
	int err = sf_family_resolve(h);

	if (err)
		return err;

	*msg = nlmsg_alloc();
	if (!*msg)
		return sf_error(h, -ENOMEM, "out of memory");

	genlmsg_put(*msg, NL_AUTO_PORT, NL_AUTO_SEQ, h->family.id, 0, flags,
		    cmd, SEGFAB_FAMILY_VERSION);
	return 0;
}

/*
 * Start a request about the object that attribute @type names, or about all if
 * @name is NULL; as sf_genl_request().
 */
int sf_genl_request_about(struct segfab *h, int cmd, int flags, int type,
			  const char *name, struct nl_msg **msg)
{
	int err = sf_genl_request(h, cmd, flags, msg);

	if (err)
		return err;
	if (name && nla_put_string(*msg, type, name))
		return sf_too_long(h, *msg);
	return 0;
}

/* Start a request of rtnetlink; as sf_genl_request(). */
int sf_rtnl_request(struct segfab *h, int type, int flags, const void *header,
		    size_t len, struct nl_msg **msg)
{
	*msg = nlmsg_alloc_simple(type, flags);
	if (!*msg)
		return sf_error(h, -ENOMEM, "out of memory");

	nlmsg_append(*msg, (void *)header, len, NLMSG_ALIGNTO);
	return 0;
}

/* The flags of a request that makes or changes an object. */
int sf_write_flags(enum segfab_write how)
{
	switch (how) {
	case SEGFAB_ADD:
		return NLM_F_CREATE | NLM_F_EXCL;
	case SEGFAB_SET:
		return NLM_F_REPLACE;
	case SEGFAB_REPLACE:
		break;
	}
	return NLM_F_CREATE | NLM_F_REPLACE;
}

/* An attribute did not fit: end a request that was started. */
int sf_too_long(struct segfab *h, struct nl_msg *msg)
{
	nlmsg_free(msg);
	return sf_error(h, -EMSGSIZE, "a name is too long");
}

static int sf_send(struct segfab *h, struct nl_sock *sk, struct nlmsghdr *nlh)
{
	ssize_t n;

	do {
		n = send(nl_socket_get_fd(sk), nlh, nlh->nlmsg_len, 0);
	} while (n < 0 && errno == EINTR);

	if (n < 0)
		return sf_error(h, -errno, "netlink: %m");
	return 0;
}

/* Receive one part of an answer to @h->buf + @at. Return: its length. */
static ssize_t sf_receive(struct segfab *h, struct nl_sock *sk, size_t at)
{
	ssize_t n;

	if (h->size < at + SF_PART) {
		size_t size = h->size ? h->size * 2 : SF_PART;
		char *buf = realloc(h->buf, size);

		if (!buf)
			return sf_error(h, -ENOMEM, "out of memory");
		h->buf = buf;
		h->size = size;
	}

	do {
		n = recv(nl_socket_get_fd(sk), h->buf + at, h->size - at,
			 MSG_TRUNC);
	} while (n < 0 && errno == EINTR);

	if (n < 0)
		return sf_error(h, -errno, "netlink: %m");
	if (n == 0)
		return sf_error(h, -ECONNRESET, "netlink: no answer");
	if ((size_t)n > h->size - at)
		return sf_error(h, -EMSGSIZE, "netlink: answer too long");
	return n;
}

/*
 * What is known of an answer that is being received.
 */
struct sf_answer {
	const struct nlmsghdr	*request;
	uint32_t		port;
	bool			interrupted;
	bool			complete;
	int			result;
};

static bool sf_is_ours(const struct nlmsghdr *nlh, const struct sf_answer *a)
{
	return nlh->nlmsg_seq == a->request->nlmsg_seq &&
	       nlh->nlmsg_pid == a->port;
}

/* Look through one part for the end of the answer. */
static void sf_scan(struct segfab *h, char *buf, int len, struct sf_answer *a)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;

	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
		if (!sf_is_ours(nlh, a))
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			a->interrupted = true;

		if (nlh->nlmsg_type == NLMSG_ERROR)
			a->result = sf_ack(h, nlh, a->request);
		else if (nlh->nlmsg_type == NLMSG_DONE)
			a->result = sf_done(h, nlh, a->request);
		else
			continue;
		a->complete = true;
		return;
	}
}

/* Give the messages of a complete answer to @fn. */
static int sf_deliver(char *buf, size_t length, const struct sf_answer *a,
		      sf_message_fn fn, void *arg)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
	size_t at;
	int err;

	for (at = 0; at + NLMSG_HDRLEN <= length;
	     at += NLMSG_ALIGN(nlh->nlmsg_len)) {
		nlh = (struct nlmsghdr *)(buf + at);
		if (nlh->nlmsg_len < NLMSG_HDRLEN ||
		    nlh->nlmsg_len > length - at)
			break;
		if (!sf_is_ours(nlh, a) || nlh->nlmsg_type < NLMSG_MIN_TYPE)
			continue;
		err = fn(nlh, arg);
		if (err)
			return err;
	}
	return 0;
}

/*
 * Send a request and receive the whole answer into @h->buf.
 * Return: 0 or a negative errno; @length is that of the messages.
 */
static int sf_exchange(struct segfab *h, struct nl_sock *sk,
		       struct nl_msg *request, struct sf_answer *a,
		       size_t *length)
{
	struct nlmsghdr *nlh = nlmsg_hdr(request);
	ssize_t n;
	int err;

	nlh->nlmsg_pid = 0;
	nlh->nlmsg_seq = NL_AUTO_SEQ;
	nl_complete_msg(sk, request);
	nlh->nlmsg_flags |= NLM_F_ACK;

	a->request = nlh;
	a->port = nl_socket_get_local_port(sk);
	a->interrupted = false;
	a->complete = false;
	a->result = 0;
	*length = 0;

	err = sf_send(h, sk, nlh);
	if (err)
		return err;

	while (!a->complete) {
		n = sf_receive(h, sk, *length);
		if (n < 0)
			return n;
		sf_scan(h, h->buf + *length, n, a);
		*length += NLMSG_ALIGN(n);
	}
	return a->result;
}

/*
 * Send a request, wait for the end of its answer and give the messages to @fn.
 * A dump that saw the configuration change is repeated, so @fn gets each
 * object once. Takes @request. Return: 0 or a negative errno, or what @fn
 * returned if that was not 0.
 */
int sf_talk(struct segfab *h, enum sf_socket s, struct nl_msg *request,
	    sf_message_fn fn, void *arg)
{
	struct nl_sock *sk = h->sock[s];
	struct sf_answer a;
	size_t length, size;
	char *buf;
	int err;

	h->error[0] = '\0';
	h->attribute = NULL;
	h->warning[0] = '\0';

	for (int i = 0; i < SF_DUMP_TRIES; i++) {
		err = sf_exchange(h, sk, request, &a, &length);
		if (err || !a.interrupted)
			break;
	}
	if (err || !fn)
		goto out;

	if (a.interrupted)
		sf_warn(h, "the configuration changed during each of %d dumps, what is shown may be inconsistent",
			SF_DUMP_TRIES);

	/* @fn may use the handle: the buffer is ours until it is through. */
	buf = h->buf;
	size = h->size;
	h->buf = NULL;
	h->size = 0;
	err = sf_deliver(buf, length, &a, fn, arg);
	if (h->buf || size > 16 * SF_PART) {
		free(buf);
	} else {
		h->buf = buf;
		h->size = size;
	}
out:
	nlmsg_free(request);
	return err;
}
