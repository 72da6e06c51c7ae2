/* SPDX-License-Identifier: MIT */
#include "mime_parser/mime_read.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "html/html.h"
#include "mime_parser/mime_part.h"
#include "mime_parser/mime_report.h"

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

/* Whether a link of ours may stand in a page, by the word that stands before its token: reading
 * HTML costs more than all else of a message, and most pages have none. */
static bool may_link_to_us(const char *page)
{
    return strcasestr(page, "confirm") || strcasestr(page, "unsubscribe");
}

static void read_texts(const struct html_reader *reader, struct arena *arena,
                       struct mime_message *message, const struct mime_part *root)
{
    const struct mime_part *text = part_find(root, "text/plain");
    const struct mime_part *html = part_find(root, "text/html");
    const char *source = html ? part_text(arena, html) : NULL;
    if (text)
        message->text = part_text(arena, text);
    /* An empty plain part beside HTML says nothing: what was written stands in the other. */
    bool is_text = html && (!text || !message->text[strspn(message->text, " \t\n")]);
    bool has_links = html && may_link_to_us(source);
    if (!is_text && !has_links)
        return;
    const struct html_document *page = reader->read(arena, HTML_DOCUMENT, source, strlen(source));
    if (is_text)
        message->text = mime_html_text(arena, page, false);
    if (has_links)
        message->links = mime_html_text(arena, page, true);
}

/* Not a message within it. */
static const struct mime_part *children_of(const struct mime_part *part)
{
    return strncmp(part->type, "multipart/", strlen("multipart/")) == 0 ? part->parts : NULL;
}

/* How many plain texts there are, attached ones too. */
static unsigned count_texts(const struct mime_part *part)
{
    unsigned count = strcmp(part->type, "text/plain") == 0 && part->body_length;
    for (const struct mime_part *child = children_of(part); child; child = child->next)
        count += count_texts(child);
    return count;
}

static void append_texts(struct arena *arena, struct string_builder *notices,
                         const struct mime_part *part)
{
    if (strcmp(part->type, "text/plain") == 0 && part->body_length &&
        notices->length < MIME_TEXT_MAXIMUM) {
        string_builder_append(notices, part_text(arena, part));
        string_builder_append(notices, "\n");
    }
    for (const struct mime_part *child = children_of(part); child; child = child->next)
        append_texts(arena, notices, child);
}

/* Texts that a person would see, and those attached: reports in words stand in either. */
static void read_notices(struct arena *arena, struct mime_message *message,
                         const struct mime_part *root)
{
    struct string_builder notices;
    unsigned count = count_texts(root);
    if (count < 2 && (message->text || count == 0))
        return;
    string_builder_init(&notices, (size_t)4 * MIME_TEXT_MAXIMUM);
    append_texts(arena, &notices, root);
    message->notices = arena_copy_bytes(arena, notices.data, notices.length);
    string_builder_release(&notices);
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

struct mime_message *mime_read(const struct html_reader *html, struct arena *arena,
                               const char *bytes, size_t length)
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
    read_texts(html, arena, message, root);
    read_notices(arena, message, root);
    mime_report_read(arena, message, root, true);
    mime_report_read_wrapped(arena, message, root);
    message->dmarc = mime_dmarc_read(arena, root);
    return message;
}
