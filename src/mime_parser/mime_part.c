/* SPDX-License-Identifier: MIT */
#include "mime_parser/mime_part.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "mime_parser/mended.h"

#include <ctype.h>
#include <gmime/gmime.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct part_scan {
    struct arena *arena;
    const struct mended *mended; /* what is being read */
    unsigned depth;
    unsigned count;
    bool is_cut; /* a part was left out for a bound */
};

static struct mime_part *part_read(struct part_scan *scan, const char *bytes, size_t length,
                                   size_t *body);

/* ---- fields ---- */

static void append_line(struct string_builder *value, const char *bytes, size_t length)
{
    while (length && isspace((unsigned char)*bytes)) {
        bytes++;
        length--;
    }
    while (length && isspace((unsigned char)bytes[length - 1]))
        length--;
    size_t room = MIME_FIELD_MAXIMUM > value->length ? MIME_FIELD_MAXIMUM - value->length : 0;
    if (length > room)
        length = room;
    if (length && value->length)
        string_builder_append_character(value, ' ');
    if (utf8_is_valid(bytes, length))
        utf8_append_clean(value, bytes, length);
    else
        utf8_append_windows1252(value, bytes, length);
}

/* Most values are one line of plain letters, which is copied as it stands. */
static const char *plain_value(struct arena *arena, const char *raw, size_t length)
{
    while (length && isspace((unsigned char)*raw)) {
        raw++;
        length--;
    }
    while (length && isspace((unsigned char)raw[length - 1]))
        length--;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)raw[i] < ' ' || (unsigned char)raw[i] > '~')
            return NULL;
    return length <= MIME_FIELD_MAXIMUM ? arena_copy_bytes(arena, raw, length) : NULL;
}

/* Unfolded, and clean. GMime's own way decodes words as well, and loses some. */
static const char *value_of_bytes(struct arena *arena, struct string_builder *value,
                                  const char *raw, size_t left)
{
    const char *plain = plain_value(arena, raw, left);
    if (plain)
        return plain;
    string_builder_clear(value);
    while (left) {
        size_t length = mended_line(raw, left);
        append_line(value, raw, length);
        raw += length;
        left -= length;
    }
    /* A tab inside a value is white space like any other; nothing else below a space is left. */
    for (size_t i = 0; i < value->length; i++)
        if ((unsigned char)value->data[i] < ' ')
            value->data[i] = ' ';
    return arena_copy(arena, value->data);
}

static const char *value_of(struct arena *arena, struct string_builder *value, const char *raw)
{
    return value_of_bytes(arena, value, raw, raw ? strlen(raw) : 0);
}

/* A header is read without GMime, by the rules of mended.c: a report holds six or more, and an
 * object for each field took more time than all the rest. */
struct block_scan {
    const char *bytes;
    size_t length;
    size_t at;
    bool is_first; /* no field was seen yet */
};

/* The length of the next line where it belongs to the header; 0: that has ended there. */
static size_t block_line(const struct block_scan *scan)
{
    const char *line = scan->bytes + scan->at;
    size_t left = scan->length - scan->at;
    size_t length = mended_line(line, left);
    bool goes_on = !scan->is_first && length && (*line == ' ' || *line == '\t');
    bool is_empty = length && (*line == '\n' || (*line == '\r' && length == 2));
    if (is_empty || mended_is_delimiter(line, length))
        return 0;
    if (goes_on || mended_is_field(line, length))
        return length;
    bool is_mark = scan->is_first &&
                   mended_is_field(line + length, mended_line(line + length, left - length));
    return is_mark ? length : 0;
}

/* The field that begins at line, which is so long with all its lines. */
static struct mime_field *block_field(struct arena *arena, struct string_builder *value,
                                      const char *line, size_t length)
{
    struct mime_field *field = arena_allocate(arena, sizeof *field);
    const char *colon = memchr(line, ':', length);
    size_t name = (size_t)(colon - line);
    while (name && (line[name - 1] == ' ' || line[name - 1] == '\t'))
        name--;
    field->name = arena_copy_bytes(arena, line, name);
    field->value = value_of_bytes(arena, value, colon + 1, length - (size_t)(colon + 1 - line));
    return field;
}

static const struct mime_field *block_fields(struct arena *arena, struct block_scan *scan)
{
    const struct mime_field *first = NULL;
    const struct mime_field **next = &first;
    struct string_builder value;
    size_t length = 0;
    string_builder_init(&value, (size_t)4 * MIME_FIELD_MAXIMUM);
    for (size_t count = 0; (length = block_line(scan)) > 0;) {
        const char *line = scan->bytes + scan->at;
        scan->at += length;
        if (!mended_is_field(line, length))
            continue;
        scan->is_first = false;
        while (scan->at < scan->length && strchr(" \t", scan->bytes[scan->at]) &&
               scan->bytes[scan->at] && (length = block_line(scan)) > 0)
            scan->at += length;
        if (count++ >= MIME_FIELDS_MAXIMUM)
            continue;
        struct mime_field *field = block_field(arena, &value, line,
                                               (size_t)(scan->bytes + scan->at - line));
        *next = field;
        next = &field->next;
    }
    string_builder_release(&value);
    return first;
}

