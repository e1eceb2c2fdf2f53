// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Acknowledgments: the kernel's errno, and its words about it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/netlink.h>

#include "internal.h"

/* What an extended acknowledgment says. */
struct sf_extack {
	const char	*text;
	int		text_len;
	const char	*attribute;
	bool		missing;
};

static void sf_extack_parse(const struct nlmsghdr *answer, size_t offset,
			    const struct nlmsghdr *request,
			    struct sf_extack *x)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	const char *start = (const char *)nlmsg_data(answer);
	int len = nlmsg_datalen(answer);

	memset(x, 0, sizeof(*x));
	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;

	offset = NLMSG_ALIGN(offset);
	if (offset >= (size_t)len)
		return;
	if (nla_parse(tb, NLMSGERR_ATTR_MAX, (struct nlattr *)(start + offset),
		      len - (int)offset, NULL))
		return;

	if (tb[NLMSGERR_ATTR_MSG]) {
		x->text = nla_data(tb[NLMSGERR_ATTR_MSG]);
		x->text_len = strnlen(x->text, nla_len(tb[NLMSGERR_ATTR_MSG]));
	}
	if (tb[NLMSGERR_ATTR_OFFS]) {
		x->attribute = sf_attr_at(request,
					  sf_get_u32(tb[NLMSGERR_ATTR_OFFS]));
	}
	if (!x->attribute && tb[NLMSGERR_ATTR_MISS_TYPE]) {
		uint32_t type = sf_get_u32(tb[NLMSGERR_ATTR_MISS_TYPE]);

		x->attribute = sf_attr_missing(request, type);
		x->missing = true;
	}
}

/* Keep what the kernel said about @err. */
static int sf_extack_keep(struct segfab *h, int err,
			  const struct nlmsghdr *answer, size_t offset,
			  const struct nlmsghdr *request)
{
	struct sf_extack x;

	sf_extack_parse(answer, offset, request, &x);
	if (!err) {
		if (x.text_len)
			sf_warn(h, "%.*s", x.text_len, x.text);
		return 0;
	}

	if (x.text_len)
		sf_error(h, err, "%.*s", x.text_len, x.text);
	else if (x.attribute)
		sf_error(h, err, "%s: %s \"%s\"", strerror(-err),
			 x.missing ? "missing" : "attribute", x.attribute);
	else
		sf_error(h, err, "%s", strerror(-err));
	h->attribute = x.attribute;
	return err;
}

/*
 * Evaluate an NLMSG_ERROR. The request follows the header of the
 * acknowledgment unless that is capped, and the attributes follow the request.
 */
int sf_ack(struct segfab *h, const struct nlmsghdr *answer,
	   const struct nlmsghdr *request)
{
	const struct nlmsgerr *e = nlmsg_data(answer);
	size_t offset = sizeof(*e);

	if (nlmsg_datalen(answer) < (int)sizeof(*e) || e->error > 0)
		return sf_error(h, -EBADMSG, "malformed acknowledgment");

	if (!(answer->nlmsg_flags & NLM_F_CAPPED)) {
		if (e->msg.nlmsg_len < NLMSG_HDRLEN)
			return sf_error(h, -EBADMSG,
					"malformed acknowledgment");
		offset += e->msg.nlmsg_len - NLMSG_HDRLEN;
	}
	return sf_extack_keep(h, e->error, answer, offset, request);
}

/* Evaluate an NLMSG_DONE: the end of a dump, with an errno of its own. */
int sf_done(struct segfab *h, const struct nlmsghdr *answer,
	    const struct nlmsghdr *request)
{
	int err = 0;

	if (nlmsg_datalen(answer) >= (int)sizeof(err))
		memcpy(&err, nlmsg_data(answer), sizeof(err));
	if (err > 0)
		err = 0;
	return sf_extack_keep(h, err, answer, sizeof(err), request);
}
