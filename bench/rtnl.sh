# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# For how long RTNL is held at a time: nobody else can configure the host's
# network meanwhile. Sourced by measure.sh; results are printed with scale() of
# scale.sh.

readonly tracefs=/sys/kernel/tracing

# RTNL is a mutex, and taken as one where the compiler saw through rtnl_lock(),
# or by netlink for a dump.
watch_rtnl()
{
	local function address

	mountpoint -q $tracefs || mount -t tracefs tracefs $tracefs
	echo 16384 >$tracefs/buffer_size_kb
	address=$(awk '$3 == "rtnl_mutex" { print $1 }' /proc/kallsyms)
	for function in mutex_lock mutex_lock_killable mutex_trylock \
			mutex_unlock; do
		echo "p:$function $function mutex=%di:x64" \
			>>$tracefs/kprobe_events
		echo "mutex == 0x$address" \
			>$tracefs/events/kprobes/$function/filter
	done
	echo 1 >$tracefs/events/kprobes/enable
}

# How long RTNL was held each time, in nanoseconds, the shortest first. A task
# has it since it asked for it, or since the one before gave it back: there is
# one processor.
holds()
{
	awk '/^#/ { next }
	     { for (i = 2; $i !~ /^[0-9]+\.[0-9]+:$/; i++); time = $i + 0 }
	     / mutex_unlock: / {
		since = asked[$1] > given ? asked[$1] : given
		printf "%.0f\n", (time - since) * 1e9
		given = time
		next
	     }
	     { asked[$1] = time }' $tracefs/trace | sort -n
}

# hold WHAT PATH NUMBER COMMAND...: the longest time in the course of a command
hold()
{
	local what=$1 path=$2 number=$3
	shift 3

	sleep 1
	echo >$tracefs/trace
	"$@" >"$tmp/output"
	sleep 1
	holds >"$tmp/holds"
	scale "$what" "$path" "$number" \
		"$(awk 'END { print $1 + 0 }' "$tmp/holds")" "ns at most"
}

# The same for a program and as many lines, and how long it usually is.
hold_batch() # WHAT PATH NUMBER PROGRAM LINE
{
	for_each "$3" "$5" >"$tmp/batch"
	hold "$1" "$2" "$3" "$4" -b "$tmp/batch"
	scale "$1" "$2" "$3" "$(sed -n "$(($3 / 2))p" "$tmp/holds")" \
		"ns usually"
}

hold_devices() # KIND NUMBER
{
	hold_batch "make devices" "$1" "$2" ip \
		"link add $1% group 8 type $1"
	hold "remove devices" "$1" "$2" ip link del group 8
}

hold_bindings() # NUMBER
{
	segctl segment add pa up
	ip link set bench0 master pa
	children "$1"
	hold_batch "make binding maps" segfab "$1" segctl \
		"binding add c% a parent pa vlan %"
	hold "show binding maps" segfab "$1" segctl binding show
	hold "remove the parent" segfab "$1" ip link del pa
	ip link del group 7
}

# What stands for a binding map otherwise.
hold_vlans() # NUMBER
{
	add_bridge br0
	ip link set bench0 master br0
	hold_batch "make binding maps" "VLAN device" "$1" ip \
		"link add link br0 name v% type vlan id %"
	hold "remove the parent" "VLAN device" "$1" ip link del br0
}

# Until all of them are old, and a worker has seen it. A bridge would take too
# long to show more than so many: it begins anew for each part of the answer.
readonly old=30 forgotten=90 shown=100000

none_left() # COMMAND...
{
	"$@" >"$tmp/output"
	is_all 0
}

hold_addresses_of_segment() # NUMBER
{
	local show=(segctl fdb show seg)

	segctl segment add seg ageing 3600 up
	ip link set bench2 master seg
	ip link set bench3 master seg
	segctl port set bench2 fdb-limit none
	learn_from 2 "$1"
	if (($1 <= shown)); then
		hold "show addresses" segfab "$1" "${show[@]}"
		is_all "$1"
	fi
	hold "flush addresses" segfab "$1" segctl fdb flush seg
	none_left "${show[@]}"
	segctl segment set seg ageing $old
	learn_from 2 "$1"
	hold "forget them as old" segfab "$1" sleep $forgotten
	none_left "${show[@]}"
	segctl segment set seg ageing 3600
	learn_from 2 "$1"
	hold "remove their port" segfab "$1" ip link set bench2 nomaster
	none_left "${show[@]}"
	ip link del seg
}

hold_addresses_of_bridge() # NUMBER
{
	local show=(bridge fdb show br br0)

	add_bridge br0 ageing_time 360000
	ip link set bench4 master br0
	ip link set bench5 master br0
	learn_from 4 "$1"
	if (($1 <= shown)); then
		hold "show addresses" bridge "$1" "${show[@]}"
		is_all "$1"
	fi
	hold "flush addresses" bridge "$1" ip link set br0 type bridge fdb_flush
	none_left "${show[@]}"
	ip link set br0 type bridge ageing_time ${old}00
	learn_from 4 "$1"
	hold "forget them as old" bridge "$1" sleep $forgotten
	none_left "${show[@]}"
	ip link set br0 type bridge ageing_time 360000
	learn_from 4 "$1"
	hold "remove their port" bridge "$1" ip link set bench4 nomaster
	none_left "${show[@]}"
	ip link del br0
}

case_rtnl()
{
	local kind number

	watch_rtnl
	for kind in dummy segment bridge; do
		hold_devices $kind 1000
	done
	hold_bindings 4094
	hold_vlans 4094
	for number in 100000 1000000; do
		hold_addresses_of_segment "$number"
		hold_addresses_of_bridge "$number"
	done
}
