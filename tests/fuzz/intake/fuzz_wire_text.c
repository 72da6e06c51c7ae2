/* SPDX-License-Identifier: MIT */
/* A press service's page as it is, and the input as the text below its first two lines. */
#include "fuzz_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char head[] = "Huse\n7.6.2026 08:00 CEST | Region Nordhav | Press release\n";
    struct arena arena = { 0 };
    struct string_builder page;
    fuzz_text(arena_copy_bytes(&arena, data, size), size);
    string_builder_init(&page, 0);
    string_builder_append(&page, head);
    string_builder_append_bytes(&page, data, size);
    fuzz_text(page.data, page.length);
    string_builder_release(&page);
    arena_release(&arena);
    return 0;
}
