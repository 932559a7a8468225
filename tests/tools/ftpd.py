#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The control connection of an FTP server, enough to log in and to ask for a
file's size and date: `curl -I ftp://...`.  It offers no data connection.

ftpd.py PORT
"""

import socket
import socketserver
import sys

ANSWERS = {
    "USER": "331 a password, please",
    "PASS": "230 logged in",
    "PWD": '257 "/"',
    "CWD": "250 there",
    "TYPE": "200 as you like",
    "SIZE": "213 4711",
    "MDTM": "213 20260102030405",
    "REST": "350 noted",
    "NOOP": "200 still here",
}


class Control(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 svcseq test")
        for line in self.rfile:
            verb = line.decode("ascii", "replace").split(" ")[0].strip().upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            self.say(ANSWERS.get(verb, "502 not here"))


class Server(socketserver.ThreadingTCPServer):
    address_family = socket.AF_INET6
    allow_reuse_address = True
    daemon_threads = True


if len(sys.argv) != 2:
    sys.exit(__doc__)
Server(("::", int(sys.argv[1])), Control).serve_forever()
