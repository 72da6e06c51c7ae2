/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "rich_text/rich_text.h"
#include "unit/rich_text/describe.h"
#include "unit/rich_text/docx_file.h"
#include "unit/rich_text/letters.h"

#include <stdio.h>

#define T(WORDS) "<w:t xml:space='preserve'>" WORDS "</w:t>"
#define R(WORDS) "<w:r>" T(WORDS) "</w:r>"
#define RP(PROPERTIES, WORDS) "<w:r><w:rPr>" PROPERTIES "</w:rPr>" T(WORDS) "</w:r>"
#define P(RUNS) "<w:p>" RUNS "</w:p>"
#define PP(PROPERTIES, RUNS) "<w:p><w:pPr>" PROPERTIES "</w:pPr>" RUNS "</w:p>"
#define STYLED(STYLE, RUNS) PP("<w:pStyle w:val='" STYLE "'/>", RUNS)
#define NUMBERED(LIST, LEVEL, RUNS)                                                                \
    PP("<w:numPr><w:ilvl w:val='" LEVEL "'/><w:numId w:val='" LIST "'/></w:numPr>", RUNS)
#define INS(RUNS) "<w:ins w:id='1' w:author='A'>" RUNS "</w:ins>"
#define DEL(WORDS)                                                                                 \
    "<w:del w:id='2' w:author='A'><w:r><w:delText>" WORDS "</w:delText></w:r></w:del>"
#define FIELD(KIND) "<w:r><w:fldChar w:fldCharType='" KIND "'/></w:r>"
#define CODE(WORDS) "<w:r><w:instrText xml:space='preserve'>" WORDS "</w:instrText></w:r>"
#define CELL(RUNS) "<w:tc>" P(RUNS) "</w:tc>"
#define ROW(CELLS) "<w:tr>" CELLS "</w:tr>"
#define TABLE(ROWS) "<w:tbl>" ROWS "</w:tbl>"

static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0";

