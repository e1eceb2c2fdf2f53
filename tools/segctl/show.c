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

/* Every second VLAN id, five characters each. */
#define VLANS_TEXT_SIZE	(SEGFAB_VLAN_MAX / 2 * 5 + 1)

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

/* What the counters of an object are, and what they were. */
struct sample {
	const struct segfab_stats	*now;
	const struct segfab_stats	*before;
	double				seconds;
};

static double rate(uint64_t now, uint64_t before, double seconds)
{
	return now > before ? (now - before) / seconds : 0;
}

static void stats_json(const struct sample *s, bool rates)
{
	char key[64];

	pr_object(rates ? "rates" : "stats");
	for (unsigned int i = 0; i <= SEGFAB_A_STATS_MAX; i++) {
		const char *name = segfab_stats_name(i);

		if (!name)
			continue;
		as_key(name, key, sizeof(key));
		if (rates)
			pr_decimal(key, NULL, rate(s->now->counter[i],
						   s->before->counter[i],
						   s->seconds));
		else
			pr_number(key, NULL, s->now->counter[i]);
	}
	if (s->now->has_drops) {
		pr_object("drops");
		for (unsigned int i = 0; i <= SEGFAB_A_DROPS_MAX; i++) {
			const char *name = segfab_drop_name(i);

			if (!name)
				continue;
			as_key(name, key, sizeof(key));
			if (rates)
				pr_decimal(key, NULL, rate(s->now->drop[i],
							   s->before->drop[i],
							   s->seconds));
			else
				pr_number(key, NULL, s->now->drop[i]);
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

static void rates_row(const struct sample *s)
{
	static const unsigned int counter[] = {
		SEGFAB_A_STATS_INGRESS_PACKETS, SEGFAB_A_STATS_INGRESS_BYTES,
		SEGFAB_A_STATS_EGRESS_PACKETS, SEGFAB_A_STATS_EGRESS_BYTES,
	};
	double value[ARRAY_SIZE(counter)];

	for (unsigned int i = 0; i < ARRAY_SIZE(counter); i++)
		value[i] = rate(s->now->counter[counter[i]],
				s->before->counter[counter[i]], s->seconds);
	pr_line();
	pr_raw("%-9s %12.0f %16.0f %12.0f %16.0f", "per sec", value[0],
	       value[1], value[2], value[3]);
}

static void drops_text(const struct sample *s)
{
	bool any = false;

	pr_line();
	pr_word(PLAIN, "dropped");
	for (unsigned int i = 0; i <= SEGFAB_A_DROPS_MAX; i++) {
		const char *name = segfab_drop_name(i);

		if (!s->now->drop[i] || !name)
			continue;
		any = true;
		pr_word(COLOUR_BAD, "%s %llu", name,
			(unsigned long long)s->now->drop[i]);
		if (s->before)
			pr_word(PLAIN, "(%.0f/s)",
				rate(s->now->drop[i], s->before->drop[i],
				     s->seconds));
	}
	if (!any)
		pr_word(PLAIN, "none");
}

static void stats_text(const struct sample *s)
{
	pr_line();
	pr_raw("%-9s %12s %16s %12s %16s", "", "ingress", "bytes", "egress",
	       "bytes");
	stats_row(s->now, "all", SEGFAB_A_STATS_INGRESS_PACKETS,
		  SEGFAB_A_STATS_EGRESS_PACKETS);
	if (s->before)
		rates_row(s);
	stats_row(s->now, "multicast",
		  SEGFAB_A_STATS_INGRESS_MULTICAST_PACKETS,
		  SEGFAB_A_STATS_EGRESS_MULTICAST_PACKETS);
	stats_row(s->now, "broadcast",
		  SEGFAB_A_STATS_INGRESS_BROADCAST_PACKETS,
		  SEGFAB_A_STATS_EGRESS_BROADCAST_PACKETS);
	if (s->now->has_drops)
		drops_text(s);
}

void show_stats(const struct segfab_stats *stats,
		const struct segfab_stats *before, double seconds)
{
	const struct sample sample = { stats, before, seconds };

	if (!print.json) {
		stats_text(&sample);
		return;
	}
	stats_json(&sample, false);
	if (before)
		stats_json(&sample, true);
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

/* How many are known, and whether there was no room for one more. */
static void show_addresses(const char *count_key, const char *full_key,
			   uint32_t count, bool full)
{
	pr_number(count_key, "fdb", count);
	pr_bool(full_key, full);
	if (full)
		pr_word(COLOUR_BAD, "full");
}

static void show_limit(const char *limit_key, const char *policy_key,
		       uint32_t limit, uint8_t policy, bool text)
{
	const char *name = name_of(policy_names, ARRAY_SIZE(policy_names),
				   policy);

	if (limit || print.json)
		pr_number(limit_key, text ? "fdb-limit" : NULL, limit);
	else if (text)
		pr_word(PLAIN, "fdb-limit none");
	pr_string(policy_key, text ? "fdb-limit-policy" : NULL, PLAIN, name);
}

static void show_vlans(const struct segfab_vlans *vlans)
{
	char text[VLANS_TEXT_SIZE];
	unsigned int id;

	pr_list("guest_vlans");
	for (id = segfab_vlans_next(vlans, 1); print.json && id;
	     id = segfab_vlans_next(vlans, id + 1))
		pr_number("", NULL, id);
	pr_list_end();

	if (!print.json && segfab_vlans_count(vlans)) {
		segfab_vlans_format(vlans, text, sizeof(text));
		pr_line();
		pr_string(NULL, "guest-vlans", PLAIN, text);
	}
}

void show_updown(const char *key, bool up, const char *yes, const char *no)
{
	pr_bool(key, up);
	pr_word(up ? COLOUR_GOOD : COLOUR_BAD, "%s", up ? yes : no);
}

/* What a segment has as a device; @link is NULL where that is not known. */
static void show_device(const struct segfab_link *link)
{
	if (!link) {
		pr_null("up");
		pr_null("carrier");
		pr_null("mtu");
		pr_null("address");
		return;
	}
	show_updown("up", link->up, "up", "down");
	show_updown("carrier", link->carrier, "carrier", "no-carrier");
	pr_number("mtu", "mtu", link->mtu);
	show_mac("address", "address", link->mac);
	pr_line();
}

static void number_or_null(const char *key, const char *label, uint32_t value)
{
	if (value)
		pr_number(key, label, value);
	else
		pr_null(key);
}

/* The zone of a segment, and what it is there. */
static void show_member(const struct segfab_segment *s)
{
	if (!*s->zone) {
		pr_null("zone");
		pr_null("zone_ifindex");
		pr_null("zone_vlan");
		pr_null("zone_vni");
		pr_null("teaming");
		pr_null("teaming_policy");
		pr_null("zone_fdb_count");
		pr_null("zone_fdb_full");
		pr_null("zone_fdb_limit");
		pr_null("zone_fdb_limit_policy");
		return;
	}
	pr_line();
	pr_string("zone", "zone", COLOUR_NAME, s->zone);
	pr_number("zone_ifindex", segctl.details ? "zone-ifindex" : NULL,
		  s->zone_ifindex);
	if (s->has_zone_vlan)
		pr_number("zone_vlan", "vlan", s->zone_vlan);
	else
		pr_null("zone_vlan");
	if (s->has_zone_vni)
		pr_number("zone_vni", "vni", s->zone_vni);
	else
		pr_null("zone_vni");
	pr_string("teaming", s->teaming ? "teaming" : NULL, PLAIN,
		  name_of(teaming_names, ARRAY_SIZE(teaming_names),
			  s->teaming));
	pr_string("teaming_policy", "policy", PLAIN,
		  *s->teaming_policy ? s->teaming_policy : NULL);
	show_addresses("zone_fdb_count", "zone_fdb_full", s->zone_fdb_count,
		       s->zone_fdb_full);
	show_limit("zone_fdb_limit", "zone_fdb_limit_policy", s->zone_fdb_limit,
		   s->zone_fdb_limit_policy, segctl.details);
}

void show_segment(const char *key, const struct segfab_segment *s,
		  const struct segfab_link *link)
{
	pr_object(key);
	pr_string("name", "", COLOUR_NAME, s->name);
	pr_number("ifindex", segctl.details ? "ifindex" : NULL, s->ifindex);
	show_device(link);
	pr_number("port_count", "ports", s->port_count);
	pr_number("parent_count", "parents", s->parent_count);
	pr_number("child_count", "children", s->child_count);
	pr_number("fdb_count", "fdb", s->fdb_count);
	pr_number("ageing_time", "ageing", s->ageing_time);
	pr_onoff("flood", "flood", s->flood);
	show_vlans(&s->guest_vlans);
	show_member(s);
	if (segctl.stats || print.json)
		show_stats(&s->stats, NULL, 0);
	pr_object_end();
}

void show_port(const char *key, const struct segfab_port *p)
{
	bool details = segctl.details;

	pr_object(key);
	pr_string("name", "", COLOUR_NAME, p->name);
	pr_number("ifindex", details ? "ifindex" : NULL, p->ifindex);
	pr_string("segment", "segment", COLOUR_NAME, p->segment);
	pr_number("segment_ifindex", details ? "segment-ifindex" : NULL,
		  p->segment_ifindex);
	show_updown("carrier", p->carrier, "carrier", "no-carrier");
	show_addresses("fdb_count", "fdb_full", p->fdb_count, p->fdb_full);
	show_limit("fdb_limit", "fdb_limit_policy", p->fdb_limit,
		   p->fdb_limit_policy, true);
	pr_line();
	pr_onoff("learning", "learning", p->learning);
	pr_onoff("flood", "flood", p->flood);
	pr_onoff("mcast_flood", "mcast_flood", p->mcast_flood);
	pr_onoff("bcast_flood", "bcast_flood", p->bcast_flood);
	pr_onoff("isolated", "isolated", p->isolated);
	if (segctl.stats || print.json)
		show_stats(&p->stats, NULL, 0);
	pr_object_end();
}

void show_binding(const char *key, const struct segfab_binding *b)
{
	bool details = segctl.details;

	pr_object(key);
	pr_string("child", "", COLOUR_NAME, b->child);
	pr_string("id", "", PLAIN, b->id);
	pr_string("parent", "parent", COLOUR_NAME, b->parent);
	pr_number("vlan", "vlan", b->vlan);
	show_addresses("fdb_count", "fdb_full", b->fdb_count, b->fdb_full);
	pr_number("child_ifindex", details ? "child-ifindex" : NULL,
		  b->child_ifindex);
	pr_number("parent_ifindex", details ? "parent-ifindex" : NULL,
		  b->parent_ifindex);
	show_limit("fdb_limit", "fdb_limit_policy", b->fdb_limit,
		   b->fdb_limit_policy, details);
	if (segctl.stats || print.json)
		show_stats(&b->stats, NULL, 0);
	pr_object_end();
}

void show_fdb(const char *key, const struct segfab_fdb *e)
{
	bool details = segctl.details;
	char age[24];

	pr_object(key);
	pr_string("segment", "", COLOUR_NAME, e->segment);
	show_mac("mac", "", e->mac);
	number_or_null("guest_vlan", "guest-vlan", e->guest_vlan);
	pr_string("port", "port", COLOUR_NAME, *e->port ? e->port : NULL);
	number_or_null("vlan", "vlan", e->vlan);
	pr_string("binding", "binding", PLAIN,
		  *e->binding ? e->binding : NULL);
	pr_string("remote", "remote", COLOUR_ADDRESS,
		  *e->remote ? e->remote : NULL);
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

void show_zone(const char *key, const struct segfab_zone *z)
{
	pr_object(key);
	pr_string("name", "", COLOUR_NAME, z->name);
	pr_number("ifindex", segctl.details ? "ifindex" : NULL, z->ifindex);
	pr_string("mode", "mode", PLAIN,
		  name_of(mode_names, ARRAY_SIZE(mode_names), z->mode));
	pr_string("teaming", "teaming", PLAIN,
		  name_of(teaming_names, ARRAY_SIZE(teaming_names),
			  z->teaming));
	pr_onoff("failback", "failback", z->failback);
	pr_number("uplink_count", "uplinks", z->uplink_count);
	pr_number("segment_count", "segments", z->segment_count);
	if (segctl.stats || print.json)
		show_stats(&z->stats, NULL, 0);
	pr_object_end();
}

void show_uplink(const char *key, const struct segfab_uplink *u)
{
	bool details = segctl.details;

	pr_object(key);
	pr_string("name", "", COLOUR_NAME, u->name);
	pr_number("ifindex", details ? "ifindex" : NULL, u->ifindex);
	pr_string("zone", "zone", COLOUR_NAME, u->zone);
	pr_number("zone_ifindex", details ? "zone-ifindex" : NULL,
		  u->zone_ifindex);
	show_updown("carrier", u->carrier, "carrier", "no-carrier");
	pr_bool("active", u->active);
	if (u->active)
		pr_word(COLOUR_GOOD, "active");
	pr_number("priority", "priority", u->priority);
	pr_onoff("trace", details || u->trace ? "trace" : NULL, u->trace);
	pr_number("passed", segctl.stats ? "passed" : NULL, u->passed);
	if (segctl.stats || print.json)
		show_stats(&u->stats, NULL, 0);
	pr_object_end();
}

static void show_policy_uplinks(const char *key, const char *label,
				const struct segfab_policy_uplink *u,
				uint32_t count)
{
	pr_list(key);
	if (count)
		pr_line();
	for (; count; count--, u++) {
		pr_object(NULL);
		pr_string("name", label, COLOUR_NAME, u->name);
		pr_number("ifindex", segctl.details ? "ifindex" : NULL,
			  u->ifindex);
		show_updown("carrier", u->carrier, "carrier", "no-carrier");
		pr_bool("used", u->used);
		if (u->used)
			pr_word(COLOUR_GOOD, "used");
		pr_object_end();
	}
	pr_list_end();
}

void show_policy(const char *key, const struct segfab_policy *p)
{
	pr_object(key);
	pr_string("zone", "", COLOUR_NAME, p->zone);
	pr_string("name", "", PLAIN, p->name);
	pr_number("zone_ifindex", segctl.details ? "zone-ifindex" : NULL,
		  p->zone_ifindex);
	pr_string("teaming", "teaming", PLAIN,
		  name_of(teaming_names, ARRAY_SIZE(teaming_names),
			  p->teaming));
	pr_number("segment_count", "segments", p->segment_count);
	show_policy_uplinks("active", "active", p->uplink, p->active_count);
	show_policy_uplinks("standby", "standby", p->uplink + p->active_count,
			    p->uplink_count - p->active_count);
	pr_object_end();
}

void show_remote(const char *key, const struct segfab_remote *r)
{
	pr_object(key);
	pr_string("segment", "", COLOUR_NAME, r->segment);
	pr_number("segment_ifindex", segctl.details ? "segment-ifindex" : NULL,
		  r->segment_ifindex);
	pr_string("address", "", COLOUR_ADDRESS, r->address);
	pr_object_end();
}

void show_link(const char *key, const struct segfab_link *l,
	       const char *segment)
{
	bool details = segctl.details;

	pr_object(key);
	pr_string("name", "", COLOUR_NAME, l->name);
	pr_number("ifindex", details ? "ifindex" : NULL, l->ifindex);
	pr_string("segment", "port of", COLOUR_NAME, segment);
	number_or_null("segment_ifindex", NULL, segment ? l->master : 0);
	show_updown("up", l->up, "up", "down");
	show_updown("carrier", l->carrier, "carrier", "no-carrier");
	pr_number("mtu", "mtu", l->mtu);
	if (l->has_mac)
		show_mac("address", "address", l->mac);
	else
		pr_null("address");
	pr_object_end();
}
