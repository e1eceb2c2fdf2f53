// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Attributes: reading them, and their names for error messages.
 */
#include <string.h>

#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "internal.h"

#define SF_GENL_HDRLEN	((int)(NLMSG_HDRLEN + GENL_HDRLEN))

const char *const sf_stats_names[SEGFAB_A_STATS_MAX + 1] = {
	[SEGFAB_A_STATS_INGRESS_PACKETS] = "ingress-packets",
	[SEGFAB_A_STATS_INGRESS_BYTES] = "ingress-bytes",
	[SEGFAB_A_STATS_INGRESS_MULTICAST_PACKETS] =
		"ingress-multicast-packets",
	[SEGFAB_A_STATS_INGRESS_MULTICAST_BYTES] = "ingress-multicast-bytes",
	[SEGFAB_A_STATS_INGRESS_BROADCAST_PACKETS] =
		"ingress-broadcast-packets",
	[SEGFAB_A_STATS_INGRESS_BROADCAST_BYTES] = "ingress-broadcast-bytes",
	[SEGFAB_A_STATS_EGRESS_PACKETS] = "egress-packets",
	[SEGFAB_A_STATS_EGRESS_BYTES] = "egress-bytes",
	[SEGFAB_A_STATS_EGRESS_MULTICAST_PACKETS] = "egress-multicast-packets",
	[SEGFAB_A_STATS_EGRESS_MULTICAST_BYTES] = "egress-multicast-bytes",
	[SEGFAB_A_STATS_EGRESS_BROADCAST_PACKETS] = "egress-broadcast-packets",
	[SEGFAB_A_STATS_EGRESS_BROADCAST_BYTES] = "egress-broadcast-bytes",
};

const char *const sf_drops_names[SEGFAB_A_DROPS_MAX + 1] = {
	[0] = "other",
	[SEGFAB_A_DROPS_TRUNCATED] = "truncated",
	[SEGFAB_A_DROPS_INVALID_SOURCE] = "invalid-source",
	[SEGFAB_A_DROPS_RESERVED_ADDRESS] = "reserved-address",
	[SEGFAB_A_DROPS_UNBOUND_VLAN] = "unbound-vlan",
	[SEGFAB_A_DROPS_SERVICE_VLAN] = "service-vlan",
	[SEGFAB_A_DROPS_DOUBLE_TAGGED] = "double-tagged",
	[SEGFAB_A_DROPS_SEGMENT_DOWN] = "segment-down",
	[SEGFAB_A_DROPS_FDB_LIMIT] = "fdb-limit",
	[SEGFAB_A_DROPS_SAME_ENDPOINT] = "same-endpoint",
	[SEGFAB_A_DROPS_ISOLATED] = "isolated",
	[SEGFAB_A_DROPS_UNKNOWN_UNICAST] = "unknown-unicast",
	[SEGFAB_A_DROPS_NO_RECEIVER] = "no-receiver",
	[SEGFAB_A_DROPS_PORT_DOWN] = "port-down",
	[SEGFAB_A_DROPS_TOO_BIG] = "too-big",
	[SEGFAB_A_DROPS_NO_MEMORY] = "no-memory",
	[SEGFAB_A_DROPS_TRANSMIT] = "transmit",
	[SEGFAB_A_DROPS_NO_SEGMENT] = "no-segment",
	[SEGFAB_A_DROPS_SPLIT_HORIZON] = "split-horizon",
	[SEGFAB_A_DROPS_INACTIVE_UPLINK] = "inactive-uplink",
	[SEGFAB_A_DROPS_NO_UPLINK] = "no-uplink",
};

