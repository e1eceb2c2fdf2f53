// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a client can send, for libFuzzer: a line with method and URL, then the
 * body. Everything below the wire takes part: router, JSON, validation, rules,
 * store, search, and a realizer with the backend that has no kernel.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api.h"
#include "change.h"
#include "config.h"
#include "json.h"
#include "realizer.h"
#include "session.h"
#include "setup.h"
#include "tracer.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sg_api api;

static void fuzz_require(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static void fuzz_changed(const struct sg_change *c, void *arg)
{
	(void)arg;
	sg_realizer_changed(c, api.realizer);
	sg_tracer_changed(c, api.tracer);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char folder[] = "/dev/shm/segd-fuzz-XXXXXX";
	struct sg_config *config;
	struct sg_error e = {};
	struct sg_host_zones zones = {};
	struct sg_fault fault;

	(void)argc;
	(void)argv;
	sg_log_open(SG_LOG_ERR);
	config = sg_config_read("/nonexistent", false, &e);
	fuzz_require(config && mkdtemp(folder), "a folder");
	free(config->state_dir);
	config->state_dir = sg_strdup(folder);
	api.store = sg_setup_store(config, &e);
	fuzz_require(api.store, e.message);
	sg_config_free(config);
	api.sessions = sg_sessions_new(60);
	api.realizer = sg_realizer_start(api.store,
					 sg_backend_fake.open(NULL, &fault),
					 &zones);
	api.tracer = sg_tracer_start(api.store, api.realizer, 60);
	sg_change_listen(fuzz_changed, NULL);
	return 0;
}

/* An answer is a JSON object, or there is a good reason why it is not. */
static void fuzz_judge(const struct sg_response *rs)
{
	json_t *body;

	fuzz_require(rs->status != 500, rs->body.data);
	if (!rs->body.len || strcmp(rs->type, "application/json"))
		return;
	body = json_loadb(rs->body.data, rs->body.len, 0, NULL);
	fuzz_require(json_is_object(body), rs->body.data);
	fuzz_require(rs->status < 400 ||
		     json_is_integer(json_object_get(body, "error_code")),
		     rs->body.data);
	json_decref(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sg_request rq = { .user = { "fuzz", SG_ADMIN } };
	const char *end = memchr(data, '\n', size);
	struct sg_response rs = {};
	char *line, *query, *body;
	size_t len;

	if (!end)
		return 0;
	len = end - (const char *)data;
	line = sg_alloc(len + 1);
	memcpy(line, data, len);
	rq.len = size - len - 1;
	body = sg_alloc(rq.len + 1);
	memcpy(body, end + 1, rq.len);

	rq.method = line;
	line[strcspn(line, " ")] = '\0';
	rq.path = strlen(line) < len ? line + strlen(line) + 1 : "";
	query = strchr(rq.path, '?');
	if (query) {
		*query = '\0';
		sg_params_parse(&rq, query + 1);
	}
	rq.body = body;
	sg_api_handle(&api, &rq, &rs);
	fuzz_judge(&rs);

	sg_params_free(&rq);
	sg_text_free(&rs.body);
	free(body);
	free(line);
	return 0;
}
