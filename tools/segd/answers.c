// SPDX-License-Identifier: GPL-2.0-only
/*
 * What answers that are no objects are made of, for the OpenAPI document.
 */
#include "answers.h"
#include "util.h"

#define VALUES(...)	((const char *const[]){ __VA_ARGS__, NULL })

#define SG_STATES	VALUES("pending", "in_progress", "success", "failed", \
			       "partial_success", "orphaned", "unknown",     \
			       "error", "in_sync", "NOT_AVAILABLE")

static const struct sg_field sg_error_fields[] = {
	{ "httpStatus", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "error_code", .kind = SG_INT, .flags = SG_REQUIRED },
	{ "module_name", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "error_message", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "details", .kind = SG_STRING },
	{ "error_data", .kind = SG_ANY },
	{ "related_errors", .kind = SG_ANY, .array = 64 },
	{}
};

const struct sg_field sg_list_fields[] = {
	{ "result_count", .kind = SG_INT, .flags = SG_REQUIRED },
	{ "cursor", .kind = SG_STRING },
	{ "sort_by", .kind = SG_STRING },
	{ "sort_ascending", .kind = SG_BOOL },
	{}
};

static const struct sg_field sg_state_fields[] = {
	{ "segment_path", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "logical_switch_id", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "state", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = SG_STATES },
	{ "details", .kind = SG_ANY, .array = 64, .flags = SG_REQUIRED },
	{ "failure_message", .kind = SG_STRING },
	{}
};

static const struct sg_field sg_states_fields[] = {
	{ "results", .kind = SG_OBJECT, .array = 100000,
	  .flags = SG_REQUIRED, .fields = sg_state_fields },
	{ "result_count", .kind = SG_INT, .flags = SG_REQUIRED },
	{ "sort_by", .kind = SG_STRING },
	{ "sort_ascending", .kind = SG_BOOL },
	{}
};

static const struct sg_field sg_attacher_fields[] = {
	{ "entity", .kind = SG_STRING },
	{ "host", .kind = SG_STRING },
	{}
};

static const struct sg_field sg_attachment_state_fields[] = {
	{ "id", .kind = SG_STRING },
	{ "state", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = VALUES("FREE", "ATTACHED", "ATTACHED_PENDING_CONF",
			   "ATTACHED_IN_MOTION", "DETACHED") },
	{ "attachers", .kind = SG_OBJECT, .array = 8,
	  .fields = sg_attacher_fields },
	{}
};

static const struct sg_field sg_port_state_fields[] = {
	{ "attachment", .kind = SG_OBJECT, .flags = SG_REQUIRED,
	  .fields = sg_attachment_state_fields },
	{ "discovered_bindings", .kind = SG_ANY, .array = 512 },
	{ "realized_bindings", .kind = SG_ANY, .array = 512 },
	{ "duplicate_bindings", .kind = SG_ANY, .array = 512 },
	{ "transport_node_ids", .kind = SG_STRING, .array = 64 },
	{ "failure_message", .kind = SG_STRING },
	{}
};

static const struct sg_field sg_port_status_fields[] = {
	{ "logical_port_id", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "last_update_timestamp", .kind = SG_INT },
	{ "status", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = VALUES("UP", "DOWN", "UNKNOWN") },
	{}
};

static const struct sg_field sg_counter_fields[] = {
	{ "total", .kind = SG_INT, .flags = SG_REQUIRED },
	{ "dropped", .kind = SG_INT },
	{ "multicast_broadcast", .kind = SG_INT },
	{}
};

#define SG_COUNTERS							\
	{ "rx_packets", .kind = SG_OBJECT, .flags = SG_REQUIRED,	\
	  .fields = sg_counter_fields },				\
	{ "rx_bytes", .kind = SG_OBJECT, .flags = SG_REQUIRED,		\
	  .fields = sg_counter_fields },				\
	{ "tx_packets", .kind = SG_OBJECT, .flags = SG_REQUIRED,	\
	  .fields = sg_counter_fields },				\
	{ "tx_bytes", .kind = SG_OBJECT, .flags = SG_REQUIRED,		\
	  .fields = sg_counter_fields },				\
	{ "last_update_timestamp", .kind = SG_INT }

static const struct sg_field sg_segment_stats_fields[] = {
	SG_COUNTERS,
	{ "logical_switch_id", .kind = SG_STRING, .flags = SG_REQUIRED },
	{}
};

