# SPDX-License-Identifier: GPL-2.0
"""Generic netlink by hand, so that a test can say what no client would.

Nothing is checked before it is sent, and everything that comes back is kept:
the errno, the text, the attribute that is blamed and the one that is missing.
"""

import collections
import os
import socket
import struct

NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK, NLM_F_ECHO = 1, 2, 4, 8
NLM_F_DUMP_INTR = 0x10
NLM_F_DUMP = 0x300
NLM_F_REPLACE, NLM_F_EXCL, NLM_F_CREATE = 0x100, 0x200, 0x400
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLMSGERR_ATTR_MSG, NLMSGERR_ATTR_OFFS, NLMSGERR_ATTR_MISS_TYPE = 1, 2, 5
NLA_F_NESTED = 0x8000
NLA_TYPE_MASK = 0x3fff
NETLINK_GENERIC = 16
SOL_NETLINK = 270
NETLINK_ADD_MEMBERSHIP, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK = 1, 11, 12

GENL_ID_CTRL = 16
CTRL_CMD_GETFAMILY, CTRL_CMD_GETPOLICY = 3, 10
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME, CTRL_ATTR_VERSION = 1, 2, 3
CTRL_ATTR_OPS, CTRL_ATTR_MCAST_GROUPS = 6, 7
CTRL_ATTR_POLICY, CTRL_ATTR_OP_POLICY = 8, 9

# A message. offset: where the attributes begin.
Message = collections.namedtuple("Message", "type flags seq cmd attrs")


def nla(number, payload):
    """One attribute; PAYLOAD is bytes."""
    data = struct.pack("HH", len(payload) + 4, number) + payload
    return data + bytes(-len(data) % 4)


def attributes(data):
    """[(number, payload)] of a chain of attributes."""
    found = []
    while len(data) >= 4:
        size, number = struct.unpack_from("HH", data)
        if not 4 <= size <= len(data):
            raise ValueError(f"attribute {number} has length {size}")
        found.append((number & NLA_TYPE_MASK, data[4:size]))
        data = data[(size + 3) & ~3:]
    return found


class Refused(OSError):
    """What the kernel said instead of doing it."""

    def __init__(self, error, tlvs):
        super().__init__(error, os.strerror(error))
        self.text = tlvs.get(NLMSGERR_ATTR_MSG, b"").rstrip(b"\0").decode()
        self.offset = self.missing = None
        if NLMSGERR_ATTR_OFFS in tlvs:
            self.offset, = struct.unpack("I", tlvs[NLMSGERR_ATTR_OFFS])
        if NLMSGERR_ATTR_MISS_TYPE in tlvs:
            self.missing, = struct.unpack("I", tlvs[NLMSGERR_ATTR_MISS_TYPE])

    def __str__(self):
        return f"{self.strerror}: {self.text or '(no text)'}"


