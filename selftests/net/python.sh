# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# To be sourced by tests that are a program in Python which reads the
# specification.

# exec_python PROGRAM [ARGUMENT]...: become it, or skip the test.
exec_python()
{
	cd "$(dirname "$0")" || exit 1
	if ((UID != 0)) || ! python3 -c "import yaml" 2>/dev/null; then
		echo "KTAP version 1"
		echo "1..0 # SKIP needs root and python3-yaml"
		exit 4
	fi
	exec python3 "$@"
}
