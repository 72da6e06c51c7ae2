#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where files of the program need each other in a circle: a reader of one would have to read all.

What a file needs is what its object leaves undefined and another one defines, so headers and function
tables do not count, calls and variables do.
Usage: check_circles.py BUILD_DIR
"""
import collections
import json
import pathlib
import subprocess
import sys


def symbols(build):
    """(which file defines a symbol, what each file needs)"""
    defined, needed = {}, collections.defaultdict(set)
    commands = json.loads(pathlib.Path(build, "compile_commands.json").read_text())
    words = [entry["command"].split() for entry in commands if "/src/" in entry["file"]]
    objects = [pathlib.Path(build, line[line.index("-o") + 1]) for line in words]
    listing = subprocess.run(["nm", "--print-file-name", *map(str, objects)], capture_output=True, text=True, check=True)
    for line in listing.stdout.splitlines():
        path, rest = line.split(":", 1)
        name = path.rsplit("/src/", 1)[1][: -len(".o")]
        *_, kind, symbol = rest.split()
        if kind == "U":
            needed[name].add(symbol)
        elif kind.isupper():
            defined[symbol] = name
    return defined, needed


def circles(graph):
    """The strongly connected parts of more than one file (Tarjan)."""
    number, lowest, stack, found = {}, {}, [], []

    def visit(file):
        number[file] = lowest[file] = len(number)
        stack.append(file)
        for other in graph[file]:
            if other not in number:
                visit(other)
                lowest[file] = min(lowest[file], lowest[other])
            elif other in stack:
                lowest[file] = min(lowest[file], number[other])
        if lowest[file] == number[file]:
            part = stack[stack.index(file):]
            del stack[stack.index(file):]
            if len(part) > 1:
                found.append(sorted(part))

    for file in sorted(graph):
        if file not in number:
            visit(file)
    return found


def main():
    defined, needed = symbols(sys.argv[1])
    if len(needed) < 100:
        sys.exit("no object files: build the program first")
    files = set(defined.values()) | set(needed)
    graph = {file: {defined[s] for s in needed[file] if s in defined} - {file} for file in files}
    found = circles(graph)
    for part in found:
        print("these files need each other; put what they share below them:")
        for file in part:
            for other in sorted(graph[file] & set(part)):
                names = sorted(s for s in needed[file] if defined.get(s) == other)
                print(f"  {file} needs {', '.join(names)} of {other}")
    return bool(found)


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    sys.exit(main())
