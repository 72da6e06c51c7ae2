/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "locale/language_words.h"
#include "locale/written_date.h"
#include "locale/zone.h"

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
        { WORD_GROUP_MONTH, "da", "june", "juni" },
        { WORD_GROUP_MONTH, "en", "june", "June" },
        { WORD_GROUP_MONTH, "de", "march", "März" },
        { WORD_GROUP_WEEKDAY, "da", "tuesday", "tirsdag" },
        { WORD_GROUP_WEEKDAY, "en", "tuesday", "Tuesday" },
        { WORD_GROUP_WEEKDAY, "de", "tuesday", "Dienstag" },
        { WORD_GROUP_CLOCK, "da", "at", "kl" },
        { WORD_GROUP_CLOCK, "en", "at", "at" },
        { WORD_GROUP_CLOCK, "da", "on", "den" },
        { WORD_GROUP_CLOCK, "en", "on", "on" },
        { WORD_GROUP_CLOCK, "de", "on", "am" },
        { WORD_GROUP_CLOCK, "de", "oclock", "uhr" },
        { WORD_GROUP_CLOCK, "en", "hours", "hours" },
        { WORD_GROUP_CLOCK, "en", "am", "a.m" },
        { WORD_GROUP_CLOCK, "en", "am", "am" },
        { WORD_GROUP_CLOCK, "en", "pm", "pm" },
        { WORD_GROUP_CLOCK, "en", "noon", "noon" },
        { WORD_GROUP_CLOCK, "en", "midnight", "midnight" },
        { WORD_GROUP_CLOCK, "en", "ordinal", "th" },
        { WORD_GROUP_CLOCK, "en", "zone_word", "time" },
        { WORD_GROUP_ZONE, "da", "Europe/Copenhagen", "dansk tid" },
    };
    struct language_words *words = language_words_new();
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++)
        language_words_add(words, few[i].language, few[i].group, few[i].name, few[i].word);
    return words;
}

/* The first byte chooses the language, the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const languages[] = { "da", "en", "sv", "de", NULL };
    static struct language_words *words;
    static struct zone *zone;
    struct arena arena = { 0 };
    struct error error;
    struct written_date date;
    struct written_instant instant;
    if (!words)
        words = few_words();
    if (!zone)
        zone = zone_open("Europe/Copenhagen", &error);
    if (!zone || size == 0)
        return 0;
    const char *text = arena_copy_bytes(&arena, data + 1, size - 1);
    written_date_read(words, languages[data[0] % 5], &arena, text, &date);
    if (date.length > strlen(text))
        abort();
    written_date_resolve(&date, zone, INT64_C(1780308000000), &instant);
    /* What is plain has a day and a time, and two readings are in the order of time. */
    if (instant.fault == WRITTEN_FULL && (!date.has_day || !date.has_time || date.has_second))
        abort();
    if (instant.fault == WRITTEN_TWO_WAYS && instant.at > instant.other_at)
        abort();
    arena_release(&arena);
    return 0;
}
