#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Super-frames, checksums and VLAN tags that hardware would handle pass
# through as they are; where they cannot, what arrives is right all the same.
#
#	red (R), a pod behind it with tag 10    web (W), a machine
#	 | 10
#	web

. "$(dirname "$0")/lib.sh"

readonly bytes=$((8000000 / SCALE))

rx() # NAMESPACE DEVICE COUNTER
{
	ip netns exec "$1" cat "/sys/class/net/$2/statistics/$3"
}

bad_checksums()
{
	local ns

	for ns in "$POD" "$VM"; do
		ip netns exec "$ns" sed -n '/^Tcp:/{s/.* //p}
			/^Udp:/{s/.* \([0-9]*\) [0-9]* [0-9]*$/\1/p}' \
			/proc/net/snmp
	done | grep -v '[a-zA-Z]' | sort -u
}

# stream FROM TO ADDRESS: so many bytes over TCP, compared at the far end
stream()
{
	frames stream "$1" "$2" "$3" "$bytes"
	check_eq "bytes that arrived" "$bytes" "$reply"
}

# average NAMESPACE DEVICE COMMAND...: bytes of a frame that arrives meanwhile
average()
{
	local packets total

	packets=$(rx "$1" "$2" rx_packets)
	total=$(rx "$1" "$2" rx_bytes)
	"${@:3}"
	packets=$(($(rx "$1" "$2" rx_packets) - packets))
	total=$(($(rx "$1" "$2" rx_bytes) - total))
	average=$((total / packets))
	echo "# $packets frames, $average bytes on average"
}

subtest to_vm "a stream from a pod reaches the machine in super-frames"
to_vm()
{
	average "$VM" eth0 stream "$POD" "$VM" 192.0.2.20
	check_range "bytes of a frame" 4000 70000 "$average"
	show "{stats[ingress_packets]} {stats[ingress_bytes]}" binding show
	check_range "bytes of a frame at the binding map" 4000 70000 \
		$((${reply#* } / ${reply% *}))
}

subtest to_pod "and one from the machine the pod"
to_pod()
{
	average "$POD" eth0 stream "$VM" "$POD" 192.0.2.10
	check_range "bytes of a frame" 4000 70000 "$average"
}

subtest from_host "and one from the host's own interface both"
from_host()
{
	average "$VM" eth0 stream "$HOST" "$VM" 192.0.2.20
	check_range "bytes of a frame" 4000 70000 "$average"
	average "$POD" eth0 stream "$HOST" "$POD" 192.0.2.10
	check_range "bytes of a frame" 4000 70000 "$average"
}

# features STATE FEATURE...: of both ends of both ports and of the segments
features()
{
	local state=$1 words=()

	shift
	while (($#)); do
		words+=("$1" "$state")
		shift
	done
	ip netns exec "$HOST" ethtool -K R "${words[@]}"
	ip netns exec "$HOST" ethtool -K W "${words[@]}"
	ip netns exec "$VMS" ethtool -K R "${words[@]}"
	ip netns exec "$VM" ethtool -K eth0 "${words[@]}"
} >/dev/null 2>&1

subtest no_vlan_offload "without VLAN offload tags are put into the frame"
no_vlan_offload()
{
	features off tx-vlan-offload rx-vlan-offload
	passes R 0a-ff@10p3 W=0a-ff@0p3
	passes W 0b-ff R=0b-ff@10
	stream "$POD" "$VM" 192.0.2.20
	stream "$VM" "$POD" 192.0.2.10
	features on tx-vlan-offload rx-vlan-offload
}

subtest no_checksums "without checksum offload what arrives is right"
no_checksums()
{
	features off tx-checksumming rx-checksumming
	stream "$POD" "$VM" 192.0.2.20
	stream "$VM" "$POD" 192.0.2.10
	# on one side only: the other one has to finish what it gets
	features on tx-checksumming rx-checksumming
	ip netns exec "$HOST" ethtool -K W tx off >/dev/null
	stream "$POD" "$VM" 192.0.2.20
	ip netns exec "$HOST" ethtool -K W tx on >/dev/null
}

subtest no_gso "without segmentation offload frames are as small as the MTU"
no_gso()
{
	features off tso gso gro
	average "$VM" eth0 stream "$POD" "$VM" 192.0.2.20
	check_range "bytes of a frame" 500 1514 "$average"
	features on tso gso
	# the port cannot, the pod does: cut on the way
	ip netns exec "$HOST" ethtool -K W tso off gso off >/dev/null
	average "$VM" eth0 stream "$POD" "$VM" 192.0.2.20
	check_range "bytes of a frame" 500 1514 "$average"
	ip netns exec "$HOST" ethtool -K W tso on gso on >/dev/null
}

subtest gro "frames that GRO put together stay so through the segment"
gro()
{
	# the pod's machine sends small ones, the host's end of its port collects
	ip netns exec "$VMS" ethtool -K R tso off gso off >/dev/null
	ip netns exec "$HOST" ethtool -K R gro on >/dev/null
	stream "$POD" "$VM" 192.0.2.20
	ip netns exec "$HOST" ethtool -K R gro off >/dev/null
	ip netns exec "$VMS" ethtool -K R tso on gso on >/dev/null
}

subtest one_frame "a super-frame counts as one frame, and passes the MTU"
one_frame()
{
	check vms link set R mtu 9000
	check host link set R mtu 9000
	stream "$POD" "$VM" 192.0.2.20
	show "{stats[drops][too_big]}" port show W
	check_eq "too big" 0 "$reply"
	check vms link set R mtu 1500
	check host link set R mtu 1500
}

subtest checksums "no checksum was ever wrong"
checksums()
{
	check_eq "bad checksums" 0 "$(bad_checksums)"
}

start_fabric
need ethtool
segments red web
ports red R
ports web W
bind web m1 red 10
check host addr add 192.0.2.1/24 dev web
setup_ns POD VM
check vms link add link R name eth0 netns "$POD" type vlan id 10
check ip -n "$POD" addr add 192.0.2.10/24 dev eth0
check ip -n "$POD" link set dev eth0 up
# the machine's end of W is seen by frames.py and by the machine
check vms link set W netns "$VM" name eth0
check ip -n "$VM" addr add 192.0.2.20/24 dev eth0
check ip -n "$VM" link set dev eth0 up
frames close W
frames open W "$VM" eth0
run_subtests
