#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Where a frame goes: known and unknown addresses, groups, flood flags,
# isolation, the way back to where it came from.
#
#	red (R R2)      blue (B)
#	 | 10   | 11    | 20   | 10
#	web (W) db (D)  web    db

. "$(dirname "$0")/lib.sh"

subtest known "a known address gets the only copy"
known()
{
	passes R 01-ff R2=01-ff
	passes R2 02-01 R=02-01
	passes R 01-02 R2=01-02
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 B=0b-ff@20
	passes B 0c-0b@20 W=0c-0b
	passes W 0b-0c B=0b-0c@20
	passes R 0a-0c@10 B=0a-0c@20
	passes B 0c-0a@20 R=0c-0a@10
}

subtest unknown "an unknown address is flooded, in the segment only"
unknown()
{
	passes R 01-99 R2=01-99
	passes R 0a-99@10 R2=0a-99@10 B=0a-99@20 W=0a-99
	passes W 0b-99 R=0b-99@10 R2=0b-99@10 B=0b-99@20
	# known to the parent is not known to the child
	passes R2 0a-01@10 R=0a-01@10 B=0a-01@20 W=0a-01
}

subtest groups "broadcast and multicast go to everybody, once"
groups()
{
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	passes B 0c-m1@20 R=0c-m1@10 R2=0c-m1@10 W=0c-m1
	passes R 01-m1 R2=01-m1
}

subtest hairpin "R12 back to the same port under another tag"
hairpin()
{
	# a router port: the address in web is behind R with tag 10, the one in
	# db behind R with tag 11
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	passes R 0d-ff@11 R2=0d-ff@11 B=0d-ff@10 D=0d-ff
	passes R 0d-0a@10
	passes R 0a-0d@11
	# one segment bound twice to machines behind one port: B has web under
	# tag 20 and db under tag 10
	passes B 0e-ff@20 R=0e-ff@10 R2=0e-ff@10 W=0e-ff
	passes B 0e-ff@10 R=0e-ff@11 R2=0e-ff@11 D=0e-ff
}

subtest same_endpoint "R12 never back to the port and tag that it came from"
same_endpoint()
{
	mark
	passes R 01-ff R2=01-ff
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	frames got
	mark
	passes R 02-01
	counted R.in=1/60 red.in=1/60 R.drop_same_endpoint=1 \
		red.drop_same_endpoint=1
	passes R 03-0a@10
	counted R.in=1/60 red.in=1/60 web/m1.in=1/60 R.drop_same_endpoint=1 \
		red.drop_same_endpoint=1
}

subtest isolated "isolated ports exchange nothing, container traffic does"
isolated()
{
	ports red R3
	check seg port set R isolated on
	defer seg port set R isolated off
	check seg port set R2 isolated on
	defer seg port set R2 isolated off
	mark
	passes R 01-ff R3=01-ff
	passes R2 02-01
	counted R.in=1/60 R.in_bc=1/60 red.in=2/120 red.in_bc=1/60 \
		R3.out=1/60 R3.out_bc=1/60 red.out=1/60 red.out_bc=1/60 \
		R2.in=1/60 R2.drop_isolated=1 red.drop_isolated=1
	passes R3 03-01 R=03-01
	passes R 01-03 R3=01-03
	# a service of the parent's port does not extend to the child
	passes R 0a-ff@10 R2=0a-ff@10 R3=0a-ff@10 B=0a-ff@20 W=0a-ff
	passes R2 0b-0a@10 R=0b-0a@10
}

subtest flood_flags "flood flags of a port, for its own traffic"
flood_flags()
{
	local flag frame

	for flag in flood mcast_flood bcast_flood; do
		check seg port set R2 "$flag" off
		for frame in 01-99 01-m1 01-ff; do
			case $flag/$frame in
			flood/01-99|mcast_flood/01-m1|bcast_flood/01-ff)
				passes R "$frame" ;;
			*)
				passes R "$frame" R2="$frame" ;;
			esac
		done
		passes W 0b-99 R=0b-99@10 R2=0b-99@10 B=0b-99@20
		passes W 0b-m1 R=0b-m1@10 R2=0b-m1@10 B=0b-m1@20
		passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 B=0b-ff@20
		check seg port set R2 "$flag" on
	done
	# a known address is not flooded
	check seg port set R2 flood off
	passes R2 02-ff R=02-ff
	passes R 01-02 R2=01-02
	check seg port set R2 flood on
}

