/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _SEGCTL_DOT_H
#define _SEGCTL_DOT_H

#include <stdio.h>

#include "model.h"

void dot_graph(FILE *f, const struct model *m);

#endif /* _SEGCTL_DOT_H */
