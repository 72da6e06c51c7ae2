/* SPDX-License-Identifier: MIT */
#include "receipt/words.h"

#include "address/group.h"
#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "queue/queue.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What became of a release's mailings, all of them together; of readers there are numbers alone. */
struct progress {
    int64_t announcement; /* 0: there is none */
    struct queue_delivery_counts counts;
    int64_t left;
    int64_t kept; /* of what is queued: somebody has to let it go */
    int64_t answers;
    bool has_digest; /* digests still have to bring it */
};

/* Whether it was cancelled before anything of it left: of such a one nothing is told where a later
 * mailing of the release took its place. */
static bool came_to_nothing(const struct queue_mailing *mailing)
{
    const int64_t *count = mailing->counts.count;
    return mailing->state == QUEUE_MAILING_CANCELLED &&
           !(count[QUEUE_SENT] + count[QUEUE_SENDING] + count[QUEUE_UNKNOWN] + count[QUEUE_FAILED]);
}

static bool read_counts(struct receipt_writer *writer, struct progress *progress,
                        struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    queue_mailing_cursor_open(&cursor, writer->service->database, writer->row->row_id, true);
    while (queue_mailing_cursor_next(&cursor, &mailing, error)) {
        if (mailing->kind != QUEUE_RELEASE || (progress->announcement && came_to_nothing(mailing)))
            continue;
        progress->announcement = mailing->announcement;
        progress->counts.audience += mailing->counts.audience;
        progress->counts.bounced += mailing->counts.bounced;
        if (mailing->state == QUEUE_MAILING_HELD || mailing->state == QUEUE_MAILING_PAUSED)
            progress->kept += mailing->counts.count[QUEUE_QUEUED] +
                              mailing->counts.count[QUEUE_DEFERRED];
        for (int state = 0; state < QUEUE_STATE_COUNT; state++)
            progress->counts.count[state] += mailing->counts.count[state];
    }
    return queue_mailing_cursor_close(&cursor);
}

static bool read_number(struct statement *statement, int64_t *number, struct error *error)
{
    bool found = false;
    if (!statement_find(statement, &found, error))
        return false;
    *number = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

/* By who left since, of whom there are few, and not by who was mailed: the sum keeps an index of
 * all that ever left from being taken for it. */
static bool read_left(struct receipt_writer *writer, struct progress *progress, struct error *error)
{
    struct statement *statement = database_prepare(
        writer->service->database,
        "SELECT count(*) FROM subscriber s WHERE s.state > @SUBSCRIBER_CONFIRMED@"
        " AND s.state + 0 = @SUBSCRIBER_UNSUBSCRIBED@ AND s.changed_at >= $2"
        " AND EXISTS (SELECT 1 FROM delivery d WHERE d.announcement = $1"
        " AND d.subscriber = s.row_id AND d.state = @QUEUE_SENT@)",
        error);
    statement_bind_integer(statement, 1, progress->announcement);
    statement_bind_integer(statement, 2, writer->row->public_at);
    return read_number(statement, &progress->left, error);
}

static bool read_digest(struct receipt_writer *writer, struct progress *progress,
                        struct error *error)
{
    int64_t count = 0;
    struct statement *statement = database_prepare(
        writer->service->database,
        "SELECT count(*) FROM digest_item WHERE release_row_id = $1 AND voided_at IS NULL"
        " AND stopped_at IS NULL AND (daily_issue IS NULL OR weekly_issue IS NULL)"
        " AND EXISTS (SELECT 1 FROM digest_subscription)",
        error);
    statement_bind_integer(statement, 1, writer->row->row_id);
    if (!read_number(statement, &count, error))
        return false;
    progress->has_digest = count > 0;
    return true;
}

/* ---- who refused ---- */

struct refuser {
    char name[ADDRESS_GROUP_SIZE];
    int64_t count;
};

struct refusers {
    struct refuser *items;
    size_t count;
    size_t capacity;
};

static void add_refuser(struct refusers *refusers, const char *address)
{
    char name[ADDRESS_GROUP_SIZE];
    address_group(address, name);
    for (size_t i = 0; i < refusers->count; i++) {
        if (strcmp(refusers->items[i].name, name) == 0) {
            refusers->items[i].count++;
            return;
        }
    }
    ARRAY_GROW(refusers->items, refusers->count, refusers->capacity);
    struct refuser *refuser = &refusers->items[refusers->count++];
    memcpy(refuser->name, name, sizeof refuser->name);
    refuser->count = 1;
}

static bool read_refusers(struct receipt_writer *writer, const struct progress *progress,
                          struct refusers *refusers, struct error *error)
{
    struct statement *statement = database_prepare(
        writer->service->database,
        "SELECT s.address FROM delivery d JOIN subscriber s ON s.row_id = d.subscriber"
        " WHERE d.announcement = $1 AND (d.state = @QUEUE_FAILED@ OR"
        " (d.state = @QUEUE_SENT@ AND d.feedback <> 0))",
        error);
    statement_bind_integer(statement, 1, progress->announcement);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        const char *address = statement_text(statement, 0);
        if (address && *address)
            add_refuser(refusers, address);
    }
    return result == STATEMENT_DONE;
}

