// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices of the host, kept as rtnetlink tells of them. What the daemon
 * does itself is read back at once. The announcement of it comes later, and
 * may tell of a state in between: so what an announcement is about is looked
 * at as it is now.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "links.h"

#define SG_LINKS_RCVBUF	(8 * 1024 * 1024)

/**
 * struct sg_name - a name that leads to a device
 * @text: the name
 * @link: the device
 */
struct sg_name {
	const char	*text;
	struct sg_link	*link;
};

/**
 * struct sg_links - the devices
 * @ask: for requests
 * @hear: hears what happens
 * @numbers: tree of struct sg_link by number
 * @names: tree of struct sg_name by name of the device
 * @others: tree of struct sg_name by alias and alternative name
 * @news: what the messages read so far meant, SG_EVENT_*
 */
struct sg_links {
	struct nl_sock	*ask;
	struct nl_sock	*hear;
	void		*numbers;
	void		*names;
	void		*others;
	unsigned int	news;
};

/* --- The model --- */

static int sg_number_compare(const void *a, const void *b)
{
	const struct sg_link *x = a, *y = b;

	return (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex);
}

static int sg_name_compare(const void *a, const void *b)
{
	const struct sg_name *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static void sg_name_add(void **tree, const char *text, struct sg_link *link)
{
	struct sg_name *name = sg_alloc(sizeof(*name)), **found;

	name->text = text;
	name->link = link;
	found = tsearch(name, tree, sg_name_compare);
	/* Aliases need not be unique: the first device has it. */
	if (*found != name)
		free(name);
}

static void sg_name_drop(void **tree, const char *text,
			 const struct sg_link *link)
{
	struct sg_name key = { .text = text }, **found, *name;

	found = tfind(&key, tree, sg_name_compare);
	name = found ? *found : NULL;
	if (!name || name->link != link)
		return;
	tdelete(name, tree, sg_name_compare);
	free(name);
}

static struct sg_link *sg_name_find(void *tree, const char *text)
{
	struct sg_name key = { .text = text }, **found;

	found = tfind(&key, &tree, sg_name_compare);
	return found ? (*found)->link : NULL;
}

struct sg_link *sg_link_named(struct sg_links *l, const char *name)
{
	return sg_name_find(l->names, name);
}

/* The device with this alias, alternative name, or name. */
struct sg_link *sg_link_attached(struct sg_links *l, const char *attachment)
{
	struct sg_link *link = sg_name_find(l->others, attachment);

	return link ? link : sg_name_find(l->names, attachment);
}

struct sg_link *sg_link_numbered(struct sg_links *l, uint32_t ifindex)
{
	struct sg_link key = { .ifindex = ifindex }, **found;

	found = tfind(&key, &l->numbers, sg_number_compare);
	return found ? *found : NULL;
}

static void sg_link_free(void *arg)
{
	struct sg_link *link = arg;

	for (int i = 0; link->other[i]; i++)
		free(link->other[i]);
	free(link);
}

static void sg_link_forget(struct sg_links *l, struct sg_link *link)
{
	sg_name_drop(&l->names, link->name, link);
	for (int i = 0; link->other[i]; i++)
		sg_name_drop(&l->others, link->other[i], link);
	tdelete(link, &l->numbers, sg_number_compare);
	sg_link_free(link);
}

static void sg_link_keep(struct sg_links *l, struct sg_link *link)
{
	sg_name_add(&l->names, link->name, link);
	for (int i = 0; link->other[i]; i++)
		sg_name_add(&l->others, link->other[i], link);
	tsearch(link, &l->numbers, sg_number_compare);
}

static bool sg_link_same(const struct sg_link *a, const struct sg_link *b)
{
	int i;

	for (i = 0; a->other[i] && b->other[i]; i++)
		if (strcmp(a->other[i], b->other[i]))
			return false;
	return !a->other[i] && !b->other[i] && a->master == b->master &&
	       a->up == b->up && a->table == b->table &&
	       a->zone == b->zone && a->zone_id == b->zone_id &&
	       !strcmp(a->name, b->name);
}

/* --- Messages --- */

static void sg_link_vrf(struct sg_link *link, struct nlattr *info)
{
	struct nlattr *data[IFLA_VRF_MAX + 1];

	if (nla_parse_nested(data, IFLA_VRF_MAX, info, NULL))
		return;
	if (data[IFLA_VRF_TABLE])
		link->table = nla_get_u32(data[IFLA_VRF_TABLE]);
}

static void sg_link_segment(struct sg_link *link, struct nlattr *info)
{
	struct nlattr *data[SEGFAB_A_SEGMENT_MAX + 1];

	if (nla_parse_nested(data, SEGFAB_A_SEGMENT_MAX, info, NULL))
		return;
	if (data[SEGFAB_A_SEGMENT_ZONE_IFINDEX])
		link->zone = nla_get_u32(data[SEGFAB_A_SEGMENT_ZONE_IFINDEX]);
	if (data[SEGFAB_A_SEGMENT_ZONE_VLAN])
		link->zone_id = nla_get_u16(data[SEGFAB_A_SEGMENT_ZONE_VLAN]);
	if (data[SEGFAB_A_SEGMENT_ZONE_VNI])
		link->zone_id = nla_get_u32(data[SEGFAB_A_SEGMENT_ZONE_VNI]);
}

static void sg_link_kind(struct sg_link *link, struct nlattr *info)
{
	struct nlattr *tb[IFLA_INFO_MAX + 1];

	if (!info || nla_parse_nested(tb, IFLA_INFO_MAX, info, NULL))
		return;
	if (tb[IFLA_INFO_KIND])
		sg_format(link->kind, sizeof(link->kind), "%s",
			  nla_get_string(tb[IFLA_INFO_KIND]));
	if (!tb[IFLA_INFO_DATA])
		return;
	if (!strcmp(link->kind, "vrf"))
		sg_link_vrf(link, tb[IFLA_INFO_DATA]);
	else if (!strcmp(link->kind, SEGFAB_LINK_KIND))
		sg_link_segment(link, tb[IFLA_INFO_DATA]);
}

static void sg_link_names(struct sg_link *link, struct nlattr *alias,
			  struct nlattr *list)
{
	struct nlattr *a;
	int left, n = 0;

	if (alias) {
		link->other[n] = sg_strdup(nla_get_string(alias));
		link->own = !strncmp(link->other[n], SG_OWN_ALIAS,
				     strlen(SG_OWN_ALIAS));
		n++;
	}
	if (!list)
		return;
	nla_for_each_nested(a, list, left)
		if (n < SG_LINK_NAMES && nla_type(a) == IFLA_ALT_IFNAME)
			link->other[n++] = sg_strdup(nla_get_string(a));
}

static struct sg_link *sg_link_parse(struct nlmsghdr *nlh)
{
	const struct ifinfomsg *ifi = nlmsg_data(nlh);
	struct nlattr *tb[IFLA_MAX + 1];
	struct sg_link *link;

	if (nlmsg_parse(nlh, sizeof(*ifi), tb, IFLA_MAX, NULL) ||
	    ifi->ifi_family != AF_UNSPEC || !tb[IFLA_IFNAME])
		return NULL;
	link = sg_alloc(sizeof(*link));
	link->ifindex = ifi->ifi_index;
	link->up = ifi->ifi_flags & IFF_UP;
	if (tb[IFLA_MASTER])
		link->master = nla_get_u32(tb[IFLA_MASTER]);
	sg_format(link->name, sizeof(link->name), "%s",
		  nla_get_string(tb[IFLA_IFNAME]));
	sg_link_kind(link, tb[IFLA_LINKINFO]);
	sg_link_names(link, tb[IFLA_IFALIAS], tb[IFLA_PROP_LIST]);
	return link;
}

static unsigned int sg_link_event(const struct sg_link *link)
{
	return link->own ? SG_EVENT_DRIFT : SG_EVENT_DEVICES;
}

static void sg_link_new(struct sg_links *l, struct nlmsghdr *nlh)
{
	struct sg_link *link = sg_link_parse(nlh), *known;

	if (!link)
		return;
	known = sg_link_numbered(l, link->ifindex);
	if (known && sg_link_same(known, link)) {
		sg_link_free(link);
		return;
	}
	l->news |= sg_link_event(link);
	if (known) {
		link->addressed = known->addressed;
		l->news |= sg_link_event(known);
		sg_link_forget(l, known);
	}
	sg_link_keep(l, link);
}

static void sg_link_gone(struct sg_links *l, struct nlmsghdr *nlh)
{
	const struct ifinfomsg *ifi = nlmsg_data(nlh);
	struct sg_link *known;

	/* Bridges announce the end of a port in the same way. */
	if (ifi->ifi_family != AF_UNSPEC)
		return;
	known = sg_link_numbered(l, ifi->ifi_index);
	if (!known)
		return;
	l->news |= sg_link_event(known);
	sg_link_forget(l, known);
}

/* A gateway address that somebody else has taken away. */
static void sg_address_gone(struct sg_links *l, struct nlmsghdr *nlh)
{
	const struct ifaddrmsg *ifa = nlmsg_data(nlh);
	const struct sg_link *link = sg_link_numbered(l, ifa->ifa_index);

	if (link && link->own)
		l->news |= SG_EVENT_DRIFT;
}

/**
 * sg_links_addressed - a device has got an IP address
 * @l: the devices
 * @ifindex: of the device
 */
void sg_links_addressed(struct sg_links *l, uint32_t ifindex)
{
	struct sg_link *link = sg_link_numbered(l, ifindex);

	if (link)
		link->addressed = true;
}

static void sg_address_new(struct sg_links *l, struct nlmsghdr *nlh)
{
	const struct ifaddrmsg *ifa = nlmsg_data(nlh);

	if (ifa->ifa_family != AF_INET6 || ifa->ifa_scope != RT_SCOPE_LINK)
		sg_links_addressed(l, ifa->ifa_index);
}

/* The answer to a request. */
static int sg_links_answer(struct nl_msg *msg, void *links)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	if (nlh->nlmsg_type == RTM_NEWLINK)
		sg_link_new(links, nlh);
	else if (nlh->nlmsg_type == RTM_NEWADDR)
		sg_address_new(links, nlh);
	return NL_OK;
}

