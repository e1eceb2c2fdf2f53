# SPDX-License-Identifier: GPL-2.0
"""Every member of every type: kinds, ranges, lengths, as they are documented."""

from client import check, check_eq
PACKET = {"eth_header": {"src_mac": "02:00:00:00:00:01",
                         "dst_mac": "02:00:00:00:00:02"},
          "ip_header": {"src_ip": "10.0.0.1", "dst_ip": "10.0.0.2"}}

S = "/infra/segments/"
ZONES = "/infra/sites/default/enforcement-points/default/transport-zones/"
PATHS = {
    "Project": ("/orgs/default/projects/f", {}),
    "PolicyTransportZone": (ZONES + "f", {}),
    "Tier0": ("/infra/tier-0s/f", {}),
    "Tier1": ("/infra/tier-1s/f", {}),
    "Segment": (S + "f", {}),
    "SegmentPort": (S + "owner/ports/f", {}),
    "SegmentConnectionBindingMap": (
        S + "owner/segment-connection-binding-maps/f",
        {"vlan_traffic_tag": 1, "segment_path": S + "parent"}),
    "TraceflowConfig": ("/infra/traceflows/f", {
        "segment_port_path": "/infra/segments/owner/ports/x", "packet": PACKET}),
}


def prepare(c):
    c.patch(S + "owner", {})
    c.patch(S + "parent", {})


def wrong(schema):
    """Values that a member of this schema cannot have."""
    kind = schema.get("type")
    if kind == "boolean":
        return [0, "true", [], {}]
    if kind == "integer":
        bad = ["five", 1.5, True, [], {}]
        if "maximum" in schema:
            bad += [schema["maximum"] + 1, schema["minimum"] - 1]
        return bad
    if kind == "string":
        bad = [5, True, [], {}]
        if "maxLength" in schema:
            bad.append("x" * (schema["maxLength"] + 1))
        if "enum" in schema:
            bad.append("NO_SUCH_VALUE")
        return bad
    if kind == "array":
        return ["x", {}, 5, [None],
                [{}] * (schema["maxItems"] + 1)
                if schema["maxItems"] < 5000 else 5]
    return [5, "x", []]


def members(schema, prefix=()):
    for name, member in schema.get("properties", {}).items():
        if member.get("readOnly"):
            continue
        yield prefix + (name,), member
        yield from members(member, prefix + (name,))


# What has to be there besides a wrong value, so that only that is wrong.
BESIDES = {"dns_header": {"address": "x"}, "ndp_header": {"dst_ip": "fd00::1"}}


def nest(base, name, value):
    body = dict(base)
    at = body
    for word in name[:-1]:
        at[word] = dict(BESIDES.get(word, {}), **at.get(word, {}))
        at = at[word]
    at[name[-1]] = value
    return body


def test_wrong_values(c):
    """a wrong value of any member is refused, and the refusal names it"""
    prepare(c)
    tried = 0
    for kind, (path, base) in PATHS.items():
        schema = c.daemon.contract.document["definitions"][kind]
        for name, member in members(schema):
            if name[0] in ("id", "resource_type", "_revision"):
                continue
            for value in wrong(member):
                c.refused(400, 255, "PUT", path, nest(base, name, value),
                          names=[name[-1]])
                tried += 1
    check(tried > 500, "only", tried, "values were tried")


def test_unknown_members(c):
    """a member that there is not is refused, at any depth"""
    prepare(c)
    for path, base in PATHS.values():
        c.refused(400, 255, "PUT", path, dict(base, no_such=1),
                  names=["no_such"])
    c.refused(400, 255, "PUT", S + "f", {"advanced_config": {"no_such": 1}},
              names=["advanced_config.no_such"])
    c.refused(400, 255, "PUT", S + "f", {"tags": [{"no_such": 1}]},
              names=["tags[0].no_such"])


def test_null_is_not_given(c):
    """null is as if the member was left out"""
    made = c.put(S + "null", {"description": None, "admin_state": None})
    check("description" not in made, made)
    check_eq(made["admin_state"], "UP")


def test_defaults(c):
    """defaults are in the answer"""
    prepare(c)
    made = c.put(S + "def")
    check_eq((made["admin_state"], made["replication_mode"], made["type"]),
             ("UP", "MTEP", "DISCONNECTED"))
    port = c.put(S + "owner/ports/def", {"attachment": {"id": "vif-def"}})
    check_eq((port["admin_state"], port["attachment"]["hyperbus_mode"]),
             ("UP", "DISABLE"))
    trace = c.put("/infra/traceflows/def", {
        "segment_port_path": S + "owner/ports/def",
        "packet": PACKET})
    check_eq((trace["timeout"], trace["is_transient"],
              trace["packet"]["frame_size"],
              trace["packet"]["ip_header"]["ttl"]), (10, True, 128, 64))


