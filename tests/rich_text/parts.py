# SPDX-License-Identifier: MIT
"""Files of word processors from XML of our own: the least that each program's file has, and what a case adds to it."""
import io
import struct
import zipfile
import zlib

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {W: "http://purl.oclc.org/ooxml/wordprocessingml/main", R: "http://purl.oclc.org/ooxml/officeDocument/relationships",
          "http://schemas.openxmlformats.org/drawingml/2006/": "http://purl.oclc.org/ooxml/drawingml/"}
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
SPACES = (f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
          'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
          'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
          'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
          'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
          'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
          'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
          'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"')
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    """The same bytes each time; a part whose name is "mimetype" is stored, as OpenDocument wants it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else method
            package.writestr(entry, content if isinstance(content, bytes) else content.encode())
    return file.getvalue()


def png(width=60, height=40, colour=b"\xc0\x20\x30"):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress((b"\0" + colour * width) * height)) + chunk(b"IEND", b""))


# ---- Word ----

def p(content, style="", properties=""):
    """A paragraph; of words, or of runs."""
    style = style and f'<w:pStyle w:val="{style}"/>'
    properties = f"<w:pPr>{style}{properties}</w:pPr>" if style or properties else ""
    return f"<w:p>{properties}{content if content.startswith('<') or not content else run(content)}</w:p>"


def run(words, properties=""):
    properties = properties and f"<w:rPr>{properties}</w:rPr>"
    return f'<w:r>{properties}<w:t xml:space="preserve">{words}</w:t></w:r>'


def field(instruction, result):
    """A field as Word writes it: begin, instruction, separate, result, end."""
    return ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>')


def table(*rows, properties=""):
    """Rows of cells; a cell is words, or XML of blocks."""
    def cell(content):
        return f"<w:tc>{content if content.startswith('<') else p(content)}</w:tc>"

    return (f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid/>"
            + "".join(row if isinstance(row, str) else f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows) + "</w:tbl>")


def picture(relation="rId10", alternative="", name="Picture 1", link=False):
    which = "r:link" if link else "r:embed"
    return ('<w:r><w:drawing><wp:inline><wp:extent cx="1000000" cy="700000"/>'
            f'<wp:docPr id="1" name="{name}" descr="{alternative}"/><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            f'<pic:cNvPr id="1" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip {which}="{relation}"/></pic:blipFill>'
            "<pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>")


def style(identifier, name, based="", paragraph="", run_properties="", kind="paragraph", default=""):
    based = based and f'<w:basedOn w:val="{based}"/>'
    return (f'<w:style w:type="{kind}" w:styleId="{identifier}"{default}><w:name w:val="{name}"/>{based}'
            f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run_properties}</w:rPr></w:style>")


HEADINGS = "".join(style(f"Heading{n}", f"heading {n}", "Normal", f'<w:outlineLvl w:val="{n - 1}"/>', "<w:b/>") for n in range(1, 10))
STYLES = (style("Normal", "Normal", default=' w:default="1"') + HEADINGS + style("Title", "Title", "Normal", "", '<w:sz w:val="56"/>')
          + style("Subtitle", "Subtitle", "Normal") + style("Quote", "Quote", "Normal", "", "<w:i/>") + style("Caption", "caption", "Normal")
          + style("ListParagraph", "List Paragraph", "Normal") + style("Hyperlink", "Hyperlink", kind="character"))


def numbering(*levels):
    """List 1, with a level for each (format, text, start)."""
    level = "".join(f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
                    for n, (form, text, start) in enumerate(levels))
    return (f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
            f'<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>')


def item(words, level=0, number=1):
    return p(words, "ListParagraph", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def relation(identifier, kind, target, external=False):
    mode = ' TargetMode="External"' if external else ""
    kind = kind if ":" in kind else f"{R}/{kind}"
    return f'<Relationship Id="{identifier}" Type="{kind}" Target="{target}"{mode}/>'


def docx(body, styles=STYLES, lists="", notes="", endnotes="", comments="", header="", relations="", media=(), more=(), types="",
         main="word/document.xml", main_type=MAIN_TYPE + "document.main+xml", strict=False, encoding="utf-8", settings="",
         method=zipfile.ZIP_DEFLATED):
    """The bytes of a Word file; relations are those of the main part, beside the ones that the parts here need."""
    folder, base = main.rsplit("/", 1) if "/" in main else ("", main)
    inside = {}
    known = []
    for number, (name, content, kind) in enumerate((("styles", styles, "styles"), ("numbering", lists, "numbering"), ("footnotes", notes, "footnotes"),
                                                   ("endnotes", endnotes, "endnotes"), ("comments", comments, "comments"), ("header1", header, "header"),
                                                   ("settings", settings, "settings")), 1):
        root = {"header1": "hdr"}.get(name, name)
        if content:
            inside[name] = (f"<w:{root} {SPACES}>{content}</w:{root}>", kind)
            known.append(relation(f"rId{number}", kind, f"{name}.xml"))
    section = '<w:sectPr><w:headerReference w:type="default" r:id="rId6"/></w:sectPr>' if header else "<w:sectPr/>"
    overrides = "".join(f'<Override PartName="/{folder}/{name}.xml" ContentType="{MAIN_TYPE}{kind}+xml"/>' for name, (_, kind) in inside.items())
    parts = [("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
              'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
              f'<Default Extension="png" ContentType="image/png"/><Override PartName="/{main}" ContentType="{main_type}"/>{overrides}{types}</Types>'),
             ("_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{relation("rId1", "officeDocument", main)}</Relationships>'),
             (main, f"<w:document {SPACES}><w:body>{body}{section}</w:body></w:document>"),
             (f"{folder}/_rels/{base}.rels".lstrip("/"), f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(known)}{relations}</Relationships>')]
    parts += [(f"{folder}/{name}.xml".lstrip("/"), content) for name, (content, _) in inside.items()]
    done = []
    for name, content in parts:
        for transitional, other in STRICT.items() if strict else ():
            content = content.replace(transitional, other)
        declaration = DECLARATION.replace("UTF-8", encoding.upper())
        done.append((name, (declaration + content).encode(encoding) if name.endswith(main) else (DECLARATION + content).encode()))
    return zipped(done + list(media) + list(more), method)


# ---- OpenDocument ----

ODT_SPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in (
    ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"), ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
    ("style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"), ("fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
    ("table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"), ("draw", "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"),
    ("svg", "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"), ("xlink", "http://www.w3.org/1999/xlink"),
    ("dc", "http://purl.org/dc/elements/1.1/"), ("meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0")))
ODT_TYPE = "application/vnd.oasis.opendocument.text"
ODT_STYLES = "".join(f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph" style:parent-style-name="Standard"{level}/>'
                     for name, shown, level in (("Title", "Title", ""), ("Subtitle", "Subtitle", ""), ("Quotations", "Quotations", ""), ("Caption", "Caption", ""),
                                                ("Heading_20_1", "Heading 1", ' style:default-outline-level="1"'),
                                                ("Heading_20_2", "Heading 2", ' style:default-outline-level="2"')))


def automatic(name, properties, family="text", parent=""):
    parent = parent and f' style:parent-style-name="{parent}"'
    return f'<style:style style:name="{name}" style:family="{family}"{parent}>{properties}</style:style>'


def odt(body, styles="", automatic_styles="", media=(), more=(), mimetype=ODT_TYPE, manifest=""):
    files = "".join(f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="image/png"/>' for name, _ in media)
    return zipped([("mimetype", mimetype),
                   ("content.xml", f'{DECLARATION}<office:document-content {ODT_SPACES} office:version="1.3"><office:automatic-styles>{automatic_styles}'
                    f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"),
                   ("styles.xml", f'{DECLARATION}<office:document-styles {ODT_SPACES} office:version="1.3"><office:styles>'
                    f'<style:style style:name="Standard" style:family="paragraph"/>{ODT_STYLES}{styles}</office:styles></office:document-styles>'),
                   ("META-INF/manifest.xml", f'{DECLARATION}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/>'
                    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
                    f'<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>{files}{manifest}</manifest:manifest>')]
                  + list(media) + list(more))
