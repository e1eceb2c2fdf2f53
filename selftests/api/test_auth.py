# SPDX-License-Identifier: GPL-2.0
"""Who may do what: passwords, sessions, certificates, roles."""

import json
import os
import re
import subprocess
import urllib.parse

from client import POLICY, Client, check, check_eq, wait_for

SESSION = "/api/session/create"


def login(c, user, password):
    form = urllib.parse.urlencode({"j_username": user,
                                   "j_password": password})
    return c.raw("POST", SESSION, form,
                 {"Content-Type": "application/x-www-form-urlencoded"})


def session(c, user="admin"):
    """A client that has logged in."""
    answer = login(c, user, c.daemon.password(user))
    check_eq(answer.status, 200)
    other = Client(c.daemon, user=None)
    other.headers = {
        "Cookie": re.match("(JSESSIONID=.*?);",
                           answer.headers["Set-Cookie"]).group(1),
        "X-XSRF-TOKEN": answer.headers["X-XSRF-TOKEN"]}
    return other


def every_call(c):
    for path, item in c.daemon.contract.document["paths"].items():
        concrete = re.sub(r"\{[^}]*\}", "default", path)
        for method in ("GET", "PUT", "PATCH", "POST", "DELETE"):
            yield method, POLICY + concrete
    for path in ("/search/query?query=id:x", "/search?query=id:x",
                 "/org-root", "/system-config/nsx-partial-patch-config"):
        yield "GET", POLICY + path
        yield "PATCH", POLICY + path
    for path in ("/metrics", "/api/v1/node/version", "/api/v1/cluster/status",
                 "/api/v1/spec/openapi/nsx_policy_api.json", "/", "/nothing",
                 "/api/v1/reverse-proxy/node/health", "/api/session/destroy"):
        yield "GET", path
        yield "POST", path


def test_no_credentials(c):
    """no call of any method reaches anything without credentials"""
    c.put("/infra/segments/default")
    before = c.get("/infra/segments/default")
    bad = (
        {}, {"Authorization": "Basic"}, {"Authorization": "Basic !!!"},
        {"Authorization": "Basic YWRtaW46d3Jvbmc="},
        {"Authorization": "Basic YWRtaW4="}, {"Authorization": "Basic Og=="},
        {"Authorization": "Bearer x"}, {"Cookie": "JSESSIONID="},
        {"Cookie": "JSESSIONID=00000000-0000-0000-0000-000000000000",
         "X-XSRF-TOKEN": ""},
    )
    tried = 0
    other = Client(c.daemon, user=None)
    for n, (method, path) in enumerate(every_call(c)):
        other.headers = bad[n % len(bad)]
        body = "{}" if method in ("PUT", "PATCH", "POST") else None
        try:
            answer = other.raw(method, path, body)
        except (ConnectionError, OSError):
            other.close()
            continue
        check_eq((answer.status, answer.code()), (403, 403),
                 f"{method} {path}")
        tried += 1
    check(tried > 200, "only", tried, "calls")
    check_eq(c.get("/infra/segments/default"), before)


def test_session(c):
    """a session: log in, work, log out"""
    answer = login(c, "admin", c.daemon.password("admin"))
    check(re.match(r"JSESSIONID=[^;]+; Path=/; Secure; HttpOnly; "
                   r"SameSite=Lax$", answer.headers["Set-Cookie"]), "cookie")
    other = session(c)
    check_eq(other.put("/infra/segments/by-session")["_create_user"], "admin")
    check_eq(other.raw("POST", "/api/session/destroy").status, 200)
    check_eq(other.raw("GET", POLICY + "/infra").status, 403)


def test_xsrf(c):
    """a cookie without its token is no session"""
    other = session(c)
    good = other.headers.pop("X-XSRF-TOKEN")
    for token in (None, "", "x", good[:-1], good + "x"):
        if token is not None:
            other.headers["X-XSRF-TOKEN"] = token
        answer = other.raw("GET", POLICY + "/infra")
        check_eq((answer.status, answer.code()), (403, 98), token)
    other.headers["X-XSRF-TOKEN"] = session(c).headers["X-XSRF-TOKEN"]
    check_eq(other.raw("GET", POLICY + "/infra").status, 403)


def test_bad_login(c):
    """a login without the right words is refused"""
    for user, password in (("admin", ""), ("admin", "x"), ("", ""),
                           ("nobody", c.daemon.password("admin")),
                           ("admin", c.daemon.password("admin") + "x"),
                           ("audit", c.daemon.password("admin"))):
        answer = login(c, user, password)
        check_eq((answer.status, answer.code()), (403, 403), user)
        check("Set-Cookie" not in answer.headers, "cookie")
    check_eq(c.raw("GET", SESSION).status, 405)


