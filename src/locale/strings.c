/* SPDX-License-Identifier: MIT */
#include "locale/locale.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "locale/locale_name.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

enum { KEY_MAXIMUM = 120 };

struct entry {
    const char *key;
    const char *text;
    const char *first; /* what text took the place of */
};

/* One language's texts, sorted by key. */
struct catalog {
    const char *language;
    struct entry *entries;
    size_t count;
    size_t capacity;
    UPluralRules *rules; /* made when first asked for */
    strings_read *read;  /* NULL: has been, or there is nothing to read */
    void *payload;
    strings_read *read_rest; /* the same of those with one of the store's prefixes */
    void *rest;
    const char *const *also; /* tags that are read as this language, ended by NULL; NULL: none */
    struct catalog *next;
};

/* Behind a pointer, because a look-up in strings that are const may be what first reads them. */
struct string_store {
    struct arena arena;
    const char *fallback;
    const char *const *prefixes; /* of texts that are read by themselves; NULL: none */
    struct catalog *first;
};

struct strings {
    struct string_store *store;
};

struct strings *strings_new(const char *fallback_language)
{
    struct strings *strings = memory_allocate(sizeof *strings);
    strings->store = memory_allocate(sizeof *strings->store);
    strings->store->fallback = arena_copy(&strings->store->arena, fallback_language);
    return strings;
}

void strings_free(struct strings *strings)
{
    if (!strings)
        return;
    for (struct catalog *catalog = strings->store->first; catalog; catalog = catalog->next)
        if (catalog->rules)
            uplrules_close(catalog->rules);
    arena_release(&strings->store->arena);
    free(strings->store);
    free(strings);
}

static struct catalog *catalog_find(const struct strings *strings, const char *language,
                                    size_t length)
{
    for (struct catalog *catalog = strings->store->first; catalog; catalog = catalog->next)
        if (strncasecmp(catalog->language, language, length) == 0 &&
            catalog->language[length] == '\0')
            return catalog;
    return NULL;
}

/* Finds the language's catalog, or adds an empty one. */
static struct catalog *catalog_of(const struct strings *strings, const char *language)
{
    struct string_store *store = strings->store;
    struct catalog *catalog = catalog_find(strings, language, strlen(language));
    if (!catalog) {
        catalog = arena_allocate(&store->arena, sizeof *catalog);
        catalog->language = arena_copy(&store->arena, language);
        catalog->next = store->first;
        store->first = catalog;
    }
    return catalog;
}

/* Where key stands in the catalog, or would. */
static size_t entry_position(const struct catalog *catalog, const char *key, bool *found)
{
    size_t low = 0;
    size_t high = catalog->count;
    *found = false;
    while (low < high && !*found) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(key, catalog->entries[middle].key);
        *found = order == 0;
        if (order <= 0)
            high = middle;
        else
            low = middle + 1;
    }
    return high;
}

void strings_add(struct strings *strings, const char *language, const char *key, const char *text)
{
    bool found;
    struct arena *arena = &strings->store->arena;
    struct catalog *catalog = catalog_of(strings, language);
    size_t position = entry_position(catalog, key, &found);
    if (found) {
        catalog->entries[position].text = arena_copy(arena, text);
        return;
    }
    ARRAY_GROW_IN(arena, catalog->entries, catalog->count, catalog->capacity);
    memmove(catalog->entries + position + 1, catalog->entries + position,
            (catalog->count - position) * sizeof *catalog->entries);
    const char *copy = arena_copy(arena, text);
    catalog->entries[position] = (struct entry){ arena_copy(arena, key), copy, copy };
    catalog->count++;
}

/* ---- read when needed ---- */

void strings_read_later(struct strings *strings, const char *language, strings_read *read,
                        void *payload)
{
    struct catalog *catalog = catalog_of(strings, language);
    catalog->read = read;
    catalog->payload = payload;
}

void strings_read_rest_later(struct strings *strings, const char *language,
                             const char *const *prefixes, strings_read *read, void *payload)
{
    struct catalog *catalog = catalog_of(strings, language);
    strings->store->prefixes = prefixes;
    catalog->read_rest = read;
    catalog->rest = payload;
}

void strings_also(struct strings *strings, const char *language, const char *const *tags)
{
    catalog_of(strings, language)->also = tags;
}

/* What was added before stands over what is read. */
static bool catalog_read(const struct strings *strings, struct catalog *catalog, strings_read *read,
                         void *payload, struct error *error)
{
    struct strings reading = { strings->store };
    const struct catalog own = *catalog;
    catalog->entries = NULL;
    catalog->count = catalog->capacity = 0;
    if (!read(payload, &reading, error)) {
        catalog->entries = own.entries;
        catalog->count = own.count;
        catalog->capacity = own.capacity;
        return false;
    }
    for (size_t i = 0; i < own.count; i++) {
        bool found;
        size_t position = entry_position(catalog, own.entries[i].key, &found);
        strings_add(&reading, own.language, own.entries[i].key, own.entries[i].text);
        if (!found)
            catalog->entries[position].first = own.entries[i].first;
    }
    return true;
}