class Netlink:
    """A socket of a netlink protocol."""

    def __init__(self, protocol=NETLINK_GENERIC, read_size=65536):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                    protocol)
        self.socket.bind((0, 0))
        self.socket.settimeout(10)
        self.socket.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.socket.setsockopt(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
        self.seq = 0
        # The kernel makes the parts of a dump as large as the largest read.
        self.read_size = read_size

    def close(self):
        self.socket.close()

    def send(self, kind, flags, body):
        """Send one message; returns its number."""
        self.seq += 1
        self.socket.send(struct.pack("=IHHII", 16 + len(body), kind, flags,
                                     self.seq, 0) + body)
        return self.seq

    def receive(self):
        """The messages of one datagram."""
        data = self.socket.recv(self.read_size)
        found = []
        while data:
            size, kind, flags, seq, _ = struct.unpack_from("=IHHII", data)
            found.append((kind, flags, seq, data[16:size]))
            data = data[(size + 3) & ~3:]
        return found

    def answers(self, seq):
        """Yield (kind, flags, body) of what answers request SEQ."""
        while True:
            for kind, flags, number, body in self.receive():
                if number != seq:
                    continue
                if kind in (NLMSG_ERROR, NLMSG_DONE):
                    self.finish(kind, flags, body)
                    if kind == NLMSG_DONE:
                        yield kind, flags, body
                    return
                yield kind, flags, body

    @staticmethod
    def finish(kind, flags, body):
        """Raise what an acknowledgement says, if it is a refusal."""
        error = struct.unpack_from("i", body)[0] if len(body) >= 4 else 0
        if error >= 0:
            return
        skip = 4
        if kind == NLMSG_ERROR:
            size, = struct.unpack_from("I", body, 4)
            skip += 16 if flags & NLM_F_CAPPED else (size + 3) & ~3
        tlvs = body[skip:] if flags & NLM_F_ACK_TLVS else b""
        raise Refused(-error, dict(attributes(tlvs)))


class Genl(Netlink):
    """A socket for one generic netlink family."""

    HEADER = 20     # from the start of a message to its attributes

    def __init__(self, name, **kwargs):
        super().__init__(**kwargs)
        self.family = {}
        self.id, self.version = GENL_ID_CTRL, 2
        for message in self.request(
                CTRL_CMD_GETFAMILY,
                nla(CTRL_ATTR_FAMILY_NAME, name.encode() + b"\0")):
            self.family = dict(message.attrs)
        self.id, = struct.unpack("H", self.family[CTRL_ATTR_FAMILY_ID])
        self.version, = struct.unpack("I", self.family[CTRL_ATTR_VERSION])
        self.name = name

    def request(self, cmd, body=b"", flags=0, dump=False, reserved=0):
        """Send a request; returns the messages of the answer, or raises."""
        flags |= NLM_F_REQUEST | (NLM_F_DUMP if dump else NLM_F_ACK)
        seq = self.send(self.id, flags, struct.pack("BBH", cmd, self.version,
                                                    reserved) + body)
        return [self.parse(*answer, seq) for answer in self.answers(seq)
                if answer[0] != NLMSG_DONE or answer[1] & NLM_F_DUMP_INTR]

    def dump_raw(self, cmd):
        """A dump as the bytes that came, without the numbers of requests."""
        seq = self.send(self.id, NLM_F_REQUEST | NLM_F_DUMP,
                        struct.pack("BBH", cmd, self.version, 0))
        return [body for kind, _, body in self.answers(seq)
                if kind != NLMSG_DONE]

    @staticmethod
    def parse(kind, flags, body, seq):
        if kind == NLMSG_DONE:
            return Message(kind, flags, seq, 0, [])
        return Message(kind, flags, seq, body[0], attributes(body[4:]))

    def groups(self):
        """{name: number} of the multicast groups."""
        found = {}
        nest = self.family.get(CTRL_ATTR_MCAST_GROUPS, b"")
        for _, group in attributes(nest):
            parts = dict(attributes(group))
            found[parts[1].rstrip(b"\0").decode()] = struct.unpack(
                "I", parts[2])[0]
        return found

    def join(self, name):
        """Listen to a multicast group."""
        self.socket.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
                               self.groups()[name])

    def events(self, wait=0.3):
        """The messages that came in until nothing does for WAIT seconds."""
        found = []
        self.socket.settimeout(wait)
        try:
            while True:
                for kind, flags, seq, body in self.receive():
                    if kind == self.id:
                        found.append(self.parse(kind, flags, body, seq))
        except TimeoutError:
            pass
        self.socket.settimeout(10)
        return found

    def operations(self):
        """{cmd: flags} as the kernel has registered them."""
        found = {}
        for _, nest in attributes(self.family[CTRL_ATTR_OPS]):
            parts = dict(attributes(nest))
            found[struct.unpack("I", parts[1])[0]] = struct.unpack(
                "I", parts[2])[0]
        return found

    def policies(self):
        """{cmd: {"do"|"dump": {attribute: {kind: payload}}}} in force."""
        users, tables = {}, collections.defaultdict(dict)
        own, self.id = self.id, GENL_ID_CTRL
        try:
            messages = self.request(
                CTRL_CMD_GETPOLICY, dump=True,
                body=nla(CTRL_ATTR_FAMILY_NAME, self.name.encode() + b"\0"))
        finally:
            self.id = own
        for message in messages:
            for number, nest in message.attrs:
                for key, entry in attributes(nest):
                    if number == CTRL_ATTR_OP_POLICY:
                        users[key] = {
                            {1: "do", 2: "dump"}[which]:
                            struct.unpack("I", index)[0]
                            for which, index in attributes(entry)}
                    elif number == CTRL_ATTR_POLICY:
                        for attr, kinds in attributes(entry):
                            tables[key][attr] = dict(attributes(kinds))
        return {cmd: {mode: tables[index] for mode, index in modes.items()}
                for cmd, modes in users.items()}
