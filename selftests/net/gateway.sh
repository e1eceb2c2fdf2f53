#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Gateways: segments connected to VRFs (tier-1), VRFs to a router of the
# outside (tier-0); IPv4 and IPv6, with NAT and without.
#
#	red (R: the node)      app (APP)        OUT  203.0.113.9
#	 | 10                                    |
#	web, POD behind R                      TIER0
#	                                        |    |
#	red, web and app in a VRF ------------ up1  up2
#
#	        red              web               app
#	VRF     one or two       one               one
#	IPv4    192.0.2.0/26     192.0.2.64/26     192.0.2.128/26
#	IPv6    2001:db8:1::/64  2001:db8:2::/64   2001:db8:3::/64
#
# The host has the first address of each, the machine the second.

. "$(dirname "$0")/lib.sh"

declare -A four=([any]=default [red]=192.0.2.0/26 [web]=192.0.2.64/26 [app]=192.0.2.128/26
		 [up1]=198.51.100.0/30 [up2]=198.51.100.4/30
		 [out]=203.0.113.0/24)
declare -A six=([any]=default [red]=2001:db8:1::/64 [web]=2001:db8:2::/64
		[app]=2001:db8:3::/64 [up1]=2001:db8:a1::/64
		[up2]=2001:db8:a2::/64 [out]=2001:db8:ff::/64)

four_of() # NETWORK NUMBER: the address of that number
{
	local net=${four[$1]%/*}

	echo "${net%.*}.$((${net##*.} + $2))"
}

six_of() # NETWORK NUMBER
{
	echo "${six[$1]%/*}$2"
}

in_ns() # NAMESPACE COMMAND...
{
	ip netns exec "$@"
}

# address NAMESPACE DEVICE NETWORK NUMBER: up, with the addresses of that number
address()
{
	check in_ns "$1" sysctl -qw "net/ipv6/conf/$2/disable_ipv6=0"
	check ip -n "$1" -b - <<-END
		link set dev $2 up
		addr add $(four_of "$3" "$4")/${four[$3]#*/} dev $2
		addr add $(six_of "$3" "$4")/64 dev $2 nodad
	END
}

# route NAMESPACE NETWORK NUMBER [TO [TABLE]]: through the router of that
# number, to a network or to everywhere
route()
{
	check ip -n "$1" -b - <<-END
		route replace ${four[${4:-any}]} via $(four_of "$2" "$3") \
			table ${5:-main}
		route replace ${six[${4:-any}]} via $(six_of "$2" "$3") \
			table ${5:-main}
	END
}

# reach NAMESPACE NETWORK NUMBER
reach()
{
	check in_ns "$1" ping -qc 1 -W 10 "$(four_of "$2" "$3")"
	check in_ns "$1" ping -qc 1 -W 10 "$(six_of "$2" "$3")"
}

no_way() # NAMESPACE NETWORK NUMBER
{
	! in_ns "$1" ping -qc 1 -W 1 "$(four_of "$2" "$3")" >/dev/null 2>&1 ||
		fail "$(four_of "$2" "$3") is reached"
	! in_ns "$1" ping -qc 1 -W 1 "$(six_of "$2" "$3")" >/dev/null 2>&1 ||
		fail "$(six_of "$2" "$3") is reached"
}

# tier1 SEGMENT VRF: the VRF becomes the segment's gateway.
tier1()
{
	check host addr flush dev "$1"
	check host link set dev "$1" master "$2"
	address "$HOST" "$1" "$1" 1
}

# out_sees WHAT ADDRESS...: these and no others pinged OUT since the last time.
out_sees()
{
	local list

	list=$(in_ns "$OUT" nft list table inet seen)
	check in_ns "$OUT" nft -f - <<-END
		flush set inet seen four
		flush set inet seen six
	END
	reply=$(grep -oE 'elements = \{[^}]*' <<<"$list" |
		sed 's/.*{ *//; s/,/\n/g' | tr -d ' ')
	check_lines "$1: addresses that OUT saw" "${@:2}"
}

