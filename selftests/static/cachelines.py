#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check that what frames read is not where others write.

    cachelines.py [MODULE]

Looks with pahole(1) at the structures of a module that was built with debug
information, build/6.1/segfab.ko unless said otherwise. For each structure:
members that a known unicast frame reads, and members that are written while
frames run, by those that teach an address.
None of the first shares a cache line with any of the second; where the memory
of a structure begins at a cache line, what a frame reads of it is one line, if
that is said here.
"""
import os
import re
import shutil
import subprocess
import sys

LINE = 64

# structure: (read by frames, written meanwhile, read members in one line)
STRUCTS = {
    "sf_segment": (
        ("dev", "vlans", "guest_vlans", "flags", "ageing_time", "ports",
         "parents", "fdb"),
        ("fdb_lock", "fdb_list", "fdb_count", "fdb_sequence", "fdb_work",
         "stats"), False),
    "sf_port": (
        ("dev", "segment", "stats", "flags", "node", "fdb_limit",
         "fdb_limit_policy"),
        ("fdb_count",), True),
    "sf_binding": (
        ("child", "parent", "stats", "child_node", "vlan", "dead",
         "fdb_limit_policy", "fdb_limit"),
        ("fdb_count",), True),
}

# A line of pahole: the member's name, its place and its size.
MEMBER = re.compile(r"^\t.*?(\w+)(?:\[\d*\])?(?:\s+__attribute__.*?)?;"
                    r"\s*/\*\s+(\d+)\s+(\d+)\s")
SIZE = re.compile(r"/\* size: (\d+)")


def layout(module, name):
    """Cache lines by member, and the size of the structure."""
    text = subprocess.run(["pahole", "-C", name, module], check=True,
                          capture_output=True, text=True).stdout
    lines, size = {}, 0
    for line in text.splitlines():
        match = MEMBER.match(line)
        if match:
            start, length = int(match[2]), max(int(match[3]), 1)
            lines[match[1]] = set(range(start // LINE,
                                        (start + length - 1) // LINE + 1))
        match = SIZE.search(line)
        if match:
            size = int(match[1])
    return lines, size


def problems(module, name, read, written, together):
    lines, size = layout(module, name)
    missing = set(read + written) - set(lines)
    if missing:
        yield f"{name} has no member {', '.join(sorted(missing))}"
        return
    read_lines = set().union(*(lines[member] for member in read))
    for member in written:
        if lines[member] & read_lines:
            yield f"{name}.{member} is in a cache line that frames read"
    if together and read_lines != {0}:
        yield f"what frames read of {name} is not in its first cache line"
    # An odd size would come from a slab whose objects begin anywhere.
    if size % LINE:
        yield f"{name} has {size} bytes, which is no number of cache lines"


def main():
    module = sys.argv[1] if len(sys.argv) > 1 else "build/6.1/segfab.ko"
    if not os.path.exists(module) or not shutil.which("pahole"):
        print("there is no pahole, or no", module)
        return 4
    found = [text for name, what in STRUCTS.items()
             for text in problems(module, name, *what)]
    for text in found:
        print(text)
    return 1 if found else 0


sys.exit(main())
