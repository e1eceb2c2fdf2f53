// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file of command lines, one connection for all of them.
 *
 * A line is split at blanks; quotes keep blanks, "#" starts a comment, and a
 * backslash at the end of a line continues it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "segctl.h"

#define MAX_WORDS	256

/*
 * Read a line with what continues it. @lines counts what was read. Return:
 * false at the end of the file.
 */
static bool read_line(FILE *f, char **line, size_t *size, unsigned int *lines)
{
	char *more = NULL;
	size_t more_size = 0;
	ssize_t len, n;

	len = getline(line, size, f);
	if (len < 0)
		return false;
	(*lines)++;

	while (len >= 2 && !strcmp(*line + len - 2, "\\\n")) {
		n = getline(&more, &more_size, f);
		if (n < 0)
			break;
		(*lines)++;
		len -= 2;
		if (*size < (size_t)(len + n + 1)) {
			char *longer = realloc(*line, len + n + 1);

			if (!longer)
				break;
			*line = longer;
			*size = len + n + 1;
		}
		memcpy(*line + len, more, n + 1);
		len += n;
	}
	free(more);
	return true;
}

/* Split a line in place. Return: the number of words, or -1. */
static int split_line(char *line, char **words)
{
	char *to = line;
	int n = 0;

	for (;;) {
		char quote = '\0';

		line += strspn(line, " \t\r\n");
		if (!*line || *line == '#')
			return n;
		if (n == MAX_WORDS)
			return -1;

		words[n++] = to;
		for (; *line && (quote || !strchr(" \t\r\n", *line)); line++) {
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

static int run_line(char *line, int (*run)(struct args *args))
{
	char *words[MAX_WORDS];
	struct args args = { .argv = words };

	args.argc = split_line(line, words);
	if (args.argc < 0)
		return usage_error("a quote is open, or the line has more than %d words",
				   MAX_WORDS);
	return args.argc ? run(&args) : DONE;
}

int batch_run(const char *file, bool force, int (*run)(struct args *args))
{
	bool is_stdin = !strcmp(file, "-");
	unsigned int lines = 0;
	char *line = NULL;
	int first = DONE;
	size_t size = 0;
	FILE *f;

	f = is_stdin ? stdin : fopen(file, "re");
	if (!f)
		return failed("%s: %s", file, strerror(errno));

	error_file = is_stdin ? "stdin" : file;
	for (;;) {
		int ret;

		error_line = lines + 1;
		if (!read_line(f, &line, &size, &lines))
			break;
		ret = run_line(line, run);
		if (ret == DONE)
			continue;
		if (first == DONE)
			first = ret;
		if (!force)
			break;
	}
	if (ferror(f) && first == DONE)
		first = failed("cannot be read");
	error_file = NULL;

	free(line);
	if (!is_stdin)
		fclose(f);
	return first;
}
