# SPDX-License-Identifier: GPL-2.0
"""What the notifications of the family say, held against what dumps say."""

import socket
import struct
import sys

import genl
from netlink_fabric import SPEC, Client, decode

RTM_NEWNEIGH, RTM_DELNEIGH = 28, 29
RTNLGRP_NEIGH = 3
NDA_LLADDR = 2
AF_BRIDGE = 7
SO_RCVBUFFORCE = 33

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


def shallow(operation, body, but=PASSING):
    """{name: value} of a message without some; nests stay bytes."""
    of = SPEC.operations[operation.notify or operation.name]
    names = {a.value: a for a in SPEC.sets[of.set].values()}
    found = {}
    for number, payload in genl.attributes(body[4:]):
        attribute = names[number]
        if attribute.name in but and of.set != "policy":
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


class Mirror:
    """What somebody knows who has heard all announcements.

    Of an address that may be in a segment twice, under different guest VLANs,
    RTNLGRP_NEIGH does not tell which one is meant: AMBIGUOUS are those.
    """

    def __init__(self, ambiguous):
        self.ambiguous = ambiguous
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
                operation = BY_NUMBER[body[0]]
                self.hear(operation, shallow(operation, body))
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


def settings(found):
    """What is announced when it changes. What a policy does is no setting of
    the segments that have it.
    """
    return {k: v for k, v in found.items() if k not in COUNTS and
            not (k == "teaming" and "teaming-policy" in found)}


def check_mirror(mirror, state):
    """Yield what the mirror has otherwise than the dumps."""
    mirror.forget(state)
    for name, objects in mirror.objects.items():
        there = {tuple(o[word] for word in KEYS[name]): o
                 for o in state[name]}
        if name in WHOLE and set(there) != set(objects):
            yield f"{name}: known {objects}, there {there}"
        for key, known in objects.items():
            one = there.get(key, {})
            if settings(known) != settings(one):
                yield f"{name}: known {known}, there {one}"
    there = {(e["segment-ifindex"], e["mac"]): e for e in state["fdb-get"]
             if e["mac"] not in mirror.ambiguous}
    known = {one for one in mirror.addresses
             if one[1] not in mirror.ambiguous}
    for one in known ^ set(there):
        yield f"{one} is known or there: {there.get(one)}"
