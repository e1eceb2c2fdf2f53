// SPDX-License-Identifier: GPL-2.0-only
/*
 * What clients are told about a frame that was followed: the kernel names
 * devices, clients know paths. A segment is a logical switch (LS), its host a
 * router (LR), an uplink is PHYSICAL.
 */
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
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

/* --- What was seen --- */

/**
 * sg_has_left - has the frame gone to another host, which may follow it on?
 * @o: what was seen
 */
bool sg_has_left(const struct segfab_observation *o)
{
	return o->component == SEGFAB_TRACE_COMPONENT_UPLINK &&
	       o->action == SEGFAB_TRACE_ACTION_FORWARDED;
}

/**
 * sg_traced_add - note what was seen of a frame
 * @o: what was seen
 * @traced: the frame
 *
 * Return: 0
 */
int sg_traced_add(const struct segfab_observation *o, void *traced)
{
	struct sg_traced *t = traced;

	if (t->steps == t->size) {
		t->size = t->size ? 2 * t->size : 16;
		t->step = sg_realloc(t->step, t->size * sizeof(*t->step));
	}
	t->step[t->steps++] = *o;
	t->delivered |= o->action == SEGFAB_TRACE_ACTION_DELIVERED ||
			sg_has_left(o);
	t->dropped |= o->action == SEGFAB_TRACE_ACTION_DROPPED;
	return 0;
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

/*
 * Members that name an object: PREFIX_id, PREFIX_name, and its path. A device
 * that stands for none has a name.
 */
static void sg_step_object(json_t *step, const char *prefix, const char *path,
			   const json_t *object, const char *device)
{
	char key[64];

	if (!object) {
		sg_format(key, sizeof(key), "%s_name", prefix);
		sg_json_set_text(step, key, device);
		return;
	}
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
	const bool uplink = sg_is_uplink(o);

	if (*o->remote && (uplink || o->vni))
		sg_json_set_text(step, "remote_ip_address", o->remote);
	if (o->vni)
		json_object_set_new(step, "vni", json_integer(o->vni));
	if (!*o->port)
		return;
	if (uplink)
		sg_json_set_text(step, "uplink_name", o->port);
	else
		sg_step_object(step, "lport", "segment_port_path",
			       port ? port->object : NULL, o->port);
}

/* Where it goes on, if that host has said who it is. */
static void sg_step_far(const struct sg_report *rp, json_t *step,
			const struct segfab_observation *o)
{
	const json_t *far = sg_has_left(o) ?
			    json_object_get(rp->t->far, o->remote) : NULL;
	const char *id = sg_json_text(far, "node_id");

	if (!*id)
		return;
	sg_json_set_text(step, "dst_transport_node_id", id);
	sg_json_set_text(step, "dst_transport_node_name",
			 sg_json_text(far, "node_name"));
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
		       demux ? rp->source : segment, o->segment);
	if (demux) {
		sg_step_object(step, "dst_component", "dst_component_path",
			       segment, o->segment);
		sg_json_set_text(step, "dst_component_type", "LS");
	} else if (via) {
		sg_step_object(step, "src_component", "src_component_path",
			       rp->source, "");
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
	sg_step_far(rp, step, o);
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

/* What a kind of observation is counted as; each has one of these words. */
static const struct {
	const char	*word;
	const char	*counter;
} sg_counted[] = {
	{ "Received", "received_count" },
	{ "Delivered", "delivered_count" },
	{ "Dropped", "dropped_count" },
	{ "Forwarded", "forwarded_count" },
	{ "Replication", "forwarded_count" },
};

static void sg_count_more(json_t *counters, const char *name, int more)
{
	const json_t *n = json_object_get(counters, name);

	json_object_set_new(counters, name,
			    json_integer(json_integer_value(n) + more));
}

/* Logical ones, or those of ports and uplinks. */
static json_t *sg_report_counters(const json_t *observations, bool logical)
{
	json_t *counters = json_object(), *step;
	size_t i, k;

	for (k = 0; k < SG_ARRAY_SIZE(sg_counted); k++)
		sg_count_more(counters, sg_counted[k].counter, 0);
	json_array_foreach((json_t *)observations, i, step) {
		const char *type = sg_json_text(step, "resource_type");

		if (!!strstr(type, "Logical") != logical)
			continue;
		for (k = 0; k < SG_ARRAY_SIZE(sg_counted); k++)
			if (strstr(type, sg_counted[k].word))
				sg_count_more(counters, sg_counted[k].counter,
					      1);
	}
	return counters;
}

/**
 * sg_report_status - what is told while a frame is followed, and begins a
 *	report
 * @t: the frame
 * @state: the API's word for how far it is
 * @observations: what was seen, or NULL
 *
 * Return: a new reference
 */
json_t *sg_report_status(const struct sg_traced *t, const char *state,
			 const json_t *observations)
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
			 "counters", sg_report_counters(observations, false),
			 "logical_counters", sg_report_counters(observations, true),
			 "analysis", analysis,
			 "request_status", t->request);
}

