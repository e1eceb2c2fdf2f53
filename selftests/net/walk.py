#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A random walk through the configuration, by netlink requests that are right,
wrong and odd, by links that come and go, and by frames in between.

After each step: a request that was refused has changed nothing; what refers to
something finds it, and all that is counted is there (R1 to R5); who has heard
all announcements knows what a dump shows.

	walk.py [STEPS [SEED]]

The seed is printed; the same walk can be gone again, as far as the kernel's own
timing lets it.
"""

import collections
import random
import socket
import struct
import sys
import time
import traceback

import genl
from netlink_fabric import (CLONE_NEWNET, SPEC, Client, decode, ip_batch,
                            unshare, uplinks, vlan_bitmap)

RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK = 16, 17, 18
RTM_NEWNEIGH, RTM_DELNEIGH = 28, 29
RTNLGRP_NEIGH = 3
IFLA_IFNAME, IFLA_MASTER, IFLA_LINKINFO = 3, 10, 18
INFO_KIND, INFO_DATA, VETH_PEER = 1, 2, 1
NDA_LLADDR = 2
AF_BRIDGE = 7
IFF_UP = 1
SO_RCVBUFFORCE = 33

SEGMENTS = ["na", "nb", "sa", "sb", "sc", "sd"]
PORTS = ["p1", "p2", "p3", "p4", "p5"]
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
# What other things than requests change, in their own time.
PASSING = {"age", "carrier", "active", "stats", "fdb-full", "zone-fdb-full"}
COUNTS = {"fdb-count", "zone-fdb-count", "port-count", "parent-count",
          "child-count", "uplink-count", "segment-count", "passed"}
DUMPS = [name for name, operation in SPEC.operations.items()
         if operation.dump and not operation.observes]
KEYS = {
    "binding-get": ("child-ifindex", "id"),
    "remote-get": ("segment-ifindex", "address"),
    "policy-get": ("zone-ifindex", "name"),
    "segment-get": ("ifindex",), "port-get": ("ifindex",),
    "zone-get": ("ifindex",), "uplink-get": ("ifindex",),
}
# What is announced from its first day to its last.
WHOLE = ("binding-get", "remote-get", "policy-get")
BY_NUMBER = {o.value: o for o in SPEC.operations.values()}


def shallow(operation, body):
    """{name: value} of a message; nests stay bytes, what passes is left out."""
    of = SPEC.operations[operation.notify or operation.name]
    names = {a.value: a for a in SPEC.sets[of.set].values()}
    found = {}
    for number, payload in genl.attributes(body[4:]):
        attribute = names[number]
        if attribute.name in PASSING and of.set != "policy":
            continue
        if attribute.size:
            value = int.from_bytes(payload, sys.byteorder)
        elif attribute.type == "string":
            value = payload.rstrip(b"\0").decode()
        elif of.set == "policy":
            value = [one["name"] for one in decode(
                SPEC.sets[attribute.nested],
                genl.attributes(payload)).get("uplink", [])]
        else:
            value = payload
        found[attribute.name] = value
    return found


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


class Mirror:
    """What somebody knows who has heard all announcements."""

    def __init__(self):
        self.client = Client()
        self.client.join("config")
        self.rtnl = genl.Netlink(socket.NETLINK_ROUTE)
        self.rtnl.socket.setsockopt(
            genl.SOL_NETLINK, genl.NETLINK_ADD_MEMBERSHIP, RTNLGRP_NEIGH)
        for one in (self.client, self.rtnl):
            one.socket.setblocking(False)
            one.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
        self.objects = {name: {} for name in KEYS}
        self.addresses = set()

    @staticmethod
    def waiting(netlink):
        try:
            while True:
                yield from netlink.receive()
        except BlockingIOError:
            pass

    def listen(self):
        """Take in what has been said since the last time."""
        for kind, _, _, body in self.waiting(self.client):
            if kind == self.client.id:
                self.hear(BY_NUMBER[body[0]], shallow(
                    BY_NUMBER[body[0]], body))
        for kind, _, _, body in self.waiting(self.rtnl):
            family, index = struct.unpack_from("=B3xi", body)
            if family != AF_BRIDGE or kind not in (RTM_NEWNEIGH, RTM_DELNEIGH):
                continue
            mac = dict(genl.attributes(body[12:]))[NDA_LLADDR]
            if kind == RTM_NEWNEIGH:
                self.addresses.add((index, mac))
            else:
                self.addresses.discard((index, mac))

    def hear(self, operation, found):
        objects = self.objects[operation.notify]
        key = tuple(found[word] for word in KEYS[operation.notify])
        if operation.name.endswith("-del-ntf"):
            if objects.pop(key, None) is None:
                raise ValueError(f"{operation.name} of what was not known: "
                                 f"{found}")
        else:
            objects[key] = found

    def forget(self, state):
        """What comes and goes with links is announced by those; and bridges
        speak in the same group.
        """
        segments = {s["ifindex"] for s in state["segment-get"]}
        self.addresses = {one for one in self.addresses if one[0] in segments}
        for name, masters in (("segment-get", ()), ("zone-get", ()),
                              ("port-get", ("segment-ifindex",)),
                              ("uplink-get", ("zone-ifindex",))):
            there = {o["ifindex"]: o for o in state[name]}
            known = self.objects[name]
            for (index,), found in list(known.items()):
                if index not in there or any(
                        found[word] != there[index][word] for word in masters):
                    del known[index,]


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
        self.mirror = Mirror()
        self.sockets = {}
        self.done = collections.Counter()
        self.refused = collections.Counter()
        ip_batch("link add br0 type bridge")
        for name in ZONES + SEGMENTS[:4] + PORTS + UPLINKS:
            self.links.add_any(name)
            self.links.up(name, True)
        self.state = self.look()

    def look(self):
        """All that there is, by dump and by key."""
        self.mirror.listen()
        return {name: [shallow(SPEC.operations[name], body) for body in
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
                {"name": pick(SEGMENTS), "zone-ifindex": 0}]),
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
        kind = self.random.choices(
            ["port", "uplink", "free", "remove", "add", "up", "down"],
            [8, 4, 1, 1, 6, 4, 1])[0]
        if kind == "port":
            name, of = pick(PORTS), pick(SEGMENTS + OTHERS)
            return "master", {name: of}, lambda: self.links.master(name, of)
        if kind == "uplink":
            name = pick(UPLINKS)
            of = "zo" if name == "tun" else "zv"
            return "master", {name: of}, lambda: self.links.master(name, of)
        every = SEGMENTS + ZONES + PORTS + UPLINKS
        name = pick(every)
        if kind == "free":
            return kind, name, lambda: self.links.master(name, None)
        if kind == "remove":
            return kind, name, lambda: self.links.remove(name)
        if kind == "add":
            name = pick([n for n in every if n not in names()] or [name])
            return kind, name, lambda: self.links.add_any(name)
        return kind, name, lambda: self.links.up(name, kind == "up")

    def frames(self):
        """Some frames from behind a port or an uplink."""
        pick = self.random.choice
        port = pick(PORTS + UPLINKS[:3])
        sent = []
        for _ in range(self.random.randint(1, 6)):
            vlan = pick([0, 0] + VLANS)
            source = GUEST_MACS.get(vlan) or pick(MACS)
            tag = struct.pack(">HH", 0x8100, vlan) if vlan else b""
            sent.append(pick([b"\xff" * 6] + MACS) + source + tag +
                        b"\x88\xb5" + bytes(46))
        return "frames", port, lambda: self.send(port, sent)

    @staticmethod
    def send(port, sent):
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
            sock.bind((f"{port}-peer", 0x88b5))
            for frame in sent:
                sock.send(frame)

    def step(self):
        """Go one step; returns what it was, as text."""
        make = self.random.choices(
            [self.request, self.likely_request, self.link, self.frames],
            [4, 3, 3, 3])[0]
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


# --- What is always so ---

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


def settings(found):
    """What is announced when it changes. What a policy does is no setting of
    the segments that have it.
    """
    return {k: v for k, v in found.items() if k not in COUNTS and
            not (k == "teaming" and "teaming-policy" in found)}


def check_mirror(walk):
    """Who listens knows the same."""
    mirror, state = walk.mirror, walk.state
    mirror.forget(state)
    for name, objects in mirror.objects.items():
        there = {tuple(o[word] for word in KEYS[name]): o
                 for o in state[name]}
        if name in WHOLE and set(there) != set(objects):
            yield f"{name}: known {objects}, there {there}"
        for key, known in objects.items():
            if settings(known) != settings(there[key]):
                yield f"{name}: known {known}, there {there[key]}"
    there = {(e["segment-ifindex"], e["mac"]) for e in state["fdb-get"]
             if e["mac"] not in GUEST_MACS.values()}
    known = {one for one in mirror.addresses
             if one[1] not in GUEST_MACS.values()}
    if there != known:
        yield (f"addresses: only known {known - there}, "
               f"only there {there - known}")


def check(walk):
    yield from check_counts(walk.state)
    yield from check_rules(walk.state)
    yield from check_places(walk.state)
    yield from check_mirror(walk)


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
          f"{sum(walk.refused.values())} refused")
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
