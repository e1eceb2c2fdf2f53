#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Mirroring of chosen segments at the uplinks of their zone, by the kernel's tc:
# both directions, container traffic included. Documentation/mirroring.rst is
# the recipe.
#
#	red (R R2)                     parent, VLAN 10 or VNI 7001
#	 | 10
#	web (W)                        child, VLAN 20 or VNI 7002
#	plain (P)                      untagged
#	zone: u1 u2                   mon: what the mirror's other end gets

. "$(dirname "$0")/lib.sh"

tc_host()
{
	ip netns exec "$HOST" tc "$@"
}

# mirror UPLINK...: their frames go through a list for each direction.
mirror()
{
	local dev

	for dev; do
		check tc_host qdisc add dev "$dev" \
			ingress_block 1 egress_block 2 clsact
		defer quietly tc_host qdisc del dev "$dev" clsact
	done
}

filter() # WORD...
{
	check tc_host filter add block 1 "$@"
	check tc_host filter add block 2 "$@"
}

# to DEVICE MATCH...: these to that device, and on their way.
to()
{
	filter "${@:2}" action mirred egress mirror dev "$1"
}

# monitor NAME: a device to mirror to, whose other end listens.
monitor()
{
	check host link add name "$1" type veth peer name "$1" netns "$VMS"
	check host link set dev "$1" up
	check vms link set dev "$1" up
	frames open "$1" "$VMS" "$1"
	defer remove_port "$1"
	frames got
}

vlan_zone()
{
	zones vlan zone
	uplinks zone u1
	check seg segment set red zone zone vlan 10
	check seg segment set web zone zone vlan 20
	check seg segment set plain zone zone vlan 0
}

subtest child "the child: of its machine and of containers, both directions"
child()
{
	vlan_zone
	monitor mon
	mirror u1
	to mon protocol 802.1Q flower vlan_id 20
	# out: flooded and known, of a container and of a machine
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff u1=0a-ff@20 mon=0a-ff@20
	passes u1 e2-0a@20 R=e2-0a@10 mon=e2-0a@20
	passes R 0a-e2@10p5 u1=0a-e2@20p5 mon=0a-e2@20p5
	passes W 0b-e2 u1=0b-e2@20 mon=0b-e2@20
	passes u1 e2-0b@20 W=e2-0b mon=e2-0b@20
	passes u1 e2-m1@20 R=e2-m1@10 R2=e2-m1@10 W=e2-m1 mon=e2-m1@20
}

subtest others "frames of other segments, and of the host's VLANs, are not"
others()
{
	vlan_zone
	monitor mon
	mirror u1
	to mon protocol 802.1Q flower vlan_id 20
	passes R 01-ff R2=01-ff u1=01-ff@10
	passes u1 e1-01@10 R=e1-01
	passes P 03-ff u1=03-ff
	passes u1 e9-ff@30
}

subtest local_frames "what stays on the host does not pass an uplink"
local_frames()
{
	vlan_zone
	monitor mon
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff u1=0a-ff@20
	mirror u1
	to mon protocol 802.1Q flower vlan_id 20
	passes W 0b-0a R=0b-0a@10
	passes R 0a-0b@10 W=0a-0b
}

subtest untagged "the untagged segment: what has no tag"
untagged()
{
	vlan_zone
	monitor mon
	mirror u1
	filter pref 1 protocol 802.1Q matchall action pass
	to mon pref 2 protocol all matchall
	passes P 03-ff u1=03-ff mon=03-ff
	passes u1 e3-03 P=e3-03 mon=e3-03
	passes R 01-ff R2=01-ff u1=01-ff@10
}

subtest several "two segments to two devices, one to both"
several()
{
	vlan_zone
	monitor mon
	monitor mon2
	mirror u1
	to mon pref 1 protocol 802.1Q flower vlan_id 10
	to mon pref 2 protocol 802.1Q flower vlan_id 20 \
		action mirred egress mirror dev mon2
	passes R 01-ff R2=01-ff u1=01-ff@10 mon=01-ff@10
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u1=0b-ff@20 \
		mon=0b-ff@20 mon2=0b-ff@20
}

subtest failover "after a fail-over the mirror has the other uplink's frames"
failover()
{
	vlan_zone
	uplinks zone u2
	monitor mon
	mirror u1 u2
	to mon protocol 802.1Q flower vlan_id 20
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u1=0b-ff@20 mon=0b-ff@20
	passes R 0a-e9@10 R2=0a-e9@10 W=0a-e9 u1=0a-e9@20 mon=0a-e9@20
	check host link set dev u1 down
	# the zone announces addresses then, which are not of interest here
	eventually 5 mirrored_via u2
	check host link set dev u1 up
	eventually 5 mirrored_via u1
}

