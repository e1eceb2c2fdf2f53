#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Overlay zones: segments that reach other hosts through the kernel's own vxlan
# and geneve devices. On the other host is no segfab, but what there is
# elsewhere: a Linux bridge with a vxlan or geneve device, or Open vSwitch.
#
#	red (R R2)                     parent, VNI 7001 of zone vx
#	 | 10
#	web (W)                        child, VNI 7002
#	zone: tun ==== 192.0.2.0/24, 2001:db8::/64 ==== tun: bridge (F)  PEER
#	                                                tun: bridge (F)  PEER2

. "$(dirname "$0")/lib.sh"
. "$NET_DIR/ovs.sh"

host_address()
{
	[[ $1 == 4 ]] && echo 192.0.2.1 || echo 2001:db8::1
}

peer_address() # FAMILY [NUMBER]
{
	[[ $1 == 4 ]] && echo "192.0.2.1${2-0}" || echo "2001:db8::1${2-0}"
}

# A device of the underlay, with the addresses of all others known: nobody has
# to ask, so that no frame waits for an answer.
underlay() # NAMESPACE DEVICE NUMBER
{
	ip netns exec "$1" sh -c "
		echo 0 >/proc/sys/net/ipv6/conf/$2/disable_ipv6
		echo 0 >/proc/sys/net/ipv6/conf/$2/accept_dad
		echo 0 >/proc/sys/net/ipv6/conf/$2/accept_ra
		echo 0 >/proc/sys/net/ipv6/conf/$2/router_solicitations"
	check ip -n "$1" -b - <<-END
		link set dev $2 address 02:00:00:00:fe:$3 mtu 1600 up
		address add 192.0.2.$3/24 dev $2
		address add 2001:db8::$3/64 dev $2 nodad
		neighbour replace 192.0.2.1 lladdr 02:00:00:00:fe:1 dev $2 nud permanent
		neighbour replace 192.0.2.10 lladdr 02:00:00:00:fe:10 dev $2 nud permanent
		neighbour replace 192.0.2.11 lladdr 02:00:00:00:fe:11 dev $2 nud permanent
		neighbour replace 2001:db8::1 lladdr 02:00:00:00:fe:1 dev $2 nud permanent
		neighbour replace 2001:db8::10 lladdr 02:00:00:00:fe:10 dev $2 nud permanent
		neighbour replace 2001:db8::11 lladdr 02:00:00:00:fe:11 dev $2 nud permanent
	END
}

# tunnel KIND: the uplink of the zone.
tunnel()
{
	if [[ $1 == vxlan ]]; then
		check host link add name tun type vxlan external dstport 4789 \
			nolearning
	else
		check host link add name tun type geneve external
	fi
	defer quietly host link del tun
	check host link set dev tun up
	check seg uplink add tun zone zone
	defer quietly seg uplink del tun
}

# bridge_peer NAMESPACE FAMILY KIND VNI PROBE: a Linux bridge with a tunnel to
# the host, and a machine.
bridge_peer()
{
	local options=(id "$4" remote "$(host_address "$2")")
	local local_address=192.0.2.10

	[[ $1 != "$PEER2" ]] || local_address=192.0.2.11
	if [[ $3 == vxlan ]]; then
		[[ $2 == 4 ]] || local_address=${local_address/192.0.2./2001:db8::}
		options+=(dstport 4789 local "$local_address")
		[[ $2 == 4 ]] || options+=(udp6zerocsumrx)
	else
		[[ $2 == 4 ]] || options+=(udp6zerocsumrx)
	fi
	check ip -n "$1" link add name tun type "$3" "${options[@]}"
	defer quietly ip -n "$1" link del tun
	check ip -n "$1" -b - <<-END
		link add name br type bridge mcast_snooping 0
		link add name $5 type veth peer name $5 netns $VMS
		link set dev $5 master br up
		link set dev tun master br up
		link set dev br up
	END
	defer quietly ip -n "$1" link del dev br
	check vms link set dev "$5" up
	frames open "$5" "$VMS" "$5"
	defer drop_peer "$1" "$5"
	frames got
}

drop_peer() # NAMESPACE PROBE
{
	frames close "$2"
	quietly ip -n "$1" link del dev "$2"
}

remote() # SEGMENT ADDRESS
{
	check seg remote add "$1" "$2"
	defer quietly seg remote del "$1" "$2"
}

