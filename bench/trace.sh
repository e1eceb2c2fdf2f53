#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The part of "profile" that runs in the test machine: sets a path up, and
# sends frames while the emulator writes instructions down.
#
#	trace.sh FOLDER SHARE PATH

set -euo pipefail

folder=$1 share=$2
readonly bpf_object=$folder/paths.bpf.o frame=60
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/paths.sh"

# Frames for some seconds, in the middle of which the emulator writes down what
# it does for a moment.
traced() # NAME SPEC...
{
	: >"$share/$1.wanted"
	echo "${*:2} count=300000" >"$bench/run"
	until [ -e "$share/$1.done" ]; do
		sleep 0.1
	done
}

report()
{
	local direction=$3 direct="dev=0 direct"
	shift 3

	[ "$direction" != forward ] || direct="$direct vlan=100"
	[[ $* != *xdp* ]] || direct=${direct/direct/xdp-direct}
	# The addresses of programs that were loaded are known now, too.
	cat /proc/kallsyms >"$share/symbols"
	traced "$direction.base" "$direct"
	traced "$direction.path" "$*"
}

skip()
{
	echo "${*:2}"
	exit 1
}

sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
sysctl -qw net.core.bpf_jit_kallsyms=1
insmod "$folder/segfab_bench.ko" devices=$((ports + 1))
for dev in /sys/class/net/bench*; do
	up "${dev##*/}"
done
"path_$3"
