/* SPDX-License-Identifier: MIT */
#include "mime/mime_packet.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "confined/packet.h"
#include "dmarc/dmarc.h"
#include "mime/mime.h"

#include <string.h>

enum {
    STATUSES_MAXIMUM = MIME_PARTS_MAXIMUM, /* as many as are read */
    /* A value in an old character set takes up to three octets a letter. */
    VALUE_MAXIMUM = 4 * MIME_FIELD_MAXIMUM,
    NAME_MAXIMUM = MIME_MESSAGE_MAXIMUM,
    TEXT_LENGTH_MAXIMUM = 4 * MIME_TEXT_MAXIMUM
};

/* ---- writing ---- */

static void write_fields(struct string_builder *packet, const struct mime_field *fields)
{
    size_t count = 0;
    for (const struct mime_field *field = fields; field; field = field->next)
        count++;
    packet_put_count(packet, count);
    for (const struct mime_field *field = fields; field; field = field->next) {
        packet_put_string(packet, field->name);
        packet_put_string(packet, field->value);
    }
}

static void write_addresses(struct string_builder *packet, const struct mime_address *addresses)
{
    size_t count = 0;
    for (const struct mime_address *address = addresses; address; address = address->next)
        count++;
    packet_put_count(packet, count);
    for (const struct mime_address *address = addresses; address; address = address->next)
        packet_put_string(packet, address->address);
}

static void write_statuses(struct string_builder *packet,
                           const struct mime_recipient_status *statuses)
{
    size_t count = 0;
    for (const struct mime_recipient_status *status = statuses; status; status = status->next)
        count++;
    packet_put_count(packet, count);
    for (const struct mime_recipient_status *status = statuses; status; status = status->next) {
        packet_put_string(packet, status->original_recipient);
        packet_put_string(packet, status->final_recipient);
        packet_put_string(packet, status->actual_recipient);
        packet_put_string(packet, status->action);
        packet_put_string(packet, status->status);
        packet_put_string(packet, status->diagnostic);
        packet_put_string(packet, status->remote_host);
    }
}

void mime_packet_write(struct string_builder *packet, const struct mime_message *message)
{
    packet_put_string(packet, message->type);
    packet_put_bool(packet, message->is_blank);
    packet_put_string(packet, message->subject);
    packet_put_string(packet, message->from);
    packet_put_bool(packet, message->has_empty_sender);
    write_addresses(packet, message->to);
    packet_put_string(packet, message->text);
    packet_put_string(packet, message->links);
    packet_put_string(packet, message->notices);
    write_fields(packet, message->fields);
    write_statuses(packet, message->statuses);
    write_fields(packet, message->report);
    write_fields(packet, message->feedback);
    write_fields(packet, message->original);
    dmarc_report_put(packet, message->dmarc);
}

/* ---- reading ---- */

struct packet_scan {
    struct packet packet;
    struct arena *arena;
};

/* Whether it is UTF-8 without control characters, but for line ends and tabs in a text. */
static bool is_clean(const char *string, size_t length, bool is_line)
{
    for (const char *c = string; *c; c++)
        if ((unsigned char)*c < ' ' && (is_line || (*c != '\n' && *c != '\t')))
            return false;
    return utf8_is_valid(string, length);
}

static const char *read_clean(struct packet_scan *scan, size_t maximum, bool is_line)
{
    const char *string = packet_string(&scan->packet, scan->arena);
    size_t length = string ? strlen(string) : 0;
    if (string && length <= maximum && is_clean(string, length, is_line))
        return string;
    if (string)
        scan->packet.is_bad = true;
    return NULL;
}

static const char *read_line(struct packet_scan *scan, size_t maximum)
{
    return read_clean(scan, maximum, true);
}

/* One that is always there. */
static const char *need_line(struct packet_scan *scan, size_t maximum)
{
    const char *line = read_line(scan, maximum);
    if (line)
        return line;
    scan->packet.is_bad = true;
    return "";
}

static size_t read_count(struct packet_scan *scan, size_t maximum)
{
    size_t count = packet_count(&scan->packet);
    if (count <= maximum)
        return count;
    scan->packet.is_bad = true;
    return 0;
}

static const struct mime_field *read_fields(struct packet_scan *scan)
{
    const struct mime_field *first = NULL;
    const struct mime_field **next = &first;
    for (size_t left = read_count(scan, MIME_FIELDS_MAXIMUM); left && !scan->packet.is_bad;
         left--) {
        struct mime_field *field = arena_allocate(scan->arena, sizeof *field);
        field->name = need_line(scan, NAME_MAXIMUM);
        field->value = need_line(scan, VALUE_MAXIMUM);
        *next = field;
        next = &field->next;
    }
    return first;
}

static struct mime_address *read_addresses(struct packet_scan *scan)
{
    struct mime_address *first = NULL;
    struct mime_address **next = &first;
    for (size_t left = read_count(scan, MIME_ADDRESSES_MAXIMUM); left && !scan->packet.is_bad;
         left--) {
        struct mime_address *address = arena_allocate(scan->arena, sizeof *address);
        address->address = need_line(scan, VALUE_MAXIMUM);
        *next = address;
        next = &address->next;
    }
    return first;
}

static struct mime_recipient_status *read_statuses(struct packet_scan *scan)
{
    struct mime_recipient_status *first = NULL;
    struct mime_recipient_status **next = &first;
    for (size_t left = read_count(scan, STATUSES_MAXIMUM); left && !scan->packet.is_bad; left--) {
        struct mime_recipient_status *status = arena_allocate(scan->arena, sizeof *status);
        status->original_recipient = read_line(scan, VALUE_MAXIMUM);
        status->final_recipient = read_line(scan, VALUE_MAXIMUM);
        status->actual_recipient = read_line(scan, VALUE_MAXIMUM);
        status->action = read_line(scan, VALUE_MAXIMUM);
        status->status = read_line(scan, VALUE_MAXIMUM);
        status->diagnostic = read_line(scan, VALUE_MAXIMUM);
        status->remote_host = read_line(scan, VALUE_MAXIMUM);
        *next = status;
        next = &status->next;
    }
    return first;
}

const struct mime_message *mime_packet_read(struct arena *arena, const void *bytes, size_t length)
{
    struct packet_scan scan = { .arena = arena };
    struct mime_message *message = arena_allocate(arena, sizeof *message);
    packet_init(&scan.packet, bytes, length);
    message->type = need_line(&scan, VALUE_MAXIMUM);
    message->is_blank = packet_bool(&scan.packet);
    message->subject = need_line(&scan, VALUE_MAXIMUM);
    message->from = read_line(&scan, VALUE_MAXIMUM);
    message->has_empty_sender = packet_bool(&scan.packet);
    message->to = read_addresses(&scan);
    message->text = read_clean(&scan, TEXT_LENGTH_MAXIMUM, false);
    message->links = read_clean(&scan, TEXT_LENGTH_MAXIMUM, false);
    message->notices = read_clean(&scan, TEXT_LENGTH_MAXIMUM, false);
    message->fields = read_fields(&scan);
    message->statuses = read_statuses(&scan);
    message->report = read_fields(&scan);
    message->feedback = read_fields(&scan);
    message->original = read_fields(&scan);
    message->dmarc = dmarc_report_take(&scan.packet, arena);
    return packet_is_good(&scan.packet) ? message : NULL;
}