# What has to work with whatever is on the other side, at that address.
both_ways() # ADDRESS
{
	passes R 01-ff R2=01-ff F=01-ff
	passes F f1-01 R=f1-01
	passes R 01-f1 F=01-f1
	passes F f1-ff R=f1-ff R2=f1-ff
	passes F f1-m1 R=f1-m1 R2=f1-m1
	passes R 01-99 R2=01-99 F=01-99
	show "{segment} {mac} {port} {remote} {state}" fdb show red \
		mac 02:00:00:00:00:f1
	check_lines "the table" "red 02:00:00:00:00:f1 zone $1 learned"
}

interop() # KIND FAMILY
{
	tunnel "$1"
	bridge_peer "$PEER" "$2" "$1" 7001 F
	remote red "$(peer_address "$2")"
	both_ways "$(peer_address "$2")"
}

subtest vxlan4 "bridge and vxlan on the other side, IPv4"
vxlan4() { interop vxlan 4; }

subtest vxlan6 "bridge and vxlan on the other side, IPv6"
vxlan6() { interop vxlan 6; }

subtest geneve4 "bridge and geneve on the other side, IPv4"
geneve4() { interop geneve 4; }

subtest geneve6 "bridge and geneve on the other side, IPv6"
geneve6() { interop geneve 6; }

# A flow is made by the daemon after its first frame, which goes on then.
reaches() # FROM FRAME [PORT=FRAME]...
{
	local line

	frames exchange "$1" "$2"
	for line in "${@:3}"; do
		[[ $'\n'$reply$'\n' == *$'\n'"$line"$'\n'* ]] || return
	done
}

subtest openvswitch4 "Open vSwitch and geneve on the other side, IPv4"
openvswitch4() { openvswitch 4; }

subtest openvswitch6 "Open vSwitch and geneve on the other side, IPv6"
openvswitch6() { openvswitch 6; }

openvswitch() # FAMILY
{
	local address

	if ! command -v ovs-vswitchd >/dev/null; then
		skip "there is no ovs-vswitchd"
		return
	fi
	address=$(peer_address "$1")
	tunnel geneve
	start_ovs PEER
	check vsctl PEER add-br br
	defer quietly vsctl PEER del-br br
	check vsctl PEER add-port br gnv -- set interface gnv type=geneve \
		"options:remote_ip=\"$(host_address "$1")\"" options:key=7001
	check ip -n "$PEER" link add name F type veth peer name F netns "$VMS"
	check vsctl PEER add-port br F
	check ip -n "$PEER" link set dev F up
	check ip -n "$PEER" link set dev br up
	check vms link set dev F up
	frames open F "$VMS" F
	defer drop_peer "$PEER" F
	remote red "$address"
	eventually 20 reaches R 01-ff R2=01-ff F=01-ff
	eventually 20 reaches F f1-01 R=f1-01
	eventually 20 reaches R 01-f1 F=01-f1
	eventually 20 reaches F f1-ff R=f1-ff R2=f1-ff
	show "{mac} {remote}" fdb show red mac 02:00:00:00:00:f1
	check_lines "the table" "02:00:00:00:00:f1 $address"
	mark
	passes R 01-f1 F=01-f1
	counted R.in=1/60 red.in=1/60 tun.out=1/60 zone.out=1/60
}

subtest counters "what goes through the tunnel is counted at the uplink"
counters()
{
	tunnel geneve
	bridge_peer "$PEER" 4 geneve 7001 F
	remote red 192.0.2.10
	mark
	passes R 01-ff/100 R2=01-ff/100 F=01-ff/100
	counted R.in=1/100 R.in_bc=1/100 red.in=1/100 red.in_bc=1/100 \
		R2.out=1/100 R2.out_bc=1/100 red.out=1/100 red.out_bc=1/100 \
		tun.out=1/100 tun.out_bc=1/100 zone.out=1/100 zone.out_bc=1/100
	passes F f1-01/100 R=f1-01/100
	counted tun.in=1/100 zone.in=1/100 R.out=1/100 red.out=1/100
}

subtest container "R5 container traffic through the tunnel of the child"
container()
{
	tunnel geneve
	bridge_peer "$PEER" 4 geneve 7002 F
	remote web 192.0.2.10
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff F=0a-ff
	passes F f2-0a R=f2-0a@10
	passes R 0a-f2@10 F=0a-f2
	passes F f2-ff R=f2-ff@10 R2=f2-ff@10 W=f2-ff
	# the parent, in the same zone, has no part in it
	passes R 01-ff R2=01-ff
}

