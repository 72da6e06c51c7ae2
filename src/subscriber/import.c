/* SPDX-License-Identifier: MIT */
#include "subscriber/transfer.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/words.h"
#include "database/database.h"
#include "subscriber/consent.h"
#include "subscriber/import_line.h"
#include "subscriber/import_rows.h"

#include <stdlib.h>
#include <string.h>

/* A batch is read, sorted by address and written in several transactions: rows that stand together
 * in an index are written together, not a page of it for each. A transaction is short enough for
 * others to wait for. */
enum { BATCH_LINES = 250000, CHUNK_LINES = 20000, STEPS_AT_ONCE = 64 };

struct refusal {
    int64_t line;
    const char *address;
    const char *reason;
};

struct batch {
    struct arena arena;
    size_t count;
    size_t refusal_count;
    struct import_line lines_read[BATCH_LINES];
    struct refusal refusals[BATCH_LINES];
};

struct importer {
    const struct subscriber_office *office;
    const struct subscriber_import *import;
    struct subscriber_import_counts *counts;
    struct import_reader reader;
    int64_t started_at; /* the created_at of all its people: tells duplicates from known */
    int64_t next_id;
    uint64_t id_steps[STEPS_AT_ONCE]; /* random numbers not yet used */
    size_t id_step_count;
    struct import_rows rows;
    struct batch *batch;
};

static void refuse(struct importer *importer, int64_t line, const char *address,
                   const struct error *reason)
{
    struct batch *batch = importer->batch;
    batch->refusals[batch->refusal_count++] = (struct refusal){
        .line = line,
        .address = arena_copy(&batch->arena, address),
        .reason = arena_copy(&batch->arena, reason->message),
    };
    importer->counts->count[IMPORT_REFUSED]++;
}

/* ---- writing a person ---- */

/* Ids of one import grow by random steps from a random start: a million rows are appended to their
 * tables, not scattered over them. */
static int64_t id_next(struct importer *importer)
{
    const uint64_t step_bits = (UINT64_C(1) << 40) - 1;
    if (importer->next_id == 0 || importer->next_id > INT64_MAX - (int64_t)(2 * step_bits))
        importer->next_id = random_positive(importer->office->random) >> 1;
    if (importer->id_step_count == 0) {
        importer->office->random->fill(importer->office->random, importer->id_steps,
                                       sizeof importer->id_steps);
        importer->id_step_count = STEPS_AT_ONCE;
    }
    importer->next_id += 1 + (int64_t)(importer->id_steps[--importer->id_step_count] & step_bits);
    return importer->next_id;
}

static bool confirmed_write(struct importer *importer, const struct import_manner *manner,
                            int64_t id, struct error *error)
{
    const char *rest = manner->feeds;
    struct subscription_row row = { .subscriber = id };
    importer->counts->count[IMPORT_CONFIRMED]++;
    for (size_t i = 0; words_next(&rest, &row.feed, &row.feed_length); i++) {
        row.cadence = manner->cadences[manner->has_cadence_each ? i : 0];
        if (!import_rows_subscription(&importer->rows, &row, error))
            return false;
    }
    return true;
}

static bool pending_write(struct importer *importer, const struct import_manner *manner, int64_t id,
                          struct error *error)
{
    struct subscriber_outcome outcome = { .subscriber = id };
    int64_t pace_ms = importer->import->pending_pace_ms;
    const struct checked_wish wish = {
        .feeds = manner->feeds,
        .cadence = manner->cadences[0],
        .language = manner->language,
        .now_at = importer->started_at,
        .mail_at = importer->started_at +
                   importer->counts->count[IMPORT_ASKED] * (pace_ms ? pace_ms : DURATION_SECOND),
    };
    importer->counts->count[IMPORT_ASKED]++;
    importer->counts->asking_ms = wish.mail_at - importer->started_at;
    return wish_request(importer->office, &wish, &outcome, error);
}

/* What an import's state means to the state machine. */
static const enum subscriber_event events[SUBSCRIBER_STATE_COUNT] = {
    [SUBSCRIBER_PENDING] = SUBSCRIBER_OFFERED,      [SUBSCRIBER_CONFIRMED] = SUBSCRIBER_GRANTED,
    [SUBSCRIBER_UNSUBSCRIBED] = SUBSCRIBER_LEAVES,  [SUBSCRIBER_BOUNCED] = SUBSCRIBER_BOUNCES,
    [SUBSCRIBER_COMPLAINED] = SUBSCRIBER_COMPLAINS,
};

