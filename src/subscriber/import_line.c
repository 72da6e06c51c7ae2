/* SPDX-License-Identifier: MIT */
#include "subscriber/import_line.h"

#include "address/address.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/words.h"
#include "locale/locale.h"
#include "subscriber/consent.h"

#include <string.h>

bool import_reader_init(struct import_reader *reader, const struct subscriber_service *service,
                        FILE *stream, const struct subscriber_import *import, int64_t started_at,
                        struct error *error)
{
    struct list_settings settings = import->list;
    if (!settings.language)
        settings.language = service->default_language;
    *reader = (struct import_reader){ .service = service,
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

static bool cache_holds(const struct import_cached_value *known, const char *word)
{
    return known->meaning && strcmp(known->word, word) == 0;
}

static void cache_begin(struct import_cached_value *known, const char *word)
{
    arena_release(&known->arena);
    *known = (struct import_cached_value){ .word = NULL };
    known->word = arena_copy(&known->arena, word);
}

static bool language_read(struct import_reader *reader, const char *word, struct error *error)
{
    struct import_cached_value *known = &reader->language;
    if (*word == '\0')
        word = reader->service->default_language;
    if (cache_holds(known, word))
        return true;
    cache_begin(known, word);
    known->meaning = language_canonical(&known->arena, word);
    return known->meaning ||
           error_set(error, ERROR_INPUT,
                     "\"%.40s\" is no language" ERROR_ADVICE "write it as da or en", word);
}

static bool feeds_read(struct import_reader *reader, struct error *error)
{
    struct import_cached_value *known = &reader->feeds;
    const char *list = list_reader_field(reader->list, LIST_FEEDS);
    const char *word = NULL;
    const char *checked = NULL;
    size_t length = 0;
    if (cache_holds(known, list))
        return true;
    cache_begin(known, list);
    const char **feeds = arena_allocate_array(&known->arena, SUBSCRIBER_FEEDS_MAXIMUM,
                                              sizeof *feeds);
    struct subscription_request request = { .feeds = feeds };
    while (words_next(&list, &word, &length)) {
        if (request.feed_count == SUBSCRIBER_FEEDS_MAXIMUM)
            return error_set(error, ERROR_INPUT, "more than %d feeds at once",
                             SUBSCRIBER_FEEDS_MAXIMUM);
        feeds[request.feed_count++] = arena_copy_bytes(&known->arena, word, length);
    }
    if (!feeds_check(reader->service, &known->arena, &request, false, &checked, error))
        return false;
    known->meaning = checked;
    /* A name that stands twice is one feed. */
    for (known->count = 0; request.feed_count > 0 && words_next(&checked, &word, &length);)
        known->count++;
    return true;
}

static bool cadences_read(struct import_reader *reader, struct error *error)
{
    struct import_cached_value *known = &reader->cadences;
    const char *words = list_reader_field(reader->list, LIST_CADENCE);
    const char *word = NULL;
    size_t length = 0;
    if (cache_holds(known, words))
        return true;
    cache_begin(known, words);
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
                             "\"%.*s\" is no cadence" ERROR_ADVICE
                             "write immediate, daily or weekly",
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
                     "confirmed_at \"%.40s\" is no time" ERROR_ADVICE
                     "write it as 2026-06-07T12:00:00+02:00",
                     word);
}

static bool state_read(const char *word, enum subscriber_state *state, struct error *error)
{
    *state = SUBSCRIBER_NONE;
    if (*word == '\0' || subscriber_state_parse(word, state))
        return true;
    return error_set(error, ERROR_INPUT,
                     "state \"%.40s\" cannot be imported" ERROR_ADVICE
                     "write pending, confirmed, unsubscribed, "
                     "bounced or complained",
                     word);
}

/* An address that is refused today may be that of a known subscriber who came in when fewer
 * rules held: it is read all the same, with the fault noted. */
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
        line->rate_limit_key = strcmp(address->rate_limit_key, line->folded) == 0
                                   ? line->folded
                                   : arena_copy(arena, address->rate_limit_key);
    }
    arena_release(&scratch);
    return address != NULL;
}

/* Where both say something, the operator's word stands before the line's. */
static const char *evidence_join(struct import_reader *reader, const char *evidence)
{
    struct import_cached_value *known = &reader->evidence;
    if (cache_holds(known, evidence))
        return known->meaning;
    cache_begin(known, evidence);
    known->meaning = *evidence
                         ? arena_format(&known->arena, "%s; %s", reader->import->evidence, evidence)
                         : reader->import->evidence;
    return known->meaning;
}

/* The operator's consent counts for a line that proves none of its own, but not for one that says
 * pending. */
static void evidence_supply(struct import_reader *reader, struct import_attributes *attributes)
{
    bool is_proven = *attributes->evidence && attributes->consent_at != INSTANT_NONE;
    if (!reader->import->evidence || (attributes->state != SUBSCRIBER_NONE &&
                                      (attributes->state != SUBSCRIBER_CONFIRMED || is_proven)))
        return;
    attributes->evidence = evidence_join(reader, attributes->evidence);
    attributes->state = SUBSCRIBER_CONFIRMED;
    if (attributes->consent_at == INSTANT_NONE)
        attributes->consent_at = reader->started_at;
}

