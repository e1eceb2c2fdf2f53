# SPDX-License-Identifier: GPL-2.0
"""What becomes of a frame, as the tables of Documentation/datapath.rst have
it: a second, slow and plain opinion, to hold the module against.

State is what the dumps of the family say, {name of the operation: [object]}.
"""

import collections

BROADCAST = b"\xff" * 6
RESERVED = bytes.fromhex("0180c20000")
STATIC, LOCAL = 1, 2
DROP = 1        # enum limit-policy

# tags: [(VLAN id, priority)] as the frame carries them, the first one outside.
Frame = collections.namedtuple("Frame", "source dest tags")
# Where a frame is: whose traffic it is, the guest VLAN, and the endpoint that
# it came from. A port and binding map of None is the host.
Place = collections.namedtuple("Place", "segment guest port binding")


def is_group(mac):
    return bool(mac[0] & 1)


class Tables:
    """The fabric at one moment."""

    def __init__(self, state, up):
        self.segments = {s["ifindex"]: s for s in state["segment-get"]}
        self.ports = {p["ifindex"]: p for p in state["port-get"]}
        self.bindings = state["binding-get"]
        self.uplinks = state["uplink-get"]
        self.policies = {(p["zone-ifindex"], p["name"]): p
                         for p in state["policy-get"]}
        self.up = up
        self.entries = {
            (e["segment-ifindex"], e["mac"], e.get("guest-vlan", 0)): e
            for e in state["fdb-get"]}

    # --- Whose is it? ---

    def guests(self, segment):
        vlans = segment.get("guest-vlans", bytes(512))
        return {v for v in range(4096) if vlans[v // 8] >> v % 8 & 1}

    def demux(self, port, frame):
        """The place of a frame from a port, or None: dropped."""
        segment = self.segments[port["segment-ifindex"]]
        vlan = frame.tags[0][0] if frame.tags else 0
        if not port["carrier"] or len(frame.tags) > 1 or \
           is_group(frame.source) or \
           frame.source == bytes(6) or frame.dest[:5] == RESERVED:
            return None
        if not vlan:
            return Place(segment, 0, port, None)
        for b in self.bindings:
            if (b["parent-ifindex"], b["vlan"]) == (segment["ifindex"], vlan):
                return Place(self.segments[b["child-ifindex"]], 0, port, b)
        if vlan in self.guests(segment):
            return Place(segment, vlan, port, None)
        return None

    def demux_host(self, segment, frame):
        """The same of a frame that the host sends."""
        vlan = frame.tags[0][0] if frame.tags else 0
        bound = {b["vlan"] for b in self.bindings
                 if b["parent-ifindex"] == segment["ifindex"]}
        if frame.dest[:5] == RESERVED or len(frame.tags) > 1 or \
           vlan and (vlan in bound or vlan not in self.guests(segment)):
            return None
        return Place(segment, vlan, None, None)

    # --- May it come in? ---

    def find(self, place, mac):
        index = place.segment["ifindex"]
        local = self.entries.get((index, mac, 0))
        if local and local["state"] == LOCAL:
            return local
        return self.entries.get((index, mac, place.guest))

    @staticmethod
    def is_behind(entry, place):
        """Whether an address counts where the frame comes from."""
        if place.binding:
            return entry.get("binding") == place.binding["id"]
        return "binding" not in entry and \
            entry.get("port-ifindex") == place.port["ifindex"]

    def learn(self, place, frame):
        """(whether the frame may pass, whether its source is now known where
        it comes from)
        """
        old = self.find(place, frame.source)
        if place.port is None or \
           not place.binding and not place.port["learning"]:
            return True, False
        if old and old["state"] in (STATIC, LOCAL):
            return True, False
        of = place.binding or place.port
        if of["fdb-limit"] and of["fdb-count"] >= of["fdb-limit"] and \
           not (old and self.is_behind(old, place)):
            return of["fdb-limit-policy"] != DROP, False
        return True, True

    # --- Where does it go? ---

    def ready(self, port):
        return bool(port["carrier"])

    def at_port(self, place, frame, port):
        """A frame at a port of the segment that it belongs to."""
        priority = frame.tags[0][1] if frame.tags else 0
        if place.guest:
            tags = [(place.guest, priority)]
        elif place.binding:
            tags = [(0, priority)] if priority else []
        else:
            tags = frame.tags
        return port["name"], frame._replace(tags=tags)

    def through(self, frame, port, binding):
        """A frame at a port of a parent."""
        priority = frame.tags[0][1] if frame.tags else 0
        return port["name"], frame._replace(tags=[(binding["vlan"], priority)])

    def at_zone(self, place, frame):
        """A frame that leaves by a VLAN zone: [(one of which, frame)]"""
        segment = place.segment
        zone = segment.get("zone-ifindex")
        policy = self.policies.get((zone, segment.get("teaming-policy")))
        ready = tuple(
            u["name"] for u in self.uplinks
            if u["carrier"] and u["zone-ifindex"] == zone and (
                not policy or u["name"] in policy["active"] +
                policy.get("standby", [])))
        if "zone-vlan" not in segment or place.guest or not ready:
            return []
        vlan = segment["zone-vlan"]
        _, inside = self.at_port(place, frame, {"name": ""})
        priority = inside.tags[0][1] if inside.tags else 0
        tags = [(vlan, priority)] if vlan else inside.tags
        return [(ready, frame._replace(tags=tags))]

    def host(self, place, frame):
        return [self.at_port(place, frame, place.segment)]

    @staticmethod
    def apart(place, port):
        """Both isolated, and both about their own traffic."""
        return bool(place.port and not place.binding and
                    place.port["isolated"] and port["isolated"])

    def known(self, place, frame, entry):
        if entry["state"] == LOCAL:
            return self.host(place, frame) if place.port else []
        port = self.ports.get(entry["port-ifindex"])
        if not port:
            return self.at_zone(place, frame)
        if place.port and port["ifindex"] == place.port["ifindex"] and \
           entry.get("binding") == (place.binding or {}).get("id"):
            return []
        if not self.ready(port):
            return []
        for b in self.bindings:
            if b["child-ifindex"] == place.segment["ifindex"] and \
               b["id"] == entry.get("binding"):
                return [self.through(frame, port, b)]
        return [] if self.apart(place, port) else [
            self.at_port(place, frame, port)]

    def flood(self, place, frame):
        kind = ("bcast-flood" if frame.dest == BROADCAST else
                "mcast-flood" if is_group(frame.dest) else "flood")
        index = place.segment["ifindex"]
        if kind == "flood" and not place.segment["flood"]:
            return []
        reached = self.host(place, frame) if place.port else []
        for port in self.ports.values():
            mine = place.port and place.port["ifindex"] == port["ifindex"]
            if port["segment-ifindex"] != index or not self.ready(port) or \
               mine and not place.binding or not port[kind] or \
               self.apart(place, port):
                continue
            reached.append(self.at_port(place, frame, port))
        for b in self.bindings:
            if b["child-ifindex"] != index or place.guest:
                continue
            for port in self.ports.values():
                mine = place.port and place.port["ifindex"] == port["ifindex"]
                if port["segment-ifindex"] == b["parent-ifindex"] and \
                   self.ready(port) and not (mine and place.binding == b):
                    reached.append(self.through(frame, port, b))
        return reached + self.at_zone(place, frame)

    def receivers(self, place, frame):
        """[(name of a device, or a tuple of which one, frame)]"""
        if not place or not self.up[place.segment["ifindex"]]:
            return []
        passes, learned = self.learn(place, frame)
        # What is for its own sender would go back to where it came from.
        if not passes or learned and frame.dest == frame.source:
            return []
        entry = None if is_group(frame.dest) else self.find(place, frame.dest)
        if entry:
            return self.known(place, frame, entry)
        return self.flood(place, frame)
