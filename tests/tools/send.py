#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Send hand-made frames out of a device: what no honest host would send.

send.py DEV SMAC DMAC SRC DST tcp|udp SPORT DPORT [OPTION...]

  count=N     that many frames (1); each has its number as payload
  size=N      bytes of payload (8)
  nocsum      a UDP checksum of zero, "none"
  badcsum     a wrong checksum
  flags=S     TCP flags, letters of FSRPAU (S)
  zero=ADDR/PORT
              choose the payload so that the UDP checksum would come out as
              zero after the destination became ADDR and PORT
  ttl=N       (64)
  vlan=N      with this VLAN tag
  cut=N       only the first N bytes of the frame
  frag        the first fragment of more
  tos=N       traffic class (0)
  mpls=N      behind an MPLS label
  nsh=N/N     behind an NSH of this path and index
  gre=SRC/DST/N
              in a GRE tunnel with this key
"""

import socket
import struct
import sys

import frames


def ip_header(src, dst, number, length, opts):
    ttl, tos = int(opts.get("ttl", 64)), int(opts.get("tos", 0))
    if len(src) == 4:
        frag = 0x2000 if "frag" in opts else 0x4000
        head = bytearray(struct.pack("!BBHHHBBH", 0x45, tos, 20 + length, 7,
                                     frag, ttl, number, 0) + src + dst)
        struct.pack_into("!H", head, 10, 0xffff - frames.ones(bytes(head)))
        return bytes(head)
    return struct.pack("!IHBB", 6 << 28 | tos << 20, length, number, ttl) + \
        src + dst


def tagged(opts, packet):
    """The packet with what stands before it, and its Ethernet type."""
    kind = 0x0800 if packet[0] >> 4 == 4 else 0x86dd
    if "mpls" in opts:
        label = int(opts["mpls"])
        return struct.pack("!I", label << 12 | 0x140) + packet, 0x8847
    if "nsh" in opts:
        path, index = (int(n) for n in opts["nsh"].split("/"))
        head = struct.pack("!HBBI", 0x0fc2, 2, 1 if kind == 0x0800 else 2,
                           path << 8 | index)
        return head + packet, 0x894f
    if "gre" in opts:
        src, dst, key = opts["gre"].split("/")
        src, dst = frames.raw_ip(src), frames.raw_ip(dst)
        body = struct.pack("!HHI", 0x2000, kind, int(key)) + packet
        kind = 0x0800 if len(src) == 4 else 0x86dd
        return ip_header(src, dst, 47, len(body), {}) + body, kind
    return packet, kind


def build(opts, smac, dmac, src, dst, proto, sport, dport, number):
    src, dst = frames.raw_ip(src), frames.raw_ip(dst)
    size = int(opts.get("size", 8))
    data = bytearray(struct.pack("!I", number) + bytes(max(0, size - 4)))
    if proto == "udp":
        length = 8 + len(data)
        number = frames.UDP
        l4 = bytearray(struct.pack("!HHHH", sport, dport, length, 0) + data)
        at = 6
    else:
        flags = sum(1 << frames.FLAGS.index(c) for c in opts.get("flags", "S"))
        number = frames.TCP
        l4 = bytearray(struct.pack("!HHIIBBHHH", sport, dport, 1, 1, 0x50,
                                   flags, 1000, 0, 0) + data)
        at = 16
    tail = struct.pack("!II", len(l4), number)
    if "zero" in opts:
        addr, _, port = opts["zero"].rpartition("/")
        later = bytearray(l4)
        struct.pack_into("!H", later, 2, int(port))
        total = frames.ones(src + frames.raw_ip(addr) + tail) + \
            frames.ones(bytes(later))
        struct.pack_into("!H", l4, len(l4) - 2, 0xffff - total % 0xffff)
    total = (frames.ones(src + dst + tail) + frames.ones(bytes(l4))) % 0xffff
    csum = 0xffff - total
    if "badcsum" in opts:
        csum = csum ^ 0x5555 or 1
    if "nocsum" in opts:
        csum = 0
    struct.pack_into("!H", l4, at, csum)
    body, kind = tagged(opts, ip_header(src, dst, number, len(l4), opts) +
                        bytes(l4))
    mac = bytes.fromhex((dmac + smac).replace(":", ""))
    tag = struct.pack("!HH", 0x8100, int(opts["vlan"])) if "vlan" in opts \
        else b""
    frame = mac + tag + struct.pack("!H", kind) + body
    return frame[:int(opts.get("cut", len(frame)))]


def main():
    if len(sys.argv) < 9:
        sys.exit(__doc__)
    dev, smac, dmac, src, dst, proto = sys.argv[1:7]
    sport, dport = int(sys.argv[7]), int(sys.argv[8])
    opts = {k: v for k, _, v in (w.partition("=") for w in sys.argv[9:])}
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((dev, 0))
    for number in range(int(opts.get("count", 1))):
        sock.send(build(opts, smac, dmac, src, dst, proto, sport, dport,
                        number))


if __name__ == "__main__":
    main()
