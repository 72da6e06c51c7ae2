/* SPDX-License-Identifier: MIT */
/* The input is what stands in content.xml of an OpenDocument text, or, where it begins with no "<",
 * how such a one is put together: each letter of its text is in the body, in an alternative text or
 * counted in a finding. */
#include "base/arena.h"
#include "release/body.h"
#include "rich_text/builder.h"
#include "rich_text/rich_text.h"
#include "unit/rich_text/odt_file.h"
#include "xml/xml_reader.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char common_styles[] =
    "<style:default-style style:family='paragraph'><style:text-properties fo:font-size='12pt'/>"
    "</style:default-style><style:style style:name='Title' style:family='paragraph'/>"
    "<style:style style:name='Quotations' style:family='paragraph'/>"
    "<style:style style:name='Preformatted_20_Text' style:family='paragraph'/>"
    "<style:style style:name='Caption' style:family='paragraph'/>"
    "<text:list-style style:name='Tal'><text:list-level-style-number text:level='1'"
    " style:num-format='1'/><text:list-level-style-number text:level='2' style:num-format='a'"
    " style:num-suffix=')' text:display-levels='2'/></text:list-style>"
    "<text:outline-style><text:outline-level-style text:level='1' style:num-format='1'/>"
    "</text:outline-style>";

static const char formula[] = "<math xmlns='http://www.w3.org/1998/Math/MathML'><mrow><mi>a</mi>"
                              "<mo>=</mo><mn>2</mn></mrow></math>";

/* ---- what comes out ---- */

static size_t letters_out(const struct body_node *node, int depth)
{
    size_t letters = 0;
    assert(depth <= BODY_DEPTH_MAXIMUM);
    for (; node; node = node->next) {
        for (const struct body_node *child = node->first_child; child; child = child->next)
            assert(child->parent == node && body_may_contain(node->kind, child->kind));
        if (node->text)
            letters += builder_letters(node->text, strlen(node->text));
        letters += letters_out(node->first_child, depth + 1);
    }
    return letters;
}

/* ---- what went in ---- */

/* What the format has for other than words. */
static bool is_no_text(const struct xml_node *node)
{
    static const char *const names[] = {
        "note-citation", "forms", "change-info",     "event-listeners", "binary-data", "settings",
        "title",         "desc",  "sender-initials", "object",          "object-ole",  "annotation",
    };
    const char *source = strstr(node->name, "-source");
    const char *declarations = strstr(node->name, "-decls");
    if (strstr(node->space, "purl.org") || strstr(node->space, ":meta:") || source || declarations)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(node->name, names[i]) == 0)
            return strcmp(node->name, "annotation") != 0 || strstr(node->space, "MathML");
    return false;
}

static size_t letters_in(const struct xml_node *node)
{
    size_t letters = 0;
    for (; node; node = node->next) {
        if (node->text)
            letters += builder_letters(node->text, node->text_length);
        else if (!is_no_text(node))
            letters += letters_in(node->first_child);
    }
    return letters;
}

static size_t letters_of_file(struct arena *arena, const struct test_zip *zip)
{
    static const char office[] = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";
    static const struct xml_bounds bounds = {
        .bytes = 1 << 24, .nodes = 1000000, .depth = 250, .attributes = 200
    };
    enum xml_fault fault;
    const char *begin = memmem(zip->file.data, zip->file.length, "<office:document-content", 24);
    const char *end = memmem(zip->file.data, zip->file.length, "</office:document-content>", 26);
    const char *next = end;
    while (next) { /* the input may hold one, too */
        end = next;
        size_t left = (size_t)(zip->file.data + zip->file.length - end) - 26;
        next = memmem(end + 26, left, "</office:document-content>", 26);
    }
    const struct xml_node *root = xml_read(arena, begin, (size_t)(end + 26 - begin), &bounds,
                                           &fault);
    const struct xml_node *body = root ? xml_child(root, office, "body") : NULL;
    const struct xml_node *text = body ? xml_child(body, office, "text") : NULL;
    return text ? letters_in(text->first_child) : 0;
}

/* ---- texts put together ---- */

