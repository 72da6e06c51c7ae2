/* SPDX-License-Identifier: MIT */
#include "picture/picture.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "picture/picture_confined.h"

#include <stdlib.h>
#include <string.h>

struct picture_reader {
    struct confined *confined; /* NULL until the first picture */
};

struct picture_reader *picture_reader_new(void)
{
    struct picture_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    return reader;
}

void picture_reader_free(struct picture_reader *reader)
{
    if (!reader)
        return;
    confined_close(reader->confined);
    free(reader);
}

/* *died: nothing came back that can be used, because of the file. */
static bool call(struct picture_reader *reader, int descriptor, const struct text *request,
                 struct text *reply, bool *died, struct error *error)
{
    struct confined_call call = { .request = request->data,
                                  .length = request->length,
                                  .descriptor = descriptor };
    *died = false;
    if (!reader->confined)
        reader->confined = confined_open(PICTURE_FUNCTION, NULL, 0, error);
    if (!reader->confined)
        return false;
    if (confined_call(reader->confined, &call, reply, error))
        return true;
    *died = error->kind == ERROR_INPUT;
    return *died;
}

/* ---- looking ---- */

/* Whoever took the reader over may say anything: no control characters come through. */
static const char *take_words(struct packet *packet, struct arena *arena, bool has_lines)
{
    const char *words = packet_string(packet, arena);
    bool is_good = !words || utf8_is_valid(words, strlen(words));
    for (const char *at = words; is_good && at && *at; at++)
        is_good = ((unsigned char)*at >= ' ' && *at != 0x7f) || (has_lines && *at == '\n');
    if (!is_good)
        packet->is_bad = true;
    return is_good ? words : NULL;
}

static bool take_facts(const struct text *reply, struct arena *arena, struct picture_facts *facts)
{
    struct packet packet;
    packet_init(&packet, reply->data, reply->length);
    *facts = (struct picture_facts){
        .format = (enum picture_format)packet_integer_within(&packet, 0, PICTURE_FORMATS - 1),
        .trouble = (enum picture_trouble)packet_integer_within(&packet, 0, PICTURE_TROUBLES - 1),
        .width = (int)packet_integer_within(&packet, 0, PICTURE_SIDE_MAXIMUM),
        .height = (int)packet_integer_within(&packet, 0, PICTURE_SIDE_MAXIMUM),
        .is_animated = packet_bool(&packet),
        .shown = (enum picture_format)packet_integer_within(&packet, PICTURE_JPEG, PICTURE_PNG),
        .needed_bytes = packet_integer_within(&packet, 0, INT64_MAX),
        .allowed_bytes = packet_integer_within(&packet, 0, INT64_MAX),
        .rights = { .creator = take_words(&packet, arena, false),
                    .credit = take_words(&packet, arena, false),
                    .copyright = take_words(&packet, arena, false),
                    .source_type = take_words(&packet, arena, false),
                    .alt = take_words(&packet, arena, false),
                    .caption = take_words(&packet, arena, true) },
    };
    bool has_pixels = facts->width > 0 && facts->height > 0;
    return packet_is_good(&packet) && (facts->trouble != PICTURE_GOOD || has_pixels);
}

bool picture_examine(struct picture_reader *reader, int descriptor, const char *language,
                     struct arena *arena, struct picture_facts *facts, struct error *error)
{
    struct text request;
    struct text reply;
    bool died = false;
    text_init(&request, 0);
    text_init(&reply, (size_t)PICTURE_REPLY_MAXIMUM + 1);
    packet_put_integer(&request, PICTURE_EXAMINE);
    packet_put_string(&request, language);
    bool done = call(reader, descriptor, &request, &reply, &died, error);
    if (done && (died || !take_facts(&reply, arena, facts)))
        *facts = (struct picture_facts){ .trouble = PICTURE_FATAL };
    text_release(&reply);
    text_release(&request);
    return done;
}

/* ---- making ---- */

/* The bytes stay where they were received. */
static enum picture_trouble take_image(struct text *reply, enum picture_format shown,
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
    /* Whatever it is: it is no page and no program. */
    if (width == 0 || height == 0 || picture_format_of(packet.next, length) != shown)
        return PICTURE_FATAL;
    memmove(reply->data, packet.next, length);
    *image = (struct picture_image){ reply->data, length, width, height };
    text_init(reply, 0);
    return PICTURE_GOOD;
}

bool picture_make(struct picture_reader *reader, int descriptor, int width,
                  enum picture_format shown, struct picture_image *image,
                  enum picture_trouble *trouble, struct error *error)
{
    struct text request;
    struct text reply;
    bool died = false;
    *image = (struct picture_image){ 0 };
    *trouble = PICTURE_GOOD;
    text_init(&request, 0);
    text_init(&reply, (size_t)PICTURE_REPLY_MAXIMUM + 1);
    packet_put_integer(&request, PICTURE_MAKE);
    packet_put_integer(&request, width);
    packet_put_integer(&request, shown);
    bool done = call(reader, descriptor, &request, &reply, &died, error);
    if (done)
        *trouble = died ? PICTURE_FATAL : take_image(&reply, shown, image);
    text_release(&reply);
    text_release(&request);
    if (done && *trouble != PICTURE_GOOD && !died)
        return error_set(error, ERROR_INPUT, "the picture cannot be read to its end");
    return done && *trouble == PICTURE_GOOD;
}

void picture_image_release(struct picture_image *image)
{
    free(image->bytes);
    *image = (struct picture_image){ 0 };
}
