# SPDX-License-Identifier: GPL-2.0
"""The hierarchical API: one request, one transaction."""

from client import check, check_eq

S = "/infra/segments/"
MAPS = "/segment-connection-binding-maps/"


def child(kind, body, **more):
    return {"resource_type": "Child" + kind, kind: body, **more}


def infra(*children):
    return {"resource_type": "Infra", "children": list(children)}


def segment(i, *children, **more):
    return child("Segment", {"resource_type": "Segment", "id": i,
                             "children": list(children), **more})


def binding(i, parent, tag, **more):
    return child("SegmentConnectionBindingMap",
                 {"resource_type": "SegmentConnectionBindingMap", "id": i,
                  "segment_path": S + parent, "vlan_traffic_tag": tag}, **more)


def test_write(c):
    """segments and their maps, the child before its parent"""
    c.patch("/infra", infra(
        segment("ta", binding("m", "tp", 5), description="child"),
        segment("tp", child("SegmentPort", {"id": "v", "attachment":
                                            {"id": "vif-t"}}))))
    check_eq(c.get(S + "ta")["description"], "child")
    check_eq(c.get(S + "ta" + MAPS + "m")["vlan_traffic_tag"], 5)
    check_eq(c.get(S + "tp/ports/v")["attachment"]["id"], "vif-t")


def test_one_transaction(c):
    """if one object is refused, nothing has changed"""
    before = c.get("/infra/segments")
    c.refused(400, 640873, "PATCH", "/infra", infra(
        segment("ua", binding("m", "up", 5)), segment("up"),
        segment("ub", binding("m", "up", 5))), names=[S + "ua" + MAPS + "m"])
    c.refused(400, 500012, "PATCH", "/infra", infra(
        segment("ua"), segment("ub", binding("m", "none", 5))))
    c.refused(400, 255, "PATCH", "/infra", infra(
        segment("ua"), segment("ub", admin_state="SIDEWAYS")))
    check_eq(c.get("/infra/segments"), before)


def test_swap(c):
    """what holds in the end counts: two maps change places"""
    c.patch("/infra", infra(segment("wa", binding("m", "wp", 5)),
                            segment("wb", binding("m", "wp", 6)),
                            segment("wp")))
    c.patch("/infra", infra(segment("wa", binding("m", "wp", 6)),
                            segment("wb", binding("m", "wp", 5))))
    check_eq(c.get(S + "wa" + MAPS + "m")["vlan_traffic_tag"], 6)
    check_eq(c.get(S + "wb" + MAPS + "m")["vlan_traffic_tag"], 5)


def test_delete(c):
    """deletion by the wrapper's mark, everything in one request"""
    c.patch("/infra", infra(segment("xa", binding("m", "xp", 5)),
                            segment("xp")))
    c.refused(400, 500030, "PATCH", "/infra", infra(
        child("Segment", {"id": "xp"}, marked_for_delete=True)),
        names=[S + "xa" + MAPS + "m"])
    c.patch("/infra", infra(
        child("Segment", {"id": "xp"}, marked_for_delete=True),
        child("Segment", {"id": "xa", "children": [
            child("SegmentConnectionBindingMap", {"id": "m"},
                  marked_for_delete=True)]}, marked_for_delete=True)))
    for path in ("xa", "xp", "xa" + MAPS + "m"):
        c.refused(404, 600, "GET", S + path)


def test_force(c):
    """request_parameter force takes the ports along"""
    c.patch("/infra", infra(segment("ya", child("SegmentPort", {
        "id": "v", "attachment": {"id": "vif-y"}}))))
    gone = {"id": "ya"}
    c.refused(400, 503040, "PATCH", "/infra", infra(
        child("Segment", gone, marked_for_delete=True)))
    c.patch("/infra", infra(child("Segment", gone, marked_for_delete=True,
                                  request_parameter={
                                      "resource_type":
                                      "SegmentRequestParameter",
                                      "force": True})))
    c.refused(404, 600, "GET", S + "ya")


def test_reference(c):
    """through what is there, from the root of organizations"""
    c.put("/orgs/default/projects/tr")
    c.patch("/org-root", {"resource_type": "OrgRoot", "children": [{
        "resource_type": "ChildResourceReference", "id": "default",
        "target_type": "Org", "children": [{
            "resource_type": "ChildResourceReference", "id": "tr",
            "target_type": "Project", "children": [{
                "resource_type": "ChildResourceReference", "id": "infra",
                "target_type": "Infra", "children": [segment("deep")]}]}]}]},
            enforce_revision_check=False)
    base = "/orgs/default/projects/tr/infra"
    check_eq(c.get(base + "/segments/deep")["parent_path"], base)
    c.patch(base, infra(segment("deep2")))
    check_eq(c.get(base + "/segments")["result_count"], 2)
    c.refused(404, 600, "PATCH", "/infra", infra({
        "resource_type": "ChildResourceReference", "id": "none",
        "target_type": "Tier1", "children": []}))


def test_revisions(c):
    """revisions are looked at only with enforce_revision_check"""
    c.put(S + "rev")
    stale = infra(segment("rev", description="x", _revision=7))
    c.refused(412, 500071, "PATCH", "/infra", stale,
              enforce_revision_check=True)
    c.patch("/infra", stale)
    check_eq(c.get(S + "rev")["_revision"], 1)


