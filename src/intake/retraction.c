/* SPDX-License-Identifier: MIT */
#include "intake/retraction.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "queue/queue.h"
#include "release/release_store.h"

static bool mark_row(struct database *database, struct release_row *row, const char *reason,
                     int64_t now_at, struct error *error)
{
    row->status = RELEASE_WITHDRAWN;
    if (row->withdrawn_at == INSTANT_NONE)
        row->withdrawn_at = now_at;
    if (reason)
        row->withdrawal_reason = reason;
    /* 0: publish writes its page anew, as a notice. */
    row->public_revision = 0;
    return release_update(database, row, error);
}

struct versions {
    struct database *database;
    int64_t original_number;
    const char *reason;
    int64_t now_at;
    struct arena arena;

    struct version_number {
        int64_t number;
        struct version_number *next;
    } * numbers;
};

static bool note_version(void *payload, const struct release_row *row, struct error *error)
{
    struct versions *versions = payload;
    (void)error;
    if (row->number == versions->original_number || row->status == RELEASE_WITHDRAWN)
        return true;
    struct version_number *item = arena_allocate(&versions->arena, sizeof *item);
    item->number = row->number;
    item->next = versions->numbers;
    versions->numbers = item;
    return true;
}

static bool mark_versions(struct versions *versions, struct error *error)
{
    const struct release_filter filter = { .original_number = versions->original_number };
    if (!release_each(versions->database, &filter, note_version, versions, error))
        return false;
    for (const struct version_number *item = versions->numbers; item; item = item->next) {
        bool failed = false;
        struct release_row *row = release_find_by_number(versions->database, &versions->arena,
                                                         item->number, &failed, error);
        if (failed ||
            (row && !mark_row(versions->database, row, versions->reason, versions->now_at, error)))
            return false;
    }
    return true;
}

bool retract_release(struct database *database, struct release_row *row, const char *reason,
                     int64_t now_at, int64_t *cancelled, struct error *error)
{
    bool is_original = row->original_number == row->number;
    struct versions versions = {
        .database = database, .original_number = row->number, .reason = reason, .now_at = now_at
    };
    const struct queue_cancellation cancellation = { .release = row->original_number,
                                                     .version = is_original ? 0 : row->number,
                                                     .note = "withdrawn",
                                                     .now_at = now_at };
    *cancelled = 0;
    bool done = queue_cancel_release(database, &cancellation, cancelled, error) &&
                mark_row(database, row, reason, now_at, error) &&
                (!is_original || mark_versions(&versions, error));
    arena_release(&versions.arena);
    return done;
}
