/* SPDX-License-Identifier: MIT */
#include "approval/outcome.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/hash.h"
#include "database/database.h"
#include "release/release_store.h"

/* ---- evidence ---- */

static bool approval_put(const struct approval_service *service, const struct approval_reply *reply,
                         const struct release_row *row, struct error *error)
{
    struct statement *statement = database_prepare(
        service->database,
        "INSERT INTO approval (release, revision, content_hash, address, receipt, at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        error);
    statement_bind_integer(statement, 1, row->row_id);
    statement_bind_integer(statement, 2, row->revision);
    statement_bind_bytes(statement, 3, row->content_hash.bytes, HASH_SIZE);
    statement_bind_text(statement, 4, reply->receipt->address);
    statement_bind_integer(statement, 5, reply->receipt->row_id);
    statement_bind_integer(statement, 6, reply->now_at);
    if (!statement_run(statement, error))
        return false;
    statement = database_prepare(service->database,
                                 "DELETE FROM approval_request WHERE release = $1", error);
    statement_bind_integer(statement, 1, row->row_id);
    return statement_run(statement, error);
}

/* ---- what comes of it ---- */

/* What becomes of the release now that somebody has said yes. */
static const char *thanks(struct approval_writer *writer, const struct release_row *row,
                          int64_t now_at)
{
    if (row->held_at != INSTANT_NONE || row->stopped_at != INSTANT_NONE)
        return approval_text(writer, "approval_yes_held", NULL, NULL);
    if (row->public_at == INSTANT_NONE && row->due_at > now_at)
        return approval_text(writer, "approval_yes_later", "when",
                             approval_when(writer, row->due_at));
    return approval_text(writer, "approval_yes_now", NULL, NULL);
}

static const struct outcome approved_now = { "approval_yes_subject", "approval_yes_title", NULL };
const struct outcome outcome_gone = { "approval_no_subject", "approval_no_title",
                                      "approval_no_gone" };
const struct outcome outcome_no_yes = { "approval_no_subject", "approval_no_title",
                                        "approval_no_other" };

bool outcome_tell(const struct approval_service *service, struct arena *arena,
                  const struct approval_reply *reply, const struct release_row *row,
                  const struct outcome *outcome, struct error *error)
{
    struct approval_writer writer;
    if (!approval_writer_init(&writer, service, arena, row, error))
        return false;
    approval_head(&writer, outcome->subject, outcome->title);
    approval_paragraph(&writer, outcome->text ? approval_text(&writer, outcome->text, NULL, NULL)
                                              : thanks(&writer, row, reply->now_at));
    return approval_tell(&writer, reply, row, reply->from, error);
}

bool outcome_accept(const struct approval_service *service, struct arena *arena,
                    const struct approval_reply *reply, const struct release_row *row,
                    outcome_let_go *let_go, bool *approved, struct error *error)
{
    bool failed = false;
    if (!let_go(service->database, row->row_id, row->revision, reply->now_at, approved, error) ||
        !approval_put(service, reply, row, error))
        return false;
    fault_point("approval-given");
    /* as it is now: it is due later where the yes came late */
    row = release_find_by_row_id(service->database, arena, row->row_id, &failed, error);
    return row &&
           receipt_answer(service->database, reply->receipt->row_id, RECEIPT_ANSWER_YES,
                          reply->now_at, error) &&
           outcome_tell(service, arena, reply, row, &approved_now, error);
}
