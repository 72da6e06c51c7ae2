/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/array.h"
#include "base/utf8.h"
#include "locale/unicode.h"
#include "proofreading/finding.h"
#include "proofreading/prose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Which words a dictionary lacks, and are worth a second look. Names, abbreviations, addresses and
 * other languages are in no dictionary either, and far more frequent than slips: whatever may be
 * one of them is passed over. */

enum {
    LETTERS_LEAST = 4, /* shorter words are abbreviations often, and misspelt seldom */
    MEANT = 3,         /* who writes a word so often means it */
    SHOWN = 10,
    UNKNOWN_SHARE = 3, /* a passage of which more than a third is unknown is in another language */
    TEXT_SHARE = 6,    /* and so is a text, of whose other passages more than a sixth is */
    PASSAGE_LEAST = 4, /* words of a passage that the share is taken of */
    READ_MAXIMUM = 50000
};

/* ---- what is looked at ---- */

/* A passage is what stands between the marks that end sentences or open and close quotations. */
struct word {
    const char *text; /* NULL: stands there, and is none to look up: a name, a number */
    bool is_short;    /* looked up to know the passage by, and never named */
    size_t times;     /* that it stands in the text */
    size_t block;
    size_t passage;
};

struct word_list {
    struct arena *arena;
    struct word *words;
    size_t count;
    size_t capacity;
    size_t block;
    size_t passage;
};

/* Marks around words; those in quotations[] also begin a new passage, and those in ends[] behind
 * them. */
static const char *const around[] = { "(", ")", "[", "]", ",", ";", NULL };
static const char *const ends[] = { ".", "!", "?", ":", "\xE2\x80\xA6", NULL };
static const char *const quotations[] = { "\"",           "\xC2\xAB",     "\xC2\xBB",
                                          "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E",
                                          "\xE2\x80\x98", "\xE2\x80\x99", NULL };

/* How many bytes of the mark text begins with; 0: with none. */
static size_t mark_at(const char *const *marks, const char *text, size_t length)
{
    for (; *marks; marks++) {
        size_t size = strlen(*marks);
        if (size <= length && memcmp(text, *marks, size) == 0)
            return size;
    }
    return 0;
}

static size_t mark_before(const char *const *marks, const char *text, size_t length)
{
    for (; *marks; marks++) {
        size_t size = strlen(*marks);
        if (size <= length && memcmp(text + length - size, *marks, size) == 0)
            return size;
    }
    return 0;
}

static bool is_of_small_letters(const char *text, size_t length)
{
    size_t next = 0;
    uint32_t c;
    while (utf8_next(text, length, &next, &c))
        if (!unicode_is_lower(c))
            return false;
    return next == length && length > 0;
}

static void put_word(struct word_list *list, const char *text, size_t length)
{
    bool is_looked_at = is_of_small_letters(text, length) && length <= PROOFREADING_WORD_BYTES;
    ARRAY_GROW_IN(list->arena, list->words, list->count, list->capacity);
    list->words[list->count++] = (struct word){
        .text = is_looked_at ? arena_copy_bytes(list->arena, text, length) : NULL,
        .is_short = utf8_first(text, length, LETTERS_LEAST - 1) == length,
        .block = list->block,
        .passage = list->passage,
    };
}

static bool begins_small(const char *text)
{
    size_t next = 0;
    uint32_t c;
    return utf8_next(text, strlen(text), &next, &c) && unicode_is_lower(c);
}

/* What stands between two spaces: marks, one word, marks. Where there are marks within it, it is an
 * address, a file's name, an abbreviation, or several words in one. next: what comes behind. */
static void take_token(struct word_list *list, const char *token, size_t length, const char *next)
{
    size_t mark;
    bool ends_passage = false;
    bool is_abbreviation = length > 0 && token[length - 1] == '.' && begins_small(next);
    while ((mark = mark_at(quotations, token, length)) || mark_at(around, token, length)) {
        list->passage += mark > 0;
        mark = mark ? mark : 1;
        token += mark;
        length -= mark;
    }
    while ((mark = mark_before(quotations, token, length)) ||
           (mark = mark_before(ends, token, length)) || mark_before(around, token, length)) {
        ends_passage = ends_passage || mark > 0;
        length -= mark ? mark : 1;
    }
    if (is_abbreviation)
        length = 0;
    if (length > 0)
        put_word(list, token, length);
    list->passage += ends_passage && !is_abbreviation;
}

static void take_words(struct word_list *list, const struct prose *prose)
{
    for (; list->block < prose->count; list->block++) {
        const char *text = prose->blocks[list->block].text;
        list->passage++;
        while (*text && list->count < READ_MAXIMUM) {
            size_t length = strcspn(text, " ");
            const char *next = text + length + (text[length] == ' ');
            take_token(list, text, length, next);
            text = next;
        }
    }
}

/* ---- what is known ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp((*(struct word *const *)a)->text, (*(struct word *const *)b)->text);
}

/* Those to look up, the same ones side by side. */
static size_t sort_words(const struct word_list *list, struct word **sorted)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->words[i].text)
            sorted[count++] = &list->words[i];
    if (count > 0)
        qsort(sorted, count, sizeof(struct word *), by_text);
    return count;
}

/* Where the words behind first are no longer the same. */
static size_t end_of_same(struct word *const *sorted, size_t first, size_t count)
{
    size_t end = first + 1;
    while (end < count && strcmp(sorted[end]->text, sorted[first]->text) == 0)
        end++;
    return end;
}

