// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Remote tunnel addresses, and the flood lists of overlay segments.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "internal.h"

/* In the family an address of IPv4 is one of IPv6, with this before it. */
static const uint8_t sf_mapped[12] = { [10] = 0xff, [11] = 0xff };

/* An address as text; empty if there is none. Rtnetlink has those of IPv4 in
 * four bytes.
 */
void sf_get_address(const struct nlattr *a, char *text, size_t size)
{
	const uint8_t *bytes = a ? nla_data(a) : NULL;
	bool ipv4;

	text[0] = '\0';
	if (!a || (nla_len(a) != 16 && nla_len(a) != 4))
		return;
	ipv4 = nla_len(a) == 4;
	if (!ipv4 && !memcmp(bytes, sf_mapped, sizeof(sf_mapped))) {
		ipv4 = true;
		bytes += sizeof(sf_mapped);
	}
	if (!inet_ntop(ipv4 ? AF_INET : AF_INET6, bytes, text, size))
		text[0] = '\0';
}

/* Return: 0, -EMSGSIZE, or -EINVAL if the text is not an address. */
int sf_put_address(struct nl_msg *msg, int type, const char *text)
{
	uint8_t bytes[16];

	memcpy(bytes, sf_mapped, sizeof(sf_mapped));
	if (inet_pton(AF_INET, text, bytes + 12) != 1 &&
	    inet_pton(AF_INET6, text, bytes) != 1)
		return -EINVAL;
	return nla_put(msg, type, sizeof(bytes), bytes) ? -EMSGSIZE : 0;
}

int sf_bad_address(struct segfab *h, struct nl_msg *msg, const char *text)
{
	nlmsg_free(msg);
	return sf_error(h, -EINVAL, "\"%s\" is not an IP address", text);
}

int sf_remote_parse(const struct nlmsghdr *nlh, struct segfab_remote *r)
{
	struct nlattr *tb[SEGFAB_A_REMOTE_MAX + 1];

	if (sf_genl_parse(nlh, tb, SEGFAB_A_REMOTE_MAX))
		return -EBADMSG;

	memset(r, 0, sizeof(*r));
	r->segment_ifindex = sf_get_u32(tb[SEGFAB_A_REMOTE_SEGMENT_IFINDEX]);
	sf_get_string(tb[SEGFAB_A_REMOTE_SEGMENT], r->segment,
		      sizeof(r->segment));
	sf_get_address(tb[SEGFAB_A_REMOTE_ADDRESS], r->address,
		       sizeof(r->address));
	return 0;
}

static int sf_remote_write(struct segfab *h, int cmd, int flags,
			   const char *segment, const char *address)
{
	struct nl_msg *msg;
	int err;

	err = sf_genl_request(h, cmd, flags, &msg);
	if (err)
		return err;
	if (nla_put_string(msg, SEGFAB_A_REMOTE_SEGMENT, segment))
		return sf_too_long(h, msg);
	err = sf_put_address(msg, SEGFAB_A_REMOTE_ADDRESS, address);
	if (err == -EINVAL)
		return sf_bad_address(h, msg, address);
	return err ? sf_too_long(h, msg) :
		     sf_talk(h, SF_GENL, msg, NULL, NULL);
}

/**
 * segfab_remote_add - put a tunnel address into the flood list of a segment
 * @h: a handle
 * @segment: the segment, in an overlay zone
 * @address: an IPv4 or IPv6 address
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_remote_add(struct segfab *h, const char *segment,
			     const char *address)
{
	return sf_remote_write(h, SEGFAB_CMD_REMOTE_NEW,
			       NLM_F_CREATE | NLM_F_EXCL, segment, address);
}

/**
 * segfab_remote_del - take a tunnel address out of the flood list of a segment
 * @h: a handle
 * @segment: the segment
 * @address: an IPv4 or IPv6 address
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_remote_del(struct segfab *h, const char *segment,
			     const char *address)
{
	return sf_remote_write(h, SEGFAB_CMD_REMOTE_DEL, 0, segment, address);
}

struct sf_remote_walk {
	segfab_remote_fn	fn;
	void			*arg;
};

static int sf_remote_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_remote_walk *walk = arg;
	struct segfab_remote remote;
	int err;

	err = sf_remote_parse(nlh, &remote);
	return err ? err : walk->fn(&remote, walk->arg);
}

/**
 * segfab_remote_dump - look at flood lists
 * @h: a handle
 * @segment: that of this segment, or NULL for all
 * @fn: called for each address
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_remote_dump(struct segfab *h, const char *segment,
			      segfab_remote_fn fn, void *arg)
{
	struct sf_remote_walk walk = { fn, arg };
	struct nl_msg *msg;
	int err;

	err = sf_genl_request_about(h, SEGFAB_CMD_REMOTE_GET, NLM_F_DUMP,
				    SEGFAB_A_REMOTE_SEGMENT, segment, &msg);
	return err ? err : sf_talk(h, SF_GENL, msg, sf_remote_show, &walk);
}
