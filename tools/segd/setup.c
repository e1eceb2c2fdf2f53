// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is there before the first client comes: a folder, a lock, a
 * certificate, a password, and the objects that belong to the system.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "json.h"
#include "setup.h"
#include "tls.h"
#include "zone.h"

/**
 * sg_setup_folder - make the state folder
 * @c: where it is
 * @e: takes the reason of a failure
 *
 * Return: 0 or -1
 */
int sg_setup_folder(const struct sg_config *c, struct sg_error *e)
{
	if (!mkdir(c->state_dir, 0700) || errno == EEXIST)
		return 0;
	return sg_fail(e, SG_E_SYNTAX, "%s: %s", c->state_dir,
		       strerror(errno));
}

static char *sg_lock_file(const struct sg_config *c)
{
	return sg_printf("%s/segd.pid", c->state_dir);
}

/**
 * sg_setup_lock - be the only daemon on this folder
 * @c: where it is
 * @e: takes the reason of a failure
 *
 * Return: a descriptor that holds the lock until it is closed, or -1
 */
int sg_setup_lock(const struct sg_config *c, struct sg_error *e)
{
	char *file = sg_lock_file(c);
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0) {
		sg_fail(e, SG_E_SYNTAX, "%s: %s", file, strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB)) {
		sg_fail(e, SG_E_SYNTAX, "another segd has %s", c->state_dir);
		close(fd);
		fd = -1;
	} else if (ftruncate(fd, 0) || dprintf(fd, "%d\n", getpid()) < 0) {
		sg_fail(e, SG_E_SYNTAX, "%s: %s", file, strerror(errno));
		close(fd);
		fd = -1;
	}
	free(file);
	return fd;
}

/**
 * sg_setup_secrets - make what is missing: certificate, key, passwords
 * @c: where they are
 * @e: takes the reason of a failure
 *
 * A password is made only where the daemon keeps its state: elsewhere, a
 * missing file is a mistake.
 *
 * Return: 0 or -1
 */
int sg_setup_secrets(const struct sg_config *c, struct sg_error *e)
{
	size_t len = strlen(c->state_dir);

	if (sg_tls_prepare(c, e))
		return -1;
	for (size_t i = 0; i < c->users; i++)
		if (!strncmp(c->user[i].secret, c->state_dir, len) &&
		    c->user[i].secret[len] == '/' &&
		    sg_tls_password(c->user[i].secret, e) < 0)
			return -1;
	return 0;
}

/* --- The store --- */

/**
 * sg_setup_zone_path - the path of a zone of the configuration
 * @z: the zone
 *
 * Return: the path, to be freed
 */
char *sg_setup_zone_path(const struct sg_host_zone *z)
{
	return sg_printf(SG_ZONES "/transport-zones/%s", z->id);
}

static bool sg_setup_same_kind(const json_t *zone, const struct sg_host_zone *z)
{
	return (sg_zone_kind(zone) == SG_ZONE_OVERLAY) == z->overlay;
}

/*
 * A zone of this id that is of the other kind stays, as segments may be in it;
 * its state says then what the configuration wants (make.c).
 */
static bool sg_setup_in_the_way(struct sg_change *c, const char *path,
				const struct sg_host_zone *z)
{
	json_t *zone = sg_store_get(c->db, path);
	bool found = zone && !sg_setup_same_kind(zone, z);

	if (found)
		sg_log(SG_LOG_WARNING,
		       "%s is of another kind than the configuration says", path);
	json_decref(zone);
	return found;
}

static int sg_setup_zone(struct sg_change *c, const struct sg_host_zone *z,
			 bool first, struct sg_error *e)
{
	json_t *names = json_array();
	json_t *zone = json_pack("{s:s, s:b, s:o}", "tz_type",
				 z->overlay ? "OVERLAY_STANDARD" :
				 "VLAN_BACKED", "is_default", first,
				 "uplink_teaming_policy_names", names);
	char *path = sg_setup_zone_path(z);
	int err = 0;

	for (size_t i = 0; i < z->policies; i++)
		json_array_append_new(names, json_string(z->policy[i].name));
	if (!sg_setup_in_the_way(c, path, z))
		err = sg_change_system(c, path, zone, e);
	json_decref(zone);
	free(path);
	return err;
}

/**
 * struct sg_released - a zone that the configuration names no more, or as one
 *	of the other kind
 * @db: a connection
 * @zones: those that it names
 * @path: takes its path
 */
struct sg_released {
	struct sg_db			*db;
	const struct sg_host_zones	*zones;
	char				path[SG_PATH_SIZE];
};

static int sg_setup_released(const char *path, const char *type, void *arg)
{
	const struct sg_host_zone *host;
	struct sg_released *r = arg;
	json_t *zone;
	bool found;

	if (strcmp(type, "PolicyTransportZone"))
		return 0;
	host = sg_host_zone(r->zones, strrchr(path, '/') + 1);
	zone = sg_store_get(r->db, path);
	found = sg_json_true(zone, "_system_owned") &&
		!sg_json_true(zone, "marked_for_delete") &&
		!(host && sg_setup_same_kind(zone, host));
	json_decref(zone);
	return found && sg_format(r->path, sizeof(r->path), "%s", path);
}

