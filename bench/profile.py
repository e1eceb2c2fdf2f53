#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Sum up the instructions of a frame by function.

    profile.py SYMBOLS BASE PATH

BASE and PATH have a line for each instruction that ran; a frame begins with
the first instruction of sf_bench_send (or sf_bench_xdp_send). What counts for
a function is the median of all frames, so that interrupts do not.
"""
import bisect
import collections
import re
import statistics
import sys

STARTS = ("sf_bench_send", "sf_bench_xdp_send")


def read_symbols(name):
    symbols = []
    with open(name, encoding="ascii") as file:
        for line in file:
            address, kind, symbol, *module = line.split()
            if kind.lower() in "tw":
                symbols.append((int(address, 16), symbol, *module[:1]))
    return sorted(symbols)


def read_frames(name, symbols):
    """The instructions of each frame: a Counter by function."""
    addresses = [symbol[0] for symbol in symbols]
    starts = {s[0] for s in symbols if s[1] in STARTS}
    pattern = re.compile(r"\[[0-9a-f]+/([0-9a-f]+)/")
    cache, frames = {}, []
    with open(name, encoding="ascii", errors="replace") as file:
        for line in file:
            match = line.startswith("Trace") and pattern.search(line)
            if not match:
                continue
            address = int(match[1], 16)
            if address in starts:
                frames.append(collections.Counter())
            if not frames:
                continue
            if address not in cache:
                found = symbols[bisect.bisect_right(addresses, address) - 1]
                cache[address] = " ".join(found[1:])
            frames[-1][cache[address]] += 1
    return frames


def medians(name, symbols):
    frames = read_frames(name, symbols)[1:-1]
    if not frames:
        sys.exit(f"{name}: no whole frame in the trace")
    functions = set().union(*frames)
    return collections.Counter({function: statistics.median_low(
        frame[function] for frame in frames) for function in functions})


def main():
    symbols = read_symbols(sys.argv[1])
    net = medians(sys.argv[3], symbols)
    net.subtract(medians(sys.argv[2], symbols))
    for function, count in net.most_common():
        if count:
            print(f"{count:6}  {function}")
    print(f"{sum(net.values()):6}  all\n")


main()
