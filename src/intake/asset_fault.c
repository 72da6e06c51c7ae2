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

static const char *size_in(struct arena *arena, int64_t bytes, char point)
{
    const int64_t tenth = 100 * 1000 * 1000;
    if (bytes < 10 * tenth - tenth / 2)
        return arena_format(arena, "%lld MB", (long long)((bytes + 500000) / 1000000));
    int64_t tenths = (bytes + tenth / 2) / tenth;
    return arena_format(arena, "%lld%c%lld GB", (long long)(tenths / 10), point,
                        (long long)(tenths % 10));
}

static const char *size_words(struct arena *arena, int64_t bytes)
{
    return arena_format(arena, "%s" INTAKE_VALUE_DANISH "%s", size_in(arena, bytes, '.'),
                        size_in(arena, bytes, ','));
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
                      struct asset_fault *fault)
{
    int64_t needed = facts->needed_bytes;
    int64_t allowed = facts->allowed_bytes;
    if (facts->width <= 0 || facts->height <= 0 || needed <= allowed || allowed <= 0) {
        fault->id = INTAKE_MESSAGE_PICTURE_TOO_HEAVY;
        fault->b = facts->width > 0 && facts->height > 0
                       ? arena_format(arena, "%d × %d pixels" INTAKE_VALUE_DANISH "%d × %d pixel",
                                      facts->width, facts->height, facts->width, facts->height)
                       : size_words(arena, size_bytes);
        return;
    }
    fault->id = INTAKE_MESSAGE_PICTURE_TOO_LARGE;
    fault->b = arena_format(
        arena, "%s of memory, and there are %s" INTAKE_VALUE_DANISH "%s hukommelse, og der er %s",
        size_in(arena, needed, '.'), size_in(arena, allowed, '.'), size_in(arena, needed, ','),
        size_in(arena, allowed, ','));
    fault->c = arena_format(arena, "%lld", (long long)megapixels(facts));
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
    *fault = (struct asset_fault){ .id = faults[import->trouble].id,
                                   .is_inside = faults[import->trouble].is_inside };
    if (import->trouble == ASSET_TROUBLE_TOO_LARGE)
        fault->b = size_words(arena, import->maximum_bytes);
    else if (import->trouble == ASSET_TROUBLE_KIND && media_type_name_is_image(file))
        fault->id = INTAKE_MESSAGE_PICTURE_NONE;
    else if (import->trouble == ASSET_TROUBLE_PICTURE && facts)
        fault->id = picture_message(facts->trouble);
    if (fault->id == INTAKE_MESSAGE_PICTURE_TOO_LARGE)
        too_large(facts, import->size_bytes, arena, fault);
    return true;
}

bool asset_fault_of_type(const struct release_asset *asset, struct asset_fault *fault)
{
    bool is_image = media_type_is_image(asset->media_type);
    bool is_picture = asset->kind == RELEASE_IMAGE;
    *fault = (struct asset_fault){ .id = is_picture ? INTAKE_MESSAGE_ASSET_NOT_IMAGE
                                                    : INTAKE_MESSAGE_ASSET_LIES,
                                   .b = media_type_words(asset->media_type),
                                   .is_inside = true };
    return is_picture ? !is_image : !media_type_fits_name(asset->media_type, asset->file);
}
