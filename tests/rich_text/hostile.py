#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files that were made to do harm: hostile.py list; hostile.py make NAME FOLDER (prints the path).

Each is refused with a line that says why, or read without what was meant to harm; which of the two, `list` says."""
import io
import os
import struct
import sys
import warnings
import zipfile
import zlib

sys.dont_write_bytecode = True
warnings.filterwarnings("ignore", "Duplicate name")  # meant so
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import parts  # noqa: E402
import odt_cases  # noqa: E402
from parts import DECLARATION, MAIN_TYPE, PACKAGE, R, W, docx, odt, p, relation, run, table, zipped  # noqa: E402

WORDS = "Et ufarligt afsnit om broen over Lillesund, der åbner til sommer."
BODY = p("Broen over Lillesund", "Title") + p(WORDS)
RELATIONS = f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{relation("rId1", "officeDocument", "word/document.xml")}</Relationships>'
TYPES = (f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{MAIN_TYPE}document.main+xml"/></Types>')
KINDS = {}


def kind(outcome, extension="docx"):
    def add(function):
        KINDS[function.__name__.replace("_", "-")] = (outcome, extension, function)
        return function

    return add


def of_document(document):
    """A Word file of that main part: bytes, or parts of them, which are never in memory together."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", RELATIONS)
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            for piece in [document] if isinstance(document, bytes) else document:
                part.write(piece)
    return file.getvalue()


def around(*inner):
    yield f'<w:document xmlns:w="{W}"><w:body>{p(WORDS)}'.encode()
    for piece in inner:
        yield from piece if not isinstance(piece, bytes) else [piece]
    yield b"</w:body></w:document>"


# ---- bombs ----

@kind("refused")
def bomb_ratio():
    return of_document(around(b" " * (1 << 20) for _ in range(1024)))


@kind("refused")
def bomb_text():
    return of_document(around([b"<w:p><w:r><w:t>"], (b"bombe " * (1 << 18) for _ in range(300)), [b"</w:t></w:r></w:p>"]))


@kind("refused")
def bomb_entries():
    return docx(BODY, more=[(f"word/{n}.xml", "") for n in range(70000)], method=zipfile.ZIP_STORED)


@kind("refused")
def bomb_parts():
    # Each part by itself would do.
    many = [(f"word/media/image{n}.png", parts.png(1, 1) + b"\0" * (20 << 20)) for n in range(40)]
    rels = "".join(relation(f"rId{100 + n}", "image", f"media/image{n}.png") for n in range(40))
    return docx(BODY + "".join(p(parts.picture(f"rId{100 + n}")) for n in range(40)), relations=rels, media=many)


@kind("read")
def bomb_nested():
    # Zip in zip: what nobody opens does nothing.
    inner = zipped([("a", b"\0" * (8 << 20))])
    for _ in range(5):
        inner = zipped([(f"{n}.zip", inner) for n in range(10)])
    return docx(BODY, more=[("word/embeddings/a.zip", inner)])


@kind("refused")
def bomb_depth():
    return of_document(around([b"<w:sdt><w:sdtContent>" * 50000 + b"</w:sdtContent></w:sdt>" * 50000]))


@kind("refused")
def bomb_elements():
    return of_document(around(b"<w:p/>" * 100000 for _ in range(40)))


@kind("refused")
def bomb_attributes():
    return of_document(around([b"<w:p " + b" ".join(b'a%d="1"' % n for n in range(100000)) + b"/>"]))


@kind("refused")
def bomb_attribute():
    return of_document(around([b'<w:p a="' + b"x" * (12 << 20) + b'"/>']))


@kind("refused")
def bomb_spaces():
    return of_document(around(b'<x:p xmlns:x="urn:%d"/>' % n for n in range(400000)))


@kind("read")
def bomb_columns():
    # A row that says it spans two thousand million columns.
    row = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>' + p("a") + "</w:tc></w:tr>"
    return docx(BODY + table(row, ("b",)))


@kind("read")
def bomb_styles():
    chain = "".join(parts.style(f"S{n}", f"s{n}", f"S{n + 1}") for n in range(3000))
    return docx(BODY + "".join(p("ord", "S0") for _ in range(3000)), parts.STYLES + chain)


@kind("refused", "odt")
def odt_bomb():
    return of_odt(b" " * (300 << 20))