/* What belongs to a person just inserted. */
static bool person_complete(struct importer *importer, const struct import_person *person,
                            struct error *error)
{
    const struct import_manner *manner = person->line->manner;
    bool follows = person->state == SUBSCRIBER_PENDING || person->state == SUBSCRIBER_CONFIRMED;
    const struct import_event event = { .subscriber = person->id,
                                        .event = events[manner->state],
                                        .manner = manner,
                                        .feeds = follows ? manner->feeds : "" };
    if (!import_rows_event(&importer->rows, &event, error))
        return false;
    if (person->state == SUBSCRIBER_CONFIRMED)
        return confirmed_write(importer, manner, person->id, error);
    if (person->state == SUBSCRIBER_PENDING)
        return pending_write(importer, manner, person->id, error);
    importer->counts->count[IMPORT_KEPT_OUT]++;
    return true;
}

/* Why the row was not inserted. */
static bool known_refuse(struct importer *importer, const struct import_line *line,
                         struct error *error)
{
    struct person person;
    struct arena arena = { 0 };
    bool done = person_find(importer->office->database, &arena, line->folded, &person, error);
    arena_release(&arena);
    if (!done)
        return false;
    if (person.created_at == importer->started_at)
        return error_set(error, ERROR_INPUT, "duplicate: the address stands on a line before");
    return error_set(error, ERROR_INPUT, "known: is %s already; `subscriber show` tells more",
                     subscriber_state_name(person.state));
}

/* The person that a line would make. */
static bool person_check(struct importer *importer, const struct import_line *line,
                         struct import_person *person, struct error *error)
{
    bool is_suppressed = false;
    *person = (struct import_person){ .line = line };
    if (importer->rows.has_suppressions &&
        !suppression_covers(importer->office, line->folded, &is_suppressed, error))
        return false;
    if (is_suppressed)
        return error_set(error, ERROR_INPUT,
                         "suppressed: was erased after the person said no; leave it out");
    if (subscriber_step(SUBSCRIBER_NONE, events[line->manner->state], &person->state) !=
        SUBSCRIBER_MOVES)
        return error_set(error, ERROR_INPUT, "an unknown person cannot be %s",
                         subscriber_state_name(line->manner->state));
    person->id = id_next(importer);
    return true;
}

/* Whether the work goes on: what is wrong with the line alone is noted. */
static bool refuse_or_fail(struct importer *importer, const struct import_line *line,
                           const struct error *reason, struct error *error)
{
    if (reason->kind == ERROR_INPUT)
        refuse(importer, line->number, line->typed, reason);
    else
        *error = *reason;
    return reason->kind == ERROR_INPUT;
}

