/* SPDX-License-Identifier: MIT */
/* The input is a file of any format: what the confined process does with it, in this one. */
#include "base/error.h"
#include "picture/maker.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PIXELS_MAXIMUM = 300 * 1000, SMALL = 40 };

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void start(void)
{
    struct error error;
    static bool is_started;
    if (!is_started)
        demand(rendition_maker.start(&error));
    is_started = true;
}

/* What can be read to its end can be made, in the format and the size that were asked for. */
static void make(const uint8_t *data, size_t size, enum picture_format format, int width,
                 enum picture_format shown, bool is_palette)
{
    struct picture_image image = { 0 };
    const struct rendition_order order = {
        .shown = shown, .width = width, .quality = 82, .is_palette = is_palette
    };
    if (rendition_maker.make(data, size, format, &order, &image) == PICTURE_GOOD) {
        demand(image.bytes && picture_format_of(image.bytes, image.length) == shown);
        demand(image.width > 0 && image.height > 0);
        demand(width == 0 || image.width <= width);
    }
    if (image.bytes)
        rendition_maker.release(&image);
}

/* Every way, and not only the one that the file says. */
static void turn(const uint8_t *data, size_t size)
{
    const struct rendition_room room = { .memory_bytes = 64 * 1024 * 1024, .reply_bytes = size };
    for (int orientation = 2; orientation <= 8; orientation++) {
        struct picture_image image = { 0 };
        if (!rendition_maker.rotate(data, size, orientation, &room, &image))
            continue;
        demand(picture_format_of(image.bytes, image.length) == PICTURE_JPEG);
        demand(image.width > 0 && image.height > 0 && image.length <= size);
        rendition_maker.release(&image);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rendition_properties properties = { 0 };
    enum picture_format format = picture_format_of(data, size);
    start();
    if (format == PICTURE_UNKNOWN ||
        rendition_maker.inspect(data, size, format, &properties) != PICTURE_GOOD)
        return 0;
    demand(properties.width > 0 && properties.height > 0 && properties.scan_bytes >= 0 &&
           properties.upright_bytes >= 0);
    demand(properties.orientation >= 0 && properties.orientation <= 8);
    if ((int64_t)properties.width * properties.height > PIXELS_MAXIMUM)
        return 0;
    (void)rendition_maker.scan(data, size, format);
    if (format == PICTURE_JPEG)
        turn(data, size);
    make(data, size, format, SMALL, PICTURE_JPEG, false);
    make(data, size, format, 0, PICTURE_PNG, properties.is_palette);
    return 0;
}
