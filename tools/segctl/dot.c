// SPDX-License-Identifier: GPL-2.0-only
/*
 * The graph of segctl topology, in the language of dot(1).
 */
#include <string.h>

#include "dot.h"
#include "utf8.h"

/* Whether XML, which pictures are made of, has a character; U+FFFE and U+FFFF
 * are none.
 */
static bool in_xml(const unsigned char *s, unsigned int length)
{
	if (length == 1)
		return *s >= ' ' && *s != 0x7f;
	return length && memcmp(s, "\xef\xbf\xbe", 3) &&
	       memcmp(s, "\xef\xbf\xbf", 3);
}

/* Names go between double quotes, in which dot knows entities. */
static void dot_text(FILE *f, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		unsigned int length = utf8_length(s);

		if (!in_xml(s, length))
			fputc('?', f);
		else if (*s == '&')
			fputs("&amp;", f);
		else if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else
			fwrite(s, 1, length, f);
		s += length ? length : 1;
	}
}

/* A node has the number of its device as its name. */
static void dot_segment(FILE *f, const struct model *m,
			const struct segfab_segment *s)
{
	const struct segfab_link *link = links_find(&m->links, s->ifindex);
	bool up = link && link->up;

	fprintf(f, "\td%u [shape=box, style=\"rounded%s\", label=\"",
		s->ifindex, up ? "" : ",dashed");
	dot_text(f, s->name);
	for (size_t i = 0; i < m->address_count; i++) {
		const struct segfab_address *a = &m->addresses[i];

		if (a->ifindex == s->ifindex)
			fprintf(f, "\\n%s/%u", a->text, a->prefix);
	}
	fputs("\"];\n", f);
}

static void dot_port(FILE *f, const struct segfab_port *p)
{
	fprintf(f, "\td%u [shape=ellipse%s, label=\"", p->ifindex,
		p->carrier ? "" : ", style=dashed");
	dot_text(f, p->name);
	fprintf(f, "\"];\n\td%u -> d%u [dir=none];\n", p->ifindex,
		p->segment_ifindex);
}

static void dot_binding(FILE *f, const struct segfab_binding *b)
{
	fprintf(f, "\td%u -> d%u [dir=both, label=\"%u\\n", b->parent_ifindex,
		b->child_ifindex, b->vlan);
	dot_text(f, b->id);
	fputs("\"];\n", f);
}

/* Zones and their uplinks; segments that are in one point there. */
static void dot_zones(FILE *f, const struct model *m)
{
	for (size_t i = 0; i < m->zone_count; i++) {
		fprintf(f, "\td%u [shape=hexagon, label=\"",
			m->zones[i].ifindex);
		dot_text(f, m->zones[i].name);
		fputs("\"];\n", f);
	}
	for (size_t i = 0; i < m->uplink_count; i++) {
		const struct segfab_uplink *u = &m->uplinks[i];

		fprintf(f, "\td%u [shape=ellipse%s, label=\"", u->ifindex,
			u->carrier ? "" : ", style=dashed");
		dot_text(f, u->name);
		fprintf(f, "\"];\n\td%u -> d%u [dir=none];\n",
			u->zone_ifindex, u->ifindex);
	}
	for (size_t i = 0; i < m->segment_count; i++) {
		const struct segfab_segment *s = &m->segments[i];

		if (*s->zone)
			fprintf(f, "\td%u -> d%u [dir=none, label=\"%s %u\"];\n",
				s->ifindex, s->zone_ifindex,
				s->has_zone_vni ? "vni" : "vlan",
				s->has_zone_vni ? s->zone_vni : s->zone_vlan);
	}
}

/**
 * dot_graph - draw the segments, for dot(1)
 * @f: takes the graph
 * @m: what there is
 *
 * Ports to the left of parents, children to the right of those; the ports of
 * children would bend the picture, so they hang on without pulling.
 */
void dot_graph(FILE *f, const struct model *m)
{
	fputs("digraph segfab {\n"
	      "\trankdir=LR;\n"
	      "\tnode [fontname=\"sans-serif\"];\n"
	      "\tedge [fontname=\"sans-serif\", fontsize=10];\n", f);
	for (size_t i = 0; i < m->segment_count; i++)
		dot_segment(f, m, &m->segments[i]);
	for (size_t i = 0; i < m->port_count; i++)
		dot_port(f, &m->ports[i]);
	for (size_t i = 0; i < m->binding_count; i++)
		dot_binding(f, &m->children[i]);
	dot_zones(f, m);
	fputs("}\n", f);
}
