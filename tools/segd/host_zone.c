// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transport zones as the configuration describes them.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "host_zone.h"
#include "path.h"
#include "util.h"

bool sg_names_have(const struct sg_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->name[i], name))
			return true;
	return false;
}

/* Free the names; the list is not there any more. */
void sg_names_free(struct sg_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
}

/**
 * sg_names_add - add a name to a list
 * @names: the list
 * @name: the name, from malloc(); NULL is refused. The list's, or freed
 *
 * Return: false if it is refused, or was there already
 */
bool sg_names_add(struct sg_names *names, char *name)
{
	if (!name || sg_names_have(names, name)) {
		free(name);
		return false;
	}
	names->name = sg_realloc(names->name, (names->count + 1) *
				 sizeof(*names->name));
	names->name[names->count++] = name;
	return true;
}

/* A name as it is kept: a new one, or NULL if it cannot be. */
typedef char *(*sg_name_fn)(const char *word, const void *arg);

/* NAME[,NAME]... Return: false if one cannot be, or comes twice */
static bool sg_names_read(struct sg_names *names, char *words, sg_name_fn make,
			  const void *arg)
{
	char *word;

	while ((word = strsep(&words, ",")))
		if (!sg_names_add(names, make(word, arg)))
			return false;
	return true;
}

static char *sg_device_name(const char *word, const void *unused)
{
	(void)unused;
	return *word && strlen(word) < IFNAMSIZ && !strpbrk(word, "/:") ?
	       sg_strdup(word) : NULL;
}

static char *sg_uplink_name(const char *word, const void *zone)
{
	const struct sg_host_zone *z = zone;

	return sg_names_have(&z->uplinks, word) ? sg_strdup(word) : NULL;
}

/**
 * sg_host_address - a tunnel address as the kernel writes it
 * @word: the address
 *
 * Return: the address, to be freed, or NULL if it is none
 */
char *sg_host_address(const char *word)
{
	int family = strchr(word, ':') ? AF_INET6 : AF_INET;
	char text[INET6_ADDRSTRLEN];
	unsigned char bytes[16];

	if (inet_pton(family, word, bytes) != 1)
		return NULL;
	inet_ntop(family, bytes, text, sizeof(text));
	return sg_strdup(text);
}

static char *sg_endpoint_name(const char *word, const void *unused)
{
	(void)unused;
	return sg_host_address(word);
}

/* --- Zones --- */

static struct sg_host_zone *sg_zone_find(const struct sg_host_zones *zones,
					 const char *id)
{
	for (size_t i = 0; i < zones->count; i++)
		if (!strcmp(zones->zone[i].id, id))
			return &zones->zone[i];
	return NULL;
}

/**
 * sg_host_zone - what this host has of a transport zone
 * @zones: what it has
 * @id: of the zone
 *
 * Return: the zone, or NULL if the configuration does not name it
 */
const struct sg_host_zone *sg_host_zone(const struct sg_host_zones *zones,
					const char *id)
{
	return sg_zone_find(zones, id);
}

static void sg_policy_free(struct sg_host_policy *p)
{
	free(p->name);
	sg_names_free(&p->active);
	sg_names_free(&p->standby);
}

static void sg_zone_free(struct sg_host_zone *z)
{
	free(z->id);
	sg_names_free(&z->uplinks);
	sg_names_free(&z->endpoints);
	for (size_t i = 0; i < z->policies; i++)
		sg_policy_free(&z->policy[i]);
	free(z->policy);
}

void sg_host_zones_free(struct sg_host_zones *zones)
{
	for (size_t i = 0; i < zones->count; i++)
		sg_zone_free(&zones->zone[i]);
	free(zones->zone);
	zones->zone = NULL;
	zones->count = 0;
}

/* --- Lines of the configuration --- */

