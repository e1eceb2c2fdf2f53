# SPDX-License-Identifier: GPL-2.0
"""Requests of the family that are right, and requests that are wrong for what
they say, with the answer that each of them has to get.

They are about the fabric of netlink_fabric.py.
"""

import errno

import genl
from netlink_fabric import (MAC_GUEST, MAC_LONE, MAC_NEW, MAC_RED, MAC_RED_NA,
                            REMOTE, REMOTE_NEW, uplinks, vlan_bitmap)

# A frame, and one with a tag.
FRAME = MAC_NEW + MAC_RED + b"\x88\xb5" + bytes(46)
TAGGED = MAC_NEW + MAC_RED + b"\x81\x00\x03\xea\x88\xb5" + bytes(42)

# A request of each command that is accepted, and what is in no way optional.
REQUESTS = {
    "segment-get": {"name": "red"},
    "segment-set": {"name": "red", "ageing-time": 77, "flood": 0,
                    "guest-vlans": vlan_bitmap(7), "zone": "zv",
                    "zone-vlan": 9, "teaming": 2},
    "segment-del": {"name": "lone"},
    "port-get": {"name": "p3", "segment": "red"},
    "port-set": {"name": "p3", "learning": 0, "flood": 0, "mcast-flood": 0,
                 "bcast-flood": 0, "isolated": 1, "fdb-limit": 7,
                 "fdb-limit-policy": 1},
    "binding-get": {"child": "red", "id": "a", "parent": "na"},
    "binding-new": {"child": "red", "id": "b", "parent": "nb", "vlan": 7,
                    "fdb-limit": 9, "fdb-limit-policy": 1},
    "binding-del": {"child": "red", "id": "a"},
    "fdb-get": {"segment": "red", "mac": MAC_RED, "port": "p3"},
    "fdb-new": {"segment": "lone", "mac": MAC_NEW, "guest-vlan": 5,
                "port": "p4"},
    "fdb-del": {"segment": "lone", "mac": MAC_GUEST, "guest-vlan": 5},
    "fdb-flush": {"segment": "red", "mac": MAC_RED_NA, "state": 1,
                  "port": "p1", "binding": "a"},
    "trace-new": {"port": "p1", "via": "red", "frame": FRAME, "limit": 5},
    "trace-read": {"id": 1, "sequence": 1},
    "trace-del": {"id": 1},
    "record-read": {"segment": "red", "port": "p3", "mac": MAC_RED,
                    "since": 5},
    "zone-get": {"name": "zv"},
    "zone-set": {"name": "zv", "teaming": 3, "failback": 0},
    "zone-del": {"name": "ze"},
    "uplink-get": {"name": "u1", "zone": "zv"},
    "uplink-set": {"name": "u1", "priority": 7, "trace": 0},
    "remote-get": {"segment": "ov", "address": REMOTE},
    "remote-new": {"segment": "ov", "address": REMOTE_NEW},
    "remote-del": {"segment": "ov", "address": REMOTE},
    "policy-get": {"zone": "zv", "name": "gold"},
    "policy-new": {"zone": "zv", "name": "new", "teaming": 3,
                   "active": uplinks("u1"), "standby": uplinks("u2")},
    "policy-del": {"zone": "zv", "name": "gold"},
}
# What trace-new takes instead of a frame.
LIVE = {"segment": "red", "count": 2, "source": MAC_RED, "dest": MAC_NEW,
        "vlan": 7, "ethertype": 8, "protocol": 6, "ip-source": bytes(4),
        "ip-dest": bytes(4), "source-port": 1, "dest-port": 2}
MANDATORY = {
    "segment-get": ["name"], "segment-set": ["name"], "segment-del": ["name"],
    "port-get": ["name"], "port-set": ["name"],
    "binding-get": ["child", "id"], "binding-del": ["child", "id"],
    "binding-new": ["child", "id", "parent", "vlan"],
    "fdb-get": ["segment", "mac"], "fdb-new": ["segment", "mac", "port"],
    "fdb-del": ["segment", "mac"], "fdb-flush": ["segment"],
    "trace-new": ["port"], "trace-read": ["id"], "trace-del": ["id"],
    "record-read": [],
    "zone-get": ["name"], "zone-set": ["name"], "zone-del": ["name"],
    "uplink-get": ["name"], "uplink-set": ["name"],
    "remote-get": ["segment", "address"],
    "remote-new": ["segment", "address"],
    "remote-del": ["segment", "address"],
    "policy-get": ["zone", "name"], "policy-del": ["zone", "name"],
    "policy-new": ["zone", "name", "active"],
}
# Instead of vlan, to have every attribute of binding-new in some request.
AUTO = {"vlan-auto": b"", "vlan-first": 30, "vlan-last": 40}
# Instead of a VLAN zone, instead of teaming, and instead of a port.
OVERLAY = {"zone": "zo", "zone-vni": 78, "teaming": 2}
BY_POLICY = {"zone": "zv", "zone-vlan": 9, "teaming-policy": "gold"}
AT_REMOTE = {"segment": "ov", "mac": MAC_NEW, "remote": REMOTE_NEW}
CREATES = {"binding-new", "fdb-new", "remote-new", "policy-new"}

