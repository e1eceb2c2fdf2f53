#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Binding maps: which ones there can be, which are refused and with what words,
# and that a refusal changes nothing.
#
#   red, blue      segments that become parents, each with a port (R, B)
#   web, db, mail  segments that become children, web with a port (W)

. "$(dirname "$0")/lib.sh"

# check_bindings [CHILD/ID PARENT VLAN]...: these and no others.
check_bindings()
{
	show "{child}/{id} {parent} {vlan}" binding show
	check_lines "binding maps" "$@"
}

subtest many "R1 a child has many parents and a parent many children"
many()
{
	bind web m1 red 10
	bind web m2 blue 20
	bind db m1 red 11
	bind db m2 blue 21
	check_bindings "web/m1 red 10" "web/m2 blue 20" \
		"db/m1 red 11" "db/m2 blue 21"
	show "{child}/{id}" binding show child web
	check_lines "those of a child" web/m1 web/m2
	show "{child}/{id}" binding show parent blue
	check_lines "those of a parent" web/m2 db/m2
}

subtest tag_taken "R2 a second binding of a tag is refused and names the holder"
tag_taken()
{
	bind web m1 red 10
	refused "*10*red*web*" seg binding add db m1 parent red vlan 10
	refused "*web*m1*already*" seg binding add web m1 parent blue vlan 11
	check_bindings "web/m1 red 10"

	bind db m1 red 11
	refused "*11*red*db*" seg binding set web m1 vlan 11
	refused "*11*red*db*" seg binding replace web m1 parent red vlan 11
	check_bindings "web/m1 red 10" "db/m1 red 11"
}

subtest tags_differ "R3 one tag for each parent, equal or different"
tags_differ()
{
	bind web m1 red 10
	bind web m2 blue 10
	refused "*red*m1*" seg binding add web m3 parent red vlan 11
	refused "*red*m1*" seg binding set web m2 parent red
	check_bindings "web/m1 red 10" "web/m2 blue 10"
	check seg binding set web m2 vlan 20
	check_bindings "web/m1 red 10" "web/m2 blue 20"
}

subtest levels "R4 a child is no parent, a parent no child, nobody its own"
levels()
{
	bind web m1 red 10
	refused "*web*child*" seg binding add db m1 parent web vlan 10
	refused "*red*parent*" seg binding add red m1 parent blue vlan 10
	refused "*web*" seg binding add web m2 parent web vlan 12
	bind db m1 blue 10
	refused "*web*child*" seg binding set db m1 parent web
	refused "*own*" seg binding add mail m1 parent mail vlan 1
	check_bindings "web/m1 red 10" "db/m1 blue 10"
	# a level is left with the last binding map
	check seg binding del web m1
	check seg binding add red m1 parent web vlan 10
	check seg binding del red m1
	check seg binding add web m1 parent red vlan 10
}

subtest local_segments "R5 parents and children carry machines of their own"
local_segments()
{
	bind web m1 red 10
	passes W 01-ff R=01-ff@10
	passes R 02-01@10 W=02-01
	passes R 03-ff
	passes W 01-02 R=01-02@10
}

subtest no_port "R6 a binding creates no port and no device"
no_port()
{
	local links ports counts

	links=$(host -br link | wc -l)
	show "{name} {segment}" port show
	ports=$reply
	show "{name} {port_count}" segment show
	counts=$reply
	bind web m1 red 10
	bind web m2 blue 10
	bind db m1 red 11
	passes R 02-ff@10 B=02-ff@10 W=02-ff
	check_eq "devices" "$links" "$(host -br link | wc -l)"
	show "{name} {segment}" port show
	check_eq "ports" "$ports" "$reply"
	show "{name} {port_count}" segment show
	check_eq "port counts" "$counts" "$reply"
	show "{name} {parent_count} {child_count}" segment show
	check_lines "parents and children of segments" \
		"red 0 2" "blue 0 1" "web 2 0" "db 1 0" "mail 0 0"
}

