/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_RICH_TEXT_ODT_FILE_H
#define TESTS_UNIT_RICH_TEXT_ODT_FILE_H

#include "unit/zip.h"

/* OpenDocument texts made of the XML that matters. */

#define ODT_SPACES                                                                                 \
    " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""                           \
    " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""                               \
    " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""                             \
    " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""                             \
    " xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\""                            \
    " xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\""                    \
    " xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\""                      \
    " xmlns:xlink=\"http://www.w3.org/1999/xlink\""                                                \
    " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""                                               \
    " xmlns:loext=\"urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0\""        \
    " xmlns:math=\"http://www.w3.org/1998/Math/MathML\""

static inline void odt_add_part(struct test_zip *zip, const char *name, const char *root,
                                const char *before, const char *within, const char *behind)
{
    struct string_builder part;
    string_builder_init(&part, 0);
    string_builder_append_format(&part, "<office:%s" ODT_SPACES ">%s%s%s</office:%s>", root, before,
                                 within, behind, root);
    zip_add_bytes(zip, name, part.data, part.length);
    string_builder_release(&part);
}

/* automatic: styles of the text; body: what stands in it; common, pages: styles and pages of
 * styles.xml, where both are NULL there is none. The caller adds what else there is, and ends it.
 */
static inline void odt_begin(struct test_zip *zip, const char *automatic, const char *body)
{
    struct string_builder before;
    zip_begin(zip);
    zip_add(zip, "mimetype", "application/vnd.oasis.opendocument.text");
    string_builder_init(&before, 0);
    string_builder_append_format(&before,
                                 "<office:automatic-styles>%s</office:automatic-styles>"
                                 "<office:body><office:text>",
                                 automatic);
    odt_add_part(zip, "content.xml", "document-content", before.data, body,
                 "</office:text></office:body>");
    string_builder_release(&before);
}

static inline void odt_add_styles(struct test_zip *zip, const char *common, const char *pages)
{
    struct string_builder within;
    string_builder_init(&within, 0);
    string_builder_append_format(&within,
                                 "%s</office:styles><office:master-styles>%s"
                                 "</office:master-styles>",
                                 common, pages);
    odt_add_part(zip, "styles.xml", "document-styles", "<office:styles>", within.data, "");
    string_builder_release(&within);
}

#endif
