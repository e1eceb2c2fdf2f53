# SPDX-License-Identifier: GPL-2.0
# What the demonstrations share: how they tell their story.
# shellcheck shell=bash

failures=0

title()
{
	printf '\n%s\n' "$1"
}

# result TEXT WORD: one line of 80 columns at most.
result()
{
	local dots=......................................................................

	printf '  %s %s %s\n' "$1" "${dots:${#1}}" "$2"
}

# step TEXT COMMAND...: what the command prints is shown only if it fails.
step()
{
	local text=$1 out

	shift
	if out=$("$@" 2>&1); then
		result "$text" ok
		return
	fi
	result "$text" failed
	failures=$((failures + 1))
	[[ -z $out ]] || printf '    %s\n' "${out//$'\n'/$'\n'    }"
	return 1
}

# must TEXT COMMAND...: a step without which the rest makes no sense.
must()
{
	step "$@" || exit 1
}

cannot_run()
{
	echo "${0##*/}: $*" >&2
	exit 4
}

# shown COMMAND...: as if typed, with what it prints.
shown()
{
	title "\$ $*"
	"$@" || failures=$((failures + 1))
}

summary()
{
	echo
	if ((failures)); then
		echo "$failures failed"
		exit 1
	fi
	echo "all ok, $SECONDS seconds"
}
