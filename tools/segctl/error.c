// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one way to standard error.
 */
#include <stdarg.h>
#include <stdio.h>

#include "print.h"
#include "segctl.h"

const char *error_file;
unsigned int error_line;

static void begin(const char *what)
{
	/* What was shown before comes before what went wrong after. */
	fflush(stdout);
	fprintf(stderr, "%s: ", what);
	if (error_file)
		fprintf(stderr, "%s:%u: ", error_file, error_line);
}

static void say(const char *fmt, va_list ap)
{
	begin("Error");
	vfprintf(stderr, fmt, ap);
	fputs(".\n", stderr);
}

int usage_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	return USAGE;
}

int failed(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	return REFUSED;
}

/* Say why the library returned @err. */
int refused(int err)
{
	const char *attribute = segfab_error_attribute(segctl.h);

	if (err >= 0)
		return REFUSED;
	begin("Error");
	fprintf(stderr, "%s.", segfab_error(segctl.h));
	if (segctl.details) {
		fprintf(stderr, " (errno %d", -err);
		if (attribute)
			fprintf(stderr, ", attribute \"%s\"", attribute);
		fputs(")", stderr);
	}
	fputs("\n", stderr);
	return REFUSED;
}

/* The exit code for what the library returned; says why, and warns. */
int result(int err)
{
	const char *warning = segfab_warning(segctl.h);

	if (err)
		return refused(err);
	if (*warning) {
		begin("Warning");
		fprintf(stderr, "%s.\n", warning);
	}
	return DONE;
}
