// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters and address tables, as the backend has them now. Received is what
 * the segment got from its machines, transmitted what it gave them.
 */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "realizer.h"
#include "view.h"

/**
 * struct sg_counted - an object whose counters are asked for
 * @id: its realization id
 * @device: its device, or the child's of a binding map
 */
struct sg_counted {
	char	id[SG_UUID_SIZE];
	char	device[SG_DEVICE_SIZE];
};

/* Return: 0, or -1 if it is not there; @device is empty if not realized */
static int sg_counted(struct sg_api *api, const char *path,
		      struct sg_counted *counted, struct sg_error *e)
{
	struct sg_db *db = sg_db_get(api->store, SG_READ);
	json_t *object = sg_resource_get(db, path, e);
	struct sg_status status;

	sg_db_put(db);
	if (!object)
		return -1;
	sg_format(counted->id, sizeof(counted->id), "%s",
		  sg_json_text(object, "unique_id"));
	json_decref(object);
	sg_realizer_status(api->realizer, path, &status);
	memcpy(counted->device, status.device, sizeof(counted->device));
	if (status.state == SG_STATE_ERROR)
		counted->device[0] = '\0';
	return 0;
}

static int sg_no_answer(struct sg_error *e, const char *path,
			const struct sg_fault *fault)
{
	return sg_fail(e, SG_E_BACKEND, "path=[%.400s]: %.250s", path,
		       fault->text);
}

/* --- Counters --- */

static json_t *sg_packets(const struct segfab_stats *s, unsigned int total,
			  unsigned int multicast, unsigned int broadcast,
			  uint64_t dropped)
{
	return json_pack("{s:I, s:I, s:I}",
			 "total", (json_int_t)s->counter[total],
			 "dropped", (json_int_t)dropped,
			 "multicast_broadcast",
			 (json_int_t)(s->counter[multicast] +
				      s->counter[broadcast]));
}

static json_t *sg_bytes(const struct segfab_stats *s, unsigned int total,
			unsigned int multicast, unsigned int broadcast)
{
	return json_pack("{s:I, s:I}",
			 "total", (json_int_t)s->counter[total],
			 "multicast_broadcast",
			 (json_int_t)(s->counter[multicast] +
				      s->counter[broadcast]));
}

/* Frames are dropped on their way in, but for those that a port refuses. */
static void sg_drops(const struct segfab_stats *s, uint64_t *rx, uint64_t *tx)
{
	*rx = 0;
	*tx = 0;
	for (unsigned int i = 0; i < SG_ARRAY_SIZE(s->drop); i++) {
		bool out = i == SEGFAB_A_DROPS_PORT_DOWN ||
			   i == SEGFAB_A_DROPS_TOO_BIG ||
			   i == SEGFAB_A_DROPS_TRANSMIT;

		*(out ? tx : rx) += s->drop[i];
	}
}

static json_t *sg_stats(const struct segfab_stats *s)
{
	uint64_t rx, tx;

	sg_drops(s, &rx, &tx);
	return json_pack("{s:o, s:o, s:o, s:o, s:I}",
		"rx_packets",
		sg_packets(s, SEGFAB_A_STATS_INGRESS_PACKETS,
			   SEGFAB_A_STATS_INGRESS_MULTICAST_PACKETS,
			   SEGFAB_A_STATS_INGRESS_BROADCAST_PACKETS, rx),
		"rx_bytes",
		sg_bytes(s, SEGFAB_A_STATS_INGRESS_BYTES,
			 SEGFAB_A_STATS_INGRESS_MULTICAST_BYTES,
			 SEGFAB_A_STATS_INGRESS_BROADCAST_BYTES),
		"tx_packets",
		sg_packets(s, SEGFAB_A_STATS_EGRESS_PACKETS,
			   SEGFAB_A_STATS_EGRESS_MULTICAST_PACKETS,
			   SEGFAB_A_STATS_EGRESS_BROADCAST_PACKETS, tx),
		"tx_bytes",
		sg_bytes(s, SEGFAB_A_STATS_EGRESS_BYTES,
			 SEGFAB_A_STATS_EGRESS_MULTICAST_BYTES,
			 SEGFAB_A_STATS_EGRESS_BROADCAST_BYTES),
		"last_update_timestamp", (json_int_t)sg_now_ms());
}

/* The counters of one object; a binding map has the id @id. */
static int sg_read_stats(struct sg_backend *b, enum sg_counted_object object,
			 const char *device, const char *id,
			 struct segfab_stats *stats, struct sg_fault *fault)
{
	struct segfab_segment segment = {};
	struct segfab_binding binding = {};
	struct segfab_port port = {};
	int err;

	switch (object) {
	case SG_COUNTED_SEGMENT:
		err = b->ops->segment_get(b, device, &segment, fault);
		*stats = segment.stats;
		return err;
	case SG_COUNTED_PORT:
		err = b->ops->port_get(b, device, &port, fault);
		*stats = port.stats;
		return err;
	default:
		err = b->ops->binding_get(b, device, id, &binding, fault);
		*stats = binding.stats;
		return err;
	}
}

