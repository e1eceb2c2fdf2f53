# SPDX-License-Identifier: GPL-2.0
"""What comes over the wire: nonsense, too much, too slow, too many."""

import base64
import json
import threading
import time

from client import POLICY, Client, check, check_eq, connect, wait_for

CONFIG = ("request-timeout = 2", "body-limit = 100000")
S = "/infra/segments/"


def basic(d):
    secret = f"admin:{d.password('admin')}".encode()
    return b"Authorization: Basic " + base64.b64encode(secret) + b"\r\n"


def test_bad_json(c):
    """a body that is no JSON object is refused"""
    for body in ("", " ", "{", "}", "[]", "5", '"x"', "null", "{}{}", "{'a':1}",
                 '{"a":}', '{"a":1,}', '{"a":1,"a":2}', '{"a":"\\u0000"}',
                 '{"a":"\\ud800"}', "{" * 70000, "[" * 70000,
                 '{"a":' * 100 + "1" + "}" * 100, '{"a":1e999}',
                 '{"a":' + "9" * 400 + "}", "\ufeff{}"):
        answer = c.refused(400, 220, "PUT", S + "bad", body.encode())
        check("body" in answer.message(), answer.text)
    for body in (b'{"description":"\xff\xfe"}', b"\x00", b"\x80{}",
                 b'{"\xc3\x28":1}'):
        c.refused(400, 220, "PUT", S + "bad", body)
    c.refused(404, 600, "GET", S + "bad")


def test_bad_http(c):
    """what is no HTTP ends the connection, and nothing else"""
    for noise in (b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x00\xff" * 50,
                  b"GET / HTTP/9.9\r\n\r\n", b"GET  HTTP/1.1\r\n\r\n",
                  b"A" * 100000, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20000,
                  b"GET /" + b"x" * 70000 + b" HTTP/1.1\r\n\r\n",
                  b"PUT /policy/api/v1/infra HTTP/1.1\r\nHost: x\r\n"
                  + basic(c.daemon) + b"Content-Length: -5\r\n\r\n",
                  b"PUT /policy/api/v1/infra HTTP/1.1\r\nHost: x\r\n"
                  + basic(c.daemon) + b"Content-Length: 99999999999999999999"
                  b"\r\n\r\n",
                  b"PUT /policy/api/v1/infra HTTP/1.1\r\nHost: x\r\n"
                  + basic(c.daemon) + b"Transfer-Encoding: chunked\r\n\r\n"
                  b"zz\r\n"):
        try:
            with connect(c.daemon) as s:
                s.settimeout(10)
                s.sendall(noise)
                while s.recv(4096):
                    pass
        except OSError:
            pass
        check_eq(c.request("GET", "/infra").status, 200)


def test_query_corpus(c):
    """queries that no client sends"""
    for query in ("?", "?&&&", "?=", "?a", "?%", "?%zz=1", "?%00=%00",
                  "?" + "a=b&" * 200, "?page_size=%31", "?cursor=%ff",
                  "?sort_by=%27", "?x=" + "%41" * 3000):
        answer = c.raw("GET", POLICY + "/infra/segments" + query)
        check(answer.status in (200, 400), query, answer.status)
    check_eq(c.raw("GET", POLICY + "/infra/segments?page_size=%31").status,
             200)


def test_paths(c):
    """paths that lead nowhere are 400 or 404, with a body that says so"""
    for path in ("", "/", "//", "/infra/", "/infra//segments", "/infra/nothing",
                 "/infra/segments//", "/infra/segments/a/b/c/d", "/segments/a",
                 "/infra/infra", "/orgs", "/orgs/default/infra", "/%69nfra/x",
                 "/infra/segments/a/state/b", "/..", "/infra/../infra",
                 "/infra/segments/a/ports/p/ports/q", "/infra?", "/%",
                 "/infra/sites/default/enforcement-points/x/y",
                 "/" + "a/" * 400, "/infra/segments/" + "a" * 2000):
        answer = c.raw("GET", POLICY + path)
        check(answer.status in (400, 404) or path in ("/orgs", "/infra?"),
              path, answer.status)
        if answer.status >= 400:
            check(answer.json["error_message"], path)


def test_methods(c):
    """methods that an object does not know"""
    c.put(S + "methods")
    for method in ("POST", "OPTIONS", "TRACE", "LOCK", "FOO"):
        answer = c.raw(method, POLICY + S + "methods", "{}")
        check_eq(answer.status, 405, method)
    head = c.raw("HEAD", POLICY + S + "methods")
    check_eq((head.status, head.text), (200, ""))
    check_eq(c.raw("PUT", POLICY + "/infra/segments", "{}").status, 405)
    check_eq(c.raw("DELETE", "/api/v1/node/version").status, 405)


