#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Say which cache lines two processors share, of what lines.c has written.

    lines.py SHARE ACCESSES MODULE

SHARE has the machine's symbols, and where the module's code was. What fewer
than one frame in twenty does is left out, as interrupts are in it, unless the
module does it.
"""
import bisect
import collections
import re
import subprocess
import sys

OFTEN = 0.05
LINE = 64
OURS = re.compile(r" segfab$")


class Symbols:
    """Names of what is at an address."""

    def __init__(self, name):
        self.code, self.data = [], []
        with open(name, encoding="ascii") as file:
            for line in file:
                address, kind, symbol, *module = line.split()
                entry = (int(address, 16), " ".join(
                    [symbol] + [word.strip("[]") for word in module[:1]]))
                (self.code if kind in "tTwW" else self.data).append(entry)
        self.code.sort()
        self.data.sort()

    def function(self, address):
        return self.code[bisect.bisect_right(
            self.code, (address, "~")) - 1][1]

    def variables(self, line):
        """Those that begin in a cache line, or where it belongs to."""
        first = bisect.bisect_left(self.data, (line * LINE, ""))
        last = bisect.bisect_left(self.data, (line * LINE + LINE, ""))
        names = [name for _, name in self.data[first:last]]
        if names:
            return ", ".join(names[:4])
        if not first or line * LINE < 0xffffffff80000000:
            return "allocated"
        return "after " + self.data[first - 1][1]


def read(name):
    """Frames by processor; (frames, places) by line, processor and kind."""
    frames, lines = {}, collections.defaultdict(dict)
    with open(name, encoding="ascii") as file:
        for text in file:
            cpu, kind, *words = text.split()
            if kind == "frames":
                frames[cpu] = int(words[0])
            else:
                lines[int(words[0], 16)][cpu, kind] = (
                    int(words[1]), [int(word, 16) for word in words[2:]])
    return frames, lines


def counts(access, frames, cpu, symbols):
    """Is an access one of frames, and not of what comes in between?"""
    number, places = access
    return (number >= OFTEN * frames[cpu] or
            any(OURS.search(symbols.function(place)) for place in places))


def shared(frames, lines, symbols):
    """Lines that one processor writes and the other touches."""
    for line, accesses in sorted(lines.items()):
        seen = {key: access for key, access in accesses.items()
                if counts(access, frames, key[0], symbols)}
        writers = {cpu for cpu, kind in seen if kind == "w"}
        users = {cpu for cpu, _ in seen}
        if writers and len(users) > 1:
            yield line, seen


def print_shared(found, frames, symbols):
    """True if the module writes to one of them, and not only now and then."""
    ours = False
    for line, seen in found:
        print(f"{symbols.variables(line)}:")
        for (cpu, kind), (number, places) in sorted(seen.items()):
            names = sorted({symbols.function(place) for place in places})
            word = "writes" if kind == "w" else "reads"
            print(f"  processor {cpu} {word}, {number} of {frames[cpu]} "
                  f"frames: {', '.join(names)}")
            if (kind == "w" and number >= OFTEN * frames[cpu] and
                    any(map(OURS.search, names))):
                ours = True
    return ours


def sources(places, start, module):
    """Where in the source the instructions of the module are."""
    offsets = [f"{place - start:x}" for place in places]
    text = subprocess.run(
        ["addr2line", "-j", ".text", "-e", module, "-f", "-i", "-a", *offsets],
        check=True, capture_output=True, text=True).stdout
    found, block = {}, []
    for part in re.split(r"^0x", text, flags=re.MULTILINE)[1:]:
        block = part.splitlines()
        # The innermost function that is ours, with what it calls in line.
        names = block[1::2]
        files = [re.sub(r".*/((?:kmod|include)/)", r"\1", name).split(" ")[0]
                 for name in block[2::2]]
        chain = [f"{name} {where}" for name, where in zip(names, files)
                 if where.startswith("kmod/")][:1]
        found[int(block[0], 16) + start] = \
            (names[0], chain[0] if chain else files[0])
    return found


def print_written(frames, lines, symbols, start, module):
    """All that the module writes, and how many lines that is for a frame."""
    places = collections.defaultdict(lambda: [0, set()])
    for line, accesses in lines.items():
        for (cpu, kind), (number, where) in accesses.items():
            if kind != "w":
                continue
            for place in where:
                if OURS.search(symbols.function(place)):
                    places[place][0] += number
                    places[place][1].add(line)
    found = sources(places, start, module)
    rows = collections.defaultdict(lambda: [0, set()])
    for place, (number, where) in places.items():
        row = rows[found[place]]
        row[0] = max(row[0], number)
        row[1] |= where
    for (name, where), (number, touched) in sorted(
            rows.items(), key=lambda item: item[0][1]):
        print(f"  {where}: {name}, {number} of {sum(frames.values())} "
              f"frames, {len(touched)} lines")


def main():
    share, accesses, module = sys.argv[1:]
    symbols = Symbols(share + "/symbols")
    with open(share + "/text", encoding="ascii") as file:
        start = int(file.read(), 16)
    frames, lines = read(accesses)
    if len(frames) < 2 or not all(frames.values()):
        sys.exit("there were no frames")
    print("written by one processor, and used by another:\n")
    found = list(shared(frames, lines, symbols))
    ours = print_shared(found, frames, symbols)
    if not found:
        print("  nothing")
    print("\nwritten by the module:\n")
    print_written(frames, lines, symbols, start, module)
    return 1 if ours else 0


sys.exit(main())
