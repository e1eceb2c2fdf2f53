#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Forwarding tables: what is learned where, moves, limits, ageing, static
# addresses, and what is forgotten when.
#
#	red (R R2)      blue (B)
#	 | 10   | 11     | 20
#	web (W) db (D)  web

. "$(dirname "$0")/lib.sh"

# fdb SEGMENT: "MAC PORT@TAG STATE" lines to reply, without the host's address;
# of the MAC the last two digits.
fdb()
{
	local line lines

	show "{mac[15]}{mac[16]} {port}@{vlan} {state}" fdb show "$1"
	lines=$reply
	reply=
	while read -r line; do
		[[ -z $line || $line == *local ]] ||
			reply+=${line/@ / }$'\n'
	done <<<"$lines"
	reply=${reply%$'\n'}
}

check_fdb() # SEGMENT ENTRY...
{
	fdb "$1"
	check_lines "addresses in $1" "${@:2}"
}

subtest same_mac "R13 one MAC in the parent and in every child at once"
same_mac()
{
	passes R 01-ff R2=01-ff
	passes R2 01-ff@11 R=01-ff@11 D=01-ff
	passes B 01-ff@20 R=01-ff@10 R2=01-ff@10 W=01-ff
	passes B 01-ff
	check_fdb red "01 R learned"
	check_fdb blue "01 B learned"
	check_fdb web "01 B@20 learned"
	check_fdb db "01 R2@11 learned"
	passes R2 02-01 R=02-01
	passes W 02-01 B=02-01@20
	passes D 02-01 R2=02-01@11
}

subtest moves "R13 a move takes effect with the first frame"
moves()
{
	# to another port of the parent, another parent, the child itself
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 B=0b-ff@20
	passes R 0a-0b@10 W=0a-0b
	passes W 0b-0a R=0b-0a@10
	passes R2 0a-0b@10 W=0a-0b
	passes W 0b-0a R2=0b-0a@10
	passes B 0a-0b@20 W=0a-0b
	passes W 0b-0a B=0b-0a@20
	check_fdb web "0a B@20 learned" "0b W learned"
	ports web W2
	passes W2 0a-0b W=0a-0b
	passes W 0b-0a W2=0b-0a
	# a gratuitous ARP is a broadcast
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff W2=0a-ff
	passes W 0b-0a R=0b-0a@10
	# and in the parent
	passes R 01-ff R2=01-ff
	passes R2 01-ff R=01-ff
	passes R 02-01 R2=02-01
}

subtest other_tag "R13 a move to another tag of the same port is one to a child"
other_tag()
{
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	passes R 0a-ff@11 R2=0a-ff@11 D=0a-ff
	check_fdb web "0a R@10 learned"
	check_fdb db "0a R@11 learned"
	check seg binding set web m1 vlan 12
	defer seg binding set web m1 vlan 10
	# what is behind the map has moved with it
	passes W 0b-0a R=0b-0a@12
	check_fdb web "0a R@12 learned" "0b W learned"
}

subtest learning_off "learning off is for a port's own traffic"
learning_off()
{
	check seg port set R learning off
	defer seg port set R learning on
	passes R 01-ff R2=01-ff
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	check_fdb red
	check_fdb web "0a R@10 learned"
	passes R2 02-01 R=02-01
	check_fdb red "02 R2 learned"
}

