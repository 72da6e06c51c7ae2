/* SPDX-License-Identifier: MIT */
/* Answers to receipts that show a text with open changes: whoever got one may accept them, where no
 * approver has to. */
#include "approval/changes.h"

#include "approval/outcome.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "intake/approval.h"
#include "release/release_notification.h"
#include "release/release_shown.h"
#include "release/release_store.h"

/* What a yes to one of the revisions that a mail shows is worth, the best last. */
enum changes_verdict {
    CHANGES_GONE,  /* it waits no more, or for something else */
    CHANGES_DRAFT, /* it waits for its file to be moved out of the drafts */
    CHANGES_OLD,   /* the mail shows another revision, or is too old */
    CHANGES_COUNT
};

static const struct outcome is_draft = { "approval_no_subject", "approval_no_title",
                                         "approval_no_draft" };
static const struct outcome is_old = { "approval_no_subject", "approval_no_title",
                                       "approval_no_old" };

bool approval_may_accept_changes(const struct receipt_settings *settings, struct database *database,
                                 struct arena *arena, const struct receipt *receipt,
                                 const char *from, bool *may, struct error *error)
{
    size_t count = 0;
    struct release_shown *shown = NULL;
    *may = false;
    if ((receipt->event != RECEIPT_DROPPED && receipt->event != RECEIPT_HELD) ||
        !approval_is_receiver(receipt, from) || !receipt_is_receiver(settings, receipt->address))
        return true;
    if (!release_shown_in_mail(database, arena, receipt->mail, &shown, &count, error))
        return false;
    for (size_t i = 0; i < count && !*may; i++) {
        bool failed = false;
        const struct release_row *row = release_find_by_row_id(database, arena, shown[i].release,
                                                               &failed, error);
        if (failed)
            return false;
        *may = row && row->changes != RELEASE_CHANGES_ASKED;
    }
    return true;
}

static enum changes_verdict judge(const struct approval_reply *reply,
                                  const struct release_shown *shown, const struct release_row *row)
{
    bool is_newest = shown->revision == row->revision;
    if (row->changes != RELEASE_CHANGES_OPEN || row->status == RELEASE_WITHDRAWN)
        return CHANGES_GONE;
    if (row->status == RELEASE_DRAFT || row->place == RELEASE_PLACE_DRAFTS)
        return is_newest ? CHANGES_DRAFT : CHANGES_GONE;
    if (row->approval != RELEASE_APPROVAL_AWAITED)
        return CHANGES_GONE;
    return is_newest && reply->now_at - reply->receipt->created_at <= OUTCOME_COUNTS_FOR_MS
               ? CHANGES_COUNT
               : CHANGES_OLD;
}

/* Shown anew, to all who get its receipts. */
static bool ask_again(const struct approval_service *service, const struct approval_reply *reply,
                      const struct release_row *row, struct error *error)
{
    const struct release_notification event = { .kind = RELEASE_NOTIFICATION_HELD,
                                                .release = row->row_id,
                                                .revision = row->revision,
                                                .path = row->path,
                                                .cause = INTAKE_CAUSE_CHANGES_AGAIN,
                                                .at = reply->now_at };
    return release_notification_add(service->database, &event, error);
}

/* What is told where nothing of it counts. */
static bool tell_why(const struct approval_service *service, struct arena *arena,
                     const struct approval_reply *reply, const struct release_row *row,
                     enum changes_verdict verdict, struct error *error)
{
    switch (verdict) {
    case CHANGES_OLD:
        return ask_again(service, reply, row, error) &&
               outcome_tell(service, arena, reply, row, &is_old, error);
    case CHANGES_DRAFT:
        return outcome_tell(service, arena, reply, row, &is_draft, error);
    case CHANGES_GONE:
    case CHANGES_COUNT:
        break;
    }
    return outcome_tell(service, arena, reply, row, &outcome_gone, error);
}

bool changes_say_yes(const struct approval_service *service, struct arena *arena,
                     const struct approval_reply *reply, bool *approved, struct error *error)
{
    size_t count = 0;
    struct release_shown *shown = NULL;
    const struct release_row *best = NULL;
    enum changes_verdict best_verdict = CHANGES_GONE;
    if (!release_shown_in_mail(service->database, arena, reply->receipt->mail, &shown, &count,
                               error))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool failed = false;
        const struct release_row *row = release_find_by_row_id(service->database, arena,
                                                               shown[i].release, &failed, error);
        if (failed)
            return false;
        enum changes_verdict verdict = row ? judge(reply, &shown[i], row) : CHANGES_GONE;
        if (verdict == CHANGES_COUNT &&
            !outcome_accept(service, arena, reply, row, intake_accept_changes, approved, error))
            return false;
        if (row && (!best || verdict > best_verdict)) {
            best = row;
            best_verdict = verdict;
        }
    }
    return !best || best_verdict == CHANGES_COUNT ||
           tell_why(service, arena, reply, best, best_verdict, error);
}

bool changes_say_other(const struct approval_service *service, struct arena *arena,
                       const struct approval_reply *reply, struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_row_id(service->database, arena,
                                                           reply->receipt->release, &failed, error);
    if (!row)
        return !failed;
    return receipt_answer(service->database, reply->receipt->row_id, RECEIPT_ANSWER_OTHER,
                          reply->now_at, error) &&
           outcome_tell(service, arena, reply, row, &outcome_no_yes, error);
}
