/* SPDX-License-Identifier: MIT */
#include "xml/xml_reader.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "xml/xml_source.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    DEPTH_MAXIMUM = 256,      /* libxml2's own */
    NAMESPACES_MAXIMUM = 256, /* declared at one place; each name is looked up among them */
    NAMES_MAXIMUM = 20000     /* different ones: past a few, libxml2 looks for each along a list */
};

/* A name of libxml2's dictionary, where equal ones have one address, and ours. */
struct name_slot {
    const xmlChar *key; /* NULL: free */
    const char *name;
};

struct reading {
    struct arena *arena;
    const struct xml_bounds *bounds;
    xmlParserCtxt *parser;
    enum xml_fault fault;
    struct xml_node *root;
    struct xml_node *open;                    /* the innermost element */
    struct xml_node *last[DEPTH_MAXIMUM + 1]; /* child of each open one */
    size_t namespaces[DEPTH_MAXIMUM + 1];     /* that each declares */
    size_t depth, nodes, namespace_count;
    struct string_builder text; /* since the last tag */
    struct name_slot *slots;
    size_t slot_count, slot_capacity; /* a power of two */
};

static void stop(struct reading *reading, enum xml_fault fault)
{
    if (reading->fault == XML_FAULT_NONE)
        reading->fault = fault;
    xmlStopParser(reading->parser);
}

/* ---- names ---- */

static struct name_slot *slot_of(struct name_slot *slots, size_t capacity, const xmlChar *key)
{
    size_t at = (size_t)(((uint64_t)(uintptr_t)key * 0x9E3779B97F4A7C15u) >> 32) & (capacity - 1);
    while (slots[at].key && slots[at].key != key)
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static void grow_slots(struct reading *reading)
{
    size_t capacity = reading->slot_capacity ? reading->slot_capacity * 2 : 128;
    struct name_slot *slots = arena_allocate_array(reading->arena, capacity, sizeof *slots);
    for (size_t i = 0; i < reading->slot_capacity; i++)
        if (reading->slots[i].key)
            *slot_of(slots, capacity, reading->slots[i].key) = reading->slots[i];
    reading->slots = slots;
    reading->slot_capacity = capacity;
}

static const char *own_name(struct reading *reading, const xmlChar *name)
{
    if (!name)
        return "";
    if (reading->slot_count * 2 >= reading->slot_capacity)
        grow_slots(reading);
    struct name_slot *slot = slot_of(reading->slots, reading->slot_capacity, name);
    if (!slot->key) {
        slot->key = name;
        slot->name = arena_copy(reading->arena, (const char *)name);
        if (++reading->slot_count > NAMES_MAXIMUM)
            stop(reading, XML_FAULT_TOO_LARGE);
    }
    return slot->name;
}

/* ---- the tree ---- */

static struct xml_node *new_node(struct reading *reading)
{
    struct xml_node *node = arena_allocate(reading->arena, sizeof *node);
    node->parent = reading->open;
    if (!reading->open)
        reading->root = node;
    else if (reading->last[reading->depth])
        reading->last[reading->depth]->next = node;
    else
        reading->open->first_child = node;
    reading->last[reading->depth] = node;
    return node;
}

static bool has_room(struct reading *reading, size_t nodes)
{
    reading->nodes += nodes;
    if (reading->nodes <= reading->bounds->nodes)
        return true;
    stop(reading, XML_FAULT_TOO_LARGE);
    return false;
}

static void end_text(struct reading *reading)
{
    if (!reading->text.length || !reading->open || !has_room(reading, 1))
        return;
    struct xml_node *node = new_node(reading);
    node->text = arena_copy_bytes(reading->arena, reading->text.data, reading->text.length);
    node->text_length = reading->text.length;
    string_builder_clear(&reading->text);
}

/* libxml2 leaves "&#38;" for each "&" of a value, however it was written, where entities stay as
 * they are. */
static const char *own_value(struct reading *reading, const xmlChar *begin, const xmlChar *end)
{
    static const char ampersand[] = "&#38;";
    size_t length = (size_t)(end - begin);
    char *value = arena_copy_bytes(reading->arena, begin, length);
    char *found = memmem(value, length, ampersand, sizeof ampersand - 1);
    if (!found)
        return value;
    char *to = found;
    for (const char *from = found; from < value + length;) {
        bool is_one = strncmp(from, ampersand, sizeof ampersand - 1) == 0;
        *to++ = is_one ? '&' : *from;
        from += is_one ? sizeof ampersand - 1 : 1;
    }
    *to = '\0';
    return value;
}

/* Five pointers each: name, prefix, namespace, and where the value begins and ends. */
static const struct xml_attribute_node *own_attributes(struct reading *reading, size_t count,
                                                       const xmlChar *const *attributes)
{
    struct xml_attribute_node *own = NULL;
    if (count)
        own = arena_allocate_array(reading->arena, count, sizeof *own);
    for (size_t i = 0; i < count; i++, attributes += 5) {
        own[i].name = own_name(reading, attributes[0]);
        own[i].space = own_name(reading, attributes[2]);
        own[i].value = own_value(reading, attributes[3], attributes[4]);
        own[i].next = i + 1 < count ? &own[i + 1] : NULL;
    }
    return own;
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *space, int namespace_count, const xmlChar **namespaces,
                          int attribute_count, int defaulted, const xmlChar **attributes)
{
    struct reading *reading = context;
    size_t count = (size_t)attribute_count;
    size_t depth = reading->depth + 1;
    (void)prefix;
    (void)namespaces;
    (void)defaulted;
    end_text(reading);
    if (reading->fault != XML_FAULT_NONE || !has_room(reading, 1 + count))
        return;
    reading->namespace_count += (size_t)namespace_count;
    if (depth > reading->bounds->depth || depth > DEPTH_MAXIMUM ||
        count > reading->bounds->attributes || reading->namespace_count > NAMESPACES_MAXIMUM) {
        stop(reading, XML_FAULT_TOO_LARGE);
        return;
    }
    struct xml_node *node = new_node(reading);
    node->name = own_name(reading, name);
    node->space = own_name(reading, space);
    node->attributes = own_attributes(reading, count, attributes);
    reading->open = node;
    reading->depth = depth;
    reading->last[depth] = NULL;
    reading->namespaces[depth] = (size_t)namespace_count;
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix,
                        const xmlChar *space)
{
    struct reading *reading = context;
    (void)name;
    (void)prefix;
    (void)space;
    end_text(reading);
    if (reading->fault != XML_FAULT_NONE || !reading->open)
        return;
    reading->namespace_count -= reading->namespaces[reading->depth];
    reading->open = reading->open->parent;
    reading->depth--;
}

static void characters(void *context, const xmlChar *bytes, int length)
{
    struct reading *reading = context;
    if (reading->open && reading->fault == XML_FAULT_NONE)
        string_builder_append_bytes(&reading->text, bytes, (size_t)length);
}

static void declaration(void *context, const xmlChar *name, const xmlChar *public_name,
                        const xmlChar *system_name)
{
    (void)name;
    (void)public_name;
    (void)system_name;
    stop(context, XML_FAULT_DOCTYPE);
}

/* A prefix without a namespace is no fault of XML itself: such an element has none. */
static void met_fault(void *context, xmlError *error)
{
    if (error->level == XML_ERR_FATAL)
        stop(context, XML_FAULT_MALFORMED);
}

/* ---- the document ---- */

static void parse(struct reading *reading, const char *bytes, size_t length)
{
    const xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = declaration,
        .startElementNs = start_element,
        .endElementNs = end_element,
        .characters = characters,
        .cdataBlock = characters,
        .ignorableWhitespace = characters,
        .serror = met_fault,
    };
    reading->parser = xmlCreateMemoryParserCtxt(bytes, (int)length);
    if (!reading->parser)
        memory_failed(length);
    *reading->parser->sax = handler;
    reading->parser->userData = reading;
    (void)xmlCtxtUseOptions(reading->parser, XML_PARSE_NONET);
    (void)xmlParseDocument(reading->parser);
    bool is_whole = reading->parser->wellFormed && reading->root && !reading->open;
    if (reading->fault == XML_FAULT_NONE && !is_whole)
        reading->fault = XML_FAULT_MALFORMED;
    xmlFreeDoc(reading->parser->myDoc);
    xmlFreeParserCtxt(reading->parser);
}

