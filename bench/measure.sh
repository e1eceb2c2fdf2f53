#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Measures data paths, inside the test machine under -icount, where a
# nanosecond of the clock is an instruction. Prints one JSON object a line:
# case, direction, path, frame length, instructions per frame (total, and net
# of generator and sink). "bench/run" makes the table.
#
# Each path is built from the same devices: bench0 is the node's port, bench1
# the VM's; bench2 is a second node's.

set -euo pipefail

run_file=/sys/kernel/debug/segfab_bench/run
count=${SEGFAB_BENCH_COUNT:-10000}
pod=02:00:00:00:00:01
vm=02:00:00:00:10:01
frame_len=60
all_paths="segfab bridge_vlan vlan_bridge parent_vlan_child flower
	plain_segment plain_bridge across_segments across_bridges"

# send ARGS...: one run; fails unless each frame arrived, with the right tag.
send() {
	local result

	echo "$* len=$frame_len" >"$run_file"
	result=$(cat "$run_file")
	jq -e '.received == .sent * ('"${copies:-1}"') and .wrong == 0' \
		>/dev/null <<<"$result" || {
		echo "$*: $result" >&2
		return 1
	}
	jq '.ns / .sent' <<<"$result"
}

# report CASE PATH DIRECTION SPEC...: warms up, measures, prints.
report() {
	local name=$1 path=$2 direction=$3 total base
	shift 3

	send "$@" count=500 >/dev/null
	total=$(send "$@" "count=$count")
	base=${bases[$direction]}
	jq -nc --arg case "$name" --arg path "$path" \
		--arg direction "$direction" --argjson len "$frame_len" \
		--argjson total "$total" --argjson base "$base" \
		'{case: $case, path: $path, direction: $direction, len: $len,
		  total: ($total | round), net: ($total - $base | round)}'
}

# both CASE PATH: container to VM and back, over whatever path is set up.
# The first frame of each side teaches where it is.
both() {
	teach "dev=bench1 smac=$vm dmac=$pod"
	teach "dev=bench0 smac=$pod dmac=$vm vlan=100"
	report "$1" "$2" forward "dev=bench0 smac=$pod dmac=$vm vlan=100 expect=0"
	report "$1" "$2" reverse "dev=bench1 smac=$vm dmac=$pod expect=100"
}

# teach SPEC: a frame whose way does not matter.
teach() {
	echo "$* count=1 len=60" >"$run_file"
}

up() {
	local dev

	for dev; do
		ip link set "$dev" up
	done
}

measure_base() {
	local direction

	bases[forward]=0
	bases[reverse]=0
	for direction in forward reverse; do
		local tag=""

		[ "$direction" = forward ] && tag="vlan=100"
		bases[$direction]=$(send "dev=bench0 direct $tag" "count=$count")
		jq -nc --arg direction "$direction" --argjson len "$frame_len" \
			--argjson total "${bases[$direction]}" \
			'{case: "base", path: "generator and sink alone",
			  direction: $direction, len: $len,
			  total: ($total | round), net: 0}'
	done
}

path_segfab() {
	segctl segment add parent up
	segctl segment add child up
	ip link set bench0 master parent
	ip link set bench1 master child
	segctl binding add child b1 parent parent vlan 100
	both container-vm segfab
	ip link del child
	ip link del parent
}

path_bridge_vlan() {
	ip link add br0 type bridge vlan_filtering 1 mcast_snooping 0
	up br0
	ip link set bench0 master br0
	ip link set bench1 master br0
	bridge vlan add dev bench0 vid 100
	bridge vlan add dev bench1 vid 100 pvid untagged
	both container-vm "bridge vlan_filtering"
	ip link del br0
}

path_vlan_bridge() {
	ip link add link bench0 name bench0.100 type vlan id 100
	ip link add br0 type bridge mcast_snooping 0
	ip link set bench0.100 master br0
	ip link set bench1 master br0
	up br0 bench0.100
	both container-vm "VLAN device + bridge"
	ip link del br0
	ip link del bench0.100
}

path_parent_vlan_child() {
	ip link add brp type bridge mcast_snooping 0
	ip link add brc type bridge mcast_snooping 0
	ip link set bench0 master brp
	ip link add link brp name brp.100 type vlan id 100
	ip link set brp.100 master brc
	ip link set bench1 master brc
	up brp brc brp.100
	both container-vm "parent bridge + VLAN device + child bridge"
	ip link del brc
	ip link del brp
}

path_flower() {
	tc qdisc add dev bench0 clsact
	tc qdisc add dev bench1 clsact
	tc filter add dev bench0 ingress protocol 802.1q flower vlan_id 100 \
		dst_mac "$vm" action vlan pop action mirred egress redirect dev bench1
	tc filter add dev bench1 ingress protocol all flower dst_mac "$pod" \
		action vlan push id 100 action mirred egress redirect dev bench0
	both container-vm "tc flower: VLAN and MAC"
	tc qdisc del dev bench0 clsact
	tc qdisc del dev bench1 clsact
}

path_plain_bridge() {
	ip link add br0 type bridge mcast_snooping 0
	ip link set bench0 master br0
	ip link set bench1 master br0
	up br0
	vm_vm bridge
	ip link del br0
}

path_plain_segment() {
	segctl segment add seg up
	ip link set bench0 master seg
	ip link set bench1 master seg
	vm_vm segfab
	ip link del seg
}

vm_vm() {
	teach "dev=bench1 smac=$vm dmac=$pod"
	teach "dev=bench0 smac=$pod dmac=$vm"
	report vm-vm "$1" reverse "dev=bench0 smac=$pod dmac=$vm expect=0"
}

path_across_segments() {
	segctl segment add child up
	segctl segment add pa up
	segctl segment add pb up
	ip link set bench0 master pa
	ip link set bench2 master pb
	segctl binding add child a parent pa vlan 100
	segctl binding add child b parent pb vlan 200
	across segfab
	ip link del child
	ip link del pa
	ip link del pb
}

path_across_bridges() {
	local n vid

	ip link add brc type bridge mcast_snooping 0
	up brc
	for n in 0 2; do
		vid=$((100 + n * 50))
		ip link add "brp$n" type bridge mcast_snooping 0
		ip link set "bench$n" master "brp$n"
		ip link add link "brp$n" name "brp$n.v" type vlan id "$vid"
		ip link set "brp$n.v" master brc
		up "brp$n" "brp$n.v"
	done
	across "parent bridge + VLAN device + child bridge + VLAN device + parent bridge"
	ip link del brp0
	ip link del brp2
	ip link del brc
}

across() {
	teach "dev=bench2 smac=$vm dmac=$pod vlan=200"
	teach "dev=bench0 smac=$pod dmac=$vm vlan=100"
	report container-container "$1" forward \
		"dev=bench0 smac=$pod dmac=$vm vlan=100 expect=200"
}

declare -A bases
mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
# Nobody but the generator may send.
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
insmod "$1" devices=3
up bench0 bench1 bench2
for frame_len in ${SEGFAB_BENCH_LENS:-60 1514}; do
	measure_base
	for path in ${SEGFAB_BENCH_PATHS:-$all_paths}; do
		"path_$path"
	done
done
rmmod segfab_bench