/* Parts beside the document. */
static const struct {
    const char *name;
    const char *text;
} parts[] = {
    { "word/styles.xml",
      "<w:styles" DOCX_SPACES ">"
      "<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val='22'/></w:rPr></w:rPrDefault></w:docDefaults>"
      "<w:style w:type='paragraph' w:default='1' w:styleId='Normal'><w:name w:val='Normal'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='Overskrift1'><w:name w:val='heading 1'/>"
      "<w:basedOn w:val='Normal'/><w:pPr><w:outlineLvl w:val='0'/></w:pPr>"
      "<w:rPr><w:b/><w:sz w:val='32'/></w:rPr></w:style>"
      "<w:style w:type='paragraph' w:styleId='Egen'><w:name w:val='Vores overskrift'/>"
      "<w:basedOn w:val='Overskrift1'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='Rubrik2'><w:name w:val='Rubrik 2'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='berschrift3'><w:name w:val='Überschrift 3'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='TocHeading'><w:name w:val='TOC Heading'/>"
      "<w:basedOn w:val='Overskrift1'/><w:pPr><w:outlineLvl w:val='9'/></w:pPr></w:style>"
      "<w:style w:type='paragraph' w:styleId='Titel'><w:name w:val='Title'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='Undertitel'><w:name w:val='Subtitle'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='Citat'><w:name w:val='Quote'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='Staerkt'><w:name w:val='Intense Quote'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='Billedtekst'><w:name w:val='caption'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='Kode'><w:name w:val='HTML Preformatted'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='Listeafsnit'><w:name w:val='List Paragraph'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='Punkt'><w:name w:val='List Bullet'/>"
      "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
      "<w:style w:type='paragraph' w:styleId='Nummereret'><w:name w:val='Numbered heading'/>"
      "<w:basedOn w:val='Overskrift1'/><w:pPr><w:numPr><w:numId w:val='7'/></w:numPr></w:pPr></w:style>"
      "<w:style w:type='paragraph' w:styleId='Fed'><w:name w:val='Fed'/><w:rPr><w:b/></w:rPr></w:style>"
      "<w:style w:type='paragraph' w:styleId='Ud'><w:name w:val='Ud'/><w:rPr><w:strike/></w:rPr></w:style>"
      "<w:style w:type='paragraph' w:styleId='Ring1'><w:name w:val='R1'/><w:basedOn w:val='Ring2'/></w:style>"
      "<w:style w:type='paragraph' w:styleId='Ring2'><w:name w:val='R2'/><w:basedOn w:val='Ring1'/></w:style>"
      "<w:style w:type='character' w:styleId='Strong'><w:name w:val='Strong'/><w:rPr><w:b/></w:rPr></w:style>"
      "<w:style w:type='character' w:styleId='Gone'><w:name w:val='Gone'/><w:rPr><w:strike/></w:rPr></w:style>"
      "<w:style w:type='character' w:styleId='Twice'><w:name w:val='Twice'/><w:rPr><w:dstrike/></w:rPr></w:style>"
      "<w:style w:type='numbering' w:styleId='ListStyle'><w:name w:val='ListStyle'/>"
      "<w:pPr><w:numPr><w:numId w:val='5'/></w:numPr></w:pPr></w:style>"
      "</w:styles>" },

#define LEVEL(INDEX, FORMAT, TEXT)                                                                 \
    "<w:lvl w:ilvl='" INDEX "'><w:start w:val='1'/><w:numFmt w:val='" FORMAT                       \
    "'/><w:lvlText w:val='" TEXT "'/></w:lvl>"
#define LIST(ID, SCHEME, MORE)                                                                     \
    "<w:num w:numId='" ID "'><w:abstractNumId w:val='" SCHEME "'/>" MORE "</w:num>"
    { "word/numbering.xml",
      "<w:numbering" DOCX_SPACES ">"
      "<w:abstractNum w:abstractNumId='0'>" LEVEL("0", "bullet", "&#xF0B7;") LEVEL(
          "1", "bullet",
          "o") "</w:abstractNum>"
               "<w:abstractNum w:abstractNumId='1'>" LEVEL("0", "decimal", "%1.") LEVEL("1", "lowerLetter", "%2)") LEVEL(
                   "2", "upperRoman",
                   "%3.") "</w:abstractNum>"
                          "<w:abstractNum w:abstractNumId='2'>" LEVEL(
                              "0", "decimal",
                              "§ %1") "</w:abstractNum>"
                                      "<w:abstractNum w:abstractNumId='3'>" LEVEL("0", "decimal", "%1.") LEVEL(
                                          "1", "decimal",
                                          "%1.%2") "</w:abstractNum>"
                                                   "<w:abstractNum w:abstractNumId='4'><w:numStyleLink w:val='ListStyle'/></w:abstractNum>"
                                                   "<w:abstractNum w:abstractNumId='5'><w:styleLink w:val='ListStyle'/>" LEVEL(
                                                       "0", "decimal",
                                                       "(%1)") "</w:abstractNum>"
                                                               "<w:abstractNum w:abstractNumId='6'>" LEVEL(
                                                                   "0", "none",
                                                                   "") "</w:abstractNum>"
                                                                       "<w:abstractNum w:abstractNumId='7'>" LEVEL(
                                                                           "0", "decimal",
                                                                           "%1.") "</w:abstractNum>" LIST("1",
                                                                                                          "0",
                                                                                                          "")
                                                                           LIST("2", "1", "") LIST(
                                                                               "3", "1",
                                                                               "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride>")
                                                                               LIST("4", "2",
                                                                                    "") LIST("5",
                                                                                             "5", "")
                                                                                   LIST("6", "3",
                                                                                        "") LIST("7",
                                                                                                 "7", "")
                                                                                       LIST("8",
                                                                                            "4", "")
                                                                                           LIST(
                                                                                               "9",
                                                                                               "6",
                                                                                               "") "</w:numbering>" },
    { "word/footnotes.xml",
      "<w:footnotes" DOCX_SPACES
      "><w:footnote w:type='separator' w:id='-1'>" P(R("streg")) "</w:footnote><w:footnote w:id='1'>" P(
          "<w:r><w:footnoteRef/></w:r>" R("Kilde: ") "<w:hyperlink r:id='rId1'>" R(
              "tal") "</w:hyperlink>") "</w:footnote><w:footnote w:id='2'>" P(R("Foreløbigt")) "</w:footnote>"
                                                                                               "<w:footnote w:id='3'>" P(
                                                                                                   R("Ingen")) "</w:footnote></w:footnotes>" },
    { "word/endnotes.xml", "<w:endnotes" DOCX_SPACES
                           "><w:endnote w:id='1'>" P(R("Til sidst")) "</w:endnote></w:endnotes>" },
    { "word/_rels/footnotes.xml.rels",
      "<Relationships xmlns='" DOCX_RELATIONSHIPS
      "'>" DOCX_LINK("rId1", "hyperlink", "https://noter.example/") "</Relationships>" },
    { "word/comments.xml",
      "<w:comments" DOCX_SPACES
      "><w:comment w:id='1' w:author='Bo'>" P(R("Passer det her?")) "</w:comment><w:comment w:id='2'>" P(
          R("Glemt")) "</w:comment></w:comments>" },
    { "word/header1.xml",
      "<w:hdr" DOCX_SPACES ">" P(R("Internt udkast")) P(R("Embargo")) "</w:hdr>" },
    { "word/charts/chart1.xml", "<c:chartSpace" DOCX_SPACES "><a:t>Salget</a:t></c:chartSpace>" },
    { "word/diagrams/data1.xml",
      "<dgm:dataModel" DOCX_SPACES "><dgm:t><a:p><a:r><a:t>Plan A</a:t></a:r></a:p></dgm:t>"
      "</dgm:dataModel>" },
};

static const char relationships[] = DOCX_PART("rIdS", "styles", "styles.xml")
    DOCX_PART("rIdN", "numbering", "numbering.xml") DOCX_PART("rIdF", "footnotes", "footnotes.xml")
        DOCX_PART("rIdE", "endnotes", "endnotes.xml") DOCX_PART("rIdC", "comments", "comments.xml")
            DOCX_PART("rIdP", "image", "media/foto%201.png")
                DOCX_PART("rIdW", "image", "media/tegning.wmf")
                    DOCX_PART("rIdM", "image", "media/væk.png")
                        DOCX_PART("rIdG", "chart", "/word/charts/chart1.xml")
                            DOCX_PART("rIdD", "diagramData", "diagrams/data1.xml")
                                DOCX_PART("rIdK", "aFChunk", "afchunk.html")
                                    DOCX_LINK("rIdL", "hyperlink", "https://region.example/a b")
                                        DOCX_LINK("rIdX", "image", "https://spion.example/1.png");

