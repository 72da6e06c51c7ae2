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

static const char stopped_note[] = "stopped by a reply to a receipt";

enum { MAILINGS_MAXIMUM = 200 };

/* The mailings that bring a release to somebody. */
struct mailings {
    int64_t row_ids[MAILINGS_MAXIMUM];
    bool is_paused[MAILINGS_MAXIMUM]; /* by approval_stop() */
    bool is_active[MAILINGS_MAXIMUM];
    size_t count;
    int64_t sent; /* of all mailings of the release itself */
    int64_t unsent;
    size_t digests; /* active ones */
};

static bool is_ours(const struct queue_mailing *mailing)
{
    return mailing->state == QUEUE_MAILING_PAUSED && strcmp(mailing->note, stopped_note) == 0;
}

static void take(struct mailings *found, const struct queue_mailing *mailing)
{
    if (found->count == MAILINGS_MAXIMUM)
        return;
    found->row_ids[found->count] = mailing->row_id;
    found->is_active[found->count] = mailing->state == QUEUE_MAILING_ACTIVE ||
                                     mailing->state == QUEUE_MAILING_FINISHED;
    found->is_paused[found->count++] = is_ours(mailing);
}

static void count(struct mailings *found, const struct queue_mailing *mailing)
{
    const int64_t *counts = mailing->counts.count;
    if (mailing->state == QUEUE_MAILING_CANCELLED)
        return;
    found->sent += counts[QUEUE_SENT] + counts[QUEUE_SENDING] + counts[QUEUE_UNKNOWN];
    found->unsent += counts[QUEUE_QUEUED] + counts[QUEUE_DEFERRED];
}

static bool find_digests(struct database *database, int64_t release, struct mailings *found,
                         struct error *error)
{
    int64_t row_ids[MAILINGS_MAXIMUM];
    size_t digests = 0;
    struct arena arena = { 0 };
    bool done = digest_mailings_of_release(database, release, row_ids, MAILINGS_MAXIMUM, &digests,
                                           error);
    for (size_t i = 0; done && i < digests; i++) {
        bool failed = false;
        const struct queue_mailing *mailing = queue_mailing_head(database, &arena, row_ids[i],
                                                                 &failed, error);
        done = !failed;
        if (!mailing || mailing->state == QUEUE_MAILING_FINISHED)
            continue;
        found->digests += mailing->state == QUEUE_MAILING_ACTIVE || is_ours(mailing);
        take(found, mailing);
    }
    arena_release(&arena);
    return done;
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
    return queue_mailing_cursor_close(&cursor) && find_digests(database, release, found, error);
}

/* ---- stopping ---- */

static bool pause_all(struct database *database, const struct mailings *found, struct error *error)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->is_active[i] &&
            !queue_mailing_pause(database, found->row_ids[i], stopped_note, error))
            return false;
    return true;
}

/* How far it got, and how it goes on. */
static void write_words(struct approval_writer *writer, const struct release_row *row,
                        const struct mailings *found, int64_t now_at)
{
    bool is_public = row->public_at != INSTANT_NONE;
    bool waits = row->stopped_at != INSTANT_NONE || found->unsent || found->digests;
    if (waits)
        approval_head(writer, "stop_subject", "stop_title");
    else
        approval_head(writer, "stop_late_subject", "stop_late_title");
    approval_paragraph(
        writer, approval_text(writer, is_public ? "stop_public" : "stop_not_public", NULL, NULL));
    if (found->sent)
        approval_paragraph(writer, approval_count(writer, "stop_sent", found->sent));
    if (found->unsent)
        approval_paragraph(writer, approval_count(writer, "stop_unsent", found->unsent));
    if (found->digests)
        approval_paragraph(writer, approval_text(writer, "stop_digest", NULL, NULL));
    if (waits && !is_public)
        approval_paragraph(writer, approval_text(writer, "stop_go_on_file", NULL, NULL));
    if (waits)
        approval_paragraph(writer,
                           approval_text(writer, "stop_go_on", "command",
                                         arena_format(writer->arena, "pressroom release resume %s",
                                                      row->public_id)));
    approval_fact(writer, "stop_label_at", approval_when(writer, now_at));
}

static bool stop(const struct approval_service *service, struct arena *arena,
                 const struct approval_reply *reply, int64_t release, struct error *error)
{
    bool failed = false;
    size_t stopped = 0;
    struct approval_writer writer;
    struct mailings found = { .count = 0 };
    struct database *database = service->database;
    if (!intake_stop(database, release, reply->now_at, &stopped, error) ||
        !find_mailings(database, release, &found, error) || !pause_all(database, &found, error))
        return false;
    fault_point("release-stopped");
    const struct release_row *row = release_find_by_row_id(database, arena, release, &failed,
                                                           error);
    if (!row)
        return !failed;
    if (!receipt_answer(database, reply->receipt->row_id, RECEIPT_ANSWER_STOP, reply->now_at,
                        error) ||
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
};

/* Of those that a receipt about many is about; one that is gone by now has nothing to be stopped.
 */
static bool stop_one(const struct approval_service *service, const struct approval_reply *reply,
                     int64_t release, struct stopped *all, struct error *error)
{
    bool failed = false;
    size_t stopped = 0;
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
    bool done = intake_stop(database, release, reply->now_at, &stopped, error) &&
                find_mailings(database, release, &found, error) &&
                pause_all(database, &found, error);
    all->sent += found.sent;
    all->unsent += found.unsent;
    return done;
}

static void say_count(struct approval_writer *writer, const char *key, int64_t count)
{
    if (count)
        approval_paragraph(writer, approval_count(writer, key, count));
}

static void write_words_of_many(struct approval_writer *writer, const struct stopped *all,
                                int64_t now_at)
{
    writer->words.subject = approval_count(writer, "stop_many_subject", all->releases);
    writer->words.title = approval_text(writer, "stop_many_title", NULL, NULL);
    say_count(writer, "stop_many_public", all->publics);
    say_count(writer, "stop_many_not_public", all->releases - all->publics);
    say_count(writer, "stop_many_sent", all->sent);
    say_count(writer, "stop_many_unsent", all->unsent);
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

bool approval_resume(struct database *database, int64_t original_row_id, int64_t now_at,
                     size_t *count, struct error *error)
{
    struct mailings found = { .count = 0 };
    if (!intake_resume(database, original_row_id, now_at, count, error) ||
        !find_mailings(database, original_row_id, &found, error))
        return false;
    for (size_t i = 0; i < found.count; i++) {
        if (!found.is_paused[i])
            continue;
        ++*count;
        if (!digest_mailing_resume(database, found.row_ids[i], now_at, error))
            return false;
    }
    return true;
}
