// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration file: lines "KEY = VALUE", '#' begins a comment.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#define SG_WORDS	5

/**
 * struct sg_key - a key of the file
 * @name: the key
 * @read: takes the value; returns what is wrong with it, or NULL
 * @offset: of the member of struct sg_config
 * @min: least number
 * @max: greatest number
 */
struct sg_key {
	const char	*name;
	const char	*(*read)(struct sg_config *c, const struct sg_key *key,
				 char *value);
	size_t		offset;
	unsigned long	min;
	unsigned long	max;
};

static const char sg_no_value[] = "is no value for it";

static const char *sg_key_text(struct sg_config *c,
			       const struct sg_key *key, char *value)
{
	char **member = (char **)((char *)c + key->offset);

	free(*member);
	*member = sg_strdup(value);
	return *value ? NULL : sg_no_value;
}

static bool sg_number(const struct sg_key *key, const char *value,
		      unsigned long *n)
{
	char *end;

	errno = 0;
	*n = strtoul(value, &end, 10);
	return isdigit((unsigned char)*value) && !*end && !errno &&
	       *n >= key->min && *n <= key->max;
}

static const char *sg_key_number(struct sg_config *c,
				 const struct sg_key *key, char *value)
{
	unsigned long n;

	if (!sg_number(key, value, &n))
		return sg_no_value;
	*(unsigned int *)((char *)c + key->offset) = n;
	return NULL;
}

static const char *sg_key_size(struct sg_config *c,
			       const struct sg_key *key, char *value)
{
	unsigned long n;

	if (!sg_number(key, value, &n))
		return sg_no_value;
	*(size_t *)((char *)c + key->offset) = n;
	return NULL;
}

static const char *sg_key_level(struct sg_config *c,
				const struct sg_key *key, char *value)
{
	static const char *const levels[] = {
		[SG_LOG_ERR] = "error",
		[SG_LOG_WARNING] = "warning",
		[SG_LOG_NOTICE] = "notice",
		[SG_LOG_INFO] = "info",
		[SG_LOG_DEBUG] = "debug",
	};

	(void)key;
	for (size_t i = SG_LOG_ERR; i < SG_ARRAY_SIZE(levels); i++)
		if (!strcmp(levels[i], value)) {
			c->log_level = i;
			return NULL;
		}
	return sg_no_value;
}

/* Return: how many words there are, SG_WORDS + 1 if too many */
static int sg_words(char *value, char *words[SG_WORDS])
{
	char *saved;
	int n = 0;

	for (char *word = strtok_r(value, " \t", &saved); word;
	     word = strtok_r(NULL, " \t", &saved)) {
		if (n == SG_WORDS)
			return n + 1;
		words[n++] = word;
	}
	return n;
}

static enum sg_role sg_role(const char *word)
{
	if (!strcmp(word, "admin"))
		return SG_ADMIN;
	return strcmp(word, "auditor") ? SG_NOBODY : SG_AUDITOR;
}

/* NAME ROLE SECRET */
static bool sg_account_read(struct sg_account **list, size_t *count,
			    char *value)
{
	char *words[SG_WORDS];
	struct sg_account *a;

	if (sg_words(value, words) != 3 || sg_role(words[1]) == SG_NOBODY ||
	    strlen(words[0]) >= SG_USER_SIZE)
		return false;
	*list = sg_realloc(*list, (*count + 1) * sizeof(**list));
	a = &(*list)[(*count)++];
	a->name = sg_strdup(words[0]);
	a->role = sg_role(words[1]);
	a->secret = sg_strdup(words[2]);
	return true;
}

static const char *sg_key_user(struct sg_config *c,
			       const struct sg_key *key, char *value)
{
	(void)key;
	return sg_account_read(&c->user, &c->users, value) ? NULL :
	       sg_no_value;
}

static const char *sg_key_identity(struct sg_config *c,
				   const struct sg_key *key, char *value)
{
	(void)key;
	return sg_account_read(&c->identity, &c->identities, value) ? NULL :
	       sg_no_value;
}

static const char *sg_key_zone(struct sg_config *c, const struct sg_key *key,
			       char *value)
{
	char *words[SG_WORDS];

	(void)key;
	return sg_host_zone_read(&c->zones, words, sg_words(value, words));
}

static const char *sg_key_policy(struct sg_config *c, const struct sg_key *key,
				 char *value)
{
	char *words[SG_WORDS];

	(void)key;
	return sg_host_policy_read(&c->zones, words, sg_words(value, words));
}

static const char *sg_key_endpoints(struct sg_config *c,
				    const struct sg_key *key, char *value)
{
	char *words[SG_WORDS];

	(void)key;
	return sg_host_endpoints_read(&c->zones, words,
				      sg_words(value, words));
}

static const char *sg_key_traces(struct sg_config *c, const struct sg_key *key,
				 char *value)
{
	char *words[SG_WORDS];

	(void)key;
	return sg_host_traces_read(&c->zones, words, sg_words(value, words));
}

