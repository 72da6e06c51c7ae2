/* SPDX-License-Identifier: MIT */
#include "locale/language_words.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Hashes of parts of words: a text without any of them holds no word. An open table; 0: free. */
enum { KEYS_SIZE = 4096 };

struct key_set {
    uint32_t *keys; /* NULL: nobody asks for it */
    size_t count;
};

/* Words that begin with the same byte are chained in the order of adding, so that a look-up passes
 * a tenth of them. Places in words, from 1 on; 0: the end. */
struct chain {
    uint32_t first;
    uint32_t last;
};

struct word_list {
    struct language_word *words;
    uint32_t *next; /* one a word */
    size_t count;
    size_t capacity;
    size_t next_capacity;
    struct chain chains[UCHAR_MAX + 1];
    struct key_set longest; /* the longest part of each word that says what its group is about */
    struct key_set first;   /* the first part of each word */
};

/* Tags that are read as a language. */
struct also {
    const char *language;
    const char *const *tags; /* ended by NULL */
    struct also *next;
};

/* Behind a pointer, because a look-up in words that are const may be what first reads them. */
struct word_store {
    struct arena arena;
    unsigned char kinds[UCHAR_MAX + 1];
    struct word_list *groups; /* WORD_GROUP_COUNT */
    struct also *also;
    language_words_read *read; /* NULL: has been */
    void *payload;
};

struct language_words {
    struct word_store *store;
};

static const char *const header_keys[] = { "id",        "title",     "language",   "translation_of",
                                           "type",      "published", "embargo",    "status",
                                           "lead",      "topics",    "contacts",   "images",
                                           "documents", "event",     "correction", "urgent",
                                           "mail",      "changes",   "ai",         "responsible",
                                           "name",      "phone",     "email",      "department",
                                           "file",      "alt",       "caption",    "credit",
                                           "start",     "end",       "place",      NULL };
static const char *const statuses[] = { "draft", "ready", "withdrawn", NULL };
static const char *const answers[] = { "true", "false", "none", "accepted", NULL };
static const char *const months[] = { "january",  "february", "march",  "april",     "may",
                                      "june",     "july",     "august", "september", "october",
                                      "november", "december", NULL };
static const char *const weekdays[] = { "monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday",    NULL };
static const char *const clock_words[] = { "at",        "on",   "oclock", "hours",    "exact",
                                           "am",        "pm",   "noon",   "midnight", "ordinal",
                                           "zone_word", "verb", NULL };
static const char *const sections[] = { "contacts", "images", "documents", "about", NULL };
static const char *const mail_fields[] = { "from", "to", "copy", "sent", "subject", NULL };
static const char *const furniture[] = { "notice",    "skip",     "end",     "continued", "more",
                                         "subscribe", "greeting", "closing", "pointer",   NULL };
static const char *const contact_labels[] = { "phone", "email", "fax", "at", "contact", NULL };
static const char *const credits[] = { "photo", NULL };
static const char *const embargo_words[] = { "embargo", "embargoed", "anywhere",     "not_before",
                                             "release", "until",     "before",       "ending",
                                             "from",    "later",     "this_release", "emphasis",
                                             "none",    NULL };

static const char *const replies[] = {
    "agree", "thanks", "refuse", "please", "leave", "halt", NULL
};
static const char *const quantities[] = { "thousand", "million", "billion", "trillion", "percent",
                                          "krone",    "euro",    "dollar",  "pound",    NULL };
static const char *const numerals[] = {
    "one_and_a_half", "two",  "three", "four",   "five",   "six", "seven",
    "eight",          "nine", "ten",   "eleven", "twelve", "to",  NULL
};

