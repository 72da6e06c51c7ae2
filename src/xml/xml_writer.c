/* SPDX-License-Identifier: MIT */
#include "xml/xml_writer.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct xml_writer {
    xmlTextWriter *writer;
    struct string_builder document;
    struct string_builder
        clean;        /* of the string being written: libxml2 lets through what XML forbids */
    bool is_too_long; /* a string alone is over the maximum */
    bool is_ended;
    bool has_failed;
};

/* The bytes are the same; the library's type is unsigned. */
static const xmlChar *xml_string(const char *string)
{
    return (const xmlChar *)string;
}

static void xml_check(struct xml_writer *xml, int result)
{
    if (result < 0)
        xml->has_failed = true;
}

/* Never fails, because whether the document overflowed is asked when it is closed. */
static int document_append(void *context, const char *bytes, int length)
{
    string_builder_append_bytes(context, bytes, (size_t)length);
    return length;
}

struct xml_writer *xml_open(enum xml_layout layout, size_t maximum_bytes)
{
    struct xml_writer *xml = memory_allocate(sizeof *xml);
    string_builder_init(&xml->document, maximum_bytes);
    string_builder_init(&xml->clean, maximum_bytes);
    xmlOutputBuffer *output = xmlOutputBufferCreateIO(document_append, NULL, &xml->document, NULL);
    xml->writer = output ? xmlNewTextWriter(output) : NULL; /* takes the output */
    if (!xml->writer)
        memory_failed(sizeof *xml);
    if (layout == XML_INDENTED) {
        xml_check(xml, xmlTextWriterSetIndent(xml->writer, 1));
        xml_check(xml, xmlTextWriterSetIndentString(xml->writer, xml_string(" ")));
    }
    xml_check(xml, xmlTextWriterStartDocument(xml->writer, NULL, "UTF-8", NULL));
    return xml;
}

static const xmlChar *xml_clean(struct xml_writer *xml, const char *text)
{
    string_builder_clear(&xml->clean);
    utf8_append_clean(&xml->clean, text, strlen(text));
    xml->is_too_long = xml->is_too_long || string_builder_overflowed(&xml->clean);
    return xml_string(xml->clean.data);
}

void xml_start(struct xml_writer *xml, const char *name)
{
    xml_check(xml, xmlTextWriterStartElement(xml->writer, xml_string(name)));
}

void xml_end(struct xml_writer *xml)
{
    xml_check(xml, xmlTextWriterEndElement(xml->writer));
}

void xml_attribute(struct xml_writer *xml, const char *name, const char *value)
{
    if (value)
        xml_check(
            xml, xmlTextWriterWriteAttribute(xml->writer, xml_string(name), xml_clean(xml, value)));
}

void xml_attribute_number(struct xml_writer *xml, const char *name, long long value)
{
    char digits[32];
    (void)snprintf(digits, sizeof digits, "%lld", value);
    xml_check(xml, xmlTextWriterWriteAttribute(xml->writer, xml_string(name), xml_string(digits)));
}

void xml_text(struct xml_writer *xml, const char *text)
{
    if (text)
        xml_check(xml, xmlTextWriterWriteString(xml->writer, xml_clean(xml, text)));
}

void xml_element(struct xml_writer *xml, const char *name, const char *text)
{
    if (!text)
        return;
    xml_start(xml, name);
    xml_text(xml, text);
    xml_end(xml);
}

void xml_element_plain(struct xml_writer *xml, const char *name, const char *text)
{
    if (!text)
        return;
    struct string_builder escaped;
    string_builder_init(&escaped, 0);
    const char *clean = (const char *)xml_clean(xml, text);
    for (const char *at = clean; *at; at++) {
        if (*at == '&' || *at == '<' || *at == '>')
            string_builder_append_format(&escaped, "&#x%X;", (unsigned)*at);
        else
            string_builder_append_character(&escaped, *at);
    }
    xml_start(xml, name);
    xml_check(xml, xmlTextWriterWriteRaw(xml->writer, xml_string(escaped.data)));
    xml_end(xml);
    string_builder_release(&escaped);
}

bool xml_end_document(struct xml_writer *xml)
{
    if (!xml->is_ended) {
        xml_check(xml, xmlTextWriterEndDocument(xml->writer));
        xml_check(xml, xmlTextWriterFlush(xml->writer));
    }
    xml->is_ended = true;
    return !xml->is_too_long && !string_builder_overflowed(&xml->document);
}

void xml_drop(struct xml_writer *xml)
{
    xmlFreeTextWriter(xml->writer);
    string_builder_release(&xml->document);
    string_builder_release(&xml->clean);
    free(xml);
}

bool xml_close(struct xml_writer *xml, struct string_builder *out, struct error *error)
{
    bool done = xml_end_document(xml) && !xml->has_failed;
    if (done)
        string_builder_append_bytes(out, xml->document.data, xml->document.length);
    xml_drop(xml);
    if (!done || string_builder_overflowed(out))
        return error_set(error, ERROR_SYSTEM, "XML writer: document could not be written");
    return true;
}
