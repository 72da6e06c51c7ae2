# SPDX-License-Identifier: MIT
"""Files that other programs made: pandoc of a text with all that it can say, LibreOffice of those and of ours."""
import glob
import os
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

TEXT = """---
title: Nyt sundhedshus åbner
subtitle: Fra den 1. juli
---

# Første del

Borgerne i **Lillesund** kan gå til *læge* i deres egen by[^1]. Se [siden](https://nordhav.example/side) eller `kode`.

- Et punkt
- Et punkt til
    - Indre punkt
    - Mere

5. Femte
6. Sjette

> Det er vi glade for, siger formanden.

## Anden del

| By | Antal |
|----|------:|
| Lillesund | 12 |
| Vesterhavn | 7 |

Første linje\\
anden linje. Ä ö ü ß é ñ ł.

[^1]: Noten står her, med **fed** skrift.

---

Sidste afsnit efter stregen.
"""
WORDS = ("Første del Borgerne i Lillesund kan gå til læge i deres egen by Se siden eller kode Et punkt Et punkt til Indre punkt Mere Femte Sjette "
         "Det er vi glade for siger formanden Anden del By Antal Lillesund 12 Vesterhavn 7 Første linje anden linje Ä ö ü ß é ñ ł "
         "Sidste afsnit efter stregen Noten står her med fed skrift")


def convert(files, kind, folder):
    """All at once, in a LibreOffice of its own."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{profile}", "--convert-to", kind, "--outdir", folder, *files],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def by_pandoc(folder):
    for kind in ("docx", "odt", "html"):
        file = os.path.join(folder, f"pandoc.{kind}")
        subprocess.run(["pandoc", "-f", "markdown", "-s", "--metadata", "lang=da", "-o", file], input=TEXT.encode(), check=True)
        title = "" if kind == "html" else "Nyt sundhedshus åbner Fra den 1 juli "
        yield dict(name="pandoc", format=kind, file=file, words=None if kind == "html" else title + WORDS)


# What LibreOffice makes of these it says in other words, or not at all: numbers of pages, what it hides, and files that it mends or dies of (style-circle).
NOT_CONVERTED = ("field-", "contents", "odt-contents", "odt-fields", "caps", "ruby", "odt-ruby", "long", "picture-emf", "macros", "template-type", "style-circle")
# What LibreOffice loses on the way: that something is deleted, hidden, or a place to fill in; which note was meant; letters of a formula.
LOST = {"tracked-both", "odt-section", "odt-hidden-paragraph", "placeholder-word", "note-missing", "formula"}


def by_libre_office(folder, cases):
    made = os.path.join(folder, "libreoffice")
    for source, target in (("docx", "odt"), ("odt", "docx")):
        chosen = [case for case in cases if case["format"] == source and case.get("words") and not case["name"].startswith(NOT_CONVERTED)]
        convert([case["file"] for case in chosen], target, made)
        for case in chosen:
            file = os.path.join(made, f"{os.path.splitext(os.path.basename(case['file']))[0]}.{target}")
            if os.path.exists(file):
                wanted = {} if case["name"] in LOST else dict(words=case["words"], gone=case.get("gone", ""), any_order=case.get("any_order"))
                yield dict(name=f"libreoffice-{case['name']}", format=target, file=file, **{**dict(words=None), **wanted})


def of_mammoth():
    """What its package is tested with."""
    for file in sorted(glob.glob(os.path.join(HERE, "node_modules/mammoth/test/test-data/*.docx"))):
        yield dict(name=f"mammoth-{os.path.splitext(os.path.basename(file))[0]}", format="docx", file=file, words=None)


def cases(folder, own):
    made = list(by_pandoc(folder)) + list(of_mammoth())
    return made + list(by_libre_office(folder, own + made))
