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

int object_run(const struct object *object, struct args *args)
{
	const char *word = next(args);

	if (!word)
		return object->commands[0].run(args);
	if (!strcmp(word, "help")) {
		fputs(object->usage, stdout);
		return DONE;
	}

	for (unsigned int i = 0; i < object->count; i++) {
		if (strcmp(word, object->commands[i].name))
			continue;
		if (args->argc == 1 && !strcmp(args->argv[0], "help")) {
			fputs(object->usage, stdout);
			return DONE;
		}
		return object->commands[i].run(args);
	}
	return unknown(object, word);
}