static const char *const sf_segment_names[SEGFAB_A_SEGMENT_MAX + 1] = {
	[SEGFAB_A_SEGMENT_IFINDEX] = "ifindex",
	[SEGFAB_A_SEGMENT_NAME] = "name",
	[SEGFAB_A_SEGMENT_AGEING_TIME] = "ageing-time",
	[SEGFAB_A_SEGMENT_FLOOD] = "flood",
	[SEGFAB_A_SEGMENT_GUEST_VLANS] = "guest-vlans",
	[SEGFAB_A_SEGMENT_ZONE_IFINDEX] = "zone-ifindex",
	[SEGFAB_A_SEGMENT_ZONE] = "zone",
	[SEGFAB_A_SEGMENT_ZONE_VLAN] = "vlan",
	[SEGFAB_A_SEGMENT_ZONE_VNI] = "vni",
	[SEGFAB_A_SEGMENT_TEAMING] = "teaming",
	[SEGFAB_A_SEGMENT_TEAMING_POLICY] = "teaming-policy",
	[SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT] = "fdb-limit",
	[SEGFAB_A_SEGMENT_ZONE_FDB_LIMIT_POLICY] = "fdb-limit-policy",
};

static const char *const sf_port_names[SEGFAB_A_PORT_MAX + 1] = {
	[SEGFAB_A_PORT_IFINDEX] = "ifindex",
	[SEGFAB_A_PORT_NAME] = "name",
	[SEGFAB_A_PORT_SEGMENT_IFINDEX] = "segment-ifindex",
	[SEGFAB_A_PORT_SEGMENT] = "segment",
	[SEGFAB_A_PORT_LEARNING] = "learning",
	[SEGFAB_A_PORT_FLOOD] = "flood",
	[SEGFAB_A_PORT_MCAST_FLOOD] = "mcast-flood",
	[SEGFAB_A_PORT_BCAST_FLOOD] = "bcast-flood",
	[SEGFAB_A_PORT_ISOLATED] = "isolated",
	[SEGFAB_A_PORT_FDB_LIMIT] = "fdb-limit",
	[SEGFAB_A_PORT_FDB_LIMIT_POLICY] = "fdb-limit-policy",
};

static const char *const sf_binding_names[SEGFAB_A_BINDING_MAX + 1] = {
	[SEGFAB_A_BINDING_CHILD_IFINDEX] = "child-ifindex",
	[SEGFAB_A_BINDING_CHILD] = "child",
	[SEGFAB_A_BINDING_ID] = "id",
	[SEGFAB_A_BINDING_PARENT_IFINDEX] = "parent-ifindex",
	[SEGFAB_A_BINDING_PARENT] = "parent",
	[SEGFAB_A_BINDING_VLAN] = "vlan",
	[SEGFAB_A_BINDING_VLAN_AUTO] = "vlan-auto",
	[SEGFAB_A_BINDING_VLAN_FIRST] = "vlan-first",
	[SEGFAB_A_BINDING_VLAN_LAST] = "vlan-last",
	[SEGFAB_A_BINDING_FDB_LIMIT] = "fdb-limit",
	[SEGFAB_A_BINDING_FDB_LIMIT_POLICY] = "fdb-limit-policy",
};

static const char *const sf_fdb_names[SEGFAB_A_FDB_MAX + 1] = {
	[SEGFAB_A_FDB_SEGMENT_IFINDEX] = "segment-ifindex",
	[SEGFAB_A_FDB_SEGMENT] = "segment",
	[SEGFAB_A_FDB_MAC] = "mac",
	[SEGFAB_A_FDB_GUEST_VLAN] = "guest-vlan",
	[SEGFAB_A_FDB_STATE] = "state",
	[SEGFAB_A_FDB_PORT_IFINDEX] = "port-ifindex",
	[SEGFAB_A_FDB_PORT] = "port",
	[SEGFAB_A_FDB_BINDING] = "binding",
	[SEGFAB_A_FDB_REMOTE] = "remote",
};

