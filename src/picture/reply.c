/* SPDX-License-Identifier: MIT */
#include "picture/reply.h"

#include "base/string_builder.h"
#include "base/utf8.h"
#include "confined/packet.h"
#include "picture/field_text.h"
#include "picture/picture_confined.h"
#include "picture/source_type.h"

#include <limits.h>
#include <string.h>

/* ---- facts ---- */

void reply_put_facts(struct string_builder *reply, const struct picture_facts *facts)
{
    packet_put_integer(reply, facts->format);
    packet_put_integer(reply, facts->trouble);
    packet_put_integer(reply, facts->width);
    packet_put_integer(reply, facts->height);
    packet_put_bool(reply, facts->is_animated);
    packet_put_integer(reply, facts->shown);
    packet_put_integer(reply, facts->needed_bytes);
    packet_put_integer(reply, facts->allowed_bytes);
    packet_put_string(reply, facts->rights.creator);
    packet_put_string(reply, facts->rights.credit);
    packet_put_string(reply, facts->rights.copyright);
    packet_put_string(reply, facts->rights.source_type);
    packet_put_string(reply, facts->rights.alt);
    packet_put_string(reply, facts->rights.caption);
}

/* Cleaned again, because whoever took the confined process over may have sent anything; a field
 * that is clean already stays as it is. */
static const char *take_field(struct packet *packet, struct arena *arena, size_t maximum,
                              bool keep_lines)
{
    const char *said = packet_string(packet, arena);
    if (!said)
        return NULL;
    struct span bytes = { .bytes = (const uint8_t *)said, .length = strlen(said) };
    const char *field = bytes.length <= maximum && utf8_is_valid(said, bytes.length)
                            ? field_text(arena, bytes, maximum, keep_lines)
                            : NULL;
    if (!field)
        packet->is_bad = true;
    return field;
}

static const char *take_source_type(struct packet *packet, struct arena *arena)
{
    const char *said = packet_string(packet, arena);
    const char *type = said ? source_type_uri(arena, said) : NULL;
    if (said && !type)
        packet->is_bad = true;
    return type;
}

static bool is_sound(const struct picture_facts *facts)
{
    return facts->trouble != PICTURE_GOOD ||
           (facts->format != PICTURE_UNKNOWN && facts->width > 0 && facts->height > 0 &&
            facts->width <= PICTURE_SIDE_MAXIMUM && facts->height <= PICTURE_SIDE_MAXIMUM);
}

bool reply_take_facts(const void *bytes, size_t length, struct arena *arena,
                      struct picture_facts *facts)
{
    struct packet packet;
    *facts = (struct picture_facts){ .trouble = PICTURE_FATAL };
    if (length > REPLY_FACTS_MAXIMUM)
        return false;
    packet_init(&packet, bytes, length);
    *facts = (struct picture_facts){
        .format = (enum picture_format)packet_integer_within(&packet, 0, PICTURE_FORMATS - 1),
        .trouble = (enum picture_trouble)packet_integer_within(&packet, 0, PICTURE_TROUBLES - 1),
        .width = (int)packet_integer_within(&packet, 0, INT_MAX),
        .height = (int)packet_integer_within(&packet, 0, INT_MAX),
        .is_animated = packet_bool(&packet),
        .shown = (enum picture_format)packet_integer_within(&packet, PICTURE_JPEG, PICTURE_PNG),
        .needed_bytes = packet_integer_within(&packet, 0, INT64_MAX),
        .allowed_bytes = packet_integer_within(&packet, 0, INT64_MAX),
        .rights = { .creator = take_field(&packet, arena, FIELD_LINE_MAXIMUM, false),
                    .credit = take_field(&packet, arena, FIELD_LINE_MAXIMUM, false),
                    .copyright = take_field(&packet, arena, FIELD_LINE_MAXIMUM, false),
                    .source_type = take_source_type(&packet, arena),
                    .alt = take_field(&packet, arena, FIELD_ALT_MAXIMUM, false),
                    .caption = take_field(&packet, arena, FIELD_CAPTION_MAXIMUM, true) },
    };
    return packet_is_good(&packet) && is_sound(facts);
}

/* ---- a picture ---- */

void reply_put_head(struct string_builder *reply, enum picture_trouble trouble, int width,
                    int height)
{
    string_builder_clear(reply);
    packet_put_integer(reply, trouble);
    packet_put_integer(reply, width);
    packet_put_integer(reply, height);
}

enum picture_trouble reply_take_image(struct string_builder *reply, enum picture_format shown,
                                      struct picture_image *image)
{
    struct packet packet;
    packet_init(&packet, reply->data, reply->length);
    enum picture_trouble trouble = (enum picture_trouble)packet_integer_within(
        &packet, 0, PICTURE_TROUBLES - 1);
    int width = (int)packet_integer_within(&packet, 0, PICTURE_SIDE_MAXIMUM);
    int height = (int)packet_integer_within(&packet, 0, PICTURE_SIDE_MAXIMUM);
    if (packet.is_bad)
        return PICTURE_FATAL;
    if (trouble != PICTURE_GOOD)
        return trouble;
    size_t length = (size_t)(packet.end - packet.next);
    /* The format is checked by the bytes, so that nobody who took the confined process over hands
     * out a page or a program as a picture. */
    if (width == 0 || height == 0 || picture_format_of(packet.next, length) != shown)
        return PICTURE_FATAL;
    *image = (struct picture_image){ reply->data + (reply->length - length), length, width,
                                     height };
    return PICTURE_GOOD;
}
