# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The data paths of the benchmark, each built from the same devices, and the
# frames that are sent over them. Sourced by what runs in the test machine,
# which says with report() what is to be done with a path that is set up.
#
#	report CASE PATH DIRECTION SPEC...
#	skip CASE PATH REASON...
#
# bench0 is the port of a node whose pods tag with 100; bench1 that of a VM;
# bench2 that of a second node; bench3 is below a tunnel.

readonly bench=/sys/kernel/debug/segfab_bench
readonly pod=02:00:00:00:00:01 vm=02:00:00:00:10:01
# shellcheck disable=SC2034 # who sources this uses them
readonly pod2=02:00:00:00:00:02 vm2=02:00:00:00:10:02

# Paths by case; the word after path_.
# shellcheck disable=SC2034 # who sources this uses it
declare -rA paths_of=(
	[container-vm]="segfab floor_a floor_b bridge_vlan vlan_bridge
		parent_vlan_child ovs matchall flower bpf_tc bpf_xdp"
	[container-container]="across_segments across_bridges"
	[vm-vm]="plain_segment plain_bridge"
	[container-host]="host_segment host_vlan host_macvlan host_vlan_bridge
		host_parent_child"
	[broadcast]="broadcast_segment broadcast_child broadcast_bridge
		broadcast_vlan"
	[veth]="veth_segment veth_tagged veth_bridge veth_tc veth_xdp
		veth_generic"
	[pod-geneve]="geneve_segment geneve_vlan_bridge geneve_parent_child"
)
readonly ports=64	# receivers of a broadcast

up()
{
	local dev

	for dev; do
		ip link set "$dev" up
	done
}

add_bridge() # NAME OPTION...
{
	ip link add "$1" type bridge mcast_snooping 0 "${@:2}"
	up "$1"
}

# A frame whose way does not matter: it teaches where its source is. It is as
# long as those that will be sent, since to Open vSwitch a super-frame without a
# flow is another matter: it would come out of the daemon later, in pieces.
teach()
{
	echo "$* ${words_of[$frame]-} count=1" >"$bench/run"
}

address_of()
{
	cat "/sys/class/net/$1/address"
}

# Container to VM and back, over whatever is set up.
#	both PATH [WORD]...
both()
{
	local path=$1

	shift
	teach "dev=1 smac=$vm dmac=$pod $*"
	teach "dev=0 smac=$pod dmac=$vm vlan=100 $*"
	report container-vm "$path" forward \
		"dev=0 smac=$pod dmac=$vm vlan=100 expect=0" "$@"
	report container-vm "$path" reverse \
		"dev=1 smac=$vm dmac=$pod expect=100" "$@"
}

path_segfab()
{
	segctl segment add parent up
	segctl segment add child up
	ip link set bench0 master parent
	ip link set bench1 master child
	segctl binding add child b1 parent parent vlan 100
	both segfab
	ip link del child
	ip link del parent
}

path_floor_a()
{
	echo "a 100" >"$bench/floor"
	both "floor A: array, dev_queue_xmit()"
	echo none >"$bench/floor"
}

path_floor_b()
{
	echo "b 100" >"$bench/floor"
	both "floor B: array, driver"
	echo none >"$bench/floor"
}

path_bridge_vlan()
{
	add_bridge br0 vlan_filtering 1
	ip link set bench0 master br0
	ip link set bench1 master br0
	bridge vlan add dev bench0 vid 100
	bridge vlan add dev bench1 vid 100 pvid untagged
	both "bridge vlan_filtering"
	ip link del br0
}

path_vlan_bridge()
{
	ip link add link bench0 name bench0.100 type vlan id 100
	add_bridge br0
	ip link set bench0.100 master br0
	ip link set bench1 master br0
	up bench0.100
	both "VLAN device + bridge"
	ip link del br0
	ip link del bench0.100
}

path_parent_vlan_child()
{
	add_bridge brp
	add_bridge brc
	ip link set bench0 master brp
	ip link add link brp name brp.100 type vlan id 100
	ip link set brp.100 master brc
	ip link set bench1 master brc
	up brp.100
	both "parent bridge + VLAN device + child bridge"
	ip link del brc
	ip link del brp
}

# ovs WORDS...: ovs-vsctl, ovs-ofctl or ovs-appctl, in a folder of its own
ovs()
{
	OVS_RUNDIR=$ovs_dir OVS_LOGDIR=$ovs_dir OVS_DBDIR=$ovs_dir \
		OVS_SYSCONFDIR=$ovs_dir "$@"
}

