// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the word of a command to its function.
 */
#include <stdio.h>
#include <string.h>

#include "parse.h"

static int unknown(const struct object *object, const char *word)
{
	char all[128] = "";

	for (unsigned int i = 0; i < object->count; i++)
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
			 i ? ", " : "", object->commands[i].name);
	return usage_error("%s: there is no command \"%s\", but %s and help",
			   object->name, word, all);
}

static bool is_help(const struct args *args)
{
	static const char *const words[] = { "help", "-h", "--help" };

	for (unsigned int i = 0; args->argc == 1 && i < ARRAY_SIZE(words); i++) {
		if (!strcmp(args->argv[0], words[i]))
			return true;
	}
	return false;
}

static int command_run(const struct object *object,
		       const struct command *command, struct args *args)
{
	if (is_help(args)) {
		fputs(object->usage, stdout);
		return DONE;
	}
	if (!command || command->shows)
		take_options(args);
	return command ? command->run(args) : object->run(args);
}

int object_run(const struct object *object, struct args *args)
{
	const struct command *commands = object->commands;
	const char *word;

	if (object->run || is_help(args))
		return command_run(object, commands, args);

	/* Options alone go with the command that is meant. */
	word = peek(args);
	if (word && *word == '-') {
		take_options(args);
		word = peek(args);
	}
	if (!word)
		return commands[0].run(args);
	next(args);
	for (unsigned int i = 0; i < object->count; i++) {
		if (!strcmp(word, commands[i].name))
			return command_run(object, &commands[i], args);
	}
	return unknown(object, word);
}
