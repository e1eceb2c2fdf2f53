// SPDX-License-Identifier: GPL-2.0-only
/*
 * The query language of the search, turned into a condition of SQL. Nothing of
 * the text becomes SQL: fields and values are bound as parameters.
 *
 *	any	= all { "OR" all }
 *	all	= one { ["AND"] one }
 *	one	= "NOT" one | "(" any ")" | FIELD ":" VALUE
 *		| FIELD ":" "(" VALUE { ["OR"] VALUE } ")"
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "query.h"
#include "util.h"

#define SG_TERMS	64
#define SG_NESTING	16
#define SG_WORD_SIZE	1024

/**
 * struct sg_reader - a query that is read
 * @q: what it becomes
 * @at: what is not read yet
 * @nesting: open parentheses
 * @e: takes the reason of a refusal
 */
struct sg_reader {
	struct sg_query	*q;
	const char	*at;
	int		nesting;
	struct sg_error	*e;
};

static int sg_any(struct sg_reader *r);

static void sg_blanks(struct sg_reader *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

static int sg_bad_query(struct sg_reader *r, const char *what)
{
	return sg_fail(r->e, SG_E_FIELD, "query: %s at \"%.64s\"", what, r->at);
}

/* Is this word next? It is taken if it is. */
static bool sg_keyword(struct sg_reader *r, const char *word)
{
	size_t len = strlen(word);

	sg_blanks(r);
	if (strncmp(r->at, word, len) ||
	    (isalpha((unsigned char)word[0]) && r->at[len] &&
	     !isspace((unsigned char)r->at[len]) && r->at[len] != '('))
		return false;
	r->at += len;
	return true;
}

/*
 * A field or a value: quoted, or up to a blank, a parenthesis or, for a field,
 * a colon. A backslash takes the next character as it is; in a value, which
 * may be a pattern, it stays.
 */
static int sg_token(struct sg_reader *r, char word[SG_WORD_SIZE], bool field)
{
	const char *stop = field ? ":()\"" : "()\"";
	size_t n = 0;
	bool quoted;

	sg_blanks(r);
	quoted = *r->at == '"';
	r->at += quoted;
	while (*r->at && (quoted ? *r->at != '"' :
			  !isspace((unsigned char)*r->at) &&
			  !strchr(stop, *r->at))) {
		bool special = quoted && strchr("*?[", *r->at);

		if (n + 3 >= SG_WORD_SIZE)
			return sg_bad_query(r, "the word is too long");
		if (*r->at == '\\' && r->at[1]) {
			special = strchr("*?[\\", r->at[1]);
			r->at++;
		}
		if (special && !field)
			word[n++] = '\\';
		word[n++] = *r->at++;
	}
	word[n] = '\0';
	if (quoted && *r->at++ != '"')
		return sg_fail(r->e, SG_E_FIELD, "query: a quote is not closed");
	return n || quoted ? 0 : sg_bad_query(r, "a word is expected");
}

static int sg_bind_value(struct sg_reader *r, const char *text)
{
	struct sg_query *q = r->q;

	if (q->values == 2 * SG_TERMS)
		return sg_fail(r->e, SG_E_FIELD, "query: more than %d terms",
			       SG_TERMS);
	q->value = sg_realloc(q->value, (q->values + 1) * sizeof(*q->value));
	q->value[q->values++] = sg_strdup(text);
	return q->values;
}

/* The members that have a column of their own. */
static const char *sg_query_column(const char *field)
{
	static const char *const column[][2] = {
		{ "resource_type", "type" },
		{ "path", "path" },
		{ "parent_path", "owner" },
		{ "id", "id" },
		{ "display_name", "name" },
	};

	for (size_t i = 0; i < SG_ARRAY_SIZE(column); i++)
		if (!strcmp(column[i][0], field))
			return column[i][1];
	return NULL;
}

static int sg_term_value(struct sg_reader *r, const char *field)
{
	const char *column = sg_query_column(field);
	char value[SG_WORD_SIZE];
	int f, v;

	if (sg_token(r, value, false))
		return -1;
	if (!strcmp(field, "marked_for_delete")) {
		sg_text_printf(&r->q->where, "marked = %d",
			       !strcmp(value, "true"));
		return 0;
	}
	v = sg_bind_value(r, value);
	if (v < 0)
		return -1;
	if (column && !strpbrk(value, "*?[\\")) {
		sg_text_printf(&r->q->where, "%s = ?%d", column, v);
		return 0;
	}
	f = sg_bind_value(r, field);
	if (f < 0)
		return -1;
	sg_text_printf(&r->q->where, "sg_match(body, ?%d, ?%d)", f, v);
	return 0;
}

static int sg_term_values(struct sg_reader *r, const char *field)
{
	const char *separator = "(";

	do {
		sg_text_puts(&r->q->where, separator);
		if (sg_term_value(r, field))
			return -1;
		separator = " OR ";
		sg_keyword(r, "OR");
	} while (!sg_keyword(r, ")"));
	sg_text_puts(&r->q->where, ")");
	return 0;
}

static int sg_term(struct sg_reader *r)
{
	char field[SG_WORD_SIZE];

	if (sg_token(r, field, true))
		return -1;
	if (!sg_keyword(r, ":"))
		return sg_bad_query(r, "a colon is expected");
	return sg_keyword(r, "(") ? sg_term_values(r, field) :
	       sg_term_value(r, field);
}

static int sg_one(struct sg_reader *r)
{
	int err;

	if (++r->nesting > SG_NESTING)
		return sg_bad_query(r, "too deep");
	if (sg_keyword(r, "NOT")) {
		sg_text_puts(&r->q->where, "NOT ");
		err = sg_one(r);
	} else if (sg_keyword(r, "(")) {
		sg_text_puts(&r->q->where, "(");
		err = sg_any(r);
		sg_text_puts(&r->q->where, ")");
		if (!err && !sg_keyword(r, ")"))
			err = sg_bad_query(r, "a closing parenthesis is expected");
	} else {
		err = sg_term(r);
	}
	r->nesting--;
	return err;
}

static int sg_all(struct sg_reader *r)
{
	while (!sg_one(r)) {
		const char *before = r->at;

		if (!sg_keyword(r, "AND")) {
			sg_blanks(r);
			if (!*r->at || *r->at == ')' || sg_keyword(r, "OR")) {
				r->at = before;
				return 0;
			}
		}
		sg_text_puts(&r->q->where, " AND ");
	}
	return -1;
}

static int sg_any(struct sg_reader *r)
{
	sg_text_puts(&r->q->where, "(");
	while (!sg_all(r)) {
		if (!sg_keyword(r, "OR")) {
			sg_text_puts(&r->q->where, ")");
			return 0;
		}
		sg_text_puts(&r->q->where, ") OR (");
	}
	return -1;
}

/**
 * sg_query_parse - read a query
 * @q: takes it; to be freed even if this fails
 * @text: the query
 * @e: takes the reason of a refusal
 *
 * Return: 0 or -1
 */
int sg_query_parse(struct sg_query *q, const char *text, struct sg_error *e)
{
	struct sg_reader r = { .q = q, .at = text, .e = e };

	if (sg_any(&r))
		return -1;
	sg_blanks(&r);
	return *r.at ? sg_bad_query(&r, "the end is expected") : 0;
}

void sg_query_free(struct sg_query *q)
{
	for (unsigned int i = 0; i < q->values; i++)
		free(q->value[i]);
	free(q->value);
	sg_text_free(&q->where);
}
