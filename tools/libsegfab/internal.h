/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the library share and programs do not see.
 */
#ifndef _SEGFAB_INTERNAL_H
#define _SEGFAB_INTERNAL_H

#include <stddef.h>

#include <netlink/netlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "segfab.h"

#define SF_ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Visible to programs; everything else stays inside. */
#define SF_API			__attribute__((visibility("default")))

enum sf_socket {
	SF_GENL,
	SF_RTNL,
	SF_SOCKETS
};

/**
 * struct sf_family - numbers of the generic netlink family
 * @id: of the family, 0 if not known yet
 * @config: of its multicast group "config"
 */
struct sf_family {
	uint16_t	id;
	uint32_t	config;
};

/**
 * struct segfab - a handle
 * @sock: sockets for requests
 * @family: numbers of the generic netlink family
 * @buf: receive buffer, grows for dumps, kept between requests
 * @size: its size
 * @error: text of the last error
 * @attribute: name of the attribute that the last error is about, or NULL
 * @warning: text of the last warning
 */
struct segfab {
	struct nl_sock	*sock[SF_SOCKETS];
	struct sf_family family;
	char		*buf;
	size_t		size;
	char		error[512];
	const char	*attribute;
	char		warning[256];
};

/* handle.c */
int sf_error(struct segfab *h, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void sf_warn(struct segfab *h, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct nl_sock *sf_socket_open(struct segfab *h, int protocol);
int sf_netns_push(struct segfab *h, const char *netns);
int sf_netns_pop(struct segfab *h, int saved);

/* request.c */

/* Called for each message of an answer; as the functions for dumps. */
typedef int (*sf_message_fn)(const struct nlmsghdr *nlh, void *arg);

int sf_family_resolve(struct segfab *h);
int sf_genl_request(struct segfab *h, int cmd, int flags, struct nl_msg **msg);
int sf_genl_request_about(struct segfab *h, int cmd, int flags, int type,
			  const char *name, struct nl_msg **msg);
int sf_rtnl_request(struct segfab *h, int type, int flags, const void *header,
		    size_t len, struct nl_msg **msg);
int sf_write_flags(enum segfab_write how);
int sf_too_long(struct segfab *h, struct nl_msg *msg);
int sf_talk(struct segfab *h, enum sf_socket s, struct nl_msg *request,
	    sf_message_fn fn, void *arg);

/* ack.c */
int sf_ack(struct segfab *h, const struct nlmsghdr *answer,
	   const struct nlmsghdr *request);
int sf_done(struct segfab *h, const struct nlmsghdr *answer,
	    const struct nlmsghdr *request);

/* attr.c */
extern const char *const sf_stats_names[SEGFAB_A_STATS_MAX + 1];
extern const char *const sf_drops_names[SEGFAB_A_DROPS_MAX + 1];
const char *sf_attr_at(const struct nlmsghdr *request, size_t offset);
const char *sf_attr_missing(const struct nlmsghdr *request, unsigned int type);
int sf_genl_parse(const struct nlmsghdr *nlh, struct nlattr **tb, int max);
uint8_t sf_get_u8(const struct nlattr *a);
uint16_t sf_get_u16(const struct nlattr *a);
uint32_t sf_get_u32(const struct nlattr *a);
uint64_t sf_get_u64(const struct nlattr *a);
void sf_get_string(const struct nlattr *a, char *buf, size_t size);

/* remote.c */
void sf_get_address(const struct nlattr *a, char *text, size_t size);
int sf_put_address(struct nl_msg *msg, int type, const char *text);
int sf_bad_address(struct segfab *h, struct nl_msg *msg, const char *text);

/* The objects, from a message of the family to a structure. */
void sf_stats_parse(const struct nlattr *a, struct segfab_stats *stats);
int sf_segment_parse(const struct nlmsghdr *nlh, struct segfab_segment *s);
int sf_port_parse(const struct nlmsghdr *nlh, struct segfab_port *p);
int sf_binding_parse(const struct nlmsghdr *nlh, struct segfab_binding *b);
int sf_fdb_parse(const struct nlmsghdr *nlh, struct segfab_fdb *e);
int sf_zone_parse(const struct nlmsghdr *nlh, struct segfab_zone *z);
int sf_uplink_parse(const struct nlmsghdr *nlh, struct segfab_uplink *u);
int sf_policy_parse(const struct nlmsghdr *nlh, struct segfab_policy *p);
int sf_remote_parse(const struct nlmsghdr *nlh, struct segfab_remote *r);
int sf_link_parse(const struct nlmsghdr *nlh, struct segfab_link *l);

/* link.c */
int sf_link_request(struct segfab *h, const char *name,
		    const struct ifinfomsg *ifi, struct nl_msg **msg);
struct nlattr *sf_linkinfo_begin(struct nl_msg *msg, const char *kind,
				 struct nlattr **data);
void sf_linkinfo_end(struct nl_msg *msg, struct nlattr *info,
		     struct nlattr *data);
int sf_link_new(struct segfab *h, struct nl_msg *msg, const char *name);
int sf_link_join(struct segfab *h, const char *name, const char *role,
		 const char *master, uint32_t master_ifindex,
		 struct segfab_link *link);
void sf_link_join_undo(struct segfab *h, const struct segfab_link *link);
int sf_link_master(struct segfab *h, uint32_t ifindex, uint32_t master);

#endif /* _SEGFAB_INTERNAL_H */
