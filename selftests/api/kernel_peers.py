# SPDX-License-Identifier: GPL-2.0
"""Traceflow over Geneve to another host, where another segd is.

    pod, tag 1002 -- nodes      pgnv == geneve, VNI 7100 == pgnv   (pfar)
         pods (VNI 7100 of tun) --                       -- pods -- vm
"""

import contextlib
import re
import subprocess

from client import Client, check, check_eq, daemon, realized, wait_for
from fabric import device, ip, machine, made, netns, ping
from test_peers import configure, kinds, pin, secret

S = "/infra/segments/"
T = "/infra/traceflows/"
MAPS = "/segment-connection-binding-maps/"
TUN = ("/infra/sites/default/enforcement-points/default/transport-zones/"
       "ptun")
CONFIG = ("transport-zone = ptun overlay pgnv",
          "tunnel-endpoints = ptun 198.51.100.2", "zone-traces = ptun on")
FAR_CONFIG = ("listen = 198.51.100.2", "transport-zone = ptun overlay pgnv",
              "tunnel-endpoints = ptun 198.51.100.1")
POD, VM = "ppod", "pvm"
STARTED = {}


def wire():
    """Two hosts, each with an end of a wire and a tunnel."""
    netns("pfar")
    device("pwire", "type", "veth", "peer", "name", "pwire", "netns", "pfar")
    for words, end in (((), 1), (("-n", "pfar"), 2)):
        ip(*words, "link", "set", "pwire", "mtu", "1600", "up")
        ip(*words, "addr", "add", f"198.51.100.{end}/24", "dev", "pwire")
    # a port of its own: other tests have a tunnel, too
    tunnel = ("type", "geneve", "external", "dstport", "6082")
    ip("-n", "pfar", "link", "add", "pgnv", *tunnel)
    ip("-n", "pfar", "link", "set", "pgnv", "up")
    device("pgnv", *tunnel)
    ip("link", "set", "pgnv", "up")


def mac(name, card):
    return re.search("link/ether ([0-9a-f:]+)",
                     ip("-n", name, "link", "show", card)).group(1)


def far_machine():
    """A machine whose card's other end is in the other host."""
    machine(VM, "vif-pvm", "10.7.1.12")
    ip("link", "set", f"v-{VM}", "netns", "pfar")
    ip("-n", "pfar", "link", "set", f"v-{VM}", "up", "alias", "vif-pvm")


def segments(c, far):
    c.put(S + "pnodes")
    c.put(S + "pnodes/ports/p", {"attachment": {"id": "vif-ppod"}})
    for host in (c, far):
        host.put(S + "ppods", {"transport_zone_path": TUN,
                               "overlay_id": 7100})
    c.put(S + "ppods" + MAPS + "m", {"segment_path": S + "pnodes",
                                     "vlan_traffic_tag": 1002})
    far.put(S + "ppods/ports/vm", {"attachment": {"id": "vif-pvm"}})
    realized(far, S + "ppods/ports/vm")
    realized(c, S + "ppods" + MAPS + "m")


@contextlib.contextmanager
def hosts(c, *lines):
    """The other host's daemon, which this one knows."""
    if not STARTED:
        STARTED["wire"] = wire()
        machine(POD, "vif-ppod", "10.7.1.11", vlan=1002)
        far_machine()
    with daemon(*FAR_CONFIG, *lines, backend="kernel", netns="pfar",
                address="198.51.100.2") as d:
        far = Client(d)
        segments(c, far)
        configure(c, *CONFIG, f"trace-peer = 198.51.100.2 198.51.100.2:{d.port} "
                  f"{pin(d)} {secret(c.daemon, 'audit:audit-password')}")
        wait_for(lambda: ping(POD, "10.7.1.12"), "the other host")
        yield far
        for path in ("ppods" + MAPS + "m", "ppods", "pnodes/ports/p",
                     "pnodes"):
            c.delete(S + path)
        for path in ("ppods/ports/vm", "ppods"):
            far.delete(S + path)
        wait_for(lambda: S + "ppods" not in made(), "it is gone")
        far.close()


