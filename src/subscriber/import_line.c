/* SPDX-License-Identifier: MIT */
#include "subscriber/import_line.h"

#include "address/address.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/words.h"
#include "locale/language.h"
#include "subscriber/consent.h"

#include <string.h>

bool import_reader_init(struct import_reader *reader, const struct subscriber_service *office,
                        FILE *stream, const struct subscriber_import *import, int64_t started_at,
                        struct error *error)
{
    struct list_settings settings = import->list;
    if (!settings.language)
        settings.language = office->default_language;
    *reader = (struct import_reader){ .office = office,
                                      .import = import,
                                      .started_at = started_at };
    reader->list = list_reader_new(stream, &settings, error);
    return reader->list != NULL;
}

void import_reader_release(struct import_reader *reader)
{
    list_reader_free(reader->list);
    arena_release(&reader->language.arena);
    arena_release(&reader->feeds.arena);
    arena_release(&reader->cadences.arena);
    arena_release(&reader->evidence.arena);
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

static bool language_read(struct import_reader *reader, const char *word, struct error *error)
{
    struct import_word *known = &reader->language;
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
    /* A name that stands twice is one feed. */
    for (known->count = 0; wish.feed_count > 0 && words_next(&checked, &word, &length);)
        known->count++;
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
    *state = SUBSCRIBER_NONE;
    if (*word == '\0' || subscriber_state_parse(word, state))
        return true;
    return error_set(error, ERROR_INPUT,
                     "state \"%.40s\" cannot be imported; write pending, confirmed, unsubscribed, "
                     "bounced or complained",
                     word);
}

/* One that nobody new may have can be that of somebody who came in under fewer rules. */
static bool address_read(const struct import_reader *reader, struct arena *arena,
                         struct import_line *line, struct error *error)
{
    struct error ignored;
    struct arena scratch = { 0 };
    const char *word = list_reader_field(reader->list, LIST_ADDRESS);
    const struct address *address = address_parse(&scratch, word, strlen(word), error);
    if (!address) {
        address = address_parse_known(&scratch, word, strlen(word), &ignored);
        line->fault = address ? arena_copy(arena, error->message) : NULL;
    }
    if (address) {
        line->typed = arena_copy(arena, address->typed);
        line->folded = strcmp(address->folded, line->typed) == 0
                           ? line->typed
                           : arena_copy(arena, address->folded);
        line->budget = strcmp(address->budget, line->folded) == 0
                           ? line->folded
                           : arena_copy(arena, address->budget);
    }
    arena_release(&scratch);
    return address != NULL;
}

/* Where both say something, the operator's word stands before the line's. */
static const char *evidence_join(struct import_reader *reader, const char *evidence)
{
    struct import_word *known = &reader->evidence;
    if (word_is_known(known, evidence))
        return known->meaning;
    word_begin(known, evidence);
    known->meaning = *evidence
                         ? arena_format(&known->arena, "%s; %s", reader->import->evidence, evidence)
                         : reader->import->evidence;
    return known->meaning;
}

/* The operator speaks for whose line proves no consent; not for who is said to be pending. */
static void evidence_supply(struct import_reader *reader, struct import_manner *manner)
{
    bool is_proven = *manner->evidence && manner->consent_at != INSTANT_NONE;
    if (!reader->import->evidence ||
        (manner->state != SUBSCRIBER_NONE && (manner->state != SUBSCRIBER_CONFIRMED || is_proven)))
        return;
    manner->evidence = evidence_join(reader, manner->evidence);
    manner->state = SUBSCRIBER_CONFIRMED;
    if (manner->consent_at == INSTANT_NONE)
        manner->consent_at = reader->started_at;
}

static bool evidence_read(struct import_reader *reader, struct import_manner *manner,
                          struct error *error)
{
    if (!consent_read(list_reader_field(reader->list, LIST_CONFIRMED_AT), &manner->consent_at,
                      error))
        return false;
    evidence_supply(reader, manner);
    if (manner->state == SUBSCRIBER_NONE)
        manner->state = SUBSCRIBER_PENDING;
    if (manner->state != SUBSCRIBER_CONFIRMED)
        manner->consent_at = INSTANT_NONE;
    return strlen(manner->evidence) <= SUBSCRIBER_EVIDENCE_MAXIMUM ||
           error_set(error, ERROR_INPUT, "the evidence has more than %d octets; shorten it",
                     SUBSCRIBER_EVIDENCE_MAXIMUM);
}

static bool feeds_and_cadences_read(struct import_reader *reader, struct import_manner *manner,
                                    struct error *error)
{
    if (!feeds_read(reader, error) || !cadences_read(reader, error))
        return false;
    if (reader->cadences.count > 1 && reader->cadences.count != reader->feeds.count)
        return error_set(error, ERROR_INPUT,
                         "%zu cadences for %zu feeds; write one for all, or one each",
                         reader->cadences.count, reader->feeds.count);
    manner->feeds = reader->feeds.meaning;
    manner->says_feeds = reader->feeds.count > 0;
    manner->lists = reader->import->list.tool && manner->says_feeds ? &reader->import->list : NULL;
    manner->cadences = reader->cadences.meaning;
    manner->cadence_count = reader->cadences.count;
    return true;
}

/* Whoever is to be kept out is, however little the rest of the line can be understood. */
static bool departed_read(struct import_reader *reader, struct import_manner *manner,
                          struct error *error)
{
    static const enum subscriber_cadence cadence = SUBSCRIBER_IMMEDIATE;
    struct error ignored;
    manner->feeds = "";
    manner->cadences = &cadence;
    if (strlen(manner->evidence) > SUBSCRIBER_EVIDENCE_MAXIMUM)
        manner->evidence = "";
    return language_read(reader, list_reader_field(reader->list, LIST_LANGUAGE), &ignored) ||
           language_read(reader, "", error);
}

bool import_is_departed(enum subscriber_state state)
{
    return state == SUBSCRIBER_UNSUBSCRIBED || state == SUBSCRIBER_BOUNCED ||
           state == SUBSCRIBER_COMPLAINED;
}

bool import_has_one_cadence(const struct import_manner *manner)
{
    for (size_t i = 1; i < manner->cadence_count; i++)
        if (manner->cadences[i] != manner->cadences[0])
            return false;
    return true;
}

static bool manner_read(struct import_reader *reader, struct import_manner *manner,
                        struct error *error)
{
    const char *language = list_reader_field(reader->list, LIST_LANGUAGE);
    manner->evidence = list_reader_field(reader->list, LIST_EVIDENCE);
    if (!state_read(list_reader_field(reader->list, LIST_STATE), &manner->state, error))
        return false;
    bool done = import_is_departed(manner->state)
                    ? departed_read(reader, manner, error)
                    : feeds_and_cadences_read(reader, manner, error) &&
                          language_read(reader, language, error) &&
                          evidence_read(reader, manner, error);
    manner->says_language = *language != '\0';
    manner->language = reader->language.meaning;
    return done;
}

static bool manners_are_equal(const struct import_manner *a, const struct import_manner *b)
{
    /* One each are not compared: few lists have them. */
    return a->cadence_count < 2 && a->cadence_count == b->cadence_count &&
           a->cadences[0] == b->cadences[0] && a->state == b->state &&
           a->consent_at == b->consent_at && a->says_feeds == b->says_feeds &&
           a->says_language == b->says_language && strcmp(a->feeds, b->feeds) == 0 &&
           strcmp(a->language, b->language) == 0 &&
           strcmp(a->evidence ? a->evidence : "", b->evidence) == 0;
}

/* What stands as before in the arena is kept once. */
static const char *word_keep(struct arena *arena, const char *before, const char *word)
{
    return before && strcmp(before, word) == 0 ? before : arena_copy(arena, word);
}

static const struct import_manner *manner_keep(struct arena *arena,
                                               const struct import_manner *before,
                                               const struct import_manner *read)
{
    static const struct import_manner nothing = { 0 };
    if (before && manners_are_equal(before, read))
        return before;
    if (!before)
        before = &nothing;
    struct import_manner *manner = arena_allocate(arena, sizeof *manner);
    size_t count = read->cadence_count ? read->cadence_count : 1;
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
    struct import_manner manner = { .state = SUBSCRIBER_NONE };
    if (!address_read(reader, arena, line, error) || !manner_read(reader, &manner, error))
        return false;
    line->manner = manner_keep(arena, before, &manner);
    return true;
}
