#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# VLAN zones: segments that reach a physical network through an uplink, by a
# VLAN id or untagged.
#
#	red (R R2)                    parent, VLAN 10 of the zone
#	 | 10
#	web (W)                       child, VLAN 20 of the zone
#	plain (P)                     untagged in the zone
#	zone: up (its other end is the switch)

. "$(dirname "$0")/lib.sh"

subtest tagged "frames of a segment leave with its tag and come in by it"
tagged()
{
	mark
	passes R 01-ff R2=01-ff up=01-ff@10
	counted R.in=1/60 R.in_bc=1/60 red.in=1/60 red.in_bc=1/60 \
		R2.out=1/60 R2.out_bc=1/60 red.out=1/60 red.out_bc=1/60 \
		up.out=1/60 up.out_bc=1/60 zone.out=1/60 zone.out_bc=1/60
	passes up e1-ff@10 R=e1-ff R2=e1-ff
	counted up.in=1/60 up.in_bc=1/60 zone.in=1/60 zone.in_bc=1/60 \
		R.out=1/60 R.out_bc=1/60 R2.out=1/60 R2.out_bc=1/60 \
		red.out=2/120 red.out_bc=2/120
	passes up e1-01@10 R=e1-01
	passes R 01-e1 up=01-e1@10
	show "{segment} {mac} {port} {remote} {state}" fdb show red mac \
		02:00:00:00:00:e1
	check_lines "the table" "red 02:00:00:00:00:e1 zone  learned"
}

subtest untagged "VLAN 0: frames without a tag, and with a priority tag"
untagged()
{
	passes P 03-ff up=03-ff
	passes up e3-03 P=e3-03
	passes P 03-e3 up=03-e3
	passes up e3-03@0p5 P=e3-03@0p5
}

subtest priority "priority bits stay in both directions"
priority()
{
	passes R 01-ff@0p6 R2=01-ff@0p6 up=01-ff@10p6
	passes up e1-01@10p3 R=e1-01@0p3
}

subtest container "R5 R7 container traffic leaves by the zone of the child"
container()
{
	mark
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff up=0a-ff@20
	counted R.in=1/60 R.in_bc=1/60 red.in=1/60 red.in_bc=1/60 \
		web/m1.in=1/60 web/m1.in_bc=1/60 \
		web/m1.out=1/60 web/m1.out_bc=1/60 \
		W.out=1/60 W.out_bc=1/60 web.out=1/60 web.out_bc=1/60 \
		up.out=1/60 up.out_bc=1/60 zone.out=1/60 zone.out_bc=1/60
	passes up e2-ff@20 R=e2-ff@10 R2=e2-ff@10 W=e2-ff
	passes up e2-0a@20 R=e2-0a@10
	passes R 0a-e2@10 up=0a-e2@20
	# what is wrong with the zone of the parent is not the child's affair
	check seg segment set red zone none
	passes R 0a-e2@10 up=0a-e2@20
	passes up e1-ff@10
	check seg segment set red zone zone vlan 10
}

subtest passed "what is of no segment is left to the host"
passed()
{
	check host link add link up name up.30 type vlan id 30
	defer host link del up.30
	check host link set dev up.30 up
	frames open own "$HOST" up.30
	defer frames close own
	frames open bare "$HOST" up
	defer frames close bare
	mark
	# up.30 takes its frames before the zone sees them
	passes up e1-ff@30 own=e1-ff bare=e1-ff@30
	counted
	passes up e1-ff@40 bare=e1-ff@40
	counted up.passed=1
	# so are link protocols, also where untagged frames are of a segment
	passes up e1-re bare=e1-re
	counted up.passed=1
	passes up e1-ff@s10 bare=e1-ff@s10
	counted up.passed=1
}

subtest split_horizon "R12 from an uplink never back to an uplink"
split_horizon()
{
	uplinks zone up2
	passes up e1-ff@10 R=e1-ff R2=e1-ff
	mark
	passes up e4-e1@10
	counted up.in=1/60 zone.in=1/60 up.drop_split_horizon=1 \
		zone.drop_split_horizon=1
	passes up e2-ff@20 R=e2-ff@10 R2=e2-ff@10 W=e2-ff
}

subtest drops "what is wrong with a frame is counted at the uplink"
drops()
{
	mark
	passes up m1-ff@10
	counted up.drop_invalid_source=1 zone.drop_invalid_source=1
	passes up e1-ff@10.7
	counted up.drop_double_tagged=1 zone.drop_double_tagged=1
	host link set dev red down
	passes up e1-ff@10
	counted up.in=1/60 up.in_bc=1/60 zone.in=1/60 zone.in_bc=1/60 \
		up.drop_segment_down=1 zone.drop_segment_down=1
	host link set dev red up
	passes up e1-ff@10 R=e1-ff R2=e1-ff
	host link set dev up down
	mark
	passes R 01-e1
	counted R.in=1/60 red.in=1/60 zone.drop_no_uplink=1
	host link set dev up up
	eventually 5 is_ready up
	frames got
}

