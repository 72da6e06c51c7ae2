/* SPDX-License-Identifier: MIT */
#include "subscriber/standing.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/queue.h"
#include "queue/trouble.h"
#include "subscriber/standing_rows.h"

const char *standing_weight_name(enum standing_weight weight)
{
    switch (weight) {
    case STANDING_COUNTS:
        return "counts";
    case STANDING_WAITS:
        return "waits";
    case STANDING_NOBODY:
        return "nobody";
    case STANDING_OUTDATED:
        return "outdated";
    }
    return "?";
}

const char *standing_probe_end_name(enum standing_probe_end end)
{
    static const char *const names[] = { STANDING_PROBE_ENDS(SQL_NAME) };
    return (unsigned)end < sizeof names / sizeof names[0] ? names[end] : "?";
}

/* ---- rows ---- */

static bool returns_load(struct database *database, struct arena *arena, int64_t subscriber_row_id,
                         struct standing *standing, struct error *error)
{
    enum statement_result result;
    struct standing_return **link = &standing->returns;
    struct statement *statement = database_prepare(
        database,
        "SELECT at, mailing, transactional, sent_at, smtp_code, enhanced FROM standing_return"
        " WHERE subscriber = $1 ORDER BY at",
        error);
    statement_bind_integer(statement, 1, subscriber_row_id);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        const char *enhanced = statement_copy_text(statement, 5, arena);
        *link = arena_allocate(arena, sizeof **link);
        **link = (struct standing_return){ .at = statement_integer(statement, 0),
                                           .mailing = statement_integer(statement, 1),
                                           .transactional = statement_integer(statement, 2),
                                           .sent_at = statement_integer(statement, 3),
                                           .smtp_code = (int)statement_integer(statement, 4),
                                           .enhanced = enhanced ? enhanced : "" };
        link = &(*link)->next;
    }
    return result == STATEMENT_DONE;
}

static bool probes_load(struct database *database, struct arena *arena, int64_t subscriber_row_id,
                        struct standing *standing, struct error *error)
{
    enum statement_result result;
    struct standing_probe **link = &standing->probes;
    struct statement *statement = database_prepare(
        database,
        "SELECT transactional, at, ended_at, ending FROM standing_probe WHERE subscriber = $1"
        " ORDER BY at",
        error);
    statement_bind_integer(statement, 1, subscriber_row_id);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        *link = arena_allocate(arena, sizeof **link);
        **link = (struct standing_probe){
            .transactional = statement_integer(statement, 0),
            .at = statement_integer(statement, 1),
            .ended_at = statement_integer(statement, 2),
            .end = (enum standing_probe_end)statement_integer(statement, 3),
        };
        if ((*link)->end == STANDING_PROBE_OUT) {
            standing->probe = (*link)->transactional;
            standing->probe_since_at = (*link)->at;
        }
        link = &(*link)->next;
    }
    return result == STATEMENT_DONE;
}

/* When the address was last known to be well: what was sent before says nothing. */
static bool well_find(struct database *database, int64_t subscriber_row_id,
                      const struct standing *standing, int64_t *well_at, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database,
                                                   "SELECT MAX(at) FROM event WHERE subscriber = $1"
                                                   " AND event = @SUBSCRIBER_CONFIRMS@",
                                                   error);
    statement_bind_integer(statement, 1, subscriber_row_id);
    if (!statement_find(statement, &found, error))
        return false;
    *well_at = statement_integer(statement, 0);
    statement_reset(statement);
    for (const struct standing_probe *probe = standing->probes; probe; probe = probe->next)
        if (probe->end == STANDING_PROBE_CLEARED && probe->at > *well_at)
            *well_at = probe->at;
    return true;
}

/* ---- what they amount to ---- */

static bool weigh(struct database *database, struct standing_return *item, int64_t well_at,
                  int64_t as_of_at, struct error *error)
{
    struct queue_returned returned;
    item->weight = STANDING_OUTDATED;
    if (item->at > as_of_at || item->at <= as_of_at - STANDING_WINDOW_MS || item->sent_at < well_at)
        return true;
    item->weight = STANDING_COUNTS;
    if (item->mailing == 0)
        return true;
    if (!queue_returned_find(database, item->mailing, &returned, error))
        return false;
    switch (queue_returned_verdict(&returned)) {
    case QUEUE_RETURNED_WAITS:
        item->weight = STANDING_WAITS;
        break;
    case QUEUE_RETURNED_NOBODY:
        item->weight = STANDING_NOBODY;
        break;
    case QUEUE_RETURNED_COUNTS:
        break;
    }
    return true;
}

/* Halves the points for each period with an accepted mail. For two instants between which nothing
 * that counts came back. */
