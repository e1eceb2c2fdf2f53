// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transport zones of the kernel backend: their uplinks, their teaming policies,
 * and the flood lists of segments in them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

/* --- Zones --- */

int sg_kernel_zone_set(struct sg_backend *b, const struct sg_want_zone *want,
		       struct sg_fault *fault)
{
	const struct segfab_zone_settings settings = {
		.set = SEGFAB_ZONE_MODE,
		.mode = want->overlay ? SEGFAB_ZONE_MODE_OVERLAY :
			SEGFAB_ZONE_MODE_VLAN,
	};
	struct sg_kernel *k = sg_kernel(b);
	const struct sg_link *link = sg_link_named(k->links, want->device);
	int err = 0;

	if (link && link->own)
		return 0;
	if (!link)
		err = segfab_zone_add(k->h, want->device, &settings);
	if (!err)
		err = sg_own(k, want->device, want->path);
	sg_refused(k, err, fault);
	sg_links_update(k->links, want->device);
	return err;
}

int sg_kernel_zone_del(struct sg_backend *b, const char *device,
		       struct sg_fault *fault)
{
	return sg_device_remove(sg_kernel(b), device, segfab_zone_del, fault);
}

/* --- Uplinks --- */

/**
 * struct sg_found - what a zone has: names of uplinks or policies
 * @names: the names
 * @priority: of the uplinks, in the same order
 * @traces: whether traces cross them
 */
struct sg_found {
	struct sg_names	names;
	uint32_t	*priority;
	bool		*traces;
};

static void sg_found_free(struct sg_found *found)
{
	sg_names_free(&found->names);
	free(found->priority);
	free(found->traces);
}

static int sg_found_uplink(const struct segfab_uplink *u, void *arg)
{
	struct sg_found *found = arg;
	size_t n = found->names.count;

	sg_names_add(&found->names, sg_strdup(u->name));
	found->priority = sg_realloc(found->priority,
				     (n + 1) * sizeof(*found->priority));
	found->priority[n] = u->priority;
	found->traces = sg_realloc(found->traces,
				   (n + 1) * sizeof(*found->traces));
	found->traces[n] = u->trace;
	return 0;
}

/* Does the zone have the uplink, at this place, with this setting? */
static bool sg_uplink_is(const struct sg_found *found, const char *name,
			 uint32_t priority, enum sg_traces traces)
{
	for (size_t i = 0; i < found->names.count; i++)
		if (!strcmp(found->names.name[i], name))
			return found->priority[i] == priority &&
			       (traces == SG_TRACES_AS_IS ||
				found->traces[i] == (traces == SG_TRACES_ON));
	return false;
}

/* A device of another zone of ours comes over; no other master is robbed. */
static int sg_uplink_take(struct sg_kernel *k, const struct sg_link *link,
			  const char *zone,
			  const struct segfab_uplink_settings *settings)
{
	char name[SG_DEVICE_SIZE];
	int err = 0;

	memcpy(name, link->name, sizeof(name));
	if (sg_is_own(k, link->master, SEGFAB_ZONE_LINK_KIND))
		err = segfab_uplink_del(k->h, name);
	if (!err)
		err = segfab_uplink_add(k->h, name, zone, settings);
	sg_links_update(k->links, name);
	return err;
}

static int sg_uplink_set(struct sg_kernel *k, const struct sg_want_zone *want,
			 uint32_t place, const struct sg_found *found,
			 struct sg_fault *fault)
{
	const enum sg_traces traces = want->host->traces;
	const struct segfab_uplink_settings settings = {
		.set = SEGFAB_UPLINK_PRIORITY |
		       (traces == SG_TRACES_AS_IS ? 0 : SEGFAB_UPLINK_TRACE),
		.priority = place,
		.trace = traces == SG_TRACES_ON,
	};
	const char *name = want->host->uplinks.name[place];
	const struct sg_link *link = sg_link_named(k->links, name);
	int err;

	if (!link) {
		sg_fault(fault, "there is no uplink %s", name);
		return -ENODEV;
	}
	if (sg_uplink_is(found, name, place, traces))
		return 0;
	if (sg_names_have(&found->names, name))
		err = segfab_uplink_set(k->h, name, &settings);
	else
		err = sg_uplink_take(k, link, want->device, &settings);
	return sg_refused(k, err, fault);
}

/* All that are there. Return: the first error; -ENODEV if that is all */
static int sg_uplinks_set(struct sg_kernel *k, const struct sg_want_zone *want,
			  const struct sg_found *found, struct sg_fault *fault)
{
	struct sg_fault one;
	int err = 0;

	for (size_t i = 0; i < want->host->uplinks.count; i++) {
		int ret = sg_uplink_set(k, want, i, found, &one);

		if (ret && (!err || (err == -ENODEV && ret != err))) {
			err = ret;
			*fault = one;
		}
	}
	return err;
}

