# SPDX-License-Identifier: GPL-2.0
# What the scripts of this folder share. To be sourced by bash.
# shellcheck shell=bash disable=SC2034

VM_DIR=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
TREE=$(cd -- "$VM_DIR/../.." && pwd -P)
CACHE=${SEGFAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/segfab}
ME=$(basename -- "$0")

# What a healthy kernel never says. Not "WARNING" alone: daemons write to the
# kernel's log too.
SPLAT='(^|\] |: )(BUG: |WARNING: |INFO: (rcu_|task |possible |trying to |'
SPLAT+='inconsistent |lockdep )|Kernel panic|Oops: |general protection fault|'
SPLAT+='UBSAN: |kernel BUG at |refcount_t: |unregister_netdevice: waiting|'
SPLAT+='rcu: INFO: |ODEBUG: |kmemleak: [0-9]+ new|list_(add|del) corruption|'
SPLAT+='watchdog: BUG|stack segment: |double fault: |ref_tracker: |'
SPLAT+='(INFO: )?possible (circular|recursive)|suspicious RCU usage|'
SPLAT+='kobject: .*tried to init)'
# But for this: the geneve driver of 6.12, at the first header with an option
# that it gets from anybody. What it writes to is there, behind a structure; the
# compiler was not told so until 6.15.
KNOWN_SPLAT='WARNING: CPU: [0-9]+ PID: [0-9]+ at include/net/ip_tunnels\.h:'
KNOWN_SPLAT+='[0-9]+ geneve_udp_encap_recv\+'

say()
{
	printf '%s: %s\n' "$ME" "$*" >&2
}

die()
{
	say "$*"
	exit 1
}

# Run a long command with its output in a log; show the end of it on failure.
#	logged LOG COMMAND...
logged()
{
	local log=$1

	shift
	if ! "$@" > "$log" 2>&1 < /dev/null; then
		tail -n 30 -- "$log" >&2
		return 1
	fi
}

# Whether a kernel is one that runs as a program of this host.
in_user_mode()
{
	[[ $1 =~ ^uml(-6\.12)?$ ]]
}

# What a kernel is called in build/: its short name, or for a folder the
# version of the kernel it holds.
kernel_name()
{
	case $1 in
	*/*)
		if [ -e "$1/version" ]; then
			cat -- "$1/version"
		else
			make -s -C "$1" kernelrelease
		fi ;;
	*)
		echo "$1" ;;
	esac
}
