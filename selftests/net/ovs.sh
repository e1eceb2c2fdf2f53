# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Open vSwitch in a namespace of a test, with an ovsdb-server and an
# ovs-vswitchd of its own. NODE is the variable with the namespace's name. A
# test sources it after lib.sh.

# shellcheck source-path=SCRIPTDIR
. "$NET_DIR/../uptime.sh"

schema=/usr/share/openvswitch/vswitch.ovsschema

in_ns() # NAMESPACE COMMAND...
{
	ip netns exec "$@"
}

vsctl() # NODE WORDS...
{
	# shellcheck disable=SC2154 # lib.sh sets it
	ovs-vsctl --db="unix:$tmp/$1/db.sock" "${@:2}"
}

start_daemon() # NODE DAEMON ARGUMENT...
{
	local dir=$tmp/$1

	OVS_RUNDIR=$dir OVS_LOGDIR=$dir OVS_DBDIR=$dir OVS_SYSCONFDIR=$dir \
		in_ns "${!1}" "${@:2}" --detach --no-chdir \
		--pidfile="$dir/$2.pid" --log-file="$dir/$2.log" \
		-vconsole:off 2>/dev/null || fail "$2 did not start"
	defer stop_daemon "$dir/$2.pid"
}

stop_daemon() # PIDFILE
{
	[[ ! -e $1 ]] || kill "$(<"$1")"
}

# start_ovs NODE: a database and a daemon; ended with the subtest or test.
start_ovs()
{
	local dir=$tmp/$1

	wait_for_uptime
	mkdir "$dir"
	defer rm -rf "$dir"
	ovsdb-tool create "$dir/conf.db" "$schema"
	start_daemon "$1" ovsdb-server "$dir/conf.db" \
		--remote="punix:$dir/db.sock"
	check vsctl "$1" --no-wait init
	start_daemon "$1" ovs-vswitchd "unix:$dir/db.sock"
}
