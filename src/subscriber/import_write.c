/* SPDX-License-Identifier: MIT */
#include "subscriber/import_write.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/words.h"
#include "database/database.h"
#include "digest/digest.h"
#include "queue/queue.h"
#include "subscriber/consent.h"

#include <string.h>

void import_writer_init(struct import_writer *writer, const struct subscriber_service *service,
                        int64_t started_at, int64_t pace_ms)
{
    *writer = (struct import_writer){ .service = service,
                                      .started_at = started_at,
                                      .pace_ms = pace_ms };
    import_finder_init(&writer->finder, service->database);
    import_rows_init(&writer->rows, service->database, started_at);
}

void import_writer_release(struct import_writer *writer)
{
    import_finder_release(&writer->finder);
    import_rows_release(&writer->rows);
}

bool import_writer_begin(struct import_writer *writer, int64_t asked, struct error *error)
{
    writer->asked = asked;
    /* What waited for a transaction that failed is not this one's. */
    writer->subscriber_count = 0;
    return import_rows_begin(&writer->rows, error);
}

/* ---- who is new ---- */

/* Ids of one import grow by random steps from a random start: a million rows are appended to their
 * tables, not scattered over them. */
static int64_t id_next(struct import_writer *writer)
{
    const uint64_t step_bits = (UINT64_C(1) << 40) - 1;
    struct random *random = writer->service->random;
    if (writer->next_row_id == 0 || writer->next_row_id > INT64_MAX - (int64_t)(2 * step_bits))
        writer->next_row_id = random_positive(random) >> 1;
    if (writer->id_step_count == 0) {
        random->fill(random, writer->id_steps, sizeof writer->id_steps);
        writer->id_step_count = IMPORT_ID_STEPS;
    }
    writer->next_row_id += 1 + (int64_t)(writer->id_steps[--writer->id_step_count] & step_bits);
    return writer->next_row_id;
}

static bool confirmed_write(struct import_writer *writer,
                            const struct import_attributes *attributes, int64_t row_id,
                            struct error *error)
{
    const char *rest = attributes->feeds;
    struct subscription_row row = { .subscriber = row_id };
    for (size_t i = 0; words_next(&rest, &row.feed, &row.feed_length); i++) {
        row.cadence = attributes->cadences[attributes->cadence_count > 1 ? i : 0];
        if (!import_rows_subscription(&writer->rows, &row, error))
            return false;
    }
    return true;
}

static bool asked_write(struct import_writer *writer, const struct import_attributes *attributes,
                        int64_t row_id, struct error *error)
{
    struct subscriber_outcome outcome = { .subscriber = row_id };
    const struct checked_request request = {
        .feeds = attributes->feeds,
        .cadence = attributes->cadences[0],
        .language = attributes->language,
        .now_at = writer->started_at,
        .mail_at = writer->started_at + writer->asked++ * writer->pace_ms,
    };
    return request_make(writer->service, &request, &outcome, error);
}

/* What belongs to a subscriber just inserted. */
static bool subscriber_complete(struct import_writer *writer,
                                const struct import_subscriber *subscriber, struct error *error)
{
    const struct import_attributes *attributes = subscriber->line->attributes;
    const struct import_event event = { .subscriber = subscriber->row_id,
                                        .event = import_event_of(attributes->state),
                                        .attributes = attributes,
                                        .feeds = attributes->feeds };
    if (!import_rows_event(&writer->rows, &event, error))
        return false;
    if (subscriber->state == SUBSCRIBER_CONFIRMED)
        return confirmed_write(writer, attributes, subscriber->row_id, error);
    return subscriber->state != SUBSCRIBER_PENDING ||
           asked_write(writer, attributes, subscriber->row_id, error);
}