subtest unknown_vni "a frame with a VNI of no segment is dropped and counted"
unknown_vni()
{
	tunnel vxlan
	bridge_peer "$PEER" 4 vxlan 7003 F
	mark
	passes F f1-ff
	counted tun.drop_no_segment=1 zone.drop_no_segment=1
	show "{passed}" uplink show tun
	check_lines "passed" 0
}

subtest horizon "R12 from a tunnel never to a tunnel"
horizon()
{
	tunnel vxlan
	bridge_peer "$PEER" 4 vxlan 7001 F
	bridge_peer "$PEER2" 4 vxlan 7001 G
	remote red 192.0.2.10
	remote red 192.0.2.11
	passes R 01-ff R2=01-ff F=01-ff G=01-ff
	passes F f1-ff R=f1-ff R2=f1-ff
	passes G a1-ff R=a1-ff R2=a1-ff
	mark
	passes F f1-a1
	counted tun.in=1/60 zone.in=1/60 tun.drop_split_horizon=1 \
		zone.drop_split_horizon=1
}

subtest moves "R13 from tunnel to tunnel, and to a port, with the first frame"
moves()
{
	tunnel vxlan
	bridge_peer "$PEER" 4 vxlan 7001 F
	bridge_peer "$PEER2" 4 vxlan 7001 G
	remote red 192.0.2.10
	remote red 192.0.2.11
	passes F 55-ff R=55-ff R2=55-ff
	passes R 01-55 F=01-55
	passes G 55-ff R=55-ff R2=55-ff
	passes R 01-55 G=01-55
	passes R2 55-ff R=55-ff F=55-ff G=55-ff
	passes R 01-55 R2=01-55
	show "{segment} {address}" remote show
	check_lines "the flood list" "red 192.0.2.10" "red 192.0.2.11"
}

subtest learned_only "an address is learned from a peer that is in no list"
learned_only()
{
	tunnel geneve
	bridge_peer "$PEER" 4 geneve 7001 F
	passes F f1-ff R=f1-ff R2=f1-ff
	passes R 01-f1 F=01-f1
	passes R 01-ff R2=01-ff
	# an address that is forgotten takes the tunnel with it
	check seg fdb flush red
	passes R 01-f1 R2=01-f1
}

subtest statics "static entries with a tunnel address"
statics()
{
	tunnel vxlan
	bridge_peer "$PEER" 4 vxlan 7001 F
	check seg fdb add red 02:00:00:00:00:f5 remote 192.0.2.10
	defer quietly seg fdb del red 02:00:00:00:00:f5
	passes R 01-f5 F=01-f5
	refused "*02:00:00:00:00:f5 is already behind zone in red*" \
		seg fdb add red 02:00:00:00:00:f5 remote 192.0.2.11
	check seg fdb replace red 02:00:00:00:00:f5 remote 192.0.2.10
	passes R 01-f5 F=01-f5
	check seg fdb replace red 02:00:00:00:00:f5 remote 2001:db8::10
	show "{mac} {remote} {state}" fdb show red state static
	check_lines "entries" "02:00:00:00:00:f5 2001:db8::10 static"
	refused "*an address behind zone needs a remote tunnel address*" \
		seg fdb add red 02:00:00:00:00:f6 port zone
	refused "*a remote tunnel address is a unicast address*" \
		seg fdb add red 02:00:00:00:00:f6 remote 239.1.1.1
	refused '*"192.0.2" is not an IP address*' \
		seg fdb add red 02:00:00:00:00:f6 remote 192.0.2
}

# What "bridge fdb" in HOST shows of an address.
neigh_of() # MAC
{
	bridge -n "$HOST" fdb show dev red | grep "^$1 "
}

