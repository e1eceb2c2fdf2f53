# SPDX-License-Identifier: GPL-2.0
"""segd and transport zones: segments reach the wire and other hosts.

    vm -- web (VLAN 300 of phys) -- up0 | w0 -- w0.300   wire
                                    up1 | w1 -- w1.300
    pod, tag 1002 -- nodes          gnv == geneve, VNI 7001 == far
         pods (VNI 7001 of tun) --
"""

import json
import subprocess

from client import check, check_eq, realized, wait_for
from fabric import device, ip, links, machine, made, netns, ping

S = "/infra/segments/"
MAPS = "/segment-connection-binding-maps/"
ZONES = "/infra/sites/default/enforcement-points/default/transport-zones/"
PHYS, TUN = ZONES + "phys", ZONES + "tun"
CONFIG = ("transport-zone = phys vlan up0,up1",
          "teaming-policy = phys second failover-order up1 up0",
          "transport-zone = tun overlay gnv",
          "tunnel-endpoints = tun 192.0.2.2")
VM, NODE = "zvm", "znode"
FIRST, SECOND, FAR = "10.8.0.9", "10.8.0.10", "10.7.0.9"


def segctl(*words):
    return json.loads(subprocess.run(
        ["segctl", "-j", *words], capture_output=True, text=True,
        check=True).stdout)


def segment(path):
    return segctl("segment", "show", made()[path])[0]


def uplink(number, address):
    """An uplink, at whose other end somebody speaks with tag 300."""
    ip("link", "add", f"up{number}", "type", "veth", "peer", "name",
       f"w{number}", "address", f"02:00:00:00:0f:0{number}", "netns", "wire")
    ip("-n", "wire", "link", "add", "link", f"w{number}", "name",
       f"w{number}.300", "type", "vlan", "id", "300")
    for card in (f"w{number}", f"w{number}.300"):
        ip("-n", "wire", "link", "set", card, "up")
    ip("-n", "wire", "addr", "add", f"{address}/32", "dev",
       f"w{number}.300")
    ip("-n", "wire", "route", "add", "10.8.0.50", "dev", f"w{number}.300",
       "metric", str(number + 1))
    ip("link", "set", f"up{number}", "up")


def test_vlan(c):
    """a segment of a VLAN zone reaches the wire, when the uplink comes"""
    netns("wire")
    subprocess.run(["ip", "netns", "exec", "wire", "sysctl", "-qw",
                    "net.ipv4.conf.all.arp_ignore=1"], check=True)
    machine(VM, "vif-zvm", "10.8.0.50")
    c.put(S + "web", {"transport_zone_path": PHYS, "vlan_ids": ["300"]})
    c.put(S + "web/ports/p", {"attachment": {"id": "vif-zvm"}})
    realized(c, S + "web/ports/p")
    state = c.get("/infra/realized-state/realized-entities",
                  intent_path=PHYS)["results"][0]
    check_eq(state["runtime_error"], "there is no uplink up0")
    check(not ping(VM, FIRST), "no uplink yet")
    uplink(0, FIRST)
    wait_for(lambda: ping(VM, FIRST), "the wire is reached")
    c.patch(S + "web", {"vlan_ids": ["301"]})
    wait_for(lambda: not ping(VM, FIRST), "another VLAN")
    c.patch(S + "web", {"vlan_ids": ["300"]})
    wait_for(lambda: ping(VM, FIRST), "the old VLAN")
    uplink(1, SECOND)
    realized(c, PHYS)
    check_eq([u["name"] for u in segctl("uplink", "show", "zone",
                                          made()[PHYS])], ["up0", "up1"])


def test_policy(c):
    """a segment's teaming policy chooses the uplink"""
    check(not ping(VM, SECOND), "the second uplink stands by")
    c.patch(S + "web", {"advanced_config": {
        "uplink_teaming_policy_name": "second"}})
    ip("-n", "wire", "route", "replace", "10.8.0.50", "dev", "w1.300",
       "metric", "0")
    wait_for(lambda: ping(VM, SECOND), "the second uplink")
    check_eq(segment(S + "web")["teaming_policy"], "second")
    c.patch(S + "web", {"advanced_config": {
        "uplink_teaming_policy_name": None}})
    ip("-n", "wire", "route", "del", "10.8.0.50", "dev", "w1.300",
       "metric", "0")
    wait_for(lambda: ping(VM, FIRST), "the first uplink")