static bool catalog_open(const struct strings *strings, struct catalog *catalog,
                         struct error *error)
{
    strings_read *read = catalog->read;
    catalog->read = NULL;
    if (!read || catalog_read(strings, catalog, read, catalog->payload, error))
        return true;
    catalog->read = read;
    return false;
}

static bool catalog_open_rest(const struct strings *strings, struct catalog *catalog,
                              struct error *error)
{
    strings_read *read = catalog->read_rest;
    catalog->read_rest = NULL;
    if (!read || catalog_read(strings, catalog, read, catalog->rest, error))
        return true;
    catalog->read_rest = read;
    return false;
}

bool strings_open(const struct strings *strings, struct error *error)
{
    for (struct catalog *catalog = strings ? strings->store->first : NULL; catalog;
         catalog = catalog->next)
        if (!catalog_open(strings, catalog, error) || !catalog_open_rest(strings, catalog, error))
            return false;
    return true;
}

/* Reads the catalog where that was put off. Where it cannot be read the program ends, because a
 * caller who did not open it cannot be given an error, and a page without words is no page. */
static void catalog_need(const struct strings *strings, struct catalog *catalog)
{
    struct error error;
    if (catalog && !catalog_open(strings, catalog, &error))
        error_end_program(&error);
}

/* The same of the texts that are read by themselves. */
static void catalog_need_rest(const struct strings *strings, struct catalog *catalog)
{
    struct error error;
    if (catalog && !catalog_open_rest(strings, catalog, &error))
        error_end_program(&error);
}

static bool is_of_rest(const struct strings *strings, const char *key)
{
    for (const char *const *prefix = strings->store->prefixes; prefix && *prefix; prefix++)
        if (strncmp(key, *prefix, strlen(*prefix)) == 0)
            return true;
    return false;
}

static const struct entry *entry_find(const struct strings *strings, struct catalog *catalog,
                                      const char *key)
{
    bool found = false;
    catalog_need(strings, catalog);
    size_t position = catalog ? entry_position(catalog, key, &found) : 0;
    if (catalog && catalog->read_rest && is_of_rest(strings, key)) {
        catalog_need_rest(strings, catalog);
        position = entry_position(catalog, key, &found);
    }
    return found ? &catalog->entries[position] : NULL;
}

static const char *catalog_get(const struct strings *strings, struct catalog *catalog,
                               const char *key)
{
    const struct entry *entry = entry_find(strings, catalog, key);
    return entry ? entry->text : NULL;
}

const char *strings_get_first(const struct strings *strings, const char *language, const char *key)
{
    const struct entry *entry = entry_find(strings,
                                           catalog_find(strings, language, strlen(language)), key);
    return entry ? entry->first : NULL;
}

/* ---- looked up ---- */

/* The catalog whose language the tag, or what stands before its region, is read as. */
static struct catalog *catalog_for_tag(const struct strings *strings, const char *language,
                                       size_t primary)
{
    for (struct catalog *catalog = strings->store->first; catalog; catalog = catalog->next)
        for (const char *const *tag = catalog->also; tag && *tag; tag++)
            if (strcasecmp(*tag, language) == 0 ||
                (strncasecmp(*tag, language, primary) == 0 && (*tag)[primary] == '\0'))
                return catalog;
    return NULL;
}

/* The catalogs in which a text is looked for, one after the other; NULL where there is none. */
static void chain_of(const struct strings *strings, const char *language,
                     struct catalog *chain[STRINGS_CHAIN_LENGTH])
{
    size_t length = strlen(language);
    size_t primary = strcspn(language, "-");
    chain[0] = catalog_find(strings, language, length);
    chain[1] = primary < length ? catalog_find(strings, language, primary) : NULL;
    chain[2] = catalog_for_tag(strings, language, primary);
    chain[3] = catalog_find(strings, strings->store->fallback, strlen(strings->store->fallback));
    for (int i = 1; i < STRINGS_CHAIN_LENGTH; i++)
        for (int earlier = 0; earlier < i; earlier++)
            if (chain[i] == chain[earlier])
                chain[i] = NULL;
}

static const char *chain_get(const struct strings *strings,
                             struct catalog *const chain[STRINGS_CHAIN_LENGTH], const char *key)
{
    for (int i = 0; i < STRINGS_CHAIN_LENGTH; i++) {
        const char *text = catalog_get(strings, chain[i], key);
        if (text)
            return text;
    }
    return NULL;
}

const char *strings_get(const struct strings *strings, const char *language, const char *key)
{
    struct catalog *chain[STRINGS_CHAIN_LENGTH];
    chain_of(strings, language, chain);
    const char *text = chain_get(strings, chain, key);
    return text ? text : key;
}

bool strings_has(const struct strings *strings, const char *language, const char *key)
{
    struct catalog *chain[STRINGS_CHAIN_LENGTH];
    chain_of(strings, language, chain);
    return chain_get(strings, chain, key) != NULL;
}

