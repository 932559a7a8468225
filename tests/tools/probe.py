#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Send many different packets, and tell which of them arrive.

probe.py send DEV SMAC DMAC [reply] <LINES
    One packet for each line "SRC DST tcp|udp SPORT DPORT SIZE", where SIZE is
    the length from the network header on.  With `reply` the ends are swapped.
    Prints how many were sent.

probe.py recv DEV
    Print the numbers of the lines, from 0 on, whose packets come in by the
    device, until standard input ends.
"""

import os
import select
import socket
import struct
import sys

import frames
import send

# headers without options, by version and protocol
HEAD = {(4, "udp"): 28, (4, "tcp"): 40, (6, "udp"): 48, (6, "tcp"): 60}


def build(smac, dmac, words, number):
    """The frame of a line, with its number as payload."""
    src, dst, proto, sport, dport, size = words
    version = 6 if ":" in src else 4
    size = max(int(size) - HEAD[version, proto], 8)
    return send.build({"size": size}, smac, dmac, src, dst, proto,
                      int(sport), int(dport), number)


def send_all(dev, smac, dmac, how=""):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((dev, 0))
    sent = 0
    for line in sys.stdin:
        words = line.split()
        if how == "reply":
            words = [words[1], words[0], words[2], words[4], words[3],
                     words[5]]
        sock.send(build(smac, dmac, words, sent))
        sent += 1
    print(sent)


def number_of(raw):
    """The number in a probe's payload; None if this is none."""
    frame = frames.Frame(0, raw)
    if frame.ip is None or frame.ip.proto not in (frames.TCP, frames.UDP):
        return None
    if len(frame.ip.payload) < 8:
        return None
    return struct.unpack_from("!I", frame.ip.payload)[0]


def receive(dev):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(0x0003))
    # SO_RCVBUFFORCE: on a busy machine this process is the slowest of all
    sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 26)
    sock.bind((dev, 0))
    print("ready", file=sys.stderr, flush=True)
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    poll.register(0, select.POLLIN | select.POLLHUP)
    stop = False
    while True:
        events = dict(poll.poll(100 if stop else None))
        if sock.fileno() in events:
            raw, where = sock.recvfrom(65536)
            number = number_of(raw)
            # not what this host sends itself
            if number is not None and where[2] != socket.PACKET_OUTGOING:
                print(number)
        elif stop:
            return
        elif 0 in events and not os.read(0, 64):
            poll.unregister(0)
            stop = True


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    {"send": send_all, "recv": receive}[sys.argv[1]](*sys.argv[2:])
