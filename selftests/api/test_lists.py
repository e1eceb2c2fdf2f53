# SPDX-License-Identifier: GPL-2.0
"""Lists and searches: pages, order, the query language."""

from client import check, check_eq

S = "/infra/segments/"


def pages(c, path, **query):
    """All results, page by page, with the sizes of the pages."""
    results, sizes, cursor = [], [], None
    while True:
        page = c.get(path, **query, **({"cursor": cursor} if cursor else {}))
        results += page["results"]
        sizes.append((len(page["results"]), page["result_count"]))
        cursor = page.get("cursor")
        if not cursor:
            return results, sizes


def fill(c, n=25):
    c.patch("/infra/tier-1s/l", {"description": "for lists"})
    base = "/infra/tier-1s/l/segments/"
    for i in range(n):
        c.patch(f"{base}s{i:02}", {"display_name": f"name {(i * 7) % 10}",
                                   "description": f"d{(i * 3) % 5}"})
    return base[:-1]


def test_pages(c):
    """pages are complete, without doubles, each with the whole count"""
    base = fill(c)
    for size in (1, 7, 25, 26, 1000):
        results, sizes = pages(c, base, page_size=size)
        check_eq(len({r["id"] for r in results}), 25)
        check_eq(sizes[0], (min(size, 25), 25))
        check(all(n == 25 for _, n in sizes), sizes)
        names = [(r["display_name"], r["id"]) for r in results]
        check_eq(names, sorted(names))


def test_order(c):
    """sort_by any member, in both directions"""
    base = fill(c)
    for member in ("id", "description", "_create_time", "display_name",
                   "overlay_id"):
        up, _ = pages(c, base, sort_by=member, page_size=4)
        down, _ = pages(c, base, sort_by=member, page_size=4,
                        sort_ascending=False)
        keys = [(r.get(member, ""), r["id"]) for r in up]
        check_eq(keys, sorted(keys), member)
        check_eq([r["id"] for r in down], [r["id"] for r in up][::-1], member)
    page = c.get(base, sort_by="id", sort_ascending=False)
    check_eq((page["sort_by"], page["sort_ascending"]), ("id", False))


def test_stable(c):
    """what comes and goes between two pages neither hides nor doubles others"""
    base = fill(c, 12)
    first = c.get(base, sort_by="id", page_size=5)
    c.delete(f"{base}/{first['results'][4]['id']}")
    c.delete(f"{base}/{first['results'][0]['id']}")
    c.put(f"{base}/s00a")
    second = c.get(base, sort_by="id", page_size=100, cursor=first["cursor"])
    check_eq([r["id"] for r in second["results"]][:3], ["s05", "s06", "s07"])


def test_bad_parameters(c):
    """parameters that cannot be are refused, and named"""
    for query in ({"page_size": 1001}, {"page_size": -1}, {"page_size": "x"},
                  {"sort_by": "a'; DROP"}, {"cursor": "nonsense"},
                  {"cursor": "W10"}, {"cursor": "WzEsMl0="}):
        c.refused(400, 255, "GET", "/infra/segments",
                  names=[list(query)[0]], **query)
    check_eq(c.get("/infra/segments", page_size=0)["result_count"],
             c.get("/infra/segments", sort_ascending="")["result_count"])


def found(c, query, **more):
    answer = c.get("/search/query", query=query, **more)
    check_eq(int(answer["cursor"]), len(answer["results"]))
    check_eq(answer["result_count"], len(answer["results"]))
    return [r["path"] for r in answer["results"]]


def prepare_search(c):
    for i in ("a", "b"):
        c.patch(S + i, {"tags": [{"scope": "owner", "tag": i},
                                 {"scope": "all", "tag": "x y"}],
                        "description": f"the ({i})"})
    c.patch(S + "p", {})
    c.patch(S + "a/segment-connection-binding-maps/m",
            {"segment_path": S + "p", "vlan_traffic_tag": 7})


