/* SPDX-License-Identifier: MIT */
#include "subscriber/import_line.h"

#include "address/address.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/words.h"
#include "locale/language.h"
#include "subscriber/consent.h"

#include <string.h>

bool import_reader_init(struct import_reader *reader, const struct subscriber_office *office,
                        FILE *stream, const struct subscriber_import *import, int64_t started_at,
                        struct error *error)
{
    struct list_settings settings = import->list;
    if (!settings.language)
        settings.language = office->default_language;
    *reader = (struct import_reader){ .office = office, .started_at = started_at };
    reader->list = list_reader_new(stream, &settings, error);
    return reader->list != NULL;
}

void import_reader_release(struct import_reader *reader)
{
    list_reader_free(reader->list);
    arena_release(&reader->language.arena);
    arena_release(&reader->feeds.arena);
    arena_release(&reader->cadences.arena);
}

/* ---- words that repeat ---- */

static bool word_is_known(const struct import_word *known, const char *word)
{
    return known->meaning && strcmp(known->word, word) == 0;
}

static void word_begin(struct import_word *known, const char *word)
{
    arena_release(&known->arena);
    *known = (struct import_word){ .word = NULL };
    known->word = arena_copy(&known->arena, word);
}

static bool language_read(struct import_reader *reader, struct error *error)
{
    struct import_word *known = &reader->language;
    const char *word = list_reader_field(reader->list, LIST_LANGUAGE);
    if (*word == '\0')
        word = reader->office->default_language;
    if (word_is_known(known, word))
        return true;
    word_begin(known, word);
    known->meaning = language_canonical(&known->arena, word);
    return known->meaning ||
           error_set(error, ERROR_INPUT, "\"%.40s\" is no language; write it as da or en", word);
}

static bool feeds_read(struct import_reader *reader, struct error *error)
{
    struct import_word *known = &reader->feeds;
    const char *list = list_reader_field(reader->list, LIST_FEEDS);
    const char *word = NULL;
    const char *checked = NULL;
    size_t length = 0;
    if (word_is_known(known, list))
        return true;
    word_begin(known, list);
    const char **feeds = arena_allocate_array(&known->arena, SUBSCRIBER_FEEDS_MAXIMUM,
                                              sizeof *feeds);
    struct subscriber_wish wish = { .feeds = feeds };
    while (words_next(&list, &word, &length)) {
        if (wish.feed_count == SUBSCRIBER_FEEDS_MAXIMUM)
            return error_set(error, ERROR_INPUT, "more than %d feeds at once",
                             SUBSCRIBER_FEEDS_MAXIMUM);
        feeds[wish.feed_count++] = arena_copy_bytes(&known->arena, word, length);
    }
    if (!feeds_check(reader->office, &known->arena, &wish, false, &checked, error))
        return false;
    known->meaning = checked;
    known->count = wish.feed_count;
    return true;
}

static bool cadences_read(struct import_reader *reader, struct error *error)
{
    struct import_word *known = &reader->cadences;
    const char *words = list_reader_field(reader->list, LIST_CADENCE);
    const char *word = NULL;
    size_t length = 0;
    if (word_is_known(known, words))
        return true;
    word_begin(known, words);
    enum subscriber_cadence *cadences = arena_allocate_array(
        &known->arena, SUBSCRIBER_FEEDS_MAXIMUM, sizeof *cadences);
    cadences[0] = SUBSCRIBER_IMMEDIATE;
    while (words_next(&words, &word, &length)) {
        char name[16] = "";
        if (length < sizeof name)
            memcpy(name, word, length);
        if (known->count == SUBSCRIBER_FEEDS_MAXIMUM ||
            !subscriber_cadence_parse(name, &cadences[known->count]))
            return error_set(error, ERROR_INPUT,
                             "\"%.*s\" is no cadence; write immediate, daily or weekly",
                             (int)(length < 40 ? length : 40), word);
        known->count++;
    }
    known->meaning = cadences;
    return true;
}

/* ---- one line ---- */

/* RFC 3339, or a date alone, which counts from its first instant. */
static bool consent_read(const char *word, int64_t *consent_at, struct error *error)
{
    char whole[32];
    *consent_at = INSTANT_NONE;
    if (*word == '\0' || instant_parse_rfc3339(word, consent_at))
        return true;
    if (strlen(word) == sizeof "2026-06-07" - 1) {
        (void)snprintf(whole, sizeof whole, "%sT00:00:00Z", word);
        if (instant_parse_rfc3339(whole, consent_at))
            return true;
    }
    return error_set(error, ERROR_INPUT,
                     "confirmed_at \"%.40s\" is no time; write it as 2026-06-07T12:00:00+02:00",
                     word);
}

static bool state_read(const char *word, enum subscriber_state *state, struct error *error)
{
    *state = SUBSCRIBER_PENDING;
    if (*word == '\0' || (subscriber_state_parse(word, state) && *state != SUBSCRIBER_EXPIRED))
        return true;
    return error_set(error, ERROR_INPUT,
                     "state \"%.40s\" cannot be imported; write pending, confirmed, unsubscribed, "
                     "bounced or complained",
                     word);
}

