/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of resource types. Validation, storage, listing, search, the
 * hierarchical API and the served OpenAPI document read it; a new type is a new
 * entry.
 */
#ifndef _SEGD_SCHEMA_H
#define _SEGD_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

#include "error.h"

struct sg_change;
struct sg_db;
struct sg_db;

/**
 * enum sg_kind - what a member of an object is
 * @SG_BOOL: true or false
 * @SG_INT: a number from min to max
 * @SG_STRING: a text of min to max bytes
 * @SG_ENUM: one of the values
 * @SG_REF: the path of an object of one of the target types
 * @SG_CIDR: address of a host with length of its prefix
 * @SG_IP: an IPv4 or IPv6 address
 * @SG_MAC: an Ethernet address
 * @SG_VLANS: a VLAN id or a range of them, as text
 * @SG_OBJECT: an object with fields of its own
 * @SG_ANY: an object that is kept as it is
 */
enum sg_kind {
	SG_BOOL,
	SG_INT,
	SG_STRING,
	SG_ENUM,
	SG_REF,
	SG_CIDR,
	SG_IP,
	SG_MAC,
	SG_VLANS,
	SG_OBJECT,
	SG_ANY,
};

#define SG_REQUIRED	(1U << 0)	/* must be given */
#define SG_READ_ONLY	(1U << 1)	/* ignored on input */
#define SG_DECIMAL	(1U << 2)	/* a number that may come as text */
#define SG_LOOSE	(1U << 3)	/* a path that need not lead anywhere */

/**
 * struct sg_field - a member of an object
 * @name: its name
 * @alias: another name that is accepted on input
 * @kind: what it is, or what its elements are
 * @flags: SG_REQUIRED and so on
 * @array: most elements if it is an array, 0 if it is none
 * @min: least value or length
 * @max: greatest value or length; 0: no limit
 * @def: default, as JSON
 * @values: what an SG_ENUM may be, ends with NULL
 * @fields: what an SG_OBJECT is made of
 * @target: types that an SG_REF may lead to, separated by '|'
 */
struct sg_field {
	const char		*name;
	const char		*alias;
	enum sg_kind		kind;
	unsigned int		flags;
	unsigned int		array;
	long long		min;
	long long		max;
	const char		*def;
	const char *const	*values;
	const struct sg_field	*fields;
	const char		*target;
};

/**
 * struct sg_claim - a combination of values that only one object may have
 * @name: of the combination
 * @fields: the members, NULL at the end; none is claimed if one is missing
 * @code: what a second claim is answered with
 * @taken: what is said then: which object, in words, holds what
 * @when: whether an object claims it; NULL: each does
 */
struct sg_claim {
	const char	*name;
	const char	*fields[4];
	enum sg_code	code;
	const char	*taken;
	bool		(*when)(struct sg_db *db, const json_t *object);
};

#define SG_SINGLETON	(1U << 0)	/* one in its owner, without an id */
#define SG_FIXED	(1U << 1)	/* made by the daemon, read by clients */
#define SG_REPLACE	(1U << 2)	/* PATCH replaces, it does not merge */
#define SG_REALIZED	(1U << 3)	/* has a counterpart in the kernel */
#define SG_ACTS		(1U << 4)	/* does something whenever written */
#define SG_PART		(1U << 5)	/* goes with what it lives in */
#define SG_GOVERNS	(1U << 6)	/* says how others are realized */

/**
 * struct sg_type - a resource type
 * @name: its resource_type
 * @collection: what stands in a path before its id
 * @owners: types that it lives in, NULL at the end; "" is the root
 * @flags: SG_SINGLETON and so on
 * @fields: its own members, in the order in which they are shown
 * @claims: what is unique, NULL if nothing is
 * @reserved: words that are no ids, separated by '|'
 * @fill: sets members that follow from others; called before it is stored
 * @check: rules that the table cannot say; called when everything that a
 *	request changes is stored, so that what holds in the end counts
 */
struct sg_type {
	const char		*name;
	const char		*collection;
	const char		*owners[3];
	unsigned int		flags;
	const struct sg_field	*fields;
	const struct sg_claim	*claims;
	const char		*reserved;
	int (*fill)(struct sg_change *c, const char *path, json_t *object,
		    struct sg_error *e);
	int (*check)(struct sg_change *c, const char *path,
		     const json_t *object, struct sg_error *e);
};

extern const struct sg_type sg_types[];
extern const size_t sg_type_count;
/* What every object has; before and behind its own members. */
extern const struct sg_field sg_envelope[];

const struct sg_type *sg_type_named(const char *name);
const struct sg_type *sg_type_in(const struct sg_type *owner,
				 const char *collection);
bool sg_type_owns(const struct sg_type *owner, const struct sg_type *type);
bool sg_word_in(const char *list, const char *word);
const json_t *sg_json_at(const json_t *object, const char *dotted);

#endif /* _SEGD_SCHEMA_H */