static const char *const sf_zone_names[SEGFAB_A_ZONE_MAX + 1] = {
	[SEGFAB_A_ZONE_IFINDEX] = "ifindex",
	[SEGFAB_A_ZONE_NAME] = "name",
	[SEGFAB_A_ZONE_MODE] = "mode",
	[SEGFAB_A_ZONE_TEAMING] = "teaming",
	[SEGFAB_A_ZONE_FAILBACK] = "failback",
};

static const char *const sf_uplink_names[SEGFAB_A_UPLINK_MAX + 1] = {
	[SEGFAB_A_UPLINK_IFINDEX] = "ifindex",
	[SEGFAB_A_UPLINK_NAME] = "name",
	[SEGFAB_A_UPLINK_ZONE_IFINDEX] = "zone-ifindex",
	[SEGFAB_A_UPLINK_ZONE] = "zone",
	[SEGFAB_A_UPLINK_PRIORITY] = "priority",
	[SEGFAB_A_UPLINK_TRACE] = "trace",
};

static const char *const sf_remote_names[SEGFAB_A_REMOTE_MAX + 1] = {
	[SEGFAB_A_REMOTE_SEGMENT_IFINDEX] = "segment-ifindex",
	[SEGFAB_A_REMOTE_SEGMENT] = "segment",
	[SEGFAB_A_REMOTE_ADDRESS] = "address",
};

static const char *const sf_policy_names[SEGFAB_A_POLICY_MAX + 1] = {
	[SEGFAB_A_POLICY_ZONE_IFINDEX] = "zone-ifindex",
	[SEGFAB_A_POLICY_ZONE] = "zone",
	[SEGFAB_A_POLICY_NAME] = "name",
	[SEGFAB_A_POLICY_TEAMING] = "teaming",
	[SEGFAB_A_POLICY_ACTIVE] = "active",
	[SEGFAB_A_POLICY_STANDBY] = "standby",
};

static const char *const sf_trace_names[SEGFAB_A_TRACE_MAX + 1] = {
	[SEGFAB_A_TRACE_ID] = "id",
	[SEGFAB_A_TRACE_SEGMENT_IFINDEX] = "segment-ifindex",
	[SEGFAB_A_TRACE_SEGMENT] = "segment",
	[SEGFAB_A_TRACE_PORT_IFINDEX] = "port-ifindex",
	[SEGFAB_A_TRACE_PORT] = "port",
	[SEGFAB_A_TRACE_VIA_IFINDEX] = "via-ifindex",
	[SEGFAB_A_TRACE_VIA] = "via",
	[SEGFAB_A_TRACE_FRAME] = "frame",
	[SEGFAB_A_TRACE_LIMIT] = "limit",
	[SEGFAB_A_TRACE_COUNT] = "count",
	[SEGFAB_A_TRACE_SOURCE] = "source",
	[SEGFAB_A_TRACE_DEST] = "dest",
	[SEGFAB_A_TRACE_VLAN] = "vlan",
	[SEGFAB_A_TRACE_ETHERTYPE] = "ethertype",
	[SEGFAB_A_TRACE_PROTOCOL] = "protocol",
	[SEGFAB_A_TRACE_IP_SOURCE] = "ip-source",
	[SEGFAB_A_TRACE_IP_DEST] = "ip-dest",
	[SEGFAB_A_TRACE_SOURCE_PORT] = "source-port",
	[SEGFAB_A_TRACE_DEST_PORT] = "dest-port",
	[SEGFAB_A_TRACE_SEQUENCE] = "sequence",
	[SEGFAB_A_TRACE_GLOBAL_ID] = "global-id",
	[SEGFAB_A_TRACE_ARRIVED] = "arrived",
};

static const char *const sf_record_names[SEGFAB_A_RECORD_MAX + 1] = {
	[SEGFAB_A_RECORD_SEGMENT_IFINDEX] = "segment-ifindex",
	[SEGFAB_A_RECORD_SEGMENT] = "segment",
	[SEGFAB_A_RECORD_PORT_IFINDEX] = "port-ifindex",
	[SEGFAB_A_RECORD_PORT] = "port",
	[SEGFAB_A_RECORD_MAC] = "mac",
	[SEGFAB_A_RECORD_SINCE] = "since",
};