/* Read one device, by number or by name. Return: false if it is not there */
static bool sg_links_ask(struct sg_links *l, uint32_t ifindex,
			 const char *name)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETLINK, 0);
	int err;

	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	if (name)
		nla_put_string(msg, IFLA_IFNAME, name);
	nla_put_u32(msg, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	err = nl_send_auto(l->ask, msg);
	nlmsg_free(msg);
	if (err >= 0)
		err = nl_recvmsgs_default(l->ask);
	if (err >= 0)
		nl_wait_for_ack(l->ask);
	return err >= 0;
}

static void sg_link_announced(struct sg_links *l, struct nlmsghdr *nlh)
{
	struct sg_link *link = sg_link_parse(nlh), *known;

	if (!link)
		return;
	known = sg_link_numbered(l, link->ifindex);
	if (!known || !sg_link_same(known, link))
		sg_links_ask(l, link->ifindex, NULL);
	sg_link_free(link);
}

static int sg_links_news(struct nl_msg *msg, void *links)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	if (nlh->nlmsg_type == RTM_NEWLINK)
		sg_link_announced(links, nlh);
	else if (nlh->nlmsg_type == RTM_DELLINK)
		sg_link_gone(links, nlh);
	else if (nlh->nlmsg_type == RTM_DELADDR)
		sg_address_gone(links, nlh);
	else if (nlh->nlmsg_type == RTM_NEWADDR)
		sg_address_new(links, nlh);
	return NL_OK;
}