is_ready() # UPLINK
{
	show "{carrier}" uplink show "$1"
	[[ $reply == True ]]
}

subtest guest "a guest VLAN does not leave by a VLAN"
guest()
{
	check seg segment set red guest-vlans 77
	defer seg segment set red guest-vlans none
	passes R 01-ff@77 R2=01-ff@77
	refused "*a guest VLAN does not leave by a VLAN*" \
		seg fdb add red 02:00:00:00:00:e9 port zone guest-vlan 77
}

subtest taken "a VLAN id belongs to one segment, which the refusal names"
taken()
{
	segments blue
	refused "*VLAN id 10 of zone is that of red*" \
		seg segment set blue zone zone vlan 10
	refused "*VLAN id 0 of zone is that of plain*" \
		seg segment set blue zone zone vlan 0
	refused "*is missing*" seg segment set blue zone zone
	refused "*is a VLAN zone, without VNIs*" \
		seg segment set blue zone zone vni 7
	refused "*blue is in no zone*" seg segment set blue vlan 7
	refused "*red is not a transport zone*" \
		seg segment set blue zone red vlan 7
	refused "*VLAN id 10 of zone is that of red*" \
		seg segment add green zone zone vlan 10
	show "{name} {zone}" segment show
	check_lines "segments" "red zone" "web zone" "plain zone" "blue "
	# all or nothing: the tags do not change either
	refused "*is that of red*" \
		seg segment set blue zone zone vlan 10 guest-vlans 5
	show "{guest_vlans}" segment show blue
	check_lines "guest VLANs" "[]"
	check seg segment add green zone zone vlan 11 guest-vlans 5
	defer quietly host link del green
	show "{zone} {zone_vlan} {guest_vlans}" segment show green
	check_lines "green" "zone 11 [5]"
}

subtest in_use "a zone with segments is not deleted, but by ip link del"
in_use()
{
	zones vlan other
	segments blue green
	check seg segment set blue zone other vlan 5
	refused "*other has a segment, blue*blue vlan 5*" seg zone del other
	check seg segment set green zone other vlan 6
	refused "*other has segments, blue and 1 more*" seg zone del other
	check host link del other
	show "{name} {zone}" segment show blue
	check_lines "blue" "blue "
	check seg zone add other
	check seg zone del other
}

subtest what_joins "what cannot be an uplink is refused"
what_joins()
{
	zones vlan other
	refused "*red is a segment and cannot be an uplink of a zone*" \
		host link set dev red master other
	refused "*zone is a zone and cannot be an uplink of a zone*" \
		host link set dev zone master other
	refused "*lo is not an Ethernet device*" \
		seg uplink add lo zone other
	refused "*up has another master*" seg uplink add up zone other
	refused "*zone is a zone and cannot be a port of a segment*" \
		host link set dev zone master red
	refused "*R is not an uplink of a zone*" seg uplink show R
	refused "*up is not a port of a segment*" seg port show up
}

subtest static "static entries behind a zone"
static()
{
	check seg fdb add red 02:00:00:00:00:e9 port zone
	passes R 01-e9 up=01-e9@10
	refused "*red is not in an overlay zone*" \
		seg fdb replace red 02:00:00:00:00:e9 port zone remote 192.0.2.1
	show "{mac} {port}" fdb show port zone state static
	check_lines "behind the zone" "02:00:00:00:00:e9 zone"
	check seg fdb del red 02:00:00:00:00:e9
	passes R 01-e9 R2=01-e9 up=01-e9@10
}

subtest moves "R13 from a port to the zone and back, with the first frame"
moves()
{
	passes R 01-ff R2=01-ff up=01-ff@10
	passes up 01-ff@10 R=01-ff R2=01-ff
	passes R2 02-01 up=02-01@10
	passes R 01-ff R2=01-ff up=01-ff@10
	passes R2 02-01 R=02-01
}

zone_addresses() # SEGMENT COUNT FULL LIMIT POLICY
{
	local key=zone_fdb

	show "{${key}_count} {${key}_full} {${key}_limit} {${key}_limit_policy}" \
		segment show "$1"
	check_eq "$1 in its zone" "$2 $3 $4 $5" "$reply"
}

listens() # true when the monitor does
{
	seg segment set web ageing 299
	seg segment set web ageing 300
	[[ -s $heard ]]
}

said_full() # LIST: what monitor said of red being full in its zone
{
	jq -e -s "[flatten[] | select(.data.name == \"red\") |
		.data.zone_fdb_full] == $1" "$heard" >/dev/null
}

