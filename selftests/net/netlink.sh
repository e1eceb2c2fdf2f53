#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The netlink interface against its specification, and bad input of every
# kind: see netlink_contract.py.

cd "$(dirname "$0")" || exit 1
if ((UID != 0)) || ! python3 -c "import yaml" 2>/dev/null; then
	echo "KTAP version 1"
	echo "1..0 # SKIP needs root and python3-yaml"
	exit 4
fi
exec python3 netlink_contract.py "$@"
