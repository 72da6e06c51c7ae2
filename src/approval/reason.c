/* SPDX-License-Identifier: MIT */
#include "approval/words.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/utf8.h"
#include "intake/intake.h"
#include "release/release_store.h"

/* reason NULL: it is too long. */
static void write_words(struct approval_writer *writer, const struct release_row *row,
                        const char *reason, bool is_set)
{
    const char *why_not = !reason                            ? "approval_reason_long"
                          : row->status == RELEASE_WITHDRAWN ? "approval_reason_late"
                                                             : "approval_reason_gone";
    if (is_set)
        approval_head(writer, "approval_reason_subject", "approval_reason_title");
    else
        approval_head(writer, "approval_reason_no_subject", "approval_reason_no_title");
    approval_paragraph(
        writer, approval_text(writer, is_set ? "approval_reason_text" : why_not, NULL, NULL));
    if (is_set)
        approval_fact(writer, "receipt_fact_reason", reason);
}

static bool say_reason(const struct approval_service *service, struct arena *arena,
                       const struct approval_reply *reply, const char *reason, struct error *error)
{
    bool failed = false;
    bool is_set = false;
    struct approval_writer writer;
    const struct release_row *row = release_find_by_row_id(service->database, arena,
                                                           reply->receipt->release, &failed, error);
    if (!row)
        return !failed;
    bool is_short = utf8_length(reason) <= APPROVAL_REASON_MAXIMUM;
    if (is_short && !intake_set_withdrawal_reason(service->database, row->original_row_id, reason,
                                                  &is_set, error))
        return false;
    fault_point("approval-reason");
    enum receipt_answer answer = is_set ? RECEIPT_ANSWER_REASON : RECEIPT_ANSWER_OTHER;
    if (!receipt_answer(service->database, reply->receipt->row_id, answer, reply->now_at, error) ||
        !approval_writer_init(&writer, service, arena, row, error))
        return false;
    write_words(&writer, row, is_short ? reason : NULL, is_set);
    return approval_tell(&writer, reply, row, reply->receipt->address, error);
}

bool approval_say_reason(const struct approval_service *service, const struct approval_reply *reply,
                         const char *reason, struct error *error)
{
    struct arena arena = { 0 };
    bool done = say_reason(service, &arena, reply, reason, error);
    arena_release(&arena);
    return done;
}
