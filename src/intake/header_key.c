/* SPDX-License-Identifier: MIT */
#include "intake/header_key.h"

#include "base/arena.h"
#include "base/nearest.h"
#include "base/string_builder.h"
#include "intake/encoding.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/unicode.h"

#include <string.h>
#include <strings.h>

/* A longer word is no key. */
enum { WRITTEN_MAXIMUM = 60 };

static const char *const release_names[] = { "title",      "lead",           "language",  "type",
                                             "published",  "embargo",        "status",    "topics",
                                             "contacts",   "images",         "documents", "event",
                                             "correction", "translation_of", "id",        "urgent",
                                             "mail",       "changes",        NULL };
static const char *const contact_names[] = {
    "name", "title", "phone", "email", "department", NULL
};
static const char *const image_names[] = { "file", "alt", "caption", "credit", NULL };
static const char *const document_names[] = { "file", "title", NULL };
static const char *const event_names[] = { "start", "end", "place", NULL };

static const struct {
    const char *parent;
    const char *const *names;
} parents[] = {
    { "contacts", contact_names },
    { "images", image_names },
    { "documents", document_names },
    { "event", event_names },
};

const char *const *header_key_names(const char *parent)
{
    if (!parent)
        return release_names;
    for (size_t i = 0; i < sizeof parents / sizeof parents[0]; i++)
        if (strcmp(parents[i].parent, parent) == 0)
            return parents[i].names;
    return NULL;
}

bool header_key_is_text(const char *name)
{
    static const char *const texts[] = { "title",      "lead",        "correction", "caption",
                                         "credit",     "alt",         "name",       "place",
                                         "department", "responsible", NULL };
    for (const char *const *text = texts; *text; text++)
        if (strcmp(*text, name) == 0)
            return true;
    return false;
}

bool header_key_is_nested(const char *name)
{
    return strcmp(name, "topics") == 0 || header_key_names(name) != NULL;
}

static bool is_among(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

/* "translation_of", "translation-of" and "translation of" are one. */
static char plain(char c)
{
    if (c == '_' || c == '-')
        return ' ';
    return c;
}

static bool is_same_word(const char *a, const char *b)
{
    while (*a && plain(*a) == plain(*b)) {
        a++;
        b++;
    }
    return *a == '\0' && *b == '\0';
}

static bool is_own(const struct intake_reading *reading, const struct language_word *word)
{
    size_t length = strcspn(word->language, "-");
    return reading->language && strncmp(reading->language, word->language, length) == 0 &&
           (reading->language[length] == '\0' || reading->language[length] == '-');
}

/* The word of the newsroom's language wins over those of others. */
static const struct language_word *find_word(const struct intake_reading *reading,
                                             enum word_group group, const char *const *names,
                                             const char *folded)
{
    const struct language_word *found = NULL;
    size_t count;
    const struct language_word *words = language_words_list(reading->words, group, &count);
    for (size_t i = 0; i < count; i++) {
        if (!is_same_word(words[i].folded, folded) || !is_among(names, words[i].name))
            continue;
        if (is_own(reading, &words[i]))
            return &words[i];
        if (!found)
            found = &words[i];
    }
    return found;
}

struct header_key header_key_find(const struct intake_reading *reading, const char *const *names,
                                  const char *written, bool has_other)
{
    struct header_key key = { .is_ignored = strncasecmp(written, "x-", 2) == 0 };
    if (key.is_ignored || strlen(written) > WRITTEN_MAXIMUM)
        return key;
    for (const char *const *name = names; *name; name++)
        if (strcmp(*name, written) == 0)
            return (struct header_key){ .name = *name };
    const char *folded = unicode_fold(reading->arena,
                                      encoding_one_line(reading->arena, written, strlen(written)));
    const struct language_word *word = find_word(reading, WORD_GROUP_HEADER_KEY, names, folded);
    if (!word && has_other) {
        word = find_word(reading, WORD_GROUP_OTHER_KEY, names, folded);
        key.is_other = word != NULL;
    }
    for (const char *const *name = names; !word && *name; name++)
        if (is_same_word(*name, folded))
            return (struct header_key){ .name = *name };
    if (word)
        key.name = word->name;
    return key;
}

bool header_key_is_any(const struct intake_reading *reading, const char *written)
{
    bool found = header_key_find(reading, release_names, written, false).name != NULL;
    for (size_t i = 0; !found && i < sizeof parents / sizeof parents[0]; i++)
        found = header_key_find(reading, parents[i].names, written, false).name != NULL;
    return found;
}

/* ---- for messages ---- */

/* Our own names are English. */
static bool is_word_of(const struct intake_reading *reading, const char *folded,
                       const char *language)
{
    size_t count;
    const struct language_word *words = language_words_list(reading->words, WORD_GROUP_HEADER_KEY,
                                                            &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].language, language) == 0 && is_same_word(words[i].folded, folded))
            return true;
    return strcmp(language, "en") == 0 && is_among(release_names, folded);
}

