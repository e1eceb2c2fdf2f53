#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a frame is that arrives: each row of the frame table, with crafted
# frames, with what arrives elsewhere and with what is counted.
#
#	red (R R2)      blue (B)        plain (P P2), bound to nobody
#	 | 10    | 11     | 20
#	web (W)  db (D)  web

. "$(dirname "$0")/lib.sh"

# from PORT FRAME COUNTERS... -- ARRIVALS...: sent, counted and arrived.
from()
{
	local port=$1 frame=$2 counters=()

	shift 2
	while (($#)) && [[ $1 != -- ]]; do
		counters+=("$1")
		shift
	done
	shift
	passes "$port" "$frame" "$@"
	counted "${counters[@]}"
}

# dropped PORT FRAME REASON: it goes nowhere and is no ingress.
dropped()
{
	local segment=red

	[[ $1 != W ]] || segment=web
	from "$1" "$2" "$1.drop_$3=1" "$segment.drop_$3=1" --
}

subtest untagged "an untagged frame is the segment's own"
untagged()
{
	mark
	from R 01-ff \
		R.in=1/60 R.in_bc=1/60 red.in=1/60 red.in_bc=1/60 \
		R2.out=1/60 R2.out_bc=1/60 red.out=1/60 red.out_bc=1/60 -- \
		R2=01-ff
	from R2 02-01 \
		R2.in=1/60 red.in=1/60 R.out=1/60 red.out=1/60 -- R=02-01
}

subtest priority_tagged "a priority-tagged frame is the segment's own"
priority_tagged()
{
	passes R 01-ff@0p5 R2=01-ff@0p5
	passes R2 02-01@0p1d R=02-01@0p1d
	passes R 01-02@0 R2=01-02@0
	mark
	from R 01-02@0p7/100 \
		R.in=1/100 red.in=1/100 R2.out=1/100 red.out=1/100 -- \
		R2=01-02@0p7/100
}

subtest bound "a bound tag is the child's, counted at port, parent and binding"
bound()
{
	mark
	from R 0a-ff@10 \
		R.in=1/60 R.in_bc=1/60 red.in=1/60 red.in_bc=1/60 \
		web/m1.in=1/60 web/m1.in_bc=1/60 \
		web/m1.out=1/60 web/m1.out_bc=1/60 \
		web/m2.out=1/60 web/m2.out_bc=1/60 \
		W.out=1/60 W.out_bc=1/60 web.out=1/60 web.out_bc=1/60 -- \
		R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	from W 0b-0a \
		W.in=1/60 web.in=1/60 web/m1.out=1/60 -- R=0b-0a@10
	from B 0c-0a@20 \
		B.in=1/60 blue.in=1/60 web/m2.in=1/60 web/m1.out=1/60 -- \
		R=0c-0a@10
	passes R 0d-ff@11 R2=0d-ff@11 D=0d-ff
}

subtest guest "a tag in guest-vlans is the segment's own and stays"
guest()
{
	mark
	dropped R 01-ff@5 unbound_vlan
	check seg segment set red guest-vlans 5,100-102
	defer seg segment set red guest-vlans none
	from R 01-ff@5p2 \
		R.in=1/60 R.in_bc=1/60 red.in=1/60 red.in_bc=1/60 \
		R2.out=1/60 R2.out_bc=1/60 red.out=1/60 red.out_bc=1/60 -- \
		R2=01-ff@5p2
	passes R2 02-01@5 R=02-01@5
	passes R 01-ff@101 R2=01-ff@101
	mark
	dropped R 01-ff@103 unbound_vlan
	dropped W 01-ff@5 unbound_vlan
}

subtest guest_addresses "guest-vlans: addresses are known for each tag apart"
guest_addresses()
{
	ports red R3
	check seg segment set red guest-vlans 5-6
	defer seg segment set red guest-vlans none
	passes R 01-ff R2=01-ff R3=01-ff
	passes R2 01-ff@5 R=01-ff@5 R3=01-ff@5
	passes R3 03-01 R=03-01
	passes R3 03-01@5 R2=03-01@5
	passes R3 03-01@6 R=03-01@6 R2=03-01@6
}

subtest guest_child "a tag in guest-vlans of a child stays within the child"
guest_child()
{
	ports web W2
	check seg segment set web guest-vlans 5
	defer seg segment set web guest-vlans none
	passes W 01-ff@5 W2=01-ff@5
	passes W 01-02@5 W2=01-02@5
	passes W2 02-01@5 W=02-01@5
	passes R 0a-01@10 R2=0a-01@10 B=0a-01@20 W=0a-01 W2=0a-01
}

subtest binding_wins "a tag that is bound and in guest-vlans is the child's"
binding_wins()
{
	check seg segment set red guest-vlans 10-11
	defer seg segment set red guest-vlans none
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
}

subtest unbound "R11 a tag that is not bound is dropped, with its own reason"
unbound()
{
	mark
	dropped R 01-ff@12 unbound_vlan
	dropped R 01-02@20 unbound_vlan
	dropped R 01-02@4094 unbound_vlan
	dropped R 01-02@4095 unbound_vlan
	dropped W 01-ff@10 unbound_vlan
	from P 01-ff@10 P.drop_unbound_vlan=1 plain.drop_unbound_vlan=1 --
}

subtest service_tag "an 802.1ad tag is dropped, with its own reason"
service_tag()
{
	mark
	dropped R 01-ff@s10 service_vlan
	dropped R 01-ff@s0 service_vlan
	dropped W 01-ff@s10 service_vlan
}

subtest two_tags "two tags are dropped, with their own reason"
two_tags()
{
	mark
	dropped R 01-ff@10.10 double_tagged
	dropped R 01-ff@10.s11 double_tagged
	dropped R 01-ff@12.10 double_tagged
	dropped R 01-ff@s12.10 double_tagged
	dropped R 01-ff@0.10 double_tagged
	check seg segment set red guest-vlans 5
	defer seg segment set red guest-vlans none
	dropped R 01-ff@5.10 double_tagged
}

subtest reserved "R14 01:80:c2:00:00:00 to 0f are dropped and counted"
reserved()
{
	mark
	dropped R 01-r0 reserved_address
	dropped R 01-r2 reserved_address
	dropped R 01-re reserved_address
	dropped R 01-rf@10 reserved_address
	dropped W 01-r0 reserved_address
	# the next address is a group like others
	passes R 01-r10 R2=01-r10
	# nor does the host's own get beyond the segment
	frames open h "$HOST" red
	defer frames close h
	mark
	from h f0-re red.drop_reserved_address=1 --
	passes h f0-r10 R=f0-r10 R2=f0-r10
}

subtest sources "a frame from nobody or from a group is dropped"
sources()
{
	mark
	dropped R 00-ff invalid_source
	dropped R m1-02 invalid_source
	dropped R ff-02@10 invalid_source
	dropped W m1-ff invalid_source
}

subtest short "frames without payload pass"
short()
{
	mark
	from R 01-ff/14 \
		R.in=1/14 R.in_bc=1/14 red.in=1/14 red.in_bc=1/14 \
		R2.out=1/14 R2.out_bc=1/14 red.out=1/14 red.out_bc=1/14 -- \
		R2=01-ff/14
	# the kernel wants two more bytes behind a tag
	passes R 0a-ff@10/16 R2=0a-ff@10/16 B=0a-ff@20/16 W=0a-ff/16
}

subtest priorities "the priority of a container frame survives"
priorities()
{
	# to a machine of the child in a priority tag, if there is one
	passes R 0a-ff@10p5 R2=0a-ff@10p5 B=0a-ff@20p5 W=0a-ff@0p5
	passes R 0a-ff@10d R2=0a-ff@10d B=0a-ff@20d W=0a-ff@0d
	passes R 0a-ff@10p7d R2=0a-ff@10p7d B=0a-ff@20p7d W=0a-ff@0p7d
	# and back from one
	passes W 0b-0a@0p3 R=0b-0a@10p3
	passes W 0b-0a@0 R=0b-0a@10
	passes B 0c-0b@20p6 W=0c-0b@0p6
	passes B 0c-0a@20p6 R=0c-0a@10p6
}

subtest from_host "what the host sends is the segment's own"
from_host()
{
	frames open h "$HOST" red
	defer frames close h
	mark
	from h f0-ff \
		R.out=1/60 R.out_bc=1/60 R2.out=1/60 R2.out_bc=1/60 \
		red.out=2/120 red.out_bc=2/120 -- R=f0-ff R2=f0-ff
	frames open w "$HOST" web
	defer frames close w
	from w f1-ff \
		W.out=1/60 W.out_bc=1/60 web.out=1/60 web.out_bc=1/60 \
		web/m1.out=2/120 web/m1.out_bc=2/120 \
		web/m2.out=1/60 web/m2.out_bc=1/60 -- \
		R=f1-ff@10 R2=f1-ff@10 B=f1-ff@20 W=f1-ff
}

# host_vlan: red.5 of the host is v.
host_vlan()
{
	check host link add link red name red.5 type vlan id 5
	defer host link del red.5
	check host link set red.5 up
	frames open v "$HOST" red.5
	defer frames close v
	frames got
}

subtest host_tags "tags of the host travel only if they are in guest-vlans"
host_tags()
{
	frames open h "$HOST" red
	defer frames close h
	mark
	from h f0-ff@5 red.drop_unbound_vlan=1 --
	from h f0-ff@10 red.drop_unbound_vlan=1 --
	# a tag and nothing behind it
	from h f0-ff@5/14 red.drop_truncated=1 --
	check seg segment set red guest-vlans 5
	defer seg segment set red guest-vlans none
	passes h f0-ff@5 R=f0-ff@5 R2=f0-ff@5
	host_vlan
	passes v f0-ff R=f0-ff@5 R2=f0-ff@5
	passes R 01-ff@5 R2=01-ff@5 h=01-ff@5 v=01-ff
}

subtest host_guest "the host's address is its own under every guest VLAN"
host_guest()
{
	local mac

	check seg segment set red guest-vlans 5-6
	defer seg segment set red guest-vlans none
	host_vlan
	mac=$(mac_of red)
	passes R "01-$mac@5" "v=01-$mac"
	passes R "01-$mac@6"
	check seg segment set red flood off
	defer seg segment set red flood on
	passes R "01-$mac@5" "v=01-$mac"
	# and nobody can take it away
	passes R2 "$mac-01@5" "R=$mac-01@5"
	passes R "01-$mac@5" "v=01-$mac"
	# not even who had it first
	passes R2 "02-01@5" "R=02-01@5"
	check host link set red address 02:00:00:00:00:02
	passes R "01-02@5" "v=01-02"
	check host link set red address "$(sed 's/../&:/g; s/:$//' <<<"$mac")"
}

subtest to_host "the host gets its own, broadcast and groups, container frames too"
to_host()
{
	local mac

	frames open h "$HOST" web
	defer frames close h
	mac=$(mac_of web)
	passes R "0a-$mac@10" "h=0a-$mac"
	passes R 0a-ff@10p3 R2=0a-ff@10p3 B=0a-ff@20p3 W=0a-ff@0p3 h=0a-ff@0p3
	passes B 0c-m1@20 R=0c-m1@10 R2=0c-m1@10 W=0c-m1 h=0c-m1
	passes W 0b-0a R=0b-0a@10
}

subtest stacked "a VLAN device on a VM port takes its tag first"
stacked()
{
	check host link add link R name R.10 type vlan id 10
	defer host link del R.10
	check host link set R.10 up
	frames open v "$HOST" R.10
	defer frames close v
	passes R 0a-ff@10 v=0a-ff
	passes R 0d-ff@11 R2=0d-ff@11 D=0d-ff
}

before_each()
{
	forget
}

start_fabric
red_blue_web
segments plain db
ports plain P P2
ports db D
bind db m1 red 11
run_subtests
