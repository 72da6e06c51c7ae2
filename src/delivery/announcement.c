/* SPDX-License-Identifier: MIT */
#include "delivery/announcement.h"

#include "delivery/announce.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "database/database.h"
#include "digest/digest.h"
#include "release/release_note.h"
#include "release/release_notification.h"
#include "release/release_store.h"

#include <string.h>

/* The first run over an archive notes thousands of releases: a commit for each would wait for the
 * disk as often, and one for all would keep whoever sends waiting. */
enum { WRITES_IN_ONE_COMMIT = 500 };

struct announce_step announce_step_of(struct announce_batch *batch)
{
    return (struct announce_step){ .batch = batch,
                                   .transaction = transaction_part_of(batch->database) };
}

bool announce_step_run(struct announce_step *step, struct error *error)
{
    step->mailing = 0;
    step->added = 0;
    return transaction_run(&step->transaction, error);
}

bool announce_step_is_undone(const struct announce_step *step)
{
    return step->is_for_nobody && step->mailing;
}

static void count_mailing(const struct announce_step *step)
{
    struct announce_batch *batch = step->batch;
    struct announce_totals *totals = batch->totals;
    ARRAY_GROW_IN(&batch->arena, batch->mailings, batch->mailing_count, batch->mailing_capacity);
    batch->mailings[batch->mailing_count++] = step->mailing;
    totals->deliveries += step->added;
    totals->releases += step->kind == QUEUE_RELEASE;
    totals->corrections += step->kind == QUEUE_CORRECTION;
    totals->withdrawals += step->kind == QUEUE_WITHDRAWAL;
}

void announce_step_end(struct announce_step *step, bool done, struct error *error)
{
    bool was_for_nobody = announce_step_is_undone(step);
    /* A run killed here leaves nothing of the step, and the next one makes it anew. Behind the
     * commit its keys are there, and a second one adds nothing. */
    fault_point("announce-step");
    transaction_end(&step->transaction, done, error);
    if (was_for_nobody)
        step->transaction = transaction_of(step->batch->database);
    else if (step->transaction.is_done && step->mailing)
        count_mailing(step);
}

/* queue/ knows no digests, so who has the release from one is queued first and taken out again in
 * the same transaction: nobody ever sees those rows. */
static bool add_rows(struct announce_batch *batch, const struct announce_plan *plan,
                     const struct queue_mailing *mailing, int64_t *added, struct error *error)
{
    int64_t removed = 0;
    if (!plan->candidates)
        return queue_add_mailed(batch->database, mailing, plan->mailed, added, error);
    if (!(plan->is_again
              ? queue_add_missed(batch->database, mailing, plan->candidates, added, error)
              : queue_add_audience(batch->database, mailing, plan->candidates, added, error)) ||
        !digest_exclude(batch->database, mailing, &removed, error))
        return false;
    *added -= removed;
    return true;
}

bool announce_mail(struct announce_step *step, const struct announce_plan *plan,
                   struct error *error)
{
    struct announce_batch *batch = step->batch;
    bool is_new;
    struct queue_mailing mailing = {
        .state = batch->is_whole ? QUEUE_MAILING_HELD : QUEUE_MAILING_ACTIVE,
        .note = batch->is_whole ? QUEUE_HELD_NOTE : "",
        .is_urgent = plan->is_urgent,
        .created_at = batch->now_at,
        .starts_at = batch->now_at + (plan->is_urgent ? 0 : plan->delay_ms),
    };
    if (step->is_for_nobody)
        return true;
    if (!queue_announcement_open(batch->database, &plan->announcement, &mailing.announcement,
                                 &is_new, error) ||
        !queue_mailing_create(batch->database, &mailing, error) ||
        !add_rows(batch, plan, &mailing, &step->added, error))
        return false;
    /* In a run that is one transaction to undo the step would take the other mailings too. */
    if (!step->added && batch->is_whole)
        return queue_mailing_discard(batch->database, mailing.row_id, error);
    step->mailing = mailing.row_id;
    step->kind = plan->announcement.kind;
    /* A mailing of nobody leaves no trace, its row id included, so all of the step is undone. */
    step->is_for_nobody = !step->added;
    return !step->is_for_nobody;
}

/* Which digest it belongs to goes by the time at which it became known, but it waits for
 * announce.delay from now on, because else one that is announced late would be in a digest before
 * anybody could take it back. */
bool announce_for_digests(const struct announce_step *step, const struct announce_plan *plan,
                          const struct queue_candidates *candidates, struct error *error)
{
    const struct announce_batch *batch = step->batch;
    int64_t delay_ms = plan->is_urgent ? 0 : plan->delay_ms;
    const struct digest_news news = { .release = plan->announcement.release,
                                      .kind = plan->announcement.kind,
                                      .deduplication_key = plan->announcement.deduplication_key,
                                      .mailing = step->mailing,
                                      .at = plan->at + delay_ms,
                                      .ripe_at = batch->now_at + delay_ms,
                                      .now_at = batch->now_at };
    return digest_add(batch->database, &news, candidates, error);
}

