# SPDX-License-Identifier: GPL-2.0
"""Traceflows that go on at other hosts, whose daemons are asked."""

import contextlib
import os
import re
import socket
import ssl
import threading
import time

from client import Client, check, check_eq, daemon, realized, wait_for

S = "/infra/segments/"
T = "/infra/traceflows/"
ARRIVED = "/api/v1/segd/arrived"
HERE, FAR = "02:00:00:00:00:0a", "02:00:00:00:00:0d"
ENDPOINT, OTHER = "192.0.2.2", "192.0.2.3"


FAR_SAYS = (b'{"ended": true, "overflowed": false, "observations": [], '
            b'"analysis": [], "node_id": "x", "node_name": "y"}')


def fabric(c, name, vif):
    """A machine on a segment."""
    c.patch(S + name, {})
    c.patch(S + name + "/ports/vm", {"attachment": {"id": vif}})
    realized(c, S + name + "/ports/vm")


def pin(d):
    """What the public key of a daemon is known by."""
    return re.findall("public key: (sha256//.+)", d.read_log())[-1]


def secret(d, text):
    """A file for the password of another daemon's user."""
    name = os.path.join(d.folder, "peer.secret")
    with open(name, "w", encoding="ascii") as f:
        os.fchmod(f.fileno(), 0o600)
        f.write(text + "\n")
    return name


def peer(d, far, user="audit:audit-password", endpoint=ENDPOINT, port=None,
         mark=None):
    return (f"trace-peer = {endpoint} 127.0.0.1:{port or far.port} "
            f"{mark or pin(far)} {secret(d, user)}")


def configure(c, *lines):
    """Other peers, without a new start."""
    d = c.daemon
    before = d.read_log().count("reloaded")
    d.configure(*lines)
    d.signal(1)
    wait_for(lambda: d.read_log().count("reloaded") > before, "it is reloaded")
    c.close()


@contextlib.contextmanager
def far_host(c):
    """Another daemon, which the frames of this one go to."""
    fabric(c, "net", "tap-a")
    c.daemon.fake_file("addresses", f"{HERE} tap-a", f"{FAR} remote {ENDPOINT}")
    with daemon() as d:
        far = Client(d)
        fabric(far, "far-net", "tap-d")
        d.fake_file("arrived", "tap-d")
        yield far
        far.close()


def traced(c, name):
    c.put(T + name, {
        "segment_port_path": S + "net/ports/vm", "is_transient": False,
        "packet": {"eth_header": {"src_mac": HERE, "dst_mac": FAR},
                   "ip_header": {"src_ip": "10.0.0.1", "dst_ip": "10.0.0.2"}}})

    def over():
        status = c.get(T + name + "/status")
        return status["operation_state"] != "IN_PROGRESS" and status
    status = wait_for(over, f"{name} is over", 10)
    check_eq((status["operation_state"], status["request_status"]),
             ("FINISHED", "SUCCESS"))
    return status, c.get(T + name + "/observations")["results"]


def kinds(observations):
    return [o["resource_type"].removeprefix("TraceflowObservation")
            for o in observations]


def test_joined(c):
    """what both hosts have seen is one list, numbered by host"""
    with far_host(c) as far:
        configure(c, peer(c.daemon, far.daemon))
        status, seen = traced(c, "joined")
        check_eq(kinds(seen), [
            "ReceivedLogical", "ReceivedLogical", "ForwardedLogical",
            "Forwarded", "Received", "ReceivedLogical", "ForwardedLogical",
            "Delivered"])
        check_eq([o["sequence_no"] for o in seen], [0] * 4 + [1] * 4)
        nodes = [o["transport_node_id"] for o in seen]
        check_eq((len(set(nodes[:4])), len(set(nodes[4:])), len(set(nodes))),
                 (1, 1, 2))
        left = seen[3]
        check_eq((left["uplink_name"], left["remote_ip_address"],
                  left["dst_transport_node_id"]),
                 ("tunnel", ENDPOINT, nodes[4]))
        check_eq((seen[-1]["segment_port_path"], seen[-1]["component_path"]),
                 (S + "far-net/ports/vm", S + "far-net"))
        check_eq(seen[-1]["lport_id"],
                 far.get(S + "far-net/ports/vm")["unique_id"])
        check_eq(status["counters"], {
            "received_count": 1, "delivered_count": 1, "dropped_count": 0,
            "forwarded_count": 1})
        check_eq(status["logical_counters"], {
            "received_count": 3, "delivered_count": 0, "dropped_count": 0,
            "forwarded_count": 2})
        check(ENDPOINT in status["analysis"][0] and
              S + "far-net/ports/vm" in status["analysis"][1], status)


