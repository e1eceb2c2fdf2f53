# SPDX-License-Identifier: GPL-2.0
"""The 20 calls on binding maps, on their four bases, and the others."""

import re

from client import check, check_eq

BASES = (
    "/infra/segments/child",
    "/infra/tier-1s/t1/segments/child",
    "/orgs/default/projects/p1/infra/segments/child",
    "/orgs/default/projects/p1/infra/tier-1s/t1/segments/child",
)
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

# The reference's request and response, to the letter.
EXAMPLE_REQUEST = """{
    "vlan_traffic_tag": "1002",
    "segment_path": "/infra/segments/openshift-segment"
}"""
EXAMPLE_RESPONSE = """{
  "vlan_traffic_tag" : 1002,
  "segment_path" : "/infra/segments/openshift-segment",
  "resource_type" : "SegmentConnectionBindingMap",
  "id" : "map-id-1",
  "display_name" : "map-id-1",
  "path" : "/infra/segments/test2/segment-connection-binding-maps/map-id-1",
  "relative_path" : "map-id-1",
  "parent_path" : "/infra/segments/test2",
  "remote_path" : "",
  "unique_id" : "UUID",
  "realization_id" : "UUID",
  "owner_id" : "UUID",
  "marked_for_delete" : false,
  "overridden" : false,
  "_system_owned" : false,
  "_protection" : "NOT_PROTECTED",
  "_create_time" : TIME,
  "_create_user" : "admin",
  "_last_modified_time" : TIME,
  "_last_modified_user" : "admin",
  "_revision" : 0
}
"""


def prepare(c, base):
    if "/projects/" in base:
        c.patch("/orgs/default/projects/p1", {})
    if "/tier-1s/" in base:
        c.patch(base.rsplit("/segments", 1)[0], {})
    c.put(base)


def test_example(c):
    """the reference's PUT of a binding map, byte for byte"""
    c.put("/infra/segments/openshift-segment")
    c.put("/infra/segments/test2")
    answer = c.request("PUT", "/infra/segments/test2/"
                       "segment-connection-binding-maps/map-id-1",
                       EXAMPLE_REQUEST)
    check_eq(answer.status, 200)
    check_eq(answer.json["unique_id"], answer.json["realization_id"])
    check_eq(answer.json["_create_time"], answer.json["_last_modified_time"])
    text = re.sub(UUID, "UUID", answer.text)
    text = re.sub(r'(_time" : )\d{13}', r"\1TIME", text)
    check_eq(text, EXAMPLE_RESPONSE)


def test_twenty_calls(c):
    """list, read, write, change and delete a binding map on each base"""
    c.put("/infra/segments/parent")
    for tag, base in enumerate(BASES, 100):
        prepare(c, base)
        maps = base + "/segment-connection-binding-maps"
        body = {"vlan_traffic_tag": tag, "segment_path":
                "/infra/segments/parent"}
        check_eq(c.get(maps)["results"], [])
        made = c.put(maps + "/m", body)
        check_eq((made["path"], made["parent_path"], made["_revision"]),
                 (maps + "/m", base, 0))
        check_eq(c.get(maps + "/m"), made)
        check_eq(c.get(maps)["results"], [made])
        check_eq(c.patch(maps + "/m", dict(body, display_name="new")), None)
        changed = c.get(maps + "/m")
        check_eq((changed["display_name"], changed["_revision"],
                  changed["unique_id"]), ("new", 1, made["unique_id"]))
        check_eq(c.delete(maps + "/m"), None)
        c.refused(404, 600, "GET", maps + "/m", names=[maps + "/m"])
        check_eq(c.get(maps)["result_count"], 0)


def test_patch_creates(c):
    """PATCH makes what is not there, on each base"""
    c.patch("/infra/segments/parent2", {})
    for tag, base in enumerate(BASES, 200):
        prepare(c, base + "2")
        path = base + "2/segment-connection-binding-maps/m"
        c.patch(path, {"vlan_traffic_tag": str(tag),
                       "segment_path": "/infra/segments/parent2"})
        check_eq(c.get(path)["vlan_traffic_tag"], tag)


def test_owner_is_one(c):
    """owner_id is the same for all objects, unique_id is not"""
    a, b = c.put("/infra/segments/o1"), c.put("/infra/segments/o2")
    check_eq(a["owner_id"], b["owner_id"])
    check(a["unique_id"] != b["unique_id"], "unique_id")


def test_scopes_are_apart(c):
    """the same id in /infra, in a gateway and in a project is three objects"""
    c.patch("/orgs/default/projects/p1", {})
    c.patch("/infra/tier-1s/t1", {})
    paths = ["/infra/segments/same", "/infra/tier-1s/t1/segments/same",
             "/orgs/default/projects/p1/infra/segments/same"]
    for path in paths:
        c.put(path, {"description": path})
    for path in paths:
        check_eq(c.get(path)["description"], path)
    names = [s["path"] for s in c.get("/infra/segments")["results"]]
    check(paths[0] in names and paths[1] not in names and
          paths[2] not in names, names)


def test_other_types(c):
    """projects, gateways, zones and ports are written and read"""
    zone = "/infra/sites/default/enforcement-points/default/transport-zones/z"
    for path, body in (
            ("/orgs/default/projects/p2", {"description": "two"}),
            ("/infra/tier-0s/t0", {}),
            ("/infra/tier-1s/t2", {"tier0_path": "/infra/tier-0s/t0"}),
            (zone, {"tz_type": "VLAN_BACKED"}),
            ("/infra/segments/s", {}),
            ("/infra/segments/s/ports/default:4d5b", {"attachment":
                                                      {"id": "vif-1"}})):
        made = c.put(path, body)
        check_eq(c.get(path), made)
        for name, value in body.items():
            if not isinstance(value, dict):
                check_eq(made[name], value)


def test_connect(c):
    """what clients ask when they connect"""
    version = c.raw("GET", "/api/v1/node/version").json
    check(re.match(r"^\d+(\.\d+)+$", version["product_version"]), version)
    check_eq(c.raw("GET", "/api/v1/reverse-proxy/node/health").json["healthy"],
             True)
    features = c.raw("GET", "/api/v1/licenses/licensed-features").json
    check_eq({f["feature_name"]: f["is_licensed"]
              for f in features["results"]}["CONTAINER"], True)
    check_eq(features["result_count"], len(features["results"]))
    check_eq(c.raw("GET", "/api/v1/cluster/status").json
             ["mgmt_cluster_status"]["status"], "STABLE")


def test_system_objects(c):
    """what belongs to the system is there and stays"""
    for path in ("/infra", "/infra/sites/default", "/orgs/default",
                 "/infra/sites/default/enforcement-points/default"):
        check_eq(c.get(path)["path"], path)
        c.refused(405, 405, "DELETE", path)
    c.refused(405, 405, "PUT", "/orgs/default", {})


def test_states(c):
    """the word state is a view of all segments, not one of them"""
    c.patch("/infra/segments/s", {})
    states = c.get("/infra/segments/state")["results"]
    check("/infra/segments/s" in [s["segment_path"] for s in states], states)
    c.refused(404, 600, "PUT", "/infra/segments/state", {})
