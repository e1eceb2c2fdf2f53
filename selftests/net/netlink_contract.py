#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Hold the loaded module against the netlink specification.

 - the policies in force, attribute by attribute;
 - each request of the specification is accepted as it should be, and with any
   of its attributes missing, short, long, out of range, repeated or unknown it
   is refused, with a text and the attribute to blame, and changes nothing;
 - names of what does not exist or is something else, tags, ids, flags;
 - who may do what; what is announced, and to whom; dumps.

Needs root, the module and ip(8). Prints KTAP.
"""

import errno
import os
import struct
import sys
import traceback

import genl
import netlink_bad_input  # pylint: disable=unused-import
from netlink_bad_input import (INFO_DATA, INFO_KIND, flags_of, link_request,
                               modes_of)
from netlink_cases import AUTO, CREATE, REPLACE, REQUESTS
from netlink_fabric import (CLONE_NEWNET, CLONE_NEWUSER, MAC_RED, REMOTE,
                            REMOTE_NEW, SPEC, Client, ip_batch, unshare)
from netlink_test import main, test

# --- policies ----------------------------------------------------------------

POLICY_TYPE, POLICY_MIN, POLICY_MAX = 1, 4, 5
POLICY_MIN_LEN, POLICY_MAX_LEN, POLICY_PAD = 6, 7, 11
POLICY_INDEX, POLICY_MAXTYPE = 8, 9
KINDS = {"flag": 1, "u8": 2, "u16": 3, "u32": 4, "u64": 5, "binary": 10,
         "string": 12, "nest": 13}
CAP_ADMIN, CAP_DO, CAP_DUMP, CAP_HASPOL, CAP_UNS_ADMIN = 1, 2, 4, 8, 16


def expected_policy(attribute):
    """What CTRL_CMD_GETPOLICY has to say of an attribute."""
    policy = {POLICY_TYPE: KINDS[attribute.type]}
    if attribute.size:
        policy |= {POLICY_MIN: attribute.min, POLICY_MAX: attribute.max}
    if attribute.exact_len:
        policy |= {POLICY_MIN_LEN: attribute.exact_len,
                   POLICY_MAX_LEN: attribute.exact_len}
    if attribute.min_len:
        policy[POLICY_MIN_LEN] = attribute.min_len
    if attribute.max_len:
        policy[POLICY_MAX_LEN] = attribute.max_len
    if attribute.nested:
        policy[POLICY_MAXTYPE] = max(
            member.value for member in SPEC.sets[attribute.nested].values())
    return policy


@test("the family: version, groups, commands and who may call them")
def family(fabric):
    if fabric.client.version != SPEC.version:
        yield f"version is {fabric.client.version}"
    groups = fabric.client.groups()
    if sorted(groups) != sorted(SPEC.groups):
        yield f"groups are {groups}"
    expected = {
        o.value: (CAP_HASPOL | (CAP_DO if o.do else 0) |
                  (CAP_DUMP if o.dump else 0) |
                  (CAP_UNS_ADMIN if o.admin else 0))
        for o in SPEC.operations.values() if not o.notify}
    found = fabric.client.operations()
    if found != expected:
        yield f"commands are {found}, not {expected}"


def compare_policy(operation, table):
    """Yield differences between a policy in force and an operation."""
    names = {a.value: n for n, a in SPEC.sets[operation.set].items()}
    for value, kinds in table.items():
        if names.get(value) not in operation.attributes:
            yield f"takes {names.get(value, value)}"
            continue
        found = {kind: int.from_bytes(payload, sys.byteorder)
                 for kind, payload in kinds.items()
                 if kind not in (POLICY_PAD, POLICY_INDEX)}
        attribute = operation.attributes[names[value]]
        if found != expected_policy(attribute):
            yield (f"{names[value]}: {found}, "
                   f"not {expected_policy(attribute)}")
    for name, attribute in operation.attributes.items():
        if attribute.value not in table:
            yield f"does not take {name}"


@test("the policies in force are those of the specification")
def policies(fabric):
    found = fabric.client.policies()
    # Linux 6.12 forgets the number of commands that are dumped only.
    nameless = found.pop(0, {})
    for name, operation in SPEC.operations.items():
        if operation.notify:
            continue
        if nameless and not operation.do:
            continue
        modes = found.pop(operation.value, {})
        expected = [mode for mode in ("do", "dump")
                    if getattr(operation, mode)]
        if sorted(modes) != expected:
            yield f"{name}: policies for {sorted(modes)}, not {expected}"
        for mode, table in modes.items():
            for line in compare_policy(operation, table):
                yield f"{name} {mode}: {line}"
    if found:
        yield f"policies of commands without a name: {sorted(found)}"


# --- who, to whom, how many --------------------------------------------------

def in_child(function):
    """Run a generator of lines in another process."""
    end, start = os.pipe()
    if not os.fork():
        os.close(end)
        try:
            lines = list(function())
        except Exception:  # pylint: disable=broad-except
            lines = traceback.format_exc().splitlines()
        os.write(start, "\n".join(lines).encode())
        os._exit(0)
    os.close(start)
    with os.fdopen(end, encoding="utf-8") as file:
        text = file.read()
    os.wait()
    return text.splitlines()


def become_nobody():
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)


@test("R15: without CAP_NET_ADMIN reads are allowed and changes are not")
def unprivileged(fabric):
    def try_all():
        become_nobody()
        client = Client()
        for name, operation in SPEC.operations.items():
            if operation.notify:
                continue
            try:
                for mode in modes_of(operation):
                    client.call(name, REQUESTS[name], **mode)
                if operation.admin:
                    yield f"{name} was allowed"
            except genl.Refused as refused:
                if not operation.admin or refused.errno != errno.EPERM:
                    yield f"{name}: {refused}"
        client.join("config")

    yield from in_child(try_all)
    yield from fabric.changed()


@test("R15: the root of a user namespace has its own fabric")
def user_namespace(fabric):
    def try_own():
        become_nobody()
        unshare(CLONE_NEWUSER | CLONE_NEWNET)
        for name in "c", "p":
            link_request(name, INFO_KIND, b"", INFO_DATA, True)
        client = Client()
        client.call("binding-new", {"child": "c", "id": "i", "parent": "p",
                                    "vlan": 4}, flags=CREATE)
        if len(client.dump("binding-get")) != 1:
            yield "there is not one binding map"
        if len(client.dump("segment-get")) != 2:
            yield "there are not two segments"

    yield from in_child(try_own)
    yield from fabric.changed()


# What some segments have and others have not.
OF_SOME = {"guest-vlans", "zone", "zone-ifindex", "zone-vlan", "zone-vni",
           "teaming", "teaming-policy", "zone-fdb-limit",
           "zone-fdb-limit-policy", "zone-fdb-count", "zone-fdb-full"}


@test("each change is announced once, and echoed to who asks for it")
def events(fabric):
    call = fabric.client.call
    listener = Client()
    listener.join("config")
    new = {"child": "red", "id": "e", "parent": "nb"}
    steps = [
        ("binding-new", new | AUTO, CREATE, "binding-ntf", {"vlan": 30}),
        ("binding-new", {"child": "red", "id": "e", "vlan": 31}, REPLACE,
         "binding-ntf", {"vlan": 31, "parent": "nb"}),
        ("binding-del", {"child": "red", "id": "e"}, 0, "binding-del-ntf",
         {"id": "e", "vlan": 31}),
        ("segment-set", {"name": "red", "ageing-time": 9}, 0, "segment-ntf",
         {"name": "red", "ageing-time": 9}),
        ("port-set", {"name": "p3", "isolated": 1}, 0, "port-ntf",
         {"name": "p3", "isolated": 1, "segment": "red"}),
        ("segment-set", {"name": "lone", "zone": "zv", "zone-vlan": 0}, 0,
         "segment-ntf", {"name": "lone", "zone": "zv", "zone-vlan": 0}),
        ("zone-set", {"name": "zv", "failback": 0}, 0, "zone-ntf",
         {"name": "zv", "failback": 0}),
        ("uplink-set", {"name": "u1", "priority": 3}, 0, "uplink-ntf",
         {"name": "u1", "priority": 3, "zone": "zv"}),
        ("policy-new", {"zone": "zv", "name": "gold", "teaming": 2}, REPLACE,
         "policy-ntf", {"zone": "zv", "name": "gold", "teaming": 2}),
        ("policy-del", {"zone": "zv", "name": "gold"}, 0, "policy-del-ntf",
         {"zone": "zv", "name": "gold"}),
    ]
    for name, request, flags, event, expected in steps:
        for echo in 0, genl.NLM_F_ECHO:
            if echo and name == "binding-del":
                call("binding-new", new | {"vlan": 31}, flags=CREATE)
                listener.events()
            elif echo and name == "policy-del":
                call("policy-new", REQUESTS["policy-new"] | {"name": "gold"},
                     flags=CREATE)
                listener.events()
            elif echo and flags == CREATE:
                call("binding-del", {"child": "red", "id": "e"})
                listener.events()
            answer = call(name, request, flags=flags | echo)
            heard = listener.decoded(listener.events())
            if [what for what, _ in heard] != [event]:
                yield f"{name}: heard {heard}"
                continue
            if not expected.items() <= heard[0][1].items():
                yield f"{name}: {heard[0][1]} does not say {expected}"
            if answer != (heard if echo else []):
                yield f"{name}: the answer to {echo} is {answer}"
            reply = set(SPEC.operations[
                SPEC.operations[event].notify].reply) - OF_SOME
            if set(heard[0][1]) - OF_SOME != reply:
                yield f"{name}: {event} has {set(heard[0][1])}"
    for name, request in REQUESTS.items():
        operation = SPEC.operations[name]
        if operation.admin and not operation.observes:
            try:
                call(name, request | {list(request)[0]: "nosuch"},
                     flags=flags_of(name))
            except genl.Refused:
                pass
    ip_batch("link del na\n")
    heard = listener.decoded(listener.events())
    if [what for what, _ in heard] != ["binding-del-ntf"]:
        yield f"refusals, and a parent that goes: heard {heard}"
    call("policy-new", REQUESTS["policy-new"], flags=CREATE)
    listener.events()
    ip_batch("link set u2 nomaster\n")
    heard = listener.decoded(listener.events())
    if [(what, said["standby"]) for what, said in heard] != [
            ("policy-ntf", {})]:
        yield f"an uplink that leaves its policy: heard {heard}"
    ip_batch("link del zv\n")
    heard = [what for what, _ in listener.decoded(listener.events())]
    if heard != ["segment-ntf", "policy-del-ntf"]:
        yield f"a zone that goes: heard {heard}"
    listener.close()


@test("answers have the attributes of the specification and no other")
def answers(fabric):
    optional = OF_SOME | {"guest-vlan", "port", "port-ifindex", "binding",
                          "vlan", "age", "remote"}
    for name, operation in SPEC.operations.items():
        if not operation.dump or operation.observes:
            continue
        one = fabric.client.call(name, REQUESTS[name])[0][1]
        if one not in fabric.client.dump(name):
            yield f"{name}: {one} is not in the dump"
        for found in fabric.client.dump(name):
            extra = set(found) - set(operation.reply)
            missing = set(operation.reply) - set(found) - (
                optional if name in ("segment-get", "fdb-get") else set())
            if extra or missing:
                yield f"{name}: {extra} more, {missing} less"
    stats = fabric.client.call("port-get", {"name": "p1"})[0][1]["stats"]
    for nest, members in ((stats, "stats"), (stats["drops"], "drops")):
        expected = set(SPEC.sets[members]) - {"pad"}
        if set(nest) != expected:
            yield f"{members} has not {expected - set(nest)}"


@test("dumps show what was asked for")
def filters(fabric):
    expect = [
        ("segment-get", {"name": "na"}, 1), ("segment-get", {}, 5),
        ("zone-get", {}, 3), ("zone-get", {"name": "zo"}, 1),
        ("uplink-get", {}, 2), ("uplink-get", {"zone": "zv"}, 2),
        ("uplink-get", {"zone": "zo"}, 0), ("uplink-get", {"name": "u1"}, 1),
        ("remote-get", {}, 1), ("remote-get", {"segment": "ov"}, 1),
        ("remote-get", {"segment": "red"}, 0),
        ("remote-get", {"address": REMOTE}, 1),
        ("remote-get", {"address": REMOTE_NEW}, 0),
        ("policy-get", {}, 1), ("policy-get", {"zone": "zv"}, 1),
        ("policy-get", {"zone": "ze"}, 0),
        ("policy-get", {"name": "gold"}, 1),
        ("policy-get", {"name": "new"}, 0),
        ("fdb-get", {"port": "zo"}, 0),
        ("port-get", {}, 4), ("port-get", {"segment": "na"}, 1),
        ("port-get", {"name": "p2"}, 1),
        ("port-get", {"name": "p2", "segment": "na"}, 0),
        ("binding-get", {}, 1), ("binding-get", {"child": "red"}, 1),
        ("binding-get", {"child": "lone"}, 0),
        ("binding-get", {"parent": "na"}, 1),
        ("binding-get", {"parent": "nb"}, 0),
        ("binding-get", {"child": "red", "parent": "na"}, 1),
        ("binding-get", {"child": "red", "parent": "nb"}, 0),
        ("binding-get", {"id": "a"}, 1), ("binding-get", {"id": "z"}, 0),
        ("fdb-get", {}, 9), ("fdb-get", {"segment": "red"}, 3),
        ("fdb-get", {"port": "p1"}, 1), ("fdb-get", {"port": "p4"}, 2),
        ("fdb-get", {"segment": "red", "port": "p1"}, 1),
        ("fdb-get", {"guest-vlan": 5}, 1), ("fdb-get", {"mac": MAC_RED}, 1),
    ]
    for name, request, count in expect:
        found = fabric.client.dump(name, request)
        if len(found) != count:
            yield f"{name} {request}: {len(found)}, not {count}: {found}"


def make_children(fabric):
    """40 children of nb."""
    ip_batch("".join(f"link add s{i} type segment\n" for i in range(40)))
    for i in range(40):
        fabric.client.call("binding-new", {
            "child": f"s{i}", "id": "i" * 200, "parent": "nb",
            "vlan": i + 1}, flags=CREATE)


def make_many(fabric):
    """Enough of everything that a dump has many parts."""
    make_children(fabric)
    ip_batch("".join(f"link add q{i} type dummy\nlink set q{i} master nb\n"
                     for i in range(40)))
    for i in range(150):
        fabric.client.call("fdb-new", {
            "segment": "lone", "mac": b"\2\0\0\1\0" + bytes([i]),
            "port": "p4"}, flags=CREATE)
        fabric.client.call("remote-new", {
            "segment": "ov", "address": REMOTE[:-2] + bytes([3, i])},
            flags=CREATE)
    ip_batch("".join(f"link add z{i} type segzone\nlink add v{i} type dummy\n"
                     f"link set v{i} master zv\n" for i in range(40)))
    for i in range(150):
        fabric.client.call("policy-new", REQUESTS["policy-new"] | {
            "name": f"policy{i}"}, flags=CREATE)


@test("dumps in parts are complete, and say when something changed meanwhile")
def parts(fabric):
    make_many(fabric)
    for name, operation in SPEC.operations.items():
        if not operation.dump or operation.observes:
            continue
        whole = fabric.client.dump(name)
        client = Client(read_size=4096)
        for change in False, True:
            seq = client.send(client.id,
                              genl.NLM_F_REQUEST | genl.NLM_F_DUMP,
                              struct.pack("BBH", operation.value, 1, 0))
            messages, interrupted, parts_seen = [], False, 0
            done = False
            while not done:
                for kind, flags, _, body in client.receive():
                    interrupted |= bool(flags & genl.NLM_F_DUMP_INTR)
                    done |= kind == genl.NLMSG_DONE
                    if kind == client.id:
                        messages.append(client.parse(kind, flags, body, seq))
                parts_seen += 1
                if change and parts_seen == 1:
                    fabric.client.call("segment-set", {
                        "name": "na", "ageing-time": 300})
            if parts_seen < 4:
                yield f"{name}: only {parts_seen} parts"
            if [found for _, found in client.decoded(messages)] != whole:
                yield f"{name}: {len(messages)} instead of {len(whole)}"
            if interrupted != change:
                yield f"{name}: changed {change}, said {interrupted}"
        client.close()


@test("a dump goes on although the segment where it stopped is gone")
def vanished(fabric):
    make_many(fabric)
    for name in "segment-get", "port-get", "binding-get", "fdb-get":
        client = Client(read_size=4096)
        operation = SPEC.operations[name]
        client.send(client.id, genl.NLM_F_REQUEST | genl.NLM_F_DUMP,
                    struct.pack("BBH", operation.value, 1, 0))
        interrupted = done = False
        messages, part = [], client.receive()
        ip_batch("".join(f"link del s{i}\n" for i in range(40)))
        while not done:
            for kind, flags, _, body in part:
                interrupted |= bool(flags & genl.NLM_F_DUMP_INTR)
                done |= kind == genl.NLMSG_DONE
                messages += [body] if kind == client.id else []
            part = [] if done else client.receive()
        if not interrupted:
            yield f"{name} does not say that it was interrupted"
        if len(set(messages)) != len(messages):
            yield f"{name} shows something twice"
        client.close()
        make_children(fabric)


if __name__ == "__main__":
    sys.exit(main())
