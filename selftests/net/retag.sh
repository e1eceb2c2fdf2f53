#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# R10: changing the tag or the parent of a binding map under traffic. A pod
# sends each frame under both tags all the time, of which one is bound; a
# machine on the child answers. What is exact: every frame of the machine
# arrives once, under one of the two tags; every frame of the pod is delivered
# or dropped as unbound; nothing ever shows up anywhere else.
#
#	red (R R2)      blue (B)
#	 | 10 or 11      | 20     | 11 and 10, when web does not have them
#	web (W)         web     other (O): nothing of this may get there

. "$(dirname "$0")/lib.sh"

readonly switches=$((SCALE > 1 ? 12 : 100))

# sum FRAMES PATTERN: how many of them arrived
sum()
{
	awk -v pattern="^($2)(x|$)" '$0 ~ pattern {
		count = match($0, /x[0-9]+$/) ? substr($0, RSTART + 1) : 1
		sum += count
	} END { print sum + 0 }' <<<"$1"
}

# traffic POD_FRAMES -- COMMAND...: both directions while the command runs;
# sets got, from_pod and from_vm
traffic()
{
	local pod=()

	while [[ $1 != -- ]]; do
		pod+=("$1")
		shift
	done
	shift
	frames start R 0 "${pod[@]}"
	frames start W 0 0b-0a
	"$@"
	frames stop R
	from_pod=$reply
	frames stop W
	from_vm=$reply
	frames got
	got=$reply
	echo "# $switches switches, pod sent $from_pod times, VM $from_vm"
}

switch_tag()
{
	local i

	for ((i = 0; i < switches; i++)); do
		check seg binding set web m1 vlan $((10 + (i + 1) % 2))
	done
}

subtest tag "R10 a new tag: no frame is lost, none goes astray"
tag()
{
	mark
	traffic 0a-0b@10 0a-0b@11 -- switch_tag
	frames delta "$HOST"
	counters=$reply
	check_eq "frames of the VM at the pod" "$from_vm" \
		"$(sum "$got" 'R=0b-0a@1[01]')"
	check_eq "frames of the pod, delivered and unbound" $((2 * from_pod)) \
		"$(($(sum "$got" W=0a-0b) + $(unbound "$counters")))"
	check_range "frames of the pod at the VM" $((from_pod - switches)) \
		$((from_pod + switches)) "$(sum "$got" W=0a-0b)"
	check_eq "frames elsewhere" 0 "$(($(sum "$got" '.*') - from_vm -
		$(sum "$got" W=0a-0b)))"
}

unbound() # COUNTERS
{
	sed -n 's/^R.drop_unbound_vlan=//p' <<<"$1"
}

# The tag that web leaves goes to another child at once.
swap_tag()
{
	local i

	for ((i = 0; i < switches / 2; i++)); do
		check seg binding set web m1 vlan 12
		check seg binding set other m1 vlan 10
		check seg binding set web m1 vlan 11
		check seg binding set web m1 vlan 12
		check seg binding set other m1 vlan 11
		check seg binding set web m1 vlan 10
	done
}

subtest swap "R10 a tag that goes to another child takes nothing along"
swap()
{
	bind other m1 red 11
	# the other child has its own pod and machine
	frames send R 0d-ff@11
	frames send O 0e-ff
	frames got
	frames start O 0 0e-0d
	traffic 0a-0b@10 0a-0b@11 0a-0b@12 -- swap_tag
	frames stop O
	from_other=$reply
	frames got
	got+=$'\n'$reply
	check_eq "frames of the VM at the pod" "$from_vm" \
		"$(sum "$got" 'R=0b-0a@1[012]')"
	check_eq "frames of the other VM at its pod" "$from_other" \
		"$(sum "$got" 'R=0e-0d@1[01]')"
	# 0b is unknown to the other child and flooded there, to nobody else
	# than its own; web's machine gets its own frames only
	check_eq "frames elsewhere" 0 "$(($(sum "$got" '.*') - from_vm -
		from_other - $(sum "$got" W=0a-0b) - $(sum "$got" O=0a-0b) -
		$(sum "$got" 'R2=0a-0b@1[01]')))"
	check_range "frames of the pod at the VM" \
		$((from_pod - 3 * switches)) $((from_pod + 3 * switches)) \
		"$(sum "$got" W=0a-0b)"
}

