#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Our reader of Word files, OpenDocument texts and pages beside others': judges.py PROBE FOLDER

Of our own material we know what is to come of it: each case says the words in their order, what must not be among them, and
what is told. Beside it stand two judges, pandoc and mammoth for Word files, pandoc and LibreOffice for OpenDocument texts:
where the two agree on the words, so must we, but for the cases that EXCEPTIONS explains. FOLDER is made new; the files stay in it.
"""
import concurrent.futures
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import html_cases  # noqa: E402
import odt_cases  # noqa: E402
import other_programs  # noqa: E402
import word_cases  # noqa: E402

# Where both judges agree and we say something else, and why we are right.
LABELS = "numbers that are no plain ones are words, as a text refers to them"
HIDDEN = "neither knows hidden text"
EXCEPTIONS = {
    "list-roman": LABELS, "list-letters": LABELS, "list-legal": LABELS,
    "libreoffice-list-roman": LABELS, "libreoffice-list-letters": LABELS, "libreoffice-list-legal": LABELS,
    "hidden": HIDDEN, "hidden-style": HIDDEN, "odt-hidden": HIDDEN, "odt-hidden-paragraph": HIDDEN,
    "libreoffice-hidden": HIDDEN, "libreoffice-hidden-style": HIDDEN, "libreoffice-odt-hidden": HIDDEN,
    "struck": "neither knows a double line through words",
    "struck-paragraph": "neither looks for that line in styles",
    "field-simple": "neither shows what such a field shows",
    "field-nested": "both show what stands in an instruction",
    "odt-text-box": "neither looks into it",
    "placeholder-word": "neither knows that nobody has written there",
    "ruby": "neither shows it",
}

SILENT = {"script", "style", "template", "head", "s", "del", "strike"}  # what is struck out is never published
APART = {"p", "div", "li", "ul", "ol", "td", "th", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "br", "blockquote", "figcaption", "dt", "dd", "hr", "pre"}

NOTE = re.compile("footnote|sdendnote")


def split(text):
    """Words and numbers, without numbers of notes."""
    text = re.sub("[\u00ad\u200b-\u200f\ufeff]", "", unicodedata.normalize("NFC", text))
    return re.findall(r"[^\W_]+", re.sub(r"\[\d+\]", " ", text))


class Page(html.parser.HTMLParser):
    """The words of a judge's HTML; references to notes, and ways back, are none."""

    def __init__(self):
        super().__init__()
        self.parts, self.silent = [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in APART:
            self.parts.append(" ")
        is_note = tag == "a" and (NOTE.search(attributes.get("class") or "") or re.match("#?(foot|end)note-ref-", attributes.get("href") or attributes.get("id") or "")
                                  or re.match("(foot|end)note-ref-", attributes.get("id") or ""))
        is_edge = tag == "div" and attributes.get("title") in ("header", "footer")
        if (self.silent and tag == self.silent[-1]) or tag in SILENT or is_note or is_edge:
            self.silent.append(tag)

    def handle_endtag(self, tag):
        if tag in APART:
            self.parts.append(" ")
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(data)


def words_of_page(text):
    page = Page()
    page.feed(text)
    page.close()
    return split("".join(page.parts))


# ---- the readers ----

def ours(probe, files):
    found, current = {}, None
    for line in subprocess.run([probe, "words", *files], check=True, capture_output=True).stdout.decode().split("\n"):
        kind, *parts = line.split("\t")
        if kind == "file":
            current = found[parts[0]] = dict(fault=int(parts[1]), detail=parts[2], blocks=[], pictures=[], findings={}, links=[])
        elif kind == "block":
            current["blocks"].append((int(parts[0]), parts[1].split(), " ".join(parts[2].split())))
        elif kind == "picture":
            current["pictures"].append(parts[2])
        elif kind == "finding":
            current["findings"][parts[0]] = parts[3]
        elif kind == "link":
            current["links"].append(parts[0])
    for file in found.values():
        file["words"] = split(" ".join(text for _, _, text in file["blocks"]))
    return found


def pandoc(file):
    """Whole: it takes title and the like from the head of the text, and would leave them out."""
    made = subprocess.run(["pandoc", "-s", "--template", os.path.join(HERE, "pandoc.html"), "-t", "html", "--wrap=none", file], capture_output=True)
    return None if made.returncode else words_of_page(made.stdout.decode())


def mammoth(files):
    found = {}
    made = subprocess.run(["node", os.path.join(HERE, "mammoth.js"), *files], check=True, capture_output=True)
    for line in made.stdout.decode().splitlines():
        answer = json.loads(line)
        found[answer["file"]] = words_of_page(answer["html"]) if "html" in answer else None
    return found


def libre_office(files):
    """What it cannot read, it makes nothing of."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        other_programs.convert(files, "html:HTML (StarWriter):UTF8", folder)
        for file in files:
            path = os.path.join(folder, os.path.splitext(os.path.basename(file))[0] + ".html")
            if os.path.exists(path):
                with open(path, encoding="utf-8") as text:
                    found[file] = words_of_page(text.read())
    return found


# ---- what is wrong ----

def difference(wanted, came):
    at = 0
    while at < min(len(wanted), len(came)) and wanted[at] == came[at]:
        at += 1
    return f"word {at + 1} and on: …{' '.join(wanted[max(0, at - 3):at + 8])}… wanted, …{' '.join(came[max(0, at - 3):at + 8])}… came"


def faults_of(case, came):
    if came["fault"]:
        return [f"refused ({came['fault']}, {came['detail']})"]
    found = []
    if case.get("words") is not None:
        wanted, words = split(case["words"]), came["words"]
        if case.get("any_order"):
            wanted, words = sorted(wanted), sorted(words)
        if wanted != words:
            found.append(difference(wanted, words))
    found += [f"“{word}” is there" for word in split(case.get("gone", "")) if word in came["words"]]
    found += [f"{kind} is not told" for kind in sorted(case.get("findings", set()) - came["findings"].keys())]
    found += [f"{kind} is told" for kind in sorted(case.get("untold", set()) & came["findings"].keys())]
    blocks = {text: (outline, marks) for outline, marks, text in came["blocks"]}
    for text, outline in case.get("outlines", {}).items():
        if blocks.get(text, (0,))[0] != outline:
            found.append(f"“{text}” is no heading of level {outline}: {blocks.get(text)}")
    for text, mark in case.get("marks", {}).items():
        if mark not in blocks.get(text, (0, []))[1]:
            found.append(f"“{text}” is not marked {mark}: {blocks.get(text)}")
    if "pictures" in case and case["pictures"] != came["pictures"]:
        found.append(f"pictures {case['pictures']} wanted, {came['pictures']} came")
    if "some_pictures" in case and case["some_pictures"] != len(came["pictures"]):
        found.append(f"{case['some_pictures']} pictures wanted, {len(came['pictures'])} came")
    if "links" in case and case["links"] != came["links"]:
        found.append(f"links {case['links']} wanted, {came['links']} came")
    return found


def judged(case, came, first, second):
    """Where both agree, so must we."""
    if first is None or first != second or first == came["words"]:
        return []
    return [f"both judges: {difference(first, came['words'])}"]


def main():
    probe, folder = sys.argv[1:]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    cases = list(word_cases.cases()) + list(odt_cases.cases()) + list(html_cases.cases())
    for case in cases:
        case["file"] = os.path.join(folder, f"{case['name']}.{case['format']}")
        with open(case["file"], "wb") as file:
            file.write(case["bytes"])
    cases += other_programs.cases(folder, cases)
    by_format = {kind: [case["file"] for case in cases if case["format"] == kind] for kind in ("docx", "odt", "html")}
    came = ours(probe, [case["file"] for case in cases])
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        zipped = by_format["docx"] + by_format["odt"]
        first = dict(zip(zipped, pool.map(pandoc, zipped)))
    second = mammoth(by_format["docx"]) | libre_office(by_format["odt"])
    agree, needed, bad = 0, set(), 0
    for case in cases:
        file = case["file"]
        agree += first.get(file) is not None and first.get(file) == second.get(file)
        faults = faults_of(case, came[file])
        differs = judged(case, came[file], first.get(file), second.get(file))
        if differs and case["name"] in EXCEPTIONS:
            needed.add(case["name"])
        else:
            faults += differs
        bad += bool(faults)
        for fault in faults:
            print(f"{os.path.basename(file)}: {fault}")
    for name in sorted(EXCEPTIONS.keys() - needed):
        print(f"judges.py: {name} is an exception that nothing needs: take it off the list")
        bad += 1
    print(f"{len(cases)} files, {len(by_format['docx'])} of Word, {len(by_format['odt'])} OpenDocument, {len(by_format['html'])} pages; "
          f"two judges agree on {agree}; {bad} are wrong")
    sys.exit(bad > 0)


main()