subtest bridge_tool "bridge fdb: addresses behind tunnels, with dst"
bridge_tool()
{
	tunnel geneve
	bridge_peer "$PEER" 4 geneve 7001 F
	remote red 192.0.2.10
	passes F f1-ff R=f1-ff R2=f1-ff
	check_match "learned" "*dst 192.0.2.10 *via zone*self*" \
		"$(neigh_of 02:00:00:00:00:f1)"
	check bridge -n "$HOST" fdb add 02:00:00:00:00:f5 dev red \
		dst 192.0.2.10 static
	check bridge -n "$HOST" fdb add 02:00:00:00:00:f6 dev red \
		dst 2001:db8::10 via zone
	passes R 01-f5 F=01-f5
	show "{mac} {port} {remote}" fdb show red state static
	check_lines "static" "02:00:00:00:00:f5 zone 192.0.2.10" \
		"02:00:00:00:00:f6 zone 2001:db8::10"
	check_match "IPv6" "*dst 2001:db8::10 *static" \
		"$(neigh_of 02:00:00:00:00:f6)"
	refused "*is already*" bridge -n "$HOST" fdb add 02:00:00:00:00:f5 \
		dev red dst 192.0.2.11
	check bridge -n "$HOST" fdb replace 02:00:00:00:00:f5 dev red \
		dst 192.0.2.11
	refused "*is not known in red behind zone*" bridge -n "$HOST" \
		fdb del 02:00:00:00:00:f5 dev red dst 192.0.2.10
	check bridge -n "$HOST" fdb del 02:00:00:00:00:f5 dev red \
		dst 192.0.2.11
	check bridge -n "$HOST" fdb del 02:00:00:00:00:f6 dev red
	refused "*needs a remote tunnel address*" bridge -n "$HOST" \
		fdb add 02:00:00:00:00:f5 dev red via zone static
	refused "*unicast address*" bridge -n "$HOST" \
		fdb add 02:00:00:00:00:f5 dev red dst 224.0.0.1
	refused "*has no remote tunnel addresses*" bridge -n "$HOST" \
		fdb add 02:00:00:00:00:f5 dev red dst 192.0.2.10 via R
	check_eq "what is left" "" "$(neigh_of 02:00:00:00:00:f5)"
}

subtest flood_list "the flood list"
flood_list()
{
	segments local
	remote red 192.0.2.10
	remote red 2001:db8::10
	refused "*red has the remote address already*" \
		seg remote add red 192.0.2.10
	refused "*red has no such remote address*" \
		seg remote del red 192.0.2.12
	refused "*local is not in an overlay zone*" \
		seg remote add local 192.0.2.10
	refused "*a remote tunnel address is a unicast address*" \
		seg remote add red ff02::1
	refused "*a remote tunnel address is a unicast address*" \
		seg remote add red 0.0.0.0
	show "{address}" remote show red
	check_lines "addresses" 192.0.2.10 2001:db8::10
	# it stays with the segment from VNI to VNI, and not beyond the zone
	check seg segment set red vni 7011
	show "{address}" remote show red
	check_lines "addresses" 192.0.2.10 2001:db8::10
	check seg remote del red 2001:db8::10
	check seg segment set red zone none
	show "{address}" remote show red
	check_lines "addresses"
	check seg segment set red zone zone vni 7001
	show "{address}" remote show red
	check_lines "addresses"
}

subtest taken "a VNI belongs to one segment, which the refusal names"
taken()
{
	segments blue
	refused "*VNI 7001 of zone is that of red*" \
		seg segment set blue zone zone vni 7001
	refused "*is an overlay zone, with VNIs*" \
		seg segment set blue zone zone vlan 5
	refused "*is missing*" seg segment set blue zone zone
	refused "*vni*16777215*" seg segment set blue zone zone vni 16777216
	check seg segment set blue zone zone vni 16777215
	check seg segment set blue vni 0
}

subtest what_joins "only vxlan and geneve devices with external are uplinks"
what_joins()
{
	check host link add name vx5 type vxlan id 5 dstport 4790
	defer host link del vx5
	refused "*vx5 is not a vxlan or geneve device with \"external\"*" \
		seg uplink add vx5 zone zone
	check host link add name gn5 type geneve id 5 remote 192.0.2.10
	defer host link del gn5
	refused "*gn5 is not a vxlan or geneve device with \"external\"*" \
		host link set dev gn5 master zone
	refused "*is not a vxlan or geneve device*" \
		seg uplink add under zone zone
}

subtest guest "a guest VLAN travels inside of the tunnel"
guest()
{
	tunnel geneve
	bridge_peer "$PEER" 4 geneve 7001 F
	remote red 192.0.2.10
	check seg segment set red guest-vlans 10,77
	defer seg segment set red guest-vlans none
	passes R 01-ff@77 R2=01-ff@77 F=01-ff@77
	passes F f1-01@77 R=f1-01@77
	passes R 01-f1@77 F=01-f1@77
	mark
	passes F f1-ff@78
	counted tun.drop_unbound_vlan=1 zone.drop_unbound_vlan=1
	# a bound tag is the child's on the ports: no peer speaks to its pods
	passes F f1-ff@10
	counted tun.drop_unbound_vlan=1 zone.drop_unbound_vlan=1
}

