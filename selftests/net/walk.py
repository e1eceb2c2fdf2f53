#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A random walk through the configuration, by netlink requests that are right,
wrong and odd, by links that come and go, and by frames in between.

After each step: a request that was refused has changed nothing; what refers to
something finds it, and all that is counted is there (invariants.py); who has
heard all announcements knows what a dump shows (netlink_mirror.py); a frame
has reached whom the tables of datapath.rst name, and nobody else (tables.py).

        walk.py [STEPS [SEED]]

The seed is printed; the same walk can be gone again, as far as the kernel's
own timing lets it.
"""

import collections
import errno
import os
import random
import socket
import struct
import sys
import time
import traceback

import genl
import packets
from invariants import check_counts, check_places, check_rules
from netlink_fabric import (CLONE_NEWNET, SPEC, Client, ip_batch, links,
                            unshare, uplinks, vlan_bitmap)
from netlink_mirror import DUMPS, PASSING, Mirror, check_mirror, shallow
from tables import BROADCAST, LOCAL, RESERVED, Frame, Tables

RTM_NEWLINK, RTM_DELLINK = 16, 17
IFLA_IFNAME, IFLA_MASTER, IFLA_LINKINFO = 3, 10, 18
INFO_KIND, INFO_DATA, VETH_PEER = 1, 2, 1
IFF_UP = 1

SEGMENTS = ["na", "nb", "sa", "sb"]
PORTS = ["p1", "p2", "p3", "p4", "p5", "p6", "p7"]
UPLINKS = ["u1", "u2", "u3", "tun"]
ZONES = ["zv", "zo"]
# Nobody's in the beginning; a port for whoever takes it.
OTHERS = ["br0", "lo", "nobody"]
VLANS = [5, 7, 8, 1002]
MACS = [bytes.fromhex(f"02000000000{i}") for i in range(1, 6)]
# Those of machines that tag. A segment may have one twice, which RTNLGRP_NEIGH
# cannot tell apart; it has each of the others once.
GUEST_MACS = {vlan: bytes.fromhex(f"0200000000a{vlan}") for vlan in (5, 6)}
REMOTES = [bytes(10) + b"\xff\xff\xc0\0\2" + bytes([i]) for i in (1, 2, 3)]
REMOTES.append(bytes.fromhex("20010db8000000000000000000000001"))
POLICIES = ["gold", "silver"]
GROUP = bytes.fromhex("01005e000001")

# What is seldom right in all places, by name of the attribute.
POOL = {
    "child": SEGMENTS, "parent": SEGMENTS, "segment": SEGMENTS,
    "via": SEGMENTS, "zone": ZONES, "port": PORTS + ZONES,
    "id": ["a", "b", "c"], "vlan": VLANS, "vlan-first": VLANS,
    "vlan-last": VLANS, "zone-vlan": [0] + VLANS, "zone-vni": [0, 7, 8],
    "mac": MACS, "source": MACS, "dest": MACS, "guest-vlan": list(GUEST_MACS),
    "address": REMOTES, "remote": REMOTES, "teaming-policy": POLICIES,
    "binding": ["a", "b", "c"], "fdb-limit": [0, 1, 2, 100],
    "zone-fdb-limit": [0, 1, 2, 100], "ageing-time": [0, 300, 1000000],
    "guest-vlans": [bytes(512), vlan_bitmap(5), vlan_bitmap(5, 6)],
    "priority": [0, 1, 99], "limit": [1, 9], "count": [1, 9],
    "zone-ifindex": [0],
    "active": [uplinks(*names) for names in (
        ("u1",), ("u2", "u1"), ("tun",), ("u3",))],
    "standby": [uplinks(*names) for names in ((), ("u2",), ("u1", "u3"))],
}
# "name" is of what the request is about.
NAMES = {"segment": SEGMENTS, "port": PORTS, "zone": ZONES,
         "uplink": UPLINKS, "policy": POLICIES}
# Requests by how often they are made, and what they seldom do without.
REQUESTS = {
    "segment-set": (6, ["name"]), "segment-del": (1, ["name"]),
    "port-set": (4, ["name"]), "binding-new": (8, ["child", "id"]),
    "binding-del": (2, ["child", "id"]), "fdb-new": (6, ["segment", "mac"]),
    "fdb-del": (2, ["segment", "mac"]), "fdb-flush": (1, ["segment"]),
    "zone-set": (2, ["name"]), "zone-del": (1, ["name"]),
    "uplink-set": (2, ["name"]), "remote-new": (3, ["segment", "address"]),
    "remote-del": (1, ["segment", "address"]),
    "policy-new": (3, ["zone", "name", "active"]),
    "policy-del": (1, ["zone", "name"]),
}


def string(number, text):
    return genl.nla(number, text.encode() + b"\0")


class Links:
    """Devices that come, go, and change sides."""

    def __init__(self):
        self.rtnl = genl.Netlink(socket.NETLINK_ROUTE)

    def ask(self, kind, body, flags=0, header=bytes(16)):
        list(self.rtnl.answers(self.rtnl.send(
            kind, flags | genl.NLM_F_REQUEST | genl.NLM_F_ACK,
            header + body)))

    def add(self, name, kind, data):
        info = string(INFO_KIND, kind) + genl.nla(
            INFO_DATA | genl.NLA_F_NESTED, data)
        self.ask(RTM_NEWLINK, string(IFLA_IFNAME, name) + genl.nla(
            IFLA_LINKINFO | genl.NLA_F_NESTED, info),
            genl.NLM_F_CREATE | genl.NLM_F_EXCL)

    def add_any(self, name):
        """The device that belongs to a name."""
        if name in names():
            raise FileExistsError(name)
        if name in SEGMENTS:
            self.add(name, "segment", b"")
        elif name in ZONES:
            mode = SPEC.sets["zone"]["mode"].value
            self.add(name, "segzone", genl.nla(mode, bytes([name == "zo"])))
        elif name == "tun":
            ip_batch("link add tun type geneve external")
        else:
            self.add(name, "veth", genl.nla(
                VETH_PEER, bytes(16) + string(IFLA_IFNAME, f"{name}-peer")))
            self.up(f"{name}-peer", True)

    def remove(self, name):
        self.ask(RTM_DELLINK, string(IFLA_IFNAME, name))

    def up(self, name, up):
        self.ask(RTM_NEWLINK, string(IFLA_IFNAME, name), header=struct.pack(
            "=BBHiII", 0, 0, 0, 0, IFF_UP if up else 0, IFF_UP))

    def master(self, name, of):
        index = socket.if_nametoindex(of) if of else 0
        self.ask(RTM_NEWLINK, string(IFLA_IFNAME, name) +
                 genl.nla(IFLA_MASTER, struct.pack("I", index)))


def links_up():
    """{ifindex: whether it is up}"""
    return {index: bool(flags & IFF_UP) for index, flags in (
        struct.unpack_from("=4xiI", body) for body in links())}


def master_of(name):
    """The name of a device's master, or nothing."""
    try:
        return os.path.basename(os.readlink(f"/sys/class/net/{name}/master"))
    except FileNotFoundError:
        return ""