CREATE, REPLACE, EXCL = (genl.NLM_F_CREATE, genl.NLM_F_REPLACE,
                         genl.NLM_F_EXCL)
LONE = {"child": "lone", "id": "x", "parent": "nb", "vlan": 9}


def binding(**changes):
    """LONE with changes; None removes an attribute."""
    request = LONE | {k.replace("_", "-"): v for k, v in changes.items()}
    return {k: v for k, v in request.items() if v is not None}


# (rule, request, flags, errno, text, attribute to blame)
BINDINGS = [
    ("R2", binding(parent="na", vlan=1002), CREATE, errno.EEXIST,
     "^VLAN 1002 of na is bound to red, by a$", "vlan"),
    ("R3", binding(child="red", parent="na", vlan=5), CREATE, errno.EEXIST,
     "^red is bound to na already, by a, VLAN 1002$", "parent"),
    ("R4 self", binding(parent="lone"), CREATE, errno.ELOOP,
     "^lone cannot be its own parent$", "parent"),
    ("R4 a parent as child", binding(child="na"), CREATE, errno.ELOOP,
     "^na is a parent, of red, and cannot be a child$", "parent"),
    ("R4 a child as parent", binding(parent="red"), CREATE, errno.ELOOP,
     "^red is a child, of na, and cannot be a parent$", "parent"),
    ("R8 nothing free", binding(parent="na", vlan=None, vlan_auto=b"",
                                vlan_first=1002, vlan_last=1002), CREATE,
     errno.ENOSPC, "^no tag from 1002 to 1002 is free on na$", "vlan-auto"),
    ("vlan and vlan-auto", binding(vlan_auto=b""), CREATE, errno.EINVAL,
     "vlan and vlan-auto exclude each other", "vlan"),
    ("first after last", binding(vlan=None, vlan_auto=b"", vlan_first=9,
                                 vlan_last=8), CREATE, errno.EINVAL,
     "vlan-first 9 is greater than vlan-last 8", "vlan-first"),
    ("first without auto", binding(vlan_first=9), CREATE, errno.EINVAL,
     "vlan-first and vlan-last need vlan-auto", "vlan-first"),
    ("last without auto", binding(vlan_last=9), CREATE, errno.EINVAL,
     "vlan-first and vlan-last need vlan-auto", "vlan-last"),
    ("new without CREATE", binding(), 0, errno.ENOENT,
     "^lone has no binding map x$", "id"),
    ("replace what is not there", binding(), REPLACE, errno.ENOENT,
     "^lone has no binding map x$", "id"),
    ("CREATE what is there", binding(child="red", id="a"), CREATE,
     errno.EEXIST, "^red has a binding map a already$", "id"),
    ("no flag for what is there", binding(child="red", id="a"), 0,
     errno.EEXIST, "^red has a binding map a already$", "id"),
    ("CREATE and EXCL", binding(child="red", id="a"), CREATE | EXCL,
     errno.EEXIST, "^red has a binding map a already$", "id"),
    ("replace, R4", binding(child="red", id="a", parent="red", vlan=None),
     REPLACE, errno.ELOOP, "^red cannot be its own parent$", "parent"),
    ("replace, REPLACE and CREATE of what is not there, without a parent",
     binding(parent=None), REPLACE | CREATE, errno.EINVAL,
     "^parent is missing$", None),
    ("id is empty", binding(id=""), CREATE, errno.EINVAL, "^id is empty$",
     "id"),
] + [
    (f"id {text!r}", binding(id=text.encode("latin-1") + b"\0"), CREATE,
     errno.EINVAL, "^id may only have visible ASCII characters", "id")
    for text in ("a b", "a/b", "a\tb", "a\nb", "\x7f", "\xe4", "\x80")
] + [
    (f"{name} {value}", binding(**({"vlan": value} if name == "vlan" else
                                   {"vlan": None, "vlan_auto": b"",
                                    name.replace("-", "_"): value})),
     CREATE, (errno.ERANGE, errno.EINVAL), None, name)
    for name in ("vlan", "vlan-first", "vlan-last")
    for value in (0, 4095, 4096, 65535)
]

