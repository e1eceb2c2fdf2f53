/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices of the host, kept as rtnetlink tells of them.
 */
#ifndef _SEGD_LINKS_H
#define _SEGD_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "backend.h"

/* What the alias of a device that the daemon has made begins with. */
#define SG_OWN_ALIAS	"segd:"
#define SG_LINK_NAMES	8

struct sg_links;

/**
 * struct sg_link - a device
 * @ifindex: its number
 * @master: the number of its master, 0 for none
 * @table: routing table, of a VRF
 * @zone: number of the transport zone, of a segment
 * @zone_id: VLAN id or VNI there
 * @up: administratively up
 * @own: the daemon has made it
 * @addressed: it may have IP addresses, other than one that IPv6 gives by itself
 * @name: its name
 * @kind: its kind, or ""
 * @other: its alias and alternative names, NULL behind the last
 */
struct sg_link {
	uint32_t	ifindex;
	uint32_t	master;
	uint32_t	table;
	uint32_t	zone;
	uint32_t	zone_id;
	bool		up;
	bool		own;
	bool		addressed;
	char		name[SG_DEVICE_SIZE];
	char		kind[SG_DEVICE_SIZE];
	char		*other[SG_LINK_NAMES + 1];
};

typedef int (*sg_link_fn)(const struct sg_link *link, void *arg);

struct sg_links *sg_links_open(struct sg_fault *fault);
void sg_links_close(struct sg_links *l);
int sg_links_fd(const struct sg_links *l);
void sg_links_addressed(struct sg_links *l, uint32_t ifindex);
int sg_links_load(struct sg_links *l, struct sg_fault *fault);
unsigned int sg_links_events(struct sg_links *l);
void sg_links_update(struct sg_links *l, const char *name);

struct sg_link *sg_link_named(struct sg_links *l, const char *name);
struct sg_link *sg_link_attached(struct sg_links *l, const char *attachment);
struct sg_link *sg_link_numbered(struct sg_links *l, uint32_t ifindex);
int sg_links_walk(struct sg_links *l, sg_link_fn fn, void *arg);

#endif /* _SEGD_LINKS_H */
