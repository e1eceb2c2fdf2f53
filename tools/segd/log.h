/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Logs: lines on standard error, with the priority in front where the journal
 * reads them.
 */
#ifndef _SEGD_LOG_H
#define _SEGD_LOG_H

#include <stdbool.h>

/* Priorities of syslog. */
enum sg_log_level {
	SG_LOG_ERR = 3,
	SG_LOG_WARNING = 4,
	SG_LOG_NOTICE = 5,
	SG_LOG_INFO = 6,
	SG_LOG_DEBUG = 7,
};

void sg_log_open(enum sg_log_level most);
void sg_log(enum sg_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* _SEGD_LOG_H */
