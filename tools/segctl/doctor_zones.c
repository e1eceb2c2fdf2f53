// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks of transport zones: their uplinks, the teaming policies that choose
 * among those, and what fits through them.
 */
#include <stdio.h>
#include <string.h>

#include "doctor.h"

/* What a tunnel's headers take of the underlay's MTU: outer Ethernet header
 * apart, those of IP, UDP and the tunnel, and the inner Ethernet header.
 */
#define OVERHEAD_IPV4	50
#define OVERHEAD_IPV6	70

static void check_carrier(const struct segfab_uplink *u)
{
	struct finding f = {
		.check = "uplink-carrier",
		.meaning = "The zone has one uplink less to choose from.",
	};

	if (u->carrier)
		return;
	snprintf(f.object, sizeof(f.object), "%s", u->name);
	snprintf(f.found, sizeof(f.found),
		 "uplink %s of %s is down or has no carrier", u->name, u->zone);
	snprintf(f.mend, sizeof(f.mend), "ip link set %s up", u->name);
	doctor_report(&f);
}

/* An uplink of a zone, with a carrier if that is wanted; NULL: there is none. */
static const struct segfab_uplink *find_uplink(const struct model *m,
					       uint32_t zone, bool carrier)
{
	for (size_t i = 0; i < m->uplink_count; i++) {
		const struct segfab_uplink *u = &m->uplinks[i];

		if (u->zone_ifindex == zone && (u->carrier || !carrier))
			return u;
	}
	return NULL;
}

static void check_any_uplink(const struct model *m, const struct segfab_zone *z)
{
	const struct segfab_uplink *first = find_uplink(m, z->ifindex, false);
	struct finding f = {
		.check = "zone-without-uplink",
		.meaning = "What its segments send to the outside is dropped, as no-uplink.",
	};

	if (!z->segment_count || find_uplink(m, z->ifindex, true))
		return;
	snprintf(f.object, sizeof(f.object), "%s", z->name);
	snprintf(f.found, sizeof(f.found),
		 "zone %s has segments and no uplink%s", z->name,
		 first ? " with a carrier" : "");
	if (first)
		snprintf(f.mend, sizeof(f.mend), "ip link set %s up",
			 first->name);
	else
		snprintf(f.mend, sizeof(f.mend),
			 "segctl uplink add DEVICE zone %s", z->name);
	doctor_report(&f);
}

static bool has_carrier(const struct segfab_policy *p)
{
	for (uint32_t i = 0; i < p->uplink_count; i++) {
		if (p->uplink[i].carrier)
			return true;
	}
	return false;
}

/* Where the whole zone has no carrier, that is what is said. */
static void check_policy(const struct model *m, const struct segfab_policy *p)
{
	const struct segfab_uplink *other = find_uplink(m, p->zone_ifindex,
							true);
	struct finding f = {
		.check = "policy-without-uplink",
		.meaning = p->segment_count ?
			"What the segments that have it send to the outside is dropped, as no-uplink." :
			"No segment has it; one that gets it will not reach the outside.",
		.note = !p->segment_count,
	};

	if (p->uplink_count && (has_carrier(p) || !other))
		return;
	snprintf(f.object, sizeof(f.object), "%s %s", p->zone, p->name);
	snprintf(f.found, sizeof(f.found),
		 p->uplink_count ? "policy %s of zone %s has no uplink with a carrier" :
				   "policy %s of zone %s has no uplink",
		 p->name, p->zone);
	snprintf(f.mend, sizeof(f.mend), "segctl policy set %s %s active %s",
		 p->zone, p->name, other ? other->name : "UPLINK");
	doctor_report(&f);
}

static void check_segment_mtu(const struct segfab_link *segment,
			      const struct segfab_link *uplink)
{
	struct finding f = {
		.check = "uplink-mtu",
		.meaning = "Frames of full size do not leave the host: they are dropped as too-big.",
	};

	if (uplink->mtu >= segment->mtu)
		return;
	snprintf(f.object, sizeof(f.object), "%s", segment->name);
	snprintf(f.found, sizeof(f.found),
		 "segment %s has MTU %u, uplink %s of its zone has MTU %u",
		 segment->name, segment->mtu, uplink->name, uplink->mtu);
	snprintf(f.mend, sizeof(f.mend), "segctl segment set %s mtu %u",
		 segment->name, uplink->mtu);
	doctor_report(&f);
}

/* The smallest MTU of what carries tunnels: devices with addresses that are not
 * themselves segments, tunnels or the loopback. 0: there is none.
 */
static const struct segfab_link *underlay(const struct model *m)
{
	const struct segfab_link *found = NULL;

	for (size_t i = 0; i < m->address_count; i++) {
		const struct segfab_link *l =
			links_find(&m->links, m->addresses[i].ifindex);

		if (!l || !l->has_mac || !strcmp(l->name, "lo") ||
		    !strcmp(l->kind, SEGFAB_LINK_KIND) ||
		    !strcmp(l->kind, "vxlan") || !strcmp(l->kind, "geneve"))
			continue;
		if (!found || l->mtu < found->mtu)
			found = l;
	}
	return found;
}

static void check_underlay(const struct model *m,
			   const struct segfab_link *uplink)
{
	const struct segfab_link *below = underlay(m);
	struct finding f = {
		.check = "underlay-mtu",
		.meaning = "Frames of full size are cut into fragments on the way to other hosts, or lost there.",
	};

	if (!below || uplink->mtu + OVERHEAD_IPV4 <= below->mtu)
		return;
	snprintf(f.object, sizeof(f.object), "%s", uplink->name);
	snprintf(f.found, sizeof(f.found),
		 "tunnel %s has MTU %u and needs %u more, %s has MTU %u",
		 uplink->name, uplink->mtu, OVERHEAD_IPV4, below->name,
		 below->mtu);
	snprintf(f.mend, sizeof(f.mend),
		 "ip link set %s mtu %u; over IPv6 %u", uplink->name,
		 below->mtu - OVERHEAD_IPV4, below->mtu - OVERHEAD_IPV6);
	doctor_report(&f);
}

static void check_uplink(const struct model *m, const struct segfab_uplink *u)
{
	const struct segfab_link *link = links_find(&m->links, u->ifindex);

	check_carrier(u);
	if (!link)
		return;
	for (size_t i = 0; i < m->segment_count; i++) {
		const struct segfab_link *s =
			links_find(&m->links, m->segments[i].ifindex);

		if (s && m->segments[i].zone_ifindex == u->zone_ifindex)
			check_segment_mtu(s, link);
	}
	if (!strcmp(link->kind, "vxlan") || !strcmp(link->kind, "geneve"))
		check_underlay(m, link);
}

void doctor_check_zones(const struct model *m)
{
	for (size_t i = 0; i < m->zone_count; i++)
		check_any_uplink(m, &m->zones[i]);
	for (size_t i = 0; i < m->policy_count; i++)
		check_policy(m, &m->policies[i]);
	for (size_t i = 0; i < m->uplink_count; i++)
		check_uplink(m, &m->uplinks[i]);
}