POLICY = REQUESTS["policy-new"]
NO_UPLINK = {"uplink": [{}]}
READ_ONLY = {"uplink": [{"name": "u1", "carrier": 1}]}
# As FDBS.
POLICIES = [
    ("policy-new", POLICY, 0, errno.ENOENT,
     "^zv has no teaming policy new$", "name"),
    ("policy-new", POLICY, REPLACE, errno.ENOENT,
     "^zv has no teaming policy new$", "name"),
    ("policy-new", POLICY | {"name": "gold"}, CREATE, errno.EEXIST,
     "^zv has a teaming policy gold already$", "name"),
    ("policy-new", POLICY | {"name": "gold"}, CREATE | EXCL, errno.EEXIST,
     "^zv has a teaming policy gold already$", "name"),
    ("policy-new", POLICY | {"active": {}}, CREATE, errno.EINVAL,
     "^a policy needs an active uplink$", "active"),
    ("policy-new", {"zone": "zv", "name": "gold", "active": {}}, REPLACE,
     errno.EINVAL, "^a policy needs an active uplink$", "active"),
    ("policy-new", POLICY | {"active": uplinks("u1", "u1")}, CREATE, errno.EINVAL,
     "^u1 is in active and standby, or twice in one$", None),
    ("policy-new", POLICY | {"standby": uplinks("u1")}, CREATE, errno.EINVAL,
     "^u1 is in active and standby, or twice in one$", None),
    ("policy-new", {"zone": "zv", "name": "gold",
                    "active": uplinks("u2")}, REPLACE, errno.EINVAL,
     "^u2 is in active and standby, or twice in one$", None),
    ("policy-new", POLICY | {"active": uplinks("p1")}, CREATE,
     errno.EINVAL, "^p1 is not an uplink of a zone$", None),
    ("policy-new", POLICY | {"active": uplinks("nosuch")}, CREATE,
     errno.ENODEV, "^no device is named nosuch$", None),
    ("policy-new", POLICY | {"zone": "ze"}, CREATE, errno.EINVAL,
     "^u1 is an uplink of zv, not of ze$", None),
    ("policy-new", POLICY | {"active": NO_UPLINK}, CREATE, errno.EINVAL,
     "^uplink is missing$", None),
    ("policy-new", POLICY | {"active": READ_ONLY}, CREATE,
     errno.EINVAL, "^read only$", None),
    ("policy-new", POLICY | {"active": {"uplink": [{"ifindex": 0}]}}, CREATE,
     errno.ERANGE, "^integer out of range$", None),
    ("policy-new", POLICY | {"standby": b"\7\0"}, CREATE, errno.ERANGE,
     "^Attribute failed policy validation$", "standby"),
    ("policy-new", POLICY | {"standby": genl.nla(2, b"")}, CREATE,
     errno.EINVAL, "^Unknown attribute type$", None),
    ("policy-new", POLICY | {"name": ""}, CREATE, errno.EINVAL,
     "^name is empty$", "name"),
    ("policy-new", POLICY | {"name": "a/b"}, CREATE, errno.EINVAL,
     "^name may only have visible ASCII characters but no '/'$", "name"),
    ("policy-get", {"zone": "ze", "name": "gold"}, 0, errno.ENOENT,
     "^ze has no teaming policy gold$", "name"),
    ("policy-del", {"zone": "zv", "name": "new"}, 0, errno.ENOENT,
     "^zv has no teaming policy new$", "name"),
    ("segment-set", BY_POLICY | {"name": "red", "teaming": 1}, 0,
     errno.EINVAL, "^teaming and teaming-policy exclude each other$",
     "teaming-policy"),
    ("segment-set", BY_POLICY | {"name": "red", "teaming-policy": "new"}, 0,
     errno.ENOENT, "^zv has no teaming policy new$", "teaming-policy"),
    ("segment-set", {"name": "red", "teaming-policy": "gold"}, 0,
     errno.EINVAL, "^red is in no zone$", "teaming-policy"),
    ("segment-set", {"name": "ov", "zone-ifindex": 0,
                     "teaming-policy": "gold"}, 0, errno.EINVAL,
     "^a segment in no zone has no VLAN id", "teaming-policy"),
]

