# SPDX-License-Identifier: GPL-2.0
# To be sourced by what starts Open vSwitch in a machine that has just booted.
# shellcheck shell=bash

# Open vSwitch 3.1 asks for the number of processors at most once in ten
# seconds, counted from the boot: a daemon that is started before that has no
# processor, and no thread that would handle what the kernel sends up.
wait_for_uptime()
{
	local up

	while read -r up _ < /proc/uptime && ((${up%.*} <= 10)); do
		sleep 0.2
	done
}