def test_nonsense(c):
    """what is no tree is refused"""
    for body in ({"resource_type": "OrgRoot"}, {"children": {}},
                 {"children": ["x"]}, {"children": [{}]},
                 infra({"resource_type": "Segment"}),
                 infra({"resource_type": "ChildNothing"}),
                 infra({"resource_type": "ChildSegment"}),
                 infra({"resource_type": "ChildSegment", "Segment": 5}),
                 infra(child("Segment", {})),
                 infra(child("Segment", {"id": "a/b"})),
                 infra(child("Segment", {"id": "state"})),
                 infra(child("Org", {"id": "x"})),
                 infra(child("SegmentPort", {"id": "x"})),
                 infra({"resource_type": "ChildResourceReference",
                        "target_type": "Nothing", "id": "x"})):
        c.refused(400, 255, "PATCH", "/infra", body)
    deep = segment("d")
    for _ in range(40):
        deep = {"resource_type": "ChildSegment",
                "Segment": {"id": "d", "children": [deep]}}
    answer = c.request("PATCH", "/infra", infra(deep))
    check_eq(answer.status, 400)


def test_four_thousand(c):
    """4000 maps are one request and one transaction"""
    children = [segment(f"big{i:04}", binding("m", "bigp", i + 1))
                for i in range(4000)]
    c.patch("/infra", infra(segment("bigp"), *children))
    page = c.get("/search/query", page_size=1,
                 query="resource_type:SegmentConnectionBindingMap AND "
                       "segment_path:\\/infra\\/segments\\/bigp")
    check_eq(page["result_count"], 4000)
    c.refused(400, 500030, "DELETE", S + "bigp", names=["3992 more"])
    for item in children:
        item["marked_for_delete"] = True
        item["Segment"]["children"][0]["marked_for_delete"] = True
    c.patch("/infra", infra(*children, child("Segment", {"id": "bigp"},
                                             marked_for_delete=True)))
    check(c.get("/infra/segments")["result_count"] < 100, "gone")


def kinds(tree):
    """(type or reference, id) of everything in a tree, from the top."""
    found = []
    for wrapper in tree.get("children", []):
        kind = wrapper["resource_type"]
        if kind == "ChildResourceReference":
            found.append(("-> " + wrapper["target_type"], wrapper["id"]))
            found += kinds(wrapper)
        else:
            found.append((kind[5:], wrapper[kind[5:]]["id"]))
            found += kinds(wrapper[kind[5:]])
    return found


def test_read(c):
    """GET with a filter shows a tree, which can be sent back"""
    c.patch("/infra", infra(
        segment("ra", binding("rm", "rp", 5)),
        segment("rp", child("SegmentPort", {"id": "rv"}))))
    c.put("/infra/tier-1s/rt")
    c.put("/infra/tier-1s/rt/segments/rs")

    def of(tree, *ids):
        return [k for k in kinds(tree) if k[1] in ids]
    whole = c.get("/infra", filter="Type-Segment|SegmentConnectionBindingMap")
    check_eq(of(whole, "ra", "rm", "rp", "rv", "rt", "rs"),
             [("Segment", "ra"), ("SegmentConnectionBindingMap", "rm"),
              ("Segment", "rp"), ("-> Tier1", "rt"), ("Segment", "rs")])
    check_eq(of(c.get("/infra", type_filter="SegmentPort;Tier1"),
                "ra", "rm", "rp", "rv", "rt", "rs"),
             [("-> Segment", "rp"), ("SegmentPort", "rv"), ("Tier1", "rt")])
    below = c.get("/infra", base_path=S + "ra")
    check_eq(kinds(below), [("Segment", "ra"),
                            ("SegmentConnectionBindingMap", "rm")])
    check("children" not in c.get("/infra"), "without a filter")
    revision = c.get(S + "ra")["_revision"]
    c.patch("/infra", whole, enforce_revision_check=True)
    check_eq(c.get(S + "ra")["_revision"], revision, "nothing has changed:")
    below["children"][0]["Segment"]["description"] = "sent back"
    c.patch("/infra", below, enforce_revision_check=True)
    check_eq(c.get(S + "ra")["description"], "sent back")
    c.refused(412, 500071, "PATCH", "/infra", below,
              enforce_revision_check=True)


def test_read_projects(c):
    """the same for a project, and for all of them"""
    c.put("/orgs/default/projects/rq")
    project = "/orgs/default/projects/rq/infra"
    c.put(project + "/segments/rz")
    check_eq(kinds(c.get(project, type_filter="Segment")), [("Segment", "rz")])
    root = c.get("/org-root", filter="Type-Segment")
    check_eq(root["resource_type"], "OrgRoot")
    found = kinds(root)
    check_eq(found[0], ("-> Org", "default"))
    at = found.index(("-> Project", "rq"))
    check_eq(found[at + 1:at + 3], [("-> Infra", "infra"), ("Segment", "rz")])
    c.patch("/org-root", root, enforce_revision_check=True)
    c.delete(project + "/segments/rz")
    check(("-> Project", "rq") not in
          kinds(c.get("/org-root", filter="Type-Segment")), "nothing is left")


def test_read_refused(c):
    """a filter that makes no sense is refused"""
    for query, word in (({"filter": "Segment"}, "Type-"),
                        ({"filter": "Type-Nothing"}, "Nothing"),
                        ({"type_filter": ""}, "type_filter"),
                        ({"filter": "Type-Segment", "type_filter": "Segment"},
                         "type_filter")):
        c.refused(400, 255, "GET", "/infra", names=[word], **query)
    for base in (S + "none", "/orgs/default", "nonsense"):
        c.refused(400, 500012, "GET", "/infra", names=["base_path", base],
                  base_path=base)
