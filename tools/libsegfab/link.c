// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Network devices as rtnetlink shows them: segments and ports are such, and so
 * is what may stand beside them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "internal.h"

static void sf_linkinfo_parse(struct nlattr *info, struct segfab_link *l)
{
	struct nlattr *tb[IFLA_INFO_MAX + 1];
	struct nlattr *data[IFLA_VLAN_MAX + 1];

	if (nla_parse_nested(tb, IFLA_INFO_MAX, info, NULL))
		return;

	sf_get_string(tb[IFLA_INFO_KIND], l->kind, sizeof(l->kind));
	sf_get_string(tb[IFLA_INFO_SLAVE_KIND], l->master_kind,
		      sizeof(l->master_kind));
	if (strcmp(l->kind, "vlan") || !tb[IFLA_INFO_DATA] ||
	    nla_parse_nested(data, IFLA_VLAN_MAX, tb[IFLA_INFO_DATA], NULL))
		return;
	l->vlan = sf_get_u16(data[IFLA_VLAN_ID]);
}

int sf_link_parse(const struct nlmsghdr *nlh, struct segfab_link *l)
{
	const struct ifinfomsg *ifi = nlmsg_data(nlh);
	struct nlattr *tb[IFLA_MAX + 1];

	memset(l, 0, sizeof(*l));
	if (nlmsg_parse((struct nlmsghdr *)nlh, sizeof(*ifi), tb, IFLA_MAX,
			NULL))
		return -EBADMSG;

	l->ifindex = ifi->ifi_index;
	l->up = ifi->ifi_flags & IFF_UP;
	l->mtu = sf_get_u32(tb[IFLA_MTU]);
	l->master = sf_get_u32(tb[IFLA_MASTER]);
	l->carrier = sf_get_u8(tb[IFLA_CARRIER]);
	sf_get_string(tb[IFLA_IFNAME], l->name, sizeof(l->name));

	/* The number of a device elsewhere means nothing here. */
	if (!tb[IFLA_LINK_NETNSID])
		l->lower = sf_get_u32(tb[IFLA_LINK]);

	if (ifi->ifi_type == ARPHRD_ETHER && tb[IFLA_ADDRESS] &&
	    nla_len(tb[IFLA_ADDRESS]) == SEGFAB_MAC_LEN) {
		memcpy(l->mac, nla_data(tb[IFLA_ADDRESS]), SEGFAB_MAC_LEN);
		l->has_mac = true;
	}
	if (tb[IFLA_LINKINFO])
		sf_linkinfo_parse(tb[IFLA_LINKINFO], l);
	return 0;
}

static int sf_link_keep(const struct nlmsghdr *nlh, void *arg)
{
	return sf_link_parse(nlh, arg);
}

/**
 * segfab_link_get - look at a network device
 * @h: a handle
 * @name: its name
 * @link: where to
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_link_get(struct segfab *h, const char *name,
			   struct segfab_link *link)
{
	struct ifinfomsg ifi = {};
	struct nl_msg *msg;
	int err;

	err = sf_rtnl_request(h, RTM_GETLINK, 0, &ifi, sizeof(ifi), &msg);
	if (err)
		return err;
	if (nla_put_string(msg, strlen(name) < IFNAMSIZ ? IFLA_IFNAME :
			   IFLA_ALT_IFNAME, name))
		return sf_too_long(h, msg);

	err = sf_talk(h, SF_RTNL, msg, sf_link_keep, link);
	if (err == -ENODEV)
		sf_error(h, err, "there is no interface \"%s\"", name);
	return err;
}

struct sf_link_walk {
	segfab_link_fn	fn;
	void		*arg;
};

static int sf_link_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_link_walk *walk = arg;
	struct segfab_link link;

	if (nlh->nlmsg_type != RTM_NEWLINK || sf_link_parse(nlh, &link))
		return 0;
	return walk->fn(&link, walk->arg);
}

/**
 * segfab_link_dump - look at all network devices
 * @h: a handle
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_link_dump(struct segfab *h, segfab_link_fn fn, void *arg)
{
	struct sf_link_walk walk = { fn, arg };
	struct ifinfomsg ifi = {};
	struct nl_msg *msg;
	int err;

	err = sf_rtnl_request(h, RTM_GETLINK, NLM_F_DUMP, &ifi, sizeof(ifi),
			      &msg);
	if (err)
		return err;

	nla_put_u32(msg, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return sf_talk(h, SF_RTNL, msg, sf_link_show, &walk);
}

struct sf_address_walk {
	segfab_address_fn	fn;
	void			*arg;
};

static int sf_address_show(const struct nlmsghdr *nlh, void *arg)
{
	const struct sf_address_walk *walk = arg;
	const struct ifaddrmsg *ifa = nlmsg_data(nlh);
	struct nlattr *tb[IFA_MAX + 1];
	struct segfab_address a = {};
	const struct nlattr *bytes;
	int len;

	if (nlh->nlmsg_type != RTM_NEWADDR ||
	    nlmsg_parse((struct nlmsghdr *)nlh, sizeof(*ifa), tb, IFA_MAX,
			NULL))
		return 0;

	a.ifindex = ifa->ifa_index;
	a.family = ifa->ifa_family;
	a.prefix = ifa->ifa_prefixlen;
	len = a.family == AF_INET ? 4 : 16;
	bytes = tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS];
	if ((a.family != AF_INET && a.family != AF_INET6) || !bytes ||
	    nla_len(bytes) != len ||
	    !inet_ntop(a.family, nla_data(bytes), a.text, sizeof(a.text)))
		return 0;
	return walk->fn(&a, walk->arg);
}

/**
 * segfab_link_addresses - look at the IP addresses of a network device
 * @h: a handle
 * @ifindex: the device, or 0 for all
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_link_addresses(struct segfab *h, uint32_t ifindex,
				 segfab_address_fn fn, void *arg)
{
	struct ifaddrmsg ifa = { .ifa_index = ifindex };
	struct sf_address_walk walk = { fn, arg };
	struct nl_msg *msg;
	int err;

	err = sf_rtnl_request(h, RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa),
			      &msg);
	return err ? err : sf_talk(h, SF_RTNL, msg, sf_address_show, &walk);
}

/**
 * segfab_address_dump - look at the IP addresses of all network devices
 * @h: a handle
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative errno, or what @fn returned if not 0
 */
