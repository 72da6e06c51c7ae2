#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a Word file of a release as people have them, from XML of our own (tests/rich_text/parts.py).
Usage: word_file.py KIND FILE     release: a table of fields, a title, a lead, headings, a list, a picture, a table, contacts.
plain: nothing but paragraphs, the first one large and bold. embargo, changed, broken: what the name says.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "rich_text"))
from parts import docx, item, numbering, p, picture, png, relation, run, table  # noqa: E402

BOLD = "<w:b/>"
PROSE = "Broen over fjorden åbner for trafik efter fire års byggeri, og den første bil kører over klokken ti om formiddagen."
IMAGE = relation("rId10", "image", "media/image1.png")
MEDIA = [("word/media/image1.png", png(600, 400))]
BULLETS = numbering(("bullet", "•", 1), ("bullet", "–", 1))


def release():
    fields = table(("Emner", "Trafik"), ("Kontakter", p("Mette Holm, pressechef, 55 10 20 30, mette@nordhav.example")
                                         + p("Anna Lund, ingeniør, 55 10 20 31")), ("Embargo", ""))
    body = (fields + p("Ny bro åbner på onsdag", "Title") + p("Efter fire år er broen færdig.", "Subtitle") + p(PROSE)
            + p("Trafikken lægges om", "Heading2") + p("Det sker i tre trin:") + item("Nattelukning") + item("Omvej") + item("Åbning")
            + p(picture(alternative="Broen set fra nord")) + p("Broen set fra nord. Foto: Ida Lund", "Caption")
            + table(("By", "Biler"), ("Lillesund", "12.000"), ("Vesterhavn", "7.000")) + p("Læs mere på www.nordhav.example."))
    return docx(body, lists=BULLETS, relations=IMAGE, media=MEDIA)


def plain(first=""):
    body = (first + p(run("Ny bro åbner på onsdag", BOLD + '<w:sz w:val="40"/>'))
            + p(run("Efter fire år er broen færdig, og den koster det, som den skulle koste.", BOLD)) + p(PROSE)
            + p(run("Trafikken lægges om", BOLD)) + p(PROSE) + p("– Det er en god dag, siger borgmesteren.")
            + p(run("Kontakt", BOLD)) + p("Mette Holm, pressechef") + p("Tlf. 55 10 20 30"))
    return docx(body)


def embargo():
    return plain(p(run("EMBARGO til torsdag den 11. juni 2026 kl. 6", BOLD)))


def changed():
    changes = ('<w:p><w:r><w:t xml:space="preserve">Broen koster </w:t></w:r><w:del w:id="1" w:author="A"><w:r><w:delText>900</w:delText></w:r></w:del>'
               '<w:ins w:id="2" w:author="A"><w:r><w:t>950</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> mio. kr.</w:t></w:r></w:p>')
    return docx(p("Ny bro åbner på onsdag", "Title") + p(PROSE) + changes)


KINDS = {"release": release, "plain": plain, "embargo": embargo, "changed": changed, "broken": lambda: release()[:-200]}

pathlib.Path(sys.argv[2]).write_bytes(KINDS[sys.argv[1]]())