static const char *read_parts(struct arena *arena, const char *document, const char *more)
{
    struct test_zip zip;
    struct string_builder all;
    string_builder_init(&all, 0);
    string_builder_append(&all, relationships);
    string_builder_append(&all, more);
    docx_begin(&zip, all.data);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        zip_add(&zip, parts[i].name, parts[i].text);
    zip_add_bytes(&zip, "word/media/foto 1.png", png, sizeof png);
    zip_add(&zip, "word/media/tegning.wmf", "\xD7\xCD\xC6\x9A");
    zip_add(&zip, "word/document.xml", document);
    zip_end(&zip);
    const struct rich_text *text = rich_text_reader.read(arena, RICH_TEXT_DOCX, NULL, zip.file.data,
                                                         zip.file.length);
    assert_letters_are_kept(text);
    const char *described = describe(arena, text);
    string_builder_release(&all);
    zip_release(&zip);
    return described;
}

struct row {
    const char *body;
    const char *reads;
};

static void assert_row(const char *body, const char *reads)
{
    struct arena arena = { 0 };
    const char *document = arena_format(&arena,
                                        "<w:document" DOCX_SPACES "><w:body>%s<w:sectPr/>"
                                        "</w:body></w:document>",
                                        body);
    const char *described = read_parts(&arena, document, "");
    if (strcmp(described, reads) != 0)
        print_message("of %s\n", body);
    assert_string_equal(described, reads);
    arena_release(&arena);
}

#define ASSERT_ROWS(ROWS)                                                                          \
    for (size_t row = 0; row < sizeof(ROWS) / sizeof(ROWS)[0]; row++)                              \
    assert_row((ROWS)[row].body, (ROWS)[row].reads)

static void styles_say_what_a_paragraph_is(void **state)
{
    static const struct row rows[] = {
        { P(R("Et ") R("ord")), "p: Et ord\n" },
        { P(""), "" },
        { STYLED("Overskrift1", R("Ny bro")), "h1 bold p: Ny bro\n" },
        { STYLED("Egen", R("Ny bro")), "h1 bold p: Ny bro\n" },
        { STYLED("Rubrik2", R("Ny bro")), "h2 p: Ny bro\n" },
        { STYLED("berschrift3", R("Ny bro")), "h3 p: Ny bro\n" },
        { STYLED("TocHeading", R("Indhold")), "bold p: **Indhold**\n" },
        { PP("<w:outlineLvl w:val='1'/>", R("Ny bro")), "h2 p: Ny bro\n" },
        { PP("<w:pStyle w:val='Overskrift1'/><w:outlineLvl w:val='9'/>", R("Nej")),
          "bold p: **Nej**\n" },
        { STYLED("Titel", R("Bro")) STYLED("Undertitel", R("Under")),
          "title p: Bro\nsubtitle p: Under\n" },
        { STYLED("Citat", R("Godt")) STYLED("Staerkt", R("Bedre")),
          "quote:\n  p: Godt\n  p: Bedre\n" },
        { STYLED("Kode", R("a  b")) STYLED("Kode", R("c")), "pre: a  b\nc\n" },
        { STYLED("Ring1", R("Rundt")), "p: Rundt\n" },
        { STYLED("Ukendt", R("Ord")), "p: Ord\n" },
    };
    (void)state;
    ASSERT_ROWS(rows);
}

static void runs_look_as_their_styles_and_toggles_say(void **state)
{
    static const struct row rows[] = {
        { P(RP("<w:b/>", "fed") R(" ") RP("<w:i w:val='true'/>", "kursiv")),
          "p: **fed** _kursiv_\n" },
        { P(RP("<w:b w:val='0'/>", "a") RP("<w:b w:val='off'/>", "b")), "p: ab\n" },
        { P(RP("<w:rStyle w:val='Strong'/>", "fed") R(" ej")), "p: **fed** ej\n" },
        /* a toggle in the style of paragraph and characters turns over twice */
        { STYLED("Fed", RP("<w:rStyle w:val='Strong'/>", "ej") R(" fed")), "p: ej **fed**\n" },
        { STYLED("Fed", RP("<w:rStyle w:val='Strong'/><w:b/>", "fed")), "bold p: **fed**\n" },
        { STYLED("Ud", RP("<w:rStyle w:val='Gone'/>", "her") R(" væk")),
          "p: her\n= struck 1, 3 letters: væk\n" },
        { STYLED("Ud", RP("<w:strike w:val='0'/>", "her")), "p: her\n" },
        { P(R("Pris ") RP("<w:strike/>", "100") RP("<w:dstrike/>", " 150") R(" 200")),
          "p: Pris 200\n= struck 1, 6 letters: 100 150\n" },
        { P(RP("<w:rStyle w:val='Twice'/>", "4") R("5")), "p: 5\n= struck 1, 1 letters: 4\n" },
        { P(R("a") RP("<w:strike/>", " ") R("b")), "p: a b\n" },
        { P(R("Vist") RP("<w:vanish/>", "skjult")), "p: Vist\n= hidden 1, 6 letters: skjult\n" },
        { P(RP("<w:webHidden/><w:caps/>", "ord")), "p: ord\n" },
        { PP("<w:rPr><w:vanish/><w:specVanish/></w:rPr>", R("Et")) P(R("to")), "p: Et\np: to\n" },
        { P(RP("<w:sz w:val='40'/>", "Stor")) P(R("Det er det meste her")),
          "large p: Stor\np: Det er det meste her\n" },
    };
    (void)state;
    ASSERT_ROWS(rows);
}

