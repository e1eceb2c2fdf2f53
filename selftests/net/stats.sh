#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is counted, exactly: each line of the table "What is counted", and that
# what was sent is what was delivered and what was dropped.
#
#	red (R R2)      blue (B)
#	 | 10            | 20
#	web (W W2)      web

. "$(dirname "$0")/lib.sh"

subtest segment_ingress "segment ingress: own frames, container frames included"
segment_ingress()
{
	mark
	frames send R 01-02/100x3 0a-0b@10/200x5
	frames got
	counted R.in=8/1300 red.in=8/1300 web/m1.in=5/1000 \
		R2.out=3/300 red.out=3/300 \
		W.out=5/1000 web.out=5/1000
}

subtest segment_egress "segment egress: own frames, container frames excluded"
segment_egress()
{
	mark
	frames send R2 02-01/100x3
	frames send W 0b-0a/200x5
	frames got
	counted R2.in=3/300 red.in=3/300 R.out=3/300 red.out=3/300 \
		W.in=5/1000 web.in=5/1000 web/m1.out=5/1000
}

subtest child "child counters: its own machines, never container traffic"
child()
{
	mark
	# from one parent to the other: nothing in the child's own counters
	frames send R 0a-0c@10/300x4
	frames send B 0c-0a@20/300x6
	frames got
	counted R.in=4/1200 red.in=4/1200 B.in=6/1800 blue.in=6/1800 \
		web/m1.in=4/1200 web/m2.out=4/1200 \
		web/m2.in=6/1800 web/m1.out=6/1800
	# from machine to machine: nothing at the binding maps
	frames send W 0b-0e/300x7
	frames got
	counted W.in=7/2100 web.in=7/2100 W2.out=7/2100 web.out=7/2100
}

subtest classes "broadcast and multicast are counted in all and apart"
classes()
{
	mark
	frames send R 01-ff/100x2 01-m1/100x3 01-02/100
	frames got
	counted R.in=6/600 R.in_bc=2/200 R.in_mc=3/300 \
		red.in=6/600 red.in_bc=2/200 red.in_mc=3/300 \
		R2.out=6/600 R2.out_bc=2/200 R2.out_mc=3/300 \
		red.out=6/600 red.out_bc=2/200 red.out_mc=3/300
	frames send R 0a-ff@10/100x2 0a-m1@10/100x3
	frames got
	counted R.in=5/500 R.in_bc=2/200 R.in_mc=3/300 \
		red.in=5/500 red.in_bc=2/200 red.in_mc=3/300 \
		web/m1.in=5/500 web/m1.in_bc=2/200 web/m1.in_mc=3/300 \
		web/m1.out=5/500 web/m1.out_bc=2/200 web/m1.out_mc=3/300 \
		web/m2.out=5/500 web/m2.out_bc=2/200 web/m2.out_mc=3/300 \
		W.out=5/500 W.out_bc=2/200 W.out_mc=3/300 \
		W2.out=5/500 W2.out_bc=2/200 W2.out_mc=3/300 \
		web.out=10/1000 web.out_bc=4/400 web.out_mc=6/600
}

subtest hairpin "a frame that goes back under another tag is counted once each"
hairpin()
{
	segments db
	bind db m1 red 11
	# a router behind R2 that is in both children
	frames send R2 1a-ff@10 1d-ff@11
	frames send R 0a-ff@10 0d-ff@11
	frames got
	mark
	passes R 0a-1a@10 R2=0a-1a@10
	passes R2 1d-0d@11 R=1d-0d@11
	counted R.in=1/60 R2.in=1/60 red.in=2/120 web/m1.in=1/60 \
		web/m1.out=1/60 db/m1.in=1/60 db/m1.out=1/60
}

subtest drops "a drop is counted once, where the frame came in or could not go"
drops()
{
	mark
	frames send R 01-02@99x3 01-r0x2 01-02@s9 01-02@9.9 m1-02x4
	counted R.drop_unbound_vlan=3 R.drop_reserved_address=2 \
		R.drop_service_vlan=1 R.drop_double_tagged=1 \
		R.drop_invalid_source=4 \
		red.drop_unbound_vlan=3 red.drop_reserved_address=2 \
		red.drop_service_vlan=1 red.drop_double_tagged=1 \
		red.drop_invalid_source=4
	frames send R 01-01x2
	counted R.in=2/120 red.in=2/120 R.drop_same_endpoint=2 \
		red.drop_same_endpoint=2
	check seg segment set web flood off
	frames send R 0a-99@10x2
	check seg segment set web flood on
	counted R.in=2/120 red.in=2/120 web/m1.in=2/120 \
		R.drop_unknown_unicast=2 red.drop_unknown_unicast=2
}

totals() # SEGMENT
{
	show "{stats}" segment show "$1"
}

subtest removed "a segment's counters include the ports that are gone"
removed()
{
	local before ingress

	ports red R3
	frames send R3 03-ff/100x10 03-ff@99x3 03-ff@10
	totals red
	before=$reply
	check host link set R3 nomaster
	totals red
	check_eq "after nomaster" "$before" "$reply"
	show "{stats[ingress_packets]}" segment show red
	ingress=$reply
	check host link set R3 master red
	show "{stats[ingress_packets]}" port show R3
	check_eq "counters of a new port" 0 "$reply"
	frames send R3 03-02
	show "{stats[ingress_packets]}" segment show red
	check_eq "both" $((ingress + 1)) "$reply"
	totals red
	before=$reply
	check host link del R3
	totals red
	check_eq "after del" "$before" "$reply"
	frames got
}

