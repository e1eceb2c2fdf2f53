/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_FORWARD_H
#define _SEGFAB_FORWARD_H

#include "types.h"

void sf_forward(struct sf_frame *frame);
void sf_drop(struct sf_frame *frame, enum sf_drop reason);

#endif /* _SEGFAB_FORWARD_H */
