# SPDX-License-Identifier: GPL-2.0
"""Transport zones: what the configuration and what clients say of them."""

from client import Daemon, check, check_eq, realized, wait_for

S = "/infra/segments/"
ZONES = "/infra/sites/default/enforcement-points/default/transport-zones/"
CONFIG = ("transport-zone = hv vlan up0,up1",
          "teaming-policy = hv first failover-order up0 up1",
          "transport-zone = ho overlay tun0",
          "tunnel-endpoints = ho 192.0.2.1,2001:DB8::1")


def status(c, path):
    return c.get("/infra/realized-state/status",
                 intent_path=path)["publish_status"]


def message(c, path):
    return c.get("/infra/realized-state/realized-entities",
                 intent_path=path)["results"][0]["runtime_error"]


def test_configured(c):
    """the zones of the configuration are there, and belong to the system"""
    for name, kind in (("hv", "VLAN_BACKED"), ("ho", "OVERLAY_STANDARD")):
        zone = c.get(ZONES + name)
        check_eq((zone["tz_type"], zone["is_default"], zone["_system_owned"]),
                 (kind, True, True))
        realized(c, ZONES + name)
        c.refused(405, 405, "DELETE", ZONES + name, names=[ZONES + name])
    check_eq(c.get(ZONES + "hv")["uplink_teaming_policy_names"], ["first"])
    entity = c.get("/infra/realized-state/realized-entities",
                   intent_path=ZONES + "hv")["results"][0]
    check(entity["realization_specific_identifier"].startswith("tz-"), entity)


def test_default(c):
    """a segment that names no zone is in the default overlay zone"""
    segment = c.put(S + "plain")
    check_eq(segment["transport_zone_path"], ZONES + "ho")
    check(segment["overlay_id"], segment)
    realized(c, S + "plain")
    guest = c.put(S + "guest", {"vlan_ids": ["7", "10-20"]})
    check("transport_zone_path" not in guest, guest)
    c.put(S + "both", {"vlan_ids": ["7", "10-20"],
                       "transport_zone_path": ZONES + "ho"})
    for name in ("guest", "both"):
        realized(c, S + name)


def test_vlan_segments(c):
    """a VLAN id of a zone belongs to one segment, which has one"""
    def vlan(*ids, **more):
        return dict(more, transport_zone_path=ZONES + "hv", vlan_ids=list(ids))
    c.put(S + "v5", vlan("5"))
    realized(c, S + "v5")
    for ids in (("5",), ("5-5",)):
        c.refused(400, 255, "PUT", S + "v6", vlan(*ids),
                  names=[S + "v5", "VLAN id"])
    for ids in (("5-6",), ("6", "7"), ("0-4094",)):
        c.refused(400, 255, "PUT", S + "v6", vlan(*ids),
                  names=["vlan_ids", ZONES + "hv"])
    check_eq(c.put(S + "v6", vlan("6-6"))["vlan_ids"], ["6"])
    c.put(S + "v0", vlan("0"))
    c.put(ZONES + "other", {"tz_type": "VLAN_BACKED"})
    c.put(S + "elsewhere", dict(vlan("5"),
                                transport_zone_path=ZONES + "other"))
    c.delete(S + "v5")
    c.patch(S + "v6", {"vlan_ids": ["5"]})
    for name in ("v6", "v0", "elsewhere"):
        realized(c, S + name)
    c.refused(400, 500030, "DELETE", ZONES + "other",
              names=[S + "elsewhere"])
    c.delete(S + "elsewhere")
    c.delete(ZONES + "other")
    wait_for(lambda: c.request("GET", ZONES + "other").status == 404, "gone")


def test_policy_names(c):
    """a segment may name the policies that its zone has"""
    def named(name):
        return {"transport_zone_path": ZONES + "hv", "vlan_ids": ["30"],
                "advanced_config": {"uplink_teaming_policy_name": name}}
    c.refused(400, 255, "PUT", S + "named", named("second"),
              names=["second"])
    c.put(S + "named", named("first"))
    realized(c, S + "named")
    c.delete(S + "named")


