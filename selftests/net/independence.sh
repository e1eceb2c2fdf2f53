#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# R7: parent and child are independent of each other.
#
#	red (R R2)      blue (B)
#	 | 10            | 20
#	web (W)         web

. "$(dirname "$0")/lib.sh"

subtest child_down "R7 a child that is down does not concern its parent"
child_down()
{
	check host link set web down
	defer host link set web up
	mark
	passes R 01-ff R2=01-ff
	passes R2 02-01 R=02-01
	frames got
	mark
	passes R 0a-ff@10
	passes W 0b-ff
	counted R.in=1/60 R.in_bc=1/60 red.in=1/60 red.in_bc=1/60 \
		web/m1.in=1/60 web/m1.in_bc=1/60 \
		R.drop_segment_down=1 red.drop_segment_down=1 \
		W.in=1/60 W.in_bc=1/60 web.in=1/60 web.in_bc=1/60 \
		W.drop_segment_down=1 web.drop_segment_down=1
}

subtest parent_down "R7 a parent that is down carries its children's traffic"
parent_down()
{
	check host link set red down
	defer host link set red up
	mark
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	passes W 0b-0a R=0b-0a@10
	mark
	passes R 01-ff
	counted R.in=1/60 R.in_bc=1/60 red.in=1/60 red.in_bc=1/60 \
		R.drop_segment_down=1 red.drop_segment_down=1
}

mtu() # DEVICE
{
	local out

	out=$(host -o link show dev "$1")
	[[ $out =~ mtu\ ([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

subtest mtu_apart "R7 an MTU of one is not one of the other"
mtu_apart()
{
	check host link set red mtu 600
	defer host link set red mtu 1500
	check_eq "MTU of web" 1500 "$(mtu web)"
	passes R 0a-ff@10/1514 R2=0a-ff@10/1514 B=0a-ff@20/1514 W=0a-ff/1514
	check host link set web mtu 700
	defer host link set web mtu 1500
	check_eq "MTU of red" 600 "$(mtu red)"
	passes R 01-ff/1514 R2=01-ff/1514
	passes R 0a-ff@10/1514 R2=0a-ff@10/1514 B=0a-ff@20/1514 W=0a-ff/1514
}

settings() # SEGMENT
{
	show "{ageing_time} {flood} {guest_vlans}" segment show "$1"
}

subtest no_inheritance "R7 no setting is inherited, in either direction"
no_inheritance()
{
	local before

	settings web
	before=$reply
	check seg segment set red ageing 17 flood off guest-vlans 7
	settings web
	check_eq "settings of web" "$before" "$reply"
	passes R 0a-99@10 R2=0a-99@10 B=0a-99@20 W=0a-99
	passes W 0b-ff@7
	check seg segment set red ageing 300 flood on guest-vlans none
	settings red
	before=$reply
	check seg segment set web ageing 17 flood off guest-vlans 7
	settings red
	check_eq "settings of red" "$before" "$reply"
	passes R 01-99 R2=01-99
	passes R 01-ff@7
	check seg segment set web ageing 300 flood on guest-vlans none
}

subtest services "R7 services of a parent's port do not extend to the child"
services()
{
	check seg port set R learning off flood off mcast_flood off \
		bcast_flood off isolated on fdb-limit 1 fdb-limit-policy drop
	check seg port set R2 isolated on
	passes R2 01-ff
	passes R2 0b-ff@10 R=0b-ff@10 B=0b-ff@20 W=0b-ff
	passes R2 0b-m1@10 R=0b-m1@10 B=0b-m1@20 W=0b-m1
	passes R2 0b-99@10 R=0b-99@10 B=0b-99@20 W=0b-99
	passes R 0a-0b@10 R2=0a-0b@10
	passes R 0c-0b@10 R2=0c-0b@10
	passes W 0d-0c R=0d-0c@10
	passes W 0d-0a R=0d-0a@10
	check seg port set R learning on flood on mcast_flood on \
		bcast_flood on isolated off fdb-limit 4096 \
		fdb-limit-policy forward
	check seg port set R2 isolated off
}

subtest vrfs "R7 different VRFs, with the same gateway address in both"
vrfs()
{
	local vrf

	host link add vrf-red type vrf table 101 2>/dev/null ||
		{ skip "the kernel has no VRF"; return; }
	defer host link del vrf-red
	check host link add vrf-web type vrf table 102
	defer host link del vrf-web
	for vrf in red web; do
		check host link set "vrf-$vrf" up
		check host link set "$vrf" master "vrf-$vrf"
		check host addr add 192.0.2.1/24 dev "$vrf"
	done
	# a machine on red and a pod behind it on web, with one address too
	setup_ns POD
	check vms link add link R name pod netns "$POD" type vlan id 10
	check ip -n "$POD" addr add 192.0.2.2/24 dev pod
	check ip -n "$POD" link set pod up
	check vms addr add 192.0.2.2/24 dev R
	defer vms addr flush dev R
	check ip netns exec "$VMS" ping -qc 2 -i 0.2 -W 5 192.0.2.1
	check ip netns exec "$POD" ping -qc 2 -i 0.2 -W 5 192.0.2.1
	ip netns exec "$POD" cat /sys/class/net/pod/address >"$tmp/pod"
	ip netns exec "$VMS" cat /sys/class/net/R/address >"$tmp/vm"
	for vrf in red web; do
		check ip netns exec "$HOST" ip vrf exec "vrf-$vrf" \
			ping -qc 1 -W 5 192.0.2.2
	done
	# each gateway has its own neighbour behind the one address
	check_match "neighbour in web" "*$(<"$tmp/pod")*" \
		"$(host neigh show 192.0.2.2 dev web)"
	check_match "neighbour in red" "*$(<"$tmp/vm")*" \
		"$(host neigh show 192.0.2.2 dev red)"
	# a VRF that goes down takes its own gateway along only
	check host link set vrf-red down
	check ip netns exec "$POD" ping -qc 1 -W 5 192.0.2.1
	for vrf in red web; do
		check host addr flush dev "$vrf"
		check host link set "$vrf" nomaster
	done
	frames got
}

before_each()
{
	forget
}

start_fabric
need ping
red_blue_web
run_subtests
