/* SPDX-License-Identifier: MIT */
#include "mail/composition.h"

#include "mail/header_text.h"
#include "mail/mime_tree.h"
#include "mail/quoted_printable.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/string_builder.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define SLOT_PREFIX "slot"

void mail_slots_init(struct mail_slots *slots, const struct hash *seed)
{
    char hex[HASH_HEX_SIZE];
    hash_to_hex(seed, hex);
    for (int slot = 0; slot < MAIL_SLOT_COUNT; slot++)
        (void)snprintf(slots->names[slot], sizeof slots->names[slot], SLOT_PREFIX "%.24s%c", hex,
                       'a' + slot);
}

/* ---- the header ---- */

/* Where a field's strings come from: names of slots stay (values NULL), or become one subscriber's
 * values. */
struct header_writer {
    struct arena *arena;
    struct string_builder *text;
    const struct mail_message *message;
    const struct mail_values *values;
};

static enum mail_slot slot_at(const struct mail_slots *slots, const char *string)
{
    for (int slot = 0; slot < MAIL_SLOT_COUNT; slot++)
        if (strncmp(string, slots->names[slot], strlen(slots->names[slot])) == 0)
            return (enum mail_slot)slot;
    return MAIL_SLOT_NONE;
}

static const char *value_of(const struct mail_values *values, enum mail_slot slot)
{
    return values->values[slot] ? values->values[slot] : "";
}

const char *mail_fill(struct arena *arena, const struct mail_slots *slots,
                      const struct mail_values *values, const char *string)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    while (*string) {
        enum mail_slot slot = slot_at(slots, string);
        if (slot == MAIL_SLOT_NONE) {
            string_builder_append_character(&text, *string++);
            continue;
        }
        string_builder_append(&text, value_of(values, slot));
        string += strlen(slots->names[slot]);
    }
    const char *filled = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return filled;
}

static const char *resolve(const struct header_writer *writer, const char *string)
{
    if (!writer->values)
        return string;
    return mail_fill(writer->arena, writer->message->slots, writer->values, string);
}

static void write_field(const struct header_writer *writer, const char *name, const char *value)
{
    const char *part = resolve(writer, value);
    header_append_parts(writer->text, name, &part, 1);
}

static void write_slot_field(const struct header_writer *writer, const char *name,
                             enum mail_slot slot)
{
    write_field(writer, name, writer->message->slots->names[slot]);
}

