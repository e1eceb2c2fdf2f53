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

/* Is @link a bridge, or stacked on one? */
static bool is_bridge(const struct model *m, const struct segfab_link *link)
{
	/* Deeper than the kernel stacks devices. */
	for (int depth = 0; link && depth < 16; depth++) {
		if (!strcmp(link->kind, "bridge"))
			return true;
		link = link->lower ? links_find(&m->links, link->lower) : NULL;
	}
	return false;
}

/* A bridge that frames of a segment pass, or NULL: a segment is its port, or it
 * is a port or an uplink.
 */
static const struct segfab_link *bridge_in_the_way(const struct model *m)
{
	for (size_t i = 0; i < m->links.count; i++) {
		const struct segfab_link *link = &m->links.all[i];

		if (!strcmp(link->kind, SEGFAB_LINK_KIND) &&
		    !strcmp(link->master_kind, "bridge"))
			return links_find(&m->links, link->master);
		if ((!strcmp(link->master_kind, SEGFAB_LINK_KIND) ||
		     !strcmp(link->master_kind, SEGFAB_ZONE_LINK_KIND)) &&
		    is_bridge(m, link))
			return link;
	}
	return NULL;
}

static void check_br_netfilter(const struct model *m)
{
	static const char *const settings[] = {
		"bridge/bridge-nf-call-iptables",
		"bridge/bridge-nf-call-ip6tables",
		"bridge/bridge-nf-call-arptables",
	};
	const struct segfab_link *bridge = bridge_in_the_way(m);
	struct finding f = {
		.check = "br-netfilter",
		.meaning = "Frames inside a segment do not pass netfilter, but on their way over a bridge they do, and Docker's rules drop what they do not know.",
		.note = !bridge,
	};
	size_t len = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(settings); i++) {
		if (read_setting(settings[i]) > 0)
			len += snprintf(f.mend + len, sizeof(f.mend) - len,
					"%s net/%s=0", len ? "" : "sysctl -w",
					settings[i]);
	}
	if (!len)
		return;
	snprintf(f.object, sizeof(f.object), "%s", bridge ? bridge->name : "");
	snprintf(f.found, sizeof(f.found),
		 "br_netfilter is loaded and at work on bridges%s%s",
		 bridge ? ", such as " : "", bridge ? bridge->name : "");
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
	check_br_netfilter(m);
	for (size_t i = 0; i < m->segment_count; i++)
		check_rp_filter(m, &m->segments[i]);
}
