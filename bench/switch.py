#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Switch the emulator's trace on for a moment when the machine asks for it.

    switch.py FOLDER

FOLDER holds the emulator's monitor, a socket, and a folder "share" where the
machine makes a file NAME.wanted; it becomes NAME.done when FOLDER/NAME has the
trace.
"""
import os
import socket
import sys
import time

BYTES = 8 << 20  # of a trace, which is some dozen frames


def command(monitor, text):
    monitor.sendall(text.encode() + b"\n")
    data = b""
    while not data.rstrip().endswith(b"(qemu)"):
        part = monitor.recv(4096)
        if not part:
            sys.exit()
        data += part


def wait_for(trace):
    for _ in range(1000):
        if os.path.getsize(trace) > BYTES:
            return
        time.sleep(0.02)


def main():
    folder = sys.argv[1]
    path = os.path.join(folder, "monitor")
    while not os.path.exists(path):
        time.sleep(0.1)
    monitor = socket.socket(socket.AF_UNIX)
    monitor.connect(path)
    share = os.path.join(folder, "share")
    while True:
        for file in os.listdir(share):
            name, _, kind = file.rpartition(".")
            if kind != "wanted":
                continue
            time.sleep(0.5)  # until frames are under way
            command(monitor, f"logfile {folder}/{name}")
            command(monitor, "singlestep on")
            command(monitor, "log exec,nochain")
            wait_for(os.path.join(folder, name))
            command(monitor, "log none")
            command(monitor, "singlestep off")
            os.rename(os.path.join(share, file),
                      os.path.join(share, name + ".done"))
        time.sleep(0.02)


main()
