#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The netlink interface against its specification, and bad input of every
# kind: see netlink_contract.py.

. "$(dirname "$0")/python.sh"
exec_python netlink_contract.py "$@"
