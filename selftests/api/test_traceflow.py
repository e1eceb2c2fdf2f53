# SPDX-License-Identifier: GPL-2.0
"""Traceflow against the fabric that is not there: what is told, and when."""

import base64

from client import Client, POLICY, check, check_eq, realized, wait_for

CONFIG = ("traceflow-idle = 2",)
S = "/infra/segments/"
T = "/infra/traceflows/"
MAPS = "/segment-connection-binding-maps/"
A, B, VM = "02:00:00:00:00:0a", "02:00:00:00:00:0b", "02:00:00:00:00:0c"


def fabric(c):
    """Two nodes on a parent, pods with tag 1002, a machine on the child."""
    if c.request("GET", S + "pods").status == 200:
        return
    c.put(S + "nodes", {"display_name": "The nodes"})
    c.put(S + "pods")
    c.put(S + "other")
    for path, vif in (("nodes/ports/a", "tap-a"), ("nodes/ports/b", "tap-b"),
                      ("pods/ports/vm", "tap-vm")):
        c.put(S + path, {"attachment": {"id": vif}})
        realized(c, S + path)
    c.put(S + "pods" + MAPS + "m", {"segment_path": S + "nodes",
                                    "vlan_traffic_tag": 1002})
    realized(c, S + "pods" + MAPS + "m")
    c.daemon.fake_file("addresses", f"{A} tap-a", f"{B} tap-b", f"{VM} tap-vm")


def packet(dest, **more):
    return {"eth_header": {"src_mac": A, "dst_mac": dest},
            "ip_header": {"src_ip": "10.1.2.10", "dst_ip": "10.1.2.11"},
            **more}


def config(dest=B, via=S + "pods", **more):
    body = {"segment_port_path": S + "nodes/ports/a", "packet": packet(dest),
            "is_transient": False}
    if via:
        body["connected_segment_path_as_source"] = via
    return dict(body, **more)


def finished(c, name):
    """The status when it is over."""
    def over():
        status = c.get(T + name + "/status")
        return status["operation_state"] != "IN_PROGRESS" and status
    return wait_for(over, f"{name} is over", 10)


def traced(c, name, body):
    """Run it; status and observations."""
    c.put(T + name, body)
    return finished(c, name), c.get(T + name + "/observations")["results"]


def kinds(observations):
    return [o["resource_type"].removeprefix("TraceflowObservation")
            for o in observations]