subtest port_limit "limit of a port: forwarded unlearned, or dropped"
port_limit()
{
	check seg port set R fdb-limit 2
	defer seg port set R fdb-limit 4096 fdb-limit-policy forward
	passes R 01-ff R2=01-ff
	passes R 02-ff R2=02-ff
	show "{fdb_full}" port show R
	check_eq "full when the last place is taken" False "$reply"
	passes R 03-ff R2=03-ff
	check_fdb red "01 R learned" "02 R learned"
	show "{fdb_full}" port show R
	check_eq "full when there was no place" True "$reply"
	check seg port set R fdb-limit-policy drop
	mark
	passes R 03-ff
	counted R.in=1/60 R.in_bc=1/60 red.in=1/60 red.in_bc=1/60 \
		R.drop_fdb_limit=1 red.drop_fdb_limit=1
	passes R 01-ff R2=01-ff
	# what is known elsewhere moves only if there is room
	passes R2 03-ff R=03-ff
	passes R 03-ff
	check_fdb red "01 R learned" "02 R learned" "03 R2 learned"
	# container traffic does not count
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	show "{fdb_count}" port show R
	check_eq "count" 2 "$reply"
	# one that leaves makes room
	passes R2 01-ff R=01-ff
	passes R 03-ff R2=03-ff
	check_fdb red "01 R2 learned" "02 R learned" "03 R learned"
	check seg port set R fdb-limit none
	passes R 04-ff R2=04-ff
	passes R 05-ff R2=05-ff
	show "{fdb_count} {fdb_full}" port show R
	check_eq "count" "4 False" "$reply"
}

subtest binding_limit "limit of a binding map"
binding_limit()
{
	check seg binding set web m1 fdb-limit 2
	defer seg binding set web m1 fdb-limit 65536 fdb-limit-policy forward
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	passes R2 0b-ff@10 R=0b-ff@10 B=0b-ff@20 W=0b-ff
	passes R 0c-ff@10 R2=0c-ff@10 B=0c-ff@20 W=0c-ff
	check_fdb web "0a R@10 learned" "0b R2@10 learned"
	check seg binding set web m1 fdb-limit-policy drop
	mark
	passes R 0c-ff@10
	counted R.in=1/60 R.in_bc=1/60 red.in=1/60 red.in_bc=1/60 \
		web/m1.in=1/60 web/m1.in_bc=1/60 \
		R.drop_fdb_limit=1 red.drop_fdb_limit=1
	# from one port of the parent to another is no new address
	passes R2 0a-ff@10 R=0a-ff@10 B=0a-ff@20 W=0a-ff
	passes B 0c-ff@20 R=0c-ff@10 R2=0c-ff@10 W=0c-ff
	passes R 0d-ff@11 R2=0d-ff@11 D=0d-ff
	show "{id} {fdb_count} {fdb_full}" binding show child web
	check_lines "counts" "m1 2 True" "m2 1 False"
	check seg binding set web m1 fdb-limit 3
	show "{id} {fdb_full}" binding show child web
	check_lines "with a greater limit" "m1 False" "m2 False"
}

gone() # SEGMENT PATTERN
{
	fdb "$1"
	[[ $reply != *$2* ]]
}

subtest ageing "addresses age, static ones do not, 0 is never"
ageing()
{
	check seg segment set web ageing 1
	defer seg segment set web ageing 300
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	check seg fdb add web 02:00:00:00:00:0e port W
	defer seg fdb del web 02:00:00:00:00:0e
	check_fdb web "0a R@10 learned" "0e W static"
	eventually 10 gone web 0a
	check_fdb web "0e W static"
	passes W 0b-0a R=0b-0a@10 R2=0b-0a@10 B=0b-0a@20
	check seg segment set web ageing 0
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	pause 2.5
	fdb web
	check_match "addresses" "*0a R@10 learned*" "$reply"
}

refreshed()
{
	frames send R 0a-ff@10
	show "{age}" fdb show web mac 02:00:00:00:00:0a
	((reply < 1000))
}

subtest refresh "traffic refreshes an address"
refresh()
{
	check seg segment set web ageing 3
	defer seg segment set web ageing 300
	frames send R 0a-ff@10
	pause 2.2
	eventually 1 refreshed
	pause 2.2
	check_fdb web "0a R@10 learned"
}

