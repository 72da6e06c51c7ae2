/* SPDX-License-Identifier: MIT */
#include "fuzz_picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_filter(PICTURE_JPEG, (struct span){ .bytes = data, .length = size });
    return 0;
}
