#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The tenant of this fabric: Kubernetes nodes whose Open vSwitch tags what its
# pods send. Each node is a namespace with an ovsdb-server and an ovs-vswitchd
# of its own; its network card (eth0) is a port of a parent.
#
#	nodes-a (n1)    nodes-b (n2)            pods     egress
#	  | 1002  | 1003  | 2002  | 2003        192.0.2  198.51.100
#	 pods   egress   pods   egress
#	  vm                                    one machine on the child pods
#
# The host is the gateway (.1) of both children.

. "$(dirname "$0")/lib.sh"
. "$NET_DIR/ovs.sh"

# node VARIABLE SEGMENT PORT: a namespace with a card and a switch.
node()
{
	local ns

	setup_ns "$1"
	ns=${!1}
	check host link add name "$3" type veth peer name eth0 netns "$ns"
	check host link set dev "$3" master "$2" up
	start_ovs "$1"
	check vsctl "$1" add-br br -- add-port br eth0
	check ip -n "$ns" link set dev eth0 up
	check ip -n "$ns" link set dev br up
}

# pod NODE NAME TAG ADDRESS GATEWAY [MAC]: a namespace behind a port of the
# node's switch. TAG 0: untagged.
pod()
{
	local ns tag=()

	setup_ns "$2"
	ns=${!2}
	(($3 == 0)) || tag=("tag=$3")
	ip -n "${!1}" -b - <<-END || fail "pod $2"
		link add name $2 type veth peer name eth0 netns $ns
		link set dev $2 up
	END
	check vsctl "$1" add-port br "$2" "${tag[@]}"
	ip -n "$ns" -b - <<-END || fail "pod $2"
		link set dev eth0 ${6:+address $6} up
		addr add $4/24 dev eth0
		route add default via $5
	END
}

pings() # NAMESPACE ADDRESS
{
	check in_ns "$1" ping -qc 2 -i 0.2 -W 10 "$2"
}

# entry SEGMENT MAC: "PORT@TAG" of an address, to reply
entry()
{
	show "{mac} {port}@{vlan}" fdb show "$1"
	[[ $'\n'$reply$'\n' =~ $'\n'$2\ ([^$'\n']*) ]] &&
		reply=${BASH_REMATCH[1]} || reply=
}

subtest reach "R1 R3 pods of two nodes, a machine and the gateway reach each other"
reach()
{
	pings "$POD1" 192.0.2.12
	pings "$POD2" 192.0.2.11
	pings "$POD1" 192.0.2.20
	pings "$VM" 192.0.2.12
	pings "$POD1" 192.0.2.1
	pings "$HOST" 192.0.2.12
	entry pods 02:00:00:00:01:11
	check_eq "pod 1" n1@1002 "$reply"
	entry pods 02:00:00:00:01:12
	check_eq "pod 2" n2@2002 "$reply"
}

subtest untagged "pods without a VLAN and the node itself stay in the parent"
untagged()
{
	check ip -n "$NODE1" addr add 203.0.113.11/24 dev br
	check ip -n "$NODE2" addr add 203.0.113.12/24 dev br
	check host addr add 203.0.113.1/24 dev nodes-a
	defer host addr del 203.0.113.1/24 dev nodes-a
	pod NODE1 POD3 0 203.0.113.13 203.0.113.1 02:00:00:00:01:13
	pings "$POD3" 203.0.113.1
	pings "$NODE1" 203.0.113.1
	entry nodes-a 02:00:00:00:01:13
	check_eq "pod without a VLAN" n1@ "$reply"
	show "{mac}" fdb show pods
	check_match "addresses of the child" "!(*02:00:00:00:01:13*)" "$reply"
	# the parents are not connected
	! in_ns "$NODE1" ping -qc 1 -W 1 203.0.113.12 >/dev/null ||
		fail "one parent reaches the other"
	check vsctl NODE1 del-port br POD3
}

