#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Direction of dependencies: who may include and call whom.

Kernel:     core <- table <- path, table <- control; path and control never
            meet; hostsec stands on core; main reads init headers only; one
            file knows netfilter; one folder knows kernel versions.
Userspace:  cli -> lib's public header; only lib knows netlink.
Nothing but tests depends on tests.

With --symbols DIR the same rule is applied to the objects built in DIR:
a function may be called only in a direction in which it may be included.
"""

import os
import re
import subprocess
import sys

import tree

# From each area of kmod/ to the areas that it may include.  "root" is what
# lies in kmod/ itself beside main.c: the private structures, which are made of
# those of the tables.
MAY_INCLUDE = {
    "core": {"core", "uapi"},
    "root": {"core", "root", "table", "uapi"},
    "table": {"core", "root", "table", "uapi"},
    "path": {"core", "root", "table", "path", "uapi"},
    "control": {"core", "root", "table", "control", "uapi"},
    "hostsec": {"core", "hostsec", "uapi"},
    "main": {"root", "table", "path", "control", "hostsec", "uapi"},
    "compat": set(),
}

# What a wing may call is what it may include: structures have no symbols.
MAY_CALL = {area: allowed - {"uapi", "root"}
            for area, allowed in MAY_INCLUDE.items()}

HOOK = "kmod/path/hook.c"

INCLUDE = re.compile(r'^\s*#\s*include(_next)?\s*([<"])([^>"]+)[>"]')
VERSION = re.compile(r"\b(LINUX_VERSION_CODE|KERNEL_VERSION|UTS_RELEASE|"
                     r"RHEL_RELEASE_CODE)\b")
VERSION_HEADER = re.compile(r"^(linux/version\.h|generated/.*)$")
# Kbuild's own names of the version, which would bring it in by -D.
MAKE_VERSION = re.compile(r"\$[({](VERSION|PATCHLEVEL|SUBLEVEL|KERNELVERSION|"
                          r"KERNELRELEASE)\b")

# Headers of a way to talk to the kernel; lib alone has them.
NETLINK = re.compile(r"^(libmnl/|libnl3?/|netlink/|linux/(gen|rt)?netlink\.h)")


def area_of(path):
    """Return the area of a file below kmod/."""
    parts = path.split("/")
    if path == "kmod/main.c":
        return "main"
    if len(parts) == 2:
        return "root"
    return parts[1]


def includes(path):
    """Yield (line number, is include_next, is quoted, name)."""
    text = tree.read(path).decode("utf-8", "replace")
    for number, line in enumerate(text.split("\n"), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, bool(found.group(1)), found.group(2) == '"', \
                found.group(3)


def resolve(path, name, roots, every):
    """Find the file of the tree that a name in quotes means."""
    for base in [os.path.dirname(path)] + roots:
        candidate = os.path.normpath(os.path.join(base, name))
        if candidate in every:
            return candidate
    return None


def check_kernel_file(report, path, every, graph):
    """Includes and version names of one file of the module."""
    area = area_of(path)
    if area not in MAY_INCLUDE:
        report.add(path, 0, f"kmod/{area}/ has no place in the order of "
                   "dependencies; give it one in tests/lint/includes.py")
        return

    for number, is_next, quoted, name in includes(path):
        if is_next and area != "compat":
            report.add(path, number, "include_next outside of kmod/compat")
        if "compat" in name.split("/"):
            report.add(path, number, "names a compat shim: the include path "
                       "finds it")
        if VERSION_HEADER.match(name) and area != "compat":
            report.add(path, number, f"<{name}>: kernel versions are named "
                       "only in kmod/compat")
        if re.match(r"(uapi/)?linux/netfilter", name) and \
           area != "compat" and path != HOOK:
            report.add(path, number, f"<{name}>: netfilter is included only "
                       f"by {HOOK}")
        if not quoted:
            continue
        target = resolve(path, name, ["kmod"], every)
        if not target:
            report.add(path, number, f'"{name}" is not in the tree')
            continue
        graph.setdefault(path, set()).add(target)
        check_edge(report, path, number, area, target)

    if area == "compat":
        return
    text = tree.read(path).decode("utf-8", "replace")
    for number, line in enumerate(text.split("\n"), 1):
        found = VERSION.search(line)
        if found:
            report.add(path, number, f"{found.group(1)} outside of kmod/compat")


def check_edge(report, path, number, area, target):
    """One include in quotes, from an area to a file."""
    if not target.startswith("kmod/"):
        report.add(path, number, f"the module does not include {target}")
        return
    other = area_of(target)
    if other == "main" or target.endswith(".c"):
        # The generated tables have static parts, so one file takes them in.
        if target != "kmod/control/netlink-gen.c" or area != "control":
            report.add(path, number, f"includes a source file, {target}")
    elif other not in MAY_INCLUDE[area]:
        report.add(path, number, f"{area} must not include {target}")


def check_core_system(report, path):
    """The core builds anywhere, so system headers are chosen in one file."""
    if area_of(path) != "core" or os.path.basename(path) == "env.h":
        return
    for number, _, quoted, name in includes(path):
        if not quoted and name != "linux/svcseq.h":
            report.add(path, number, f"<{name}>: system headers of the core "
                       "belong in kmod/core/env.h")


def check_cycles(report, graph):
    """Headers that include each other in a ring."""
    done = set()

    def walk(path, trail):
        if path in trail:
            ring = trail[trail.index(path):] + [path]
            report.add(path, 0, "includes itself: " + " -> ".join(ring))
            return
        if path in done:
            return
        for target in sorted(graph.get(path, ())):
            walk(target, trail + [path])
        done.add(path)

    for path in sorted(graph):
        walk(path, [])


def check_makefile(report, path):
    """A build file of the module does not look at the kernel's version."""
    text = tree.read(path).decode("utf-8", "replace")
    for number, line in enumerate(text.split("\n"), 1):
        found = MAKE_VERSION.search(line)
        if found and not path.startswith("kmod/compat/"):
            report.add(path, number, f"{found.group(1)} outside of kmod/compat")


