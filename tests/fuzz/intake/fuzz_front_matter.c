/* SPDX-License-Identifier: MIT */
#include "fuzz_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char text[] = "Tekst.\n";
    fuzz_source("x.md", (const uint8_t *)text, sizeof text - 1, data, size);
    return 0;
}
