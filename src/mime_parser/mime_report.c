/* SPDX-License-Identifier: MIT */
#include "mime_parser/mime_report.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "mime_parser/mime_part.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- values of delivery status fields ---- */

/* "smtp; 550 5.1.1 …" without the type before it (RFC 3464 section 2.3.6). */
static const char *behind_type(const char *value)
{
    size_t type = value ? strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789-. ")
                        : 0;
    if (!value || value[type] != ';')
        return value;
    return value + type + 1 + strspn(value + type + 1, " \t");
}

static const char *first_word(struct arena *arena, const char *value)
{
    char *word = value ? arena_copy_bytes(arena, value, strcspn(value, " \t(;")) : NULL;
    for (char *c = word; c && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return word;
}

/* "dns; mx.example (192.0.2.1)". */
static const char *host_of(struct arena *arena, const char *value)
{
    const char *host = behind_type(value);
    size_t length = host ? strcspn(host, " \t(;,") : 0;
    return length ? arena_copy_bytes(arena, host, length) : NULL;
}

/* The letters that "\x{D8}" stands for (RFC 6533 section 3, utf-8-addr-xtext). */
static const char *without_escapes(struct arena *arena, const char *address)
{
    if (!strstr(address, "\\x{"))
        return address;
    struct string_builder text;
    string_builder_init(&text, MIME_FIELD_MAXIMUM);
    for (const char *at = address; *at;) {
        char *end = NULL;
        bool is_escape = strncmp(at, "\\x{", 3) == 0 && isxdigit((unsigned char)at[3]);
        unsigned long letter = is_escape ? strtoul(at + 3, &end, 16) : 0;
        if (end && *end == '}' && letter > ' ' && letter < 0x110000) {
            utf8_append(&text, (uint32_t)letter);
            at = end + 1;
        } else {
            string_builder_append_character(&text, *at++);
        }
    }
    const char *result = utf8_is_valid(text.data, text.length) ? arena_copy(arena, text.data)
                                                               : address;
    string_builder_release(&text);
    return result;
}

/* "rfc822; a@b", "rfc822; <a@b> (A B)", "utf-8; ø@b". What has no @ is none of use. */
static const char *recipient_of(struct arena *arena, const char *value)
{
    const char *behind = behind_type(value);
    const struct mime_address *address = behind ? mime_addresses(arena, behind, 1) : NULL;
    return address ? without_escapes(arena, address->address) : NULL;
}

/* ---- delivery status (RFC 3464, RFC 6533) ---- */

struct status_scan {
    struct arena *arena;
    struct mime_recipient_status *first;
    struct mime_recipient_status **next;
    struct mime_recipient_status *status; /* the one being filled */
    unsigned left;
};

static const char **value_place(struct mime_recipient_status *status, const char *name)
{
    const struct {
        const char *name;
        const char **place;
    } places[] = {
        { "Original-Recipient", &status->original_recipient },
        { "Final-Recipient", &status->final_recipient },
        { "X-Actual-Recipient", &status->actual_recipient },
        { "Action", &status->action },
        { "Status", &status->status },
        { "Diagnostic-Code", &status->diagnostic },
        { "Remote-MTA", &status->remote_host },
    };

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (strcasecmp(name, places[i].name) == 0)
            return places[i].place;
    return NULL;
}

/* Filled with what the field says; the raw value stands there until the block has ended. */
static void take_value(struct status_scan *scan, const struct mime_field *field)
{
    struct mime_recipient_status probe = { 0 };
    if (!value_place(&probe, field->name))
        return;
    const char **place = scan->status ? value_place(scan->status, field->name) : NULL;
    if ((!place || *place) && scan->left) {
        /* The same once more is the next recipient's: some leave the empty line between out. */
        scan->status = arena_allocate(scan->arena, sizeof *scan->status);
        *scan->next = scan->status;
        scan->next = &scan->status->next;
        scan->left--;
        place = value_place(scan->status, field->name);
    }
    if (place && !*place)
        *place = field->value;
}

static void finish_status(struct arena *arena, struct mime_recipient_status *status)
{
    status->original_recipient = recipient_of(arena, status->original_recipient);
    status->final_recipient = recipient_of(arena, status->final_recipient);
    status->actual_recipient = recipient_of(arena, status->actual_recipient);
    status->action = first_word(arena, status->action);
    status->status = first_word(arena, status->status);
    status->diagnostic = behind_type(status->diagnostic);
    status->remote_host = host_of(arena, status->remote_host);
}

/* Whether it is about a recipient at all: a Remote-MTA stands in some blocks of the message. */
static bool is_recipient(const struct mime_recipient_status *status)
{
    return status->action || status->status || status->final_recipient ||
           status->original_recipient;
}

/* Those that are about a recipient, finished. */
static void keep_recipients(struct arena *arena, struct mime_message *message,
                            struct mime_recipient_status *status)
{
    struct mime_recipient_status **next = &message->statuses;
    for (; status; status = status->next) {
        if (!is_recipient(status))
            continue;
        finish_status(arena, status);
        *next = status;
        next = &status->next;
    }
    *next = NULL;
}

static void read_statuses(struct arena *arena, struct mime_message *message,
                          const struct mime_part *part)
{
    size_t length = 0;
    const char *bytes = mime_body_decode(arena, part, &length);
    struct status_scan scan = { .arena = arena, .left = MIME_PARTS_MAXIMUM };
    const struct mime_field *fields;
    scan.next = &scan.first;
    for (unsigned i = 0; i < MIME_PARTS_MAXIMUM; i++) {
        fields = mime_block_next(arena, &bytes, &length);
        if (!fields)
            break;
        if (!message->report)
            message->report = fields;
        scan.status = NULL;
        for (const struct mime_field *field = fields; field; field = field->next)
            take_value(&scan, field);
    }
    keep_recipients(arena, message, scan.first);
}

/* ---- the parts of a report ---- */

static const struct mime_field *headers_of(struct arena *arena, const struct mime_part *part)
{
    size_t length = 0;
    size_t behind = 0;
    if (part->parts)
        return part->parts->fields;
    const char *bytes = mime_body_decode(arena, part, &length);
    return mime_header_read(arena, bytes, length, &behind);
}

static bool type_is(const struct mime_part *part, const char *one, const char *other)
{
    return strcmp(part->type, one) == 0 || strcmp(part->type, other) == 0;
}

static bool is_returned(const struct mime_part *part)
{
    return type_is(part, "message/rfc822", "message/global") ||
           type_is(part, "text/rfc822-headers", "message/global-headers") ||
           type_is(part, "message/rfc822-headers", "text/rfc822-header") ||
           type_is(part, "message/partial", "text/rfc822");
}

void mime_report_read(struct arena *arena, struct mime_message *message,
                      const struct mime_part *part, bool is_root)
{
    if (type_is(part, "message/delivery-status", "message/global-delivery-status")) {
        if (!message->statuses)
            read_statuses(arena, message, part);
    } else if (type_is(part, "message/feedback-report", "message/feedback-report")) {
        size_t length = 0;
        size_t behind = 0;
        const char *bytes = mime_body_decode(arena, part, &length);
        message->feedback = mime_header_read(arena, bytes, length, &behind);
    } else if (is_returned(part)) {
        if (!message->original && !is_root)
            message->original = headers_of(arena, part);
    } else {
        for (const struct mime_part *child = part->parts; child; child = child->next)
            mime_report_read(arena, message, child, false);
    }
}

/* A gateway that looks into mail passes some reports on whole, inside a message of their own
 * subject and sender. */
static bool is_wrapped(const struct mime_message *message, const struct mime_field *inner)
{
    static const char *const names[] = { "Subject", "From" };
    const char *type = mime_field(inner, "Content-Type");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *outside = mime_field(message->fields, names[i]);
        const char *inside = mime_field(inner, names[i]);
        if (!outside || !inside || strcmp(outside, inside) != 0)
            return false;
    }
    return type && strncasecmp(type, "multipart/report", strlen("multipart/report")) == 0;
}

void mime_report_read_wrapped(struct arena *arena, struct mime_message *message,
                              const struct mime_part *root)
{
    const struct mime_part *part = root->parts;
    while (part && !type_is(part, "message/rfc822", "message/global"))
        part = part->next;
    if (message->statuses || !part || !is_wrapped(message, headers_of(arena, part)))
        return;
    message->original = NULL;
    if (part->parts)
        mime_report_read(arena, message, part->parts, true);
}