same_vrf()
{
	tier1 red one
	route "$TIER0" up1 1 red
}

own_vrf()
{
	tier1 red two
	route "$TIER0" up2 1 red
}

subtest to_segment "a pod reaches another segment through the child's gateway"
to_segment()
{
	same_vrf
	reach "$POD" web 1
	reach "$POD" app 2
	reach "$APP" web 2
	check_match "the pod's router" "*lladdr $(cat_mac web) *" \
		"$(ip -n "$POD" neigh show "$(four_of web 1)")"
	check_match "path" "*$(four_of web 1)*$(four_of app 2)*" \
		"$(in_ns "$POD" ping -nc 1 -R -W 10 "$(four_of app 2)")"
}

cat_mac() # DEVICE in HOST
{
	in_ns "$HOST" cat "/sys/class/net/$1/address"
}

subtest outside "a pod reaches the outside, and the outside the pod"
outside()
{
	same_vrf
	reach "$POD" out 9
	out_sees "without NAT" "$(four_of web 2)" "$(six_of web 2)"
	reach "$OUT" web 2
	check frames stream "$POD" "$OUT" "$(four_of out 9)" 1000000
	check_eq "bytes of a stream to OUT" 1000000 "$reply"
	check frames stream "$OUT" "$POD" "$(four_of web 2)" 1000000
	check_eq "bytes of a stream to the pod" 1000000 "$reply"
}

subtest nat "NAT on the way out: the outside sees the uplink's address"
nat()
{
	same_vrf
	masquerade
	reach "$POD" out 9
	out_sees "with NAT" "$(four_of up1 1)" "$(six_of up1 1)"
	check frames stream "$POD" "$OUT" "$(four_of out 9)" 1000000
	check_eq "bytes of a stream" 1000000 "$reply"
	# what stays inside keeps its address
	reach "$POD" app 2
	reach "$APP" web 2
}

masquerade()
{
	check in_ns "$HOST" nft -f - <<-END
		table inet nat {
			chain out {
				type nat hook postrouting priority srcnat
				oifname { up1, up2 } masquerade
			}
		}
	END
	defer in_ns "$HOST" nft delete table inet nat
}

subtest routed_between "one VRF: parent and child meet in the router, nowhere else"
routed_between()
{
	same_vrf
	reach "$POD" red 2
	reach "$VMS" web 2
	reach "$VMS" out 9
	out_sees "the node" "$(four_of red 2)" "$(six_of red 2)"
	check_match "neighbours on red" "!(*$(four_of web 2) *)" \
		"$(host neigh show dev red)"
}

subtest apart "R7 two VRFs: parent and child meet in tier-0, nowhere else"
apart()
{
	own_vrf
	reach "$POD" red 2
	reach "$VMS" web 2
	check_match "path" "*$(four_of up2 2)*$(four_of red 2)*" \
		"$(in_ns "$POD" ping -nc 1 -R -W 10 "$(four_of red 2)")"
	check host link set dev up2 down
	defer restore_uplink
	no_way "$POD" red 2
	no_way "$VMS" web 2
	no_way "$VMS" out 9
	reach "$POD" app 2
	reach "$POD" out 9
}

# A device that goes down loses its IPv6 addresses and its routes.
restore_uplink()
{
	tier1 up2 two
	route "$HOST" up2 2 any 102
}

subtest nat_apart "R7 two VRFs: each is translated to its own uplink's address"
nat_apart()
{
	own_vrf
	masquerade
	reach "$POD" out 9
	out_sees "the pod" "$(four_of up1 1)" "$(six_of up1 1)"
	reach "$VMS" out 9
	out_sees "the node" "$(four_of up2 1)" "$(six_of up2 1)"
}

# Everything that a pod does, with what is left of the parent's gateway. The
# host sends nothing into the parent, and asks for no neighbour there.
without_parents_gateway()
{
	local before

	before=$(sent red)
	check ip -n "$POD" neigh flush all
	reach "$POD" web 1
	reach "$POD" app 2
	reach "$POD" out 9
	reach "$OUT" web 2
	check_eq "frames of the host in the parent" "$before" "$(sent red)"
	check_eq "neighbours of the parent" "" "$(host neigh show dev red)"
}

