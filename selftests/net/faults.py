#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What the module does when the kernel has no memory: each change is asked for
again and again, and each time one allocation more succeeds before one fails. A
request that is refused has changed nothing; leaks are for kmemleak to find,
and what was freed too early for KASAN.
"""

import socket
import struct
import sys

import genl
from fail_nth import MOST, Nth, available
from netlink_cases import AT_REMOTE, AUTO, CREATES, OVERLAY, REQUESTS
from netlink_fabric import MAC_NEW, SPEC, Client, encode, vlan_bitmap
from netlink_test import main, test

RTM_NEWLINK, RTM_DELLINK = 16, 17
IFLA_ADDRESS, IFLA_IFNAME, IFLA_MASTER, IFLA_LINKINFO = 1, 3, 10, 18
INFO_KIND, INFO_DATA = 1, 2


def ask(netlink, kind, flags, body):
    """Send a request; returns the errno, 0, or None if nobody knows."""
    try:
        list(netlink.answers(netlink.send(
            kind, flags | genl.NLM_F_REQUEST | genl.NLM_F_ACK, body)))
    except genl.Refused as refused:
        return refused.errno
    except OSError:		# the answer is what could not be made
        return None
    return 0


def command(name, request):
    """A command of the family, as what ask() sends."""
    def make(client):
        operation = SPEC.operations[name]
        return (client, client.id,
                genl.NLM_F_CREATE if name in CREATES else 0,
                struct.pack("BBH", operation.value, client.version, 0) +
                Client.body(operation, request))
    return make


def link(kind, attributes, flags=0):
    """A request for links; ATTRIBUTES() are made when the fabric is there."""
    return lambda _: (genl.Netlink(socket.NETLINK_ROUTE), kind, flags,
                      bytes(16) + attributes())


def fault_test(change, back=None):
    """CHANGE with each allocation failing in turn. BACK is another request
    that undoes it; without one the fabric is made again.
    """
    def run(fabric):
        for number in range(1, MOST):
            request = change(fabric.client)
            with Nth(number) as nth:
                error = ask(*request)
            differs = fabric.differs()
            if error and differs:
                yield from (f"allocation {number}: {line}"
                            for line in fabric.changed())
            if not nth.failed:
                break
            if differs and back:
                ask(*back(fabric.client))
                differs = fabric.differs()
            if differs:
                fabric.close()
                fabric.__init__()
        if nth.failed or error or number < 3:
            yield f"ended after {number - 1} faults with error {error}"
    return run


def named(name):
    return genl.nla(IFLA_IFNAME, name.encode() + b"\0")


def link_of(kind, **settings):
    """A new link of a kind of ours."""
    members = SPEC.sets["segment" if kind == "segment" else "zone"]
    data = b"".join(
        genl.nla(members[key].value, encode(members[key], value))
        for key, value in ((key.replace("_", "-"), value)
                           for key, value in settings.items()))
    info = (genl.nla(INFO_KIND, kind.encode() + b"\0") +
            genl.nla(INFO_DATA | genl.NLA_F_NESTED, data))
    return named("fresh") + genl.nla(IFLA_LINKINFO | genl.NLA_F_NESTED, info)


def master(name, of):
    index = socket.if_nametoindex(of) if of else 0
    return named(name) + genl.nla(IFLA_MASTER, struct.pack("I", index))


def fresh(kind, **settings):
    """A new link comes, and goes again."""
    return (link(RTM_NEWLINK, lambda: link_of(kind, **settings),
                 genl.NLM_F_CREATE | genl.NLM_F_EXCL),
            link(RTM_DELLINK, lambda: named("fresh")))


def joins(name, of):
    return (link(RTM_NEWLINK, lambda: master(name, of)),
            link(RTM_NEWLINK, lambda: master(name, "")))


LINKS = {
    "a segment is made in a VLAN zone": fresh(
        "segment", guest_vlans=vlan_bitmap(5), zone="zv", zone_vlan=9),
    "a segment is made in an overlay zone": fresh(
        "segment", zone="zo", zone_vni=9),
    "a zone is made": fresh("segzone", mode=1),
    "a port joins a parent": joins("d0", "na"),
    "an uplink joins": joins("d0", "zv"),
    "another address": [link(RTM_NEWLINK, lambda: named("red") + genl.nla(
        IFLA_ADDRESS, bytes.fromhex("02000000aaaa")))],
}

# What undoes the requests of netlink_cases.py.
BACK = {
    "segment-set": {"name": "red", "ageing-time": 300, "flood": 1,
                    "guest-vlans": bytes(512), "zone-ifindex": 0},
    "port-set": {"name": "p3", "learning": 1, "flood": 1, "mcast-flood": 1,
                 "bcast-flood": 1, "isolated": 0, "fdb-limit": 4096,
                 "fdb-limit-policy": 0},
    "zone-set": {"name": "zv", "teaming": 1, "failback": 1},
    "uplink-set": {"name": "u1", "priority": 0},
}


def made(name, *keys):
    """What makes an object, and what removes it, which KEYS name."""
    request = REQUESTS[name]
    return [(name, request, name.replace("new", "del"),
             {key: request[key] for key in keys})]


def removed(name):
    """What removes an object, and what makes it as it was."""
    request = REQUESTS[name]
    return [(name, request, name.replace("del", "new"),
             request | ({"port": "p4"} if name == "fdb-del" else {}))]


CHANGES = [(name, REQUESTS[name], name, back) for name, back in BACK.items()]
CHANGES += made("binding-new", "child", "id")
CHANGES += made("fdb-new", "segment", "mac", "guest-vlan")
CHANGES += made("remote-new", "segment", "address")
CHANGES += removed("fdb-del") + removed("remote-del")
CHANGES += [
    ("binding-new", {"child": "red", "id": "c", "parent": "nb"} | AUTO,
     "binding-del", {"child": "red", "id": "c"}),
    ("fdb-new", AT_REMOTE, "fdb-del", {"segment": "ov", "mac": MAC_NEW}),
    ("segment-set", {"name": "red"} | OVERLAY, "segment-set",
     BACK["segment-set"]),
    ("segment-set", {"name": "ov", "zone-vni": 78}, "segment-set",
     {"name": "ov", "zone-vni": 77}),
    ("segment-del", REQUESTS["segment-del"], None, None),
]

for words, requests in LINKS.items():
    test(words)(fault_test(*requests))
for name_, request_, undo, back_request in CHANGES:
    test(f"{name_}: {', '.join(request_)}")(fault_test(
        command(name_, request_),
        command(undo, back_request) if back_request else None))


def copies(client):
    """Copies of frames that left a port, or ended where they should."""
    count = 0
    for port in client.dump("port-get"):
        stats = port["stats"]
        count += stats["egress-packets"] + sum(stats["drops"].values())
    for binding in client.dump("binding-get"):
        count += binding["stats"]["egress-packets"]
    return count


@test("a frame of the host that everybody gets: delivered or dropped")
def host_frame(fabric):
    """To p3 of red, and with a tag to p1 of its parent."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind(("red", 0))
    frame = b"\xff" * 6 + MAC_NEW + b"\x88\xb5" + bytes(46)
    for number in range(1, MOST):
        before = copies(fabric.client)
        try:
            with Nth(number) as nth:
                sock.send(frame)
            expected = 2
        except OSError:		# of the socket: there was no frame
            expected = 0
        found = copies(fabric.client) - before
        if found != expected:
            yield f"allocation {number}: {found} copies, not {expected}"
        if not nth.failed:
            break
    drops = [segment["stats"]["drops"] for segment in
             fabric.client.dump("segment-get")]
    if nth.failed or not sum(drop["no-memory"] for drop in drops):
        yield f"ended after {number - 1} faults with these drops: {drops}"
    sock.close()
    fabric.close()
    fabric.__init__()


if __name__ == "__main__":
    if not available():
        print("KTAP version 1\n1..0 # SKIP allocations cannot be made to fail")
        sys.exit(4)
    sys.exit(main())