/* RFC 2369, RFC 8058: one-click only where the https address is. */
static void write_unsubscribe(const struct header_writer *writer)
{
    const struct mail_message *message = writer->message;
    const char *parts[2];
    size_t count = 0;
    if (message->unsubscribe_url)
        parts[count++] = arena_format(writer->arena, "<%s>%s",
                                      resolve(writer, message->unsubscribe_url),
                                      message->unsubscribe_mailto ? "," : "");
    if (message->unsubscribe_mailto)
        parts[count++] = arena_format(writer->arena, "<%s>",
                                      resolve(writer, message->unsubscribe_mailto));
    if (count)
        header_append_parts(writer->text, "List-Unsubscribe", parts, count);
    if (message->unsubscribe_url)
        write_field(writer, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

static void write_list_fields(const struct header_writer *writer)
{
    const struct mail_message *message = writer->message;
    if (message->list_id)
        header_append_mailbox(writer->text, "List-Id",
                              message->list_name ? message->list_name : message->list_id,
                              message->list_id);
    write_unsubscribe(writer);
    if (message->list_archive)
        write_field(writer, "List-Archive",
                    arena_format(writer->arena, "<%s>", message->list_archive));
    if (message->feedback_id)
        write_field(writer, "Feedback-ID", message->feedback_id);
}

static void write_header(const struct header_writer *writer)
{
    const struct mail_message *message = writer->message;
    header_append_mailbox(writer->text, "From", message->from_name, message->from_address);
    write_slot_field(writer, "To", MAIL_SLOT_TO);
    header_append_unstructured(writer->text, "Subject", message->subject);
    write_slot_field(writer, "Date", MAIL_SLOT_DATE);
    write_slot_field(writer, "Message-ID", MAIL_SLOT_MESSAGE_ID);
    if (message->reply_to)
        write_field(writer, "Reply-To", message->reply_to);
    if (message->is_reply) {
        write_slot_field(writer, "In-Reply-To", MAIL_SLOT_IN_REPLY_TO);
        write_slot_field(writer, "References", MAIL_SLOT_IN_REPLY_TO);
    }
    if (message->class == MAIL_CLASS_BULK)
        write_list_fields(writer);
    else
        write_field(writer, "Auto-Submitted", "auto-generated");
    write_field(writer, "X-Auto-Response-Suppress", "All");
}

/* ---- the body ---- */

static const char *encode_body(struct arena *arena, const struct mail_message *message,
                               const char *body, const struct mail_values *values)
{
    struct string_builder encoded;
    string_builder_init(&encoded, 0);
    quoted_printable_append(&encoded, body, message->slots, values);
    if (!encoded.length || encoded.data[encoded.length - 1] != '\n')
        string_builder_append(&encoded, "\r\n");
    const char *copy = arena_copy_bytes(arena, encoded.data, encoded.length);
    string_builder_release(&encoded);
    return copy;
}

/* A boundary that is a function of the content before slots are filled, so that it is the same for
 * everybody. Quoted-printable never writes "=_" (RFC 2045 section 6.7), so that it cannot stand in
 * a body by chance; the loop is for a body that is not ours. */
static const char *choose_boundary(struct arena *arena, const struct mail_message *message,
                                   const struct mime_bodies *bodies)
{
    const char *boundary;
    unsigned number = 0;
    do {
        struct hash_state state;
        struct hash hash;
        char hex[HASH_HEX_SIZE];
        hash_init(&state);
        hash_update_string(&state, message->text);
        hash_update_string(&state, message->html);
        hash_update(&state, &number, sizeof number);
        number++;
        hash_final(&state, &hash);
        hash_to_hex(&hash, hex);
        boundary = arena_format(arena, "=_%.32s", hex);
    } while (strstr(bodies->text, boundary) || (bodies->html && strstr(bodies->html, boundary)));
    return boundary;
}

/* The whole message, with names of slots in it (values NULL) or with one subscriber's values. */
static bool write_message(struct arena *arena, const struct mail_message *message,
                          const struct mail_values *values, struct string_builder *out,
                          struct error *error)
{
    if (!message->from_address || !message->from_address[0])
        return error_set(error, ERROR_INPUT, "mail: no sender" ERROR_ADVICE "set mail.from");
    size_t html_length = message->html ? strlen(message->html) : 0;
    if (strlen(message->text) + html_length > MAIL_SIZE_MAXIMUM)
        return error_set(error, ERROR_INPUT,
                         "mail \"%.60s\": larger than %d bytes" ERROR_ADVICE "shorten the text",
                         message->subject, MAIL_SIZE_MAXIMUM);
    const struct header_writer writer = {
        .arena = arena, .text = out, .message = message, .values = values
    };
    struct mime_bodies bodies = {
        .text = encode_body(arena, message, message->text, values),
        .html = message->html ? encode_body(arena, message, message->html, values) : NULL,
    };
    bodies.boundary = choose_boundary(arena, message, &bodies);
    size_t start = out->length;
    write_header(&writer);
    if (!mime_tree_write(out, &bodies, error))
        return false;
    if (string_builder_overflowed(out))
        return error_set(error, ERROR_INPUT, "mail \"%.60s\": too large", message->subject);
    /* No line may begin with a dot, because these bytes are sent as dot-stuffed ones; neither our
     * encoder nor our fields write one. */
    assert(out->data[start] != '.' && !strstr(out->data + start, "\n."));
    return true;
}

/* ---- cutting at the slots ---- */

static struct mail_segment *new_segments(struct arena *arena, const char *bytes,
                                         const struct mail_slots *slots, size_t *count)
{
    char prefix[MAIL_SLOT_NAME_SIZE];
    (void)snprintf(prefix, sizeof prefix, "%.*s", (int)strlen(slots->names[0]) - 1,
                   slots->names[0]);
    size_t names = 0;
    for (const char *found = bytes; (found = strstr(found, prefix)); found += strlen(prefix))
        names++;
    struct mail_segment *segments = arena_allocate_array(arena, names + 1, sizeof *segments);
    *count = 0;
    const char *start = bytes;
    for (const char *found = bytes; (found = strstr(found, prefix));) {
        enum mail_slot slot = slot_at(slots, found);
        if (slot == MAIL_SLOT_NONE) { /* the prefix by itself is text */
            found += strlen(prefix);
            continue;
        }
        segments[(*count)++] = (struct mail_segment){ .bytes = start,
                                                      .length = (size_t)(found - start),
                                                      .slot = slot };
        found += strlen(slots->names[slot]);
        start = found;
    }
    segments[(*count)++] = (struct mail_segment){ .bytes = start,
                                                  .length = strlen(start),
                                                  .slot = MAIL_SLOT_NONE };
    return segments;
}

struct mail_composition *mail_compose(struct arena *arena, const struct mail_message *message,
                                      struct error *error)
{
    struct string_builder written;
    string_builder_init(&written, 0);
    struct mail_composition *composition = NULL;
    if (write_message(arena, message, NULL, &written, error)) {
        composition = arena_allocate(arena, sizeof *composition);
        const char *bytes = arena_copy_bytes(arena, written.data, written.length);
        composition->segments = new_segments(arena, bytes, message->slots, &composition->count);
        for (size_t i = 0; i < composition->count; i++)
            composition->fixed_length += composition->segments[i].length;
    }
    string_builder_release(&written);
    return composition;
}

/* ---- one subscriber's values ---- */

/* Reads each byte once, because every value of every message is checked. */
static bool value_is_safe(enum mail_slot slot, const char *value)
{
    const unsigned char *byte = (const unsigned char *)value;
    if (slot == MAIL_SLOT_UNSUBSCRIBE || slot == MAIL_SLOT_PREFERENCES ||
        slot == MAIL_SLOT_CONFIRM || slot == MAIL_SLOT_ANSWER) {
        while (((*byte | 0x20U) >= 'a' && (*byte | 0x20U) <= 'z') || (*byte >= '0' && *byte <= '9'))
            byte++;
        return !*byte;
    }
    while (*byte >= 0x20 && *byte != 0x7F)
        byte++;
    return !*byte;
}

static bool values_are_safe(const struct mail_values *values, struct error *error)
{
    for (int slot = 0; slot < MAIL_SLOT_COUNT; slot++)
        if (values->values[slot] && !value_is_safe((enum mail_slot)slot, values->values[slot]))
            return error_set(error, ERROR_INPUT,
                             "mail: an address or token with characters that a message header "
                             "cannot hold" ERROR_ADVICE "mend or remove the subscriber");
    return true;
}

bool mail_build(struct arena *arena, const struct mail_message *message,
                const struct mail_values *values, struct string_builder *out, struct error *error)
{
    return values_are_safe(values, error) && write_message(arena, message, values, out, error);
}

static char *put(char *place, const char *bytes, size_t length)
{
    memcpy(place, bytes, length);
    return place + length;
}

bool mail_splice(const struct mail_composition *composition, const struct mail_values *values,
                 struct string_builder *out, struct error *error)
{
    size_t lengths[MAIL_SLOT_COUNT + 1] = { 0 };
    if (!values_are_safe(values, error))
        return false;
    for (int slot = 0; slot < MAIL_SLOT_COUNT; slot++)
        lengths[slot] = strlen(value_of(values, (enum mail_slot)slot));
    size_t length = composition->fixed_length;
    for (size_t i = 0; i < composition->count; i++)
        length += lengths[composition->segments[i].slot];
    char *place = string_builder_append_room(out, length);
    if (!place)
        return error_set(error, ERROR_INPUT, "mail: too large");
    for (size_t i = 0; i < composition->count; i++) {
        const struct mail_segment *segment = &composition->segments[i];
        place = put(place, segment->bytes, segment->length);
        if (segment->slot != MAIL_SLOT_NONE)
            place = put(place, value_of(values, segment->slot), lengths[segment->slot]);
    }
    return true;
}
