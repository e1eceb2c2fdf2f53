# SPDX-License-Identifier: GPL-2.0
"""Register tests, refuse requests, print KTAP."""

import re
import struct
import sys
import traceback

import genl
from netlink_fabric import SPEC, Fabric

# Texts of the core's own policy checks; all others are the module's.
CORE_TEXTS = {
    "Attribute failed policy validation", "Unknown attribute type",
    "Unsupported attribute", "NLA_F_NESTED not expected",
    "bytes leftover after parsing attributes", "integer out of range",
    "binary attribute size out of range", "invalid attribute length",
    "NLA_F_NESTED is missing",
}

TESTS = []


def test(name):
    """Register a test, which yields a line for everything that is wrong."""
    def register(function):
        TESTS.append((name, function))
        return function
    return register


def wrong_text(text):
    """What is wrong with the text of a refusal, or None."""
    if not text:
        return "there is no text"
    if text in CORE_TEXTS:
        return None
    if len(text) > 79 or text.endswith(".") or "\n" in text:
        return f"form of the text: {text!r}"
    # A name, a number or a lower-case word.
    return f"capital: {text!r}" if re.match(r"[A-Z][a-z]", text) else None


def offset_of(body, type_number):
    """Where the last attribute of a type starts in a message."""
    offset, found = genl.Genl.HEADER, None
    while offset - genl.Genl.HEADER + 4 <= len(body):
        size, kind = struct.unpack_from("HH", body,
                                        offset - genl.Genl.HEADER)
        if kind & genl.NLA_TYPE_MASK == type_number:
            found = offset
        offset += (max(size, 4) + 3) & ~3
    return found


def refuse(fabric, name, body, blame=None, error=None, text=None, **kwargs):
    """Send a request that must be refused; yields what is not as it should be.

    blame: number of the attribute at fault; error: errno, or several; text: a
    pattern.
    """
    errors = error if isinstance(error, tuple) else (error,)
    try:
        fabric.client.request(SPEC.operations[name].value, body, **kwargs)
    except genl.Refused as refused:
        if error and refused.errno not in errors:
            yield f"errno: {refused}"
        complaint = wrong_text(refused.text)
        if complaint:
            yield f"{refused.strerror}: {complaint}"
        if text and not re.search(text, refused.text):
            yield f"text: {refused.text!r}, not {text!r}"
        # The end of a dump has room for the text only.
        if blame and not kwargs.get("dump") and \
           refused.offset != offset_of(body, blame):
            yield (f"blames the attribute at {refused.offset}, not at "
                   f"{offset_of(body, blame)}: {refused.text}")
    else:
        yield "was accepted"
    yield from fabric.changed()


def run(fabric, number, name, function):
    """Run a test; returns whether it passed."""
    try:
        lines = list(function(fabric))
    except Exception:  # pylint: disable=broad-except
        lines = traceback.format_exc().splitlines()
    for line in lines[:40]:
        print(f"# {line}"[:1000])
    if len(lines) > 40:
        print(f"# and {len(lines) - 40} more")
    print(f"{'not ok' if lines else 'ok'} {number} {name}", flush=True)
    return not lines


def main():
    wanted = sys.argv[1:]
    tests = [(name, function) for name, function in TESTS
             if not wanted or any(word in name for word in wanted)]
    print("KTAP version 1")
    print(f"1..{len(tests)}")
    good, fabric = True, Fabric()
    for number, (name, function) in enumerate(tests, 1):
        if fabric.changed():
            fabric.close()
            fabric = Fabric()
        good &= run(fabric, number, name, function)
    return 0 if good else 1