sent() # DEVICE: so many frames by the host itself
{
	in_ns "$HOST" cat "/sys/class/net/$1/statistics/tx_packets"
}

subtest parent_down "R7 the parent's gateway is down: the child's does not notice"
parent_down()
{
	local vrf

	for vrf in same_vrf own_vrf; do
		$vrf
		check host link set dev red down
		without_parents_gateway
	done
}

subtest parent_without "R7 the parent has no gateway, nor does its VRF work"
parent_without()
{
	# before_each has left no more of it than the device
	without_parents_gateway
	own_vrf
	check host link set dev two down
	defer host link set dev two up
	check host addr flush dev red
	check host link set dev red down
	without_parents_gateway
}

subtest child_without "R7 the child's gateway is gone: the parent's does not help"
child_without()
{
	same_vrf
	check host addr flush dev web
	defer address "$HOST" web web 1
	no_way "$POD" app 2
	no_way "$POD" out 9
	reach "$VMS" app 2
	reach "$VMS" out 9
}

# red in no VRF, with no address.
before_each()
{
	check host link set dev red nomaster up
	check host addr flush dev red
	check in_ns "$HOST" sysctl -qw net/ipv6/conf/red/disable_ipv6=1
	check host neigh flush dev red
	in_ns "$OUT" nft -f - <<-END
		flush set inet seen four
		flush set inet seen six
	END
}

# A machine at the port of a segment.
machine() # VARIABLE SEGMENT
{
	setup_ns "$1"
	check host link add name "$2.0" type veth peer name eth0 netns "${!1}"
	check host link set dev "$2.0" master "$2" up
	address "${!1}" eth0 "$2" 2
	route "${!1}" "$2" 1
}

pod()
{
	setup_ns POD
	check vms link add link R name eth0 netns "$POD" type vlan id 10
	address "$POD" eth0 web 2
	route "$POD" web 1
}

# Two uplinks, one for each VRF, to the router that knows the outside.
tier0()
{
	local up

	setup_ns TIER0 OUT
	check ip -n "$TIER0" link add name out type veth peer name eth0 \
		netns "$OUT"
	address "$TIER0" out out 1
	address "$OUT" eth0 out 9
	route "$OUT" out 1
	for up in up1 up2; do
		check host link add name "$up" type veth peer name "$up" \
			netns "$TIER0"
		address "$TIER0" "$up" "$up" 2
	done
	route "$TIER0" up1 1 web
	route "$TIER0" up1 1 app
	check in_ns "$TIER0" sysctl -qw net/ipv4/ip_forward=1 \
		net/ipv6/conf/all/forwarding=1
	check in_ns "$OUT" nft -f - <<-END
		table inet seen {
			set four { type ipv4_addr; flags dynamic; }
			set six { type ipv6_addr; flags dynamic; }
			chain in {
				type filter hook input priority filter
				icmp type echo-request add @four { ip saddr }
				icmpv6 type echo-request add @six { ip6 saddr }
			}
		}
	END
}

vrf() # NAME TABLE UPLINK
{
	host link add "$1" type vrf table "$2" 2>/dev/null ||
		skip_all "the kernel has no VRF"
	check host link set dev "$1" up
	tier1 "$3" "$1"
	route "$HOST" "$3" 2 any "$2"
}

((UID == 0)) || skip_all "needs root"
need nft ping
start_fabric
segments red web app
ports red R
bind web m1 red 10
tier0
vrf one 101 up1
vrf two 102 up2
tier1 web one
tier1 app one
check in_ns "$HOST" sysctl -qw net/ipv4/ip_forward=1 \
	net/ipv6/conf/all/forwarding=1
address "$VMS" R red 2
route "$VMS" red 1
pod
machine APP app
run_subtests
