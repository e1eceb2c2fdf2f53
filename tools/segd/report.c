// SPDX-License-Identifier: GPL-2.0-only
/*
 * What clients are told about a frame that was followed: the kernel names
 * devices, clients know paths. A segment is a logical switch (LS), its host a
 * router (LR), an uplink is PHYSICAL.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "report.h"

#define SG_ANALYSES	64	/* sentences at most */

/* --- Devices and what they stand for --- */

/**
 * struct sg_place - a device that a frame has met
 * @device: its name
 * @path: of the object that it stands for; NULL if it is none of the API's
 * @object: the object
 */
struct sg_place {
	char	device[SG_DEVICE_SIZE];
	char	*path;
	json_t	*object;
};

static int sg_place_compare(const void *a, const void *b)
{
	const struct sg_place *x = a, *y = b;

	return strcmp(x->device, y->device);
}

static struct sg_place *sg_place_find(void *places, const char *device)
{
	struct sg_place key, **found;

	sg_format(key.device, sizeof(key.device), "%s", device);
	found = tfind(&key, &places, sg_place_compare);
	return found ? *found : NULL;
}

static void sg_place_add(void **places, const char *device)
{
	struct sg_place *place;

	if (!*device || sg_place_find(*places, device))
		return;
	place = sg_alloc(sizeof(*place));
	sg_format(place->device, sizeof(place->device), "%s", device);
	tsearch(place, places, sg_place_compare);
}

static void sg_place_name(const char *path, const char *type,
			  const struct sg_status *status, void *places)
{
	struct sg_place *place;

	if (strcmp(type, "Segment") && strcmp(type, "SegmentPort"))
		return;
	place = sg_place_find(places, status->device);
	if (place && !place->path)
		place->path = sg_strdup(path);
}

static void sg_place_read(const void *node, VISIT which, void *db)
{
	struct sg_place *place = *(struct sg_place **)node;

	if ((which == postorder || which == leaf) && place->path)
		place->object = sg_store_get(db, place->path);
}

static void sg_place_free(void *arg)
{
	struct sg_place *place = arg;

	json_decref(place->object);
	free(place->path);
	free(place);
}

/* All that a frame has met. */
static void *sg_places(struct sg_realizer *r, struct sg_db *db,
		       const struct sg_traced *t)
{
	void *places = NULL;

	for (size_t i = 0; i < t->steps; i++) {
		sg_place_add(&places, t->step[i].segment);
		sg_place_add(&places, t->step[i].port);
	}
	sg_realizer_walk(r, sg_place_name, places);
	twalk_r(places, sg_place_read, db);
	return places;
}

/* --- Observations --- */

/**
 * struct sg_report - a report that is written
 * @t: what it is about
 * @places: tree of struct sg_place
 * @source: the segment of the port that the frame came from
 * @node_id: this host's id
 * @node: its name
 */
struct sg_report {
	const struct sg_traced	*t;
	void			*places;
	json_t			*source;
	char			*node_id;
	char			node[65];
};

static bool sg_is_uplink(const struct segfab_observation *o)
{
	return o->component == SEGFAB_TRACE_COMPONENT_UPLINK;
}

/* What leaves by an uplink goes on: it is not at its end. */
static const char *sg_step_type(const struct segfab_observation *o)
{
	const bool physical = sg_is_uplink(o);

	switch (o->action) {
	case SEGFAB_TRACE_ACTION_RECEIVED:
		return physical ? "TraceflowObservationReceived" :
				  "TraceflowObservationReceivedLogical";
	case SEGFAB_TRACE_ACTION_FORWARDED:
		return physical ? "TraceflowObservationForwarded" :
				  "TraceflowObservationForwardedLogical";
	case SEGFAB_TRACE_ACTION_REPLICATED:
		return "TraceflowObservationReplicationLogical";
	case SEGFAB_TRACE_ACTION_DELIVERED:
		return physical ? "TraceflowObservationForwarded" :
				  "TraceflowObservationDelivered";
	case SEGFAB_TRACE_ACTION_DROPPED:
		return physical ? "TraceflowObservationDropped" :
				  "TraceflowObservationDroppedLogical";
	default:
		return "TraceflowObservation";
	}
}

static const char *sg_step_component(const struct segfab_observation *o)
{
	switch (o->component) {
	case SEGFAB_TRACE_COMPONENT_PORT:
	case SEGFAB_TRACE_COMPONENT_VLAN:
	case SEGFAB_TRACE_COMPONENT_SEGMENT:
	case SEGFAB_TRACE_COMPONENT_FDB:
		return "LS";
	case SEGFAB_TRACE_COMPONENT_HOST:
		return "LR";
	case SEGFAB_TRACE_COMPONENT_UPLINK:
		return "PHYSICAL";
	default:
		return "UNKNOWN";
	}
}