def test_drift(c):
    """what somebody does to a zone or to its uplinks is made undone"""
    ip("link", "set", "up0", "nomaster")
    wait_for(lambda: ping(VM, FIRST), "the uplink is back")
    subprocess.run(["segctl", "segment", "set", made()[S + "web"], "zone",
                    "none"], check=True)
    wait_for(lambda: ping(VM, FIRST), "the segment is back in the zone")
    subprocess.run(["segctl", "segment", "set", made()[S + "web"], "vlan",
                    "77"], check=True)
    wait_for(lambda: ping(VM, FIRST), "its VLAN id is back")
    ip("link", "del", made()[S + "web"])
    wait_for(lambda: ping(VM, FIRST), "the segment is back")
    ip("link", "del", made()[PHYS])
    wait_for(lambda: ping(VM, FIRST), "the zone is back")
    ip("link", "del", "up0")
    wait_for(lambda: not ping(VM, FIRST), "the uplink is gone")
    device("stray", "type", "veth", "peer", "name", "stray-peer")
    subprocess.run(["segctl", "uplink", "add", "stray", "zone",
                    made()[PHYS]], check=True)
    wait_for(lambda: "master" not in links()["stray"],
             "an uplink that the configuration does not name goes")
    uplink(0, FIRST)
    wait_for(lambda: ping(VM, FIRST), "a new device of that name is taken")


def test_settings(c):
    """settings that somebody changes by hand are put back at once"""
    web, phys = made()[S + "web"], made()[PHYS]
    changes = (
        (("uplink", "set", "up0", "priority", "9"),
         lambda: [u["priority"] for u in segctl("uplink", "show", "zone",
                                                phys)] == [0, 1]),
        (("policy", "del", phys, "second"),
         lambda: [p["name"] for p in segctl("policy", "show", phys)] ==
         ["second"]),
        (("policy", "set", phys, "second", "active", "up0", "standby", "up1"),
         lambda: [u["name"] for u in segctl("policy", "show", phys)[0][
             "active"]] == ["up1"]),
        (("policy", "add", phys, "third", "active", "up0"),
         lambda: len(segctl("policy", "show", phys)) == 1),
        (("segment", "set", web, "teaming", "second"),
         lambda: not segment(S + "web").get("teaming_policy")),
        (("segment", "set", web, "guest-vlans", "7"),
         lambda: not segment(S + "web").get("guest_vlans")),
    )
    for words, is_back in changes:
        check(is_back(), words, "before")
        subprocess.run(["segctl", *words], check=True)
        wait_for(is_back, " ".join(words))


def counters(c, **labels):
    """The values of a counter, by direction."""
    found = {}
    for line in c.raw("GET", "/metrics").text.splitlines():
        if all(f'{k}="{v}"' in line for k, v in labels.items()) and \
                line.startswith("segfab_packets_total{"):
            found[line.split('direction="')[1].split('"')[0]] = int(
                line.rsplit(" ", 1)[1])
    return found


def test_metrics(c):
    """the metrics count what goes through zones and uplinks"""
    check(ping(VM, FIRST), "the way is known")
    of_zone, of_uplink = {"object": "zone", "path": PHYS}, {
        "object": "uplink", "path": PHYS, "uplink": "up0"}
    before = counters(c, **of_zone), counters(c, **of_uplink)
    for _ in range(5):
        check(ping(VM, FIRST), "the wire is reached")
    for was, now in zip(before, (counters(c, **of_zone),
                                 counters(c, **of_uplink))):
        for way in ("ingress", "egress"):
            check(5 <= now[way] - was[way] < 15, way, was, now)
    idle = {**of_uplink, "uplink": "up1"}
    check_eq(set(counters(c, **idle)), {"ingress", "egress"})