subtest many "many addresses behind one tag of one card"
many()
{
	local count=$((200 / SCALE)) i addresses=()

	check ip -n "$NODE1" link add name many type veth peer name many-in
	check ip -n "$NODE1" link set dev many up
	check ip -n "$NODE1" link set dev many-in up
	check vsctl NODE1 add-port br many tag=1002
	frames open many "$NODE1" many-in
	for ((i = 0; i < count; i++)); do
		printf -v 'addresses[i]' '0600000000%02x-ff' "$i"
	done
	frames send many "${addresses[@]}"
	eventually 10 learned "$count"
	frames close many
	check vsctl NODE1 del-port br many
	check seg fdb flush pods port n1
}

learned() # COUNT: as many of them
{
	show "{mac} {port}@{vlan}" fdb show pods
	[[ $(grep -c '^06:00:00:00:00:.. n1@1002$' <<<"$reply") == "$1" ]]
}

# antrea-ext.1003 had the MAC of the node's card in older versions.
subtest egress_mac "R13 the node's own MAC in the parent and in both children"
egress_mac()
{
	local mac=02:00:00:00:01:aa tag

	check vsctl NODE1 -- add-port br ext0 -- set interface ext0 type=internal \
		-- add-port br ext2 tag=1002 -- set interface ext2 type=internal \
		-- add-port br ext3 tag=1003 -- set interface ext3 type=internal
	for tag in 0 2 3; do
		check ip -n "$NODE1" link set dev "ext$tag" address "$mac" up
	done
	check ip -n "$NODE1" addr add 203.0.113.30/24 dev ext0
	check ip -n "$NODE1" addr add 192.0.2.30/24 dev ext2
	check ip -n "$NODE1" addr add 198.51.100.30/24 dev ext3
	check host addr add 203.0.113.1/24 dev nodes-a
	defer host addr del 203.0.113.1/24 dev nodes-a
	pings "$HOST" 192.0.2.30
	pings "$HOST" 198.51.100.30
	pings "$HOST" 203.0.113.30
	entry nodes-a "$mac"
	check_eq "in the parent" n1@ "$reply"
	entry pods "$mac"
	check_eq "in one child" n1@1002 "$reply"
	entry egress "$mac"
	check_eq "in the other" n1@1003 "$reply"
	check vsctl NODE1 del-port ext0 -- del-port ext2 -- del-port ext3
}

# The egress address goes to the other node, which says so once.
subtest takeover "R13 egress moves to another node with its first frame"
takeover()
{
	local mac=02:00:00:00:01:bb i

	for i in 1 2; do
		check vsctl "NODE$i" add-port br ext "tag=${i}003" \
			-- set interface ext type=internal
	done
	check ip -n "$NODE1" link set dev ext address "$mac" up
	check ip -n "$NODE1" addr add 198.51.100.40/24 dev ext
	pings "$HOST" 198.51.100.40
	entry egress "$mac"
	check_eq "before" n1@1003 "$reply"
	check ip -n "$NODE1" addr flush dev ext
	check ip -n "$NODE2" addr add 198.51.100.40/24 dev ext
	# the announcement is sent when the device comes up
	in_ns "$NODE2" sh -c 'echo 1 >/proc/sys/net/ipv4/conf/ext/arp_notify'
	check ip -n "$NODE2" link set dev ext address "$mac" up
	eventually 5 moved egress "$mac" n2@2003
	# the host's neighbour is still valid: the next frame goes to the new one
	check in_ns "$HOST" ping -qc 1 -W 5 198.51.100.40
	for i in 1 2; do
		check vsctl "NODE$i" del-port ext
	done
}

moved() # SEGMENT MAC PLACE
{
	entry "$1" "$2"
	[[ $reply == "$3" ]]
}

# Between VLANs even on one node: out with one tag, back with the other.
subtest hairpin "R12 between two children through one card, counted once each"
hairpin()
{
	pod NODE1 POD4 1003 198.51.100.14 198.51.100.1 02:00:00:00:01:14
	in_ns "$HOST" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	pings "$POD1" 198.51.100.14
	mark
	check in_ns "$POD1" ping -qc 10 -i 0.2 -s 500 -W 10 198.51.100.14
	frames delta "$HOST"
	# ARP may come in between, a frame of 42 bytes each
	check_range "from pod to router" 10 14 "$(packets pods/a.in)"
	check_range "from router to pod" 10 14 "$(packets egress/a.out)"
	check_range "back from pod to router" 10 14 "$(packets egress/a.in)"
	check_range "back from router to pod" 10 14 "$(packets pods/a.out)"
	check_range "ingress of the card" 20 28 "$(packets n1.in)"
	check_eq "egress of the card" 0 "$(packets n1.out)"
	check vsctl NODE1 del-port br POD4
}