subtest static "a static address neither moves nor counts as learned"
static()
{
	check seg fdb add web 02:00:00:00:00:0e port R
	check_fdb web "0e R@10 static"
	passes W 0b-0e R=0b-0e@10
	passes B 0e-0b@20 W=0e-0b
	check_fdb web "0e R@10 static" "0b W learned"
	passes W 0b-0e R=0b-0e@10
	refused "*02:00:00:00:00:0e*already*R*" seg fdb add web 02:00:00:00:00:0e port B
	check seg fdb replace web 02:00:00:00:00:0e port B
	passes W 0b-0e B=0b-0e@20
	check_fdb web "0e B@20 static" "0b W learned"
	check seg fdb flush web
	check_fdb web "0e B@20 static"
	check seg fdb flush web static
	check_fdb web
	# one that was learned becomes static
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff
	check seg fdb replace web 02:00:00:00:00:0a port R
	check_fdb web "0a R@10 static"
	check seg fdb del web 02:00:00:00:00:0a
	check_fdb web
	refused "*02:00:00:00:00:0a*" seg fdb del web 02:00:00:00:00:0a
	refused "*D*web*" seg fdb add web 02:00:00:00:00:0a port D
	refused "*" seg fdb add web 01:00:5e:00:00:01 port W
	refused "*" seg fdb add web 00:00:00:00:00:00 port W
}

subtest flush "flush by port, binding map, MAC, or all"
flush()
{
	local fill="frames send R 0a-ff@10 0b-ff@10"

	$fill
	frames send R2 0c-ff@10
	frames send B 0d-ff@20
	frames send W 0e-ff
	check seg fdb flush web mac 02:00:00:00:00:0a
	check_fdb web "0b R@10 learned" "0c R2@10 learned" \
		"0d B@20 learned" "0e W learned"
	check seg fdb flush web port R
	check_fdb web "0c R2@10 learned" "0d B@20 learned" "0e W learned"
	$fill
	check seg fdb flush web binding m1
	check_fdb web "0d B@20 learned" "0e W learned"
	check seg fdb flush web port W
	check_fdb web "0d B@20 learned"
	check seg fdb flush web
	check_fdb web
}

subtest host_address "the host's own address is not learned elsewhere"
host_address()
{
	local mac

	frames open h "$HOST" web
	defer frames close h
	mac=$(mac_of web)
	frames send R "$mac-ff@10"
	frames got
	passes W "0b-$mac" "h=0b-$mac"
	check host link set web address 02:00:00:00:00:fe
	passes W 0b-fe h=0b-fe
	passes R 0a-fe@10 h=0a-fe
	passes W "0b-$mac" "R=0b-$mac@10" "R2=0b-$mac@10" "B=0b-$mac@20" \
		"h=0b-$mac"
	show "{mac} {state}" fdb show web
	check_match "addresses" "*02:00:00:00:00:fe local*" "$reply"
}

subtest port_gone "a port that goes away or down is forgotten everywhere"
port_gone()
{
	local how

	ports red R3
	for how in "host link set R3 down" "vms link set R3 down" \
		   "host link set R3 nomaster"; do
		passes R 01-ff R2=01-ff R3=01-ff
		frames send R3 03-ff 0a-ff@10 0d-ff@11
		check_fdb red "01 R learned" "03 R3 learned"
		check_fdb web "0a R3@10 learned"
		check_fdb db "0d R3@11 learned"
		# shellcheck disable=SC2086 # a command
		check $how
		eventually 5 gone red 03
		check_fdb web
		check_fdb db
		check_fdb red "01 R learned"
		# shellcheck disable=SC2086 # a command
		check ${how/down/up}
		eventually 5 has_carrier R3
		forget
	done
}

subtest map_gone "a binding map that goes is forgotten, one that moves too"
map_gone()
{
	bind db m2 blue 21
	frames send B 0a-ff@21 0b-ff@20
	frames send R 0c-ff@11
	check_fdb db "0a B@21 learned" "0c R@11 learned"
	check seg binding del db m2
	check_fdb db "0c R@11 learned"
	check_fdb web "0b B@20 learned"
	# another parent: what was behind the old one is not there any more
	check seg binding set db m1 parent blue
	defer seg binding set db m1 parent red
	check_fdb db
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
run_subtests
