// SPDX-License-Identifier: GPL-2.0
/*
 * The place where the tracepoints of tracepoints.h live.
 */
#define CREATE_TRACE_POINTS
#include "tracepoints.h"
