#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Measures data paths, inside the test machine under -icount, where a
# nanosecond of the clock is an instruction (but for time and cpus):
#
#	measure.sh FOLDER [CASE]...
#
# CASE is one of paths.sh; flat of scale.sh; devices, bindings or addresses of
# cost.sh; rtnl; tracing; time or cpus of time.sh. Of the paths of a case
# SEGFAB_BENCH_PATHS can choose some. FOLDER holds the generator and the eBPF
# programs. Prints one JSON object a line: case, path, direction, frame,
# instructions per frame (total, and net of generator and sink). "run" makes
# tables of it.

set -euo pipefail

readonly folder=$1
shift
readonly bpf_object=$folder/paths.bpf.o count=${SEGFAB_BENCH_COUNT:-5000}
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/paths.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/veth.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/scale.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/cost.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/rtnl.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tracing.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/time.sh"

declare -rA words_of=(
	[60]="len=60" [1514]="len=1514" [super]="len=65214 gso=1448"
)
declare -A bases
read -rd '' -a only <<<"${SEGFAB_BENCH_PATHS-}" || true

# send SPEC...: one run; fails unless each frame arrived, with the right tag.
send()
{
	local result

	echo "$* ${words_of[$frame]}" >"$bench/run"
	result=$(cat "$bench/run")
	jq -e --argjson copies "${copies:-1}" \
		'if .received == .sent * $copies and .wrong == 0
		 then .ns / .sent else empty end' <<<"$result" || {
		echo "$*: $result" >&2
		return 1
	}
}

print_result()
{
	jq -nc --arg case "$1" --arg path "$2" --arg direction "$3" \
		--arg frame "$frame" --argjson total "$4" --argjson base "$5" \
		--argjson copies "${copies:-1}" \
		'{case: $case, path: $path, direction: $direction,
		  frame: $frame, copies: $copies, total: ($total | round),
		  net: ($total - $base | round)}'
}

# What is done with a path; "reporter" may say another.
report()
{
	"${reporter:-report_count}" "$@"
}

report_count()
{
	local name=$1 path=$2 direction=$3 base total
	shift 3

	base=${bases[$direction]}
	[[ $* != *xdp* ]] || base=${bases[xdp-$direction]}
	send "$@" count=500 >/dev/null
	total=$(send "$@" count="$count")
	print_result "$name" "$path" "$direction" "$total" "$base"
}

skip()
{
	jq -nc --arg case "$1" --arg path "$2" --arg frame "$frame" \
		--arg reason "${*:3}" \
		'{case: $case, path: $path, frame: $frame, skip: $reason}'
}

measure_base()
{
	bases[forward]=$(send "dev=0 direct vlan=100 count=$count")
	bases[reverse]=$(send "dev=0 direct count=$count")
	print_result base "generator and sink" forward "${bases[forward]}" 0
	print_result base "generator and sink" reverse "${bases[reverse]}" 0
	[ "$frame" != super ] || return 0
	bases[xdp-forward]=$(send "dev=0 xdp-direct vlan=100 count=$count")
	bases[xdp-reverse]=$(send "dev=0 xdp-direct count=$count")
	print_result base "generator and sink, XDP" forward \
		"${bases[xdp-forward]}" 0
	print_result base "generator and sink, XDP" reverse \
		"${bases[xdp-reverse]}" 0
}

measure_case()
{
	local path

	if [ -z "${paths_of[$1]-}" ]; then
		[ "$frame" != 60 ] || "case_$1"
		return
	fi
	for path in ${paths_of[$1]}; do
		[[ " ${only[*]:-$path} " != *" $path "* ]] || "path_$path"
	done
}

# Nobody but the generator may send.
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
devices=$((ports + 1))
[[ " $* " != *" flat "* ]] || devices=1001
insmod "$folder/segfab_bench.ko" "devices=$devices"
for ((i = 0; i < devices; i++)); do
	echo "link set bench$i up"
done | ip -batch -
for frame in ${SEGFAB_BENCH_FRAMES:-60 1514 super}; do
	measure_base
	for name; do
		measure_case "$name"
	done
done