static const char *sg_key_peer(struct sg_config *c, const struct sg_key *key,
			       char *value)
{
	char *words[SG_WORDS];

	(void)key;
	return sg_peer_read(&c->peers, words, sg_words(value, words));
}

#define KEY(n, r, m, ...)						\
	{ n, sg_key_##r, offsetof(struct sg_config, m), __VA_ARGS__ }

static const struct sg_key sg_keys[] = {
	KEY("listen", text, listen, 0, 0),
	KEY("port", number, port, 0, 65535),
	KEY("state-dir", text, state_dir, 0, 0),
	KEY("certificate", text, certificate, 0, 0),
	KEY("key", text, key, 0, 0),
	KEY("client-ca", text, client_ca, 0, 0),
	KEY("session-timeout", number, session_timeout, 1, 86400),
	KEY("request-timeout", number, request_timeout, 1, 3600),
	KEY("body-limit", size, body_limit, 1024, 1UL << 30),
	KEY("traceflow-idle", number, trace_idle, 1, 604800),
	KEY("threads", number, threads, 1, 64),
	KEY("log-level", level, log_level, 0, 0),
	KEY("user", user, user, 0, 0),
	KEY("identity", identity, identity, 0, 0),
	KEY("transport-zone", zone, zones, 0, 0),
	KEY("teaming-policy", policy, zones, 0, 0),
	KEY("tunnel-endpoints", endpoints, zones, 0, 0),
	KEY("zone-traces", traces, zones, 0, 0),
	KEY("trace-peer", peer, peers, 0, 0),
};

static char *sg_trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

static int sg_config_line(struct sg_config *c, char *line, const char *file,
			  unsigned int number, struct sg_error *e)
{
	char *value, *name;

	line[strcspn(line, "#")] = '\0';
	name = sg_trim(line);
	if (!*name)
		return 0;
	value = strchr(name, '=');
	if (!value)
		return sg_fail(e, SG_E_SYNTAX, "%s:%u: KEY = VALUE is expected",
			       file, number);
	*value = '\0';
	name = sg_trim(name);
	value = sg_trim(value + 1);
	for (size_t i = 0; i < SG_ARRAY_SIZE(sg_keys); i++) {
		const char *wrong;
		char *copy;

		if (strcmp(sg_keys[i].name, name))
			continue;
		copy = sg_strdup(value);
		wrong = sg_keys[i].read(c, &sg_keys[i], copy);
		free(copy);
		return wrong ? sg_fail(e, SG_E_SYNTAX,
				       "%s:%u: %s: \"%.200s\" %s", file,
				       number, name, value, wrong) : 0;
	}
	return sg_fail(e, SG_E_SYNTAX, "%s:%u: there is no key \"%.64s\"", file,
		       number, name);
}

/* What nobody has set is in the state folder. */
static void sg_config_defaults(struct sg_config *c)
{
	if (!c->certificate)
		c->certificate = sg_printf("%s/server.crt", c->state_dir);
	if (!c->key)
		c->key = sg_printf("%s/server.key", c->state_dir);
	if (!c->users) {
		char *value = sg_printf("admin admin %s/admin.password",
					c->state_dir);

		sg_account_read(&c->user, &c->users, value);
		free(value);
	}
}

/**
 * sg_config_read - read the configuration
 * @file: its file
 * @must: whether it must be there
 * @e: takes the reason of a failure: file, line, what
 *
 * Return: the configuration or NULL
 */
struct sg_config *sg_config_read(const char *file, bool must,
				 struct sg_error *e)
{
	struct sg_config *c = sg_alloc(sizeof(*c));
	FILE *in = fopen(file, "re");
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;
	int err = 0;

	c->listen = sg_strdup("127.0.0.1");
	c->port = 8443;
	c->state_dir = sg_strdup("/var/lib/segd");
	c->session_timeout = 1800;
	c->request_timeout = 60;
	c->body_limit = 16 * 1024 * 1024;
	c->trace_idle = 7200;
	c->threads = 4;
	c->log_level = SG_LOG_NOTICE;
	if (!in && (must || errno != ENOENT))
		err = sg_fail(e, SG_E_SYNTAX, "%s: %s", file, strerror(errno));
	while (in && !err && getline(&line, &size, in) >= 0)
		err = sg_config_line(c, line, file, ++number, e);
	free(line);
	if (in)
		fclose(in);
	if (err) {
		sg_config_free(c);
		return NULL;
	}
	sg_config_defaults(c);
	return c;
}

static void sg_accounts_free(struct sg_account *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(list[i].name);
		free(list[i].secret);
	}
	free(list);
}

void sg_config_free(struct sg_config *c)
{
	if (!c)
		return;
	sg_accounts_free(c->user, c->users);
	sg_accounts_free(c->identity, c->identities);
	sg_host_zones_free(&c->zones);
	sg_peers_free(&c->peers);
	free(c->listen);
	free(c->state_dir);
	free(c->certificate);
	free(c->key);
	free(c->client_ca);
	free(c);
}
