# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
#
# Frames of a node that is behind a veth, as of a namespace, where they begin as
# skbs: what a program in the driver (XDP) saves then, and what it costs. From
# the veth they go to bench1, which takes frames without an skb as they are.
# Sourced by measure.sh.

# The node sends by node, its port is port0. They drop what they are to send
# until the kernel's link watch has seen their carrier.
add_node()
{
	ip link add port0 type veth peer name node
	up port0 node
	until [ "$(cat /sys/class/net/node/operstate)" = up ] &&
	      [ "$(cat /sys/class/net/port0/operstate)" = up ]; do
		sleep 0.1
	done
}

# Container to VM. A super-frame may arrive in so many pieces.
from_node() # PATH PIECES
{
	local total copies=$2 spec

	spec="out=$(cat /sys/class/net/node/ifindex) smac=$pod dmac=$vm"
	spec+=" vlan=100 expect=0"
	send "$spec" count=500 >/dev/null
	total=$(send "$spec" count="$count")
	copies=1
	print_result veth "$1" forward "$total" "${bases[forward]}"
}

# The tag is where a program finds it, in the frame and not beside it.
tag_in_frame()
{
	ethtool -K node txvlan off >/dev/null
}

veth_segment() # PATH
{
	add_node
	segctl segment add parent up
	segctl segment add child up
	ip link set port0 master parent
	ip link set bench1 master child
	segctl binding add child b1 parent parent vlan 100
	teach "dev=1 smac=$vm dmac=$pod"
	"${2:-true}"
	from_node "$1" 1
	ip link del child
	ip link del parent
	ip link del port0
}

path_veth_segment()
{
	veth_segment segfab
}

path_veth_tagged()
{
	veth_segment "segfab, tag in the frame" tag_in_frame
}

path_veth_bridge()
{
	add_node
	add_bridge br0 vlan_filtering 1
	ip link set port0 master br0
	ip link set bench1 master br0
	bridge vlan add dev port0 vid 100
	bridge vlan add dev bench1 vid 100 pvid untagged
	teach "dev=1 smac=$vm dmac=$pod"
	from_node "bridge vlan_filtering" 1
	ip link del br0
	ip link del port0
}

# A veth with a program takes no super-frames: the sender cuts them. Nor does
# what comes out of it say that a checksum is missing: the sender makes it.
veth_xdp() # PATH KIND
{
	local pieces=1

	load_bpf "$1" || return 0
	add_node
	tag_in_frame
	ethtool -K node tx off >/dev/null
	ip link set port0 "$2" pinned /sys/fs/bpf/bench/xdp_switch
	[ "$frame" != super ] || pieces=45
	from_node "$1" $pieces
	ip link del port0
	rm -r /sys/fs/bpf/bench
}

path_veth_xdp()
{
	veth_xdp "native XDP: map lookup" xdpdrv
}

path_veth_generic()
{
	veth_xdp "generic XDP: map lookup" xdpgeneric
}

# The same, but a program behind the skb.
path_veth_tc()
{
	load_bpf "tc eBPF: map lookup" || return 0
	add_node
	tc qdisc add dev port0 clsact
	tc filter add dev port0 ingress bpf direct-action \
		object-pinned /sys/fs/bpf/bench/tc_switch
	from_node "tc eBPF: map lookup" 1
	ip link del port0
	rm -r /sys/fs/bpf/bench
}
