#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The short way to the driver is taken only where nobody looks at what leaves
# a port: packet sockets, tc, netfilter and queues see every frame.
#
#	red (R), pods behind it with tag 10
#	 | 10
#	web (W), a machine

. "$(dirname "$0")/lib.sh"

before_each()
{
	forget
	passes R 0a-ff@10 W=0a-ff
	passes W 0b-0a R=0b-0a@10
}

in_host()
{
	ip netns exec "$HOST" "$@"
}

subtest taps "a packet socket on the port sees what leaves, tagged as it leaves"
taps()
{
	local dev out i pids=()

	for dev in R W; do
		in_host tcpdump -Z root -qenU -i "$dev" -Q out -c 10 \
			ether proto 0x88b5 or vlan >"$TMP/$dev" 2>"$TMP/$dev.err" &
		pids+=($!)
		eventually 10 grep -q 'listening on' "$TMP/$dev.err"
	done
	for ((i = 0; i < 10; i++)); do
		frames exchange R 0a-0b@10
		frames exchange W 0b-0a
	done
	wait "${pids[@]}"
	out=$(grep -c '02:00:00:00:00:0a > 02:00:00:00:00:0b' "$TMP/W")
	check_eq "frames that left W" 10 "$out"
	out=$(grep -c '02:00:00:00:00:0b > 02:00:00:00:00:0a.*vlan 10,' "$TMP/R")
	check_eq "frames that left R with tag 10" 10 "$out"
}

subtest tc_egress "tc on the egress of the port decides"
tc_egress()
{
	check in_host tc qdisc add dev W clsact
	check in_host tc filter add dev W egress matchall action drop
	passes R 0a-0b@10
	show "{stats[drops][transmit]}" port show W
	check_eq "drops by the device" 1 "$reply"
	check in_host tc qdisc del dev W clsact
	passes R 0a-0b@10 W=0a-0b
}

subtest nft_egress "netfilter on the egress of the port decides"
nft_egress()
{
	command -v nft >/dev/null || { skip "there is no nft"; return; }
	if ! in_host nft -f - 2>"$TMP/nft" <<-END
		table netdev filter {
			chain out {
				type filter hook egress device W priority 0;
				ether saddr 02:00:00:00:00:0a drop
			}
		}
	END
	then
		skip "this kernel has no netfilter egress hook"
		return
	fi
	passes R 0a-0b@10
	check in_host nft delete table netdev filter
	passes R 0a-0b@10 W=0a-0b
}

subtest queue "a queueing discipline gets each frame"
queue()
{
	local sent i

	check in_host tc qdisc add dev W root pfifo limit 100
	for ((i = 0; i < 10; i++)); do
		passes R 0a-0b@10 W=0a-0b
	done
	sent=$(in_host tc -s -j qdisc show dev W |
		sed 's/.*"packets":\([0-9]*\).*/\1/')
	check_eq "frames through the queue" 10 "$sent"
	check in_host tc qdisc del dev W root
}

subtest hardware_tag "a device that cannot insert tags gets them in the frame"
hardware_tag()
{
	in_host ethtool -K R tx-vlan-offload off >/dev/null
	passes W 0b-0a R=0b-0a@10
	in_host ethtool -K R tx-vlan-offload on >/dev/null
	passes W 0b-0a R=0b-0a@10
}

# A veth hands the tag over beside the frame, whatever it was asked for. A
# device that cannot puts on the wire what it is given.
subtest in_band "a tunnel without room for tags beside the frame has them in it"
in_band()
{
	if ! in_host ip link add G type gretap local 198.51.100.1 \
			remote 198.51.100.2 2>"$TMP/gre"; then
		skip "this kernel has no gretap"
		return
	fi
	defer in_host ip link del G
	check in_host ip link add U type veth peer U2
	defer in_host ip link del U
	check in_host ip addr add 198.51.100.1/24 dev U
	check in_host ip neigh add 198.51.100.2 lladdr 02:00:00:00:00:99 dev U
	check in_host ip link set U up
	check in_host ip link set U2 up
	check in_host ip link set G master red up
	in_host tcpdump -Z root -qenU -i U2 -c 1 ip proto 47 \
		>"$TMP/G" 2>"$TMP/G.err" &
	eventually 10 grep -q 'listening on' "$TMP/G.err"
	passes W 0b-ff R=0b-ff@10
	wait $!
	check grep -q 'vlan 10,' "$TMP/G"
}

start_fabric
need tcpdump tc ethtool
TMP=$(mktemp -d)
defer rm -r "$TMP"
segments red web
ports red R
ports web W
bind web m1 red 10
run_subtests