static const char *const elements[] = {
    "text:p",
    "text:p text:style-name='Title'",
    "text:p text:style-name='Quotations'",
    "text:p text:style-name='Preformatted_20_Text'",
    "text:p text:style-name='Caption'",
    "text:p text:style-name='S'",
    "text:p text:style-name='H'",
    "text:h",
    "text:h text:outline-level='2'",
    "text:h text:is-list-header='true'",
    "text:span text:style-name='B'",
    "text:span text:style-name='S'",
    "text:span text:style-name='H'",
    "text:span text:style-name='L'",
    "text:span text:display='none'",
    "text:a xlink:href='https://x.example/'",
    "text:a xlink:href='#m'",
    "text:bookmark text:name='m'",
    "text:s text:c='3'",
    "text:tab",
    "text:line-break",
    "text:list",
    "text:list text:style-name='Tal'",
    "text:list text:continue-numbering='true'",
    "text:list-item",
    "text:list-item text:start-value='0'",
    "text:list-header",
    "text:numbered-paragraph text:level='2'",
    "text:section",
    "text:section text:display='none'",
    "table:table",
    "table:table-row",
    "table:table-row table:visibility='collapse'",
    "table:table-header-rows",
    "table:table-cell",
    "table:table-cell table:number-columns-spanned='2'",
    "table:table-cell table:number-columns-repeated='3'",
    "table:covered-table-cell",
    "text:note",
    "text:note-body",
    "text:note-citation",
    "text:tracked-changes",
    "text:changed-region text:id='c'",
    "text:changed-region text:id='d'",
    "text:insertion",
    "text:deletion",
    "text:deletion loext:move-id='1'",
    "text:change-start text:change-id='c'",
    "text:change-end text:change-id='c'",
    "text:change-start text:change-id='d'",
    "text:change-end text:change-id='d'",
    "office:annotation",
    "dc:creator",
    "draw:frame",
    "draw:text-box",
    "draw:image xlink:href='Pictures/1.png'",
    "draw:image xlink:href='https://x.example/1.png'",
    "draw:image xlink:href='Pictures/2.emf'",
    "draw:object xlink:href='Object 1'",
    "draw:object-ole",
    "svg:title",
    "svg:desc",
    "draw:custom-shape",
    "draw:g",
    "draw:a",
    "math:math",
    "math:mi",
    "math:mfrac",
    "text:hidden-text text:is-hidden='true'",
    "text:hidden-paragraph text:is-hidden='true'",
    "text:ruby-text",
    "text:script",
    "text:table-of-content-source",
    "text:index-body",
    "text:date",
};

enum { ELEMENTS = sizeof elements / sizeof elements[0], DEPTH_MAXIMUM = 30, END = 96, WORD = 160 };

static void append_end(struct string_builder *out, const char *element)
{
    string_builder_append_format(out, "</%.*s>", (int)strcspn(element, " "), element);
}

/* A byte is an element that begins, the end of one, or a word. */
static void put_together(struct string_builder *out, const uint8_t *data, size_t size)
{
    const char *open[DEPTH_MAXIMUM];
    size_t depth = 0;
    string_builder_append(
        out, "<office:automatic-styles>"
             "<style:style style:name='B' style:family='text'><style:text-properties"
             " fo:font-weight='bold'/></style:style>"
             "<style:style style:name='S' style:family='text'><style:text-properties"
             " style:text-line-through-style='solid'/></style:style>"
             "<style:style style:name='H' style:family='text'><style:text-properties"
             " text:display='none'/></style:style>"
             "<style:style style:name='L' style:family='text'><style:text-properties"
             " fo:font-size='20pt' text:display='true'/></style:style>"
             "<style:style style:name='S' style:family='paragraph'><style:text-properties"
             " style:text-line-through-style='solid'/></style:style>"
             "<style:style style:name='H' style:family='paragraph'><style:text-properties"
             " text:display='none'/></style:style>"
             "</office:automatic-styles><office:body><office:text>");
    for (size_t i = 0; i < size; i++) {
        if (data[i] < END && depth < DEPTH_MAXIMUM) {
            open[depth] = elements[data[i] % ELEMENTS];
            string_builder_append_format(out, "<%s>", open[depth++]);
        } else if (data[i] < WORD && depth > 0)
            append_end(out, open[--depth]);
        else
            string_builder_append_format(out, data[i] & 1 ? "%c " : "%c", 'a' + data[i] % 26);
    }
    while (depth > 0)
        append_end(out, open[--depth]);
    string_builder_append(out, "</office:text></office:body>");
}

static void make(struct test_zip *zip, const char *within)
{
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    zip_begin(zip);
    zip_add(zip, "mimetype", "application/vnd.oasis.opendocument.text");
    odt_add_styles(zip, common_styles,
                   "<style:master-page><style:header><text:p>Hoved</text:p></style:header>"
                   "</style:master-page>");
    zip_add_bytes(zip, "Pictures/1.png", png, sizeof png - 1);
    zip_add(zip, "Object 1/content.xml", formula);
    odt_add_part(zip, "content.xml", "document-content", "", within, "");
    zip_end(zip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct test_zip zip;
    struct string_builder together;
    string_builder_init(&together, 0);
    if (size && data[0] != '<')
        put_together(&together, data, size);
    make(&zip, together.length ? together.data : arena_copy_bytes(&arena, data, size));
    string_builder_release(&together);
    const struct rich_text *text = rich_text_reader.read(&arena, RICH_TEXT_ODT, NULL, zip.file.data,
                                                         zip.file.length);
    if (text->fault == RICH_TEXT_FAULT_NONE) {
        size_t letters = letters_out(text->body, 0);
        for (const struct rich_text_finding *finding = text->findings; finding;
             finding = finding->next)
            letters += finding->letters;
        assert(letters == text->letters);
        assert(letters_of_file(&arena, &zip) <= letters);
    }
    zip_release(&zip);
    arena_release(&arena);
    return 0;
}