static void changes_are_accepted(void **state)
{
    static const struct row rows[] = {
        { P(R("Vi har ") DEL("100") INS(R("200")) R(" ansatte")),
          "p: Vi har 200 ansatte\n= deleted 1, 3 letters: 100\n= inserted 1, 0 letters: 200\n" },
        { P(INS(R("ny ") DEL("gammel"))), "p: ny\n= deleted 1, 6 letters: gammel\n"
                                          "= inserted 1, 0 letters: ny\n" },
        { P("<w:moveFrom><w:r><w:t>A</w:t></w:r></w:moveFrom>" R(
              "b") "<w:moveTo><w:r><w:t>A</w:t></w:r></w:moveTo>"),
          "p: bA\n= moved 1, 1 letters: A\n" },
        { P("<w:moveTo>" R("A") "</w:moveTo>"), "p: A\n= inserted 1, 0 letters: \n" },
        { P("<w:r><w:delText>løs</w:delText></w:r>" R("her")),
          "p: her\n= deleted 1, 3 letters: løs\n" },
        /* a deleted mark joins; the mark that is left says what it is */
        { PP("<w:pStyle w:val='Overskrift1'/><w:rPr><w:del/></w:rPr>", R("Et ")) P(R("to"))
              P(R("tre")),
          "p: Et to\np: tre\n= deleted 1, 0 letters: \n" },
        { PP("<w:rPr><w:del/></w:rPr>", DEL("Ud")) STYLED("Overskrift1", R("Ny bro")),
          "h1 bold p: Ny bro\n= deleted 1, 2 letters: Ud\n" },
        { PP("<w:pStyle w:val='Overskrift1'/><w:rPr><w:del/></w:rPr>", R("Ny bro")) P(DEL("væk")),
          "h1 bold p: Ny bro\n= deleted 1, 3 letters: væk\n" },
        { PP("<w:rPr><w:del/></w:rPr>", R("a")) "<w:bookmarkEnd w:id='1'/>" PP(
              "<w:rPr><w:moveFrom/></w:rPr>", R("b")) P(R("c")),
          "p: abc\n= deleted 1, 0 letters: \n= moved 1, 0 letters: \n" },
        { PP("<w:rPr><w:ins/></w:rPr>", R("a")) P(R("b")),
          "p: a\np: b\n= inserted 1, 0 letters: \n" },
        /* what a paragraph or run was before is nothing */
        { P(RP("<w:rPrChange><w:rPr><w:strike/><w:b/></w:rPr></w:rPrChange>", "Nu")), "p: Nu\n" },
        { PP("<w:pPrChange><w:pPr><w:pStyle w:val='Titel'/></w:pPr></w:pPrChange>", R("Nu")),
          "p: Nu\n" },
        { TABLE(ROW(CELL(R("1")) CELL(R("2"))) "<w:tr><w:trPr><w:del/></w:trPr>" CELL(R("3"))
                    CELL(R("4")) "</w:tr>"),
          "table:\n  row:\n    cell: 1\n    cell: 2\n= deleted 1, 2 letters: 3 4\n" },
        { TABLE(ROW(
              CELL(R("1")) "<w:tc><w:tcPr><w:cellDel/></w:tcPr>" P(R("2")) "</w:tc>" CELL(R("3")))),
          "table:\n  row:\n    cell: 1\n    cell: 3\n= deleted 1, 1 letters: 2\n" },
        { TABLE("<w:tr><w:trPr><w:ins/></w:trPr>" CELL(R("1")) CELL(R("2")) "</w:tr>"),
          "table:\n  row:\n    cell: 1\n    cell: 2\n= inserted 3, 0 letters: 1\n" },
        { TABLE("<w:tr><w:trPr><w:hidden/></w:trPr>" CELL(R("1")) "</w:tr>") P(R("a")),
          "p: a\n= hidden 1, 1 letters: 1\n" },
        { P("<m:oMath><m:r><w:rPr><w:del/></w:rPr><m:t>7</m:t></m:r><m:borderBox><m:borderBoxPr>"
            "<m:strikeH m:val='on'/></m:borderBoxPr><m:e>"
            "<m:r><m:t>8</m:t></m:r></m:e></m:borderBox>"
            "</m:oMath>" R("9")),
          "p: 9\n= deleted 1, 1 letters: 7\n= struck 1, 1 letters: 8\n" },
        { P("<w:r><w:drawing><a:txBody><a:p><a:r><a:rPr strike='sngStrike'/><a:t>5</a:t></a:r>"
            "<a:r><a:t>6</a:t></a:r></a:p></a:txBody></w:drawing></w:r>"),
          "p: 6\n= struck 1, 1 letters: 5\n" },
        { P("<w:commentRangeStart w:id='1'/>" R("Tal") "<w:commentRangeEnd w:id='1'/>"
                                                       "<w:r><w:commentReference w:id='1'/></w:r>"),
          "p: Tal\n= comment 1, 12 letters: Passer det her?\n" },
    };
    (void)state;
    ASSERT_ROWS(rows);
}

