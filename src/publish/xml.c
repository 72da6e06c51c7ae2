/* SPDX-License-Identifier: MIT */
#include "publish/xml.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

struct xml {
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
    struct string_builder clean;
    bool failed;
};

static const xmlChar *xml_name(const char *name)
{
    return (const xmlChar *)name;
}

static void xml_check(struct xml *xml, int result)
{
    if (result < 0)
        xml->failed = true;
}

static void xml_free(struct xml *xml)
{
    xmlFreeTextWriter(xml->writer);
    xmlBufferFree(xml->buffer);
    string_builder_release(&xml->clean);
    free(xml);
}

struct xml *xml_new(void)
{
    struct xml *xml = calloc(1, sizeof *xml);
    if (!xml)
        return NULL;
    string_builder_init(&xml->clean, 0);
    xml->buffer = xmlBufferCreate();
    if (xml->buffer)
        xml->writer = xmlNewTextWriterMemory(xml->buffer, 0);
    if (!xml->writer) {
        xml_free(xml);
        return NULL;
    }
    xml_check(xml, xmlTextWriterSetIndent(xml->writer, 1));
    xml_check(xml, xmlTextWriterSetIndentString(xml->writer, xml_name(" ")));
    xml_check(xml, xmlTextWriterStartDocument(xml->writer, NULL, "UTF-8", NULL));
    return xml;
}

static const xmlChar *xml_clean(struct xml *xml, const char *text)
{
    string_builder_clear(&xml->clean);
    utf8_append_clean(&xml->clean, text, strlen(text));
    if (string_builder_overflowed(&xml->clean))
        xml->failed = true;
    return xml_name(xml->clean.data);
}

void xml_start(struct xml *xml, const char *name)
{
    if (xml)
        xml_check(xml, xmlTextWriterStartElement(xml->writer, xml_name(name)));
}

void xml_end(struct xml *xml)
{
    if (xml)
        xml_check(xml, xmlTextWriterEndElement(xml->writer));
}

void xml_attribute(struct xml *xml, const char *name, const char *value)
{
    if (xml && value)
        xml_check(xml,
                  xmlTextWriterWriteAttribute(xml->writer, xml_name(name), xml_clean(xml, value)));
}

void xml_attribute_number(struct xml *xml, const char *name, long long value)
{
    if (xml)
        xml_check(xml,
                  xmlTextWriterWriteFormatAttribute(xml->writer, xml_name(name), "%lld", value));
}

void xml_text(struct xml *xml, const char *text)
{
    if (xml)
        xml_check(xml, xmlTextWriterWriteString(xml->writer, xml_clean(xml, text)));
}

void xml_element(struct xml *xml, const char *name, const char *text)
{
    if (!xml || !text)
        return;
    xml_start(xml, name);
    xml_text(xml, text);
    xml_end(xml);
}

void xml_element_plain(struct xml *xml, const char *name, const char *text)
{
    if (!xml || !text)
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
    xml_check(xml, xmlTextWriterWriteRaw(xml->writer, xml_name(escaped.data)));
    xml_end(xml);
    string_builder_release(&escaped);
}

bool xml_finish(struct xml *xml, struct string_builder *out, struct error *error)
{
    if (!xml)
        return error_set(error, ERROR_SYSTEM, "XML writer: out of memory");
    xml_check(xml, xmlTextWriterEndDocument(xml->writer));
    xml_check(xml, xmlTextWriterFlush(xml->writer));
    bool done = !xml->failed && xmlBufferLength(xml->buffer) > 0;
    if (done)
        string_builder_append_bytes(out, xmlBufferContent(xml->buffer),
                                    (size_t)xmlBufferLength(xml->buffer));
    xml_free(xml);
    if (!done || string_builder_overflowed(out))
        return error_set(error, ERROR_SYSTEM, "XML writer: document could not be written");
    return true;
}
