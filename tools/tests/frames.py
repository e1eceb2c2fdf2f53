#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The packets of traceflows as tcpdump(8) reads them: frames.py PROGRAM. KTAP.

PROGRAM makes a frame of a traceflow's JSON (tests/frame.c). What tcpdump says of
checksums, names and options is somebody else's word.
"""

import json
import struct
import subprocess
import sys

A, B = "02:00:00:00:0a:0a", "02:00:00:00:0a:0b"
ETH = {"src_mac": A, "dst_mac": B}
IP = {"src_ip": "10.0.0.1", "dst_ip": "10.0.0.2"}
IP6 = {"src_ip": "fd00::1", "dst_ip": "fd00::2"}


def v4(**transport):
    return {"eth_header": ETH, "ip_header": IP, "transport_header": transport}


def v6(**transport):
    return {"eth_header": ETH, "ipv6_header": IP6,
            "transport_header": transport}


# A packet, and what tcpdump says of it.
GOOD = {
    "an echo request": (
        v4(icmp_echo_request_header={"id": 5, "sequence": 6}),
        ("10.0.0.1 > 10.0.0.2", "ICMP echo request, id 5, seq 6")),
    "a TCP segment": (
        v6(tcp_header={"src_port": 1025, "dst_port": 80, "tcp_flags": 2}),
        ("fd00::1.1025 > fd00::2.80", "Flags [S]", "(correct)")),
    "DHCP, a request": (
        v4(dhcp_header={}),
        ("10.0.0.1.68 > 10.0.0.2.67", "udp sum ok", "BOOTP/DHCP, Request",
         f"Client-Ethernet-Address {A}", "Discover")),
    "DHCP, a reply": (
        v4(dhcp_header={"op_code": "BOOTREPLY"}),
        ("10.0.0.1.67 > 10.0.0.2.68", "udp sum ok", "BOOTP/DHCP, Reply",
         f"Client-Ethernet-Address {B}", "Offer")),
    "DHCPv6, a request": (
        v6(dhcpv6_header={"msg_type": "REQUEST"}),
        ("fd00::1.546 > fd00::2.547", "udp sum ok", "dhcp6 request",
         "client-ID hwaddr type 1 020000000a0a")),
    "DHCPv6, by default": (v6(dhcpv6_header={}), ("dhcp6 solicit",)),
    "DHCPv6, a reply": (
        v6(dhcpv6_header={"msg_type": "REPLY"}),
        ("fd00::1.547 > fd00::2.546", "dhcp6 reply",
         "client-ID hwaddr type 1 020000000a0b")),
    "DNS, a question": (
        v4(dns_header={"address": "www.example.org"}),
        ("10.0.0.2.53", "udp sum ok", "+ A? www.example.org. (33)")),
    "DNS, for IPv6, over IPv6": (
        v6(dns_header={"address": "a.example.", "address_type": "V6"}),
        ("fd00::2.53", "udp sum ok", "+ AAAA? a.example. (27)")),
    "DNS, an answer": (
        v4(dns_header={"address": "example.org",
                       "message_type": "RESPONSE"}),
        ("10.0.0.1.53 >", "q: A? example.org. 0/0/0")),
    "DNS, the name of an address": (
        v4(dns_header={"address": "192.0.2.7"}),
        ("+ PTR? 7.2.0.192.in-addr.arpa.",)),
    "DNS, the name of an IPv6 address": (
        v4(dns_header={"address": "2001:db8::7"}),
        ("+ PTR? 7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0."
         "1.0.0.2.ip6.arpa.",)),
    "a question for a neighbour": (
        v6(ndp_header={"dst_ip": "fd00::9"}),
        ("hlim 255", "icmp6 sum ok", "neighbor solicitation",
         "who has fd00::9", f"source link-address option (1), length 8 (1): "
         f"{A}")),
    "a neighbour's answer": (
        v6(ndp_header={"dst_ip": "fd00::9",
                       "msg_type": "NEIGHBOR_ADVERTISEMENT"}),
        ("icmp6 sum ok", "neighbor advertisement", "tgt is fd00::9",
         "solicited, override")),
}

# What cannot be, and the member that is named.
BAD = {
    "DHCP over IPv6": (v6(dhcp_header={}), "dhcp_header"),
    "DHCPv6 over IPv4": (v4(dhcpv6_header={}), "dhcpv6_header"),
    "neighbours of IPv4": (v4(ndp_header={"dst_ip": "fd00::1"}),
                           "ndp_header"),
    "an IPv4 neighbour": (v6(ndp_header={"dst_ip": "10.0.0.1"}),
                          "ndp_header.dst_ip"),
    "a question for nothing": (v4(dns_header={"address": ""}), "address"),
    "a name with a hole": (v4(dns_header={"address": "a..b"}), "address"),
    "a label that is too long": (v4(dns_header={"address": "a" * 64}),
                                 "address"),
    "a name that is too long": (v4(dns_header={"address": "ab." * 84 + "ab"}),
                                "address"),
    "an unknown operation": (v4(dhcp_header={"op_code": "BOOT"}), "op_code"),
    "a payload, too": (dict(v4(dhcp_header={}), payload="AAAA"), "payload"),
    "another protocol": (dict(v4(dns_header={"address": "x"}),
                              ip_header=dict(IP, protocol=6)), "protocol"),
}


def make(program, packet):
    config = {"segment_port_path": "/infra/segments/s/ports/p",
              "packet": packet}
    return subprocess.run([program], input=json.dumps(config).encode(),
                          capture_output=True, check=False)


def decoded(frame):
    pcap = struct.pack("=IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    pcap += struct.pack("=IIII", 0, 0, len(frame), len(frame)) + frame
    text = subprocess.run(["tcpdump", "-nvvr", "-"], input=pcap,
                          capture_output=True, check=True).stdout.decode()
    return " ".join(text.split())


def main():
    program = sys.argv[1]
    status = number = 0
    print(f"KTAP version 1\n1..{len(GOOD) + len(BAD)}")
    for name, (packet, words) in GOOD.items():
        made = make(program, packet)
        text = made.stderr.decode() or decoded(made.stdout)
        missing = [w for w in words if w not in text]
        number += 1
        status |= bool(missing)
        for word in missing:
            print(f"# no {word!r} in {text!r}")
        print(f"{'not ok' if missing else 'ok'} {number} {name}")
    for name, (packet, member) in BAD.items():
        made = make(program, packet)
        number += 1
        good = made.returncode == 1 and member in made.stderr.decode()
        status |= not good
        if not good:
            print(f"# {made.returncode}: {made.stderr.decode()!r}")
        print(f"{'ok' if good else 'not ok'} {number} {name} is refused")
    return status


if __name__ == "__main__":
    sys.exit(main())
