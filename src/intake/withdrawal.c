/* SPDX-License-Identifier: MIT */
#include "intake/withdrawal.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "database/database.h"
#include "digest/digest.h"
#include "intake/intake.h"
#include "intake/notification.h"
#include "release/release_note.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <string.h>

void withdrawal_fill(struct release_row *row, const char *reason, int64_t now_at)
{
    row->status = RELEASE_WITHDRAWN;
    row->withdrawn_at = now_at;
    row->withdrawal_reason = reason;
    row->held_at = INSTANT_NONE;
    if (row->public_at)
        row->public_revision = 0; /* publish then replaces its page by the notice */
    else
        row->due_at = INSTANT_NONE;
}

void withdrawal_undo(struct release_row *row)
{
    row->withdrawn_at = INSTANT_NONE;
    row->withdrawal_reason = NULL;
    if (row->public_at)
        row->public_revision = 0; /* publish then replaces the notice by its page */
}

const char *withdrawal_default_reason(const struct intake_settings *settings, const char *language,
                                      struct arena *arena)
{
    const struct intake_wording wording = intake_wording_of(settings, language);
    const struct intake_message message = { .id = INTAKE_MESSAGE_WITHDRAWN_BY_PLACE };
    return intake_message_show(&message, &wording, arena);
}

const char *withdrawal_reason_in(const struct intake_settings *settings,
                                 const struct release_row *row, const char *language,
                                 struct arena *arena)
{
    const char *reason = row->withdrawal_reason;
    bool is_ours = reason &&
                   strcmp(reason, withdrawal_default_reason(settings, row->language, arena)) == 0;
    return is_ours ? withdrawal_default_reason(settings, language, arena) : reason;
}

bool withdrawal_cancel(struct database *database, const struct release_row *row, int64_t now_at,
                       int64_t *cancelled, struct error *error)
{
    struct queue_cancellation cancellation = { .release = row->original_row_id,
                                               .version = row->original_row_id == row->row_id
                                                              ? 0
                                                              : row->row_id,
                                               .note = "withdrawn",
                                               .now_at = now_at };
    return digest_cancel_release(database, &cancellation, cancelled, error);
}

bool withdrawal_keep_unseen(struct database *database, const struct release_row *row,
                            struct error *error)
{
    bool is_unseen = row->public_at && row->place == RELEASE_PLACE_DRAFTS &&
                     row->revision != row->text_revision;
    return !is_unseen ||
           release_set_approval(database, row->row_id, RELEASE_APPROVAL_AWAITED, error);
}

bool withdrawal_apply_to_translation(struct database *database, struct release_row *version,
                                     const struct release_row *original, int64_t now_at,
                                     bool *changed, struct error *error)
{
    int64_t cancelled = 0;
    *changed = true;
    if (version->status == RELEASE_WITHDRAWN) {
        *changed = false;
        return true;
    }
    if (original->status == RELEASE_WITHDRAWN) {
        if (!withdrawal_keep_unseen(database, version, error))
            return false;
        withdrawal_fill(version, original->withdrawal_reason, now_at);
        version->place = original->place;
        if (original->place == RELEASE_PLACE_WITHDRAWN) /* its mailings are the original's */
            return release_update(database, version, error);
        return withdrawal_cancel(database, version, now_at, &cancelled, error) &&
               release_update(database, version, error) &&
               release_note_mark(database, version->row_id, error);
    }
    bool goes_ahead = !version->public_at && version->due_at &&
                      (!original->due_at || version->due_at < original->due_at);
    *changed = goes_ahead;
    if (!goes_ahead)
        return true;
    version->due_at = original->due_at;
    if (!original->due_at)
        version->status = RELEASE_DRAFT;
    return release_update(database, version, error);
}

bool intake_set_withdrawal_reason(struct database *database, int64_t original_row_id,
                                  const char *reason, bool *is_set, struct error *error)
{
    const struct release_filter filter = { .original_row_id = original_row_id };
    struct release_cursor cursor;
    const struct release_row *row;
    struct release_row changed;
    bool done = true;
    *is_set = false;
    release_cursor_open(&cursor, database, &filter);
    while (done && release_cursor_next(&cursor, &row, error)) {
        if (row->status != RELEASE_WITHDRAWN || row->withdrawal_announced_at != INSTANT_NONE)
            continue;
        changed = *row;
        changed.withdrawal_reason = reason;
        if (row->public_at)
            changed.public_revision = 0;
        done = release_update(database, &changed, error);
        *is_set = *is_set || done;
    }
    return release_cursor_close(&cursor) && done;
}

bool intake_knows_withdrawal_reason(const struct intake_settings *settings,
                                    const struct release_row *row)
{
    struct arena arena = { 0 };
    bool knows = row->withdrawal_reason && *row->withdrawal_reason;
    if (knows && row->place == RELEASE_PLACE_WITHDRAWN)
        knows = strcmp(row->withdrawal_reason,
                       withdrawal_default_reason(settings, row->language, &arena)) != 0;
    arena_release(&arena);
    return knows;
}

/* ---- the command ---- */

enum { VERSIONS_MAXIMUM = 200 };

struct family {
    int64_t row_ids[VERSIONS_MAXIMUM];
    int count;
};

static bool collect(struct family *family, struct database *database, int64_t original_row_id,
                    struct error *error)
{
    const struct release_filter filter = { .original_row_id = original_row_id };
    struct release_cursor cursor;
    const struct release_row *row;
    release_cursor_open(&cursor, database, &filter);
    while (release_cursor_next(&cursor, &row, error))
        if (row->status != RELEASE_WITHDRAWN && family->count < VERSIONS_MAXIMUM)
            family->row_ids[family->count++] = row->row_id;
    return release_cursor_close(&cursor);
}

