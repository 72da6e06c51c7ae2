/* SPDX-License-Identifier: MIT */
#include "subscriber/standing.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "queue/trouble.h"
#include "subscriber/rows.h"
#include "subscriber/standing_rows.h"

#include <string.h>

/* One mail that the address did not take, and what follows at once. */

struct refusing {
    const struct subscriber_service *service;
    const struct standing_refusal *refusal;
    struct arena arena;
    struct subscriber_row subscriber;
    int64_t now_at;
};

static bool return_insert(const struct refusing *refusing, bool *is_new, struct error *error)
{
    const struct standing_refusal *refusal = refusing->refusal;
    struct database *database = refusing->service->database;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO standing_return (subscriber, mailing, transactional, at, sent_at, smtp_code,"
        " enhanced, is_judged) VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT DO NOTHING",
        error);
    statement_bind_integer(statement, 1, refusing->subscriber.row_id);
    statement_bind_integer(statement, 2, refusal->mailing);
    statement_bind_integer(statement, 3, refusal->transactional);
    statement_bind_integer(statement, 4, refusing->now_at);
    statement_bind_integer(statement, 5, refusal->sent_at);
    statement_bind_instant(statement, 6, refusal->smtp_code);
    statement_bind_text(statement, 7, refusal->enhanced);
    if (!statement_run(statement, error))
        return false;
    *is_new = database_changes(database) > 0;
    return true;
}

/* The code and the other side's words; a diagnostic mostly begins with the code already. */
static const char *words_of(struct refusing *refusing)
{
    const struct standing_refusal *refusal = refusing->refusal;
    const char *enhanced = refusal->enhanced ? refusal->enhanced : "";
    const char *text = refusal->text ? refusal->text : "";
    if (strstr(text, enhanced))
        return text;
    return arena_format(&refusing->arena, "%s %s", enhanced, text);
}

static bool deactivate(struct refusing *refusing, const char *evidence, struct error *error)
{
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_ITSELF, .evidence = evidence };
    return subscriber_deactivate(refusing->service, refusing->subscriber.row_id, SUBSCRIBER_BOUNCES,
                                 &proof, error);
}

/* ---- a probe ---- */

/* What led to it is asked for again: meanwhile too many of a mailing may have come back, or the
 * subscriber confirmed anew. */
static bool probe_refuse(struct refusing *refusing, const struct standing *now, struct error *error)
{
    struct database *database = refusing->service->database;
    struct standing then;
    if (!standing_find_then(database, &refusing->arena, refusing->subscriber.row_id,
                            now->probe_since_at, &then, error))
        return false;
    if (then.points < STANDING_POINTS_TO_PROBE)
        return standing_probe_close(database, now->probe, STANDING_PROBE_WITHDRAWN,
                                    refusing->now_at, error);
    return standing_probe_close(database, now->probe, STANDING_PROBE_BOUNCED, refusing->now_at,
                                error) &&
           deactivate(
               refusing,
               arena_format(&refusing->arena,
                            "the mail of %s that asked whether the address still receives came "
                            "back: %s",
                            instant_format_utc(&refusing->arena, now->probe_since_at),
                            words_of(refusing)),
               error);
}

/* ---- a confirmation ---- */

/* Where the subscriber asked again since, that mail decides. */
static bool confirmation_refuse(struct refusing *refusing,
                                const struct queue_transactional_mail *mail, struct error *error)
{
    bool has_asked = false;
    struct statement *statement = database_prepare(
        refusing->service->database,
        "SELECT 1 FROM request WHERE subscriber = $1 AND row_id <> $2 AND created_at >= $3"
        " AND voided_at IS NULL AND used_at IS NULL AND expires_at > $4 LIMIT 1",
        error);
    statement_bind_integer(statement, 1, refusing->subscriber.row_id);
    statement_bind_integer(statement, 2, mail->request);
    statement_bind_integer(statement, 3, mail->created_at);
    statement_bind_integer(statement, 4, refusing->now_at);
    if (!statement_find(statement, &has_asked, error))
        return false;
    statement_reset(statement);
    return has_asked || deactivate(refusing, words_of(refusing), error);
}

/* ---- any ---- */

static bool transactional_refuse(struct refusing *refusing, struct error *error)
{
    struct database *database = refusing->service->database;
    int64_t row_id = refusing->refusal->transactional;
    struct queue_transactional_mail mail = { 0 };
    struct standing now;
    bool found = false;
    bool is_new = false;
    if (!queue_transactional_find(database, row_id, &mail, &found, error))
        return false;
    if (!found || mail.subscriber != refusing->subscriber.row_id)
        return true;
    if (refusing->subscriber.state == SUBSCRIBER_PENDING)
        return mail.kind != QUEUE_TRANSACTIONAL_CONFIRMATION ||
               confirmation_refuse(refusing, &mail, error);
    if (refusing->subscriber.state != SUBSCRIBER_CONFIRMED)
        return true;
    if (mail.kind != QUEUE_TRANSACTIONAL_PROBE)
        return return_insert(refusing, &is_new, error);
    if (!standing_find(database, &refusing->arena, refusing->subscriber.row_id, refusing->now_at,
                       &now, error))
        return false;
    return now.probe == row_id ? probe_refuse(refusing, &now, error)
                               : return_insert(refusing, &is_new, error);
}

/* It is written down for whoever left too: it says something about the mailing. */
static bool delivery_refuse(const struct refusing *refusing, struct error *error)
{
    const struct standing_refusal *refusal = refusing->refusal;
    bool is_new = false;
    return return_insert(refusing, &is_new, error) &&
           (!is_new || queue_returned_refused(refusing->service->database, refusal->mailing,
                                              !refusal->is_forgeable, refusing->now_at, error));
}

static bool refuse(struct refusing *refusing, struct error *error)
{
    const struct standing_refusal *refusal = refusing->refusal;
    if (!subscriber_row_find_by_row_id(refusing->service->database, &refusing->arena,
                                       refusal->subscriber, &refusing->subscriber, error))
        return false;
    if (refusing->subscriber.row_id == 0)
        return true;
    return refusal->mailing ? delivery_refuse(refusing, error)
                            : transactional_refuse(refusing, error);
}

bool standing_refuse(const struct subscriber_service *service,
                     const struct standing_refusal *refusal, struct error *error)
{
    struct transaction transaction = transaction_part_of(service->database);
    struct refusing refusing = { .service = service,
                                 .refusal = refusal,
                                 .now_at = clock_now(service->clock) };
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, refuse(&refusing, error), error);
    arena_release(&refusing.arena);
    return transaction.is_done;
}
