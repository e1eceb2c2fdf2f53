// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who a request comes from: a user with a password, or the owner of a client
 * certificate.
 *
 * A password's file holds the password itself or, if it begins with '$', its
 * hash by crypt(3). Hashes are slow by design, so the last good password of a
 * user is remembered, as a keyed digest, and compared with that first.
 *
 * Locking: a read-write lock; a reload writes.
 */
#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "auth.h"
#include "base64.h"

#define SG_DIGEST_SIZE	32

/**
 * struct sg_known - a user
 * @user: name and role
 * @secret: password or hash; for an identity, the name in the certificate
 * @digest: of the last good password, if @remembered
 * @remembered: there was one
 */
struct sg_known {
	struct sg_user	user;
	char		secret[SG_SECRET_SIZE];
	uint8_t		digest[SG_DIGEST_SIZE];
	bool		remembered;
};

/**
 * struct sg_auth - all users
 * @lock: covers the rest
 * @key: of the digests, made anew at each start
 * @user: those with passwords
 * @users: how many
 * @identity: those with certificates
 * @identities: how many
 */
struct sg_auth {
	pthread_rwlock_t	lock;
	uint8_t			key[SG_DIGEST_SIZE];
	struct sg_known		*user;
	size_t			users;
	struct sg_known		*identity;
	size_t			identities;
};

static int sg_refuse(struct sg_error *e)
{
	return sg_fail(e, SG_E_CREDENTIALS,
		       "The credentials were incorrect or the account specified has been locked.");
}

/**
 * sg_secret_read - the first line of a file that only its owner can read
 * @file: its name
 * @secret: takes the line
 * @e: takes the reason of a failure
 *
 * Return: 0 or -1
 */
int sg_secret_read(const char *file, char secret[SG_SECRET_SIZE],
		   struct sg_error *e)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st)) {
		if (fd >= 0)
			close(fd);
		return sg_fail(e, SG_E_SYNTAX, "%s: %s", file,
			       strerror(errno));
	}
	n = read(fd, secret, SG_SECRET_SIZE - 1);
	close(fd);
	if (st.st_mode & 0077)
		return sg_fail(e, SG_E_SYNTAX,
			       "%s: others than its owner may read it", file);
	if (n < 0)
		n = 0;
	secret[n] = '\0';
	secret[strcspn(secret, "\r\n")] = '\0';
	return *secret ? 0 : sg_fail(e, SG_E_SYNTAX, "%s: no password", file);
}

static void sg_known_set(struct sg_known *k, const struct sg_account *a)
{
	sg_format(k->user.name, sizeof(k->user.name), "%s", a->name);
	k->user.role = a->role;
}

/**
 * sg_auth_reload - read users and passwords again
 * @a: the users; they stay as they are if this fails
 * @config: who they are
 * @e: takes the reason of a failure
 *
 * Return: 0 or -1
 */
int sg_auth_reload(struct sg_auth *a, const struct sg_config *config,
		   struct sg_error *e)
{
	struct sg_known *user, *identity;
	int err = 0;

	user = sg_alloc(config->users * sizeof(*user));
	identity = sg_alloc(config->identities * sizeof(*identity));
	for (size_t i = 0; i < config->users && !err; i++) {
		sg_known_set(&user[i], &config->user[i]);
		err = sg_secret_read(config->user[i].secret, user[i].secret, e);
	}
	for (size_t i = 0; i < config->identities; i++) {
		sg_known_set(&identity[i], &config->identity[i]);
		sg_format(identity[i].secret, SG_SECRET_SIZE, "%s",
			  config->identity[i].secret);
	}
	if (err) {
		free(user);
		free(identity);
		return -1;
	}
	pthread_rwlock_wrlock(&a->lock);
	free(a->user);
	free(a->identity);
	a->user = user;
	a->users = config->users;
	a->identity = identity;
	a->identities = config->identities;
	pthread_rwlock_unlock(&a->lock);
	return 0;
}

/**
 * sg_auth_new - read users and passwords
 * @config: who they are
 * @e: takes the reason of a failure
 *
 * Return: the users or NULL
 */
struct sg_auth *sg_auth_new(const struct sg_config *config, struct sg_error *e)
{
	struct sg_auth *a = sg_alloc(sizeof(*a));

	pthread_rwlock_init(&a->lock, NULL);
	sg_random(a->key, sizeof(a->key));
	if (!sg_auth_reload(a, config, e))
		return a;
	sg_auth_free(a);
	return NULL;
}