def unknown(c, name, *words):
    """What this host has seen is told, and why there is no more."""
    status, seen = traced(c, name)
    check_eq(kinds(seen)[-1], "Forwarded")
    check_eq({o["sequence_no"] for o in seen}, {0})
    check("dst_transport_node_id" not in seen[-1], seen[-1])
    check_eq(status["counters"]["forwarded_count"], 1)
    check(f"uplink tunnel to the tunnel endpoint {ENDPOINT}" in
          status["analysis"][0], status["analysis"])
    for word in (ENDPOINT, *words):
        check(word in status["analysis"][1], word, status["analysis"])


def test_no_peer(c):
    """a host whose daemon is not known: what became of it is not known"""
    with far_host(c) as far:
        configure(c)
        unknown(c, "none", "trace-peer")
        configure(c, peer(c.daemon, far.daemon, endpoint=OTHER))
        unknown(c, "another", "trace-peer")


def test_bad_peers(c):
    """one that is another, does not know us, or is not there: it says so"""
    with far_host(c) as far:
        mine = pin(c.daemon)
        configure(c, peer(c.daemon, far.daemon, mark=mine))
        unknown(c, "mark", "pinned")
        configure(c, peer(c.daemon, far.daemon, user="audit:wrong"))
        unknown(c, "user", "403")
        configure(c, peer(c.daemon, far.daemon))
        os.chmod(os.path.join(c.daemon.folder, "peer.secret"), 0o644)
        unknown(c, "secret", "others than its owner")
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            configure(c, peer(c.daemon, far.daemon, port=port))
            began = time.monotonic()
            unknown(c, "silent", "timed out")
            check(time.monotonic() - began < 5, "it is not waited for")
        configure(c, peer(c.daemon, far.daemon, port=port))
        unknown(c, "closed", "connect")


