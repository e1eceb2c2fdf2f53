/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What "segctl doctor" looks for, and how it says what it found.
 */
#ifndef _SEGCTL_DOCTOR_H
#define _SEGCTL_DOCTOR_H

#include "model.h"

/**
 * struct finding - something that breaks such set-ups in practice
 * @check: name of the check
 * @object: the interface or binding map that it is about, "" for the host
 * @found: what was found
 * @meaning: what that does
 * @mend: a command that mends it, or words if there is none
 * @note: it breaks nothing as things are
 */
struct finding {
	const char	*check;
	char		object[320];
	char		found[512];
	const char	*meaning;
	char		mend[256];
	bool		note;
};

/* Show a finding, and remember that there was one, if it is no note. */
void doctor_report(const struct finding *f);

/* doctor_devices.c: the devices themselves */
void doctor_check_devices(const struct model *m);

/* doctor_zones.c: transport zones and their uplinks */
void doctor_check_zones(const struct model *m);

/* doctor_drops.c: what the counters tell */
void doctor_check_drops(const struct model *m);

/* doctor_host.c: settings of the host */
void doctor_check_host(const struct model *m);

/* features.c */
struct features {
	bool	known;
	bool	rx_vlan;
	bool	tx_vlan;
	bool	rx_vlan_filter;
};

void features_get(const char *name, struct features *features);

#endif /* _SEGCTL_DOCTOR_H */
