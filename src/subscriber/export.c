/* SPDX-License-Identifier: MIT */
#include "subscriber/transfer.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "database/database.h"
#include "list/csv.h"
#include "list/list.h"
#include "subscriber/subscriber.h"

struct exporter {
    struct database *database;
    FILE *stream;
    struct text line;
    int64_t count;
};

static void subscriptions_fields(struct text *line, const struct subscriber *subscriber)
{
    struct text feeds;
    struct text cadences;
    bool is_uniform = true;
    text_init(&feeds, 0);
    text_init(&cadences, 0);
    for (const struct subscriber_subscription *s = subscriber->subscriptions; s; s = s->next) {
        text_append_format(&feeds, "%s%s", feeds.length ? " " : "", s->feed);
        text_append_format(&cadences, "%s%s", cadences.length ? " " : "",
                           subscriber_cadence_name(s->cadence));
        is_uniform = is_uniform && s->cadence == subscriber->subscriptions->cadence;
    }
    csv_write_field(line, feeds.data, false);
    csv_write_field(line,
                    is_uniform && subscriber->subscriptions
                        ? subscriber_cadence_name(subscriber->subscriptions->cadence)
                        : cadences.data,
                    false);
    text_release(&cadences);
    text_release(&feeds);
}

/* The last event that made or kept the person confirmed is the proof. */
static bool consent_fields(struct exporter *exporter, const struct subscriber *subscriber,
                           struct error *error)
{
    bool found = false;
    struct arena arena = { 0 };
    struct statement *statement = database_prepare(
        exporter->database,
        "SELECT COALESCE(consent_at, at), way, evidence FROM event"
        " WHERE subscriber = $1 AND event IN ($2, $3) ORDER BY number DESC LIMIT 1",
        error);
    statement_bind_integer(statement, 1, subscriber->id);
    statement_bind_integer(statement, 2, SUBSCRIBER_GRANTED);
    statement_bind_integer(statement, 3, SUBSCRIBER_CONFIRMS);
    if (!statement_find(statement, &found, error))
        return false;
    if (found) {
        const char *evidence = statement_text(statement, 2);
        const char *way = subscriber_way_name((enum subscriber_way)statement_integer(statement, 1));
        csv_write_field(&exporter->line,
                        instant_format_utc(&arena, statement_integer(statement, 0)), false);
        csv_write_field(&exporter->line,
                        evidence ? evidence : arena_format(&arena, "double opt-in (%s)", way),
                        true);
        statement_reset(statement);
    } else {
        text_append(&exporter->line, ",\n");
    }
    arena_release(&arena);
    return true;
}

static bool subscriber_write(void *payload, const struct subscriber *subscriber,
                             struct error *error)
{
    struct exporter *exporter = payload;
    text_clear(&exporter->line);
    csv_write_field(&exporter->line, subscriber->address, false);
    subscriptions_fields(&exporter->line, subscriber);
    csv_write_field(&exporter->line, subscriber->language, false);
    csv_write_field(&exporter->line, subscriber_state_name(subscriber->state), false);
    if (!consent_fields(exporter, subscriber, error))
        return false;
    exporter->count++;
    if (fputs(exporter->line.data, exporter->stream) >= 0)
        return true;
    return error_set(error, ERROR_SYSTEM, "export: the list cannot be written; check the disk");
}

bool subscriber_export_csv(const struct subscriber_office *office, FILE *stream, int64_t *count,
                           struct error *error)
{
    struct exporter exporter = { .database = office->database, .stream = stream };
    text_init(&exporter.line, 0);
    for (int i = 0; i < LIST_KEY_COUNT; i++)
        csv_write_field(&exporter.line, list_keys[i], i == LIST_KEY_COUNT - 1);
    bool done = fputs(exporter.line.data, stream) >= 0;
    if (!done)
        (void)error_set(error, ERROR_SYSTEM, "export: the list cannot be written; check the disk");
    done = done &&
           subscriber_each(office->database, SUBSCRIBER_NONE, subscriber_write, &exporter, error);
    if (done && fflush(stream) != 0)
        done = error_set(error, ERROR_SYSTEM, "export: the list cannot be written; check the disk");
    text_release(&exporter.line);
    if (done)
        *count = exporter.count;
    return done;
}
