/* SPDX-License-Identifier: MIT */
#ifndef XML_XML_WRITER_H
#define XML_XML_WRITER_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct string_builder;

/* The one writer of XML documents (feeds, sitemaps, OPML, the store's own): libxml2's, with what it
 * lacks. Text is cleaned of what XML forbids; failures are kept until xml_close(), so that a
 * document is written without a check at every line. */
struct xml_writer;

enum xml_layout {
    XML_COMPACT, /* white space is text: for documents that are read back */
    XML_INDENTED
};

/* UTF-8. maximum_bytes 0 means STRING_BUILDER_MAXIMUM_DEFAULT. The caller closes. */
struct xml_writer *xml_open(enum xml_layout layout, size_t maximum_bytes);

void xml_start(struct xml_writer *xml, const char *name);
void xml_end(struct xml_writer *xml);

/* NULL: no attribute, no element, no text. */
void xml_attribute(struct xml_writer *xml, const char *name, const char *value);
void xml_attribute_number(struct xml_writer *xml, const char *name, long long value);
void xml_text(struct xml_writer *xml, const char *text);
void xml_element(struct xml_writer *xml, const char *name, const char *text);

/* The same with & < > as numeric references: of an RSS title no reader can tell whether it is text
 * or HTML, and this is right for both. */
void xml_element_plain(struct xml_writer *xml, const char *name, const char *text);

/* Ends what is open. False where the document is longer than its maximum: for a caller that has an
 * error of its own for that, before xml_close() or xml_drop(). */
bool xml_end_document(struct xml_writer *xml);

/* Ends the document, appends the document to out and frees the writer. False, ERROR_SYSTEM, where
 * something of it could not be written. */
bool xml_close(struct xml_writer *xml, struct string_builder *out, struct error *error)
    __attribute__((warn_unused_result));

/* Frees the writer of a document that is not wanted. */
void xml_drop(struct xml_writer *xml);

#endif