def test_container_to_container(c):
    """scenario 1: a container on a child to a container on a child"""
    fabric(c)
    status, seen = traced(c, "one", config())
    check_eq((status["operation_state"], status["request_status"]),
             ("FINISHED", "SUCCESS"))
    check_eq((status["id"], status["lport_id"], status["timeout"]),
             (T + "one", S + "nodes/ports/a", 10))
    check_eq(kinds(seen), ["ReceivedLogical", "ForwardedLogical", "Delivered"])
    first, last = seen[0], seen[-1]
    check_eq((first["component_type"], first["component_path"],
              first["src_component_path"], first["src_component_name"],
              first["segment_port_path"], first["vlan"]),
             ("LS", S + "pods", S + "nodes", "The nodes",
              S + "nodes/ports/a", 1002))
    check_eq((last["segment_port_path"], last["parent_port_path"],
              last["vlan_id"], last["connection_binding_map_path"]),
             (S + "nodes/ports/b", S + "nodes/ports/b", 1002,
              S + "pods" + MAPS + "m"))
    check_eq(last["component_id"], c.get(S + "pods")["unique_id"])
    check_eq(last["lport_id"], c.get(S + "nodes/ports/b")["unique_id"])
    check(last["timestamp"] > 10 ** 12 and
          last["timestamp_micro"] // 1000 == last["timestamp"], last)
    check_eq(status["logical_counters"],
             {"received_count": 1, "forwarded_count": 1,
              "delivered_count": 0, "dropped_count": 0})
    check_eq(status["counters"]["delivered_count"], 1)
    check(S + "nodes/ports/b" in status["analysis"][0], status)


def test_container_to_port(c):
    """scenario 2: a container on a child to a regular port, by the other name"""
    fabric(c)
    body = config(dest=VM, via=None)
    body["connected_parent_path_as_source"] = S + "pods"
    _, seen = traced(c, "two", body)
    check_eq(kinds(seen), ["ReceivedLogical", "ForwardedLogical", "Delivered"])
    check_eq(seen[-1]["segment_port_path"], S + "pods/ports/vm")
    check("parent_port_path" not in seen[-1] and "vlan_id" not in seen[-1],
          seen[-1])


def test_parent_port(c):
    """scenario 3: a parent's port, and no child: it stays on the parent"""
    fabric(c)
    port = c.get(S + "nodes/ports/a")["unique_id"]
    body = config(via=None)
    del body["segment_port_path"]
    status, seen = traced(c, "three", dict(body, source_id=port))
    check_eq(kinds(seen), ["ReceivedLogical", "ReceivedLogical",
                           "ForwardedLogical", "Delivered"])
    check_eq({o["component_path"] for o in seen}, {S + "nodes"})
    check_eq(status["lport_id"], S + "nodes/ports/a")
    check("connection_binding_map_path" not in seen[-1], seen[-1])


def tagged(tag):
    frame = bytes.fromhex(B.replace(":", "") + A.replace(":", "") + "8100" +
                          f"{tag:04x}" + "0800" + "00" * 46)
    return {"resource_type": "BinaryPacketData",
            "payload": base64.b64encode(frame).decode()}


def test_tags(c):
    """a tag of a parent's port leads to the child; an unbound one is a drop"""
    fabric(c)
    _, seen = traced(c, "tag", config(via=None, packet=tagged(1002)))
    check_eq(kinds(seen), ["ReceivedLogical", "ForwardedLogical",
                           "ForwardedLogical", "Delivered"])
    check_eq((seen[1]["component_path"], seen[1]["dst_component_path"]),
             (S + "nodes", S + "pods"))
    status, seen = traced(c, "untag", config(via=None, packet=tagged(1003)))
    check_eq(kinds(seen), ["ReceivedLogical", "DroppedLogical"])
    check_eq((seen[1]["reason"], seen[1]["drop_reason"], seen[1]["vlan"],
              seen[1]["segment_port_path"]),
             ("VLAN", "unbound-vlan", 1003, S + "nodes/ports/a"))
    check_eq((status["operation_state"],
              status["logical_counters"]["dropped_count"]), ("FINISHED", 1))
    check("unbound-vlan" in status["analysis"][0], status)


def test_unknown_address(c):
    """an address that nobody has is a drop with its reason"""
    fabric(c)
    _, seen = traced(c, "lost", config(dest="02:00:00:00:00:99"))
    check_eq((kinds(seen)[-1], seen[-1]["reason"]),
             ("DroppedLogical", "NO_MAC"))


def failed(c, name, body, request, *names):
    status, seen = traced(c, name, body)
    check_eq((status["operation_state"], status["request_status"]),
             ("FAILED", request))
    for word in names:
        check(word in status["analysis"][0], word, status["analysis"])
    check_eq(seen, [])


def test_no_source(c):
    """a source that is not there, or has no device: FAILED, and why"""
    fabric(c)
    failed(c, "np", config(segment_port_path=S + "nodes/ports/none"),
           "SOURCE_PORT_NOT_FOUND", S + "nodes/ports/none")
    failed(c, "ns", config(segment_port_path=S + "nodes"),
           "SOURCE_PORT_NOT_FOUND", S + "nodes")
    failed(c, "nc", config(via=S + "other"), "DATA_PATH_NOT_READY",
           S + "other", S + "nodes", "binding map")
    c.put(S + "nodes/ports/free")
    realized(c, S + "nodes/ports/free")
    failed(c, "nd", config(segment_port_path=S + "nodes/ports/free"),
           "DATA_PATH_NOT_READY", S + "nodes/ports/free", "nothing is attached")
    c.daemon.fake_file("devices", "tap-a", "tap-b", "tap-vm")
    c.put(S + "nodes/ports/late", {"attachment": {"id": "tap-late"}})
    failed(c, "nl", config(segment_port_path=S + "nodes/ports/late"),
           "DATA_PATH_NOT_READY", S + "nodes/ports/late", "tap-late")
    c.daemon.fake_remove("devices")
    for path in (S + "none", S + "nodes/ports/a", "/infra/tier-1s/x"):
        c.refused(400, 500012, "PUT", T + "bad", config(via=path),
                  names=[path])
    body = config()
    del body["segment_port_path"]
    c.refused(400, 255, "PUT", T + "bad", body, names=["segment_port_path"])


def test_bad_packets(c):
    """a packet that cannot be made is refused, and the member is named"""
    fabric(c)
    eth = {"src_mac": A, "dst_mac": B}
    ip = {"src_ip": "10.0.0.1", "dst_ip": "10.0.0.2"}
    ip6 = {"src_ip": "fd00::1", "dst_ip": "fd00::2"}
    arp = {"src_ip": "10.0.0.1", "dst_ip": "10.0.0.2"}
    for bad, name in (
            ({}, "eth_header.src_mac"),
            ({"eth_header": {"src_mac": A}, "ip_header": ip}, "dst_mac"),
            ({"eth_header": {"src_mac": "x", "dst_mac": B}}, "src_mac"),
            ({"eth_header": eth}, "ip_header"),
            ({"eth_header": dict(eth, eth_type=2054)}, "arp_header"),
            ({"eth_header": dict(eth, eth_type=34525), "ip_header": ip},
             "eth_type"),
            ({"eth_header": eth, "ip_header": {"src_ip": "10.0.0.1"}},
             "ip_header.dst_ip"),
            ({"eth_header": eth, "ip_header": ip6}, "ip_header.src_ip"),
            ({"eth_header": eth, "ipv6_header": ip}, "ipv6_header.src_ip"),
            ({"eth_header": eth, "ip_header": ip, "ipv6_header": ip6},
             "ipv6_header"),
            ({"eth_header": eth, "arp_header": arp, "payload": "AAAA"},
             "payload"),
            ({"eth_header": eth, "arp_header": arp,
              "transport_header": {"udp_header": {}}}, "transport_header"),
            ({"eth_header": eth, "ip_header": dict(ip, protocol=17),
              "transport_header": {"tcp_header": {}}}, "protocol"),
            ({"eth_header": eth, "ip_header": ip, "transport_header":
              {"tcp_header": {}, "udp_header": {}}}, "udp_header"),
            ({"eth_header": eth, "ip_header": ip, "transport_header":
              {"dns_header": {}}}, "dns_header"),
            ({"eth_header": eth, "ip_header": ip, "transport_header":
              {"ndp_header": {"dst_ip": "fd00::2"}}}, "ndp_header"),
            ({"eth_header": eth, "ip_header": ip, "payload": "*"}, "payload"),
            ({"eth_header": eth, "ip_header": ip, "frame_size": 60,
              "payload": "A" * 40}, "frame_size"),
            ({"eth_header": eth, "ip_header": ip, "frame_size": 59},
             "frame_size"),
            ({"eth_header": eth, "ip_header": ip, "payload": "A" * 1340},
             "payload"),
            ({"resource_type": "BinaryPacketData"}, "payload"),
            ({"resource_type": "BinaryPacketData", "payload": "AAAA"},
             "payload")):
        c.refused(400, 255, "PUT", T + "bad", config(packet=bad),
                  names=["packet", name])
    c.refused(404, 600, "GET", T + "bad")


def test_good_packets(c):
    """what can be made: each header, and defaults that follow from it"""
    fabric(c)
    eth = {"src_mac": A, "dst_mac": B}
    ip = {"src_ip": "10.0.0.1", "dst_ip": "10.0.0.2"}
    ip6 = {"src_ip": "fd00::1", "dst_ip": "fd00::2"}
    for n, good in enumerate((
            {"eth_header": eth, "ip_header": ip},
            {"eth_header": eth, "ip_header": dict(ip, protocol=132)},
            {"eth_header": eth, "ip_header": ip,
             "transport_header": {"udp_header": {"dst_port": 53}},
             "payload": "cGluZw=="},
            {"eth_header": eth, "ipv6_header": ip6,
             "transport_header": {"tcp_header": {"dst_port": 80,
                                                 "tcp_flags": 2}}},
            {"eth_header": eth, "ipv6_header": ip6, "transport_header":
             {"icmp_echo_request_header": {"id": 1, "sequence": 2}}},
            {"eth_header": {"src_mac": A}, "transport_type": "BROADCAST",
             "ip_header": {"src_ip": "10.0.0.1"}},
            {"eth_header": {"src_mac": A}, "transport_type": "BROADCAST",
             "ip_header": {"src_ip": "0.0.0.0"},
             "transport_header": {"dhcp_header": {}}},
            {"eth_header": eth, "ipv6_header": ip6, "transport_header":
             {"ndp_header": {"dst_ip": "fd00::2"}}},
            {"eth_header": {"src_mac": A}, "arp_header":
             {"src_ip": "10.0.0.1", "dst_ip": "10.0.0.2"}},
            {"eth_header": dict(eth, eth_type=35020), "payload": "AAAA",
             "frame_size": 1000})):
        status, seen = traced(c, f"good{n}", config(packet=good))
        check_eq(status["operation_state"], "FINISHED", good)
        check(len(seen) > 1, seen)


def test_routed(c):
    """a routed packet goes to the gateway of the child, which must be there"""
    fabric(c)
    body = config(packet={"eth_header": {"src_mac": A}, "routed": True,
                          "ip_header": {"src_ip": "10.1.2.10",
                                        "dst_ip": "10.9.9.9"}})
    failed(c, "nogw", body, "DATA_PATH_NOT_READY", S + "pods", "gateway")


def test_in_progress(c):
    """IN_PROGRESS while it runs; observations come at the end"""
    fabric(c)
    c.daemon.fake_file("slow")
    c.put(T + "slow", config())
    status = c.get(T + "slow/status")
    check_eq((status["operation_state"], status["request_status"]),
             ("IN_PROGRESS", "SUCCESS"))
    check_eq(c.get(T + "slow/observations")["results"], [])
    c.daemon.fake_remove("slow")
    check_eq(finished(c, "slow")["operation_state"], "FINISHED")
    check_eq(c.get(T + "slow/observations")["result_count"], 3)


def test_timeout(c):
    """a packet that comes to no end: FAILED after the timeout, TIMEOUT"""
    fabric(c)
    c.daemon.fake_file("slow")
    status, seen = traced(c, "late", config(timeout=5))
    c.daemon.fake_remove("slow")
    check_eq((status["operation_state"], status["request_status"]),
             ("FAILED", "TIMEOUT"))
    check_eq(kinds(seen), ["ReceivedLogical"])


def test_again(c):
    """PUT, PATCH and POST ?action=retrace run it again; nothing old is told"""
    fabric(c)
    body = config(dest=VM)
    _, first = traced(c, "again", body)
    c.refused(400, 500127, "PUT", T + "again", body)
    for write in (lambda: c.put(T + "again", dict(body, _revision=0)),
                  lambda: c.patch(T + "again", body),
                  lambda: c.good("POST", T + "again", action="retrace")):
        c.daemon.fake_file("slow")
        write()
        check_eq(c.get(T + "again/status")["operation_state"], "IN_PROGRESS")
        check_eq(c.get(T + "again/observations")["results"], [])
        c.daemon.fake_remove("slow")
        finished(c, "again")
        seen = c.get(T + "again/observations")["results"]
        check_eq(kinds(seen), kinds(first))
        check(seen[0]["timestamp_micro"] > first[0]["timestamp_micro"], seen)
        first = seen
    c.refused(400, 255, "POST", T + "again", action="other", names=["other"])
    c.refused(400, 255, "POST", T + "again", names=["action"])
    c.refused(404, 600, "POST", T + "none", action="retrace")
    check('action=retrace type=TraceflowConfig path="/infra/traceflows/again"'
          in c.daemon.read_log(), "audit")


def test_auditor(c):
    """an auditor reads results and starts nothing"""
    fabric(c)
    traced(c, "aud", config())
    audit = Client(c.daemon, "audit")
    check_eq(audit.get(T + "aud/status")["operation_state"], "FINISHED")
    answer = audit.raw("POST", POLICY + T + "aud?action=retrace")
    check_eq(answer.status, 403)
    audit.close()


def test_kept(c):
    """results are there after sudden death, and gone with the traceflow"""
    fabric(c)
    traced(c, "kept", config())
    before = c.get(T + "kept/observations")["results"]
    c.daemon.kill()
    c.daemon.start()
    c.close()
    check_eq(c.get(T + "kept/observations")["results"], before)
    c.delete(T + "kept")
    for view in ("", "/status", "/observations"):
        c.refused(404, 600, "GET", T + "kept" + view)
    c.put(T + "kept", config(dest=VM))
    check_eq(finished(c, "kept")["operation_state"], "FINISHED")


def test_resumed(c):
    """what the daemon was killed in runs again"""
    fabric(c)
    c.daemon.fake_file("slow")
    c.put(T + "cut", config())
    c.daemon.kill()
    c.daemon.fake_remove("slow")
    c.daemon.start()
    c.close()
    check_eq(finished(c, "cut")["operation_state"], "FINISHED")


def test_deleted_in_progress(c):
    """one that is deleted while it runs leaves nothing"""
    fabric(c)
    c.daemon.fake_file("slow")
    c.put(T + "gone", config())
    c.delete(T + "gone")
    c.daemon.fake_remove("slow")
    c.refused(404, 600, "GET", T + "gone/status")
    c.put(T + "gone", config(dest=VM))
    check_eq(finished(c, "gone")["operation_state"], "FINISHED")


def test_transient(c):
    """a transient one goes when nobody wants it; reading it keeps it"""
    fabric(c)
    traced(c, "stays", config())
    for name in ("tidle", "tread"):
        traced(c, name, config(is_transient=True))

    def gone():
        c.get(T + "tread/status")
        return c.request("GET", T + "tidle").status == 404
    wait_for(gone, "it is gone")
    check_eq(c.get(T + "stays/status")["operation_state"], "FINISHED")
    wait_for(lambda: c.request("GET", T + "tread").status == 404,
             "the other goes, too")


def test_many(c):
    """forty at once all come to their ends"""
    fabric(c)
    for n in range(40):
        c.put(f"{T}many{n}", config(dest=VM if n % 2 else B))
    for n in range(40):
        check_eq(finished(c, f"many{n}")["operation_state"], "FINISHED")
        last = c.get(f"{T}many{n}/observations")["results"][-1]
        check_eq(last["segment_port_path"],
                 S + ("pods/ports/vm" if n % 2 else "nodes/ports/b"))
