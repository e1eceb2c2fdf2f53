# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Many of everything: does a frame cost the same? Sourced by measure.sh, whose
# send() and bases it uses. Each result is printed with scale().
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
