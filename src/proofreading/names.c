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
 * same ("Mette Sørensen", "Mette Sorensen"). */
enum { PAIRS_MAXIMUM = 300, NAME_BYTES_MAXIMUM = 40, NAME_BYTES_LEAST = 4, EDITS_MOST = 2 };

struct pair {
    const char *first;
    const char *second;
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

static void read_pairs(struct arena *arena, const char *text, struct pairs *pairs)
{
    const char *before = NULL;
    const char *end = NULL; /* of the name before, which the next follows after one space */
    while (*text && pairs->count < PAIRS_MAXIMUM) {
        size_t length = prose_word(text);
        const char *name = is_name(text, length) ? arena_copy_bytes(arena, text, length) : NULL;
        if (name && before && end + 1 == text && *end == ' ') {
            ARRAY_GROW_IN(arena, pairs->pairs, pairs->count, pairs->capacity);
            pairs->pairs[pairs->count++] = (struct pair){ before, name };
        }
        if (length > 0) {
            before = name;
            end = text + length;
        }
        text += length ? length : prose_step(text);
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

/* Whether they differ, and not only by the s of a genitive. */
static bool is_near(const char *one, const char *other)
{
    size_t a = strlen(one);
    size_t b = strlen(other);
    size_t least = a < b ? a : b;
    if (least < NAME_BYTES_LEAST || strcmp(one, other) == 0)
        return false;
    bool is_genitive = a != b && memcmp(one, other, least) == 0 &&
                       strcmp((a > b ? one : other) + least, "s") == 0;
    return !is_genitive && edits(one, other) <= EDITS_MOST;
}

static bool is_misspelled(const struct pair *here, const struct pair *there,
                          const struct pairs *all_here, const struct pairs *all_there)
{
    bool has_first = strcmp(here->first, there->first) == 0;
    bool has_second = strcmp(here->second, there->second) == 0;
    const char *one = has_first ? here->second : here->first;
    const char *other = has_first ? there->second : there->first;
    return has_first != has_second && is_near(one, other) && !holds(all_there, one) &&
           !holds(all_here, other);
}

void names_compare(struct findings *findings, const struct prose *version,
                   const struct prose *original, const char *language)
{
    struct arena *arena = findings->arena;
    struct pairs here;
    struct pairs there;
    read_all(arena, version, &here);
    read_all(arena, original, &there);
    for (size_t i = 0; i < here.count; i++)
        for (size_t k = 0; k < there.count; k++) {
            const struct pair *mine = &here.pairs[i];
            const struct pair *theirs = &there.pairs[k];
            if (!is_misspelled(mine, theirs, &here, &there))
                continue;
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