def test_gateway_address(c):
    """gateway_address: an address of a host, with a prefix length"""
    for bad in ("10.0.0.1", "10.0.0.0/24", "10.0.0.1/33", "10.0.0.1/0",
                "x/24", "10.0.0.1/", "10.0.0.1/24x", "/24", "", "fd00::/64",
                "10.0.0.256/24", "fd00::1/129", "10.0.0.1/-1"):
        c.refused(400, 255, "PUT", S + "ga",
                  {"subnets": [{"gateway_address": bad}]},
                  names=["subnets[0].gateway_address"])
    for n, (good, network) in enumerate((
            ("10.0.5.1/22", "10.0.4.0/22"), ("10.0.0.0/31", "10.0.0.0/31"),
            ("fd00:0:0:1::1/64", "fd00:0:0:1::/64"),
            ("10.1.2.3/32", "10.1.2.3/32"))):
        made = c.put(f"{S}ga{n}", {"subnets": [{"gateway_address": good}]})
        check_eq(made["subnets"][0]["network"], network)


def test_vlan_ids(c):
    """vlan_ids: ids and ranges within 0 to 4094"""
    for bad in ("4095", "5-3", "a", "", "1-", "-1", "1-4095", "1 2", "1,2",
                "99999", "1--2"):
        c.refused(400, 255, "PUT", S + "vl", {"vlan_ids": [bad]},
                  names=["vlan_ids[0]"])
    c.put(S + "vl", {"vlan_ids": ["0-4094", "7", "100-200"]})


def test_routed(c):
    """type follows connectivity"""
    c.put("/infra/tier-1s/rt")
    check_eq(c.put(S + "rt", {"connectivity_path": "/infra/tier-1s/rt"})
             ["type"], "ROUTED")
    check_eq(c.put("/infra/tier-1s/rt/segments/s")["type"], "ROUTED")
    c.patch(S + "rt", {"advanced_config": {"connectivity": "OFF"}})
    check_eq(c.get(S + "rt")["type"], "DISCONNECTED")
    c.refused(400, 255, "PUT", "/infra/tier-1s/rt/segments/t",
              {"connectivity_path": "/infra/tier-1s/rt"},
              names=["connectivity_path"])
    c.refused(400, 500012, "PUT", S + "ru",
              {"connectivity_path": "/infra/tier-1s/none"})
    check_eq(c.put(S + "rv", {"connectivity_path": ""}).get(
        "connectivity_path"), None)


def test_zones(c):
    """segments of VLAN and overlay zones"""
    c.put(ZONES + "v", {"tz_type": "VLAN_BACKED",
                        "uplink_teaming_policy_names": ["one"]})
    c.put(ZONES + "o", {"tz_type": "OVERLAY_STANDARD"})
    c.refused(400, 255, "PUT", S + "zv", {"transport_zone_path": ZONES + "v"},
              names=["vlan_ids", ZONES + "v"])
    c.put("/infra/tier-1s/zt")
    c.refused(400, 255, "PUT", S + "zv",
              {"transport_zone_path": ZONES + "v", "vlan_ids": ["5"],
               "connectivity_path": "/infra/tier-1s/zt"},
              names=["connectivity_path"])
    teaming = {"advanced_config": {"uplink_teaming_policy_name": "one"}}
    c.put(S + "zv", dict(teaming, vlan_ids=["5"],
                         transport_zone_path=ZONES + "v"))
    c.refused(400, 255, "PUT", S + "zo",
              dict(teaming, transport_zone_path=ZONES + "o"), names=["one"])
    first = c.put(S + "zo", {"transport_zone_path": ZONES + "o"})
    second = c.put(S + "zp", {"transport_zone_path": ZONES + "o"})
    check(5000 <= first["overlay_id"] <= 16777215, first)
    check(first["overlay_id"] != second["overlay_id"], "VNIs")
    c.refused(400, 255, "PUT", S + "zq", {"transport_zone_path": ZONES + "o",
                                          "overlay_id": first["overlay_id"]},
              names=[S + "zo"])
    check_eq(c.put(S + "zo", {"transport_zone_path": ZONES + "o",
                              "_revision": 0})["overlay_id"],
             first["overlay_id"], "a segment keeps its VNI:")
    c.refused(400, 500030, "DELETE", ZONES + "o", names=[S + "zo"])


def test_trace_names(c):
    """both names of a traceflow's child are taken, and given back as they came"""
    prepare(c)
    for name in ("connected_segment_path_as_source",
                 "connected_parent_path_as_source"):
        made = c.put("/infra/traceflows/" + name, {
            "segment_port_path": S + "owner/ports/x", "packet": PACKET,
            name: S + "parent"})
        check_eq(made[name], S + "parent")
    c.refused(400, 500012, "PUT", "/infra/traceflows/x", {
        "segment_port_path": S + "owner/ports/x", "packet": PACKET,
        "connected_segment_path_as_source": S + "none"}, names=[S + "none"])
    c.refused(400, 255, "PUT", "/infra/traceflows/x", {"packet": PACKET},
              names=["segment_port_path"])
    c.put(S + "traced")
    c.put("/infra/traceflows/t", {
        "segment_port_path": S + "owner/ports/x", "packet": PACKET,
        "connected_segment_path_as_source": S + "traced"})
    c.delete(S + "traced")