start_ovs()
{
	ovs_dir=$(mktemp -d)
	modprobe openvswitch
	ovsdb-tool create "$ovs_dir/conf.db" \
		/usr/share/openvswitch/vswitch.ovsschema
	ovs ovsdb-server "$ovs_dir/conf.db" --detach --no-chdir --pidfile \
		--remote="punix:$ovs_dir/db.sock" -vconsole:off --log-file
	ovs ovs-vsctl --no-wait init
	# A flow that is not used for a while stays.
	ovs ovs-vsctl --no-wait set Open_vSwitch . other_config:max-idle=3600000
	ovs ovs-vswitchd --detach --no-chdir --pidfile -vconsole:off --log-file
}

stop_ovs()
{
	ovs ovs-vsctl del-br br0
	ovs ovs-appctl -t ovs-vswitchd exit --cleanup
	ovs ovs-appctl -t ovsdb-server exit
	rm -r "$ovs_dir"
}

# Until the daemon has given the kernel a flow for each direction.
warm_ovs()
{
	local try flows

	for ((try = 0; try < 100; try++)); do
		teach "dev=1 smac=$vm dmac=$pod"
		teach "dev=0 smac=$pod dmac=$vm vlan=100"
		flows=$(ovs ovs-appctl dpctl/dump-flows |
			grep -c 'actions:.*\(push\|pop\)_vlan' || true)
		[ "$flows" -lt 2 ] || return 0
		sleep 0.1
	done
	return 1
}

path_ovs()
{
	command -v ovs-vswitchd >/dev/null || {
		skip container-vm "Open vSwitch" "there is no ovs-vswitchd"
		return
	}
	start_ovs
	ovs ovs-vsctl add-br br0 -- add-port br0 bench0 -- add-port br0 bench1
	ovs ovs-ofctl del-flows br0
	ovs ovs-ofctl add-flow br0 \
		"in_port=bench0,dl_vlan=100,dl_dst=$vm,actions=strip_vlan,output:bench1"
	ovs ovs-ofctl add-flow br0 \
		"in_port=bench1,dl_dst=$pod,actions=mod_vlan_vid:100,output:bench0"
	warm_ovs
	both "Open vSwitch, warm megaflow"
	stop_ovs
}

with_clsact() # COMMAND...
{
	tc qdisc add dev bench0 clsact
	tc qdisc add dev bench1 clsact
	"$@"
	tc qdisc del dev bench0 clsact
	tc qdisc del dev bench1 clsact
}

path_matchall()
{
	with_clsact tc_matchall
}

tc_matchall()
{
	tc filter add dev bench0 ingress protocol all matchall \
		action vlan pop action mirred egress redirect dev bench1
	tc filter add dev bench1 ingress protocol all matchall \
		action vlan push id 100 action mirred egress redirect dev bench0
	both "tc matchall: no lookup"
}

path_flower()
{
	with_clsact tc_flower
}

tc_flower()
{
	tc filter add dev bench0 ingress protocol 802.1q flower vlan_id 100 \
		dst_mac "$vm" \
		action vlan pop action mirred egress redirect dev bench1
	tc filter add dev bench1 ingress protocol all flower dst_mac "$pod" \
		action vlan push id 100 action mirred egress redirect dev bench0
	both "tc flower: VLAN and MAC"
}

# The bytes of a little-endian number, for bpftool.
bytes() # NUMBER COUNT
{
	local i

	for ((i = 0; i < $2; i++)); do
		printf '%02x ' $((($1 >> (8 * i)) & 255))
	done
}

bpf_endpoint() # MAC VLAN DEVICE NEW-VLAN
{
	local key value ifindex

	ifindex=$(cat "/sys/class/net/$3/ifindex")
	key="${1//:/ } $(bytes "$2" 2)"
	value="$(bytes "$ifindex" 4) $(bytes "$4" 4)"
	# The word list is the point.
	# shellcheck disable=SC2086
	bpftool map update pinned /sys/fs/bpf/bench/maps/endpoints \
		key hex $key value hex $value
}