def test_exchange(c):
    """two segments exchange their VLAN ids; a foreign one that has it is named"""
    def tree(a, b):
        return {"children": [{"resource_type": "ChildSegment", "Segment": {
            "id": name, "transport_zone_path": PHYS, "vlan_ids": [vlan]}}
            for name, vlan in (("xa", a), ("xb", b))]}
    c.patch("/infra", tree("101", "102"))
    for name in ("xa", "xb"):
        realized(c, S + name)
    c.patch("/infra", tree("102", "101"))
    for name, vlan in (("xa", 102), ("xb", 101)):
        realized(c, S + name)
        check_eq(segment(S + name)["zone_vlan"], vlan)
    subprocess.run(["segctl", "segment", "add", "foreign", "zone",
                    made()[PHYS], "vlan", "103"], check=True)
    c.patch(S + "xa", {"vlan_ids": ["103"]})
    said = wait_for(lambda: c.get(S + "xa/state").get("failure_message"),
                    "it is refused")
    check("103" in said and "foreign" in said, said)
    ip("link", "del", "foreign")
    realized(c, S + "xa")
    for name in ("xa", "xb"):
        c.delete(S + name)


def test_overlay(c):
    """a pod on a child of an overlay zone reaches another host"""
    netns("far")
    device("under", "type", "veth", "peer", "name", "under", "netns", "far")
    for words, end in (((), 1), (("-n", "far"), 2)):
        ip(*words, "link", "set", "under", "mtu", "1600", "up")
        ip(*words, "addr", "add", f"192.0.2.{end}/24", "dev", "under")
    ip("-n", "far", "link", "add", "gnv", "type", "geneve", "id", "7001",
       "remote", "192.0.2.1")
    ip("-n", "far", "link", "set", "gnv", "up")
    ip("-n", "far", "addr", "add", f"{FAR}/24", "dev", "gnv")
    machine(NODE, "vif-znode", "10.7.0.11", vlan=1002)
    device("gnv", "type", "geneve", "external")
    ip("link", "set", "gnv", "up")
    c.put(S + "nodes")
    c.put(S + "nodes/ports/p", {"attachment": {"id": "vif-znode"}})
    c.put(S + "pods", {"transport_zone_path": TUN, "overlay_id": 7001})
    c.put(S + "pods" + MAPS + "m", {"segment_path": S + "nodes",
                                    "vlan_traffic_tag": 1002})
    wait_for(lambda: ping(NODE, FAR), "the other host")
    check_eq([r["address"] for r in segctl("remote", "show",
                                           made()[S + "pods"])],
             ["192.0.2.2"])
    c.patch(S + "pods", {"overlay_id": 7002})
    wait_for(lambda: not ping(NODE, FAR), "another VNI")
    c.patch(S + "pods", {"overlay_id": 7001})
    wait_for(lambda: ping(NODE, FAR), "the old VNI")


def test_reload(c):
    """an uplink or endpoint that the configuration names no more goes"""
    d = c.daemon
    d.configure("transport-zone = phys vlan up1", *CONFIG[2:3],
                "tunnel-endpoints = tun 192.0.2.3,2001:db8::3")
    d.signal(1)
    wait_for(lambda: "master" not in links()["up0"], "up0 is free")
    c.close()
    wait_for(lambda: {r["address"] for r in segctl(
        "remote", "show", made()[S + "pods"])} ==
        {"192.0.2.3", "2001:db8::3"}, "other endpoints")
    wait_for(lambda: not segctl("policy", "show"), "no policies")
    d.configure(*CONFIG)
    d.signal(1)
    wait_for(lambda: ping(VM, FIRST), "up0 is back")
    c.close()


def test_removed(c):
    """segments and zones that are deleted are gone, uplinks are free"""
    c.put(ZONES + "other", {"tz_type": "VLAN_BACKED"})
    realized(c, ZONES + "other")
    c.put(S + "there", {"transport_zone_path": ZONES + "other",
                        "vlan_ids": ["0"]})
    realized(c, S + "there")
    c.delete(S + "there")
    c.delete(ZONES + "other")
    wait_for(lambda: ZONES + "other" not in made(), "the zone is gone")
    c.daemon.configure()
    c.daemon.signal(1)
    c.delete(S + "web", force=True)
    wait_for(lambda: c.request("DELETE", PHYS).status in (200, 404),
             "the zone is a client's")
    wait_for(lambda: PHYS not in made(), "it is gone")
    check("master" not in links()["up0"], "its uplink is free")
