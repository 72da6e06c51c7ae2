/* SPDX-License-Identifier: MIT */
#include "release/release.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "release/body.h"
#include "release/release_document.h"
#include "xml/xml_writer.h"

#include <string.h>

struct document_writer {
    struct xml_writer *xml;
    size_t nodes;
    bool too_large;
};

static void write_instant(struct document_writer *writer, const char *name, int64_t value)
{
    if (value != INSTANT_NONE)
        xml_attribute_number(writer->xml, name, value);
}

static void write_strings(struct document_writer *writer, const void *object,
                          const struct document_string *strings)
{
    for (; strings->name; strings++) {
        const char *value;
        memcpy(&value, (const char *)object + strings->offset, sizeof value);
        xml_attribute(writer->xml, strings->name, value);
    }
}

static void write_topics(struct document_writer *writer, const struct release *release)
{
    if (!release->has_topics)
        return;
    xml_start(writer->xml, "topics");
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next) {
        xml_start(writer->xml, "topic");
        xml_attribute(writer->xml, "name", topic->name);
        xml_attribute(writer->xml, "label", topic->label);
        xml_end(writer->xml);
    }
    xml_end(writer->xml);
}

static void write_contacts(struct document_writer *writer, const struct release_contact *contact)
{
    for (; contact; contact = contact->next) {
        xml_start(writer->xml, "contact");
        write_strings(writer, contact, document_contact_strings);
        xml_end(writer->xml);
    }
}

static void write_assets(struct document_writer *writer, const struct release_asset *asset)
{
    for (; asset; asset = asset->next) {
        char hex[HASH_HEX_SIZE];
        hash_to_hex(&asset->hash, hex);
        xml_start(writer->xml, "asset");
        xml_attribute(writer->xml, "kind", document_asset_kinds[asset->kind]);
        write_strings(writer, asset, document_asset_strings);
        xml_attribute_number(writer->xml, "size", asset->size_bytes);
        xml_attribute(writer->xml, "hash", hex);
        if (asset->from_picture)
            xml_attribute_number(writer->xml, "from-picture", asset->from_picture);
        xml_end(writer->xml);
    }
}

static void write_event(struct document_writer *writer, const struct release_event *event)
{
    if (!event)
        return;
    xml_start(writer->xml, "event");
    write_instant(writer, "start", event->start_at);
    write_instant(writer, "end", event->end_at);
    if (event->is_all_day)
        xml_attribute(writer->xml, "all-day", "yes");
    write_strings(writer, event, document_event_strings);
    xml_end(writer->xml);
}

static void write_node(struct document_writer *writer, const struct body_node *node, int depth)
{
    if (++writer->nodes > BODY_NODES_MAXIMUM || depth > BODY_DEPTH_MAXIMUM) {
        writer->too_large = true;
        return;
    }
    if (node->kind == BODY_TEXT) {
        xml_text(writer->xml, node->text);
        return;
    }
    xml_start(writer->xml, document_body_elements[node->kind]);
    if (node->kind == BODY_HEADING)
        xml_attribute_number(writer->xml, "level", node->level);
    if (node->is_ordered)
        xml_attribute(writer->xml, "ordered", "yes");
    if (node->is_ordered && node->start_offset)
        xml_attribute_number(writer->xml, "start-offset", node->start_offset);
    if (node->is_header)
        xml_attribute(writer->xml, "header", "yes");
    xml_attribute(writer->xml, "align", document_alignments[node->alignment]);
    write_strings(writer, node, document_body_strings);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        write_node(writer, child, depth + 1);
    xml_end(writer->xml);
}

static void write_release(struct document_writer *writer, const struct release *release)
{
    xml_start(writer->xml, "release");
    xml_attribute(writer->xml, "format", RELEASE_DOCUMENT_FORMAT);
    write_strings(writer, release, document_release_strings);
    write_instant(writer, "published", release->published_at);
    write_instant(writer, "embargo", release->embargo_at);
    if (release->has_status)
        xml_attribute(writer->xml, "status", document_statuses[release->status]);
    if (release->is_urgent)
        xml_attribute(writer->xml, "urgent", "yes");
    if (release->has_mail)
        xml_attribute(writer->xml, "mail", release->mail ? "yes" : "no");
    write_topics(writer, release);
    write_contacts(writer, release->contacts);
    write_assets(writer, release->assets);
    write_event(writer, release->event);
    if (release->body)
        write_node(writer, release->body, 0);
    xml_end(writer->xml);
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
    struct document_writer writer = { .xml = xml_open(XML_COMPACT, RELEASE_DOCUMENT_MAXIMUM) };
    write_release(&writer, release);
    if (xml_end_document(writer.xml) && !writer.too_large)
        return xml_close(writer.xml, text, error);
    xml_drop(writer.xml);
    return error_set(
        error, ERROR_INPUT,
        "release: its text is too large (over %d MB, %d parts or %d levels)" ERROR_ADVICE
        "shorten it or put parts of it into a document",
        RELEASE_DOCUMENT_MAXIMUM / (1024 * 1024), BODY_NODES_MAXIMUM, BODY_DEPTH_MAXIMUM);
}
