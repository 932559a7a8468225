# SPDX-License-Identifier: GPL-2.0
"""The files of the project, and what the checkers of this folder share."""

import fnmatch
import os
import sys

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))

# Not the project's: history, build output, what an interpreter leaves behind.
SKIP_DIRS = {".git", "build", "__pycache__"}

# Written by the kernel's generator, whose style is not ours to choose.
GENERATED = {
    "include/uapi/linux/svcseq.h",
    "kmod/control/netlink-gen.c",
    "kmod/control/netlink-gen.h",
}


def ignored():
    """Return pairs of folder and name pattern from .gitignore.

    Only the forms that it uses: /FOLDER/**/PATTERN, and PATTERN for anywhere.
    """
    pairs = []
    try:
        lines = read(".gitignore").decode("utf-8").split("\n")
    except OSError:
        return pairs
    for line in lines:
        if not line or line.startswith("#") or line.endswith("/"):
            continue
        folder, _, name = line.rpartition("/")
        pairs.append((folder.removesuffix("**").strip("/"), name))
    return pairs


def files():
    """Yield the path of every file, relative to the top, in a fixed order."""
    skip = ignored()
    for base, dirs, names in os.walk(TOP):
        dirs[:] = sorted(d for d in dirs if d not in SKIP_DIRS)
        for name in sorted(names):
            path = os.path.relpath(os.path.join(base, name), TOP)
            if not any(path.startswith(folder) and
                       fnmatch.fnmatch(name, pattern)
                       for folder, pattern in skip):
                yield path


def read(path):
    """Return the bytes of a file of the tree."""
    with open(os.path.join(TOP, path), "rb") as stream:
        return stream.read()


def is_seed(path):
    """Tell whether a file is input for a fuzzer: any bytes at all."""
    return path.startswith("tests/fuzz/seeds/")


def interpreter(path):
    """Return the name of the program after #!, or an empty string."""
    try:
        with open(os.path.join(TOP, path), "rb") as stream:
            line = stream.readline(200)
    except OSError:
        return ""
    if not line.startswith(b"#!"):
        return ""
    words = line[2:].decode("utf-8", "replace").split()
    if not words:
        return ""
    name = os.path.basename(words[0])
    if name == "env" and len(words) > 1:
        name = words[1]
    return name


def language(path):
    """Return c, shell, python, yaml, man, make or an empty string."""
    name = os.path.basename(path)
    if is_seed(path):
        return ""
    if name.endswith((".c", ".h")):
        return "c"
    if name.endswith((".yaml", ".yml")) or name in (".yamllint", ".clang-tidy"):
        return "yaml"
    if name.endswith(".py"):
        return "python"
    if name.endswith((".sh", ".bash")) or "/completion/" in path:
        return "shell"
    if len(name) > 2 and name[-2] == "." and name[-1] in "12345678":
        return "man"
    if name in ("Makefile", "Kbuild") or name.endswith(".mk"):
        return "make"
    program = interpreter(path)
    if program in ("sh", "bash", "dash"):
        return "shell"
    if program.startswith("python"):
        return "python"
    # A fragment that is sourced has no interpreter line, but says so.
    try:
        if b"# shellcheck shell=" in read(path)[:400]:
            return "shell"
    except OSError:
        pass
    return ""


class Report:
    """Findings of a checker; the exit status says whether there were any."""

    def __init__(self):
        self.count = 0

    def add(self, path, line, text):
        """Print one finding in the form compilers use."""
        where = f"{path}:{line}" if line else path
        print(f"{where}: {text}")
        self.count += 1

    def exit(self):
        """End the program."""
        sys.exit(1 if self.count else 0)


if __name__ == "__main__":
    # tree.py LANGUAGE [PREFIX...]: the files of a language, one per line
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    prefixes = tuple(sys.argv[2:])
    for one in files():
        if prefixes and not one.startswith(prefixes):
            continue
        if one in GENERATED:
            continue
        if language(one) == wanted:
            print(one)
