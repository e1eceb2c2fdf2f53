#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Segments and ports as network devices: carrier, MTU, flags, names,
# namespaces, removal, and what ip, bridge and ethtool make of them.
#
#	red (R)         blue (B)
#	 | 10            | 20
#	web             web

. "$(dirname "$0")/lib.sh"

link_is() # DEVICE PATTERN: of "ip link show"
{
	# shellcheck disable=SC2053 # it is a pattern
	[[ $(host -o -d link show dev "$1") == $2 ]]
}

subtest carrier "the carrier of a segment is that of its ports and parents"
carrier()
{
	eventually 5 link_is red '*LOWER_UP*state UP*'
	eventually 5 link_is web '*LOWER_UP*state UP*'
	# no carrier of the port
	check vms link set R down
	eventually 5 link_is red '*NO-CARRIER*state DOWN*'
	# web has one parent left
	link_is web '*LOWER_UP*state UP*' || fail "web follows red, not blue"
	check host link set B down
	eventually 5 link_is web '*NO-CARRIER*state DOWN*'
	check vms link set R up
	eventually 5 link_is red '*LOWER_UP*'
	eventually 5 link_is web '*LOWER_UP*'
	check seg binding del web m1
	eventually 5 link_is web '*NO-CARRIER*'
	check seg binding add web m1 parent red vlan 10
	eventually 5 link_is web '*LOWER_UP*'
	check host link set B up
	# a port of its own
	segments lone
	link_is lone '*NO-CARRIER*' || fail "a segment without ports has a carrier"
	ports lone L
	eventually 5 link_is lone '*LOWER_UP*state UP*'
	check host link set L nomaster
	eventually 5 link_is lone '*NO-CARRIER*'
	# an admin-down parent lends its ports
	check host link set red down
	check host link set B down
	eventually 5 link_is web '*LOWER_UP*'
	check host link set red up
	check host link set B up
}

mtu_is() # DEVICE MTU
{
	link_is "$1" "*mtu $2 *"
}

subtest mtu "the MTU follows the smallest port until it is set by hand"
mtu()
{
	segments lone
	ports lone L M
	mtu_is lone 1500 || fail "MTU of a new segment is not 1500"
	check host link set L mtu 1400
	eventually 5 mtu_is lone 1400
	check host link set M mtu 1300
	eventually 5 mtu_is lone 1300
	check host link set M mtu 1450
	eventually 5 mtu_is lone 1400
	check host link set L nomaster
	eventually 5 mtu_is lone 1450
	check host link set lone mtu 1200
	check host link set M mtu 1350
	mtu_is lone 1200 || fail "the MTU changed after it was set by hand"
	# ports stay as they are
	mtu_is M 1350 || fail "the port followed"
	refused "*" host link set lone mtu 67
	refused "*" host link set lone mtu 70000
}

promiscuity() # DEVICE NUMBER
{
	link_is "$1" "*promiscuity $2 *"
}

subtest promiscuous "ports are promiscuous while they are ports"
promiscuous()
{
	local before

	segments lone
	ports lone L
	check host link set L nomaster
	before=$(host -o -d link show dev L)
	[[ $before =~ promiscuity\ ([0-9]+) ]]
	before=${BASH_REMATCH[1]}
	check host link set L master lone
	promiscuity L $((before + 1)) || fail "the port is not promiscuous"
	check host link set L promisc on
	check host link set L allmulticast on
	promiscuity L $((before + 2)) || fail "promisc on was not added"
	link_is L "*allmulti 2 *" || fail "the port does not take all groups"
	passes L 01-ff
	check host link set L promisc off
	check host link set L nomaster
	promiscuity L "$before" || fail "promiscuity stayed"
	link_is L "*allmulti 1 *" || fail "allmulticast on was lost"
	check host link set L allmulticast off
	link_is L "*allmulti 0 *" || fail "allmulticast stayed"
}

subtest host_promisc "a promiscuous segment shows the host every frame"
host_promisc()
{
	ports red R2
	frames open h "$HOST" red
	defer frames close h
	frames send R2 02-ff
	passes R 01-02 R2=01-02
	check host link set red promisc on
	defer host link set red promisc off
	passes R 01-02 R2=01-02 h=01-02
	passes R 01-ff R2=01-ff h=01-ff
}

