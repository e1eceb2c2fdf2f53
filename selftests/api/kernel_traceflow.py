# SPDX-License-Identifier: GPL-2.0
"""Traceflow through the kernel: what it saw is what is told."""

import atexit
import base64
import subprocess

from client import check, check_eq, realized, wait_for

S = "/infra/segments/"
T = "/infra/traceflows/"
MAPS = "/segment-connection-binding-maps/"
A, B, VM = "02:00:00:00:0a:0a", "02:00:00:00:0a:0b", "02:00:00:00:0a:0c"


def run(*words):
    return subprocess.run(words, capture_output=True, text=True,
                          check=True).stdout


def device(c, path):
    answer = c.get("/infra/realized-state/realized-entities", intent_path=path)
    return answer["results"][0]["realization_specific_identifier"]


def fabric(c):
    """Two nodes, pods with tag 1002, a machine; addresses are static."""
    if c.request("GET", S + "pods").status == 200:
        return
    for scope in ("all", "default"):
        run("sysctl", "-qw", f"net.ipv6.conf.{scope}.disable_ipv6=1")
    for n in ("a", "b", "vm"):
        run("ip", "link", "add", f"tf-{n}", "type", "veth", "peer", "name",
            f"tf-{n}-eth")
        atexit.register(subprocess.run, ["ip", "link", "del", f"tf-{n}"],
                        capture_output=True, check=False)
        run("ip", "link", "set", f"tf-{n}-eth", "up")
        run("ip", "link", "set", f"tf-{n}", "up", "alias", f"vif-tf-{n}")
    c.put(S + "nodes")
    c.put(S + "pods", {"subnets": [{"gateway_address": "10.7.0.1/24"}]})
    c.put(S + "other")
    for path in ("nodes/ports/a", "nodes/ports/b", "pods/ports/vm"):
        name = path.rsplit("/", 1)[1]
        c.put(S + path, {"attachment": {"id": f"vif-tf-{name}"}})
        realized(c, S + path)
    c.put(S + "pods" + MAPS + "m", {"segment_path": S + "nodes",
                                    "vlan_traffic_tag": 1002})
    realized(c, S + "pods" + MAPS + "m")
    pods, nodes = device(c, S + "pods"), device(c, S + "nodes")
    for segment, mac, port in ((pods, A, "tf-a"), (pods, B, "tf-b"),
                               (pods, VM, "tf-vm"), (nodes, B, "tf-b")):
        run("segctl", "fdb", "add", segment, mac, "port", port)


def reference(dest, **more):
    """The packet of the reference's own example."""
    return dict({"eth_header": {"src_mac": A, "dst_mac": dest,
                                "eth_type": 2048},
                 "ip_header": {"src_ip": "192.168.100.10",
                               "dst_ip": "192.168.100.20", "protocol": 1,
                               "ttl": 64, "flags": 0},
                 "transport_header": {"icmp_echo_request_header":
                                      {"id": 0, "sequence": 0}},
                 "payload": "", "resource_type": "FieldsPacketData",
                 "frame_size": 128, "routed": False,
                 "transport_type": "UNICAST"}, **more)


def traced(c, name, packet, child=S + "pods", port=S + "nodes/ports/a"):
    body = {"segment_port_path": port, "packet": packet, "timeout": 10,
            "is_transient": True}
    if child:
        body["connected_segment_path_as_source"] = child
    c.put(T + name, body)

    def over():
        status = c.get(T + name + "/status")
        return status["operation_state"] != "IN_PROGRESS" and status
    status = wait_for(over, f"{name} is over")
    seen = c.get(T + name + "/observations")["results"]
    return status, seen, [o["resource_type"].removeprefix(
        "TraceflowObservation") for o in seen]


def test_container_to_container(c):
    """scenario 1: the reference's packet, from a container to a container"""
    fabric(c)
    status, seen, kinds = traced(c, "one", reference(B))
    check_eq((status["operation_state"], kinds),
             ("FINISHED", ["ReceivedLogical", "ForwardedLogical",
                           "Delivered"]))
    check_eq((seen[0]["component_path"], seen[0]["src_component_path"],
              seen[0]["segment_port_path"], seen[0]["vlan"]),
             (S + "pods", S + "nodes", S + "nodes/ports/a", 1002))
    check_eq((seen[-1]["parent_port_path"], seen[-1]["vlan_id"],
              seen[-1]["connection_binding_map_path"]),
             (S + "nodes/ports/b", 1002, S + "pods" + MAPS + "m"))