def test_many_sessions(c):
    """more sessions than there is room for: the oldest gives way"""
    first = session(c)
    for _ in range(1100):
        last = login(c, "admin", c.daemon.password("admin"))
    check_eq(last.status, 200)
    check_eq(first.raw("GET", POLICY + "/infra").status, 403)


def test_auditor(c):
    """an auditor reads everything and changes nothing"""
    c.put("/infra/segments/audited")
    for auditor in (Client(c.daemon, "audit"), session(c, "audit")):
        for path in ("/infra/segments/audited", "/infra/segments",
                     "/infra/segments/audited/statistics"):
            auditor.get(path)
        for method in ("PUT", "PATCH", "DELETE", "POST"):
            body = None if method == "DELETE" else {}
            answer = auditor.refused(403, 289, method,
                                     "/infra/segments/audited", body)
            check("audit" in answer.message(), answer.text)
        auditor.refused(403, 289, "PATCH", "/infra", {"children": []})
        auditor.refused(403, 289, "PATCH", "/org-root", {"children": []})
    c.get("/infra/segments/audited")


def test_hash(c):
    """a password's file may hold its hash"""
    hashed = subprocess.run(
        ["openssl", "passwd", "-6", "-stdin"], input="a secret\n",
        capture_output=True, text=True, check=True).stdout.strip()
    with open(c.daemon.secret_file("audit"), "w", encoding="ascii") as f:
        f.write(hashed + "\n")
    c.daemon.signal(1)
    audit = Client(c.daemon, "audit", "a secret")
    wait_for(lambda: audit.raw("GET", POLICY + "/infra").status == 200,
             "the hash is known")
    audit.get("/infra")
    check_eq(Client(c.daemon, "audit", hashed).raw(
        "GET", POLICY + "/infra").status, 403)
    check_eq(Client(c.daemon, "audit", "a secret ").raw(
        "GET", POLICY + "/infra").status, 403)


def test_audit_log(c):
    """each change is a line: who, what, revisions, request"""
    answer = c.request("PUT", "/infra/segments/logged", {})
    request = answer.headers["X-Request-ID"]
    c.patch("/infra/segments/logged", {"description": "x"})
    c.delete("/infra/segments/logged")
    lines = [line for line in c.daemon.read_log().splitlines()
             if 'path="/infra/segments/logged"' in line]
    check_eq(len(lines), 3)
    for line, action, before, after in zip(
            lines, ("create", "update", "delete"), ("-", "0", "1"),
            ("0", "1", "-")):
        for part in ('user="admin"', f"action={action}", "type=Segment",
                     f"before={before} after={after}"):
            check(part in line, line, "lacks", part)
    check(f"request={request}" in lines[0], lines[0])


def authority(folder, name):
    """One that signs; return the files of its certificate and key."""
    crt, key = (os.path.join(folder, f"{name}.{end}") for end in
                ("crt", "key"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-subj",
                    f"/CN={name}", "-days", "2", "-keyout", key, "-out", crt],
                   capture_output=True, check=True)
    return crt, key


def sign(folder, name, ca):
    """One that is signed; return the same."""
    crt, key = (os.path.join(folder, f"{name}.{end}") for end in
                ("crt", "key"))
    csr = os.path.join(folder, f"{name}.csr")
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-subj",
                    f"/CN={name}", "-keyout", key, "-out", csr],
                   capture_output=True, check=True)
    subprocess.run(["openssl", "x509", "-req", "-in", csr, "-CA", ca[0],
                    "-CAkey", ca[1], "-CAcreateserial", "-days", "2",
                    "-out", crt], capture_output=True, check=True)
    return crt, key


def test_certificate(c):
    """a client's certificate is a user, if its signer and its name are known"""
    folder = c.daemon.folder
    ca = authority(folder, "ca")
    stranger = authority(folder, "stranger-ca")
    c.daemon.configure(f"client-ca = {ca[0]}",
                       "identity = operator admin robot")
    c.daemon.signal(1)
    wait_for(lambda: "reloaded" in c.daemon.read_log(), "reloaded")
    for name, signer, status in (("robot", ca, 200), ("other", ca, 403),
                                 ("robot", stranger, 403)):
        files = sign(folder, name, signer)
        curl = subprocess.run(
            ["curl", "-sk", "--cert", files[0], "--key", files[1], "-X",
             "PUT", "-d", "{}", "-w", "%{http_code}", "-o",
             os.path.join(folder, "out"), f"https://127.0.0.1:{c.daemon.port}"
             f"{POLICY}/infra/segments/by-{signer is ca}-{name}"],
            capture_output=True, text=True, check=False)
        check_eq(curl.stdout, str(status), f"{name} of {signer[0]}:")
        if status == 200:
            with open(os.path.join(folder, "out"), encoding="utf-8") as f:
                check_eq(json.load(f)["_create_user"], "operator")
