// SPDX-License-Identifier: GPL-2.0-only
/*
 * One object each, as text or JSON. Keys are the names of the attributes in
 * the netlink specification.
 */
#include <stdio.h>
#include <string.h>

#include "parse.h"
#include "print.h"
#include "show.h"

/* The name of an attribute as a JSON key: no dashes. */
static const char *as_key(const char *name, char *key, size_t size)
{
	snprintf(key, size, "%s", name);
	for (char *p = key; *p; p++) {
		if (*p == '-')
			*p = '_';
	}
	return key;
}

static void stats_json(const struct segfab_stats *stats)
{
	char key[64];

	pr_object("stats");
	for (unsigned int i = 0; i <= SEGFAB_A_STATS_MAX; i++) {
		const char *name = segfab_stats_name(i);

		if (name)
			pr_number(as_key(name, key, sizeof(key)), NULL,
				  stats->counter[i]);
	}
	if (stats->has_drops) {
		pr_object("drops");
		for (unsigned int i = 0; i <= SEGFAB_A_DROPS_MAX; i++) {
			const char *name = segfab_drop_name(i);

			if (name)
				pr_number(as_key(name, key, sizeof(key)), NULL,
					  stats->drop[i]);
		}
		pr_object_end();
	}
	pr_object_end();
}

static void stats_row(const struct segfab_stats *stats, const char *label,
		      unsigned int ingress, unsigned int egress)
{
	pr_line();
	pr_raw("%-9s %12llu %16llu %12llu %16llu", label,
	       (unsigned long long)stats->counter[ingress],
	       (unsigned long long)stats->counter[ingress + 1],
	       (unsigned long long)stats->counter[egress],
	       (unsigned long long)stats->counter[egress + 1]);
}

static void stats_text(const struct segfab_stats *stats)
{
	bool any = false;

	pr_line();
	pr_raw("%-9s %12s %16s %12s %16s", "", "ingress", "bytes", "egress",
	       "bytes");
	stats_row(stats, "all", SEGFAB_A_STATS_INGRESS_PACKETS,
		  SEGFAB_A_STATS_EGRESS_PACKETS);
	stats_row(stats, "multicast", SEGFAB_A_STATS_INGRESS_MULTICAST_PACKETS,
		  SEGFAB_A_STATS_EGRESS_MULTICAST_PACKETS);
	stats_row(stats, "broadcast", SEGFAB_A_STATS_INGRESS_BROADCAST_PACKETS,
		  SEGFAB_A_STATS_EGRESS_BROADCAST_PACKETS);
	if (!stats->has_drops)
		return;

	pr_line();
	pr_word(PLAIN, "dropped");
	for (unsigned int i = 0; i <= SEGFAB_A_DROPS_MAX; i++) {
		if (!stats->drop[i] || !segfab_drop_name(i))
			continue;
		pr_word(COLOUR_BAD, "%s %llu", segfab_drop_name(i),
			(unsigned long long)stats->drop[i]);
		any = true;
	}
	if (!any)
		pr_word(PLAIN, "none");
}

void show_stats(const struct segfab_stats *stats)
{
	if (print.json)
		stats_json(stats);
	else
		stats_text(stats);
}

void show_mac(const char *key, const char *label, const uint8_t *mac)
{
	char text[18];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
	pr_string(key, label, COLOUR_MAC, text);
}

/* A number from the kernel as one of a few words. */
static const char *name_of(const char *const *names, unsigned int count,
			   unsigned int value)
{
	return value < count ? names[value] : "unknown";
}

static void show_limit(uint32_t limit, uint8_t policy, bool text)
{
	const char *name = name_of(policy_names, ARRAY_SIZE(policy_names),
				   policy);

	if (limit || print.json)
		pr_number("fdb_limit", text ? "fdb-limit" : NULL, limit);
	else if (text)
		pr_word(PLAIN, "fdb-limit none");
	pr_string("fdb_limit_policy", text ? "fdb-limit-policy" : NULL, PLAIN,
		  name);
}

static void show_vlans(const struct segfab_vlans *vlans)
{
	unsigned int id;
	char text[64];

	if (!print.json) {
		if (segfab_vlans_format(vlans, text, sizeof(text)) >=
		    (ssize_t)sizeof(text) && !segctl.details)
			snprintf(text, sizeof(text), "(%u of them)",
				 segfab_vlans_count(vlans));
		pr_string(NULL, "guest-vlans", PLAIN, text);
		return;
	}

	pr_list("guest_vlans");
	for (id = segfab_vlans_next(vlans, 1); id;
	     id = segfab_vlans_next(vlans, id + 1))
		pr_number(NULL, NULL, id);
	pr_list_end();
}