def traced(c, name, packet):
    c.put(T + name, {
        "segment_port_path": S + "pnodes/ports/p",
        "connected_segment_path_as_source": S + "ppods", "packet": packet})

    def over():
        status = c.get(T + name + "/status")
        return status["operation_state"] != "IN_PROGRESS" and status
    status = wait_for(over, f"{name} is over")
    check_eq(status["operation_state"], "FINISHED")
    return status, c.get(T + name + "/observations")["results"]


def to_vm():
    return {"eth_header": {"src_mac": mac(POD, "eth0.1002"),
                           "dst_mac": mac(VM, "eth0")},
            "ip_header": {"src_ip": "10.7.1.11", "dst_ip": "10.7.1.12"}}


def test_joined(c):
    """the way of a container's packet to a machine of another host is one"""
    with hosts(c, "zone-traces = ptun on") as far:
        status, seen = traced(c, "over", to_vm())
        check_eq(kinds(seen), ["ReceivedLogical", "ForwardedLogical",
                               "Forwarded", "Received", "ReceivedLogical",
                               "ForwardedLogical", "Delivered"])
        check_eq([o["sequence_no"] for o in seen], [0] * 3 + [1] * 4)
        check_eq(len({o["transport_node_id"] for o in seen}), 2)
        check_eq((seen[2]["uplink_name"], seen[2]["remote_ip_address"],
                  seen[2]["vni"], seen[2]["dst_transport_node_id"]),
                 ("pgnv", "198.51.100.2", 7100, seen[3]["transport_node_id"]))
        check_eq((seen[3]["remote_ip_address"], seen[3]["uplink_name"]),
                 ("198.51.100.1", "pgnv"))
        check_eq((seen[-1]["segment_port_path"], seen[-1]["lport_id"]),
                 (S + "ppods/ports/vm",
                  far.get(S + "ppods/ports/vm")["unique_id"]))
        check_eq(status["counters"]["delivered_count"], 1)


def test_everybody(c):
    """a broadcast is delivered on both hosts"""
    with hosts(c, "zone-traces = ptun on"):
        status, seen = traced(c, "all", {
            "eth_header": {"src_mac": mac(POD, "eth0.1002")},
            "arp_header": {"src_ip": "10.7.1.11", "dst_ip": "10.7.1.99"}})
        delivered = {(o["sequence_no"], o.get("segment_port_path"))
                     for o in seen if o["resource_type"].endswith("Delivered")}
        check_eq(delivered, {(0, None), (1, None), (1, S + "ppods/ports/vm")})
        check_eq(status["counters"]["delivered_count"], 3)


def test_not_let_in(c):
    """where traces are not let in or out, it is said that they are not"""
    with hosts(c, "zone-traces = ptun off"):
        status, seen = traced(c, "in", to_vm())
        check_eq((kinds(seen)[-1], seen[-1]["sequence_no"]), ("Forwarded", 0))
        check("nothing of it has arrived" in status["analysis"][1], status)
        configure(c, *CONFIG[:2], "zone-traces = ptun off")
        wait_for(lambda: not traces(), "the setting")
        status, seen = traced(c, "out", to_vm())
        check_eq((kinds(seen)[-1], seen[-1]["remote_ip_address"]),
                 ("Forwarded", "198.51.100.2"))
        check("does not let traces out" in status["analysis"][0], status)
        configure(c, *CONFIG)


def traces():
    return '"trace": true' in subprocess.run(
        ["segctl", "-j", "uplink", "show", "pgnv"], capture_output=True,
        text=True, check=True).stdout.replace('"trace":true', '"trace": true')


def test_drift(c):
    """what others do to the setting is undone, unless it is theirs"""
    with hosts(c, "zone-traces = ptun on"):
        wait_for(traces, "it is on")
        subprocess.run(["segctl", "uplink", "set", "pgnv", "trace", "off"],
                       check=True)
        wait_for(traces, "it is on again")
        configure(c, *CONFIG[:2])
        realized(c, TUN)
        check(traces(), "it stays")
        subprocess.run(["segctl", "uplink", "set", "pgnv", "trace", "off"],
                       check=True)
        c.put(S + "pnodes", {"_revision": c.get(S + "pnodes")["_revision"]})
        realized(c, S + "pnodes")
        check(not traces(), "it is somebody else's")
        configure(c, *CONFIG)
