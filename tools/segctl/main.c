// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl: parent and child network segments from the command line.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "parse.h"
#include "print.h"
#include "segctl.h"

static const char usage[] =
	"Usage: segctl [ OPTIONS ] OBJECT { COMMAND | help }\n"
	"       segctl [ OPTIONS ] -b FILE\n"
	"where  OBJECT := { segment | port | binding | fdb | zone | uplink |\n"
	"                   policy | remote | stats | monitor | topology |\n"
	"                   doctor | trace | why }\n"
	"       OPTIONS := { -j | --json | -p | --pretty | -s | --stats |\n"
	"                    -d | --details | -t | --timestamp |\n"
	"                    -n NETNS | --netns NETNS | -b FILE | --batch FILE |\n"
	"                    --force | --color[={ auto | always | never }] |\n"
	"                    -V | --version | -h | --help }\n";

struct segctl segctl;

enum colour_mode {
	COLOUR_NEVER,
	COLOUR_AUTO,
	COLOUR_ALWAYS,
};

/* What only main() needs of the options. */
static struct {
	const char		*batch;
	bool			force;
	bool			version;
	bool			help;
	bool			ended;
	enum colour_mode	colour;
} options;

/* The first FLAGS_SHOW say how to show something. */
#define FLAGS_SHOW	5

static const struct flag {
	char		letter;
	const char	*name;
	bool		*value;
} flags[] = {
	{ 'j', "json", &print.json },
	{ 'p', "pretty", &print.pretty },
	{ 's', "stats", &segctl.stats },
	{ 'd', "details", &segctl.details },
	{ 't', "timestamp", &segctl.timestamp },
	{ 'f', "force", &options.force },
	{ 'V', "version", &options.version },
	{ 'h', "help", &options.help },
};

static const struct option {
	char		letter;
	const char	*name;
	const char	**value;
} with_value[] = {
	{ 'n', "netns", &segctl.netns },
	{ 'b', "batch", &options.batch },
};

static const struct object *const objects[] = {
	&segment_object,
	&port_object,
	&binding_object,
	&fdb_object,
	&zone_object,
	&uplink_object,
	&policy_object,
	&remote_object,
	&stats_object,
	&monitor_object,
	&topology_object,
	&doctor_object,
	&trace_object,
	&why_object,
};

static const struct object *find_object(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(objects); i++) {
		if (!strcmp(name, objects[i]->name))
			return objects[i];
	}
	usage_error("there is no object \"%s\", try \"segctl help\"", name);
	return NULL;
}

/* What follows "help": nothing, or an object. */
static int help(struct args *args)
{
	const char *name = next(args);
	const struct object *object;

	if (!name) {
		fputs(usage, stdout);
		return DONE;
	}
	object = find_object(name);
	if (!object)
		return USAGE;
	fputs(object->usage, stdout);
	return DONE;
}

static int run_object(struct args *args)
{
	const char *word = next(args);
	const struct object *object;

	if (!word) {
		fputs(usage, stderr);
		return USAGE;
	}
	if (!strcmp(word, "help"))
		return help(args);
	object = find_object(word);
	return object ? object_run(object, args) : USAGE;
}

/* Options among the words of a command are for this command only. */
static int run(struct args *args)
{
	const struct segctl segctl_before = segctl;
	const struct print print_before = print;
	const bool ended_before = options.ended;
	int ret = run_object(args);

	segctl = segctl_before;
	print = print_before;
	options.ended = ended_before;
	return ret;
}

/* Here and below, the first @count flags are looked through. */
static const struct flag *short_flag(char letter, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (letter == flags[i].letter)
			return &flags[i];
	}
	return NULL;
}

static bool long_flag(const char *name, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (!strcmp(name, flags[i].name)) {
			*flags[i].value = true;
			return true;
		}
	}
	return false;
}

/* "-n VALUE", "--netns VALUE" or "--netns=VALUE". */
static int value_option(const struct option *o, const char *word,
			struct args *args)
{
	const char *equals = strchr(word, '=');

	*o->value = equals ? equals + 1 : next(args);
	if (!*o->value || !**o->value)
		return usage_error("option --%s: its value is missing",
				   o->name);
	return DONE;
}

static const struct option *find_option(const char *word, const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(with_value); i++) {
		const struct option *o = &with_value[i];
		size_t len = strlen(o->name);

		if (word[1] == o->letter && !word[2])
			return o;
		if (!strncmp(name, o->name, len) &&
		    (!name[len] || name[len] == '='))
			return o;
	}
	return NULL;
}

