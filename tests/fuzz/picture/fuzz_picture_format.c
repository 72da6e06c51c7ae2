/* SPDX-License-Identifier: MIT */
/* The input is a file of any format. */
#include "fuzz_picture.h"

#include "picture/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct picture_rights rights;
    struct span file = { .bytes = data, .length = size };
    size_t frames;
    enum picture_format format = picture_format_of(data, size);
    fuzz_demand(format == PICTURE_UNKNOWN || !picture_film_type(data, size));
    enum picture_trouble trouble = container_structure(format, file, &frames);
    fuzz_demand(format != PICTURE_UNKNOWN || trouble == PICTURE_NONE);
    rights_read(&arena, format, file, NULL, &rights);
    fuzz_rights(&rights);
    arena_release(&arena);
    return 0;
}