/* The fields of an object's own header; NULL where it has none, as what a message holds. */
static const struct mime_field *fields_of(struct part_scan *scan, GMimeObject *object)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(object);
    GMimeHeader *mark = list ? g_mime_header_list_get_header(list, MENDED_MARK) : NULL;
    const char *value = mark ? g_mime_header_get_raw_value(mark) : NULL;
    size_t at = value ? strtoul(value, NULL, 10) : SIZE_MAX;
    if (at >= scan->mended->message_length)
        return NULL;
    struct block_scan block = { .bytes = scan->mended->message + at,
                                .length = scan->mended->message_length - at,
                                .is_first = true };
    return block_fields(scan->arena, &block);
}

/* ---- parts ---- */

/* Of one word: a comment or a quotation mark that was never closed is left out. */
static const char *word_of(struct arena *arena, const char *value)
{
    size_t start = value ? strspn(value, "\"' \t") : 0;
    struct string_builder clean;
    if (!value)
        return NULL;
    string_builder_init(&clean, (size_t)4 * MIME_FIELD_MAXIMUM);
    const char *word = value_of(arena, &clean, value + start);
    string_builder_release(&clean);
    return arena_copy_bytes(arena, word, strcspn(word, "\"' \t(;"));
}

static const char *type_of(struct arena *arena, GMimeObject *object)
{
    GMimeContentType *content = g_mime_object_get_content_type(object);
    char *name = content ? g_mime_content_type_get_mime_type(content) : NULL;
    char *lower = g_ascii_strdown(name ? name : "text/plain", -1);
    const char *type = word_of(arena, lower);
    /* "text" alone, as old servers write: GMime has a text part then, of a type for anything. */
    if (GMIME_IS_TEXT_PART(object) && strncmp(type, "text/", strlen("text/")) != 0)
        type = "text/plain";
    g_free(lower);
    g_free(name);
    return type;
}

static struct mime_part *part_of(struct part_scan *scan, GMimeObject *object,
                                 const struct mime_field *fields);

static void read_parts(struct part_scan *scan, struct mime_part *part, GMimeMultipart *multipart)
{
    const struct mime_part **next = &part->parts;
    int count = g_mime_multipart_get_count(multipart);
    for (int i = 0; i < count; i++) {
        if (scan->count >= MIME_PARTS_MAXIMUM) {
            scan->is_cut = true;
            return;
        }
        GMimeObject *object = g_mime_multipart_get_part(multipart, i);
        struct mime_part *child = part_of(scan, object, fields_of(scan, object));
        *next = child;
        next = &child->next;
    }
}

/* GMime makes two of it, of which the outer one has the header. */
static struct mime_part *message_of(struct part_scan *scan, GMimeMessage *message)
{
    GMimeObject *content = message ? g_mime_message_get_mime_part(message) : NULL;
    const struct mime_field *fields = message ? fields_of(scan, GMIME_OBJECT(message)) : NULL;
    if (content)
        return part_of(scan, content, fields);
    struct mime_part *part = arena_allocate(scan->arena, sizeof *part);
    *part = (struct mime_part){ .type = "text/plain", .body = "", .fields = fields };
    return part;
}

static void read_body(struct part_scan *scan, struct mime_part *part, GMimePart *leaf)
{
    GMimeDataWrapper *content = g_mime_part_get_content(leaf);
    GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
    if (stream && stream->bound_start >= 0 && stream->bound_end >= stream->bound_start)
        part->body = mended_body(scan->mended, (size_t)stream->bound_start,
                                 (size_t)stream->bound_end, &part->body_length);
}

static bool is_message(const struct mime_part *part)
{
    return strcmp(part->type, "message/rfc822") == 0 || strcmp(part->type, "message/global") == 0;
}

static struct mime_part *part_of(struct part_scan *scan, GMimeObject *object,
                                 const struct mime_field *fields)
{
    struct mime_part *part = arena_allocate(scan->arena, sizeof *part);
    part->fields = fields;
    part->type = type_of(scan->arena, object);
    part->charset = word_of(scan->arena,
                            g_mime_object_get_content_type_parameter(object, "charset"));
    part->body = "";
    scan->count++;
    if (GMIME_IS_PART(object))
        read_body(scan, part, GMIME_PART(object));
    if (scan->depth >= MIME_DEPTH_MAXIMUM) {
        scan->is_cut = scan->is_cut || GMIME_IS_MULTIPART(object);
        return part;
    }
    scan->depth++;
    if (GMIME_IS_MULTIPART(object)) {
        read_parts(scan, part, GMIME_MULTIPART(object));
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        part->parts = message_of(scan, g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)));
    } else if (is_message(part)) {
        /* One with a transfer encoding, which GMime leaves as it is. */
        size_t length = 0;
        const char *inner = mime_body_decode(scan->arena, part, &length);
        part->parts = part_read(scan, inner, length, NULL);
    }
    scan->depth--;
    return part;
}

