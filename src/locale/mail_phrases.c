/* SPDX-License-Identifier: MIT */
#include "locale/mail_phrases.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/memory.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_LENGTH = 3, /* no phrase of an index is shorter */
    BUCKETS = 1024
};

/* Of one meaning: where they stand, and with which octets they begin, so that most texts cost one
 * look. */
struct meaning_list {
    size_t first;
    size_t count;
    bool begins[UCHAR_MAX + 1];
};

/* Behind a pointer, because a question to phrases that are const may be what first reads them. */
struct phrase_store {
    struct arena arena;
    struct phrase *phrases; /* sorted by meaning, else in the order of adding, where is_ready */
    size_t count;
    size_t capacity;
    bool is_ready;
    struct meaning_list lists[PHRASE_MEANING_COUNT];
    /* Chains of phrases by their first octets: a place of a text costs a look at those few. Places
     * in phrases from 1 on; 0: the end. */
    uint32_t buckets[PHRASE_INDEX_COUNT][BUCKETS];
    uint32_t *chains;        /* one a phrase */
    mail_phrases_read *read; /* NULL: has been */
    void *payload;
};

struct mail_phrases {
    struct phrase_store *store;
};

#define PHRASE_ROW(meaning, group, name, form) [meaning] = { group, name, form },

static const struct {
    const char *group;
    const char *name;
    enum phrase_form form;
} meanings[PHRASE_MEANING_COUNT] = { MAIL_PHRASES(PHRASE_ROW) };

enum phrase_meaning phrase_meaning_find(const char *group, const char *name)
{
    for (unsigned i = 0; i < PHRASE_MEANING_COUNT; i++)
        if (strcmp(meanings[i].group, group) == 0 &&
            (!meanings[i].name || strcmp(meanings[i].name, name) == 0))
            return (enum phrase_meaning)i;
    return PHRASE_MEANING_COUNT;
}

const char *phrase_meaning_group(enum phrase_meaning meaning)
{
    return meanings[meaning].group;
}

const char *phrase_meaning_name(enum phrase_meaning meaning)
{
    return meanings[meaning].name;
}

struct mail_phrases *mail_phrases_new(void)
{
    struct mail_phrases *phrases = memory_allocate(sizeof *phrases);
    phrases->store = memory_allocate(sizeof *phrases->store);
    return phrases;
}

void mail_phrases_free(struct mail_phrases *phrases)
{
    if (!phrases)
        return;
    free(phrases->store->phrases);
    free(phrases->store->chains);
    arena_release(&phrases->store->arena);
    free(phrases->store);
    free(phrases);
}

/* ---- lower case ---- */

/* The octet at at in lower case: ASCII's letters, Latin 1's and Cyrillic's, which have two octets
 * in either case. */
static unsigned char lower_octet(const unsigned char *text, size_t at)
{
    unsigned char c = text[at];
    unsigned char lead = at ? text[at - 1] : 0;
    if (c < 0x80)
        return (unsigned char)tolower(c);
    if ((lead == 0xC3 && c <= 0x9E && c != 0x97) || (lead == 0xD0 && c >= 0x90 && c <= 0x9F))
        return (unsigned char)(c + 0x20);
    if (lead == 0xD0 && c >= 0xA0 && c <= 0xAF)
        return (unsigned char)(c - 0x20);
    return c == 0xD0 && text[at + 1] >= 0xA0 && text[at + 1] <= 0xAF ? 0xD1 : c;
}

static const char *lower(struct arena *arena, const char *words)
{
    char *copy = arena_copy(arena, words);
    for (size_t i = 0; words[i]; i++)
        copy[i] = (char)lower_octet((const unsigned char *)words, i);
    return copy;
}

static bool begins_with(const char *text, const struct phrase *phrase)
{
    for (size_t i = 0; i < phrase->length; i++)
        if (lower_octet((const unsigned char *)text, i) != (unsigned char)phrase->words[i])
            return false;
    return true;
}

/* ---- adding ---- */

_Static_assert(PHRASE_ADDRESS_REJECTED < 32 && NOTICE_CHALLENGE - NOTICE_LIST < 32,
               "sets of them are of 32 bits");

/* PHRASE_INDEX_COUNT: it is looked for by itself. */
static enum phrase_index index_of(enum phrase_meaning meaning)
{
    if (meaning <= PHRASE_ADDRESS_REJECTED)
        return PHRASES_OF_REFUSALS;
    return meaning <= NOTICE_CHALLENGE ? PHRASES_OF_NOTICES : PHRASE_INDEX_COUNT;
}

enum phrase_form phrase_meaning_form(enum phrase_meaning meaning)
{
    return meanings[meaning].form;
}

bool mail_phrases_add(struct mail_phrases *phrases, enum phrase_meaning meaning, const char *rule,
                      const char *words)
{
    struct phrase_store *store = phrases->store;
    enum phrase_form form = meanings[meaning].form;
    size_t length = strlen(words);
    bool is_open = form == PHRASE_WHOLE && length && words[length - 1] == '*';
    const char *bare = arena_copy_bytes(&store->arena, words, length - is_open);
    bare = form == PHRASE_FOLDED ? unicode_fold(&store->arena, bare) : lower(&store->arena, bare);
    length = strlen(bare);
    if (length < (index_of(meaning) == PHRASE_INDEX_COUNT ? 1U : KEY_LENGTH))
        return false;
    ARRAY_GROW(store->phrases, store->count, store->capacity);
    store->phrases[store->count++] = (struct phrase){ .meaning = meaning,
                                                      .rule = arena_copy(&store->arena, rule),
                                                      .words = bare,
                                                      .length = length,
                                                      .is_whole = form == PHRASE_WHOLE &&
                                                                  !is_open };
    store->is_ready = false;
    return true;
}

