/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/inside.h"
#include "queue/receiver_state.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "queue/trouble.h"

#include <assert.h>

/* The order of the columns is that of enum queue_state, then bounced and complained. */
#define COUNT_COLUMNS                                                                              \
    "count(CASE WHEN state = @QUEUE_QUEUED@ THEN 1 END),"                                          \
    " count(CASE WHEN state = @QUEUE_SENDING@ THEN 1 END),"                                        \
    " count(CASE WHEN state = @QUEUE_SENT@ THEN 1 END),"                                           \
    " count(CASE WHEN state = @QUEUE_DEFERRED@ THEN 1 END),"                                       \
    " count(CASE WHEN state = @QUEUE_FAILED@ THEN 1 END),"                                         \
    " count(CASE WHEN state = @QUEUE_SUPPRESSED@ THEN 1 END),"                                     \
    " count(CASE WHEN state = @QUEUE_UNKNOWN@ THEN 1 END),"                                        \
    " count(CASE WHEN state = @QUEUE_CANCELLED@ THEN 1 END)"
#define FEEDBACK_COLUMNS                                                                           \
    ", count(CASE WHEN state = @QUEUE_SENT@"                                                       \
    " AND feedback IN (@QUEUE_BOUNCED@, @QUEUE_BOUNCED_COMPLAINED@) THEN 1 END),"                  \
    " count(CASE WHEN state = @QUEUE_SENT@"                                                        \
    " AND feedback IN (@QUEUE_COMPLAINED@, @QUEUE_BOUNCED_COMPLAINED@) THEN 1 END)"

static bool counts_read(struct statement *statement, struct queue_delivery_counts *counts,
                        bool *found, struct error *error)
{
    if (!statement_find(statement, found, error))
        return false;
    if (!*found)
        return true;
    *counts = (struct queue_delivery_counts){ 0 };
    for (int i = 0; i < QUEUE_STATE_COUNT; i++) {
        counts->count[i] = statement_integer(statement, i);
        counts->audience += counts->count[i];
    }
    counts->bounced = statement_integer(statement, QUEUE_STATE_COUNT);
    counts->complained = statement_integer(statement, QUEUE_STATE_COUNT + 1);
    statement_reset(statement);
    return true;
}

/* The announcement is named too, because rows are found by the key that begins with it: no index
 * has all rows of a mailing. */
static bool counts_count(struct database *database, int64_t mailing,
                         struct queue_delivery_counts *counts, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT " COUNT_COLUMNS FEEDBACK_COLUMNS " FROM delivery WHERE announcement ="
        " (SELECT announcement FROM mailing WHERE row_id = $1) AND mailing = $1",
        error);
    statement_bind_integer(statement, 1, mailing);
    return counts_read(statement, counts, &found, error);
}

/* Of a mailing that has ended. */
static bool counts_find(struct database *database, int64_t mailing,
                        struct queue_delivery_counts *counts, bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT queued, sending, sent, deferred, failed, suppressed, unknown,"
        " cancelled, bounced, complained FROM mailing"
        " WHERE row_id = $1 AND is_counted = 1",
        error);
    statement_bind_integer(statement, 1, mailing);
    *counts = (struct queue_delivery_counts){ 0 };
    return counts_read(statement, counts, found, error);
}

bool queue_counts_of_mailing(struct database *database, int64_t mailing,
                             struct queue_delivery_counts *counts, struct error *error)
{
    bool found = false;
    if (!counts_find(database, mailing, counts, &found, error))
        return false;
    return found || counts_count(database, mailing, counts, error);
}

/* Few questions of each row; what is indeterminate has an index. */
static bool progress_count(struct database *database, int64_t mailing,
                           struct queue_progress *progress, struct error *error)
{
    bool found = false;
    int64_t failed = 0;
    struct statement *statement = database_prepare(
        database,
        "SELECT count(*), count(CASE WHEN state = @QUEUE_SENT@ THEN 1 END),"
        " count(CASE WHEN state = @QUEUE_FAILED@ THEN 1 END),"
        " count(CASE WHEN feedback <> 0 AND state = @QUEUE_SENT@"
        " AND feedback IN (@QUEUE_BOUNCED@, @QUEUE_BOUNCED_COMPLAINED@) THEN 1 END),"
        " (SELECT count(*) FROM delivery WHERE mailing = $1 AND state = @QUEUE_UNKNOWN@)"
        " FROM delivery WHERE announcement ="
        " (SELECT announcement FROM mailing WHERE row_id = $1) AND mailing = $1",
        error);
    statement_bind_integer(statement, 1, mailing);
    if (!statement_find(statement, &found, error))
        return false;
    failed = statement_integer(statement, 2);
    *progress = (struct queue_progress){ .audience = statement_integer(statement, 0),
                                         .sent = statement_integer(statement, 1),
                                         .undelivered = failed + statement_integer(statement, 3),
                                         .unknown = statement_integer(statement, 4) };
    progress->tried = progress->sent + failed + progress->unknown;
    statement_reset(statement);
    return true;
}

