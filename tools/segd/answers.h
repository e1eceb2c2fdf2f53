/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What answers that are no objects are made of, for the OpenAPI document.
 */
#ifndef _SEGD_ANSWERS_H
#define _SEGD_ANSWERS_H

#include "schema.h"

/**
 * struct sg_answer - an answer
 * @name: of its schema
 * @fields: its members
 */
struct sg_answer {
	const char		*name;
	const struct sg_field	*fields;
};

extern const struct sg_answer sg_answers[];
extern const size_t sg_answer_count;
/* What became here of a frame of another host. */
extern const struct sg_field sg_arrived_fields[];
/* What stands around the results of every list. */
extern const struct sg_field sg_list_fields[];

#endif /* _SEGD_ANSWERS_H */
