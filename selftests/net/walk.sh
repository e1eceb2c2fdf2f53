#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A random walk through the configuration: see walk.py.

. "$(dirname "$0")/python.sh"
exec_python walk.py "$@"
