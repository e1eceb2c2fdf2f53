# SPDX-License-Identifier: GPL-2.0
"""A small fabric in a network namespace of its own, for tests of the netlink
interface, and the words of the specification to talk about it.
"""

import ctypes
import os
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../static"))

# pylint: disable=wrong-import-position
import genl
import spec as spec_module

SPEC = spec_module.Spec()

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
RTM_GETLINK = 18

# MAC addresses of static entries, by what is behind them.
MAC_RED, MAC_RED_NA, MAC_LONE, MAC_GUEST = (
    bytes.fromhex(f"02000000000{i}") for i in range(1, 5))
MAC_NEW = bytes.fromhex("02000000000f")

# Tunnel addresses, one that is in a flood list and one that is not.
REMOTE, REMOTE_NEW = (bytes(10) + b"\xff\xff\xc0\0\2" + bytes([i])
                      for i in (1, 2))

# na and nb are parents-to-be, red is a child of na; lone has guests; ov is in
# the overlay zone zo; zv is a VLAN zone and ze one without anything. br0 and
# d0 are what a user might take for a segment or a port.
LINKS = """
link add na type segment
link add nb type segment
link add red type segment
link add lone type segment
link add ov type segment
link add zv type segzone
link add ze type segzone
link add u1 type dummy
link set u1 master zv up
link add u2 type dummy
link set u2 master zv up
link add p1 type dummy
link add p2 type dummy
link add p3 type dummy
link add p4 type dummy
link add d0 type dummy
link add br0 type bridge
link property add dev red altname red-alternative-name
link set na up
link set nb up
link set red up
link set lone up
link set p1 master na up
link set p2 master nb up
link set p3 master red up
link set p4 master lone up
"""


