#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A child segment on two hosts by a VLAN of their network: see child.sh.

# child.sh calls what looks unreachable.
# shellcheck disable=SC2317
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/child.sh"

connect() # LOCAL REMOTE: they find each other
{
	segctl zone add zone mode vlan &&
	segctl uplink add eth0 zone zone &&
	segctl segment set pods zone zone vlan 100
}

disconnect()
{
	ip link del zone
}

run_child
