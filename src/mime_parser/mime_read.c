/* SPDX-License-Identifier: MIT */
#include "mime_parser/mime_read.h"

#include "base/arena.h"
#include "mime_parser/mime_part.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

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

struct mime_message *mime_read(struct arena *arena, const char *bytes, size_t length)
{
    struct mime_message *message = arena_allocate(arena, sizeof *message);
    size_t body = 0;
    if (length > MIME_MESSAGE_MAXIMUM)
        length = MIME_MESSAGE_MAXIMUM;
    const struct mime_part *root = mime_part_read(arena, bytes, length, &body);
    message->type = root->type;
    message->fields = root->fields;
    message->is_blank = is_blank(bytes + body, length - body);
    message->subject = one_line(arena, mime_field(message->fields, "Subject"));
    const char *from = mime_field(message->fields, "From");
    const struct mime_address *sender = from ? mime_addresses(arena, from, 1) : NULL;
    message->from = sender ? sender->address : NULL;
    const char *path = mime_field(message->fields, "Return-Path");
    message->has_empty_sender = path && strncmp(path + strspn(path, " \t"), "<>", 2) == 0;
    message->to = read_recipients(arena, message->fields);
    read_texts(arena, message, root);
    read_reports(arena, message, root, true);
    message->dmarc = mime_dmarc_read(arena, root);
    return message;
}
