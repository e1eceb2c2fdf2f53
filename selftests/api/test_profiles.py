# SPDX-License-Identifier: GPL-2.0
"""Profiles and their binding maps, as clients meet them."""

from client import check, check_eq
from test_tree import child, infra, segment

S = "/infra/segments/"
PROFILES = "/infra/mac-discovery-profiles/"
KINDS = ("discovery", "security", "qos")


def maps(owner, kind="discovery"):
    word = "port" if "/ports/" in owner else "segment"
    return f"{owner}/{word}-{kind}-profile-binding-maps"


def test_defaults(c):
    """a MAC discovery profile has the ranges and defaults of the original"""
    c.put(PROFILES + "d", {"mac_learning_enabled": True})
    got = c.get(PROFILES + "d")
    check_eq({k: got[k] for k in got if k.startswith(("mac_", "remote_o",
                                                      "unknown"))},
             {"mac_learning_enabled": True, "mac_change_enabled": False,
              "mac_limit": 4096, "mac_limit_policy": "ALLOW",
              "remote_overlay_mac_limit": 2048,
              "unknown_unicast_flooding_enabled": True})
    for body, name in (({}, "mac_learning_enabled"),
                       ({"mac_limit": 4097}, "mac_limit"),
                       ({"mac_limit": -1}, "mac_limit"),
                       ({"mac_limit_policy": "FORWARD"}, "mac_limit_policy"),
                       ({"mac_limit": 0, "mac_limit_policy": "DROP"},
                        "mac_limit"),
                       ({"remote_overlay_mac_limit": 2047},
                        "remote_overlay_mac_limit"),
                       ({"mac_change_enabled": "no"}, "mac_change_enabled")):
        body = {"mac_learning_enabled": True, **body} if body else {}
        c.refused(400, 255, "PUT", PROFILES + "bad", body, names=[name])
    c.put(PROFILES + "off", {"mac_learning_enabled": False, "mac_limit": 0,
                             "mac_limit_policy": "DROP"}, override=True)
    c.patch("/orgs/default/projects/pp", {})
    project = "/orgs/default/projects/pp" + PROFILES + "d"
    c.put(project, {"mac_learning_enabled": False})
    c.delete(project)


def test_empty_lists(c):
    """lists that clients read after each write are there, and empty"""
    c.put(S + "e")
    c.put(S + "e/ports/p")
    c.put("/infra/tier-1s/t")
    c.put("/infra/tier-1s/t/segments/f")
    for owner in (S + "e", S + "e/ports/p", "/infra/tier-1s/t/segments/f"):
        for kind in KINDS:
            check_eq(c.get(maps(owner, kind))["result_count"], 0)


def test_one_request(c):
    """a segment and its map, written, changed and deleted in one request each"""
    c.put(PROFILES + "one", {"mac_learning_enabled": True})

    def write(**more):
        name = "SegmentDiscoveryProfileBindingMap"
        body = {"resource_type": name, "id": "default",
                "mac_discovery_profile_path": PROFILES + "one"}
        c.patch("/infra", infra(segment("o", child(name, body, id="default",
                                                   **more))))
        return c.get(maps(S + "o"))["results"]
    found = write(marked_for_delete=False)
    check_eq([m["mac_discovery_profile_path"] for m in found],
             [PROFILES + "one"])
    check("ip_discovery_profile_path" not in found[0], found)
    check_eq(write(marked_for_delete=True), [])


def test_goes_with_owner(c):
    """a segment goes with its maps, and so does a port; a profile stays"""
    c.put(PROFILES + "g", {"mac_learning_enabled": True})
    body = {"mac_discovery_profile_path": PROFILES + "g"}
    for owner in (S + "g", S + "g/ports/p"):
        c.put(owner)
        c.put(maps(owner) + "/default", body)
    c.refused(400, 500030, "DELETE", PROFILES + "g",
              names=[maps(S + "g"), maps(S + "g/ports/p")])
    c.refused(400, 500030, "DELETE", S + "g", names=[S + "g/ports/p"])
    check_eq(c.get(maps(S + "g"))["result_count"], 1)
    c.delete(S + "g/ports/p")
    c.delete(S + "g")
    c.put(S + "g")
    check_eq(c.get(maps(S + "g"))["result_count"], 0)
    c.put(S + "g/ports/p")
    c.put(maps(S + "g/ports/p") + "/default", body)
    c.delete(S + "g", force=True)
    c.delete(PROFILES + "g")


def test_one_map(c):
    """a second map of a kind is refused, and names the first"""
    c.put(S + "m")
    for kind in KINDS:
        c.put(maps(S + "m", kind) + "/first")
        c.refused(400, 255, "PUT", maps(S + "m", kind) + "/second", {},
                  names=[maps(S + "m", kind) + "/first"])


def test_not_done(c):
    """what nothing would be done about is refused, and no path is none"""
    c.put(S + "n")
    for kind, field, path in (
            ("discovery", "ip_discovery_profile_path",
             "/infra/ip-discovery-profiles/x"),
            ("security", "segment_security_profile_path",
             "/infra/segment-security-profiles/x"),
            ("security", "spoofguard_profile_path",
             "/infra/spoofguard-profiles/x"),
            ("qos", "qos_profile_path", "/infra/qos-profiles/x")):
        c.refused(400, 500012, "PUT", maps(S + "n", kind) + "/default",
                  {field: path}, names=[field, path])
        check(field not in c.put(maps(S + "n", kind) + "/default",
                                 {field: ""}), field)
        c.delete(maps(S + "n", kind) + "/default")


def test_found(c):
    """profiles are found by name, as those who look one up do"""
    c.put(PROFILES + "f", {"mac_learning_enabled": True,
                           "display_name": "learn much"})
    found = c.get("/search/query", query='resource_type:MacDiscoveryProfile '
                  'AND display_name:"learn much"')["results"]
    check_eq([p["path"] for p in found], [PROFILES + "f"])