load_bpf()
{
	if ! [ -e "${bpf_object-}" ] || ! command -v bpftool >/dev/null; then
		skip container-vm "$1" "clang or bpftool is not there"
		return 1
	fi
	mkdir -p /sys/fs/bpf/bench/maps
	bpftool prog loadall "$bpf_object" /sys/fs/bpf/bench \
		pinmaps /sys/fs/bpf/bench/maps
	bpf_endpoint "$vm" 100 bench1 0
	bpf_endpoint "$pod" 0 bench0 100
}

path_bpf_tc()
{
	local name="tc eBPF: map lookup"

	load_bpf "$name" || return 0
	with_clsact tc_bpf "$name"
	rm -r /sys/fs/bpf/bench
}

tc_bpf()
{
	local dev

	for dev in bench0 bench1; do
		tc filter add dev $dev ingress bpf direct-action \
			object-pinned /sys/fs/bpf/bench/tc_switch
	done
	both "$1"
}

path_bpf_xdp()
{
	local name="native XDP: map lookup, no skb" dev

	# shellcheck disable=SC2154 # frame is set by who sources this
	[ "$frame" != super ] || {
		skip container-vm "$name" "XDP has no super-frames"
		return
	}
	load_bpf "$name" || return 0
	for dev in bench0 bench1; do
		ip link set $dev xdpdrv pinned /sys/fs/bpf/bench/xdp_switch
	done
	both "$name" xdp
	for dev in bench0 bench1; do
		ip link set $dev xdpdrv off
	done
	rm -r /sys/fs/bpf/bench
}

vm_vm()
{
	teach "dev=1 smac=$vm dmac=$pod"
	teach "dev=0 smac=$pod dmac=$vm"
	report vm-vm "$1" reverse "dev=0 smac=$pod dmac=$vm expect=0"
}

path_plain_bridge()
{
	add_bridge br0
	ip link set bench0 master br0
	ip link set bench1 master br0
	vm_vm bridge
	ip link del br0
}

path_plain_segment()
{
	segctl segment add seg up
	ip link set bench0 master seg
	ip link set bench1 master seg
	vm_vm segfab
	ip link del seg
}

across()
{
	teach "dev=2 smac=$vm dmac=$pod vlan=200"
	teach "dev=0 smac=$pod dmac=$vm vlan=100"
	report container-container "$1" forward \
		"dev=0 smac=$pod dmac=$vm vlan=100 expect=200"
}

path_across_segments()
{
	segctl segment add child up
	segctl segment add pa up
	segctl segment add pb up
	ip link set bench0 master pa
	ip link set bench2 master pb
	segctl binding add child a parent pa vlan 100
	segctl binding add child b parent pb vlan 200
	across segfab
	ip link del child
	ip link del pa
	ip link del pb
}

path_across_bridges()
{
	local n vid

	add_bridge brc
	for n in 0 2; do
		vid=$((100 + n * 50))
		add_bridge "brp$n"
		ip link set "bench$n" master "brp$n"
		ip link add link "brp$n" name "brp$n.v" type vlan id "$vid"
		ip link set "brp$n.v" master brc
		up "brp$n.v"
	done
	across "bridge + VLAN device + bridge + VLAN device + bridge"
	ip link del brp0
	ip link del brp2
	ip link del brc
}

# Container to the host's own address on what leads to it.
to_host() # PATH DEVICE
{
	[ "$frame" != super ] || {
		skip container-host "$1" "the host's TCP would be measured"
		return
	}
	report container-host "$1" forward \
		"dev=0 smac=$pod dmac=$(address_of "$2") vlan=100"
}

path_host_segment()
{
	segctl segment add parent up
	segctl segment add child up
	ip link set bench0 master parent
	segctl binding add child b1 parent parent vlan 100
	to_host segfab child
	ip link del child
	ip link del parent
}

path_host_vlan()
{
	ip link add link bench0 name bench0.100 type vlan id 100
	up bench0.100
	to_host "VLAN device" bench0.100
	ip link del bench0.100
}

path_host_macvlan()
{
	ip link add link bench0 name bench0.100 type vlan id 100
	ip link add link bench0.100 name mac0 type macvlan mode bridge
	up bench0.100 mac0
	to_host "VLAN device + macvlan" mac0
	ip link del bench0.100
}

path_host_vlan_bridge()
{
	ip link add link bench0 name bench0.100 type vlan id 100
	add_bridge br0
	ip link set br0 address 02:00:00:00:20:01
	ip link set bench0.100 master br0
	up bench0.100
	to_host "VLAN device + bridge" br0
	ip link del br0
	ip link del bench0.100
}