/* ID overlay|vlan UPLINK[,UPLINK]... */
const char *sg_host_zone_read(struct sg_host_zones *zones, char *words[],
			      int count)
{
	struct sg_host_zone *z;

	if (count != 3 || !sg_id_valid(words[0]))
		return "is not ID KIND UPLINK[,UPLINK]...";
	if (strcmp(words[1], "overlay") && strcmp(words[1], "vlan"))
		return "is a zone of a kind that is neither overlay nor vlan";
	if (sg_zone_find(zones, words[0]))
		return "is a zone that is there already";
	zones->zone = sg_realloc(zones->zone, (zones->count + 1) *
				 sizeof(*zones->zone));
	z = &zones->zone[zones->count++];
	*z = (struct sg_host_zone){
		.id = sg_strdup(words[0]),
		.overlay = !strcmp(words[1], "overlay"),
	};
	if (!sg_names_read(&z->uplinks, words[2], sg_device_name, NULL))
		return "has an uplink that is no name of a device, or comes twice";
	return NULL;
}

static bool sg_read_teaming(enum segfab_teaming *teaming, const char *word)
{
	static const char *const words[] = {
		[SEGFAB_TEAMING_FAILOVER_ORDER] = "failover-order",
		[SEGFAB_TEAMING_LB_SRCID] = "lb-srcid",
		[SEGFAB_TEAMING_LB_SRCMAC] = "lb-srcmac",
	};

	for (size_t i = 0; i < SG_ARRAY_SIZE(words); i++)
		if (words[i] && !strcmp(words[i], word)) {
			*teaming = i;
			return true;
		}
	return false;
}

static bool sg_policy_known(const struct sg_host_zone *z, const char *name)
{
	for (size_t i = 0; i < z->policies; i++)
		if (!strcmp(z->policy[i].name, name))
			return true;
	return false;
}

/* ZONE NAME TEAMING ACTIVE[,ACTIVE]... [STANDBY[,STANDBY]...] */
const char *sg_host_policy_read(struct sg_host_zones *zones, char *words[],
				int count)
{
	enum segfab_teaming teaming;
	struct sg_host_policy *p;
	struct sg_host_zone *z;

	if (count != 4 && count != 5)
		return "is not ZONE NAME TEAMING ACTIVE[,ACTIVE]... [STANDBY[,STANDBY]...]";
	z = sg_zone_find(zones, words[0]);
	if (!z)
		return "is of a transport zone that no line before has";
	if (strlen(words[1]) > SEGFAB_POLICY_NAME_LEN)
		return "has a name that is too long";
	if (sg_policy_known(z, words[1]))
		return "is a policy that is there already";
	if (!sg_read_teaming(&teaming, words[2]))
		return "is neither failover-order, lb-srcid nor lb-srcmac";
	z->policy = sg_realloc(z->policy, (z->policies + 1) *
			       sizeof(*z->policy));
	p = &z->policy[z->policies++];
	*p = (struct sg_host_policy){
		.name = sg_strdup(words[1]),
		.teaming = teaming,
	};
	if (!sg_names_read(&p->active, words[3], sg_uplink_name, z) ||
	    (count == 5 &&
	     !sg_names_read(&p->standby, words[4], sg_uplink_name, z)))
		return "has an uplink that the zone does not have, or that comes twice";
	for (size_t i = 0; i < p->standby.count; i++)
		if (sg_names_have(&p->active, p->standby.name[i]))
			return "has an uplink that is both active and on standby";
	return NULL;
}

/* ZONE ADDRESS[,ADDRESS]... */
const char *sg_host_endpoints_read(struct sg_host_zones *zones, char *words[],
				   int count)
{
	struct sg_host_zone *z;

	if (count != 2)
		return "is not ZONE ADDRESS[,ADDRESS]...";
	z = sg_zone_find(zones, words[0]);
	if (!z || !z->overlay)
		return "is of an overlay zone that no line before has";
	if (!sg_names_read(&z->endpoints, words[1], sg_endpoint_name, NULL))
		return "has an address that is none, or comes twice";
	return NULL;
}

/* ZONE on|off */
const char *sg_host_traces_read(struct sg_host_zones *zones, char *words[],
				int count)
{
	struct sg_host_zone *z;

	if (count != 2 || (strcmp(words[1], "on") && strcmp(words[1], "off")))
		return "is not ZONE on, or ZONE off";
	z = sg_zone_find(zones, words[0]);
	if (!z || !z->overlay)
		return "is of an overlay zone that no line before has";
	z->traces = strcmp(words[1], "on") ? SG_TRACES_OFF : SG_TRACES_ON;
	return NULL;
}
