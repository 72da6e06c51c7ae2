/* SPDX-License-Identifier: MIT */
#include "picture/xmp.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "picture/field_text.h"
#include "picture/source_type.h"

#include <libxml/xmlreader.h>
#include <strings.h>

#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define DC "http://purl.org/dc/elements/1.1/"
#define PHOTOSHOP "http://ns.adobe.com/photoshop/1.0/"
#define IPTC_CORE "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
#define IPTC_EXTENSION "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"

enum property {
    PROPERTY_NONE,
    PROPERTY_CREATOR,
    PROPERTY_CREDIT,
    PROPERTY_COPYRIGHT,
    PROPERTY_SOURCE_TYPE,
    PROPERTY_ALT,
    PROPERTY_CAPTION,
    PROPERTIES
};

struct name {
    const char *namespace_uri;
    const char *local;
};

static const struct name names[PROPERTIES] = {
    [PROPERTY_CREATOR] = { DC, "creator" },
    [PROPERTY_CREDIT] = { PHOTOSHOP, "Credit" },
    [PROPERTY_COPYRIGHT] = { DC, "rights" },
    [PROPERTY_SOURCE_TYPE] = { IPTC_EXTENSION, "DigitalSourceType" },
    [PROPERTY_ALT] = { IPTC_CORE, "AltTextAccessibility" },
    [PROPERTY_CAPTION] = { DC, "description" },
};

/* Depths of a packet: x:xmpmeta may be missing, so they count from rdf:RDF on. */
enum { DEPTH_DESCRIPTION = 1, DEPTH_PROPERTY = 2, DEPTH_LIST = 3, DEPTH_ITEM = 4 };

/* How well the language of a value is what is wanted. */
enum fitness { FITNESS_OTHER, FITNESS_DEFAULT, FITNESS_WANTED };

struct reading {
    struct arena *arena;
    xmlTextReaderPtr xml;
    const char *found[PROPERTIES];
    enum fitness fitness[PROPERTIES]; /* of what was found */
    const char *language;             /* wanted; NULL: none */
    int rdf_depth;                    /* of rdf:RDF; -1 outside */
    enum property property;           /* that the reader is in */
    int value_depth;                  /* of the element whose text is a value; -1 outside */
    enum fitness value_fitness;
    struct string_builder value;
};

static const char *chars(const xmlChar *string)
{
    return (const char *)string;
}

static bool is_named(struct reading *reading, const char *namespace_uri, const char *local)
{
    const xmlChar *uri = xmlTextReaderConstNamespaceUri(reading->xml);
    const xmlChar *name = xmlTextReaderConstLocalName(reading->xml);
    return uri && name && strcmp(chars(uri), namespace_uri) == 0 && strcmp(chars(name), local) == 0;
}

/* The property that the element or attribute under the reader is named after. */
static enum property property_here(struct reading *reading)
{
    for (int i = PROPERTY_NONE + 1; i < PROPERTIES; i++)
        if (is_named(reading, names[i].namespace_uri, names[i].local))
            return (enum property)i;
    return PROPERTY_NONE;
}

static const char *clean(struct reading *reading, enum property property, const char *value)
{
    static const size_t maximum[PROPERTIES] = {
        [PROPERTY_ALT] = FIELD_ALT_MAXIMUM, [PROPERTY_CAPTION] = FIELD_CAPTION_MAXIMUM
    };
    struct span bytes = { .bytes = (const uint8_t *)value, .length = strlen(value) };
    const char *text = field_text(
        reading->arena, bytes, maximum[property] ? maximum[property] : (size_t)FIELD_LINE_MAXIMUM,
        property == PROPERTY_CAPTION);
    return text && property == PROPERTY_SOURCE_TYPE ? source_type_uri(reading->arena, text) : text;
}

/* Of languages, the one that is wanted, else the default's, else the first. Creators are several
 * people. */
