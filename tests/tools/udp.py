#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""UDP ends for the tests: an echo server and a client that checks.

udp.py echo PORT ADDR...
    Send every datagram back, from the address that it came to.

udp.py ask ADDR PORT COUNT SIZE [SOURCE [TIMEOUT]]
    Send COUNT datagrams of SIZE bytes, each after the answer to the one
    before; fail unless every answer comes back whole and from ADDR.

udp.py send ADDR PORT COUNT SIZE [SOURCE]
    Send COUNT datagrams of SIZE bytes and wait for nothing.

udp.py flood ADDR PORT SECONDS RATE [SOURCE]
    Send numbered datagrams at RATE per second until SECONDS are over or, if
    it is a pipe, standard input ends; print how many.

udp.py count ADDR PORT
    Receive numbered datagrams until standard input ends, then print
    "GOT DISTINCT LAST".
"""

import os
import select
import socket
import stat
import struct
import sys
import time


def make(addr):
    fam = socket.AF_INET6 if ":" in addr else socket.AF_INET
    sock = socket.socket(fam, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return sock


def echo(port, *addrs):
    poll = select.poll()
    socks = {}
    for addr in addrs:
        sock = make(addr)
        sock.bind((addr, int(port)))
        socks[sock.fileno()] = sock
        poll.register(sock, select.POLLIN)
    while True:
        for number, _ in poll.poll():
            data, peer = socks[number].recvfrom(65536)
            socks[number].sendto(data, peer)


def ask(addr, port, count, size, source=None, timeout="5"):
    sock = make(addr)
    if source:
        sock.bind((source, 0))
    sock.settimeout(float(timeout))
    sock.connect((addr, int(port)))
    for n in range(int(count)):
        data = struct.pack("!I", n) + os.urandom(max(0, int(size) - 4))
        sock.send(data)
        try:
            back = sock.recv(65536)
        except OSError as err:
            sys.exit(f"udp.py: no answer to datagram {n}: {err}")
        if back != data:
            sys.exit(f"udp.py: the answer to datagram {n} differs")


def send(addr, port, count, size, source=None):
    sock = make(addr)
    if source:
        sock.bind((source, 0))
    for _ in range(int(count)):
        sock.sendto(os.urandom(int(size)), (addr, int(port)))


def ended():
    """True when the pipe on standard input was closed: the sign to stop."""
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        return False
    ready, _, _ = select.select([sys.stdin], [], [], 0)
    return bool(ready) and not os.read(0, 64)


def flood(addr, port, seconds, rate, source=None):
    sock = make(addr)
    if source:
        sock.bind((source, 0))
    sock.connect((addr, int(port)))
    start = time.monotonic()
    stop = start + float(seconds)
    step = 1 / float(rate)
    sent = 0
    pad = bytes(60)
    while True:
        now = time.monotonic()
        if now >= stop or (sent % 64 == 0 and ended()):
            break
        due = start + sent * step
        if due > now:
            time.sleep(due - now)
        try:
            sock.send(struct.pack("!I", sent) + pad)
        except OSError:
            # Somebody answered an earlier one with an ICMP error, or the
            # way is gone for the moment: what is lost shows at the counter.
            pass
        sent += 1
    print(sent)


def count(addr, port):
    sock = make(addr)
    # SO_RCVBUFFORCE: on a busy machine this process is the slowest of all
    sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 26)
    sock.bind((addr, int(port)))
    seen = {}
    got = 0
    last = -1
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    poll.register(0, select.POLLIN | select.POLLHUP)
    stop = False
    while True:
        events = dict(poll.poll(100 if stop else None))
        if sock.fileno() in events:
            last = struct.unpack("!I", sock.recv(65536)[:4])[0]
            got += 1
            seen[last] = seen.get(last, 0) + 1
        elif stop:
            break
        elif 0 in events and not os.read(0, 64):
            poll.unregister(0)
            stop = True
    print(got, len(seen), last)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    {"echo": echo, "ask": ask, "send": send, "flood": flood,
     "count": count}[sys.argv[1]](*sys.argv[2:])
