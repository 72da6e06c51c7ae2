/* SPDX-License-Identifier: MIT */
#include "approval/changes.h"
#include "approval/outcome.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "database/database.h"
#include "intake/approval.h"
#include "release/release_store.h"

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
    return is_newest && reply->now_at - receipt->created_at <= OUTCOME_COUNTS_FOR_MS
               ? VERDICT_COUNTS
               : VERDICT_OLD;
}

/* ---- evidence ---- */

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

/* ---- a yes ---- */

static const struct outcome known_already = { "approval_known_subject", "approval_known_title",
                                              "approval_known_text" };
static const struct outcome from_another = { "approval_no_subject", "approval_no_title",
                                             "approval_no_another" };

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
        return outcome_accept(service, arena, reply, row, intake_approve, approved, error);
    case VERDICT_NOBODY:
        break;
    case VERDICT_ANOTHER:
        return !row || outcome_tell(service, arena, reply, row, &from_another, error);
    case VERDICT_KNOWN:
        return outcome_tell(service, arena, reply, row, &known_already, error);
    case VERDICT_GONE:
        return !row || outcome_tell(service, arena, reply, row, &outcome_gone, error);
    case VERDICT_OLD:
        return approval_ask_again(service, reply, row, error);
    }
    return true;
}

static bool is_to_approver(const struct receipt *receipt)
{
    return receipt->event == RECEIPT_APPROVAL || receipt->event == RECEIPT_REMINDER;
}

bool approval_say_yes(const struct approval_service *service, const struct approval_reply *reply,
                      bool *approved, struct error *error)
{
    struct arena arena = { 0 };
    *approved = false;
    bool done = is_to_approver(reply->receipt)
                    ? say_yes(service, &arena, reply, approved, error)
                    : changes_say_yes(service, &arena, reply, approved, error);
    arena_release(&arena);
    return done;
}

static bool say_other(const struct approval_service *service, struct arena *arena,
                      const struct approval_reply *reply, struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_row_id(service->database, arena,
                                                           reply->receipt->release, &failed, error);
    if (!row || !approval_is_approver(service->receipts, reply->from))
        return !failed;
    return receipt_answer(service->database, reply->receipt->row_id, RECEIPT_ANSWER_OTHER,
                          reply->now_at, error) &&
           outcome_tell(service, arena, reply, row, &outcome_no_yes, error);
}

bool approval_say_other(const struct approval_service *service, const struct approval_reply *reply,
                        struct error *error)
{
    struct arena arena = { 0 };
    bool done = is_to_approver(reply->receipt) ? say_other(service, &arena, reply, error)
                                               : changes_say_other(service, &arena, reply, error);
    arena_release(&arena);
    return done;
}
