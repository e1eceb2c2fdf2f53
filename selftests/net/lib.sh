#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests of segfab share. A test sources it, declares its subtests with
# "subtest FUNCTION DESCRIPTION" and ends with "run_subtests". Everything that
# a test makes lies in network namespaces with random names and is undone by
# "defer", at the end of the subtest or, if made outside of one, of the test.
#
# Needs root and the module; a test that cannot run here says why and ends
# with 4, one that failed with 1.

set -u
shopt -s extglob
export LC_ALL=C

readonly ksft_fail=1 ksft_skip=4
NET_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Numbers are divided by it where the kernel checks itself and is slow.
# shellcheck disable=SC2034 # for the tests
SCALE=1
scale_reason=
if [[ -e /proc/lockdep || -e /sys/kernel/debug/kmemleak ]]; then
	SCALE=${KSFT_SCALE:-10}
	scale_reason="numbers divided by $SCALE: the kernel checks itself"
fi

# --- undo --------------------------------------------------------------------

reply=			# of frames.py
tmp=			# a folder for files
deferred=()

# defer COMMAND...: run it at the end of the subtest (or test), last one first.
defer()
{
	local quoted

	printf -v quoted '%q ' "$@"
	deferred+=("$quoted")
}

# undo COUNT: run what was deferred, until COUNT commands are left.
undo()
{
	local command

	while ((${#deferred[@]} > $1)); do
		command=${deferred[-1]}
		unset 'deferred[-1]'
		eval "$command"
	done
}

quietly() # COMMAND...
{
	"$@" >/dev/null 2>&1
}

trap 'undo 0' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- results -----------------------------------------------------------------

subtest_functions=()
subtest_names=()
failed=0
skipped=
in_subtest=0

# SUBTESTS, if it is set, names those that are to run, separated by commas.
subtest() # FUNCTION DESCRIPTION
{
	[[ -z ${SUBTESTS-} || ,$SUBTESTS, == *",$1,"* ]] || return 0
	subtest_functions+=("$1")
	subtest_names+=("$2")
}

# Every word of SUBTESTS is the name of a subtest.
know_subtests()
{
	local name

	for name in ${SUBTESTS//,/ }; do
		[[ " ${subtest_functions[*]} " == *" $name "* ]] || {
			echo "# there is no subtest $name"
			exit $ksft_fail
		}
	done
}

# run_subtests: each with before_each first, if the test has one.
run_subtests()
{
	local i base line status=0 skips=0

	[[ -z ${SUBTESTS-} ]] || know_subtests
	for ((i = 0; i < ${#subtest_functions[@]}; i++)); do
		base=${#deferred[@]}
		failed=0
		skipped=
		in_subtest=1
		! declare -F before_each >/dev/null || before_each
		declare -F "${subtest_functions[i]}" >/dev/null ||
			fail "there is no function ${subtest_functions[i]}"
		"${subtest_functions[i]}"
		undo "$base"
		in_subtest=0

		line="ok $((i + 1)) ${subtest_names[i]}"
		if ((failed)); then
			line="not $line"
			status=$ksft_fail
		elif [[ -n $skipped ]]; then
			line+=" # SKIP $skipped"
			skips=$((skips + 1))
		fi
		echo "$line"
	done
	((skips == i)) && status=$ksft_skip
	exit "$status"
}

# plan: say how many subtests there are; start_fabric does it.
plan()
{
	echo "KTAP version 1"
	echo "1..${#subtest_functions[@]}"
	[[ -z $scale_reason ]] || echo "# $scale_reason"
}

skip_all() # REASON
{
	echo "KTAP version 1"
	echo "1..0 # SKIP $1"
	exit "$ksft_skip"
}

# need PROGRAM...: without them the whole test is skipped.
need()
{
	local program

	for program; do
		command -v "$program" >/dev/null ||
			skip_all "there is no $program"
	done
}

# fail TEXT...: the subtest fails and goes on; nothing works without the setup.
fail()
{
	printf '# %s\n' "$@"
	failed=1
	((in_subtest)) || exit "$ksft_fail"
	return 1
}

skip() # REASON
{
	skipped=$1
}

check_eq() # WHAT EXPECTED GOT
{
	[[ $2 == "$3" ]] && return
	fail "$1:" "  expected ${2//$'\n'/$'\n#            '}" \
		"  got      ${3//$'\n'/$'\n#            '}"
}

# check_lines WHAT [LINE]...: these, in any order, are the lines of reply.
check_lines()
{
	local line rest=$'\n'$reply$'\n'

	[[ -n $reply ]] || rest=$'\n'
	for line in "${@:2}"; do
		if [[ $rest != *$'\n'"$line"$'\n'* ]]; then
			rest=
			break
		fi
		rest=${rest/$'\n'"$line"$'\n'/$'\n'}
	done
	[[ $rest == $'\n' ]] && return
	printf -v line '\n#            %s' "${@:2}"
	fail "$1:" "  expected ${line#$'\n#            '}" \
		"  got      ${reply//$'\n'/$'\n#            '}"
}

check_match() # WHAT PATTERN GOT
{
	# shellcheck disable=SC2053 # it is a pattern
	[[ $3 == $2 ]] && return
	fail "$1:" "  expected $2" "  got      ${3//$'\n'/$'\n#            '}"
}

# check_range WHAT LOWEST HIGHEST GOT
check_range()
{
	(($2 <= $4 && $4 <= $3)) || fail "$1: expected $2 to $3, got $4"
}

# check COMMAND...: it has to succeed.
check()
{
	local out status

	"$@" >"$tmp/out" 2>&1 && return
	status=$?
	out=$(<"$tmp/out")
	fail "$*:" "  ended with $status: ${out//$'\n'/$'\n#   '}"
}

# refused PATTERN COMMAND...: it has to fail, and its words to match.
refused()
{
	local pattern=$1 out

	shift
	if "$@" >"$tmp/out" 2>&1; then
		fail "$*: expected a refusal"
		return
	fi
	IFS= read -rd '' out <"$tmp/out"
	check_match "$*" "$pattern" "${out%$'\n'}"
}

# --- waiting -----------------------------------------------------------------

exec {idle}<> <(:)

pause() # SECONDS, without a process
{
	read -rt "$1" -u "$idle" || :
}

# busywait SECONDS COMMAND...: until it succeeds.
busywait()
{
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		((SECONDS <= end)) || return 1
		pause 0.05
	done
}

eventually() # SECONDS COMMAND...
{
	busywait "$@" >/dev/null 2>&1 ||
		fail "not within $1 s: ${*:2}"
}

# --- network namespaces ------------------------------------------------------

delete_ns() # NAME
{
	local pids

	pids=$(ip netns pids "$1" 2>/dev/null)
	# shellcheck disable=SC2086 # several words
	[[ -z $pids ]] || kill -KILL $pids 2>/dev/null
	ip netns del "$1" 2>/dev/null
	return 0
}

# setup_ns VARIABLE...: make namespaces, set the variables to their names.
# There is nobody in them who talks unasked.
setup_ns()
{
	local variable name

	for variable; do
		printf -v name '%s-%04x%04x' "${variable,,}" $RANDOM $RANDOM
		ip netns add "$name" || exit 1
		defer delete_ns "$name"
		printf -v "$variable" %s "$name"
		ip netns exec "$name" sh -c '
			echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
			echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
			ip link set lo up' 2>/dev/null
	done
}

# --- the fabric under test ---------------------------------------------------
#
# What a subtest makes goes when it ends, what is made outside of one with the
# namespaces.
#
# HOST is the namespace with the segments and the host ends of the VM ports,
# VMS the one with the machines' ends; both ends of a port have the same name.

# seg WORD...: segctl in HOST. One process, with -j and -s, serves all commands
# of a test but those that have options of their own.
seg()
{
	local status

	if [[ $1 == -* ]]; then
		segctl -n "$HOST" "$@"
		return
	fi
	frames segctl "$HOST" "$@"
	status=$?
	[[ -z $reply ]] || printf '%s\n' "$reply"
	return "$status"
}

host() # ip in HOST
{
	ip -n "$HOST" "$@"
}

vms() # ip in VMS
{
	ip -n "$VMS" "$@"
}

# frames COMMAND...: ask frames.py; the lines of its answer go to reply.
frames()
{
	local IFS=$'\t' line status=0

	echo "$*" >&7
	reply=
	while IFS= read -r line <&8; do
		case $line in
		.)
			reply=${reply%$'\n'}
			return "$status" ;;
		!)
			reply=${reply%$'\n'}
			return 1 ;;
		error:*)
			fail "frames.py: ${line//$'\t'/ }"
			status=1 ;;
		*)
			reply+=$line$'\n' ;;
		esac
	done
	fail "frames.py is gone"
}

# show FORMAT WORD...: what "segctl WORD..." in HOST tells about each object,
# put into words by FORMAT, as in show "{child}/{id} {vlan}" binding show.
# Sorted, into reply.
show()
{
	frames show "$HOST" "$@"
}

start_frames()
{
	local to from

	coproc "$NET_DIR/frames.py"
	# shellcheck disable=SC2154 # coproc sets it
	defer kill "$COPROC_PID"
	# other numbers, because subshells do not get those of a coproc
	to=${COPROC[1]} from=${COPROC[0]}
	exec 7>&"$to" 8<&"$from"
	eval "exec $to>&- $from<&-"
}

# start_fabric: print the plan, make HOST and VMS, start frames.py.
start_fabric()
{
	((UID == 0)) || skip_all "needs root"
	need ip segctl python3
	plan
	tmp=$(mktemp -d)
	defer rm -rf "$tmp"
	start_frames
	setup_ns HOST VMS
	vms -b - <<-END
		link add fence0 type veth peer name fence1
		link set fence0 up
		link set fence1 up
	END
	frames open .from "$VMS" fence0
	frames open .to "$VMS" fence1
}

fabric=()

mac_of() # DEVICE in HOST: its address without colons
{
	local out

	out=$(host -o link show dev "$1")
	[[ $out =~ link/ether\ ([0-9a-f:]+) ]]
	echo "${BASH_REMATCH[1]//:/}"
}

# segments NAME...: make them, up.
segments()
{
	local name

	check host -b - < <(for name; do
		echo "link add name $name type segment"
		echo "link set dev $name up"
	done)
	((in_subtest)) || fabric+=("$@")
	((!in_subtest)) || for name; do
		defer quietly host link del "$name"
	done
}

# ports SEGMENT NAME...: VM ports, up; frames.py listens at the machines' ends.
ports()
{
	local segment=$1 name

	shift
	check host -b - < <(for name; do
		echo "link add name $name type veth peer name $name netns $VMS"
		echo "link set dev $name master $segment up"
	done)
	check vms -b - < <(printf 'link set dev %s up\n' "$@")
	for name; do
		frames open "$name" "$VMS" "$name"
		((!in_subtest)) || defer remove_port "$name"
	done
}

# zones MODE NAME...: make transport zones.
zones()
{
	local mode=$1 name

	shift
	for name; do
		check seg zone add "$name" mode "$mode"
		((!in_subtest)) || defer quietly host link del "$name"
	done
}

# uplinks ZONE NAME...: uplinks of a VLAN zone, up; frames.py listens at the
# other ends, where the switch would be.
uplinks()
{
	local zone=$1 name

	shift
	for name; do
		check host link add name "$name" type veth \
			peer name "$name" netns "$VMS"
		check vms link set dev "$name" up
		check host link set dev "$name" up
		check seg uplink add "$name" zone "$zone"
		frames open "$name" "$VMS" "$name"
		((!in_subtest)) || defer remove_port "$name"
	done
	frames got
}

# has_carrier PORT: the core has noticed that, which it does in its own time, or
# when it is asked about this one link; before that the port sends nothing.
has_carrier()
{
	[[ $(host link show dev "$1") == *" state UP "* ]]
}

remove_port() # NAME
{
	frames close "$1"
	quietly host link del dev "$1"	# it may be named "up"
}

# bind CHILD ID PARENT VLAN [MORE]: a binding map.
bind()
{
	check seg binding add "$1" "$2" parent "$3" vlan "${@:4}"
	((!in_subtest)) || defer quietly seg binding del "$1" "$2"
}

# red_blue_web: the parents red, with ports R and R2, and blue, with port B; and
# web, with port W, the child of red by tag 10 and of blue by tag 20.
red_blue_web()
{
	segments red blue web
	ports red R R2
	ports blue B
	ports web W
	bind web m1 red 10
	bind web m2 blue 20
}

# forget: no addresses are known in the segments made outside of subtests.
forget()
{
	local name

	for name in "${fabric[@]}"; do
		check seg fdb flush "$name"
	done
	frames got
}

# arrived [PORT=FRAME]...: exactly these arrived since the last time.
arrived()
{
	frames got
	check_lines "frames that arrived" "$@"
}

# passes PORT FRAME [PORT=FRAME]...: this sent, exactly these copies arrive.
passes()
{
	frames exchange "$1" "$2"
	check_lines "$2 sent by $1" "${@:3}"
}

mark()
{
	frames mark "$HOST"
}

# counted [COUNTER=VALUE]...: exactly these counters changed since the last
# time, by so much. Names are those of a port, a segment or CHILD/ID.
counted()
{
	frames delta "$HOST"
	check_lines "counters that changed" "$@"
}