def test_vni(c):
    """VNIs are those that tunnels can carry"""
    zone = {"transport_zone_path": ZONES + "ho"}
    for vni in (0, 16777216):
        c.refused(400, 255, "PUT", S + "vni", dict(zone, overlay_id=vni),
                  names=["overlay_id", "16777215"])
    for vni in (1, 16777215):
        c.put(S + f"vni{vni}", dict(zone, overlay_id=vni))
        realized(c, S + f"vni{vni}")


def test_kind(c):
    """a zone keeps its kind"""
    c.put(ZONES + "k", {"tz_type": "OVERLAY_STANDARD"})
    c.patch(ZONES + "k", {"tz_type": "OVERLAY_ENS"})
    c.refused(400, 255, "PATCH", ZONES + "k", {"tz_type": "VLAN_BACKED"},
              names=["tz_type", ZONES + "k"])
    check_eq(c.get(ZONES + "k")["tz_type"], "OVERLAY_ENS")
    c.delete(ZONES + "k")


def test_exchange(c):
    """two segments exchange their VLAN ids in one request"""
    def tree(a, b):
        return {"children": [{"resource_type": "ChildSegment", "Segment": {
            "id": name, "transport_zone_path": ZONES + "hv",
            "vlan_ids": [vlan]}} for name, vlan in (("xa", a), ("xb", b))]}
    c.patch("/infra", tree("101", "102"))
    for name in ("xa", "xb"):
        realized(c, S + name)
    c.patch("/infra", tree("102", "101"))
    check_eq((c.get(S + "xa")["vlan_ids"], c.get(S + "xb")["vlan_ids"]),
             (["102"], ["101"]))
    for name in ("xa", "xb"):
        realized(c, S + name)


def test_uplink_waits(c):
    """a zone waits for its uplinks; its segments need not"""
    c.daemon.fake_file("devices", "up0", "tun0")
    wait_for(lambda: status(c, ZONES + "hv") == "UNREALIZED", "it waits")
    check_eq(message(c, ZONES + "hv"), "there is no uplink up1")
    check_eq(status(c, ZONES + "ho"), "REALIZED")
    c.put(S + "early", {"transport_zone_path": ZONES + "hv",
                        "vlan_ids": ["40"]})
    realized(c, S + "early")
    c.daemon.fake_file("devices", "up0", "up1", "tun0")
    realized(c, ZONES + "hv")
    c.daemon.fake_remove("devices")


def test_refused(c):
    """segments wait for a zone that cannot be made, and say so"""
    c.daemon.fake_file("refuse", ZONES + "bad no such zone")
    c.put(ZONES + "bad", {"tz_type": "OVERLAY_STANDARD"})
    c.put(S + "in-bad", {"transport_zone_path": ZONES + "bad"})
    wait_for(lambda: status(c, ZONES + "bad") == "ERROR", "the error is told")
    check_eq(message(c, ZONES + "bad"), "no such zone")
    wait_for(lambda: message(c, S + "in-bad") == f"waits for {ZONES}bad",
             "it waits")
    c.daemon.fake_remove("refuse")
    realized(c, S + "in-bad")
    c.delete(S + "in-bad")
    c.delete(ZONES + "bad")


