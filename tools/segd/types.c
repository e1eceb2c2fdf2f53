// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of resource types: what there is, what it is made of, what is
 * unique in it. Rules that need more than a table are in rules.c.
 */
#include "rules.h"
#include "schema.h"
#include "util.h"
#include "zone.h"

#define VALUES(...)	((const char *const[]){ __VA_ARGS__, NULL })

#define SG_TEXT_MAX	255
#define SG_PATH_MAX	1023
#define SG_U16_MAX	65535

static const struct sg_field sg_tag_fields[] = {
	{ "scope", .kind = SG_STRING, .max = 128, .def = "\"\"" },
	{ "tag", .kind = SG_STRING, .max = 256, .def = "\"\"" },
	{}
};

const struct sg_field sg_envelope[] = {
	{ "resource_type", .kind = SG_STRING, .max = SG_TEXT_MAX },
	{ "id", .kind = SG_STRING, .max = SG_TEXT_MAX },
	{ "display_name", .kind = SG_STRING, .max = SG_TEXT_MAX },
	{ "description", .kind = SG_STRING, .max = 1024 },
	{ "tags", .kind = SG_OBJECT, .array = 30, .fields = sg_tag_fields },
	{ "path", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "relative_path", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "parent_path", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "remote_path", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "unique_id", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "realization_id", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "owner_id", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "origin_site_id", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "marked_for_delete", .kind = SG_BOOL, .flags = SG_READ_ONLY },
	{ "overridden", .kind = SG_BOOL, .flags = SG_READ_ONLY },
	{ "_system_owned", .kind = SG_BOOL, .flags = SG_READ_ONLY },
	{ "_protection", .kind = SG_ENUM, .flags = SG_READ_ONLY,
	  .values = VALUES("PROTECTED", "NOT_PROTECTED", "REQUIRE_OVERRIDE",
			   "UNKNOWN") },
	{ "_create_time", .kind = SG_INT, .flags = SG_READ_ONLY },
	{ "_create_user", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "_last_modified_time", .kind = SG_INT, .flags = SG_READ_ONLY },
	{ "_last_modified_user", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "_revision", .kind = SG_INT, .max = 2147483647 },
	{ "_links", .kind = SG_ANY, .array = 64, .flags = SG_READ_ONLY },
	{ "_schema", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "_self", .kind = SG_ANY, .flags = SG_READ_ONLY },
	{ "children", .kind = SG_ANY, .array = 1000000, .flags = SG_READ_ONLY },
	{}
};

/* Segments */

static const struct sg_field sg_segment_advanced_fields[] = {
	{ "address_pool_paths", .kind = SG_STRING, .array = 1,
	  .max = SG_PATH_MAX },
	{ "connectivity", .kind = SG_ENUM, .def = "\"ON\"",
	  .values = VALUES("ON", "OFF") },
	{ "hybrid", .kind = SG_BOOL, .def = "false" },
	{ "inter_router", .kind = SG_BOOL, .def = "false" },
	{ "local_egress", .kind = SG_BOOL, .def = "false" },
	{ "local_egress_routing_policies", .kind = SG_ANY, .array = 64 },
	{ "multicast", .kind = SG_BOOL },
	{ "ndra_profile_path", .kind = SG_STRING, .max = SG_PATH_MAX },
	{ "node_local_switch", .kind = SG_BOOL },
	{ "origin_id", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "origin_type", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "uplink_teaming_policy_name", .kind = SG_STRING,
	  .max = SG_TEXT_MAX },
	{ "urpf_mode", .kind = SG_ENUM, .def = "\"STRICT\"",
	  .values = VALUES("NONE", "STRICT") },
	{}
};

static const struct sg_field sg_subnet_fields[] = {
	{ "gateway_address", .kind = SG_CIDR, .flags = SG_REQUIRED },
	{ "network", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "dhcp_ranges", .kind = SG_STRING, .array = 99, .max = SG_TEXT_MAX },
	{ "dhcp_config", .kind = SG_ANY },
	{}
};

static const struct sg_field sg_binding_fields[] = {
	{ "ip_address", .kind = SG_STRING, .max = 64 },
	{ "mac_address", .kind = SG_MAC },
	{ "vlan_id", .kind = SG_INT, .max = 4094 },
	{}
};