/* The API's word for the reason of a drop; the kernel's own goes with it. */
static const char *sg_drop_word(unsigned int reason)
{
	switch (reason) {
	case SEGFAB_A_DROPS_UNBOUND_VLAN:
	case SEGFAB_A_DROPS_SERVICE_VLAN:
	case SEGFAB_A_DROPS_DOUBLE_TAGGED:
		return "VLAN";
	case SEGFAB_A_DROPS_UNKNOWN_UNICAST:
		return "NO_MAC";
	case SEGFAB_A_DROPS_PORT_DOWN:
	case SEGFAB_A_DROPS_TOO_BIG:
	case SEGFAB_A_DROPS_TRANSMIT:
	case SEGFAB_A_DROPS_NO_UPLINK:
		return "IFACE";
	case SEGFAB_A_DROPS_INACTIVE_UPLINK:
		return "FILTERED_UPLINK";
	default:
		return segfab_drop_name(reason) ? "LSWITCH" : "UNKNOWN";
	}
}

static const char *sg_drop_name(unsigned int reason)
{
	const char *name = segfab_drop_name(reason);

	return name ? name : segfab_drop_name(0);
}

/* Members that name an object: PREFIX_id, PREFIX_name, and its path. */
static void sg_step_object(json_t *step, const char *prefix, const char *path,
			   const json_t *object)
{
	char key[64];

	sg_format(key, sizeof(key), "%s_id", prefix);
	sg_json_set_text(step, key, sg_json_text(object, "unique_id"));
	sg_format(key, sizeof(key), "%s_name", prefix);
	sg_json_set_text(step, key, sg_json_text(object, "display_name"));
	sg_json_set_text(step, path, sg_json_text(object, "path"));
}

/* The binding map belongs to the child, which is where the frame is then. */
static void sg_step_binding(json_t *step, const struct segfab_observation *o,
			    const struct sg_place *segment)
{
	if (*o->binding && segment && segment->path)
		json_object_set_new(step, "connection_binding_map_path",
				    json_sprintf("%s/segment-connection-binding-maps/%s",
						 segment->path, o->binding));
	if (o->vlan)
		json_object_set_new(step,
				    o->action == SEGFAB_TRACE_ACTION_DELIVERED ?
				    "vlan_id" : "vlan", json_integer(o->vlan));
}

static void sg_step_port(json_t *step, const struct segfab_observation *o,
			 const struct sg_place *port)
{
	if (sg_is_uplink(o)) {
		if (*o->port)
			sg_json_set_text(step, "uplink_name", o->port);
		return;
	}
	if (port && port->object)
		sg_step_object(step, "lport", "segment_port_path",
			       port->object);
	else if (*o->port)
		sg_json_set_text(step, "lport_name", o->port);
}

/*
 * A tag leads from the parent to the child: the parent is where it happens.
 * A container that a trace begins with has come that way, too.
 */
static void sg_step_segments(const struct sg_report *rp, json_t *step,
			     const struct segfab_observation *o,
			     const json_t *segment)
{
	const bool demux = o->component == SEGFAB_TRACE_COMPONENT_VLAN &&
			   o->action == SEGFAB_TRACE_ACTION_FORWARDED;
	const bool via = o->component == SEGFAB_TRACE_COMPONENT_SEGMENT &&
			 o->action == SEGFAB_TRACE_ACTION_RECEIVED &&
			 *o->binding;

	if (sg_is_uplink(o)) {
		sg_json_set_text(step, "component_name", "Physical");
		return;
	}
	sg_step_object(step, "component", "component_path",
		       demux ? rp->source : segment);
	if (demux) {
		sg_step_object(step, "dst_component", "dst_component_path",
			       segment);
		sg_json_set_text(step, "dst_component_type", "LS");
	} else if (via) {
		sg_step_object(step, "src_component", "src_component_path",
			       rp->source);
		sg_json_set_text(step, "src_component_type", "LS");
	}
}

static json_t *sg_step(const struct sg_report *rp,
		       const struct segfab_observation *o)
{
	const struct sg_place *segment = sg_place_find(rp->places, o->segment);
	const struct sg_place *port = sg_place_find(rp->places, o->port);
	json_t *step;

	step = json_pack("{s:s, s:i, s:I, s:I, s:s, s:s, s:s, s:s, s:s}",
			 "resource_type", sg_step_type(o),
			 "sequence_no", 0,
			 "timestamp", (json_int_t)(o->time / 1000000),
			 "timestamp_micro", (json_int_t)(o->time / 1000),
			 "transport_node_id", rp->node_id,
			 "transport_node_name", rp->node,
			 "transport_node_type", "OTHERS",
			 "component_type", sg_step_component(o),
			 "component_sub_type", "UNKNOWN");
	sg_step_segments(rp, step, o, segment ? segment->object : NULL);
	sg_step_port(step, o, port);
	sg_step_binding(step, o, segment);
	if (o->action == SEGFAB_TRACE_ACTION_DROPPED) {
		sg_json_set_text(step, "reason", sg_drop_word(o->reason));
		sg_json_set_text(step, "drop_reason", sg_drop_name(o->reason));
	} else if (o->action == SEGFAB_TRACE_ACTION_DELIVERED &&
		   *o->binding && port && port->path) {
		sg_json_set_text(step, "parent_port_path", port->path);
	}
	return step;
}

