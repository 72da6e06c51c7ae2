/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_WORDS_H
#define TESTS_UNIT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "locale/language_words.h"
#include "unit/languages.h"
#include "yaml/yaml.h"

/* The words of the shipped languages, for tests of modules that do not read configuration. The
 * caller frees with language_words_free(). */
static void shipped_words_add(struct language_words *words, const char *language,
                              struct arena *arena)
{
    struct error error;
    const char *path = arena_format(
        arena, TEST_SOURCE_DIRECTORY "/templates/languages/%s/words.yaml", language);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = arena_allocate(arena, 256 * 1024);
    size_t length = fread(bytes, 1, 256 * 1024, file);
    assert_int_equal(fclose(file), 0);
    const struct yaml_node *root = yaml_parse(arena, bytes, length, 1, &error);
    assert_non_null(root);
    for (const struct yaml_node *group = root->first; group; group = group->next) {
        enum word_group which;
        assert_true(word_group_find(group->key, &which));
        for (const struct yaml_node *name = group->first; name; name = name->next)
            for (const struct yaml_node *word = name->first; word; word = word->next)
                language_words_add(words, language, which, name->key, word->text);
    }
}

static struct language_words *shipped_words(void)
{
    struct language_words *words = language_words_new();
    struct arena arena = { 0 };
    for (const char *const *language = shipped_languages; *language; language++)
        shipped_words_add(words, *language, &arena);
    arena_release(&arena);
    return words;
}

#endif