static int colour_option(const char *name)
{
	if (!strcmp(name, "color") || !strcmp(name, "color=always"))
		options.colour = COLOUR_ALWAYS;
	else if (!strcmp(name, "color=auto"))
		options.colour = COLOUR_AUTO;
	else if (!strcmp(name, "color=never"))
		options.colour = COLOUR_NEVER;
	else
		return usage_error("option --color: \"%s\" is not auto, always or never",
				   name + strlen("color="));
	return DONE;
}

/* Letters after one dash. */
static bool short_flags(const char *letters, unsigned int count)
{
	for (const char *p = letters; *p; p++) {
		if (!short_flag(*p, count))
			return false;
	}
	for (; *letters; letters++)
		*short_flag(*letters, count)->value = true;
	return true;
}

/* As with ip(8), one dash will do for a name, too. */
static const char *option_name(const char *word)
{
	return word + (word[1] == '-' ? 2 : 1);
}

static bool parse_flag(const char *word, unsigned int count)
{
	return long_flag(option_name(word), count) ||
	       (word[1] != '-' && short_flags(word + 1, count));
}

static int parse_option(const char *word, struct args *args)
{
	const char *name = option_name(word);
	const struct option *o = find_option(word, name);

	if (o)
		return value_option(o, word, args);
	if (!strcmp(name, "color") || !strncmp(name, "color=", 6))
		return colour_option(name);
	if (parse_flag(word, ARRAY_SIZE(flags)))
		return DONE;
	return usage_error("there is no option \"%s\", try \"segctl -h\"",
			   word);
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* Options end at the first word without a dash. */
static int parse_options(struct args *args)
{
	while (peek(args) && is_option(peek(args))) {
		const char *word = next(args);
		int ret;

		if (!strcmp(word, "--")) {
			options.ended = true;
			break;
		}
		ret = parse_option(word, args);
		if (ret != DONE)
			return ret;
	}
	return DONE;
}

/*
 * Take what says how to show something out of the words of a command that does:
 * "binding show -j" is what people write. After "--", words are what they are.
 */
void take_options(struct args *args)
{
	int kept = 0;

	for (int i = 0; i < args->argc; i++) {
		char *word = args->argv[i];

		if (!options.ended && !strcmp(word, "--"))
			options.ended = true;
		else if (options.ended || !is_option(word) ||
			 !parse_flag(word, FLAGS_SHOW))
			args->argv[kept++] = word;
	}
	args->argc = kept;
}

/* The width of the terminal; programs that read lines get whole ones. */
static unsigned int text_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return 0;
	return size.ws_col >= 40 ? size.ws_col : 80;
}

static void prepare_print(void)
{
	const char *no_colour = getenv("NO_COLOR");
	bool colour = options.colour == COLOUR_ALWAYS;

	if (options.colour == COLOUR_AUTO)
		colour = isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
	print.colour = colour;
	print.width = text_width();
}

static int open_handle(void)
{
	int err;

	segctl.h = segfab_new();
	if (!segctl.h)
		return failed("out of memory");

	/* The whole process moves: /proc/sys is looked at, too. */
	if (segctl.netns) {
		err = segfab_netns_enter(segctl.h, segctl.netns);
		if (err)
			return refused(err);
	}
	err = segfab_open(segctl.h, NULL);
	return err ? refused(err) : DONE;
}

/*
 * Where standard input, output or error is closed, a socket would get its
 * number, and the kernel what is printed. This takes the number, and can be
 * neither read nor written.
 */
static int hold_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && open("/", O_PATH) < 0)
			return REFUSED;
	}
	return DONE;
}

static int do_all(struct args *args)
{
	int ret = parse_options(args);

	if (ret != DONE)
		return ret;
	if (options.help) {
		fputs(usage, stdout);
		return DONE;
	}
	if (options.version) {
		printf("segctl %s\n", segfab_version());
		return DONE;
	}
	if (options.batch && args->argc)
		return usage_error("unexpected \"%s\" after --batch",
				   args->argv[0]);
	prepare_print();

	ret = open_handle();
	if (ret != DONE)
		return ret;
	return options.batch ? batch_run(options.batch, options.force, run) :
	       run(args);
}

/* The exit code @ret, unless something of the output was lost. */
static int end_output(int ret)
{
	int err = ferror(stdout) ? EIO : 0;

	if (fflush(stdout) || close(STDOUT_FILENO))
		err = errno;
	return err ? failed("standard output: %s", strerror(err)) : ret;
}

int main(int argc, char **argv)
{
	struct args args = { argc - 1, argv + 1 };
	int ret;

	if (hold_standard_files() != DONE)
		return REFUSED;
	ret = end_output(do_all(&args));
	segfab_free(segctl.h);
	return ret;
}