static const struct {
    const char *name;
    const char *const *names;
} groups[WORD_GROUP_COUNT] = {
    [WORD_GROUP_HEADER_KEY] = { "header_keys", header_keys },
    [WORD_GROUP_OTHER_KEY] = { "other_keys", header_keys },
    [WORD_GROUP_STATUS] = { "statuses", statuses },
    [WORD_GROUP_TYPE] = { "types", NULL },
    [WORD_GROUP_LANGUAGE] = { "languages", NULL },
    [WORD_GROUP_ANSWER] = { "answers", answers },
    [WORD_GROUP_MONTH] = { "months", months },
    [WORD_GROUP_WEEKDAY] = { "weekdays", weekdays },
    [WORD_GROUP_CLOCK] = { "clock", clock_words },
    [WORD_GROUP_ZONE] = { "zones", NULL },
    [WORD_GROUP_SECTION] = { "sections", sections },
    [WORD_GROUP_FURNITURE] = { "furniture", furniture },
    [WORD_GROUP_MAIL] = { "mail_fields", mail_fields },
    [WORD_GROUP_CONTACT] = { "contact_labels", contact_labels },
    [WORD_GROUP_CREDIT] = { "credits", credits },
    [WORD_GROUP_EMBARGO] = { "embargo", embargo_words },
    [WORD_GROUP_REPLY] = { "replies", replies },
    [WORD_GROUP_QUANTITY] = { "quantities", quantities },
    [WORD_GROUP_NUMERAL] = { "numerals", numerals },
};

bool word_group_find(const char *name, enum word_group *group)
{
    for (int i = 0; i < WORD_GROUP_COUNT; i++) {
        if (strcmp(groups[i].name, name) != 0)
            continue;
        *group = (enum word_group)i;
        return true;
    }
    return false;
}

const char *word_group_name(enum word_group group)
{
    return groups[group].name;
}

const char *const *word_group_names(enum word_group group)
{
    return groups[group].names;
}

/* ---- parts of words ---- */

/* What a byte is to a part of a word: those of letters beyond ASCII belong to it but do not count,
 * so that case does not matter; no-break spaces, dashes and pictures part words. */
enum { BYTE_GAP, BYTE_SILENT }; /* else a letter: itself, in lower case */

static unsigned char kind_of(int c)
{
    if (c < 0x80)
        return isalnum(c) ? (unsigned char)tolower(c) : BYTE_GAP;
    return c == 0xC2 || c == 0xE2 || c == 0xEF || c >= 0xF0 ? BYTE_GAP : BYTE_SILENT;
}

/* The next part of *text, which moves behind it: its hash, never 0, and its length. 0 at the end.
 * kinds are those of all bytes: whole texts come by here. */
static uint32_t next_part(const unsigned char *kinds, const char **text, size_t *length)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    const unsigned char *c = (const unsigned char *)*text;
    while (*c && kinds[*c] == BYTE_GAP) {
        bool is_wide = *c >= 0x80;
        for (c++; is_wide && (*c & 0xC0) == 0x80;)
            c++;
    }
    const unsigned char *begin = c;
    for (unsigned char kind; (kind = kinds[*c]) != BYTE_GAP; c++)
        if (kind != BYTE_SILENT)
            hash = (hash ^ kind) * 16777619U;
    *length = (size_t)(c - begin);
    *text = (const char *)c;
    if (c == begin)
        return 0;
    return hash ? hash : 1;
}

/* ---- what holds them ---- */

static void *allocate_zeros(size_t count, size_t size)
{
    void *result = memory_allocate_array(count, size);
    return result;
}

static void free_groups(struct word_list *lists)
{
    for (int i = 0; i < WORD_GROUP_COUNT; i++) {
        free(lists[i].words);
        free(lists[i].next);
        free(lists[i].longest.keys);
        free(lists[i].first.keys);
    }
    free(lists);
}

struct language_words *language_words_new(void)
{
    struct language_words *words = allocate_zeros(1, sizeof *words);
    words->store = allocate_zeros(1, sizeof *words->store);
    words->store->groups = allocate_zeros(WORD_GROUP_COUNT, sizeof *words->store->groups);
    for (int c = 0; c <= UCHAR_MAX; c++)
        words->store->kinds[c] = kind_of(c);
    return words;
}

void language_words_free(struct language_words *words)
{
    if (!words)
        return;
    free_groups(words->store->groups);
    arena_release(&words->store->arena);
    free(words->store);
    free(words);
}

void language_words_read_later(struct language_words *words, language_words_read *read,
                               void *payload)
{
    words->store->read = read;
    words->store->payload = payload;
}

/* What was added before the words are read comes behind them, because the first word of a name is
 * the one to show. */