static void keep(struct reading *reading, enum property property, const char *value,
                 enum fitness fitness)
{
    const char *found = reading->found[property];
    if (found && property != PROPERTY_CREATOR && fitness <= reading->fitness[property])
        return;
    const char *text = clean(reading, property, value);
    if (!text)
        return;
    reading->found[property] = property == PROPERTY_CREATOR
                                   ? field_join(reading->arena, found, text)
                                   : text;
    reading->fitness[property] = fitness;
}

/* Simple properties as attributes of rdf:Description. */
static void read_attributes(struct reading *reading)
{
    while (xmlTextReaderMoveToNextAttribute(reading->xml) == 1) {
        enum property property = property_here(reading);
        if (property != PROPERTY_NONE)
            keep(reading, property, chars(xmlTextReaderConstValue(reading->xml)), FITNESS_OTHER);
    }
    (void)xmlTextReaderMoveToElement(reading->xml);
}

/* A property whose value is a resource: the address stands in an attribute. */
static void read_resource(struct reading *reading)
{
    xmlChar *resource = xmlTextReaderGetAttributeNs(reading->xml, (const xmlChar *)"resource",
                                                    (const xmlChar *)RDF);
    if (resource)
        keep(reading, reading->property, chars(resource), FITNESS_OTHER);
    xmlFree(resource);
}

/* "da-DK" is what is wanted of "da", and the other way round. */
static enum fitness fitness_of(const struct reading *reading, const char *language)
{
    if (!language)
        return FITNESS_OTHER;
    size_t length = strcspn(language, "-");
    if (reading->language && length == strcspn(reading->language, "-") &&
        strncasecmp(language, reading->language, length) == 0)
        return FITNESS_WANTED;
    return strcasecmp(language, "x-default") == 0 ? FITNESS_DEFAULT : FITNESS_OTHER;
}

static void begin_value(struct reading *reading, int depth)
{
    xmlChar *language = xmlTextReaderGetAttribute(reading->xml, (const xmlChar *)"xml:lang");
    reading->value_fitness = fitness_of(reading, chars(language));
    xmlFree(language);
    reading->value_depth = depth;
    string_builder_clear(&reading->value);
}

static void begin_element(struct reading *reading, int depth)
{
    bool is_empty = xmlTextReaderIsEmptyElement(reading->xml);
    int within = depth - reading->rdf_depth;
    if (reading->rdf_depth < 0) {
        if (is_named(reading, RDF, "RDF") && !is_empty)
            reading->rdf_depth = depth;
    } else if (within == DEPTH_DESCRIPTION && is_named(reading, RDF, "Description")) {
        read_attributes(reading);
    } else if (within == DEPTH_PROPERTY) {
        reading->property = property_here(reading);
        if (reading->property != PROPERTY_NONE)
            read_resource(reading);
        if (reading->property != PROPERTY_NONE && !is_empty)
            begin_value(reading, depth);
    } else if (reading->property != PROPERTY_NONE && !is_empty &&
               (is_named(reading, RDF, "li") || is_named(reading, RDF, "value")) &&
               within <= DEPTH_ITEM + 2) {
        begin_value(reading, depth);
    }
}

static void end_element(struct reading *reading, int depth)
{
    if (depth == reading->value_depth) {
        keep(reading, reading->property, reading->value.data, reading->value_fitness);
        reading->value_depth = -1;
    }
    if (depth == reading->rdf_depth)
        reading->rdf_depth = -1;
    else if (depth - reading->rdf_depth == DEPTH_PROPERTY)
        reading->property = PROPERTY_NONE;
}

static void read_node(struct reading *reading)
{
    int depth = xmlTextReaderDepth(reading->xml);
    switch (xmlTextReaderNodeType(reading->xml)) {
    case XML_READER_TYPE_ELEMENT:
        begin_element(reading, depth);
        break;
    case XML_READER_TYPE_END_ELEMENT:
        end_element(reading, depth);
        break;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        if (depth == reading->value_depth + 1 && reading->value_depth >= 0)
            string_builder_append(&reading->value, chars(xmlTextReaderConstValue(reading->xml)));
        break;
    default:
        break;
    }
}

