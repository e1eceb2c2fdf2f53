#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Send crafted frames, tell which frames arrived and what segfab counted.

One process serves a whole test, because starting one takes longer than all
that it does: it reads commands, words separated by tabs, from standard input
and answers each with lines, the last of which is "." or, after a refusal, "!".
lib.sh talks to it.

A frame is written SOURCE-DESTINATION[@TAG[.TAG]...][/LENGTH][xCOUNT], e.g.
a1-ff@1002p5/100x3: three frames from 02:00:00:00:00:a1 to everybody with tag
1002 and priority 5, 100 bytes each (tags not counted; 60 unless written).
Addresses: two hex digits, m1 (a multicast group), r0 (01:80:c2:00:00:00), 00
(all zero), ff (broadcast) or twelve hex digits. Tags: s100 is 802.1ad, p5 the
priority, d the drop eligible bit. What arrives is written in the same way.

It stays on one CPU, on which the kernel handles frames in order; so when a
frame of its own has gone through a pair of veth devices often enough, all that
was sent before has arrived, and nothing has to sleep to be sure of that.
"""

import collections
import ctypes
import json
import os
import re
import select
import socket
import struct
import sys
import time

import fail_nth

ETH_P_ALL = 3
ETHERTYPE = 0x88b5		# for local experiments
SOL_PACKET = 263
PACKET_STATISTICS = 6
PACKET_AUXDATA = 8
PACKET_IGNORE_OUTGOING = 23
TP_STATUS_VLAN_VALID = 1 << 4
TP_STATUS_VLAN_TPID_VALID = 1 << 6
CLONE_NEWNET = 0x40000000
MAX_HOPS = 8			# a frame passes so many devices at most

FRAME = re.compile(r'([0-9a-fmr]+)-([0-9a-fmr]+)(?:@([0-9.spd]+))?'
                   r'(?:/(\d+))?(?:x(\d+))?$')
TAG = re.compile(r'(s?)(\d+)(?:p(\d))?(d?)$')

libc = ctypes.CDLL(None, use_errno=True)
probes = {}			# name: socket
arrived = collections.Counter()	# "name=frame": how many
streams = {}			# name: [socket, frames, how many sent, pause]
counters = {}			# what segfab told at the last mark
tools = {}			# name of a namespace: pipes to and from segctl
cpus = os.sched_getaffinity(0)

END = re.compile(rb'Error: stdin:\d+: there is no object "\."[^\n]*\n')


class Refused(Exception):
    """segctl said no."""



def mac_bytes(word):
    if len(word) == 12:
        return bytes.fromhex(word)
    if word in ('00', 'ff'):
        return bytes.fromhex(word) * 6
    if word[0] == 'm':
        return bytes.fromhex('01005e0000') + bytes([int(word[1:], 16)])
    if word[0] == 'r':
        return bytes.fromhex('0180c20000') + bytes([int(word[1:], 16)])
    return bytes.fromhex('0200000000' + word)


def mac_word(mac):
    text = mac.hex()
    for head, word in (('0200000000', ''), ('01005e0000', 'm'),
                       ('0180c20000', 'r')):
        if text.startswith(head):
            return word + (text[10:] if not word else '%x' % mac[5])
    return text[:2] if text == text[:2] * 6 else text


def build(text):
    """Return (bytes of the frame, how many)."""
    match = FRAME.match(text)
    if not match:
        raise ValueError('not a frame: ' + text)
    source, destination, tags, length, count = match.groups()
    head = mac_bytes(destination) + mac_bytes(source)
    tail = struct.pack('!H', ETHERTYPE)
    size = int(length or 60) - len(head) - len(tail)
    for tag in (tags or '').split('.') if tags else ():
        service, vid, pcp, dei = TAG.match(tag).groups()
        head += struct.pack('!HH', 0x88a8 if service else 0x8100,
                            int(pcp or 0) << 13 | bool(dei) << 12 | int(vid))
    return head + tail + bytes(max(size, 0)), int(count or 1)


def tag_word(tpid, tci):
    return '%s%d%s%s' % ('s' if tpid == 0x88a8 else '', tci & 0xfff,
                         'p%d' % (tci >> 13) if tci >> 13 else '',
                         'd' if tci & 0x1000 else '')


def describe(data, auxiliary):
    """Return a received frame in words, None if it is not one of ours."""
    tags = []
    for level, kind, value in auxiliary:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, _, _, _, _, tci, tpid = struct.unpack('IIIHHHH', value)
            if status & TP_STATUS_VLAN_VALID:
                valid = status & TP_STATUS_VLAN_TPID_VALID
                tags.append(tag_word(tpid if valid else 0x8100, tci))
    at = 12
    while data[at:at + 2] in (b'\x81\x00', b'\x88\xa8'):
        tags.append(tag_word(*struct.unpack_from('!HH', data, at)))
        at += 4
    if data[at:at + 2] != struct.pack('!H', ETHERTYPE):
        return None
    size = len(data) - at + 12
    return '%s-%s%s%s' % (mac_word(data[6:12]), mac_word(data[:6]),
                          '@' + '.'.join(tags) if tags else '',
                          '/%d' % size if size != 60 else '')


def socket_in(netns, *kind):
    home = os.open('/proc/self/ns/net', os.O_RDONLY)
    there = os.open('/run/netns/' + netns, os.O_RDONLY)
    try:
        if libc.setns(there, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), 'setns')
        return socket.socket(*kind)
    finally:
        libc.setns(home, CLONE_NEWNET)
        os.close(home)
        os.close(there)


def raw_socket(netns, device):
    sock = socket_in(netns, socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    sock.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)	# SO_RCVBUFFORCE
    sock.bind((device, ETH_P_ALL))
    sock.setblocking(False)
    return sock


def drain(names=None):
    for name in names or list(probes):
        while True:
            try:
                data, auxiliary, _, _ = probes[name].recvmsg(65536, 64)
            except (BlockingIOError, OSError):	# empty, or the device is gone
                break
            text = describe(data, auxiliary)
            if text and name[0] != '.':
                arrived['%s=%s' % (name, text)] += 1


def settle():
    if '.from' not in probes:
        return
    ours = build('00-ff')[0]
    for _ in range(MAX_HOPS):
        probes['.from'].send(ours)
        if not select.select([probes['.to']], [], [], 10)[0]:
            raise OSError('the fence did not arrive')
        drain(['.to'])


def send(sock, data, count):
    for _ in range(count):
        while True:
            try:
                sock.send(data)
                break
            except BlockingIOError:
                select.select([], [sock], [], 1)


def command_open(name, netns, device):
    probes[name] = raw_socket(netns, device)
    return ()


def command_close(name):
    probes.pop(name).close()
    return ()


def command_send(name, *frames):
    """Send from the device of a probe."""
    for data, count in map(build, frames):
        send(probes[name], data, count)
    settle()
    return ()


def command_starve(name, frame):
    """Send it again and again, with each allocation on its way failing once."""
    if not fail_nth.available():
        raise Refused('allocations cannot be made to fail')
    data = build(frame)[0]
    for number in range(1, fail_nth.MOST):
        with fail_nth.Nth(number) as nth:
            try:
                probes[name].send(data)
            except OSError:		# of the socket: there was no frame
                pass
        if not nth.failed:
            break
    settle()
    return ()


def command_got():
    """Tell what arrived since the last time."""
    settle()
    drain()
    for name, sock in probes.items():
        lost = struct.unpack('II', sock.getsockopt(SOL_PACKET,
                                                   PACKET_STATISTICS, 8))[1]
        if lost:
            raise OSError('probe %s lost %d frames' % (name, lost))
    lines = sorted(frame if count == 1 else '%sx%d' % (frame, count)
                   for frame, count in arrived.items())
    arrived.clear()
    return lines


def command_exchange(name, *frames):
    """Send from the device of a probe, tell what arrived of that."""
    drain()
    arrived.clear()
    command_send(name, *frames)
    return command_got()


def command_start(name, pause, *frames):
    """Send the frames over and over, with a pause of so many seconds."""
    streams[name] = [probes[name], [build(frame)[0] for frame in frames], 0,
                     float(pause), 0]
    return ()


def command_stop(name):
    """Tell how often the frames of a stream were sent."""
    return (str(streams.pop(name)[2]),)


def command_stream(sender, receiver, address, count):
    """Send so many bytes over TCP, tell how many arrived in order."""
    count = int(count)
    listener = socket_in(receiver, socket.AF_INET, socket.SOCK_STREAM)
    source = socket_in(sender, socket.AF_INET, socket.SOCK_STREAM)
    with listener, source:
        listener.bind(('', 0))
        listener.listen()
        source.settimeout(20)
        source.connect((address, listener.getsockname()[1]))
        sink = listener.accept()[0]
        # the same pattern over and over, of a length that fits nothing
        pattern = bytes(i * i % 251 for i in range(65537)) * 4
        unit = 65537
        sent = good = 0
        source.setblocking(False)
        sink.setblocking(False)
        while good < count:
            ready, room, _ = select.select(
                [sink], [source] if sent < count else [], [], 20)
            if not ready and not room:
                raise OSError('the stream stands still after %d' % good)
            if room:
                at = sent % unit
                sent += source.send(pattern[at:at + min(count - sent,
                                                        3 * unit)])
            if ready:
                data = sink.recv(2 * unit)
                at = good % unit
                if data != pattern[at:at + len(data)] or not data:
                    break
                good += len(data)
        sink.close()
    return (str(good),)


def segctl(netns):
    """Return the pipes of a segctl that waits for commands."""
    if netns not in tools:
        orders, order = os.pipe()
        answer, answers = os.pipe()
        os.sched_setaffinity(0, cpus)
        os.posix_spawnp('segctl',
                        ['segctl', '-n', netns, '-j', '-s', '--force',
                         '-b', '-'], os.environ,
                        file_actions=[(os.POSIX_SPAWN_DUP2, orders, 0),
                                      (os.POSIX_SPAWN_DUP2, answers, 1),
                                      (os.POSIX_SPAWN_DUP2, answers, 2)])
        os.sched_setaffinity(0, {max(cpus)})
        os.close(orders)
        os.close(answers)
        tools[netns] = order, answer
    return tools[netns]


def ask(netns, words):
    """Return what segctl says to a command, while streams go on."""
    order, answer = segctl(netns)
    line = ' '.join('"%s"' % word for word in words)
    # it answers at once only to what is wrong
    os.write(order, (line + '\n.\n').encode())
    text = b''
    while not END.search(text):
        wait = stream_once(time.monotonic()) if streams else None
        if select.select([answer], [], [], wait)[0]:
            data = os.read(answer, 1 << 20)
            if not data:
                tools.pop(netns)
                raise OSError('segctl ended: %s' % text.decode())
            text += data
    return text[:END.search(text).start()].decode()


def objects(netns, *words):
    """Return the objects that segctl shows."""
    text = ask(netns, words)
    if text.startswith('Error'):
        raise OSError(text.strip())
    return json.loads(text or '[]')


def command_segctl(netns, *words):
    """Let segctl do something, tell what it says."""
    text = ask(netns, words)
    if 'Error: ' in text:
        raise Refused(text)
    return text.splitlines()


def command_fresh():
    """The next command is for new processes."""
    for pipes in tools.values():
        for pipe in pipes:
            os.close(pipe)
    tools.clear()
    return ()


class Words(dict):
    """A JSON object whose absent members are empty."""

    def __missing__(self, key):
        return ''


def command_show(netns, form, *words):
    """Put into words what segctl tells."""
    return sorted(form.format_map(Words((key, '' if value is None else value)
                                        for key, value in item.items()))
                  for item in objects(netns, *words))


def flatten(name, stats):
    """in=packets/bytes, in_mc, in_bc, out..., drop_REASON=packets"""
    found = {}
    for short, word in (('in', 'ingress'), ('out', 'egress')):
        for kind, infix in (('', ''), ('_mc', 'multicast_'),
                            ('_bc', 'broadcast_')):
            found['%s.%s%s' % (name, short, kind)] = (
                stats['%s_%spackets' % (word, infix)],
                stats['%s_%sbytes' % (word, infix)])
    for reason, count in (stats.get('drops') or {}).items():
        found['%s.drop_%s' % (name, reason)] = (count,)
    return found


def snapshot(netns):
    found = {}
    for kind in 'segment', 'port', 'zone', 'uplink':
        for item in objects(netns, kind, 'show'):
            found.update(flatten(item['name'], item['stats']))
            if 'passed' in item:
                found[item['name'] + '.passed'] = (item['passed'],)
    for item in objects(netns, 'binding', 'show'):
        found.update(flatten('%s/%s' % (item['child'], item['id']),
                             item['stats']))
    return found


def command_mark(netns):
    """Remember the counters of a network namespace."""
    settle()
    counters.clear()
    counters.update(snapshot(netns))
    return ()


def command_delta(netns):
    """Tell which counters changed since the last mark, and mark again."""
    settle()
    now = snapshot(netns)
    lines = []
    for key, values in sorted(now.items()):
        before = counters.get(key, (0,) * len(values))
        if values != before:
            lines.append('%s=%s' % (key, '/'.join(
                str(new - old) for new, old in zip(values, before))))
    counters.clear()
    counters.update(now)
    return sorted(lines)


def serve(line):
    words = line.split('\t')
    end = '.'
    try:
        lines = globals()['command_' + words[0]](*words[1:])
    except Refused as refusal:
        lines = str(refusal).splitlines()
        end = '!'
    except (OSError, ValueError, LookupError, TypeError) as error:
        lines = ('error: %s: %s %s' % (line, type(error).__name__, error),)
    print(*lines, end, sep='\n', flush=True)


def stream_once(now):
    wait = 1
    for stream in streams.values():
        if stream[4] <= now:
            try:
                for data in stream[1]:
                    send(stream[0], data, 1)
                stream[2] += 1
                stream[4] = now + stream[3]
            except OSError:	# the device is gone
                stream[4] = float('inf')
        wait = min(wait, stream[4] - now)
    drain()
    return max(wait, 0)


def main():
    os.sched_setaffinity(0, {max(cpus)})
    pending = b''
    while True:
        wait = stream_once(time.monotonic()) if streams else None
        if not select.select([0], [], [], wait)[0]:
            continue
        data = os.read(0, 65536)
        if not data:
            return
        *lines, pending = (pending + data).split(b'\n')
        for line in lines:
            serve(line.decode())


if __name__ == '__main__':
    sys.exit(main())
