// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks of the devices themselves: segments, ports, and what is stacked on
 * them.
 */
#include <stdio.h>
#include <string.h>

#include "doctor.h"

static void check_segment_up(const struct segfab_segment *s,
			     const struct segfab_link *link, bool used)
{
	struct finding f = {
		.check = "segment-down",
		.meaning = s->child_count ?
			"What its own machines send is dropped; containers of its children pass." :
			"A segment that is down drops every frame, those through its binding maps too.",
	};

	if (link->up || !used)
		return;
	snprintf(f.object, sizeof(f.object), "%s", s->name);
	snprintf(f.found, sizeof(f.found), "segment %s is down", s->name);
	snprintf(f.mend, sizeof(f.mend), "segctl segment set %s up", s->name);
	doctor_report(&f);
}

static void check_port_carrier(const struct segfab_port *p,
			       const struct segfab_link *link)
{
	struct finding f = {
		.check = "port-carrier",
		.meaning = "No frame passes the port; those that are for it are dropped.",
	};

	if (p->carrier)
		return;
	snprintf(f.object, sizeof(f.object), "%s", p->name);
	if (link->up) {
		snprintf(f.found, sizeof(f.found),
			 "port %s of %s has no carrier", p->name, p->segment);
		snprintf(f.mend, sizeof(f.mend),
			 "start the machine, or set up the interface, at the other end of %s",
			 p->name);
	} else {
		snprintf(f.found, sizeof(f.found), "port %s of %s is down",
			 p->name, p->segment);
		snprintf(f.mend, sizeof(f.mend), "ip link set %s up", p->name);
	}
	doctor_report(&f);
}

/* @link is a port through which frames of @segment go. */
static void check_mtu(const struct segfab_link *segment,
		      const struct segfab_link *link,
		      const struct segfab_binding *b)
{
	struct finding f = {
		.check = "mtu",
		.meaning = "Frames of full size are dropped at that port, as too-big.",
	};

	if (link->mtu >= segment->mtu)
		return;
	snprintf(f.object, sizeof(f.object), "%s", link->name);
	if (b)
		snprintf(f.found, sizeof(f.found),
			 "port %s of %s has MTU %u, its child %s has MTU %u",
			 link->name, b->parent, link->mtu, b->child,
			 segment->mtu);
	else
		snprintf(f.found, sizeof(f.found),
			 "port %s has MTU %u, its segment %s has MTU %u",
			 link->name, link->mtu, segment->name, segment->mtu);
	snprintf(f.mend, sizeof(f.mend),
		 "ip link set %s mtu %u; or segctl segment set %s mtu %u",
		 link->name, segment->mtu, segment->name, link->mtu);
	doctor_report(&f);
}

static void check_parent_ports(const struct segfab_binding *b, size_t ports)
{
	struct finding f = {
		.check = "parent-without-port",
		.meaning = "The binding map carries nothing until the parent has a port.",
	};

	if (ports)
		return;
	snprintf(f.object, sizeof(f.object), "%s %s", b->child, b->id);
	snprintf(f.found, sizeof(f.found),
		 "binding map %s %s: its parent %s has no port", b->child,
		 b->id, b->parent);
	snprintf(f.mend, sizeof(f.mend), "segctl port add PORT segment %s",
		 b->parent);
	doctor_report(&f);
}

static const struct offload {
	const char	*feature;
	size_t		offset;
	bool		wanted;
	const char	*meaning;
} offloads[] = {
	{ "rx-vlan-filter", offsetof(struct features, rx_vlan_filter), false,
	  "The card may drop frames with tags that it was not told of, before segfab sees them." },
	{ "tx-vlan-offload", offsetof(struct features, tx_vlan), true,
	  "The kernel puts the tag into each frame itself, and cuts super-frames first: slower, not wrong." },
	{ "rx-vlan-offload", offsetof(struct features, rx_vlan), true,
	  "The kernel takes the tag out of each frame itself: slower, not wrong." },
};

