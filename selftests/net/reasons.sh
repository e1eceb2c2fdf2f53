#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tracepoints: what the kernel's own drop monitoring is told (skb:kfree_skb),
# and those of segfab.
#
#	red (R R2)
#	 | 10
#	web (W)

. "$(dirname "$0")/lib.sh"

readonly TRACING=/sys/kernel/tracing

# watch EVENT...: start anew with these tracepoints only.
watch()
{
	local event

	echo 0 >"$TRACING/events/enable"
	for event; do
		echo 1 >"$TRACING/events/${event/://}/enable" ||
			fail "there is no $event"
	done
	echo >"$TRACING/trace"
}

# seen PATTERN COUNT: so many lines match, since watch.
seen()
{
	check_eq "lines with $1" "$2" "$(grep -c -- "$1" "$TRACING/trace")"
}

# core NAME REASON FRAME: R's frame is dropped for a reason of ours, and right
# after that for one of the kernel's.
core()
{
	core_from R "$@"
}

core_from() # PROBE NAME REASON FRAME
{
	local line from=$1

	shift
	watch skb:kfree_skb segfab:sf_drop
	frames send "$from" "$3"
	# shellcheck disable=SC2119 # nothing arrived
	arrived
	seen "sf_drop: reason=$2 " 1
	line=$(grep -A1 "sf_drop: reason=$2 " "$TRACING/trace" | tail -n 1)
	check_match "what follows $2" "*kfree_skb: *reason: $1" "$line"
}

names_reasons()
{
	grep -q reason "$TRACING/events/skb/kfree_skb/format" && return
	skip "this kernel has no drop reasons"
	return 1
}

subtest core_reasons "dropped frames have the nearest of the kernel's reasons"
core_reasons()
{
	names_reasons || return
	core UNHANDLED_PROTO unbound_vlan 01-ff@12
	core UNHANDLED_PROTO service_vlan 01-ff@s10
	core UNHANDLED_PROTO double_tagged 01-ff@10.11
	core UNHANDLED_PROTO reserved_address 01-r2
	core "$(invalid_source)" invalid_source m1-ff
	check host link set web down
	core DEV_READY segment_down 01-ff@10
	check host link set web up
	check seg fdb add red 02:00:00:00:00:02 port R2
	defer seg fdb del red 02:00:00:00:00:02
	check host link set R2 mtu 1000
	core PKT_TOO_BIG too_big 01-02/1100
	check host link set R2 mtu 1500
	check host link set R2 down
	core DEV_READY port_down 01-02
	check host link set R2 up
	eventually 10 has_carrier R2
	check seg port set R isolated on
	check seg port set R2 isolated on
	core NOT_SPECIFIED isolated 01-02
	check seg port set R isolated off
	check seg port set R2 isolated off
	check seg segment set red flood off
	core OTHERHOST unknown_unicast 01-77
	check seg segment set red flood on
	core OTHERHOST same_endpoint 01-01
}

subtest core_host "and those that the host sends"
core_host()
{
	names_reasons || return
	frames open h "$HOST" red
	defer frames close h
	core_from h PKT_TOO_SMALL truncated f0-ff@5/14
	segments alone
	ports alone Z
	check seg port set Z bcast_flood off
	frames open a "$HOST" alone
	defer frames close a
	core_from a OTHERHOST no_receiver f0-ff
}

subtest core_uplinks "and those that uplinks bring and take"
core_uplinks()
{
	names_reasons || return
	zones vlan zone
	uplinks zone up up2
	check seg segment set red zone zone vlan 100
	check seg fdb add red 02:00:00:00:00:e9 port zone
	core_from up OTHERHOST split_horizon e1-e9@100
	passes R 01-ff R2=01-ff up=01-ff@100
	core_from up2 OTHERHOST inactive_uplink 01-ff@100
	check host link set dev up down
	check host link set dev up2 down
	core DEV_READY no_uplink 01-e9
	check seg segment set red zone none
}

subtest core_vni "and those of a VNI that no segment has"
core_vni()
{
	names_reasons || return
	tunnel_to_host 7003
	core_from F UNHANDLED_PROTO no_segment f1-ff
	seen "sf_drop: reason=no_segment segment= dev=tun " 1
}