SF_API int segfab_address_dump(struct segfab *h, segfab_address_fn fn,
			       void *arg)
{
	return segfab_link_addresses(h, 0, fn, arg);
}

/* Start a request that makes a device; as sf_rtnl_request(). */
int sf_link_request(struct segfab *h, const char *name,
		    const struct ifinfomsg *ifi, struct nl_msg **msg)
{
	int err = sf_rtnl_request(h, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
				  ifi, sizeof(*ifi), msg);

	if (err)
		return err;
	if (nla_put_string(*msg, IFLA_IFNAME, name))
		return sf_too_long(h, *msg);
	return 0;
}

/*
 * Begin what only devices of a kind have, @data. Return: the nest around it, or
 * NULL if it did not fit.
 */
struct nlattr *sf_linkinfo_begin(struct nl_msg *msg, const char *kind,
				 struct nlattr **data)
{
	struct nlattr *info = nla_nest_start(msg, IFLA_LINKINFO);

	if (!info || nla_put_string(msg, IFLA_INFO_KIND, kind))
		return NULL;
	*data = nla_nest_start(msg, IFLA_INFO_DATA);
	return *data ? info : NULL;
}

void sf_linkinfo_end(struct nl_msg *msg, struct nlattr *info,
		     struct nlattr *data)
{
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
}

/* The last error, over requests that are not what it is about. */
struct sf_said {
	char		error[sizeof(((struct segfab *)NULL)->error)];
	const char	*attribute;
};

static void sf_said_keep(const struct segfab *h, struct sf_said *said)
{
	memcpy(said->error, h->error, sizeof(said->error));
	said->attribute = h->attribute;
}

static void sf_said_again(struct segfab *h, const struct sf_said *said)
{
	memcpy(h->error, said->error, sizeof(h->error));
	h->attribute = said->attribute;
}

/*
 * Make a device of one of our kinds. A kernel that does not know the kind may
 * say so in words of its own, which do not help; otherwise, what it says is
 * more than what follows from the errno.
 */
int sf_link_new(struct segfab *h, struct nl_msg *msg, const char *name)
{
	int err = sf_talk(h, SF_RTNL, msg, NULL, NULL);

	if (err == -EOPNOTSUPP) {
		struct sf_said said;

		sf_said_keep(h, &said);
		if (sf_family_resolve(h) != -ENOENT)
			sf_said_again(h, &said);
	} else if (err == -EEXIST && !strcmp(h->error, strerror(EEXIST))) {
		sf_error(h, err, "the interface \"%s\" exists already", name);
	}
	return err;
}

/* Make @master the master of a device, or take it from its master with 0. */
int sf_link_master(struct segfab *h, uint32_t ifindex, uint32_t master)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg;
	int err;

	err = sf_rtnl_request(h, RTM_SETLINK, 0, &ifi, sizeof(ifi), &msg);
	if (err)
		return err;

	nla_put_u32(msg, IFLA_MASTER, master);
	return sf_talk(h, SF_RTNL, msg, NULL, NULL);
}

/*
 * Make @master the master of a device, which is then @role of it. rtnetlink
 * would let it leave another one for that. Return: 0 or a negative errno; @link
 * is the device as it was before.
 */
int sf_link_join(struct segfab *h, const char *name, const char *role,
		 const char *master, uint32_t master_ifindex,
		 struct segfab_link *link)
{
	int err = segfab_link_get(h, name, link);

	if (err)
		return err;
	if (link->master == master_ifindex)
		return sf_error(h, -EEXIST, "%s is %s of %s already", name,
				role, master);
	if (link->master)
		return sf_error(h, -EBUSY, "%s has another master already",
				name);
	return sf_link_master(h, link->ifindex, master_ifindex);
}

/*
 * Undo sf_link_join(), since what was to follow it has failed: that stays the
 * last error.
 */
void sf_link_join_undo(struct segfab *h, const struct segfab_link *link)
{
	struct sf_said said;

	sf_said_keep(h, &said);
	sf_link_master(h, link->ifindex, 0);
	sf_said_again(h, &said);
}
