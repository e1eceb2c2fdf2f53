# SPDX-License-Identifier: GPL-2.0
"""The fabric's rules, as the API refuses what breaks them."""

from client import check_eq

MAPS = "/segment-connection-binding-maps/"


def segment(c, *ids):
    for i in ids:
        c.patch(f"/infra/segments/{i}", {})


def path(child, map_id):
    return f"/infra/segments/{child}{MAPS}{map_id}"


def body(parent, tag):
    return {"segment_path": f"/infra/segments/{parent}",
            "vlan_traffic_tag": tag}


def test_r1_many(c):
    """R1 a child has many parents, a parent many children"""
    segment(c, "r1a", "r1b", "r1p", "r1q")
    for n, (child, parent) in enumerate((("r1a", "r1p"), ("r1a", "r1q"),
                                         ("r1b", "r1p"), ("r1b", "r1q")), 1):
        c.put(path(child, parent), body(parent, n))


def test_r2_tag_taken(c):
    """R2 a tag of a parent belongs to one child; the refusal names its map"""
    segment(c, "r2a", "r2b", "r2p", "r2q")
    c.put(path("r2a", "m"), body("r2p", 10))
    for method in ("PUT", "PATCH"):
        c.refused(400, 640873, method, path("r2b", "m"), body("r2p", 10),
                  names=[path("r2a", "m"), "10"])
    c.put(path("r2b", "m"), body("r2q", 10))
    c.refused(400, 640873, "PATCH", path("r2b", "m"), body("r2p", "10"),
              names=[path("r2a", "m")])
    check_eq(c.get(path("r2b", "m"))["segment_path"], "/infra/segments/r2q")


def test_r3_pair(c):
    """R3 a child is bound to a parent once; the refusal names the map"""
    segment(c, "r3a", "r3p")
    c.put(path("r3a", "m"), body("r3p", 10))
    c.refused(400, 255, "PUT", path("r3a", "n"), body("r3p", 11),
              names=[path("r3a", "m")])


def test_r4_roles(c):
    """R4 a child is no parent, a parent no child, nothing its own parent"""
    segment(c, "r4a", "r4b", "r4c")
    c.put(path("r4a", "m"), body("r4b", 10))
    c.refused(400, 255, "PUT", path("r4c", "m"), body("r4a", 10),
              names=["/infra/segments/r4a", path("r4a", "m")])
    c.refused(400, 255, "PUT", path("r4b", "m"), body("r4c", 10),
              names=["/infra/segments/r4b", path("r4a", "m")])
    c.refused(400, 255, "PUT", path("r4c", "m"), body("r4c", 10),
              names=["/infra/segments/r4c", "its own parent"])


def test_r6_no_port(c):
    """R6 a binding makes no port"""
    segment(c, "r6a", "r6p")
    c.put(path("r6a", "m"), body("r6p", 10))
    for i in ("r6a", "r6p"):
        check_eq(c.get(f"/infra/segments/{i}/ports")["result_count"], 0)


def test_r7_independent(c):
    """R7 what is set on the parent does not change the child"""
    segment(c, "r7a", "r7p")
    c.put(path("r7a", "m"), body("r7p", 10))
    before = c.get("/infra/segments/r7a")
    c.patch("/infra/segments/r7p", {"admin_state": "DOWN"})
    check_eq(c.get("/infra/segments/r7a"), before)


def test_r8_range(c):
    """R8 tags are numbers from 1 to 4094, or such as text"""
    segment(c, "r8a", "r8p")
    for bad in (0, 4095, -1, 70000, "0", "4095", "12x", "", " 5", "0x10",
                1.5, True, [5], {"a": 1}, 2 ** 62):
        c.refused(400, 255, "PUT", path("r8a", "m"), body("r8p", bad),
                  names=["vlan_traffic_tag"])
    for good in (1, 4094, "1", "4094", "0012"):
        c.patch(path("r8a", "m"), body("r8p", good))
        check_eq(c.get(path("r8a", "m"))["vlan_traffic_tag"], int(good))


def test_r9_delete_order(c):
    """R9 child, parent and ports: what is in use stays, the refusal names who"""
    segment(c, "r9a", "r9p")
    c.put(path("r9a", "m"), body("r9p", 10))
    c.put("/infra/segments/r9p/ports/v", {"attachment": {"id": "vif-r9"}})
    c.put("/infra/segments/r9a/ports/free")
    c.refused(400, 500030, "DELETE", "/infra/segments/r9a",
              names=[path("r9a", "m"), "/infra/segments/r9a/ports/free"])
    c.refused(400, 503040, "DELETE", "/infra/segments/r9p",
              names=[path("r9a", "m"), "/infra/segments/r9p/ports/v"])
    c.delete("/infra/segments/r9a/ports/free")
    c.delete("/infra/segments/r9p/ports/v")
    c.refused(400, 500030, "DELETE", "/infra/segments/r9p",
              names=[path("r9a", "m")])
    c.delete(path("r9a", "m"))
    c.delete("/infra/segments/r9p")
    c.delete("/infra/segments/r9a")


