#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Hold the netlink specification against uapi/linux/segfab.h.

Every name and every number, in both directions: what one of them has and the
other has not is a failure, whichever it is.

    spec_check.py [SPEC [HEADER]]
"""

import sys

from ktap import report
from spec import HEADER, SPEC, Header, Spec, c_name

# What the header has for programs and the specification has no words for.
ONLY_IN_HEADER = {
    "_UAPI_LINUX_SEGFAB_H",     # guards against inclusion twice
    "SEGFAB_LINK_KIND",         # of rtnetlink
    "SEGFAB_ZONE_LINK_KIND",
}


def expected_macros(spec):
    """{name: value} of the macros that SPEC asks for."""
    family = c_name(spec.name)
    macros = {f"{family}_FAMILY_NAME": spec.name,
              f"{family}_FAMILY_VERSION": spec.version}
    for name, value in spec.consts.items():
        macros[c_name(family, name)] = value
    for name in spec.groups:
        macros[c_name(family, "mcgrp", name)] = name
    return macros


def with_end(prefix, values):
    """The enumerators of an attribute set or the operations, and their end."""
    found = {c_name(prefix + name): value for name, value in values.items()}
    last = max(values.values())
    found[c_name("__" + prefix + "max")] = last + 1
    found[c_name(prefix + "max")] = last
    return found


def expected_enums(spec):
    """{what: {name: value}} of the enumerators that SPEC asks for."""
    enums = {}
    definitions = {d["name"]: d for d in spec.yaml["definitions"]}
    for name, values in spec.enums.items():
        prefix = definitions[name].get("name-prefix",
                                       f"{spec.name}-{name}-")
        enums[f"enum {name}"] = {c_name(prefix + word): value
                                 for word, value in values.items()}
    for entry in spec.yaml["attribute-sets"]:
        values = {a.name: a.value
                  for a in spec.sets[entry["name"]].values()}
        enums[f"attribute set {entry['name']}"] = with_end(
            entry["name-prefix"], values)
    enums["operations"] = with_end(
        spec.yaml["operations"]["name-prefix"],
        {o.name: o.value for o in spec.operations.values()})
    return enums


def compare(expected, found):
    """Differences between two {name: value}, as lines."""
    lines = []
    for name, value in expected.items():
        if name not in found:
            lines.append(f"{name} is missing in the header")
        elif found[name] != value:
            lines.append(f"{name} is {found[name]!r} in the header, "
                         f"{value!r} in the specification")
    return lines


def unused(spec):
    """Attributes that no operation has: nobody could see them."""
    seen = set()

    def add_set(name):
        for attribute in spec.sets[name].values():
            seen.add((name, attribute.name))
            if attribute.nested:
                add_set(attribute.nested)

    for operation in spec.operations.values():
        for name in list(operation.attributes) + operation.reply:
            seen.add((operation.set, name))
            nested = spec.sets[operation.set][name].nested
            if nested:
                add_set(nested)
    return [f"attribute {name} of {owner} is in no operation"
            for owner, members in spec.sets.items()
            for name, attribute in members.items()
            if (owner, name) not in seen and attribute.type != "pad"]


def contradictions(spec):
    """What a reader of the specification would trip over."""
    lines = []
    for operation in spec.operations.values():
        if operation.notify:
            if operation.notify not in spec.operations:
                lines.append(f"{operation.name} announces "
                             f"{operation.notify}, which does not exist")
            if operation.mcgrp not in spec.groups:
                lines.append(f"{operation.name} has no multicast group")
        elif operation.name.endswith("-get") == operation.admin:
            lines.append(f"{operation.name} changes something without "
                         "CAP_NET_ADMIN, or reads only with it")
        if operation.do and operation.dump and operation.dump != operation.do:
            lines.append(f"do and dump of {operation.name} differ")
        for name in operation.reply:
            if name not in spec.sets[operation.set]:
                lines.append(f"{operation.name} answers with {name}, "
                             "which does not exist")
    for name, members in spec.sets.items():
        for attribute in members.values():
            if attribute.min is not None and attribute.min > attribute.max:
                lines.append(f"{attribute.name} of {name}: min > max")
    return lines


def checks(spec, header):
    """(name, lines of what is wrong) of every check."""
    enums = expected_enums(spec)
    macros = expected_macros(spec)
    known = set(macros) | ONLY_IN_HEADER
    for members in enums.values():
        known |= set(members)

    yield "family, constants and groups", compare(macros, header.macros)
    for name, members in enums.items():
        yield name, compare(members, header.enumerators)
    for name, members in spec.enums.items():
        c = f"{spec.name}_{name}".replace("-", "_")
        yield f"enum {c} has {len(members)} values", (
            [] if len(header.enums.get(c, {})) == len(members)
            else [f"the header has {header.enums.get(c)}"])
    yield "the header has nothing else", [
        f"{name} is not in the specification"
        for name in [*header.macros, *header.enumerators]
        if name not in known]
    yield "each attribute is in an operation", unused(spec)
    yield "the specification agrees with itself", contradictions(spec)


def main():
    spec = Spec(*sys.argv[1:2] or [SPEC])
    header = Header(*sys.argv[2:3] or [HEADER])
    return report(checks(spec, header))


if __name__ == "__main__":
    sys.exit(main())
