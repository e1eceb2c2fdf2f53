# SPDX-License-Identifier: GPL-2.0
#
# One child segment on two hosts, however they are connected: the test that
# sources this says how, with connect and disconnect.
#
#	host 1                           host 2
#	nodes: node                      nodes: node
#	  | 10                             | 20
#	pods: pod .11 behind node        pods: pod .12 behind node,
#	  |                                |   vm .20, gateway .1
#	zone: eth0 ------- wire ------- zone: eth0
#
# shellcheck shell=bash

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

declare -A mac=([pod1]=02:00:00:00:01:01 [pod2]=02:00:00:00:01:02
		[vm]=02:00:00:00:02:01)

# namespace NAME: one that says nothing unasked.
namespace()
{
	ip netns add "$1" &&
	ip netns exec "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
}

# machine NAME SEGMENT: a network card, NAME on the host and eth0 inside
machine()
{
	namespace "$1" &&
	ip link add "$1" type veth peer name eth0 netns "$1" &&
	sysctl -qw "net.ipv6.conf.$1.disable_ipv6=1" &&
	ip link set "$1" master "$2" up
}

# node TAG POD ADDRESS: a node with a pod, and the segments of this host
node()
{
	ip link add nodes type segment &&
	ip link add pods type segment &&
	sysctl -qw net.ipv6.conf.{nodes,pods}.disable_ipv6=1 &&
	ip link set nodes up &&
	ip link set pods up &&
	segctl binding add pods node parent nodes vlan "$1" &&
	machine node nodes &&
	ip -n node link set eth0 up &&
	namespace pod &&
	ip -n node link add link eth0 name pod netns pod type vlan id "$1" &&
	ip -n pod link set pod address "${mac[$2]}" up &&
	ip -n pod addr add "$3/24" dev pod
}

# The machine announces itself when its card comes up: one gratuitous ARP.
vm_appears()
{
	machine vm pods &&
	ip netns exec vm sysctl -qw net.ipv4.conf.eth0.arp_notify=1 &&
	ip -n vm link set eth0 address "${mac[vm]}" &&
	ip -n vm addr add 198.51.100.20/24 dev eth0 &&
	ip -n vm link set eth0 up
}

vm_leaves()
{
	ip link del vm && ip netns del vm
}

# overlay LOCAL REMOTE KIND [WORD]...: the child leaves through such a tunnel.
overlay()
{
	local local=$1 remote=$2

	shift 2
	sysctl -qw net.ipv6.conf.eth0.keep_addr_on_down=1 &&
	ip link set eth0 mtu 1600 up &&
	ip addr add "$local/$([[ $local == *:* ]] && echo 64 || echo 24)" \
		dev eth0 nodad &&
	ip link add tunnel mtu 1500 type "$@" &&
	ip link set tunnel up &&
	segctl zone add zone mode overlay &&
	segctl uplink add tunnel zone zone &&
	segctl segment set pods zone zone vni 5000 &&
	segctl remote add pods "$remote"
}

overlay_gone()
{
	ip link del zone
	ip link del tunnel
	ip addr flush dev eth0
}

tear_down()
{
	ip netns del node
	ip netns del pod
	[[ ! -e /run/netns/vm ]] || ip netns del vm
	disconnect
	ip link del pods
	ip link del nodes
}

reach() # NAMESPACE ADDRESS [WORD]...
{
	ip netns exec "$1" ping -qc 2 -i 0.2 -W 5 "${@:2}"
}

# where MAC: the port that the address is behind, or the zone, on this host
where()
{
	segctl -j fdb show pods mac "$1" | jq -r '.[].port'
}

subtest pods_meet "pod on host 1 and pod on host 2"
pods_meet()
{
	check reach pod 198.51.100.12
	check on 2 reach pod 198.51.100.11
}

subtest vm_answers "pod on host 1 and VM on host 2"
vm_answers()
{
	check reach pod 198.51.100.20
	check on 2 reach vm 198.51.100.11
}

subtest gateway_answers "pod on host 1 and gateway on host 2"
gateway_answers()
{
	check reach pod 198.51.100.1
	check on 2 ping -qc 1 -W 5 198.51.100.11
}

subtest full_size "frames of full size pass, with DF set"
full_size()
{
	check reach pod 198.51.100.12 -s 1472 -M "do"
	check reach pod 198.51.100.20 -s 1472 -M "do"
}

subtest stream "a stream from pod to pod arrives, both ways"
stream()
{
	check on 2 ip netns exec pod iperf3 -s -D --pidfile /run/iperf3.pid
	defer on 2 pkill -F /run/iperf3.pid
	eventually 10 ip netns exec pod iperf3 -c 198.51.100.12 -n 1
	check ip netns exec pod iperf3 -c 198.51.100.12 -n "$((4000000 / SCALE))"
	check ip netns exec pod iperf3 -R -c 198.51.100.12 \
		-n "$((4000000 / SCALE))"
}

subtest parents_apart "the parents of the two hosts are not connected"
parents_apart()
{
	check ip -n node addr add 203.0.113.1/24 dev eth0
	check on 2 ip -n node addr add 203.0.113.2/24 dev eth0
	! ip netns exec node ping -qc 1 -W 1 203.0.113.2 >/dev/null ||
		fail "one parent reaches the other"
}

subtest moves "R13 a VM that moves is reached with its first gratuitous ARP"
moves()
{
	local host

	check reach pod 198.51.100.20
	for host in 1 2; do
		check on $((3 - host)) vm_leaves
		check on $host vm_appears
		eventually 5 arrived "$host"
		# its neighbours know its MAC, and nobody asks
		check ip netns exec pod ping -qc 1 -W 2 198.51.100.20
		check on 2 ip netns exec pod ping -qc 1 -W 2 198.51.100.20
	done
}

arrived() # HOST: the VM is behind its port there, behind the zone elsewhere
{
	[[ $(on "$1" where "${mac[vm]}") == vm &&
	   $(on $((3 - $1)) where "${mac[vm]}") == zone ]]
}

# Nothing gets through, and nobody is told.
sever()
{
	tc qdisc add dev eth0 clsact &&
	tc filter add dev eth0 ingress matchall action drop &&
	tc filter add dev eth0 egress matchall action drop
}

heal()
{
	tc qdisc del dev eth0 clsact
}

subtest silent_cut "the underlay is cut and healed"
silent_cut()
{
	check reach pod 198.51.100.12
	check sever
	! reach pod 198.51.100.12 -W 1 >/dev/null || fail "the cut does not cut"
	check heal
	eventually 20 reach pod 198.51.100.12
	check on 2 reach vm 198.51.100.11
}

subtest cable "the cable is pulled and plugged in"
cable()
{
	check on 2 unplug
	! reach pod 198.51.100.12 -W 1 >/dev/null || fail "it works without"
	check on 2 plug
	eventually 20 reach pod 198.51.100.12
	check on 2 reach vm 198.51.100.11
}

unplug()
{
	ip link set eth0 down
}

plug()
{
	ip link set eth0 up
}

run_child()
{
	need iperf3 jq tc
	start_hosts
	plan
	defer both tear_down
	check on 1 node 10 pod1 198.51.100.11
	check on 2 node 20 pod2 198.51.100.12
	check on 2 ip addr add 198.51.100.1/24 dev pods
	check on 2 vm_appears
	check on 1 connect 192.0.2.1 192.0.2.2
	check on 2 connect 192.0.2.2 192.0.2.1
	run_subtests
}