mirrored_via() # UPLINK
{
	frames exchange R 0a-e9@10
	[[ $'\n'$reply$'\n' == *$'\n'mon=0a-e9@20$'\n'* &&
	   $'\n'$reply$'\n' == *$'\n'"$1=0a-e9@20"$'\n'* ]]
}

subtest counters "the mirror changes no counter and no decision"
counters()
{
	vlan_zone
	monitor mon
	mirror u1
	to mon protocol 802.1Q flower vlan_id 20
	passes u1 e2-ff@20 R=e2-ff@10 R2=e2-ff@10 W=e2-ff mon=e2-ff@20
	mark
	passes W 0b-e2 u1=0b-e2@20 mon=0b-e2@20
	counted W.in=1/60 web.in=1/60 u1.out=1/60 zone.out=1/60
	check tc_host qdisc del dev u1 clsact
	passes W 0b-e2 u1=0b-e2@20
}

# collector KIND [WORD]...: a tunnel to another host that is named like the
# probe there.
collector()
{
	setup_ns COLLECTOR
	check host link add name wire type veth peer name wire \
		netns "$COLLECTOR"
	defer quietly host link del wire
	check host -b - <<-END
		address add 192.0.2.1/24 dev wire
		link set dev wire up
		link add name mon type $1 local 192.0.2.1 remote 192.0.2.2 ${*:2}
		link set dev mon mtu 1504 up
	END
	defer quietly host link del mon
	check ip -n "$COLLECTOR" -b - <<-END
		address add 192.0.2.2/24 dev wire
		link set dev wire up
		link add name mon type $1 local 192.0.2.2 remote 192.0.2.1 ${*:2}
		link set dev mon up
	END
	frames open mon "$COLLECTOR" mon
	defer frames close mon
	check ip netns exec "$HOST" ping -qc 1 -W 5 192.0.2.2
	frames got
}

# through_tunnel KIND [WORD]...: as to a device; the tags are there, too.
through_tunnel()
{
	collector "$@" nopmtudisc ignore-df
	vlan_zone
	mirror u1
	to mon protocol 802.1Q flower vlan_id 20
	passes R 0a-ff@10/300 R2=0a-ff@10/300 W=0a-ff/300 u1=0a-ff@20/300 \
		mon=0a-ff@20/300
	passes u1 e2-0a@20/300 R=e2-0a@10/300 mon=e2-0a@20/300
	# in fragments
	passes R 0a-e2@10/1514 u1=0a-e2@20/1514 mon=0a-e2@20/1514
	passes R 01-ff R2=01-ff u1=01-ff@10
}

subtest gretap "to another host, through gretap"
gretap()
{
	through_tunnel gretap
}

subtest erspan "to another host, through erspan"
erspan()
{
	through_tunnel erspan seq key 20 erspan_ver 1 erspan 123
}

subtest overlay "an overlay zone: chosen by VNI"
overlay()
{
	local dev

	setup_ns PEER
	check host link add name wire type veth peer name wire netns "$PEER"
	defer quietly host link del wire
	check host -b - <<-END
		address add 192.0.2.1/24 dev wire
		link set dev wire mtu 1600 up
		link add name tun type geneve external
		link set dev tun up
	END
	defer quietly host link del tun
	check ip -n "$PEER" -b - <<-END
		address add 192.0.2.2/24 dev wire
		link set dev wire mtu 1600 up
		link add name F type geneve id 7002 remote 192.0.2.1
		link set dev F up
	END
	frames open F "$PEER" F
	defer frames close F
	check ip netns exec "$HOST" ping -qc 1 -W 5 192.0.2.2
	zones overlay zone
	check seg uplink add tun zone zone
	check seg segment set red zone zone vni 7001
	check seg segment set web zone zone vni 7002
	for dev in red web; do
		check seg remote add "$dev" 192.0.2.2
	done
	monitor mon
	mirror tun
	to mon protocol all flower enc_key_id 7002
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff F=0a-ff mon=0a-ff
	passes F e2-0a R=e2-0a@10 mon=e2-0a
	passes R 0a-e2@10 F=0a-e2 mon=0a-e2
	passes R 01-ff R2=01-ff
}

before_each()
{
	forget
}

((UID == 0)) || skip_all "needs root"
need tc
start_fabric
segments red web plain
ports red R R2
ports web W
ports plain P
bind web m1 red 10
run_subtests
