/* SPDX-License-Identifier: MIT */
#include "mime/mime_part.h"

#include "base/arena.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* libetpan's own parser of whole messages recurses by what they hold: parts are taken apart here,
 * depth and number counted, and only single bodies and words are given to it. */
struct part_scan {
    struct arena *arena;
    unsigned depth;
    unsigned count;
};

static struct mime_part *part_read(struct part_scan *scan, const char *bytes, size_t length);

/* ---- multipart (RFC 2046 section 5.1) ---- */

struct delimiter {
    const char *boundary;
    size_t boundary_length;
};

/* The next line of "--boundary" at or behind *offset: its start in *start, *offset behind it;
 * *is_last: it is "--boundary--". */
static bool delimiter_next(const struct delimiter *delimiter, const struct mime_part *part,
                           size_t *offset, size_t *start, bool *is_last)
{
    size_t wanted = delimiter->boundary_length + 2;
    while (*offset < part->body_length) {
        const char *line = part->body + *offset;
        size_t left = part->body_length - *offset;
        const char *end = memchr(line, '\n', left);
        size_t taken = end ? (size_t)(end - line) + 1 : left;
        *start = *offset;
        *offset += taken;
        if (taken >= wanted && line[0] == '-' && line[1] == '-' &&
            memcmp(line + 2, delimiter->boundary, delimiter->boundary_length) == 0) {
            *is_last = taken >= wanted + 2 && line[wanted] == '-' && line[wanted + 1] == '-';
            return true;
        }
    }
    return false;
}

/* The line end before a delimiter belongs to it. */
static size_t without_line_end(const char *bytes, size_t start, size_t end)
{
    if (end > start && bytes[end - 1] == '\n')
        end--;
    if (end > start && bytes[end - 1] == '\r')
        end--;
    return end;
}

static void multipart_read(struct part_scan *scan, struct mime_part *part, const char *boundary)
{
    const struct delimiter delimiter = { boundary, strlen(boundary) };
    size_t offset = 0;
    size_t start = 0;
    bool is_last = false;
    const struct mime_part **next = &part->parts;
    if (!delimiter_next(&delimiter, part, &offset, &start, &is_last))
        return;
    while (!is_last && scan->count < MIME_PARTS_MAXIMUM) {
        size_t begin = offset;
        bool found = delimiter_next(&delimiter, part, &offset, &start, &is_last);
        size_t end = found ? without_line_end(part->body, begin, start) : part->body_length;
        struct mime_part *child = part_read(scan, part->body + begin, end - begin);
        *next = child;
        next = &child->next;
        if (!found)
            return;
    }
}

static struct mime_part *part_read(struct part_scan *scan, const char *bytes, size_t length)
{
    struct mime_part *part = arena_allocate(scan->arena, sizeof *part);
    size_t offset = 0;
    part->fields = mime_header_read(scan->arena, bytes, length, &offset);
    part->body = bytes + offset;
    part->body_length = length - offset;
    const char *content = mime_field(part->fields, "Content-Type");
    const char *boundary = mime_parameter(scan->arena, content, "boundary");
    part->type = mime_content_type(scan->arena, content);
    part->charset = mime_parameter(scan->arena, content, "charset");
    scan->count++;
    if (scan->depth >= MIME_DEPTH_MAXIMUM)
        return part;
    scan->depth++;
    if (strncmp(part->type, "multipart/", 10) == 0 && boundary && *boundary) {
        multipart_read(scan, part, boundary);
    } else if (strcmp(part->type, "message/rfc822") == 0 ||
               strcmp(part->type, "message/global") == 0) {
        size_t inner_length = 0;
        const char *inner = mime_body_decode(scan->arena, part, &inner_length);
        part->parts = part_read(scan, inner, inner_length);
    }
    scan->depth--;
    return part;
}

/* ---- what the parts say ---- */

/* The first part of that type that a person would see, not inside another message. */
static const struct mime_part *part_find(const struct mime_part *part, const char *type)
{
    const char *disposition = mime_field(part->fields, "Content-Disposition");
    if (disposition && strncasecmp(disposition, "attachment", 10) == 0)
        return NULL;
    if (strcmp(part->type, type) == 0)
        return part;
    if (strncmp(part->type, "multipart/", 10) != 0)
        return NULL;
    for (const struct mime_part *child = part->parts; child; child = child->next) {
        const struct mime_part *found = part_find(child, type);
        if (found)
            return found;
    }
    return NULL;
}

static const char *part_text(struct arena *arena, const struct mime_part *part)
{
    size_t length = 0;
    const char *bytes = mime_body_decode(arena, part, &length);
    return mime_text_convert(arena, part->charset, bytes, length);
}

static void read_texts(struct arena *arena, struct mime_message *message,
                       const struct mime_part *root)
{
    const struct mime_part *text = part_find(root, "text/plain");
    const struct mime_part *html = part_find(root, "text/html");
    const char *page = html ? part_text(arena, html) : NULL;
    if (html)
        message->links = mime_html_links(arena, page);
    if (text)
        message->text = part_text(arena, text);
    /* An empty plain part beside HTML says nothing: what was written stands in the other. */
    if (html && (!text || !message->text[strspn(message->text, " \t\n")]))
        message->text = mime_html_text(arena, page);
}

/* "smtp; 550 5.1.1 …" without the type before it (RFC 3464 section 2.3.6). */
static const char *behind_type(const char *value)
{
    const char *semicolon = value ? strchr(value, ';') : NULL;
    return semicolon ? semicolon + 1 + strspn(semicolon + 1, " \t") : value;
}

