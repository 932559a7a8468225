# SPDX-License-Identifier: GPL-2.0
"""Read captures: just enough of pcap, Ethernet, IP, TCP and UDP for the tests.

Scapy takes seconds to start in an emulated guest; this takes none.
"""

import socket
import struct

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
NAMES = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMP6: "icmp6"}
FLAGS = "FSRPAUEC"


def ones(data):
    """Ones' complement sum of data, folded to 16 bits (0xffff for zero)."""
    if len(data) & 1:
        data += b"\0"
    return int.from_bytes(data, "big") % 0xffff


def same_sum(a, b):
    """Both zeros of the ones' complement are the same."""
    return a % 0xffff == b % 0xffff


def text_mac(raw):
    return raw.hex(":")


def text_ip(raw):
    return socket.inet_ntop(
        socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw)


def raw_ip(text):
    return socket.inet_pton(
        socket.AF_INET6 if ":" in text else socket.AF_INET, text)


class Packet:
    """An IP packet; `inner` is the one that a FOU packet carries."""

    __slots__ = ("raw", "version", "src", "dst", "ttl", "proto", "ident",
                 "l4", "sport", "dport", "payload", "inner", "fragment")

    def __init__(self, raw):
        self.raw = raw
        self.version = raw[0] >> 4
        self.sport = self.dport = None
        self.inner = None
        self.fragment = False
        if self.version == 4:
            head = (raw[0] & 15) * 4
            total = struct.unpack_from("!H", raw, 2)[0]
            # A frame may be padded.
            self.raw = raw = raw[:total]
            self.ident = raw[4:6]
            self.fragment = bool(struct.unpack_from("!H", raw, 6)[0] & 0x3fff)
            self.ttl = raw[8]
            self.proto = raw[9]
            self.src, self.dst = raw[12:16], raw[16:20]
        elif self.version == 6:
            head = 40
            total = struct.unpack_from("!H", raw, 4)[0] + 40
            self.raw = raw = raw[:total]
            self.ident = b""
            self.proto = raw[6]
            self.ttl = raw[7]
            self.src, self.dst = raw[8:24], raw[24:40]
        else:
            raise ValueError("neither IPv4 nor IPv6")
        self.l4 = head
        self.payload = b""
        if self.proto in (TCP, UDP) and len(raw) >= head + 8:
            self.sport, self.dport = struct.unpack_from("!HH", raw, head)
            if self.proto == UDP:
                self.payload = raw[head + 8:]
            else:
                self.payload = raw[head + (raw[head + 12] >> 4) * 4:]

    def open_fou(self):
        """Look into a FOU packet."""
        if self.inner is None:
            self.inner = Packet(self.payload)
        return self.inner

    def tcp_flags(self):
        bits = self.raw[self.l4 + 13]
        return "".join(f for i, f in enumerate(FLAGS) if bits & 1 << i) or "-"

    def _csum_at(self):
        return self.l4 + (16 if self.proto == TCP else 6)

    def checksums(self):
        """The state of the checksums: "ok", "partial" (the pseudo header is
        in, the device is to do the rest), "none" (UDP without one), or
        "bad ..."."""
        raw = self.raw
        if self.version == 4 and not same_sum(ones(raw[:self.l4]), 0):
            return "bad IPv4 header checksum"
        if self.proto not in (TCP, UDP) or self.fragment:
            return "ok"
        at = self._csum_at()
        field = struct.unpack_from("!H", raw, at)[0]
        if self.proto == UDP and field == 0:
            return "none" if self.version == 4 else "bad: UDP/IPv6 without one"
        length = len(raw) - self.l4
        pseudo = self.src + self.dst + struct.pack("!II", length, self.proto)
        if same_sum(ones(pseudo) + ones(raw[self.l4:]), 0):
            return "ok"
        if same_sum(ones(pseudo), field):
            return "partial"
        if self.inner is not None and self.inner.checksums() == "partial":
            # The sum over the outer packet was taken as if the inner one
            # were complete already, for the device will complete it.
            inner = bytearray(self.inner.raw)
            at = self.inner._csum_at()
            ipseudo = self.inner.src + self.inner.dst + struct.pack(
                "!II", len(inner) - self.inner.l4, self.inner.proto)
            inner[at:at + 2] = b"\0\0"
            full = 0xffff - (ones(ipseudo) + ones(
                bytes(inner[self.inner.l4:]))) % 0xffff
            struct.pack_into("!H", inner, at, full)
            start = len(raw) - len(self.payload)
            if same_sum(ones(pseudo) + ones(raw[self.l4:start]) +
                        ones(bytes(inner)), 0):
                return "ok"
        return f"bad {NAMES[self.proto]} checksum {field:#06x}"

    def key(self, reply):
        """What stays the same of this packet on its way through a chain: all
        but TTL, checksums, and the address and port of the service."""
        raw = self.raw
        if reply:
            client, port = self.dst, self.dport
        else:
            client, port = self.src, self.sport
        if self.proto == TCP:
            start = len(raw) - len(self.payload)
            rest = raw[self.l4 + 4:self.l4 + 16] + raw[self.l4 + 20:start]
        else:
            rest = b""
        return (self.proto, client, port, self.ident, rest,
                hash(self.payload), len(self.payload))

    def masked(self):
        """The packet without what address translation may change."""
        raw = bytearray(self.raw)
        if self.version == 4:
            raw[10:20] = bytes(10)
        else:
            raw[8:40] = bytes(32)
        if self.sport is not None:
            raw[self.l4:self.l4 + 4] = bytes(4)
            at = self._csum_at()
            raw[at:at + 2] = b"\0\0"
        return bytes(raw)

    def text(self):
        def end(addr, port):
            addr = text_ip(addr)
            if port is None:
                return addr
            return f"[{addr}]:{port}" if ":" in addr else f"{addr}:{port}"

        out = (f"{NAMES.get(self.proto, self.proto)} "
               f"{end(self.src, self.sport)} > {end(self.dst, self.dport)}")
        if self.proto == TCP and self.sport is not None:
            out += f" {self.tcp_flags()}"
        return out + f" len {len(self.raw)}"