subtest under_traffic "R10 another VNI and back under traffic"
under_traffic()
{
	local sent total round

	tunnel vxlan
	bridge_peer "$PEER" 4 vxlan 7001 F
	check ip -n "$PEER" link add name tun2 type vxlan id 7012 \
		remote 192.0.2.1 dstport 4789 local 192.0.2.10
	defer quietly ip -n "$PEER" link del tun2
	check ip -n "$PEER" link set dev tun2 master br up
	remote red 192.0.2.10
	frames got
	frames start R 0.0002 01-99
	for ((round = 0; round < 10; round++)); do
		check seg segment set red vni 7012
		check seg segment set red vni 7001
	done
	frames stop R
	sent=$reply
	frames got
	total=$(grep -oE '^F=01-99(x[0-9]+)?' <<<"$reply" |
		sed 's/^F=01-99//; s/^x//; s/^$/1/')
	check_eq "frames that arrived" "$sent" "$total"
}

subtest too_big "larger than the uplink: counted; routed: the sender is told"
too_big()
{
	tunnel vxlan
	bridge_peer "$PEER" 4 vxlan 7001 F
	remote red 192.0.2.10
	check host link set dev tun mtu 1450
	show "{mtu}" segment show red
	check_lines "MTU of the segment" 1450
	mark
	passes R 01-ff/1464 R2=01-ff/1464 F=01-ff/1464
	counted R.in=1/1464 R.in_bc=1/1464 red.in=1/1464 red.in_bc=1/1464 \
		R2.out=1/1464 R2.out_bc=1/1464 red.out=1/1464 red.out_bc=1/1464 \
		tun.out=1/1464 tun.out_bc=1/1464 \
		zone.out=1/1464 zone.out_bc=1/1464
	passes R 01-ff/1465 R2=01-ff/1465
	counted R.in=1/1465 R.in_bc=1/1465 red.in=1/1465 red.in_bc=1/1465 \
		R2.out=1/1465 R2.out_bc=1/1465 red.out=1/1465 red.out_bc=1/1465 \
		tun.drop_too_big=1 zone.drop_too_big=1
}

subtest underlay_mtu "the underlay's MTU: a warning, and what the doctor says"
underlay_mtu()
{
	local out address

	tunnel geneve
	check host link set dev tun mtu 1550
	check seg segment add green mtu 1500 zone zone vni 7008 up
	defer quietly host link del green
	for address in 192.0.2.10 2001:db8::10; do
		out=$(segctl -n "$HOST" remote add green "$address" 2>&1)
		check_eq "remote add $address, 1600" "" "$out"
		check seg remote del green "$address"
	done
	check host link set dev under mtu 1549
	defer host link set dev under mtu 1600
	out=$(segctl -n "$HOST" remote add green 192.0.2.10 2>&1)
	defer quietly seg remote del green 192.0.2.10
	check_match "remote add" \
		"Warning: green needs mtu 1550, the way to 192.0.2.10 has 1549." \
		"$out"
	out=$(segctl -n "$HOST" remote add green 2001:db8::10 2>&1)
	check_match "remote add" \
		"Warning: green needs mtu 1570, the way to 2001:db8::10 has 1549." \
		"$out"
	check seg remote del green 2001:db8::10
	out=$(segctl -n "$HOST" segment set green vni 7009 2>&1)
	check_match "segment set" "Warning: green needs mtu 1550, *" "$out"
	check seg segment set green vni 7008
	out=$(segctl -n "$HOST" doctor 2>&1)
	check_match "doctor" \
		"*tunnel tun has MTU 1550 and needs 50 more, under has MTU 1549*" \
		"$out"
	check host link set dev tun mtu 1499
	out=$(segctl -n "$HOST" doctor 2>&1)
	check_match "doctor" "!(*tunnel tun has MTU*)" "$out"
	refused "*mtu 1500 of green is more than the 1499 of uplink tun*" \
		seg segment set green vni 7009
	out=$(segctl -n "$HOST" doctor 2>&1)
	check_match "doctor" \
		"*segment green has MTU 1500, uplink tun of its zone has MTU 1499*" \
		"$out"
}