/* Both ways out are asked, because digests alone may have brought the release, and what is
 * forgotten of them is forgotten as well. */
bool announce_history_read(const struct announce_batch *batch, int64_t release,
                           struct announce_history *history, struct error *error)
{
    struct digest_history digests;
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    *history = (struct announce_history){ .is_announced = false };
    queue_mailing_cursor_open(&cursor, batch->database, release, false);
    while (queue_mailing_cursor_next(&cursor, &mailing, error)) {
        if (mailing->kind == QUEUE_RELEASE) {
            history->is_announced = true;
            history->is_forgotten = history->is_forgotten || mailing->is_forgotten;
        }
    }
    if (!queue_mailing_cursor_close(&cursor) ||
        !digest_history(batch->database, release, &digests, error))
        return false;
    history->is_announced = history->is_announced || digests.is_in_issue;
    history->is_forgotten = history->is_forgotten || digests.is_forgotten;
    return true;
}

/* What was announced once stays so, with its time: all that a later mailing may change is the
 * reason why nobody was mailed at first. */
static void apply_mark(struct release_row *row, const struct announce_mark *mark, int64_t now_at)
{
    bool was_announced = row->announced_at != INSTANT_NONE;
    if (mark->note && (!was_announced || !mark->note[0]))
        row->announce_note = mark->note;
    if (mark->revision && !(mark->is_first && was_announced))
        row->announced_revision = mark->revision;
    if (mark->is_first && !was_announced)
        row->announced_at = now_at;
    if (mark->is_withdrawal)
        row->withdrawal_announced_at = now_at;
}

/* Whether what the note beside its file says of it is to be another. */
static bool is_noted_elsewhere(const struct release_row *row, const struct announce_mark *mark)
{
    return mark->note && !mark->is_one_of_many &&
           (release_unmailed_is_noted(release_unmailed_of(mark->note)) ||
            release_unmailed_is_noted(release_unmailed_of(row->announce_note)));
}

/* Whether one note says it of all of them. */
static bool is_gathered(const struct announce_mark *mark)
{
    return mark->note && mark->is_one_of_many &&
           release_unmailed_is_noted(release_unmailed_of(mark->note));
}

/* Of many at once, as of an import, nobody is told each. */
static bool notify_too_old(struct announce_batch *batch, const struct announce_mark *mark,
                           struct error *error)
{
    if (!batch->settings->notifies || !mark->too_old || mark->is_one_of_many)
        return true;
    const struct release_notification event = { .kind = RELEASE_NOTIFICATION_HELD,
                                                .release = mark->too_old,
                                                .revision = mark->revision,
                                                .cause = "too_old",
                                                .at = batch->now_at };
    return release_notification_add(batch->database, &event, error);
}

bool announce_write(struct announce_batch *batch, const struct announce_mark *mark,
                    struct error *error)
{
    bool failed;
    struct arena arena = { 0 };
    struct release_row *row = release_find_by_row_id(batch->database, &arena, mark->row_id, &failed,
                                                     error);
    bool is_noted = row && is_noted_elsewhere(row, mark);
    if (row)
        apply_mark(row, mark, batch->now_at);
    bool done = !failed && (!row || release_update_announced(batch->database, row, error)) &&
                (!is_noted || release_note_mark(batch->database, mark->row_id, error)) &&
                (!row || !is_gathered(mark) ||
                 release_gather(batch->database, RELEASE_GATHERED_UNMAILED, mark->row_id, "",
                                error)) &&
                (!row || notify_too_old(batch, mark, error));
    arena_release(&arena);
    return done;
}

static bool write_part(struct announce_batch *batch, const struct announce_mark *marks,
                       size_t count, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < count; i++)
        done = announce_write(batch, &marks[i], error);
    return done;
}

/* In parts, each a transaction, and in any order: a kill in between leaves the others for the next
 * run, which collects what has no mark. */
bool announce_write_all(struct announce_batch *batch, const struct announce_mark *marks,
                        size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i += WRITES_IN_ONE_COMMIT) {
        size_t part = count - i < WRITES_IN_ONE_COMMIT ? count - i : WRITES_IN_ONE_COMMIT;
        struct announce_step step = announce_step_of(batch);
        while (announce_step_run(&step, error))
            announce_step_end(&step, write_part(batch, marks + i, part, error), error);
        if (!step.transaction.is_done)
            return false;
    }
    return true;
}