class Frame:
    """One captured Ethernet frame; `ip` is None if it is no IP."""

    __slots__ = ("time", "dmac", "smac", "vlan", "kind", "ip", "raw")

    def __init__(self, time, raw):
        self.time = time
        self.raw = raw
        self.dmac = raw[0:6]
        self.smac = raw[6:12]
        self.kind = struct.unpack_from("!H", raw, 12)[0]
        self.vlan = None
        head = 14
        if self.kind == 0x8100:
            self.vlan = struct.unpack_from("!H", raw, 14)[0] & 0xfff
            self.kind = struct.unpack_from("!H", raw, 16)[0]
            head = 18
        self.ip = None
        if self.kind in (0x0800, 0x86dd) and len(raw) > head + 20:
            self.ip = Packet(raw[head:])

    def text(self):
        what = self.ip.text() if self.ip else f"type {self.kind:#06x}"
        vlan = f" vlan {self.vlan}" if self.vlan is not None else ""
        return (f"{self.time / 1e9:.6f} {text_mac(self.smac)} > "
                f"{text_mac(self.dmac)}{vlan} {what}")


def read_pcap(path):
    """Every frame of a capture file, times in nanoseconds."""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 24:
        raise ValueError(f"{path}: no capture file")
    magic = data[:4]
    order = "<" if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    scale = 1 if magic in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") else 1000
    at = 24
    head = struct.Struct(order + "IIII")
    while at + 16 <= len(data):
        sec, frac, have, length = head.unpack_from(data, at)
        at += 16
        if at + have > len(data):
            break
        if have < length:
            raise ValueError(f"{path}: a frame was cut from {length} to {have}")
        yield Frame(sec * 10**9 + frac * scale, data[at:at + have])
        at += have
