/* SPDX-License-Identifier: MIT */
#include "subscriber/import_decide.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/words.h"
#include "database/database.h"
#include "feed/feed.h"
#include "subscriber/consent.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The names of a long list of feeds are cut there: a reason is one line. */
enum { NAMES_SHOWN_MAXIMUM = 200 };

void import_decider_init(struct import_decider *decider, const struct subscriber_service *service,
                         const struct subscriber_import *import, struct arena *arena,
                         int64_t started_at)
{
    *decider = (struct import_decider){
        .service = service, .import = import, .arena = arena, .started_at = started_at
    };
    import_finder_init(&decider->finder, service->database);
    string_builder_init(&decider->words, 0);
}

void import_decider_release(struct import_decider *decider)
{
    import_finder_release(&decider->finder);
    string_builder_release(&decider->words);
}

bool import_decider_begin(struct import_decider *decider, struct error *error)
{
    struct statement *statement = database_prepare(decider->service->database,
                                                   "SELECT 1 FROM suppression LIMIT 1", error);
    import_finder_end_walk(&decider->finder);
    if (!statement_find(statement, &decider->has_suppressions, error))
        return false;
    statement_reset(statement);
    return true;
}

/* ---- reasons ---- */

static void reason_set(struct import_decider *decider, struct import_decision *decision,
                       enum subscriber_import_kind kind, const char *reason)
{
    decision->kind = kind;
    if (!decider->reason_before || strcmp(decider->reason_before, reason) != 0)
        decider->reason_before = arena_copy(decider->arena, reason);
    decision->reason = decider->reason_before;
}

static void difference_add(struct string_builder *words, const char *what, const char *from,
                           const char *to)
{
    if (strcmp(from, to) != 0)
        string_builder_append_format(words, "%s%s from %s to %s", words->length ? "; " : "", what,
                                     *from ? from : "none", *to ? to : "none");
}

static const char *feeds_name(struct arena *arena, const struct subscriber_choice *choices,
                              size_t count)
{
    struct string_builder names;
    string_builder_init(&names, 0);
    for (size_t i = 0; i < count && names.length < NAMES_SHOWN_MAXIMUM; i++)
        string_builder_append_format(&names, "%s%s", i ? " " : "", choices[i].feed);
    if (names.length >= NAMES_SHOWN_MAXIMUM)
        string_builder_append(&names, " ...");
    const char *copy = arena_copy(arena, names.length ? names.data : "");
    string_builder_release(&names);
    return copy;
}

static const char *cadences_name(struct arena *arena, const struct subscriber_choice *choices,
                                 size_t count)
{
    struct string_builder names;
    bool is_uniform = true;
    string_builder_init(&names, 0);
    for (size_t i = 0; i < count; i++)
        is_uniform = is_uniform && choices[i].cadence == choices[0].cadence;
    for (size_t i = 0; i < (is_uniform && count ? 1 : count); i++)
        if (names.length < NAMES_SHOWN_MAXIMUM)
            string_builder_append_format(&names, "%s%s", i ? " " : "",
                                         subscriber_cadence_name(choices[i].cadence));
    const char *copy = arena_copy(arena, names.length ? names.data : "");
    string_builder_release(&names);
    return copy;
}

/* ---- what somebody known will follow ---- */

static const struct subscriber_choice *choice_find(const struct import_existing *known,
                                                   const char *feed, size_t length)
{
    for (size_t i = 0; i < known->count; i++)
        if (strncmp(known->choices[i].feed, feed, length) == 0 &&
            known->choices[i].feed[length] == '\0')
            return &known->choices[i];
    return NULL;
}

static int compare_choices(const void *left, const void *right)
{
    const struct subscriber_choice *a = left;
    const struct subscriber_choice *b = right;
    return strcmp(a->feed, b->feed);
}

/* Of a feed that is new to the subscriber: the one that all others have, if they have one. */
static enum subscriber_cadence cadence_usual(const struct import_existing *known)
{
    for (size_t i = 1; i < known->count; i++)
        if (known->choices[i].cadence != known->choices[0].cadence)
            return SUBSCRIBER_IMMEDIATE;
    return known->count ? known->choices[0].cadence : SUBSCRIBER_IMMEDIATE;
}