static void lists_count_as_word_does(void **state)
{
    static const struct row rows[] = {
        { NUMBERED("1", "0", R("a")) NUMBERED("1", "1", R("b")) NUMBERED("1", "0", R("c")),
          "ul:\n  li: a\n    ul:\n      li: b\n  li: c\n" },
        { NUMBERED("2", "0", R("a")) P(R("imens")) NUMBERED("2", "0", R("b")),
          "ol:\n  li: a\np: imens\nol from 2:\n  li: b\n" },
        /* another list of the same scheme counts on, one that says so begins anew */
        { NUMBERED("2", "0", R("a")) NUMBERED("3", "0", R("b")) NUMBERED("3", "0", R("c")),
          "ol:\n  li: a\nol:\n  li: b\n  li: c\n" },
        { NUMBERED("2", "0", R("x")) NUMBERED("2", "1", R("y")) NUMBERED("2", "0", R("z")),
          "ol:\n  li:\n    p: x\n    p: a) y\n  li: z\n" },
        { NUMBERED("2", "2", R("x")), "p: I. x\n" },
        { NUMBERED("4", "0", R("x")) NUMBERED("4", "0", R("y")), "p: § 1 x\np: § 2 y\n" },
        { NUMBERED("6", "0", R("x")) NUMBERED("6", "1", R("y")) NUMBERED("6", "1", R("z")),
          "ol:\n  li:\n    p: x\n    p: 1.1 y\n    p: 1.2 z\n" },
        { NUMBERED("8", "0", R("x")), "ol:\n  li: x\n" },
        { NUMBERED("9", "0", R("x")), "p: x\n" },
        { NUMBERED("0", "0", R("x")), "p: x\n" },
        { NUMBERED("77", "0", R("x")), "p: x\n" },
        { STYLED("Punkt", R("x")), "ul:\n  li: x\n" },
        { PP("<w:pStyle w:val='Punkt'/><w:numPr><w:numId w:val='0'/></w:numPr>", R("x")),
          "p: x\n" },
        { STYLED("Punkt", R("x")) STYLED("Listeafsnit", R("mere")),
          "ul:\n  li:\n    p: x\n    p: mere\n" },
        { STYLED("Nummereret", R("Et")) P(R("x")) STYLED("Nummereret", R("To")),
          "h1 bold p: 1. Et\np: x\nh1 bold p: 2. To\n" },
        { NUMBERED("2", "0", R("a")) NUMBERED("2", "0", "") NUMBERED("2", "0", R("c")),
          "ol:\n  li: a\nol from 3:\n  li: c\n" },
        { NUMBERED("2", "0", R("a")) PP("<w:numPr><w:ilvl w:val='0'/><w:numId w:val='2'/></w:numPr>"
                                        "<w:rPr><w:del/></w:rPr>",
                                        DEL("b")) NUMBERED("2", "0", R("c")),
          "ol:\n  li: a\n  li: c\n= deleted 1, 1 letters: b\n" },
    };
    (void)state;
    ASSERT_ROWS(rows);
}

static void links_and_fields(void **state)
{
    static const struct row rows[] = {
        { P(R("Se ") "<w:hyperlink r:id='rIdL' w:anchor='x'>" R("her") "</w:hyperlink>" R(".")),
          "p: Se [her](https://region.example/a%20b#x).\n" },
        { P("<w:hyperlink w:anchor='bro'>" R("op") "</w:hyperlink>")
              PP("<w:pStyle w:val='Overskrift1'/>",
                 "<w:bookmarkStart w:id='1' w:name='bro'/>" R("Bro")),
          "p: [op](#1)\nh1 bold p #1: Bro\n" },
        { P(FIELD("begin") CODE(" HYPERLINK &quot;https://a.example/&quot; \\o &quot;tip&quot; ")
                FIELD("separate") R("ord") FIELD("end") R(" mere")),
          "p: [ord](https://a.example/) mere\n= field code 1, 26 letters: "
          "HYPERLINK \"https://a.example/\" \\o \"tip\"\n" },
        { P(FIELD("begin") CODE("HYPERLINK https://a.example/") FIELD("separate") R("et"))
              P(R("to") FIELD("end")),
          "p: [et](https://a.example/)\np: [to](https://a.example/)\n"
          "= field code 1, 22 letters: HYPERLINK https://a.example/\n" },
        { P("<w:fldSimple w:instr=' HYPERLINK \"mailto:a@b.example\" '>" R(
              "skriv") "</w:fldSimple>"),
          "p: [skriv](mailto:a@b.example)\n" },
        { P("<w:hyperlink r:id='rIdU'>" R("intet") "</w:hyperlink>"), "p: intet\n" },
        { P(R("side ") FIELD("begin") CODE(" PAGE ") FIELD("separate") R("3") FIELD("end")),
          "p: side 3\n= field code 1, 4 letters: PAGE\n" },
        /* a field within an instruction is a part of it */
        { P(FIELD("begin") CODE(" IF ") FIELD("begin") CODE(" X ") FIELD("separate") R("ja")
                FIELD("end") CODE(" = 1 ") FIELD("separate") R("svar") FIELD("end")),
          "p: svar\n= field code 3, 6 letters: X\n" },
        /* one that never ends swallows nothing */
        { P(R("a") TABLE(FIELD("begin") CODE(" XE ")) FIELD("end")),
          "p: a\n= field code 1, 2 letters: XE\n" },
        { P(FIELD("begin") CODE(" XE ") R("ord")), "p: ord\n= field code 1, 2 letters: XE\n" },
        { P(FIELD("end") FIELD("separate") R("ord")), "p: ord\n" },
        { P(FIELD("begin") R("ord")) P(R("mere")), "p: ord\np: mere\n" },
        { P(FIELD("begin") CODE("EQ \\f(1,2)") FIELD("end") R("m")),
          "p: m\n= formula 1, 5 letters: EQ \\f(1,2)\n" },
        { P("<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/>"
            "<w:listEntry w:val='nej'/><w:listEntry w:val='ja'/></w:ddList></w:ffData></w:fldChar></w:r>" CODE(
                "FORMDROPDOWN") FIELD("end")),
          "p: ja\n= field code 1, 12 letters: FORMDROPDOWN\n" },
    };
    (void)state;
    ASSERT_ROWS(rows);
}