# tunnel_to_host VNI: frames from F come to the uplink tun in tunnels.
tunnel_to_host()
{
	check host -b - <<-END
		link add name under type veth peer name under netns $VMS
		link set dev under address 02:00:00:00:fe:01 up
		address add 192.0.2.1/24 dev under
		link add name tun type geneve external
		link set dev tun up
	END
	defer quietly host link del under
	defer quietly host link del tun
	check vms -b - <<-END
		link set dev under up
		address add 192.0.2.2/24 dev under
		neighbour replace 192.0.2.1 lladdr 02:00:00:00:fe:01 dev under nud permanent
		link add name F type geneve id $1 remote 192.0.2.1
		link set dev F up
	END
	defer quietly vms link del F
	zones overlay zone
	check seg uplink add tun zone zone
	frames open F "$VMS" F
	defer frames close F
}

subtest limit "a drop because a limit is reached"
limit()
{
	names_reasons || return
	check seg binding set web m1 fdb-limit 1 fdb-limit-policy drop
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff
	core FULL_RING fdb_limit 0b-ff@10
	check seg binding set web m1 fdb-limit none fdb-limit-policy forward
}

subtest nothing_left "drops of which nothing is left are the module's alone"
nothing_left()
{
	check seg fdb add web 02:00:00:00:00:0c port W
	defer seg fdb del web 02:00:00:00:00:0c
	check ip netns exec "$HOST" tc qdisc add dev W clsact
	check ip netns exec "$HOST" tc filter add dev W egress matchall \
		action drop
	watch segfab:sf_drop
	frames send R 0a-0c@10
	seen "sf_drop: reason=transmit segment=web dev=W vlan=0 len=60\$" 1
	check ip netns exec "$HOST" tc qdisc del dev W clsact
	frames open h "$HOST" red
	defer frames close h
	watch segfab:sf_drop
	quietly frames starve h f0-ff || return	# no fault injection
	seen "sf_drop: reason=no_memory segment=red dev=R2\? vlan=0 len=60\$" 1
	frames got
}

# Newer kernels have a reason of their own for it.
invalid_source()
{
	grep -q MAC_INVALID_SOURCE "$TRACING/events/skb/kfree_skb/format" &&
		echo MAC_INVALID_SOURCE || echo DEV_HDR
}

subtest probes "a probe that is dropped is no drop to the kernel"
probes()
{
	watch skb:kfree_skb segfab:sf_drop
	quietly segctl -n "$HOST" trace R arp smac 02:00:00:00:00:01 \
		src 192.0.2.1 dst 192.0.2.2 vlan 12
	seen "sf_drop: reason=unbound_vlan" 1
	seen "kfree_skb: .*protocol=2054 " 0	# ARP
}

subtest events "segfab's tracepoints follow a frame"
events()
{
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10
	watch segfab:sf_receive segfab:sf_demux segfab:sf_forward \
		segfab:sf_learn
	passes R 0a-0b@10 W=0a-0b
	seen "sf_receive: dev=R segment=red vlan=10 source=02:00:00:00:00:0a \
dest=02:00:00:00:00:0b proto=0x88b5 len=60\$" 1
	seen "sf_demux: dev=R segment=web parent=red vlan=10 guest_vlan=0\$" 1
	seen "sf_learn: segment=web mac=02:00:00:00:00:0a guest_vlan=0 dev=R \
parent=red moved=0\$" 1
	seen "sf_forward: segment=web dest=02:00:00:00:00:0b guest_vlan=0 \
known=1 to=W parent=\$" 1
	passes R2 0a-ff@10 R=0a-ff@10 W=0a-ff
	seen "sf_learn: .* mac=02:00:00:00:00:0a .* dev=R2 .* moved=1\$" 1
	seen "sf_forward: .* dest=ff:ff:ff:ff:ff:ff .* known=0 to= parent=" 1
}

before_each()
{
	forget
}

stop_watching()
{
	echo 0 >"$TRACING/events/enable"
	echo >"$TRACING/trace"
}

[[ -d $TRACING/events ]] || mount -t tracefs trace "$TRACING" 2>/dev/null
[[ -d $TRACING/events/segfab ]] || skip_all "this kernel has no tracepoints"
start_fabric
defer stop_watching
segments red web
ports red R R2
ports web W
bind web m1 red 10
run_subtests
