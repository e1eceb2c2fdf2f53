/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_ANNOUNCE_H
#define _SEGFAB_ANNOUNCE_H

#include "types.h"

void sf_announce(struct sf_zone *zone);
void sf_announce_init(struct sf_zone *zone);
void sf_announce_destroy(struct sf_zone *zone);
int sf_announce_module_init(void);
void sf_announce_module_exit(void);

#endif /* _SEGFAB_ANNOUNCE_H */
