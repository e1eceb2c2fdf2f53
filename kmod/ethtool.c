// SPDX-License-Identifier: GPL-2.0
/*
 * What ethtool shows of a segment: "ethtool -S" prints the counters of the
 * contract, whereas "ip -s link" shows the host's own frames.
 *
 * Locking: RTNL.
 */
#include <linux/ethtool.h>

#include "segment.h"
#include "stats.h"

/* In the order of enum sf_class and enum sf_direction. */
static const char sf_traffic_names[][ETH_GSTRING_LEN] = {
	"ingress_unicast_packets",	"ingress_unicast_bytes",
	"egress_unicast_packets",	"egress_unicast_bytes",
	"ingress_multicast_packets",	"ingress_multicast_bytes",
	"egress_multicast_packets",	"egress_multicast_bytes",
	"ingress_broadcast_packets",	"ingress_broadcast_bytes",
	"egress_broadcast_packets",	"egress_broadcast_bytes",
};

static_assert(ARRAY_SIZE(sf_traffic_names) == SF_CLASSES * SF_DIRECTIONS * 2);

/* In the order of enum sf_drop, from its first reason. */
static const char sf_drop_names[][ETH_GSTRING_LEN] = {
#define SF_DROP_NAME(name, lower, core)	"drop_" #lower,
	SF_DROP_LIST(SF_DROP_NAME)
#undef SF_DROP_NAME
};

static_assert(ARRAY_SIZE(sf_drop_names) ==
	      SF_DROP_REASONS - SF_DROP_TRUNCATED);

static void sf_get_drvinfo(struct net_device *dev,
			   struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->version, SF_VERSION, sizeof(info->version));
	strscpy(info->bus_info, "N/A", sizeof(info->bus_info));
}

static int sf_get_sset_count(struct net_device *dev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(sf_traffic_names) + ARRAY_SIZE(sf_drop_names);
}

static void sf_get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	if (sset != ETH_SS_STATS)
		return;
	memcpy(data, sf_traffic_names, sizeof(sf_traffic_names));
	memcpy(data + sizeof(sf_traffic_names), sf_drop_names,
	       sizeof(sf_drop_names));
}

static void sf_get_ethtool_stats(struct net_device *dev,
				 struct ethtool_stats *stats, u64 *data)
{
	struct sf_totals totals;
	int class, dir;

	sf_segment_totals(sf_segment_get(dev), &totals);
	for (class = 0; class < SF_CLASSES; class++) {
		for (dir = 0; dir < SF_DIRECTIONS; dir++) {
			*data++ = totals.packets[class][dir];
			*data++ = totals.bytes[class][dir];
		}
	}
	memcpy(data, &totals.drops[SF_DROP_TRUNCATED],
	       ARRAY_SIZE(sf_drop_names) * sizeof(*data));
}

const struct ethtool_ops sf_segment_ethtool_ops = {
	.get_drvinfo		= sf_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= sf_get_sset_count,
	.get_strings		= sf_get_strings,
	.get_ethtool_stats	= sf_get_ethtool_stats,
};
