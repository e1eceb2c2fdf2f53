// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificates: the server's own, made if there is none, and those of clients.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/x509.h>

#include "tls.h"

#define SG_DAYS		(3650L * 86400)
#define SG_FILE_MAX	(1024 * 1024)
#define SG_DIGEST_SIZE	32

/**
 * sg_file_read - read a small file
 * @file: its name
 * @e: takes the reason of a failure
 *
 * Return: its text, to be freed, or NULL
 */
char *sg_file_read(const char *file, struct sg_error *e)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) || st.st_size > SG_FILE_MAX) {
		sg_fail(e, SG_E_SYNTAX, "%s: %s", file,
			fd < 0 ? strerror(errno) : "too large");
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	text = sg_alloc(st.st_size + 1);
	n = read(fd, text, st.st_size);
	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

/* A new file that nobody else can read; never over one that is there. */
static int sg_file_make(const char *file, mode_t mode, const void *data,
			size_t len, struct sg_error *e)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool good;

	if (fd < 0)
		return sg_fail(e, SG_E_INTERNAL, "%s: %s", file,
			       strerror(errno));
	good = write(fd, data, len) == (ssize_t)len && !fsync(fd);
	close(fd);
	if (good)
		return 0;
	unlink(file);
	return sg_fail(e, SG_E_INTERNAL, "%s: cannot be written", file);
}

/**
 * sg_tls_password - make a password, unless there is one
 * @file: where it is kept
 * @e: takes the reason of a failure
 *
 * Return: 1 if it was made, 0 if there was one, or -1
 */
int sg_tls_password(const char *file, struct sg_error *e)
{
	char uuid[SG_UUID_SIZE];

	if (!access(file, F_OK))
		return 0;
	sg_uuid(uuid);
	uuid[SG_UUID_SIZE - 1] = '\n';
	return sg_file_make(file, 0600, uuid, sizeof(uuid), e) ? -1 : 1;
}

/* Who it is for: whoever asks on this host. */
static int sg_certificate_names(gnutls_x509_crt_t crt)
{
	static const uint8_t v4[] = { 127, 0, 0, 1 };
	static const uint8_t v6[16] = { [15] = 1 };
	char host[256] = "localhost";

	gethostname(host, sizeof(host) - 1);
	return gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME,
					     0, host, strlen(host)) ?:
	       gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME,
						    host, strlen(host),
						    GNUTLS_FSAN_SET) ?:
	       gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME,
						    "localhost", 9,
						    GNUTLS_FSAN_APPEND) ?:
	       gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS,
						    v4, sizeof(v4),
						    GNUTLS_FSAN_APPEND) ?:
	       gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS,
						    v6, sizeof(v6),
						    GNUTLS_FSAN_APPEND);
}

static int sg_certificate_fill(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key)
{
	time_t now = time(NULL);
	uint8_t serial[16];

	sg_random(serial, sizeof(serial));
	serial[0] &= 0x7f;
	return gnutls_x509_crt_set_version(crt, 3) ?:
	       gnutls_x509_crt_set_serial(crt, serial, sizeof(serial)) ?:
	       gnutls_x509_crt_set_activation_time(crt, now - 3600) ?:
	       gnutls_x509_crt_set_expiration_time(crt, now + SG_DAYS) ?:
	       sg_certificate_names(crt) ?:
	       gnutls_x509_crt_set_ca_status(crt, 0) ?:
	       gnutls_x509_crt_set_key(crt, key) ?:
	       gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0);
}

/* A key and a certificate that it has signed itself. */
static int sg_certificate_make(const struct sg_config *c, struct sg_error *e)
{
	const unsigned int bits =
		GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
	gnutls_datum_t crt_pem = {}, key_pem = {};
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t crt = NULL;
	int err;

	err = gnutls_x509_privkey_init(&key) ?:
	      gnutls_x509_crt_init(&crt) ?:
	      gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, bits, 0) ?:
	      sg_certificate_fill(crt, key) ?:
	      gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &crt_pem) ?:
	      gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
						0, &key_pem);
	if (err)
		err = sg_fail(e, SG_E_INTERNAL, "certificate: %s",
			      gnutls_strerror(err));
	else
		err = sg_file_make(c->key, 0600, key_pem.data, key_pem.size,
				   e) ||
		      sg_file_make(c->certificate, 0644, crt_pem.data,
				   crt_pem.size, e) ? -1 : 0;
	gnutls_free(crt_pem.data);
	gnutls_free(key_pem.data);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
	return err;
}

/**
 * sg_tls_prepare - make a certificate if there is none
 * @c: where it is
 * @e: takes the reason of a failure
 *
 * Return: 0 or -1
 */
