#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Send generic netlink messages to svcseq exactly as they are written.

Usage: rawnl.py [--cut N | --every-cut | --claim N] [--dump] COMMAND [ATTR]...
       rawnl.py --file FILE

COMMAND is a name as in the header, such as port-add, or a number.  An ATTR is
TYPE=VALUE; TYPE is a name of the header without SVCSEQ_A_, or a number, with a
+ behind it to set the flag for nested attributes.  A VALUE is
    s:TEXT  text with a zero      r:TEXT  text without
    u8:N  u16:N  u32:N  b16:N     numbers, b16 big endian
    x:HEX   bytes, may be empty   [ATTR ATTR...]  attributes

--cut N       leave off the last N bytes, of the message and of its length
--every-cut   send it with every length that is too short, one after the other
--claim N     say that the message is N bytes longer than it is

Prints what the kernel answered: "ok", or the name of the error and the
kernel's sentence; with --every-cut "none", or how many were accepted.  Exits
with 0 if there was an answer.

--file FILE   take lines "REGEX | ARGUMENTS" from there, and compare the
              answer with the regular expression; exit with 1 if any differs
"""

import argparse
import errno
import pathlib
import re
import socket
import struct
import sys

NETLINK_GENERIC = 16
NETLINK_EXT_ACK = 11
NETLINK_CAP_ACK = 10
SOL_NETLINK = 270
GENL_ID_CTRL = 16
CTRL_CMD_GETFAMILY = 3
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP, NLM_F_ACK_TLVS = 1, 4, 0x300, 0x200
NLA_F_NESTED = 0x8000

HEADER = pathlib.Path(__file__).resolve().parents[2] / "include/uapi/linux/svcseq.h"


def names():
    """All enumerators of the header and their values."""
    known = {}
    for body in re.findall(r"\benum\b[^{;]*\{([^}]*)\}", HEADER.read_text()):
        value = 0
        for item in body.split(","):
            match = re.match(r"\s*(\w+)\s*(?:=\s*(\S.*))?$", item.strip())
            if not match:
                continue
            if match[2] and match[2].isdigit():
                value = int(match[2])
            known[match[1]] = value
            value += 1
    return known


NAMES = names()


def number(word, prefix):
    """Value of an enumerator, or the number itself."""
    if word.isdigit():
        return int(word)
    name = prefix + word.upper().replace("-", "_")
    if name not in NAMES:
        sys.exit(f"rawnl.py: no {name} in {HEADER.name}")
    return NAMES[name]


def attribute(kind, payload):
    """One attribute with its padding."""
    head = struct.pack("=HH", 4 + len(payload), kind)
    return head + payload + bytes(-len(payload) % 4)


def parse(words):
    """Attributes up to the end or to a closing bracket."""
    out = b""
    while words and words[0] != "]":
        word = words.pop(0)
        name, _, value = word.partition("=")
        kind = number(name.rstrip("+"), "SVCSEQ_A_")
        if name.endswith("+"):
            kind |= NLA_F_NESTED
        if value.startswith("["):
            if value[1:]:
                words.insert(0, value[1:])
            payload = parse(words)
            if not words:
                sys.exit("rawnl.py: a ] is missing")
            words.pop(0)
        else:
            payload = scalar(value)
        out += attribute(kind, payload)
    return out


def scalar(value):
    """Bytes of a value."""
    form, _, text = value.partition(":")
    packs = {"u8": "=B", "u16": "=H", "u32": "=I", "b16": ">H"}
    if form == "s":
        return text.encode() + b"\0"
    if form == "r":
        return text.encode()
    if form == "x":
        return bytes.fromhex(text)
    if form in packs:
        return struct.pack(packs[form], int(text, 0))
    sys.exit(f"rawnl.py: what is {value}?")


class Link:
    """A socket, and the number of the family."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_GENERIC)
        self.sock.bind((0, 0))
        self.sock.settimeout(60)
        for option in (NETLINK_EXT_ACK, NETLINK_CAP_ACK):
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        self.seq = 0
        self.family = GENL_ID_CTRL
        self.family = self.find_family()

    def find_family(self):
        """Number of the family."""
        self.send(self.message(CTRL_CMD_GETFAMILY,
                               attribute(2, b"svcseq\0"), NLM_F_ACK))
        data = self.sock.recv(65536)
        if struct.unpack_from("=H", data, 4)[0] == NLMSG_ERROR:
            print("rawnl.py: the module is not loaded", file=sys.stderr)
            sys.exit(2)
        for kind, payload in attributes(data[20:]):
            if kind == 1:
                family = struct.unpack("=H", payload)[0]
        self.answer()
        return family

    def message(self, cmd, attrs, flags):
        """A request with right lengths."""
        self.seq += 1
        body = struct.pack("=BBH", cmd, 1, 0) + attrs
        head = struct.pack("=IHHII", 16 + len(body), self.family,
                           NLM_F_REQUEST | flags, self.seq, 0)
        return head + body

    def send(self, message):
        """Bytes as they are."""
        self.sock.send(message)

    def answer(self):
        """Error number and sentence of the answer to the last request."""
        while True:
            data = self.sock.recv(65536)
            while len(data) >= 16:
                size, kind, flags, seq = struct.unpack_from("=IHHI", data)
                if seq == self.seq and kind in (NLMSG_ERROR, NLMSG_DONE):
                    code = -struct.unpack_from("=i", data, 16)[0]
                    skip = 36 if kind == NLMSG_ERROR else 20
                    text = ""
                    if flags & NLM_F_ACK_TLVS:
                        text = sentence(data[skip:size])
                    return code, text
                data = data[(size + 3) & ~3:]