static const char *const sf_link_names[] = {
	[IFLA_ADDRESS] = "address",
	[IFLA_IFNAME] = "name",
	[IFLA_MTU] = "mtu",
	[IFLA_MASTER] = "master",
};

/* The attribute sets, by the first command that uses them. */
static const struct sf_set {
	int			first;
	const char *const	*names;
	unsigned int		count;
} sf_sets[] = {
	{ SEGFAB_CMD_POLICY_GET, sf_policy_names,
	  SF_ARRAY_SIZE(sf_policy_names) },
	{ SEGFAB_CMD_REMOTE_GET, sf_remote_names,
	  SF_ARRAY_SIZE(sf_remote_names) },
	{ SEGFAB_CMD_UPLINK_GET, sf_uplink_names,
	  SF_ARRAY_SIZE(sf_uplink_names) },
	{ SEGFAB_CMD_ZONE_GET, sf_zone_names, SF_ARRAY_SIZE(sf_zone_names) },
	{ SEGFAB_CMD_RECORD_READ, sf_record_names,
	  SF_ARRAY_SIZE(sf_record_names) },
	{ SEGFAB_CMD_TRACE_NEW, sf_trace_names, SF_ARRAY_SIZE(sf_trace_names) },
	{ SEGFAB_CMD_FDB_GET, sf_fdb_names, SF_ARRAY_SIZE(sf_fdb_names) },
	{ SEGFAB_CMD_BINDING_GET, sf_binding_names,
	  SF_ARRAY_SIZE(sf_binding_names) },
	{ SEGFAB_CMD_PORT_GET, sf_port_names, SF_ARRAY_SIZE(sf_port_names) },
	{ SEGFAB_CMD_SEGMENT_GET, sf_segment_names,
	  SF_ARRAY_SIZE(sf_segment_names) },
};

static const struct sf_set sf_link_set = {
	.names = sf_link_names,
	.count = SF_ARRAY_SIZE(sf_link_names),
};

/* The attribute set of a request, NULL if it is not a known one. */
static const struct sf_set *sf_set_of(const struct nlmsghdr *request,
				      int *header)
{
	const struct genlmsghdr *genl = nlmsg_data(request);

	if (request->nlmsg_type == RTM_NEWLINK ||
	    request->nlmsg_type == RTM_SETLINK) {
		*header = NLMSG_HDRLEN +
			  NLMSG_ALIGN(sizeof(struct ifinfomsg));
		return &sf_link_set;
	}
	if (request->nlmsg_type <= GENL_ID_CTRL)
		return NULL;

	*header = SF_GENL_HDRLEN;
	for (unsigned int i = 0; i < SF_ARRAY_SIZE(sf_sets); i++) {
		if (genl->cmd >= sf_sets[i].first)
			return &sf_sets[i];
	}
	return NULL;
}

static const char *sf_name_of(const struct sf_set *set, unsigned int type)
{
	return type < set->count ? set->names[type] : NULL;
}

/* The attribute of [@at, @end) of @request that covers @offset. */
static const struct nlattr *sf_attr_cover(const struct nlmsghdr *request,
					  size_t at, size_t end, size_t offset)
{
	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *a = (void *)((char *)request + at);

		if (a->nla_len < NLA_HDRLEN)
			return NULL;
		if (offset >= at && offset < at + a->nla_len)
			return a;
		at += NLA_ALIGN(a->nla_len);
	}
	return NULL;
}

