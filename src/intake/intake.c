/* SPDX-License-Identifier: MIT */
#include "intake/intake.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "database/database.h"
#include "intake/approval_row.h"
#include "intake/asset.h"
#include "intake/debounce.h"
#include "intake/document_confined.h"
#include "intake/hold.h"
#include "intake/note.h"
#include "intake/orphan.h"
#include "intake/picture_cache.h"
#include "intake/recovery.h"
#include "intake/refusal.h"
#include "intake/remark.h"
#include "intake/report_deleted.h"
#include "intake/report_row.h"
#include "intake/run.h"
#include "intake/similarity.h"
#include "intake/spelling_confined.h"
#include "locale/language_words.h"
#include "locale/zone.h"
#include "release/release_note.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <string.h>

/* What was said of a file goes with it, and a note says in its place that it is gone: of many,
 * which are a folder that is moved, or a share that is not there, one for all. */
static bool forget_said(const struct intake_stage *stage, const struct release_row *row,
                        struct error *error)
{
    if (stage->vanished_count <= RELEASE_NOTES_MAXIMUM)
        return release_note_mark(stage->database, row->row_id, error);
    return report_row_remove(stage->database, row->path, error) &&
           release_gather(stage->database, RELEASE_GATHERED_GONE, row->row_id, "", error);
}

static bool store_vanished(struct intake_stage *stage, struct error *error)
{
    for (size_t i = 0; i < stage->vanished_count; i++) {
        struct arena arena = { 0 };
        bool failed = false;
        struct release_row *row = release_find_by_row_id(stage->database, &arena,
                                                         stage->vanished[i].row_id, &failed, error);
        bool done = !failed;
        if (row && stage->vanished[i].is_closed) {
            row->stat_fingerprint = ""; /* read again as soon as it can be */
            done = hold_row(stage->database, row, clock_now(stage->clock), error);
        } else if (row) {
            row->is_missing = true;
            done = (hold_applies(row)
                        ? hold_row(stage->database, row, clock_now(stage->clock), error)
                        : release_update(stage->database, row, error)) &&
                   forget_said(stage, row, error);
        }
        arena_release(&arena);
        if (!done)
            return false;
    }
    return true;
}

/* Marks vanished files before anything is read, so that their content is recognised under a new
 * name. */
static bool mark_vanished(struct intake_stage *stage, struct error *error)
{
    if (stage->vanished_count == 0)
        return true;
    struct transaction transaction = transaction_of(stage->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, store_vanished(stage, error), error);
    return transaction.is_done;
}

/* Reports files that were not found again under another name. */
static bool report_vanished(struct intake_stage *stage, struct error *error)
{
    for (size_t i = 0; i < stage->scan.closed_count; i++)
        log_line(LOG_ERROR,
                 "%s/%s: cannot be read; what lies in it stays as it is, what is to come from it is"
                 " held until it can",
                 stage->settings->releases_name, stage->scan.closed[i]);
    for (size_t i = 0; i < stage->vanished_count; i++) {
        struct arena arena = { 0 };
        bool failed = false;
        const struct vanished *vanished = &stage->vanished[i];
        const struct release_row *row = release_find_by_row_id(stage->database, &arena,
                                                               vanished->row_id, &failed, error);
        bool is_missing = row && row->is_missing;
        bool is_held = row && row->held_at != INSTANT_NONE; /* hold_report() says so */
        arena_release(&arena);
        if (failed)
            return false;
        if (is_missing && ++stage->counts.missing <= RELEASE_NOTES_MAXIMUM && !is_held)
            log_line(
                LOG_WARNING,
                "%s/%s: has vanished; what is public stays as it is: put the file back, or withdraw the release",
                stage->settings->releases_name, vanished->path);
    }
    if (stage->counts.missing > RELEASE_NOTES_MAXIMUM)
        log_line(LOG_WARNING, "%s: %" PRId64 " files have vanished in all; is the folder whole?",
                 stage->settings->releases_name, stage->counts.missing);
    return true;
}

static bool refusal_is_gone(const struct intake_stage *stage, const struct refusal *refusal)
{
    return !drop_directory_find(&stage->scan, refusal->path);
}

static bool remove_gone_refusals(struct intake_stage *stage, struct error *error)
{
    for (size_t i = 0; i < stage->refusal_count; i++)
        if (refusal_is_gone(stage, &stage->refusals[i]) &&
            (!refusal_remove(stage->database, stage->refusals[i].path, error) ||
             !report_row_remove(stage->database, stage->refusals[i].path, error)))
            return false;
    return true;
}

/* Removes a note without a file, unless it says just that. */
static bool remove_leftover(struct intake_stage *stage, const char *note, struct error *error)
{
    struct error note_error;
    bool is_wanted;
    if (!remark_note_is_wanted(stage->database, note, &is_wanted, error))
        return false;
    if (!is_wanted && !note_remove(stage->settings, note, &note_error))
        log_line(LOG_WARNING, "%s; leaving it", note_error.message);
    return true;
}

static bool remove_leftovers(struct intake_stage *stage, const char *const *notes, size_t count,
                             struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!remove_leftover(stage, notes[i], error))
            return false;
    return true;
}

static bool forget_gone_refusals(struct intake_stage *stage, struct error *error)
{
    struct transaction transaction = transaction_of(stage->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, remove_gone_refusals(stage, error), error);
    return transaction.is_done;
}