static bool subscribers_write(struct import_writer *writer, struct error *error)
{
    size_t count = writer->subscriber_count;
    writer->subscriber_count = 0;
    if (!import_rows_subscribers(&writer->rows, writer->subscribers, count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!subscriber_complete(writer, &writer->subscribers[i], error))
            return false;
    return true;
}

bool import_writer_end(struct import_writer *writer, struct error *error)
{
    return subscribers_write(writer, error) && import_rows_end(&writer->rows, error);
}

static bool new_write(struct import_writer *writer, const struct import_line *line,
                      struct error *error)
{
    writer->subscribers[writer->subscriber_count++] = (struct import_subscriber){
        .row_id = id_next(writer),
        .state = line->attributes->state,
        .line = line,
    };
    return writer->subscriber_count < IMPORT_ROWS_AT_ONCE || subscribers_write(writer, error);
}

/* ---- who is known ---- */

/* In place of what waited. *feeds: their names. */
static bool choices_write(struct import_writer *writer, const struct import_choices *made,
                          struct string_builder *feeds, struct error *error)
{
    int64_t row_id = writer->finder.known.row_id;
    if (!subscriptions_delete(writer->service->database, row_id, error))
        return false;
    for (size_t i = 0; i < made->count; i++) {
        const struct subscription_row row = { .subscriber = row_id,
                                              .feed = made->choices[i].feed,
                                              .feed_length = strlen(made->choices[i].feed),
                                              .cadence = made->choices[i].cadence,
                                              .is_active = true,
                                              .since_at = writer->started_at };
        string_builder_append_format(feeds, "%s%s", i ? " " : "", row.feed);
        if (!subscription_write(writer->service->database, &row, error))
            return false;
    }
    return true;
}

/* A pending subscriber whose consent was given elsewhere. The confirmation mail lists other
 * feeds, so it does not leave any more, and its link is void. */
static bool grant_write(struct import_writer *writer, const struct import_attributes *attributes,
                        const struct import_choices *made, struct string_builder *feeds,
                        struct error *error)
{
    int64_t suppressed = 0;
    struct database *database = writer->service->database;
    const struct import_existing *known = &writer->finder.known;
    const struct subscriber_row subscriber = {
        .row_id = known->row_id,
        .state = SUBSCRIBER_CONFIRMED,
        .language = attributes->says_language ? attributes->language : known->language,
    };
    bool is_uniform = true;
    for (size_t i = 1; i < made->count; i++)
        is_uniform = is_uniform && made->choices[i].cadence == made->choices[0].cadence;
    bool done = choices_write(writer, made, feeds, error);
    const struct subscriber_event_row event = {
        .at = writer->started_at,
        .event = SUBSCRIBER_GRANTED,
        .feeds = feeds->data,
        .cadence = is_uniform ? subscriber_cadence_name(made->choices[0].cadence) : NULL,
        .language = subscriber.language,
        .consent_at = attributes->consent_at,
        .proof = { .way = SUBSCRIBER_BY_IMPORT, .evidence = attributes->evidence },
    };
    done = done && requests_void(database, subscriber.row_id, writer->started_at, error) &&
           queue_suppress_subscriber(database, subscriber.row_id, writer->started_at, &suppressed,
                                     error) &&
           digest_backlog_drop_all(database, subscriber.row_id, error) &&
           subscriber_row_update(database, &subscriber, NULL, writer->started_at, error) &&
           event_insert(database, subscriber.row_id, &event, error);
    return done;
}

static bool change_write(struct import_writer *writer, const struct import_attributes *attributes,
                         int64_t row_id, struct error *error)
{
    struct arena arena = { 0 };
    struct string_builder feeds;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_IMPORT,
                                            .evidence = attributes->evidence };
    string_builder_init(&feeds, 0);
    bool done = import_find_row_id(&writer->finder, row_id, error);
    if (done) {
        const struct import_choices made = import_choices_make(&arena, &writer->finder.known,
                                                               attributes);
        const struct subscriber_preferences preferences = {
            .choices = made.choices,
            .count = made.count,
            .language = attributes->says_language ? attributes->language : NULL,
        };
        done = writer->finder.known.state == SUBSCRIBER_PENDING
                   ? grant_write(writer, attributes, &made, &feeds, error)
                   : subscriber_change(writer->service, row_id, &preferences, &proof, error);
    }
    string_builder_release(&feeds);
    arena_release(&arena);
    return done;
}

static bool former_write(struct import_writer *writer, const struct import_attributes *attributes,
                         int64_t row_id, struct error *error)
{
    bool known = false;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_IMPORT,
                                            .evidence = attributes->evidence };
    if (attributes->state == SUBSCRIBER_UNSUBSCRIBED)
        return subscriber_unsubscribe(writer->service, row_id, &proof, &known, error);
    return subscriber_deactivate(writer->service, row_id, import_event_of(attributes->state),
                                 &proof, error);
}

bool import_write(struct import_writer *writer, const struct import_line *line,
                  const struct import_decision *decision, struct error *error)
{
    switch (decision->kind) {
    case IMPORT_CONFIRMED:
    case IMPORT_ASKED:
    case IMPORT_KEPT_OUT:
        return new_write(writer, line, error);
    case IMPORT_CHANGED:
        return change_write(writer, line->attributes, decision->row_id, error);
    case IMPORT_TAKEN_OUT:
        return former_write(writer, line->attributes, decision->row_id, error);
    case IMPORT_SAME:
    case IMPORT_OTHER:
    case IMPORT_REFUSED:
    case IMPORT_KIND_COUNT:
        break;
    }
    return true;
}
