/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_NOTES_H
#define TESTS_UNIT_NOTES_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "intake/intake.h"
#include "locale/locale.h"
#include "unit/languages.h"
#include "yaml/yaml.h"

/* What is said to press officers in the shipped languages, for tests of modules that do not read
 * configuration. */

static inline void notes_add(struct strings *notes, const char *language, struct arena *arena)
{
    enum { SIZE = 256 * 1024 };

    struct error error;
    FILE *file = fopen(
        arena_format(arena, TEST_SOURCE_DIRECTORY "/templates/languages/%s/notes.yaml", language),
        "rb");
    char *bytes = arena_allocate(arena, SIZE);
    const struct yaml_node *root = NULL;
    if (file) {
        root = yaml_parse(arena, bytes, fread(bytes, 1, SIZE, file), 1, &error);
        (void)fclose(file);
    }
    if (!root) {
        (void)fprintf(stderr, "notes of %s cannot be read\n", language);
        abort();
    }
    for (const struct yaml_node *entry = root->first; entry; entry = entry->next)
        strings_add(notes, language, entry->key, entry->text);
}

/* The caller frees with strings_free(). */
static inline struct strings *shipped_notes(void)
{
    static const char *const norwegian[] = { "no", "nn", NULL };
    struct strings *notes = strings_new("en");
    struct arena arena = { 0 };
    for (const char *const *language = shipped_languages; *language; language++)
        notes_add(notes, *language, &arena);
    strings_also(notes, "nb", norwegian);
    arena_release(&arena);
    return notes;
}

/* For a test that shows a problem now and then: what it says in that language, with our names for
 * months and weekdays. */
static inline const char *problem_text(struct arena *arena, const char *language,
                                       const struct intake_problem *problem)
{
    static struct strings *notes;
    if (!notes)
        notes = shipped_notes();
    return intake_message_show(
        &problem->message, &(struct intake_wording){ .notes = notes, .language = language }, arena);
}

#endif
