# SPDX-License-Identifier: GPL-2.0
"""The daemon itself: start, reload, backup, sudden death, end."""

import os
import random
import re
import sqlite3
import stat
import subprocess
import threading
import time

from client import (POLICY, Client, Daemon, Failure, check, check_eq, daemon,
                    realized, wait_for)

S = "/infra/segments/"


def test_kill(c):
    """kill -9 at random points of 1000 writes: what was acknowledged is there"""
    d = c.daemon
    acknowledged, revisions, n = {}, {}, 0
    seed = int(os.environ.get("SEGD_SEED", random.randrange(10 ** 6)))
    print(f"    # seed {seed}", flush=True)
    rng = random.Random(seed)
    while n < 1000:
        burst = rng.randrange(20, 120)
        mine = Client(d)
        killer = threading.Timer(rng.uniform(0.005, 0.4), d.process.kill)
        killer.start()
        try:
            for _ in range(burst):
                name, text = f"k{rng.randrange(300)}", f"write {n}"
                revisions[name] = text
                n += 1
                mine.patch(S + name, {"description": text})
                acknowledged[name] = text
            killer.join()
        except (OSError, Failure, Exception):  # noqa: BLE001
            pass
        mine.close()
        killer.join()
        d.process.wait()
        d.start()
        c.close()
        for name, text in acknowledged.items():
            got = c.get(S + name)["description"]
            check(got in (text, revisions[name]), name, got, text)
            acknowledged[name] = got
    for name in acknowledged:
        realized(c, S + name)
    check(len(acknowledged) > 50, len(acknowledged), "acknowledged")


def test_marked_survives(c):
    """a deletion that was acknowledged goes on after sudden death"""
    d = c.daemon
    c.put(S + "gone")
    c.delete(S + "gone")
    d.kill()
    d.start()
    c.close()
    c.refused(404, 600, "GET", S + "gone")
    check_eq(c.put(S + "gone")["_revision"], 0)


def test_backup(c):
    """backup and restore of the store while the daemon runs"""
    d = c.daemon
    copy = os.path.join(d.folder, "copy.db")
    c.put(S + "before", {"description": "one"})
    check_eq(d.run("--backup", copy).returncode, 0)
    c.patch(S + "before", {"description": "two"})
    c.put(S + "after")
    check_eq(d.run("--restore", copy).returncode, 0)
    wait_for(lambda: "reloaded" in d.read_log(), "the daemon was told")
    wait_for(lambda: c.request("GET", S + "after").status == 404, "restored")
    check_eq(c.get(S + "before")["description"], "one")
    c.close()
    realized(c, S + "before")
    check_eq(c.put(S + "after")["_revision"], 0)
    failed = d.run("--restore", os.path.join(d.folder, "none"))
    check(failed.returncode == 1 and "none" in failed.stderr, failed.stderr)
    with open(os.path.join(d.folder, "junk"), "w", encoding="ascii") as f:
        f.write("this is no store" * 100)
    check_eq(d.run("--restore", os.path.join(d.folder, "junk")).returncode, 1)
    c.get(S + "before")


def test_reload(c):
    """SIGHUP: new passwords, old sessions gone, the same port; nonsense is left"""
    d = c.daemon
    port = d.port
    with open(d.secret_file("audit"), "w", encoding="ascii") as f:
        f.write("another\n")
    d.signal(1)
    audit = Client(d, "audit", "another")
    wait_for(lambda: audit.raw("GET", POLICY + "/infra").status == 200,
             "the new password is known")
    d.configure("nonsense = 5")
    d.signal(1)
    wait_for(lambda: "not reloaded" in d.read_log(), "nonsense is refused")
    check_eq(audit.raw("GET", POLICY + "/infra").status, 200)
    d.configure()
    check_eq(d.port, port)