def unshare(flags):
    """Leave namespaces; os.unshare() is Python 3.12."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def ip_batch(lines):
    """Run commands of ip(8)."""
    subprocess.run(["ip", "-batch", "-"], input=lines.encode(), check=True,
                   stdout=subprocess.DEVNULL)


def vlan_bitmap(*ids):
    """guest-vlans with these VLAN ids."""
    bitmap = bytearray(512)
    for vid in ids:
        bitmap[vid // 8] |= 1 << vid % 8
    return bytes(bitmap)


def uplinks(*names):
    """A list of a teaming policy."""
    return {"uplink": [{"name": name} for name in names]}


def number_of(attribute):
    """The number of an attribute as it is in messages."""
    return attribute.value | (genl.NLA_F_NESTED if attribute.nested else 0)


def encode(attribute, value):
    """The payload of an attribute; bytes are taken as they are."""
    if isinstance(value, bytes):
        return value
    if attribute.type == "string":
        return value.encode() + b"\0"
    if attribute.type == "flag":
        return b""
    if attribute.nested:
        return encode_all(SPEC.sets[attribute.nested], value)
    return value.to_bytes(attribute.size, sys.byteorder)


def encode_all(members, attrs):
    """Attributes {name: value} of a set as bytes, in this order."""
    return b"".join(
        genl.nla(number_of(members[name]), encode(members[name], one))
        for name, value in attrs.items()
        for one in (value if members[name].multi else [value]))


def decode(members, attrs):
    """{name: value} of attributes of a set."""
    names = {a.value: a for a in members.values()}
    found = {}
    for number, payload in attrs:
        attribute = names[number]
        if attribute.type == "pad":
            continue
        if attribute.nested:
            value = decode(SPEC.sets[attribute.nested],
                           genl.attributes(payload))
        elif attribute.size:
            value = int.from_bytes(payload, sys.byteorder)
        elif attribute.type == "string":
            value = payload.rstrip(b"\0").decode()
        else:
            value = payload
        if attribute.multi:
            found.setdefault(attribute.name, []).append(value)
        else:
            found[attribute.name] = value
    return found


def new_link(kind, name, data):
    """Make a link with link attributes."""
    rtnl = genl.Netlink(socket.NETLINK_ROUTE)
    info = genl.nla(1, kind.encode() + b"\0") + genl.nla(
        2 | genl.NLA_F_NESTED, data)
    body = (bytes(16) + genl.nla(3, name.encode() + b"\0") +
            genl.nla(18 | genl.NLA_F_NESTED, info))
    list(rtnl.answers(rtnl.send(16, genl.NLM_F_REQUEST | genl.NLM_F_ACK |
                                genl.NLM_F_CREATE | genl.NLM_F_EXCL, body)))
    rtnl.close()


class Client(genl.Genl):
    """A socket of the family that speaks in names of the specification."""

    def __init__(self, **kwargs):
        super().__init__(SPEC.name, **kwargs)
        self.names = {o.value: o for o in SPEC.operations.values()}

    @staticmethod
    def body(operation, attrs):
        """Attributes {name: value} of a request as bytes, in this order."""
        return encode_all(SPEC.sets[operation.set], attrs)

    def call(self, name, attrs=None, **kwargs):
        """Do, or dump; returns [(operation, {name: value})]."""
        operation = SPEC.operations[name]
        return self.decoded(self.request(
            operation.value, self.body(operation, attrs or {}), **kwargs))

    def decoded(self, messages):
        """Messages as (name of the operation, {name: value})."""
        found = []
        for message in messages:
            if message.type == genl.NLMSG_DONE:
                continue
            operation = self.names[message.cmd]
            if operation.notify:
                members = SPEC.sets[SPEC.operations[operation.notify].set]
            else:
                members = SPEC.sets[operation.set]
            found.append((operation.name, decode(members, message.attrs)))
        return found

    def dump(self, name, attrs=None):
        """The objects of a dump."""
        return [found for _, found in self.call(name, attrs, dump=True)]


def links():
    """What rtnetlink says of each device, as bytes."""
    rtnl = genl.Netlink(socket.NETLINK_ROUTE)
    seq = rtnl.send(RTM_GETLINK, genl.NLM_F_REQUEST | genl.NLM_F_DUMP,
                    bytes(16))
    found = [body for kind, _, body in rtnl.answers(seq)
             if kind != genl.NLMSG_DONE]
    rtnl.close()
    return found


class Fabric:
    """A new network namespace with LINKS, which this process is then in."""

    def __init__(self):
        unshare(CLONE_NEWNET)
        for name in "default", "all":
            path = f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6"
            if os.path.exists(path):
                with open(path, "w", encoding="ascii") as file:
                    file.write("1")
        ip_batch(LINKS)
        self.client = Client()
        create = {"flags": genl.NLM_F_CREATE}
        call = self.client.call
        new_link("segzone", "zo", genl.nla(
            SPEC.sets["zone"]["mode"].value, b"\1"))
        call("segment-set", {"name": "ov", "zone": "zo", "zone-vni": 77})
        call("remote-new", {"segment": "ov", "address": REMOTE}, **create)
        call("segment-set", {"name": "lone", "guest-vlans": vlan_bitmap(5)})
        call("binding-new", {"child": "red", "id": "a", "parent": "na",
                             "vlan": 1002}, **create)
        for segment, mac, port in (("red", MAC_RED, "p3"),
                                   ("red", MAC_RED_NA, "p1"),
                                   ("lone", MAC_LONE, "p4")):
            call("fdb-new", {"segment": segment, "mac": mac, "port": port},
                 **create)
        call("fdb-new", {"segment": "lone", "mac": MAC_GUEST, "port": "p4",
                         "guest-vlan": 5}, **create)
        call("policy-new", {"zone": "zv", "name": "gold",
                            "active": uplinks("u1"),
                            "standby": uplinks("u2")}, **create)
        call("trace-new", {"port": "p1"})
        self.settle()
        self.before = self.state()

    @staticmethod
    def settle():
        """Wait until the carrier of every segment has been noticed, which
        would take a second, had they not been up before they got it.
        """
        ifname, operstate = 3, 16     # IFLA_*
        for _ in range(500):
            states = {attrs[ifname]: attrs[operstate][0] for attrs in (
                dict(genl.attributes(body[16:])) for body in links())}
            if all(states[name] == 6 for name in
                   (b"na\0", b"nb\0", b"red\0", b"lone\0")):
                return
            time.sleep(0.02)
        raise TimeoutError("a segment has no carrier")

    def close(self):
        self.client.close()

    def state(self):
        """Everything that a refused request must leave as it was."""
        found = {name: self.client.dump_raw(operation.value)
                 for name, operation in SPEC.operations.items()
                 if operation.dump and not operation.observes}
        found["links"] = links()
        return found

    def readable(self, name, bodies):
        """Some of the state in words."""
        if name == "links":
            return [dict(genl.attributes(body[16:])) for body in bodies]
        members = SPEC.sets[SPEC.operations[name].set]
        return [decode(members, genl.attributes(body[4:]))
                for body in bodies]

    def differs(self):
        """Whether anything is not as it was in the beginning."""
        return self.state() != self.before

    def changed(self):
        """What is not as it was in the beginning, as lines."""
        now = self.state()
        lines = []
        for name, was in self.before.items():
            if now[name] != was:
                new = [x for x in now[name] if x not in was]
                old = [x for x in was if x not in now[name]]
                lines.append(f"{name} changed: {self.readable(name, new)} "
                             f"instead of {self.readable(name, old)}")
        return lines