static bool people_write(struct importer *importer, struct import_person *people, size_t count,
                         struct error *error)
{
    if (!import_rows_people(&importer->rows, people, count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct error reason = { 0 };
        bool done = people[i].is_new ? person_complete(importer, &people[i], &reason)
                                     : known_refuse(importer, people[i].line, &reason);
        if (!done && !refuse_or_fail(importer, people[i].line, &reason, error))
            return false;
    }
    return true;
}

/* ---- a batch ---- */

/* Among equal addresses the first line is the one that goes in. */
static int compare_addresses(const void *left, const void *right)
{
    const struct import_line *a = left;
    const struct import_line *b = right;
    if (a->beginning != b->beginning)
        return a->beginning < b->beginning ? -1 : 1;
    int order = strcmp(a->folded, b->folded);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

static int compare_refusals(const void *left, const void *right)
{
    const struct refusal *a = left;
    const struct refusal *b = right;
    return (a->line > b->line) - (a->line < b->line);
}

/* A batch of lines, fewer at the end. False where no line after these can be read: they are good
 * all the same. */
static bool batch_read(struct importer *importer, bool *at_end, struct error *error)
{
    struct batch *batch = importer->batch;
    const struct import_manner *before = NULL;
    arena_release(&batch->arena);
    batch->count = 0;
    batch->refusal_count = 0;
    while (batch->count + batch->refusal_count < BATCH_LINES) {
        struct error reason = { 0 };
        struct import_line *line = &batch->lines_read[batch->count];
        enum list_result result = list_reader_next(importer->reader.list, &reason);
        *at_end = result == LIST_END;
        if (*at_end)
            return true;
        if (result == LIST_FAILED) {
            *error = reason;
            return false;
        }
        if (result == LIST_RECORD &&
            import_line_read(&importer->reader, &batch->arena, before, line, &reason)) {
            before = line->manner;
            batch->count++;
        } else {
            importer->counts->lines++;
            refuse(importer, list_reader_line(importer->reader.list),
                   list_reader_field(importer->reader.list, LIST_ADDRESS), &reason);
        }
    }
    return true;
}

static bool chunk_write(struct importer *importer, size_t from, size_t until, struct error *error)
{
    const struct batch *batch = importer->batch;
    struct import_person people[IMPORT_ROWS_AT_ONCE];
    size_t count = 0;
    if (!import_rows_begin(&importer->rows, error))
        return false;
    for (size_t i = from; i < until; i++) {
        struct error reason = { 0 };
        const struct import_line *line = &batch->lines_read[i];
        if (person_check(importer, line, &people[count], &reason))
            count++;
        else if (!refuse_or_fail(importer, line, &reason, error))
            return false;
        if (count < IMPORT_ROWS_AT_ONCE)
            continue;
        if (!people_write(importer, people, count, error))
            return false;
        count = 0;
    }
    return people_write(importer, people, count, error) && import_rows_end(&importer->rows, error);
}

/* What is not committed is not counted, nor told: whoever imports the file again is told it then.
 */
static bool chunk_commit(struct importer *importer, size_t from, size_t until, struct error *error)
{
    struct database *database = importer->office->database;
    const struct subscriber_import_counts counts = *importer->counts;
    size_t refusal_count = importer->batch->refusal_count;
    if (database_begin(database, error) &&
        database_end(database, chunk_write(importer, from, until, error), error)) {
        importer->counts->lines += (int64_t)(until - from);
        return true;
    }
    *importer->counts = counts;
    importer->batch->refusal_count = refusal_count;
    return false;
}

static void progress_tell(const struct importer *importer)
{
    if (importer->import->progress)
        importer->import->progress(importer->import->payload, importer->counts->lines);
}

static bool batch_write(struct importer *importer, struct error *error)
{
    struct batch *batch = importer->batch;
    qsort(batch->lines_read, batch->count, sizeof *batch->lines_read, compare_addresses);
    progress_tell(importer);
    for (size_t from = 0; from < batch->count; from += CHUNK_LINES) {
        size_t until = batch->count - from < CHUNK_LINES ? batch->count : from + CHUNK_LINES;
        if (!chunk_commit(importer, from, until, error))
            return false;
        progress_tell(importer);
    }
    return true;
}

static bool batch_tell(struct importer *importer, struct error *error)
{
    struct batch *batch = importer->batch;
    if (!importer->import->tell)
        return true;
    qsort(batch->refusals, batch->refusal_count, sizeof *batch->refusals, compare_refusals);
    for (size_t i = 0; i < batch->refusal_count; i++) {
        const struct subscriber_import_line line = { .line = batch->refusals[i].line,
                                                     .address = batch->refusals[i].address,
                                                     .kind = IMPORT_REFUSED,
                                                     .reason = batch->refusals[i].reason };
        if (!importer->import->tell(importer->import->payload, &line, error))
            return false;
    }
    return true;
}

/* ---- the whole file ---- */

static bool lines_import(struct importer *importer, struct error *error)
{
    bool at_end = false;
    while (!at_end) {
        struct error unreadable = { 0 };
        struct error untold = { 0 };
        bool is_read = batch_read(importer, &at_end, &unreadable);
        bool is_written = batch_write(importer, error);
        /* What was refused before is told whatever became of the others. */
        bool is_told = batch_tell(importer, is_written ? error : &untold);
        if (!is_written || !is_told)
            return false;
        if (!is_read) {
            *error = unreadable;
            return false;
        }
    }
    return true;
}

bool subscriber_import_csv(const struct subscriber_office *office, FILE *stream,
                           const struct subscriber_import *import,
                           struct subscriber_import_counts *counts, struct error *error)
{
    struct importer importer = {
        .office = office, .import = import, .counts = counts, .started_at = clock_now(office->clock)
    };
    *counts = (struct subscriber_import_counts){ 0 };
    importer.batch = calloc(1, sizeof *importer.batch);
    if (!importer.batch)
        return error_set(error, ERROR_SYSTEM, "import: out of memory");
    import_rows_init(&importer.rows, office->database, importer.started_at);
    database_expect_much(office->database, true);
    bool done = import_reader_init(&importer.reader, office, stream, import, importer.started_at,
                                   error) &&
                lines_import(&importer, error);
    database_expect_much(office->database, false);
    import_rows_release(&importer.rows);
    import_reader_release(&importer.reader);
    arena_release(&importer.batch->arena);
    free(importer.batch);
    return done;
}