/* Its first octets as a number that is greater where they come later. */
static uint64_t beginning_of(const char *folded)
{
    uint64_t beginning = 0;
    size_t length = strnlen(folded, sizeof beginning);
    for (size_t i = 0; i < sizeof beginning; i++)
        beginning = beginning << 8 | (i < length ? (unsigned char)folded[i] : 0);
    return beginning;
}

static bool address_read(const struct import_reader *reader, struct arena *arena,
                         struct import_line *line, struct error *error)
{
    struct arena scratch = { 0 };
    const char *word = list_reader_field(reader->list, LIST_ADDRESS);
    const struct address *address = address_parse(&scratch, word, strlen(word), error);
    if (address) {
        line->typed = arena_copy(arena, address->typed);
        line->folded = strcmp(address->folded, line->typed) == 0
                           ? line->typed
                           : arena_copy(arena, address->folded);
        line->budget = strcmp(address->budget, line->folded) == 0
                           ? line->folded
                           : arena_copy(arena, address->budget);
        line->beginning = beginning_of(line->folded);
    }
    arena_release(&scratch);
    return address != NULL;
}

static bool evidence_read(const struct import_reader *reader, struct import_manner *manner,
                          struct error *error)
{
    manner->evidence = list_reader_field(reader->list, LIST_EVIDENCE);
    if (strlen(manner->evidence) > SUBSCRIBER_EVIDENCE_MAXIMUM)
        return error_set(error, ERROR_INPUT, "the evidence has more than %d octets; shorten it",
                         SUBSCRIBER_EVIDENCE_MAXIMUM);
    if (manner->state != SUBSCRIBER_CONFIRMED) {
        manner->consent_at = INSTANT_NONE;
        return true;
    }
    return evidence_check(manner->evidence, manner->consent_at, reader->started_at, error);
}

static bool manner_read(struct import_reader *reader, struct import_manner *manner,
                        struct error *error)
{
    if (!feeds_read(reader, error) ||
        !consent_read(list_reader_field(reader->list, LIST_CONFIRMED_AT), &manner->consent_at,
                      error) ||
        !language_read(reader, error) ||
        !state_read(list_reader_field(reader->list, LIST_STATE), &manner->state, error) ||
        !cadences_read(reader, error))
        return false;
    if (reader->cadences.count > 1 && reader->cadences.count != reader->feeds.count)
        return error_set(error, ERROR_INPUT,
                         "%zu cadences for %zu feeds; write one for all, or one each",
                         reader->cadences.count, reader->feeds.count);
    manner->feeds = reader->feeds.meaning;
    manner->language = reader->language.meaning;
    manner->cadences = reader->cadences.meaning;
    manner->has_cadence_each = reader->cadences.count > 1;
    return evidence_read(reader, manner, error);
}

static bool manners_are_equal(const struct import_manner *a, const struct import_manner *b)
{
    /* One each are not compared: few lists have them. */
    return !a->has_cadence_each && !b->has_cadence_each && a->cadences[0] == b->cadences[0] &&
           a->state == b->state && a->consent_at == b->consent_at &&
           strcmp(a->feeds, b->feeds) == 0 && strcmp(a->language, b->language) == 0 &&
           strcmp(a->evidence ? a->evidence : "", b->evidence) == 0;
}

/* What stands as before in the arena is kept once. */
static const char *word_keep(struct arena *arena, const char *before, const char *word)
{
    return before && strcmp(before, word) == 0 ? before : arena_copy(arena, word);
}

static const struct import_manner *manner_keep(const struct import_reader *reader,
                                               struct arena *arena,
                                               const struct import_manner *before,
                                               const struct import_manner *read)
{
    static const struct import_manner nothing = { 0 };
    if (before && manners_are_equal(before, read))
        return before;
    if (!before)
        before = &nothing;
    struct import_manner *manner = arena_allocate(arena, sizeof *manner);
    size_t count = reader->cadences.count ? reader->cadences.count : 1;
    *manner = *read;
    manner->feeds = word_keep(arena, before->feeds, read->feeds);
    manner->language = word_keep(arena, before->language, read->language);
    manner->evidence = *read->evidence ? word_keep(arena, before->evidence, read->evidence) : NULL;
    manner->cadences = memcpy(arena_allocate_array(arena, count, sizeof *read->cadences),
                              read->cadences, count * sizeof *read->cadences);
    return manner;
}

bool import_line_read(struct import_reader *reader, struct arena *arena,
                      const struct import_manner *before, struct import_line *line,
                      struct error *error)
{
    struct import_manner manner = { .state = SUBSCRIBER_PENDING };
    *line = (struct import_line){ .number = list_reader_line(reader->list) };
    if (!address_read(reader, arena, line, error) || !manner_read(reader, &manner, error))
        return false;
    line->manner = manner_keep(reader, arena, before, &manner);
    return true;
}
