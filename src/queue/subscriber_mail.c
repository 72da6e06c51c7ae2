/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/transactional_mail.h"
#include "queue/trouble.h"

enum { MAILS_IN_A_PAGE = 100 };

void queue_subscriber_mail_cursor_open(struct queue_subscriber_mail_cursor *cursor,
                                       struct database *database, int64_t subscriber)
{
    *cursor = (struct queue_subscriber_mail_cursor){ .database = database,
                                                     .subscriber = subscriber };
}

static void add_row(struct queue_subscriber_mail_cursor *cursor, struct statement *statement)
{
    int kind = (int)statement_integer(statement, 2);
    int64_t feedback = statement_integer(statement, 5);
    cursor->after = statement_integer(statement, 0);
    cursor->rows[cursor->count++] = (struct queue_subscriber_mail){
        .release = statement_integer(statement, 1),
        .kind = cursor->is_transactional
                    ? queue_transactional_kind_name((enum queue_transactional_kind)kind)
                    : queue_kind_name((enum queue_kind)kind),
        .state = (enum queue_state)statement_integer(statement, 3),
        .at = statement_integer(statement, 4),
        .is_bounced = (feedback & QUEUE_BOUNCED) != 0,
        .is_complained = (feedback & QUEUE_COMPLAINED) != 0,
    };
}

/* From each announcement to the subscriber's row by its key: an index of subscribers would be paid
 * for by every message that is sent, and this is asked rarely. */
static bool read_page(struct queue_subscriber_mail_cursor *cursor, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        cursor->database,
        cursor->is_transactional
            ? "SELECT row_id, 0, kind, state, updated_at, 0 FROM transactional_mail"
              " WHERE subscriber = $1 AND row_id > $2 ORDER BY row_id LIMIT $3"
            : "SELECT a.row_id, a.release_row_id, a.kind, d.state, d.updated_at, d.feedback"
              " FROM announcement a"
              " JOIN delivery d ON d.announcement = a.row_id AND d.subscriber = $1"
              " WHERE a.row_id > $2 ORDER BY a.row_id LIMIT $3",
        error);
    arena_release(&cursor->arena);
    cursor->rows = arena_allocate_array(&cursor->arena, MAILS_IN_A_PAGE, sizeof *cursor->rows);
    cursor->count = 0;
    cursor->next = 0;
    statement_bind_integer(statement, 1, cursor->subscriber);
    statement_bind_integer(statement, 2, cursor->after);
    statement_bind_integer(statement, 3, MAILS_IN_A_PAGE);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        add_row(cursor, statement);
    statement_reset(statement);
    if (cursor->count < MAILS_IN_A_PAGE) { /* the last one of its kind */
        cursor->is_last_page = cursor->is_transactional;
        cursor->is_transactional = true;
        cursor->after = 0;
    }
    return result == STATEMENT_DONE;
}

bool queue_subscriber_mail_cursor_next(struct queue_subscriber_mail_cursor *cursor,
                                       const struct queue_subscriber_mail **mail,
                                       struct error *error)
{
    while (cursor->next == cursor->count && !cursor->is_last_page && !cursor->has_failed)
        cursor->has_failed = !read_page(cursor, error);
    if (cursor->has_failed || cursor->next == cursor->count)
        return false;
    *mail = &cursor->rows[cursor->next++];
    return true;
}

bool queue_subscriber_mail_cursor_close(struct queue_subscriber_mail_cursor *cursor)
{
    arena_release(&cursor->arena);
    return !cursor->has_failed;
}

bool queue_delivered_find(struct database *database, int64_t announcement, int64_t subscriber,
                          struct queue_delivered *delivered, bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT a.release_row_id, a.kind, d.version FROM announcement a"
        " LEFT JOIN delivery d ON d.announcement = a.row_id AND d.subscriber = $2"
        " WHERE a.row_id = $1",
        error);
    statement_bind_integer(statement, 1, announcement);
    statement_bind_integer(statement, 2, subscriber);
    if (!statement_find(statement, found, error))
        return false;
    if (!*found)
        return true;
    *delivered = (struct queue_delivered){
        .release = statement_integer(statement, 0),
        .kind = (enum queue_kind)statement_integer(statement, 1),
        .version = statement_integer(statement, 2),
    };
    statement_reset(statement);
    return true;
}

