# SPDX-License-Identifier: GPL-2.0
"""Tests: nothing that is wrong in a request is accepted, overlooked or half
done. Imported by netlink_contract.py.
"""

import errno
import os
import socket

import genl
from netlink_cases import (AT_REMOTE, AUTO, BINDINGS, BY_POLICY, CREATE,
                           CREATES, EXCL, FDBS, LIVE, MANDATORY, OVERLAY,
                           POLICIES, REPLACE, REQUESTS, binding)
from netlink_fabric import (CLONE_NEWNET, MAC_GUEST, SPEC, Client, encode,
                            ip_batch, number_of, unshare, vlan_bitmap)
from netlink_test import refuse, test


def flags_of(name):
    return genl.NLM_F_CREATE if name in CREATES else 0


def full_request(name):
    """REQUESTS[name] with devices named by index, too."""
    request = {}
    for key, value in REQUESTS[name].items():
        request[key] = value
        index = "ifindex" if key == "name" else f"{key}-ifindex"
        if index in SPEC.operations[name].attributes:
            request[index] = socket.if_nametoindex(value)
    return request


# --- attributes --------------------------------------------------------------

def wrong_payloads(attribute, value):
    """(what, payload) of everything that a policy has to refuse."""
    good = encode(attribute, value)
    if attribute.size:
        yield "short", good[:-1]
        yield "empty", b""
        yield "long", good + b"\0"
        if attribute.min > 0:
            yield "too small", encode(attribute, attribute.min - 1)
        if attribute.max < 256 ** attribute.size - 1:
            yield "too great", encode(attribute, attribute.max + 1)
            yield "greatest", b"\xff" * attribute.size
    elif attribute.type == "string":
        yield "empty", b""
        yield "without its end", good[:-1]
        yield "long", b"x" * (attribute.max_len + 1) + b"\0"
        yield "long, without its end", b"x" * (attribute.max_len + 1)
    elif attribute.type == "binary":
        least = attribute.exact_len or attribute.min_len
        yield "short", bytes(least - 1)
        yield "empty", b""
        yield "long", bytes((attribute.exact_len or attribute.max_len) + 1)
    elif attribute.type == "flag":
        yield "long", b"\1"


def with_payload(operation, request, name, payload, number=None):
    """A request with one payload, and maybe attribute number, replaced."""
    return b"".join(
        genl.nla(number or number_of(a), payload) if key == name
        else genl.nla(number_of(a), encode(a, value))
        for key, value in request.items()
        for a in [operation.attributes[key]])


def requests_of(name):
    """Requests that have each attribute of a command between them."""
    request = full_request(name)
    yield request
    if name == "binding-new":
        yield {k: v for k, v in request.items() if k != "vlan"} | AUTO
    elif name == "fdb-get":
        yield {"segment": "lone", "mac": MAC_GUEST, "guest-vlan": 5}
    elif name == "trace-new":
        yield LIVE | {"segment-ifindex": socket.if_nametoindex("red")}
    elif name == "trace-read":
        yield {"arrived": True, "global-id": 1}
    elif name == "fdb-new":
        yield AT_REMOTE
    elif name == "segment-set":
        yield {"name": "red"} | OVERLAY
        yield {"name": "red"} | BY_POLICY


def modes_of(operation):
    if operation.do:
        yield {"flags": flags_of(operation.name)}
    if operation.dump:
        yield {"dump": True}


def wrong_attributes(operation, request, name):
    """(what, body, number to blame) of requests with a wrong attribute."""
    attribute = operation.attributes[name]
    good = encode(attribute, request[name])
    for what, payload in wrong_payloads(attribute, request[name]):
        yield (what, with_payload(operation, request, name, payload),
               attribute.value)
    yield ("no nest" if attribute.nested else "a nest",
           with_payload(operation, request, name, good,
                        number_of(attribute) ^ genl.NLA_F_NESTED),
           attribute.value)
    yield ("given twice", Client.body(operation, request) +
           genl.nla(number_of(attribute), good), attribute.value)


def unknown_attributes(operation, request):
    """(what, body, number to blame) with what the command does not know."""
    members = SPEC.sets[operation.set]
    body = Client.body(operation, request)
    last = max(a.value for a in members.values())
    numbers = {f"unknown, {n}": n for n in (0, last + 1, 255, 0x3fff)}
    numbers |= {f"{n}, of other commands": a.value for n, a in members.items()
                if n not in operation.attributes}
    for what, value in numbers.items():
        yield what, body + genl.nla(value, pack(members, value)), value


def pack(members, value):
    """A payload that is right for an attribute, if it exists."""
    for attribute in members.values():
        if attribute.value == value and attribute.size:
            return encode(attribute, max(attribute.min, 1))
    return bytes(4)


