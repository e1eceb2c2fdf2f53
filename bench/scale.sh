# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Many of everything: does a frame cost the same, what does one more cost in
# memory and in instructions? Sourced by measure.sh, whose send() and bases it
# uses. Each result is printed with scale().
#
# Traffic is spread over all that there is: every tag, every parent, every
# address takes its turn.

tmp=$(mktemp -d)
readonly tmp
trap 'rm -rf -- "$tmp"' EXIT
readonly vms=02:00:01:00:00:01	# far from those of pods, however many

scale() # WHAT PATH NUMBER VALUE UNIT
{
	jq -nc --arg case "$1" --arg path "$2" --argjson number "$3" \
		--argjson value "$(jq -n "$4")" --arg unit "$5" \
		'{case: $case, path: $path, number: $number,
		  value: ($value * 100 | round / 100), unit: $unit}'
}

# flat WHAT NUMBER DIRECTION SPEC...: what a frame costs among so many
flat()
{
	local total frames=$2

	((frames > count)) || frames=$count
	total=$(send "${@:4}" "count=$frames")
	scale "flat-$1" "segfab, $3" "$2" \
		"$(jq -n "$total - ${bases[$3]}")" instructions
}

# for_each NUMBER LINE: lines for a batch, with the number in place of %
for_each()
{
	local i

	for ((i = 1; i <= $1; i++)); do
		echo "${2//%/$i}"
	done
}

children() # NUMBER
{
	for_each "$1" "link add c% group 7 type segment" | ip -batch -
	ip link set group 7 up
}

with_bindings() # NUMBER
{
	local all

	segctl segment add pa up
	segctl segment add pb up
	ip link set bench0 master pa
	ip link set bench1 master pb
	children "$1"
	{
		for_each "$1" "binding add c% a parent pa vlan %"
		for_each "$1" "binding add c% b parent pb vlan %"
	} >"$tmp/batch"
	segctl -b "$tmp/batch"
	all="vlan=1 vlans=$1"
	echo "dev=1 smac=$vms dmac=$pod $all count=$1" >"$bench/run"
	echo "dev=0 smac=$pod dmac=$vms $all count=$1" >"$bench/run"
	flat bindings "$1" forward "dev=0 smac=$pod dmac=$vms $all"
	ip link del group 7
	ip link del pa
	ip link del pb
}

with_parents() # NUMBER
{
	local nodes="devs=$1 vlan=100" all="smacs=$1"

	segctl segment add child up
	ip link set bench0 master child
	{
		for_each "$1" "link add p% group 7 type segment"
		for_each "$1" "link set bench% master p%"
	} | ip -batch -
	ip link set group 7 up
	for_each "$1" "binding add child b% parent p% vlan 100" >"$tmp/batch"
	segctl -b "$tmp/batch"
	teach "dev=0 smac=$vms dmac=$pod"
	echo "dev=1 $nodes smac=$pod $all dmac=$vms count=$1" >"$bench/run"
	flat parents "$1" forward \
		"dev=1 $nodes smac=$pod $all dmac=$vms expect=0"
	flat parents "$1" reverse \
		"dev=0 smac=$vms dmac=$pod dmacs=$1 expect=100"
	ip link del group 7
	ip link del child
}

# Half of the addresses are pods', half VMs'.
with_macs() # NUMBER
{
	local half=$((($1 + 1) / 2))

	segctl segment add parent up
	segctl segment add child up
	ip link set bench0 master parent
	ip link set bench1 master child
	segctl binding add child b parent parent vlan 100
	segctl binding set child b fdb-limit none
	segctl port set bench1 fdb-limit none
	echo "dev=1 smac=$vms smacs=$half dmac=$pod count=$half" >"$bench/run"
	echo "dev=0 smac=$pod smacs=$half dmac=$vms vlan=100 count=$half" \
		>"$bench/run"
	sleep 2		# the table grows behind our back
	flat macs "$1" forward "dev=0 smac=$pod smacs=$half dmac=$vms" \
		"dmacs=$half vlan=100 expect=0"
	flat macs "$1" reverse "dev=1 smac=$vms smacs=$half dmac=$pod" \
		"dmacs=$half expect=100"
	ip link del child
	ip link del parent
}

