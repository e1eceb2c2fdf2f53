#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module is removed and loaded again, under traffic. It comes last, by its
# name: whatever the tests before it left behind would show here.

. "$(dirname "$0")/lib.sh"

readonly rounds=$((SCALE > 1 ? 5 : 40))

fabric_up()
{
	host -b - <<-END || fail "batch"
		link add name red type segment
		link add name web type segment
		link set dev red up
		link set dev web up
		link set dev R master red up
		link set dev W master web up
	END
	check seg binding add web m1 parent red vlan 10
}

unload()
{
	# who has talked to it before has the number of the old one
	frames fresh
	check rmmod segfab
}

load()
{
	# who has talked to it before has the number of the old one
	frames fresh
	if [[ -n $file ]]; then
		check insmod "$file"
	else
		check modprobe segfab
	fi
}

subtest idle "removed and loaded again many times"
idle()
{
	local i

	for ((i = 0; i < rounds; i++)); do
		unload && load || return
	done
	refused "*" seg binding add web m1 parent red vlan 10
}

changes_are_told()
{
	seg segment set red ageing 299
	seg segment set red ageing 300
	[[ -s $tmp/monitor ]]
}

subtest without "segctl says that there is no module"
without()
{
	local pid words

	if modinfo segfab >/dev/null 2>&1; then
		skip "the kernel would load it"
		return
	fi
	host link add name red type segment
	timeout 20 segctl -n "$HOST" monitor segment >"$tmp/monitor" 2>&1 &
	pid=$!
	eventually 10 changes_are_told
	unload || return
	wait "$pid"
	check_eq "exit code of the monitor" 2 $?
	check_eq "its last words" "Error: the module was removed." \
		"$(tail -n 1 "$tmp/monitor")"
	for words in "segment show" "segment add new" "zone add new"; do
		# shellcheck disable=SC2086 # these are words
		check_eq "what segctl $words says" "Error: the kernel has no\
 segfab: load the module with \"modprobe segfab\"." \
			"$(segctl -n "$HOST" $words 2>&1)"
	done
	load
}

subtest traffic "removed under traffic, with segments, ports and binding maps"
traffic()
{
	local i

	fabric_up
	passes R 0a-ff@10 W=0a-ff
	frames start R 0 0a-ff@10 0a-0b@10 01-ff@99 01-ff
	frames start W 0 0b-0a 0b-ff
	for ((i = 0; i < rounds / 5 + 1; i++)); do
		unload && load || return
		[[ $(host -br link show type segment 2>/dev/null) == "" ]] ||
			fail "a segment survived"
		fabric_up
	done
	frames stop R
	frames stop W
	# what got through since the last one came up
	frames got
	passes R 0a-ff@10 W=0a-ff
	passes W 0b-0a R=0b-0a@10
}

subtest many "removed with much to clean up"
many()
{
	local i count=$((500 / SCALE))

	seg -b - < <(for ((i = 1; i <= count; i++)); do
		echo "segment add m$i"
		echo "binding add m$i a parent red vlan auto range 100-4000"
	done) >/dev/null || fail "batch"
	frames send R 0a-ff@10
	unload
	load
	show "{name}" segment show
	check_lines "segments after loading"
}

((UID == 0)) || skip_all "needs root"
[[ -d /sys/module/segfab ]] || skip_all "segfab is not a loaded module"
# where it came from: the tree it was built in, or the system
file=
for candidate in "$NET_DIR"/../../build/*/segfab.ko; do
	[[ -e $candidate ]] || continue
	[[ $(modinfo -F vermagic "$candidate") == "$(uname -r) "* ]] &&
		file=$candidate
done
[[ -n $file ]] || modinfo segfab >/dev/null 2>&1 ||
	skip_all "there is no segfab.ko to load again"
start_fabric
host -b - <<-END
	link add name R type veth peer name R netns $VMS
	link add name W type veth peer name W netns $VMS
END
for end in R W; do
	vms link set dev "$end" up
	frames open "$end" "$VMS" "$end"
done
run_subtests