subtest rename "a port and a segment keep all under another name"
rename()
{
	check host link set R down
	check host link set R name Q
	check host link set Q up
	defer host link set R up
	defer host link set Q name R
	defer host link set Q down
	show "{name} {segment}" port show
	check_lines "ports" "Q red" "B blue"
	frames send R 0a-ff@10
	show "{port} {vlan}" fdb show web
	check_match "fdb" "*Q 10*" "$reply"
	check host link set red down
	check host link set red name crimson
	check host link set crimson up
	defer host link set red up
	defer host link set crimson name red
	defer host link set crimson down
	show "{child}/{id} {parent} {vlan}" binding show
	check_lines "binding maps" "web/m1 crimson 10" "web/m2 blue 20"
	passes R 0a-ff@10 B=0a-ff@20
}

subtest down_up "down and up: the segment forgets nothing that is configured"
down_up()
{
	ports red R2
	check host link set red down
	passes R 01-ff
	check host link set red up
	passes R 01-ff R2=01-ff
	check host link set R down
	check host link set R up
	passes R 01-ff R2=01-ff
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20
	show "{child}/{id} {parent} {vlan}" binding show
	check_lines "binding maps" "web/m1 red 10" "web/m2 blue 20"
}

subtest moved "a port that moves to another namespace leaves the segment"
moved()
{
	setup_ns AWAY
	ports red R2
	frames send R2 02-ff 0a-ff@10
	check host link set R2 netns "$AWAY"
	show "{name}" port show
	check_lines "ports" R B
	show "{port}" fdb show
	check_match "fdb" "!(*R2*)" "$reply"
	passes R 01-02
	check ip -n "$AWAY" link set R2 netns "$HOST"
	# segments stay where they are
	refused "*" host link set red netns "$AWAY"
}

subtest removed "ports and segments that go under traffic"
removed()
{
	local i

	frames start R 0 01-ff 0a-ff@10 0a-0b@10
	frames start B 0 0b-0a@20 0b-ff@20
	for ((i = 0; i < 20 / SCALE; i++)); do
		host -b - <<-END || fail "batch"
			link add name extra type segment
			link set extra up
			link add name X type veth peer name Y
			link set X master red up
			link set Y master extra up
			link set X nomaster
			link set X master red
		END
		seg -b - <<-END || fail "batch"
			binding add extra m1 parent red vlan 30
			binding set web m1 vlan 11
			binding set web m1 vlan 10
		END
		check host link del X
		check host link del extra
	done
	frames stop R
	frames stop B
	frames got
	forget
	passes R 0a-ff@10 B=0a-ff@20
}

subtest loops "loops are refused: segment in segment, segment over its port"
loops()
{
	refused "*" host link set blue master red
	refused "*" host link set red master red
	check host link add link red name red.5 type vlan id 5
	defer host link del red.5
	refused "*" host link set red.5 master red
	check host link add bridge0 type bridge
	defer host link del bridge0
	check host link set red.5 master bridge0
	refused "*" host link set bridge0 master red
	check host link set red.5 nomaster
	show "{name} {segment}" port show
	check_lines "ports" "R red" "B blue"
}

subtest bridge_port "a segment is the way of a bridge to its machines"
bridge_port()
{
	check host link add bridge0 type bridge
	defer host link del bridge0
	check host link set bridge0 up
	ports bridge0 X
	check host link set red master bridge0
	passes R 01-ff X=01-ff
	passes X 05-01 R=05-01
	# it is not known to the segment
	passes R 01-05 X=01-05
	show "{mac}" fdb show red state learned
	check_lines "addresses that red knows" "02:00:00:00:00:01"
}

subtest unfit "what cannot be a port is refused"
unfit()
{
	refused "*" host link set lo master red
	check host link add port0 type dummy
	defer host link del port0
	check host link add link port0 name port1 type macvlan
	# it has another handler of its frames
	refused "*" host link set port0 master red
	check host link del port1
	check host link set port0 master red
	check host link set port0 nomaster
	# and this one must have none
	check host link add vrf0 type vrf table 10
	defer host link del vrf0
	refused "*vrf0 cannot be a port of a segment*" \
		host link set vrf0 master red
	show "{name} {segment}" port show
	check_lines "ports" "R red" "B blue"
}