static size_t bucket_of(const char *octets)
{
    uint32_t key = 0;
    memcpy(&key, octets, KEY_LENGTH);
    return (key * UINT32_C(2654435761)) >> 22;
}

static void sort_by_meaning(struct phrase_store *store)
{
    struct phrase *sorted = memory_allocate_array(store->count + 1, sizeof *sorted);
    size_t next[PHRASE_MEANING_COUNT] = { 0 };
    memset(store->lists, 0, sizeof store->lists);
    for (size_t i = 0; i < store->count; i++)
        store->lists[store->phrases[i].meaning].count++;
    for (unsigned i = 1; i < PHRASE_MEANING_COUNT; i++)
        next[i] = store->lists[i].first = store->lists[i - 1].first + store->lists[i - 1].count;
    for (size_t i = 0; i < store->count; i++) {
        const struct phrase *phrase = &store->phrases[i];
        sorted[next[phrase->meaning]++] = *phrase;
        store->lists[phrase->meaning].begins[(unsigned char)phrase->words[0]] = true;
    }
    free(store->phrases);
    store->phrases = sorted;
    store->capacity = store->count;
}

static void fill_indices(struct phrase_store *store)
{
    free(store->chains);
    store->chains = memory_allocate_array(store->count + 1, sizeof *store->chains);
    memset(store->buckets, 0, sizeof store->buckets);
    for (size_t i = 0; i < store->count; i++) {
        enum phrase_index index = index_of(store->phrases[i].meaning);
        if (index == PHRASE_INDEX_COUNT)
            continue;
        uint32_t *bucket = &store->buckets[index][bucket_of(store->phrases[i].words)];
        store->chains[i] = *bucket;
        *bucket = (uint32_t)i + 1;
    }
}

/* ---- reading ---- */

void mail_phrases_read_later(struct mail_phrases *phrases, mail_phrases_read *read, void *payload)
{
    phrases->store->read = read;
    phrases->store->payload = payload;
}

bool mail_phrases_open(const struct mail_phrases *phrases, struct error *error)
{
    struct phrase_store *store = phrases ? phrases->store : NULL;
    if (!store || store->is_ready)
        return true;
    struct mail_phrases reading = { store };
    size_t count = store->count;
    if (store->read && !store->read(store->payload, &reading, error)) {
        store->count = count;
        return false;
    }
    store->read = NULL;
    sort_by_meaning(store);
    fill_indices(store);
    store->is_ready = true;
    return true;
}

/* NULL for NULL phrases. Where they cannot be read the program ends, because a caller who did not
 * open them cannot be given an error, and without them a bounce would pass as a person's mail. */
static const struct phrase_store *store_open(const struct mail_phrases *phrases)
{
    struct error error;
    if (phrases && !mail_phrases_open(phrases, &error))
        error_end_program(&error);
    return phrases ? phrases->store : NULL;
}

/* ---- questions ---- */

const struct phrase *mail_phrases_list(const struct mail_phrases *phrases,
                                       enum phrase_meaning meaning, size_t *count)
{
    const struct phrase_store *store = store_open(phrases);
    *count = store ? store->lists[meaning].count : 0;
    return *count ? store->phrases + store->lists[meaning].first : NULL;
}

const struct phrase *mail_phrases_next(const struct mail_phrases *phrases, enum phrase_index index,
                                       const struct phrase *previous, const char *at, size_t left)
{
    const struct phrase_store *store = phrases ? phrases->store : NULL;
    if (!store || left < KEY_LENGTH)
        return NULL;
    if (!store->is_ready)
        store = store_open(phrases);
    size_t next = previous ? store->chains[previous - store->phrases]
                           : store->buckets[index][bucket_of(at)];
    for (; next; next = store->chains[next - 1]) {
        const struct phrase *phrase = &store->phrases[next - 1];
        if (phrase->length <= left && memcmp(at, phrase->words, phrase->length) == 0 &&
            (!phrase->is_whole || (phrase->length < left && at[phrase->length] == ' ')))
            return phrase;
    }
    return NULL;
}

static bool ends_word(const char *rest)
{
    return !isalnum((unsigned char)*rest) && (unsigned char)*rest < 0x80;
}

const struct phrase *mail_phrases_begin(const struct mail_phrases *phrases,
                                        enum phrase_meaning meaning, const struct phrase *previous,
                                        const char *text)
{
    const struct phrase_store *store = store_open(phrases);
    const struct meaning_list *list = store ? &store->lists[meaning] : NULL;
    if (!list || !list->begins[lower_octet((const unsigned char *)text, 0)])
        return NULL;
    const struct phrase *end = store->phrases + list->first + list->count;
    for (const struct phrase *phrase = previous ? previous + 1 : store->phrases + list->first;
         phrase < end; phrase++)
        if (begins_with(text, phrase) && (!phrase->is_whole || ends_word(text + phrase->length)))
            return phrase;
    return NULL;
}

bool mail_phrases_hold(const struct mail_phrases *phrases, enum phrase_meaning meaning,
                       const char *text)
{
    size_t count;
    const struct phrase *list = mail_phrases_list(phrases, meaning, &count);
    for (size_t i = 0; i < count; i++)
        if (strcasestr(text, list[i].words))
            return true;
    return false;
}

bool mail_phrases_have(const struct mail_phrases *phrases, enum phrase_meaning meaning,
                       const char *text)
{
    const struct phrase *phrase = NULL;
    while ((phrase = mail_phrases_begin(phrases, meaning, phrase, text)) != NULL)
        if (!text[phrase->length])
            return true;
    return false;
}
