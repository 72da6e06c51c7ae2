/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_PHRASES_H
#define TESTS_UNIT_PHRASES_H

#include <assert.h>
#include <glob.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "locale/mail_phrases.h"
#include "yaml/yaml.h"

/* What mail programs and servers write, of all languages there are, for tests of modules that do
 * not read configuration. */

static inline void shipped_phrases_require(bool is_well, const char *path)
{
    if (is_well)
        return;
    (void)fprintf(stderr, "%s: cannot be read\n", path);
    abort();
}

static inline void shipped_phrases_add(struct mail_phrases *phrases, const char *path)
{
    enum { SIZE = 256 * 1024 };
    struct error error;
    struct arena arena = { 0 };
    char *bytes = arena_allocate(&arena, SIZE);
    FILE *file = fopen(path, "rb");
    shipped_phrases_require(file != NULL, path);
    size_t length = fread(bytes, 1, SIZE, file);
    shipped_phrases_require(fclose(file) == 0, path);
    const struct yaml_node *root = yaml_parse(&arena, bytes, length, 1, &error);
    shipped_phrases_require(root != NULL, path);
    for (const struct yaml_node *group = root->first; group; group = group->next)
        for (const struct yaml_node *name = group->first; name; name = name->next) {
            enum phrase_meaning meaning = phrase_meaning_find(group->key, name->key);
            shipped_phrases_require(meaning < PHRASE_MEANING_COUNT, path);
            for (const struct yaml_node *word = name->first; word; word = word->next)
                shipped_phrases_require(mail_phrases_add(phrases, meaning, name->key, word->text),
                                        path);
        }
    arena_release(&arena);
}

/* The caller frees with mail_phrases_free(). */
static inline struct mail_phrases *shipped_phrases(void)
{
    static const char pattern[] = TEST_SOURCE_DIRECTORY "/templates/languages/*/mail.yaml";
    glob_t files;
    struct mail_phrases *phrases = mail_phrases_new();
    shipped_phrases_require(glob(pattern, 0, NULL, &files) == 0, pattern);
    for (size_t i = 0; i < files.gl_pathc; i++)
        shipped_phrases_add(phrases, files.gl_pathv[i]);
    globfree(&files);
    return phrases;
}

/* The same, kept for the process. */
static inline const struct mail_phrases *kept_phrases(void)
{
    static struct mail_phrases *phrases;
    if (!phrases)
        phrases = shipped_phrases();
    return phrases;
}

#endif
