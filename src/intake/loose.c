/* SPDX-License-Identifier: MIT */
#include "intake/loose.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/drop_directory.h"
#include "intake/settle.h"
#include "locale/unicode.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The lines of named, sorted. */
static const char **named_lines(const struct string_builder *named, struct arena *arena,
                                size_t *count)
{
    size_t lines = 1;
    char *rest = arena_copy_bytes(arena, named->data, named->length);
    for (const char *c = rest; *c; c++)
        lines += *c == '\n';
    const char **names = arena_allocate_array(arena, lines, sizeof *names);
    *count = 0;
    while (*rest) {
        size_t length = strcspn(rest, "\n");
        bool is_last = rest[length] == '\0';
        rest[length] = '\0';
        if (length)
            names[(*count)++] = rest;
        rest += length + !is_last;
    }
    if (*count)
        qsort(names, *count, sizeof *names, compare);
    return names;
}

size_t loose_find(const struct intake_settings *settings, const struct drop_directory *look,
                  const struct string_builder *named, struct arena *arena, const char ***names)
{
    size_t count = 0;
    size_t named_count = 0;
    if (!look->loose_count)
        return 0;
    const char **lines = named_lines(named, arena, &named_count);
    *names = arena_allocate_array(arena, look->loose_count, sizeof **names);
    for (size_t i = 0; i < look->loose_count; i++) {
        const struct drop_file *file = &look->loose[i];
        const char *name = unicode_nfc(arena, file->name); /* as texts name it */
        int64_t newest = file->modified_ns > file->changed_ns ? file->modified_ns
                                                              : file->changed_ns;
        bool is_named = named_count &&
                        bsearch(&name, lines, named_count, sizeof *lines, compare) != NULL;
        if (!is_named && !settle_is_fresh(settings, newest))
            (*names)[count++] = file->name;
    }
    return count;
}