/* was: NULL where the feed is new to the subscriber. */
static enum subscriber_cadence cadence_of(const struct import_existing *known,
                                          const struct import_attributes *attributes,
                                          size_t position, const struct subscriber_choice *was)
{
    if (attributes->cadence_count > 0)
        return attributes->cadences[attributes->cadence_count > 1 ? position : 0];
    return was ? was->cadence : cadence_usual(known);
}

static bool words_contain(const char *words, const char *name)
{
    const char *word = NULL;
    size_t length = 0;
    while (words_next(&words, &word, &length))
        if (strncasecmp(word, name, length) == 0 && name[length] == '\0')
            return true;
    return false;
}

/* Whether the line tells if the feed is followed. A list may stand for several feeds. */
static bool line_says(const struct import_attributes *attributes, const char *feed)
{
    if (!attributes->lists || words_contain(attributes->feeds, feed))
        return attributes->says_feeds;
    for (size_t i = 0; i < attributes->lists->list_count; i++)
        if (words_contain(attributes->lists->lists[i].meaning, feed))
            return true;
    return false;
}

struct import_choices import_choices_make(struct arena *arena, const struct import_existing *known,
                                          const struct import_attributes *attributes)
{
    const char *rest = attributes->feeds;
    const char *feed = NULL;
    size_t length = 0;
    size_t maximum = known->count + (attributes->says_feeds ? SUBSCRIBER_FEEDS_MAXIMUM : 0);
    struct import_choices made = {
        .choices = arena_allocate_array(arena, maximum, sizeof *made.choices),
    };
    if (attributes->says_feeds) {
        for (; words_next(&rest, &feed, &length); made.count++)
            made.choices[made.count] = (struct subscriber_choice){
                .feed = arena_copy_bytes(arena, feed, length),
                .cadence = cadence_of(known, attributes, made.count,
                                      choice_find(known, feed, length)),
            };
        for (size_t i = 0; i < known->count; i++)
            if (!line_says(attributes, known->choices[i].feed))
                made.choices[made.count++] = (struct subscriber_choice){
                    .feed = arena_copy(arena, known->choices[i].feed),
                    .cadence = known->choices[i].cadence,
                };
        qsort(made.choices, made.count, sizeof *made.choices, compare_choices);
        return made;
    }
    for (; made.count < known->count; made.count++)
        made.choices[made.count] = (struct subscriber_choice){
            .feed = arena_copy(arena, known->choices[made.count].feed),
            .cadence = cadence_of(known, attributes, made.count, &known->choices[made.count]),
        };
    return made;
}

static bool feeds_are_same(const struct import_existing *known,
                           const struct import_attributes *attributes)
{
    const char *rest = attributes->feeds;
    const char *feed = NULL;
    size_t length = 0;
    size_t count = 0;
    for (; words_next(&rest, &feed, &length); count++) {
        const struct subscriber_choice *was = choice_find(known, feed, length);
        if (!was || cadence_of(known, attributes, count, was) != was->cadence)
            return false;
    }
    for (size_t i = 0; i < known->count; i++)
        count += !line_says(attributes, known->choices[i].feed);
    return count == known->count;
}

/* Runs for every line of a known subscriber, so it allocates nothing. */
static bool is_same(const struct import_existing *known, const struct import_attributes *attributes)
{
    if (attributes->says_language && strcmp(attributes->language, known->language) != 0)
        return false;
    if (attributes->says_feeds)
        return feeds_are_same(known, attributes);
    for (size_t i = 0; i < known->count; i++)
        if (cadence_of(known, attributes, i, &known->choices[i]) != known->choices[i].cadence)
            return false;
    return true;
}

/* ---- who is known ---- */

static void difference_explain(struct import_decider *decider, const struct import_line *line,
                               struct import_decision *decision, enum subscriber_import_kind kind)
{
    struct arena scratch = { 0 };
    struct string_builder *words = &decider->words;
    const struct import_existing *known = &decider->finder.known;
    const struct import_choices made = import_choices_make(&scratch, known, line->attributes);
    string_builder_clear(words);
    if (known->state == SUBSCRIBER_PENDING && line->attributes->state == SUBSCRIBER_CONFIRMED)
        difference_add(words, "state", subscriber_state_name(SUBSCRIBER_PENDING),
                       subscriber_state_name(SUBSCRIBER_CONFIRMED));
    difference_add(words, "feeds", feeds_name(&scratch, known->choices, known->count),
                   feeds_name(&scratch, made.choices, made.count));
    difference_add(words, "cadence", cadences_name(&scratch, known->choices, known->count),
                   cadences_name(&scratch, made.choices, made.count));
    if (line->attributes->says_language)
        difference_add(words, "language", known->language, line->attributes->language);
    reason_set(decider, decision, kind, words->data);
    arena_release(&scratch);
}