/* --- Sockets --- */

static struct nl_sock *sg_links_socket(struct sg_links *l,
				       nl_recvmsg_msg_cb_t fn,
				       struct sg_fault *fault)
{
	struct nl_sock *sk = nl_socket_alloc();
	int err = sk ? nl_connect(sk, NETLINK_ROUTE) : -NLE_NOMEM;

	if (err) {
		sg_fault(fault, "netlink: %s", nl_geterror(err));
		nl_socket_free(sk);
		return NULL;
	}
	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, fn, l);
	return sk;
}

/**
 * sg_links_open - begin to hear of devices
 * @fault: takes the reason of a failure
 *
 * Return: the devices, none yet, or NULL
 */
struct sg_links *sg_links_open(struct sg_fault *fault)
{
	struct sg_links *l = sg_alloc(sizeof(*l));
	int size = SG_LINKS_RCVBUF, fd;

	l->ask = sg_links_socket(l, sg_links_answer, fault);
	if (l->ask)
		l->hear = sg_links_socket(l, sg_links_news, fault);
	if (!l->hear) {
		sg_links_close(l);
		return NULL;
	}
	fd = nl_socket_get_fd(l->hear);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	nl_socket_disable_seq_check(l->hear);
	nl_socket_set_nonblocking(l->hear);
	nl_socket_add_memberships(l->hear, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR,
				  RTNLGRP_IPV6_IFADDR, 0);
	return l;
}

