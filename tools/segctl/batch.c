// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file of command lines, one connection for all of them.
 *
 * A line is split at blanks; quotes keep blanks, "#" starts a comment, and a
 * backslash at the end of a line continues it, but for a comment.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "segctl.h"

#define MAX_WORDS	256

#define BLANKS		" \t\r\n"

/**
 * struct line - a line with what continues it
 * @text: what getline() made
 * @size: the room there
 * @len: how long it is
 * @read: lines of the file that were read
 */
struct line {
	char		*text;
	size_t		size;
	size_t		len;
	unsigned int	read;
};

/* Where a line has come to; begin with zeroes. */
struct place {
	char	quote;		/* the one that is open */
	bool	in_word;
	bool	in_comment;
};

static void walk(struct place *at, const char *s, size_t len)
{
	for (; len && !at->in_comment; s++, len--) {
		if (at->quote) {
			if (*s == at->quote)
				at->quote = '\0';
		} else if (*s == '\'' || *s == '"') {
			at->quote = *s;
			at->in_word = true;
		} else if (*s && strchr(BLANKS, *s)) {
			at->in_word = false;
		} else if (*s == '#' && !at->in_word) {
			at->in_comment = true;
		} else {
			at->in_word = true;
		}
	}
}

/* How long the backslash is that continues a line, with the line break. */
static size_t continuation(const struct line *line)
{
	static const char *const ends[] = { "\\\n", "\\\r\n", "\\" };

	for (unsigned int i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t len = strlen(ends[i]);

		if (line->len >= len &&
		    !memcmp(line->text + line->len - len, ends[i], len))
			return len;
	}
	return 0;
}

/* Put what is in @more in place of the last @cut bytes of a line. */
static int append(struct line *line, size_t cut, const struct line *more)
{
	size_t len = line->len - cut;

	if (line->size < len + more->len + 1) {
		size_t size = 2 * (len + more->len + 1);
		char *text = realloc(line->text, size);

		if (!text)
			return failed("out of memory");
		line->text = text;
		line->size = size;
	}
	memcpy(line->text + len, more->text, more->len + 1);
	line->len = len + more->len;
	return DONE;
}

static bool read_part(FILE *f, struct line *line)
{
	ssize_t len = getline(&line->text, &line->size, f);

	if (len < 0)
		return false;
	line->len = len;
	line->read++;
	return true;
}

/* Read what continues a line. A backslash in a comment does not. */
static int read_rest(FILE *f, struct line *line)
{
	struct line more = {};
	struct place at = {};
	size_t from = 0, cut;
	int ret = DONE;

	while (ret == DONE && (cut = continuation(line))) {
		walk(&at, line->text + from, line->len - cut - from);
		if (at.in_comment)
			break;
		from = line->len - cut;
		if (read_part(f, &more))
			ret = append(line, cut, &more);
		else
			ret = usage_error("the file ends where a backslash continues the line");
	}
	line->read += more.read;
	free(more.text);
	return ret;
}

/* Split a line in place. Return: the number of words, or -1. */
static int split_line(char *line, char **words)
{
	char *to = line;
	int n = 0;

	for (;;) {
		char quote = '\0';

		line += strspn(line, BLANKS);
		if (!*line || *line == '#')
			return n;
		if (n == MAX_WORDS)
			return -1;

		words[n++] = to;
		for (; *line && (quote || !strchr(BLANKS, *line)); line++) {
			if (quote ? *line == quote : strchr("'\"", *line) != NULL)
				quote = quote ? '\0' : *line;
			else
				*to++ = *line;
		}
		if (quote)
			return -1;
		if (*line)
			line++;
		*to++ = '\0';
	}
}

static int run_line(FILE *f, struct line *line, int (*run)(struct args *args))
{
	char *words[MAX_WORDS];
	struct args args = { .argv = words };
	int ret;

	if (stopped)
		return failed("stopped by a signal");
	ret = read_rest(f, line);
	if (ret != DONE)
		return ret;
	if (strlen(line->text) < line->len)
		return usage_error("there is a zero byte in the line");
	args.argc = split_line(line->text, words);
	if (args.argc < 0)
		return usage_error("a quote is open, or the line has more than %d words",
				   MAX_WORDS);
	return args.argc ? run(&args) : DONE;
}

static int run_lines(FILE *f, bool force, int (*run)(struct args *args))
{
	struct line line = {};
	int first = DONE;

	for (;;) {
		int ret;

		error_line = line.read + 1;
		if (!read_part(f, &line))
			break;
		ret = run_line(f, &line, run);
		if (ret == DONE)
			continue;
		if (first == DONE)
			first = ret;
		if (!force || stopped)
			break;
	}
	if (ferror(f) && first == DONE)
		first = failed("cannot be read: %s", strerror(errno));
	free(line.text);
	return first;
}

int batch_run(const char *file, bool force, int (*run)(struct args *args))
{
	bool is_stdin = !strcmp(file, "-");
	FILE *f;
	int ret;

	f = is_stdin ? stdin : fopen(file, "re");
	if (!f)
		return failed("%s: %s", file, strerror(errno));

	error_file = is_stdin ? "stdin" : file;
	ret = run_lines(f, force, run);
	error_file = NULL;
	if (!is_stdin)
		fclose(f);
	return ret;
}
