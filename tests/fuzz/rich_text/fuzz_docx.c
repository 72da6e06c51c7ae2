/* SPDX-License-Identifier: MIT */
/* The input is the text of a Word file, wrapped into a package: as XML where it begins with "<",
 * else each of its bytes is a tag or a word of it, so that all of them come together in all ways.
 * No letter may be lost, and nothing is built past the bounds of a body. */
#include "base/arena.h"
#include "unit/rich_text/docx_file.h"
#include "unit/rich_text/letters.h"

#include <ctype.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Those that hold others; the letters of words in them come out. */
static const char *const holders[] = {
    "w:p",
    "w:r",
    "w:tbl",
    "w:tr",
    "w:tc",
    "w:ins w:id='1'",
    "w:del w:id='1'",
    "w:moveFrom",
    "w:moveTo",
    "w:hyperlink r:id='rIdL'",
    "w:hyperlink w:anchor='a'",
    "w:sdt",
    "w:sdtContent",
    "w:txbxContent",
    "w:pict",
    "w:drawing",
    "w:object",
    "w:fldSimple w:instr=' SEQ x '",
    "w:fldSimple w:instr=' HYPERLINK \"https://a.example/\" '",
    "w:smartTag",
    "x:ukendt",
    "m:oMath",
    "m:f",
    "m:num",
    "m:den",
    "m:sup",
    "m:rad",
    "m:e",
    "m:d",
    "m:m",
    "m:mr",
    "m:nary",
    "a:txBody",
    "a:p",
    "w:ruby",
    "w:rt",
    "wp:inline",
    "mc:Choice Requires='wps'",
};

#define FORM                                                                                       \
    "<w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:listEntry w:val='valg'/></w:ddList>"  \
    "</w:ffData></w:fldChar>"

/* Those that stand alone, with what they hold. */
static const char *const leaves[] = {
    "<w:pPr><w:pStyle w:val='H'/></w:pPr>",
    "<w:pPr><w:pStyle w:val='Q'/></w:pPr>",
    "<w:pPr><w:pStyle w:val='C'/></w:pPr>",
    "<w:pPr><w:pStyle w:val='K'/></w:pPr>",
    "<w:pPr><w:pStyle w:val='L'/></w:pPr>",
    "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>",
    "<w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='2'/></w:numPr></w:pPr>",
    "<w:pPr><w:numPr><w:numId w:val='2'/></w:numPr></w:pPr>",
    "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>",
    "<w:pPr><w:rPr><w:ins/></w:rPr></w:pPr>",
    "<w:pPr><w:framePr w:dropCap='drop'/></w:pPr>",
    "<w:rPr><w:b/></w:rPr>",
    "<w:rPr><w:strike/></w:rPr>",
    "<w:rPr><w:vanish/></w:rPr>",
    "<w:rPr><w:rStyle w:val='S'/></w:rPr>",
    "<w:rPr><w:rFonts w:ascii='Symbol'/></w:rPr>",
    "<w:trPr><w:del/></w:trPr>",
    "<w:trPr><w:ins/><w:tblHeader/><w:gridBefore w:val='2'/></w:trPr>",
    "<w:tcPr><w:gridSpan w:val='3'/></w:tcPr>",
    "<w:tcPr><w:cellDel/></w:tcPr>",
    "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>",
    "<w:fldChar w:fldCharType='begin'/>",
    "<w:fldChar w:fldCharType='separate'/>",
    "<w:fldChar w:fldCharType='end'/>",
    FORM,
    "<w:footnoteReference w:id='1'/>",
    "<w:footnoteReference w:id='2'/>",
    "<w:bookmarkStart w:name='a'/>",
    "<w:br/>",
    "<w:br w:type='page'/>",
    "<w:tab/>",
    "<w:cr/>",
    "<w:noBreakHyphen/>",
    "<w:sym w:font='Symbol' w:char='F061'/>",
    "<a:blip r:embed='rIdP'/>",
    "<a:blip r:link='rIdX'/>",
    "<v:imagedata r:id='rIdW'/>",
    "<v:textpath string='buet'/>",
    "<o:OLEObject ProgID='Excel'/>",
    "<w:commentReference w:id='1'/>",
    "<w:altChunk r:id='rIdL'/>",
    "<wp:docPr descr='alt'/>",
};

/* Around words. */
static const char *const texts[] = { "w:t", "w:delText", "w:instrText",
                                     "m:t", "a:t",       "w:delInstrText" };

static const char *const words[] = {
    "ord", " ", "12", " ny bro ", "e\xCC\x81", "\xEF\x81\xA1 c", "HYPERLINK \"https://b.example/\"",
    "EQ x"
};

enum { DEPTH = 60 };

#define COUNT(ARRAY) (sizeof(ARRAY) / sizeof(ARRAY)[0])

static void close_tag(struct string_builder *xml, const char *holder)
{
    string_builder_append_format(xml, "</%.*s>", (int)strcspn(holder, " "), holder);
}

