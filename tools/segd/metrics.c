// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers for Prometheus: requests and their latency, how far things have
 * come, and the fabric's counters by segment, port, binding map, transport zone
 * and uplink.
 */
#include <search.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "metrics.h"
#include "realizer.h"

static const char *const sg_methods[] = {
	"GET", "PUT", "PATCH", "POST", "DELETE", "other"
};

static const unsigned int sg_bucket_ms[] = {
	1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000
};

#define SG_METHODS	SG_ARRAY_SIZE(sg_methods)
#define SG_BUCKETS	SG_ARRAY_SIZE(sg_bucket_ms)

/* Requests by method and class of the status; latency by method. */
static atomic_ullong sg_requests[SG_METHODS][6];
static atomic_ullong sg_latency[SG_METHODS][SG_BUCKETS + 1];
static atomic_ullong sg_latency_sum[SG_METHODS];
static atomic_uint sg_active;

/* A request is being answered. */
void sg_metrics_began(void)
{
	atomic_fetch_add(&sg_active, 1);
}

void sg_metrics_ended(void)
{
	atomic_fetch_sub(&sg_active, 1);
}

/* Return: how many requests are being answered */
unsigned int sg_metrics_active(void)
{
	return atomic_load(&sg_active);
}

/**
 * sg_metrics_request - count a request
 * @method: of the request
 * @status: of the answer
 * @ms: milliseconds from one to the other
 */
void sg_metrics_request(const char *method, int status, int64_t ms)
{
	size_t m = 0, bucket = 0;

	while (m + 1 < SG_METHODS && strcmp(sg_methods[m], method))
		m++;
	while (bucket < SG_BUCKETS && ms > sg_bucket_ms[bucket])
		bucket++;
	atomic_fetch_add(&sg_requests[m][status / 100 % 6], 1);
	atomic_fetch_add(&sg_latency[m][bucket], 1);
	atomic_fetch_add(&sg_latency_sum[m], ms);
}

static void sg_metrics_api(struct sg_text *t)
{
	sg_text_puts(t, "# TYPE segd_requests_total counter\n");
	for (size_t m = 0; m < SG_METHODS; m++)
		for (int class = 1; class < 6; class++)
			if (sg_requests[m][class])
				sg_text_printf(t, "segd_requests_total{method=\"%s\",status=\"%dxx\"} %llu\n",
					       sg_methods[m], class,
					       sg_requests[m][class]);
	sg_text_puts(t, "# TYPE segd_request_seconds histogram\n");
	for (size_t m = 0; m < SG_METHODS; m++) {
		unsigned long long sum = 0;

		for (size_t i = 0; i < SG_BUCKETS; i++) {
			sum += sg_latency[m][i];
			sg_text_printf(t, "segd_request_seconds_bucket{method=\"%s\",le=\"%g\"} %llu\n",
				       sg_methods[m], sg_bucket_ms[i] / 1e3,
				       sum);
		}
		sum += sg_latency[m][SG_BUCKETS];
		sg_text_printf(t, "segd_request_seconds_bucket{method=\"%s\",le=\"+Inf\"} %llu\n",
			       sg_methods[m], sum);
		sg_text_printf(t, "segd_request_seconds_sum{method=\"%s\"} %g\n",
			       sg_methods[m], sg_latency_sum[m] / 1e3);
		sg_text_printf(t, "segd_request_seconds_count{method=\"%s\"} %llu\n",
			       sg_methods[m], sum);
	}
}

static void sg_metrics_realizer(struct sg_text *t, struct sg_realizer *r)
{
	static const char *const states[] = {
		[SG_STATE_UNKNOWN] = "unknown",
		[SG_STATE_PENDING] = "pending",
		[SG_STATE_REALIZED] = "realized",
		[SG_STATE_ERROR] = "error",
	};
	struct sg_realizer_numbers n;

	sg_realizer_numbers(r, &n);
	sg_text_puts(t, "# TYPE segd_objects gauge\n");
	for (int i = SG_STATE_PENDING; i <= SG_STATE_ERROR; i++)
		sg_text_printf(t, "segd_objects{state=\"%s\"} %llu\n",
			       states[i], (unsigned long long)n.objects[i]);
	sg_text_printf(t, "# TYPE segd_realizer_rounds_total counter\n"
		       "segd_realizer_rounds_total %llu\n"
		       "# TYPE segd_realizer_drifts_total counter\n"
		       "segd_realizer_drifts_total %llu\n"
		       "# TYPE segd_realizer_failures_total counter\n"
		       "segd_realizer_failures_total %llu\n",
		       (unsigned long long)n.rounds,
		       (unsigned long long)n.drifts,
		       (unsigned long long)n.failures);
}

/* --- The fabric --- */

/**
 * struct sg_named - the path that a device, or a binding map of it, belongs to
 * @device: the device
 * @id: of the binding map, or ""
 * @path: the policy path; @id points into it
 */
struct sg_named {
	char		device[SG_DEVICE_SIZE];
	const char	*id;
	char		*path;
};

/**
 * struct sg_fabric - the fabric's counters, each kind in one piece
 * @packets: lines
 * @bytes: lines
 * @drops: lines
 * @names: tree of struct sg_named
 */
struct sg_fabric {
	struct sg_text	packets;
	struct sg_text	bytes;
	struct sg_text	drops;
	void		*names;
};

static int sg_named_compare(const void *a, const void *b)
{
	const struct sg_named *x = a, *y = b;
	int order = strcmp(x->device, y->device);

	return order ? order : strcmp(x->id, y->id);
}

