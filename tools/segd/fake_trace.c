// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames in a fabric that is not there: from a port through a binding map to
 * the port, or the other host, that the file "addresses" has for the
 * destination. What the other host sends arrives at the port that the file
 * "arrived" names.
 */
#include <errno.h>
#include <net/ethernet.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

#define SG_FAKE_STEPS	4
#define SG_PLACE_SIZE	64
#define SG_REMOTE	"remote "

/**
 * struct sg_trace - a frame that is followed
 * @fake: the backend
 * @step: its way
 * @steps: how many
 */
struct sg_trace {
	struct sg_fake			*fake;
	struct segfab_observation	step[SG_FAKE_STEPS];
	uint32_t			steps;
};

static struct segfab_observation *
sg_fake_step(struct sg_trace *trace, enum segfab_trace_component component,
	     enum segfab_trace_action action, const char *segment,
	     const char *port)
{
	struct segfab_observation *o = &trace->step[trace->steps++];

	o->sequence = trace->steps;
	o->frame = 1;
	o->time = 1000000ULL * sg_now_ms();
	o->component = component;
	o->action = action;
	sg_format(o->segment, sizeof(o->segment), "%s", segment);
	sg_format(o->port, sizeof(o->port), "%s", port);
	return o;
}

static void sg_fake_step_by(struct segfab_observation *o,
			    const struct sg_thing *map)
{
	if (!map)
		return;
	sg_format(o->binding, sizeof(o->binding), "%s", map->id);
	o->vlan = map->vlan;
}

/* The port, or "remote ADDRESS", that an address is behind. Return: false if it is not known */
static bool sg_fake_lookup(struct sg_fake *f, const uint8_t *mac,
			   char device[SG_PLACE_SIZE])
{
	FILE *file = sg_fake_file(f, "addresses");
	char line[64], text[18];
	bool found = false;

	sg_format(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		  mac[1], mac[2], mac[3], mac[4], mac[5]);
	while (file && !found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		found = !strncmp(line, text, 17) && line[17] == ' ' &&
			sg_format(device, SG_PLACE_SIZE, "%s", line + 18);
	}
	if (file)
		fclose(file);
	return found;
}

struct sg_fake_search {
	const char		*child;
	const char		*parent;
	const struct sg_thing	*map;
};

static void sg_fake_try(const void *node, VISIT which, void *arg)
{
	const struct sg_thing *thing = *(struct sg_thing **)node;
	struct sg_fake_search *s = arg;

	if ((which == postorder || which == leaf) && *thing->id &&
	    !strcmp(thing->device, s->child) &&
	    !strcmp(thing->parent, s->parent))
		s->map = thing;
}

/* The binding map of a child to a parent. */
static const struct sg_thing *sg_fake_map(struct sg_fake *f, const char *child,
					  const char *parent)
{
	struct sg_fake_search s = { .child = child, .parent = parent };

	twalk_r(f->things, sg_fake_try, &s);
	return s.map;
}

static void sg_fake_leave(struct sg_trace *trace, const char *segment,
			  const char *remote)
{
	struct segfab_observation *o;

	o = sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_FDB,
			 SEGFAB_TRACE_ACTION_FORWARDED, segment, "");
	sg_format(o->remote, sizeof(o->remote), "%s", remote);
	o = sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_UPLINK,
			 SEGFAB_TRACE_ACTION_FORWARDED, segment, "tunnel");
	sg_format(o->remote, sizeof(o->remote), "%s", remote);
	o->global_id = 1;
}

/* From the segment on. */
static void sg_fake_forward(struct sg_trace *trace, const char *segment,
			    const uint8_t *dest)
{
	const struct sg_thing *port = NULL, *map = NULL;
	char device[SG_PLACE_SIZE] = "";

	if (sg_fake_lookup(trace->fake, dest, device) &&
	    !strncmp(device, SG_REMOTE, strlen(SG_REMOTE))) {
		sg_fake_leave(trace, segment, device + strlen(SG_REMOTE));
		return;
	}
	if (*device)
		port = sg_thing_find(trace->fake, device, "");
	if (port && strcmp(port->parent, segment)) {
		map = sg_fake_map(trace->fake, segment, port->parent);
		port = map ? port : NULL;
	}
	if (!port) {
		sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_FDB,
			     SEGFAB_TRACE_ACTION_DROPPED, segment, "")
			->reason = SEGFAB_A_DROPS_UNKNOWN_UNICAST;
		return;
	}
	sg_fake_step_by(sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_FDB,
				     SEGFAB_TRACE_ACTION_FORWARDED, segment,
				     device), map);
	sg_fake_step_by(sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_PORT,
				     SEGFAB_TRACE_ACTION_DELIVERED, segment,
				     device), map);
}

static uint16_t sg_fake_tag(const struct sg_want_trace *want)
{
	const uint8_t *at = want->frame + 2 * SEGFAB_MAC_LEN;

	if ((at[0] << 8 | at[1]) != ETHERTYPE_VLAN || want->len < 18)
		return 0;
	return (at[2] << 8 | at[3]) & 0xfff;
}