packets() # COUNTER in reply
{
	sed -n "s#^$1=\([0-9]*\).*#\1#p" <<<"$reply" | grep . || echo 0
}

subtest two_cards "a node with two cards on one child: no loop, no double"
two_cards()
{
	check host link add name n1b type veth peer name eth1 netns "$NODE1"
	check host link set dev n1b master nodes-a up
	check ip -n "$NODE1" link set dev eth1 up
	check vsctl NODE1 add-br br2 -- add-port br2 eth1
	check ip -n "$NODE1" link set dev br2 up
	setup_ns SECOND
	check ip -n "$NODE1" link add name second type veth peer name eth0 \
		netns "$SECOND"
	check ip -n "$NODE1" link set dev second up
	check vsctl NODE1 add-port br2 second tag=1002
	check ip -n "$SECOND" addr add 192.0.2.50/24 dev eth0
	check ip -n "$SECOND" link set dev eth0 address 02:00:00:00:01:50 up
	pings "$SECOND" 192.0.2.11
	pings "$VM" 192.0.2.50
	check_match "ping without duplicates" "!(*duplicates*)" \
		"$(in_ns "$SECOND" ping -qc 3 -i 0.2 -W 10 192.0.2.20)"
	entry pods 02:00:00:00:01:50
	check_eq "behind the second card" n1b@1002 "$reply"
	entry pods 02:00:00:00:01:11
	check_eq "behind the first card" n1@1002 "$reply"
	check vsctl NODE1 del-br br2
	check host link del n1b
}

subtest stacked "R11 antrea-ext.4060 on VLAN 4055 by accident: named as such"
stacked()
{
	check ip -n "$NODE2" link set dev eth0 up
	check vsctl NODE2 del-port br eth0
	check ip -n "$NODE2" link add link eth0 name eth0.4055 type vlan id 4055
	check ip -n "$NODE2" link set dev eth0.4055 up
	check ip -n "$NODE2" link add link eth0.4055 name ext.4060 \
		type vlan id 4060
	check ip -n "$NODE2" link set dev ext.4060 up
	frames open ext "$NODE2" ext.4060
	frames open outer "$NODE2" eth0.4055
	mark
	frames send ext 01-ffx3
	frames send outer 01-ffx2
	frames delta "$HOST"
	# others may have talked as well
	check_match "counted" "*n2.drop_double_tagged=3*n2.drop_unbound_vlan=2*" \
		"$reply"
	check_match "counted as ingress" "!(*n2.in=*)" "$reply"
	frames close ext
	frames close outer
	check ip -n "$NODE2" link del eth0.4055
	check vsctl NODE2 add-port br eth0
}

start_fabric
need ovsdb-tool ovsdb-server ovs-vswitchd ovs-vsctl ping
segments nodes-a nodes-b pods egress
bind pods a nodes-a 1002
bind pods b nodes-b 2002
bind egress a nodes-a 1003
bind egress b nodes-b 2003
check host addr add 192.0.2.1/24 dev pods
check host addr add 198.51.100.1/24 dev egress
node NODE1 nodes-a n1
node NODE2 nodes-b n2
setup_ns VM
check host link add name vm type veth peer name eth0 netns "$VM"
check host link set dev vm master pods up
check ip -n "$VM" addr add 192.0.2.20/24 dev eth0
check ip -n "$VM" link set dev eth0 up
pod NODE1 POD1 1002 192.0.2.11 192.0.2.1 02:00:00:00:01:11
pod NODE2 POD2 2002 192.0.2.12 192.0.2.1 02:00:00:00:01:12
run_subtests