static const struct sg_field sg_segment_fields[] = {
	{ "type", .kind = SG_ENUM, .flags = SG_READ_ONLY,
	  .values = VALUES("ROUTED", "EXTENDED", "ROUTED_AND_EXTENDED",
			   "DISCONNECTED") },
	{ "vlan_ids", .kind = SG_VLANS, .array = 4094 },
	{ "subnets", .kind = SG_OBJECT, .array = 1,
	  .fields = sg_subnet_fields },
	{ "connectivity_path", .kind = SG_REF, .target = "Tier0|Tier1" },
	{ "transport_zone_path", .kind = SG_REF,
	  .target = "PolicyTransportZone" },
	{ "overlay_id", .kind = SG_INT, .max = 2147483647 },
	{ "replication_mode", .kind = SG_ENUM, .def = "\"MTEP\"",
	  .values = VALUES("MTEP", "SOURCE") },
	{ "admin_state", .kind = SG_ENUM, .def = "\"UP\"",
	  .values = VALUES("UP", "DOWN") },
	{ "advanced_config", .kind = SG_OBJECT, .def = "{}",
	  .fields = sg_segment_advanced_fields },
	{ "address_bindings", .kind = SG_OBJECT, .array = 512,
	  .fields = sg_binding_fields },
	{ "bridge_profiles", .kind = SG_ANY, .array = 64 },
	{ "dhcp_config_path", .kind = SG_STRING, .max = SG_PATH_MAX },
	{ "domain_name", .kind = SG_STRING, .max = SG_TEXT_MAX },
	{ "evpn_segment", .kind = SG_BOOL, .flags = SG_READ_ONLY },
	{ "evpn_tenant_config_path", .kind = SG_STRING, .max = SG_PATH_MAX },
	{ "extra_configs", .kind = SG_ANY, .array = 64 },
	{ "federation_config", .kind = SG_ANY, .flags = SG_READ_ONLY },
	{ "l2_extension", .kind = SG_ANY },
	{ "ls_id", .kind = SG_STRING, .max = SG_TEXT_MAX },
	{ "mac_pool_id", .kind = SG_STRING, .max = SG_TEXT_MAX },
	{ "metadata_proxy_paths", .kind = SG_STRING, .array = 64,
	  .max = SG_PATH_MAX },
	{}
};

static const struct sg_claim sg_segment_claims[] = {
	{ "overlay_id", { "overlay_id" }, SG_E_FIELD,
	  "the overlay_id is that of", NULL },
	{ "vlan", { "transport_zone_path", "vlan_ids" }, SG_E_FIELD,
	  "the VLAN id of the transport zone is that of", sg_zone_claims_vlan },
	{}
};

static const struct sg_field sg_attachment_fields[] = {
	{ "id", .kind = SG_STRING, .max = SG_TEXT_MAX },
	{ "type", .kind = SG_ENUM,
	  .values = VALUES("PARENT", "CHILD", "INDEPENDENT", "STATIC") },
	{ "context_id", .kind = SG_STRING, .max = SG_PATH_MAX },
	{ "context_type", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "traffic_tag", .kind = SG_INT, .max = 4095 },
	{ "app_id", .kind = SG_STRING, .max = SG_TEXT_MAX },
	{ "allocate_addresses", .kind = SG_ENUM,
	  .values = VALUES("IP_POOL", "MAC_POOL", "BOTH", "DHCP", "DHCPV6",
			   "SLAAC", "NONE") },
	{ "hyperbus_mode", .kind = SG_ENUM, .def = "\"DISABLE\"",
	  .values = VALUES("ENABLE", "DISABLE") },
	{ "evpn_vlans", .kind = SG_STRING, .array = 1000, .max = SG_TEXT_MAX },
	{ "bms_interface_config", .kind = SG_ANY },
	{}
};