# Kilobytes in use: neither free, nor kept by an allocator for what may come.
used()
{
	sleep 1		# what waits for RCU
	sync
	echo 3 >/proc/sys/vm/drop_caches
	awk '$1 == "MemTotal:" { kb += $2 }
	     $1 == "MemFree:" { kb -= $2 }
	     $1 == "count:" { kb -= $2 * 4 }
	     FILENAME ~ /slabinfo/ && $3 ~ /^[0-9]/ { kb -= ($3 - $2) * $4 / 1024 }
	     END { printf "%d\n", kb }' \
		/proc/meminfo /proc/zoneinfo /proc/slabinfo
}

# Nanoseconds, which are instructions, that the processor was busy: the clock
# jumps ahead when it is not. No program is started for it, as that would count.
busy() # VARIABLE
{
	local words

	while read -ra words; do
		[ "${words[0]}" != cpu0 ] || printf -v "$1" %s "${words[7]}"
	done </proc/schedstat
}

# cost WHAT PATH NUMBER COMMAND...: instructions and bytes for each of so many.
# What was made is there until the end: its memory would come back late.
cost()
{
	local what=$1 path=$2 number=$3 memory begin end
	shift 3

	memory=$(used)
	busy begin
	"$@"
	busy end
	memory=$(($(used) - memory))
	scale "$what" "$path" "$number" "$memory / $number" kB
	scale "$what" "$path" "$number" "($end - $begin) / 1000 / $number" \
		"thousand instructions"
}

# The same for a program and as many lines. These are written before: for the
# shell to write one takes half as much as a binding map.
cost_batch() # WHAT PATH NUMBER PROGRAM LINE
{
	for_each "$3" "$5" >"$tmp/batch"
	cost "$1" "$2" "$3" "$4" -b "$tmp/batch"
}

cost_devices() # KIND NUMBER
{
	cost_batch device "$1" "$2" ip "link add $1% type $1"
}

# The children are up, so each gets its carrier with its binding map.
cost_bindings() # NUMBER
{
	segctl segment add pa up
	ip link set bench0 master pa
	children "$1"
	cost_batch binding segfab "$1" segctl \
		"binding add c% a parent pa vlan %"
	add_bridge br0 vlan_filtering 1
	ip link set bench1 master br0
	cost_batch binding "bridge vlan_filtering" "$1" bridge \
		"vlan add dev bench1 vid %"
}

# learn PATH NUMBER DEVICE: frames from so many sources to one that is known
learn()
{
	local frames="dev=$3 smac=$vms smacs=$2 dmac=$pod count=$2"

	teach "dev=$(($3 + 1)) smac=$pod dmac=$vm"
	cost mac "$1" "$2" eval "echo $frames >$bench/run"
}

cost_macs() # NUMBER
{
	segctl segment add seg up
	ip link set bench2 master seg
	ip link set bench3 master seg
	segctl port set bench2 fdb-limit none
	learn segfab "$1" 2
	add_bridge br1
	ip link set bench4 master br1
	ip link set bench5 master br1
	learn bridge "$1" 4
}

case_flat()
{
	local number

	for number in ${SEGFAB_BENCH_BINDINGS:-1 64 1024 4094}; do
		with_bindings "$number"
	done
	for number in ${SEGFAB_BENCH_PARENTS:-1 64 1000}; do
		with_parents "$number"
	done
	for number in ${SEGFAB_BENCH_MACS:-2 1000 100000}; do
		with_macs "$number"
	done
}

case_cost()
{
	cost_devices dummy 1000
	cost_devices segment 1000
	cost_devices bridge 1000
	cost_bindings 4094
	cost_macs 100000
}
