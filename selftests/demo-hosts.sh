#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The main job across two hosts: a child segment that pods of nodes on both, a
# VM and a gateway share, over Geneve. Run in both machines of
# "vm/run --hosts 2"; the picture is in hosts/child.sh. Host 1 tells the story,
# host 2 does what "on 2" says.
#
# Exit status: 0, 1 if a step failed, 4 if it cannot run here.

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/hosts/child.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/demo-lib.sh"

readonly pod1=198.51.100.11 pod2=198.51.100.12 vm=198.51.100.20
readonly gateway=198.51.100.1

disconnect()
{
	overlay_gone
}

check_environment()
{
	local program

	((UID == 0)) || cannot_run "needs root"
	[[ -n ${SEGFAB_HOST-} ]] || cannot_run "needs two hosts"
	for program in ip ping jq iperf3 segctl tc; do
		command -v "$program" >/dev/null ||
			cannot_run "there is no $program"
	done
}

build()
{
	title "On each host a parent with a node, and a child with the node's pod"
	must "host 1: [nodes] 10 -> [pods], pod $pod1" \
		on 1 node 10 pod1 "$pod1"
	must "host 2: [nodes] 20 -> [pods], pod $pod2" \
		on 2 node 20 pod2 "$pod2"
	must "host 2: a VM on the child, $vm" on 2 vm_appears
	must "host 2: the gateway of the child, $gateway" \
		on 2 ip addr add "$gateway/24" dev pods

	title "The child leaves its host: a zone, and Geneve on the wire between"
	step "before, the pods do not reach each other" unreached
	must "host 1: zone with uplink, pods is VNI 5000, host 2 is 192.0.2.2" \
		on 1 overlay 192.0.2.1 192.0.2.2 geneve external
	must "host 2: the same, host 1 is 192.0.2.1" \
		on 2 overlay 192.0.2.2 192.0.2.1 geneve external
}

unreached()
{
	! ip netns exec pod ping -qc 1 -W 1 "$pod2"
}

traffic()
{
	title "Traffic"
	step "pod on host 1 reaches pod on host 2" reach pod "$pod2"
	step "pod on host 2 reaches pod on host 1" on 2 reach pod "$pod1"
	step "pod on host 1 reaches the VM on host 2" reach pod "$vm"
	step "pod on host 1 reaches the gateway on host 2" reach pod "$gateway"
	step "frames of 1500 bytes pass whole" \
		reach pod "$vm" -s 1472 -M "do"
	on 2 ip netns exec vm iperf3 -s -1 -D
	step "a stream from the pod on host 1 to the VM" \
		busywait 10 ip netns exec pod iperf3 -c "$vm" -t 2
}

move()
{
	title "The VM moves from host 2 to host 1"
	must "it leaves host 2" on 2 vm_leaves
	must "it comes up on host 1 and says so, by one gratuitous ARP" \
		on 1 vm_appears
	step "both hosts know where it is" busywait 5 arrived 1
	step "the pod on host 2 reaches it, at host 1" on 2 reach pod "$vm"
	step "the pod on host 1 reaches it" reach pod "$vm"
}

outage()
{
	title "The wire is cut"
	step "nothing gets through" cut_off
	step "healed: the pods reach each other again" healed
}

cut_off()
{
	sever && unreached
}

healed()
{
	heal && busywait 20 reach pod "$pod2"
}

check_environment
start_hosts
defer both tear_down
build
traffic
shown on 1 segctl topology
shown on 2 segctl topology
move
shown on 1 segctl fdb show pods
shown on 2 segctl fdb show pods
outage
shown on 1 segctl -s uplink show
summary
