#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""ICMP errors: show those of a capture, forge some, or provoke one.

errors.py show PCAP
    a line for each: FROM TO TYPE/CODE MTU about SRC SPORT DST DPORT PROTO SUMS
    SUMS is "ok", or names the sums that are wrong: ip, icmp, quoted-ip,
    quoted-l4 (that one only if the whole packet is quoted)
errors.py send DEV SMAC DMAC FROM TO TYPE CODE SRC SPORT DST DPORT PROTO [COUNT]
    forge such errors; PROTO is tcp or udp
errors.py ask SRC DST PORT SIZE TTL [nodf]
    send a datagram as any program would, with DF unless nodf is said, and
    print what the kernel makes of the error that comes back: errno TYPE CODE
    INFO FROM; or "answer N" if an answer of N bytes comes
"""

import errno
import ipaddress
import select
import socket
import struct
import sys

import frames

WAIT = 60
PROTOS = {"tcp": 6, "udp": 17}


def l4_sum_right(quoted):
    raw = quoted.raw
    if quoted.version == 4:
        total = struct.unpack_from("!H", raw, 2)[0]
    else:
        total = struct.unpack_from("!H", raw, 4)[0] + 40
    if len(raw) < total:
        return True
    return not quoted.checksums().startswith("bad " + frames.NAMES.get(
        quoted.proto, "-"))


def sums(ip, message):
    bad = []
    if ip.version == 4:
        if not frames.same_sum(frames.ones(ip.raw[:ip.l4]), 0):
            bad.append("ip")
        pseudo = b""
    else:
        pseudo = ip.src + ip.dst + struct.pack("!II", len(message), 58)
    if not frames.same_sum(frames.ones(pseudo) + frames.ones(message), 0):
        bad.append("icmp")
    quoted = frames.Packet(message[8:])
    if quoted.version == 4 and not frames.same_sum(
            frames.ones(quoted.raw[:quoted.l4]), 0):
        bad.append("quoted-ip")
    if not l4_sum_right(quoted):
        bad.append("quoted-l4")
    return ",".join(bad) or "ok"


def show(path):
    for frame in frames.read_pcap(path):
        ip = frame.ip
        if ip is None or ip.proto not in (frames.ICMP, frames.ICMP6):
            continue
        message = ip.raw[ip.l4:]
        kind, code = message[0], message[1]
        if kind not in ((3, 4, 11, 12) if ip.version == 4 else (1, 2, 3, 4)):
            continue
        mtu = struct.unpack_from("!I", message, 4)[0]
        about = frames.Packet(message[8:])
        sport, dport = struct.unpack_from("!HH", message, 8 + about.l4)
        print(frames.text_ip(ip.src), frames.text_ip(ip.dst), f"{kind}/{code}",
              mtu, "about", frames.text_ip(about.src), sport,
              frames.text_ip(about.dst), dport,
              frames.NAMES.get(about.proto, about.proto), sums(ip, message))


def ip_packet(src, dst, proto, data):
    if len(src) == 16:
        return struct.pack("!IHBB", 6 << 28, len(data), proto, 64) + \
            src + dst + data
    head = bytearray(struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(data), 7, 0,
                                 64, proto, 0) + src + dst)
    struct.pack_into("!H", head, 10, 0xffff - frames.ones(bytes(head)))
    return bytes(head) + data


def forge(dev, smac, dmac, src, dst, kind, code, qsrc, qsport, qdst, qdport,
          proto, count="1"):
    src, dst, qsrc, qdst = (frames.raw_ip(a) for a in (src, dst, qsrc, qdst))
    v6 = len(src) == 16
    about = struct.pack("!HH", int(qsport), int(qdport)) + bytes(16)
    quote = ip_packet(qsrc, qdst, PROTOS[proto], about)
    message = bytearray(struct.pack("!BBHI", int(kind), int(code), 0, 1300) +
                        quote)
    pseudo = src + dst + struct.pack("!II", len(message), 58) if v6 else b""
    total = (frames.ones(pseudo) + frames.ones(bytes(message))) % 0xffff
    struct.pack_into("!H", message, 2, 0xffff - total)
    frame = bytes.fromhex((dmac + smac).replace(":", "")) + \
        struct.pack("!H", 0x86dd if v6 else 0x0800) + \
        ip_packet(src, dst, 58 if v6 else 1, bytes(message))
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((dev, 0))
    for _ in range(int(count)):
        sock.send(frame)


def error_text(ancillary):
    for level, kind, data in ancillary:
        if (level, kind) not in ((socket.SOL_IP, 11), (41, 25)):
            continue
        number, _, etype, code, _, info, _ = struct.unpack_from("=IBBBBII",
                                                                data)
        family = struct.unpack_from("=H", data, 16)[0]
        at = 20 if family == socket.AF_INET else 24
        raw = data[at:at + (4 if family == socket.AF_INET else 16)]
        who = ipaddress.ip_address(raw) if raw else "-"
        return f"{errno.errorcode[number]} {etype} {code} {info} {who}"
    return "an error without a cause"


def ask(src, dst, port, size, ttl, nodf=None):
    v6 = ":" in dst
    sock = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET,
                         socket.SOCK_DGRAM)
    # IP_RECVERR, IP_MTU_DISCOVER, IP_TTL and those of IPv6; with PROBE the
    # kernel sends what it is told to, whatever it knows of the path
    level, recverr, discover, ttlopt = \
        (41, 25, 23, 16) if v6 else (socket.SOL_IP, 11, 10, 2)
    sock.setsockopt(level, recverr, 1)
    sock.setsockopt(level, discover, 0 if nodf else 3)
    sock.setsockopt(level, ttlopt, int(ttl))
    sock.bind((src, 0))
    sock.connect((dst, int(port)))
    sock.send(bytes(int(size)))
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    for _, event in poll.poll(WAIT * 1000):
        if event & select.POLLERR:
            print(error_text(sock.recvmsg(100, 512, socket.MSG_ERRQUEUE)[1]))
        else:
            print("answer", len(sock.recv(65536)))
        return
    sys.exit("nothing came back")


def main():
    verbs = {"show": show, "send": forge, "ask": ask}
    if len(sys.argv) < 3 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    verbs[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
