/* SPDX-License-Identifier: MIT */
/* Names of people that are written another way in a version. */
#include "base/arena.h"
#include "base/array.h"
#include "base/utf8.h"
#include "locale/unicode.h"
#include "proofreading/finding.h"
#include "proofreading/prose.h"

#include <string.h>

/* Names of places and bodies are translated, so what is said of names is only this: of two words
 * with capitals that stand together one is the same in both languages, and the other is nearly the
 * same ("Mette Sørensen", "Mette Sorensen"), but no ordinary word: one that begins a sentence, that
 * a text has in small letters too, or that ends in another language's way ("Kommune", "Kommun"). */
enum {
    PAIRS_MAXIMUM = 300,
    NAME_BYTES_MAXIMUM = 40,
    NAME_BYTES_LEAST = 4,
    EDITS_MOST = 2,
    ENDING_BYTES_MOST = 3
};

struct pair {
    const char *first;
    const char *second;
    bool is_at_start; /* the first begins a sentence: it may be any word */
};

struct pairs {
    struct pair *pairs;
    size_t count;
    size_t capacity;
};

static bool is_name(const char *word, size_t length)
{
    size_t next = 0;
    uint32_t c;
    return length >= 2 && length <= NAME_BYTES_MAXIMUM && utf8_next(word, length, &next, &c) &&
           unicode_is_upper(c) && next < length && utf8_next(word, length, &next, &c) &&
           unicode_is_lower(c);
}

/* Whether a sentence, or what is said, may begin behind what is passed over. */
static bool opens(const char *text, size_t length)
{
    static const char *const marks[] = {
        ".", "!", "?", ":", "–", "“", "”", "„", "«", "»", "\"", "("
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (memmem(text, length, marks[i], strlen(marks[i])))
            return true;
    return false;
}

static void read_pairs(struct arena *arena, const char *text, struct pairs *pairs)
{
    const char *before = NULL;
    const char *end = text; /* of the word before, which the next follows after one space */
    bool is_start = true;   /* the next word begins a sentence */
    bool was_start = true;  /* the word before does */
    while (*text && pairs->count < PAIRS_MAXIMUM) {
        size_t length = prose_word(text);
        if (length == 0) {
            text += prose_step(text);
            continue;
        }
        is_start = is_start || opens(end, (size_t)(text - end));
        const char *name = is_name(text, length) ? arena_copy_bytes(arena, text, length) : NULL;
        if (name && before && end + 1 == text && *end == ' ') {
            ARRAY_GROW_IN(arena, pairs->pairs, pairs->count, pairs->capacity);
            pairs->pairs[pairs->count++] = (struct pair){ before, name, was_start };
        }
        before = name;
        was_start = is_start;
        is_start = false;
        text += length;
        end = text;
    }
}

static void read_all(struct arena *arena, const struct prose *prose, struct pairs *pairs)
{
    *pairs = (struct pairs){ 0 };
    for (size_t i = 0; i < prose->count; i++)
        read_pairs(arena, prose->blocks[i].text, pairs);
}

static bool holds(const struct pairs *pairs, const char *word)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->pairs[i].first, word) == 0 || strcmp(pairs->pairs[i].second, word) == 0)
            return true;
    return false;
}

/* How often these two stand together. */
static size_t count_pair(const struct pairs *pairs, const struct pair *pair)
{
    size_t count = 0;
    for (size_t i = 0; i < pairs->count; i++)
        count += strcmp(pairs->pairs[i].first, pair->first) == 0 &&
                 strcmp(pairs->pairs[i].second, pair->second) == 0;
    return count;
}

/* How many bytes have to be changed, put in or taken out (Levenshtein). */
static size_t edits(const char *one, const char *other)
{
    size_t row[NAME_BYTES_MAXIMUM + 1];
    size_t width = strlen(other);
    for (size_t k = 0; k <= width; k++)
        row[k] = k;
    for (size_t i = 1; one[i - 1]; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= width; k++) {
            size_t best = corner + (one[i - 1] != other[k - 1]);
            corner = row[k];
            best = row[k] + 1 < best ? row[k] + 1 : best;
            row[k] = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
        }
    }
    return row[width];
}