static int sg_uplinks_drop(struct sg_kernel *k,
			   const struct sg_want_zone *want,
			   const struct sg_found *found,
			   struct sg_fault *fault)
{
	int err = 0;

	for (size_t i = 0; i < found->names.count && !err; i++) {
		const char *name = found->names.name[i];

		if (sg_names_have(&want->host->uplinks, name))
			continue;
		err = sg_refused(k, segfab_uplink_del(k->h, name), fault);
		sg_links_update(k->links, name);
	}
	return err;
}

/* --- Teaming policies --- */

static int sg_found_policy(const struct segfab_policy *p, void *arg)
{
	struct sg_found *found = arg;

	sg_names_add(&found->names, sg_strdup(p->name));
	return 0;
}

/* Those of a policy's uplinks that the zone has. Return: how many */
static uint32_t sg_present(struct sg_kernel *k, const char *zone,
			   const struct sg_names *names,
			   const char *present[SEGFAB_POLICY_UPLINKS_MAX])
{
	uint32_t n = 0;

	for (size_t i = 0; i < names->count; i++) {
		const struct sg_link *link = sg_link_named(k->links,
							   names->name[i]);

		if (link && sg_under(k, link, zone) &&
		    n < SEGFAB_POLICY_UPLINKS_MAX)
			present[n++] = names->name[i];
	}
	return n;
}

static int sg_policy_set(struct sg_kernel *k, const char *zone,
			 const struct sg_host_policy *policy)
{
	struct segfab_policy_settings settings = {
		.set = SEGFAB_POLICY_TEAMING | SEGFAB_POLICY_ACTIVE |
		       SEGFAB_POLICY_STANDBY,
		.teaming = policy->teaming,
	};

	settings.active_count = sg_present(k, zone, &policy->active,
					   settings.active);
	settings.standby_count = sg_present(k, zone, &policy->standby,
					    settings.standby);
	/* It has to wait for one of its active uplinks. */
	if (!settings.active_count)
		return 0;
	return segfab_policy_write(k->h, SEGFAB_REPLACE, zone, policy->name,
				   &settings);
}

static bool sg_policy_wanted(const struct sg_host_zone *host, const char *name)
{
	for (size_t i = 0; i < host->policies; i++)
		if (!strcmp(host->policy[i].name, name))
			return true;
	return false;
}

static int sg_policies_set(struct sg_kernel *k, const struct sg_want_zone *want,
			   struct sg_fault *fault)
{
	const struct sg_host_zone *host = want->host;
	struct sg_found found = {};
	int err = 0;

	for (size_t i = 0; i < host->policies && !err; i++)
		err = sg_policy_set(k, want->device, &host->policy[i]);
	if (!err)
		err = segfab_policy_dump(k->h, want->device, sg_found_policy,
					 &found);
	for (size_t i = 0; i < found.names.count && !err; i++)
		if (!sg_policy_wanted(host, found.names.name[i]))
			err = segfab_policy_del(k->h, want->device,
						found.names.name[i]);
	sg_found_free(&found);
	return sg_refused(k, err, fault);
}

int sg_kernel_zone_uplinks(struct sg_backend *b,
			   const struct sg_want_zone *want,
			   struct sg_fault *fault)
{
	struct sg_kernel *k = sg_kernel(b);
	struct sg_found found = {};
	int err, lacking;

	if (!want->host)
		return 0;
	err = sg_refused(k, segfab_uplink_dump(k->h, want->device,
					       sg_found_uplink, &found), fault);
	lacking = err ? err : sg_uplinks_set(k, want, &found, fault);
	/* What can be done is done without those that are not there. */
	if (!err && (!lacking || lacking == -ENODEV)) {
		struct sg_fault other;

		err = sg_policies_set(k, want, &other);
		if (!err)
			err = sg_uplinks_drop(k, want, &found, &other);
		if (err)
			*fault = other;
	}
	sg_found_free(&found);
	return err ? err : lacking;
}

/* --- Segments --- */

static int sg_found_remote(const struct segfab_remote *r, void *arg)
{
	sg_names_add(arg, sg_strdup(r->address));
	return 0;
}

/**
 * sg_kernel_endpoints - give a segment its flood list
 * @k: the backend
 * @device: name of the segment
 * @want: the tunnel addresses
 *
 * Return: 0 or a negative errno
 */
int sg_kernel_endpoints(struct sg_kernel *k, const char *device,
			const struct sg_names *want)
{
	struct sg_names have = {};
	int err;

	err = segfab_remote_dump(k->h, device, sg_found_remote, &have);
	for (size_t i = 0; i < want->count && !err; i++)
		if (!sg_names_have(&have, want->name[i]))
			err = segfab_remote_add(k->h, device, want->name[i]);
	for (size_t i = 0; i < have.count && !err; i++)
		if (!sg_names_have(want, have.name[i]))
			err = segfab_remote_del(k->h, device, have.name[i]);
	sg_names_free(&have);
	return err;
}