def check_user_file(report, path, every):
    """Includes of one file of the library, the programs or a public header."""
    wing = path.split("/")[1] if path.startswith("userspace/") else "include"
    for number, _, quoted, name in includes(path):
        target = None
        if quoted:
            target = resolve(path, name, ["include", "userspace"], every)
            if not target:
                report.add(path, number, f'"{name}" is not in the tree')
                continue
        if wing != "lib" and NETLINK.match(name):
            report.add(path, number, f"<{name}>: only userspace/lib speaks "
                       "netlink")
        if not target:
            continue
        if target.startswith(("kmod/", "tests/")):
            report.add(path, number, f"{path.split('/')[0]} must not include "
                       f"{target}")
        if wing == "lib" and target.startswith("userspace/") and \
           not target.startswith("userspace/lib/"):
            report.add(path, number, f"the library must not include {target}")
        if wing == "include" and target.startswith("userspace/"):
            report.add(path, number, f"a public header must not include {target}")
        if wing != "lib" and target.startswith("userspace/lib/"):
            report.add(path, number, f"{target} is the library's own; include "
                       "<svcseq/svcseq.h>")


def check_includes(report):
    """The rule for every source file."""
    every = set(tree.files())
    graph = {}
    for path in sorted(every):
        kind = tree.language(path)
        if path.startswith("kmod/"):
            if kind == "c":
                check_kernel_file(report, path, every, graph)
                check_core_system(report, path)
            elif kind == "make":
                check_makefile(report, path)
        elif kind == "c" and path.startswith(("userspace/", "include/")):
            check_user_file(report, path, every)
    check_cycles(report, graph)


def symbols(path):
    """Return the symbols that an object defines, and those that it needs."""
    defined, needed = set(), set()
    out = subprocess.run(["nm", "-g", "-P", path], check=True,
                         stdout=subprocess.PIPE, text=True).stdout
    for line in out.splitlines():
        words = line.split()
        if len(words) < 2:
            continue
        (needed if words[1] in "Uwv" else defined).add(words[0])
    return defined, needed


def check_symbols(report, build):
    """The rule for calls, read from the objects of the module."""
    objects = {}
    for base, _, names in os.walk(build):
        for name in names:
            source = os.path.relpath(os.path.join(base, name), build)[:-2] + ".c"
            if not name.endswith(".o") or \
               not os.path.exists(os.path.join(tree.TOP, "kmod", source)):
                continue
            objects["kmod/" + source] = symbols(os.path.join(base, name))
    if not objects:
        report.add(build, 0, "no objects of the module here")
        return

    home = {}
    for path, (defined, _) in sorted(objects.items()):
        for name in defined:
            home[name] = path
    for path, (_, needed) in sorted(objects.items()):
        area = area_of(path)
        for name in sorted(needed):
            target = home.get(name)
            if not target or target == path:
                continue
            if area_of(target) not in MAY_CALL[area] | {area}:
                report.add(path, 0, f"{area} must not use {name} of {target}")


def main():
    """Check includes, or calls when told where the objects are."""
    report = tree.Report()
    if len(sys.argv) == 3 and sys.argv[1] == "--symbols":
        check_symbols(report, sys.argv[2])
    elif len(sys.argv) == 1:
        check_includes(report)
    else:
        sys.exit(__doc__)
    report.exit()


if __name__ == "__main__":
    main()