static bool evidence_read(struct import_reader *reader, struct import_attributes *attributes,
                          struct error *error)
{
    if (!consent_read(list_reader_field(reader->list, LIST_CONFIRMED_AT), &attributes->consent_at,
                      error))
        return false;
    evidence_supply(reader, attributes);
    if (attributes->state == SUBSCRIBER_NONE)
        attributes->state = SUBSCRIBER_PENDING;
    if (attributes->state != SUBSCRIBER_CONFIRMED)
        attributes->consent_at = INSTANT_NONE;
    return strlen(attributes->evidence) <= SUBSCRIBER_EVIDENCE_MAXIMUM ||
           error_set(error, ERROR_INPUT,
                     "the evidence has more than %d octets" ERROR_ADVICE "shorten it",
                     SUBSCRIBER_EVIDENCE_MAXIMUM);
}

static bool feeds_and_cadences_read(struct import_reader *reader,
                                    struct import_attributes *attributes, struct error *error)
{
    if (!feeds_read(reader, error) || !cadences_read(reader, error))
        return false;
    if (reader->cadences.count > 1 && reader->cadences.count != reader->feeds.count)
        return error_set(error, ERROR_INPUT,
                         "%zu cadences for %zu feeds" ERROR_ADVICE "write one for all, or one each",
                         reader->cadences.count, reader->feeds.count);
    attributes->feeds = reader->feeds.meaning;
    attributes->says_feeds = reader->feeds.count > 0;
    attributes->lists = reader->import->list.tool && attributes->says_feeds ? &reader->import->list
                                                                            : NULL;
    attributes->cadences = reader->cadences.meaning;
    attributes->cadence_count = reader->cadences.count;
    return true;
}

/* Whoever is not to be mailed is taken over, however little of the rest of the line can be read. */
static bool former_read(struct import_reader *reader, struct import_attributes *attributes,
                        struct error *error)
{
    static const enum subscriber_cadence cadence = SUBSCRIBER_IMMEDIATE;
    struct error ignored;
    attributes->feeds = "";
    attributes->cadences = &cadence;
    if (strlen(attributes->evidence) > SUBSCRIBER_EVIDENCE_MAXIMUM)
        attributes->evidence = "";
    return language_read(reader, list_reader_field(reader->list, LIST_LANGUAGE), &ignored) ||
           language_read(reader, "", error);
}

bool import_is_former(enum subscriber_state state)
{
    return state == SUBSCRIBER_UNSUBSCRIBED || state == SUBSCRIBER_BOUNCED ||
           state == SUBSCRIBER_COMPLAINED;
}

bool import_has_one_cadence(const struct import_attributes *attributes)
{
    for (size_t i = 1; i < attributes->cadence_count; i++)
        if (attributes->cadences[i] != attributes->cadences[0])
            return false;
    return true;
}

static bool attributes_read(struct import_reader *reader, struct import_attributes *attributes,
                            struct error *error)
{
    const char *language = list_reader_field(reader->list, LIST_LANGUAGE);
    attributes->evidence = list_reader_field(reader->list, LIST_EVIDENCE);
    if (!state_read(list_reader_field(reader->list, LIST_STATE), &attributes->state, error))
        return false;
    bool done = import_is_former(attributes->state)
                    ? former_read(reader, attributes, error)
                    : feeds_and_cadences_read(reader, attributes, error) &&
                          language_read(reader, language, error) &&
                          evidence_read(reader, attributes, error);
    attributes->says_language = *language != '\0';
    attributes->language = reader->language.meaning;
    return done;
}

static bool attributes_are_equal(const struct import_attributes *a,
                                 const struct import_attributes *b)
{
    /* Lines with a cadence for each feed are not compared, because few lists have them. */
    return a->cadence_count < 2 && a->cadence_count == b->cadence_count &&
           a->cadences[0] == b->cadences[0] && a->state == b->state &&
           a->consent_at == b->consent_at && a->says_feeds == b->says_feeds &&
           a->says_language == b->says_language && strcmp(a->feeds, b->feeds) == 0 &&
           strcmp(a->language, b->language) == 0 &&
           strcmp(a->evidence ? a->evidence : "", b->evidence) == 0;
}

/* Where the line says the same as the one before, both share it, because a million lines mostly
 * do. */
static const char *word_keep(struct arena *arena, const char *before, const char *word)
{
    return before && strcmp(before, word) == 0 ? before : arena_copy(arena, word);
}

static const struct import_attributes *attributes_keep(struct arena *arena,
                                                       const struct import_attributes *before,
                                                       const struct import_attributes *read)
{
    static const struct import_attributes nothing = { 0 };
    if (before && attributes_are_equal(before, read))
        return before;
    if (!before)
        before = &nothing;
    struct import_attributes *attributes = arena_allocate(arena, sizeof *attributes);
    size_t count = read->cadence_count ? read->cadence_count : 1;
    *attributes = *read;
    attributes->feeds = word_keep(arena, before->feeds, read->feeds);
    attributes->language = word_keep(arena, before->language, read->language);
    attributes->evidence = *read->evidence ? word_keep(arena, before->evidence, read->evidence)
                                           : NULL;
    attributes->cadences = memcpy(arena_allocate_array(arena, count, sizeof *read->cadences),
                                  read->cadences, count * sizeof *read->cadences);
    return attributes;
}

bool import_line_read(struct import_reader *reader, struct arena *arena,
                      const struct import_attributes *before, struct import_line *line,
                      struct error *error)
{
    struct import_attributes attributes = { .state = SUBSCRIBER_NONE };
    if (!address_read(reader, arena, line, error) || !attributes_read(reader, &attributes, error))
        return false;
    line->attributes = attributes_keep(arena, before, &attributes);
    return true;
}