static void sg_links_forget(struct sg_links *l)
{
	tdestroy(l->names, free);
	tdestroy(l->others, free);
	tdestroy(l->numbers, sg_link_free);
	l->names = NULL;
	l->others = NULL;
	l->numbers = NULL;
}

void sg_links_close(struct sg_links *l)
{
	sg_links_forget(l);
	nl_socket_free(l->ask);
	nl_socket_free(l->hear);
	free(l);
}

int sg_links_fd(const struct sg_links *l)
{
	return nl_socket_get_fd(l->hear);
}

/* Send a request for many, which is freed, and take the answers. */
static int sg_links_dump(struct sg_links *l, struct nl_msg *msg)
{
	int err = nl_send_auto(l->ask, msg);

	nlmsg_free(msg);
	return err < 0 ? err : nl_recvmsgs_default(l->ask);
}

static int sg_links_dump_links(struct sg_links *l)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETLINK, NLM_F_DUMP);
	struct ifinfomsg ifi = {};

	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	nla_put_u32(msg, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return sg_links_dump(l, msg);
}

static int sg_links_dump_addresses(struct sg_links *l)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETADDR, NLM_F_DUMP);
	struct ifaddrmsg ifa = {};

	nlmsg_append(msg, &ifa, sizeof(ifa), NLMSG_ALIGNTO);
	return sg_links_dump(l, msg);
}

/**
 * sg_links_load - read all devices anew
 * @l: the devices
 * @fault: takes the reason of a failure
 *
 * Return: 0 or a negative errno
 */
int sg_links_load(struct sg_links *l, struct sg_fault *fault)
{
	int err;

	sg_links_forget(l);
	err = sg_links_dump_links(l);
	if (err >= 0)
		err = sg_links_dump_addresses(l);
	l->news = 0;
	return err < 0 ? sg_fault(fault, "devices: %s", nl_geterror(err)) : 0;
}

/**
 * sg_links_update - read one device that was just changed
 * @l: the devices
 * @name: of the device
 *
 */
void sg_links_update(struct sg_links *l, const char *name)
{
	unsigned int news = l->news;
	struct sg_link *known;

	if (!sg_links_ask(l, 0, name)) {
		known = sg_link_named(l, name);
		if (known)
			sg_link_forget(l, known);
	}
	l->news = news;
}

/**
 * sg_links_events - what has happened to devices
 * @l: the devices
 *
 * Return: SG_EVENT_*
 */
unsigned int sg_links_events(struct sg_links *l)
{
	unsigned int news;
	int err;

	do
		err = nl_recvmsgs_default(l->hear);
	while (!err);
	/* Something was lost: look at everything. */
	if (err != -NLE_AGAIN)
		l->news |= SG_EVENT_DRIFT | SG_EVENT_DEVICES;
	news = l->news;
	l->news = 0;
	return news;
}

struct sg_links_walker {
	struct sg_link	**link;
	size_t		count;
};

static void sg_links_collect(const void *node, VISIT which, void *arg)
{
	struct sg_links_walker *w = arg;

	if (which != postorder && which != leaf)
		return;
	w->link = sg_realloc(w->link, (w->count + 1) * sizeof(*w->link));
	w->link[w->count++] = *(struct sg_link **)node;
}

/**
 * sg_links_walk - walk over all devices
 * @l: the devices
 * @fn: called for each; it may make the device go
 * @arg: for @fn
 *
 * Return: 0, or what @fn returned if not 0
 */
int sg_links_walk(struct sg_links *l, sg_link_fn fn, void *arg)
{
	struct sg_links_walker w = {};
	int ret = 0;

	twalk_r(l->numbers, sg_links_collect, &w);
	for (size_t i = 0; i < w.count && !ret; i++)
		ret = fn(w.link[i], arg);
	free(w.link);
	return ret;
}