/* Whether one has letters behind the other, or both end each in its own way: "Regionen",
 * "Kommun", "University". */
static bool is_ending(const char *one, const char *other)
{
    size_t same = 0;
    while (one[same] && one[same] == other[same])
        same++;
    const char *rest = one + same;
    const char *other_rest = other + same;
    if (strlen(rest) > ENDING_BYTES_MOST || strlen(other_rest) > ENDING_BYTES_MOST ||
        same < NAME_BYTES_LEAST)
        return false;
    return *rest == '\0' || *other_rest == '\0' ||
           rest[strlen(rest) - 1] != other_rest[strlen(other_rest) - 1];
}

static bool is_near(const char *one, const char *other)
{
    return strlen(one) >= NAME_BYTES_LEAST && strlen(other) >= NAME_BYTES_LEAST &&
           strcmp(one, other) != 0 && !is_ending(one, other) && edits(one, other) <= EDITS_MOST;
}

/* Whether a text has the word in small letters. */
static bool is_ordinary(struct arena *arena, const struct prose *prose, const char *name)
{
    const char *folded = unicode_fold(arena, name);
    for (size_t i = 0; i < prose->count; i++) {
        const char *text = prose->blocks[i].text;
        for (const char *at = text; (at = strstr(at, folded)) != NULL; at++)
            if (at == text || strchr(" (\"-", at[-1]))
                return true;
    }
    return false;
}

static bool is_misspelled(const struct pair *here, const struct pair *there,
                          const struct pairs *all_here, const struct pairs *all_there)
{
    bool has_first = strcmp(here->first, there->first) == 0;
    bool has_second = strcmp(here->second, there->second) == 0;
    const char *one = has_first ? here->second : here->first;
    const char *other = has_first ? there->second : there->first;
    if (has_first == has_second || !is_near(one, other) || holds(all_there, one))
        return false;
    bool may_be_any = has_second && (here->is_at_start || there->is_at_start);
    return !may_be_any &&
           (count_pair(all_there, there) > count_pair(all_here, there) || !holds(all_here, other));
}

static bool is_any_word(struct arena *arena, const struct prose *version,
                        const struct prose *original, const struct pair *here,
                        const struct pair *there)
{
    bool has_first = strcmp(here->first, there->first) == 0;
    return is_ordinary(arena, version, has_first ? here->second : here->first) ||
           is_ordinary(arena, original, has_first ? there->second : there->first);
}

/* Whether the same word is said to be wrong already: it stands with one before and one behind. */
static bool is_said(const struct pairs *wrong, const struct pair *pair)
{
    for (size_t i = 0; i < wrong->count; i++)
        if (strcmp(wrong->pairs[i].first, pair->first) == 0 &&
            strcmp(wrong->pairs[i].second, pair->second) == 0)
            return true;
    return false;
}

void names_compare(struct findings *findings, const struct prose *version,
                   const struct prose *original, const char *language)
{
    struct arena *arena = findings->arena;
    struct pairs here;
    struct pairs there;
    struct pairs wrong = { 0 }; /* word here, word there */
    read_all(arena, version, &here);
    read_all(arena, original, &there);
    for (size_t i = 0; i < here.count; i++)
        for (size_t k = 0; k < there.count; k++) {
            const struct pair *mine = &here.pairs[i];
            const struct pair *theirs = &there.pairs[k];
            if (!is_misspelled(mine, theirs, &here, &there) ||
                is_any_word(arena, version, original, mine, theirs))
                continue;
            bool has_first = strcmp(mine->first, theirs->first) == 0;
            const struct pair words = { has_first ? mine->second : mine->first,
                                        has_first ? theirs->second : theirs->first, false };
            if (is_said(&wrong, &words))
                continue;
            ARRAY_GROW_IN(arena, wrong.pairs, wrong.count, wrong.capacity);
            wrong.pairs[wrong.count++] = words;
            struct proofreading_finding *finding = findings_add(
                findings, PROOFREADING_DISAGREES,
                arena_format(arena, "%s %s", mine->first, mine->second));
            if (!finding)
                return;
            finding->other = arena_format(arena, "%s %s", theirs->first, theirs->second);
            finding->language = language;
            break;
        }
}
