#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The part of "lines" that runs in the test machine: two flows, each on a
# processor of its own, while the emulator writes down what they touch.
#
#	lines.sh FOLDER SHARE PATH

set -euo pipefail

folder=$1 share=$2
# shellcheck disable=SC2034 # paths.sh uses it
readonly frame=60 count=1000
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/paths.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/time.sh"

# In place of a comparison of how long they take.
mark() # PATH SPEC SPEC
{
	[[ $* != *shared* ]] || return 0
	cat /proc/kallsyms >"$share/symbols"
	cat /sys/module/segfab/sections/.text >"$share/text"
	echo "$2 count=$count cpu=0;$3 count=$count cpu=1" >"$bench/run"
	echo "$2 count=$count cpu=0 marks;$3 count=$count cpu=1 marks" \
		>"$bench/run"
	cat "$bench/run"
}

sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
insmod "$folder/segfab_bench.ko" devices=4
for dev in /sys/class/net/bench*; do
	up "${dev##*/}"
done
compare=mark
"cpus_$3"