def test_reload(c):
    """SIGHUP: other zones; one that is named no more is its clients'"""
    d = c.daemon
    d.configure(*CONFIG[1:2], "transport-zone = hv vlan up0")
    d.signal(1)
    wait_for(lambda: "not reloaded" in d.read_log(), "order matters")
    d.configure("transport-zone = hv overlay up0", *CONFIG[2:])
    d.signal(1)
    wait_for(lambda: "another kind: overlay" in message(c, ZONES + "hv"),
             "the kind stays")
    zone = c.get(ZONES + "hv")
    check_eq((zone["tz_type"], zone["_system_owned"]), ("VLAN_BACKED", False))
    d.configure("transport-zone = new vlan up2",
                "teaming-policy = new spread lb-srcmac up2", *CONFIG[:2])
    d.signal(1)
    wait_for(lambda: c.request("GET", ZONES + "new").status == 200, "new zone")
    c.close()
    realized(c, ZONES + "new")
    zone = c.get(ZONES + "ho")
    check_eq((zone["_system_owned"], zone["is_default"]), (False, False))
    check("transport_zone_path" not in c.put(S + "local"), "no default")
    c.refused(400, 500030, "DELETE", ZONES + "ho", names=[S + "plain"])
    d.configure(*CONFIG)
    d.signal(1)
    wait_for(lambda: c.get(ZONES + "ho")["_system_owned"], "it is back")
    c.close()
    c.delete(ZONES + "new")


def test_other_kind(c):
    """a zone of clients in the way of the configuration's: it says so"""
    d = c.daemon
    c.put(ZONES + "way", {"tz_type": "OVERLAY_STANDARD"})
    c.put(S + "inway", {"transport_zone_path": ZONES + "way"})
    d.stop()
    d.configure("transport-zone = way vlan up7", *CONFIG)
    d.start()
    c.close()
    wait_for(lambda: status(c, ZONES + "way") == "ERROR", "it is in the way")
    check("another kind: vlan" in message(c, ZONES + "way"), "why")
    realized(c, S + "inway")
    for path in (S + "inway", ZONES + "way"):
        c.delete(path)
    d.signal(1)
    wait_for(lambda: c.request("GET", ZONES + "way").json.get("tz_type") ==
             "VLAN_BACKED", "the configuration's")
    c.close()
    realized(c, ZONES + "way")
    d.configure(*CONFIG)
    d.signal(1)
    wait_for(lambda: not c.get(ZONES + "way")["_system_owned"], "released")
    c.delete(ZONES + "way")


def test_lines(c):
    """lines that make no sense: file, line and why"""
    zone = "transport-zone = z vlan a,b"
    for lines, word in (
            (["transport-zone = z vlan"], "ID KIND"),
            (["transport-zone = z other a"], "neither overlay nor vlan"),
            (["transport-zone = z vlan a,a"], "twice"),
            (["transport-zone = z vlan a,"], "uplink"),
            (["transport-zone = z vlan a/b"], "uplink"),
            (["transport-zone = z vlan abcdefghijklmnop"], "uplink"),
            (["transport-zone = a/b vlan a"], "ID KIND"),
            ([zone, zone], "already"),
            (["teaming-policy = z p lb-srcid a"], "no line before"),
            ([zone, "teaming-policy = z p lb a"], "lb-srcid"),
            ([zone, "teaming-policy = z p lb-srcid c"], "uplink"),
            ([zone, "teaming-policy = z p lb-srcid a a"], "both"),
            ([zone, "teaming-policy = z p lb-srcid a b b"], "ZONE NAME"),
            ([zone, "teaming-policy = z p lb-srcid a",
              "teaming-policy = z p lb-srcid b"], "already"),
            ([zone, "teaming-policy = z " + "p" * 128 + " lb-srcid a"],
             "too long"),
            ([zone, "tunnel-endpoints = z 192.0.2.1"], "overlay zone"),
            (["transport-zone = z overlay a",
              "tunnel-endpoints = z 192.0.2.300"], "address"),
            (["transport-zone = z overlay a",
              "tunnel-endpoints = z 2001:db8::1,2001:DB8:0::1"], "twice")):
        d = Daemon(*lines)
        result = d.run("--check-config")
        check_eq(result.returncode, 1, lines)
        check(f"{d.config}:{4 + len(lines)}: " in result.stderr and
              word in result.stderr, lines, result.stderr)
        d.remove()
    check_eq(c.daemon.run("--check-config").returncode, 0)
