#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check that what frames read is not where others write.

    cachelines.py [MODULE]

Looks with pahole(1) at the structures of a module that was built with debug
information, build/6.1/segfab.ko unless said otherwise. For each structure:
members that a known unicast frame reads, and members that are written while
frames run, by those that teach an address or for another cause. None of the
first shares a cache line with any of the second. Where the memory of a structure
begins at a cache line, what a frame reads of it is one line, if that is said
here. What frames read of the module's own variables is among those that are
never written.

What such a frame writes itself is not in the second list; bench/lines shows
all of it. Its counters, struct sf_traffic, are those of its processor, and
sf_fdb_entry.updated, beside what is read of an entry, is written once in
SF_FDB_REFRESH, a second.
"""
import os
import re
import shutil
import subprocess
import sys
from typing import NamedTuple

LINE = 64


class Struct(NamedTuple):
    """What is known of a structure; "a.b" is a member of a member."""
    read: tuple             # by frames
    written: tuple = ()     # meanwhile, by others
    together: bool = False  # what is read is in the first line
    own: bool = True        # its memory shares no line with something else


def members(name, words):
    return tuple(f"{name}.{word}" for word in words)


# Of a rhashtable: a lookup reads where the table is, and of its parameters what
# memcmp() is told.
TABLE = ("tbl", "p.key_len", "p.key_offset")
TABLE_WRITTEN = ("run_work", "mutex", "lock", "nelems")

PORT = ("dev", "segment", "stats", "flags", "node", "fdb_limit",
        "fdb_limit_policy")
PORT_WRITTEN = ("fdb_count", "fdb_full", "fdb_full_told")

STRUCTS = {
    "sf_segment": Struct(
        ("dev", "vlans", "guest_vlans", "flags", "ageing_time", "ports",
         "parents", *members("fdb", TABLE)),
        ("fdb_lock", "fdb_list", "fdb_count", "fdb_sequence", "fdb_work",
         "fdb_full_work", "stats", *members("fdb", TABLE_WRITTEN))),
    "sf_port": Struct(PORT, PORT_WRITTEN, together=True),
    "sf_binding": Struct(
        ("child", "parent", "stats", "child_node", "vlan", "dead",
         "fdb_limit_policy", "fdb_limit"),
        ("fdb_count", "fdb_full", "fdb_full_told"), together=True),
    # Entries are many, so they are packed.
    "sf_fdb_entry": Struct(
        ("node", "key", "port", "binding", "updated", "state"), together=True,
        own=False),
    "sf_member": Struct(
        (*members("port", PORT), "zone", "id", "team",
         *members("tunnels", TABLE)),
        (*members("port", PORT_WRITTEN), *members("tunnels", TABLE_WRITTEN))),
    "sf_tunnel": Struct(
        (*members("port", PORT), "dst", "remote", "hash"),
        (*members("port", PORT_WRITTEN), "users", "flooded")),
    "sf_uplink": Struct(
        ("dev", "zone", "stats", "flags", "trace"),
        ("source", "rcu"), together=True),
    "sf_zone": Struct(
        ("dev", "vlans", "vnis", "mode", "changed"),
        ("stats", "announce"), own=False),
}

# Variables that frames read, and where they must be.
VARIABLES = {"sf_fdb_multiplier": ".data..read_mostly"}

# A line of pahole: the member's type and name, its place and its size.
MEMBER = re.compile(r"^\t(.*?)(\w+)(?:\[\d*\])*(?:\s+__attribute__.*?)?;"
                    r"\s*/\*\s+(\d+)\s+(\d+)\s")
SIZE = re.compile(r"/\* size: (\d+)")


class Layout:
    """Where the members of the structures of a module are."""

    def __init__(self, module):
        self.module = module
        self.structs = {}

    def of(self, name):
        """Places of members (type, start, length), and the size."""
        if name not in self.structs:
            text = subprocess.run(
                ["pahole", "-C", name, self.module], check=True,
                capture_output=True, text=True).stdout
            places = {match[2]: (match[1].strip(), int(match[3]),
                                 max(int(match[4]), 1))
                      for match in map(MEMBER.match, text.splitlines())
                      if match}
            size = SIZE.search(text)
            self.structs[name] = places, int(size[1]) if size else 0
        return self.structs[name]

    def lines(self, name, path):
        """Cache lines of a member, counted from the start of the structure.
        KeyError if there is no such member.
        """
        start = 0
        for word in path.split("."):
            kind, offset, length = self.of(name)[0][word]
            start += offset
            name = kind.removeprefix("struct ")
        return set(range(start // LINE, (start + length - 1) // LINE + 1))


def problems(layout, name, struct):
    """Texts, each of something that is wrong."""
    try:
        lines = {member: layout.lines(name, member)
                 for member in struct.read + struct.written}
    except KeyError as error:
        yield f"{name} has no member {error}"
        return
    read = set().union(*(lines[member] for member in struct.read))
    for member in struct.written:
        if lines[member] & read:
            yield f"{name}.{member} is in a cache line that frames read"
    if struct.together and read != {0}:
        yield f"what frames read of {name} is not in its first cache line"
    # An odd size would come from a slab whose objects begin anywhere.
    if struct.own and layout.of(name)[1] % LINE:
        yield (f"{name} has {layout.of(name)[1]} bytes, which is no number of "
               "cache lines")


def stray_variables(module):
    """Variables that are not where what is never written is."""
    text = subprocess.run(["objdump", "-t", module], check=True,
                          capture_output=True, text=True).stdout
    sections = {words[-1]: words[-3] for words in
                map(str.split, text.splitlines()) if len(words) > 4}
    for name, section in VARIABLES.items():
        if sections.get(name) != section:
            yield f"{name} is in {sections.get(name)} and not in {section}"


def main():
    module = sys.argv[1] if len(sys.argv) > 1 else "build/6.1/segfab.ko"
    if not os.path.exists(module) or not shutil.which("pahole"):
        print("there is no pahole, or no", module)
        return 4
    layout = Layout(module)
    found = [text for name, struct in STRUCTS.items()
             for text in problems(layout, name, struct)]
    # A segment is the private part of its device, which begins where this ends.
    if layout.of("net_device")[1] % LINE:
        found.append("net_device is no number of cache lines")
    found += stray_variables(module)
    for text in found:
        print(text)
    return 1 if found else 0


sys.exit(main())
