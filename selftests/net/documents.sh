#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The examples of the documents print what the documents say.

exec "$(dirname "$0")/../docs/examples.py"