def test_oversize(c):
    """a body over the limit is refused before it is read"""
    for length in (b"150000", b"100000000000"):
        with connect(c.daemon) as s:
            s.settimeout(10)
            s.sendall(b"PUT /policy/api/v1/infra/segments/l HTTP/1.1\r\n"
                      b"Host: x\r\n" + basic(c.daemon) +
                      b"Content-Length: " + length + b"\r\n\r\n")
            answer = b"".join(iter(lambda: s.recv(4096), b""))
            check(answer.startswith(b"HTTP/1.1 413"), "413 at once", answer)
            check(b'"error_code" : 413' in answer, answer)
    with connect(c.daemon) as s:
        s.settimeout(10)
        s.sendall(b"PUT /policy/api/v1/infra/segments/l HTTP/1.1\r\nHost: x"
                  b"\r\n" + basic(c.daemon) +
                  b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(20):
            s.sendall(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
        s.sendall(b"0\r\n\r\n")
        check(s.recv(4096).startswith(b"HTTP/1.1 413"), "413 for chunks")


def test_no_body_without_credentials(c):
    """without credentials, a body is not waited for"""
    with connect(c.daemon) as s:
        s.settimeout(10)
        s.sendall(b"PUT /policy/api/v1/infra HTTP/1.1\r\nHost: x\r\n"
                  b"Content-Length: 50000\r\n\r\n")
        check(s.recv(4096).startswith(b"HTTP/1.1 403"), "403 at once")


def trickle(s, data):
    """Send byte by byte until the other side has had enough."""
    began = time.monotonic()
    try:
        for byte in data:
            s.sendall(bytes([byte]))
            time.sleep(0.05)
            if time.monotonic() - began > 30:
                return False
        return s.recv(1) == b""
    except OSError:
        return True


def test_slow(c):
    """a request that comes byte by byte is ended when its time is over"""
    head = (b"GET /policy/api/v1/infra HTTP/1.1\r\nHost: x\r\n"
            + b"X-Slow: a\r\n" * 500)
    body = (b"PUT /policy/api/v1/infra/segments/s HTTP/1.1\r\nHost: x\r\n"
            + basic(c.daemon) + b"Content-Length: 50000\r\n\r\n")
    slow = []
    for first, rest in ((b"", head), (body, b" " * 5000)):
        for _ in range(20):
            s = connect(c.daemon)
            s.sendall(first)
            slow.append([s, rest, None])

    def run(entry):
        entry[2] = trickle(entry[0], entry[1])
    threads = [threading.Thread(target=run, args=(e,)) for e in slow]
    for t in threads:
        t.start()
    for _ in range(20):
        check_eq(Client(c.daemon).request("GET", "/infra").status, 200)
    for t in threads:
        t.join()
    for s, _, ended in slow:
        s.close()
        check(ended, "a slow client was not sent away")


def test_idle_tls(c):
    """a connection that never says anything is ended"""
    s = connect(c.daemon)
    s.settimeout(30)
    try:
        check_eq(s.recv(1), b"")
    except ConnectionError:
        pass
    s.close()


def test_forty_clients(c):
    """40 clients at once: every write is there, tags stay unique"""
    parent = S + "parallel"
    c.close()
    c.put(parent)
    for i in range(40):
        c.put(f"{S}pc{i}")
    outcome, errors = [], []

    def run(i):
        mine = Client(c.daemon)
        try:
            for tag in range(1, 26):
                answer = mine.request(
                    "PUT", f"{S}pc{i}/segment-connection-binding-maps/m",
                    {"segment_path": parent, "vlan_traffic_tag": tag})
                outcome.append((tag, i, answer.status, answer.code()))
                if answer.status == 200:
                    break
            mine.patch(f"{S}pc{i}", {"description": f"done {i}"})
        except Exception as why:  # noqa: BLE001
            errors.append(why)
        mine.close()
    threads = [threading.Thread(target=run, args=(i,)) for i in range(40)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    check(not errors, errors)
    won = [o for o in outcome if o[2] == 200]
    check_eq(sorted(o[0] for o in won), list(range(1, 26)))
    check(all(o[3] == 640873 for o in outcome if o[2] != 200), outcome)
    for i in range(40):
        check_eq(c.get(f"{S}pc{i}")["description"], f"done {i}")


def test_one_revision_wins(c):
    """of many that replace the same revision, one succeeds"""
    c.close()
    c.put(S + "race")
    statuses = []

    def run():
        mine = Client(c.daemon)
        statuses.append(mine.request("PUT", S + "race",
                                     {"_revision": 0}).status)
        mine.close()
    threads = [threading.Thread(target=run) for _ in range(20)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    check_eq(sorted(statuses), [200] + [412] * 19)


def test_connections_go(c):
    """after all that, the daemon has given back what it had"""
    def open_files():
        import os
        return len(os.listdir(f"/proc/{c.daemon.process.pid}/fd"))
    c.close()
    wait_for(lambda: open_files() < 60, "descriptors are closed")
    check(json.loads(c.raw("GET", POLICY + "/infra").text), "alive")