bool queue_progress_of_mailing(struct database *database, int64_t mailing,
                               struct queue_progress *progress, struct error *error)
{
    bool found = false;
    struct queue_delivery_counts counts;
    const int64_t *count = counts.count;
    if (!counts_find(database, mailing, &counts, &found, error))
        return false;
    if (!found)
        return progress_count(database, mailing, progress, error);
    *progress = (struct queue_progress){ .audience = counts.audience,
                                         .sent = count[QUEUE_SENT],
                                         .undelivered = count[QUEUE_FAILED] + counts.bounced,
                                         .unknown = count[QUEUE_UNKNOWN],
                                         .tried = count[QUEUE_SENT] + count[QUEUE_FAILED] +
                                                  count[QUEUE_UNKNOWN] };
    return true;
}

bool queue_counts_of_transactional(struct database *database, struct queue_delivery_counts *counts,
                                   struct error *error)
{
    bool found = false;
    return counts_read(
        database_prepare(database, "SELECT " COUNT_COLUMNS ", 0, 0 FROM transactional_mail", error),
        counts, &found, error);
}

/* ---- the end of a mailing ---- */

/* Counting a mailing reads all its rows, so once it has ended that is done a last time and kept. */
static bool counts_close(struct database *database, int64_t mailing, struct error *error)
{
    struct queue_delivery_counts counts = { 0 };
    if (!counts_count(database, mailing, &counts, error))
        return false;
    struct statement *statement = database_prepare(
        database,
        "UPDATE mailing SET is_counted = 1, queued = $2, sending = $3, sent = $4, deferred = $5,"
        " failed = $6, suppressed = $7, unknown = $8, cancelled = $9, bounced = $10,"
        " complained = $11 WHERE row_id = $1",
        error);
    statement_bind_integer(statement, 1, mailing);
    for (int i = 0; i < QUEUE_STATE_COUNT; i++)
        statement_bind_integer(statement, 2 + i, counts.count[i]);
    statement_bind_integer(statement, 2 + QUEUE_STATE_COUNT, counts.bounced);
    statement_bind_integer(statement, 3 + QUEUE_STATE_COUNT, counts.complained);
    return statement_run(statement, error);
}

/* A finished or cancelled mailing with uncounted counts and no row under way; 0 for none. A
 * cancelled mailing that is never claimed again can have rows being sent for a moment. */
static bool uncounted_find(struct database *database, int64_t *mailing, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT m.row_id FROM mailing m WHERE m.is_counted = 0"
        " AND m.state IN (@QUEUE_MAILING_ENDED@)"
        " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.worker <> 0 AND d.worker > 0"
        " AND d.mailing = m.row_id)"
        " LIMIT 1",
        error);
    if (!statement_find(statement, &found, error))
        return false;
    *mailing = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

/* A mailing that is just being filled has no row yet and would count as finished: so it is left
 * out. What waits, is held or is parked is asked for by an index each, because a walk through a
 * million rows at each end of a run would keep others from writing. */
bool counts_finish(struct database *database, int64_t now_at, int64_t except, int64_t *finished,
                   struct error *error)
{
    assert(database_in_transaction(database));
    int64_t mailing = 0;
    struct statement *statement = database_prepare(
        database,
        "UPDATE mailing AS m SET state = @QUEUE_MAILING_FINISHED@, finished_at = $1"
        " WHERE " MAILING_IS_ACTIVE " AND starts_at <= $1"
        " AND row_id <> $2 AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.mailing = m.row_id"
        " AND d.state IN (@QUEUE_WAITING@) AND d.worker = 0)"
        " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.worker <> 0 AND d.worker > 0"
        " AND d.mailing = m.row_id) AND NOT " MAILING_HAS_PARKED,
        error);
    statement_bind_integer(statement, 1, now_at);
    statement_bind_integer(statement, 2, except);
    if (!statement_run(statement, error))
        return false;
    int64_t count = database_changes(database);
    for (;;) {
        if (!uncounted_find(database, &mailing, error))
            return false;
        if (mailing == 0)
            break;
        if (!counts_close(database, mailing, error))
            return false;
    }
    *finished = count;
    return true;
}

bool queue_finish(struct database *database, int64_t now_at, int64_t *finished, struct error *error)
{
    return counts_finish(database, now_at, 0, finished, error);
}

/* ---- looking on ---- */

enum { RECIPIENTS_IN_A_PAGE = 1000 };

static void recipient_read(struct statement *statement, struct arena *arena,
                           struct queue_recipient *recipient)
{
    int64_t feedback = statement_integer(statement, 11);
    *recipient = (struct queue_recipient){
        .subscriber = statement_integer(statement, 0),
        .address = statement_copy_text(statement, 1, arena),
        .version = statement_integer(statement, 2),
        .state = (enum queue_state)statement_integer(statement, 3),
        .attempts = (int)statement_integer(statement, 4),
        .next_at = statement_integer(statement, 5),
        .updated_at = statement_integer(statement, 6),
        .revision = statement_integer(statement, 7),
        .smtp_code = (int)statement_integer(statement, 8),
        .enhanced = statement_copy_text(statement, 9, arena),
        .text = statement_copy_text(statement, 10, arena),
        .is_bounced = (feedback & QUEUE_BOUNCED) != 0,
        .is_complained = (feedback & QUEUE_COMPLAINED) != 0,
    };
}

