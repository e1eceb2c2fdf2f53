#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A child segment on two hosts over Geneve: see child.sh.

# child.sh calls what looks unreachable.
# shellcheck disable=SC2317
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/child.sh"

connect() # LOCAL REMOTE
{
	ip link set eth0 mtu 1600 &&
	ip addr add "$1/24" dev eth0 &&
	ip link add tunnel mtu 1500 type geneve id 5000 remote "$2" &&
	ip link set tunnel master pods up
}

disconnect()
{
	ip link del tunnel
	ip addr flush dev eth0
}

run_child