def attribute_test(name):
    """Everything that can be wrong with the attributes of a command."""
    def run(fabric):
        operation = SPEC.operations[name]
        seen = set()
        for request in requests_of(name):
            seen |= set(request)
            for mode in modes_of(operation):
                for key in request:
                    for what, body, blame in wrong_attributes(
                            operation, request, key):
                        for line in refuse(
                                fabric, name, body, blame, **mode,
                                error=(errno.EINVAL, errno.ERANGE)):
                            yield f"{key} {what} {mode}: {line}"
                for what, body, blame in unknown_attributes(operation,
                                                            request):
                    for line in refuse(fabric, name, body, blame, **mode,
                                       error=errno.EINVAL):
                        yield f"{what} {mode}: {line}"
                for trailing in b"\0", b"\0\0\0":
                    for line in refuse(
                            fabric, name, error=errno.EINVAL, **mode,
                            body=Client.body(operation, request) + trailing):
                        yield f"{len(trailing)} bytes more {mode}: {line}"
        if seen != set(operation.attributes):
            yield f"not tried: {set(operation.attributes) - seen}"
    return run


def missing_test(name):
    """Each attribute that is in no way optional, left out."""
    def run(fabric):
        operation = SPEC.operations[name]
        for key in MANDATORY[name]:
            request = dict(REQUESTS[name])
            del request[key]
            body = Client.body(operation, request)
            mode = next(modes_of(operation))
            for line in refuse(fabric, name, body, error=errno.EINVAL,
                               text=f"(^|\\b){key}\\b.* is missing", **mode):
                yield f"{key}: {line}"
            if not operation.do:	# the end of a dump has no room for it
                continue
            try:
                fabric.client.request(operation.value, body, flags_of(name))
            except genl.Refused as refused:
                if refused.missing != operation.attributes[key].value:
                    yield f"{key}: {refused.missing} is said to be missing"
    return run


def accepted_test(name):
    """The request that the others are variants of."""
    def run(fabric):
        operation = SPEC.operations[name]
        for request in [REQUESTS[name], *requests_of(name)]:
            try:
                fabric.client.call(name, request, **next(modes_of(operation)))
            except genl.Refused as refused:
                yield f"{request}: {refused}"
            if operation.admin:
                if bool(fabric.changed()) == operation.observes:
                    yield "changed something" if operation.observes else \
                        "changed nothing"
                fabric.close()
                fabric.__init__()
    return run


for command in REQUESTS:
    test(f"{command}: is accepted as specified")(accepted_test(command))
    test(f"{command}: wrong, unknown and repeated attributes")(
        attribute_test(command))
    test(f"{command}: missing attributes")(missing_test(command))


# --- objects -----------------------------------------------------------------

# How each command names devices: attribute, and whether it must be a segment.
ROLES = {"segment": "a segment", "port": "a port of a segment",
         "zone": "a transport zone", "uplink": "an uplink of a zone"}


def role_of(name, key):
    """What a device has to be to a command."""
    if key == "name":
        key = SPEC.operations[name].set
    return ROLES["segment" if key in ("child", "parent", "via") else key]


DEVICES = [
    (name, key, role_of(name, key))
    for name, request in REQUESTS.items() for key in request
    if key in ("name", "child", "parent", "segment", "port", "zone", "via") and
    name != "record-read" and	# whose devices may be gone
    (key != "name" or "ifindex" in SPEC.operations[name].attributes)]