void queue_recipient_cursor_open(struct queue_recipient_cursor *cursor, struct database *database,
                                 int64_t mailing, enum queue_state state)
{
    *cursor = (struct queue_recipient_cursor){
        .database = database, .mailing = mailing, .state = state, .after = INT64_MIN
    };
}

static bool read_page(struct queue_recipient_cursor *cursor, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        cursor->database,
        "SELECT d.subscriber, s.address, d.version, d.state, d.attempts,"
        /* not an instant in a digest's new row: its content (digest/content.c); nor below 0 */
        " CASE WHEN d.next_at = d.version OR d.next_at < 0 THEN 0 ELSE d.next_at END, d.updated_at,"
        " d.revision, d.smtp_code, d.enhanced, d.outcome, d.feedback FROM delivery d"
        " LEFT JOIN known_subscriber s ON s.row_id = d.subscriber"
        " WHERE d.announcement = (SELECT announcement FROM mailing WHERE row_id = $1)"
        " AND d.mailing = $1 AND ($2 = 8 OR d.state = $2) AND d.subscriber > $3"
        " ORDER BY d.subscriber LIMIT $4",
        error);
    arena_release(&cursor->arena);
    cursor->rows = arena_allocate_array(&cursor->arena, RECIPIENTS_IN_A_PAGE, sizeof *cursor->rows);
    cursor->count = 0;
    cursor->next = 0;
    statement_bind_integer(statement, 1, cursor->mailing);
    statement_bind_integer(statement, 2, cursor->state);
    statement_bind_integer(statement, 3, cursor->after);
    statement_bind_integer(statement, 4, RECIPIENTS_IN_A_PAGE);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        recipient_read(statement, &cursor->arena, &cursor->rows[cursor->count++]);
    statement_reset(statement);
    cursor->is_last_page = cursor->count < RECIPIENTS_IN_A_PAGE;
    return result == STATEMENT_DONE;
}

/* Who reads it may wait for a person: a statement held open meanwhile would keep the journal
 * growing, and erased bytes in it. */
bool queue_recipient_cursor_next(struct queue_recipient_cursor *cursor,
                                 const struct queue_recipient **recipient, struct error *error)
{
    if (cursor->next == cursor->count && !cursor->is_last_page && !cursor->has_failed)
        cursor->has_failed = !read_page(cursor, error);
    if (cursor->has_failed || cursor->next == cursor->count)
        return false;
    *recipient = &cursor->rows[cursor->next++];
    cursor->after = (*recipient)->subscriber;
    return true;
}

bool queue_recipient_cursor_close(struct queue_recipient_cursor *cursor)
{
    arena_release(&cursor->arena);
    return !cursor->has_failed;
}

/* Put together by their codes, because the words differ with each recipient: one of them stands for
 * all. */
bool queue_reasons_read(struct database *database, struct arena *arena, int64_t mailing,
                        struct queue_reason **reasons, size_t *count, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT state, smtp_code, enhanced, MIN(outcome), count(*) FROM delivery"
        " WHERE announcement = (SELECT announcement FROM mailing WHERE row_id = $1)"
        " AND mailing = $1 AND state IN (@QUEUE_DEFERRED@, @QUEUE_FAILED@)"
        " GROUP BY state, smtp_code, enhanced"
        " ORDER BY count(*) DESC, smtp_code LIMIT $2",
        error);
    *reasons = arena_allocate_array(arena, QUEUE_REASONS_MAXIMUM, sizeof **reasons);
    *count = 0;
    statement_bind_integer(statement, 1, mailing);
    statement_bind_integer(statement, 2, QUEUE_REASONS_MAXIMUM);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        (*reasons)[(*count)++] = (struct queue_reason){
            .state = (enum queue_state)statement_integer(statement, 0),
            .smtp_code = (int)statement_integer(statement, 1),
            .enhanced = statement_copy_text(statement, 2, arena),
            .text = statement_copy_text(statement, 3, arena),
            .count = statement_integer(statement, 4)
        };
    statement_reset(statement);
    return result == STATEMENT_DONE;
}

bool queue_oldest_waiting(struct database *database, int64_t now_at, int64_t *since_at,
                          struct error *error)
{
    struct queue_claim everything = { 0 };
    int64_t due_at = INSTANT_NONE;
    if (!queue_next_due(database, &everything, &due_at, error))
        return false;
    /* What the relay refused stands below 0 by this much (queue_refused_then). */
    if (due_at < 0)
        due_at += QUEUE_REFUSED_BEFORE_MS;
    *since_at = due_at && due_at <= now_at ? due_at : INSTANT_NONE;
    return true;
}