static const struct sg_field sg_port_fields[] = {
	{ "attachment", .kind = SG_OBJECT, .fields = sg_attachment_fields },
	{ "admin_state", .kind = SG_ENUM, .def = "\"UP\"",
	  .values = VALUES("UP", "DOWN") },
	{ "address_bindings", .kind = SG_OBJECT, .array = 512,
	  .fields = sg_binding_fields },
	{ "ignored_address_bindings", .kind = SG_OBJECT, .array = 16,
	  .fields = sg_binding_fields },
	{ "extra_configs", .kind = SG_ANY, .array = 64 },
	{ "init_state", .kind = SG_ENUM,
	  .values = VALUES("UNBLOCKED_VLAN", "RESTORE_VIF") },
	{ "origin_id", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "source_site_id", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{}
};

static const struct sg_claim sg_port_claims[] = {
	{ "attachment", { "attachment.id" }, SG_E_FIELD,
	  "the attachment belongs to", NULL },
	{}
};

static const struct sg_field sg_map_fields[] = {
	{ "vlan_traffic_tag", .kind = SG_INT, .min = 1, .max = 4094,
	  .flags = SG_REQUIRED | SG_DECIMAL },
	{ "segment_path", .kind = SG_REF, .target = "Segment",
	  .flags = SG_REQUIRED },
	{}
};

static const struct sg_claim sg_map_claims[] = {
	{ "tag", { "segment_path", "vlan_traffic_tag" }, SG_E_VLAN_TAKEN,
	  "the VLAN id is bound on this parent by", NULL },
	{ "pair", { "parent_path", "segment_path" }, SG_E_FIELD,
	  "the child is bound to this parent by", NULL },
	{}
};

/*
 * Profiles. Of those that are not in the table, no path is good: what cannot be
 * done is not bound.
 */

static const struct sg_field sg_mac_discovery_fields[] = {
	{ "mac_learning_enabled", .kind = SG_BOOL, .flags = SG_REQUIRED },
	{ "mac_change_enabled", .kind = SG_BOOL, .def = "false" },
	{ "mac_learning_aging_time", .kind = SG_INT, .flags = SG_READ_ONLY },
	{ "mac_limit", .kind = SG_INT, .max = 4096, .def = "4096" },
	{ "mac_limit_policy", .kind = SG_ENUM, .def = "\"ALLOW\"",
	  .values = VALUES("ALLOW", "DROP") },
	{ "remote_overlay_mac_limit", .kind = SG_INT, .min = 2048, .max = 8192,
	  .def = "2048" },
	{ "unknown_unicast_flooding_enabled", .kind = SG_BOOL, .def = "true" },
	{}
};

static const struct sg_field sg_discovery_map_fields[] = {
	{ "ip_discovery_profile_path", .kind = SG_REF,
	  .target = "IPDiscoveryProfile" },
	{ "mac_discovery_profile_path", .kind = SG_REF,
	  .target = "MacDiscoveryProfile" },
	{}
};

static const struct sg_field sg_security_map_fields[] = {
	{ "segment_security_profile_path", .kind = SG_REF,
	  .target = "SegmentSecurityProfile" },
	{ "spoofguard_profile_path", .kind = SG_REF,
	  .target = "SpoofGuardProfile" },
	{}
};

static const struct sg_field sg_qos_map_fields[] = {
	{ "qos_profile_path", .kind = SG_REF, .target = "QoSProfile" },
	{}
};

static const struct sg_claim sg_profile_map_claims[] = {
	{ "profile map", { "parent_path", "resource_type" }, SG_E_FIELD,
	  "there is one already,", NULL },
	{}
};

/* Gateways and transport zones */

static const struct sg_field sg_tier0_fields[] = {
	{ "ha_mode", .kind = SG_ENUM, .def = "\"ACTIVE_ACTIVE\"",
	  .values = VALUES("ACTIVE_STANDBY", "ACTIVE_ACTIVE") },
	{ "failover_mode", .kind = SG_ENUM, .def = "\"NON_PREEMPTIVE\"",
	  .values = VALUES("PREEMPTIVE", "NON_PREEMPTIVE") },
	{ "transit_subnets", .kind = SG_STRING, .array = 16, .max = 64 },
	{ "internal_transit_subnets", .kind = SG_STRING, .array = 16,
	  .max = 64 },
	{ "dhcp_config_paths", .kind = SG_STRING, .array = 1,
	  .max = SG_PATH_MAX },
	{ "disable_firewall", .kind = SG_BOOL, .def = "false" },
	{}
};

static const struct sg_field sg_tier1_fields[] = {
	{ "tier0_path", .kind = SG_REF, .target = "Tier0" },
	{ "failover_mode", .kind = SG_ENUM, .def = "\"NON_PREEMPTIVE\"",
	  .values = VALUES("PREEMPTIVE", "NON_PREEMPTIVE") },
	{ "pool_allocation", .kind = SG_STRING, .max = SG_TEXT_MAX,
	  .def = "\"ROUTING\"" },
	{ "route_advertisement_types", .kind = SG_STRING, .array = 16,
	  .max = SG_TEXT_MAX },
	{ "route_advertisement_rules", .kind = SG_ANY, .array = 256 },
	{ "dhcp_config_paths", .kind = SG_STRING, .array = 1,
	  .max = SG_PATH_MAX },
	{ "disable_firewall", .kind = SG_BOOL, .def = "false" },
	{ "enable_standby_relocation", .kind = SG_BOOL, .def = "false" },
	{}
};

static const struct sg_field sg_zone_fields[] = {
	{ "tz_type", .kind = SG_ENUM, .def = "\"OVERLAY_STANDARD\"",
	  .values = VALUES("OVERLAY_STANDARD", "OVERLAY_ENS",
			   "OVERLAY_BACKED", "VLAN_BACKED", "UNKNOWN") },
	{ "is_default", .kind = SG_BOOL, .def = "false" },
	{ "nsx_id", .kind = SG_STRING, .flags = SG_READ_ONLY },
	{ "uplink_teaming_policy_names", .kind = SG_STRING, .array = 32,
	  .max = SG_TEXT_MAX },
	{ "nested_nsx", .kind = SG_BOOL, .def = "false" },
	{}
};

/* Packets of a traceflow */

static const struct sg_field sg_eth_fields[] = {
	{ "src_mac", .kind = SG_MAC },
	{ "dst_mac", .kind = SG_MAC },
	{ "eth_type", .kind = SG_INT, .min = 1, .max = SG_U16_MAX,
	  .def = "2048" },
	{}
};

static const struct sg_field sg_ip_fields[] = {
	{ "src_ip", .kind = SG_IP },
	{ "dst_ip", .kind = SG_IP },
	{ "protocol", .kind = SG_INT, .max = 255, .def = "1" },
	{ "ttl", .kind = SG_INT, .max = 255, .def = "64" },
	{ "flags", .kind = SG_INT, .max = 8, .def = "0" },
	{ "src_subnet_prefix_len", .kind = SG_INT, .min = 1, .max = 32 },
	{}
};

static const struct sg_field sg_ipv6_fields[] = {
	{ "src_ip", .kind = SG_IP },
	{ "dst_ip", .kind = SG_IP },
	{ "next_header", .kind = SG_INT, .max = 255, .def = "58" },
	{ "hop_limit", .kind = SG_INT, .max = 255, .def = "64" },
	{}
};

static const struct sg_field sg_arp_fields[] = {
	{ "op_code", .kind = SG_ENUM, .def = "\"ARP_REQUEST\"",
	  .values = VALUES("ARP_REQUEST", "ARP_REPLY") },
	{ "src_ip", .kind = SG_IP, .def = "\"0.0.0.0\"" },
	{ "dst_ip", .kind = SG_IP, .flags = SG_REQUIRED },
	{}
};

static const struct sg_field sg_tcp_fields[] = {
	{ "src_port", .kind = SG_INT, .max = SG_U16_MAX },
	{ "dst_port", .kind = SG_INT, .max = SG_U16_MAX },
	{ "tcp_flags", .kind = SG_INT, .max = 511 },
	{}
};

static const struct sg_field sg_udp_fields[] = {
	{ "src_port", .kind = SG_INT, .max = SG_U16_MAX, .def = "0" },
	{ "dst_port", .kind = SG_INT, .max = SG_U16_MAX, .def = "0" },
	{}
};

static const struct sg_field sg_echo_fields[] = {
	{ "id", .kind = SG_INT, .max = SG_U16_MAX, .def = "0" },
	{ "sequence", .kind = SG_INT, .max = SG_U16_MAX, .def = "0" },
	{}
};

static const struct sg_field sg_dhcp_fields[] = {
	{ "op_code", .kind = SG_ENUM, .def = "\"BOOTREQUEST\"",
	  .values = VALUES("BOOTREQUEST", "BOOTREPLY") },
	{}
};

static const struct sg_field sg_dhcpv6_fields[] = {
	{ "msg_type", .kind = SG_ENUM, .def = "\"SOLICIT\"",
	  .values = VALUES("SOLICIT", "ADVERTISE", "REQUEST", "REPLY") },
	{}
};

static const struct sg_field sg_dns_fields[] = {
	{ "address", .kind = SG_STRING, .max = SG_TEXT_MAX,
	  .flags = SG_REQUIRED },
	{ "address_type", .kind = SG_ENUM, .def = "\"V4\"",
	  .values = VALUES("V4", "V6") },
	{ "message_type", .kind = SG_ENUM, .def = "\"QUERY\"",
	  .values = VALUES("QUERY", "RESPONSE") },
	{}
};

static const struct sg_field sg_ndp_fields[] = {
	{ "dst_ip", .kind = SG_IP, .flags = SG_REQUIRED },
	{ "msg_type", .kind = SG_ENUM, .def = "\"NEIGHBOR_SOLICITATION\"",
	  .values = VALUES("NEIGHBOR_SOLICITATION",
			   "NEIGHBOR_ADVERTISEMENT") },
	{}
};

static const struct sg_field sg_transport_fields[] = {
	{ "tcp_header", .kind = SG_OBJECT, .fields = sg_tcp_fields },
	{ "udp_header", .kind = SG_OBJECT, .fields = sg_udp_fields },
	{ "icmp_echo_request_header", .kind = SG_OBJECT,
	  .fields = sg_echo_fields },
	{ "dhcp_header", .kind = SG_OBJECT, .fields = sg_dhcp_fields },
	{ "dhcpv6_header", .kind = SG_OBJECT, .fields = sg_dhcpv6_fields },
	{ "dns_header", .kind = SG_OBJECT, .fields = sg_dns_fields },
	{ "ndp_header", .kind = SG_OBJECT, .fields = sg_ndp_fields },
	{}
};

static const struct sg_field sg_packet_fields[] = {
	{ "eth_header", .kind = SG_OBJECT, .fields = sg_eth_fields },
	{ "ip_header", .kind = SG_OBJECT, .fields = sg_ip_fields },
	{ "ipv6_header", .kind = SG_OBJECT, .fields = sg_ipv6_fields },
	{ "arp_header", .kind = SG_OBJECT, .fields = sg_arp_fields },
	{ "transport_header", .kind = SG_OBJECT,
	  .fields = sg_transport_fields },
	{ "payload", .kind = SG_STRING, .max = 1336 },
	{ "resource_type", .kind = SG_ENUM, .def = "\"FieldsPacketData\"",
	  .values = VALUES("FieldsPacketData", "BinaryPacketData") },
	{ "frame_size", .kind = SG_INT, .min = 60, .max = 1000,
	  .def = "128" },
	{ "routed", .kind = SG_BOOL },
	{ "transport_type", .kind = SG_ENUM, .def = "\"UNICAST\"",
	  .values = VALUES("UNICAST", "BROADCAST", "MULTICAST", "UNKNOWN") },
	{}
};

/* Traceflow */

static const struct sg_field sg_trace_fields[] = {
	{ "segment_port_path", .kind = SG_STRING, .max = SG_PATH_MAX },
	{ "source_id", .kind = SG_STRING, .max = SG_PATH_MAX },
	{ "connected_segment_path_as_source", .flags = SG_LOOSE,
	  .alias = "connected_parent_path_as_source", .kind = SG_REF,
	  .target = "Segment" },
	{ "packet", .kind = SG_OBJECT, .flags = SG_REQUIRED,
	  .fields = sg_packet_fields },
	{ "timeout", .kind = SG_INT, .min = 5, .max = 60, .def = "10" },
	{ "is_transient", .kind = SG_BOOL, .def = "true" },
	{}
};

/* What holds the rest */

static const struct sg_field sg_no_fields[] = { {} };

static const struct sg_field sg_project_fields[] = {
	{ "short_id", .kind = SG_STRING, .max = 8 },
	{ "tier_0s", .kind = SG_REF, .target = "Tier0", .array = 64 },
	{ "site_infos", .kind = SG_ANY, .array = 64 },
	{ "activate_default_dfw_rules", .kind = SG_BOOL },
	{ "default", .kind = SG_BOOL, .flags = SG_READ_ONLY },
	{}
};

const struct sg_type sg_types[] = {
	{
		.name = "Infra",
		.collection = "infra",
		.owners = { "", "Project" },
		.flags = SG_SINGLETON | SG_FIXED,
		.fields = sg_no_fields,
	}, {
		.name = "Org",
		.collection = "orgs",
		.owners = { "" },
		.flags = SG_FIXED,
		.fields = sg_no_fields,
	}, {
		.name = "Project",
		.collection = "projects",
		.owners = { "Org" },
		.fields = sg_project_fields,
	}, {
		.name = "Site",
		.collection = "sites",
		.owners = { "Infra" },
		.flags = SG_FIXED,
		.fields = sg_no_fields,
	}, {
		.name = "EnforcementPoint",
		.collection = "enforcement-points",
		.owners = { "Site" },
		.flags = SG_FIXED,
		.fields = sg_no_fields,
	}, {
		.name = "PolicyTransportZone",
		.collection = "transport-zones",
		.owners = { "EnforcementPoint" },
		.flags = SG_REALIZED,
		.fields = sg_zone_fields,
		.fill = sg_fill_zone,
	}, {
		.name = "Tier0",
		.collection = "tier-0s",
		.owners = { "Infra" },
		.flags = SG_REALIZED,
		.fields = sg_tier0_fields,
	}, {
		.name = "Tier1",
		.collection = "tier-1s",
		.owners = { "Infra" },
		.flags = SG_REALIZED,
		.fields = sg_tier1_fields,
	}, {
		.name = "Segment",
		.collection = "segments",
		.owners = { "Infra", "Tier1" },
		.flags = SG_REALIZED,
		.fields = sg_segment_fields,
		.claims = sg_segment_claims,
		.reserved = "state|service-segments",
		.fill = sg_fill_segment,
		.check = sg_check_segment,
	}, {
		.name = "SegmentPort",
		.collection = "ports",
		.owners = { "Segment" },
		.flags = SG_REALIZED,
		.fields = sg_port_fields,
		.claims = sg_port_claims,
	}, {
		.name = "SegmentConnectionBindingMap",
		.collection = "segment-connection-binding-maps",
		.owners = { "Segment" },
		.flags = SG_REALIZED | SG_REPLACE,
		.fields = sg_map_fields,
		.claims = sg_map_claims,
		.check = sg_check_map,
	}, {
		.name = "MacDiscoveryProfile",
		.collection = "mac-discovery-profiles",
		.owners = { "Infra" },
		.flags = SG_GOVERNS,
		.fields = sg_mac_discovery_fields,
		.check = sg_check_mac_discovery,
	}, {
		.name = "SegmentDiscoveryProfileBindingMap",
		.collection = "segment-discovery-profile-binding-maps",
		.owners = { "Segment" },
		.flags = SG_PART | SG_GOVERNS,
		.fields = sg_discovery_map_fields,
		.claims = sg_profile_map_claims,
	}, {
		.name = "SegmentSecurityProfileBindingMap",
		.collection = "segment-security-profile-binding-maps",
		.owners = { "Segment" },
		.flags = SG_PART,
		.fields = sg_security_map_fields,
		.claims = sg_profile_map_claims,
	}, {
		.name = "SegmentQoSProfileBindingMap",
		.collection = "segment-qos-profile-binding-maps",
		.owners = { "Segment" },
		.flags = SG_PART,
		.fields = sg_qos_map_fields,
		.claims = sg_profile_map_claims,
	}, {
		.name = "PortDiscoveryProfileBindingMap",
		.collection = "port-discovery-profile-binding-maps",
		.owners = { "SegmentPort" },
		.flags = SG_PART | SG_GOVERNS,
		.fields = sg_discovery_map_fields,
		.claims = sg_profile_map_claims,
	}, {
		.name = "PortSecurityProfileBindingMap",
		.collection = "port-security-profile-binding-maps",
		.owners = { "SegmentPort" },
		.flags = SG_PART,
		.fields = sg_security_map_fields,
		.claims = sg_profile_map_claims,
	}, {
		.name = "PortQoSProfileBindingMap",
		.collection = "port-qos-profile-binding-maps",
		.owners = { "SegmentPort" },
		.flags = SG_PART,
		.fields = sg_qos_map_fields,
		.claims = sg_profile_map_claims,
	}, {
		.name = "TraceflowConfig",
		.collection = "traceflows",
		.owners = { "Infra" },
		.flags = SG_REPLACE | SG_ACTS,
		.fields = sg_trace_fields,
		.check = sg_check_trace,
	},
};

const size_t sg_type_count = SG_ARRAY_SIZE(sg_types);