def test_search(c):
    """the query language: AND, OR, NOT, parentheses, quotes, escapes, patterns"""
    prepare_search(c)
    ab = [S + "a", S + "b"]
    m = S + "a/segment-connection-binding-maps/m"
    for query, expected in (
            ("resource_type:Segment AND tags.scope:owner AND tags.tag:a "
             "AND marked_for_delete:false", ab[:1]),
            ("resource_type:Segment AND tags.scope:owner", ab),
            ("resource_type:Segment AND tags.tag:(a OR b)", ab),
            ("resource_type:Segment AND (id:a OR id:b)", ab),
            ("resource_type:Segment (id:a OR id:b)", ab),
            ("(resource_type:Segment AND NOT id:a) AND tags.scope:owner",
             ab[1:]),
            ('resource_type:Segment AND tags.tag:"x y"', ab),
            ("resource_type:Segment AND description:the\\ \\(a\\)", ab[:1]),
            ("resource_type:SegmentConnectionBindingMap AND "
             "segment_path:\\/infra\\/segments\\/p", [m]),
            ("resource_type:SegmentConnectionBindingMap AND "
             "segment_path:/infra/segments/p AND vlan_traffic_tag:7", [m]),
            ("resource_type:SegmentConnectionBindingMap AND "
             "parent_path:\\/infra\\/segments\\/a", [m]),
            ("resource_type:SegmentConnection* AND segment_path:*\\/p", [m]),
            ("path:\\/infra\\/segments\\/a", ab[:1]),
            ("display_name:a AND resource_type:Segment", ab[:1]),
            ('id:"a*"', []),
            ("admin_state:UP AND tags.tag:b", ab[1:]),
            ("resource_type:Nothing", [])):
        check_eq(found(c, query), expected, query)


def test_search_hits(c):
    """hits are whole objects, with how far they have come"""
    prepare_search(c)
    hit = c.get("/search/query", query="path:\\/infra\\/segments\\/a")
    hit = hit["results"][0]
    status = hit.pop("status")
    check_eq(hit, c.get(S + "a"))
    check_eq(status["consolidated_status"]["consolidated_status"], "SUCCESS")
    hit = c.get("/search/query", query="path:\\/infra\\/segments\\/a",
                included_fields="id,path")["results"][0]
    check_eq(hit, {"id": "a", "path": S + "a"})


def test_search_pages(c):
    """the search's cursor counts results, as its clients do"""
    fill(c, 10)
    query = "resource_type:Segment AND path:*tier\\-1s*"
    seen, cursor = [], 0
    while True:
        page = c.get("/search/query", query=query, page_size=3, cursor=cursor)
        seen += [r["id"] for r in page["results"]]
        cursor = page["cursor"]
        if int(cursor) >= page["result_count"]:
            break
    check_eq(sorted(set(seen)), sorted(seen))
    check_eq(len(seen), page["result_count"])
    up = c.get("/search", query=query, sort_by="id")["results"]
    down = c.get("/search", query=query, sort_by="id", sort_ascending=False)
    check_eq([r["id"] for r in up], [r["id"] for r in down["results"]][::-1])


def test_search_bad(c):
    """a query that cannot be read is refused"""
    for query in ("", "a", "a:", "(a:b", "a:b)", "NOT", "a:b AND", "a:b OR",
                  '"a:b', "a:(b", "(" * 100 + "a:b" + ")" * 100,
                  " OR ".join(["a:b"] * 200), "a:" + "x" * 3000, ":b"):
        c.refused(400, 255, "GET", "/search/query", query=query,
                  names=["query"])
    c.refused(400, 255, "GET", "/search/query", names=["query"])
    check_eq(found(c, "id:'; DROP TABLE object; --'".replace(" ", "\\ ")), [])
    check(c.get("/infra/segments")["result_count"] > 0, "segments")
