#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every change with every allocation in it failing: see faults.py.

. "$(dirname "$0")/python.sh"
exec_python faults.py "$@"
