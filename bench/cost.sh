# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# What one object more costs, in memory and in instructions, and what is done
# with many addresses at once. Sourced by measure.sh; results are printed with
# scale() of scale.sh.

used_now()
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

# Kilobytes in use: neither free, nor kept by an allocator for what may come.
# What was freed comes back late: until nothing more does.
used() # VARIABLE
{
	local kb last=0

	while kb=$(used_now); ((kb - last > 64 || last - kb > 64)); do
		last=$kb
	done
	printf -v "$1" %s "$kb"
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
	local what=$1 path=$2 number=$3 before after begin end
	shift 3

	used before
	busy begin
	"$@"
	busy end
	used after
	scale "$what" "$path" "$number" "($after - $before) / $number" kB
	scale "$what" "$path" "$number" "($end - $begin) / 1000 / $number" \
		"thousand instructions"
}

# The same for a program and as many lines. These are written before: for the
# shell to write one takes nearly as much as a binding map.
cost_batch() # WHAT PATH NUMBER PROGRAM LINE
{
	for_each "$3" "$5" >"$tmp/batch"
	cost "$1" "$2" "$3" "$4" -b "$tmp/batch"
}

case_devices()
{
	local kind

	for kind in dummy segment bridge; do
		cost_batch device $kind "${SEGFAB_BENCH_DEVICES:-10000}" \
			ip "link add $kind% type $kind"
	done
}

# The children are up, so each gets its carrier with its binding map.
case_bindings()
{
	local number=4094

	segctl segment add pa up
	ip link set bench0 master pa
	children $number
	cost_batch binding segfab $number segctl \
		"binding add c% a parent pa vlan %"
	add_bridge br0 vlan_filtering 1
	ip link set bench1 master br0
	cost_batch binding "bridge vlan_filtering" $number bridge \
		"vlan add dev bench1 vid %"
}

# Frames from so many sources to one that is known.
learn_from() # DEVICE NUMBER
{
	teach "dev=$(($1 + 1)) smac=$pod dmac=$vm"
	echo "dev=$1 smac=$vms smacs=$2 dmac=$pod count=$2" >"$bench/run"
}

# What COMMAND takes for each of so many addresses that are in device FULL,
# less what it takes where there are none. "%" stands for the device.
#	with_all WHAT PATH NUMBER FULL EMPTY COMMAND...
with_all()
{
	local what=$1 path=$2 number=$3 full=$4 empty=$5
	local dev none begin=0 end=0
	shift 5

	# The first time a program is read from the disk.
	for dev in "$empty" "$empty" "$full"; do
		none=$((end - begin))
		busy begin
		"${@//%/$dev}" >"$tmp/output"
		sleep 3		# what is left to workers
		busy end
	done
	scale "$what" "$path" "$number" "($end - $begin - $none) / $number" \
		instructions
}

# There are so many lines in what the last command wrote, or a few more: those
# of the devices themselves.
is_all() # NUMBER
{
	local lines

	lines=$(wc -l <"$tmp/output")
	((lines >= $1 && lines < $1 + 20)) ||
		{ echo "$lines addresses and not $1" >&2; return 1; }
}

# Show all addresses, look for old ones among them, forget all of them.
addresses_of_segment() # NUMBER
{
	local both=(segfab "$1" seg none)

	segctl segment add seg ageing 3600 up
	segctl segment add none ageing 3600 up
	ip link set bench2 master seg
	ip link set bench3 master seg
	segctl port set bench2 fdb-limit none
	cost mac segfab "$1" learn_from 2 "$1"
	with_all "show one" "${both[@]}" segctl fdb show %
	is_all "$1"
	with_all "look whether one is old" "${both[@]}" \
		segctl segment set % ageing 7200
	with_all "forget one that is old" "${both[@]}" \
		segctl segment set % ageing 1
	segctl fdb show seg >"$tmp/output"
	is_all 0
}

addresses_of_bridge() # NUMBER
{
	local both=(bridge "$1" br0 br1)

	add_bridge br0 ageing_time 360000
	add_bridge br1 ageing_time 360000
	ip link set bench4 master br0
	ip link set bench5 master br0
	cost mac bridge "$1" learn_from 4 "$1"
	with_all "show one" "${both[@]}" bridge fdb show br %
	is_all "$1"
	with_all "look whether one is old" "${both[@]}" \
		ip link set % type bridge ageing_time 720000
	with_all "forget one that is old" "${both[@]}" \
		ip link set % type bridge ageing_time 100
	bridge fdb show br br0 >"$tmp/output"
	is_all 0
}

case_addresses()
{
	addresses_of_segment "${SEGFAB_BENCH_ADDRESSES:-1000000}"
	addresses_of_bridge "${SEGFAB_BENCH_ADDRESSES:-1000000}"
}
