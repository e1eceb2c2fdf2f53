# SPDX-License-Identifier: GPL-2.0
"""segd drives the kernel: traffic flows when the API says so."""

import json
import random
import subprocess
import threading

from client import Client, check, check_eq, realized, wait_for
from fabric import ip, links, machine, made, ping

S = "/infra/segments/"
MAPS = "/segment-connection-binding-maps/"
NODE, POD, VM = "node", "10.9.0.11", "10.9.0.50"


def test_workflow(c):
    """the reference's workflow: pods talk after the PUT, not after the DELETE"""
    machine(NODE, "vif-node", POD, vlan=1002)
    machine("vm", "vif-vm", VM)
    for segment, vif in (("nodes", "vif-node"), ("pods", "vif-vm")):
        c.put(S + segment)
        c.put(f"{S}{segment}/ports/p", {"attachment": {"id": vif}})
        realized(c, f"{S}{segment}/ports/p")
    check(not ping(NODE, VM), "traffic before the PUT")
    c.put(S + "pods" + MAPS + "m", {"segment_path": S + "nodes",
                                    "vlan_traffic_tag": "1002"})
    realized(c, S + "pods" + MAPS + "m")
    wait_for(lambda: ping(NODE, VM), "pods talk")
    c.refused(400, 503040, "DELETE", S + "pods", names=[MAPS + "m"])
    c.delete(S + "pods" + MAPS + "m")
    wait_for(lambda: not ping(NODE, VM), "pods are silent")
    c.put(S + "pods" + MAPS + "m", {"segment_path": S + "nodes",
                                    "vlan_traffic_tag": 1002})
    wait_for(lambda: ping(NODE, VM), "pods talk again")


def totals(c, path):
    stats = c.get(path + "/statistics")
    return (stats["rx_packets"]["total"], stats["tx_packets"]["total"])


def test_statistics(c):
    """statistics: the parent counts pods on their way in only, the child never"""
    for name, address in ((NODE, VM), ("vm", POD)):
        mac = json.loads(ip("-n", "vm" if name == NODE else NODE, "-j",
                            "link", "show", "eth0"))[0]["address"]
        device = "eth0.1002" if name == NODE else "eth0"
        ip("-n", name, "neigh", "replace", address, "lladdr", mac, "dev",
           device, "nud", "permanent")
    paths = (S + "nodes", S + "nodes/ports/p", S + "pods", S + "pods/ports/p",
             S + "pods" + MAPS + "m")
    for path in (S + "nodes", S + "pods"):
        subprocess.run(["sysctl", "-qw", "net.ipv6.conf."
                        f"{made()[path]}.disable_ipv6=1"], check=True)
    before = [totals(c, p) for p in paths]
    check(ping(NODE, VM, 10), "ten pings")
    after = [totals(c, p) for p in paths]
    delta = [(a[0] - b[0], a[1] - b[1]) for a, b in zip(after, before)]
    check_eq(delta, [(10, 0), (10, 0), (10, 10), (10, 10), (10, 10)])
    text = c.raw("GET", "/metrics").text
    check(f'segfab_packets_total{{object="binding",path="{S}pods{MAPS}m",'
          f'direction="ingress"}} ' in text, "metrics")


def test_mac_table(c):
    """the child's addresses are those of pods and machines"""
    macs = {json.loads(ip("-n", n, "-j", "link", "show", "eth0"))[0]["address"]
            for n in (NODE, "vm")}
    got = {e["mac_address"] for e in c.get(S + "pods/mac-table")["results"]}
    check(macs <= got, macs, got)
    ports = c.get(S + "pods/ports/p/mac-table")["results"]
    check_eq(len(ports), 1)
    check_eq(ports[0]["mac_type"], "LEARNED")
    check_eq(c.get(S + "pods/ports/p/status")["status"], "UP")


def test_drift(c):
    """what somebody removes or changes comes back"""
    ip("link", "del", made()[S + "pods"])
    wait_for(lambda: ping(NODE, VM), "the child is back")
    ip("link", "del", made()[S + "nodes"])
    wait_for(lambda: ping(NODE, VM), "the parent is back")
    ip("link", "set", "v-vm", "nomaster")
    wait_for(lambda: ping(NODE, VM), "the port is back")
    ip("link", "set", made()[S + "pods"], "down")
    wait_for(lambda: ping(NODE, VM), "the segment is up")
    subprocess.run(["segctl", "binding", "del", made()[S + "pods"], "m"],
                   check=True)
    wait_for(lambda: ping(NODE, VM), "the binding map is back")
    subprocess.run(["segctl", "binding", "set", made()[S + "pods"], "m",
                    "vlan", "7"], check=True)
    wait_for(lambda: ping(NODE, VM), "the tag is back")


def test_late_device(c):
    """a port is attached when its device appears, by alias or altname"""
    c.put(S + "late")
    for n in ("a", "b"):
        c.put(f"{S}late/ports/{n}", {"attachment": {"id": f"vif-late-{n}"}})
    wait_for(lambda: c.get(S + "late/ports/a/state").get("failure_message"),
             "it waits")
    for n, words in (("a", ("alias", "vif-late-a")), ("b", ())):
        ip("link", "add", f"late-{n}", "type", "veth", "peer", "name",
           f"late-{n}p")
        ip("link", "set", f"late-{n}", "up", *words)
    ip("link", "property", "add", "dev", "late-b", "altname", "vif-late-b")
    for n in ("a", "b"):
        realized(c, f"{S}late/ports/{n}")
        check_eq(links()[f"late-{n}"]["master"], made()[S + "late"])
    c.delete(S + "late/ports/a")
    wait_for(lambda: "master" not in links()["late-a"], "it is detached")
    c.patch(S + "late/ports/b", {"admin_state": "DOWN"})
    wait_for(lambda: "master" not in links()["late-b"], "it is down")
    c.patch(S + "late/ports/b", {"admin_state": "UP"})
    realized(c, S + "late/ports/b")
    ip("link", "del", "late-b")
    wait_for(lambda: c.get(S + "late/ports/b/state")["attachment"]["state"]
             == "DETACHED", "it is gone")
    c.delete(S + "late", force=True)
    ip("link", "del", "late-a")


