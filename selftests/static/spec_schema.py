#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The netlink specification keeps to the kernel's own schema.

The schema is that of Linux 6.12, which selftests/vm/ynl puts into the cache.
selftests/net/ynl.sh uses the kernel's programs on the specification, in the
test machine; this is what can be said of it without one.
"""

import subprocess
import sys

import jsonschema

from spec import SPEC, TREE, load


def complaints(spec, schema):
    """What the schema does not allow, a line each: where, and what."""
    found = jsonschema.Draft7Validator(schema).iter_errors(spec)
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
            for e in found]


def main():
    folder = subprocess.run([f"{TREE}/selftests/vm/ynl"], check=True,
                            stdout=subprocess.PIPE, text=True).stdout.strip()
    spec = load(SPEC)
    wrong = complaints(spec, load(
        f"{folder}/Documentation/netlink/{spec['protocol']}.yaml"))
    print("\n".join(wrong) or "the specification keeps to the schema")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