static bool withdraw_one(struct database *database, int64_t row_id, const char *reason,
                         int64_t now_at, struct error *error)
{
    struct arena arena = { 0 };
    bool failed = false;
    struct release_row *row = release_find_by_row_id(database, &arena, row_id, &failed, error);
    bool done = !failed;
    if (row) {
        withdrawal_fill(row, reason, now_at);
        done = release_update(database, row, error) && release_note_mark(database, row_id, error);
    }
    arena_release(&arena);
    return done;
}

/* Finds a release that is not withdrawn. NULL with *error where there is none, or it is withdrawn
 * already. */
static struct release_row *find_standing(struct database *database, struct arena *arena,
                                         int64_t row_id, struct error *error)
{
    bool failed = false;
    struct release_row *row = release_find_by_row_id(database, arena, row_id, &failed, error);
    if (failed || (row && row->status != RELEASE_WITHDRAWN))
        return row;
    (void)error_set(error, ERROR_INPUT, "release %s: %s", row ? row->public_id : "?",
                    row ? "is withdrawn already" : "is not known; see `release list`");
    return NULL;
}

static bool notify(const struct intake_withdrawing *withdrawing, const struct release_row *row,
                   struct error *error)
{
    struct arena arena = { 0 };
    const struct notification_target target = { .database = withdrawing->database,
                                                .arena = &arena,
                                                .now_at = withdrawing->now_at };
    bool done = !withdrawing->notifies || notification_of_withdrawn(&target, row, error);
    arena_release(&arena);
    return done;
}

static bool withdraw_family(const struct intake_withdrawing *withdrawing,
                            const struct release_row *row, const char *reason, int64_t *cancelled,
                            struct error *error)
{
    struct database *database = withdrawing->database;
    int64_t now_at = withdrawing->now_at;
    struct family family = { .count = 0 };
    if (row->original_row_id == row->row_id) {
        if (!collect(&family, database, row->row_id, error))
            return false;
    } else {
        family.row_ids[family.count++] = row->row_id;
    }
    bool done = withdrawal_cancel(database, row, now_at, cancelled, error);
    fault_point("withdraw-cancelled");
    for (int i = 0; done && i < family.count; i++)
        done = withdraw_one(database, family.row_ids[i], reason, now_at, error);
    return done && notify(withdrawing, row, error) &&
           release_ask_withdrawal(database, row->row_id, INSTANT_NONE, NULL, error);
}

static bool withdraw(const struct intake_withdrawing *withdrawing, int64_t row_id,
                     const char *reason, int64_t *cancelled, struct error *error)
{
    struct arena arena = { 0 };
    *cancelled = 0;
    const struct release_row *row = find_standing(withdrawing->database, &arena, row_id, error);
    bool done = row && withdraw_family(withdrawing, row, reason, cancelled, error);
    arena_release(&arena);
    return done;
}

bool intake_withdraw(const struct intake_withdrawing *withdrawing, int64_t row_id,
                     const char *reason, int64_t *cancelled, struct error *error)
{
    struct transaction transaction = transaction_of(withdrawing->database);
    *cancelled = 0;
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, withdraw(withdrawing, row_id, reason, cancelled, error),
                        error);
    return transaction.is_done;
}

static bool ask(struct database *database, int64_t row_id, const char *reason, int64_t now_at,
                int64_t *cancelled, struct error *error)
{
    struct arena arena = { 0 };
    *cancelled = 0;
    const struct release_row *row = find_standing(database, &arena, row_id, error);
    bool done = row && release_ask_withdrawal(database, row_id, now_at, reason, error) &&
                withdrawal_cancel(database, row, now_at, cancelled, error);
    arena_release(&arena);
    return done;
}

bool intake_ask_withdrawal(struct database *database, int64_t row_id, const char *reason,
                           int64_t now_at, int64_t *cancelled, struct error *error)
{
    struct transaction transaction = transaction_of(database);
    *cancelled = 0;
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, ask(database, row_id, reason, now_at, cancelled, error),
                        error);
    return transaction.is_done;
}

/* Withdraws one release that was asked for. *row_id: which one; 0: there is none. In the caller's
 * transaction. */
static bool finish_one(const struct intake_withdrawing *withdrawing, int64_t *row_id,
                       struct error *error)
{
    struct database *database = withdrawing->database;
    struct arena arena = { 0 };
    const char *reason = NULL;
    bool failed = false;
    int64_t cancelled;
    bool done = release_find_asked_withdrawal(database, &arena, row_id, &reason, error);
    if (done && *row_id) {
        const struct release_row *row = release_find_by_row_id(database, &arena, *row_id, &failed,
                                                               error);
        /* its file may have withdrawn it meanwhile */
        if (row && row->status != RELEASE_WITHDRAWN)
            done = withdraw_family(withdrawing, row, reason, &cancelled, error);
        else
            done = !failed && release_ask_withdrawal(database, *row_id, INSTANT_NONE, NULL, error);
    }
    arena_release(&arena);
    return done;
}

bool intake_finish_withdrawals(const struct intake_withdrawing *withdrawing, struct error *error)
{
    int64_t row_id = 0;
    do {
        struct transaction transaction = transaction_of(withdrawing->database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction, finish_one(withdrawing, &row_id, error), error);
        if (!transaction.is_done)
            return false;
    } while (row_id);
    return true;
}
