// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of views.
 */
#include <string.h>

#include "view.h"

const struct sg_view sg_views[] = {
	{ "Segment", true, "state", "GET", sg_view_states,
	  "SegmentConfigurationStateListResult" },
	{ "Segment", false, "state", "GET", sg_view_state,
	  "SegmentConfigurationState" },
	{ "Segment", false, "statistics", "GET", sg_view_segment_stats,
	  "SegmentStatistics" },
	{ "Segment", false, "mac-table", "GET", sg_view_segment_macs,
	  "SegmentMacAddressListResult" },
	{ "SegmentPort", false, "state", "GET", sg_view_port_state,
	  "SegmentPortState" },
	{ "SegmentPort", false, "status", "GET", sg_view_port_status,
	  "SegmentPortStatus" },
	{ "SegmentPort", false, "statistics", "GET", sg_view_port_stats,
	  "SegmentPortStatistics" },
	{ "SegmentPort", false, "mac-table", "GET", sg_view_port_macs,
	  "SegmentPortMacAddressListResult" },
	{ "SegmentConnectionBindingMap", false, "statistics", "GET",
	  sg_view_map_stats, "SegmentConnectionBindingMapStatistics" },
	{ "TraceflowConfig", false, "status", "GET", sg_view_trace_status,
	  "Traceflow" },
	{ "TraceflowConfig", false, "observations", "GET",
	  sg_view_trace_observations, "TraceflowObservationListResult" },
	{ "TraceflowConfig", false, "", "POST", sg_view_retrace,
	  "TraceflowConfig" },
	{ "Infra", false, "realized-state/status", "GET",
	  sg_view_realized_status, "ConsolidatedRealizedStatus" },
	{ "Infra", false, "realized-state/realized-entities", "GET",
	  sg_view_realized_entities, "GenericPolicyRealizedResourceListResult" },
};

const size_t sg_view_count = SG_ARRAY_SIZE(sg_views);

/**
 * sg_view_find - find a view
 * @target: a path
 * @method: of the request
 *
 * Return: the view or NULL
 */
const struct sg_view *sg_view_find(const struct sg_target *target,
				   const char *method)
{
	for (size_t i = 0; i < sg_view_count; i++) {
		const struct sg_view *v = &sg_views[i];

		if (!strcmp(v->type, target->type->name) &&
		    v->collection == target->collection &&
		    !strcmp(v->name, target->rest) &&
		    !strcmp(v->method, method))
			return v;
	}
	return NULL;
}