def attributes(data):
    """Type and payload of each."""
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        if size < 4:
            return
        yield kind & 0x3fff, data[4:size]
        data = data[(size + 3) & ~3:]


def sentence(data):
    """The text among the attributes of an answer."""
    for kind, payload in attributes(data):
        if kind == 1:
            return payload.rstrip(b"\0").decode(errors="replace")
    return ""


def shorten(message, size):
    """The message with another length."""
    return struct.pack("=I", size) + message[4:size]


def arguments():
    """What a line may hold."""
    options = argparse.ArgumentParser()
    options.add_argument("--file")
    options.add_argument("--cut", type=int, default=0)
    options.add_argument("--every-cut", action="store_true")
    options.add_argument("--claim", type=int, default=0)
    options.add_argument("--dump", action="store_true")
    options.add_argument("command", nargs="?")
    options.add_argument("attr", nargs="*")
    return options


def run(link, args):
    """Send a message, return what is answered."""
    words = " ".join(args.attr).replace("]", " ] ").split()
    attrs = parse(words)
    if words:
        sys.exit("rawnl.py: a ] too many")
    cmd = number(args.command, "SVCSEQ_CMD_")
    flags = NLM_F_DUMP if args.dump else NLM_F_ACK
    full = link.message(cmd, attrs, flags)

    if args.every_cut:
        accepted = 0
        for size in range(16, len(full)):
            link.send(shorten(link.message(cmd, attrs, flags), size))
            accepted += link.answer()[0] == 0
        return f"{accepted} of {len(full) - 16}" if accepted else "none"
    if args.claim:
        link.send(struct.pack("=I", len(full) + args.claim) + full[4:])
        # Such a message gets no answer; the next one does.
        link.send(link.message(cmd, attrs, flags))
    else:
        link.send(shorten(full, len(full) - args.cut))
    code, text = link.answer()
    name = errno.errorcode.get(code, str(code)) if code else "ok"
    return f"{name} {text}".rstrip()


def main():
    """The whole program."""
    options = arguments()
    args = options.parse_args()
    link = Link()
    if not args.file:
        print(run(link, args))
        return 0
    wrong = sent = 0
    for line in pathlib.Path(args.file).read_text().splitlines():
        if line.startswith("#") or not line:
            continue
        want, _, words = line.partition(" | ")
        got = run(link, options.parse_args(words.split()))
        sent += 1
        if not re.match(f"{want}", got) or (want == "ok") != (got == "ok"):
            wrong += 1
            print(f"{words}\n    answered '{got}', wanted '{want}'")
    print(f"{sent} messages, {wrong} wrong answers")
    return 1 if wrong or not sent else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except socket.timeout:
        print("rawnl.py: no answer", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"rawnl.py: {error}", file=sys.stderr)
        sys.exit(2)
