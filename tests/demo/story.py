#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tell, for each packet of a capture, which way it went.

story.py SPEC [NAME=TEXT...]

SPEC is a list of steps as walk.py (in tests/tools) reads it; NAME=TEXT says
what to call a device.  The packets come in the order in which they set out,
each with its hops in the order of time.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "tools"))

import frames  # noqa: E402
import walk    # noqa: E402

MEANING = (("S", "opens the connection"), ("F", "closes its side"),
           ("R", "resets the connection"))


def end(addr, port):
    addr = frames.text_ip(addr)
    return f"[{addr}]:{port}" if ":" in addr else f"{addr}:{port}"


def ends(ip):
    return f"{end(ip.src, ip.sport)} > {end(ip.dst, ip.dport)}"


def subject(ip):
    """What the packet is there for."""
    flags = ip.tcp_flags() if ip.proto == frames.TCP else ""
    if ip.payload:
        line = ip.payload.split(b"\r\n")[0]
        if line.startswith((b"GET ", b"HTTP/")):
            return f'carries "{line.decode("ascii", "replace")}"'
        return f"carries {len(ip.payload)} bytes"
    for flag, text in MEANING:
        if flag in flags:
            return "answers and " + text if flag == "S" and "A" in flags \
                else text
    return "acknowledges"


def tell(number, path, key, names, start):
    hops = []
    for order, hop in enumerate(path.hops):
        seen = hop.seen[hop.captures[0]].get(key)
        if seen:
            frame = min(seen, key=lambda f: f.time)
            hops.append((frame.time, order, hop, frame))
    hops.sort(key=lambda h: h[:2])
    ip = hops[0][3].ip
    inner = ip.inner or ip
    way = "server to client" if path.reply else "client to server"
    print(f"\nPacket {number}, {way}: {subject(inner)}")
    for time, _, hop, frame in hops:
        who = (f"{names.get(hop.giver, hop.giver)} > "
               f"{names.get(hop.taker, hop.taker)}")
        if hop.copy:
            who += " (copy)"
        ip = frame.ip
        kind = frames.NAMES[ip.proto]
        what = f"{kind} {ends(ip)}"
        print(f"  {(time - start) / 1e6:8.2f} ms  {who:<21} {what}")
        if ip.inner is not None:
            print(f"{'':37}with, inside, {frames.NAMES[ip.inner.proto]} "
                  f"{ends(ip.inner)}")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    names = dict(w.split("=", 1) for w in sys.argv[2:])
    checker = walk.Checker()
    checker.read_spec(sys.argv[1])
    checker.read_captures()
    packets = []
    for path in checker.paths:
        first = path.hops[0]
        for key, seen in first.seen[first.captures[0]].items():
            packets.append((min(f.time for f in seen), path, key))
    packets.sort(key=lambda p: p[0])
    if not packets:
        sys.exit("story: no packet was captured")
    for number, (_, path, key) in enumerate(packets, 1):
        tell(number, path, key, names, packets[0][0])


if __name__ == "__main__":
    main()
