/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of segctl share.
 */
#ifndef _SEGCTL_H
#define _SEGCTL_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "segfab.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Exit codes, also what every command returns. */
enum {
	DONE = 0,
	USAGE = 1,	/* the command line is wrong */
	REFUSED = 2,	/* by the kernel, or an object is missing */
};

/**
 * struct segctl - the options of the command line
 * @h: the connection with the kernel; every command of a batch uses it
 * @netns: network namespace to work in, or NULL
 * @stats: show counters
 * @details: show more
 * @timestamp: put the time before each event
 */
struct segctl {
	struct segfab	*h;
	const char	*netns;
	bool		stats;
	bool		details;
	bool		timestamp;
};

extern struct segctl segctl;

/**
 * struct args - the words of a command line that are not read yet
 * @argc: how many
 * @argv: the words
 */
struct args {
	int	argc;
	char	**argv;
};

/**
 * struct command - a command of an object
 * @name: its word
 * @run: reads the rest of the command line and does it
 * @shows: it changes nothing; options may stand among its words
 */
struct command {
	const char	*name;
	int		(*run)(struct args *args);
	bool		shows;
};

/**
 * struct object - an object: the first word of a command line
 * @name: its word
 * @run: for an object without commands, which shows something: reads the rest
 *	and does it
 * @commands: its commands, the first is meant if none is given
 * @count: how many
 * @usage: what "help" prints
 */
struct object {
	const char		*name;
	int			(*run)(struct args *args);
	const struct command	*commands;
	unsigned int		count;
	const char		*usage;
};

extern const struct object segment_object;
extern const struct object port_object;
extern const struct object binding_object;
extern const struct object fdb_object;
extern const struct object zone_object;
extern const struct object uplink_object;
extern const struct object policy_object;
extern const struct object remote_object;
extern const struct object stats_object;
extern const struct object monitor_object;
extern const struct object topology_object;
extern const struct object doctor_object;
extern const struct object trace_object;
extern const struct object why_object;

/* error.c: to standard error; the return value is the exit code */
extern const char *error_file;	/* batch file, and the line in it */
extern unsigned int error_line;
int usage_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int failed(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int refused(int err);
void error_object(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int result(int err);

/* signal.c: for what goes on until it is stopped */
extern volatile sig_atomic_t stopped;
void catch_signals(void);
int wait_unless_stopped(struct pollfd *fd, const struct timespec *timeout);

/* main.c */
void take_options(struct args *args);

/* object.c */
int object_run(const struct object *object, struct args *args);

/* batch.c */
int batch_run(const char *file, bool force,
	      int (*run)(struct args *args));

#endif /* _SEGCTL_H */
