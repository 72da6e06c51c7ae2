/* SPDX-License-Identifier: MIT */
#include "release/release.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "release/body.h"
#include "release/release_document.h"

#include <libxml/xmlwriter.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct document_writer {
    xmlTextWriter *xml;
    struct string_builder
        clean; /* the string being written: libxml2 lets control characters through */
    size_t nodes;
    bool too_large;
};

/* The bytes are the same; the library's type is unsigned. */
static const xmlChar *xml_string(const char *string)
{
    return (const xmlChar *)string;
}

/* Writing only fails where the text at the other end is full, which is asked there. */
static int append_output(void *context, const char *bytes, int length)
{
    string_builder_append_bytes(context, bytes, (size_t)length);
    return length;
}

static void start_element(struct document_writer *writer, const char *name)
{
    (void)xmlTextWriterStartElement(writer->xml, xml_string(name));
}

static void end_element(struct document_writer *writer)
{
    (void)xmlTextWriterEndElement(writer->xml);
}

static const xmlChar *clean_string(struct document_writer *writer, const char *string)
{
    string_builder_clear(&writer->clean);
    utf8_append_clean(&writer->clean, string, strlen(string));
    writer->too_large = writer->too_large || string_builder_overflowed(&writer->clean);
    return xml_string(writer->clean.data);
}

/* NULL is not written at all. */
static void write_string(struct document_writer *writer, const char *name, const char *value)
{
    if (value)
        (void)xmlTextWriterWriteAttribute(writer->xml, xml_string(name),
                                          clean_string(writer, value));
}

static void write_integer(struct document_writer *writer, const char *name, int64_t value)
{
    char digits[32];
    (void)snprintf(digits, sizeof digits, "%" PRId64, value);
    write_string(writer, name, digits);
}

static void write_instant(struct document_writer *writer, const char *name, int64_t value)
{
    if (value != INSTANT_NONE)
        write_integer(writer, name, value);
}

static void write_strings(struct document_writer *writer, const void *object,
                          const struct document_string *strings)
{
    for (; strings->name; strings++) {
        const char *value;
        memcpy(&value, (const char *)object + strings->offset, sizeof value);
        write_string(writer, strings->name, value);
    }
}

static void write_topics(struct document_writer *writer, const struct release *release)
{
    if (!release->has_topics)
        return;
    start_element(writer, "topics");
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next) {
        start_element(writer, "topic");
        write_string(writer, "name", topic->name);
        write_string(writer, "label", topic->label);
        end_element(writer);
    }
    end_element(writer);
}

static void write_contacts(struct document_writer *writer, const struct release_contact *contact)
{
    for (; contact; contact = contact->next) {
        start_element(writer, "contact");
        write_strings(writer, contact, document_contact_strings);
        end_element(writer);
    }
}

static void write_assets(struct document_writer *writer, const struct release_asset *asset)
{
    for (; asset; asset = asset->next) {
        char hex[HASH_HEX_SIZE];
        hash_to_hex(&asset->hash, hex);
        start_element(writer, "asset");
        write_string(writer, "kind", document_asset_kinds[asset->kind]);
        write_strings(writer, asset, document_asset_strings);
        write_integer(writer, "size", asset->size_bytes);
        write_string(writer, "hash", hex);
        if (asset->from_picture)
            write_integer(writer, "from-picture", asset->from_picture);
        end_element(writer);
    }
}

static void write_event(struct document_writer *writer, const struct release_event *event)
{
    if (!event)
        return;
    start_element(writer, "event");
    write_instant(writer, "start", event->start_at);
    write_instant(writer, "end", event->end_at);
    if (event->is_all_day)
        write_string(writer, "all-day", "yes");
    write_strings(writer, event, document_event_strings);
    end_element(writer);
}

static void write_node(struct document_writer *writer, const struct body_node *node, int depth)
{
    if (++writer->nodes > BODY_NODES_MAXIMUM || depth > BODY_DEPTH_MAXIMUM) {
        writer->too_large = true;
        return;
    }
    if (node->kind == BODY_TEXT) {
        if (node->text)
            (void)xmlTextWriterWriteString(writer->xml, clean_string(writer, node->text));
        return;
    }
    start_element(writer, document_body_elements[node->kind]);
    if (node->kind == BODY_HEADING)
        write_integer(writer, "level", node->level);
    if (node->is_ordered)
        write_string(writer, "ordered", "yes");
    if (node->is_ordered && node->start_offset)
        write_integer(writer, "start-offset", node->start_offset);
    if (node->is_header)
        write_string(writer, "header", "yes");
    write_string(writer, "align", document_alignments[node->alignment]);
    write_strings(writer, node, document_body_strings);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        write_node(writer, child, depth + 1);
    end_element(writer);
}

