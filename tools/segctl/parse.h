/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the words of a command line.
 */
#ifndef _SEGCTL_PARSE_H
#define _SEGCTL_PARSE_H

#include "segctl.h"

enum word_type {
	WORD_TRUE,	/* bool: the word alone */
	WORD_FALSE,	/* bool: the word alone */
	WORD_ONOFF,	/* bool: "on" or "off" */
	WORD_U16,	/* uint16_t: a number in a range */
	WORD_U32,	/* uint32_t: a number in a range */
	WORD_LIMIT,	/* uint32_t: a number in a range, or "none" for 0 */
	WORD_CHOICE,	/* uint8_t: one of @names */
	WORD_POLICY,	/* uint8_t: enum segfab_limit_policy */
	WORD_STATE,	/* uint8_t: enum segfab_fdb_state */
	WORD_MAC,	/* uint8_t[6] */
	WORD_VLANS,	/* struct segfab_vlans: a list, or "none" */
	WORD_NAME,	/* const char *: a name of an interface, or an id */
	WORD_OWN,	/* what the function @parse makes of it */
};

/**
 * struct word - a word that may stand in a command line, and what follows it
 * @name: the word
 * @type: what follows, and the type of the member
 * @offset: of the member in the target
 * @bit: set in the "unsigned int set" that the target begins with; words with
 *	the same bit exclude each other
 * @min: lowest number
 * @max: highest number; longest name
 * @names: for WORD_CHOICE: the words, of which @min to @max may be used
 * @parse: for WORD_OWN; returns an exit code
 */
struct word {
	const char	*name;
	enum word_type	type;
	size_t		offset;
	unsigned int	bit;
	unsigned long	min;
	unsigned long	max;
	const char *const *names;
	int		(*parse)(struct args *args, void *target);
};

#define NAME_MAX_LEN	127

const char *peek(const struct args *args);
const char *next(struct args *args);
bool is_word(const char *s, const struct word *words, unsigned int count);
int no_more(const struct args *args);

/* All return an exit code; @what names the value in the message. */
int parse_number(const char *what, const char *s, unsigned long min,
		 unsigned long max, unsigned long *value);
int parse_mac(const char *what, const char *s, uint8_t *mac);
int parse_vlans(const char *what, const char *s, struct segfab_vlans *vlans);
int parse_name(struct args *args, const char *what, const char **name);
int parse_only_name(struct args *args, const char *what, const char **name);
int parse_master(struct args *args, const char *word, const char *usage,
		 const char *what, const char **name);
int check_ifname(const char *name);
int parse_id(struct args *args, const char **id);
int parse_words(struct args *args, const struct word *words,
		unsigned int count, void *target);
int parse_change(struct args *args, const char *what, const char **name,
		 const struct word *words, unsigned int count, void *target);

extern const char *const policy_names[2];
extern const char *const state_names[3];
extern const char *const mode_names[2];
extern const char *const teaming_names[4];

#endif /* _SEGCTL_PARSE_H */
