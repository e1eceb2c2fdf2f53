# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
#
# What tracing costs who does not trace. Sourced by measure.sh, whose report()
# reads bases and copies. The module is loaded anew for each set-up: without
# tracing, as it is, and with an uplink whose trace is on.

# Somebody watches, but there is nothing to be seen.
let_traces_in()
{
	ip link add gnv type geneve external
	segctl zone add zone mode overlay
	segctl uplink add gnv zone zone trace on
}

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
	[ "$1" != watched ] || let_traces_in
	measure_tracing "$1"
	[ "$1" != watched ] || ip link del zone
	[ "$1" != watched ] || ip link del gnv
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
		with_variant watched "$modules/segfab.ko"
	done
}
