/* SPDX-License-Identifier: MIT */
#include "approval/words.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hash.h"
#include "database/database.h"
#include "intake/approval.h"
#include "release/release_store.h"

#define COUNTS_FOR_MS (APPROVAL_DAYS * DURATION_DAY)

/* What a yes is worth. */
enum verdict {
    VERDICT_COUNTS,
    VERDICT_NOBODY,  /* not from an approver: not even answered */
    VERDICT_ANOTHER, /* from an approver, but not the one who was mailed */
    VERDICT_KNOWN,   /* somebody has said yes already */
    VERDICT_GONE,    /* nothing of it awaits a yes */
    VERDICT_OLD      /* it showed another revision, or is too old: asked for again */
};

static enum verdict judge(const struct approval_service *service,
                          const struct approval_reply *reply, const struct release_row *row)
{
    const struct receipt *receipt = reply->receipt;
    if (!approval_is_approver(service->receipts, reply->from))
        return VERDICT_NOBODY;
    if (!approval_same_address(reply->from, receipt->address))
        return VERDICT_ANOTHER;
    if (!row || row->status != RELEASE_READY || row->approval == RELEASE_APPROVAL_NONE)
        return VERDICT_GONE;
    bool is_newest = receipt->revision == row->revision && receipt->has_content_hash &&
                     hash_equal(&receipt->content_hash, &row->content_hash);
    if (row->approval == RELEASE_APPROVAL_GIVEN)
        return VERDICT_KNOWN;
    return is_newest && reply->now_at - receipt->created_at <= COUNTS_FOR_MS ? VERDICT_COUNTS
                                                                             : VERDICT_OLD;
}

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

bool approval_list(struct database *database, struct arena *arena, int64_t release,
                   struct approval **approvals, size_t *count, struct error *error)
{
    enum { LISTED_MAXIMUM = 100 };

    struct statement *statement = database_prepare(
        database,
        "SELECT revision, address, at FROM approval WHERE release = $1"
        " ORDER BY revision DESC LIMIT $2",
        error);
    statement_bind_integer(statement, 1, release);
    statement_bind_integer(statement, 2, LISTED_MAXIMUM);
    *approvals = arena_allocate_array(arena, LISTED_MAXIMUM, sizeof **approvals);
    *count = 0;
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        (*approvals)[(*count)++] = (struct approval){ .revision = statement_integer(statement, 0),
                                                      .address = statement_copy_text(statement, 1,
                                                                                     arena),
                                                      .at = statement_integer(statement, 2) };
    statement_reset(statement);
    return result == STATEMENT_DONE;
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

/* What a reply came to. */
struct outcome {
    const char *subject;
    const char *title;
    const char *text; /* NULL: what becomes of the release now */
};

static const struct outcome approved_now = { "approval_yes_subject", "approval_yes_title", NULL };
static const struct outcome known_already = { "approval_known_subject", "approval_known_title",
                                              "approval_known_text" };
static const struct outcome from_another = { "approval_no_subject", "approval_no_title",
                                             "approval_no_another" };
static const struct outcome waits_no_more = { "approval_no_subject", "approval_no_title",
                                              "approval_no_gone" };
static const struct outcome no_yes = { "approval_no_subject", "approval_no_title",
                                       "approval_no_other" };

static bool tell(const struct approval_service *service, struct arena *arena,
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

static bool accept(const struct approval_service *service, struct arena *arena,
                   const struct approval_reply *reply, const struct release_row *row,
                   bool *approved, struct error *error)
{
    bool failed = false;
    if (!intake_approve(service->database, row->row_id, row->revision, reply->now_at, approved,
                        error) ||
        !approval_put(service, reply, row, error))
        return false;
    fault_point("approval-given");
    /* as it is now: it is due later where the yes came late */
    row = release_find_by_row_id(service->database, arena, row->row_id, &failed, error);
    return row &&
           receipt_answer(service->database, reply->receipt->row_id, RECEIPT_ANSWER_YES,
                          reply->now_at, error) &&
           tell(service, arena, reply, row, &approved_now, error);
}

static bool say_yes(const struct approval_service *service, struct arena *arena,
                    const struct approval_reply *reply, bool *approved, struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_row_id(service->database, arena,
                                                           reply->receipt->release, &failed, error);
    if (failed)
        return false;
    switch (judge(service, reply, row)) {
    case VERDICT_COUNTS:
        return accept(service, arena, reply, row, approved, error);
    case VERDICT_NOBODY:
        break;
    case VERDICT_ANOTHER:
        return !row || tell(service, arena, reply, row, &from_another, error);
    case VERDICT_KNOWN:
        return tell(service, arena, reply, row, &known_already, error);
    case VERDICT_GONE:
        return !row || tell(service, arena, reply, row, &waits_no_more, error);
    case VERDICT_OLD:
        return approval_ask_again(service, reply, row, error);
    }
    return true;
}

bool approval_say_yes(const struct approval_service *service, const struct approval_reply *reply,
                      bool *approved, struct error *error)
{
    struct arena arena = { 0 };
    *approved = false;
    bool done = say_yes(service, &arena, reply, approved, error);
    arena_release(&arena);
    return done;
}

bool approval_say_other(const struct approval_service *service, const struct approval_reply *reply,
                        struct error *error)
{
    bool failed = false;
    bool done = true;
    struct arena arena = { 0 };
    const struct release_row *row = release_find_by_row_id(service->database, &arena,
                                                           reply->receipt->release, &failed, error);
    if (row && approval_is_approver(service->receipts, reply->from))
        done = receipt_answer(service->database, reply->receipt->row_id, RECEIPT_ANSWER_OTHER,
                              reply->now_at, error) &&
               tell(service, &arena, reply, row, &no_yes, error);
    arena_release(&arena);
    return done && !failed;
}
