# SPDX-License-Identifier: GPL-2.0
"""The netlink specification and the header for user space, as Python objects.

Only what the tests need of the kernel's genetlink-legacy schema is understood;
that the specification keeps to it is tested with the kernel's own tools.
"""

import os
import re

import yaml

TREE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
SPEC = os.path.join(TREE, "Documentation/netlink/specs/segfab.yaml")
HEADER = os.path.join(TREE, "uapi/linux/segfab.h")


def load(name):
    """A YAML file. In C, where that is there: ten times as fast."""
    with open(name, encoding="utf-8") as file:
        return yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def c_name(*words):
    """'binding-id', 'len' -> 'BINDING_ID_LEN'"""
    return "_".join(words).replace("-", "_").upper()


def numbered(entries, start):
    """Give each entry its number: one more than the one before it."""
    number = start
    for entry in entries:
        number = entry.get("value", number)
        entry["value"] = number
        number += 1
    return entries


class Attribute:
    """An attribute of a set: number, type and what it may be."""

    SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}

    def __init__(self, spec, entry):
        checks = entry.get("checks", {})
        self.name = entry["name"]
        self.value = entry["value"]
        self.type = entry["type"]
        self.nested = entry.get("nested-attributes")
        self.multi = entry.get("multi-attr", False)
        self.enum = entry.get("enum")
        self.size = self.SIZES.get(self.type)
        self.min = self.max = None
        if self.size:
            self.min = spec.number(checks.get("min", 0))
            self.max = spec.number(checks.get("max", 256 ** self.size - 1))
            if self.enum:
                self.max = max(spec.enums[self.enum].values())
        self.min_len = spec.number(checks.get("min-len"))
        self.max_len = spec.number(checks.get("max-len"))
        self.exact_len = spec.number(checks.get("exact-len"))


class Operation:
    """A command. ATTRIBUTES are those of its request, {} for an event.

    One that OBSERVES frames needs CAP_NET_ADMIN and changes nothing.
    """

    def __init__(self, entry, sets):
        self.name = entry["name"]
        self.value = entry["value"]
        self.set = entry.get("attribute-set")
        self.notify = entry.get("notify")
        self.mcgrp = entry.get("mcgrp")
        self.admin = "uns-admin-perm" in entry.get("flags", [])
        self.do = entry.get("do")
        self.dump = entry.get("dump")
        self.observes = self.set in ("trace", "record")
        mode = self.do or self.dump or {}
        self.attributes = {}
        for name in mode.get("request", {}).get("attributes", []):
            self.attributes[name] = sets[self.set][name]
        self.reply = mode.get("reply", {}).get("attributes", [])


class Spec:
    """All of the specification."""

    def __init__(self, path=SPEC):
        self.yaml = load(path)
        self.name = self.yaml["name"]
        self.version = self.yaml["version"]
        self.consts, self.enums = {}, {}
        for entry in self.yaml["definitions"]:
            if entry["type"] == "const":
                self.consts[entry["name"]] = entry["value"]
            else:
                names = [{"name": e} if isinstance(e, str) else e
                         for e in entry["entries"]]
                self.enums[entry["name"]] = {
                    e["name"]: e["value"]
                    for e in numbered(names, entry.get("value-start", 0))}
        self.sets = {}
        for entry in self.yaml["attribute-sets"]:
            self.sets[entry["name"]] = {
                a["name"]: Attribute(self, a)
                for a in numbered(entry["attributes"], 1)}
        self.operations = {
            o["name"]: Operation(o, self.sets)
            for o in numbered(self.yaml["operations"]["list"], 1)}
        self.groups = [g["name"] for g in self.yaml["mcast-groups"]["list"]]

    def number(self, value):
        """The value of a check, which may be the name of a constant."""
        return self.consts[value] if isinstance(value, str) else value


class Header:
    """Macros and enumerators of a C header that has nothing else in it."""

    def __init__(self, path=HEADER):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        self.macros, self.enums, self.enumerators = {}, {}, {}
        for name, value in re.findall(
                r"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]*(.*)$", text, re.M):
            self.macros[name] = self.evaluate(value) if value else None
        for name, body in re.findall(r"enum\s*(\w*)\s*\{(.*?)\}", text, re.S):
            self.read_enum(name, body)

    def read_enum(self, name, body):
        """Number the enumerators of one enum as a compiler does."""
        number, found = -1, {}
        for entry in filter(None, map(str.strip, body.split(","))):
            word, _, value = map(str.strip, entry.partition("="))
            number = self.evaluate(value) if value else number + 1
            self.enumerators[word] = found[word] = number
        if name:
            self.enums[name] = found

    def evaluate(self, text):
        """A string, a number, or a sum of numbers and enumerators."""
        text = text.strip()
        if text.startswith('"'):
            return text.strip('"')
        while text.startswith("(") and text.endswith(")"):
            text = text[1:-1]
        total = 0
        for sign, word in re.findall(r"([+-]?)\s*(\w+)", text):
            value = (self.enumerators[word] if word in self.enumerators
                     else int(word, 0))
            total += -value if sign == "-" else value
        return total
