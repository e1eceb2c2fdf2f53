// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Making and changing devices that stand beside segments: VRFs, masters,
 * aliases, addresses. All of it is rtnetlink, none of it the family's.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "internal.h"

#define SF_ALIAS_MAX	255

/**
 * segfab_vrf_add - make a VRF, up
 * @h: a handle
 * @name: name of its device
 * @table: its routing table
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_vrf_add(struct segfab *h, const char *name, uint32_t table)
{
	struct ifinfomsg ifi = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct nlattr *info, *data;
	struct nl_msg *msg;
	int err;

	err = sf_link_request(h, name, &ifi, &msg);
	if (err)
		return err;

	info = sf_linkinfo_begin(msg, "vrf", &data);
	if (!info)
		goto nla_put_failure;
	NLA_PUT_U32(msg, IFLA_VRF_TABLE, table);
	sf_linkinfo_end(msg, info, data);
	return sf_talk(h, SF_RTNL, msg, NULL, NULL);

nla_put_failure:
	return sf_too_long(h, msg);
}

/**
 * segfab_link_del - remove a device
 * @h: a handle
 * @name: the device
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_link_del(struct segfab *h, const char *name)
{
	struct ifinfomsg ifi = {};
	struct nl_msg *msg;
	int err;

	err = sf_rtnl_request(h, RTM_DELLINK, 0, &ifi, sizeof(ifi), &msg);
	if (err)
		return err;
	if (nla_put_string(msg, IFLA_IFNAME, name))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_RTNL, msg, NULL, NULL);
}

/**
 * segfab_link_set_alias - set the alias of a device
 * @h: a handle
 * @name: the device
 * @alias: the text; what does not fit is cut off
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_link_set_alias(struct segfab *h, const char *name,
				 const char *alias)
{
	struct ifinfomsg ifi = {};
	struct nl_msg *msg;
	int err;

	err = sf_rtnl_request(h, RTM_SETLINK, 0, &ifi, sizeof(ifi), &msg);
	if (err)
		return err;
	if (nla_put_string(msg, IFLA_IFNAME, name) ||
	    nla_put(msg, IFLA_IFALIAS, strnlen(alias, SF_ALIAS_MAX), alias))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_RTNL, msg, NULL, NULL);
}

/**
 * segfab_link_set_master - put a device under another
 * @h: a handle
 * @name: the device
 * @master: the other, such as a VRF; NULL for none
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_link_set_master(struct segfab *h, const char *name,
				  const char *master)
{
	struct segfab_link link, upper = {};
	int err;

	err = segfab_link_get(h, name, &link);
	if (!err && master)
		err = segfab_link_get(h, master, &upper);
	return err ? err : sf_link_master(h, link.ifindex, upper.ifindex);
}

/* "10.0.0.1/24" into its parts. Return: false if it is none. */
static bool sf_cidr_parse(const char *cidr, struct ifaddrmsg *ifa,
			  uint8_t bytes[16])
{
	const char *slash = strchr(cidr, '/');
	char text[INET6_ADDRSTRLEN];
	size_t len = slash ? (size_t)(slash - cidr) : strlen(cidr);

	if (len >= sizeof(text))
		return false;
	memcpy(text, cidr, len);
	text[len] = '\0';
	ifa->ifa_family = strchr(text, ':') ? AF_INET6 : AF_INET;
	ifa->ifa_prefixlen = slash ? atoi(slash + 1) :
			     ifa->ifa_family == AF_INET ? 32 : 128;
	return inet_pton(ifa->ifa_family, text, bytes) == 1;
}

static int sf_address_change(struct segfab *h, int type, int flags,
			     const char *name, const char *cidr)
{
	struct ifaddrmsg ifa = {};
	struct segfab_link link;
	struct nl_msg *msg;
	uint8_t bytes[16];
	int len, err;

	if (!sf_cidr_parse(cidr, &ifa, bytes))
		return sf_error(h, -EINVAL, "\"%s\" is no address", cidr);
	err = segfab_link_get(h, name, &link);
	if (err)
		return err;

	ifa.ifa_index = link.ifindex;
	len = ifa.ifa_family == AF_INET ? 4 : 16;
	err = sf_rtnl_request(h, type, flags, &ifa, sizeof(ifa), &msg);
	if (err)
		return err;
	if (nla_put(msg, IFA_LOCAL, len, bytes) ||
	    nla_put(msg, IFA_ADDRESS, len, bytes))
		return sf_too_long(h, msg);
	return sf_talk(h, SF_RTNL, msg, NULL, NULL);
}

/**
 * segfab_address_add - give a device an address
 * @h: a handle
 * @name: the device
 * @cidr: the address, with the length of its prefix
 *
 * Return: 0 or a negative errno; 0 if it has the address already
 */
SF_API int segfab_address_add(struct segfab *h, const char *name,
			      const char *cidr)
{
	return sf_address_change(h, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE,
				 name, cidr);
}

/**
 * segfab_address_del - take an address from a device
 * @h: a handle
 * @name: the device
 * @cidr: the address, with the length of its prefix
 *
 * Return: 0 or a negative errno
 */
SF_API int segfab_address_del(struct segfab *h, const char *name,
			      const char *cidr)
{
	return sf_address_change(h, RTM_DELADDR, 0, name, cidr);
}
