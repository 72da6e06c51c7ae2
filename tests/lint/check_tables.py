#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds SQL to the floors of the modules and to names for numbers.

Fails where a module's SQL names a table or view of a module that it may not use (a table belongs to the module whose
schema.c makes it), and where it compares or sets a column that holds numbers of an enum with a bare number: an SQL macro
(src/database/sql_macro.h) says which one is meant. A column holds them where its comment in schema.c says "enum NAME";
of bits (a comment "bits of enum NAME") 0 may be said.

Usage: check_tables.py SOURCE_DIR MODULES_FILE   (one "module: used used ..." a line)
"""
import pathlib
import re
import sys

# Views that a module below their owner may see: whether a mail may still leave is asked in the statement that marks its
# row, and who may be mailed, and follows what, is known above.
SEEN_FROM_BELOW = {
    "queue": {"mailable_subscriber", "known_subscriber", "immediate_subscription", "open_request"},
    "digest": {"mailable_subscriber", "active_subscription", "digest_subscription", "immediate_subscription"},
}

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"((?:[^"\\\n]|\\.)*)"|\'(?:[^\'\\\n]|\\.)*\'', re.S)


def literals(text):
    """Each run of adjoining string literals as (line, text); what stands between them, a macro, becomes a space."""
    runs, last = [], None
    for token in TOKEN.finditer(text):
        if token.group(1) is None:
            continue
        between = text[last:token.start()] if last is not None else ";"
        between = re.sub(r"/\*.*?\*/", "", between, flags=re.S)
        if re.fullmatch(r"[\s\\]*|[\s\\]*[A-Z_]+[\s\\]*", between):
            runs[-1][1] += ("" if not between.strip(" \t\n\\") else " ") + token.group(1)
        else:
            runs.append([text.count("\n", 0, token.start()) + 1, token.group(1)])
        last = token.end()
    return runs


def main(source, modules_file):
    source = pathlib.Path(source)
    uses = {}
    for line in pathlib.Path(modules_file).read_text().split("\n"):
        if line:
            module, used = line.split(":")[:2]
            uses[module] = set(used.split())
    owner, enumerated, bits = {}, set(), set()
    for schema in sorted(source.glob("*/schema.c")):
        text = schema.read_text()
        for name in re.findall(r"CREATE (?:TABLE|VIEW)(?: IF NOT EXISTS)? (\w+)", text):
            owner[name] = schema.parent.name
        for column, comment in re.findall(r'" (\w+) @integer@[^\n]*?/\* ((?:bits of )?enum \w+|[^*]*bits of enum \w+)', text):
            (bits if "bits of" in comment else enumerated).add(column)
    names = "|".join(sorted(enumerated | bits))
    # A view may be named before the alias of its table; a column may stand behind one.
    bare = re.compile(rf"(?<![\w@])(?:\w+\.)?({names}) ?(?:=|<>|<=|>=|<|>) ?(-?\d+)|(?<![\w@])(?:\w+\.)?({names}) (?:NOT )?IN \((-?\d[^)]*)\)")
    tables = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|ON|TABLE|REFERENCES) (\w+)")
    found = 0
    for path in sorted(source.glob("*/*.[ch]")):
        module = path.parent.name
        for line, sql in literals(path.read_text()):
            if not re.search(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|WHERE|AND|JOIN|FROM|CASE|state)\b", sql):
                continue
            for table in tables.findall(sql):
                of = owner.get(table)
                if of and of != module and of not in uses.get(module, ()) and table not in SEEN_FROM_BELOW.get(module, ()):
                    print(f"{path}:{line}: names {table} of {of}/, which {module} may not use")
                    found = 1
            for match in bare.finditer(sql):
                column, number = match.group(1) or match.group(3), match.group(2) or match.group(4)
                if column in bits and number == "0":
                    continue
                print(f"{path}:{line}: bare number: {match.group(0)}")
                found = 1
    return found


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