subtest limit "what is learned behind a zone has a limit, which is announced"
limit()
{
	local heard=$tmp/heard pid

	segments blue
	zone_addresses red 0 False 65536 forward
	check seg segment set red fdb-limit 2
	defer seg segment set red fdb-limit 65536 fdb-limit-policy forward
	segctl -n "$HOST" -j monitor segment >"$heard" &
	pid=$!
	defer eval "kill $pid 2>/dev/null"
	eventually 10 listens
	passes up e1-ff@10 R=e1-ff R2=e1-ff
	passes up e4-ff@10 R=e4-ff R2=e4-ff
	zone_addresses red 2 False 2 forward
	passes up e5-ff@10 R=e5-ff R2=e5-ff
	passes R 01-e5 R2=01-e5 up=01-e5@10
	zone_addresses red 2 True 2 forward
	eventually 10 said_full '[true]'
	check seg segment set red fdb-limit-policy drop
	mark
	passes up e5-ff@10
	counted up.in=1/60 up.in_bc=1/60 zone.in=1/60 zone.in_bc=1/60 \
		up.drop_fdb_limit=1 zone.drop_fdb_limit=1
	passes up e1-01@10 R=e1-01
	# neither ports nor other segments have part in it
	passes R2 03-01 R=03-01
	passes up e5-ff@20 R=e5-ff@10 R2=e5-ff@10 W=e5-ff
	# it goes with the segment to another place of its zone
	check seg segment set red vlan 12
	zone_addresses red 0 False 2 drop
	check seg segment set red vlan 10
	passes up e1-ff@10 R=e1-ff R2=e1-ff
	check seg segment set red fdb-limit none
	zone_addresses red 1 False 0 drop
	refused "*blue is in no zone*" seg segment set blue fdb-limit 3
	refused "*a segment in no zone has no*limit*" \
		seg segment set red zone none fdb-limit 3
}

subtest under_traffic "R10 another VLAN id, out and in again, under traffic"
under_traffic()
{
	local sent total round

	passes up e1-ff@10 R=e1-ff R2=e1-ff
	passes R 01-ff R2=01-ff up=01-ff@10
	frames got
	frames start R 0.0002 01-e1
	for ((round = 0; round < 20; round++)); do
		check seg segment set red zone zone vlan 12
		check seg segment set red vlan 10
	done
	frames stop R
	sent=$reply
	frames got
	total=$(grep -oE '^up=01-e1@1[02](x[0-9]+)?' <<<"$reply" |
		sed 's/^up=01-e1@1[02]//; s/^x//; s/^$/1/' | paste -sd+)
	# each change forgets what was learned: the first frame after it floods
	check_eq "frames that left" "$sent" "$((total))"
	check_match "tags" "*@12*" "$reply"
}

subtest mtu "the MTU of a segment follows its uplinks; too big is counted"
mtu()
{
	segments blue
	ports blue B
	check host link set dev up mtu 1400
	defer host link set dev up mtu 1500
	check seg segment set blue zone zone vlan 15
	show "{mtu}" segment show blue
	check_lines "MTU" 1400
	mark
	passes B 05-ff/1414 up=05-ff@15/1414
	counted B.in=1/1414 B.in_bc=1/1414 blue.in=1/1414 blue.in_bc=1/1414 \
		up.out=1/1414 up.out_bc=1/1414 \
		zone.out=1/1414 zone.out_bc=1/1414
	passes B 05-ff/1415
	counted B.in=1/1415 B.in_bc=1/1415 blue.in=1/1415 blue.in_bc=1/1415 \
		up.drop_too_big=1 zone.drop_too_big=1
	check seg segment set blue zone none
	show "{mtu}" segment show blue
	check_lines "MTU" 1500
	check seg segment set blue mtu 1450
	refused "*mtu 1450 of blue is more than the 1400 of uplink up*" \
		seg segment set blue zone zone vlan 15
	check host link set dev up mtu 1500
	check seg segment set blue zone zone vlan 15
}

subtest carrier "a segment has a carrier when an uplink of its zone has"
carrier()
{
	segments lone
	show "{carrier}" segment show lone
	check_lines "without a zone" False
	check seg segment set lone zone zone vlan 16
	show "{carrier}" segment show lone
	check_lines "in the zone" True
	host link set dev up down
	show "{carrier}" segment show lone
	check_lines "the uplink is down" False
	host link set dev up up
	eventually 5 is_ready up
	show "{carrier}" segment show lone
	check_lines "the uplink is up" True
	check seg segment set lone zone none
	show "{carrier}" segment show lone
	check_lines "out of the zone" False
}

subtest going "uplinks and zones that go under traffic"
going()
{
	local round

	frames start R 0.0002 01-ff 0a-ff@10
	frames start up 0.0002 e1-ff@10 e2-ff@20
	for ((round = 0; round < 5; round++)); do
		check seg uplink del up
		check seg uplink add up zone zone
	done
	check host link del zone
	check seg zone add zone
	check seg segment set red zone zone vlan 10
	check seg segment set web zone zone vlan 20
	check seg segment set plain zone zone vlan 0
	check seg uplink add up zone zone
	frames stop R
	frames stop up
	frames got
	passes R 01-ff R2=01-ff up=01-ff@10
}

before_each()
{
	forget
}

start_fabric
segments red web plain
ports red R R2
ports web W
ports plain P
bind web m1 red 10
zones vlan zone
check seg segment set red zone zone vlan 10
check seg segment set web zone zone vlan 20
check seg segment set plain zone zone vlan 0
uplinks zone up
run_subtests
