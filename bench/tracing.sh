# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# What tracing costs who does not trace: the case of "tracing". Sourced by
# measure.sh, whose report() and bases it uses. The module is loaded anew for
# each set-up, as it is and without tracing.

# A container and a machine, as path_segfab() has them; tag 101 is not bound.
measure_tracing() # VARIANT
{
	local to_vm="dev=0 smac=$pod dmac=$vm" copies

	teach "dev=1 smac=$vm dmac=$pod"
	teach "$to_vm vlan=100"
	report tracing "$1" forward "$to_vm vlan=100 expect=0"
	report tracing "$1" reverse "dev=1 smac=$vm dmac=$pod expect=100"
	bases[dropped]=0 copies=0
	report tracing "$1" dropped "$to_vm vlan=101 expect=0"
	bases[turns]=0 copies=0.5
	report tracing "$1" turns "$to_vm vlan=100 vlans=2 expect=0"
}

with_variant() # VARIANT MODULE
{
	insmod "$2"
	segctl segment add parent up
	segctl segment add child up
	ip link set bench0 master parent
	ip link set bench1 master child
	segctl binding add child b1 parent parent vlan 100
	measure_tracing "$1"
	ip link del child
	ip link del parent
	rmmod segfab
}

case_tracing()
{
	local modules=$folder/../../${folder##*/} i

	for ((i = 0; i < 4; i++)); do
		with_variant notrace "$modules/notrace/segfab.ko"
		with_variant trace "$modules/segfab.ko"
	done
}
