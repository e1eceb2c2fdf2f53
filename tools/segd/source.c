// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the frame of a traceflow comes from: from paths to devices. What does
 * not fit is said in the words of the API, before the kernel says it in its.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "source.h"

#define SG_NO_PORT	"SOURCE_PORT_NOT_FOUND"
#define SG_NOT_READY	"DATA_PATH_NOT_READY"

static enum sg_found sg_source_fails(struct sg_traced *t, const char *request,
				     const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static enum sg_found sg_source_fails(struct sg_traced *t, const char *request,
				     const char *fmt, ...)
{
	va_list ap;

	t->request = request;
	va_start(ap, fmt);
	vsnprintf(t->why, sizeof(t->why), fmt, ap);
	va_end(ap);
	return SG_NOT_FOUND;
}

/**
 * sg_source_child - the child that the container of a traceflow is on
 * @config: the traceflow
 *
 * Return: its path, or ""
 */
const char *sg_source_child(const json_t *config)
{
	const char *path = sg_json_text(config,
					"connected_segment_path_as_source");

	return *path ? path : sg_json_text(config,
					   "connected_parent_path_as_source");
}

/* --- The port --- */

/* By its path, or by its unique_id. */
static enum sg_found sg_source_port(struct sg_db *db, struct sg_traced *t)
{
	const char *name = sg_json_text(t->config, "segment_port_path");
	struct sg_target port;
	struct sg_error e = {};
	json_t *object;
	char *path;

	if (!*name)
		name = sg_json_text(t->config, "source_id");
	path = *name == '/' ? sg_strdup(name) :
	       sg_store_unique(db, "SegmentPort", name);
	object = path && !sg_target_parse(&port, path, &e) &&
		 !port.collection && !*port.rest &&
		 !strcmp(port.type->name, "SegmentPort") ?
		 sg_store_get(db, path) : NULL;
	free(path);
	if (!object || sg_json_true(object, "marked_for_delete")) {
		json_decref(object);
		return sg_source_fails(t, SG_NO_PORT,
				       "there is no segment port [%.512s]",
				       name);
	}
	json_decref(object);
	memcpy(t->port, port.path, sizeof(t->port));
	memcpy(t->segment, port.owner, sizeof(t->segment));
	return SG_FOUND;
}

/* --- The child --- */

struct sg_map_search {
	struct sg_db	*db;
	const char	*parent;
	char		path[SG_PATH_SIZE];
};

static int sg_map_try(const char *path, const char *type, void *arg)
{
	struct sg_map_search *s = arg;
	json_t *map;
	bool leads;

	if (strcmp(type, "SegmentConnectionBindingMap"))
		return 0;
	map = sg_store_get(s->db, path);
	leads = !strcmp(sg_json_text(map, "segment_path"), s->parent);
	json_decref(map);
	return leads && sg_format(s->path, sizeof(s->path), "%s", path);
}

/* How far has an object come? Its device if it is there. */
static enum sg_found sg_source_ready(struct sg_realizer *r,
				     struct sg_traced *t, const char *path,
				     char device[SG_DEVICE_SIZE])
{
	struct sg_status status;

	sg_realizer_status(r, path, &status);
	if (status.state == SG_STATE_REALIZED && *status.device) {
		memcpy(device, status.device, SG_DEVICE_SIZE);
		return SG_FOUND;
	}
	sg_source_fails(t, SG_NOT_READY, "path=[%.512s] is not ready: %s", path,
			*status.message ? status.message :
			status.state == SG_STATE_REALIZED ?
			"nothing is attached" : "it is being realized");
	return status.state == SG_STATE_PENDING ? SG_NOT_YET : SG_NOT_FOUND;
}

static enum sg_found sg_source_via(struct sg_realizer *r, struct sg_db *db,
				   struct sg_traced *t, const char *child,
				   struct sg_want_trace *want)
{
	struct sg_map_search s = { .db = db, .parent = t->segment };
	char device[SG_DEVICE_SIZE];
	enum sg_found found;

	if (!sg_store_below(db, child, sg_map_try, &s))
		return sg_source_fails(t, SG_NOT_READY,
				       "path=[%.400s] is no child of path=[%.400s]: there is no binding map",
				       child, t->segment);
	found = sg_source_ready(r, t, child, want->via);
	return found == SG_FOUND ? sg_source_ready(r, t, s.path, device) :
				   found;
}

/* --- The gateway --- */

static enum sg_found sg_source_gateway(struct sg_realizer *r, struct sg_db *db,
				       struct sg_traced *t,
				       const char *network,
				       struct sg_frame *frame,
				       struct sg_want_trace *want)
{
	json_t *segment = sg_store_get(db, network);
	const json_t *subnet = json_array_get(json_object_get(segment,
							      "subnets"), 0);
	bool there = subnet &&
		     !sg_frame_ask(frame, sg_json_text(subnet,
						       "gateway_address"));

	json_decref(segment);
	if (!there)
		return sg_source_fails(t, SG_NOT_READY,
				       "path=[%.512s] has no gateway that the packet could be routed to",
				       network);
	return sg_source_ready(r, t, network, want->gateway);
}

/**
 * sg_source - find where the frame of a traceflow comes from
 * @r: knows the devices
 * @db: a connection
 * @t: the traceflow; takes paths, or why not
 * @frame: its frame
 * @want: takes what the backend is to do
 *
 * Return: enum sg_found
 */
enum sg_found sg_source(struct sg_realizer *r, struct sg_db *db,
			struct sg_traced *t, struct sg_frame *frame,
			struct sg_want_trace *want)
{
	const char *child = sg_source_child(t->config);
	struct sg_error e = {};
	enum sg_found found;

	if (sg_frame_make(json_object_get(t->config, "packet"), frame, &e))
		return sg_source_fails(t, "UNKNOWN", "%.900s", e.message);
	want->frame = frame->bytes;
	want->len = frame->len;
	found = sg_source_port(db, t);
	if (found == SG_FOUND)
		found = sg_source_ready(r, t, t->port, want->port);
	if (found == SG_FOUND && *child)
		found = sg_source_via(r, db, t, child, want);
	if (found == SG_FOUND && frame->routed)
		found = sg_source_gateway(r, db, t,
					  *child ? child : t->segment, frame,
					  want);
	return found;
}