/* From a port of a parent, with a tag or not. */
static void sg_fake_receive(struct sg_trace *trace,
			    const struct sg_want_trace *want,
			    const char *parent)
{
	const uint16_t vlan = sg_fake_tag(want);
	struct segfab_observation *o;
	const struct sg_thing *map;

	sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_PORT,
		     SEGFAB_TRACE_ACTION_RECEIVED, parent, want->port)->vlan =
		vlan;
	if (!vlan) {
		sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_SEGMENT,
			     SEGFAB_TRACE_ACTION_RECEIVED, parent, want->port);
		sg_fake_forward(trace, parent, want->frame);
		return;
	}
	map = sg_thing_bound(trace->fake, parent, vlan);
	if (map) {
		o = sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_VLAN,
				 SEGFAB_TRACE_ACTION_FORWARDED, map->device,
				 want->port);
		sg_fake_step_by(o, map);
		sg_fake_forward(trace, map->device, want->frame);
		return;
	}
	o = sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_VLAN,
			 SEGFAB_TRACE_ACTION_DROPPED, parent, want->port);
	o->vlan = vlan;
	o->reason = SEGFAB_A_DROPS_UNBOUND_VLAN;
}

/* Context: lock */
static int sg_fake_send(struct sg_trace *trace,
			const struct sg_want_trace *want,
			struct sg_fault *fault)
{
	struct sg_thing *port = sg_thing_find(trace->fake, want->port, "");
	const struct sg_thing *map;

	if (!port) {
		sg_fault(fault, "there is no port %s", want->port);
		return -ENODEV;
	}
	if (!*want->via) {
		sg_fake_receive(trace, want, port->parent);
		return 0;
	}
	map = sg_fake_map(trace->fake, want->via, port->parent);
	if (!map) {
		sg_fault(fault, "%s is not bound to %s", want->via,
			 port->parent);
		return -ENOENT;
	}
	sg_fake_step_by(sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_SEGMENT,
				     SEGFAB_TRACE_ACTION_RECEIVED, want->via,
				     want->port), map);
	sg_fake_forward(trace, want->via, want->frame);
	return 0;
}

int sg_fake_trace_start(struct sg_backend *b, const struct sg_want_trace *want,
			struct sg_trace **result, struct sg_fault *fault)
{
	struct sg_trace *trace = sg_alloc(sizeof(*trace));
	int err;

	trace->fake = sg_fake(b);
	pthread_mutex_lock(&trace->fake->lock);
	err = sg_fake_send(trace, want, fault);
	pthread_mutex_unlock(&trace->fake->lock);
	if (!err)
		*result = trace;
	else
		free(trace);
	return err;
}

int sg_fake_trace_read(struct sg_backend *b, struct sg_trace *trace,
		       uint32_t from, segfab_observation_fn fn, void *arg,
		       struct segfab_trace_end *end, struct sg_fault *fault)
{
	FILE *slow = sg_fake_file(sg_fake(b), "slow");
	const uint32_t steps = slow ? 1 : trace->steps;

	(void)fault;
	if (slow)
		fclose(slow);
	for (uint32_t i = from ? from - 1 : 0; i < steps; i++)
		fn(&trace->step[i], arg);
	end->matched = 1;
	end->global_id = 1;
	end->observed = steps;
	end->lost = 0;
	return 0;
}

void sg_fake_trace_end(struct sg_backend *b, struct sg_trace *trace)
{
	(void)b;
	free(trace);
}

static void sg_fake_arrive(struct sg_trace *trace, const struct sg_thing *port)
{
	sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_UPLINK,
		     SEGFAB_TRACE_ACTION_RECEIVED, port->parent, "tunnel");
	sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_SEGMENT,
		     SEGFAB_TRACE_ACTION_RECEIVED, port->parent, "tunnel");
	sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_FDB,
		     SEGFAB_TRACE_ACTION_FORWARDED, port->parent,
		     port->device);
	sg_fake_step(trace, SEGFAB_TRACE_COMPONENT_PORT,
		     SEGFAB_TRACE_ACTION_DELIVERED, port->parent,
		     port->device);
}

int sg_fake_trace_arrived(struct sg_backend *b, uint64_t global_id,
			  segfab_observation_fn fn, void *arg,
			  struct sg_fault *fault)
{
	struct sg_trace trace = { .fake = sg_fake(b) };
	FILE *file = sg_fake_file(trace.fake, "arrived");
	const struct sg_thing *port = NULL;
	char device[SG_PLACE_SIZE] = "";

	(void)global_id;
	(void)fault;
	if (file && fgets(device, sizeof(device), file))
		device[strcspn(device, "\n")] = '\0';
	if (file)
		fclose(file);
	pthread_mutex_lock(&trace.fake->lock);
	if (*device)
		port = sg_thing_find(trace.fake, device, "");
	if (port)
		sg_fake_arrive(&trace, port);
	pthread_mutex_unlock(&trace.fake->lock);
	for (uint32_t i = 0; i < trace.steps; i++)
		fn(&trace.step[i], arg);
	return 0;
}