@kind("read", "odt")
def odt_repeated():
    # A cell and a space that say they stand there a thousand million times.
    cells = ('<table:table><table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="1000000000">'
             + odt_cases.p("a") + "</table:table-cell></table:table-row></table:table>")
    return odt(odt_cases.p("Broen over Lillesund", "Title") + odt_cases.p(WORDS + '<text:s text:c="1000000000"/>') + cells)


def of_odt(filling):
    whole = odt(odt_cases.p(WORDS) + "@@")
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry).replace(b"@@", filling), zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED)
    return file.getvalue()


# ---- names and directories ----

def with_name(name):
    return docx(BODY, more=[(name, "x")])


@kind("refused")
def name_up():
    return with_name("../../../../tmp/ud.txt")


@kind("refused")
def name_absolute():
    return with_name("/etc/passwd")


@kind("refused")
def name_backslash():
    return with_name("..\\..\\ud.txt")


@kind("refused")
def name_twice():
    return twice("word/document.xml")


@kind("refused")
def name_twice_in_other_case():
    return twice("WORD/Document.XML")


def twice(name):
    """A second document that other readers would take."""
    return docx(BODY, more=[(name, f'<w:document xmlns:w="{W}"><w:body>{p("HEMMELIGT")}</w:body></w:document>')])


@kind("refused")
def entries_overlapping():
    # Many entries of the directory share the same bytes.
    content = b"\0" * (1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0x21, zlib.crc32(content), len(packed), len(content), 5, 0) + b"a.bin" + packed
    directory = b"".join(struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0x21, zlib.crc32(content), len(packed), len(content), 5, 0, 0, 0, 0, 0, 0) + b"a.bin"
                         for n in range(50))
    return local + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 50, 50, len(directory), len(local), 0)


def patched(change):
    content = bytearray(docx(BODY))
    change(content)
    return bytes(content)


@kind("refused")
def size_lie():
    def change(content):
        at = content.find(b"PK\1\2", content.find(b"PK\1\2") + 4)
        while content[at + 46:at + 63] != b"word/document.xml":
            at = content.find(b"PK\1\2", at + 4)
        content[at + 24:at + 28] = struct.pack("<I", 10)

    return patched(change)


@kind("refused")
def cut():
    return docx(BODY)[:-400]


@kind("refused")
def encrypted():
    def change(content):
        for mark, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
            at = content.find(mark)
            while at >= 0:
                content[at + offset] |= 1
                at = content.find(mark, at + 4)

    return patched(change)


@kind("refused")
def encrypted_by_word():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096


@kind("refused")
def rubbish():
    return bytes((n * 7919) % 251 for n in range(20000))


@kind("refused")
def empty():
    return b""


@kind("refused")
def only_zeros():
    return b"\0" * 5000


# ---- two files in one ----

@kind("refused")
def polyglot_pdf():
    return b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n" + docx(BODY) + b"\ntrailer <<>>\n%%EOF\n"


@kind("refused")
def polyglot_page():
    return docx(BODY) + b"<html><body><h1>Hemmeligt</h1><script>alert(1)</script></body></html>"


@kind("refused")
def polyglot_picture():
    return parts.png() + docx(BODY)


