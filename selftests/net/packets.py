# SPDX-License-Identifier: GPL-2.0
"""Frames of tables.py on real devices: sent, and what arrived anywhere."""

import socket
import struct

from frames import (ETH_P_ALL, ETHERTYPE, PACKET_AUXDATA,
                    PACKET_IGNORE_OUTGOING, SOL_PACKET, TP_STATUS_VLAN_VALID)
from tables import Frame

SO_RCVBUFFORCE = 33


def listen():
    """A socket for what arrives at any device."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
    sock.setblocking(False)
    return sock


def send(device, frame):
    tags = b"".join(struct.pack(">HH", 0x8100, priority << 13 | vlan)
                    for vlan, priority in frame.tags)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind((device, ETHERTYPE))
        sock.send(frame.dest + frame.source + tags +
                  struct.pack(">H", ETHERTYPE) + bytes(46))


def frame_of(data, more):
    """A frame that was received; None if it is not one of ours."""
    tags = []
    for level, kind, value in more:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, _, _, _, _, tci, _ = struct.unpack("IIIHHHH", value)
            if status & TP_STATUS_VLAN_VALID:
                tags.append((tci & 0xfff, tci >> 13))
    at = 12
    while data[at:at + 2] == b"\x81\0":
        tci, = struct.unpack_from(">H", data, at + 2)
        tags.append((tci & 0xfff, tci >> 13))
        at += 4
    if data[at:at + 2] != struct.pack(">H", ETHERTYPE):
        return None
    return Frame(data[6:12], data[:6], tags)


def arrived(sock):
    """[(name of the device, frame)] since the last time."""
    found = []
    while True:
        try:
            data, more, _, address = sock.recvmsg(2048, 64)
        except BlockingIOError:
            return found
        frame = frame_of(data, more)
        if frame:
            found.append((address[0], frame))
