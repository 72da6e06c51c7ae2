/* SPDX-License-Identifier: MIT */
#include "intake/taking_back.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "queue/queue.h"
#include "release/release_store.h"

#include <string.h>

struct open_mailings {
    struct arena arena;
    int64_t *row_ids;
    size_t count;
    size_t capacity;
};

static bool find_open(struct open_mailings *open, struct database *database, int64_t release,
                      struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    queue_mailing_cursor_open(&cursor, database, release, false);
    while (queue_mailing_cursor_next(&cursor, &mailing, error)) {
        if ((mailing->kind != QUEUE_RELEASE && mailing->kind != QUEUE_CORRECTION) ||
            mailing->state == QUEUE_MAILING_FINISHED || mailing->state == QUEUE_MAILING_CANCELLED)
            continue;
        ARRAY_GROW_IN(&open->arena, open->row_ids, open->count, open->capacity);
        open->row_ids[open->count++] = mailing->row_id;
    }
    return queue_mailing_cursor_close(&cursor);
}

/* Why a mailing is cancelled, as its row says it. */
static const char taken_back[] = "its file was taken back";

static bool cancel_one(struct database *database, int64_t row_id, int64_t now_at,
                       struct taking_back *result, struct error *error)
{
    struct arena arena = { 0 };
    bool failed = false;
    int64_t count = 0;
    bool done = queue_mailing_cancel(database, row_id, taken_back, now_at, &count, error);
    const struct queue_mailing *mailing = done ? queue_mailing_find(database, &arena, row_id,
                                                                    &failed, error)
                                               : NULL;
    result->cancelled += count;
    result->sent += mailing
                        ? mailing->counts.count[QUEUE_SENT] + mailing->counts.count[QUEUE_SENDING] +
                              mailing->counts.count[QUEUE_UNKNOWN]
                        : 0;
    arena_release(&arena);
    return done && !failed;
}

bool taking_back_mailings(struct database *database, const struct release_row *row, int64_t now_at,
                          struct taking_back *result, struct error *error)
{
    struct open_mailings open = { .count = 0 };
    *result = (struct taking_back){ .sent = 0 };
    bool done = find_open(&open, database, row->original_row_id, error);
    for (size_t i = 0; done && i < open.count; i++)
        done = cancel_one(database, open.row_ids[i], now_at, result, error);
    arena_release(&open.arena);
    return done;
}

bool taking_back_end(struct database *database, struct release_row *row, struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    bool is_newest = true;
    queue_mailing_cursor_open(&cursor, database, row->original_row_id, false);
    while (is_newest && queue_mailing_cursor_next(&cursor, &mailing, error)) {
        if (mailing->kind != QUEUE_RELEASE)
            continue;
        is_newest = false;
        if (mailing->state == QUEUE_MAILING_CANCELLED && strcmp(mailing->note, taken_back) == 0)
            row->announced_at = INSTANT_NONE;
    }
    return queue_mailing_cursor_close(&cursor);
}

/* The rest of the release goes on without the version. */
static bool let_original_go_on(struct database *database, const struct release_row *version,
                               struct error *error)
{
    bool failed = false;
    struct arena arena = { 0 };
    struct release_row *original = release_find_by_row_id(database, &arena,
                                                          version->original_row_id, &failed, error);
    bool done = !failed;
    if (original && original->status == RELEASE_READY && original->announced_at != INSTANT_NONE)
        done = taking_back_end(database, original, error) &&
               (original->announced_at != INSTANT_NONE ||
                release_update(database, original, error));
    arena_release(&arena);
    return done;
}

bool taking_back_withdrawn(struct database *database, const struct release_row *row, int64_t now_at,
                           struct error *error)
{
    struct taking_back taken;
    return taking_back_mailings(database, row, now_at, &taken, error) &&
           (row->original_row_id == row->row_id || let_original_go_on(database, row, error));
}
