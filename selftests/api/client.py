# SPDX-License-Identifier: GPL-2.0
"""A daemon of one's own, and a client that checks every answer.

Each answer is checked against the OpenAPI document that the daemon serves, by
python3-jsonschema: the wrong type, a missing or an unknown member fails the
test that got it.
"""

import base64
import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time

import jsonschema

TREE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
BUILD = os.environ.get("SEGD_BUILD", os.path.join(TREE, "build"))
POLICY = "/policy/api/v1"


class Failure(Exception):
    """A test has failed; the text says what was expected."""


def check(condition, *what):
    if not condition:
        raise Failure(" ".join(str(w) for w in what))


def check_eq(got, expected, what=""):
    check(got == expected, what, "expected", repr(expected), "got", repr(got))


def wait_for(condition, what, seconds=20):
    """Poll until a condition holds; nothing else depends on time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise Failure(f"not within {seconds} s: {what}")


class Answer:
    def __init__(self, status, headers, text):
        self.status = status
        self.headers = headers
        self.text = text
        self.json = None
        if text and headers["Content-Type"].startswith("application/json"):
            self.json = json.loads(text)

    def code(self):
        return self.json.get("error_code") if self.json else None

    def message(self):
        return self.json["error_message"] if self.json else ""


class Contract:
    """The OpenAPI document, ready to check answers against."""

    def __init__(self, document):
        self.document = document
        self.paths = [(self.pattern(path), path, item)
                      for path, item in document["paths"].items()]

    def pattern(self, path):
        words = re.split(r"\{[^}]*\}", path)
        return re.compile("[^/]+".join(map(re.escape, words)) + "$")

    def operation(self, method, path):
        """The most literal path that fits: /segments/state is no segment."""
        found = [(template.count("{"), item)
                 for pattern, template, item in self.paths
                 if pattern.match(path) and method.lower() in item]
        return min(found, key=lambda f: f[0])[1][method.lower()] \
            if found else None

    def validate(self, value, schema):
        schema = dict(schema, definitions=self.document["definitions"])
        try:
            jsonschema.Draft4Validator(schema).validate(value)
        except jsonschema.ValidationError as why:
            raise Failure(f"not as documented: {why.message} in "
                          f"{list(why.absolute_path)}") from why

    def check(self, method, path, answer):
        if answer.status >= 400:
            self.validate(answer.json, {"$ref": "#/definitions/ApiError"})
            return
        operation = self.operation(method, path)
        if not operation:
            return
        schema = operation["responses"]["200"].get("schema")
        if schema and answer.json is not None:
            self.validate(answer.json, schema)
        elif not schema:
            check_eq(answer.text, "", f"{method} {path} has no body:")


class Client:
    """A user of the API, on one connection."""

    def __init__(self, daemon, user="admin", password=None):
        self.daemon = daemon
        self.connection = None
        self.headers = {}
        if user:
            secret = f"{user}:{password or daemon.password(user)}"
            self.headers["Authorization"] = "Basic " + \
                base64.b64encode(secret.encode()).decode()

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def raw(self, method, url, body=None, headers=None):
        """A call; what was idle too long is connected anew, for reading."""
        try:
            return self.once(method, url, body, headers)
        except (ConnectionError, ssl.SSLError):
            if method != "GET":
                raise
            return self.once(method, url, body, headers)

    def once(self, method, url, body, headers):
        if self.connection is None:
            self.connection = http.client.HTTPSConnection(
                self.daemon.address, self.daemon.port, timeout=60,
                context=self.daemon.tls)
        try:
            self.connection.request(method, url, body,
                                    {**self.headers, **(headers or {})})
            r = self.connection.getresponse()
            text = r.read().decode()
        except Exception:
            self.close()
            raise
        return Answer(r.status, dict(r.getheaders()), text)

    def request(self, method, path, body=None, **query):
        """A call of the policy API; @path begins with /infra or /orgs."""
        url = POLICY + path
        if query:
            url += "?" + "&".join(f"{k}={http_quote(v)}"
                                  for k, v in query.items())
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        answer = self.raw(method, url, body,
                          {"Content-Type": "application/json"}
                          if body is not None else None)
        self.daemon.contract.check(method, path, answer)
        return answer

    def good(self, method, path, body=None, **query):
        answer = self.request(method, path, body, **query)
        check(answer.status == 200, method, path, answer.status, answer.text)
        return answer.json

    def get(self, path, **query):
        return self.good("GET", path, **query)

    def put(self, path, body=None, **query):
        return self.good("PUT", path, {} if body is None else body, **query)

    def patch(self, path, body, **query):
        return self.good("PATCH", path, body, **query)

    def delete(self, path, **query):
        return self.good("DELETE", path, **query)

    def refused(self, status, code, method, path, body=None, names=(),
                **query):
        """It is refused with this status and code, and says why."""
        answer = self.request(method, path, body, **query)
        check_eq((answer.status, answer.code()), (status, code),
                 f"{method} {path} {body}: {answer.text}")
        for name in names:
            check(name in answer.message(), f"{method} {path}:",
                  answer.message(), "does not name", name)
        return answer


def http_quote(value):
    from urllib.parse import quote
    if isinstance(value, bool):
        value = str(value).lower()
    return quote(str(value), safe="")


class Daemon:
    """A segd on a folder of its own, against the backend without a kernel."""

    def __init__(self, *lines, backend="fake:{fake}", program="segd",
                 netns=None, address="127.0.0.1"):
        self.folder = tempfile.mkdtemp(prefix="segd-test-")
        self.state = os.path.join(self.folder, "state")
        self.fake = os.path.join(self.folder, "fake")
        self.config = os.path.join(self.folder, "segd.conf")
        self.log = os.path.join(self.folder, "log")
        self.backend = backend.format(fake=self.fake)
        self.program = os.path.join(BUILD, program)
        self.netns = netns
        self.address = address
        self.process = None
        self.port = 0
        self.contract = None
        self.tls = None
        os.mkdir(self.state, 0o700)
        os.mkdir(self.fake)
        self.secret("admin")
        self.secret("audit")
        self.configure(*lines)

    def secret(self, user):
        with open(self.secret_file(user), "x", encoding="ascii") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(f"{user}-password\n")

    def secret_file(self, user):
        return os.path.join(self.state, f"{user}.password")

    def password(self, user):
        with open(self.secret_file(user), encoding="ascii") as f:
            return f.readline().strip()

    def configure(self, *lines):
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(f"port = 0\nstate-dir = {self.state}\n"
                    f"user = admin admin {self.secret_file('admin')}\n"
                    f"user = audit auditor {self.secret_file('audit')}\n")
            f.write("".join(line + "\n" for line in lines))

    def command(self, *args):
        inside = ["ip", "netns", "exec", self.netns] if self.netns else []
        return [*inside, self.program, "--config", self.config, *args]

    def run(self, *args):
        return subprocess.run(self.command(*args), capture_output=True,
                              text=True, timeout=60, check=False)

    def start(self):
        with open(self.log, "a", encoding="utf-8") as log:
            mark = log.tell()
            self.process = subprocess.Popen(
                self.command("--backend", self.backend), stderr=log)
        self.port = int(wait_for(lambda: self.listening(mark),
                                 "segd listens"))
        self.tls = ssl.create_default_context(
            cafile=os.path.join(self.state, "server.crt"))
        self.tls.check_hostname = self.address == "127.0.0.1"
        self.contract = Contract(Client(self).raw(
            "GET", "/api/v1/spec/openapi/nsx_policy_api.json").json)
        return self

    def listening(self, mark):
        check(self.process.poll() is None, "segd ended:", self.read_log())
        found = re.search(r"listening on https://\S*:(\d+)",
                          self.read_log()[mark:])
        return found and found.group(1)

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ask it to end; what it says then is part of the test."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        status = self.process.wait(60)
        check(status == 0, "segd ended with", status, self.read_log()[-3000:])

    def fake_file(self, name, *lines):
        """Tell the backend; it looks when the file is complete."""
        temporary = os.path.join(self.folder, name)
        with open(temporary, "w", encoding="utf-8") as f:
            f.write("".join(line + "\n" for line in lines))
        os.rename(temporary, os.path.join(self.fake, name))

    def fake_remove(self, name):
        os.unlink(os.path.join(self.fake, name))

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def daemon(*lines, **options):
    d = Daemon(*lines, **options)
    try:
        yield d.start()
        d.stop()
    except BaseException:
        if d.process:
            d.kill()
        sys.stdout.write("".join(f"# {line}\n" for line in
                                 d.read_log().splitlines()[-15:])
                         if os.path.exists(d.log) else "")
        raise
    finally:
        d.remove()


def connect(d):
    """A TLS connection without HTTP."""
    return d.tls.wrap_socket(socket.create_connection(("127.0.0.1", d.port)),
                             server_hostname="127.0.0.1")


def realized(client, path):
    """Wait until an object is realized."""
    def state():
        answer = client.get("/infra/realized-state/status", intent_path=path)
        return answer["publish_status"] == "REALIZED"
    wait_for(state, f"{path} is realized")
