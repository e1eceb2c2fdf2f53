// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks of counters: drops that no healthy set-up has.
 */
#include <stdio.h>

#include "doctor.h"

/* A reason, and what one does about it; %s is the segment. */
static const struct symptom {
	unsigned int	reason;
	const char	*meaning;
	const char	*mend;
} symptoms[] = {
	{ SEGFAB_A_DROPS_UNBOUND_VLAN,
	  "Machines behind it use tags that no binding map of the segment has.",
	  "segctl binding add CHILD ID parent %s vlan VID" },
	{ SEGFAB_A_DROPS_SERVICE_VLAN,
	  "Machines behind it send 802.1ad service tags; segments know 802.1Q tags.",
	  "have the machines behind %s use 802.1Q (ethertype 0x8100)" },
	{ SEGFAB_A_DROPS_DOUBLE_TAGGED,
	  "Machines behind it put two tags on a frame; often both they and a switch in them do.",
	  "have only one of them tag, behind %s" },
	{ SEGFAB_A_DROPS_INVALID_SOURCE,
	  "Frames come from a group address or from none: a broken sender, or an attack.",
	  "find the sender behind %s" },
	{ SEGFAB_A_DROPS_FDB_LIMIT,
	  "More addresses came than the limit of the port, binding map or zone allows.",
	  "segctl port set PORT fdb-limit N, segctl binding set CHILD ID fdb-limit N, or segctl segment set SEGMENT fdb-limit N (%s)" },
	{ SEGFAB_A_DROPS_TOO_BIG,
	  "Frames are larger than the MTU of the port that they are for.",
	  "give all ports of %s, and of its parents, the MTU of the machines" },
	{ SEGFAB_A_DROPS_NO_MEMORY,
	  "The host had no memory for copies of frames.",
	  "give the host more memory, or flood less: segctl segment set %s flood off" },
};

static void report_drops(const struct symptom *s, const char *kind,
			 const char *name, const char *segment, uint64_t count)
{
	struct finding f = { .check = segfab_drop_name(s->reason) };

	snprintf(f.object, sizeof(f.object), "%s", name);
	snprintf(f.found, sizeof(f.found), "%s %s dropped %llu frames as %s",
		 kind, name, (unsigned long long)count, f.check);
	f.meaning = s->meaning;
	snprintf(f.mend, sizeof(f.mend), s->mend, segment);
	doctor_report(&f);
}

static void check_segment(const struct model *m, const struct segfab_segment *s,
			  const struct symptom *symptom)
{
	uint64_t rest = s->stats.drop[symptom->reason];
	const struct segfab_port *port;
	size_t ports;

	/* A segment's drops are those of its ports and a few of its own. */
	port = model_ports(m, s->ifindex, &ports);
	for (size_t i = 0; i < ports; i++) {
		uint64_t count = port[i].stats.drop[symptom->reason];

		rest -= count < rest ? count : rest;
		if (count)
			report_drops(symptom, "port", port[i].name, s->name,
				     count);
	}
	if (rest)
		report_drops(symptom, "segment", s->name, s->name, rest);
}

void doctor_check_drops(const struct model *m)
{
	for (size_t i = 0; i < m->segment_count; i++) {
		for (unsigned int j = 0; j < ARRAY_SIZE(symptoms); j++)
			check_segment(m, &m->segments[i], &symptoms[j]);
	}
}
