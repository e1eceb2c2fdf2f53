/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One object each, as text or JSON; used by "show", by monitor and topology.
 */
#ifndef _SEGCTL_SHOW_H
#define _SEGCTL_SHOW_H

#include "segctl.h"

void show_stats(const struct segfab_stats *stats);
void show_mac(const char *key, const char *label, const uint8_t *mac);

void show_segment(const struct segfab_segment *s,
		  const struct segfab_link *link);
void show_port(const struct segfab_port *p);
void show_binding(const struct segfab_binding *b);
void show_fdb(const struct segfab_fdb *e);

#endif /* _SEGCTL_SHOW_H */
