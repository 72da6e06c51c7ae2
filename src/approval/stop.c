/* SPDX-License-Identifier: MIT */
#include "approval/words.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "database/database.h"
#include "digest/digest.h"
#include "intake/approval.h"
#include "queue/queue.h"
#include "release/release_store.h"

#include <string.h>

enum { MAILINGS_MAXIMUM = 200 };

/* What brings a release to somebody: its mailings, and digests. */
struct mailings {
    int64_t row_ids[MAILINGS_MAXIMUM];
    bool is_active[MAILINGS_MAXIMUM];
    bool is_held[MAILINGS_MAXIMUM]; /* before it began: somebody has to let it go */
    size_t count;
    int64_t sent; /* of all mailings of the release itself */
    int64_t unsent;
    struct digest_stopping digests;
};

static void take(struct mailings *found, const struct queue_mailing *mailing)
{
    if (found->count == MAILINGS_MAXIMUM)
        return;
    found->row_ids[found->count] = mailing->row_id;
    found->is_active[found->count] = mailing->state == QUEUE_MAILING_ACTIVE ||
                                     mailing->state == QUEUE_MAILING_FINISHED;
    found->is_held[found->count] = mailing->state == QUEUE_MAILING_HELD;
    found->count++;
}

static void count(struct mailings *found, const struct queue_mailing *mailing)
{
    const int64_t *counts = mailing->counts.count;
    if (mailing->state == QUEUE_MAILING_CANCELLED)
        return;
    found->sent += counts[QUEUE_SENT] + counts[QUEUE_SENDING] + counts[QUEUE_UNKNOWN];
    found->unsent += counts[QUEUE_QUEUED] + counts[QUEUE_DEFERRED];
}

static bool find_mailings(struct database *database, int64_t release, struct mailings *found,
                          struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    queue_mailing_cursor_open(&cursor, database, release, true);
    while (queue_mailing_cursor_next(&cursor, &mailing, error)) {
        take(found, mailing);
        count(found, mailing);
    }
    return queue_mailing_cursor_close(&cursor);
}

/* ---- stopping ---- */

static bool pause_all(struct database *database, const struct mailings *found, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < found->count; i++) {
        if (found->is_active[i])
            done = queue_mailing_pause(database, found->row_ids[i], QUEUE_STOPPED_NOTE, error);
        else if (found->is_held[i])
            done = queue_mailing_mark_stopped(database, found->row_ids[i], true, error);
    }
    return done;
}

static bool is_kept_back(const struct mailings *found)
{
    return found->unsent || digest_stopping_kept_back(&found->digests);
}

/* What is public and announced is stopped too, where somebody was to get it still. */
static bool mark(struct database *database, int64_t release, const struct mailings *found,
                 int64_t now_at, struct error *error)
{
    bool failed = false;
    struct arena arena = { 0 };
    const struct release_row *row = release_find_by_row_id(database, &arena, release, &failed,
                                                           error);
    bool done = !failed;
    if (row && row->stopped_at == INSTANT_NONE && is_kept_back(found))
        done = release_set_stopped(database, release, now_at, error);
    arena_release(&arena);
    return done;
}

static void write_count(struct approval_writer *writer, const char *key, int64_t count)
{
    if (count)
        approval_paragraph(writer, approval_count(writer, key, count));
}

/* How far it got. */
static void write_counts(struct approval_writer *writer, const struct mailings *found,
                         bool is_public)
{
    if (is_public && !found->sent && !found->digests.had)
        approval_paragraph(writer, approval_text(writer, "stop_nobody", NULL, NULL));
    write_count(writer, "stop_sent", found->sent);
    write_count(writer, "stop_digest_had", found->digests.had);
    write_count(writer, "stop_unsent", found->unsent);
    write_count(writer, "stop_digest_without", found->digests.without);
    write_count(writer, "stop_digest_emptied", found->digests.emptied);
    if (found->digests.is_awaited)
        approval_paragraph(writer, approval_text(writer, "stop_digest", NULL, NULL));
}

/* How far it got, and how it goes on. */
static void write_words(struct approval_writer *writer, const struct release_row *row,
                        const struct mailings *found, int64_t now_at)
{
    bool is_public = row->public_at != INSTANT_NONE;
    bool waits = row->stopped_at != INSTANT_NONE || is_kept_back(found);
    if (waits)
        approval_head(writer, "stop_subject", "stop_title");
    else
        approval_head(writer, "stop_late_subject", "stop_late_title");
    approval_paragraph(
        writer, approval_text(writer, is_public ? "stop_public" : "stop_not_public", NULL, NULL));
    write_counts(writer, found, is_public);
    if (waits && !is_public)
        approval_paragraph(writer, approval_text(writer, "stop_go_on_file", NULL, NULL));
    if (waits)
        approval_paragraph(writer,
                           approval_text(writer, "stop_go_on", "command",
                                         arena_format(writer->arena, "pressroom release resume %s",
                                                      row->public_id)));
    approval_fact(writer, "stop_label_at", approval_when(writer, now_at));
}

/* All that brings it is stopped in the caller's transaction: whoever makes a digest or claims a
 * message has done so before it, or sees it. */
static bool stop_all(struct database *database, int64_t release, int64_t now_at,
                     struct mailings *found, struct error *error)
{
    size_t stopped = 0;
    return intake_stop(database, release, now_at, &stopped, error) &&
           find_mailings(database, release, found, error) && pause_all(database, found, error) &&
           digest_stop_release(database, release, now_at, &found->digests, error) &&
           mark(database, release, found, now_at, error);
}

