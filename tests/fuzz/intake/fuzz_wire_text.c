/* SPDX-License-Identifier: MIT */
#include "fuzz_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_source("x.txt", data, size, NULL, 0);
    return 0;
}
