/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_FORWARD_H
#define _SEGFAB_FORWARD_H

#include "types.h"

void sf_forward(struct sf_frame *frame);

#endif /* _SEGFAB_FORWARD_H */