static bool stop(const struct approval_service *service, struct arena *arena,
                 const struct approval_reply *reply, int64_t release, struct error *error)
{
    bool failed = false;
    struct approval_writer writer;
    struct mailings found = { .count = 0 };
    if (!stop_all(service->database, release, reply->now_at, &found, error))
        return false;
    fault_point("release-stopped");
    const struct release_row *row = release_find_by_row_id(service->database, arena, release,
                                                           &failed, error);
    if (!row)
        return !failed;
    if (!receipt_answer(service->database, reply->receipt->row_id, RECEIPT_ANSWER_STOP,
                        reply->now_at, error) ||
        !approval_writer_init(&writer, service, arena, row, error))
        return false;
    write_words(&writer, row, &found, reply->now_at);
    /* To whom the receipt went, whoever answers it: strangers get nothing. */
    return approval_tell(&writer, reply, row, reply->receipt->address, error);
}

/* ---- many at once ---- */

struct stopped {
    int64_t releases;
    int64_t publics;
    int64_t sent;
    int64_t unsent;
    bool are_in_digests; /* some were to come in digests */
};

/* Of those that a receipt about many is about; one that is gone by now has nothing to be stopped.
 */
static bool stop_one(const struct approval_service *service, const struct approval_reply *reply,
                     int64_t release, struct stopped *all, struct error *error)
{
    bool failed = false;
    struct arena arena = { 0 };
    struct mailings found = { .count = 0 };
    struct database *database = service->database;
    const struct release_row *row = release_find_by_row_id(database, &arena, release, &failed,
                                                           error);
    bool is_public = row && row->public_at != INSTANT_NONE;
    bool is_there = row != NULL;
    arena_release(&arena);
    if (!is_there)
        return !failed;
    all->releases++;
    all->publics += is_public;
    bool done = stop_all(database, release, reply->now_at, &found, error);
    all->are_in_digests = all->are_in_digests || digest_stopping_kept_back(&found.digests);
    all->sent += found.sent + found.digests.had;
    all->unsent += found.unsent;
    return done;
}

static void write_words_of_many(struct approval_writer *writer, const struct stopped *all,
                                int64_t now_at)
{
    writer->words.subject = approval_count(writer, "stop_many_subject", all->releases);
    writer->words.title = approval_text(writer, "stop_many_title", NULL, NULL);
    write_count(writer, "stop_many_public", all->publics);
    write_count(writer, "stop_many_not_public", all->releases - all->publics);
    write_count(writer, "stop_many_sent", all->sent);
    write_count(writer, "stop_many_unsent", all->unsent);
    if (all->are_in_digests)
        approval_paragraph(writer, approval_text(writer, "stop_many_digest", NULL, NULL));
    approval_paragraph(
        writer, approval_text(writer, "stop_many_go_on", "command", "pressroom release resume ID"));
    approval_fact(writer, "stop_label_at", approval_when(writer, now_at));
}

static bool stop_many(const struct approval_service *service, struct arena *arena,
                      const struct approval_reply *reply, struct error *error)
{
    size_t count = 0;
    int64_t *releases = NULL;
    struct stopped all = { 0 };
    struct approval_writer writer;
    if (!receipt_releases(service->database, arena, reply->receipt->row_id, &releases, &count,
                          error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!stop_one(service, reply, releases[i], &all, error))
            return false;
    fault_point("release-stopped");
    if (!receipt_answer(service->database, reply->receipt->row_id, RECEIPT_ANSWER_STOP,
                        reply->now_at, error))
        return false;
    approval_writer_init_untitled(&writer, service, arena);
    write_words_of_many(&writer, &all, reply->now_at);
    return approval_tell(&writer, reply, NULL, reply->receipt->address, error);
}

static bool stop_release(const struct approval_service *service, struct arena *arena,
                         const struct approval_reply *reply, struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_row_id(service->database, arena,
                                                           reply->receipt->release, &failed, error);
    return !failed && (!row || stop(service, arena, reply, row->original_row_id, error));
}

bool approval_stop(const struct approval_service *service, const struct approval_reply *reply,
                   struct error *error)
{
    struct arena arena = { 0 };
    bool done = reply->receipt->is_about_many ? stop_many(service, &arena, reply, error)
                                              : stop_release(service, &arena, reply, error);
    arena_release(&arena);
    return done;
}

/* Whoever lets this one release go means the mailing too that was held when it was stopped. */
static bool resume_held(struct database *database, int64_t release, int64_t now_at, size_t *count,
                        struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    bool done = true;
    queue_mailing_cursor_open(&cursor, database, release, false);
    while (done && queue_mailing_cursor_next(&cursor, &mailing, error)) {
        if (mailing->state != QUEUE_MAILING_HELD || strcmp(mailing->note, QUEUE_STOPPED_NOTE) != 0)
            continue;
        ++*count;
        done = digest_mailing_resume(database, mailing->row_id, now_at, error);
    }
    return queue_mailing_cursor_close(&cursor) && done;
}

bool approval_resume(struct database *database, int64_t original_row_id, int64_t now_at,
                     size_t *count, struct error *error)
{
    size_t held = 0;
    size_t mailed = 0;
    if (!intake_resume(database, original_row_id, now_at, count, error) ||
        !resume_held(database, original_row_id, now_at, &held, error) ||
        !digest_resume_release(database, original_row_id, now_at, &mailed, error))
        return false;
    *count += held + mailed;
    return true;
}
