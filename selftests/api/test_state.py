# SPDX-License-Identifier: GPL-2.0
"""Realization: what is told about it is true."""

from client import check, check_eq, realized, wait_for

S = "/infra/segments/"
MAPS = "/segment-connection-binding-maps/"


def status(c, path):
    return c.get("/infra/realized-state/status",
                 intent_path=path)["publish_status"]


def test_success(c):
    """what is realized says so, in each view"""
    c.put(S + "ok")
    realized(c, S + "ok")
    state = c.get(S + "ok/state")
    check_eq((state["state"], state["segment_path"]), ("success", S + "ok"))
    entity = c.get("/infra/realized-state/realized-entities",
                   intent_path=S + "ok")["results"][0]
    check_eq((entity["state"], entity["intent_paths"]),
             ("REALIZED", [S + "ok"]))
    check(entity["realization_specific_identifier"].startswith("sg-"), entity)
    c.refused(404, 600, "GET", "/infra/realized-state/status",
              intent_path=S + "none")
    c.refused(400, 255, "GET", "/infra/realized-state/status")


def test_error(c):
    """what the kernel refuses says why, and is tried again"""
    c.daemon.fake_file("refuse", S + "bad no room for another device")
    c.put(S + "bad")
    wait_for(lambda: status(c, S + "bad") == "ERROR", "the error is told")
    state = c.get(S + "bad/state")
    check_eq((state["state"], state["failure_message"]),
             ("error", "no room for another device"))
    entity = c.get("/infra/realized-state/realized-entities",
                   intent_path=S + "bad")["results"][0]
    check_eq(entity["runtime_error"], "no room for another device")
    c.daemon.fake_remove("refuse")
    realized(c, S + "bad")
    check("failure_message" not in c.get(S + "bad/state"), "message")


def test_waits(c):
    """what needs another waits for it, and says for which"""
    c.daemon.fake_file("refuse", S + "wp no")
    c.put(S + "wp")
    c.put(S + "wc")
    c.put(S + "wc" + MAPS + "m", {"segment_path": S + "wp",
                                  "vlan_traffic_tag": 5})
    c.put(S + "wp/ports/v", {"attachment": {"id": "vif-w"}})
    check_eq(status(c, S + "wc" + MAPS + "m"), "UNREALIZED")
    entity = wait_for(
        lambda: [e for e in c.get("/infra/realized-state/realized-entities",
                                  intent_path=S + "wc" + MAPS + "m")
                 ["results"] if e["runtime_error"]], "it says why")[0]
    check_eq(entity["runtime_error"], f"waits for {S}wp")
    c.daemon.fake_remove("refuse")
    for path in (S + "wp", S + "wc" + MAPS + "m", S + "wp/ports/v"):
        realized(c, path)


def failures(c):
    return [line for line in c.raw("GET", "/metrics").text.splitlines()
            if line.startswith("segd_realizer_failures_total")]


def test_swap(c):
    """two maps that change places in one request are never in error"""
    def tree(*tags):
        maps = [{"resource_type": "ChildSegmentConnectionBindingMap",
                 "SegmentConnectionBindingMap": {
                     "id": "m", "segment_path": S + "xp",
                     "vlan_traffic_tag": tag}} for tag in tags]
        return {"children": [{"resource_type": "ChildSegment", "Segment":
                              {"id": i, "children": m}}
                             for i, m in (("xp", []), ("xa", maps[:1]),
                                          ("xb", maps[1:]))]}
    c.patch("/infra", tree(5, 6))
    realized(c, S + "xa" + MAPS + "m")
    realized(c, S + "xb" + MAPS + "m")
    before = failures(c)
    c.patch("/infra", tree(6, 5))
    realized(c, S + "xa" + MAPS + "m")
    realized(c, S + "xb" + MAPS + "m")
    check_eq(failures(c), before)


