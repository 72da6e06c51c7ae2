/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_RICH_TEXT_DOCX_FILE_H
#define TESTS_UNIT_RICH_TEXT_DOCX_FILE_H

#include "unit/zip.h"

/* Word files made in memory: parts that most tests do not care about are there already. */

#define DOCX_OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/"
#define DOCX_RELATIONSHIPS "http://schemas.openxmlformats.org/package/2006/relationships"
#define DOCX_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml."

/* The namespaces of a part. */
#define DOCX_SPACES                                                                                \
    " xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"                      \
    " xmlns:r='" DOCX_OFFICE "relationships'"                                                      \
    " xmlns:m='" DOCX_OFFICE "math'"                                                               \
    " xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"                      \
    " xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'"           \
    " xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"                             \
    " xmlns:pic='http://schemas.openxmlformats.org/drawingml/2006/picture'"                        \
    " xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart'"                            \
    " xmlns:dgm='http://schemas.openxmlformats.org/drawingml/2006/diagram'"                        \
    " xmlns:adec='http://schemas.microsoft.com/office/drawing/2017/decorative'"                    \
    " xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape'"               \
    " xmlns:v='urn:schemas-microsoft-com:vml' xmlns:o='urn:schemas-microsoft-com:office:office'"

#define DOCX_DOCUMENT(BODY) "<w:document" DOCX_SPACES "><w:body>" BODY "</w:body></w:document>"

/* A relationship of the document, by the last word of its type. */
#define DOCX_PART(ID, KIND, TARGET)                                                                \
    "<Relationship Id='" ID "' Type='" DOCX_OFFICE "relationships/" KIND "' Target='" TARGET "'/>"
#define DOCX_LINK(ID, KIND, TARGET)                                                                \
    "<Relationship Id='" ID "' Type='" DOCX_OFFICE "relationships/" KIND "' Target='" TARGET       \
    "' TargetMode='External'/>"

static inline void docx_relationships(struct string_builder *text, const char *relationships)
{
    string_builder_append_format(text,
                                 "<Relationships xmlns='" DOCX_RELATIONSHIPS "'>%s"
                                 "</Relationships>",
                                 relationships);
}

/* All but the document, which the caller adds as "word/document.xml". */
static inline void docx_begin(struct test_zip *zip, const char *relationships)
{
    struct string_builder text;
    zip_begin(zip);
    zip_add(zip, "[Content_Types].xml",
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
            "<Override PartName='/word/document.xml' ContentType='" DOCX_TYPE
            "document.main+xml'/></Types>");
    string_builder_init(&text, 0);
    docx_relationships(&text, DOCX_PART("rId1", "officeDocument", "word/document.xml"));
    zip_add(zip, "_rels/.rels", text.data);
    string_builder_clear(&text);
    docx_relationships(&text, relationships);
    zip_add(zip, "word/_rels/document.xml.rels", text.data);
    string_builder_release(&text);
}

#endif
