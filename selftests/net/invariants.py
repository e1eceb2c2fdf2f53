# SPDX-License-Identifier: GPL-2.0
"""What is so in any fabric at any time: what is counted is there, and what
refers to something finds it.

State is what the dumps of the family say, {name of the operation: [object]}.
Each function yields a line for everything that is not so.
"""

import collections


def check_counts(state):
    """What is counted is there."""
    segments, bindings = state["segment-get"], state["binding-get"]
    entries, ports = state["fdb-get"], state["port-get"]

    def expect(what, count, found):
        if count != len(found):
            yield f"{what} is {count}, there are {found}"

    for s in segments:
        index = s["ifindex"]
        own = [e for e in entries if e["segment-ifindex"] == index]
        yield from expect(f"ports of {s}", s["port-count"], [
            p for p in ports if p["segment-ifindex"] == index])
        yield from expect(f"parents of {s}", s["parent-count"], [
            b for b in bindings if b["child-ifindex"] == index])
        yield from expect(f"children of {s}", s["child-count"], [
            b for b in bindings if b["parent-ifindex"] == index])
        yield from expect(f"addresses of {s}", s["fdb-count"], own)
        yield from expect(
            f"addresses behind the zone of {s}", s.get("zone-fdb-count", 0),
            [e for e in own if e.get("port-ifindex") == s.get("zone-ifindex")
             and "port-ifindex" in e])
    for p in ports:
        yield from expect(f"addresses of {p}", p["fdb-count"], [
            e for e in entries if e.get("port-ifindex") == p["ifindex"] and
            "binding" not in e])
    for b in bindings:
        yield from expect(f"addresses of {b}", b["fdb-count"], [
            e for e in entries if e["segment-ifindex"] == b["child-ifindex"]
            and e.get("binding") == b["id"]])
    for z in state["zone-get"]:
        yield from expect(f"segments of {z}", z["segment-count"], [
            s for s in segments if s.get("zone-ifindex") == z["ifindex"]])
        yield from expect(f"uplinks of {z}", z["uplink-count"], [
            u for u in state["uplink-get"] if
            u["zone-ifindex"] == z["ifindex"]])
    for p in state["policy-get"]:
        yield from expect(f"segments of {p}", p["segment-count"], [
            s for s in segments if s.get("zone-ifindex") == p["zone-ifindex"]
            and s.get("teaming-policy") == p["name"]])


def check_unique(what, keys):
    for key, count in collections.Counter(keys).items():
        if count > 1:
            yield f"{what} {key} is there {count} times"


def check_rules(state):
    """R2, R3 and R4, and their like in zones."""
    bindings, segments = state["binding-get"], state["segment-get"]
    yield from check_unique("R2: tag", (
        (b["parent"], b["vlan"]) for b in bindings))
    yield from check_unique("R3: pair", (
        (b["parent"], b["child"]) for b in bindings))
    both = ({b["parent"] for b in bindings} & {b["child"] for b in bindings})
    if both:
        yield f"R4: children and parents at once: {both}"
    yield from check_unique("id in a zone", (
        (s["zone"], s.get("zone-vlan"), s.get("zone-vni"))
        for s in segments if "zone" in s))


def check_places(state):
    """Each address is behind something that its segment can reach."""
    port_of = {p["ifindex"]: p["segment-ifindex"] for p in state["port-get"]}
    zone_of = {s["ifindex"]: s.get("zone-ifindex")
               for s in state["segment-get"]}
    parent_of = {(b["child-ifindex"], b["id"]): b
                 for b in state["binding-get"]}
    for e in state["fdb-get"]:
        index = e["segment-ifindex"]
        if "port-ifindex" not in e:
            good = e["state"] == 2
        elif "binding" in e:
            b = parent_of.get((index, e["binding"]), {})
            good = (port_of.get(e["port-ifindex"]) == b.get("parent-ifindex")
                    and e["vlan"] == b.get("vlan"))
        elif zone_of.get(index) == e["port-ifindex"]:
            good = True
        else:
            good = port_of.get(e["port-ifindex"]) == index
        if not good:
            yield f"an address in the wrong place: {e}"