/* What the line does not say stays, so it must be something that can stay. */
static bool unsaid_can_stay(struct import_decider *decider,
                            const struct import_attributes *attributes, struct error *reason)
{
    const struct import_existing *known = &decider->finder.known;
    if (attributes->says_feeds && !attributes->lists)
        return true;
    if (known->count == 0 && !attributes->says_feeds)
        return error_set(reason, ERROR_INPUT,
                         "known: follows no feed" ERROR_ADVICE "name the feeds");
    for (size_t i = 0; i < known->count; i++)
        if (!line_says(attributes, known->choices[i].feed) &&
            !feed_find(decider->service->feeds, known->choices[i].feed))
            return error_set(
                reason, ERROR_INPUT,
                "known: follows the feed \"%.60s\", which is not in feeds/ any more" ERROR_ADVICE
                "name the feeds",
                known->choices[i].feed);
    return true;
}

/* Of a pending subscriber whom the line says to be confirmed. */
static bool return_refuse(struct import_decider *decider, const struct import_line *line,
                          struct import_decision *decision, bool *is_refused, struct error *error)
{
    bool is_listed = false;
    enum subscriber_event departure = 0;
    struct arena scratch = { 0 };
    if (decider->has_suppressions &&
        !suppression_list_covers(decider->service, line->folded, &is_listed, error))
        return false;
    if (!departure_find(decider->service->database, decider->finder.known.row_id, &departure,
                        error))
        return false;
    *is_refused = is_listed || departure;
    if (*is_refused)
        reason_set(decider, decision, IMPORT_REFUSED,
                   arena_format(&scratch,
                                "known: is asked anew, was %s before, and no import brings "
                                "anybody back; only the person's own answer does",
                                is_listed ? "erased" : subscriber_event_name(departure)));
    arena_release(&scratch);
    return true;
}

static void follower_decide(struct import_decider *decider, const struct import_line *line,
                            struct import_decision *decision)
{
    struct error reason;
    const struct import_existing *known = &decider->finder.known;
    const struct import_attributes *attributes = line->attributes;
    bool is_granted = known->state == SUBSCRIBER_PENDING &&
                      attributes->state == SUBSCRIBER_CONFIRMED;
    if (is_granted &&
        !evidence_check(attributes->evidence, attributes->consent_at, decider->started_at, &reason))
        reason_set(decider, decision, IMPORT_REFUSED, reason.message);
    else if (!is_granted && is_same(known, attributes))
        decision->kind = IMPORT_SAME;
    else if (!decider->import->is_update)
        difference_explain(decider, line, decision, IMPORT_OTHER);
    else if (known->state == SUBSCRIBER_PENDING && !is_granted)
        reason_set(
            decider, decision, IMPORT_REFUSED,
            "known: was asked already, and what that mail lists stands until it is answered");
    else if (!unsaid_can_stay(decider, attributes, &reason))
        reason_set(decider, decision, IMPORT_REFUSED, reason.message);
    else
        difference_explain(decider, line, decision, IMPORT_CHANGED);
}

static void former_refuse(struct import_decider *decider, struct import_decision *decision)
{
    struct arena scratch = { 0 };
    const struct import_existing *known = &decider->finder.known;
    const char *since = instant_format_utc(&scratch, known->changed_at);
    reason_set(decider, decision, IMPORT_REFUSED,
               arena_format(&scratch,
                            "known: is %s since %.10s, and no import brings anybody back; only a "
                            "request of the person's own does",
                            subscriber_state_name(known->state), since));
    arena_release(&scratch);
}

static const char expired_refused[] =
    "state \"expired\" cannot be imported; write pending, confirmed, unsubscribed, bounced or "
    "complained";