FDB = {"segment": "lone", "mac": MAC_NEW, "port": "p4"}
# (command, request, flags, errno, text, attribute to blame)
FDBS = [
    ("fdb-new", FDB | {"mac": bytes.fromhex("01005e000001")}, CREATE,
     errno.EADDRNOTAVAIL, "01:00:5e:00:00:01 is not a unicast", "mac"),
    ("fdb-new", FDB | {"mac": bytes(6)}, CREATE, errno.EADDRNOTAVAIL,
     "00:00:00:00:00:00 is not a unicast", "mac"),
    ("fdb-new", FDB | {"port": "p3"}, CREATE, errno.EINVAL,
     "^p3 is no port of lone or of a parent of it$", "port"),
    ("fdb-new", FDB | {"guest-vlan": 6}, CREATE, errno.EINVAL,
     "^6 is not in guest-vlans of lone$", "guest-vlan"),
    ("fdb-new", FDB, 0, errno.ENOENT, "0f is not known in lone$", "mac"),
    ("fdb-new", FDB, REPLACE, errno.ENOENT, "0f is not known in lone$", "mac"),
    ("fdb-new", FDB | {"mac": MAC_LONE}, CREATE, errno.EEXIST,
     "already behind p4 in lone$", "mac"),
    ("fdb-new", FDB | {"mac": MAC_LONE}, CREATE | EXCL, errno.EEXIST,
     "already behind p4 in lone$", "mac"),
    ("fdb-get", FDB, 0, errno.ENOENT, "0f is not known in lone behind p4",
     "mac"),
    ("fdb-get", {"segment": "lone", "mac": MAC_GUEST}, 0, errno.ENOENT,
     "04 is not known in lone$", "mac"),
    ("fdb-get", FDB | {"port": "p1"}, 0, errno.EINVAL,
     "^p1 is no port of lone or of a parent of it$", "port"),
    ("fdb-del", {"segment": "lone", "mac": MAC_NEW}, 0, errno.ENOENT,
     "0f is not known in lone$", "mac"),
    ("fdb-flush", {"segment": "lone", "state": 2}, 0, errno.EINVAL,
     "the host's addresses cannot be flushed", "state"),
    ("fdb-flush", {"segment": "lone", "state": 1, "port": "p1"}, 0,
     errno.EINVAL, "^p1 is no port of lone or of a parent of it$", "port"),
    ("fdb-flush", {"segment": "lone", "state": 1, "binding": "a"}, 0,
     errno.ENOENT, "^lone has no binding map a$", "binding"),
    ("binding-get", {"child": "lone", "id": "a"}, 0, errno.ENOENT,
     "^lone has no binding map a$", "id"),
    ("binding-get", {"child": "red", "id": "a", "parent": "nb"}, 0,
     errno.ENOENT, "^the parent of a is na, not nb$", "parent"),
    ("binding-del", {"child": "lone", "id": "a"}, 0, errno.ENOENT,
     "^lone has no binding map a$", "id"),
    ("port-get", {"name": "p3", "segment": "na"}, 0, errno.EINVAL,
     "^p3 is a port of red, not of na$", "segment"),
    ("segment-del", {"name": "red"}, 0, errno.EBUSY,
     "^red has binding maps: red/a", "name"),
    ("segment-del", {"name": "na"}, 0, errno.EBUSY,
     "^na has binding maps: red/a", "name"),
    ("segment-set", {"name": "red", "flood": 0,
                     "guest-vlans": vlan_bitmap(0)}, 0, errno.ERANGE,
     "0 and 4095 cannot be in guest-vlans", "guest-vlans"),
    ("segment-set", {"name": "red", "ageing-time": 5,
                     "guest-vlans": vlan_bitmap(4095)}, 0, errno.ERANGE,
     "0 and 4095 cannot be in guest-vlans", "guest-vlans"),
    ("trace-new", {"port": "p1", "frame": FRAME, "segment": "na"}, 0,
     errno.EINVAL, "^a frame comes from a port$", "segment"),
    ("trace-new", {"port": "p1", "segment": "na"}, 0, errno.EINVAL,
     "^port and segment exclude each other$", "port"),
    ("trace-new", {"port": "p1", "frame": FRAME, "count": 1}, 0,
     errno.EINVAL, "^a filter and frame exclude each other$", "count"),
    ("trace-new", {"port": "p1", "frame": FRAME, "dest-port": 1}, 0,
     errno.EINVAL, "^a filter and frame exclude each other$", "dest-port"),
    ("trace-new", {"port": "p1", "via": "red"}, 0, errno.EINVAL,
     "^via needs frame$", "via"),
    ("trace-new", {"port": "p3", "via": "red", "frame": FRAME}, 0,
     errno.EINVAL, "^red is not bound to red, of which p3 is a port$", "via"),
    ("trace-new", {"port": "p1", "ip-source": bytes(5)}, 0, errno.EINVAL,
     "^an address has 4 or 16 bytes$", "ip-source"),
    ("trace-new", {"port": "p1", "ip-source": bytes(4),
                   "ip-dest": bytes(16)}, 0, errno.EINVAL,
     "^ip-source and ip-dest are of different kinds$", "ip-dest"),
    ("trace-new", {"port": "p1", "via": "red", "frame": TAGGED}, 0,
     errno.EINVAL, "^frame has a tag, and via implies one$", "frame"),
    ("trace-new", {"port": "p1", "frame": TAGGED[:17]}, 0, errno.EINVAL,
     "^frame is too short for its tag$", "frame"),
    ("trace-del", {"id": 99}, 0, errno.ENOENT, "^there is no trace 99$",
     "id"),
    ("segment-set", {"name": "red", "zone": "zv"}, 0, errno.EINVAL,
     "^vlan is missing$", None),
    ("segment-set", {"name": "red", "zone": "zo", "zone-vlan": 3}, 0,
     errno.EINVAL, "^zo is an overlay zone, with VNIs$", "zone-vlan"),
    ("segment-set", {"name": "red", "zone": "zv", "zone-vni": 3}, 0,
     errno.EINVAL, "^zv is a VLAN zone, without VNIs$", "zone-vni"),
    ("segment-set", {"name": "red", "zone": "zo", "zone-vni": 77}, 0,
     errno.EEXIST, "^VNI 77 of zo is that of ov$", "zone-vni"),
    ("segment-set", {"name": "red", "zone": "na", "zone-vlan": 3}, 0,
     errno.EINVAL, "^na is not a transport zone$", "zone"),
    ("segment-set", {"name": "red", "teaming": 1}, 0, errno.EINVAL,
     "^red is in no zone$", "teaming"),
    ("segment-set", {"name": "ov", "zone-ifindex": 0, "zone-vni": 3}, 0,
     errno.EINVAL, "^a segment in no zone has no VLAN id", "zone-vni"),
    ("zone-del", {"name": "zo"}, 0, errno.EBUSY, "^zo has a segment, ov$",
     "name"),
    ("uplink-get", {"name": "p1"}, 0, errno.EINVAL,
     "^p1 is not an uplink of a zone$", "name"),
    ("uplink-get", {"name": "u1", "zone": "zo"}, 0, errno.EINVAL,
     "^u1 is an uplink of zv, not of zo$", "zone"),
    ("uplink-set", {"name": "u1", "priority": 9, "trace": 1}, 0,
     errno.EOPNOTSUPP, "^u1 is not a geneve device", "trace"),
    ("remote-new", {"segment": "ov", "address": REMOTE}, CREATE,
     errno.EEXIST, "^ov has the remote address already$", "address"),
    ("remote-new", {"segment": "ov", "address": bytes(16)}, CREATE,
     errno.EADDRNOTAVAIL, "is a unicast address$", "address"),
    ("remote-new", {"segment": "red", "address": REMOTE}, CREATE,
     errno.EINVAL, "^red is not in an overlay zone$", "segment"),
    ("remote-del", {"segment": "ov", "address": REMOTE_NEW}, 0,
     errno.ENOENT, "^ov has no such remote address$", "address"),
    ("remote-get", {"segment": "ov", "address": REMOTE_NEW}, 0,
     errno.ENOENT, "^ov has no such remote address$", "address"),
    ("fdb-new", AT_REMOTE | {"segment": "lone"}, CREATE, errno.EINVAL,
     "^lone is not in an overlay zone$", "remote"),
    ("fdb-new", {"segment": "ov", "mac": MAC_NEW, "port": "zo"}, CREATE,
     errno.EINVAL, "^an address behind zo needs a remote tunnel address$",
     None),
    ("fdb-new", {"segment": "ov", "mac": MAC_NEW, "port": "zv"}, CREATE,
     errno.EINVAL, "^ov is not in the zone zv$", "port"),
]
