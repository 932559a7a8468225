#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Ends of the less common protocols, on the kernel's own sockets.

proto.py echo PROTO PORT ADDR...
    Send back what comes; PROTO is sctp, dccp or udplite.
proto.py ask PROTO ADDR PORT SOURCE COUNT SIZE
    Send COUNT messages of SIZE bytes, each after the answer to the one before;
    fail unless every answer comes back whole.
proto.py have PROTO
    Can this kernel do it?
"""

import os
import select
import socket
import sys

WAIT = 60
NUMBER = {"sctp": 132, "dccp": 33, "udplite": 136}
KIND = {"sctp": socket.SOCK_STREAM, "dccp": 6, "udplite": socket.SOCK_DGRAM}


def make(proto, addr):
    sock = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET,
                         KIND[proto], NUMBER[proto])
    sock.settimeout(WAIT)
    if proto == "dccp":
        # Both ends name the same service code.
        sock.setsockopt(269, 2, b"test")
    elif proto == "udplite":
        # The sum is over header and twelve bytes; no less is taken.
        sock.setsockopt(136, 10, 20)
        sock.setsockopt(136, 11, 20)
    return sock


def serve(sock, proto, poll, socks):
    if proto == "udplite":
        data, peer = sock.recvfrom(65536)
        sock.sendto(data, peer)
    elif sock in socks["listen"]:
        peer, _ = sock.accept()
        socks[peer.fileno()] = peer
        poll.register(peer, select.POLLIN)
    else:
        try:
            data = sock.recv(65536)
        except OSError:
            data = b""
        if data:
            sock.send(data)
            return
        poll.unregister(sock)
        del socks[sock.fileno()]
        sock.close()


def echo(proto, port, *addrs):
    poll = select.poll()
    socks = {"listen": []}
    for addr in addrs:
        sock = make(proto, addr)
        sock.bind((addr, int(port)))
        if proto != "udplite":
            sock.listen(5)
            socks["listen"].append(sock)
        socks[sock.fileno()] = sock
        poll.register(sock, select.POLLIN)
    print("ready", flush=True)
    while True:
        for number, _ in poll.poll():
            serve(socks[number], proto, poll, socks)


def ask(proto, addr, port, source, count, size):
    sock = make(proto, addr)
    sock.bind((source, 0))
    sock.connect((addr, int(port)))
    for _ in range(int(count)):
        data = os.urandom(int(size))
        sock.send(data)
        have = b""
        while len(have) < len(data):
            part = sock.recv(65536)
            if not part:
                sys.exit("the connection ended")
            have += part
        if have != data:
            sys.exit("the answer is not what was sent")
    sock.close()


def have(proto):
    make(proto, "127.0.0.1").close()


def main():
    verbs = {"echo": echo, "ask": ask, "have": have}
    if len(sys.argv) < 3 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    verbs[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
