#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Each reason for drops is everywhere where reasons are.

The list of the module (kmod/drop.h) is held against the numbers of the netlink
interface, the specification, the names and meanings of the tools, the manual
pages and the document of the counters; and each reason of the kernel that
segctl-why(8) names is that of the list.
"""

import re
import sys

from ktap import report
from spec import TREE, Header, Spec

ROW = re.compile(r"SF_DROP\((\w+), (\w+), SKB_DROP_REASON_(\w+)\)")


def read(path):
    with open(f"{TREE}/{path}", encoding="utf-8") as file:
        return file.read()


def roff(name):
    return name.replace("-", r"\-")


def checks():
    """(what, lines of what is wrong)"""
    rows = ROW.findall(read("kmod/drop.h"))
    names = [lower.replace("_", "-") for _, lower, _ in rows]
    yield "the list has reasons, each once", (
        [] if len(rows) > 10 and len(set(rows)) == len(rows) else [str(rows)])
    yield "a reason has one name", [
        f"{upper} is {lower}" for upper, lower, _ in rows
        if upper.lower() != lower]

    members = Spec().sets["drops"]
    wanted = [n for n in members if n != "pad"]
    yield "the specification has them in the same order", (
        [] if wanted == names else [f"{wanted} is not {names}"])

    header = Header().enumerators
    yield "so has the header", [
        f"SEGFAB_A_DROPS_{upper}" for (upper, _, _), name in zip(rows, names)
        if header.get(f"SEGFAB_A_DROPS_{upper}") != members[name].value]

    for path, form in (
            ("tools/libsegfab/attr.c", '[SEGFAB_A_DROPS_{upper}] = "{name}"'),
            ("tools/segctl/why.c", "[SEGFAB_A_DROPS_{upper}] ="),
            ("tools/man/segctl-stats.8", "\n.B {roff}\n"),
            ("tools/man/segctl-why.8", "\n.B {roff}\n"),
            ("Documentation/statistics.rst", "\n{name} ")):
        text = read(path)
        yield path, [
            f"says nothing of {name}" for (upper, _, _), name
            in zip(rows, names) if form.format(
                upper=upper, name=name, roff=roff(name)) not in text]

    page = read("tools/man/segctl-why.8")
    yield "segctl-why(8) names the kernel's reasons", [
        f"{name} is {core}" for (_, _, core), name in zip(rows, names)
        if name != "transmit" and f"\n.B {roff(name)}\n{core}" not in page]


if __name__ == "__main__":
    sys.exit(report(checks()))