@kind("refused")
def workbook():
    return docx(BODY, main="xl/workbook.xml", main_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml")


@kind("refused", "odt")
def odt_spreadsheet():
    return odt(odt_cases.p(WORDS), mimetype="application/vnd.oasis.opendocument.spreadsheet")


# ---- XML ----

def with_type(declaration, reference):
    return of_document(f'<?xml version="1.0"?><!DOCTYPE w:document [{declaration}]><w:document xmlns:w="{W}"><w:body>{p(WORDS)}{p(run(reference))}</w:body></w:document>'.encode())


@kind("refused")
def entity_laughs():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return with_type(f'<!ENTITY l0 "ha">{levels}', "&l11;")


@kind("refused")
def entity_file():
    return with_type('<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;")


@kind("refused")
def entity_parameter():
    return with_type('<!ENTITY % p SYSTEM "http://127.0.0.1:1/p.dtd">%p;', "x")


@kind("refused")
def type_external():
    return of_document(f'<!DOCTYPE w:document SYSTEM "http://127.0.0.1:1/d.dtd"><w:document xmlns:w="{W}"><w:body>{p(WORDS)}</w:body></w:document>'.encode())


@kind("read")
def inclusion():
    return docx(BODY + '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>')


@kind("refused")
def not_xml():
    return of_document(b"<w:document><w:body>" + WORDS.encode())


@kind("refused")
def other_bytes():
    return of_document(f'<w:document xmlns:w="{W}"><w:body>'.encode() + b"<w:p><w:r><w:t>\xff\xfe\x80</w:t></w:r></w:p></w:body></w:document>")


# ---- what would be fetched, run or opened ----

@kind("read")
def picture_elsewhere():
    rels = (relation("rId10", "image", "http://127.0.0.1:@PORT@/pixel.png", True) + relation("rId11", "image", "file:///etc/passwd", True)
            + relation("rId12", "image", "../../../../../../etc/passwd") + relation("rId13", "attachedTemplate", "http://127.0.0.1:@PORT@/evil.dotm", True))
    return docx(BODY + p(parts.picture("rId10", link=True)) + p(parts.picture("rId11", link=True)) + p(parts.picture("rId12")), relations=rels)


@kind("read")
def macros():
    return docx(BODY, main_type="application/vnd.ms-word.document.macroEnabled.main+xml", more=[("word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1AutoOpen")],
                relations=relation("rId13", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"))


@kind("read")
def embedded():
    thing = '<w:r><w:object><o:OLEObject Type="Embed" ProgID="Package" r:id="rId14"/></w:object></w:r>'
    return docx(BODY + p(thing), relations=relation("rId14", "oleObject", "embeddings/oleObject1.bin"),
                more=[("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"MZ" * 500)])


@kind("read")
def field_code():
    return docx(BODY + p(parts.field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"', run("ord")) + parts.field('INCLUDETEXT "/etc/passwd"', run("flere"))))


@kind("read")
def links():
    rels = relation("rId10", "hyperlink", "javascript:alert(1)", True) + relation("rId11", "hyperlink", "data:text/html,&lt;script&gt;", True)
    return docx(BODY + p(f'<w:hyperlink r:id="rId10">{run("et")}</w:hyperlink><w:hyperlink r:id="rId11">{run(" to")}</w:hyperlink>')
                + p(run("&lt;script&gt;alert(1)&lt;/script&gt;")), relations=rels)


# ---- pages ----

def page(body):
    return f"<!DOCTYPE html><html><head><title>Broen over Lillesund</title></head><body><h1>Broen over Lillesund</h1><p>{WORDS}</p>{body}</body></html>".encode()


@kind("refused", "html")
def page_depth():
    return page("<div>" * 100000 + "dybt")


@kind("refused", "html")
def page_attributes():
    return page("<p " + " ".join(f"a{n}=1" for n in range(100000)) + ">x</p>")


@kind("refused", "html")
def page_assertion():
    return page("<table><math><select><mi><select><tr>" * 3000 + "x")


@kind("refused", "html")
def page_long():
    return page("<p>ord ord ord</p>" * 400000)


@kind("read", "html")
def page_elsewhere():
    return page('<img src="http://127.0.0.1:@PORT@/pixel.png" alt=""><link rel=stylesheet href="http://127.0.0.1:@PORT@/a.css"><iframe src="http://127.0.0.1:@PORT@/"></iframe>'
                '<script src="http://127.0.0.1:@PORT@/a.js">alert(1)</script><object data="file:///etc/passwd"></object><p onclick="alert(1)">Mere om broen.</p>')


@kind("refused", "html")
def page_nothing():
    return b"\0" * 3000


def make(name, folder, port):
    outcome, extension, function = KINDS[name]
    path = os.path.join(folder, f"{name}.{extension}")
    content = function()
    if b"@PORT@" in content:
        content = content.replace(b"@PORT@", port.encode())
    elif b"PK\1\2" in content and outcome == "read":
        content = with_port(content, port)
    with open(path, "wb") as file:
        file.write(content)
    return path


def with_port(content, port):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = [(entry.filename, package.read(entry)) for entry in package.infolist()]
    if not any(b"@PORT@" in inner for _, inner in entries):
        return content
    return zipped([(name, inner.replace(b"@PORT@", port.encode())) for name, inner in entries])


if __name__ == "__main__":
    if sys.argv[1] == "list":
        for name, (outcome, extension, _) in KINDS.items():
            print(name, outcome, extension)
    else:
        print(make(*sys.argv[2:]))