subtest routed "a router on the segment tells its neighbours the MTU"
routed()
{
	local out

	tunnel vxlan
	bridge_peer "$PEER" 4 vxlan 7001 F
	remote red 192.0.2.10
	check host link set dev tun mtu 1450
	# a machine beyond the host's router, and one behind the tunnel
	setup_ns FAR
	check host link add name far type veth peer name eth0 netns "$FAR"
	defer quietly host link del far
	check host address add 198.51.100.1/24 dev far
	check host link set dev far up
	check host address add 203.0.113.1/24 dev red
	defer host address del 203.0.113.1/24 dev red
	check ip -n "$FAR" address add 198.51.100.2/24 dev eth0
	check ip -n "$FAR" link set dev eth0 up
	check ip -n "$FAR" route add default via 198.51.100.1
	check ip -n "$PEER" address add 203.0.113.2/24 dev br
	check ip -n "$PEER" route add 198.51.100.0/24 via 203.0.113.1
	check ip netns exec "$HOST" sysctl -qw net.ipv4.ip_forward=1
	check ip netns exec "$FAR" ping -c1 -W5 203.0.113.2
	# 1472 bytes of data make 1500 of IP: too big for 1450
	out=$(ip netns exec "$FAR" ping -c1 -W5 -M "do" -s 1472 203.0.113.2 2>&1)
	check_match "ping" "*rag needed*mtu = 1450*" "$out"
	check ip netns exec "$FAR" ping -c1 -W5 -M "do" -s 1422 203.0.113.2
	routed6
	check ip netns exec "$FAR" ping -c1 -W5 2001:db8:113::2
	# 1452 bytes of data make 1500 of IPv6
	out=$(ip netns exec "$FAR" ping -c1 -W5 -M "do" -s 1452 \
		2001:db8:113::2 2>&1)
	check_match "ping" "*acket too big: mtu=1450*" "$out"
	check ip netns exec "$FAR" ping -c1 -W5 -M "do" -s 1402 2001:db8:113::2
}

# The same addresses of IPv6 on all of them.
routed6()
{
	local ns dev address

	while read -r ns dev address; do
		ip netns exec "$ns" sh -c "
			echo 0 >/proc/sys/net/ipv6/conf/$dev/disable_ipv6"
		check ip -n "$ns" address add "$address/64" dev "$dev" nodad
	done <<-END
		$HOST far 2001:db8:198::1
		$FAR eth0 2001:db8:198::2
		$HOST red 2001:db8:113::1
		$PEER br 2001:db8:113::2
	END
	defer host address del 2001:db8:113::1/64 dev red
	check ip -n "$FAR" -6 route add default via 2001:db8:198::1
	check ip -n "$PEER" -6 route add 2001:db8:198::/64 via 2001:db8:113::1
	check ip netns exec "$HOST" sysctl -qw net.ipv6.conf.all.forwarding=1
}

subtest going "uplinks, remotes and zones that go under traffic"
going()
{
	local round

	tunnel vxlan
	bridge_peer "$PEER" 4 vxlan 7001 F
	frames start R 0.0002 01-ff 01-f1 0a-ff@10
	frames start F 0.0002 f1-ff f2-01
	for ((round = 0; round < 5; round++)); do
		check seg remote add red 192.0.2.10
		check seg uplink del tun
		check seg uplink add tun zone zone
		check seg remote del red 192.0.2.10
	done
	check host link del zone
	check seg zone add zone mode overlay
	check seg segment set red zone zone vni 7001
	check seg segment set web zone zone vni 7002
	frames stop R
	frames stop F
	frames got
}

before_each()
{
	forget
}

start_fabric
setup_ns PEER PEER2
segments red web
ports red R R2
ports web W
bind web m1 red 10
zones overlay zone
check seg segment set red zone zone vni 7001
check seg segment set web zone zone vni 7002
# the underlay is a bridge between the three
setup_ns WIRE
check ip -n "$WIRE" link add name sw type bridge mcast_snooping 0
check ip -n "$WIRE" link set dev sw mtu 1600 up
for word in "$HOST under 1" "$PEER eth0 10" "$PEER2 eth0 11"; do
	read -r ns dev number <<<"$word"
	check ip -n "$ns" link add name "$dev" type veth \
		peer name "p$number" netns "$WIRE"
	check ip -n "$WIRE" link set dev "p$number" master sw mtu 1600 up
	underlay "$ns" "$dev" "$number"
done
run_subtests