subtest tag_range "R8 tags are 1 to 4094"
tag_range()
{
	local vlan

	for vlan in 0 4095 4096 65537 -1 abc 12x 0x10 ""; do
		refused "*vlan*" seg binding add web m1 parent red vlan "$vlan"
	done
	check_bindings
	bind web m1 red 1
	bind db m1 red 4094
	check_bindings "web/m1 red 1" "db/m1 red 4094"
}

subtest auto "R8 vlan auto takes the lowest free tag of the range"
auto()
{
	bind web m1 red 1
	bind db m1 red auto
	check_bindings "web/m1 red 1" "db/m1 red 2"
	check seg binding del web m1
	bind mail m1 red auto
	check_bindings "mail/m1 red 1" "db/m1 red 2"
	bind web m1 red auto range 2-3
	refused "*range*3-2*" seg binding add web m2 parent blue vlan auto range 3-2
	bind db m2 blue auto range 4094-4094
	refused "*4094*free*blue*" \
		seg binding add web m2 parent blue vlan auto range 4094-4094
	check_bindings "mail/m1 red 1" "db/m1 red 2" "web/m1 red 3" \
		"db/m2 blue 4094"
	# its own tag is free for the map that has it: twice is as once
	check seg binding replace db m2 parent blue vlan auto range 4094-4094
	check_bindings "mail/m1 red 1" "db/m1 red 2" "web/m1 red 3" \
		"db/m2 blue 4094"
	check seg binding set db m2 vlan auto range 4093-4094
	check seg binding replace db m2 parent blue vlan auto range 4093-4094
	check_bindings "mail/m1 red 1" "db/m1 red 2" "web/m1 red 3" \
		"db/m2 blue 4093"
	# but not on another parent, where it is another's
	bind web m2 blue 2
	check seg binding set db m1 parent red vlan auto range 2-9
	check_bindings "mail/m1 red 1" "db/m1 red 2" "web/m1 red 3" \
		"web/m2 blue 2" "db/m2 blue 4093"
	check seg binding del db m2
	refused "*from 2 to 2*free*blue*" \
		seg binding set db m1 parent blue vlan auto range 2-2
}

subtest busy "R9 segments with binding maps are not deleted, the maps are named"
busy()
{
	bind web m1 red 10
	bind web m2 blue 20
	refused "*web*m1*" seg segment del web
	refused "*red*m1*" seg segment del red
	check_bindings "web/m1 red 10" "web/m2 blue 20"
	check seg binding del web m1
	check seg binding del web m2
	check seg segment add extra up
	check seg segment del extra
}

announced() # FILE WORD...: the monitor said so
{
	local file=$1 word line

	shift
	while read -r line; do
		for word; do
			[[ $line == *"$word"* ]] || continue 2
		done
		return 0
	done <"$file"
	return 1
}

subtest teardown "R9 ip link del takes the maps along and announces it"
teardown()
{
	local log

	log=$(mktemp)
	defer rm -f "$log"
	segments one two
	bind web m1 one 10
	bind two m1 red 10
	bind two m2 one 11
	segctl -n "$HOST" monitor >"$log" &
	defer kill $!
	eventually 5 probe_monitor "$log"
	check host link del one
	check_bindings "two/m1 red 10"
	check host link del two
	check_bindings
	eventually 5 announced "$log" Deleted web m1
	eventually 5 announced "$log" Deleted two m2
	eventually 5 announced "$log" Deleted two m1
}

probe_monitor() # FILE: true when the monitor listens
{
	seg segment set mail ageing 299
	seg segment set mail ageing 300
	[[ -s $1 ]]
}

subtest ids "ids are unique in a child, up to 255 bytes, not empty"
ids()
{
	local long

	printf -v long '%0255d' 0
	bind web m1 red 10
	bind db m1 red 11
	refused "*m1*" seg binding add web m1 parent blue vlan 10
	bind web "$long" blue 10
	refused "*" seg binding add db "${long}0" parent blue vlan 11
	refused "*" seg binding add db "" parent blue vlan 11
	check_bindings "web/m1 red 10" "db/m1 red 11" "web/$long blue 10"
}

