#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A child segment on two hosts over Geneve: see child.sh.

# child.sh calls what looks unreachable, and knows who has which MAC.
# shellcheck disable=SC2317,SC2154
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/child.sh"

connect() # LOCAL REMOTE
{
	overlay "$1" "$2" geneve external
}

disconnect()
{
	overlay_gone
}

# where_to POD_OR_VM: a trace from the pod of host 1, whose id goes to id.
where_to()
{
	id=$(segctl -j trace node via pods icmp smac "${mac[pod1]}" \
		dmac "${mac[$1]}" src 198.51.100.11 dst 198.51.100.99 |
		jq -r '.[].global_id')
}

# followed: how the last trace ended on host 2.
followed()
{
	on 2 segctl -j trace --remote "$id" | jq -r '.[] |
		"\(.observations[0].sequence) \(.observations[0].remote)",
		"\(.verdict) \(.observations[-1].port) \(.observations[-1].vlan)"'
}

subtest trace "a trace goes on at the other host"
trace()
{
	local id

	check reach pod 198.51.100.12
	check reach pod 198.51.100.20
	check both segctl uplink set tunnel trace on
	where_to pod2
	check_eq "to the pod" $'4 192.0.2.1\ndelivered node 20' "$(followed)"
	where_to vm
	check_eq "to the VM" $'4 192.0.2.1\ndelivered vm null' "$(followed)"
	check both segctl uplink set tunnel trace off
	where_to vm
	check_eq "when it is off" "" "$(followed)"
	check reach pod 198.51.100.12
}

run_child
