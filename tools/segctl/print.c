// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one way to standard output.
 *
 * JSON is written as it comes, so a dump of a million entries needs no memory.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "print.h"
#include "utf8.h"

#define INDENT		4
#define MAX_DEPTH	16

struct print print;

/* Where the output stands. */
static struct {
	unsigned int	depth;			/* open arrays and objects */
	bool		filled[MAX_DEPTH];	/* something is in it */
	unsigned int	column;
	bool		fresh;			/* nothing is on the line yet */
	bool		begun;			/* the first "[" is to come */
} at = { .fresh = true };

static const char *const colours[] = {
	[PLAIN] = "",
	[COLOUR_NAME] = "\033[36m",
	[COLOUR_MAC] = "\033[33m",
	[COLOUR_ADDRESS] = "\033[35m",
	[COLOUR_GOOD] = "\033[32m",
	[COLOUR_BAD] = "\033[31m",
};

/* Nobody else writes to standard output: no need to lock it for each word. */
static void put(const char *text)
{
	fputs_unlocked(text, stdout);
}

static void json_break(void)
{
	if (!print.pretty)
		return;
	putchar_unlocked('\n');
	for (unsigned int i = 0; i < at.depth; i++)
		putchar_unlocked('\t');
}

/* Whether JSON takes a byte as it is. */
static bool json_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* A character that is not plain. Return: how many bytes it has. */
static unsigned int json_char(const unsigned char *s)
{
	unsigned int n = utf8_length(s);

	if (!n) {
		/* Bytes that make no character become U+FFFD. */
		put("\\ufffd");
		return 1;
	}
	if (*s == '"' || *s == '\\')
		printf("\\%c", *s);
	else if (n == 1)
		printf("\\u%04x", *s);
	else
		fwrite_unlocked(s, 1, n, stdout);
	return n;
}

static void json_text(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	putchar_unlocked('"');
	while (*s) {
		const unsigned char *start = s;

		while (json_plain(*s))
			s++;
		fwrite_unlocked(start, 1, s - start, stdout);
		if (*s)
			s += json_char(s);
	}
	putchar_unlocked('"');
}

static void json_begin(void)
{
	if (!at.begun)
		return;
	at.begun = false;
	putchar_unlocked('[');
	at.filled[at.depth++] = false;
}

/* The start of a member of the object, or array, that is open. */
static void json_member(const char *key)
{
	json_begin();
	if (at.depth) {
		if (at.filled[at.depth - 1])
			putchar_unlocked(',');
		at.filled[at.depth - 1] = true;
		json_break();
	}
	if (key && *key) {
		putchar_unlocked('"');
		put(key);
		put(print.pretty ? "\": " : "\":");
	}
}

static void json_open(const char *key, char bracket)
{
	json_member(key);
	putchar_unlocked(bracket);
	at.filled[at.depth++] = false;
}

static void json_close(char bracket)
{
	at.depth--;
	if (at.filled[at.depth])
		json_break();
	putchar_unlocked(bracket);
	if (!at.depth)
		putchar_unlocked('\n');
}

void pr_begin(void)
{
	at.begun = print.json;
}

int pr_end(int ret)
{
	if (!print.json)
		return ret;
	if (ret == 0)
		json_begin();
	at.begun = false;
	if (at.depth)
		json_close(']');
	return ret;
}

void pr_list(const char *key)
{
	if (print.json)
		json_open(key, '[');
}

void pr_list_end(void)
{
	if (print.json)
		json_close(']');
}

void pr_object(const char *key)
{
	if (print.json)
		json_open(key, '{');
	else
		at.depth++;
}

void pr_object_end(void)
{
	if (print.json) {
		json_close('}');
		return;
	}
	at.depth--;
	if (!at.depth && at.column)
		pr_break();
}

void pr_line(void)
{
	if (print.json)
		return;
	printf("\n%*s", INDENT, "");
	at.column = INDENT;
	at.fresh = true;
}

void pr_break(void)
{
	if (print.json)
		return;
	putchar_unlocked('\n');
	at.column = 0;
	at.fresh = true;
}

/* Control characters, those of UTF-8 too, would do things to the terminal. */
void text_safe(FILE *f, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	for (; *s; s++) {
		if (*s < ' ' || *s == 0x7f)
			fprintf(f, "\\x%02x", *s);
		else if (*s == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0)
			fprintf(f, "\\xc2\\x%02x", *++s);
		else
			putc_unlocked(*s, f);
	}
}

static void text_word(enum colour colour, const char *label, const char *value)
{
	unsigned int len = strlen(value);

	if (*label)
		len += strlen(label) + 1;
	if (print.width && !at.fresh && at.column + 1 + len > print.width)
		pr_line();

	if (!at.fresh) {
		putchar_unlocked(' ');
		at.column++;
	}
	at.column += len;
	at.fresh = false;
	if (*label) {
		put(label);
		putchar_unlocked(' ');
	}
	if (print.colour && colour != PLAIN) {
		put(colours[colour]);
		text_safe(stdout, value);
		put("\033[0m");
	} else {
		text_safe(stdout, value);
	}
}

void pr_word(enum colour colour, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (print.json)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text_word(colour, "", text);
}

void pr_raw(const char *fmt, ...)
{
	va_list ap;

	if (print.json)
		return;
	va_start(ap, fmt);
	at.column += vprintf(fmt, ap);
	va_end(ap);
}

void pr_string(const char *key, const char *label, enum colour colour,
	       const char *value)
{
	if (!print.json) {
		if (label && value)
			text_word(colour, label, value);
	} else if (key && value) {
		json_member(key);
		json_text(value);
	} else if (key) {
		pr_null(key);
	}
}

static void pr_value(const char *key, const char *label, const char *json,
		     const char *text)
{
	if (!print.json) {
		if (label)
			text_word(PLAIN, label, text);
	} else if (key) {
		json_member(key);
		put(json);
	}
}

void pr_number(const char *key, const char *label, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	pr_value(key, label, text, text);
}

void pr_decimal(const char *key, const char *label, double value)
{
	char text[48];

	snprintf(text, sizeof(text), "%.3f", value);
	pr_value(key, label, text, text);
}

void pr_bool(const char *key, bool value)
{
	pr_value(key, NULL, value ? "true" : "false", NULL);
}

void pr_onoff(const char *key, const char *label, bool value)
{
	pr_value(key, label, value ? "true" : "false", value ? "on" : "off");
}

void pr_null(const char *key)
{
	if (print.json) {
		json_member(key);
		put("null");
	}
}
