#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check captures, and the engine's counters, against the steps of a figure.

walk.py SPEC [OPTION...]

SPEC is a file of lines; words are separated by blanks, # begins a comment:

  watch ADDR...           every packet from or to one of these must be one of
                          the steps below, in every capture
  pcap NAME FILE          a capture; pe-DEV are the engine's own ports
  path NAME DIR [SERVICE SEQUENCE]
                          the steps of one direction (request or reply) of a
                          service (ADDR/PROTO/PORT), in order
  hop FROM>TO CAPTURES SMAC DMAC SRC DST PROTO SPORT DPORT [fou] [wg]
                          one step: who hands it to whom (client, engine, or
                          the name of a device, other names are none of the
                          engine's business), the captures that see it (with
                          commas, in the order they see it), and what it looks
                          like there; - is anything.  fou: the packet is
                          inside of this one.
  copy FROM>TO ...        the same for a copy: the walk goes on without it
  maybe                   the path above may have seen no packet

OPTION:
  strict                  no checksum may be left to the hardware
  table=FILE device=FILE service=FILE port=FILE
                          what `svcseq -j -s NOUN show` printed
  quiet                   print nothing if all is well

What is checked: every watched frame is an expected one, every packet passes
every step of its path (and as often as the first), in time order, with right
checksums, not changed by the engine but for address, port and checksum where
the step says so, and every counter of the engine says the same.
"""

import collections
import json
import sys

import frames

ENGINE = "engine"
CLIENT = "client"
PROTO = {"tcp": 6, "udp": 17}


class Hop:
    def __init__(self, path, words, copy):
        self.path = path
        self.copy = copy
        self.giver, self.taker = words[0].split(">")
        self.captures = words[1].split(",")
        self.smac, self.dmac = (self._mac(w) for w in words[2:4])
        self.src, self.dst = (self._ip(w) for w in words[4:6])
        self.proto = None if words[6] == "-" else PROTO[words[6]]
        self.sport, self.dport = (None if w == "-" else int(w)
                                  for w in words[7:9])
        self.fou = "fou" in words[9:]
        self.text = " ".join(words)
        # (capture, key) -> frames
        self.seen = {c: collections.defaultdict(list) for c in self.captures}

    @staticmethod
    def _mac(word):
        return None if word == "-" else bytes.fromhex(word.replace(":", ""))

    @staticmethod
    def _ip(word):
        return None if word == "-" else frames.raw_ip(word)

    def matches(self, frame):
        ip = frame.ip
        return ((self.smac is None or self.smac == frame.smac) and
                (self.dmac is None or self.dmac == frame.dmac) and
                (self.proto is None or self.proto == ip.proto) and
                (self.src is None or self.src == ip.src) and
                (self.dst is None or self.dst == ip.dst) and
                (self.sport is None or self.sport == ip.sport) and
                (self.dport is None or self.dport == ip.dport))

    def key(self, frame):
        ip = frame.ip.open_fou() if self.fou else frame.ip
        return ip.key(self.path.reply)


class Path:
    def __init__(self, words):
        self.name = words[0]
        self.reply = words[1] == "reply"
        self.service, self.sequence = (words[2:4] if len(words) > 3
                                       else (None, None))
        self.hops = []
        self.maybe = False

    def count(self):
        """key -> how often the path was begun; [packets, bytes] in all"""
        first = self.hops[0]
        seen = first.seen[first.captures[0]]
        total = [sum(len(f) for f in seen.values()),
                 sum(size(f) for fs in seen.values() for f in fs)]
        return {key: len(f) for key, f in seen.items()}, total


def size(frame):
    return len(frame.ip.raw)


class Checker:
    def __init__(self):
        self.watch = set()
        self.pcaps = {}
        self.paths = []
        self.errors = 0
        self.strict = False

    def error(self, text):
        self.errors += 1
        if self.errors <= 20:
            print(f"walk: {text}")
        elif self.errors == 21:
            print("walk: (more errors are not shown)")

    def read_spec(self, path):
        with open(path, encoding="ascii") as file:
            for line in file:
                words = line.split("#")[0].split()
                if not words:
                    continue
                verb = words.pop(0)
                if verb == "watch":
                    self.watch |= {frames.raw_ip(w) for w in words}
                elif verb == "pcap":
                    self.pcaps[words[0]] = words[1]
                elif verb == "path":
                    self.paths.append(Path(words))
                elif verb in ("hop", "copy"):
                    where = self.paths[-1]
                    where.hops.append(Hop(where, words, verb == "copy"))
                elif verb == "maybe":
                    self.paths[-1].maybe = True
                else:
                    sys.exit(f"walk: {path}: what is '{verb}'?")
        for where in self.paths:
            for hop in where.hops:
                for capture in hop.captures:
                    if capture not in self.pcaps:
                        sys.exit(f"walk: no capture {capture} for {hop.text}")

    # --- every frame is an expected one -------------------------------------

    def read_captures(self):
        for name, file in self.pcaps.items():
            hops = [h for p in self.paths for h in p.hops
                    if name in h.captures]
            for frame in frames.read_pcap(file):
                if frame.ip is None or not (frame.ip.src in self.watch or
                                            frame.ip.dst in self.watch):
                    continue
                # Looking for a neighbour is no packet of a service.
                if frame.ip.proto == frames.ICMP6 and \
                        frame.ip.raw[40] in (135, 136):
                    continue
                found = False
                for hop in hops:
                    if hop.matches(frame):
                        hop.seen[name][hop.key(frame)].append(frame)
                        found = True
                if not found:
                    self.error(f"{name}: unexpected: {frame.text()}")
                self.check_sums(name, frame)

    def check_sums(self, name, frame):
        todo = [frame.ip]
        if frame.ip.inner is not None:
            todo.append(frame.ip.inner)
        for packet in todo:
            state = packet.checksums()
            if state.startswith("bad") or (self.strict and
                                           state == "partial"):
                self.error(f"{name}: {state}: {frame.text()}")

    # --- every packet goes all the way, and in order --------------------------

    def check_paths(self):
        # Two paths may share a step (an alert and a request end in the same
        # frame), so what is seen there is the sum of those that go there.
        expected = collections.defaultdict(collections.Counter)
        for path in self.paths:
            begun, total = path.count()
            if not total[0] and not path.maybe:
                self.error(f"path {path.name}: no packet at its first step, "
                           f"{path.hops[0].text}")
            for hop in path.hops:
                for capture in hop.captures:
                    expected[capture, self.look(hop)].update(begun)
        for path in self.paths:
            for hop in path.hops:
                for capture in hop.captures:
                    self.compare(hop, capture, expected[capture,
                                                        self.look(hop)])
            self.check_order(path)

    @staticmethod
    def look(hop):
        return (hop.smac, hop.dmac, hop.src, hop.dst, hop.proto, hop.sport,
                hop.dport, hop.path.reply)

    def compare(self, hop, capture, expected):
        seen = hop.seen[capture]
        for key in expected.keys() | seen.keys():
            want, have = expected.get(key, 0), len(seen.get(key, ()))
            if want == have:
                continue
            first = seen.get(key) or hop.path.hops[0].seen[
                hop.path.hops[0].captures[0]].get(key)
            what = first[0].text() if first else "?"
            self.error(f"path {hop.path.name}: {have} instead of {want} times "
                       f"in {capture} at step {hop.giver}>{hop.taker}: {what}")

    def check_order(self, path):
        for key in path.count()[0]:
            before = None
            for hop in path.hops:
                chain = [sorted(hop.seen[c].get(key, ()), key=lambda f: f.time)
                         for c in hop.captures]
                for n, these in enumerate(chain):
                    last = chain[n - 1] if n else before and before[1]
                    if last and len(last) == len(these):
                        for a, b in zip(last, these):
                            if b.time < a.time:
                                self.error(f"path {path.name}: at step "
                                           f"{hop.giver}>{hop.taker} before "
                                           f"the one before: {b.text()}")
                if (before and before[0].taker == ENGINE and
                        hop.giver == ENGINE and before[1] and chain[0]):
                    self.check_change(path, before[0], before[1][0], hop,
                                      chain[0][0])
                if not hop.copy:
                    before = hop, chain[-1]

    def check_change(self, path, hop_in, frame_in, hop_out, frame_out):
        """The engine changes nothing but what the step says."""
        reply = path.reply
        a, b = frame_in.ip, frame_out.ip
        service = ((hop_in.src, hop_in.sport), (hop_out.src, hop_out.sport)) \
            if reply else ((hop_in.dst, hop_in.dport),
                           (hop_out.dst, hop_out.dport))
        if service[0] == service[1]:
            # The state of a checksum that is still to be filled in may differ
            # between two looks at the packet, its meaning may not.
            same = a.raw == b.raw
        else:
            same = a.masked() == b.masked()
        if not same:
            self.error(f"path {path.name}: changed by the engine at step "
                       f"{hop_out.giver}>{hop_out.taker}: {frame_in.text()} -> "
                       f"{frame_out.text()}\n  {a.raw[:64].hex()}\n"
                       f"  {b.raw[:64].hex()}")
        if (a.checksums(), b.checksums()) in (("none", "ok"), ("ok", "none")):
            self.error(f"path {path.name}: UDP checksum came or went: "
                       f"{frame_out.text()}")

    # --- the engine's own figures ---------------------------------------------

    def gather(self):
        """What the counters should say, from the captures."""
        rows, sent, got, request, reply, ports = (
            collections.defaultdict(lambda: [0, 0]) for _ in range(6))

        def add(where, key, amount):
            where[key][0] += amount[0]
            where[key][1] += amount[1]

        for path in self.paths:
            giver = None
            for hop in path.hops:
                # Bytes differ from step to step (a VPN takes a header off),
                # packets do not: count what belongs to this path alone.
                begun = path.count()[0]
                seen = hop.seen[hop.captures[0]]
                amount = [sum(begun.values()), 0]
                for key, times in begun.items():
                    these = seen.get(key)
                    if these:
                        amount[1] += times * size(these[0])
                if hop.taker == ENGINE:
                    giver = hop.giver
                    for capture in hop.captures:
                        if capture.startswith("pe-"):
                            add(ports, capture[3:], amount)
                    if giver == CLIENT:
                        if path.service:
                            add(request, path.service, amount)
                    else:
                        add(got, giver, amount)
                elif hop.giver == ENGINE:
                    if hop.taker != CLIENT:
                        add(sent, hop.taker, amount)
                    elif path.service:
                        add(reply, path.service, amount)
                    if not hop.copy:
                        add(rows, (path.sequence,
                                   "reply" if path.reply else "request",
                                   giver, hop.taker), amount)
        return rows, sent, got, request, reply, ports

    def same(self, what, have, want):
        have = have or {"packets": 0, "bytes": 0}
        if [have["packets"], have["bytes"]] != list(want):
            self.error(f"counter of {what}: {have['packets']} packets, "
                       f"{have['bytes']} bytes; the captures have {want[0]} "
                       f"and {want[1]}")

    def check_counters(self, files):
        rows, sent, got, request, reply, ports = self.gather()
        if "table" in files:
            done = set()
            for row in files["table"]:
                key = (row["sequence"], row["direction"],
                       row.get("from", CLIENT), row.get("to", CLIENT))
                if key in done:
                    continue
                done.add(key)
                self.same(f"row {' '.join(key)}", row.get("forwarded"),
                          rows.get(key, (0, 0)))
            for key in rows.keys() - done:
                if key[0]:
                    self.error(f"the table has no row {' '.join(key)}")
        for device in files.get("device", ()):
            self.same(f"{device['name']} sent", device.get("sent"),
                      sent.get(device["name"], (0, 0)))
            self.same(f"{device['name']} received", device.get("received"),
                      got.get(device["name"], (0, 0)))
        for service in files.get("service", ()):
            key = f"{service['addr']}/{service['proto']}/{service['port']}"
            self.same(f"{key} request", service.get("request"),
                      request.get(key, (0, 0)))
            self.same(f"{key} reply", service.get("reply"),
                      reply.get(key, (0, 0)))
            self.same(f"{key} dropped", service.get("dropped"), (0, 0))
        for port in files.get("port", ()):
            self.same(f"port {port['dev']} received", port.get("received"),
                      ports.get(port["dev"], (0, 0)))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    checker = Checker()
    files = {}
    quiet = False
    for word in sys.argv[2:]:
        key, _, value = word.partition("=")
        if word == "strict":
            checker.strict = True
        elif word == "quiet":
            quiet = True
        elif key in ("table", "device", "service", "port"):
            with open(value, encoding="utf-8") as file:
                files[key] = json.load(file)
        else:
            sys.exit(f"walk: what is '{word}'?")
    checker.read_spec(sys.argv[1])
    checker.read_captures()
    checker.check_paths()
    checker.check_counters(files)
    if not quiet or checker.errors:
        for path in checker.paths:
            print(f"walk: path {path.name}: {path.count()[1][0]} packets "
                  f"through {len(path.hops)} steps")
    sys.exit(1 if checker.errors else 0)


if __name__ == "__main__":
    main()