static size_t count_words_of(const struct intake_reading *reading, const char *const *written,
                             size_t count, const char *language)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += is_word_of(reading, unicode_fold(reading->arena, written[i]), language);
    return found;
}

/* One foreign word among the newsroom's own is a slip, and says not that all are foreign. */
static bool is_slip(size_t own, size_t most)
{
    return own == most || (own > 0 && own + 1 == most);
}

const char *header_key_language(const struct intake_reading *reading, const char *const *written,
                                size_t count)
{
    size_t words_count;
    const struct language_word *words = language_words_list(reading->words, WORD_GROUP_HEADER_KEY,
                                                            &words_count);
    const char *best = "en";
    size_t most = count_words_of(reading, written, count, best);
    const char *own = NULL;
    size_t own_count = 0;
    const char *last = NULL;
    for (size_t i = 0; i < words_count; i++) {
        if (last && strcmp(words[i].language, last) == 0) /* words are grouped by language */
            continue;
        last = words[i].language;
        size_t found = count_words_of(reading, written, count, last);
        if (is_own(reading, &words[i])) {
            own = last;
            own_count = found;
        }
        if (found > most) {
            best = last;
            most = found;
        }
    }
    return own && is_slip(own_count, most) ? own : best;
}

static const char *shown_name(const struct intake_reading *reading, const char *name,
                              const char *language)
{
    const char *shown = NULL;
    if (language && strncmp(language, "en", 2) != 0)
        shown = language_words_show(reading->words, WORD_GROUP_HEADER_KEY, language, name);
    return shown ? shown : name;
}

const char *header_key_ours(const struct intake_reading *reading, const char *name,
                            const char *language)
{
    const char *shown = shown_name(reading, name, language);
    if (strcmp(name, "status") != 0)
        return shown;
    const char *draft = language_words_show(reading->words, WORD_GROUP_STATUS, language, "draft");
    return arena_format(reading->arena, "%s: %s", shown, draft ? draft : "draft");
}

/* The nearest among the words of one language (our own names for English), or among all. */
static const char *nearest_of(const struct intake_reading *reading, const char *const *names,
                              const char *written, const char *language)
{
    size_t count;
    size_t used = 0;
    const struct language_word *words = language_words_list(reading->words, WORD_GROUP_HEADER_KEY,
                                                            &count);
    const char **candidates = arena_allocate_array(reading->arena, count + 64, sizeof *candidates);
    if (!language || strncmp(language, "en", 2) == 0)
        for (const char *const *name = names; *name; name++)
            candidates[used++] = *name;
    for (size_t i = 0; i < count; i++)
        if ((!language || strcmp(words[i].language, language) == 0) &&
            is_among(names, words[i].name))
            candidates[used++] = words[i].word;
    return name_nearest(written, candidates);
}

const char *header_key_nearest(const struct intake_reading *reading, const char *const *names,
                               const char *written, const char *language)
{
    const char *nearest = language ? nearest_of(reading, names, written, language) : NULL;
    return nearest ? nearest : nearest_of(reading, names, written, NULL);
}

const char *header_key_list(const struct intake_reading *reading, const char *const *names,
                            const char *language)
{
    struct string_builder list;
    string_builder_init(&list, 0);
    for (; *names; names++)
        string_builder_append_format(&list, "%s%s", list.length ? ", " : "",
                                     shown_name(reading, *names, language));
    const char *copy = arena_copy_bytes(reading->arena, list.data, list.length);
    string_builder_release(&list);
    return copy;
}
