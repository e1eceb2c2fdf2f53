#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Four processes configure at once, each its own and all the same objects,
# under traffic. What they get is one of success and refusal each; what is
# left obeys the rules.

. "$(dirname "$0")/lib.sh"

readonly rounds=$((SCALE > 1 ? 10 : 40))
# Where a frame takes a millisecond, more of them leave no time for the others.
gap=0.001
((SCALE == 1)) || gap=0.01
readonly gap

# work NUMBER: commands for segctl, different in each process
work()
{
	local i

	RANDOM=$1
	for ((i = 0; i < rounds; i++)); do
		case $((RANDOM % 10)) in
		0)	echo "segment add p$1 up" ;;
		1)	echo "binding add p$1 m parent red vlan auto" ;;
		2)	echo "binding add web m$1 parent blue vlan auto" ;;
		3)	echo "binding set web m1 vlan $((10 + RANDOM % 4))" ;;
		4)	echo "binding del p$1 m" ;;
		5)	echo "binding del web m$1" ;;
		6)	echo "binding add red m parent p$1 vlan 5" ;;
		7)	echo "port set R fdb-limit $((RANDOM % 100 + 1))" ;;
		8)	echo "fdb flush web" ;;
		9)	echo "segment set web ageing $((RANDOM % 300 + 10))" ;;
		esac
	done
}

links() # NUMBER: the same for ip
{
	local i

	RANDOM=$((100 + $1))
	for ((i = 0; i < rounds; i++)); do
		case $((RANDOM % 5)) in
		0)	echo "link add name P$1 type veth peer name Q$1" ;;
		1)	echo "link set dev P$1 master red up" ;;
		2)	echo "link set dev P$1 master web" ;;
		3)	echo "link del P$1" ;;
		4)	echo "link del p$1" ;;
		esac
	done
}

subtest all "R2 R3 R4 hold after four processes did as they liked"
all()
{
	local i pids=() child parent vlan seen=" " line

	frames start R "$gap" 0a-ff@10 0a-0b@10 01-ff
	frames start W "$gap" 0b-ff 0b-0a
	for i in 1 2 3 4; do
		work "$i" >"$tmp/work$i"
		links "$i" >"$tmp/links$i"
		segctl -n "$HOST" --force -b "$tmp/work$i" >"$tmp/log$i" 2>&1 &
		pids+=($!)
		host -force -b "$tmp/links$i" >/dev/null 2>&1 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
		(($? < 3)) || fail "a process died"
	done
	frames stop R
	frames stop W
	frames got

	show "{child} {parent} {vlan}" binding show
	while read -r child parent vlan; do
		[[ $seen != *" $parent:$vlan "* ]] ||
			fail "R2: tag $vlan of $parent is bound twice"
		[[ $seen != *" $child>$parent "* ]] ||
			fail "R3: $child is bound to $parent twice"
		seen+="$parent:$vlan $child>$parent "
	done <<<"$reply"
	while read -r child parent vlan; do
		[[ $seen != *">$child "* ]] ||
			fail "R4: $child is a child and a parent"
	done <<<"$reply"
	line=$(grep -ciE 'segfault|no buffer|invalid argument' "$tmp"/log? |
		awk -F: '{ sum += $2 } END { print sum }')
	check_eq "strange errors" 0 "$line"
}

subtest still "the fabric works as configured afterwards"
still()
{
	local i

	for i in 1 2 3 4; do
		quietly host link del "P$i"
		quietly host link del "p$i"
		quietly seg binding del web "m$i"
	done
	show "{child}/{id}" binding show
	check_lines "binding maps left"
	check seg port set R fdb-limit 4096
	bind web m1 red 10
	forget
	passes R 0a-ff@10 W=0a-ff
	passes W 0b-0a R=0b-0a@10
	show "{name} {port_count} {parent_count} {child_count}" segment show
	check_lines "segments" "red 1 0 1" "blue 0 0 0" "web 1 1 0"
}

subtest readers "dumps during changes are whole or repeated"
readers()
{
	local i n pids=()

	for ((i = 0; i < rounds; i++)); do
		echo "binding add web m parent blue vlan $((i + 1))"
		echo "binding del web m"
	done >"$tmp/churn"
	bind web m1 red 10
	segctl -n "$HOST" -b "$tmp/churn" >/dev/null &
	pids+=($!)
	for i in 1 2 3; do
		while kill -0 "${pids[0]}" 2>/dev/null; do
			n=$(segctl -n "$HOST" binding show child web |
				grep -c m1)
			((n == 1)) || echo "$n" >>"$tmp/missed"
		done &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || fail "a process failed"
	done
	[[ ! -e $tmp/missed ]] || fail "a dump missed a binding map"
}

start_fabric
segments red blue web
ports red R
ports web W
bind web m1 red 10
run_subtests