def test_drift(c):
    """everything is made again after the backend has lost it"""
    c.put(S + "da")
    c.put(S + "dp")
    c.put(S + "da" + MAPS + "m", {"segment_path": S + "dp",
                                  "vlan_traffic_tag": 5})
    realized(c, S + "da" + MAPS + "m")
    c.daemon.fake_file("lose")
    wait_for(lambda: c.request("GET", S + "da/statistics").status == 200 and
             c.request("GET", S + "da" + MAPS + "m/statistics").status == 200,
             "it is there again")


def test_attachment(c):
    """a port is attached when its device appears, and detached when it goes"""
    c.daemon.fake_file("devices", "other")
    c.put(S + "at")
    c.put(S + "at/ports/v", {"attachment": {"id": "vif-at"}})
    state = wait_for(lambda: c.get(S + "at/ports/v/state")
                     .get("failure_message"), "it says what it waits for")
    check("vif-at" in state, state)
    check_eq(c.get(S + "at/ports/v/state")["attachment"]["state"], "DETACHED")
    c.daemon.fake_file("devices", "other", "vif-at")
    realized(c, S + "at/ports/v")
    attachment = c.get(S + "at/ports/v/state")["attachment"]
    check_eq((attachment["id"], attachment["state"]), ("vif-at", "ATTACHED"))
    c.daemon.fake_file("devices", "other")
    wait_for(lambda: c.get(S + "at/ports/v/state")["attachment"]["state"] ==
             "DETACHED", "it is detached")
    c.daemon.fake_remove("devices")
    realized(c, S + "at/ports/v")


def test_free_port(c):
    """a port without attachment is free, and realized"""
    c.put(S + "fr")
    c.put(S + "fr/ports/v")
    realized(c, S + "fr/ports/v")
    check_eq(c.get(S + "fr/ports/v/state")["attachment"], {"state": "FREE"})
    check_eq(c.get(S + "fr/ports/v/status")["status"], "DOWN")


def test_statistics(c):
    """counters of segments, ports and binding maps have the documented form"""
    c.put(S + "st")
    c.put(S + "sp")
    c.put(S + "st/ports/v", {"attachment": {"id": "vif-st"}})
    c.put(S + "st" + MAPS + "m", {"segment_path": S + "sp",
                                  "vlan_traffic_tag": 5})
    for path in (S + "st/ports/v", S + "st" + MAPS + "m", S + "st"):
        realized(c, path)
        check_eq(c.get(path + "/statistics")["rx_packets"]["total"], 0)
    check_eq(c.get(S + "st/statistics")["logical_switch_id"],
             c.get(S + "st")["unique_id"])
    check_eq(c.get(S + "st/mac-table")["results"], [])
    check_eq(c.get(S + "st/ports/v/mac-table")["result_count"], 0)
    answer = c.request("GET", S + "st/ports/v/mac-table", format="csv")
    check_eq((answer.headers["Content-Type"], answer.text),
             ("text/csv", "mac_address,mac_type\n"))
    for view in ("state", "statistics", "mac-table"):
        c.refused(404, 600, "GET", f"{S}none/{view}")


def test_gateway(c):
    """a segment waits for its gateway"""
    c.daemon.fake_file("refuse", "/infra/tier-1s/g no table")
    c.put("/infra/tier-1s/g")
    c.put(S + "gs", {"connectivity_path": "/infra/tier-1s/g"})
    wait_for(lambda: "waits for" in c.get(S + "gs/state").get(
        "failure_message", ""), "it waits")
    c.daemon.fake_remove("refuse")
    realized(c, S + "gs")


def test_metrics(c):
    """the metrics count requests, states and the fabric"""
    text = c.raw("GET", "/metrics").text
    names = set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            name = line.split()[2]
            check(name not in names, name, "is declared twice")
            names.add(name)
            continue
        value = line.rsplit(" ", 1)
        float(value[1])
        check(any(value[0].startswith(n) for n in names), line)
    for name in ("segd_requests_total", "segd_request_seconds",
                 "segd_objects", "segfab_packets_total", "segfab_up"):
        check(name in names, name, "is missing")
    check(f'path="{S}ok"' in text, "no segment")