/* How many letters and digits stand in it. */
static size_t tokens(struct string_builder *xml, const uint8_t *data, size_t size)
{
    const char *open[DEPTH];
    size_t depth = 0;
    size_t letters = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned token = data[i] & 0x3f;
        if (data[i] >> 6 == 0 && depth < DEPTH && token < COUNT(holders)) {
            open[depth] = holders[token];
            string_builder_append_format(xml, "<%s>", open[depth++]);
        } else if (data[i] >> 6 == 1) {
            string_builder_append(xml, leaves[token % COUNT(leaves)]);
        } else if (data[i] >> 6 == 2) {
            const char *text = texts[token % COUNT(texts)];
            const char *word = words[token / 8];
            string_builder_append_format(xml, "<%s>%s</%s>", text, word, text);
            letters += builder_letters(word, strlen(word));
        } else if (depth) {
            close_tag(xml, open[--depth]);
        }
    }
    while (depth)
        close_tag(xml, open[--depth]);
    return letters;
}

static void add_parts(struct test_zip *zip)
{
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    docx_begin(zip, DOCX_PART("rIdS", "styles", "styles.xml") DOCX_PART("rIdN", "numbering",
                                                                        "numbering.xml")
                        DOCX_PART("rIdF", "footnotes", "footnotes.xml")
                            DOCX_PART("rIdC", "comments", "comments.xml")
                                DOCX_PART("rIdP", "image", "media/a.png")
                                    DOCX_PART("rIdW", "image", "media/a.bin")
                                        DOCX_LINK("rIdL", "hyperlink", "https://c.example/")
                                            DOCX_LINK("rIdX", "image", "https://d.example/e.png"));
    zip_add(
        zip, "word/styles.xml",
        "<w:styles" DOCX_SPACES "><w:style w:type='paragraph' w:styleId='H'><w:name w:val="
        "'heading 1'/></w:style><w:style w:type='paragraph' w:styleId='Q'><w:name w:val="
        "'Quote'/></w:style><w:style w:type='paragraph' w:styleId='C'><w:name w:val='caption'/>"
        "</w:style><w:style w:type='paragraph' w:styleId='K'><w:name w:val='HTML Preformatted'/>"
        "</w:style><w:style w:type='paragraph' w:styleId='L'><w:name w:val='List Paragraph'/>"
        "</w:style><w:style w:type='character' w:styleId='S'><w:rPr><w:strike/><w:b/></w:rPr>"
        "</w:style></w:styles>");
    zip_add(zip, "word/numbering.xml",
            "<w:numbering" DOCX_SPACES "><w:abstractNum w:abstractNumId='1'><w:lvl w:ilvl='0'>"
            "<w:numFmt w:val='bullet'/></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId='2'>"
            "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val="
            "'%1.'/></w:lvl><w:lvl w:ilvl='1'><w:numFmt w:val='lowerLetter'/><w:lvlText w:val="
            "'%1.%2)'/></w:lvl></w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='1'/>"
            "</w:num><w:num w:numId='2'><w:abstractNumId w:val='2'/></w:num></w:numbering>");
    zip_add(zip, "word/footnotes.xml",
            "<w:footnotes" DOCX_SPACES "><w:footnote w:id='1'><w:p><w:r><w:t>note</w:t>"
            "<w:footnoteReference w:id='2'/></w:r></w:p></w:footnote><w:footnote w:id='2'><w:p>"
            "<w:r><w:t>igen</w:t><w:footnoteReference w:id='1'/></w:r></w:p></w:footnote>"
            "</w:footnotes>");
    zip_add(zip, "word/comments.xml",
            "<w:comments" DOCX_SPACES "><w:comment w:id='1'><w:p><w:r><w:t>hvad?</w:t></w:r></w:p>"
            "</w:comment></w:comments>");
    zip_add_bytes(zip, "word/media/a.png", png, sizeof png);
    zip_add(zip, "word/media/a.bin", "intet");
}

static void check(const char *xml, size_t length, size_t letters)
{
    struct arena arena = { 0 };
    struct test_zip zip;
    add_parts(&zip);
    zip_add_bytes(&zip, "word/document.xml", xml, length);
    zip_end(&zip);
    const struct rich_text *text = rich_text_reader.read(&arena, RICH_TEXT_DOCX, NULL,
                                                         zip.file.data, zip.file.length);
    if (!text->fault) {
        assert_letters_are_kept(text);
        assert(text->letters >= letters);
    }
    zip_release(&zip);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct string_builder xml;
    size_t letters = 0;
    string_builder_init(&xml, 0);
    if (size && data[0] == '<') {
        string_builder_append_bytes(&xml, data, size);
    } else {
        string_builder_append(&xml, "<w:document" DOCX_SPACES " xmlns:x='urn:x'><w:body>");
        letters = tokens(&xml, data, size);
        string_builder_append(&xml, "</w:body></w:document>");
    }
    check(xml.data, xml.length, letters);
    string_builder_release(&xml);
    return 0;
}
