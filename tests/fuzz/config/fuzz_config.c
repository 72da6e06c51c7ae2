/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "config/loading.h"
#include "locale/locale.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct error error;
    struct error_list problems;
    struct config config = { 0 };
    error_list_init(&problems, &arena, "newsroom.yaml");
    struct loading loading = { .config = &config,
                               .arena = &arena,
                               .problems = &problems,
                               .directory = "/newsroom",
                               .share = "/share" };
    const struct yaml_node *root = yaml_parse(&arena, (const char *)data, size, 1, &error);
    if (root)
        loading_newsroom(&loading, root);
    error_list_sort(&problems);
    locale_context_free(config.publish.locale);
    arena_release(&arena);
    return 0;
}