class Walk:
    """The fabric that is walked through, in a namespace of its own."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        unshare(CLONE_NEWNET)
        for name in "default", "all":
            with open(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "w",
                      encoding="ascii") as file:
                file.write("1")
        self.links = Links()
        self.client = Client()
        self.mirror = Mirror(GUEST_MACS.values())
        self.packets = packets.listen()
        self.copies = 0
        self.done = collections.Counter()
        self.refused = collections.Counter()
        ip_batch("link add br0 type bridge")
        for name in ZONES + SEGMENTS + PORTS + UPLINKS:
            self.links.add_any(name)
            self.links.up(name, True)
        for name, of in zip(PORTS, 2 * SEGMENTS):
            self.links.master(name, of)
        self.state = self.look()

    def look(self, but=PASSING):
        """All that there is, by dump, without some of it."""
        self.mirror.listen()
        return {name: [shallow(SPEC.operations[name], body, but) for body in
                       self.client.dump_raw(SPEC.operations[name].value)]
                for name in DUMPS}

    def look_after_frames(self):
        """What there is when nothing is on its way any more."""
        state = self.look()
        for _ in range(100):
            time.sleep(0.002)
            before, state = state, self.look()
            if before == state:
                return state
        raise TimeoutError("frames do not end")

    # --- Steps ---

    def choose(self, operation, name):
        pool = POOL.get(name)
        if name == "name":
            pool = NAMES[operation.set]
        attribute = SPEC.sets[operation.set][name]
        if self.random.random() < 0.02 and attribute.type == "string":
            return self.random.choice(OTHERS + SEGMENTS + PORTS)
        if pool:
            return self.random.choice(pool)
        if attribute.type == "flag":
            return b""
        return self.random.randint(attribute.min, min(attribute.max, 3))

    def request(self):
        """A request with some of what it can have."""
        name = self.random.choices(list(REQUESTS), [
            weight for weight, _ in REQUESTS.values()])[0]
        operation = SPEC.operations[name]
        attrs = {}
        for word in operation.attributes:
            likely = 0.97 if word in REQUESTS[name][1] else 0.3
            if word.endswith("ifindex"):
                likely = 0.05 if word in POOL else 0
            if self.random.random() < likely:
                attrs[word] = self.choose(operation, word)
        there = self.state[f"{operation.set}-get"]
        if there and self.random.random() < 0.6:
            one = self.random.choice(there)
            attrs.update({word: one[word] for word in REQUESTS[name][1]
                          if word in one and word != "active"})
        if "mac" in attrs and "guest-vlan" in attrs:
            attrs["mac"] = GUEST_MACS[attrs["guest-vlan"]]
        elif attrs.get("mac") in GUEST_MACS.values():
            attrs["mac"] = MACS[0]
        flags = 0
        if name.endswith("-new"):
            flags = self.random.choice([
                genl.NLM_F_CREATE, genl.NLM_F_CREATE, genl.NLM_F_REPLACE,
                genl.NLM_F_CREATE | genl.NLM_F_REPLACE,
                genl.NLM_F_CREATE | genl.NLM_F_EXCL, 0])
        return name, attrs, lambda: self.client.call(name, attrs, flags=flags)

    def likely_request(self):
        """One that is often right, where a random one seldom is."""
        pick = self.random.choice
        what = {
            "binding-new": {"child": pick(SEGMENTS[2:]), "id": pick("abc"),
                            "parent": pick(SEGMENTS[:2]), "vlan": pick(VLANS)},
            "segment-set": pick([
                {"name": pick(SEGMENTS), "zone": "zv",
                 "zone-vlan": pick(VLANS)},
                {"name": pick(SEGMENTS), "zone": "zo",
                 "zone-vni": pick([7, 8])},
                {"name": pick(SEGMENTS), "zone-ifindex": 0},
                {"name": pick(SEGMENTS), "flood": pick([0, 1, 1, 1])},
                {"name": pick(SEGMENTS), "guest-vlans": vlan_bitmap(5, 6)}]),
            "port-set": {"name": pick([p["name"] for p in
                                       self.state["port-get"]] or PORTS),
                         pick(["isolated", "learning", "flood"]):
                         pick([0, 1])},
            "fdb-new": {"segment": pick(SEGMENTS), "mac": pick(MACS),
                        "port": pick(PORTS + ZONES)},
            "policy-new": {"zone": "zv", "name": pick(POLICIES),
                           "active": pick(POOL["active"])},
            "remote-new": {"address": pick(REMOTES), "segment": pick(
                [s["name"] for s in self.state["segment-get"]
                 if s.get("zone") == "zo"] or SEGMENTS)},
        }
        name = pick(list(what))
        flags = genl.NLM_F_CREATE if name.endswith("-new") else 0
        return name, what[name], lambda: self.client.call(name, what[name],
                                                          flags=flags)

    def link(self):
        """A device is enslaved, freed, made, removed, set up or down."""
        pick = self.random.choice
        every = SEGMENTS + ZONES + PORTS + UPLINKS
        there = names()
        kind = self.random.choices(
            ["port", "uplink", "free", "remove", "add", "up", "down"],
            [8, 4, 1, 1, 6, 8, 1])[0]
        if kind == "port":
            taken = {p["name"] for p in self.state["port-get"]}
            name = self.mostly(PORTS, lambda one: one not in taken)
            of = self.mostly(SEGMENTS + OTHERS, lambda one: one in SEGMENTS)
            return "master", {name: of}, lambda: self.links.master(name, of)
        if kind == "uplink":
            name = pick(UPLINKS)
            of = "zo" if name == "tun" else "zv"
            return "master", {name: of}, lambda: self.links.master(name, of)
        if kind == "add":
            name = self.mostly(every, lambda one: one not in there)
            return kind, name, lambda: self.links.add_any(name)
        if kind == "up":
            up = links_up()
            name = self.mostly(every, lambda one: one in there and
                               not up[socket.if_nametoindex(one)])
            return kind, name, lambda: self.links.up(name, True)
        name = pick(every)
        if kind == "free":
            return kind, name, lambda: self.links.master(name, None)
        if kind == "remove":
            return kind, name, lambda: self.links.remove(name)
        return kind, name, lambda: self.links.up(name, False)

    def mostly(self, names_, good):
        """One of the good ones, if there is one and not always."""
        some = [name for name in names_ if good(name)]
        if not some or self.random.random() < 0.1:
            some = names_
        return self.random.choice(some)

    def frames(self):
        """A frame from behind a port, or of the host."""
        pick, state = self.random.choice, self.state
        of = {p["name"]: p["segment"] for p in state["port-get"]}
        sender = self.mostly(PORTS + SEGMENTS[:2], lambda one: one in of)
        used = [b["vlan"] for b in state["binding-get"]
                if b["parent"] == of.get(sender)] + [
            5 for s in state["segment-get"]
            if "guest-vlans" in s and s["name"] in (sender, of.get(sender))]
        vlan = self.mostly([None, None, 0] + VLANS + used,
                           lambda one: one is None or one in used)
        tags = [] if vlan is None else [(vlan, pick([0, 0, 5]))]
        if tags and self.random.random() < 0.05:
            tags.append((7, 0))
        known = [e["mac"] for e in state["fdb-get"]]
        local = [e["mac"] for e in state["fdb-get"] if e["state"] == LOCAL]
        source = GUEST_MACS.get(vlan) or pick(
            4 * MACS + local + [bytes(6), GROUP])
        dest = pick([BROADCAST, GROUP, RESERVED + b"\3"] + 2 * MACS +
                    known + [*GUEST_MACS.values()])
        frame = Frame(source, dest, tags)
        return "frames", (sender, frame), lambda: self.exchange(sender, frame)

    def exchange(self, sender, frame):
        """Send a frame; what arrives is what the tables say."""
        tables = Tables(self.look(but={"age", "stats"}), links_up())
        index = socket.if_nametoindex(sender)
        if sender in SEGMENTS:
            place = tables.demux_host(tables.segments[index], frame)
            packets.send(sender, frame)
        else:
            port = tables.ports.get(index)
            if port:
                place = tables.demux(port, frame)
            elif "br0" in master_of(sender):
                raise OSError(errno.ENODEV, "the bridge is not ours")
            else:
                place = None
            packets.send(f"{sender}-peer", frame)
        self.look_after_frames()
        arrived = [(name, one) for name, one in packets.arrived(self.packets)
                   if name in SEGMENTS or name.endswith("-peer")]
        self.copies += len(arrived)
        for names_, one in tables.receivers(place, frame):
            for name in names_ if isinstance(names_, tuple) else [names_]:
                where = name if name in SEGMENTS else f"{name}-peer"
                if (where, one) in arrived:
                    arrived.remove((where, one))
                    break
            else:
                raise ValueError(f"{sender} {frame}: did not reach {names_} "
                                 f"as {one}; elsewhere: {arrived}; {place}")
        if arrived:
            raise ValueError(f"{sender} {frame}: reached {arrived}; {place}")

    def step(self):
        """Go one step; returns what it was, as text."""
        make = self.random.choices(
            [self.request, self.likely_request, self.link, self.frames],
            [3, 4, 2, 8])[0]
        name, detail, function = make()
        said = f"{name} {detail}"
        error = None
        try:
            function()
        except OSError as refused:
            error = refused
        before, self.state = self.state, (
            self.look_after_frames() if name == "frames" else self.look())
        if error is None:
            self.done[name] += 1
            return f"{said}: done"
        self.refused[name] += 1
        # The core frees a device before it asks the next master.
        if name not in ("frames", "master") and before != self.state:
            raise ValueError(f"{said}: refused ({error}), and yet "
                             f"{difference(before, self.state)}")
        return f"{said}: {error}"


def difference(old, new):
    return "; ".join(
        f"{name}: {[x for x in old[name] if x not in new[name]]} became "
        f"{[x for x in new[name] if x not in old[name]]}"
        for name in DUMPS if old[name] != new[name])


def names():
    return {name for _, name in socket.if_nameindex()}


def check(walk):
    yield from check_counts(walk.state)
    yield from check_rules(walk.state)
    yield from check_places(walk.state)
    yield from check_mirror(walk.mirror, walk.state)


def go(steps, seed):
    """Walk; yields what is wrong, with the last steps before it."""
    walk = Walk(seed)
    last = collections.deque(maxlen=6)
    try:
        for _ in range(steps):
            last.append(walk.step())
            wrong = list(check(walk))
            if wrong:
                yield from wrong
                yield from (f"step: {text}" for text in last)
                return
    except Exception:  # pylint: disable=broad-except
        yield from traceback.format_exc().splitlines()
        yield from (f"step: {text}" for text in last)
        return
    print(f"# {sum(walk.done.values())} steps done, "
          f"{sum(walk.refused.values())} refused, {walk.copies} copies of "
          "frames arrived")
    for name in sorted(set(walk.done) | set(walk.refused)):
        print(f"#   {name}: {walk.done[name]} done, "
              f"{walk.refused[name]} refused")
    never = [name for name in REQUESTS if not walk.done[name]]
    if len(never) > len(REQUESTS) / 3:
        yield f"never accepted: {', '.join(never)}"


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.getrandbits(32)
    print("KTAP version 1")
    print("1..1")
    print(f"# seed {seed}")
    wrong = list(go(steps, seed))
    for line in wrong:
        print(f"# {line}"[:2000])
    print(f"{'not ok' if wrong else 'ok'} 1 a walk of {steps} steps")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
