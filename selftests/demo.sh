#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The main job from end to end: pods behind Open vSwitch on two node machines,
# one VM and the host, together in one child segment of two parents.
#
#	demo.sh [--keep]
#
#	node-a            node-b            vm
#	pod-a1  pod-a2    pod-b1             |
#	   | VLAN 1002       | VLAN 2002     |
#	Open vSwitch      Open vSwitch       |
#	   |                 |               |
#	 vnet-a            vnet-b         vnet-vm
#	[nodes-a] 1002 -> [pods] <- 2002 [nodes-b]     [pods] holds vnet-vm
#
# The machines are network namespaces, their network cards veth pairs; the
# switches are real, a daemon of its own for each node. Needs root, the module,
# segctl, Open vSwitch, iperf3, ping and jq. All that it makes is removed in the
# end, unless --keep says otherwise.
#
# Exit status: 0, 1 if a step failed, 2 for wrong use, 4 if it cannot run here.

set -u
export LC_ALL=C

# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/demo-lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname -- "$0")/uptime.sh"

readonly gateway=198.51.100.1 vm_address=198.51.100.50
readonly run_dir=${TMPDIR:-/tmp}/segfab-demo
readonly namespaces="node-a node-b pod-a1 pod-a2 pod-b1 vm"
readonly segments="nodes-a nodes-b pods"
declare -A pod_address=(
	[pod-a1]=198.51.100.11 [pod-a2]=198.51.100.12 [pod-b1]=198.51.100.21
)
keep=

# --- building ----------------------------------------------------------------

# into NAMESPACE COMMAND...: run it there.
into()
{
	ip netns exec "$@"
}

# A machine that says nothing unasked, so that frames can be counted.
make_machine() # NAMESPACE
{
	ip netns add "$1" &&
	into "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1 &&
	ip -n "$1" link set lo up
}

# A network card of a machine, and the device that the host has for it: a port,
# on which the host itself has nothing to say.
make_nic() # HOST-DEVICE NAMESPACE
{
	ip link add "$1" type veth peer name eth0 netns "$2" &&
	sysctl -qw "net.ipv6.conf.$1.disable_ipv6=1" &&
	ip link set "$1" up &&
	ip -n "$2" link set eth0 up
}

make_segments()
{
	local name

	for name in $segments; do
		ip link add "$name" type segment &&
		sysctl -qw "net.ipv6.conf.$name.disable_ipv6=1" &&
		ip link set "$name" up || return
	done
}

make_nodes()
{
	make_machine node-a && make_nic vnet-a node-a &&
	ip link set vnet-a master nodes-a &&
	ip addr add 192.0.2.1/25 dev nodes-a &&
	make_machine node-b && make_nic vnet-b node-b &&
	ip link set vnet-b master nodes-b &&
	ip addr add 192.0.2.129/25 dev nodes-b
}

make_vm()
{
	make_machine vm && make_nic vnet-vm vm &&
	ip -n vm addr add "$vm_address/24" dev eth0 &&
	ip link set vnet-vm master pods &&
	ip addr add "$gateway/24" dev pods
}

bind_segments()
{
	segctl binding add pods to-a parent nodes-a vlan 1002 &&
	segctl binding add pods to-b parent nodes-b vlan 2002
}

# switch NODE COMMAND...: ovs-vsctl of a node.
switch()
{
	ovs-vsctl --db="unix:$run_dir/$1/db.sock" --timeout=30 "${@:2}"
}

# The node's own Open vSwitch. The node itself has an address on it, in VLAN 0,
# which is to be untagged; its card takes whatever there is.
start_switch() # NODE ADDRESS
{
	local dir=$run_dir/$1

	wait_for_uptime
	mkdir -p "$dir" &&
	ovsdb-tool create "$dir/conf.db" \
		/usr/share/openvswitch/vswitch.ovsschema &&
	into "$1" ovsdb-server --detach --no-chdir --verbose=off \
		--pidfile="$dir/ovsdb-server.pid" \
		--unixctl="$dir/ovsdb-server.ctl" \
		--remote="punix:$dir/db.sock" "$dir/conf.db" &&
	switch "$1" --no-wait init &&
	OVS_RUNDIR=$dir into "$1" ovs-vswitchd --detach --no-chdir \
		--verbose=off --pidfile="$dir/ovs-vswitchd.pid" \
		--unixctl="$dir/ovs-vswitchd.ctl" "unix:$dir/db.sock" &&
	switch "$1" add-br br0 -- set bridge br0 datapath_type=system -- \
		set port br0 tag=0 -- add-port br0 eth0 &&
	ip -n "$1" addr add "$2" dev br0 &&
	ip -n "$1" link set br0 up
}

