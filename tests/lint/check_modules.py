#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where a file under src/ includes what its module may not see, and where a header does not say who may include it.

A module may include its own headers, and of the modules in its USES those that stand in their HEADERS (CMakeLists.txt).
All other headers are for the inside, and a comment in each says so: "Inside MODULE/ only: ...".
Usage: check_modules.py SOURCE_DIR MODULES_FILE   (one "module:uses used ...:header.h header.h ..." a line)
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^#include "([a-z_0-9]+)/([^"]+)"', re.M)


def modules(path, source):
    found = {}
    for line in pathlib.Path(path).read_text().splitlines():
        if line:
            name, uses, headers = line.split(":")
            alone = [f"{name}.h"] if (source / name / f"{name}.h").exists() else []
            found[name] = (set(uses.split()), headers.split() or alone)
    return found


def faults_of(path, module, known):
    uses, headers = known[module]
    text = path.read_text(encoding="utf-8")
    for other, header in INCLUDE.findall(text):
        if other == module:
            continue
        if other not in uses:
            yield f"includes {other}/, which {module} may not use: see USES in CMakeLists.txt"
        elif header not in known[other][1]:
            yield f"includes {other}/{header}, which is not for others: see HEADERS of {other} in CMakeLists.txt"
    if path.suffix == ".h":
        if path.name in headers and f"Inside {module}/ only" in text:
            yield f"says that it is for the inside, and stands in HEADERS of {module} in CMakeLists.txt"
        if path.name not in headers and f"Inside {module}/" not in text:
            yield f'says nowhere "Inside {module}/ only: ...", and no other module may include it'


def main():
    source = pathlib.Path(sys.argv[1])
    known = modules(sys.argv[2], source)
    found = False
    for path in sorted(source.rglob("*.[ch]")):
        module = path.relative_to(source).parts[0]
        faults = faults_of(path, module, known) if module in known else [f"{module}/ is no declared module"]
        for fault in faults:
            print(f"{path}: {fault}")
            found = True
    for module, (_, headers) in known.items():
        for header in headers:
            if not (source / module / header).exists():
                print(f"CMakeLists.txt: {module}/{header} stands in HEADERS and is not there")
                found = True
    return found


if __name__ == "__main__":
    sys.exit(main())
