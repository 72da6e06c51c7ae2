/* SPDX-License-Identifier: MIT */
#include "release/release.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "release/body.h"
#include "release/release_document.h"

#include <libxml/xmlreader.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct document_reader {
    xmlTextReader *xml;
    struct arena *arena;
    struct release *release;
    struct release_topic **topic_end;
    struct release_contact **contact_end;
    struct release_asset **asset_end;
    struct body_node *node; /* the open one; NULL outside the body */
    size_t nodes;
    bool is_wrong;    /* a value that cannot be read was met */
    const char *what; /* its name */
};

static bool refuse(const struct document_reader *reader, struct error *error, const char *what)
{
    return error_set(error, ERROR_INPUT, "release document, line %d: %s",
                     xmlTextReaderGetParserLineNumber(reader->xml), what);
}

/* NULL where it is not there. */
static const char *read_string(struct document_reader *reader, const char *name)
{
    xmlChar *value = xmlTextReaderGetAttribute(reader->xml, (const xmlChar *)name);
    const char *copy = arena_copy(reader->arena, (const char *)value);
    xmlFree(value);
    return copy;
}

static void read_strings(struct document_reader *reader, void *object,
                         const struct document_string *strings)
{
    for (; strings->name; strings++) {
        const char *value = read_string(reader, strings->name);
        memcpy((char *)object + strings->offset, &value, sizeof value);
    }
}

static int64_t read_integer(struct document_reader *reader, const char *name)
{
    const char *value = read_string(reader, name);
    if (!value)
        return 0;
    char *end = NULL;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno != 0 || end == value || *end) {
        reader->is_wrong = true;
        reader->what = name;
    }
    return number;
}

/* The position of an attribute's value in names, -1 where there is no attribute. */
static int read_choice(struct document_reader *reader, const char *name, const char *const *names)
{
    const char *value = read_string(reader, name);
    if (!value)
        return -1;
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], value) == 0)
            return i;
    reader->is_wrong = true;
    reader->what = name;
    return -1;
}

static bool read_yes(struct document_reader *reader, const char *name, bool *is_there)
{
    static const char *const answers[] = { "no", "yes", NULL };
    int answer = read_choice(reader, name, answers);
    *is_there = answer >= 0;
    return answer == 1;
}

static void read_release(struct document_reader *reader)
{
    struct release *release = reader->release;
    const char *format = read_string(reader, "format");
    if (!format || strcmp(format, RELEASE_DOCUMENT_FORMAT) != 0) {
        reader->is_wrong = true;
        reader->what = "format";
    }
    bool is_there;
    read_strings(reader, release, document_release_strings);
    release->published_at = read_integer(reader, "published");
    release->embargo_at = read_integer(reader, "embargo");
    int status = read_choice(reader, "status", document_statuses);
    release->has_status = status >= 0;
    release->status = status >= 0 ? (enum release_status)status : RELEASE_READY;
    release->is_urgent = read_yes(reader, "urgent", &is_there);
    release->mail = read_yes(reader, "mail", &release->has_mail) || !release->has_mail;
}

static bool hash_from_hex(const char *hex, struct hash *hash)
{
    static const char digits[] = "0123456789abcdef";
    if (strlen(hex) != (size_t)2 * HASH_SIZE || strspn(hex, digits) != (size_t)2 * HASH_SIZE)
        return false;
    for (size_t i = 0; i < HASH_SIZE; i++) {
        const char *high = strchr(digits, hex[2 * i]);
        const char *low = strchr(digits, hex[2 * i + 1]);
        hash->bytes[i] = (unsigned char)((high - digits) << 4 | (low - digits));
    }
    return true;
}

static void read_asset(struct document_reader *reader)
{
    struct release_asset *asset = arena_allocate(reader->arena, sizeof *asset);
    int kind = read_choice(reader, "kind", document_asset_kinds);
    asset->kind = kind == RELEASE_DOCUMENT ? RELEASE_DOCUMENT : RELEASE_IMAGE;
    read_strings(reader, asset, document_asset_strings);
    asset->size_bytes = read_integer(reader, "size");
    asset->from_picture = (unsigned)read_integer(reader, "from-picture");
    const char *hex = read_string(reader, "hash");
    if (hex && !hash_from_hex(hex, &asset->hash)) {
        reader->is_wrong = true;
        reader->what = "hash";
    }
    *reader->asset_end = asset;
    reader->asset_end = &asset->next;
}

static void read_event(struct document_reader *reader)
{
    struct release_event *event = arena_allocate(reader->arena, sizeof *event);
    event->start_at = read_integer(reader, "start");
    event->end_at = read_integer(reader, "end");
    bool is_there;
    event->is_all_day = read_yes(reader, "all-day", &is_there) && event->end_at != INSTANT_NONE;
    read_strings(reader, event, document_event_strings);
    reader->release->event = event;
}

static enum body_alignment read_alignment(struct document_reader *reader)
{
    const char *name = read_string(reader, "align");
    for (int i = 0; name && i < DOCUMENT_ALIGNMENT_COUNT; i++)
        if (document_alignments[i] && strcmp(document_alignments[i], name) == 0)
            return (enum body_alignment)i;
    return BODY_ALIGN_NONE;
}

/* A value that the writers of pages would not write is dropped, not refused, so that no stored
 * revision is lost to a rule that came later. */
