// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks of settings of the host: what netfilter does to bridges, and what the
 * IP layer does to what comes out of a segment.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "doctor.h"

/* Return: the number in a file of /proc/sys/net, or -1. */
static int read_setting(const char *name)
{
	char path[256];
	int value;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	f = fopen(path, "re");
	if (!f)
		return -1;
	if (fscanf(f, "%d", &value) != 1)
		value = -1;
	fclose(f);
	return value;
}

static void check_br_netfilter(void)
{
	static const char *const settings[] = {
		"bridge/bridge-nf-call-iptables",
		"bridge/bridge-nf-call-ip6tables",
		"bridge/bridge-nf-call-arptables",
	};
	struct finding f = {
		.check = "br-netfilter",
		.meaning = "Frames inside a segment do not pass netfilter, but on their way over a bridge they do, and Docker's rules drop what they do not know.",
	};
	size_t len = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(settings); i++) {
		if (read_setting(settings[i]) <= 0)
			continue;
		snprintf(f.found, sizeof(f.found),
			 "br_netfilter is loaded and at work on bridges");
		len += snprintf(f.mend + len, sizeof(f.mend) - len,
				"%s net/%s=0", len ? "" : "sysctl -w",
				settings[i]);
	}
	if (len)
		doctor_report(&f);
}

static bool has_ipv4(const struct model *m, uint32_t ifindex)
{
	for (size_t i = 0; i < m->address_count; i++) {
		if (m->addresses[i].ifindex == ifindex &&
		    m->addresses[i].family == AF_INET)
			return true;
	}
	return false;
}

/* The higher of the two settings counts. 1 is strict, 2 is loose. */
static void check_rp_filter(const struct model *m,
			    const struct segfab_segment *s)
{
	struct finding f = {
		.check = "rp-filter",
		.meaning = "The host drops IPv4 packets from this segment that it would answer through another interface.",
	};
	int all = read_setting("ipv4/conf/all/rp_filter");
	char name[64];
	int own;

	snprintf(name, sizeof(name), "ipv4/conf/%s/rp_filter", s->name);
	own = read_setting(name);
	if ((own > all ? own : all) != 1 || !has_ipv4(m, s->ifindex))
		return;

	snprintf(f.object, sizeof(f.object), "%s", s->name);
	snprintf(f.found, sizeof(f.found), "rp_filter is strict on segment %s",
		 s->name);
	snprintf(f.mend, sizeof(f.mend), "sysctl -w net/%s=2", name);
	doctor_report(&f);
}

void doctor_check_host(const struct model *m)
{
	check_br_netfilter();
	for (size_t i = 0; i < m->segment_count; i++)
		check_rp_filter(m, &m->segments[i]);
}