def test_check_config(c):
    """--check-config: file, line and what is wrong"""
    d = c.daemon
    check_eq(d.run("--check-config").returncode, 0)
    for line, word in (("port = 70000", "70000"), ("port", "KEY = VALUE"),
                       ("no-such-key = 1", "no-such-key"),
                       ("user = a b c", "user"), ("log-level = x", "x"),
                       ("transport-zone = z other eth0", "transport-zone"),
                       ("threads = 0", "threads"), ("listen =", "listen")):
        other = Daemon(line)
        result = other.run("--check-config")
        check_eq(result.returncode, 1, line)
        check(re.search(rf"{other.config}:\d+: .*{re.escape(word)}",
                        result.stderr), line, result.stderr)
        other.remove()
    check_eq(subprocess.run([d.program, "--no-such-option"],
                            capture_output=True, check=False).returncode, 1)
    check_eq(subprocess.run([d.program, "-c", "/no/such/file",
                             "--check-config"], capture_output=True,
                            check=False).returncode, 1)


def test_one_daemon(c):
    """a second daemon on the same folder is refused"""
    result = c.daemon.run("--backend", "fake")
    check_eq(result.returncode, 1)
    check("another segd" in result.stderr, result.stderr)


def test_first_start(c):
    """a first start makes certificate and password, and says where"""
    other = Daemon()
    with open(other.config, "w", encoding="ascii") as f:
        f.write(f"port = 0\nstate-dir = {other.folder}/new\n")
    other.state = f"{other.folder}/new"
    other.start()
    try:
        for name, mode in (("admin.password", 0o600), ("server.key", 0o600)):
            got = os.stat(f"{other.state}/{name}").st_mode
            check_eq(stat.S_IMODE(got), mode, name)
        check_eq(stat.S_IMODE(os.stat(other.state).st_mode), 0o700)
        log = other.read_log()
        check(f"{other.state}/admin.password" in log, log)
        check(re.search("SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}", log), log)
        check_eq(Client(other).request("GET", "/infra").status, 200)
        printed = subprocess.run(
            ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in",
             f"{other.state}/server.crt"], capture_output=True, text=True,
            check=True).stdout.strip().split("=")[1]
        check(printed in log, printed, log)
        other.stop()
    finally:
        other.kill()
        other.remove()
    check(c.get("/infra"), "the first daemon")


def test_secrets(c):
    """a password that others may read is not used"""
    other = Daemon()
    os.chmod(other.secret_file("audit"), 0o644)
    result = other.run("--backend", "fake")
    check_eq(result.returncode, 1)
    check("audit.password" in result.stderr, result.stderr)
    other.remove()
    check(c.get("/infra"), "the first daemon")


def test_newer_store(c):
    """a store of a newer version is not touched"""
    other = Daemon()
    with sqlite3.connect(f"{other.state}/store.db") as db:
        db.execute("PRAGMA user_version = 1000")
    result = other.run("--backend", "fake")
    check_eq(result.returncode, 1)
    check("version 1000" in result.stderr, result.stderr)
    other.remove()
    check(c.get("/infra"), "the first daemon")


def test_end(c):
    """SIGTERM: what is under way is finished, then it ends"""
    with daemon() as d:
        mine = Client(d)
        mine.put(S + "last")
        d.stop()
        d.start()
        mine.close()
        mine.get(S + "last")
        d.fake_file("slow")
        mine.patch("/infra", {"children": [
            {"resource_type": "ChildSegment", "Segment": {"id": f"s{i}"}}
            for i in range(100)]})
        began = time.monotonic()
        d.stop()
        check(time.monotonic() - began < 5, "a long round is not waited for")
        d.fake_remove("slow")
        d.start()
        mine.close()
        realized(mine, S + "s99")
    check(c.get("/infra"), "the first daemon")


def test_health(c):
    """/healthz needs no password, and says nothing else"""
    anybody = Client(c.daemon, user=None)
    answer = anybody.raw("GET", "/healthz")
    check_eq((answer.status, answer.text), (200, "ok\n"))
