/* SPDX-License-Identifier: MIT */
/* The input is what stands in content.xml of an OpenDocument text: each letter of its text is in
 * the body, in an alternative text or counted in a finding. */
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
    make(&zip, arena_copy_bytes(&arena, data, size));
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
