// SPDX-License-Identifier: GPL-2.0-only
/*
 * Logs. A line is written at once, and whole; what a client has sent cannot
 * begin a line of its own.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "log.h"

static enum sg_log_level sg_log_most = SG_LOG_INFO;
static bool sg_log_journal;

/**
 * sg_log_open - set up logging
 * @most: the least important level that is written
 */
void sg_log_open(enum sg_log_level most)
{
	sg_log_most = most;
	sg_log_journal = getenv("JOURNAL_STREAM");
}

/**
 * sg_log - write a line
 * @level: how important it is
 * @fmt: as for printf(), without a newline
 */
void sg_log(enum sg_log_level level, const char *fmt, ...)
{
	char line[2048];
	int n = 0, len;
	va_list ap;

	if (level > sg_log_most)
		return;
	if (sg_log_journal)
		n = snprintf(line, sizeof(line), "<%d>", level);

	va_start(ap, fmt);
	len = vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	len += n;
	if ((size_t)len > sizeof(line) - 2)
		len = sizeof(line) - 2;
	for (int i = n; i < len; i++)
		if (iscntrl((unsigned char)line[i]))
			line[i] = '?';
	line[len++] = '\n';
	if (write(STDERR_FILENO, line, len) < 0)
		return;
}
