#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Somebody sits at a terminal and uses the test machine: terminal.py KERNEL.

The command has a terminal of its own size in the machine, Ctrl-C is for it and
not for the machine, and afterwards the terminal is as it was. It is the machine
of `make demo SHELL=1`. That it is ready within 15 seconds is seen here, too: in
seconds of a processor, as others may be at work.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time

HERE = os.path.dirname(os.path.realpath(__file__))
READY = 15
PATIENCE = 120


class Terminal:
    def __init__(self, *command):
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 99,
                                                            0, 0))
        self.before = termios.tcgetattr(theirs)
        self.theirs = theirs
        self.text = ""
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def expect(self, pattern):
        """Read until this has come; what came before it is forgotten."""
        until = time.monotonic() + PATIENCE
        os.set_blocking(self.ours, False)
        while True:
            found = re.search(pattern, self.text)
            if found:
                self.text = self.text[found.end():]
                return found
            if time.monotonic() > until:
                raise AssertionError(f"no {pattern!r}: {self.text[-2000:]!r}")
            try:
                self.text += os.read(self.ours, 65536).decode(errors="replace")
            except BlockingIOError:
                time.sleep(0.02)

    def send(self, text):
        os.write(self.ours, text.encode())


def session(kernel):
    t = Terminal(f"{HERE}/run", "--kernel", kernel, "--cpus", "1", "--",
                 "bash", "--norc", "-i")
    t.expect(r"[#$] ")
    t.send("stty size; tty\n")
    t.expect(r"33 99\s+/dev/")
    t.send("segctl segment show; echo shown=$?\n")
    t.expect(r"shown=0")
    t.send("echo slee''ping; sleep 1000\n")
    t.expect(r"sleeping")
    time.sleep(0.5)
    t.send("\x03")
    t.expect(r"[#$] ")
    t.send("echo inter''rupted=$?\n")
    t.expect(r"interrupted=130")
    t.send("exit 7\n")
    code = t.process.wait(PATIENCE)
    assert code == 7, f"it ended with {code}"
    assert termios.tcgetattr(t.theirs) == t.before, "the terminal has changed"


def ready(kernel):
    said = subprocess.run(
        [f"{HERE}/run", "--kernel", kernel, "--verbose", "--", "true"],
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        check=True).stderr
    took = float(re.search(r"ready after .* ([0-9.]+) s of processor",
                           said).group(1))
    assert took <= READY, f"{took} s"


def main():
    status = 0
    tests = ((session, "a shell in a terminal, Ctrl-C and all"),
             (ready, f"ready within {READY} s of a processor"))
    print(f"KTAP version 1\n1..{len(tests)}")
    for number, (test, name) in enumerate(tests, 1):
        try:
            test(sys.argv[1])
            print(f"ok {number} {name}", flush=True)
        except (AssertionError, subprocess.SubprocessError) as why:
            print(f"# {why}\nnot ok {number} {name}", flush=True)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
