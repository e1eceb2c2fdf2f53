#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A child segment on two hosts over VXLAN, on IPv6: see child.sh.

# child.sh calls what looks unreachable.
# shellcheck disable=SC2317
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/child.sh"

connect() # LOCAL REMOTE
{
	overlay "2001:db8::${1##*.}" "2001:db8::${2##*.}" \
		vxlan external dstport 4789 nolearning
}

disconnect()
{
	overlay_gone
}

run_child
