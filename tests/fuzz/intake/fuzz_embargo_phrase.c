/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "intake/embargo_phrase.h"
#include "locale/language_words.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct language_words *few_words(void)
{
    static const struct {
        enum word_group group;
        const char *language;
        const char *name;
        const char *word;
    } few[] = {
        { WORD_GROUP_EMBARGO, "da", "embargo", "embargo" },
        { WORD_GROUP_EMBARGO, "da", "embargoed", "under embargo" },
        { WORD_GROUP_EMBARGO, "da", "embargoed", "klausuleret" },
        { WORD_GROUP_EMBARGO, "da", "not_before", "må ikke offentliggøres" },
        { WORD_GROUP_EMBARGO, "en", "not_before", "not for release" },
        { WORD_GROUP_EMBARGO, "en", "release", "for release" },
        { WORD_GROUP_EMBARGO, "da", "until", "til" },
        { WORD_GROUP_EMBARGO, "en", "until", "until" },
        { WORD_GROUP_EMBARGO, "da", "before", "før" },
        { WORD_GROUP_EMBARGO, "da", "ending", "udløber" },
        { WORD_GROUP_EMBARGO, "en", "from", "from" },
        { WORD_GROUP_EMBARGO, "da", "this_release", "pressemeddelelse" },
        { WORD_GROUP_EMBARGO, "da", "emphasis", "strengt" },
        { WORD_GROUP_EMBARGO, "en", "none", "lifted" },
        { WORD_GROUP_MONTH, "da", "june", "juni" },
        { WORD_GROUP_WEEKDAY, "da", "tuesday", "tirsdag" },
        { WORD_GROUP_CLOCK, "da", "at", "kl" },
        { WORD_GROUP_CLOCK, "da", "on", "den" },
    };
    struct language_words *words = language_words_new();
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++)
        language_words_add(words, few[i].language, few[i].group, few[i].name, few[i].word);
    return words;
}

/* The first byte: whether the line is as it stands in a file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct language_words *words;
    struct arena arena = { 0 };
    if (!words)
        words = few_words();
    if (size == 0)
        return 0;
    const char *line = arena_copy_bytes(&arena, data + 1, size - 1);
    const char *clean = embargo_line_clean(words, &arena, line, data[0] % 2);
    const struct embargo_phrase *phrase = embargo_phrase_find(words, "da", &arena, clean, line);
    for (; phrase; phrase = phrase->next)
        if (!phrase->quote || strlen(phrase->quote) > 1024)
            abort();
    /* Whatever stands around it, a line of its own is found. */
    const char *held = arena_format(&arena, "Embargo til tirsdag den 9. juni 2026 kl. 6. %s",
                                    clean);
    phrase = embargo_phrase_find(words, "da", &arena, held, NULL);
    if (!phrase || !phrase->date.has_day)
        abort();
    arena_release(&arena);
    return 0;
}
