/* SPDX-License-Identifier: MIT */
#include "intake/asset_fault.h"

#include "base/arena.h"
#include "intake/asset.h"
#include "intake/media_type.h"
#include "intake/problem.h"
#include "picture/picture.h"
#include "release/release.h"

#include <stddef.h>

/* ---- sizes ---- */

static struct intake_value number_value(struct arena *arena, int64_t number)
{
    return intake_value_given(arena_format(arena, "%lld", (long long)number));
}

static struct intake_value inner_value(struct arena *arena, enum intake_message_id id,
                                       struct intake_value a, struct intake_value b)
{
    struct intake_message *message = arena_allocate(arena, sizeof *message);
    *message = (struct intake_message){ id, { a, b } };
    return intake_value_message(message);
}

static struct intake_value size_value(struct arena *arena, int64_t bytes)
{
    const int64_t tenth = 100 * 1000 * 1000;
    if (bytes < 10 * tenth - tenth / 2)
        return inner_value(arena, INTAKE_MESSAGE_SIZE_MEGABYTES,
                           number_value(arena, (bytes + 500000) / 1000000),
                           intake_value_given(NULL));
    int64_t tenths = (bytes + tenth / 2) / tenth;
    return inner_value(arena, INTAKE_MESSAGE_SIZE_GIGABYTES, number_value(arena, tenths / 10),
                       number_value(arena, tenths % 10));
}

/* How many megapixels would fit into memory. Rounded down generously, because the same picture
 * saved smaller may be stored in a way that needs more memory for each pixel. */
static int64_t megapixels(const struct picture_facts *facts)
{
    double pixels = (double)facts->width * facts->height;
    double share = 0.9 * (double)facts->allowed_bytes / (double)facts->needed_bytes;
    int64_t count = (int64_t)(pixels * share / 1e6);
    return count > 0 ? count : 1;
}

static void too_large(const struct picture_facts *facts, int64_t size_bytes, struct arena *arena,
                      struct intake_message *message)
{
    int64_t needed = facts->needed_bytes;
    int64_t allowed = facts->allowed_bytes;
    if (facts->width <= 0 || facts->height <= 0 || needed <= allowed || allowed <= 0) {
        message->id = INTAKE_MESSAGE_PICTURE_TOO_HEAVY;
        message->values[1] = facts->width > 0 && facts->height > 0
                                 ? inner_value(arena, INTAKE_MESSAGE_PICTURE_PIXELS,
                                               number_value(arena, facts->width),
                                               number_value(arena, facts->height))
                                 : size_value(arena, size_bytes);
        return;
    }
    message->id = INTAKE_MESSAGE_PICTURE_TOO_LARGE;
    message->values[1] = inner_value(arena, INTAKE_MESSAGE_PICTURE_MEMORY,
                                     size_value(arena, needed), size_value(arena, allowed));
    message->values[2] = number_value(arena, megapixels(facts));
}

/* ---- faults ---- */

static enum intake_message_id picture_message(enum picture_trouble trouble)
{
    switch (trouble) {
    case PICTURE_NONE:
        return INTAKE_MESSAGE_PICTURE_NONE;
    case PICTURE_CUT:
        return INTAKE_MESSAGE_PICTURE_CUT;
    case PICTURE_DAMAGED:
        return INTAKE_MESSAGE_PICTURE_DAMAGED;
    case PICTURE_CODING:
        return INTAKE_MESSAGE_PICTURE_CODING;
    case PICTURE_TOO_LARGE:
        return INTAKE_MESSAGE_PICTURE_TOO_LARGE;
    case PICTURE_GOOD:
    case PICTURE_FATAL:
    case PICTURE_TROUBLES:
        break;
    }
    return INTAKE_MESSAGE_PICTURE_FATAL;
}

static const struct {
    enum intake_message_id id;
    bool is_inside;
} faults[] = {
    [ASSET_TROUBLE_MISSING] = { INTAKE_MESSAGE_ASSET_MISSING, false },
    [ASSET_TROUBLE_LINK] = { INTAKE_MESSAGE_ASSET_LINK, false },
    [ASSET_TROUBLE_OUTSIDE] = { INTAKE_MESSAGE_ASSET_OUTSIDE, false },
    [ASSET_TROUBLE_FOLDER] = { INTAKE_MESSAGE_ASSET_FOLDER, false },
    [ASSET_TROUBLE_SPECIAL] = { INTAKE_MESSAGE_ASSET_SPECIAL, false },
    [ASSET_TROUBLE_UNREADABLE] = { INTAKE_MESSAGE_ASSET_UNREADABLE, false },
    [ASSET_TROUBLE_TOO_LARGE] = { INTAKE_MESSAGE_ASSET_TOO_LARGE, true },
    [ASSET_TROUBLE_SVG] = { INTAKE_MESSAGE_ASSET_SVG, true },
    [ASSET_TROUBLE_KIND] = { INTAKE_MESSAGE_ASSET_KIND, true },
    [ASSET_TROUBLE_EMPTY] = { INTAKE_MESSAGE_ASSET_EMPTY, true },
    [ASSET_TROUBLE_CUT] = { INTAKE_MESSAGE_ASSET_CUT, true },
    [ASSET_TROUBLE_PICTURE] = { INTAKE_MESSAGE_PICTURE_FATAL, true },
};

bool asset_fault_find(const char *file, const struct asset_import *import,
                      const struct picture_facts *facts, struct arena *arena,
                      struct asset_fault *fault)
{
    if (import->trouble == ASSET_TROUBLE_NONE || import->trouble == ASSET_TROUBLE_UNSTABLE)
        return false;
    struct intake_message *message = &fault->message;
    *fault = (struct asset_fault){ .message = { faults[import->trouble].id,
                                                { intake_value_given(file) } },
                                   .is_inside = faults[import->trouble].is_inside };
    if (import->trouble == ASSET_TROUBLE_TOO_LARGE)
        message->values[1] = size_value(arena, import->maximum_bytes);
    else if (import->trouble == ASSET_TROUBLE_KIND && media_type_name_is_image(file))
        message->id = INTAKE_MESSAGE_PICTURE_NONE;
    else if (import->trouble == ASSET_TROUBLE_PICTURE && facts)
        message->id = picture_message(facts->trouble);
    if (message->id == INTAKE_MESSAGE_PICTURE_TOO_LARGE)
        too_large(facts, import->size_bytes, arena, message);
    return true;
}

void asset_fault_name_type(const struct release_asset *asset, enum intake_message_id id,
                           struct arena *arena, struct intake_message *message)
{
    const struct intake_value none = intake_value_given(NULL);
    *message = (struct intake_message){ id,
                                        { intake_value_given(asset->file),
                                          inner_value(arena, media_type_message(asset->media_type),
                                                      none, none) } };
}

bool asset_fault_of_type(const struct release_asset *asset, struct arena *arena,
                         struct asset_fault *fault)
{
    bool is_picture = asset->kind == RELEASE_IMAGE;
    fault->is_inside = true;
    asset_fault_name_type(asset,
                          is_picture ? INTAKE_MESSAGE_ASSET_NOT_IMAGE : INTAKE_MESSAGE_ASSET_LIES,
                          arena, &fault->message);
    return is_picture ? !media_type_is_image(asset->media_type)
                      : !media_type_fits_name(asset->media_type, asset->file);
}