bool language_words_open(const struct language_words *words, struct error *error)
{
    struct word_store *store = words ? words->store : NULL;
    if (!store || !store->read)
        return true;
    struct word_list *added = store->groups;
    struct language_words reading = { store };
    store->groups = allocate_zeros(WORD_GROUP_COUNT, sizeof *store->groups);
    if (!store->read(store->payload, &reading, error)) {
        free_groups(store->groups);
        store->groups = added;
        return false;
    }
    for (int i = 0; i < WORD_GROUP_COUNT; i++)
        for (size_t j = 0; j < added[i].count; j++)
            language_words_add(&reading, added[i].words[j].language, (enum word_group)i,
                               added[i].words[j].name, added[i].words[j].word);
    free_groups(added);
    store->read = NULL;
    return true;
}

/* NULL for NULL words. Where the words cannot be read the program ends, because a caller who did
 * not open them cannot be given an error, and without them an embargo would pass as an ordinary
 * line. */
static const struct word_list *list_of(const struct language_words *words, enum word_group group)
{
    struct error error;
    if (!words)
        return NULL;
    if (words->store->read && !language_words_open(words, &error))
        error_end_program(&error);
    return &words->store->groups[group];
}

/* ---- keys ---- */

static size_t key_place(const struct key_set *set, uint32_t key)
{
    size_t place = key % KEYS_SIZE;
    while (set->keys[place] && set->keys[place] != key)
        place = (place + 1) % KEYS_SIZE;
    return place;
}

static void add_key(struct key_set *set, uint32_t key)
{
    if (!set->keys)
        set->keys = allocate_zeros(KEYS_SIZE, sizeof *set->keys);
    size_t place = key_place(set, key);
    if (set->keys[place] || set->count == KEYS_SIZE / 2)
        return;
    set->keys[place] = key;
    set->count++;
}

/* A full table, with more words than any newsroom has, cannot exclude any word. */
static bool has_key(const struct key_set *set, uint32_t key)
{
    return !set->keys || set->count == KEYS_SIZE / 2 || set->keys[key_place(set, key)];
}

/* Of embargoes, the longest parts of the words that say that there is one; in other groups nobody
 * asks. */
static void add_keys(struct word_store *store, enum word_group group, const char *name,
                     const char *word)
{
    struct word_list *list = &store->groups[group];
    static const char *const names[] = { "embargo", "embargoed", "not_before", "release", NULL };
    const char *const *known = names;
    size_t longest_length = 0;
    size_t length;
    uint32_t part;
    uint32_t longest = 0;
    if (group != WORD_GROUP_EMBARGO)
        return;
    for (bool is_first = true; (part = next_part(store->kinds, &word, &length)) != 0;
         is_first = false) {
        if (is_first)
            add_key(&list->first, part);
        if (length > longest_length) {
            longest = part;
            longest_length = length;
        }
    }
    while (*known && strcmp(*known, name) != 0)
        known++;
    if (*known && longest)
        add_key(&list->longest, longest);
}

bool language_words_may_hold(const struct language_words *words, enum word_group group,
                             const char *text)
{
    const struct word_list *list = list_of(words, group);
    size_t length;
    uint32_t part;
    while (list && list->count && (part = next_part(words->store->kinds, &text, &length)) != 0)
        if (has_key(&list->longest, part))
            return true;
    return false;
}

bool language_words_may_begin(const struct language_words *words, enum word_group group,
                              const char *text)
{
    const struct word_list *list = list_of(words, group);
    size_t length;
    uint32_t part = list && list->count ? next_part(words->store->kinds, &text, &length) : 0;
    return part && has_key(&list->first, part);
}

/* ---- words ---- */

static bool is_same(const struct language_word *word, const char *language, const char *name,
                    const char *folded)
{
    return strcmp(word->folded, folded) == 0 && strcmp(word->name, name) == 0 &&
           strcmp(word->language, language) == 0;
}

static uint32_t first_in_chain(const struct word_list *list, const char *folded)
{
    return list ? list->chains[(unsigned char)folded[0]].first : 0;
}

static void append_word(struct word_list *list, const struct language_word *word)
{
    struct chain *chain = &list->chains[(unsigned char)word->folded[0]];
    ARRAY_GROW(list->words, list->count, list->capacity);
    ARRAY_GROW(list->next, list->count, list->next_capacity);
    list->words[list->count] = *word;
    list->next[list->count++] = 0;
    uint32_t place = (uint32_t)list->count;
    if (chain->last)
        list->next[chain->last - 1] = place;
    else
        chain->first = place;
    chain->last = place;
}