static const char *first_word(struct arena *arena, const char *value)
{
    char *word = value ? arena_copy_bytes(arena, value, strcspn(value, " \t(;")) : NULL;
    for (char *c = word; c && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return word;
}

static void read_statuses(struct arena *arena, struct mime_message *message,
                          const struct mime_part *part)
{
    size_t length = 0;
    const char *bytes = mime_body_decode(arena, part, &length);
    const struct mime_recipient_status **next = &message->statuses;
    const struct mime_field *fields;
    for (unsigned i = 0; i < MIME_PARTS_MAXIMUM; i++) {
        fields = mime_block_next(arena, &bytes, &length);
        if (!fields)
            return;
        /* The block of the message itself has neither. */
        if (!mime_field(fields, "Action") && !mime_field(fields, "Status"))
            continue;
        struct mime_recipient_status *status = arena_allocate(arena, sizeof *status);
        status->action = first_word(arena, mime_field(fields, "Action"));
        status->status = first_word(arena, mime_field(fields, "Status"));
        status->diagnostic = behind_type(mime_field(fields, "Diagnostic-Code"));
        *next = status;
        next = &status->next;
    }
}

static const struct mime_field *headers_of(struct arena *arena, const struct mime_part *part)
{
    size_t length = 0;
    size_t offset = 0;
    if (part->parts)
        return part->parts->fields;
    const char *bytes = mime_body_decode(arena, part, &length);
    return mime_header_read(arena, bytes, length, &offset);
}

static bool type_is(const struct mime_part *part, const char *one, const char *other)
{
    return strcmp(part->type, one) == 0 || strcmp(part->type, other) == 0;
}

/* The parts of a report, wherever they stand: some servers wrap reports in a mixed message. */
static void read_reports(struct arena *arena, struct mime_message *message,
                         const struct mime_part *part, bool is_root)
{
    size_t offset = 0;
    size_t length = 0;
    if (type_is(part, "message/delivery-status", "message/global-delivery-status")) {
        if (!message->statuses)
            read_statuses(arena, message, part);
    } else if (type_is(part, "message/feedback-report", "message/feedback-report")) {
        const char *bytes = mime_body_decode(arena, part, &length);
        message->feedback = mime_header_read(arena, bytes, length, &offset);
    } else if (type_is(part, "message/rfc822", "message/global") ||
               type_is(part, "text/rfc822-headers", "message/global-headers") ||
               type_is(part, "message/rfc822-headers", "text/rfc822-header")) {
        if (!message->original && !is_root)
            message->original = headers_of(arena, part);
    } else {
        for (const struct mime_part *child = part->parts; child; child = child->next)
            read_reports(arena, message, child, false);
    }
}

/* ---- the header ---- */

static bool names_recipient(const char *name)
{
    static const char *const names[] = { "Delivered-To",
                                         "X-Original-To",
                                         "Envelope-To",
                                         "X-Envelope-To",
                                         "X-Delivered-To",
                                         "X-Rcpt-To",
                                         "X-Forwarded-To",
                                         "Resent-To",
                                         "To",
                                         "Cc",
                                         NULL };
    for (const char *const *known = names; *known; known++)
        if (strcasecmp(name, *known) == 0)
            return true;
    return false;
}

/* "by mx.example with ESMTP id 1 for <a@b>; Wed, …" (RFC 5321 section 4.4). */
static const char *received_for(const char *value)
{
    const char *word = strcasestr(value, " for ");
    return word ? word + 5 : NULL;
}

static struct mime_address *read_recipients(struct arena *arena, const struct mime_field *fields)
{
    struct mime_address *first = NULL;
    struct mime_address **next = &first;
    size_t left = MIME_ADDRESSES_MAXIMUM;
    for (const struct mime_field *field = fields; field && left; field = field->next) {
        bool is_received = strcasecmp(field->name, "Received") == 0;
        const char *value = is_received ? received_for(field->value) : field->value;
        if (!value || (!is_received && !names_recipient(field->name)))
            continue;
        *next = mime_addresses(arena, value, is_received ? 1 : left);
        for (; *next && left; left--)
            next = &(*next)->next;
    }
    return first;
}

static const char *one_line(struct arena *arena, const char *value)
{
    return value ? mime_decode_words(arena, value) : "";
}

static bool is_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isspace((unsigned char)bytes[i]))
            return false;
    return true;
}

const struct mime_part *mime_part_read(struct arena *arena, const char *bytes, size_t length)
{
    struct part_scan scan = { .arena = arena };
    return part_read(&scan, bytes,
                     length < MIME_MESSAGE_MAXIMUM ? length : (size_t)MIME_MESSAGE_MAXIMUM);
}

struct mime_message *mime_read(struct arena *arena, const char *bytes, size_t length)
{
    struct mime_message *message = arena_allocate(arena, sizeof *message);
    const struct mime_part *root = mime_part_read(arena, bytes, length);
    message->type = root->type;
    message->fields = root->fields;
    message->is_blank = is_blank(root->body, root->body_length);
    message->subject = one_line(arena, mime_field(message->fields, "Subject"));
    const char *from = mime_field(message->fields, "From");
    const struct mime_address *sender = from ? mime_addresses(arena, from, 1) : NULL;
    message->from = sender ? sender->address : NULL;
    const char *path = mime_field(message->fields, "Return-Path");
    message->has_empty_sender = path && strncmp(path + strspn(path, " \t"), "<>", 2) == 0;
    message->to = read_recipients(arena, message->fields);
    read_texts(arena, message, root);
    read_reports(arena, message, root, true);
    return message;
}