const struct xml_node *xml_read(struct arena *arena, const char *bytes, size_t length,
                                const struct xml_bounds *bounds, enum xml_fault *fault)
{
    struct reading reading = { .arena = arena, .bounds = bounds };
    struct string_builder room;
    *fault = XML_FAULT_TOO_LARGE;
    if (length > bounds->bytes || length > INT_MAX / 4)
        return NULL;
    string_builder_init(&room, length * 3 + 1);
    string_builder_init(&reading.text, length * 3 + 1);
    if (!xml_source_decode(&bytes, &length, &room) || !length)
        reading.fault = XML_FAULT_MALFORMED;
    else if (xml_source_attributes(bytes, length) > bounds->attributes + NAMESPACES_MAXIMUM)
        reading.fault = XML_FAULT_TOO_LARGE;
    else
        parse(&reading, bytes, length);
    string_builder_release(&reading.text);
    string_builder_release(&room);
    *fault = reading.fault;
    return reading.fault == XML_FAULT_NONE ? reading.root : NULL;
}

const char *xml_attribute_value(const struct xml_node *element, const char *space, const char *name)
{
    for (const struct xml_attribute_node *attribute = element->attributes; attribute;
         attribute = attribute->next)
        if (strcmp(attribute->name, name) == 0 && strcmp(attribute->space, space) == 0)
            return attribute->value;
    return NULL;
}

const struct xml_node *xml_child(const struct xml_node *element, const char *space,
                                 const char *name)
{
    for (const struct xml_node *child = element->first_child; child; child = child->next)
        if (child->name && strcmp(child->name, name) == 0 && strcmp(child->space, space) == 0)
            return child;
    return NULL;
}