bool queue_newest_announcements(struct database *database, int64_t *row_ids, size_t maximum,
                                size_t *count, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database, "SELECT row_id FROM announcement ORDER BY row_id DESC LIMIT $1", error);
    statement_bind_integer(statement, 1, (int64_t)maximum);
    *count = 0;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        row_ids[(*count)++] = statement_integer(statement, 0);
    return result == STATEMENT_DONE;
}

/* So many announcements are looked through for one that was sent to a subscriber. */
enum { ANNOUNCEMENTS_LOOKED_AT = 1000 };

static bool delivered_since(struct database *database, int64_t subscriber, int64_t since_at,
                            int64_t *announcement, bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT d.announcement FROM"
        " (SELECT row_id FROM announcement ORDER BY row_id DESC LIMIT $1) a"
        " JOIN delivery d ON d.announcement = a.row_id AND d.subscriber = $2"
        " WHERE d.state IN ($3, $4) AND d.updated_at >= $5 ORDER BY d.announcement DESC LIMIT 1",
        error);
    statement_bind_integer(statement, 1, ANNOUNCEMENTS_LOOKED_AT);
    statement_bind_integer(statement, 2, subscriber);
    statement_bind_integer(statement, 3, QUEUE_SENT);
    statement_bind_integer(statement, 4, QUEUE_UNKNOWN);
    statement_bind_integer(statement, 5, since_at);
    if (!statement_find(statement, found, error))
        return false;
    if (*found) {
        *announcement = statement_integer(statement, 0);
        statement_reset(statement);
    }
    return true;
}

bool queue_mailed_since(struct database *database, int64_t subscriber, int64_t since_at,
                        int64_t *announcement, bool *found, struct error *error)
{
    *announcement = 0;
    if (!delivered_since(database, subscriber, since_at, announcement, found, error))
        return false;
    if (*found)
        return true;
    struct statement *statement = database_prepare(
        database,
        "SELECT 1 FROM transactional_mail WHERE subscriber = $1 AND state IN ($2, $3)"
        " AND updated_at >= $4",
        error);
    statement_bind_integer(statement, 1, subscriber);
    statement_bind_integer(statement, 2, QUEUE_SENT);
    statement_bind_integer(statement, 3, QUEUE_UNKNOWN);
    statement_bind_integer(statement, 4, since_at);
    if (!statement_find(statement, found, error))
        return false;
    if (*found)
        statement_reset(statement);
    return true;
}

/* Two statements, so that each is answered by its own index. */
bool queue_transactional_since(struct database *database,
                               const struct queue_transactional_mail *like, int64_t since_at,
                               bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        like->request ? "SELECT 1 FROM transactional_mail WHERE request = $1 AND kind = $2"
                        " AND created_at > $3"
                      : "SELECT 1 FROM transactional_mail WHERE subscriber = $1 AND kind = $2"
                        " AND created_at > $3",
        error);
    statement_bind_integer(statement, 1, like->request ? like->request : like->subscriber);
    statement_bind_integer(statement, 2, like->kind);
    statement_bind_integer(statement, 3, since_at);
    if (!statement_find(statement, found, error))
        return false;
    if (*found)
        statement_reset(statement);
    return true;
}

/* From its Date a message may wait as long as this for its subscriber, and longer only where
 * somebody held it. */
#define ON_THE_WAY_MS (7 * DURATION_DAY)

/* Few mailings lie within these days, and are found by their Date; in each the row is found by its
 * key. */
bool queue_subscriber_accepted(struct database *database, int64_t subscriber, int64_t from_at,
                               int64_t until_at, bool *accepted, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT 1 FROM mailing m JOIN delivery d ON d.announcement = m.announcement"
        " AND d.subscriber = $1 AND d.mailing = m.row_id"
        " WHERE m.message_at >= $4 AND m.message_at < $3 AND d.state = @QUEUE_SENT@"
        " AND d.feedback IN (@QUEUE_NO_FEEDBACK@, @QUEUE_COMPLAINED@)"
        " AND d.updated_at >= $2 AND d.updated_at < $3 LIMIT 1",
        error);
    statement_bind_integer(statement, 1, subscriber);
    statement_bind_integer(statement, 2, from_at);
    statement_bind_integer(statement, 3, until_at);
    statement_bind_integer(statement, 4, from_at - ON_THE_WAY_MS);
    if (!statement_find(statement, accepted, error))
        return false;
    if (*accepted)
        statement_reset(statement);
    return true;
}