subtest flood_segment "a segment that does not flood drops and counts"
flood_segment()
{
	check seg segment set web flood off
	defer seg segment set web flood on
	mark
	passes R 0a-99@10
	counted R.in=1/60 red.in=1/60 web/m1.in=1/60 \
		R.drop_unknown_unicast=1 red.drop_unknown_unicast=1
	passes W 0b-99
	counted W.in=1/60 web.in=1/60 W.drop_unknown_unicast=1 \
		web.drop_unknown_unicast=1
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	passes W 0b-0a R=0b-0a@10
	passes R 01-99 R2=01-99
}

subtest lonely "a frame that nobody gets is counted as such"
lonely()
{
	segments alone
	ports alone A
	frames open h "$HOST" alone
	defer frames close h
	mark
	# from a port, the host is there to see it
	passes A 01-99 h=01-99
	counted A.in=1/60 alone.in=1/60
	check seg port set A flood off bcast_flood off
	frames send h f0-ff f0-99
	arrived
	counted alone.drop_no_receiver=2
}

subtest port_down "a port that is down or has no carrier is counted as such"
port_down()
{
	check seg fdb add web 02:00:00:00:00:77 port W
	defer seg fdb del web 02:00:00:00:00:77
	check host link set W down
	mark
	passes R 0a-77@10
	counted R.in=1/60 red.in=1/60 web/m1.in=1/60 \
		W.drop_port_down=1 web.drop_port_down=1
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20
	check host link set W up
	eventually 5 has_carrier W
	passes R 0a-77@10 W=0a-77
	# the machine's end goes down: no carrier
	check vms link set W down
	mark
	passes R 0a-77@10
	counted R.in=1/60 red.in=1/60 web/m1.in=1/60 \
		W.drop_port_down=1 web.drop_port_down=1
	check vms link set W up
	eventually 5 has_carrier W
	passes R 0a-77@10 W=0a-77
}

subtest too_big "a frame larger than the MTU of its way out is counted"
too_big()
{
	check vms link set R mtu 3000
	defer vms link set R mtu 1500
	check host link set R mtu 3000
	defer host link set R mtu 1500
	check seg fdb add web 02:00:00:00:00:77 port W
	defer seg fdb del web 02:00:00:00:00:77
	mark
	passes R 0a-77@10/1514 W=0a-77/1514
	counted R.in=1/1514 red.in=1/1514 web/m1.in=1/1514 \
		W.out=1/1514 web.out=1/1514
	passes R 0a-77@10/1515
	counted R.in=1/1515 red.in=1/1515 web/m1.in=1/1515 \
		W.drop_too_big=1 web.drop_too_big=1
	# the tag on a parent's port needs room that the MTU does not count
	passes W 0b-ff/1514 R=0b-ff@10/1514 R2=0b-ff@10/1514 B=0b-ff@20/1514
	frames got
	mark
	passes R 01-ff/2000
	counted R.in=1/2000 R.in_bc=1/2000 red.in=1/2000 red.in_bc=1/2000 \
		R2.drop_too_big=1 red.drop_too_big=1
}

subtest cards "several cards of one machine on one child: no loop, no double"
cards()
{
	# a machine with two cards, both on red; its bridge would send what
	# comes in on one to the other, so the same source shows up on both
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	passes R2 0a-ff@10 R=0a-ff@10 B=0a-ff@20 W=0a-ff
	# the last one to talk has the address, one copy goes there
	passes W 0b-0a R2=0b-0a@10
	passes R 0a-0b@10 W=0a-0b
	passes W 0b-0a R=0b-0a@10
	# the third card is on the child itself
	passes W 0a-ff R=0a-ff@10 R2=0a-ff@10 B=0a-ff@20
	passes B 0c-0a@20 W=0c-0a
	# nothing goes round: each frame that was sent arrived once
	frames send R 0a-ff@10x20
	arrived R2=0a-ff@10x20 B=0a-ff@20x20 W=0a-ffx20
}

before_each()
{
	forget
}

start_fabric
red_blue_web
segments db
ports db D
bind db m1 red 11
bind db m2 blue 10
run_subtests
