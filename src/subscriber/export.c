/* SPDX-License-Identifier: MIT */
#include "subscriber/transfer.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "list/csv_write.h"
#include "list/list.h"
#include "subscriber/subscriber.h"

#include <string.h>

struct exporter {
    struct database *database;
    FILE *stream;
    const struct csv_form *form;
    struct string_builder line;
    int64_t count;
};

static void field_write(struct exporter *exporter, const char *value)
{
    csv_write_field(&exporter->line, exporter->form, value, false);
}

static void last_field_write(struct exporter *exporter, const char *value)
{
    csv_write_field(&exporter->line, exporter->form, value, true);
}

/* What a confirmed subscriber has asked for and not confirmed is left out: who reads the list would
 * take it for confirmed. */
static bool is_listed(const struct subscriber *subscriber,
                      const struct subscriber_subscription *subscription)
{
    return subscription->is_active || subscriber->state != SUBSCRIBER_CONFIRMED;
}

/* One cadence for all feeds where that is so, else one each. */
static void subscriptions_fields(struct exporter *exporter, const struct subscriber *subscriber)
{
    struct string_builder feeds;
    struct string_builder cadences;
    const char *first = NULL;
    bool is_uniform = true;
    string_builder_init(&feeds, 0);
    string_builder_init(&cadences, 0);
    for (const struct subscriber_subscription *s = subscriber->subscriptions; s; s = s->next) {
        const char *cadence = subscriber_cadence_name(s->cadence);
        if (!is_listed(subscriber, s))
            continue;
        string_builder_append_format(&feeds, "%s%s", first ? " " : "", s->feed);
        string_builder_append_format(&cadences, "%s%s", first ? " " : "", cadence);
        is_uniform = is_uniform && (!first || strcmp(cadence, first) == 0);
        first = first ? first : cadence;
    }
    field_write(exporter, feeds.data);
    field_write(exporter, is_uniform && first ? first : cadences.data);
    string_builder_release(&cadences);
    string_builder_release(&feeds);
}

/* The last event that made or kept the subscriber confirmed is the proof. */
static bool consent_fields(struct exporter *exporter, const struct subscriber *subscriber,
                           struct error *error)
{
    bool found = false;
    struct arena arena = { 0 };
    struct statement *statement = database_prepare(
        exporter->database,
        "SELECT COALESCE(consent_at, at), way, evidence FROM event"
        " WHERE subscriber = $1 AND event IN (@SUBSCRIBER_GRANTED@, @SUBSCRIBER_CONFIRMS@)"
        " ORDER BY number DESC LIMIT 1",
        error);
    statement_bind_integer(statement, 1, subscriber->row_id);
    if (!statement_find(statement, &found, error))
        return false;
    if (found) {
        const char *evidence = statement_text(statement, 2);
        const char *way = subscriber_way_name((enum subscriber_way)statement_integer(statement, 1));
        field_write(exporter, instant_format_utc(&arena, statement_integer(statement, 0)));
        last_field_write(exporter,
                         evidence ? evidence : arena_format(&arena, "double opt-in (%s)", way));
        statement_reset(statement);
    } else {
        field_write(exporter, "");
        last_field_write(exporter, "");
    }
    arena_release(&arena);
    return true;
}

/* Writes the line out. */
static bool line_end(struct exporter *exporter, struct error *error)
{
    if (fputs(exporter->line.data, exporter->stream) >= 0)
        return true;
    return error_set(error, ERROR_SYSTEM,
                     "export: the list cannot be written" ERROR_ADVICE "check the disk");
}

static bool line_write(struct exporter *exporter, const struct subscriber *subscriber,
                       struct error *error)
{
    string_builder_clear(&exporter->line);
    field_write(exporter, subscriber->address);
    subscriptions_fields(exporter, subscriber);
    field_write(exporter, subscriber->language);
    field_write(exporter, subscriber_state_name(subscriber->state));
    if (!consent_fields(exporter, subscriber, error))
        return false;
    exporter->count++;
    return line_end(exporter, error);
}

static bool lines_write(struct exporter *exporter, struct error *error)
{
    struct subscriber_cursor cursor;
    const struct subscriber *subscriber;
    bool done = true;
    subscriber_cursor_open(&cursor, exporter->database, SUBSCRIBER_NONE);
    while (done && subscriber_cursor_next(&cursor, &subscriber, error))
        done = line_write(exporter, subscriber, error);
    return subscriber_cursor_close(&cursor) && done;
}

bool subscriber_export_csv(const struct subscriber_service *service, FILE *stream, bool for_excel,
                           int64_t *count, struct error *error)
{
    struct exporter exporter = { .database = service->database,
                                 .stream = stream,
                                 .form = for_excel ? &csv_form_excel : &csv_form_plain };
    string_builder_init(&exporter.line, 0);
    string_builder_append(&exporter.line, exporter.form->beginning);
    for (int i = 0; i < LIST_KEY_COUNT; i++)
        csv_write_field(&exporter.line, exporter.form, list_keys[i], i == LIST_KEY_COUNT - 1);
    bool done = line_end(&exporter, error) && lines_write(&exporter, error);
    if (done && fflush(stream) != 0)
        done = error_set(error, ERROR_SYSTEM,
                         "export: the list cannot be written" ERROR_ADVICE "check the disk");
    string_builder_release(&exporter.line);
    if (done)
        *count = exporter.count;
    return done;
}