static void show_updown(const char *key, bool up, const char *yes,
			const char *no)
{
	pr_bool(key, up);
	pr_word(up ? COLOUR_GOOD : COLOUR_BAD, "%s", up ? yes : no);
}

void show_segment(const struct segfab_segment *s,
		  const struct segfab_link *link)
{
	pr_object(NULL);
	pr_string("name", "", COLOUR_NAME, s->name);
	pr_number("ifindex", segctl.details ? "ifindex" : NULL, s->ifindex);
	show_updown("up", link->up, "up", "down");
	show_updown("carrier", link->carrier, "carrier", "no-carrier");
	pr_number("mtu", "mtu", link->mtu);
	show_mac("address", "address", link->mac);
	pr_line();
	pr_number("port_count", "ports", s->port_count);
	pr_number("parent_count", "parents", s->parent_count);
	pr_number("child_count", "children", s->child_count);
	pr_number("fdb_count", "fdb", s->fdb_count);
	pr_number("ageing_time", "ageing", s->ageing_time);
	pr_onoff("flood", "flood", s->flood);
	show_vlans(&s->guest_vlans);
	if (segctl.stats || print.json)
		show_stats(&s->stats);
	pr_object_end();
}

void show_port(const struct segfab_port *p)
{
	bool details = segctl.details;

	pr_object(NULL);
	pr_string("name", "", COLOUR_NAME, p->name);
	pr_number("ifindex", details ? "ifindex" : NULL, p->ifindex);
	pr_string("segment", "segment", COLOUR_NAME, p->segment);
	pr_number("segment_ifindex", details ? "segment-ifindex" : NULL,
		  p->segment_ifindex);
	show_updown("carrier", p->carrier, "carrier", "no-carrier");
	pr_number("fdb_count", "fdb", p->fdb_count);
	pr_line();
	pr_onoff("learning", "learning", p->learning);
	pr_onoff("flood", "flood", p->flood);
	pr_onoff("mcast_flood", "mcast_flood", p->mcast_flood);
	pr_onoff("bcast_flood", "bcast_flood", p->bcast_flood);
	pr_onoff("isolated", "isolated", p->isolated);
	show_limit(p->fdb_limit, p->fdb_limit_policy, true);
	if (segctl.stats || print.json)
		show_stats(&p->stats);
	pr_object_end();
}

void show_binding(const struct segfab_binding *b)
{
	bool details = segctl.details;

	pr_object(NULL);
	pr_string("child", "", COLOUR_NAME, b->child);
	pr_string("id", "", PLAIN, b->id);
	pr_string("parent", "parent", COLOUR_NAME, b->parent);
	pr_number("vlan", "vlan", b->vlan);
	pr_number("fdb_count", "fdb", b->fdb_count);
	pr_number("child_ifindex", details ? "child-ifindex" : NULL,
		  b->child_ifindex);
	pr_number("parent_ifindex", details ? "parent-ifindex" : NULL,
		  b->parent_ifindex);
	show_limit(b->fdb_limit, b->fdb_limit_policy, details);
	if (segctl.stats || print.json)
		show_stats(&b->stats);
	pr_object_end();
}

static void number_or_null(const char *key, const char *label, uint32_t value)
{
	if (value)
		pr_number(key, label, value);
	else
		pr_null(key);
}

void show_fdb(const struct segfab_fdb *e)
{
	bool details = segctl.details;
	char age[24];

	pr_object(NULL);
	pr_string("segment", "", COLOUR_NAME, e->segment);
	show_mac("mac", "", e->mac);
	number_or_null("guest_vlan", "guest-vlan", e->guest_vlan);
	pr_string("port", "port", COLOUR_NAME, *e->port ? e->port : NULL);
	number_or_null("vlan", "vlan", e->vlan);
	pr_string("binding", "binding", PLAIN,
		  *e->binding ? e->binding : NULL);
	pr_string("state", "", PLAIN,
		  name_of(state_names, ARRAY_SIZE(state_names), e->state));
	if (!e->has_age) {
		pr_null("age");
	} else if (print.json) {
		pr_number("age", NULL, e->age);
	} else {
		snprintf(age, sizeof(age), "%u.%us", e->age / 1000,
			 e->age / 100 % 10);
		pr_string(NULL, "age", PLAIN, age);
	}
	pr_number("segment_ifindex", details ? "segment-ifindex" : NULL,
		  e->segment_ifindex);
	number_or_null("port_ifindex", details ? "port-ifindex" : NULL,
		       e->port_ifindex);
	pr_object_end();
}
