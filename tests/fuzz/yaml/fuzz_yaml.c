/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "yaml/yaml.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const known[] = { "title", "embargo", NULL };
    struct arena arena = { 0 };
    struct error error;
    struct error_list problems;
    const struct yaml_node *list;
    const struct localized_text *words;
    const char *line;
    int64_t number;
    error_list_init(&problems, &arena, NULL);
    const struct yaml_node *root = yaml_parse(&arena, (const char *)data, size, 1, &error);
    if (root) {
        yaml_check_keys(&problems, root, known, "x-");
        (void)yaml_read_line(&problems, root, "title", &line);
        (void)yaml_read_list(&problems, root, "a", &list);
        (void)yaml_read_mappings(&problems, root, "b", &list);
        (void)yaml_read_localized(&problems, root, "c", "da", &words);
        (void)yaml_read_integer(&problems, root, "e", 0, 9, &number);
        (void)yaml_read_duration(&problems, root, "f", &number);
    }
    arena_release(&arena);
    return 0;
}