static void tables(void **state)
{
    static const struct row rows[] = {
        { TABLE("<w:tr><w:trPr><w:tblHeader/></w:trPr>" CELL(R("År"))
                    CELL(R("Tal")) "</w:tr>" ROW(CELL(R("2025")) CELL(R("7")))),
          "table:\n  row:\n    cell header: År\n    cell header: Tal\n"
          "  row:\n    cell: 2025\n    cell: 7\n" },
        { TABLE(ROW("<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" P(R("a")) "</w:tc>")
                    ROW(CELL(R("b")) CELL(R("c")))),
          "table:\n  row:\n    cell: a\n    cell:\n  row:\n    cell: b\n    cell: c\n" },
        { TABLE(ROW("<w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>" P(R("a")) "</w:tc>" CELL(
              R("b"))) ROW("<w:tc><w:tcPr><w:vMerge/></w:tcPr>" P("") "</w:tc>" CELL(R("c")))),
          "table:\n  row:\n    cell: a\n    cell: b\n  row:\n    cell:\n    cell: c\n" },
        { TABLE(ROW("<w:tc>" P(R("a")) P(R("b")) "</w:tc>" CELL(R("c")))),
          "table:\n  row:\n    cell: a\\ b\n    cell: c\n" },
        { TABLE(ROW(CELL(R("alene")))), "p: alene\n" },
        { TABLE("<w:sdt><w:sdtContent><w:tr><w:customXml>" CELL(R("a")) "</w:customXml>" CELL(
              R("b")) "</w:tr></w:sdtContent></w:sdt>"),
          "table:\n  row:\n    cell: a\n    cell: b\n" },
        { TABLE(P(R("løst")) ROW(CELL(R("a")) CELL(R("b")))),
          "table:\n  row:\n    cell: løst\n  row:\n    cell: a\n    cell: b\n" },
        { P(R("x")) ROW(CELL(R("uden tabel"))), "p: x\np: uden tabel\n" },
    };
    (void)state;
    ASSERT_ROWS(rows);
}

static void notes_stand_behind_the_text(void **state)
{
    static const struct row rows[] = {
        { P(R("Tal") "<w:r><w:footnoteReference w:id='1'/></w:r>" R(
              " og") "<w:r><w:endnoteReference w:id='1'/></w:r>"
                     "<w:r><w:footnoteReference w:id='99'/></w:r>"),
          "p: Tal[1] og[2]\nrule:\nol:\n  li: Kilde: [tal](https://noter.example/)\n"
          "  li: Til sidst\n" },
        /* a note whose mark is out is out */
        { P(R("Tal") "<w:del><w:r><w:delText>gl</w:delText><w:footnoteReference w:id='2'/></w:r></w:del>"),
          "p: Tal\n= deleted 1, 12 letters: gl Foreløbigt\n" },
    };
    (void)state;
    ASSERT_ROWS(rows);
}

#define BOX(RUNS) "<w:txbxContent>" P(RUNS) "</w:txbxContent>"
#define DRAWING(PROPERTIES, GRAPHIC)                                                               \
    "<w:drawing><wp:inline><wp:docPr id='1' name='Billede 1' " PROPERTIES "/><a:graphic>" GRAPHIC  \
    "</a:graphic></wp:inline></w:drawing>"
#define PICTURE(PROPERTIES, ID)                                                                    \
    DRAWING(PROPERTIES,                                                                            \
            "<pic:pic><pic:nvPicPr><pic:cNvPr id='0' name='x' descr='IMG_1.jpg'/>"                 \
            "</pic:nvPicPr><pic:blipFill><a:blip r:embed='" ID "'/></pic:blipFill></pic:pic>")