/* Only tagged frames care: @p is a port of a parent. */
static void check_offloads(const struct segfab_port *p)
{
	struct finding f = { .check = "vlan-offload" };
	struct features features;

	features_get(p->name, &features);
	if (!features.known)
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(offloads); i++) {
		const struct offload *o = &offloads[i];
		bool active = *(bool *)((char *)&features + o->offset);

		if (active == o->wanted)
			continue;
		snprintf(f.object, sizeof(f.object), "%s", p->name);
		snprintf(f.found, sizeof(f.found), "port %s of %s has %s %s",
			 p->name, p->segment, o->feature,
			 active ? "on" : "off");
		f.meaning = o->meaning;
		snprintf(f.mend, sizeof(f.mend), "ethtool -K %s %s %s",
			 p->name, o->feature, o->wanted ? "on" : "off");
		doctor_report(&f);
	}
}

/* The binding map of a tag on a parent, or NULL. */
static const struct segfab_binding *bound(const struct model *m,
					  uint32_t parent, unsigned int vlan)
{
	size_t count;
	const struct segfab_binding *b = model_children(m, parent, &count);

	for (size_t i = 0; i < count; i++) {
		if (b[i].vlan == vlan)
			return &b[i];
	}
	return NULL;
}

static void check_stacked(const struct model *m, const struct segfab_link *vlan,
			  const struct segfab_link *port)
{
	const struct segfab_binding *b = bound(m, port->master, vlan->vlan);
	struct finding f = { .check = "vlan-device" };

	snprintf(f.object, sizeof(f.object), "%s", vlan->name);
	if (b) {
		snprintf(f.found, sizeof(f.found),
			 "%s takes VLAN %u from port %s, which %s %s binds",
			 vlan->name, vlan->vlan, port->name, b->child, b->id);
		f.meaning = "VLAN devices come first: the binding map gets no frame from this port.";
	} else {
		snprintf(f.found, sizeof(f.found),
			 "%s takes VLAN %u from port %s, past the segment",
			 vlan->name, vlan->vlan, port->name);
		f.meaning = "Frames with this tag never reach the segment, nor its counters.";
	}
	snprintf(f.mend, sizeof(f.mend), "ip link del %s", vlan->name);
	doctor_report(&f);
}

static void check_segment(const struct model *m, const struct segfab_segment *s)
{
	const struct segfab_link *link = links_find(&m->links, s->ifindex);
	const struct segfab_binding *child;
	const struct segfab_port *port;
	size_t ports, children;

	if (!link)
		return;
	port = model_ports(m, s->ifindex, &ports);
	child = model_children(m, s->ifindex, &children);
	check_segment_up(s, link, ports || children || s->parent_count);

	for (size_t i = 0; i < ports; i++) {
		const struct segfab_link *l = links_find(&m->links,
							 port[i].ifindex);

		if (!l)
			continue;
		check_port_carrier(&port[i], l);
		check_mtu(link, l, NULL);
		if (children)
			check_offloads(&port[i]);
	}

	for (size_t i = 0; i < children; i++) {
		const struct segfab_link *c =
			links_find(&m->links, child[i].child_ifindex);

		check_parent_ports(&child[i], ports);
		for (size_t j = 0; c && j < ports; j++) {
			const struct segfab_link *l =
				links_find(&m->links, port[j].ifindex);

			if (l)
				check_mtu(c, l, &child[i]);
		}
	}
}

void doctor_check_devices(const struct model *m)
{
	for (size_t i = 0; i < m->segment_count; i++)
		check_segment(m, &m->segments[i]);

	for (size_t i = 0; i < m->links.count; i++) {
		const struct segfab_link *vlan = &m->links.all[i];
		const struct segfab_link *port;

		if (strcmp(vlan->kind, "vlan") || !vlan->lower)
			continue;
		port = links_find(&m->links, vlan->lower);
		if (port && !strcmp(port->master_kind, SEGFAB_LINK_KIND))
			check_stacked(m, vlan, port);
	}
}
