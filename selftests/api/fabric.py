# SPDX-License-Identifier: GPL-2.0
"""The host's devices, and machines with network cards."""

import atexit
import json
import subprocess


def ip(*words):
    return subprocess.run(["ip", *words], capture_output=True, text=True,
                          check=True).stdout


def links():
    return {link["ifname"]: link for link in json.loads(ip("-d", "-j", "link"))}


def made():
    """Devices that the daemon has made, by policy path."""
    return {link["ifalias"][len("segd:"):]: name
            for name, link in links().items()
            if link.get("ifalias", "").startswith("segd:")}


def netns(name):
    """A network namespace without IPv6, until the end."""
    ip("netns", "add", name)
    for scope in ("all", "default"):
        subprocess.run(["ip", "netns", "exec", name, "sysctl", "-qw",
                        f"net.ipv6.conf.{scope}.disable_ipv6=1"], check=True)
    atexit.register(subprocess.run, ["ip", "netns", "del", name],
                    capture_output=True, check=False)


def device(name, *words):
    """A device of the host, until the end."""
    ip("link", "add", name, *words)
    atexit.register(subprocess.run, ["ip", "link", "del", name],
                    capture_output=True, check=False)


def machine(name, alias, address, vlan=None):
    """A machine with a network card, whose end in the host has an alias."""
    netns(name)
    ip("link", "add", f"v-{name}", "type", "veth", "peer", "name", "eth0",
       "netns", name)
    subprocess.run(["sysctl", "-qw",
                    f"net.ipv6.conf.v-{name}.disable_ipv6=1"], check=True)
    ip("link", "set", f"v-{name}", "up", "alias", alias)
    ip("-n", name, "link", "set", "eth0", "up")
    card = "eth0"
    if vlan:
        card = f"eth0.{vlan}"
        ip("-n", name, "link", "add", "link", "eth0", "name", card, "type",
           "vlan", "id", str(vlan))
        ip("-n", name, "link", "set", card, "up")
    ip("-n", name, "addr", "add", f"{address}/24", "dev", card)


def ping(name, address, count=1):
    return subprocess.run(
        ["ip", "netns", "exec", name, "ping", "-q", "-i", "0.05", "-c",
         str(count), "-W", "1", address],
        capture_output=True, check=False).returncode == 0
