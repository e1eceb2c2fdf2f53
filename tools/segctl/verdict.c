// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of a frame that is followed, and what has become of it: of segctl
 * trace.
 */
#include <stdio.h>

#include "verdict.h"
#include "print.h"

/* Steps of a frame are indented by how far it has come. */
static unsigned int depth_of(const struct segfab_observation *o)
{
	static const unsigned int depth[] = {
		[SEGFAB_TRACE_COMPONENT_PORT] = 3,
		[SEGFAB_TRACE_COMPONENT_VLAN] = 1,
		[SEGFAB_TRACE_COMPONENT_SEGMENT] = 1,
		[SEGFAB_TRACE_COMPONENT_FDB] = 2,
		[SEGFAB_TRACE_COMPONENT_HOST] = 3,
		[SEGFAB_TRACE_COMPONENT_UPLINK] = 3,
	};

	if (o->action == SEGFAB_TRACE_ACTION_RECEIVED &&
	    o->component != SEGFAB_TRACE_COMPONENT_SEGMENT)
		return 0;
	return o->component < ARRAY_SIZE(depth) ? depth[o->component] : 3;
}

static const char *drop_name(unsigned int reason)
{
	const char *name = segfab_drop_name(reason);

	return name ? name : segfab_drop_name(0);
}

static void text_step(const struct segfab_observation *o)
{
	const char *component = segfab_trace_component_name(o->component);
	bool dropped = o->action == SEGFAB_TRACE_ACTION_DROPPED;

	pr_raw("%*s", 2 * depth_of(o), "");
	pr_word(PLAIN, "%s", component);
	if (*o->port)
		pr_word(COLOUR_NAME, "%s", o->port);
	pr_word(dropped ? COLOUR_BAD : PLAIN, "%s",
		segfab_trace_action_name(o->action));
	if (dropped)
		pr_word(COLOUR_BAD, "%s", drop_name(o->reason));
	pr_string(NULL, "segment", COLOUR_NAME,
		  *o->segment ? o->segment : NULL);
	if (o->vlan)
		pr_number(NULL, "vlan", o->vlan);
	pr_string(NULL, "binding", PLAIN, *o->binding ? o->binding : NULL);
	if (*o->remote) {
		pr_string(NULL, "remote", PLAIN, o->remote);
		pr_number(NULL, "vni", o->vni);
	}
	if (!depth_of(o) && o->has_frame) {
		show_mac(NULL, "from", o->source);
		show_mac(NULL, "to", o->dest);
		pr_number(NULL, "length", o->length);
	}
	pr_break();
}

static void number_or_null(const char *key, uint64_t value)
{
	if (value)
		pr_number(key, NULL, value);
	else
		pr_null(key);
}

static void mac_or_null(const char *key, const struct segfab_observation *o,
			const uint8_t *mac)
{
	if (o->has_frame)
		show_mac(key, NULL, mac);
	else
		pr_null(key);
}

static void json_step(const struct segfab_observation *o)
{
	bool dropped = o->action == SEGFAB_TRACE_ACTION_DROPPED;

	pr_object(NULL);
	pr_number("sequence", NULL, o->sequence);
	pr_number("frame", NULL, o->frame);
	pr_number("time", NULL, o->time);
	pr_string("component", NULL, PLAIN,
		  segfab_trace_component_name(o->component));
	pr_string("action", NULL, PLAIN, segfab_trace_action_name(o->action));
	pr_string("reason", NULL, PLAIN, dropped ? drop_name(o->reason) : NULL);
	pr_string("segment", NULL, PLAIN, *o->segment ? o->segment : NULL);
	pr_string("port", NULL, PLAIN, *o->port ? o->port : NULL);
	number_or_null("vlan", o->vlan);
	pr_string("binding", NULL, PLAIN, *o->binding ? o->binding : NULL);
	mac_or_null("source", o, o->source);
	mac_or_null("dest", o, o->dest);
	pr_number("length", NULL, o->length);
	number_or_null("segment_ifindex", o->segment_ifindex);
	number_or_null("port_ifindex", o->port_ifindex);
	pr_string("remote", NULL, PLAIN, *o->remote ? o->remote : NULL);
	number_or_null("vni", o->vni);
	pr_object_end();
}

/* What leaves the host has not arrived yet. A step that says more than one
 * before it takes its place in the verdict.
 */
static void judge(struct verdict *v, const struct segfab_observation *o)
{
	if (o->component == SEGFAB_TRACE_COMPONENT_UPLINK &&
	    (o->action == SEGFAB_TRACE_ACTION_DELIVERED ||
	     o->action == SEGFAB_TRACE_ACTION_FORWARDED)) {
		v->left++;
		v->followed |= o->action == SEGFAB_TRACE_ACTION_FORWARDED;
		if (!v->delivered)
			v->last = *o;
	} else if (o->action == SEGFAB_TRACE_ACTION_DELIVERED) {
		v->delivered++;
		v->last = *o;
	} else if (o->action == SEGFAB_TRACE_ACTION_DROPPED) {
		v->dropped++;
		if (!v->delivered && !v->left)
			v->last = *o;
	}
}

