#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What holds for every file: licence, white space, modes, no private paths."""

import os
import re
import stat

import tree

UAPI = "((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)"
GPL = {"GPL-2.0", "GPL-2.0-only"}
LGPL = {"LGPL-2.1-or-later"}

# The first rule whose prefix fits gives the licences a file may have.
LICENCES = (
    ("include/uapi/", {UAPI}),
    ("kmod/control/netlink-gen.", {UAPI}),
    ("Documentation/netlink/specs/", {UAPI}),
    ("include/svcseq/", LGPL),
    ("userspace/lib/", LGPL),
    ("Documentation/man/libsvcseq", LGPL),
    ("tests/vm/debug.config", GPL),
    ("", GPL),
)

# A licence line cannot stand in these; a word on why for each.
NO_SPDX = (
    # plain lists of identifiers, read by programs that know no comments
    re.compile(r"^tests/feature-ids\.txt$"),
    # JSON has no comments
    re.compile(r"\.json$"),
    # the licence texts themselves
    re.compile(r"^(COPYING|LICENSES/.*)$"),
    # captured packets and other binary input
    re.compile(r"\.(pcap|png|bin)$"),
)

BINARY = re.compile(r"\.(pcap|png|bin)$")

SPDX = re.compile(r"SPDX-License-Identifier:\s*(.*?)\s*(?:\*/|-->)?\s*$")

# Where a developer's or a build machine's own files live.  Nothing that is
# committed may depend on such a place.
PRIVATE = re.compile(r"(?<![\w.$}{)~*-])/(?:home|root|work|workspace|builds|"
                     r"Users|data|mnt|media)/[\w.-]")

# ... but root's home in a guest is a guest's own.
GUEST = re.compile(r"^tests/vm/")

CONFLICT = re.compile(r"^(?:<{7} |>{7} |={7}$)")


def check_licence(report, path, lines):
    """The licence is named at the top, and is the one of its folder."""
    if any(rule.search(path) for rule in NO_SPDX):
        return
    for number, line in enumerate(lines[:3], 1):
        found = SPDX.search(line)
        if not found:
            continue
        for prefix, allowed in LICENCES:
            if path.startswith(prefix):
                break
        if found.group(1) not in allowed:
            report.add(path, number, f"licence {found.group(1)!r}, "
                       f"expected {' or '.join(sorted(allowed))}")
        return
    report.add(path, 1, "no SPDX-License-Identifier in the first three lines")


def check_space(report, path, lines):
    """White space that no editor shows."""
    for number, line in enumerate(lines, 1):
        if line.endswith("\r"):
            report.add(path, number, "carriage return")
        elif line != line.rstrip():
            report.add(path, number, "trailing white space")
        # a document may show code set in by spaces
        if re.match(r"^\t* +\t", line) and not path.endswith(".rst"):
            report.add(path, number, "space before tab")
        if CONFLICT.match(line) and not path.endswith((".rst", ".md")):
            report.add(path, number, "conflict marker")


def check_private(report, path, lines):
    """No path of one person's or one machine's own."""
    for number, line in enumerate(lines, 1):
        found = PRIVATE.search(line)
        if found and found.group().startswith("/root/") and GUEST.match(path):
            continue
        if found:
            report.add(path, number, "path of a private place: "
                       f"{line[found.start():found.start() + 40].split()[0]}")


def check_mode(report, path):
    """A script can be run, and what can be run is a script."""
    mode = os.lstat(os.path.join(tree.TOP, path)).st_mode
    runs = bool(mode & stat.S_IXUSR)
    script = bool(tree.interpreter(path))
    if runs and not script:
        report.add(path, 0, "executable, but not a script")
    if script and not runs:
        report.add(path, 0, "begins with #! but is not executable")


def check(report, path):
    """All checks of one file."""
    full = os.path.join(tree.TOP, path)
    if os.path.islink(full):
        if not os.path.exists(full):
            report.add(path, 0, "link to nothing")
        elif not os.path.realpath(full).startswith(tree.TOP + os.sep):
            report.add(path, 0, "link out of the tree")
        return
    if re.search(r"[^\w./+,=@-]", path):
        report.add(path, 0, "odd character in the name")
    if tree.is_seed(path):
        return
    check_mode(report, path)
    if BINARY.search(path):
        return

    data = tree.read(path)
    if not data:
        report.add(path, 0, "empty file")
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        report.add(path, 0, f"not UTF-8: {error}")
        return
    if not text.endswith("\n"):
        report.add(path, 0, "no newline at the end")
    if text.endswith("\n\n"):
        report.add(path, 0, "blank line at the end")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    check_licence(report, path, lines)
    check_space(report, path, lines)
    check_private(report, path, lines)


def main():
    """Check the tree."""
    report = tree.Report()
    for path in tree.files():
        check(report, path)
    report.exit()


if __name__ == "__main__":
    main()
