#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where the notes in the drop directory of a newsroom are not those that its store has rows for.

  notes_agree.py NEWSROOM [PATH…]   PATH: of files whose note cannot be written, as something stands in its way
"""
import pathlib
import sqlite3
import sys

MARK = "-- pressroom --\n"
room = pathlib.Path(sys.argv[1])
without_note = set(sys.argv[2:])
releases = room / "releases"
store = sqlite3.connect(f"file:{room}/state/pressroom.db?mode=ro", uri=True)
rows = {note: (path, words) for path, note, words in
        store.execute("SELECT path, note, words FROM intake_report WHERE severity >= 1") if path not in without_note}
notes = {}
for file in releases.rglob("*.problems.txt"):
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() and not file.is_symlink() else ""
    if text.startswith(MARK):
        notes[str(file.relative_to(releases))] = text
troubles = [f"{note}: stands there, and there is no row" for note in notes.keys() - rows.keys()]
troubles += [f"{note}: there is a row ({rows[note][0]}), and no note" for note in rows.keys() - notes.keys()]
for note in notes.keys() & rows.keys():
    for line in rows[note][1].split("\n"):
        if f"  {line}\n" not in notes[note]:
            troubles.append(f"{note}: does not say “{line}”")
marked = store.execute("SELECT COUNT(*) FROM release_note").fetchone()[0]
if marked:
    troubles.append(f"{marked} releases wait for their note")
print("\n".join(troubles), end="\n" if troubles else "")
sys.exit(bool(troubles))