/**
 * show_step - show a step, and take it into account
 * @o: the step
 * @arg: struct verdict
 *
 * Return: 0
 */
int show_step(const struct segfab_observation *o, void *arg)
{
	judge(arg, o);
	if (print.json)
		json_step(o);
	else
		text_step(o);
	return 0;
}

/**
 * verdict_code - the exit code of a verdict
 * @v: the verdict
 * @count: frames that were to be followed
 *
 * Return: DELIVERED, DROPPED or NO_VERDICT
 */
int verdict_code(const struct verdict *v, uint32_t count)
{
	if (v->end.matched < count || !is_decided(v))
		return NO_VERDICT;
	return v->delivered || v->left ? DELIVERED : DROPPED;
}

static void text_times(const char *what, uint32_t count)
{
	pr_word(COLOUR_BAD, "and %s %u time%s", what, count,
		count == 1 ? "" : "s");
}

static void text_left(const struct verdict *v)
{
	const struct segfab_observation *o = &v->last;

	if (v->delivered)
		text_times("left", v->left);
	else if (v->left > 1)
		pr_word(COLOUR_GOOD, "left %u times", v->left);
	else if (*o->remote)
		pr_word(COLOUR_GOOD, "left through %s to %s", o->port,
			o->remote);
	else if (o->vlan)
		pr_word(COLOUR_GOOD, "left through %s with vlan %u", o->port,
			o->vlan);
	else
		pr_word(COLOUR_GOOD, "left through %s", o->port);
}

static void text_outcome(const struct verdict *v)
{
	const struct segfab_observation *o = &v->last;
	const char *host = *o->port ? "" : "the host in ";
	const char *where = *o->port ? o->port : o->segment;

	if (v->delivered == 1)
		pr_word(COLOUR_GOOD, "delivered to %s%s", host, where);
	else if (v->delivered)
		pr_word(COLOUR_GOOD, "delivered %u times", v->delivered);
	if (v->left)
		text_left(v);
	if (!v->delivered && !v->left)
		pr_word(COLOUR_BAD, "dropped at %s%s: %s", host, where,
			drop_name(o->reason));
	else if (v->dropped)
		text_times("dropped", v->dropped);
}

/**
 * text_verdict - one line that says what became of it
 * @v: the verdict
 * @code: its exit code
 */
void text_verdict(const struct verdict *v, int code)
{
	if (v->end.matched > 1)
		pr_word(PLAIN, "%u frames:", v->end.matched);
	if (code != NO_VERDICT)
		text_outcome(v);
	else if (v->end.lost)
		pr_word(COLOUR_BAD, "no verdict: more steps than the limit");
	else
		pr_word(COLOUR_BAD, "no verdict in time");
	if (v->end.lost)
		pr_word(COLOUR_BAD, "(%u step%s not kept)", v->end.lost,
			v->end.lost == 1 ? " was" : "s were");
	pr_break();
}

/* What a verdict is called: what left and was not delivered here, too. */
static const char *verdict_name(const struct verdict *v, int code)
{
	if (code == NO_VERDICT)
		return "none";
	if (code == DROPPED)
		return "dropped";
	return v->delivered ? "delivered" : "left";
}

/**
 * show_outcome - what JSON says of what became of it
 * @v: the verdict
 * @code: its exit code
 */
void show_outcome(const struct verdict *v, int code)
{
	pr_string("verdict", NULL, PLAIN, verdict_name(v, code));
	pr_number("delivered", NULL, v->delivered);
	pr_number("left", NULL, v->left);
	pr_number("dropped", NULL, v->dropped);
}

/**
 * show_verdict - what became of the frames of a trace
 * @v: the verdict
 * @code: its exit code
 */
void show_verdict(const struct verdict *v, int code)
{
	show_outcome(v, code);
	pr_number("frames", NULL, v->end.matched);
	pr_number("observed", NULL, v->end.observed);
	pr_number("lost", NULL, v->end.lost);
	if (!print.json)
		text_verdict(v, code);
}

static void id_text(uint64_t id, char text[17])
{
	snprintf(text, 17, "%016llx", (unsigned long long)id);
}

/**
 * show_global_id - the number that a trace has on all hosts
 * @id: the number
 */
void show_global_id(uint64_t id)
{
	char text[17];

	id_text(id, text);
	pr_string("global_id", NULL, PLAIN, text);
}

/**
 * text_global_id - a line with it, over the steps of a trace
 * @id: the number
 */
void text_global_id(uint64_t id)
{
	char text[17];

	id_text(id, text);
	pr_word(PLAIN, "trace %s", text);
	pr_break();
}

/**
 * show_followed - say how the other host is asked what it has seen
 * @v: the verdict
 */
void show_followed(const struct verdict *v)
{
	char text[17];

	if (!v->followed || print.json)
		return;
	id_text(v->end.global_id, text);
	pr_word(PLAIN, "there: segctl trace --remote %s", text);
	pr_break();
}