def test_container_to_port(c):
    """scenario 2: from a container to a regular port of the child"""
    fabric(c)
    _, seen, kinds = traced(c, "two", reference(VM))
    check_eq(kinds, ["ReceivedLogical", "ForwardedLogical", "Delivered"])
    check_eq((seen[-1]["segment_port_path"], "vlan_id" in seen[-1]),
             (S + "pods/ports/vm", False))


def test_parent_port(c):
    """scenario 3: from a parent's port, without a child"""
    fabric(c)
    _, seen, kinds = traced(c, "three", reference(B), child=None)
    check_eq(kinds, ["ReceivedLogical", "ReceivedLogical", "ForwardedLogical",
                     "Delivered"])
    check_eq({o["component_path"] for o in seen}, {S + "nodes"})
    check_eq(seen[-1]["segment_port_path"], S + "nodes/ports/b")


def test_gateway(c):
    """a routed packet is delivered to the host in the child"""
    fabric(c)
    packet = reference(B, routed=True)
    del packet["eth_header"]["dst_mac"]
    _, seen, kinds = traced(c, "gw", packet)
    check_eq(kinds, ["ReceivedLogical", "ForwardedLogical", "Delivered"])
    check_eq((seen[-1]["component_type"], seen[-1]["component_path"]),
             ("LR", S + "pods"))


def test_everybody(c):
    """a broadcast: one delivery for each port, container and host"""
    fabric(c)
    status, seen, kinds = traced(c, "all", {
        "eth_header": {"src_mac": A},
        "arp_header": {"src_ip": "10.7.0.10", "dst_ip": "10.7.0.99"}})
    check_eq(sorted(kinds), ["Delivered"] * 3 + ["ReceivedLogical",
                                                 "ReplicationLogical"])
    check_eq({o.get("segment_port_path") for o in seen
              if o["resource_type"].endswith("Delivered")},
             {None, S + "nodes/ports/b", S + "pods/ports/vm"})
    check_eq(status["counters"]["delivered_count"], 3)


def test_drops(c):
    """an unbound tag is dropped; a port that is down drops, too"""
    fabric(c)
    frame = bytes.fromhex((B + A).replace(":", "") + "810003eb0800" +
                          "00" * 46)
    status, seen, kinds = traced(c, "tag", {
        "resource_type": "BinaryPacketData",
        "payload": base64.b64encode(frame).decode()}, child=None)
    check_eq(kinds, ["ReceivedLogical", "DroppedLogical"])
    check_eq((seen[1]["reason"], seen[1]["drop_reason"], seen[1]["vlan"]),
             ("VLAN", "unbound-vlan", 1003))
    check_eq(status["operation_state"], "FINISHED")
    run("ip", "link", "set", "tf-vm", "down")
    try:
        _, seen, kinds = traced(c, "down", reference(VM))
    finally:
        run("ip", "link", "set", "tf-vm", "up")
    check_eq((kinds[-1], seen[-1]["drop_reason"], seen[-1]["reason"]),
             ("DroppedLogical", "port-down", "IFACE"))


def test_refused(c):
    """what the kernel or the fabric does not have is FAILED, and why"""
    fabric(c)
    status, seen, _ = traced(c, "no", reference(B), child=S + "other")
    check_eq((status["operation_state"], seen), ("FAILED", []))
    check(S + "other" in status["analysis"][0], status)
    c.put(S + "nodes/ports/none", {"attachment": {"id": "vif-tf-none"}})
    status, _, _ = traced(c, "nodev", reference(B),
                          port=S + "nodes/ports/none")
    check_eq((status["operation_state"], status["request_status"]),
             ("FAILED", "DATA_PATH_NOT_READY"))
    check("vif-tf-none" in status["analysis"][0], status)
    c.delete(S + "nodes/ports/none")


def test_nothing_is_left(c):
    """traces leave nothing: none runs in the kernel, counters stand still"""
    fabric(c)
    before = c.get(S + "pods/ports/vm/statistics")["tx_packets"]["total"]
    for n in range(40):
        status, _, _ = traced(c, f"n{n}", reference(VM))
        check_eq(status["operation_state"], "FINISHED")
    after = c.get(S + "pods/ports/vm/statistics")["tx_packets"]["total"]
    check_eq(after, before)
