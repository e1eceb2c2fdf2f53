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
	overlay "$1" "$2" geneve external
}

disconnect()
{
	overlay_gone
}

run_child