# A pod: an access port of its node's switch.
start_pod() # POD NODE VLAN
{
	make_machine "$1" &&
	ip -n "$2" link add "$1" type veth peer name eth0 netns "$1" &&
	ip -n "$2" link set "$1" up &&
	ip -n "$1" addr add "${pod_address[$1]}/24" dev eth0 &&
	ip -n "$1" link set eth0 up &&
	ip -n "$1" route add default via "$gateway" &&
	switch "$2" add-port br0 "$1" tag="$3"
}

start_pods()
{
	start_pod pod-a1 node-a 1002 && start_pod pod-a2 node-a 1002 &&
	start_pod pod-b1 node-b 2002
}

# --- traffic -----------------------------------------------------------------

reach() # NAMESPACE ADDRESS
{
	into "$1" ping -q -c 3 -i 0.2 -W 2 "$2"
}

ping_all()
{
	step "pod-a1 (node-a, 1002) reaches pod-b1 (node-b, 2002)" \
		reach pod-a1 "${pod_address[pod-b1]}"
	step "pod-b1 (node-b, 2002) reaches pod-a2 (node-a, 1002)" \
		reach pod-b1 "${pod_address[pod-a2]}"
	step "pod-a1 reaches the VM on the child" reach pod-a1 "$vm_address"
	step "pod-b1 reaches the VM on the child" reach pod-b1 "$vm_address"
	step "pod-a2 reaches the gateway, an address of the host" \
		reach pod-a2 "$gateway"
	step "the VM reaches the gateway" reach vm "$gateway"
	step "node-a reaches its own gateway, untagged, in nodes-a" \
		reach node-a 192.0.2.1
}

# A pod whose tag nobody has bound must reach nobody.
unbound_tag()
{
	switch node-a set port pod-a2 tag=1003 || return
	! into pod-a2 ping -q -c 2 -i 0.2 -W 1 "$gateway"
}

bound_tag()
{
	switch node-a set port pod-a2 tag=1002 && reach pod-a2 "$gateway"
}

iperf()
{
	into vm iperf3 --server --one-off --daemon \
		--pidfile "$run_dir/iperf3.pid" &&
	into pod-a1 iperf3 --client "$vm_address" --time 3 --json \
		>"$run_dir/iperf3.json"
}

# --- counters ----------------------------------------------------------------

# card MACHINE DEVICE rx|tx: frames that the machine's own device has counted.
card()
{
	ip -n "$1" -j -s link show dev "$2" | jq ".[0].stats64.$3.packets"
}

# counter OBJECT... FILTER: a counter of segfab.
counter()
{
	segctl -j -s "${@:1:$#-1}" | jq ".[0].${*: -1}"
}

declare -A n	# every number that the rules below speak of, from both sides

read_numbers()
{
	n=(
	[parent_in]=$(counter segment show nodes-a stats.ingress_packets)
	[parent_out]=$(counter segment show nodes-a stats.egress_packets)
	[child_in]=$(counter segment show pods stats.ingress_packets)
	[child_out]=$(counter segment show pods stats.egress_packets)
	[binding_in]=$(counter binding show pods to-a stats.ingress_packets)
	[binding_out]=$(counter binding show pods to-a stats.egress_packets)
	[unbound]=$(counter port show vnet-a stats.drops.unbound_vlan)
	[ports]=$(counter segment show pods port_count)
	[node_sent]=$(card node-a br0 tx)
	[node_got]=$(card node-a br0 rx)
	[card_sent]=$(card node-a eth0 tx)
	[card_got]=$(card node-a eth0 rx)
	[vm_sent]=$(card vm eth0 tx)
	[vm_got]=$(card vm eth0 rx)
	)
}

# A machine may still say something after a test: read until nothing changes.
settle()
{
	local before='' i

	for ((i = 0; i < 20; i++)); do
		read_numbers
		[[ ${n[*]} != "$before" ]] || return 0
		before=${n[*]}
	done
}

# rule TEXT EXPRESSION: say which rule the numbers show, if they do.
rule()
{
	step "$1" test "$(($2))" = 1
}

