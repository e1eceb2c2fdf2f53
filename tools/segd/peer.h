/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemons of other hosts, which know what became of a frame there.
 */
#ifndef _SEGD_PEER_H
#define _SEGD_PEER_H

#include <stddef.h>

#include "error.h"

/* What they are asked: what became of the trace with this number. */
#define SG_ARRIVED	"/api/v1/segd/arrived"

/**
 * struct sg_peer - the daemon of another host
 * @endpoint: tunnel address of the host, as the kernel writes it
 * @url: what its URLs begin with
 * @pin: of its public key, as sg_tls_pin() writes it
 * @secret: file with a user that it knows, NAME:PASSWORD
 */
struct sg_peer {
	char	*endpoint;
	char	*url;
	char	*pin;
	char	*secret;
};

/**
 * struct sg_peers - all of them
 * @peer: the peers
 * @count: how many
 */
struct sg_peers {
	struct sg_peer	*peer;
	size_t		count;
};

const char *sg_peer_read(struct sg_peers *peers, char *words[], int count);
const struct sg_peer *sg_peer_at(const struct sg_peers *peers,
				 const char *endpoint);
void sg_peer_copy(struct sg_peer *to, const struct sg_peer *from);
void sg_peer_free(struct sg_peer *peer);
void sg_peers_free(struct sg_peers *peers);

json_t *sg_peer_get(const struct sg_peer *peer, const char *path, int cancel,
		    struct sg_error *e);

#endif /* _SEGD_PEER_H */