void language_words_add(struct language_words *words, const char *language, enum word_group group,
                        const char *name, const char *word)
{
    struct word_list *list = &words->store->groups[group];
    struct arena *arena = &words->store->arena;
    const char *folded = unicode_fold(arena, word);
    for (uint32_t at = first_in_chain(list, folded); at; at = list->next[at - 1])
        if (is_same(&list->words[at - 1], language, name, folded))
            return;
    add_keys(words->store, group, name, word);
    append_word(list, &(struct language_word){ .name = arena_copy(arena, name),
                                               .word = arena_copy(arena, word),
                                               .folded = folded,
                                               .language = arena_copy(arena, language) });
}

const struct language_word *language_words_list(const struct language_words *words,
                                                enum word_group group, size_t *count)
{
    const struct word_list *list = list_of(words, group);
    *count = list ? list->count : 0;
    return list ? list->words : NULL;
}

/* "da" and "da-DK" are one language here. */
static bool is_same_language(const char *of_word, const char *language)
{
    size_t length = strcspn(of_word, "-");
    return strncmp(of_word, language, length) == 0 &&
           (language[length] == '\0' || language[length] == '-');
}

/* Whether of_word is the language, or the one that it is read as. */
static bool is_language(const struct language_words *words, const char *of_word,
                        const char *language)
{
    if (!language)
        return false;
    if (is_same_language(of_word, language))
        return true;
    for (const struct also *also = words->store->also; also; also = also->next)
        for (const char *const *tag = also->tags; *tag; tag++)
            if (is_same_language(*tag, language) && is_same_language(of_word, also->language))
                return true;
    return false;
}

void language_words_also(struct language_words *words, const char *language,
                         const char *const *tags)
{
    struct word_store *store = words->store;
    struct also *also = arena_allocate(&store->arena, sizeof *also);
    *also = (struct also){ .language = arena_copy(&store->arena, language),
                           .tags = tags,
                           .next = store->also };
    store->also = also;
}

const struct language_word *language_words_find(const struct language_words *words,
                                                enum word_group group, const char *language,
                                                const char *folded, bool is_only_own)
{
    const struct language_word *other = NULL;
    const struct word_list *list = list_of(words, group);
    for (uint32_t at = first_in_chain(list, folded); at; at = list->next[at - 1]) {
        const struct language_word *word = &list->words[at - 1];
        if (strcmp(word->folded, folded) != 0)
            continue;
        if (is_language(words, word->language, language))
            return word;
        if (!other && (!is_only_own || !language))
            other = word;
    }
    return other;
}

/* Whether a word may end where the text goes on like this. */
static bool ends_word(const char *rest)
{
    size_t offset = 0;
    uint32_t c;
    if (!*rest || !utf8_next(rest, strlen(rest), &offset, &c))
        return true;
    return c < 0x80 ? !isalnum((unsigned char)*rest) : c < 0xC0 || (c >= 0x2000 && c < 0x2C00);
}

const struct language_word *language_words_prefix_for(const struct language_words *words,
                                                      enum word_group group, const char *name,
                                                      const char *language, const char *folded)
{
    const struct language_word *best = NULL;
    size_t best_length = 0;
    const struct word_list *list = list_of(words, group);
    for (uint32_t at = first_in_chain(list, folded); at; at = list->next[at - 1]) {
        const struct language_word *word = &list->words[at - 1];
        size_t length = strlen(word->folded);
        if (length < best_length || strncmp(word->folded, folded, length) != 0 ||
            !ends_word(folded + length) || (name && strcmp(word->name, name) != 0))
            continue;
        if (length > best_length || (!is_language(words, best->language, language) &&
                                     is_language(words, word->language, language))) {
            best = word;
            best_length = length;
        }
    }
    return best;
}

const struct language_word *language_words_prefix(const struct language_words *words,
                                                  enum word_group group, const char *language,
                                                  const char *folded)
{
    return language_words_prefix_for(words, group, NULL, language, folded);
}

const char *language_words_show(const struct language_words *words, enum word_group group,
                                const char *language, const char *name)
{
    const char *english = NULL;
    size_t count;
    const struct language_word *list = language_words_list(words, group, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, name) != 0)
            continue;
        if (is_language(words, list[i].language, language))
            return list[i].word;
        if (!english && is_same_language(list[i].language, "en"))
            english = list[i].word;
    }
    return english;
}