static void drawings(void **state)
{
    static const struct row rows[] = {
        { P(R("før") "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>" BOX(R("boks")) "</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>" BOX(
              R("boks")) "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>" R(" efter")),
          "p: før efter\np: boks\n" },
        { P("<w:r><mc:AlternateContent><mc:Choice Requires='xyz'>" T(
              "ny") "</mc:Choice>"
                    "<mc:Fallback>" T("gl") "</mc:Fallback></mc:AlternateContent></w:r>"),
          "p: gl\n" },
        { P("<w:r><mc:AlternateContent><mc:Choice Requires='xyz'>" T(
              "ny") "</mc:Choice>"
                    "<mc:Fallback/></mc:AlternateContent></w:r>"),
          "p: ny\n" },
        { P("<w:r>" PICTURE("descr='En bro'", "rIdP") "</w:r>"),
          "figure: ![En bro](picture-1.png)\n= picture-1.png, 30 bytes, \"En bro\", \"\"\n" },
        { P("<w:r>" PICTURE("", "rIdP") "</w:r>"),
          "figure: ![](picture-1.png)\n= picture-1.png, 30 bytes, \"\", \"\"\n" },
        { P("<w:r>" PICTURE("title='Broen'", "rIdP") "</w:r>") STYLED("Billedtekst", R("Foto: Bo")),
          "figure: ![Broen](picture-1.png)\n  caption: Foto: Bo\n"
          "= picture-1.png, 30 bytes, \"Broen\", \"Foto: Bo\"\n" },
        { P("<w:r>" PICTURE("", "rIdP") "</w:r>") P(
              R("Figur ") "<w:fldSimple w:instr=' SEQ Figur '>" R("1") "</w:fldSimple>" R(" Bro")),
          "figure: ![](picture-1.png)\n  caption: Figur 1 Bro\n"
          "= picture-1.png, 30 bytes, \"\", \"Figur 1 Bro\"\n" },
        { P("<w:r>" PICTURE("descr='x'", "rIdW") PICTURE("", "rIdM") "</w:r>" R("a")),
          "p: a\n= unreadable 2, 0 letters: tegning.wmf\n" },
        { P("<w:r>" PICTURE("", "rIdX") DRAWING("", "<a:blip r:link='rIdX'/>") "</w:r>"),
          "= external 2, 0 letters: https://spion.example/1.png\n" },
        { P("<w:r><w:pict><v:shape alt='Gammel'><v:imagedata r:id='rIdP'/></v:shape></w:pict></w:r>"),
          "figure: ![Gammel](picture-1.png)\n= picture-1.png, 30 bytes, \"Gammel\", \"\"\n" },
        { P("<w:r><w:drawing><wp:inline><wp:docPr id='1' name='x' descr='streg'><a:extLst><a:ext>"
            "<adec:decorative val='1'/></a:ext></a:extLst></wp:docPr><a:blip r:embed='rIdP'/>"
            "</wp:inline></w:drawing></w:r>"),
          "figure: ![](picture-1.png)\n= picture-1.png, 30 bytes, \"\", \"\"\n" },
        { P("<w:r>" PICTURE("hidden='1'", "rIdP") "</w:r>" R("a")),
          "p: a\n= hidden 1, 0 letters: \n" },
        { P("<w:del><w:r>" PICTURE("", "rIdP") "</w:r></w:del>" R("a")),
          "p: a\n= deleted 1, 0 letters: \n" },
        { P("<w:r>" DRAWING("", "<c:chart r:id='rIdG'/>") "</w:r>" R("a")),
          "p: a\n= chart 1, 6 letters: Salget\n" },
        { P("<w:r>" DRAWING("", "<dgm:relIds r:dm='rIdD'/>") "</w:r>" R("a")),
          "p: a\n= chart 1, 5 letters: Plan A\n" },
        { P("<w:r><w:object><v:shape><v:imagedata r:id='rIdP'/></v:shape>"
            "<o:OLEObject ProgID='Excel.Sheet.12'/></w:object></w:r>" R("a")),
          "p: a\n= embedded 1, 0 letters: Excel.Sheet.12\n" },
        { P(R("a")) "<w:altChunk r:id='rIdK'/>", "p: a\n= embedded 1, 0 letters: afchunk.html\n" },
        { P("<w:r><w:pict><v:shape><v:textpath string='Bogstaver'/></v:shape></w:pict></w:r>"),
          "p: Bogstaver\n" },
        { P("<w:del><w:r><w:pict><v:textbox>" BOX(R("gl")) "</v:textbox></w:pict></w:r></w:del>" R(
              "a")),
          "p: a\n= deleted 1, 2 letters: gl\n" },
    };
    (void)state;
    ASSERT_ROWS(rows);
}

static void other_elements(void **state)
{
    static const struct row rows[] = {
        { "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" P(
              R("Klik her")) "</w:sdtContent></w:sdt>" P(R("a")),
          "p: a\n= field code 1, 7 letters: Klik her\n" },
        { "<w:sdt><w:sdtPr><w:showingPlcHdr/><w:temporary/></w:sdtPr><w:sdtContent>" P(
              R("titel")) "</w:sdtContent></w:sdt>",
          "p: titel\n" },
        { P("<w:sdt><w:sdtContent><w:sdt><w:sdtContent>" R("dybt") "</w:sdtContent></w:sdt>"
                                                                   "</w:sdtContent></w:sdt>"),
          "p: dybt\n" },
        { P("<w:smartTag><w:customXml>" R("a") "</w:customXml></w:smartTag><w:bdo>" R(
              "b") "</w:bdo>"
                   "<w:dir>" R("c") "</w:dir><x:ny xmlns:x='urn:x'>" R("d") "</x:ny>"),
          "p: abcd\n" },
        { P("<w:r><w:ruby><w:rt><w:r><w:t>to</w:t></w:r></w:rt><w:rubyBase>" R(
              "T") "</w:rubyBase></w:ruby></w:r>"),
          "p: T (to)\n" },
        { P("<w:r>" T("a") "<w:tab/>" T("b") "<w:br/>" T("c") "<w:cr/>" T(
              "d") "<w:noBreakHyphen/>" T("e") "<w:softHyphen/>" T("f") "<w:pgNum/></w:r>"),
          "p: a b\\ c\\ d‑ef\n" },
        { P(R("a") "<w:r><w:br w:type='page'/></w:r>" R("b")), "p: a\np: b\n" },
        { P("<w:r><w:br w:type='page'/></w:r>" R("b")), "p: b\n" },
        { P("<w:r><w:sym w:font='Symbol' w:char='F061'/><w:sym w:font='Wingdings' w:char='F0FC'/>"
            "<w:sym w:font='Ukendt' w:char='2612'/></w:r>"),
          "p: α✓☒\n" },
        { P(RP("<w:rFonts w:ascii='Symbol'/>", "&#xF062; b")), "p: β b\n" },
        { PP("<w:framePr w:dropCap='drop'/>", R("D")) P(R("et regner")), "p: Det regner\n" },
        { P(R("a") "<w:p>" R("b") "</w:p>"), "p: a\np: b\n" },
        { R("løst") P(R("a")), "p: løst\np: a\n" },
        { P("<w:r><w:lastRenderedPageBreak/>" T("a") "</w:r><w:proofErr w:type='x'/>" R("b")),
          "p: ab\n" },
    };
    (void)state;
    ASSERT_ROWS(rows);
}