def test_force(c):
    """force takes the ports along, never the binding maps"""
    segment(c, "fa", "fp")
    for n in range(50):
        c.put(f"/infra/segments/fp/ports/v{n}", {"attachment":
                                                 {"id": f"vif-f{n}"}})
    c.put(path("fa", "m"), body("fp", 10))
    c.refused(400, 500030, "DELETE", "/infra/segments/fp", force=True,
              names=[path("fa", "m")])
    check_eq(c.get("/infra/segments/fp/ports")["result_count"], 50)
    c.delete(path("fa", "m"))
    c.delete("/infra/segments/fp", force=True)
    c.refused(404, 600, "GET", "/infra/segments/fp/ports/v7")


def test_parent_must_be(c):
    """the parent is a segment that is there"""
    segment(c, "pa")
    c.put("/infra/segments/pa/ports/p")
    c.patch("/infra/tier-1s/pt", {})
    for bad in ("/infra/segments/nobody", "/infra/segments/pa/ports/p",
                "/infra/tier-1s/pt", "nonsense", "/infra/segments",
                "/infra/segments/pa/", "/infra/segments/pa/state"):
        c.refused(400, 500012, "PUT", path("pa", "m"),
                  {"segment_path": bad, "vlan_traffic_tag": 1}, names=[bad])
    c.refused(400, 255, "PUT", path("pa", "m"), {"vlan_traffic_tag": 1},
              names=["segment_path"])
    c.refused(400, 255, "PUT", path("pa", "m"),
              {"segment_path": "/infra/segments/pa"},
              names=["vlan_traffic_tag"])


def test_retag(c):
    """R10 a map moves to another tag or parent and gives the old one back"""
    segment(c, "ta", "tb", "tp", "tq")
    c.put(path("ta", "m"), body("tp", 10))
    c.put(path("ta", "m"), dict(body("tp", 11), _revision=0))
    c.put(path("tb", "m"), body("tp", 10))
    c.put(path("ta", "m"), dict(body("tq", 10), _revision=1))
    c.put(path("tb", "m"), dict(body("tp", 11), _revision=0))


def test_gateway_in_use(c):
    """a gateway with segments stays; the refusal names them"""
    c.put("/infra/tier-1s/g1")
    c.put("/infra/tier-0s/g0")
    c.patch("/infra/tier-1s/g1", {"tier0_path": "/infra/tier-0s/g0"})
    c.put("/infra/segments/gs", {"connectivity_path": "/infra/tier-1s/g1"})
    c.refused(400, 500030, "DELETE", "/infra/tier-1s/g1",
              names=["/infra/segments/gs"])
    c.refused(400, 500030, "DELETE", "/infra/tier-0s/g0",
              names=["/infra/tier-1s/g1"])
    c.delete("/infra/segments/gs")
    c.delete("/infra/tier-1s/g1")
    c.delete("/infra/tier-0s/g0")


def test_project_in_use(c):
    """a project with segments stays; an empty one goes, with its infra"""
    c.put("/orgs/default/projects/pu")
    infra = "/orgs/default/projects/pu/infra"
    c.put(infra + "/segments/s")
    c.refused(400, 500030, "DELETE", "/orgs/default/projects/pu",
              names=[infra + "/segments/s"])
    c.delete(infra + "/segments/s")
    c.delete("/orgs/default/projects/pu")
    c.refused(404, 600, "GET", infra)
    c.refused(400, 500012, "PUT", infra + "/segments/s", {})


def test_attachment_once(c):
    """an attachment belongs to one port; the refusal names it"""
    segment(c, "aa", "ab")
    c.put("/infra/segments/aa/ports/p", {"attachment": {"id": "vif-a"}})
    c.refused(400, 255, "PUT", "/infra/segments/ab/ports/p",
              {"attachment": {"id": "vif-a"}},
              names=["/infra/segments/aa/ports/p"])
    c.delete("/infra/segments/aa/ports/p")
    c.put("/infra/segments/ab/ports/p", {"attachment": {"id": "vif-a"}})
