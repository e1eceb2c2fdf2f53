# SPDX-License-Identifier: GPL-2.0
"""What PUT, PATCH and DELETE mean: revisions, defaults, read-only members."""

from client import POLICY, check, check_eq

S = "/infra/segments/"


def test_revision(c):
    """_revision: 0 at first, one more with each write, needed to replace"""
    check_eq(c.put(S + "r")["_revision"], 0)
    c.refused(400, 500127, "PUT", S + "r", {}, names=[S + "r"])
    c.refused(400, 500127, "PUT", S + "r", {"_revision": None})
    check_eq(c.put(S + "r", {"_revision": 0})["_revision"], 1)
    for stale in (0, 2, 99):
        c.refused(412, 500071, "PUT", S + "r", {"_revision": stale},
                  names=[S + "r", "Fetch the latest copy of the object and "
                         "retry"])
    check_eq(c.get(S + "r")["_revision"], 1)


def test_create_revision(c):
    """a PUT that makes an object may say _revision null or 0, no other"""
    c.put(S + "n1", {"_revision": None})
    c.put(S + "n2", {"_revision": 0})
    c.refused(412, 500071, "PUT", S + "n3", {"_revision": 3})
    c.refused(404, 600, "GET", S + "n3")


def test_patch_revision(c):
    """a PATCH needs no _revision; a stale one is refused"""
    c.put(S + "p")
    c.patch(S + "p", {"description": "one"})
    c.patch(S + "p", {"description": "two", "_revision": 1})
    c.refused(412, 500071, "PATCH", S + "p", {"description": "three",
                                              "_revision": 1})
    check_eq(c.get(S + "p")["description"], "two")


def test_put_replaces(c):
    """PUT: what is left out goes back to its default"""
    c.put(S + "d", {"description": "text", "admin_state": "DOWN",
                    "tags": [{"scope": "a", "tag": "b"}]})
    after = c.put(S + "d", {"_revision": 0})
    check("description" not in after and "tags" not in after, after)
    check_eq(after["admin_state"], "UP")


def test_patch_merges(c):
    """PATCH of a segment: objects are merged, arrays replaced, null removes"""
    c.put(S + "m", {"description": "text", "advanced_config":
                    {"hybrid": True, "urpf_mode": "NONE"},
                    "tags": [{"scope": "a"}, {"scope": "b"}]})
    c.patch(S + "m", {"advanced_config": {"urpf_mode": "STRICT"},
                      "tags": [{"tag": "c"}]})
    after = c.get(S + "m")
    check_eq((after["description"], after["advanced_config"]["hybrid"],
              after["advanced_config"]["urpf_mode"], after["tags"]),
             ("text", True, "STRICT", [{"scope": "", "tag": "c"}]))
    c.patch(S + "m", {"description": None})
    check("description" not in c.get(S + "m"), "null")


def test_patch_map_replaces(c):
    """PATCH of a binding map replaces it"""
    c.put(S + "ma")
    c.put(S + "mb")
    path = S + "ma/segment-connection-binding-maps/m"
    body = {"vlan_traffic_tag": 5, "segment_path": S + "mb"}
    c.put(path, dict(body, description="text"))
    c.refused(400, 255, "PATCH", path, {"vlan_traffic_tag": 6},
              names=["segment_path"])
    c.patch(path, body)
    check("description" not in c.get(path), "description stayed")


def test_patch_same(c):
    """a PATCH that changes nothing is no new revision"""
    c.put(S + "same", {"description": "x"})
    c.patch(S + "same", {"description": "x"})
    check_eq(c.get(S + "same")["_revision"], 0)


def test_read_only(c):
    """read-only members are ignored; what GET gave can be put back"""
    first = c.put(S + "ro", {"unique_id": "mine", "path": "/x",
                             "_create_user": "me", "_system_owned": True,
                             "type": "ROUTED", "marked_for_delete": True})
    check(first["unique_id"] != "mine", first)
    check_eq((first["path"], first["_create_user"], first["_system_owned"],
              first["type"], first["marked_for_delete"]),
             (S + "ro", "admin", False, "DISCONNECTED", False))
    second = c.put(S + "ro", first)
    check_eq(second["unique_id"], first["unique_id"])
    check_eq(second["_create_time"], first["_create_time"])


def test_identity(c):
    """id and resource_type agree with the path, or are left out"""
    c.put(S + "i", {"id": "i", "resource_type": "Segment"})
    c.refused(400, 255, "PUT", S + "j", {"id": "k"}, names=["k", S + "j"])
    c.refused(400, 255, "PUT", S + "j", {"resource_type": "Tier1"},
              names=["Tier1", "Segment"])


def test_display_name(c):
    """display_name is the id unless it is set"""
    check_eq(c.put(S + "dn")["display_name"], "dn")
    check_eq(c.put(S + "dm", {"display_name": "Täg"})["display_name"], "Täg")


def test_delete(c):
    """DELETE: gone at once; again: not there; then made anew"""
    first = c.put(S + "del")
    c.delete(S + "del")
    c.refused(404, 600, "DELETE", S + "del", names=[S + "del"])
    c.refused(404, 600, "GET", S + "del")
    second = c.put(S + "del")
    check_eq(second["_revision"], 0)
    check(first["unique_id"] != second["unique_id"], "a new object")


def test_missing_owner(c):
    """nothing is made or listed below what is not there"""
    for path in (S + "no/ports/p", "/infra/tier-1s/no/segments/s",
                 "/orgs/default/projects/no/infra/segments/s",
                 "/orgs/none/projects/p"):
        c.refused(400, 500012, "PUT", path, {}, names=[path])
        c.refused(404, 600, "GET", path)
        c.refused(404, 600, "DELETE", path)
        c.refused(400, 500012, "GET", path.rsplit("/", 1)[0])


def test_ids(c):
    """ids: what a path can hold; no slash, no pattern, not too long"""
    for good in ("default:4d5b-7", "a.b", "A b", "x" * 255, "%41",
                 "semi;colon", "a'b", "a~b"):
        from urllib.parse import quote
        check_eq(c.put(S + quote(good))["id"], good)
    for bad in ("a%2Fb", "a%2fb", "%00", "a%00b", "..", ".", "x" * 256,
                "a%22b", "a%0ab", "%2e%2e", "a*b", "%", "%4", "%zz"):
        answer = c.raw("PUT", POLICY + S + bad, "{}")
        check(answer.status in (400, 404), bad, answer.status, answer.text)


def test_times(c):
    """times are milliseconds, and who changed is told"""
    first = c.put(S + "t")
    c.patch(S + "t", {"description": "x"})
    second = c.get(S + "t")
    check_eq(second["_create_time"], first["_create_time"])
    check(second["_last_modified_time"] >= first["_create_time"] > 10 ** 12,
          second)