/* Marks for each word of the list whether it is unknown. False: nothing is known. */
static bool look_up(struct findings *findings, const struct word_list *list,
                    const struct proofreading_dictionary *dictionary,
                    const struct proofreading_speller *speller, bool *are_unknown)
{
    struct arena *arena = findings->arena;
    struct word **sorted = arena_allocate_array(arena, list->count + 1, sizeof *sorted);
    size_t count = sort_words(list, sorted);
    const char **words = arena_allocate_array(arena, count + 1, sizeof *words);
    bool *lacks = arena_allocate_array(arena, count + 1, sizeof *lacks);
    size_t asked = 0;
    for (size_t i = 0; i < count && asked < PROOFREADING_WORDS_MAXIMUM;
         i = end_of_same(sorted, i, count))
        words[asked++] = sorted[i]->text;
    if (asked == 0 || !speller->look_up(speller->payload, dictionary, words, asked, lacks))
        return false;
    size_t first = 0;
    for (size_t word = 0; word < asked; word++) {
        size_t end = end_of_same(sorted, first, count);
        for (size_t i = first; i < end; i++) {
            are_unknown[sorted[i] - list->words] = lacks[word];
            sorted[i]->times = end - first;
        }
        first = end;
    }
    return true;
}

/* ---- what is worth a look ---- */

/* Whether the words from first to end are in another language, in which more than one of share
 * would be unknown. */
static bool is_foreign(const struct word_list *list, const bool *are_unknown, size_t first,
                       size_t end, size_t share)
{
    size_t looked_at = 0;
    size_t unknown = 0;
    for (size_t i = first; i < end; i++) {
        looked_at += list->words[i].text != NULL;
        unknown += are_unknown[i];
    }
    return looked_at < PASSAGE_LEAST ? unknown > 1 : unknown * share > looked_at;
}

static void forget(bool *are_unknown, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        are_unknown[i] = false;
}

/* Two in a row are a phrase of another language rather than two slips. */
static void forget_rows(const struct word_list *list, bool *are_unknown)
{
    for (size_t i = 0; i < list->count; i++) {
        size_t end = i;
        while (end < list->count && are_unknown[end] &&
               list->words[end].passage == list->words[i].passage)
            end++;
        if (end > i + 1)
            forget(are_unknown, i, end);
        i = end > i ? end - 1 : i;
    }
}

/* How many words were in foreign passages, or blocks. */
static size_t forget_foreign(struct word_list *list, bool *are_unknown, bool by_block)
{
    size_t end;
    size_t count = 0;
    for (size_t first = 0; first < list->count; first = end) {
        const struct word *word = &list->words[first];
        for (end = first + 1; end < list->count; end++)
            if (by_block ? list->words[end].block != word->block
                         : list->words[end].passage != word->passage)
                break;
        if (!is_foreign(list, are_unknown, first, end, UNKNOWN_SHARE))
            continue;
        forget(are_unknown, first, end);
        for (size_t i = first; i < end; i++) {
            count += list->words[i].text != NULL;
            list->words[i].text = NULL;
        }
    }
    return count;
}

/* Leaves what may be a slip. False: the text as a whole is in another language than it says. */
static bool keep_slips(struct word_list *list, bool *are_unknown)
{
    size_t total = 0;
    for (size_t i = 0; i < list->count; i++)
        total += list->words[i].text != NULL;
    size_t foreign = forget_foreign(list, are_unknown, true);
    foreign += forget_foreign(list, are_unknown, false);
    if (foreign * 2 > total || is_foreign(list, are_unknown, 0, list->count, TEXT_SHARE))
        return false;
    forget_rows(list, are_unknown);
    return true;
}

static bool is_among(const char *const *words, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], text) == 0)
            return true;
    return false;
}

static size_t choose(const struct word_list *list, const bool *are_unknown, const char **shown)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count && count < SHOWN; i++) {
        const char *text = list->words[i].text;
        if (are_unknown[i] && !list->words[i].is_short && !is_among(shown, count, text) &&
            list->words[i].times < MEANT)
            shown[count++] = text;
    }
    return count;
}

static void add_finding(struct findings *findings, const char *const *words, size_t count)
{
    struct proofreading_finding *finding = findings_add(findings, PROOFREADING_SPELLING, words[0]);
    if (!finding)
        return;
    finding->other = words[0];
    for (size_t i = 1; i < count; i++)
        finding->other = arena_format(findings->arena, "%s, %s", finding->other, words[i]);
}

void spelling_check(struct findings *findings, const struct prose *prose, const char *language,
                    const struct proofreading_speller *speller)
{
    const struct proofreading_dictionary *dictionary =
        language ? proofreading_dictionary_find(findings->settings->dictionaries, language) : NULL;
    struct word_list list = { .arena = findings->arena };
    const char *shown[SHOWN];
    if (!dictionary || !speller)
        return;
    take_words(&list, prose);
    bool *are_unknown = arena_allocate_array(findings->arena, list.count + 1, sizeof *are_unknown);
    if (!look_up(findings, &list, dictionary, speller, are_unknown) ||
        !keep_slips(&list, are_unknown))
        return;
    size_t count = choose(&list, are_unknown, shown);
    if (count > 0)
        add_finding(findings, shown, count);
}

/* ---- dictionaries ---- */

const struct proofreading_dictionary *
proofreading_dictionary_find(const struct proofreading_dictionary *first, const char *language)
{
    size_t length = strcspn(language, "-");
    while (first && (strncmp(first->language, language, length) != 0 || first->language[length]))
        first = first->next;
    return first;
}

bool proofreading_dictionary_is_there(const struct proofreading_dictionary *dictionary)
{
    char path[4096];
    for (const char *const *name = dictionary->paths; *name; name++)
        if (snprintf(path, sizeof path, "%s.dic", *name) < (int)sizeof path &&
            access(path, R_OK) == 0)
            return true;
    return false;
}
