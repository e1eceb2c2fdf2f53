#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# segd drives the kernel: traffic, statistics, drift, sudden death. The tests
# are selftests/api/kernel_*.py, each against a daemon of its own; SUBTESTS names
# those that are to run.

. "$(dirname "$0")/lib.sh"

((UID == 0)) || skip_all "needs root"
need ip segctl segd curl ping
python3=/usr/bin/python3
"$python3" -c 'import jsonschema' 2>/dev/null ||
	skip_all "there is no python3-jsonschema"
SEGD_BUILD=$(dirname "$(command -v segd)")
export SEGD_BUILD
api=$NET_DIR/../api/run
IFS=, read -ra names <<< "${SUBTESTS-}"
exec unshare --net --mount bash -c 'ip link set lo up; exec "$@"' segd \
	"$python3" "$api" --kernel "${names[@]}"
