#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Many of everything. Prints how long things took and asserts nothing about
# it, but that all are there and work.

. "$(dirname "$0")/lib.sh"

# timed WHAT COMMAND...
timed()
{
	local begin=$EPOCHREALTIME took

	"${@:2}"
	took=$((${EPOCHREALTIME/./} - ${begin/./}))
	echo "# $1: $((took / 1000)) ms"
}

count_of() # OBJECT [FILTER...]: to reply
{
	reply=$(seg -j "$1" show "${@:2}" | grep -o '"ifindex":\|"id":\|"mac":' |
		wc -l)
}

readonly segments=$((10000 / SCALE)) tags=$((4094 / SCALE))
readonly parents=$((1000 / SCALE))

make_segments()
{
	local i

	for ((i = 1; i <= segments; i++)); do
		echo "link add name s$i group 7 type segment"
	done >"$tmp/batch"
	check host -b "$tmp/batch"
}

subtest segments_10k "10,000 segments"
segments_10k()
{
	timed "$segments segments" make_segments
	timed "a dump" count_of segment
	check_eq "segments" $((segments + 2)) "$reply"
	passes R 01-ff
}

subtest bindings "4094 binding maps on one parent, in one batch"
bindings()
{
	local i

	for ((i = 1; i <= tags; i++)); do
		echo "binding add s$i m parent red vlan $i"
	done >"$tmp/batch"
	timed "$tags binding maps" check seg -b "$tmp/batch"
	count_of binding parent red
	check_eq "binding maps" "$tags" "$reply"
	((SCALE > 1)) ||
		refused "*free*" seg binding add web m parent red vlan auto
	# the first and the last one work; the core has much to do before it
	# says of a port that it has a carrier
	ports "s$tags" L
	check host link set "s$tags" up
	eventually 60 has_carrier L
	passes R "0a-ff@$tags" L=0a-ff
	passes L 0b-0a "R=0b-0a@$tags"
	passes R 0a-ff@1
	for ((i = 1; i <= tags; i++)); do
		echo "binding del s$i m"
	done >"$tmp/batch"
	timed "$tags removals" check seg -b "$tmp/batch"
	count_of binding parent red
	check_eq "binding maps left" 0 "$reply"
}

subtest one_child "1000 parents of one child"
one_child()
{
	local i

	for ((i = 1; i <= parents; i++)); do
		echo "binding add web m$i parent s$i vlan 10"
	done >"$tmp/batch"
	timed "$parents parents" check seg -b "$tmp/batch"
	count_of binding child web
	check_eq "binding maps" "$parents" "$reply"
	ports "s$parents" P
	ports s1 Q
	timed "a broadcast" passes P 0a-ff@10 Q=0a-ff@10
	passes Q 0b-0a@10 P=0b-0a@10
}

subtest all_gone "10,000 segments and their binding maps go at once"
all_gone()
{
	timed "removal" check host link del group 7
	count_of segment
	check_eq "segments left" 2 "$reply"
	count_of binding child web
	check_eq "binding maps left" 0 "$reply"
}

subtest addresses "1,000,000 addresses, and a dump of 100,000 of them"
addresses()
{
	local count=$((1000000 / SCALE)) part=$((100000 / SCALE))

	[[ -e /proc/net/pktgen ]] || modprobe pktgen 2>/dev/null ||
		{ skip "the kernel has no pktgen"; return; }
	check seg port set R fdb-limit none
	timed "$part addresses" pktgen "$part"
	show "{fdb_count}" segment show red
	check_range "addresses" "$part" $((part + 2)) "$reply"
	timed "a dump" count_of fdb red
	check_range "addresses in the dump" "$part" $((part + 2)) "$reply"
	timed "$count addresses" pktgen "$count"
	show "{fdb_count}" segment show red
	check_range "addresses" "$count" $((count + 2)) "$reply"
	passes R 01-ff
	timed "flush" check seg fdb flush red
	show "{fdb_count}" segment show red
	check_range "addresses after a flush" 0 2 "$reply"
}

# pktgen COUNT: frames with so many source addresses from the machine's end
pktgen()
{
	# shellcheck disable=SC2016 # the other shell expands it
	ip netns exec "$VMS" sh -ec '
		cd /proc/net/pktgen
		echo rem_device_all >kpktgend_0
		echo add_device R >kpktgend_0
		echo count $0 >R
		echo clone_skb 0 >R
		echo pkt_size 60 >R
		echo delay 0 >R
		echo dst_mac 02:00:00:00:00:77 >R
		echo src_mac 06:00:00:00:00:00 >R
		echo src_mac_count $0 >R
		echo dst 192.0.2.1 >R
		echo start >pgctrl
		echo rem_device_all >kpktgend_0' "$1" ||
		fail "pktgen"
	frames got
}

start_fabric
segments red web
ports red R
run_subtests