/* Answer with counters; @key is the member that names the object, or NULL. */
static int sg_answer_stats(struct sg_api *api, const struct sg_target *target,
			   enum sg_counted_object object, const char *key,
			   struct sg_response *rs, struct sg_error *e)
{
	struct sg_backend *b = sg_realizer_backend(api->realizer);
	struct segfab_stats stats = {};
	struct sg_counted counted;
	struct sg_fault fault;
	json_t *answer;

	if (sg_counted(api, target->path, &counted, e))
		return -1;
	if (*counted.device && sg_read_stats(b, object, counted.device,
					     target->id, &stats, &fault))
		return sg_no_answer(e, target->path, &fault);
	answer = sg_stats(&stats);
	if (key)
		sg_json_set_text(answer, key, counted.id);
	return sg_respond(rs, answer);
}

/* GET .../segments/{id}/statistics */
int sg_view_segment_stats(struct sg_api *api, const struct sg_request *rq,
			  const struct sg_target *target,
			  struct sg_response *rs, struct sg_error *e)
{
	(void)rq;
	return sg_answer_stats(api, target, SG_COUNTED_SEGMENT,
			       "logical_switch_id", rs, e);
}

/* GET .../ports/{id}/statistics */
int sg_view_port_stats(struct sg_api *api, const struct sg_request *rq,
		       const struct sg_target *target, struct sg_response *rs,
		       struct sg_error *e)
{
	(void)rq;
	return sg_answer_stats(api, target, SG_COUNTED_PORT,
			       "logical_port_id", rs, e);
}

/* GET .../segment-connection-binding-maps/{id}/statistics: ours alone */
int sg_view_map_stats(struct sg_api *api, const struct sg_request *rq,
		      const struct sg_target *target, struct sg_response *rs,
		      struct sg_error *e)
{
	(void)rq;
	return sg_answer_stats(api, target, SG_COUNTED_BINDING, NULL, rs, e);
}

/* --- Addresses --- */

struct sg_macs {
	json_t	*results;
	bool	typed;
};

static int sg_mac_add(const struct segfab_fdb *e, void *arg)
{
	struct sg_macs *macs = arg;
	json_t *entry;
	char mac[18];

	if (e->state == SEGFAB_FDB_STATE_LOCAL)
		return 0;
	snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", e->mac[0],
		 e->mac[1], e->mac[2], e->mac[3], e->mac[4], e->mac[5]);
	entry = json_pack("{s:s}", "mac_address", mac);
	if (macs->typed)
		sg_json_set_text(entry, "mac_type",
				 e->state == SEGFAB_FDB_STATE_STATIC ?
				 "STATIC" : "LEARNED");
	json_array_append_new(macs->results, entry);
	return 0;
}

/* Clients may ask for lines instead of JSON. */
static void sg_macs_csv(const struct sg_macs *macs, struct sg_response *rs)
{
	json_t *entry;
	size_t i;

	rs->type = "text/csv";
	sg_text_puts(&rs->body, macs->typed ? "mac_address,mac_type\n" :
		     "mac_address\n");
	json_array_foreach(macs->results, i, entry)
		sg_text_printf(&rs->body, "%s%s%s\n",
			       sg_json_text(entry, "mac_address"),
			       macs->typed ? "," : "",
			       sg_json_text(entry, "mac_type"));
}

static int sg_macs(struct sg_api *api, const struct sg_request *rq,
		   const char *path, const char *segment, const char *port,
		   struct sg_response *rs, struct sg_error *e)
{
	struct sg_backend *b = sg_realizer_backend(api->realizer);
	struct sg_macs macs = { json_array(), port };
	const char *format = sg_param(rq, "format");
	struct sg_fault fault;
	json_t *list;

	if (*segment && (!port || *port) &&
	    b->ops->fdb(b, segment, port, sg_mac_add, &macs, &fault)) {
		json_decref(macs.results);
		return sg_no_answer(e, path, &fault);
	}
	if (format && !strcmp(format, "csv")) {
		sg_macs_csv(&macs, rs);
		json_decref(macs.results);
		return 0;
	}
	list = sg_list_envelope(macs.results, json_array_size(macs.results),
				NULL, "mac_address", true);
	json_object_set_new(list, "last_update_timestamp",
			    json_integer(sg_now_ms()));
	return sg_respond(rs, list);
}

/* GET .../segments/{id}/mac-table */
int sg_view_segment_macs(struct sg_api *api, const struct sg_request *rq,
			 const struct sg_target *target,
			 struct sg_response *rs, struct sg_error *e)
{
	struct sg_counted counted;

	if (sg_counted(api, target->path, &counted, e))
		return -1;
	return sg_macs(api, rq, target->path, counted.device, NULL, rs, e);
}

/* GET .../ports/{id}/mac-table */
int sg_view_port_macs(struct sg_api *api, const struct sg_request *rq,
		      const struct sg_target *target, struct sg_response *rs,
		      struct sg_error *e)
{
	struct sg_counted counted;
	struct sg_status segment;

	if (sg_counted(api, target->path, &counted, e))
		return -1;
	sg_realizer_status(api->realizer, target->owner, &segment);
	return sg_macs(api, rq, target->path, segment.device, counted.device,
		       rs, e);
}
