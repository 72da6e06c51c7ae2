#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes every example of CommonMark's and GitHub's specifications as a file of its own, and has a fuzz target read them:
specification.py FOLDER SPECIFICATION… -- PROGRAM [OPTION]…   (spec.txt, or spec.txt.gz as Debian has it)"""
import gzip
import pathlib
import re
import subprocess
import sys


def read(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return file.read()


def examples(text):
    fence = "`" * 32
    pattern = rf"^{fence} example[^\n]*\n(.*?)^\.\n.*?^{fence}$"
    for match in re.finditer(pattern, text, re.DOTALL | re.MULTILINE):
        yield match.group(1).replace("→", "\t")


def main():
    split = sys.argv.index("--")
    folder = pathlib.Path(sys.argv[1])
    specifications = [pathlib.Path(name) for name in sys.argv[2:split]]
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    count = 0
    for specification in specifications:
        if not specification.exists():
            sys.exit(f"specification.py: {specification} is not there; run script/setup test")
        for example in examples(read(specification)):
            count += 1
            (folder / f"{count:04}").write_text(example, encoding="utf-8")
    if count < 600 * len(specifications):
        sys.exit(f"specification.py: only {count} examples found")
    sys.exit(subprocess.run([*sys.argv[split + 1:], str(folder)], check=False).returncode)


main()
