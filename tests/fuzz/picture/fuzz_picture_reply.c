/* SPDX-License-Identifier: MIT */
/* The input is what a process says that was taken over: 'f' and facts, or a format and an image. */
#include "fuzz_picture.h"

#include "picture/picture_confined.h"
#include "picture/reply.h"

static void demand_same(const struct picture_facts *one, const struct picture_facts *other)
{
    fuzz_demand(one->format == other->format && one->trouble == other->trouble);
    fuzz_demand(one->width == other->width && one->height == other->height);
    fuzz_demand(one->is_animated == other->is_animated && one->shown == other->shown);
    fuzz_demand(one->needed_bytes == other->needed_bytes);
    fuzz_demand(one->allowed_bytes == other->allowed_bytes);
    fuzz_demand(fuzz_is_same(one->rights.creator, other->rights.creator));
    fuzz_demand(fuzz_is_same(one->rights.credit, other->rights.credit));
    fuzz_demand(fuzz_is_same(one->rights.copyright, other->rights.copyright));
    fuzz_demand(fuzz_is_same(one->rights.source_type, other->rights.source_type));
    fuzz_demand(fuzz_is_same(one->rights.alt, other->rights.alt));
    fuzz_demand(fuzz_is_same(one->rights.caption, other->rights.caption));
}

/* Nothing, or facts within their bounds that can be said again in the same way. */
static void take_facts(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct picture_facts facts;
    struct picture_facts again;
    struct string_builder reply;
    string_builder_init(&reply, REPLY_FACTS_MAXIMUM);
    if (reply_take_facts(data, size, &arena, &facts)) {
        fuzz_demand(facts.format < PICTURE_FORMATS && facts.trouble < PICTURE_TROUBLES);
        fuzz_demand(facts.shown == PICTURE_JPEG || facts.shown == PICTURE_PNG);
        fuzz_demand(facts.width >= 0 && facts.height >= 0 && facts.needed_bytes >= 0);
        fuzz_demand(facts.trouble != PICTURE_GOOD ||
                    (facts.width > 0 && facts.width <= PICTURE_SIDE_MAXIMUM && facts.height > 0 &&
                     facts.height <= PICTURE_SIDE_MAXIMUM));
        fuzz_rights(&facts.rights);
        reply_put_facts(&reply, &facts);
        fuzz_demand(!string_builder_overflowed(&reply));
        fuzz_demand(reply_take_facts(reply.data, reply.length, &arena, &again));
        demand_same(&facts, &again);
    }
    string_builder_release(&reply);
    arena_release(&arena);
}

static void take_image(const uint8_t *data, size_t size, enum picture_format shown)
{
    struct picture_image image = { 0 };
    struct string_builder reply;
    string_builder_init(&reply, size + 1);
    string_builder_append_bytes(&reply, data, size);
    string_builder_append(&reply, "");
    if (reply_take_image(&reply, shown, &image) == PICTURE_GOOD) {
        const char *bytes = image.bytes;
        fuzz_demand(bytes >= reply.data && bytes + image.length == reply.data + reply.length);
        fuzz_demand(picture_format_of(bytes, image.length) == shown);
        fuzz_demand(image.width > 0 && image.height > 0);
    }
    string_builder_release(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] == 'f')
        take_facts(data + 1, size - 1);
    else
        take_image(data + 1, size - 1, data[0] & 1 ? PICTURE_JPEG : PICTURE_PNG);
    return 0;
}