static bool halve(struct database *database, int64_t subscriber_row_id, int64_t from_at,
                  int64_t until_at, double *points, struct error *error)
{
    for (int64_t at = from_at; at + STANDING_HALVED_MS <= until_at; at += STANDING_HALVED_MS) {
        bool accepted = false;
        if (!queue_subscriber_accepted(database, subscriber_row_id, at, at + STANDING_HALVED_MS,
                                       &accepted, error))
            return false;
        if (accepted)
            *points /= 2;
    }
    return true;
}

static bool count_points(struct database *database, int64_t subscriber_row_id, int64_t as_of_at,
                         struct standing *standing, struct error *error)
{
    int64_t last_at = INSTANT_NONE;
    for (const struct standing_return *item = standing->returns; item; item = item->next) {
        if (item->weight != STANDING_COUNTS)
            continue;
        if (last_at == INSTANT_NONE || item->at / DURATION_DAY != last_at / DURATION_DAY) {
            if (last_at != INSTANT_NONE &&
                !halve(database, subscriber_row_id, last_at, item->at, &standing->points, error))
                return false;
            standing->points += 1;
        }
        last_at = item->at;
    }
    return last_at == INSTANT_NONE ||
           halve(database, subscriber_row_id, last_at, as_of_at, &standing->points, error);
}

static bool amount(struct database *database, int64_t subscriber_row_id, int64_t as_of_at,
                   struct standing *standing, struct error *error)
{
    int64_t well_at = INSTANT_NONE;
    if (!well_find(database, subscriber_row_id, standing, &well_at, error))
        return false;
    for (struct standing_return *item = standing->returns; item; item = item->next)
        if (!weigh(database, item, well_at, as_of_at, error))
            return false;
    return count_points(database, subscriber_row_id, as_of_at, standing, error);
}

static bool rows_load(struct database *database, struct arena *arena, int64_t subscriber_row_id,
                      struct standing *standing, struct error *error)
{
    *standing = (struct standing){ .points = 0 };
    return returns_load(database, arena, subscriber_row_id, standing, error) &&
           probes_load(database, arena, subscriber_row_id, standing, error);
}

bool standing_find(struct database *database, struct arena *arena, int64_t subscriber_row_id,
                   int64_t now_at, struct standing *standing, struct error *error)
{
    if (!rows_load(database, arena, subscriber_row_id, standing, error))
        return false;
    /* The clock of another process that collects may be a moment ahead. */
    for (const struct standing_return *item = standing->returns; item; item = item->next)
        if (item->at > now_at)
            now_at = item->at;
    return amount(database, subscriber_row_id, now_at, standing, error);
}

bool standing_find_then(struct database *database, struct arena *arena, int64_t subscriber_row_id,
                        int64_t then_at, struct standing *standing, struct error *error)
{
    return rows_load(database, arena, subscriber_row_id, standing, error) &&
           amount(database, subscriber_row_id, then_at, standing, error);
}

/* ---- single rows ---- */

bool standing_probe_insert(struct database *database, int64_t subscriber_row_id,
                           int64_t transactional, int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO standing_probe (transactional, subscriber, at, ended_at, ending)"
        " VALUES ($1, $2, $3, 0, @STANDING_PROBE_OUT@)",
        error);
    statement_bind_integer(statement, 1, transactional);
    statement_bind_integer(statement, 2, subscriber_row_id);
    statement_bind_integer(statement, 3, now_at);
    return statement_run(statement, error);
}

bool standing_probe_close(struct database *database, int64_t transactional,
                          enum standing_probe_end end, int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE standing_probe SET ended_at = $2, ending = $3 WHERE transactional = $1"
        " AND ending = @STANDING_PROBE_OUT@",
        error);
    statement_bind_integer(statement, 1, transactional);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_integer(statement, 3, end);
    return statement_run(statement, error);
}

bool standing_end_probe(struct database *database, int64_t subscriber_row_id,
                        enum standing_probe_end end, int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE standing_probe SET ended_at = $2, ending = $3 WHERE subscriber = $1"
        " AND ending = @STANDING_PROBE_OUT@",
        error);
    statement_bind_integer(statement, 1, subscriber_row_id);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_integer(statement, 3, end);
    return statement_run(statement, error);
}

bool standing_erase(struct database *database, int64_t subscriber_row_id, struct error *error)
{
    static const char *const statements[] = { "DELETE FROM standing_return WHERE subscriber = $1",
                                              "DELETE FROM standing_probe WHERE subscriber = $1" };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        struct statement *statement = database_prepare(database, statements[i], error);
        statement_bind_integer(statement, 1, subscriber_row_id);
        if (!statement_run(statement, error))
            return false;
    }
    return true;
}