def test_gateway(c):
    """gateway address and VRF of a segment"""
    c.put("/infra/tier-1s/gw")
    subnet = {"subnets": [{"gateway_address": "10.9.0.1/24"}]}
    c.patch(S + "pods", dict(subnet, connectivity_path="/infra/tier-1s/gw"))

    def address():
        device = json.loads(ip("-j", "addr", "show", made()[S + "pods"]))[0]
        return [a["local"] for a in device["addr_info"]
                if a["scope"] == "global"]
    wait_for(lambda: address() == ["10.9.0.1"], "the address is there")
    vrf = made()["/infra/tier-1s/gw"]
    wait_for(lambda: links()[made()[S + "pods"]].get("master") == vrf, "VRF")
    check(ping(NODE, "10.9.0.1"), "the pod reaches its gateway")
    ip("addr", "del", "10.9.0.1/24", "dev", made()[S + "pods"])
    wait_for(lambda: address() == ["10.9.0.1"], "the address is back")
    c.patch(S + "pods", {"subnets": [{"gateway_address": "10.9.0.2/24"}]})
    wait_for(lambda: address() == ["10.9.0.2"], "the address has changed")
    c.patch(S + "pods", {"subnets": None, "connectivity_path": None})
    wait_for(lambda: not address() and
             "master" not in links()[made()[S + "pods"]], "all gone")
    c.delete("/infra/tier-1s/gw")
    wait_for(lambda: "/infra/tier-1s/gw" not in made(), "VRF is gone")


def test_swap(c):
    """two maps change places in one request"""
    def tree(a, b):
        return {"resource_type": "Infra", "children": [
            {"resource_type": "ChildSegment", "Segment": {
                "id": child, "children": [{
                    "resource_type": "ChildSegmentConnectionBindingMap",
                    "SegmentConnectionBindingMap": {
                        "id": "m", "segment_path": S + "nodes",
                        "vlan_traffic_tag": tag}}]}}
            for child, tag in (("sa", a), ("sb", b))]}
    c.patch("/infra", tree(11, 12))
    for child in ("sa", "sb"):
        realized(c, S + child + MAPS + "m")
    c.patch("/infra", tree(12, 11))
    bound = json.loads(subprocess.run(
        ["segctl", "-j", "binding", "show"], capture_output=True, text=True,
        check=True).stdout)

    def tags():
        bound = json.loads(subprocess.run(
            ["segctl", "-j", "binding", "show"], capture_output=True,
            text=True, check=True).stdout)
        names = {v: k for k, v in made().items()}
        return {names[b["child"]]: b["vlan"] for b in bound
                if b["child"] in names}
    check(bound, "binding maps")
    wait_for(lambda: (tags().get(S + "sa"), tags().get(S + "sb")) == (12, 11),
             "they have changed places")
    for child in ("sa", "sb"):
        c.delete(S + child + MAPS + "m")
        c.delete(S + child)


def test_kill(c):
    """kill -9 at random points of 1000 writes: the kernel converges"""
    d, expected, n = c.daemon, {}, 0
    rng = random.Random(7)
    while n < 1000:
        mine = Client(d)
        killer = threading.Timer(rng.uniform(0.02, 0.8), d.process.kill)
        killer.start()
        try:
            while n < 1000:
                name = f"k{rng.randrange(40)}"
                n += 1
                expected[name] = None
                if rng.random() < 0.3:
                    status = mine.request("DELETE", S + name).status
                    expected[name] = False
                    check(status in (200, 404), status)
                else:
                    mine.patch(S + name, {"description": f"{n}"})
                    expected[name] = True
        except (OSError, Exception):  # noqa: BLE001
            pass
        killer.join()
        d.process.wait()
        mine.close()
        c.close()
        d.start()
        for name, there in expected.items():
            status = c.request("GET", S + name).status
            check(there is None or there == (status == 200), name, status)
            expected[name] = status == 200
    want = {S + name for name, there in expected.items() if there}
    wait_for(lambda: {p for p in made() if p.startswith(S + "k")} == want,
             "the kernel has what the store has", 60)
    wait_for(lambda: ping(NODE, VM), "traffic goes on", 60)


def test_orphans(c):
    """what the daemon made and nothing stands for is removed; nothing else is"""
    c.daemon.kill()
    ip("link", "add", "sg-orphan", "type", "segment")
    ip("link", "set", "sg-orphan", "alias", "segd:/infra/segments/orphan")
    ip("link", "add", "stranger", "type", "segment")
    c.close()
    c.daemon.start()
    wait_for(lambda: "sg-orphan" not in links(), "the orphan is gone")
    check("stranger" in links(), "the stranger stays")
    ip("link", "del", "stranger")


def test_stays(c):
    """the fabric goes on without the daemon"""
    c.daemon.stop()
    check(ping(NODE, VM, 3), "traffic")
    c.close()
    c.daemon.start()
    realized(c, S + "pods" + MAPS + "m")
    check(ping(NODE, VM, 3), "traffic")