subtest maps "R6 a new binding map counts from zero, a changed one goes on"
maps()
{
	segments db
	bind db m1 red 11
	frames send R 0d-ff@11x3
	map_in 3
	check seg binding set db m1 vlan 12
	frames send R 0d-ff@12x2
	map_in 5
	check seg binding set db m1 parent blue
	frames send B 0d-ff@12x2
	map_in 7
	check seg binding del db m1
	check seg binding add db m1 parent red vlan 11
	map_in 0
	frames got
}

map_in() # PACKETS
{
	show "{stats[ingress_packets]}" binding show child db
	check_eq "frames of the binding map" "$1" "$reply"
}

# mix SEED COUNT: "PORT FRAMES" lines: known and unknown addresses, groups,
# good and bad tags.
mix()
{
	local ports=(R R2 B W W2) i
	local to=(01 02 0a 0b 0c 0e 99 ff m1 r0) tags=("" @10 @20 @99 @s1 @1.2)

	RANDOM=$1
	for ((i = 0; i < $2; i++)); do
		echo "${ports[RANDOM % 5]}" \
			"2$((RANDOM % 4))-${to[RANDOM % 10]}${tags[RANDOM % 6]}"
	done
}

value() # COUNTERS PATTERN: sum of the values that match
{
	awk -F= -v pattern="^($2)$" '$1 ~ pattern {
		split($2, value, "/")
		sum += value[1]
	} END { print sum + 0 }' <<<"$1"
}

received() # ARRIVALS PATTERN
{
	awk -v pattern="^($2)(x|$)" '$0 ~ pattern {
		count = match($0, /x[0-9]+$/) ? substr($0, RSTART + 1) : 1
		sum += count
	} END { print sum + 0 }' <<<"$1"
}

subtest conserved "sent is delivered and dropped, for any mix of frames"
conserved()
{
	local seed=$((RANDOM)) count=$((500 / SCALE)) port frame counters got
	local early='(truncated|invalid_source|reserved_address|unbound_vlan'
	local own='[^@]*(@0[^=]*)?'
	local -A sent=()

	early+='|service_vlan|double_tagged)'
	echo "# seed $seed"
	mark
	while read -r port frame; do
		frames send "$port" "$frame"
		sent[$port]=$((${sent[$port]-0} + 1))
	done < <(mix "$seed" "$count")
	frames got
	got=$reply
	frames delta "$HOST"
	counters=$reply
	for port in R R2 B W W2; do
		check_eq "$port: sent and accepted or refused" \
			"${sent[$port]-0}" \
			"$(($(value "$counters" "$port.in") +
			    $(value "$counters" "$port.drop_$early")))"
		check_eq "$port: own frames that arrived" \
			"$(received "$got" "$port=$own")" \
			"$(value "$counters" "$port.out")"
	done
	check_eq "container frames to red" "$(received "$got" 'R2?=.*@10')" \
		"$(value "$counters" web/m1.out)"
	check_eq "container frames to blue" "$(received "$got" 'B=.*@20')" \
		"$(value "$counters" web/m2.out)"
	check_eq "red is the sum of its ports" \
		"$(value "$counters" 'R2?.in')" "$(value "$counters" red.in)"
	check_eq "web is the sum of its ports" \
		"$(value "$counters" 'W2?.out')" "$(value "$counters" web.out)"
	check_eq "drops of the segments are those of the ports" \
		"$(value "$counters" '(R|R2|B|W|W2).drop_.*')" \
		"$(value "$counters" '(red|blue|web).drop_.*')"
}

subtest unicast "a frame to a known address is delivered once or dropped once"
unicast()
{
	local seed=$((RANDOM)) count=$((300 / SCALE)) counters got i
	local from=(R R2 "R 10" "R2 10" "B 20" W W2)
	local red=(01 02) web=(0a 0b 0c 0e)

	echo "# seed $seed"
	mark
	RANDOM=$seed
	for ((i = 0; i < count; i++)); do
		# shellcheck disable=SC2086 # two words
		set -- ${from[RANDOM % 7]}
		if [[ $* == R || $* == R2 ]]; then
			frames send "$1" "21-${red[RANDOM % 2]}"
		else
			frames send "$1" "21-${web[RANDOM % 4]}${2+@$2}"
		fi
	done
	frames got
	got=$reply
	frames delta "$HOST"
	counters=$reply
	check_eq "accepted" "$count" \
		"$(value "$counters" '(R|R2|B|W|W2).in')"
	check_eq "delivered and dropped" "$count" \
		"$(($(received "$got" '.*') +
		    $(value "$counters" '(R|R2|B|W|W2).drop_same_endpoint')))"
	check_eq "counted as delivered" "$(received "$got" '.*')" \
		"$(($(value "$counters" '(R|R2|B|W|W2).out') +
		    $(value "$counters" 'web/.*.out')))"
}

before_each()
{
	forget
	# everybody talks once, so that these are known: 01 at R, 02 at R2,
	# 0a at R@10, 0c at B@20, 0b at W, 0e at W2
	frames send R 01-ff 0a-ff@10
	frames send R2 02-ff
	frames send B 0c-ff@20
	frames send W 0b-ff
	frames send W2 0e-ff
	frames got
}

start_fabric
red_blue_web
ports web W2
run_subtests
