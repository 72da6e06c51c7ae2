#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes everyday shapes of Markdown, a few to a file (links, addresses, emphasis and numbers that meet, in
paragraphs, lists, quotes and tables), and has a fuzz target read them: shapes.py FOLDER -- PROGRAM [OPTION]…"""
import itertools
import pathlib
import subprocess
import sys

PIECES = [
    "ord", "**fed**", "*kursiv*", "_kursiv_", "***begge***", "`kode`", "[link](https://nordhav.example/_x)", "[](https://nordhav.example)",
    "[**fed** link](www.nordhav.example)", "**[link](https://nordhav.example)**", "https://nordhav.example/?q=*ord*",
    "https://nordhav.example/a_(b)_c", "www.nordhav.example", "a_b@nordhav.example", "<https://nordhav.example>", "”citat”", "(parentes)",
    "1. juni", "5 * 3", "snake_case_ord", "[x][1]", "![alt *tekst*](bus.jpg)", "~5", "*", "_", "`", "&amp;", "\\*", "[^1]", "a|b", "<br>",
]
GLUES = ["", " ", "\n", ", "]
PLACES = ["{}", "- {}", "> {}", "## {}", "15. {}", "1. {}\n2. {}", "| {} | b |\n|:-|-:|\n| {} |", "Et\n{}\nto", "    {}", "• {}", "**{}**"]
DEFINITIONS = "\n\n[1]: https://nordhav.example/ref\n\n[^1]: En note\n"

TOGETHER = 8  # shapes in one file


def shapes():
    for first, glue, second in itertools.product(PIECES, GLUES, PIECES):
        yield first + glue + second + " slut"
    for place, first, second in itertools.product(PLACES, PIECES, PIECES):
        words = f"{first} {second}"
        yield place.replace("{}", words)


def main():
    split = sys.argv.index("--")
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    everything = list(shapes())
    for number in range(0, len(everything), TOGETHER):
        text = "\n\nSlut.\n\n".join(everything[number:number + TOGETHER])
        (folder / f"{number:05}").write_text(text + DEFINITIONS, encoding="utf-8")
    sys.exit(subprocess.run([*sys.argv[split + 1:], str(folder)], check=False).returncode)


main()
