/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one way to standard output: the same calls make text, coloured text and
 * JSON.
 *
 * JSON is an array of objects, each with all its keys. Text is one paragraph
 * an object: words with blanks between them, further lines indented.
 */
#ifndef _SEGCTL_PRINT_H
#define _SEGCTL_PRINT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum colour {
	PLAIN,
	COLOUR_NAME,
	COLOUR_MAC,
	COLOUR_ADDRESS,
	COLOUR_GOOD,
	COLOUR_BAD,
};

/**
 * struct print - how to write
 * @json: JSON instead of text
 * @pretty: JSON with line breaks
 * @colour: text with colours
 * @width: break lines of text to fit, 0: do not
 */
struct print {
	bool		json;
	bool		pretty;
	bool		colour;
	unsigned int	width;
};

extern struct print print;

/*
 * What a command shows: in JSON the outermost array. If the command failed
 * before it showed anything, it shows nothing. Returns the exit code @ret.
 */
void pr_begin(void);
int pr_end(int ret);

/* An array in an object. */
void pr_list(const char *key);
void pr_list_end(void);

/* An object. */
void pr_object(const char *key);
void pr_object_end(void);

/*
 * A value: in JSON with its key, in text after its label. There is none in JSON
 * without a key and none in text without a label. An empty key is for members
 * of an array, an empty label for a bare value. A string NULL is null in JSON
 * and nothing in text.
 */
void pr_string(const char *key, const char *label, enum colour colour,
	       const char *value);
void pr_number(const char *key, const char *label, uint64_t value);
void pr_decimal(const char *key, const char *label, double value);
void pr_bool(const char *key, bool value);
void pr_onoff(const char *key, const char *label, bool value);
void pr_null(const char *key);

/* Text only. */
void pr_word(enum colour colour, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void pr_raw(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void pr_line(void);	/* break, and indent what follows */
void pr_break(void);	/* break */

/* Text from elsewhere, without what a terminal would obey. */
void text_safe(FILE *f, const char *text);

#endif /* _SEGCTL_PRINT_H */
