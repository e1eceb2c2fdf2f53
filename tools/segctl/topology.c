// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl topology
 */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dot.h"
#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
	"Usage: segctl topology [ text | dot | svg ]\n";

extern char **environ;

/* What lines are drawn with. */
static const struct drawing {
	const char	*branch;
	const char	*last;
	const char	*to;
	const char	*from;
} ascii = { "|-- ", "`-- ", "->", "<-" }, boxes = {
	"\u251c\u2500\u2500 ", "\u2514\u2500\u2500 ", "\u2192", "\u2190"
};

static const struct drawing *draw;

/* A segment is what the binding maps that there are make of it. */
static const char *role_of(size_t parents, size_t children)
{
	if (children)
		return "parent";
	return parents ? "child" : "segment";
}

static void text_member(const struct segfab_segment *s)
{
	if (!*s->zone)
		return;
	pr_string(NULL, "zone", COLOUR_NAME, s->zone);
	if (s->has_zone_vni)
		pr_number(NULL, "vni", s->zone_vni);
	else
		pr_number(NULL, "vlan", s->zone_vlan);
}

static void text_segment(const struct model *m, const struct segfab_segment *s,
			 const struct segfab_link *link, const char *role)
{
	pr_word(COLOUR_NAME, "%s", s->name);
	pr_word(PLAIN, "(%s)", role);
	show_updown(NULL, link->up, "up", "down");
	pr_number(NULL, "mtu", link->mtu);
	for (size_t i = 0; i < m->address_count; i++) {
		const struct segfab_address *a = &m->addresses[i];

		if (a->ifindex == s->ifindex)
			pr_word(COLOUR_ADDRESS, "%s/%u", a->text, a->prefix);
	}
	text_member(s);
	pr_break();
}

static void text_branch(size_t left)
{
	pr_raw("%s", left ? draw->branch : draw->last);
}

static void text_binding(const struct segfab_binding *b, const char *arrow,
			 const char *other)
{
	pr_number(NULL, "vlan", b->vlan);
	pr_word(PLAIN, "%s", arrow);
	pr_word(COLOUR_NAME, "%s", other);
	pr_string(NULL, "id", PLAIN, b->id);
	if (b->fdb_count)
		pr_word(PLAIN, "(%u address%s)", b->fdb_count,
			b->fdb_count == 1 ? "" : "es");
	pr_break();
}

static void text_one(const struct model *m, const struct segfab_segment *s,
		     const struct segfab_link *link)
{
	size_t ports, children, parents, left;
	const struct segfab_port *port = model_ports(m, s->ifindex, &ports);
	const struct segfab_binding *child;
	struct segfab_binding *const *parent;

	child = model_children(m, s->ifindex, &children);
	parent = model_parents(m, s->ifindex, &parents);
	text_segment(m, s, link, role_of(parents, children));

	left = ports + children + parents;
	for (size_t i = 0; i < ports; i++) {
		text_branch(--left);
		pr_string(NULL, "port", COLOUR_NAME, port[i].name);
		show_updown(NULL, port[i].carrier, "carrier", "no-carrier");
		pr_break();
	}
	for (size_t i = 0; i < children; i++) {
		text_branch(--left);
		text_binding(&child[i], draw->to, child[i].child);
	}
	for (size_t i = 0; i < parents; i++) {
		text_branch(--left);
		text_binding(parent[i], draw->from, parent[i]->parent);
	}
}

static void text_zone(const struct model *m, const struct segfab_zone *z)
{
	size_t left = 0;

	pr_word(COLOUR_NAME, "%s", z->name);
	pr_word(PLAIN, "(zone)");
	pr_string(NULL, "mode", PLAIN, mode_names[z->mode != 0]);
	pr_break();
	for (size_t i = 0; i < m->uplink_count; i++)
		left += m->uplinks[i].zone_ifindex == z->ifindex;
	for (size_t i = 0; i < m->uplink_count; i++) {
		const struct segfab_uplink *u = &m->uplinks[i];

		if (u->zone_ifindex != z->ifindex)
			continue;
		text_branch(--left);
		pr_string(NULL, "uplink", COLOUR_NAME, u->name);
		show_updown(NULL, u->carrier, "carrier", "no-carrier");
		if (u->active)
			pr_word(COLOUR_GOOD, "active");
		pr_break();
	}
}

static void json_port(const struct segfab_port *p)
{
	pr_object(NULL);
	pr_string("name", NULL, PLAIN, p->name);
	pr_number("ifindex", NULL, p->ifindex);
	pr_bool("carrier", p->carrier);
	pr_number("fdb_count", NULL, p->fdb_count);
	pr_object_end();
}

static void json_binding(const struct segfab_binding *b, const char *key,
			 const char *other)
{
	pr_object(NULL);
	pr_string(key, NULL, PLAIN, other);
	pr_string("id", NULL, PLAIN, b->id);
	pr_number("vlan", NULL, b->vlan);
	pr_number("fdb_count", NULL, b->fdb_count);
	pr_object_end();
}

static void json_addresses(const struct model *m, uint32_t ifindex)
{
	pr_list("addresses");
	for (size_t i = 0; i < m->address_count; i++) {
		const struct segfab_address *a = &m->addresses[i];
		char text[64];

		if (a->ifindex != ifindex)
			continue;
		snprintf(text, sizeof(text), "%s/%u", a->text, a->prefix);
		pr_string("", NULL, PLAIN, text);
	}
	pr_list_end();
}

