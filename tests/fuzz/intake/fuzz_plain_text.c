/* SPDX-License-Identifier: MIT */
#include "fuzz_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    fuzz_text(arena_copy_bytes(&arena, data, size), size);
    arena_release(&arena);
    return 0;
}
