/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Certificates: the server's own, and those of clients.
 */
#ifndef _SEGD_TLS_H
#define _SEGD_TLS_H

#include <gnutls/gnutls.h>

#include "config.h"

#define SG_FINGERPRINT_SIZE	96
/* "sha256//" and 32 bytes in base 64. */
#define SG_PIN			"sha256//"
#define SG_PIN_SIZE		53

int sg_tls_prepare(const struct sg_config *c, struct sg_error *e);
int sg_tls_password(const char *file, struct sg_error *e);
int sg_tls_fingerprint(const char *file, char text[SG_FINGERPRINT_SIZE],
		       struct sg_error *e);
int sg_tls_pin(const char *file, char text[SG_PIN_SIZE], struct sg_error *e);
bool sg_tls_is_pin(const char *text);
bool sg_tls_peer(gnutls_session_t session, char *name, size_t size);
char *sg_file_read(const char *file, struct sg_error *e);

#endif /* _SEGD_TLS_H */