/* The attribute set of IFLA_INFO_DATA in a request, by the kind before it. */
static const struct sf_set *sf_link_data_set(const struct nlmsghdr *request,
					     const struct nlattr *info)
{
	size_t at = (const char *)nla_data(info) - (const char *)request;
	const struct nlattr *kind;
	int first = SEGFAB_CMD_SEGMENT_GET;

	kind = sf_attr_cover(request, at, at + nla_len(info), at);
	if (kind && nla_type(kind) == IFLA_INFO_KIND &&
	    !strcmp(nla_data(kind), SEGFAB_ZONE_LINK_KIND))
		first = SEGFAB_CMD_ZONE_GET;
	for (unsigned int i = 0; i < SF_ARRAY_SIZE(sf_sets); i++) {
		if (sf_sets[i].first == first)
			return &sf_sets[i];
	}
	return NULL;
}

/*
 * The name of the attribute at @offset of a request: of the innermost one that
 * has a name. Return: the name, or NULL.
 */
const char *sf_attr_at(const struct nlmsghdr *request, size_t offset)
{
	size_t at, end = request->nlmsg_len;
	const struct sf_set *set;
	const struct nlattr *a, *info;
	const char *name;
	int header;

	set = sf_set_of(request, &header);
	if (!set)
		return NULL;

	at = header;
	for (;;) {
		a = sf_attr_cover(request, at, end, offset);
		if (!a)
			return NULL;

		name = sf_name_of(set, nla_type(a));
		if (name || set != &sf_link_set)
			return name;

		/* IFLA_LINKINFO, and in it IFLA_INFO_DATA. */
		info = a;
		at = (const char *)nla_data(a) - (const char *)request;
		end = at + nla_len(a);
		if (nla_type(a) != IFLA_LINKINFO)
			return NULL;
		a = sf_attr_cover(request, at, end, offset);
		if (!a || nla_type(a) != IFLA_INFO_DATA)
			return NULL;
		at = (const char *)nla_data(a) - (const char *)request;
		end = at + nla_len(a);
		set = sf_link_data_set(request, info);
	}
}

/* The name of an attribute that a request lacks, or NULL. */
const char *sf_attr_missing(const struct nlmsghdr *request, unsigned int type)
{
	const struct sf_set *set;
	int header;

	set = sf_set_of(request, &header);
	return set ? sf_name_of(set, type) : NULL;
}

/* Index the attributes of a generic netlink message. */
int sf_genl_parse(const struct nlmsghdr *nlh, struct nlattr **tb, int max)
{
	int len = (int)nlh->nlmsg_len - SF_GENL_HDRLEN;

	if (len < 0)
		return -1;
	return nla_parse(tb, max,
			 (struct nlattr *)((char *)nlh + SF_GENL_HDRLEN), len,
			 NULL);
}

/* The values of attributes; 0 or "" if they are absent or too short. */

uint8_t sf_get_u8(const struct nlattr *a)
{
	uint8_t v = 0;

	if (a && nla_len(a) >= (int)sizeof(v))
		memcpy(&v, nla_data(a), sizeof(v));
	return v;
}

uint16_t sf_get_u16(const struct nlattr *a)
{
	uint16_t v = 0;

	if (a && nla_len(a) >= (int)sizeof(v))
		memcpy(&v, nla_data(a), sizeof(v));
	return v;
}

uint32_t sf_get_u32(const struct nlattr *a)
{
	uint32_t v = 0;

	if (a && nla_len(a) >= (int)sizeof(v))
		memcpy(&v, nla_data(a), sizeof(v));
	return v;
}

uint64_t sf_get_u64(const struct nlattr *a)
{
	uint64_t v = 0;

	if (a && nla_len(a) >= (int)sizeof(v))
		memcpy(&v, nla_data(a), sizeof(v));
	return v;
}

void sf_get_string(const struct nlattr *a, char *buf, size_t size)
{
	size_t len = 0;

	if (a) {
		len = strnlen(nla_data(a), nla_len(a));
		if (len >= size)
			len = size - 1;
		memcpy(buf, nla_data(a), len);
	}
	buf[len] = '\0';
}
