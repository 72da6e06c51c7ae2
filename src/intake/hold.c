/* SPDX-License-Identifier: MIT */
#include "intake/hold.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "database/database.h"
#include "intake/intake.h"
#include "intake/run.h"
#include "locale/zone.h"
#include "release/release_store.h"

bool hold_applies(const struct release_row *row)
{
    return row->status == RELEASE_READY && row->public_at == INSTANT_NONE;
}

bool hold_row(struct database *database, struct release_row *row, int64_t now_at,
              struct error *error)
{
    if (!hold_applies(row))
        return true;
    if (row->held_at == INSTANT_NONE)
        row->held_at = now_at;
    return release_update(database, row, error);
}

bool hold_path(struct database *database, struct arena *arena, const char *path, int64_t now_at,
               struct release_row **held, struct error *error)
{
    bool failed = false;
    struct release_row *row = release_find_by_path(database, arena, path, &failed, error);
    *held = row && hold_applies(row) ? row : NULL;
    return !failed && (!*held || hold_row(database, row, now_at, error));
}

/* ---- all of them ---- */

struct waiting {
    struct arena arena;

    struct waiting_row_id {
        int64_t row_id;
        struct waiting_row_id *next;
    } * first;

    size_t count;
};

static bool collect(struct waiting *waiting, struct database *database, struct error *error)
{
    const struct release_filter filter = { .only_to_come = true };
    struct release_cursor cursor;
    const struct release_row *row;
    release_cursor_open(&cursor, database, &filter);
    while (release_cursor_next(&cursor, &row, error)) {
        if (!hold_applies(row) || row->held_at != INSTANT_NONE)
            continue;
        struct waiting_row_id *next = arena_allocate(&waiting->arena, sizeof *next);
        *next = (struct waiting_row_id){ row->row_id, waiting->first };
        waiting->first = next;
        waiting->count++;
    }
    return release_cursor_close(&cursor);
}

/* Its stat fingerprint is cleared, so that its file is read again as soon as it can be, which
 * releases the hold. */
static bool hold_unseen(struct database *database, int64_t row_id, int64_t now_at,
                        struct error *error)
{
    struct arena arena = { 0 };
    bool failed = false;
    struct release_row *row = release_find_by_row_id(database, &arena, row_id, &failed, error);
    if (row)
        row->stat_fingerprint = "";
    bool done = !failed && (!row || hold_row(database, row, now_at, error));
    arena_release(&arena);
    return done;
}

bool hold_all(struct database *database, int64_t now_at, size_t *count, struct error *error)
{
    struct waiting waiting = { .first = NULL };
    bool done = collect(&waiting, database, error);
    *count = waiting.count;
    if (done && waiting.first) {
        struct transaction transaction = transaction_of(database);
        while (transaction_run(&transaction, error)) {
            bool is_held = true;
            for (const struct waiting_row_id *item = waiting.first; is_held && item;
                 item = item->next)
                is_held = hold_unseen(database, item->row_id, now_at, error);
            transaction_end(&transaction, is_held, error);
        }
        done = transaction.is_done;
    }
    arena_release(&waiting.arena);
    return done;
}

/* ---- reporting ---- */

/* A release whose file was reported in this run is only counted. */
static void report(struct intake_stage *stage, const struct release_row *row)
{
    struct arena arena = { 0 };
    const char *folder = stage->settings->releases_name;
    const char *due = zone_format_rfc3339(stage->context.zone, &arena, row->due_at, false);
    const struct drop_entry *entry = row->path && !row->is_missing
                                         ? drop_directory_find(&stage->scan, row->path)
                                         : NULL;
    if (entry && entry->is_unstable) {
        log_line(LOG_WARNING,
                 "%s/%s: is still being written and was to be public at %s; held until it is still",
                 folder, row->path, due);
    } else {
        stage->counts.held++;
        if (row->is_missing)
            log_line(LOG_ERROR,
                     "%s/%s: release %s (“%s”) was to be public at %s, but its file is gone; held "
                     "until the file is back, or `release withdraw %s`",
                     folder, row->path ? row->path : "", row->public_id, row->title, due,
                     row->public_id);
        else if (!entry || !entry->is_queued)
            log_line(LOG_ERROR,
                     "%s/%s: was to be public at %s, but its file is refused; held until it is "
                     "mended, see the note beside it",
                     folder, row->path, due);
    }
    arena_release(&arena);
}

bool hold_report(struct intake_stage *stage, struct error *error)
{
    static const struct release_filter held = { .only_held = true };
    struct release_cursor cursor;
    const struct release_row *row;
    release_cursor_open(&cursor, stage->database, &held);
    while (release_cursor_next(&cursor, &row, error))
        report(stage, row);
    return release_cursor_close(&cursor);
}
