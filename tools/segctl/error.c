// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one way to standard error.
 */
#include <stdarg.h>
#include <stdio.h>

#include "print.h"
#include "segctl.h"

/* What is longer is a word that was never meant to be one. */
#define TEXT_SIZE	1024

const char *error_file;
unsigned int error_line;

static void begin(const char *what)
{
	/* What was shown before comes before what went wrong after. */
	fflush(stdout);
	fprintf(stderr, "%s: ", what);
	if (error_file) {
		text_safe(stderr, error_file);
		fprintf(stderr, ":%u: ", error_line);
	}
}

static void put_text(const char *fmt, va_list ap)
{
	char text[TEXT_SIZE];
	int len = vsnprintf(text, sizeof(text), fmt, ap);

	text_safe(stderr, text);
	if (len >= TEXT_SIZE)
		fputs("...", stderr);
}

static void say(const char *fmt, va_list ap)
{
	begin("Error");
	put_text(fmt, ap);
	fputs(".\n", stderr);
}

/* One of the objects that an error is about, below it. */
void error_object(const char *fmt, ...)
{
	va_list ap;

	fputs("    ", stderr);
	va_start(ap, fmt);
	put_text(fmt, ap);
	va_end(ap);
	fputs("\n", stderr);
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
	text_safe(stderr, segfab_error(segctl.h));
	fputs(".", stderr);
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
		text_safe(stderr, warning);
		fputs(".\n", stderr);
	}
	return DONE;
}