/* They stay until a client deletes them. */
static int sg_setup_release(struct sg_change *c,
			    const struct sg_host_zones *zones,
			    struct sg_error *e)
{
	json_t *nothing = json_pack("{s:b, s:[]}", "is_default", false,
				    "uplink_teaming_policy_names");
	struct sg_released r = { .db = c->db, .zones = zones };
	int err = 0;

	while (!err && sg_store_below(c->db, SG_ZONES, sg_setup_released, &r))
		err = sg_change_release(c, r.path, nothing, e);
	json_decref(nothing);
	return err;
}

/* The first zone of each kind is what segments take that name none. */
static int sg_setup_zones(struct sg_change *c,
			  const struct sg_host_zones *zones,
			  struct sg_error *e)
{
	bool seen[2] = {};

	for (size_t i = 0; i < zones->count; i++) {
		const struct sg_host_zone *zone = &zones->zone[i];

		if (sg_setup_zone(c, zone, !seen[zone->overlay], e))
			return -1;
		seen[zone->overlay] = true;
	}
	return sg_setup_release(c, zones, e);
}

/* An id of the daemon's own, which stays. */
static void sg_setup_id(struct sg_change *c, const char *name)
{
	char *id = sg_store_setting(c->db, name);
	char uuid[SG_UUID_SIZE];

	if (!id) {
		sg_uuid(uuid);
		sg_store_set_setting(c->db, name, uuid);
	}
	free(id);
}

static int sg_setup_objects(struct sg_change *c, const struct sg_config *config,
			    struct sg_error *e)
{
	static const char *const paths[] = {
		"/infra", "/infra/sites/default", SG_ZONES, "/orgs/default",
	};
	json_t *empty = json_object();
	int err = 0;

	sg_setup_id(c, "owner_id");
	sg_setup_id(c, "node_id");
	for (size_t i = 0; !err && i < SG_ARRAY_SIZE(paths); i++)
		err = sg_change_system(c, paths[i], empty, e);
	json_decref(empty);
	return err ? err : sg_setup_zones(c, &config->zones, e);
}

char *sg_setup_store_file(const struct sg_config *c)
{
	return sg_printf("%s/store.db", c->state_dir);
}

/**
 * sg_setup_update - write the objects that belong to the system
 * @store: the store
 * @c: which zones there are
 * @e: takes the reason of a failure
 *
 * Return: 0 or -1
 */
int sg_setup_update(struct sg_store *store, const struct sg_config *c,
		    struct sg_error *e)
{
	struct sg_change change;
	int err;

	sg_change_begin(&change, store, "system", "start");
	err = sg_setup_objects(&change, c, e);
	if (!err)
		err = sg_change_commit(&change, e);
	sg_change_end(&change);
	return err;
}

/**
 * sg_setup_store - open the store, with the objects that belong to the system
 * @c: where it is, which zones there are
 * @e: takes the reason of a failure
 *
 * Return: the store or NULL
 */
struct sg_store *sg_setup_store(const struct sg_config *c, struct sg_error *e)
{
	char *file = sg_setup_store_file(c);
	struct sg_store *store = sg_store_open(file, e);

	free(file);
	if (!store || !sg_setup_update(store, c, e))
		return store;
	sg_store_close(store);
	return NULL;
}

/* Tell a daemon that runs on this store to look at everything again. */
static void sg_setup_tell(const struct sg_config *c)
{
	char *name = sg_lock_file(c);
	FILE *file = fopen(name, "re");
	int pid;

	if (file && flock(fileno(file), LOCK_SH | LOCK_NB) &&
	    fscanf(file, "%d", &pid) == 1 && pid > 1)
		kill(pid, SIGHUP);
	if (file)
		fclose(file);
	free(name);
}

/**
 * sg_setup_restore - put a backup in the place of the store
 * @c: where the store is
 * @file: the backup
 * @e: takes the reason of a failure
 *
 * A daemon may run meanwhile: it sees the store as it was before, or as it is
 * then, and brings the kernel there.
 *
 * Return: 0 or -1
 */
int sg_setup_restore(const struct sg_config *c, const char *file,
		     struct sg_error *e)
{
	char *name = sg_setup_store_file(c);
	struct sg_store *backup;
	int err = -1;

	if (access(file, R_OK)) {
		sg_fail(e, SG_E_SYNTAX, "%s: %s", file, strerror(errno));
		goto out;
	}
	backup = sg_store_open(file, e);
	if (!backup)
		goto out;
	err = sg_store_backup(backup, name, e);
	sg_store_close(backup);
	if (!err)
		sg_setup_tell(c);
out:
	free(name);
	return err;
}