subtest ip_link "ip -d link and ip -s link show settings and host counters"
ip_link()
{
	check_match "ip -d link" "* segment *" "$(host -d link show dev red)"
	check_match "type filter" "*red*blue*web*" \
		"$(host -o link show type segment)"
	check_match "master filter" "*R@*" "$(host -o link show master red)"
	frames open h "$HOST" red
	defer frames close h
	check_eq "received and sent by the host before" "$(host_counters)" \
		"$(host_counters)"
	local before after

	read -r -a before < <(host_counters)
	passes R 01-ff/100 h=01-ff/100
	passes h f0-01/200 R=f0-01/200
	read -r -a after < <(host_counters)
	check_eq "received by the host" "1 100" \
		"$((after[0] - before[0])) $((after[1] - before[1]))"
	check_eq "sent by the host" "1 200" \
		"$((after[2] - before[2])) $((after[3] - before[3]))"
	passes h f0-01@9
	check_eq "dropped of what the host sent" "1" \
		"$(($(host_counters | cut -d ' ' -f 5) - after[4]))"
}

host_counters() # of red
{
	local dir=/sys/class/net/red/statistics

	ip netns exec "$HOST" sh -c "cd $dir && echo \$(cat \
		rx_packets rx_bytes tx_packets tx_bytes tx_dropped)"
}

subtest bridge_tool "bridge fdb and bridge link show and change what they can"
bridge_tool()
{
	frames send R 01-ff 0a-ff@10
	check_match "bridge fdb of red" "*02:00:00:00:00:01*" \
		"$(bridge -n "$HOST" fdb show dev red)"
	check_match "bridge fdb of web" "*02:00:00:00:00:0a vlan 10*" \
		"$(bridge -n "$HOST" fdb show dev web)"
	check bridge -n "$HOST" fdb add 02:00:00:00:00:0e dev red via R static
	show "{mac} {port} {state}" fdb show red
	check_match "fdb" "*02:00:00:00:00:0e R static*" "$reply"
	check bridge -n "$HOST" fdb del 02:00:00:00:00:0e dev red
	show "{mac} {port} {state}" fdb show red
	check_match "fdb" "!(*02:00:00:00:00:0e*)" "$reply"
	check_match "bridge link" "*R*master red*" \
		"$(bridge -n "$HOST" -d link show)"
	check bridge -n "$HOST" link set dev R learning off
	show "{learning}" port show R
	check_match "learning" "+(off|false|False|0)" "$reply"
	check bridge -n "$HOST" link set dev R learning on
}

subtest ethtool_tool "ethtool -i and -S say what it is"
ethtool_tool()
{
	command -v ethtool >/dev/null || { skip "there is no ethtool"; return; }
	check_match "ethtool -i" "driver: segfab*" \
		"$(ip netns exec "$HOST" ethtool -i red)"
	check_match "ethtool -S" "*ingress*" \
		"$(ip netns exec "$HOST" ethtool -S red)"
	check_match "ethtool -k" "*tcp-segmentation-offload: on*" \
		"$(ip netns exec "$HOST" ethtool -k red)"
}

subtest ip_monitor "ip monitor tells of ports and addresses"
ip_monitor()
{
	local log

	log=$(mktemp)
	defer rm -f "$log"
	ip -n "$HOST" monitor link neigh >"$log" &
	defer kill $!
	eventually 5 told "$log"
	ports red R2
	frames send R2 02-ff
	eventually 5 grep -q 'R2.*master red' "$log"
	eventually 5 grep -q '02:00:00:00:00:02' "$log"
}

subtest bridge_monitor "bridge monitor tells of the host's addresses, by segment"
bridge_monitor()
{
	local log=$tmp/monitor

	ip netns exec "$HOST" bridge monitor fdb >"$log" &
	defer kill $!
	eventually 5 heard "$log"
	check host link add extra address 02:00:00:00:00:e0 type segment
	check host link set extra address 02:00:00:00:00:e1
	check host link del extra
	eventually 5 grep -q 'Deleted 02:00:00:00:00:e1' "$log"
	check_eq "what was told" "02:00:00:00:00:e0 dev extra self permanent
02:00:00:00:00:e1 dev extra self permanent
Deleted 02:00:00:00:00:e0 dev extra self permanent
Deleted 02:00:00:00:00:e1 dev extra self permanent" \
		"$(grep ':e[01] ' "$log" | sed 's/ *$//')"
}

heard() # FILE: true when the bridge monitor listens
{
	seg fdb add red 02:00:00:00:00:ee port R
	seg fdb del red 02:00:00:00:00:ee
	[[ -s $1 ]]
}

told() # FILE: true when the monitor listens
{
	host link set lo mtu 65535
	host link set lo mtu 65536
	[[ -s $1 ]]
}

before_each()
{
	forget
}

start_fabric
need bridge
segments red blue web
ports red R
ports blue B
bind web m1 red 10
bind web m2 blue 20
run_subtests
