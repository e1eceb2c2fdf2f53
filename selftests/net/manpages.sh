#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The examples of the manual pages print what the pages say. They are turned
# into the form of the other documents; .\" run: is a hidden command there.

set -eu

tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# shellcheck disable=SC2016 # nothing is to be expanded
for page in "$tree"/tools/man/*.8; do
	sed 's/^\.\\" run: \(.*\)/.. run:\n   \1/
	     s/^\.EX$/```console/; s/^\.EE$/```/
	     s/\\&//g; s/\\-/-/g; s/\\(ga/`/g; s/\\(aq/'\''/g; s/\\e/\\/g' \
		"$page" >"$tmp/$(basename "$page").md"
done
"$tree/selftests/docs/examples.py" "$tmp"/*.md