int sg_tls_prepare(const struct sg_config *c, struct sg_error *e)
{
	bool certificate = !access(c->certificate, F_OK);
	bool key = !access(c->key, F_OK);

	if (certificate && key)
		return 0;
	if (certificate || key)
		return sg_fail(e, SG_E_SYNTAX,
			       "there is only one of certificate %s and key %s",
			       c->certificate, c->key);
	return sg_certificate_make(c, e);
}

/* Return: 0 or -1; the certificate is to be freed */
static int sg_certificate_read(const char *file, gnutls_x509_crt_t *crt,
			       struct sg_error *e)
{
	char *pem = sg_file_read(file, e);
	gnutls_datum_t in;
	int err;

	if (!pem)
		return -1;
	in = (gnutls_datum_t){ (unsigned char *)pem, strlen(pem) };
	gnutls_x509_crt_init(crt);
	err = gnutls_x509_crt_import(*crt, &in, GNUTLS_X509_FMT_PEM);
	free(pem);
	if (!err)
		return 0;
	gnutls_x509_crt_deinit(*crt);
	return sg_fail(e, SG_E_SYNTAX, "%s: %s", file, gnutls_strerror(err));
}

/**
 * sg_tls_fingerprint - the SHA-256 fingerprint of a certificate
 * @file: the certificate
 * @text: takes it, as openssl(1) writes it
 * @e: takes the reason of a failure
 *
 * Return: 0 or -1
 */
int sg_tls_fingerprint(const char *file, char text[SG_FINGERPRINT_SIZE],
		       struct sg_error *e)
{
	uint8_t digest[SG_DIGEST_SIZE];
	gnutls_x509_crt_t crt;
	size_t size = sizeof(digest);

	if (sg_certificate_read(file, &crt, e))
		return -1;
	gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, digest, &size);
	gnutls_x509_crt_deinit(crt);
	for (size_t i = 0; i < size; i++)
		snprintf(text + 3 * i, 4, "%02X%s", digest[i],
			 i + 1 < size ? ":" : "");
	return 0;
}

/**
 * sg_tls_pin - what a certificate's public key is known by
 * @file: the certificate
 * @text: takes it, as curl(1) wants it: RFC 7469, section 2.4
 * @e: takes the reason of a failure
 *
 * Return: 0 or -1
 */
int sg_tls_pin(const char *file, char text[SG_PIN_SIZE], struct sg_error *e)
{
	unsigned char digest[SG_DIGEST_SIZE];
	const gnutls_datum_t id = { digest, sizeof(digest) };
	size_t size = sizeof(digest);
	gnutls_datum_t encoded;
	gnutls_x509_crt_t crt;

	if (sg_certificate_read(file, &crt, e))
		return -1;
	gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, digest, &size);
	gnutls_x509_crt_deinit(crt);
	gnutls_base64_encode2(&id, &encoded);
	snprintf(text, SG_PIN_SIZE, SG_PIN "%.*s", (int)encoded.size,
		 encoded.data);
	gnutls_free(encoded.data);
	return 0;
}

/**
 * sg_tls_is_pin - is that what sg_tls_pin() could have written?
 * @text: the text
 */
bool sg_tls_is_pin(const char *text)
{
	const size_t len = strlen(SG_PIN);
	gnutls_datum_t digest, in;
	bool is;

	if (strncmp(text, SG_PIN, len))
		return false;
	in = (gnutls_datum_t){ (unsigned char *)text + len,
			       strlen(text + len) };
	if (gnutls_base64_decode2(&in, &digest))
		return false;
	is = digest.size == SG_DIGEST_SIZE;
	gnutls_free(digest.data);
	return is;
}

/**
 * sg_tls_peer - the name in a client's certificate
 * @session: of the connection
 * @name: takes the common name of its subject
 * @size: room for it
 *
 * Return: false if there is no certificate that was verified
 */
bool sg_tls_peer(gnutls_session_t session, char *name, size_t size)
{
	unsigned int status = 0, count = 0;
	const gnutls_datum_t *chain;
	gnutls_x509_crt_t crt;
	bool good = false;

	chain = gnutls_certificate_get_peers(session, &count);
	if (!chain || !count ||
	    gnutls_certificate_verify_peers2(session, &status) || status)
		return false;
	if (gnutls_x509_crt_init(&crt))
		return false;
	if (!gnutls_x509_crt_import(crt, &chain[0], GNUTLS_X509_FMT_DER))
		good = !gnutls_x509_crt_get_dn_by_oid(crt,
				GNUTLS_OID_X520_COMMON_NAME, 0, 0, name,
				&size);
	gnutls_x509_crt_deinit(crt);
	return good;
}
