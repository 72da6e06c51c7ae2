#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a small PDF: make_pdf.py KIND [WORDS] >FILE, for what looks for a document's tags. KINDS says what there is."""
import sys
import zlib


def objects(catalog, words, packs, extra=b""):
    content = b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % words
    plain = {
        1: catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    if extra:
        plain[6] = extra
    out = {4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)}
    if not packs:
        return plain | out
    heads, bodies = [], b""
    for number, body in plain.items():
        heads.append(b"%d %d" % (number, len(bodies)))
        bodies += body + b"\n"
    head = b" ".join(heads) + b" "
    packed = zlib.compress(head + bodies)
    out[7] = b"<< /Type /ObjStm /N %d /First %d /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(plain), len(head), len(packed), packed)
    return out


def file_of(numbered, trailer=b""):
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    for number, body in sorted(numbered.items()):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    return bytes(out) + b"trailer\n<< /Root 1 0 R /Size 8 %s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, at)


PLAIN = b"<< /Type /Catalog /Pages 2 0 R >>"
TAGGED = b"<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> /StructTreeRoot 6 0 R >>"
TREE = b"<< /Type /StructTreeRoot >>"


def bomb(words):
    packed = zlib.compress(b"1 0 " + PLAIN + b" " * 40_000_000)
    return file_of({7: b"<< /Type /ObjStm /N 1 /First 4 /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)})


KINDS = {
    "plain": lambda words: file_of(objects(PLAIN, words, False)),
    "packed": lambda words: file_of(objects(PLAIN, words, True)),
    "tagged": lambda words: file_of(objects(TAGGED, words, False, TREE)),
    "tagged_packed": lambda words: file_of(objects(TAGGED, words, True, TREE)),
    "marked": lambda words: file_of(objects(b"<< /Type/Catalog/Pages 2 0 R/MarkInfo 6 0 R>>", words, True, b"<</Marked\ntrue>>")),
    "not_marked": lambda words: file_of(objects(b"<< /Type/Catalog/Pages 2 0 R/MarkInfo<</Marked false>>>>", words, False)),
    "revised": lambda words: file_of(objects(PLAIN, words, False)) + b"1 0 obj\n%s\nendobj\n6 0 obj\n%s\nendobj\nstartxref\n9\n%%%%EOF\n" % (TAGGED, TREE),
    "encrypted": lambda words: file_of(objects(PLAIN, words, False), b"/Encrypt 6 0 R "),
    "other_filter": lambda words: file_of(objects(PLAIN, words, True)).replace(b"/Filter /FlateDecode", b"/Filter /LZWDecode"),
    "damaged": lambda words: file_of(objects(PLAIN, words, True)).replace(b"stream\nx", b"stream\ny"),
    "cut": lambda words: file_of(objects(PLAIN, words, False))[:-30],
    "no_catalog": lambda words: file_of(objects(b"<< /Pages 2 0 R >>", words, False)),
    "bomb": bomb,
}

if __name__ == "__main__":
    words = sys.argv[2] if len(sys.argv) > 2 else "Plan"
    sys.stdout.buffer.write(KINDS[sys.argv[1]](words.encode()))