#define M(WORDS) "<m:r><m:t>" WORDS "</m:t></m:r>"

static void formulas_stand_in_a_line(void **state)
{
    static const struct row rows[] = {
        { P("<m:oMath>" M("x=") "<m:f><m:num>" M("1+a") "</m:num><m:den>" M(
              "2") "</m:den></m:f></m:oMath>"),
          "p: x=(1+a)/2\n" },
        { P("<m:oMathPara><m:oMath><m:sSup><m:e>" M("x") "</m:e><m:sup>" M(
              "2") "</m:sup></m:sSup>"
                   "<m:rad><m:deg/><m:e>" M("y") "</m:e></m:rad></m:oMath></m:oMathPara>"),
          "p: x^2√y\n" },
        { P("<m:oMath><m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>" M("i") "</m:sub><m:sup>" M(
              "n") "</m:sup><m:e>" M("z") "</m:e></m:nary><m:d><m:dPr><m:begChr m:val='['/>"
                                          "<m:endChr m:val=']'/></m:dPr><m:e>" M(
                                              "a") "</m:e></m:d></m:oMath>"),
          "p: ∑_i^nz[a]\n" },
        { P("<m:oMath><m:m><m:mr><m:e>" M("a") "</m:e><m:e>" M("b") "</m:e></m:mr><m:mr><m:e>" M(
              "c") "</m:e></m:mr></m:m></m:oMath>"),
          "p: [a, b; c]\n" },
    };
    (void)state;
    ASSERT_ROWS(rows);
}

static void headers_and_macros_are_out(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    assert_string_equal(
        read_parts(&arena, DOCX_DOCUMENT(P(R("a"))), DOCX_PART("rIdH", "header", "header1.xml")),
        "p: a\n= page header 2, 20 letters: Internt udkast\n");
    arena_release(&arena);
}

/* Strict names of everything, a main part of another name, macros. */
static void strict_files_and_other_names(void **state)
{
    struct arena arena = { 0 };
    struct test_zip zip;
    (void)state;
    zip_begin(&zip);
    zip_add(&zip, "[Content_Types].xml",
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override "
            "PartName='/a/tekst.xml' ContentType='" DOCX_TYPE "document.main+xml'/></Types>");
    zip_add(
        &zip, "_rels/.rels",
        "<Relationships xmlns='" DOCX_RELATIONSHIPS "'><Relationship Id='x' Type='http://"
        "purl.oclc.org/ooxml/officeDocument/relationships/officeDocument' Target='/a/tekst.xml'/>"
        "</Relationships>");
    zip_add(
        &zip, "a/_rels/tekst.xml.rels",
        "<Relationships xmlns='" DOCX_RELATIONSHIPS "'><Relationship Id='l' Type='http://"
        "purl.oclc.org/ooxml/officeDocument/relationships/hyperlink' Target='https://a.example/'"
        " TargetMode='External'/></Relationships>");
    zip_add(&zip, "a/tekst.xml",
            "<w:document xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main' "
            "xmlns:r='http://purl.oclc.org/ooxml/officeDocument/relationships'><w:body><w:p>"
            "<w:hyperlink r:id='l'><w:r><w:t>strengt</w:t></w:r></w:hyperlink></w:p></w:body>"
            "</w:document>");
    zip_add(&zip, "a/vbaProject.bin", "x");
    zip_end(&zip);
    const struct rich_text *text = rich_text_reader.read(&arena, RICH_TEXT_DOCX, NULL,
                                                         zip.file.data, zip.file.length);
    assert_string_equal(describe(&arena, text),
                        "p: [strengt](https://a.example/)\n= macros 1, 0 letters: \n");
    zip_release(&zip);
    arena_release(&arena);
}

static void faults(void **state)
{
    static const struct {
        const char *document;
        enum rich_text_fault fault;
    } rows[] = {
        { "<w:document", RICH_TEXT_FAULT_BROKEN },
        { "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", RICH_TEXT_FAULT_UNSAFE },
        { NULL, RICH_TEXT_FAULT_BROKEN },
    };
    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct test_zip zip;
        docx_begin(&zip, "");
        if (rows[i].document)
            zip_add(&zip, "word/document.xml", rows[i].document);
        zip_end(&zip);
        const struct rich_text *text = rich_text_reader.read(&arena, RICH_TEXT_DOCX, NULL,
                                                             zip.file.data, zip.file.length);
        assert_int_equal(text->fault, rows[i].fault);
        assert_null(text->body->first_child);
        zip_release(&zip);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(styles_say_what_a_paragraph_is),
        cmocka_unit_test(runs_look_as_their_styles_and_toggles_say),
        cmocka_unit_test(changes_are_accepted),
        cmocka_unit_test(lists_count_as_word_does),
        cmocka_unit_test(links_and_fields),
        cmocka_unit_test(tables),
        cmocka_unit_test(notes_stand_behind_the_text),
        cmocka_unit_test(drawings),
        cmocka_unit_test(other_elements),
        cmocka_unit_test(formulas_stand_in_a_line),
        cmocka_unit_test(headers_and_macros_are_out),
        cmocka_unit_test(strict_files_and_other_names),
        cmocka_unit_test(faults),
    };
    rich_text_reader.start(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
