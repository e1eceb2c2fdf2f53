/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers for Prometheus.
 */
#ifndef _SEGD_METRICS_H
#define _SEGD_METRICS_H

#include <stdint.h>

void sg_metrics_began(void);
void sg_metrics_ended(void);
unsigned int sg_metrics_active(void);
void sg_metrics_request(const char *method, int status, int64_t ms);

#endif /* _SEGD_METRICS_H */