static void read_node_attributes(struct document_reader *reader, struct body_node *node)
{
    bool is_there;
    read_strings(reader, node, document_body_strings);
    int64_t level = read_integer(reader, "level");
    node->level = level < 1 ? 0 : level > 6 ? 6 : (int)level;
    node->is_ordered = read_yes(reader, "ordered", &is_there);
    int64_t start_offset = read_integer(reader, "start-offset");
    if (start_offset >= -1 && start_offset < BODY_LIST_START_MAXIMUM)
        node->start_offset = (int)start_offset;
    node->is_header = read_yes(reader, "header", &is_there);
    node->alignment = read_alignment(reader);
    if (node->target && !body_target_is_allowed(node->target))
        node->target = NULL;
}

static bool read_node(struct document_reader *reader, const char *name, struct error *error)
{
    int kind = BODY_PARAGRAPH;
    while (kind < BODY_KIND_COUNT &&
           (!document_body_elements[kind] || strcmp(document_body_elements[kind], name) != 0))
        kind++;
    if (kind == BODY_KIND_COUNT)
        return refuse(reader, error, "an element of no known kind");
    /* The root stands at depth 1 of the document. */
    if (++reader->nodes > BODY_NODES_MAXIMUM ||
        xmlTextReaderDepth(reader->xml) - 1 > BODY_DEPTH_MAXIMUM)
        return refuse(reader, error, "too many parts or levels");
    struct body_node *node = body_append(reader->arena, reader->node, (enum body_kind)kind);
    if (xmlTextReaderHasAttributes(reader->xml) == 1)
        read_node_attributes(reader, node);
    if (!xmlTextReaderIsEmptyElement(reader->xml))
        reader->node = node;
    return true;
}

/* What stands straight in the release, or in its topics. */
static bool read_part(struct document_reader *reader, const char *name, struct error *error)
{
    if (strcmp(name, "topics") == 0) {
        reader->release->has_topics = true;
    } else if (strcmp(name, "topic") == 0) {
        struct release_topic *topic = arena_allocate(reader->arena, sizeof *topic);
        topic->name = read_string(reader, "name");
        topic->label = read_string(reader, "label");
        if (!topic->name)
            return refuse(reader, error, "a topic without a name");
        *reader->topic_end = topic;
        reader->topic_end = &topic->next;
    } else if (strcmp(name, "contact") == 0) {
        struct release_contact *contact = arena_allocate(reader->arena, sizeof *contact);
        read_strings(reader, contact, document_contact_strings);
        *reader->contact_end = contact;
        reader->contact_end = &contact->next;
    } else if (strcmp(name, "asset") == 0) {
        read_asset(reader);
    } else if (strcmp(name, "event") == 0) {
        read_event(reader);
    } else if (strcmp(name, "body") == 0 && !reader->release->body) {
        reader->release->body = body_new(reader->arena);
        if (!xmlTextReaderIsEmptyElement(reader->xml))
            reader->node = reader->release->body;
    } else {
        return refuse(reader, error, "an element of no known kind");
    }
    return true;
}

static bool read_element(struct document_reader *reader, struct error *error)
{
    const char *name = (const char *)xmlTextReaderConstName(reader->xml);
    bool done = true;
    if (reader->node)
        done = read_node(reader, name, error);
    else if (xmlTextReaderDepth(reader->xml) > 0)
        done = read_part(reader, name, error);
    else if (strcmp(name, "release") == 0)
        read_release(reader);
    else
        done = refuse(reader, error, "is no release");
    if (done && reader->is_wrong)
        return error_set(error, ERROR_INPUT, "release document, line %d: %s: a value of no meaning",
                         xmlTextReaderGetParserLineNumber(reader->xml), reader->what);
    return done;
}

static bool read_event_of_parser(struct document_reader *reader, struct error *error)
{
    switch (xmlTextReaderNodeType(reader->xml)) {
    case XML_READER_TYPE_ELEMENT:
        return read_element(reader, error);
    case XML_READER_TYPE_END_ELEMENT:
        if (reader->node)
            reader->node = reader->node->parent;
        return true;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_WHITESPACE:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        if (reader->node) {
            const char *value = (const char *)xmlTextReaderConstValue(reader->xml);
            body_append_text(reader->arena, reader->node, value, strlen(value));
        }
        return true;
    default:
        return refuse(reader, error, "a part of XML that we never write");
    }
}

/* Our documents have no declarations, comments or CDATA sections: with the first of these the
 * document is somebody else's, and libxml2 is not asked what it would make of an entity. */
static bool has_declaration(const char *xml, size_t length)
{
    return memmem(xml, length, "<!", 2) != NULL;
}

struct release *release_read_document(struct arena *arena, const char *xml, size_t length,
                                      struct error *error)
{
    if (length > RELEASE_DOCUMENT_MAXIMUM || has_declaration(xml, length)) {
        (void)error_set(error, ERROR_INPUT, "release document: is no release");
        return NULL;
    }
    struct release *release = arena_allocate(arena, sizeof *release);
    struct document_reader reader = { .arena = arena,
                                      .release = release,
                                      .topic_end = &release->topics,
                                      .contact_end = &release->contacts,
                                      .asset_end = &release->assets };
    bool done = true;
    reader.xml = xmlReaderForMemory(xml, (int)length, NULL, "UTF-8",
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!reader.xml) {
        (void)error_set(error, ERROR_SYSTEM, "release document: libxml2 gives no reader");
        return NULL;
    }
    int result = 0;
    while (done && (result = xmlTextReaderRead(reader.xml)) == 1)
        done = read_event_of_parser(&reader, error);
    if (done && result < 0)
        done = refuse(&reader, error, "is no well-formed XML");
    xmlFreeTextReader(reader.xml);
    return done ? release : NULL;
}
