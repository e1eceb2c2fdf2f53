/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One object each, as text or JSON; used by "show", by monitor and topology.
 */
#ifndef _SEGCTL_SHOW_H
#define _SEGCTL_SHOW_H

#include "segctl.h"

/*
 * All take the key in an object that is open, or NULL if they are shown by
 * themselves.
 */
void show_segment(const char *key, const struct segfab_segment *s,
		  const struct segfab_link *link);
void show_port(const char *key, const struct segfab_port *p);
void show_binding(const char *key, const struct segfab_binding *b);
void show_fdb(const char *key, const struct segfab_fdb *e);
void show_zone(const char *key, const struct segfab_zone *z);
void show_uplink(const char *key, const struct segfab_uplink *u);
void show_policy(const char *key, const struct segfab_policy *p);
void show_remote(const char *key, const struct segfab_remote *r);
void show_link(const char *key, const struct segfab_link *l,
	       const char *segment);

/* Counters; with @before the change of @seconds, too. */
void show_stats(const struct segfab_stats *stats,
		const struct segfab_stats *before, double seconds);
void show_mac(const char *key, const char *label, const uint8_t *mac);
void show_updown(const char *key, bool up, const char *yes, const char *no);

#endif /* _SEGCTL_SHOW_H */