subtest strangers "what is not a segment of this namespace is refused by name"
strangers()
{
	check host link add bridge0 type bridge
	defer host link del bridge0
	check vms link add faraway type segment
	defer vms link del faraway
	refused "*bridge0*" seg binding add web m1 parent bridge0 vlan 10
	refused "*bridge0*" seg binding add bridge0 m1 parent red vlan 10
	refused "*R*" seg binding add web m1 parent R vlan 10
	refused "*faraway*" seg binding add web m1 parent faraway vlan 10
	refused "*nobody*" seg binding add web m1 parent nobody vlan 10
	refused "*nobody*" seg binding add nobody m1 parent red vlan 10
	refused "*m7*" seg binding set web m7 vlan 10
	refused "*m7*" seg binding del web m7
	check_bindings
}

subtest replace "replace makes or changes, a refused one changes nothing"
replace()
{
	check seg binding replace web m1 parent red vlan 10
	defer seg binding del web m1
	check_bindings "web/m1 red 10"
	check seg binding replace web m1 parent blue vlan 20 fdb-limit 7
	check_bindings "web/m1 blue 20"
	show "{fdb_limit}" binding show
	check_eq "limit" 7 "$reply"
	bind db m1 red 10
	refused "*10*red*db*" \
		seg binding replace web m1 parent red vlan 10 fdb-limit 9
	check_bindings "web/m1 blue 20" "db/m1 red 10"
	show "{fdb_limit}" binding show child web
	check_eq "limit" 7 "$reply"
	check seg binding set web m1 parent red vlan 12
	check_bindings "web/m1 red 12" "db/m1 red 10"
}

subtest delete "a deleted map carries nothing, its tag is free at once"
delete()
{
	bind web m1 red 10
	passes R 02-ff@10 W=02-ff
	check seg binding del web m1
	refused "*m1*" seg binding del web m1
	passes R 02-ff@10
	passes W 01-02
	check_bindings
	bind db m1 red 10
	passes R 02-ff@10
	show "{binding}" fdb show web
	check_match "addresses of web" "!(*m1*)" "$reply"
}

subtest many_takers "R8 four processes that take tags get different ones"
many_takers()
{
	local i j count=$((40 / SCALE)) pids=()

	for ((i = 0; i < 4; i++)); do
		for ((j = 0; j < count; j++)); do
			echo "segment add s$i-$j"
			echo "binding add s$i-$j m parent red vlan auto"
		done >"$tmp/take$i"
		seg -b "$tmp/take$i" >/dev/null &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || fail "a process could not take all its tags"
	done
	show "{vlan:3}" binding show parent red
	check_eq "tags" "$(seq -f %3g 1 $((4 * count)))" "$reply"
	for ((i = 0; i < 4; i++)); do
		for ((j = 0; j < count; j++)); do
			echo "link del s$i-$j"
		done
	done | host -b -
	check_bindings
}

subtest many_climbers "R4 four processes cannot make a child a parent"
many_climbers()
{
	local i j pids=() count=$((20 / SCALE))

	# each wants the next one as its parent, in a circle
	segments c0 c1 c2 c3
	for ((i = 0; i < 4; i++)); do
		for ((j = 0; j < count; j++)); do
			echo "binding add c$i m parent c$(((i + 1) % 4)) vlan $((i + 1))"
			echo "binding del c$i m"
		done >"$tmp/climb$i"
		seg --force -b "$tmp/climb$i" >/dev/null 2>&1 &
		pids+=($!)
	done
	while kill -0 "${pids[@]}" 2>/dev/null; do
		show "{child}>{parent}" binding show
		for i in 0 1 2 3; do
			[[ $reply == *"c$i>"* && $reply == *">c$i"* ]] || continue
			fail "c$i is a child and a parent: $reply"
			break 2
		done
	done
	wait "${pids[@]}"
	# whatever order it was, each one that is left alone can be bound
	seg binding add c0 m parent c1 vlan 1 >/dev/null 2>&1
	refused "*" seg binding add c1 m parent c2 vlan 2
	refused "*" seg binding add c3 m parent c0 vlan 2
}

before_each()
{
	forget
}

start_fabric
segments red blue web db mail
ports red R
ports blue B
ports web W
run_subtests