static void json_one(const struct model *m, const struct segfab_segment *s,
		     const struct segfab_link *link)
{
	size_t ports, children, parents;
	const struct segfab_port *port = model_ports(m, s->ifindex, &ports);
	const struct segfab_binding *child;
	struct segfab_binding *const *parent;

	child = model_children(m, s->ifindex, &children);
	parent = model_parents(m, s->ifindex, &parents);

	pr_object(NULL);
	pr_string("name", NULL, PLAIN, s->name);
	pr_number("ifindex", NULL, s->ifindex);
	pr_string("role", NULL, PLAIN, role_of(parents, children));
	pr_bool("up", link->up);
	pr_number("mtu", NULL, link->mtu);
	pr_string("zone", NULL, PLAIN, *s->zone ? s->zone : NULL);
	json_addresses(m, s->ifindex);
	pr_list("ports");
	for (size_t i = 0; i < ports; i++)
		json_port(&port[i]);
	pr_list_end();
	pr_list("children");
	for (size_t i = 0; i < children; i++)
		json_binding(&child[i], "child", child[i].child);
	pr_list_end();
	pr_list("parents");
	for (size_t i = 0; i < parents; i++)
		json_binding(parent[i], "parent", parent[i]->parent);
	pr_list_end();
	pr_object_end();
}

typedef void (*show_one_fn)(const struct model *m,
			    const struct segfab_segment *s,
			    const struct segfab_link *link);

/* Parents first: traffic goes from there to the children. */
static void show_some(const struct model *m, bool are_parents,
		      show_one_fn show_one)
{
	for (size_t i = 0; i < m->segment_count; i++) {
		const struct segfab_segment *s = &m->segments[i];
		const struct segfab_link *link;
		size_t children;

		model_children(m, s->ifindex, &children);
		link = links_find(&m->links, s->ifindex);
		if (link && !children == !are_parents)
			show_one(m, s, link);
	}
}

static int topology_text(struct args *args)
{
	struct model m = {};
	int ret;

	ret = no_more(args);
	if (ret != DONE)
		return ret;

	setlocale(LC_CTYPE, "");
	draw = strcmp(nl_langinfo(CODESET), "UTF-8") ? &ascii : &boxes;
	ret = model_load(&m);
	if (ret == DONE) {
		show_one_fn show = print.json ? json_one : text_one;

		pr_begin();
		show_some(&m, true, show);
		show_some(&m, false, show);
		for (size_t i = 0; !print.json && i < m.zone_count; i++)
			text_zone(&m, &m.zones[i]);
		pr_end(ret);
	}
	model_free(&m);
	return ret;
}

/* Load the model for a picture. */
static int load_for_dot(struct args *args, struct model *m)
{
	int ret = no_more(args);

	if (ret != DONE)
		return ret;
	if (print.json)
		return usage_error("a picture is not JSON, try \"segctl -j topology\"");
	return model_load(m);
}

static int topology_dot(struct args *args)
{
	struct model m = {};
	int ret;

	ret = load_for_dot(args, &m);
	if (ret == DONE)
		dot_graph(stdout, &m);
	model_free(&m);
	return ret;
}

/* Start dot(1) with its standard input at the end of a pipe. */
static int spawn_dot(FILE **to_dot, pid_t *pid)
{
	char *argv[] = { "dot", "-Tsvg", NULL };
	posix_spawn_file_actions_t actions;
	int fd[2];
	int err;

	if (pipe2(fd, O_CLOEXEC))
		return failed("pipe: %s", strerror(errno));
	*to_dot = fdopen(fd[1], "w");
	if (!*to_dot) {
		close(fd[0]);
		close(fd[1]);
		return failed("pipe: %s", strerror(errno));
	}

	err = posix_spawn_file_actions_init(&actions);
	if (!err) {
		posix_spawn_file_actions_adddup2(&actions, fd[0],
						 STDIN_FILENO);
		err = posix_spawnp(pid, "dot", &actions, NULL, argv, environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	close(fd[0]);
	if (!err)
		return DONE;

	fclose(*to_dot);
	if (err == ENOENT)
		return failed("svg needs the program \"dot\": install graphviz, or use \"segctl topology dot\" elsewhere");
	return failed("dot: %s", strerror(err));
}

static int topology_svg(struct args *args)
{
	struct model m = {};
	FILE *to_dot = NULL;
	int ret, status = 0;
	pid_t pid = 0;

	ret = load_for_dot(args, &m);
	if (ret == DONE)
		ret = spawn_dot(&to_dot, &pid);
	if (ret == DONE) {
		/* If it ends early its status says so. */
		signal(SIGPIPE, SIG_IGN);
		fflush(stdout);
		dot_graph(to_dot, &m);
		fclose(to_dot);
		if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) ||
		    WEXITSTATUS(status))
			ret = failed("dot failed");
	}
	model_free(&m);
	return ret;
}

static const struct command commands[] = {
	{ "text", topology_text, true },
	{ "dot", topology_dot, true },
	{ "svg", topology_svg, true },
};

const struct object topology_object = {
	.name = "topology",
	.commands = commands,
	.count = ARRAY_SIZE(commands),
	.usage = usage,
};
