/* SPDX-License-Identifier: MIT */
/* The input is two texts, parted by a NUL: a version in English and its original in Danish, each
 * line a paragraph. Neither is changed by what is said of them. */
#include "base/arena.h"
#include "base/error.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "proofreading/proofreading.h"
#include "release/body.h"
#include "release/release.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW_MS = 1780000000 };

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
        { WORD_GROUP_WEEKDAY, "da", "tuesday", "tirsdag" },
        { WORD_GROUP_WEEKDAY, "en", "tuesday", "Tuesday" },
        { WORD_GROUP_CLOCK, "da", "at", "kl" },
        { WORD_GROUP_CLOCK, "en", "at", "at" },
        { WORD_GROUP_CLOCK, "da", "on", "den" },
        { WORD_GROUP_CLOCK, "en", "pm", "pm" },
        { WORD_GROUP_QUANTITY, "da", "million", "mio" },
        { WORD_GROUP_QUANTITY, "en", "million", "million" },
        { WORD_GROUP_QUANTITY, "da", "krone", "kr" },
        { WORD_GROUP_QUANTITY, "en", "krone", "dkk" },
        { WORD_GROUP_QUANTITY, "da", "percent", "pct" },
        { WORD_GROUP_QUANTITY, "en", "percent", "per cent" },
        { WORD_GROUP_NUMERAL, "da", "four", "fire" },
        { WORD_GROUP_NUMERAL, "en", "four", "four" },
        { WORD_GROUP_NUMERAL, "da", "one_and_a_half", "halvanden" },
        { WORD_GROUP_NUMERAL, "da", "to", "til" },
        { WORD_GROUP_NUMERAL, "en", "to", "to" },
    };
    struct language_words *words = language_words_new();
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++)
        language_words_add(words, few[i].language, few[i].group, few[i].name, few[i].word);
    return words;
}

static struct release *release_of(struct arena *arena, const char *language, const char *bytes,
                                  size_t length)
{
    struct release *release = arena_allocate(arena, sizeof *release);
    *release = (struct release){ .title = "Nyt", .language = language, .body = body_new(arena) };
    while (length > 0) {
        const char *end = memchr(bytes, '\n', length);
        size_t line = end ? (size_t)(end - bytes) : length;
        bool is_heading = line > 0 && *bytes == '#';
        struct body_node *node = body_append(arena, release->body,
                                             is_heading ? BODY_HEADING : BODY_PARAGRAPH);
        node->level = is_heading ? 2 + (int)(line % 3) : 0;
        body_append_text(arena, node, bytes, line);
        bytes += line + (end != NULL);
        length -= line + (end != NULL);
    }
    return release;
}

/* All that a release says, to be compared before and after. */
static const char *written(struct arena *arena, const struct release *release)
{
    return arena_format(arena, "%s\n%s\n%s", release->title, release->language,
                        body_plain_text(arena, release->body));
}

static void demand_bounds(const struct proofreading_finding *finding)
{
    size_t count = 0;
    for (; finding; finding = finding->next) {
        if (finding->kind >= PROOFREADING_KIND_COUNT || ++count > PROOFREADING_FINDINGS_MAXIMUM ||
            (finding->kind == PROOFREADING_WEEKDAY &&
             (finding->weekday < 1 || finding->weekday > 7)))
            abort();
    }
}

static const struct proofreading_dictionary dictionary = { .language = "da" };

static bool look_up(void *payload, const struct proofreading_dictionary *asked,
                    const char *const *words, size_t count, bool *are_unknown)
{
    (void)payload;
    if (asked != &dictionary || count == 0 || count > PROOFREADING_WORDS_MAXIMUM)
        abort();
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]);
        if (length == 0 || length > PROOFREADING_WORD_BYTES ||
            (i > 0 && strcmp(words[i - 1], words[i]) >= 0))
            abort();
        are_unknown[i] = length % 5 == 0;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct proofreading_speller speller = { look_up, NULL };
    static struct proofreading_settings settings;
    struct error error;
    struct arena arena = { 0 };
    if (!settings.words) {
        settings.words = few_words();
        settings.dictionaries = &dictionary;
        settings.locale = locale_context_new("Europe/Copenhagen", &error);
    }
    const char *bytes = (const char *)data;
    const char *part = size > 0 ? memchr(bytes, '\0', size) : NULL;
    size_t first = part ? (size_t)(part - bytes) : size;
    struct release *version = release_of(&arena, "en", bytes, first);
    struct release *original = release_of(&arena, "da", part ? part + 1 : bytes,
                                          part ? size - first - 1 : size);
    const char *version_before = written(&arena, version);
    const char *original_before = written(&arena, original);
    demand_bounds(
        proofreading_read(&settings, NULL, &speller, &arena, version, (int64_t)NOW_MS * 1000));
    demand_bounds(
        proofreading_read(&settings, NULL, &speller, &arena, original, (int64_t)NOW_MS * 1000));
    demand_bounds(proofreading_compare(&settings, &arena, version, original));
    /* a text beside itself agrees */
    if (proofreading_compare(&settings, &arena, original, original))
        abort();
    if (strcmp(version_before, written(&arena, version)) != 0 ||
        strcmp(original_before, written(&arena, original)) != 0)
        abort();
    arena_release(&arena);
    return 0;
}
