# SPDX-License-Identifier: GPL-2.0
#
# What the tests for two hosts share, on top of ../net/lib.sh. The same test
# runs in both machines of "vm/run --hosts 2". Host 1 is where it happens: there
# the subtests run. Host 2 does what it is asked by "on 2", in a shell that has
# all the functions of the test.
# shellcheck shell=bash

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../net/lib.sh"

name=${0##*/}
talk=${SEGFAB_SHARED-}/${name%.sh}	# commands and answers, numbered
asked=1

# in time, but not after the other machine has ended
await() # FILE
{
	local end=$((SECONDS + 120))

	until [[ -e $1 ]]; do
		((SECONDS < end)) || return 1
		[[ ! -e $SEGFAB_SHARED/ended.$((3 - SEGFAB_HOST)) ]] || return 1
		pause 0.02
	done
}

publish() # FILE, whole at once
{
	cat >"$1.new"
	mv "$1.new" "$1"
}

# on HOST COMMAND [WORD]...: run a program or function there; what it says is
# said here, and its status is that of "on".
on()
{
	if (($1 == SEGFAB_HOST)); then
		"${@:2}"
		return
	fi
	while [[ -e $talk/$asked ]]; do
		asked=$((asked + 1))
	done
	printf '%q ' "${@:2}" | publish "$talk/$asked"
	await "$talk/$asked.status" || {
		echo "host $1 does not answer"
		return 1
	}
	cat "$talk/$asked.said"
	return "$(<"$talk/$asked.status")"
}

both() # COMMAND [WORD]...
{
	on 1 "$@" && on 2 "$@"
}

serve()
{
	local number

	in_subtest=1	# nothing that fails here ends this host
	for ((number = 1; ; number++)); do
		await "$talk/$number" || exit "$ksft_fail"
		[[ $(<"$talk/$number") != "release " ]] || exit 0
		eval "$(<"$talk/$number")" >"$talk/$number.said" 2>&1
		echo $? | publish "$talk/$number.status"
	done
}

release()
{
	while [[ -e $talk/$asked ]]; do
		asked=$((asked + 1))
	done
	echo "release " | publish "$talk/$asked"
}

# start_hosts: host 2 serves from here on, and host 1 goes on.
start_hosts()
{
	((UID == 0)) || skip_all "needs root"
	[[ -n ${SEGFAB_HOST-} ]] || skip_all "needs two hosts (vm/run --hosts 2)"
	need ip segctl ping
	mkdir -p "$talk"
	tmp=$(mktemp -d)
	defer rm -rf "$tmp"
	ip link set eth0 up
	defer ip link set eth0 down
	((SEGFAB_HOST == 1)) || serve
	defer release
}