static void take(const char **field, const char *found)
{
    if (!*field)
        *field = found;
}

static void append_utf16(struct string_builder *text, struct span packet, bool is_little)
{
    for (size_t at = 0; at + 2 <= packet.length; at += 2) {
        uint32_t unit = (uint32_t)(is_little ? span_little(packet, at, 2)
                                             : span_big(packet, at, 2));
        uint32_t low = (uint32_t)(is_little ? span_little(packet, at + 2, 2)
                                            : span_big(packet, at + 2, 2));
        if ((unit & 0xFC00) == 0xD800 && (low & 0xFC00) == 0xDC00) {
            unit = 0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF));
            at += 2;
        }
        if (utf8_is_xml_character(unit) && unit != 0xFEFF)
            utf8_append(text, unit);
    }
}

/* In UTF-8 whatever it came in, so that the parser opens no converter, and without what is no XML:
 * the padding of some programs is NULs. */
static void append_decoded(struct string_builder *text, struct span packet)
{
    if (span_is_at(packet, 0, "<\0", 2) || span_is_at(packet, 0, "\xFF\xFE", 2))
        append_utf16(text, packet, true);
    else if (span_is_at(packet, 0, "\0<", 2) || span_is_at(packet, 0, "\xFE\xFF", 2))
        append_utf16(text, packet, false);
    else
        utf8_append_clean(text, (const char *)packet.bytes, packet.length);
}

/* No packet has a document type, and entities are for trouble. The parser compares each attribute
 * with all others of its element, and each prefix with all that are declared. */
static bool is_harmless(const char *xml)
{
    enum { ATTRIBUTES_MAXIMUM = 1000, DECLARATIONS_MAXIMUM = 2000 };

    int attributes = 0;
    int declarations = 0;
    for (const char *at = xml; (at = strpbrk(at, "<=x")); at++) {
        if (*at == '<')
            attributes = 0;
        else if (*at == '=')
            attributes++;
        else if (strncmp(at, "xmlns", 5) == 0)
            declarations++;
        if (attributes > ATTRIBUTES_MAXIMUM || declarations > DECLARATIONS_MAXIMUM)
            return false;
    }
    return !strstr(xml, "<!DOCTYPE");
}

static void read_xml(struct reading *reading, const struct string_builder *xml)
{
    enum { NODES_MAXIMUM = 100 * 1000, VALUE_MAXIMUM = 64 * 1024 };

    reading->xml = xmlReaderForMemory(xml->data, (int)xml->length, NULL, "UTF-8",
                                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!reading->xml)
        return;
    string_builder_init(&reading->value, VALUE_MAXIMUM);
    for (int i = 0; i < NODES_MAXIMUM && xmlTextReaderRead(reading->xml) == 1; i++)
        read_node(reading);
    string_builder_release(&reading->value);
    xmlFreeTextReader(reading->xml);
}

void xmp_read(struct arena *arena, struct span packet, const char *language,
              struct picture_rights *rights)
{
    struct reading reading = {
        .arena = arena, .language = language, .rdf_depth = -1, .value_depth = -1
    };
    struct string_builder xml;
    if (packet.length == 0 || packet.length > XMP_PACKET_MAXIMUM)
        return;
    string_builder_init(&xml, (size_t)2 * XMP_PACKET_MAXIMUM);
    append_decoded(&xml, packet);
    if (is_harmless(xml.data))
        read_xml(&reading, &xml);
    string_builder_release(&xml);
    take(&rights->creator, reading.found[PROPERTY_CREATOR]);
    take(&rights->credit, reading.found[PROPERTY_CREDIT]);
    take(&rights->copyright, reading.found[PROPERTY_COPYRIGHT]);
    take(&rights->source_type, reading.found[PROPERTY_SOURCE_TYPE]);
    take(&rights->alt, reading.found[PROPERTY_ALT]);
    take(&rights->caption, reading.found[PROPERTY_CAPTION]);
}