/* ---- whole messages ---- */

/* One for each way, made once: there is a parse or more to each message. */
static GMimeParserOptions *options_for(GMimeRfcComplianceMode mode)
{
    static GMimeParserOptions *loose;
    static GMimeParserOptions *strict;
    GMimeParserOptions **options = mode == GMIME_RFC_COMPLIANCE_LOOSE ? &loose : &strict;
    if (!*options) {
        *options = g_mime_parser_options_new();
        g_mime_parser_options_set_parameter_compliance_mode(*options, mode);
    }
    return *options;
}

static GMimeObject *parse(const struct string_builder *bytes, GMimeRfcComplianceMode mode)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes->data, bytes->length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_persist_stream(parser, TRUE);
    GMimeObject *object = g_mime_parser_construct_part(parser, options_for(mode));
    g_object_unref(parser);
    g_object_unref(stream);
    return object;
}

static bool lacks_parts(GMimeObject *object)
{
    return object && GMIME_IS_MULTIPART(object) &&
           g_mime_multipart_get_count(GMIME_MULTIPART(object)) == 0;
}

static struct mime_part *part_read(struct part_scan *scan, const char *bytes, size_t length,
                                   size_t *body)
{
    struct mended mended;
    const struct mended *outer = scan->mended;
    struct mime_part *part = NULL;
    mended_make(&mended, bytes, length);
    GMimeObject *object = parse(&mended.copy, GMIME_RFC_COMPLIANCE_LOOSE);
    if (lacks_parts(object)) {
        /* The loose parser takes a comment behind the boundary for a part of it, so the strict one
         * is tried. */
        g_object_unref(object);
        object = parse(&mended.copy, GMIME_RFC_COMPLIANCE_STRICT);
    }
    scan->mended = &mended;
    if (object) {
        part = part_of(scan, object, fields_of(scan, object));
        g_object_unref(object);
    } else {
        part = arena_allocate(scan->arena, sizeof *part);
        *part = (struct mime_part){ .type = "text/plain", .body = bytes, .body_length = length };
        scan->count++;
    }
    scan->mended = outer;
    if (body)
        *body = mended.body;
    mended_release(&mended);
    return part;
}

const struct mime_part *mime_part_read(struct arena *arena, const char *bytes, size_t length,
                                       size_t *body)
{
    struct part_scan scan = { .arena = arena };
    g_mime_init(); /* the first time alone it does something */
    return part_read(&scan, bytes,
                     length < MIME_MESSAGE_MAXIMUM ? length : (size_t)MIME_MESSAGE_MAXIMUM, body);
}

const struct mime_part *mime_part_read_all(struct arena *arena, const char *bytes, size_t length,
                                           bool *is_whole)
{
    struct part_scan scan = { .arena = arena };
    g_mime_init();
    const struct mime_part *part = part_read(&scan, bytes, length, NULL);
    *is_whole = !scan.is_cut;
    return part;
}

const struct mime_field *mime_header_read(struct arena *arena, const char *bytes, size_t length,
                                          size_t *body)
{
    struct block_scan scan = { .bytes = bytes, .length = length, .is_first = true };
    const struct mime_field *fields = block_fields(arena, &scan);
    const char *line = bytes + scan.at;
    size_t left = length - scan.at;
    bool is_empty = left && (*line == '\n' || (*line == '\r' && left > 1 && line[1] == '\n'));
    *body = scan.at + (is_empty ? mended_line(line, left) : 0);
    return fields;
}

const struct mime_field *mime_block_next(struct arena *arena, const char **bytes, size_t *length)
{
    size_t body = 0;
    size_t line = 0;
    while (*length && !mended_is_field(*bytes, line = mended_line(*bytes, *length))) {
        *bytes += line;
        *length -= line;
    }
    /* No further than the next empty line: each is looked at once. */
    size_t block = 0;
    for (const char *at = *bytes; block < *length; at += line) {
        line = mended_line(at, *length - block);
        block += line;
        if (*at == '\n' || (*at == '\r' && line == 2))
            break;
    }
    const struct mime_field *fields = block ? mime_header_read(arena, *bytes, block, &body) : NULL;
    *bytes += body;
    *length -= body;
    return fields;
}