static int compare_refusers(const void *left, const void *right)
{
    const struct refuser *a = left;
    const struct refuser *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* "gmail.com 3, kommune.example 1", the ten that refused most. */
static const char *refuser_names(struct receipt_writer *writer, struct refusers *refusers)
{
    enum { NAMED_MAXIMUM = 10 };
    struct string_builder names;
    if (!refusers->count)
        return NULL;
    qsort(refusers->items, refusers->count, sizeof *refusers->items, compare_refusers);
    string_builder_init(&names, 0);
    for (size_t i = 0; i < refusers->count && i < NAMED_MAXIMUM; i++)
        string_builder_append_format(&names, "%s%s %" PRId64, i ? ", " : "",
                                     refusers->items[i].name, refusers->items[i].count);
    string_builder_append(&names, refusers->count > NAMED_MAXIMUM ? " …" : "");
    const char *copy = arena_copy_bytes(writer->arena, names.data, names.length);
    string_builder_release(&names);
    return copy;
}

/* ---- the words ---- */

static void say_number(struct receipt_writer *writer, const char *label_key, int64_t number)
{
    const struct mail_resources *resources = writer->service->settings->resources;
    writer_fact(writer, label_key,
                locale_number(resources->locale, writer->arena, writer->wording.language, number));
}

static int64_t count_waiting(const struct progress *progress)
{
    const int64_t *count = progress->counts.count;
    return count[QUEUE_QUEUED] + count[QUEUE_SENDING] + count[QUEUE_DEFERRED];
}

static void say_numbers(struct receipt_writer *writer, const struct progress *progress)
{
    const int64_t *count = progress->counts.count;
    int64_t waiting = count_waiting(progress);
    say_number(writer, "receipt_fact_delivered", count[QUEUE_SENT] - progress->counts.bounced);
    say_number(writer, "receipt_fact_refused", count[QUEUE_FAILED] + progress->counts.bounced);
    if (waiting)
        say_number(writer, "receipt_fact_waiting", waiting);
    if (count[QUEUE_UNKNOWN])
        say_number(writer, "receipt_fact_unknown", count[QUEUE_UNKNOWN]);
    if (count[QUEUE_CANCELLED] + count[QUEUE_SUPPRESSED])
        say_number(writer, "receipt_fact_left_out",
                   count[QUEUE_CANCELLED] + count[QUEUE_SUPPRESSED]);
    say_number(writer, "receipt_fact_left", progress->left);
    if (writer->service->count_answers)
        say_number(writer, "receipt_fact_answers", progress->answers);
}

static bool read_progress(struct receipt_writer *writer, struct progress *progress,
                          struct error *error)
{
    const struct receipt_service *service = writer->service;
    if (!read_counts(writer, progress, error) || !progress->announcement)
        return progress->announcement == 0 && error->kind == ERROR_NONE;
    return read_left(writer, progress, error) && read_digest(writer, progress, error) &&
           (!service->count_answers ||
            service->count_answers(service->database, progress->announcement, &progress->answers,
                                   error));
}

bool words_of_progress(struct receipt_writer *writer, enum receipt_event event, bool *is_told,
                       struct error *error)
{
    struct progress progress = { 0 };
    struct refusers refusers = { 0 };
    error->kind = ERROR_NONE;
    *is_told = false;
    if (!read_progress(writer, &progress, error))
        return false;
    if (!progress.announcement || !progress.counts.audience)
        return true;
    bool done = read_refusers(writer, &progress, &refusers, error);
    if (done) {
        *is_told = true;
        if (event == RECEIPT_HOUR)
            writer_head(writer, "receipt_subject_hour", "receipt_title_hour");
        else
            writer_head(writer, "receipt_subject_day", "receipt_title_day");
        if (progress.kept)
            writer_paragraph(writer,
                             writer_count(writer, "receipt_mail_waits", progress.kept, NULL, NULL));
        say_numbers(writer, &progress);
        writer_fact(writer, "receipt_fact_refusers", refuser_names(writer, &refusers));
        if (progress.has_digest)
            writer_paragraph(writer, writer_text(writer, "receipt_digests_follow"));
        writer_link(writer, "receipt_link_page", writer_page(writer, writer->row));
        if (count_waiting(&progress) || progress.has_digest)
            writer_stop(writer);
    }
    free(refusers.items);
    return done;
}
