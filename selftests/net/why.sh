#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The flight recorder: frames that were dropped, asked for after the fact.
#
#	red (R R2)      blue (B)
#	 | 10
#	web (W)

. "$(dirname "$0")/lib.sh"

# What frames.py sends is 60 bytes long; 02:00:00:00:00:01 is written 01.
why() # FORMAT WORD...
{
	show "$1" why "${@:2}"
}

subtest answers "who dropped a frame, where and for what reason"
answers()
{
	frames send R 01-02@12
	frames send B 03-ff@s7/100
	why "{segment} {port} {vlan} {reason} {source} {dest} {length}" \
		mac 02:00:00:00:00:01
	check_eq "the record of 01" "red R 12 unbound-vlan \
02:00:00:00:00:01 02:00:00:00:00:02 60" "$reply"
	why "{segment} {port} {vlan} {reason} {length}" --port B
	check_eq "the record of B" "blue B 7 service-vlan 100" "$reply"
	why "{port}" segment red
	check_eq "records of red" R "$reply"
	why "{port}" mac 02:00:00:00:00:02
	check_eq "records of the destination" R "$reply"
	why "{port}" mac 02:00:00:00:00:99
	check_eq "records of nobody" "" "$reply"
	why "{reason}" segment red port B
	check_eq "records of B in red" "" "$reply"
}

subtest bytes "the first 96 bytes of the frame are kept"
bytes()
{
	frames send R 11-02@12/300 12-02@13/40
	why "{frame}" mac 02:00:00:00:00:11
	check_eq "length of what is kept" 192 ${#reply}
	check_match "what is kept" 02000000000202000000001188b50000* "$reply"
	why "{frame} {length}" mac 02:00:00:00:00:12
	check_match "a short frame" "02000000000202000000001288b5*00 40" \
		"$reply"
}

subtest egress "a copy that cannot leave is recorded at the port it was for"
egress()
{
	passes W 0c-ff R=0c-ff@10 R2=0c-ff@10
	check seg fdb add web 02:00:00:00:00:0d port W
	defer seg fdb del web 02:00:00:00:00:0d
	check host link set W down
	frames send R 0a-0d@10
	why "{segment} {port} {vlan} {reason}" mac 02:00:00:00:00:0d
	check_eq "the record" "web W  port-down" "$reply"
	check host link set W up
}

subtest changed "whether the configuration has changed since"
changed()
{
	frames send R 21-02@12
	why "{changed}" mac 02:00:00:00:00:21
	check_eq "before a change" False "$reply"
	bind blue x red 99
	why "{changed}" mac 02:00:00:00:00:21
	check_eq "after one" True "$reply"
}

subtest gone "records outlive ports and segments"
gone()
{
	check host link add tmp type segment
	check host link set tmp up
	check host link add T type veth peer name T netns "$VMS"
	check host link set T master tmp up
	check vms link set T up
	frames open T "$VMS" T
	frames send T 31-02@12
	remove_port T
	check host link del tmp
	why "{segment} {port} {reason}" port T
	check_eq "the record" "tmp T unbound-vlan" "$reply"
}

subtest since "only those of the last seconds"
since()
{
	frames send R 41-02@12
	why "{source}" since 1000 mac 02:00:00:00:00:41
	check_eq "of the last 1000 seconds" 02:00:00:00:00:41 "$reply"
	older()
	{
		why "{source}" since 1 mac 02:00:00:00:00:41
		[[ -z $reply ]]
	}
	eventually 20 older
}

subtest flood "a flood is recorded in part, is told of, and hides no other reason"
flood()
{
	frames send R 51-02@10.11
	frames send R "52-02@12x$((20000 / SCALE))"
	why "{source}" mac 02:00:00:00:00:51
	check_eq "the other reason" 02:00:00:00:00:51 "$reply"
	why "{source}" mac 02:00:00:00:00:52
	check_range "records of the flood" 1 8 "$(wc -w <<<"$reply")"
	# what was not recorded is told with the next one that is
	next_one()
	{
		frames send R 54-02@12
		why "{missed}" mac 02:00:00:00:00:54
		[[ $reply == *[1-9]* ]]
	}
	eventually 20 next_one
}

subtest elsewhere "R15 records stay in their namespace"
elsewhere()
{
	setup_ns OTHER
	ip -n "$OTHER" link add seg type segment
	check_eq "records of another namespace" "[]" \
		"$(segctl -n "$OTHER" -j why)"
	frames send R 61-02@s9
	why "{source}" mac 02:00:00:00:00:61
	check_eq "records of this one" 02:00:00:00:00:61 "$reply"
	check_eq "records of another namespace" "[]" \
		"$(segctl -n "$OTHER" -j why)"
}

subtest rights "R15 records are for CAP_NET_ADMIN"
rights()
{
	command -v setpriv >/dev/null || { skip "there is no setpriv"; return; }
	refused "*Operation not permitted*" ip netns exec "$HOST" \
		setpriv --bounding-set -net_admin --inh-caps -net_admin \
		segctl why
}

before_each()
{
	forget
}

start_fabric
segments red blue web
ports red R R2
ports blue B
ports web W
bind web m1 red 10
run_subtests