/* --- The status --- */

static json_t *sg_report_counters(const struct sg_traced *t, bool logical)
{
	json_int_t n[SEGFAB_TRACE_ACTION_DROPPED + 1] = {};

	for (size_t i = 0; i < t->steps; i++) {
		const struct segfab_observation *o = &t->step[i];
		unsigned int action = o->action;

		if (sg_is_uplink(o) && action == SEGFAB_TRACE_ACTION_DELIVERED)
			action = SEGFAB_TRACE_ACTION_FORWARDED;
		if (!!strstr(sg_step_type(o), "Logical") == logical &&
		    action < SG_ARRAY_SIZE(n))
			n[action]++;
	}
	return json_pack("{s:I, s:I, s:I, s:I}",
			 "received_count", n[SEGFAB_TRACE_ACTION_RECEIVED],
			 "delivered_count", n[SEGFAB_TRACE_ACTION_DELIVERED],
			 "dropped_count", n[SEGFAB_TRACE_ACTION_DROPPED],
			 "forwarded_count",
			 n[SEGFAB_TRACE_ACTION_FORWARDED] +
			 n[SEGFAB_TRACE_ACTION_REPLICATED]);
}

/**
 * sg_report_status - what is told while a frame is followed, and begins a
 *	report
 * @t: the frame
 * @state: the API's word for how far it is
 *
 * Return: a new reference
 */
json_t *sg_report_status(const struct sg_traced *t, const char *state)
{
	const char *port = sg_json_text(t->config, "segment_port_path");
	json_t *analysis = json_array();

	if (!*port)
		port = sg_json_text(t->config, "source_id");
	if (*t->why)
		json_array_append_new(analysis, json_string(t->why));
	return json_pack("{s:s, s:s, s:O, s:s, s:b, s:o, s:o, s:o, s:s}",
			 "id", t->path, "lport_id", *t->port ? t->port : port,
			 "timeout", json_object_get(t->config, "timeout"),
			 "operation_state", state,
			 "result_overflowed", t->end.lost > 0,
			 "counters", sg_report_counters(t, false),
			 "logical_counters", sg_report_counters(t, true),
			 "analysis", analysis,
			 "request_status", t->request);
}

/* A sentence about each end of the way. */
static void sg_report_analyse(const struct sg_report *rp, json_t *analysis,
			      const struct segfab_observation *o)
{
	const struct sg_place *place = sg_place_find(rp->places,
						     *o->port ? o->port :
						     o->segment);
	const char *where = place && place->path ? place->path :
			    *o->port ? o->port : o->segment;
	const char *host = *o->port ? "" : "the host in ";

	if (json_array_size(analysis) == SG_ANALYSES)
		return;
	if (o->action == SEGFAB_TRACE_ACTION_DROPPED)
		json_array_append_new(analysis,
				      json_sprintf("dropped at %s%s: %s", host,
						   where,
						   sg_drop_name(o->reason)));
	else if (o->action != SEGFAB_TRACE_ACTION_DELIVERED)
		return;
	else if (sg_is_uplink(o))
		json_array_append_new(analysis,
				      json_sprintf("left the host by the uplink %s",
						   where));
	else if (*o->binding)
		json_array_append_new(analysis,
				      json_sprintf("delivered to %s with the tag %u",
						   where, o->vlan));
	else
		json_array_append_new(analysis,
				      json_sprintf("delivered to %s%s", host,
						   where));
}

/**
 * sg_report - all that is told when it is over
 * @r: knows what devices stand for
 * @db: a connection
 * @t: the frame
 *
 * Return: a new reference: the members "status" and "observations"
 */
json_t *sg_report(struct sg_realizer *r, struct sg_db *db,
		  const struct sg_traced *t)
{
	struct sg_report rp = {
		.t = t,
		.places = sg_places(r, db, t),
		.source = *t->segment ? sg_store_get(db, t->segment) : NULL,
		.node_id = sg_store_setting(db, "node_id"),
	};
	json_t *steps = json_array(), *status;

	gethostname(rp.node, sizeof(rp.node) - 1);
	status = sg_report_status(t, *t->why ? "FAILED" : "FINISHED");
	for (size_t i = 0; i < t->steps; i++) {
		json_array_append_new(steps, sg_step(&rp, &t->step[i]));
		sg_report_analyse(&rp, json_object_get(status, "analysis"),
				  &t->step[i]);
	}
	tdestroy(rp.places, sg_place_free);
	json_decref(rp.source);
	free(rp.node_id);
	return json_pack("{s:o, s:o}", "status", status, "observations",
			 steps);
}
