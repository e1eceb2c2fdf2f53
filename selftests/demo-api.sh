#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The reference's workflow through segd, with curl: a parent, a child, a binding
# map; traffic; statistics; a traceflow; a deletion in the wrong order, and in
# the right one.
#
#	demo-api.sh [--keep]
#
#	node (pod: VLAN 1002)      vm
#	   |                        |
#	vnet-node                vnet-vm
#	[nodes] -- 1002 -> [pods] --+
#
# The machines are network namespaces, their network cards veth pairs. Needs
# root, the module, segd, curl, jq and ping. All that it makes is removed in the
# end, unless --keep says otherwise.
#
# Exit status: 0, 1 if a step failed, 2 for wrong use, 4 if it cannot run here.

set -u
export LC_ALL=C

readonly pod=198.51.100.11 vm=198.51.100.50
readonly base=https://127.0.0.1:8443/policy/api/v1/infra
readonly map=segments/pods/segment-connection-binding-maps/map-1
folder=$(mktemp -d)
daemon=
failures=0

failed()
{
	echo "  FAILED: $*"
	failures=$((failures + 1))
}

cannot_run()
{
	echo "demo-api.sh: $*" >&2
	exit 4
}

# --- the machines ------------------------------------------------------------

make_machine() # NAME
{
	ip netns add "$1" &&
	ip link add "vnet-$1" type veth peer name eth0 netns "$1" &&
	ip link set "vnet-$1" up alias "vif-$1" &&
	ip -n "$1" link set eth0 up
}

make_machines()
{
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	make_machine node &&
	ip -n node link add link eth0 name pod type vlan id 1002 &&
	ip -n node link set pod up &&
	ip -n node addr add "$pod/24" dev pod &&
	make_machine vm &&
	ip -n vm addr add "$vm/24" dev eth0
}

clean_up()
{
	[[ -z $daemon ]] || kill "$daemon"
	wait
	ip netns del node 2>/dev/null
	ip netns del vm 2>/dev/null
	rm -rf -- "$folder"
}

start_daemon()
{
	echo "state-dir = $folder/state" >"$folder/segd.conf"
	segd --config "$folder/segd.conf" 2>"$folder/log" &
	daemon=$!
	until grep -q listening "$folder/log"; do
		kill -0 "$daemon" || cannot_run "$(<"$folder/log")"
		sleep 0.1
	done
}

# --- what the reader sees ----------------------------------------------------

title()
{
	printf '\n%s\n' "$1"
}

# call STATUS FILTER METHOD PATH [BODY]: show the call, and what jq makes of the
# answer.
call()
{
	local want=$1 filter=$2 status
	local shown=${5-}

	[[ -z $shown ]] || shown=" -d '$shown'"
	echo "  \$ curl -X $3 .../infra/$4$shown"
	status=$(curl -sk -u "admin:$(<"$folder/state/admin.password")" \
		-X "$3" ${5:+-d "$5"} -o "$folder/answer" \
		-w '%{http_code}' "$base/$4")
	[[ ! -s $folder/answer ]] ||
		jq -r "$filter" "$folder/answer" | fold -sw 76 | sed 's/^/    /'
	[[ $status == "$want" ]] || failed "HTTP $status, expected $want"
}

realized() # PATH
{
	local i

	for ((i = 0; i < 100; i++)); do
		call 200 .publish_status GET \
			"realized-state/status?intent_path=/infra/$1" |
			grep -qw REALIZED && return
		sleep 0.1
	done
	failed "$1 is not realized"
}

reaches()
{
	ip netns exec node ping -q -c 5 -i 0.1 -W 1 "$vm" |
		grep -q ' [1-5] received'
}

traffic() # yes|no
{
	if reaches; then
		echo "  the pod reaches the VM"
		[[ $1 == yes ]] || failed "it should not"
	else
		echo "  the pod does not reach the VM"
		[[ $1 == no ]] || failed "it should"
	fi
}

mac_of() # MACHINE
{
	ip -n "$1" -j link show eth0 | jq -r '.[0].address'
}

# From the pod to the VM: through the child.
traceflow()
{
	local body

	printf -v body '{"segment_port_path":
	"/infra/segments/nodes/ports/node", "packet": {
	"eth_header": {"src_mac": "%s", "dst_mac": "%s"},
	"ip_header": {"src_ip": "%s", "dst_ip": "%s"}},
	"connected_segment_path_as_source": "/infra/segments/pods"}' \
		"$(mac_of node)" "$(mac_of vm)" "$pod" "$vm"
	call 200 .path PUT traceflows/demo "$body"
	until call 200 . GET traceflows/demo/status >/dev/null
		! grep -q IN_PROGRESS "$folder/answer"; do
		sleep 0.1
	done
	call 200 '"\(.operation_state): \(.analysis[])"' \
		GET traceflows/demo/status
	call 200 '.results[] | "\(.resource_type) \(.component_path)"' \
		GET traceflows/demo/observations
	grep -q Delivered "$folder/answer" || failed "it is not delivered"
	call 200 . DELETE traceflows/demo
}

demo()
{
	local attach='{"attachment": {"id": "vif-%s"}}' body

	title "A parent, where the node is, and a child, where the VM is"
	call 200 .path PUT segments/nodes '{}'
	call 200 .path PUT segments/pods '{}'
	# shellcheck disable=SC2059 # it is a format
	printf -v body "$attach" node
	call 200 .path PUT segments/nodes/ports/node "$body"
	# shellcheck disable=SC2059
	printf -v body "$attach" vm
	call 200 .path PUT segments/pods/ports/vm "$body"
	realized segments/nodes/ports/node
	realized segments/pods/ports/vm
	traffic no

	title "A binding map: tag 1002 on the parent is the child"
	call 200 . PUT "$map" \
		'{"vlan_traffic_tag": "1002", "segment_path": "/infra/segments/nodes"}'
	realized "$map"
	traffic yes

	title "Statistics: the parent counts containers on their way in only"
	call 200 '"rx \(.rx_packets.total) tx \(.tx_packets.total)"' \
		GET segments/nodes/statistics
	call 200 '"rx \(.rx_packets.total) tx \(.tx_packets.total)"' \
		GET "$map/statistics"

	title "A traceflow"
	traceflow

	title "Deleted in the wrong order"
	call 400 .error_message DELETE segments/pods
	call 400 .error_message DELETE segments/nodes

	title "Deleted in the right order"
	call 200 . DELETE "$map"
	traffic no
	call 200 . DELETE segments/pods/ports/vm
	call 200 . DELETE segments/nodes/ports/node
	call 200 . DELETE segments/pods
	call 200 . DELETE segments/nodes
	call 200 .result_count GET segments
}

case ${1-} in
'' | --keep) ;;
*)
	echo "Usage: demo-api.sh [--keep]" >&2
	exit 2 ;;
esac
((UID == 0)) || cannot_run "needs root"
for program in ip segd curl jq ping; do
	command -v "$program" >/dev/null || cannot_run "there is no $program"
done

[[ ${1-} == --keep ]] || trap clean_up EXIT
make_machines || cannot_run "the machines could not be made"
title "segd"
start_daemon
sed 's/^/  /' "$folder/log" | grep -v audit: | cut -c -80
demo
title "$failures failures"
((!failures))
