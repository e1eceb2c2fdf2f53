#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Command lines of segctl that need no kernel module:
#
#	cli.sh SEGCTL
#
# Each line of cli.tbl is a test; the output of every "help" is held against
# help.txt, which UPDATE=1 writes anew.
set -u
cd -- "$(dirname -- "${BASH_SOURCE[0]}")" || exit 1
export LC_ALL=C

segctl=${1:?cli.sh SEGCTL}

# What parses would be done where the module is loaded: not to this host.
if unshare -n true 2>/dev/null; then
	run=(unshare -n "$segctl")
elif unshare -rn true 2>/dev/null; then
	run=(unshare -rn "$segctl")
else
	run=("$segctl")
fi

count=0
status=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf -- "$tmp"' EXIT

result() # GOOD NAME [DETAIL]...
{
	count=$((count + 1))
	if (($1)); then
		echo "ok $count $2"
	else
		status=1
		printf '# %s\n' "${@:3}"
		echo "not ok $count $2"
	fi
}

# A line of the table: exit code | words | pattern of standard error. The code
# "parsed" is any but 1: the line is right, and what the kernel says to it does
# not matter here.
table_line() # CODE WORDS PATTERN
{
	local code words=() out err good=1

	eval "words=($2)"
	out=$("${run[@]}" "${words[@]}" 2>"$tmp/err" </dev/null)
	code=$?
	err=$(<"$tmp/err")

	if [[ $1 == parsed ]]; then
		((code == 0 || code == 2)) || good=0
	else
		((code == $1)) || good=0
	fi
	# shellcheck disable=SC2053 # it is a pattern
	[[ $err == $3 ]] || good=0
	# Errors are one line, which begins alike; nothing else is said then.
	if ((code)); then
		[[ $err == "Error: "* || $err == "Usage: "* ]] || good=0
		[[ -z $out ]] || good=0
	fi
	result $good "segctl $2" "exit code $code, standard error: $err" \
		"standard output: $out"
}

table()
{
	local code words pattern

	while IFS='|' read -r code words pattern; do
		[[ $code && $code != \#* ]] || continue
		read -r code <<<"$code"
		read -r words <<<"$words"
		read -r pattern <<<"$pattern"
		table_line "$code" "$words" "$pattern"
	done <cli.tbl
}

help()
{
	local object

	"${run[@]}" help
	for object in segment port binding fdb zone uplink policy remote stats \
		monitor topology doctor trace why; do
		"${run[@]}" "$object" help
	done
}

golden()
{
	help >"$tmp/help" 2>&1
	[[ -z ${UPDATE-} ]] || cp "$tmp/help" help.txt
	if diff -u help.txt "$tmp/help" >"$tmp/diff"; then
		result 1 "help is as in help.txt"
	else
		result 0 "help is as in help.txt" "$(<"$tmp/diff")"
	fi
	result "$(awk 'length > 80 { bad = 1 } END { print !bad }' help.txt)" \
		"help fits 80 columns"
}

# batch NAME CODE PATTERN [OPTION]...: standard input is the file.
batch()
{
	local err code good=1

	cat >"$tmp/batch"
	err=$("${run[@]}" "${@:4}" -b "$tmp/batch" 2>&1 >/dev/null)
	code=$?
	((code == $2)) || good=0
	err=${err//"$tmp/"/}
	# shellcheck disable=SC2053 # it is a pattern
	[[ $err == $3 ]] || good=0
	result $good "batch: $1" "exit code $code, standard error: $err"
}

batches()
{
	batch "empty" 0 "" </dev/null
	batch "comments and blank lines" 0 "" <<-'END'
		# nothing

		   # to do
	END
	batch "help in several lines" 0 "" <<-'END'
		segment help # and a comment
		port \
			help
		"bind"ing 'help'
	END
	batch "the line of an error is named" 1 \
		"Error: batch:3: there is no object \"nonsense\"*" <<-'END'
		segment help

		nonsense
		rubbish
	END
	batch "a continued line is named by its first" 1 \
		"Error: batch:2: unexpected \"c\"*" <<-'END'
		segment help
		segment show a \
			c
	END
	batch "-force goes on, the first error decides" 1 \
		"Error: batch:1: *Error: batch:2: *" -force <<-'END'
		nonsense
		rubbish
	END
	batch "an open quote" 1 "Error: batch:1: a quote is open*" <<-'END'
		segment "show
	END
	batch "a quoted word is one" 1 'Error: batch:1: unexpected "x y".' \
		<<-'END'
		segment show a "x y"
	END
	batch "no line break at the end" 1 "Error: batch:1: *" \
		< <(printf nonsense)
	batch "lines that end as those of DOS" 0 "" \
		< <(printf 'segment \\\r\nhelp\r\n')
	batch "a comment is not continued" 1 "Error: batch:2: *\"nonsense\"*" \
		< <(printf '# and so on \\\nnonsense\n')
	batch "a number sign in a word is no comment" 1 \
		'Error: batch:1: unexpected "y#".' \
		< <(printf 'segment show x \\\ny#\\\n\n')
	batch "the end after a backslash" 1 "Error: batch:1: the file ends *" \
		< <(printf 'segment help \\\n')
	batch "a backslash at the end" 1 "Error: batch:1: the file ends *" \
		< <(printf 'segment help \x5c')
	batch "a zero byte" 1 "Error: batch:2: there is a zero byte *" \
		< <(printf 'segment help\nsegment help\0x\n')

	local good=1
	[[ $("${run[@]}" -b "$tmp/nowhere" 2>&1) == \
		"Error: $tmp/nowhere: No such file or directory." ]] || good=0
	result $good "batch: a file that is none"

	good=1
	[[ $(echo nonsense | "${run[@]}" -b - 2>&1) == \
		"Error: stdin:1: there is no object"* ]] || good=0
	result $good "batch: standard input"
}

# lost WORDS: what cannot be printed is an error: the disk is full, or there is
# no standard output.
lost()
{
	local code good=1

	# shellcheck disable=SC2086 # these are words
	"${run[@]}" $1 >/dev/full 2>"$tmp/err"
	code=$?
	((code == 2)) || good=0
	[[ $(<"$tmp/err") == "Error: standard output: No space"* ]] || good=0
	result $good "segctl $1: a full disk is seen" \
		"exit code $code, standard error: $(<"$tmp/err")"

	good=1
	# shellcheck disable=SC2086
	"${run[@]}" $1 >&- 2>"$tmp/err"
	code=$?
	((code == 2)) || good=0
	[[ $(<"$tmp/err") == "Error: standard output: Bad file"* ]] || good=0
	result $good "segctl $1: no standard output is seen" \
		"exit code $code, standard error: $(<"$tmp/err")"
}

# A socket must not get the number of a file that is closed.
files()
{
	local good=1

	lost "segment help"
	lost -V
	lost -h

	[[ $(timeout 10 "${run[@]}" -b - 2>&1 <&-) == \
		"Error: stdin:1: cannot be read"* ]] || good=0
	result $good "a batch without standard input"
	"${run[@]}" segment help >"$tmp/help" 2>&-
	result $((!$? && $(wc -l <"$tmp/help") > 1)) "no standard error"
}

# The number of tests is known afterwards only, which KTAP allows.
echo "KTAP version 1"
table
golden
batches
files
echo "1..$count"
exit $status
