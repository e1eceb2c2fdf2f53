# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
#
# Nanoseconds instead of instructions, in a machine whose clock is that of the
# host: what a frame takes, and what two processors do at once. Sourced by
# measure.sh.
#
# Figures of such a machine say nothing by themselves, but something about each
# other. Each is the least of many short runs; what it is compared with comes
# right before it, so that a host that is slower for a while is so for both; and
# all of that happens in several rounds.

readonly time_runs=20 time_rounds=${SEGFAB_BENCH_ROUNDS:-5}

# Nanoseconds of a frame in the fastest of many runs; the first one does not
# count. No program is started between them. Fails unless each frame arrived,
# with the right tag.
least() # VARIABLE RUN
{
	local i line ns=0 result
	result='^\{"sent":([0-9]+),"ns":([0-9]+),"received":([0-9]+),"wrong":0\}$'

	for ((i = 0; i <= time_runs; i++)); do
		echo "$2" >"$bench/run"
		read -r line <"$bench/run"
		if ! [[ $line =~ $result ]] ||
		   ((BASH_REMATCH[1] != BASH_REMATCH[3])); then
			echo "$2: $line" >&2
			return 1
		fi
		if ((i == 1 || (i > 1 && BASH_REMATCH[2] < ns))); then
			ns=${BASH_REMATCH[2]}
		fi
	done
	printf -v "$1" %s $((ns / BASH_REMATCH[1]))
}

# In place of what measure.sh does with a path.
report_time()
{
	local base total direct="dev=0 direct count=2000"

	[ "$3" != forward ] || direct+=" vlan=100"
	[[ $* != *xdp* ]] || direct=${direct/direct/xdp-direct}
	least base "$direct"
	least total "${*:4} count=2000"
	print_result time "$2" "$3" "$total" "$base"
}

case_time()
{
	local path round reporter=report_time

	for ((round = 0; round < time_rounds; round++)); do
		for path in ${paths_of[container-vm]}; do
			[[ " ${only[*]:-$path} " != *" $path "* ]] ||
				"path_$path"
		done
	done
}

# Two flows, each from a device of its own to one of its own, on a processor of
# its own, against each of them alone.
at_once() # PATH SPEC SPEC
{
	local round first second both

	for ((round = 0; round < time_rounds; round++)); do
		taskset -cp 0 $$ >/dev/null
		least first "$2 count=5000"
		taskset -cp 1 $$ >/dev/null
		least second "$3 count=5000"
		least both "$2 count=5000 cpu=0;$3 count=5000 cpu=1"
		scale cpus "$1" 2 "($first + $second) / 2" "ns alone"
		scale cpus "$1" 2 "$both" "ns at once"
		scale cpus "$1" 2 "($first + $second) / $both" times
	done
	taskset -cp 0-1 $$ >/dev/null
}

# Two nodes whose pods have the same tag, and two machines; what the flows share
# is all but their devices.
two_flows() # PATH [WORD]
{
	local to_first="smac=$pod dmac=$vm vlan=100 expect=0 ${2-}"
	local to_second="smac=$pod2 dmac=$vm2 vlan=100 expect=0 ${2-}"

	teach "dev=1 smac=$vm dmac=$pod"
	teach "dev=3 smac=$vm2 dmac=$pod2"
	teach "dev=0 $to_first"
	teach "dev=2 $to_second"
	"${compare:-at_once}" "$1" "dev=0 $to_first" "dev=2 $to_second"
}

cpus_segfab()
{
	segctl segment add parent up
	segctl segment add child up
	ip link set bench0 master parent
	ip link set bench2 master parent
	ip link set bench1 master child
	ip link set bench3 master child
	segctl binding add child b1 parent parent vlan 100
	two_flows segfab
	two_flows "segfab, and a counter that both write" shared
	ip link del child
	ip link del parent
}

cpus_bridge()
{
	local i

	add_bridge br0 vlan_filtering 1
	for i in 0 1 2 3; do
		ip link set bench$i master br0
	done
	bridge vlan add dev bench0 vid 100
	bridge vlan add dev bench2 vid 100
	bridge vlan add dev bench1 vid 100 pvid untagged
	bridge vlan add dev bench3 vid 100 pvid untagged
	two_flows "bridge vlan_filtering"
	ip link del br0
}

case_cpus()
{
	at_once "generator and sink" "dev=0 direct" "dev=2 direct"
	cpus_segfab
	cpus_bridge
}