static bool known_decide(struct import_decider *decider, const struct import_line *line,
                         struct import_decision *decision, struct error *error)
{
    const struct import_existing *known = &decider->finder.known;
    enum subscriber_state state = line->attributes->state;
    enum subscriber_state next = SUBSCRIBER_NONE;
    bool is_refused = false;
    decision->row_id = known->row_id;
    if (known->state == SUBSCRIBER_PENDING && state == SUBSCRIBER_CONFIRMED &&
        !return_refuse(decider, line, decision, &is_refused, error))
        return false;
    if (is_refused)
        return true;
    if (state == SUBSCRIBER_EXPIRED && known->state == SUBSCRIBER_EXPIRED) {
        decision->kind = IMPORT_SAME;
    } else if (state == SUBSCRIBER_EXPIRED) {
        reason_set(decider, decision, IMPORT_REFUSED, expired_refused);
    } else if (!import_is_former(state)) {
        if (known->state == SUBSCRIBER_PENDING || known->state == SUBSCRIBER_CONFIRMED)
            follower_decide(decider, line, decision);
        else
            former_refuse(decider, decision);
    } else if (subscriber_step(known->state, import_event_of(state), &next) == SUBSCRIBER_MOVES) {
        string_builder_clear(&decider->words);
        difference_add(&decider->words, "state", subscriber_state_name(known->state),
                       subscriber_state_name(next));
        reason_set(decider, decision, IMPORT_TAKEN_OUT, decider->words.data);
    } else {
        decision->kind = IMPORT_SAME;
    }
    return true;
}

/* ---- who is new ---- */

enum subscriber_event import_event_of(enum subscriber_state state)
{
    static const enum subscriber_event events[SUBSCRIBER_STATE_COUNT] = {
        [SUBSCRIBER_PENDING] = SUBSCRIBER_OFFERED,
        [SUBSCRIBER_CONFIRMED] = SUBSCRIBER_GRANTED,
        [SUBSCRIBER_UNSUBSCRIBED] = SUBSCRIBER_UNSUBSCRIBES,
        [SUBSCRIBER_BOUNCED] = SUBSCRIBER_BOUNCES,
        [SUBSCRIBER_COMPLAINED] = SUBSCRIBER_COMPLAINS,
    };

    return events[state];
}

static bool new_decide(struct import_decider *decider, const struct import_line *line,
                       struct import_decision *decision, struct error *error)
{
    bool is_listed = false;
    struct error reason;
    const struct import_attributes *attributes = line->attributes;
    if (decider->has_suppressions &&
        !suppression_list_covers(decider->service, line->folded, &is_listed, error))
        return false;
    if (is_listed) {
        reason_set(decider, decision, IMPORT_REFUSED,
                   "suppressed: was erased, and no import brings anybody back; only a request of "
                   "the person's own does");
    } else if (line->fault) {
        reason_set(decider, decision, IMPORT_REFUSED, line->fault);
    } else if (attributes->state == SUBSCRIBER_EXPIRED) {
        reason_set(decider, decision, IMPORT_REFUSED, expired_refused);
    } else if (attributes->state == SUBSCRIBER_PENDING && !import_has_one_cadence(attributes)) {
        reason_set(decider, decision, IMPORT_REFUSED,
                   "who is asked to confirm is asked for one cadence; write one for all feeds");
    } else if (attributes->state == SUBSCRIBER_PENDING) {
        decision->kind = IMPORT_ASKED;
    } else if (attributes->state != SUBSCRIBER_CONFIRMED) {
        reason_set(decider, decision, IMPORT_KEPT_OUT, subscriber_state_name(attributes->state));
    } else if (evidence_check(attributes->evidence, attributes->consent_at, decider->started_at,
                              &reason)) {
        decision->kind = IMPORT_CONFIRMED;
    } else {
        reason_set(decider, decision, IMPORT_REFUSED, reason.message);
    }
    return true;
}

bool import_decide(struct import_decider *decider, const struct import_line *line,
                   struct import_decision *decision, struct error *error)
{
    *decision = (struct import_decision){ .kind = IMPORT_REFUSED };
    if (!import_find(&decider->finder, line->folded, error))
        return false;
    if (decider->finder.known.row_id == 0)
        return new_decide(decider, line, decision, error);
    return known_decide(decider, line, decision, error);
}