static const struct sg_field sg_port_stats_fields[] = {
	SG_COUNTERS,
	{ "logical_port_id", .kind = SG_STRING, .flags = SG_REQUIRED },
	{}
};

static const struct sg_field sg_map_stats_fields[] = {
	SG_COUNTERS,
	{}
};

static const struct sg_field sg_trace_counter_fields[] = {
	{ "received_count", .kind = SG_INT },
	{ "delivered_count", .kind = SG_INT },
	{ "dropped_count", .kind = SG_INT },
	{ "forwarded_count", .kind = SG_INT },
	{}
};

static const struct sg_field sg_trace_status_fields[] = {
	{ "id", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "lport_id", .kind = SG_STRING },
	{ "timeout", .kind = SG_INT },
	{ "operation_state", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = VALUES("IN_PROGRESS", "FINISHED", "FAILED") },
	{ "result_overflowed", .kind = SG_BOOL },
	{ "counters", .kind = SG_OBJECT, .fields = sg_trace_counter_fields },
	{ "logical_counters", .kind = SG_OBJECT,
	  .fields = sg_trace_counter_fields },
	{ "analysis", .kind = SG_STRING, .array = 64 },
	{ "request_status", .kind = SG_ENUM,
	  .values = VALUES("SUCCESS", "TIMEOUT", "SOURCE_PORT_NOT_FOUND",
			   "DATA_PATH_NOT_READY", "CONNECTION_ERROR",
			   "UNKNOWN") },
	{}
};

/* PREFIX_id, PREFIX_name and the path of an object. */
#define SG_NAMED(prefix, path)						\
	{ prefix "_id", .kind = SG_STRING },				\
	{ prefix "_name", .kind = SG_STRING },				\
	{ path, .kind = SG_STRING }

static const struct sg_field sg_observation_fields[] = {
	{ "resource_type", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = VALUES("TraceflowObservation",
			   "TraceflowObservationReceived",
			   "TraceflowObservationReceivedLogical",
			   "TraceflowObservationForwarded",
			   "TraceflowObservationForwardedLogical",
			   "TraceflowObservationReplicationLogical",
			   "TraceflowObservationDelivered",
			   "TraceflowObservationDropped",
			   "TraceflowObservationDroppedLogical") },
	{ "sequence_no", .kind = SG_INT, .flags = SG_REQUIRED },
	{ "timestamp", .kind = SG_INT, .flags = SG_REQUIRED },
	{ "timestamp_micro", .kind = SG_INT, .flags = SG_REQUIRED },
	{ "transport_node_id", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "transport_node_name", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "transport_node_type", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = VALUES("OTHERS") },
	{ "component_type", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = VALUES("LS", "LR", "PHYSICAL", "UNKNOWN") },
	{ "component_sub_type", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = VALUES("UNKNOWN") },
	SG_NAMED("component", "component_path"),
	SG_NAMED("src_component", "src_component_path"),
	{ "src_component_type", .kind = SG_ENUM, .values = VALUES("LS") },
	SG_NAMED("dst_component", "dst_component_path"),
	{ "dst_component_type", .kind = SG_ENUM, .values = VALUES("LS") },
	SG_NAMED("lport", "segment_port_path"),
	{ "parent_port_path", .kind = SG_STRING },
	{ "connection_binding_map_path", .kind = SG_STRING },
	{ "vlan", .kind = SG_INT, .max = 4095 },
	{ "vlan_id", .kind = SG_INT, .max = 4095 },
	{ "uplink_name", .kind = SG_STRING },
	{ "remote_ip_address", .kind = SG_STRING },
	{ "vni", .kind = SG_INT, .max = 16777215 },
	{ "dst_transport_node_id", .kind = SG_STRING },
	{ "dst_transport_node_name", .kind = SG_STRING },
	{ "reason", .kind = SG_ENUM,
	  .values = VALUES("VLAN", "NO_MAC", "IFACE", "FILTERED_UPLINK",
			   "LSWITCH", "UNKNOWN") },
	{ "drop_reason", .kind = SG_STRING },
	{}
};

