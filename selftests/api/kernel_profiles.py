# SPDX-License-Identifier: GPL-2.0
"""MAC discovery profiles: how ports learn, seen by traffic and by the kernel."""

import json
import subprocess

from client import check, check_eq, realized, wait_for
from fabric import device, ip, machine, made, ping

S = "/infra/segments/"
PROFILES = "/infra/mac-discovery-profiles/"
MAPS = "/segment-connection-binding-maps/"
SEGMENT_MAP = S + "lab/segment-discovery-profile-binding-maps/default"
PORT_MAP = S + "lab/ports/a/port-discovery-profile-binding-maps/default"
TUN = "/infra/sites/default/enforcement-points/default/transport-zones/tun"
CONFIG = ("transport-zone = tun overlay far0",)
A, B, POD = "10.6.0.1", "10.6.0.2", "10.6.0.3"
KEYS = ("learning", "flood", "fdb_limit", "fdb_limit_policy")
NONE = (True, True, 0, "forward")


def segctl(*words):
    return json.loads(subprocess.run(
        ["segctl", "-j", *words], capture_output=True, text=True,
        check=True).stdout)


def port(name):
    shown = segctl("port", "show", f"v-{name}")[0]
    return tuple(shown[k] for k in KEYS)


def becomes(name, *expected):
    wait_for(lambda: port(name) == expected, f"{name} is {expected}")


def test_segment(c):
    """a profile of a segment is that of its ports, old and new ones"""
    machine("pa", "vif-pa", A)
    machine("pb", "vif-pb", B)
    c.put(S + "lab")
    c.put(S + "lab/ports/a", {"attachment": {"id": "vif-pa"}})
    realized(c, S + "lab/ports/a")
    check_eq(port("pa"), NONE)
    c.put(PROFILES + "strict", {"mac_learning_enabled": True, "mac_limit": 1,
                                "mac_limit_policy": "DROP",
                                "unknown_unicast_flooding_enabled": False})
    c.put(SEGMENT_MAP, {"mac_discovery_profile_path": PROFILES + "strict"})
    becomes("pa", True, False, 1, "drop")
    c.put(S + "lab/ports/b", {"attachment": {"id": "vif-pb"}})
    realized(c, S + "lab/ports/b")
    check_eq(port("pb"), (True, False, 1, "drop"))
    wait_for(lambda: ping("pa", B), "one address each is enough")


def spoof(name):
    """Frames of a second address behind a port. Return: whether it answers"""
    ip("-n", name, "link", "add", "link", "eth0", "name", "second", "type",
       "macvlan", "mode", "bridge")
    ip("-n", name, "link", "set", "second", "up")
    ip("-n", name, "addr", "add", "10.6.0.9/32", "dev", "second")
    ip("-n", name, "route", "add", B, "dev", "second", "src", "10.6.0.9")
    came = ping(name, B)
    ip("-n", name, "link", "del", "second")
    return came


def test_limit(c):
    """a second address behind a port of one is not let in, until it may be"""
    ip("-n", "pb", "route", "add", "10.6.0.9/32", "dev", "eth0")
    check(not spoof("pa"), "beyond the limit")
    c.patch(PROFILES + "strict", {"mac_limit": 2})
    becomes("pa", True, False, 2, "drop")
    check(spoof("pa"), "within the limit")


def test_port_first(c):
    """a port's own profile comes before its segment's"""
    c.put(PROFILES + "off", {"mac_learning_enabled": False})
    c.put(PORT_MAP, {"mac_discovery_profile_path": PROFILES + "off"})
    becomes("pa", False, True, 0, "forward")
    check_eq(port("pb"), (True, False, 2, "drop"))
    subprocess.run(["segctl", "fdb", "flush", made()[S + "lab"], "port",
                    "v-pa"], check=True)
    check(ping("pb", A), "it is flooded to")
    check_eq(segctl("fdb", "show", made()[S + "lab"], "port", "v-pa"), [])
    c.delete(PORT_MAP)
    becomes("pa", True, False, 2, "drop")


def test_containers(c):
    """containers have no profile, neither the child's nor the parent's"""
    machine("pn", "vif-pn", POD, vlan=7)
    c.put(S + "nodes")
    c.put(S + "nodes/ports/n", {"attachment": {"id": "vif-pn"}})
    c.put(S + "lab" + MAPS + "m", {"segment_path": S + "nodes",
                                   "vlan_traffic_tag": 7})
    realized(c, S + "lab" + MAPS + "m")
    wait_for(lambda: ping("pn", B), "the container talks")
    check_eq(port("pn"), NONE)
    binding = segctl("binding", "show", made()[S + "lab"])[0]
    check_eq((binding["fdb_limit"], binding["fdb_limit_policy"]),
             (65536, "forward"))
    c.put(S + "nodes/segment-discovery-profile-binding-maps/default",
          {"mac_discovery_profile_path": PROFILES + "off"})
    becomes("pn", False, True, 0, "forward")
    subprocess.run(["segctl", "fdb", "flush", made()[S + "lab"], "binding",
                    "m"], check=True)
    check(ping("pn", B), "the parent's profile is not the child's")
    learned = segctl("fdb", "show", made()[S + "lab"], "binding", "m")
    check_eq(len(learned), 1, "the container's address is learned:")


def test_drift(c):
    """what somebody else changes comes back, with segctl or bridge(8)"""
    for words in (("segctl", "port", "set", "v-pa", "fdb-limit", "9"),
                  ("bridge", "link", "set", "dev", "v-pa", "learning", "off")):
        subprocess.run(words, check=True)
        becomes("pa", True, False, 2, "drop")


def test_restart(c):
    """what is changed while the daemon is down comes back; no map, no limit"""
    c.daemon.stop()
    subprocess.run(["segctl", "port", "set", "v-pb", "fdb-limit", "5",
                    "learning", "off"], check=True)
    c.close()
    c.daemon.start()
    becomes("pb", True, False, 2, "drop")
    c.delete(SEGMENT_MAP)
    for name in ("pa", "pb"):
        becomes(name, *NONE)


def test_remote(c):
    """the limit of addresses from tunnels is the segment's in its zone"""
    device("far0", "type", "geneve", "external", "dstport", "16081")
    ip("link", "set", "far0", "up")
    c.put(S + "far", {"transport_zone_path": TUN, "overlay_id": 7007})
    realized(c, S + "far")

    def limit():
        return segctl("segment", "show", made()[S + "far"])[0]["zone_fdb_limit"]
    check_eq(limit(), 0)
    c.put(S + "far/segment-discovery-profile-binding-maps/default",
          {"mac_discovery_profile_path": PROFILES + "off"})
    wait_for(lambda: limit() == 2048, "the default")
    c.patch(PROFILES + "off", {"remote_overlay_mac_limit": 4096})
    wait_for(lambda: limit() == 4096, "another limit")
    c.delete(S + "far/segment-discovery-profile-binding-maps/default")
    wait_for(lambda: limit() == 0, "none")
