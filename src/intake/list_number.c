/* SPDX-License-Identifier: MIT */
#include "intake/list_number.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "locale/language_words.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <string.h>

/* How much of a line is compared: long enough for the name of a month. */
enum { WORD_MAXIMUM = 40 };

/* "1. kvartal …" and "2. kvartal …" are ordinals, "1. at …" and "2. at …" items. */
enum { NOUN_MINIMUM = 3 };

static int value_of(const struct list_number *item)
{
    int value = 0;
    for (size_t i = 0; i < item->length; i++)
        value = 10 * value + (item->digits[i] - '0');
    return value;
}

/* The first word, behind white space and marks such as "**" and "(". */
static void first_word(const struct list_number *item, const char **word, size_t *length)
{
    size_t start = 0;
    while (start < item->words_length && strchr(" \t*_([\"'`", item->words[start]))
        start++;
    *word = item->words + start;
    *length = 0;
    while (start + *length < item->words_length && *length < WORD_MAXIMUM) {
        size_t offset = start + *length;
        uint32_t c;
        if (!utf8_next(item->words, item->words_length, &offset, &c) || !unicode_is_alphanumeric(c))
            break;
        *length = offset - start;
    }
}

static bool begins_small(const struct list_number *item)
{
    const char *word;
    size_t length;
    size_t offset = 0;
    uint32_t c;
    first_word(item, &word, &length);
    return utf8_next(word, length, &offset, &c) && unicode_is_lower(c);
}

static bool begins_with_month(struct arena *arena, const struct list_number *item,
                              const struct language_words *words)
{
    const char *word;
    size_t length;
    first_word(item, &word, &length);
    const char *folded = unicode_fold(arena, arena_copy_bytes(arena, word, length));
    return item->delimiter == '.' &&
           language_words_find(words, WORD_GROUP_MONTH, NULL, folded, false);
}

static bool is_same_small_word(const struct list_number *a, const struct list_number *b)
{
    const char *word_a;
    const char *word_b;
    size_t length_a;
    size_t length_b;
    first_word(a, &word_a, &length_a);
    first_word(b, &word_b, &length_b);
    return length_a >= NOUN_MINIMUM && length_a == length_b &&
           memcmp(word_a, word_b, length_a) == 0 && begins_small(a);
}

/* Whether the numbers of two or more items are those of a list: 3, 4, 5 or 1, 1, 1. */
static bool counts(const struct list_number *items, size_t count)
{
    int first = value_of(&items[0]);
    bool goes_on = true;
    bool repeats = first <= 1;
    for (size_t i = 1; i < count; i++) {
        int value = value_of(&items[i]);
        goes_on = goes_on && value == first + (int)i;
        repeats = repeats && value == first;
    }
    return goes_on || repeats;
}

static bool is_lone_word(const struct list_number *item, int next)
{
    int value = value_of(item);
    size_t offset = 0;
    uint32_t c;
    const char *word;
    size_t length;
    if (value != 1 && (value != next || value == 0))
        return true;
    first_word(item, &word, &length);
    if (!utf8_next(word, length, &offset, &c))
        return item->words_length == 0;
    return item->delimiter == '.' && unicode_is_lower(c);
}

bool list_number_is_words(struct arena *arena, const struct list_number *items, size_t count,
                          int next, const struct language_words *words)
{
    bool are_dates = count > 0;
    bool are_same = count > 1;
    for (size_t i = 0; i < count; i++) {
        if (items[i].length > 1 && items[i].digits[0] == '0')
            return true;
        are_dates = are_dates && begins_with_month(arena, &items[i], words);
        are_same = are_same && is_same_small_word(&items[0], &items[i]);
    }
    if (are_dates || are_same)
        return true;
    return count == 1 ? is_lone_word(&items[0], next) : !counts(items, count);
}