/* Removes refusals and notes of files that are gone. */
static bool clear_leftovers(struct intake_stage *stage, struct error *error)
{
    bool has_gone = false;
    const struct drop_directory *scan = &stage->scan;
    for (size_t i = 0; !has_gone && i < stage->refusal_count; i++)
        has_gone = refusal_is_gone(stage, &stage->refusals[i]);
    if (has_gone && !forget_gone_refusals(stage, error))
        return false;
    if (!remove_leftovers(stage, scan->orphan_notes, scan->orphan_note_count, error))
        return false;
    for (size_t i = 0; i < scan->count; i++)
        if (!remove_leftovers(stage, scan->entries[i].orphan_notes,
                              scan->entries[i].orphan_note_count, error))
            return false;
    return true;
}

void intake_hold_unseen(const struct intake_settings *settings, struct database *database,
                        int64_t now_at)
{
    struct error error;
    size_t count = 0;
    if (!hold_all(database, now_at, &count, &error))
        log_line(LOG_ERROR, "%s", error.message);
    else if (count > 0)
        log_line(LOG_ERROR, "%s: cannot be read; %zu releases to come are held until it can",
                 settings->releases_name, count);
}

bool intake_scan(struct intake_stage *stage, struct error *error)
{
    const struct intake_settings *settings = stage->settings;
    if (!drop_directory_scan(settings->releases_directory, settings, &stage->arena, &stage->scan,
                             error)) {
        if (!stage->observe)
            intake_hold_unseen(settings, stage->database, clock_now(stage->clock));
        return error_prefix(error, "%s", settings->releases_name);
    }
    if (!release_last_row_id(stage->database, &stage->last_row_id, error))
        return false;
    if (stage->last_row_id == 0 &&
        (!recovery_run(settings, stage->database, clock_now(stage->clock), &stage->counts.recovered,
                       error) ||
         !release_last_row_id(stage->database, &stage->last_row_id, error)))
        return false;
    return intake_compare(stage, error) && mark_vanished(stage, error);
}

/* Without the reader or the words of embargoes no text can be read, and any of them may contain an
 * embargo, so everything is held. */
bool intake_open_reader(const struct intake_stage *stage, struct error *error)
{
    struct intake_reader *reader = stage->settings->reader;
    if (language_words_open(stage->settings->words, error) &&
        reader->open(reader, stage->settings->words != NULL, error))
        return true;
    if (!stage->observe)
        intake_hold_unseen(stage->settings, stage->database, clock_now(stage->clock));
    return false;
}

static bool run(struct intake_stage *stage, struct error *error)
{
    const struct intake_settings *settings = stage->settings;
    if (!intake_scan(stage, error))
        return false;
    if (!approval_follow_setting(stage->database, settings, clock_now(stage->clock), error))
        return false;
    fault_point("ingest-compared");
    if (!report_row_exists(stage->database, &stage->has_reports, error) ||
        (stage->has_reports && !report_forget_deleted(stage, error)))
        return false;
    if (stage->first.count + stage->second.count > 0 && !intake_open_reader(stage, error))
        return false;
    debounce_wait(settings, &stage->scan, stage->first.entries, stage->first.count, &stage->arena);
    asset_clear_temporaries(settings->state_directory);
    return intake_take_queue(stage, &stage->first, error) &&
           intake_take_queue(stage, &stage->second, error) && report_vanished(stage, error) &&
           hold_report(stage, error) && orphan_report(stage, error) &&
           clear_leftovers(stage, error) &&
           remark_write_marked(settings, stage->database, stage->zone, clock_now(stage->clock),
                               error);
}

bool intake_stage_init(struct intake_stage *stage, const struct intake_settings *settings,
                       struct database *database, const struct clock *clock, struct random *random,
                       struct error *error)
{
    *stage = (struct intake_stage){
        .settings = settings, .database = database, .clock = clock, .random = random
    };
    stage->zone = zone_open(settings->timezone, error);
    if (!stage->zone)
        return false;
    stage->context = (struct source_bundle_context){ .settings = settings,
                                                     .zone = stage->zone,
                                                     .scan = &stage->scan,
                                                     .now_at = clock_now(clock),
                                                     .directory = settings->releases_directory,
                                                     .state_directory = settings->state_directory,
                                                     .similarity = similarity_index_new(
                                                         &stage->arena, database),
                                                     .pictures = picture_cache_new(database) };
    string_builder_init(&stage->named, 0);
    return true;
}

void intake_stage_release(struct intake_stage *stage)
{
    stage->settings->reader->close(stage->settings->reader);
    spelling_free(stage->spelling);
    document_reader_free(stage->documents);
    picture_cache_free(stage->context.pictures);
    string_builder_release(&stage->named);
    arena_release(&stage->arena);
    zone_close(stage->zone);
}

bool intake_run(const struct intake_settings *settings, struct database *database,
                const struct clock *clock, struct random *random, struct intake_counts *counts,
                struct error *error)
{
    struct intake_stage stage;
    *counts = (struct intake_counts){ 0 };
    if (!intake_stage_init(&stage, settings, database, clock, random, error))
        return false;
    bool done = run(&stage, error);
    *counts = stage.counts;
    intake_stage_release(&stage);
    return done;
}
