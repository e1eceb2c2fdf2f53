/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The query language of the search: resource_type:Segment AND tags.tag:x
 */
#ifndef _SEGD_QUERY_H
#define _SEGD_QUERY_H

#include <sqlite3.h>

#include "error.h"
#include "text.h"

/**
 * struct sg_query - a query, as a condition of SQL
 * @where: the condition
 * @value: its parameters
 * @values: how many
 */
struct sg_query {
	struct sg_text	where;
	char		**value;
	unsigned int	values;
};

void sg_search_install(sqlite3 *db);
int sg_query_parse(struct sg_query *q, const char *text, struct sg_error *e);
void sg_query_free(struct sg_query *q);

#endif /* _SEGD_QUERY_H */
