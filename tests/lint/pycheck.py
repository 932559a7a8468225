#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compile Python files without running them, and find names left unused.

Not a type checker: it reports syntax errors and warnings of the compiler,
imports that nothing uses, and names that are used but nowhere made.
"""

import ast
import builtins
import sys

import tree


def names_made(node_tree):
    """Return every name that a module binds anywhere."""
    made = set(dir(builtins)) | {"__file__", "__name__", "__doc__"}
    for node in ast.walk(node_tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            made.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef,
                               ast.ClassDef)):
            made.add(node.name)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                made.add((alias.asname or alias.name).split(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            made.add(node.name)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            made.update(node.names)
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            made.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            made.add(node.rest)
    return made


def check(report, path):
    """Check one file."""
    source = tree.read(path)
    try:
        compile(source, path, "exec", dont_inherit=True)
        parsed = ast.parse(source, path)
    except (SyntaxError, ValueError) as error:
        report.add(path, getattr(error, "lineno", 0) or 0, str(error))
        return

    used = {node.id for node in ast.walk(parsed) if isinstance(node, ast.Name)}
    exported = set()
    for node in ast.walk(parsed):
        if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == "__all__"
                for target in node.targets):
            exported = set(ast.literal_eval(node.value))
    star = False
    for node in ast.walk(parsed):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            if alias.name == "*":
                star = True
                continue
            name = (alias.asname or alias.name).split(".")[0]
            if name not in used | exported:
                report.add(path, node.lineno, f"{name} is imported, not used")

    # Who imports everything may use anything.
    if star:
        return
    made = names_made(parsed)
    for node in ast.walk(parsed):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and \
           node.id not in made:
            report.add(path, node.lineno, f"{node.id} is not defined")


def main():
    """Check the files named."""
    report = tree.Report()
    for path in sys.argv[1:]:
        check(report, path)
    report.exit()


if __name__ == "__main__":
    main()
