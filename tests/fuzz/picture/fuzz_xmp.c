/* SPDX-License-Identifier: MIT */
#include "fuzz_picture.h"

#include "picture/xmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct picture_rights rights = { 0 };
    xmp_read(&arena, (struct span){ .bytes = data, .length = size }, "da", &rights);
    fuzz_rights(&rights);
    arena_release(&arena);
    return 0;
}