# The machines' own counters must tell the same story as the fabric's.
check_rules()
{
	settle
	rule "parent in, containers included: ${n[parent_in]} = ${n[node_sent]} own + ${n[binding_in]}" \
		"n[binding_in] > 0 &&
		 n[parent_in] == n[node_sent] + n[binding_in]"
	rule "parent out, containers excluded: ${n[parent_out]} of ${n[card_got]} that node-a got" \
		"n[binding_out] > 0 && n[parent_out] == n[node_got] &&
		 n[parent_out] + n[binding_out] == n[card_got]"
	rule "child, its VM only: in ${n[child_in]}, out ${n[child_out]}, as the VM's card says" \
		"n[child_in] == n[vm_sent] && n[child_out] == n[vm_got]"
	rule "binding, both directions: in ${n[binding_in]}, out ${n[binding_out]}" \
		"n[binding_in] == n[card_sent] - n[node_sent] - n[unbound] &&
		 n[binding_out] == n[card_got] - n[node_got]"
	rule "no port was made by a binding: 3 pods and a VM, ${n[ports]} port" \
		"n[ports] == 1"
	rule "an unbound tag: ${n[unbound]} frames dropped, counted apart from ingress" \
		"n[unbound] > 0 &&
		 n[card_sent] == n[parent_in] + n[unbound]"
}

# --- taking down -------------------------------------------------------------

stop_daemon() # PID-FILE
{
	local pid

	[[ -e $1 ]] || return 0
	pid=$(<"$1")
	kill "$pid"
	while [[ -e /proc/$pid ]]; do
		sleep 0.1
	done
}

take_down()
{
	local name file

	for file in "$run_dir"/*/ovs-vswitchd.pid \
		    "$run_dir"/*/ovsdb-server.pid; do
		stop_daemon "$file"
	done
	for name in $namespaces; do
		[[ ! -e /run/netns/$name ]] || ip netns del "$name"
	done
	for name in $segments; do
		ip link del "$name" 2>/dev/null
	done
	rm -rf -- "$run_dir"
}

# --- the story ---------------------------------------------------------------

check_environment()
{
	local program name

	((UID == 0)) || cannot_run "needs root"
	for program in ip ping jq iperf3 segctl ovs-vsctl ovs-vswitchd \
		       ovsdb-server ovsdb-tool; do
		command -v "$program" >/dev/null ||
			cannot_run "there is no $program"
	done
	modprobe -q segfab || [[ -e /sys/module/segfab ]] ||
		cannot_run "the module is not loaded"
	modprobe -q openvswitch ||
		cannot_run "the kernel has no Open vSwitch"
	for name in $namespaces; do
		[[ ! -e /run/netns/$name ]] ||
			cannot_run "there is a namespace $name already"
	done
	for name in $segments; do
		[[ ! -e /sys/class/net/$name ]] ||
			cannot_run "there is a device $name already"
	done
}

build()
{
	title "Two parents, one child, and a binding map to each parent"
	must "segments nodes-a, nodes-b and pods" make_segments
	must "the ports of two nodes on their parents" make_nodes
	must "the port of a VM and the host's gateway on the child" make_vm
	must "binding maps: pods is 1002 on nodes-a, 2002 on nodes-b" \
		bind_segments

	title "Node machines with Open vSwitch"
	must "node-a: ovsdb-server and ovs-vswitchd" \
		start_switch node-a 192.0.2.10/25
	must "node-b: ovsdb-server and ovs-vswitchd" \
		start_switch node-b 192.0.2.130/25
	must "pods on access ports: two of VLAN 1002, one of VLAN 2002" \
		start_pods
}

speed()
{
	local rate size

	step "iperf3 from pod-a1 to the VM" iperf || return
	rate=$(jq '.end.sum_received.bits_per_second / 1e6 | round' \
		"$run_dir/iperf3.json")
	size=$(ip -n vm -j -s link show dev eth0 |
		jq '.[0].stats64.rx | .bytes / .packets | round')
	step "$rate Mbit/s here; super-frames stay whole: $size bytes a frame" \
		test "$size" -gt 1514
}

main()
{
	case ${1-} in
	"") ;;
	--keep) keep=1 ;;
	*)
		echo "usage: demo.sh [--keep]" >&2
		exit 2 ;;
	esac
	check_environment
	[[ -n $keep ]] || trap take_down EXIT
	build

	title "Pods talk across parents"
	ping_all
	step "a tag that nobody has bound, 1003, reaches nobody" unbound_tag
	step "with its own tag again, pod-a2 does" bound_tag
	speed

	shown segctl topology
	shown segctl fdb show
	shown segctl stats show

	title "Rules of Documentation/statistics.rst that these numbers show"
	check_rules

	summary
}

main "$@"