def far_device():
    """Make a segment in another namespace; returns what keeps it there."""
    ready, wait = os.pipe(), os.pipe()
    if not os.fork():
        unshare(CLONE_NEWNET)
        ip_batch("link add far index 4242 type segment\nlink set far up\n")
        os.write(ready[1], b".")
        os.close(wait[1])
        os.read(wait[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    os.close(wait[0])
    return wait[1]


def wrong_devices(role):
    """(name, errno, text) of devices that a request cannot mean."""
    yield "nosuch", errno.ENODEV, "no device is named nosuch"
    yield "x" * 127, errno.ENODEV, "no device is named x{40}$"
    yield "far", errno.ENODEV, "no device is named far"
    for name in ["p1" if role == "a segment" else "red", "br0", "d0", "lo"]:
        yield name, errno.EINVAL, f"^{name} is not {role}$"


@test("devices that do not exist, are something else or somewhere else")
def devices(fabric):
    wait = far_device()
    for name, key, role in DEVICES:
        operation = SPEC.operations[name]
        index = "ifindex" if key == "name" else f"{key}-ifindex"
        for mode in modes_of(operation):
            for device, error, text in wrong_devices(role):
                request = REQUESTS[name] | {key: device}
                for line in refuse(fabric, name,
                                   Client.body(operation, request),
                                   operation.attributes[key].value, error,
                                   text, **mode):
                    yield f"{name} {key} {device} {mode}: {line}"
            request = dict(REQUESTS[name])
            del request[key]
            for value, error in ((4242, errno.ENODEV), (9999, errno.ENODEV),
                                 (2 ** 32 - 1, errno.ENODEV),
                                 (1, errno.EINVAL)):
                for line in refuse(
                        fabric, name,
                        Client.body(operation, request | {index: value}),
                        operation.attributes[index].value, error,
                        f"lo is not {role}" if value == 1 else
                        f"no device has the index {value}", **mode):
                    yield f"{name} {index} {value} {mode}: {line}"
    os.close(wait)


@test("index and name of different devices; alternative names")
def names(fabric):
    for name, key, _ in DEVICES:
        operation = SPEC.operations[name]
        index = "ifindex" if key == "name" else f"{key}-ifindex"
        other = "d0" if REQUESTS[name][key] != "d0" else "br0"
        for mode in modes_of(operation):
            body = Client.body(operation, REQUESTS[name] | {
                index: socket.if_nametoindex(other)})
            for line in refuse(fabric, name, body,
                               operation.attributes[index].value,
                               errno.EINVAL, "does not have the index",
                               **mode):
                yield f"{name} {key} {mode}: {line}"
    red = fabric.client.call("segment-get", {"name": "red"})
    alt = fabric.client.call("segment-get", {"name": "red-alternative-name"})
    if red != alt:
        yield f"the alternative name means {alt}"


# --- rules -------------------------------------------------------------------

@test("binding-new: rules, tags, ids and flags")
def binding_rules(fabric):
    operation = SPEC.operations["binding-new"]
    for rule, request, flags, error, text, blame in BINDINGS:
        for line in refuse(fabric, "binding-new",
                           Client.body(operation, request),
                           blame and operation.attributes[blame].value,
                           error, text, flags=flags):
            yield f"{rule}: {line}"


@test("binding-new: every tag and every length of an id that is allowed")
def binding_good(fabric):
    call = fabric.client.call
    for request in (binding(vlan=1), binding(vlan=4094), binding(id="i" * 255),
                    binding(id="A-z_0.9:@~!$&'()*+,;=%")):
        call("binding-new", request, flags=CREATE)
        found = call("binding-get", {"child": "lone", "id": request["id"]})
        if found[0][1]["vlan"] != request["vlan"]:
            yield f"{request}: {found}"
        call("binding-del", {"child": "lone", "id": request["id"]})
    yield from fabric.changed()


@test("binding-new: what is not given stays as it is")
def binding_change(fabric):
    call = fabric.client.call

    def expect(**changes):
        found = call("binding-get", {"child": "red", "id": "a"})[0][1]
        return [f"{key} is {found[key]}, not {value}"
                for key, value in changes.items() if found[key] != value]

    steps = [({"vlan": 1003}, {"parent": "na", "vlan": 1003}),
             ({"parent": "nb"}, {"parent": "nb", "vlan": 1003}),
             ({"fdb-limit": 5}, {"vlan": 1003, "fdb-limit": 5,
                                 "fdb-limit-policy": 0}),
             ({"fdb-limit-policy": 1}, {"fdb-limit": 5,
                                        "fdb-limit-policy": 1}),
             ({"vlan-auto": b"", "vlan-first": 100}, {"vlan": 100})]
    for change, expected in steps:
        call("binding-new", {"child": "red", "id": "a"} | change,
             flags=REPLACE)
        yield from (f"{change}: {line}" for line in expect(**expected))


@test("everything else that is refused for what it says")
def refusals(fabric):
    for name, request, flags, error, text, blame in FDBS + POLICIES:
        operation = SPEC.operations[name]
        for line in refuse(fabric, name, Client.body(operation, request),
                           operation.attributes[blame].value if blame else
                           None, error, text, flags=flags):
            yield f"{name} {request}: {line}"
    local = next(entry for entry in fabric.client.dump(
        "fdb-get", {"segment": "lone"}) if entry["state"] == 2)
    for name, error in ("fdb-del", errno.EPERM), ("fdb-new", errno.EEXIST):
        operation = SPEC.operations[name]
        request = {"segment": "lone", "mac": local["mac"]}
        if name == "fdb-new":
            request["port"] = "p4"
        for line in refuse(fabric, name, Client.body(operation, request),
                           operation.attributes["mac"].value, error,
                           "is the host's address in lone", flags=flags_of(
                               name) | (REPLACE if name == "fdb-new" else 0)):
            yield f"{name} of a local address: {line}"


@test("flags, reserved field and commands that mean nothing")
def headers(fabric):
    for name, request in REQUESTS.items():
        operation = SPEC.operations[name]
        if not operation.do:
            continue
        body = Client.body(operation, request)
        allowed = (CREATE | REPLACE | EXCL) if name in CREATES else 0
        for flag in (CREATE, REPLACE, EXCL, 0x800, 0x1000, 0x8000):
            if flag & allowed:
                continue
            for line in refuse(fabric, name, body, None, errno.EINVAL,
                               f"no flags {flag:#x}",
                               flags=flags_of(name) | flag):
                yield f"{name} flag {flag:#x}: {line}"
        for line in refuse(fabric, name, body, None, errno.EINVAL,
                           "reserved is not 0", flags=flags_of(name),
                           reserved=1):
            yield f"{name} reserved: {line}"
    commands = {o.value for o in SPEC.operations.values() if not o.notify}
    for cmd in range(256):
        if cmd in commands:
            continue
        try:
            fabric.client.request(cmd)
            yield f"command {cmd} was accepted"
        except genl.Refused as refused:
            if refused.errno != errno.EOPNOTSUPP:
                yield f"command {cmd}: {refused}"
    yield from fabric.changed()


# --- links -------------------------------------------------------------------

RTM_NEWLINK = 16
IFLA_IFNAME, IFLA_LINKINFO = 3, 18
INFO_KIND, INFO_DATA, INFO_SLAVE_KIND, INFO_SLAVE_DATA = 1, 2, 4, 5


def link_request(name, kind_type, data, data_type, create, kind="segment"):
    """Send RTM_NEWLINK with link attributes of ours."""
    rtnl = genl.Netlink(socket.NETLINK_ROUTE)
    info = genl.nla(kind_type, kind.encode() + b"\0") + genl.nla(
        data_type | genl.NLA_F_NESTED, data)
    body = bytes(16) + genl.nla(IFLA_IFNAME, name.encode() + b"\0")
    body += genl.nla(IFLA_LINKINFO | genl.NLA_F_NESTED, info)
    flags = genl.NLM_F_REQUEST | genl.NLM_F_ACK
    if create:
        flags |= genl.NLM_F_CREATE | genl.NLM_F_EXCL
    try:
        list(rtnl.answers(rtnl.send(RTM_NEWLINK, flags, body)))
    finally:
        rtnl.close()


def wrong_link_data(members, settable):
    """(what, data) that a link policy has to refuse."""
    for attribute in members.values():
        good = pack(members, attribute.value)
        if attribute.name not in settable:
            yield f"{attribute.name}, which is read only", genl.nla(
                attribute.value, good)
            continue
        value = (vlan_bitmap(5) if attribute.exact_len else
                 attribute.min if attribute.size else "nosuch")
        for what, payload in wrong_payloads(attribute, value):
            yield f"{attribute.name} {what}", genl.nla(attribute.value,
                                                       payload)
    # The core ignores greater numbers than it has room for.
    for value in max(a.value for a in members.values()) + 1, 40:
        yield f"unknown, {value}", genl.nla(value, bytes(4))


@test("link attributes: wrong, unknown and read-only ones")
def link_attributes(fabric):
    settable = {"segment": set(SPEC.operations["segment-set"].attributes),
                "port": set(SPEC.operations["port-set"].attributes),
                "zone": set(SPEC.operations["zone-set"].attributes) |
                {"mode"},
                "uplink": set(SPEC.operations["uplink-set"].attributes)}
    cases = [("segment", "red", INFO_KIND, INFO_DATA, False),
             ("segment", "fresh", INFO_KIND, INFO_DATA, True),
             ("port", "p3", INFO_SLAVE_KIND, INFO_SLAVE_DATA, False),
             ("zone", "zv", INFO_KIND, INFO_DATA, False),
             ("zone", "fresh", INFO_KIND, INFO_DATA, True),
             ("uplink", "u1", INFO_SLAVE_KIND, INFO_SLAVE_DATA, False)]
    kinds = {"zone": "segzone", "uplink": "segzone"}
    for members, name, kind, data, create in cases:
        for what, payload in wrong_link_data(
                SPEC.sets[members], settable[members] - {"ifindex", "name"}):
            try:
                link_request(name, kind, payload, data, create,
                             kinds.get(members, "segment"))
                yield f"{name} {what}: was accepted"
            except genl.Refused as refused:
                if not refused.text:
                    yield f"{name} {what}: {refused}"
            yield from fabric.changed()
    try:
        link_request("fresh", INFO_KIND, genl.nla(
            SPEC.sets["segment"]["guest-vlans"].value, vlan_bitmap(0)),
            INFO_DATA, True)
        yield "guest-vlans 0 were accepted for a new link"
    except genl.Refused as refused:
        if "guest-vlans" not in refused.text:
            yield f"guest-vlans 0: {refused}"
    yield from fabric.changed()