static void sg_named_free(void *arg)
{
	struct sg_named *named = arg;

	free(named->path);
	free(named);
}

static void sg_name(const char *path, const char *type,
		    const struct sg_status *status, void *arg)
{
	bool map = !strcmp(type, "SegmentConnectionBindingMap");
	struct sg_named *named, **found;
	struct sg_fabric *f = arg;

	if (!*status->device)
		return;
	named = sg_alloc(sizeof(*named));
	memcpy(named->device, status->device, sizeof(named->device));
	named->path = sg_strdup(path);
	named->id = map ? strrchr(named->path, '/') + 1 : "";
	found = tsearch(named, &f->names, sg_named_compare);
	if (*found != named)
		sg_named_free(named);
}

/* A label's value, between quotes. */
static void sg_label(struct sg_text *t, const char *value)
{
	for (; *value; value++) {
		if (strchr("\"\\", *value))
			sg_text_puts(t, "\\");
		sg_text_add(t, value, 1);
	}
}

/* What the lines of an object have in common. */
static char *sg_fabric_labels(const char *object, const char *path,
			      const char *uplink)
{
	struct sg_text t = {};

	sg_text_printf(&t, "object=\"%s\",path=\"", object);
	sg_label(&t, path);
	if (*uplink) {
		sg_text_puts(&t, "\",uplink=\"");
		sg_label(&t, uplink);
	}
	sg_text_puts(&t, "\"");
	return t.data;
}

static void sg_fabric_lines(struct sg_fabric *f, const char *labels,
			    const struct segfab_stats *s)
{
	static const unsigned int packets[] = {
		SEGFAB_A_STATS_INGRESS_PACKETS, SEGFAB_A_STATS_EGRESS_PACKETS
	};
	static const unsigned int bytes[] = {
		SEGFAB_A_STATS_INGRESS_BYTES, SEGFAB_A_STATS_EGRESS_BYTES
	};
	static const char *const direction[] = { "ingress", "egress" };

	for (int i = 0; i < 2; i++) {
		sg_text_printf(&f->packets,
			       "segfab_packets_total{%s,direction=\"%s\"} %llu\n",
			       labels, direction[i],
			       (unsigned long long)s->counter[packets[i]]);
		sg_text_printf(&f->bytes,
			       "segfab_bytes_total{%s,direction=\"%s\"} %llu\n",
			       labels, direction[i],
			       (unsigned long long)s->counter[bytes[i]]);
	}
	for (unsigned int i = 0; i < SG_ARRAY_SIZE(s->drop); i++)
		if (s->drop[i])
			sg_text_printf(&f->drops,
				       "segfab_drops_total{%s,reason=\"%s\"} %llu\n",
				       labels, segfab_drop_name(i),
				       (unsigned long long)s->drop[i]);
}

static void sg_fabric_add(enum sg_counted_object object, const char *device,
			  const char *id, const struct segfab_stats *stats,
			  void *arg)
{
	static const char *const objects[] = {
		[SG_COUNTED_SEGMENT] = "segment",
		[SG_COUNTED_PORT] = "port",
		[SG_COUNTED_BINDING] = "binding",
		[SG_COUNTED_ZONE] = "zone",
		[SG_COUNTED_UPLINK] = "uplink",
	};
	const char *uplink = object == SG_COUNTED_UPLINK ? id : "";
	struct sg_named key = { .id = *uplink ? "" : id }, **found;
	struct sg_fabric *f = arg;
	char *labels;

	sg_format(key.device, sizeof(key.device), "%s", device);
	found = tfind(&key, &f->names, sg_named_compare);
	if (!found)
		return;
	labels = sg_fabric_labels(objects[object], (*found)->path, uplink);
	sg_fabric_lines(f, labels, stats);
	free(labels);
}

static void sg_metrics_fabric(struct sg_text *t, struct sg_realizer *r)
{
	struct sg_backend *b = sg_realizer_backend(r);
	struct sg_fabric f = {};
	struct sg_fault fault;
	bool up;

	sg_realizer_walk(r, sg_name, &f);
	sg_text_puts(&f.packets, "# TYPE segfab_packets_total counter\n");
	sg_text_puts(&f.bytes, "# TYPE segfab_bytes_total counter\n");
	sg_text_puts(&f.drops, "# TYPE segfab_drops_total counter\n");
	up = !b->ops->counters(b, sg_fabric_add, &f, &fault);
	sg_text_add(t, f.packets.data, f.packets.len);
	sg_text_add(t, f.bytes.data, f.bytes.len);
	sg_text_add(t, f.drops.data, f.drops.len);
	sg_text_printf(t, "# TYPE segfab_up gauge\nsegfab_up %d\n", up);
	sg_text_free(&f.packets);
	sg_text_free(&f.bytes);
	sg_text_free(&f.drops);
	tdestroy(f.names, sg_named_free);
}

/**
 * sg_metrics - answer with all of it, or with fabric=false without the fabric,
 *	which is what costs something when there is much of it
 *
 * The parameters are those of &typedef sg_handler.
 */
int sg_metrics(struct sg_api *api, const struct sg_request *rq,
	       const struct sg_target *target, struct sg_response *rs,
	       struct sg_error *e)
{
	const char *fabric = sg_param(rq, "fabric");

	(void)target;
	(void)e;
	rs->type = "text/plain; version=0.0.4";
	sg_metrics_api(&rs->body);
	sg_metrics_realizer(&rs->body, api->realizer);
	if (!fabric || strcasecmp(fabric, "false"))
		sg_metrics_fabric(&rs->body, api->realizer);
	return 0;
}
