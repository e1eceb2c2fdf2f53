/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration file: segd.conf(5).
 */
#ifndef _SEGD_CONFIG_H
#define _SEGD_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "api.h"
#include "host_zone.h"
#include "log.h"
#include "peer.h"

/**
 * struct sg_account - a user, and what it is known by
 * @name: of the user
 * @role: what is allowed
 * @secret: file with the password, or the name in a client certificate
 */
struct sg_account {
	char		*name;
	enum sg_role	role;
	char		*secret;
};

/**
 * struct sg_config - what the file says
 * @listen: address to listen on
 * @port: TCP port
 * @state_dir: folder of the store and of what the daemon makes for itself
 * @certificate: file with the server's certificate
 * @key: file with its key
 * @client_ca: file with who signs clients' certificates, or NULL
 * @session_timeout: seconds
 * @request_timeout: seconds that a client has for a request
 * @body_limit: bytes
 * @trace_idle: seconds that a transient traceflow stays
 * @threads: that answer
 * @log_level: least important level that is written
 * @user: users with passwords
 * @users: how many
 * @identity: users with certificates
 * @identities: how many
 * @zones: transport zones
 * @peers: daemons of other hosts
 */
struct sg_config {
	char			*listen;
	unsigned int		port;
	char			*state_dir;
	char			*certificate;
	char			*key;
	char			*client_ca;
	unsigned int		session_timeout;
	unsigned int		request_timeout;
	size_t			body_limit;
	unsigned int		trace_idle;
	unsigned int		threads;
	enum sg_log_level	log_level;
	struct sg_account	*user;
	size_t			users;
	struct sg_account	*identity;
	size_t			identities;
	struct sg_host_zones	zones;
	struct sg_peers		peers;
};

struct sg_config *sg_config_read(const char *file, bool must,
				 struct sg_error *e);
void sg_config_free(struct sg_config *c);

#endif /* _SEGD_CONFIG_H */
