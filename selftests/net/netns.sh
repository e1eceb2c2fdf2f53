#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# R15: everything belongs to a network namespace, changes need CAP_NET_ADMIN
# there; a namespace that ends takes everything along.

. "$(dirname "$0")/lib.sh"

subtest apart "R15 the same names in two namespaces do not meet"
apart()
{
	setup_ns OTHER
	check ip -n "$OTHER" link add name red type segment
	check ip -n "$OTHER" link add name web type segment
	check segctl -n "$OTHER" binding add web m1 parent red vlan 10
	check segctl -n "$OTHER" segment set red ageing 17
	show "{child}/{id} {parent} {vlan}" binding show
	check_lines "binding maps here" "web/m1 red 11"
	show "{name} {ageing_time}" segment show
	check_lines "segments here" "red 300" "web 300"
	frames show "$OTHER" "{child}/{id} {parent} {vlan}" binding show
	check_lines "binding maps there" "web/m1 red 10"
	frames show "$OTHER" "{name}" port show
	check_lines "ports there"
	refused "*" segctl -n "$OTHER" port show R
}

# without: a command with all capabilities, but not that for the network.
without()
{
	ip netns exec "$HOST" setpriv --bounding-set -net_admin \
		--inh-caps -net_admin "$@"
}

subtest capability "R15 changes need CAP_NET_ADMIN, reads do not"
capability()
{
	command -v setpriv >/dev/null || { skip "there is no setpriv"; return; }
	refused "*ermi*" without segctl binding add web m2 parent red vlan 12
	refused "*ermi*" without segctl binding set web m1 vlan 12
	refused "*ermi*" without segctl binding del web m1
	refused "*ermi*" without segctl segment add more
	refused "*ermi*" without segctl segment del red
	refused "*ermi*" without segctl segment set red ageing 5
	refused "*ermi*" without segctl port set R learning off
	refused "*ermi*" without segctl fdb add red 02:00:00:00:00:01 port R
	refused "*ermi*" without segctl fdb flush red
	check without segctl binding show
	check without segctl segment show
	check without segctl port show
	check without segctl fdb show
	show "{child}/{id} {parent} {vlan}" binding show
	check_lines "binding maps" "web/m1 red 11"
}

subtest user_ns "R15 whoever owns a namespace configures it"
user_ns()
{
	unshare -rn true 2>/dev/null || { skip "no user namespaces"; return; }
	check unshare -rn sh -ec '
		ip link add name red type segment
		ip link add name web type segment
		segctl binding add web m1 parent red vlan 10
		segctl binding show | grep -q m1'
}

subtest ends "R15 a namespace ends with everything in it, under traffic"
ends()
{
	local i there port

	for ((i = 0; i < (SCALE > 1 ? 3 : 5); i++)); do
		setup_ns THERE
		there=${THERE:?}
		ip -n "$there" -b - <<-END || fail "batch"
			link add name red type segment
			link add name web type segment
			link add name A type veth peer name A$i netns $VMS
			link add name C type veth peer name C$i netns $VMS
			link set red up
			link set web up
			link set A master red up
			link set C master web up
		END
		check segctl -n "$there" binding add web m1 parent red vlan 10
		check vms link set "A$i" up
		check vms link set "C$i" up
		frames open "A$i" "$VMS" "A$i"
		frames open "C$i" "$VMS" "C$i"
		passes "A$i" 0a-ff@10 "C$i=0a-ff"
		frames start "A$i" 0 0a-ff@10 0a-0c@10 01-ff
		frames start "C$i" 0 0c-0a
		check ip netns del "$there"
		eventually 20 device_gone "A$i"
		for port in "A$i" "C$i"; do
			frames stop "$port"
			frames close "$port"
		done
	done
	# the others did not notice
	passes R 0a-ff@11 W=0a-ff
}

device_gone() # NAME
{
	! vms link show dev "$1"
}

start_fabric
segments red web
ports red R
ports web W
bind web m1 red 11
run_subtests