const char *strings_language(const struct strings *strings, const char *language, const char *key)
{
    struct catalog *chain[STRINGS_CHAIN_LENGTH];
    chain_of(strings, language, chain);
    for (int i = 0; i < STRINGS_CHAIN_LENGTH; i++)
        if (catalog_get(strings, chain[i], key))
            return chain[i]->language;
    return strings->store->fallback;
}

bool strings_has_language(const struct strings *strings, const char *language)
{
    const struct catalog *catalog = catalog_find(strings, language, strlen(language));
    return catalog && (catalog->count > 0 || catalog->read);
}

const char *strings_language_at(const struct strings *strings, size_t index)
{
    for (const struct catalog *catalog = strings->store->first; catalog; catalog = catalog->next)
        if ((catalog->count > 0 || catalog->read) && index-- == 0)
            return catalog->language;
    return NULL;
}

/* CLDR's category of count in the catalog's language: "one", "other" … */
static void plural_category(struct catalog *catalog, int64_t count, char category[16])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar keyword[16];
    char name[LOCALE_NAME_SIZE];
    memcpy(category, "other", sizeof "other");
    if (!catalog->rules && locale_name(catalog->language, name))
        catalog->rules = uplrules_openForType(name, UPLURAL_TYPE_CARDINAL, &status);
    if (U_FAILURE(status)) {
        catalog->rules = NULL;
        return;
    }
    if (!catalog->rules)
        return;
    int32_t length = uplrules_select(catalog->rules, (double)count, keyword, 15, &status);
    if (U_FAILURE(status) || length <= 0 || length > 15)
        return;
    keyword[length] = 0;
    (void)u_austrcpy(category, keyword);
}

const char *strings_plural(struct strings *strings, const char *language, const char *key,
                           int64_t count)
{
    struct catalog *chain[STRINGS_CHAIN_LENGTH];
    chain_of(strings, language, chain);
    for (int i = 0; i < STRINGS_CHAIN_LENGTH; i++) {
        char category[16];
        char full[KEY_MAXIMUM + 20];
        if (!chain[i])
            continue;
        plural_category(chain[i], count, category);
        (void)snprintf(full, sizeof full, "%.*s.%s", KEY_MAXIMUM, key, category);
        const char *text = catalog_get(strings, chain[i], full);
        if (!text) {
            (void)snprintf(full, sizeof full, "%.*s.other", KEY_MAXIMUM, key);
            text = catalog_get(strings, chain[i], full);
        }
        if (text)
            return text;
    }
    return key;
}

void strings_cursor_open(struct strings_cursor *cursor, const struct strings *strings,
                         const char *language)
{
    *cursor = (struct strings_cursor){ .strings = strings };
    chain_of(strings, language, cursor->chain);
    for (int i = 0; i < STRINGS_CHAIN_LENGTH; i++)
        catalog_need(strings, cursor->chain[i]);
}

void strings_cursor_open_whole(struct strings_cursor *cursor, const struct strings *strings,
                               const char *language)
{
    strings_cursor_open(cursor, strings, language);
    for (int i = 0; i < STRINGS_CHAIN_LENGTH; i++)
        catalog_need_rest(strings, cursor->chain[i]);
}

bool strings_cursor_next(struct strings_cursor *cursor, const char **key, const char **text)
{
    for (; cursor->catalog < STRINGS_CHAIN_LENGTH; cursor->catalog++, cursor->entry = 0) {
        const struct catalog *catalog = cursor->chain[cursor->catalog];
        while (catalog && cursor->entry < catalog->count) {
            const struct entry *entry = &catalog->entries[cursor->entry++];
            bool seen = false;
            for (int earlier = 0; earlier < cursor->catalog && !seen; earlier++)
                seen = catalog_get(cursor->strings, cursor->chain[earlier], entry->key) != NULL;
            if (seen)
                continue;
            *key = entry->key;
            *text = entry->text;
            return true;
        }
    }
    return false;
}

static const char *argument_find(va_list arguments, const char *name, size_t length)
{
    const char *result = NULL;
    const char *given;
    while (!result && (given = va_arg(arguments, const char *))) {
        const char *value = va_arg(arguments, const char *);
        if (strlen(given) == length && memcmp(given, name, length) == 0)
            result = value;
    }
    return result;
}

const char *strings_format(struct arena *arena, const char *pattern, ...)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    for (const char *c = pattern; *c; c++) {
        const char *end = *c == '{' ? strchr(c, '}') : NULL;
        if (c[0] == '{' && c[1] == '{') {
            string_builder_append_character(&text, '{');
            c++;
            continue;
        }
        const char *value = NULL;
        if (end) {
            va_list arguments;
            va_start(arguments, pattern);
            value = argument_find(arguments, c + 1, (size_t)(end - c - 1));
            va_end(arguments);
        }
        if (value) {
            string_builder_append(&text, value);
            c = end;
        } else {
            string_builder_append_character(&text, *c);
        }
    }
    const char *result = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return result;
}