switch_parent()
{
	local i parents=(blue red)

	for ((i = 0; i < switches; i++)); do
		check seg binding set web m1 parent "${parents[i % 2]}" vlan 10
	done
}

# The pod talks from both parents; what it sent last says where it is, and a
# map that moves takes the address along as unknown: flooded, not lost.
subtest parent "R10 a new parent: no frame is lost, none goes astray"
parent()
{
	check seg binding del web m2
	traffic 0a-0b@10 -- switch_parent
	check_eq "frames of the VM, on one of the parents" "$from_vm" \
		"$(sum "$got" '(R|B)=0b-0a@10')"
	check_eq "frames elsewhere" 0 "$(($(sum "$got" '.*') - from_vm -
		$(sum "$got" R2=0b-0a@10) - $(sum "$got" W=0a-0b)))"
	check seg binding add web m2 parent blue vlan 20
}

switch_port()
{
	local i masters=(blue red)

	for ((i = 0; i < switches; i++)); do
		check host link set dev R master "${masters[i % 2]}"
	done
}

# The pod has a tag in both parents; between them its frames are the host's.
subtest move_port "a port goes to another parent and back: none goes astray"
move_port()
{
	passes R 01-ff R2=01-ff
	traffic 0a-0b@10 0a-0b@20 -- switch_port
	check_range "frames of the pod at the VM" $((from_pod / 4)) \
		$((from_pod + switches)) "$(sum "$got" W=0a-0b)"
	check_eq "frames elsewhere" 0 "$(($(sum "$got" '.*') -
		$(sum "$got" '(R|R2)=0b-0a@10') - $(sum "$got" '(R|B)=0b-0a@20') -
		$(sum "$got" W=0a-0b)))"
	passes R 01-ff R2=01-ff
	check host link set dev R master blue
	passes R 0a-0b@20 W=0a-0b
	passes W 0b-0a R=0b-0a@20
	# what was known behind it in its old segment is not any more
	passes R2 02-01
	show "{mac} {state}" fdb show red
	check_lines "addresses in red" "$(host -j link show dev red |
		jq -r '.[].address') local" "02:00:00:00:00:02 learned"
	check host link set dev R master red
	passes R 0a-0b@10 W=0a-0b
	passes W 0b-0a R=0b-0a@10
}

subtest move_all "R10 replace changes tag and parent in one step"
move_all()
{
	local i to=("blue vlan 11" "red vlan 10")

	check seg binding del web m2
	frames start W 0 0b-ff
	for ((i = 0; i < switches; i++)); do
		# shellcheck disable=SC2086 # several words
		check seg binding replace web m1 parent ${to[i % 2]}
	done
	frames stop W
	from_vm=$reply
	frames got
	got=$reply
	check_eq "broadcasts, at the ports of one parent" "$from_vm" \
		"$(($(sum "$got" R=0b-ff@10) + $(sum "$got" B=0b-ff@11)))"
	check_eq "at both ports of red" "$(sum "$got" R=0b-ff@10)" \
		"$(sum "$got" R2=0b-ff@10)"
	check_eq "frames elsewhere" 0 "$(($(sum "$got" '.*') - from_vm -
		$(sum "$got" R2=0b-ff@10)))"
	check seg binding add web m2 parent blue vlan 20
}

before_each()
{
	forget
	frames send R 0a-ff@10
	frames send W 0b-ff
	frames got
}

start_fabric
red_blue_web
segments other
ports other O
run_subtests
