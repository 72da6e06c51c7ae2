/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_LOCALE_SHIPPED_STRINGS_H
#define TESTS_UNIT_LOCALE_SHIPPED_STRINGS_H

#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "locale/locale.h"

#include <fcntl.h>
#include <string.h>

/* The whole file, in arena; length may be NULL. */
static inline const char *test_read(struct arena *arena, const char *path, size_t *length)
{
    struct string_builder text;
    struct error error = { 0 };
    string_builder_init(&text, 0);
    if (!file_read(AT_FDCWD, path, &text, &error))
        fail_msg("%s", error.message);
    const char *copy = arena_copy_bytes(arena, text.data, text.length);
    if (length)
        *length = text.length;
    string_builder_release(&text);
    return copy;
}

/* The strings that the program is installed with, read line by line: those files hold nothing but
 * `key: text`. */
static inline void test_strings_add_file(struct strings *strings, struct arena *arena,
                                         const char *language, const char *name)
{
    const char *path = arena_format(arena, TEST_SOURCE_DIRECTORY "/templates/languages/%s/%s",
                                    language, name);
    char *bytes = arena_copy(arena, test_read(arena, path, NULL));
    char *rest = NULL;
    for (char *line = strtok_r(bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char *colon = strstr(line, ": ");
        if (*line == '#' || !colon)
            continue;
        *colon = '\0';
        char *value = colon + 2;
        size_t length = strlen(value);
        if (*value == '"' && length > 1) {
            value[length - 1] = '\0';
            value++;
        }
        strings_add(strings, language, line, value);
    }
}

static inline void test_strings_add(struct strings *strings, struct arena *arena,
                                    const char *language)
{
    test_strings_add_file(strings, arena, language, "strings.yaml");
    test_strings_add_file(strings, arena, language, "office.yaml");
}

#endif