static const struct sg_field sg_observations_fields[] = {
	{ "results", .kind = SG_OBJECT, .array = 100000,
	  .flags = SG_REQUIRED, .fields = sg_observation_fields },
	{ "result_count", .kind = SG_INT, .flags = SG_REQUIRED },
	{ "sort_by", .kind = SG_STRING },
	{ "sort_ascending", .kind = SG_BOOL },
	{}
};

const struct sg_field sg_arrived_fields[] = {
	{ "node_id", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "node_name", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "ended", .kind = SG_BOOL, .flags = SG_REQUIRED },
	{ "overflowed", .kind = SG_BOOL, .flags = SG_REQUIRED },
	{ "observations", .kind = SG_OBJECT, .array = 100000,
	  .flags = SG_REQUIRED, .fields = sg_observation_fields },
	{ "analysis", .kind = SG_STRING, .array = 1000, .flags = SG_REQUIRED },
	{}
};

static const struct sg_field sg_mac_fields[] = {
	{ "mac_address", .kind = SG_MAC, .flags = SG_REQUIRED },
	{ "mac_type", .kind = SG_ENUM, .values = VALUES("STATIC", "LEARNED") },
	{}
};

static const struct sg_field sg_macs_fields[] = {
	{ "results", .kind = SG_OBJECT, .array = 1000000,
	  .flags = SG_REQUIRED, .fields = sg_mac_fields },
	{ "result_count", .kind = SG_INT, .flags = SG_REQUIRED },
	{ "sort_by", .kind = SG_STRING },
	{ "sort_ascending", .kind = SG_BOOL },
	{ "last_update_timestamp", .kind = SG_INT },
	{}
};

static const struct sg_field sg_consolidated_fields[] = {
	{ "consolidated_status", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = VALUES("SUCCESS", "IN_PROGRESS", "ERROR", "UNKNOWN",
			   "UNINITIALIZED", "DEGRADED") },
	{}
};

static const struct sg_field sg_realized_fields[] = {
	{ "consolidated_status", .kind = SG_OBJECT, .flags = SG_REQUIRED,
	  .fields = sg_consolidated_fields },
	{ "intent_path", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "intent_version", .kind = SG_STRING },
	{ "publish_status", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = VALUES("UNAVAILABLE", "UNREALIZED", "REALIZED", "ERROR") },
	{}
};

static const struct sg_field sg_entity_fields[] = {
	{ "resource_type", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "id", .kind = SG_STRING, .flags = SG_REQUIRED },
	{ "entity_type", .kind = SG_STRING },
	{ "intent_paths", .kind = SG_STRING, .array = 64 },
	{ "state", .kind = SG_ENUM, .flags = SG_REQUIRED,
	  .values = VALUES("UNAVAILABLE", "UNREALIZED", "REALIZED", "ERROR") },
	{ "realization_specific_identifier", .kind = SG_STRING },
	{ "runtime_error", .kind = SG_STRING },
	{ "alarms", .kind = SG_ANY, .array = 64 },
	{}
};

static const struct sg_field sg_entities_fields[] = {
	{ "results", .kind = SG_OBJECT, .array = 1000,
	  .flags = SG_REQUIRED, .fields = sg_entity_fields },
	{ "result_count", .kind = SG_INT, .flags = SG_REQUIRED },
	{ "sort_by", .kind = SG_STRING },
	{ "sort_ascending", .kind = SG_BOOL },
	{}
};

const struct sg_answer sg_answers[] = {
	{ "ApiError", sg_error_fields },
	{ "SegmentConfigurationState", sg_state_fields },
	{ "SegmentConfigurationStateListResult", sg_states_fields },
	{ "SegmentPortState", sg_port_state_fields },
	{ "SegmentPortStatus", sg_port_status_fields },
	{ "SegmentStatistics", sg_segment_stats_fields },
	{ "SegmentPortStatistics", sg_port_stats_fields },
	{ "SegmentConnectionBindingMapStatistics", sg_map_stats_fields },
	{ "SegmentMacAddressListResult", sg_macs_fields },
	{ "SegmentPortMacAddressListResult", sg_macs_fields },
	{ "Traceflow", sg_trace_status_fields },
	{ "TraceflowObservationListResult", sg_observations_fields },
	{ "ConsolidatedRealizedStatus", sg_realized_fields },
	{ "GenericPolicyRealizedResourceListResult", sg_entities_fields },
};

const size_t sg_answer_count = SG_ARRAY_SIZE(sg_answers);
