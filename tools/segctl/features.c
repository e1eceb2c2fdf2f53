// SPDX-License-Identifier: GPL-2.0-only
/*
 * VLAN offloads of a network device, as ethtool(8) shows them.
 */
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "doctor.h"

static int request(int fd, const char *name, void *data)
{
	struct ifreq ifr = {};

	strncpy(ifr.ifr_name, name, sizeof(ifr.ifr_name) - 1);
	ifr.ifr_data = data;
	return ioctl(fd, SIOCETHTOOL, &ifr);
}

/* How many features the kernel has names for; 0 if it does not tell. */
static unsigned int count_features(int fd, const char *name)
{
	struct ethtool_sset_info *info;
	unsigned int count = 0;

	info = calloc(1, sizeof(*info) + sizeof(info->data[0]));
	if (!info)
		return 0;
	info->cmd = ETHTOOL_GSSET_INFO;
	info->sset_mask = 1ULL << ETH_SS_FEATURES;
	if (!request(fd, name, info) && info->sset_mask)
		count = info->data[0];
	free(info);
	return count;
}

static void keep_feature(struct features *features, const char *feature,
			 bool active)
{
	if (!strcmp(feature, "rx-vlan-hw-parse"))
		features->rx_vlan = active;
	else if (!strcmp(feature, "tx-vlan-hw-insert"))
		features->tx_vlan = active;
	else if (!strcmp(feature, "rx-vlan-filter"))
		features->rx_vlan_filter = active;
}

static void read_features(int fd, const char *name, unsigned int count,
			  struct features *features)
{
	unsigned int blocks = (count + 31) / 32;
	struct ethtool_gfeatures *values;
	struct ethtool_gstrings *names;

	names = calloc(1, sizeof(*names) + count * ETH_GSTRING_LEN);
	values = calloc(1, sizeof(*values) +
			blocks * sizeof(values->features[0]));
	if (!names || !values)
		goto out;

	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = count;
	values->cmd = ETHTOOL_GFEATURES;
	values->size = blocks;
	if (request(fd, name, names) || request(fd, name, values))
		goto out;

	for (unsigned int i = 0; i < count; i++) {
		char *feature = (char *)names->data + i * ETH_GSTRING_LEN;
		uint32_t active = values->features[i / 32].active;

		feature[ETH_GSTRING_LEN - 1] = '\0';
		keep_feature(features, feature, active >> i % 32 & 1);
	}
	features->known = true;
out:
	free(names);
	free(values);
}

void features_get(const char *name, struct features *features)
{
	unsigned int count;
	int fd;

	memset(features, 0, sizeof(*features));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	count = count_features(fd, name);
	if (count)
		read_features(fd, name, count, features);
	close(fd);
}
