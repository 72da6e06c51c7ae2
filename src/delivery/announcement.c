/* SPDX-License-Identifier: MIT */
#include "delivery/announcement.h"

#include "delivery/announce.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "database/database.h"
#include "digest/digest.h"
#include "release/release_store.h"

#include <string.h>

/* The first run over an archive notes thousands of releases: a commit for each would wait for the
 * disk as often, and one for all would keep whoever sends waiting. */
enum { WRITES_IN_ONE_COMMIT = 500 };

static const char held_note[] = "more new mailings in one run than announce.max_new";

bool announce_begin(struct announce_batch *batch, struct error *error)
{
    return batch->is_whole || database_begin(batch->database, error);
}

bool announce_end(struct announce_batch *batch, bool done, struct error *error)
{
    /* A run killed here leaves nothing of the step, and the next one makes it anew. Behind the
     * commit its keys are there, and a second one adds nothing. */
    fault_point("announce-step");
    return batch->is_whole ? done : database_end(batch->database, done, error);
}

static void remember_mailing(struct announce_batch *batch, int64_t number)
{
    ARRAY_GROW_IN(&batch->arena, batch->mailings, batch->mailing_count, batch->mailing_capacity);
    batch->mailings[batch->mailing_count++] = number;
}

/* queue/ knows no digests, so who has the release from one is queued first and taken out again in
 * the same transaction: nobody ever sees those rows. */
static bool add_rows(struct announce_batch *batch, const struct announce_telling *telling,
                     const struct queue_mailing *mailing, int64_t *added, struct error *error)
{
    int64_t removed = 0;
    if (!telling->candidates)
        return queue_add_mailed(batch->database, mailing, telling->mailed, added, error);
    if (!(telling->is_again
              ? queue_add_missed(batch->database, mailing, telling->candidates, added, error)
              : queue_add_audience(batch->database, mailing, telling->candidates, added, error)) ||
        !digest_exclude(batch->database, mailing, &removed, error))
        return false;
    *added -= removed;
    return true;
}

/* A mailing of nobody leaves no trace, its number included. */
static bool undo(struct announce_batch *batch, int64_t mailing, struct error *error)
{
    /* In a run that is one transaction a rollback would take the other mailings too. */
    if (batch->is_whole)
        return queue_mailing_discard(batch->database, mailing, error);
    database_rollback(batch->database);
    return database_begin(batch->database, error);
}

bool announce_tell(struct announce_batch *batch, const struct announce_telling *telling,
                   int64_t *added, struct error *error)
{
    bool is_new;
    struct queue_mailing mailing = {
        .state = batch->is_whole ? QUEUE_MAILING_HELD : QUEUE_MAILING_ACTIVE,
        .note = batch->is_whole ? held_note : "",
        .is_urgent = telling->is_urgent,
        .created_at = batch->now_at,
        .starts_at = batch->now_at + (telling->is_urgent ? 0 : telling->delay_ms),
    };
    *added = 0;
    batch->told = 0;
    if (!queue_announcement_open(batch->database, &telling->announcement, &mailing.announcement,
                                 &is_new, error) ||
        !queue_mailing_create(batch->database, &mailing, error) ||
        !add_rows(batch, telling, &mailing, added, error))
        return false;
    if (*added == 0)
        return undo(batch, mailing.number, error);
    remember_mailing(batch, mailing.number);
    batch->told = mailing.number;
    batch->totals->deliveries += *added;
    return true;
}

/* Which digest it belongs to goes by the time at which it became known, but it waits for
 * announce.delay from now on, because else one that is announced late would be in a digest before
 * anybody could take it back. */
bool announce_for_digests(struct announce_batch *batch, const struct announce_telling *telling,
                          const struct queue_candidates *candidates, struct error *error)
{
    int64_t delay_ms = telling->is_urgent ? 0 : telling->delay_ms;
    const struct digest_news news = { .release = telling->announcement.release,
                                      .kind = telling->announcement.kind,
                                      .deduplication_key = telling->announcement.deduplication_key,
                                      .mailing = batch->told,
                                      .at = telling->at + delay_ms,
                                      .ripe_at = batch->now_at + delay_ms,
                                      .now_at = batch->now_at };
    return digest_add(batch->database, &news, candidates, error);
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

bool announce_write(struct announce_batch *batch, const struct announce_mark *mark,
                    struct error *error)
{
    bool failed;
    struct arena arena = { 0 };
    struct release_row *row = release_find_by_number(batch->database, &arena, mark->number, &failed,
                                                     error);
    if (row)
        apply_mark(row, mark, batch->now_at);
    bool done = !failed && (!row || release_update(batch->database, row, error));
    arena_release(&arena);
    return done;
}

/* In parts, each a transaction, and in any order: a kill in between leaves the others for the next
 * run, which collects what has no mark. */
bool announce_write_all(struct announce_batch *batch, const struct announce_mark *marks,
                        size_t count, struct error *error)
{
    for (size_t i = 0; i < count;) {
        if (!announce_begin(batch, error))
            return false;
        bool done = true;
        for (size_t end = i + WRITES_IN_ONE_COMMIT; done && i < count && i < end; i++)
            done = announce_write(batch, &marks[i], error);
        if (!announce_end(batch, done, error))
            return false;
    }
    return true;
}