path_host_parent_child()
{
	add_bridge brp
	add_bridge brc
	ip link set brc address 02:00:00:00:20:01
	ip link set bench0 master brp
	ip link add link brp name brp.100 type vlan id 100
	ip link set brp.100 master brc
	up brp.100
	to_host "parent bridge + VLAN device + child bridge" brc
	ip link del brc
	ip link del brp
}

receivers() # MASTER
{
	local i

	for ((i = 1; i <= ports; i++)); do
		echo "link set bench$i master $1"
	done | ip -batch -
}

# To all receivers, and to the host.
broadcast() # PATH SPEC...
{
	[ "$frame" != super ] || {
		skip broadcast "$1" "TCP does not broadcast"
		return
	}
	copies=$((ports + 1)) report broadcast "$1" forward \
		"dev=0 smac=$pod dmac=ff:ff:ff:ff:ff:ff expect=0" "${@:2}"
}

path_broadcast_segment()
{
	segctl segment add seg up
	ip link set bench0 master seg
	receivers seg
	broadcast segfab
	ip link del seg
}

path_broadcast_child()
{
	segctl segment add parent up
	segctl segment add child up
	ip link set bench0 master parent
	receivers child
	segctl binding add child b1 parent parent vlan 100
	broadcast "segfab, from a container" vlan=100
	ip link del child
	ip link del parent
}

path_broadcast_bridge()
{
	add_bridge br0
	ip link set bench0 master br0
	receivers br0
	broadcast bridge
	ip link del br0
}

path_broadcast_vlan()
{
	local i

	add_bridge br0 vlan_filtering 1
	ip link set bench0 master br0
	receivers br0
	bridge vlan add dev bench0 vid 100
	bridge vlan add dev br0 vid 100 self
	for ((i = 1; i <= ports; i++)); do
		echo "vlan add dev bench$i vid 100 pvid untagged"
	done | bridge -batch -
	broadcast "bridge vlan_filtering, from a container" vlan=100
	ip link del br0
}

# A tunnel to 192.0.2.2 over bench3, whose machines are behind it.
geneve() # WORD...
{
	ip link set bench3 mtu 2000
	ip addr add 192.0.2.1/24 dev bench3
	ip neigh add 192.0.2.2 lladdr 02:00:00:00:30:01 dev bench3
	ip link add gnv0 type geneve "$@"
	up gnv0
}

to_tunnel() # PATH
{
	teach "dev=0 smac=$pod dmac=$vm vlan=100"
	report pod-geneve "$1" forward \
		"dev=0 smac=$pod dmac=$vm vlan=100 expect=0"
	ip link del gnv0
	ip addr flush dev bench3
}

# A device without offloads for tunnels gets super-frames in pieces.
no_super() # PATH
{
	[ "$frame" = super ] || return 1
	skip pod-geneve "$1" "the lower device would get them cut"
}

path_geneve_segment()
{
	! no_super segfab || return 0
	geneve external
	segctl zone add overlay mode overlay
	segctl uplink add gnv0 zone overlay
	segctl segment add parent up
	segctl segment add child up zone overlay vni 100
	ip link set bench0 master parent
	segctl binding add child b1 parent parent vlan 100
	segctl fdb add child "$vm" remote 192.0.2.2
	to_tunnel segfab
	ip link del child
	ip link del parent
	ip link del overlay
}

path_geneve_vlan_bridge()
{
	local name="VLAN device + bridge + geneve"

	! no_super "$name" || return 0
	geneve id 100 remote 192.0.2.2
	ip link add link bench0 name bench0.100 type vlan id 100
	add_bridge br0
	ip link set bench0.100 master br0
	ip link set gnv0 master br0
	up bench0.100
	bridge fdb add "$vm" dev gnv0 master static
	to_tunnel "$name"
	ip link del br0
	ip link del bench0.100
}

path_geneve_parent_child()
{
	local name="parent bridge + VLAN device + child bridge + geneve"

	! no_super "$name" || return 0
	geneve id 100 remote 192.0.2.2
	add_bridge brp
	add_bridge brc
	ip link set bench0 master brp
	ip link add link brp name brp.100 type vlan id 100
	ip link set brp.100 master brc
	ip link set gnv0 master brc
	up brp.100
	bridge fdb add "$vm" dev gnv0 master static
	to_tunnel "$name"
	ip link del brc
	ip link del brp
}