@contextlib.contextmanager
def liar(far, head, body=b""):
    """Something with the key of the other daemon that says this."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    state = os.path.join(far.folder, "state")
    context.load_cert_chain(os.path.join(state, "server.crt"),
                            os.path.join(state, "server.key"))
    asked = []

    def talk(listening):
        while True:
            try:
                with context.wrap_socket(listening.accept()[0],
                                         server_side=True) as s:
                    asked.append(s.recv(4096))
                    s.sendall(f"{head}\r\nConnection: close\r\n"
                              f"Content-Length: {len(body)}\r\n\r\n".encode()
                              + body)
            except OSError:
                if stopping.is_set():
                    return

    stopping = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=talk, args=(listening,))
        thread.start()
        try:
            yield listening.getsockname()[1], asked
        finally:
            stopping.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_lies(c):
    """one that says what it should not is not believed"""
    ok = "HTTP/1.1 200 OK"
    with far_host(c) as far:
        for n, (head, body, words) in enumerate((
                (ok, b"x" * 5000000, "says too much"),
                (ok, b"[]", "JSON"), (ok, b"", "JSON"), (ok, b"{", "JSON"),
                (ok, b"{" * 1000, "nests"),
                ("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/", b"",
                 "answers with 302"),
                ("HTTP/1.1 500 No", b"{}", "answers with 500"),
                (ok, b'{"ended": true}', "node_id: the member is required"),
                (ok, FAR_SAYS.replace(b"[]", b"{}", 1), "observations: "),
                (ok, FAR_SAYS.replace(b"[]", b"[1]", 1), "observations[0]: "),
                (ok, FAR_SAYS.replace(b"[]", b'[{"resource_type": "Tier0"}]',
                                      1),
                 "observations[0].resource_type: "))):
            with liar(far.daemon, head, body) as (port, asked):
                configure(c, peer(c.daemon, far.daemon, port=port))
                unknown(c, f"lie{n}", words)
                check(asked[0].startswith(b"GET " + ARRIVED.encode()), asked)


def test_nothing_arrived(c):
    """a host that lets no traces in: nothing has arrived"""
    with far_host(c) as far:
        far.daemon.fake_remove("arrived")
        configure(c, peer(c.daemon, far.daemon))
        status, seen = traced(c, "lost")
        check_eq({o["sequence_no"] for o in seen}, {0})
        check("nothing of it has arrived" in status["analysis"][1], status)


def test_others_go_on(c):
    """while a host is waited for, other traceflows come to their ends"""
    with far_host(c), socket.create_server(("127.0.0.1", 0)) as silent:
        configure(c, peer(c.daemon, c.daemon, port=silent.getsockname()[1]))
        body = {"segment_port_path": S + "net/ports/vm", "packet": {
            "eth_header": {"src_mac": HERE, "dst_mac": FAR},
            "ip_header": {"src_ip": "10.0.0.1", "dst_ip": "10.0.0.2"}}}
        for n in range(40):
            c.put(f"{T}slow{n}", body)
        body["packet"]["eth_header"]["dst_mac"] = HERE
        c.put(T + "quick", body)
        quick = T + "quick/status"
        wait_for(lambda: c.get(quick)["operation_state"] == "FINISHED",
                 "the quick one", 2)
        check_eq(c.get(T + "slow39/status")["operation_state"], "IN_PROGRESS")
        began = time.monotonic()
        c.delete(T + "slow0")
        c.daemon.stop()
        check(time.monotonic() - began < 2, "the end does not wait")
        c.close()
        c.daemon.start()
        wait_for(lambda: c.get(T + "slow39/status")["operation_state"] ==
                 "FINISHED", "the others run again")


def test_who_may_ask(c):
    """what arrived is shown to those who may read, by its number"""
    with far_host(c) as far:
        url = ARRIVED + "?trace=00000000000000ff"
        check_eq(Client(far.daemon, user=None).raw("GET", url).status, 403)
        answer = Client(far.daemon, "audit").raw("GET", url).json
        check_eq((answer["ended"], answer["overflowed"],
                  kinds(answer["observations"])[0]), (True, False, "Received"))
        for bad in ("", "?trace=", "?trace=ff", "?trace=" + "g" * 16,
                    "?trace=" + "0" * 17):
            answer = far.raw("GET", ARRIVED + bad)
            check_eq((answer.status, answer.code()), (400, 255), bad)
        check_eq(far.raw("PUT", url).status, 405)


def test_configuration(c):
    """lines about peers that are none are refused"""
    with far_host(c) as far:
        d = c.daemon
        good = peer(d, far.daemon).split()
        for n, word in ((2, "nowhere"), (3, "127.0.0.1"), (3, ":443"),
                        (3, "127.0.0.1:x"), (4, "AA:BB"), (4, "sha256//" + "=" * 44), (3, "x:1/y"), (3, "u@x:1")):
            d.configure(" ".join(good[:n] + [word] + good[n + 1:]))
            result = d.run("--check-config")
            check_eq(result.returncode, 1, word)
            check("trace-peer" in result.stderr, result.stderr)
        d.configure(" ".join(good), " ".join(good))
        check_eq(d.run("--check-config").returncode, 1)
        d.configure(" ".join(good[:3] + ["[::1]:443"] + good[4:]))
        check_eq(d.run("--check-config").returncode, 0)
        for line in ("zone-traces = z on", "transport-zone = z vlan a\n"
                     "zone-traces = z on", "transport-zone = z overlay a\n"
                     "zone-traces = z maybe"):
            d.configure(line)
            check_eq(d.run("--check-config").returncode, 1, line)
        d.configure("transport-zone = z overlay a", "zone-traces = z on")
        check_eq(d.run("--check-config").returncode, 0)
