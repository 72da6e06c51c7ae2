#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where docs/ARCHITECTURE.md and the tests name different invariants.

An invariant is a paragraph that begins with **I3** and ends with the tests that hold it; each of these says "Holds I3."
in a comment. Usage: check_invariants.py SOURCE_DIR
"""
import collections
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
page = "docs/ARCHITECTURE.md"
problems = []

listed = {}
for paragraph in (root / page).read_text().split("\n\n"):
    begin = re.match(r"\*\*(I\d+)\*\* ", paragraph)
    if not begin:
        continue
    name = begin.group(1)
    if name in listed:
        problems.append(f"{page}: {name} stands there twice")
    listed[name] = set(re.findall(r"\]\(\.\./(tests/[^)]+)\)", paragraph.partition("\nHeld by:")[2]))

named = collections.defaultdict(set)
for path in sorted((root / "tests").rglob("*")):
    if path.suffix not in (".bats", ".c", ".h", ".py", ".sh") or "node_modules" in path.parts or path.name == "check_invariants.py":
        continue
    for words in re.findall(r"(?:#|/\*) Holds (I\d+(?:, I\d+)*)\.", path.read_text(errors="replace")):
        for name in words.split(", "):
            named[name].add(str(path.relative_to(root)))

if [int(name[1:]) for name in listed] != list(range(1, len(listed) + 1)):
    problems.append(f"{page}: the invariants are not numbered 1, 2, 3 …")
for name in sorted(set(listed) | set(named), key=lambda one: int(one[1:])):
    if name not in listed:
        problems.append(f"{', '.join(sorted(named[name]))}: {name} is no invariant of {page}")
        continue
    if not named[name]:
        problems.append(f"{page}: no test says that it holds {name}")
    for path in sorted(named[name] - listed[name]):
        problems.append(f"{path}: holds {name}; {page} does not say so")
    for path in sorted(listed[name] - named[name]):
        problems.append(f"{page}: {name} is held by {path}, which does not say so")
for problem in problems:
    print(problem)
sys.exit(1 if problems else 0)