static void sg_analyse(json_t *analysis, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void sg_analyse(json_t *analysis, const char *fmt, ...)
{
	char text[2 * SG_PATH_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (json_array_size(analysis) < SG_ANALYSES)
		json_array_append_new(analysis, json_string(text));
}

/* It has left by an uplink. */
static void sg_analyse_left(json_t *analysis,
			    const struct segfab_observation *o)
{
	if (!*o->remote)
		sg_analyse(analysis, "left the host by the uplink %s", o->port);
	else if (sg_has_left(o))
		sg_analyse(analysis,
			   "left the host by the uplink %s to the tunnel endpoint %s",
			   o->port, o->remote);
	else
		sg_analyse(analysis,
			   "would leave the host by the uplink %s to the tunnel endpoint %s; it does not let traces out",
			   o->port, o->remote);
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

	if (o->action == SEGFAB_TRACE_ACTION_DROPPED)
		sg_analyse(analysis, "dropped at %s%s: %s", host, where,
			   sg_drop_name(o->reason));
	else if (o->action != SEGFAB_TRACE_ACTION_DELIVERED && !sg_has_left(o))
		return;
	else if (sg_is_uplink(o))
		sg_analyse_left(analysis, o);
	else if (*o->binding)
		sg_analyse(analysis, "delivered to %s with the tag %u", where,
			   o->vlan);
	else
		sg_analyse(analysis, "delivered to %s%s", host, where);
}

/* --- Reports --- */

static void sg_report_begin(struct sg_report *rp, struct sg_realizer *r,
			    struct sg_db *db, const struct sg_traced *t)
{
	*rp = (struct sg_report){
		.t = t,
		.places = sg_places(r, db, t),
		.source = *t->segment ? sg_store_get(db, t->segment) : NULL,
		.node_id = sg_store_setting(db, "node_id"),
	};
	gethostname(rp->node, sizeof(rp->node) - 1);
}

static void sg_report_end(struct sg_report *rp)
{
	tdestroy(rp->places, sg_place_free);
	json_decref(rp->source);
	free(rp->node_id);
}

/* What was seen on this host, and what that means. */
static void sg_report_here(const struct sg_report *rp, json_t *observations,
			   json_t *analysis)
{
	for (size_t i = 0; i < rp->t->steps; i++) {
		const struct segfab_observation *o = &rp->t->step[i];

		json_array_append_new(observations, sg_step(rp, o));
		sg_report_analyse(rp, analysis, o);
	}
}

/*
 * What other hosts have said. None sends on to a third what has come by a
 * tunnel. Return: whether some of it is lost
 */
static bool sg_report_far(const struct sg_traced *t, json_t *observations,
			  json_t *analysis)
{
	const char *endpoint;
	json_t *far, *text, *step;
	bool lost = false;
	size_t i;

	json_object_foreach(t->far, endpoint, far) {
		const char *why = sg_json_text(far, "why");

		if (*why)
			sg_analyse(analysis, "what became of it at %s is not known: %s",
				   endpoint, why);
		json_array_foreach(json_object_get(far, "analysis"), i, text)
			sg_analyse(analysis, "at %s (%s): %s", endpoint,
				   sg_json_text(far, "node_name"),
				   json_string_value(text));
		json_array_foreach(json_object_get(far, "observations"), i,
				   step) {
			json_object_set_new(step, "sequence_no",
					    json_integer(1));
			json_array_append(observations, step);
		}
		lost |= sg_json_true(far, "overflowed");
	}
	return lost;
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
	json_t *observations = json_array(), *analysis = json_array(), *status;
	struct sg_report rp;
	bool lost;

	sg_report_begin(&rp, r, db, t);
	sg_report_here(&rp, observations, analysis);
	sg_report_end(&rp);
	lost = sg_report_far(t, observations, analysis);
	status = sg_report_status(t, *t->why ? "FAILED" : "FINISHED",
				  observations);
	json_array_extend(json_object_get(status, "analysis"), analysis);
	json_decref(analysis);
	if (lost)
		json_object_set_new(status, "result_overflowed", json_true());
	return json_pack("{s:o, s:o}", "status", status, "observations",
			 observations);
}

/* The first step of a frame that has arrived is at an uplink. */
static bool sg_arrived_whole(const struct sg_traced *t)
{
	return !t->steps || sg_is_uplink(&t->step[0]);
}

/**
 * sg_report_arrived - what is told the host that a frame has come from
 * @r: knows what devices stand for
 * @db: a connection
 * @t: the frame
 *
 * Return: a new reference: who this host is, what was seen of the frame, what
 *	that means, and whether some of it is lost
 */
json_t *sg_report_arrived(struct sg_realizer *r, struct sg_db *db,
			  const struct sg_traced *t)
{
	json_t *observations = json_array(), *analysis = json_array(), *report;
	struct sg_report rp;

	sg_report_begin(&rp, r, db, t);
	sg_report_here(&rp, observations, analysis);
	report = json_pack("{s:s, s:s, s:b, s:b, s:o, s:o}",
			   "node_id", rp.node_id, "node_name", rp.node,
			   "ended", t->delivered || t->dropped,
			   "overflowed", !sg_arrived_whole(t),
			   "observations", observations, "analysis", analysis);
	sg_report_end(&rp);
	return report;
}
