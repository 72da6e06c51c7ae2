/* SPDX-License-Identifier: MIT */
#include "picture/picture.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "picture/picture_confined.h"
#include "picture/reply.h"

#include <stdlib.h>
#include <string.h>

struct picture_reader {
    struct confined *confined; /* NULL until the first picture */
};

struct picture_reader *picture_reader_new(void)
{
    struct picture_reader *reader = memory_allocate(sizeof *reader);
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
static bool call(struct picture_reader *reader, int descriptor,
                 const struct string_builder *request, struct string_builder *reply, bool *died,
                 struct error *error)
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

bool picture_examine(struct picture_reader *reader, int descriptor, const char *language,
                     struct arena *arena, struct picture_facts *facts, struct error *error)
{
    struct string_builder request;
    struct string_builder reply;
    bool died = false;
    string_builder_init(&request, 0);
    string_builder_init(&reply, (size_t)REPLY_FACTS_MAXIMUM + 1);
    packet_put_integer(&request, PICTURE_EXAMINE);
    packet_put_string(&request, language);
    bool done = call(reader, descriptor, &request, &reply, &died, error);
    if (done && (died || !reply_take_facts(reply.data, reply.length, arena, facts)))
        *facts = (struct picture_facts){ .trouble = PICTURE_FATAL };
    string_builder_release(&reply);
    string_builder_release(&request);
    return done;
}

/* ---- making ---- */

/* The bytes stay where they were received. */
static enum picture_trouble take_image(struct string_builder *reply, enum picture_format shown,
                                       struct picture_image *image)
{
    enum picture_trouble trouble = reply_take_image(reply, shown, image);
    if (trouble != PICTURE_GOOD)
        return trouble;
    memmove(reply->data, image->bytes, image->length);
    image->bytes = reply->data;
    string_builder_init(reply, 0);
    return PICTURE_GOOD;
}

bool picture_make(struct picture_reader *reader, int descriptor, int width,
                  enum picture_format shown, struct picture_image *image,
                  enum picture_trouble *trouble, struct error *error)
{
    struct string_builder request;
    struct string_builder reply;
    bool died = false;
    *image = (struct picture_image){ 0 };
    *trouble = PICTURE_GOOD;
    string_builder_init(&request, 0);
    string_builder_init(&reply, (size_t)PICTURE_REPLY_MAXIMUM + 1);
    packet_put_integer(&request, PICTURE_MAKE);
    packet_put_integer(&request, width);
    packet_put_integer(&request, shown);
    bool done = call(reader, descriptor, &request, &reply, &died, error);
    if (done)
        *trouble = died ? PICTURE_FATAL : take_image(&reply, shown, image);
    string_builder_release(&reply);
    string_builder_release(&request);
    if (done && *trouble != PICTURE_GOOD && !died)
        return error_set(error, ERROR_INPUT, "the picture cannot be read to its end");
    return done && *trouble == PICTURE_GOOD;
}

void picture_image_release(struct picture_image *image)
{
    free(image->bytes);
    *image = (struct picture_image){ 0 };
}