static void write_release(struct document_writer *writer, const struct release *release)
{
    (void)xmlTextWriterStartDocument(writer->xml, NULL, "UTF-8", NULL);
    start_element(writer, "release");
    write_string(writer, "format", RELEASE_DOCUMENT_FORMAT);
    write_strings(writer, release, document_release_strings);
    write_instant(writer, "published", release->published_at);
    write_instant(writer, "embargo", release->embargo_at);
    if (release->has_status)
        write_string(writer, "status", document_statuses[release->status]);
    if (release->is_urgent)
        write_string(writer, "urgent", "yes");
    if (release->has_mail)
        write_string(writer, "mail", release->mail ? "yes" : "no");
    write_topics(writer, release);
    write_contacts(writer, release->contacts);
    write_assets(writer, release->assets);
    write_event(writer, release->event);
    if (release->body)
        write_node(writer, release->body, 0);
    end_element(writer);
    (void)xmlTextWriterEndDocument(writer->xml);
}

/* ---- its size, from above ---- */

/* A character becomes at most "&quot;", an attribute has a name, an element two tags. */
enum { GROWTH = 6, NAME_SIZE = 32, ELEMENT_SIZE = 64 };

static size_t bound_strings(const void *object, const struct document_string *strings)
{
    size_t bound = ELEMENT_SIZE;
    for (; strings->name; strings++) {
        const char *value;
        memcpy(&value, (const char *)object + strings->offset, sizeof value);
        if (value)
            bound += NAME_SIZE + GROWTH * strlen(value);
    }
    return bound;
}

static size_t bound_node(const struct body_node *node, size_t maximum)
{
    size_t bound = bound_strings(node, document_body_strings) + 3 * NAME_SIZE;
    for (const struct body_node *child = node->first_child; child && bound <= maximum;
         child = child->next)
        bound += bound_node(child, maximum - bound);
    return bound;
}

bool release_document_is_small(const struct release *release)
{
    const size_t maximum = RELEASE_DOCUMENT_MAXIMUM;
    size_t bound = 10 * ELEMENT_SIZE + bound_strings(release, document_release_strings);
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next)
        bound += ELEMENT_SIZE + 2 * NAME_SIZE +
                 GROWTH * (strlen(topic->name) + (topic->label ? strlen(topic->label) : 0));
    for (const struct release_contact *contact = release->contacts; contact;
         contact = contact->next)
        bound += bound_strings(contact, document_contact_strings);
    for (const struct release_asset *asset = release->assets; asset; asset = asset->next)
        bound += bound_strings(asset, document_asset_strings) + 4 * NAME_SIZE + HASH_HEX_SIZE;
    if (release->event)
        bound += bound_strings(release->event, document_event_strings) + 3 * NAME_SIZE;
    return bound <= maximum &&
           (!release->body || bound + bound_node(release->body, maximum - bound) <= maximum);
}

bool release_write_document(struct string_builder *text, const struct release *release,
                            struct error *error)
{
    struct document_writer writer = { 0 };
    struct string_builder document;
    bool done = false;
    string_builder_init(&document, RELEASE_DOCUMENT_MAXIMUM);
    string_builder_init(&writer.clean, RELEASE_DOCUMENT_MAXIMUM);
    xmlOutputBuffer *output = xmlOutputBufferCreateIO(append_output, NULL, &document, NULL);
    writer.xml = output ? xmlNewTextWriter(output) : NULL; /* takes the output */
    if (!writer.xml) {
        (void)xmlOutputBufferClose(output);
        (void)error_set(error, ERROR_SYSTEM, "release: libxml2 gives no writer");
        goto out;
    }
    write_release(&writer, release);
    if (xmlTextWriterFlush(writer.xml) < 0) {
        (void)error_set(error, ERROR_SYSTEM, "release: libxml2 cannot write its document");
        goto out;
    }
    if (writer.too_large || string_builder_overflowed(&document)) {
        (void)error_set(error, ERROR_INPUT,
                        "release: its text is too large (over %d MB, %d parts or %d levels); "
                        "shorten it or put parts of it into a document",
                        RELEASE_DOCUMENT_MAXIMUM / (1024 * 1024), BODY_NODES_MAXIMUM,
                        BODY_DEPTH_MAXIMUM);
        goto out;
    }
    string_builder_append_bytes(text, document.data, document.length);
    done = true;
out:
    xmlFreeTextWriter(writer.xml);
    string_builder_release(&writer.clean);
    string_builder_release(&document);
    return done;
}
