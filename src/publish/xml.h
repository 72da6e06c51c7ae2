/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_XML_H
#define PUBLISH_XML_H

#include <stdbool.h>

struct error;
struct string_builder;

/* Inside publish/ only: a writer of XML documents: libxml2's, with what it lacks. Text is cleaned
 * of what XML 1.0 forbids; the first failure sticks and shows at xml_finish(). */
struct xml;

/* A new UTF-8 document with its declaration. NULL on failure; every function below takes that NULL
 * and does nothing. */
struct xml *xml_new(void);

/* Elements nest; xml_end() closes the innermost. */
void xml_start(struct xml *xml, const char *name);
void xml_end(struct xml *xml);

/* Behind xml_start(). A NULL value writes nothing. */
void xml_attribute(struct xml *xml, const char *name, const char *value);
void xml_attribute_number(struct xml *xml, const char *name, long long value);

void xml_text(struct xml *xml, const char *text);

/* <name>text</name>; nothing for NULL. */
void xml_element(struct xml *xml, const char *name, const char *text);

/* The same with "&" and "<" as character references: the form in which every RSS reader takes a
 * title for plain text (RSS Advisory Board profile). */
void xml_element_plain(struct xml *xml, const char *name, const char *text);

/* Closes what is open, appends the document to *out and frees xml, also on failure. */
bool xml_finish(struct xml *xml, struct string_builder *out, struct error *error);

#endif