void sg_auth_free(struct sg_auth *a)
{
	pthread_rwlock_destroy(&a->lock);
	free(a->user);
	free(a->identity);
	free(a);
}

static void sg_digest(const struct sg_auth *a, const char *password,
		      uint8_t digest[SG_DIGEST_SIZE])
{
	gnutls_hmac_fast(GNUTLS_MAC_SHA256, a->key, sizeof(a->key), password,
			 strlen(password), digest);
}

static bool sg_password_right(const struct sg_known *k, const char *password)
{
	struct crypt_data *data;
	const char *hash;
	bool right;

	if (k->secret[0] != '$')
		return sg_same_secret(k->secret, password);
	data = sg_alloc(sizeof(*data));
	hash = crypt_r(password, k->secret, data);
	right = hash && sg_same_secret(k->secret, hash);
	memset(data, 0, sizeof(*data));
	free(data);
	return right;
}

/* Remember a good password, unless the users were read again meanwhile. */
static void sg_remember(struct sg_auth *a, const struct sg_known *right,
			const uint8_t digest[SG_DIGEST_SIZE])
{
	pthread_rwlock_wrlock(&a->lock);
	for (size_t i = 0; i < a->users; i++) {
		struct sg_known *k = &a->user[i];

		if (strcmp(k->user.name, right->user.name) ||
		    strcmp(k->secret, right->secret))
			continue;
		memcpy(k->digest, digest, SG_DIGEST_SIZE);
		k->remembered = true;
	}
	pthread_rwlock_unlock(&a->lock);
}

static bool sg_known_named(struct sg_auth *a, const char *name,
			   struct sg_known *known)
{
	bool found = false;

	pthread_rwlock_rdlock(&a->lock);
	for (size_t i = 0; i < a->users && !found; i++) {
		found = !strcmp(a->user[i].user.name, name);
		if (found)
			*known = a->user[i];
	}
	pthread_rwlock_unlock(&a->lock);
	return found;
}

/**
 * sg_auth_password - check a name and a password
 * @a: the users
 * @name: who it claims to be
 * @password: the password
 * @user: takes who it is
 * @e: takes the refusal
 *
 * Return: 0 or -1
 */
int sg_auth_password(struct sg_auth *a, const char *name,
		     const char *password, struct sg_user *user,
		     struct sg_error *e)
{
	uint8_t digest[SG_DIGEST_SIZE];
	struct sg_known known;

	sg_digest(a, password, digest);
	if (!sg_known_named(a, name, &known))
		return sg_refuse(e);
	if (!known.remembered ||
	    gnutls_memcmp(known.digest, digest, sizeof(digest))) {
		if (!sg_password_right(&known, password))
			return sg_refuse(e);
		sg_remember(a, &known, digest);
	}
	*user = known.user;
	return 0;
}

/**
 * sg_auth_basic - check an Authorization header
 * @a: the users
 * @header: its value
 * @user: takes who it is
 * @e: takes the refusal
 *
 * Return: 0 or -1
 */
int sg_auth_basic(struct sg_auth *a, const char *header, struct sg_user *user,
		  struct sg_error *e)
{
	char *plain, *colon;
	size_t len = 0;
	int err = -1;

	if (strncasecmp(header, "Basic ", 6))
		return sg_refuse(e);
	plain = sg_base64_decode(header + 6 + strspn(header + 6, " "), &len);
	colon = plain ? strchr(plain, ':') : NULL;
	if (colon && strlen(plain) == len) {
		*colon = '\0';
		err = sg_auth_password(a, plain, colon + 1, user, e);
	} else {
		sg_refuse(e);
	}
	if (plain)
		memset(plain, 0, len);
	free(plain);
	return err;
}

/**
 * sg_auth_certificate - find the owner of a certificate that was verified
 * @a: the users
 * @name: common name of its subject
 * @user: takes who it is
 * @e: takes the refusal
 *
 * Return: 0 or -1
 */
int sg_auth_certificate(struct sg_auth *a, const char *name,
			struct sg_user *user, struct sg_error *e)
{
	bool found = false;

	pthread_rwlock_rdlock(&a->lock);
	for (size_t i = 0; i < a->identities && !found; i++) {
		found = !strcmp(a->identity[i].secret, name);
		if (found)
			*user = a->identity[i].user;
	}
	pthread_rwlock_unlock(&a->lock);
	return found ? 0 : sg_refuse(e);
}
