/* SPDX-License-Identifier: MIT */
#include "intake/run.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hash.h"
#include "base/log.h"
#include "database/database.h"
#include "intake/hold.h"
#include "intake/identity.h"
#include "intake/intake.h"
#include "intake/note.h"
#include "intake/notification.h"
#include "intake/picture_cache.h"
#include "intake/proofread.h"
#include "intake/refusal.h"
#include "intake/refused_place.h"
#include "intake/remark.h"
#include "intake/report_row.h"
#include "intake/similarity.h"
#include "intake/source_bundle_store.h"
#include "intake/withdrawal.h"
#include "locale/zone.h"
#include "release/release_note.h"
#include "release/release_store.h"

#include <string.h>
#include <unistd.h>

/* A batch is read first and then stored in one transaction, so that nobody waits for the store
 * while a large picture is copied. That transaction may run again: a run works on copies of the
 * bundles, and what else it changes in memory is taken back before the next (take_back()). Notes
 * are written in the run, before its commit: a run that is killed or undone is followed by one that
 * writes them again, while after the commit nothing would know that a note is missing. A run that
 * is killed behind its commit says nothing in the log of what it refused; the notes say it. */
enum { BATCH_BUNDLES = 500, BATCH_BYTES = 4 * 1000 * 1000, TRANSLATIONS_MAXIMUM = 200 };

/* What a run says of a file, once it is committed. */
struct report {
    const struct source_bundle *bundle;
    struct report_row row;    /* what is said of it now */
    const char *note_before;  /* where its note stood before, if elsewhere */
    const char *note_trouble; /* why its note could not be written or removed; NULL: it could */
    bool is_note_owed;        /* it is to be tried again */
    bool is_given;
};

/* What a run may change of an entry, as it was before. */
struct entry_marks {
    struct drop_entry *entry;
    bool is_queued;
    bool is_queued_again;
    bool has_followed_original;
};

/* What a run may change of the stage, as it was before. */
struct stage_marks {
    struct intake_counts counts;
    size_t second_count;
    size_t named_length;
};

struct batch {
    struct intake_stage *stage;
    struct arena arena; /* of its bundles */
    struct source_bundle **bundles;
    size_t count;
    size_t most;
    size_t bytes;
    struct entry_queue left; /* files that are still being written */
    bool has_assets;         /* something was copied to state/assets/ */
    bool is_second;          /* this is the second pass, which takes versions */

    /* of the present run of its transaction */
    bool is_run_again;
    bool has_known; /* something but new releases was stored */
    struct report *reports;
    size_t report_count;
    size_t report_capacity;
    struct stage_marks before;
    struct entry_marks *marks;
    size_t mark_count;
    size_t mark_capacity;
};

/* ---- reporting what was found in a bundle ---- */

static void log_problems(const struct intake_stage *stage, const struct source_bundle *bundle,
                         struct arena *arena)
{
    const struct intake_wording wording = intake_wording_of(stage->settings, "en");
    for (const struct intake_problem *problem = bundle->problems.first; problem;
         problem = problem->next) {
        bool is_refused = bundle->problems.refused > 0;
        if (is_refused && problem->severity != INTAKE_REFUSED)
            continue;
        enum log_level level = is_refused ? LOG_ERROR : LOG_WARNING;
        log_line(problem->severity == INTAKE_NOTICE ? LOG_NOTICE : level, "%s",
                 intake_problem_line(arena, &wording, stage->settings->releases_name, problem));
    }
}

/* Writes or removes the note beside the file, as the run reports; a run that is repeated finds it
 * done. A note that cannot be written or removed must not stop the run, because the release itself
 * is stored. */
static void update_note(const struct batch *batch, struct report *report)
{
    struct error error;
    const struct intake_settings *settings = batch->stage->settings;
    const struct source_bundle *bundle = report->bundle;
    const struct drop_entry *entry = bundle->entry;
    bool done = true;
    const struct report_row *row = &report->row;
    struct arena arena = { 0 };
    if (*row->said || *row->remarks)
        done = note_write(settings,
                          &(struct note){ .path = entry->note,
                                          .file = entry->text ? entry->text : entry->path,
                                          .frame = note_frame_of(row->said_severity),
                                          .words = report_row_words(row, &arena) },
                          &error);
    else if (entry->has_note || batch->is_run_again) /* the run before may have made it */
        done = note_remove(settings, entry->note, &error);
    if (done && report->note_before)
        done = note_remove(settings, report->note_before, &error);
    arena_release(&arena);
    report->is_note_owed = !done && row->release && note_is_owed(settings, entry->note, &error);
    if (!done && !bundle->is_reported)
        report->note_trouble = arena_copy(bundle->problems.arena, error.message);
}

/* What is said of the release stays only as far as it is still so. Nothing is said here of a file
 * that is gone, for it is here. */
static bool renew_remarks(struct batch *batch, const struct release_row *row,
                          struct report_row *report, struct error *error)
{
    const struct intake_stage *stage = batch->stage;
    const struct remark_place place = { stage->settings, stage->database, stage->zone,
                                        &batch->arena };
    const char *before = report->remarks;
    report->remarks = "";
    report->remarks_severity = INTAKE_ADVICE;
    if (!*before || !row)
        return true;
    struct release_row present = *row;
    present.is_missing = false;
    return remark_say(&place, &present, report, error);
}

static struct notification_target target_of(struct batch *batch)
{
    return (struct notification_target){ .database = batch->stage->database,
                                         .arena = &batch->arena,
                                         .now_at = clock_now(batch->stage->clock) };
}

/* What is told of a file that is not refused any more is told again should it be so once more. */
static bool notify_refused(struct batch *batch, const struct source_bundle *bundle,
                           const struct release_row *row, struct report_row *report,
                           struct error *error)
{
    const struct notification_target target = target_of(batch);
    if (!bundle->problems.refused)
        report->told = "";
    return !bundle->problems.refused || !batch->stage->settings->notifies ||
           notification_of_refused(&target, &bundle->problems, row, report, error);
}

/* What is to be known and told besides what the file itself says. */
static bool say_besides(struct batch *batch, const struct source_bundle *bundle,
                        const struct release_row *row, struct report_row *report,
                        struct error *error)
{
    return renew_remarks(batch, row, report, error) &&
           notify_refused(batch, bundle, row, report, error);
}

/* Stores what is said of the file, for its note and for who asks later. row: its release; NULL: it
 * is none. */
static bool report_later(struct batch *batch, const struct source_bundle *bundle,
                         const struct release_row *row, struct error *error)
{
    struct intake_stage *stage = batch->stage;
    const struct drop_entry *entry = bundle->entry;
    struct report report = { .bundle = bundle };
    struct report_row before;
    bool found = false;
    if (!stage->observe) {
        before = report_row_of_none(entry->path);
        if (stage->has_reports &&
            !report_row_find(stage->database, &batch->arena, entry->path, &before, &found, error))
            return false;
        stage->has_reports = stage->has_reports || bundle->problems.first;
        report.row = before;
        report.row.note = entry->note;
        report.row.release = row ? row->row_id : 0;
        report.row.title = row && *row->title ? row->title
                           : bundle->release  ? bundle->release->title
                                              : NULL;
        report.row.at = clock_now(stage->clock);
        report_row_say(&report.row, stage->settings, entry->text ? entry->text : entry->path,
                       &bundle->problems, &batch->arena);
        if (!say_besides(batch, bundle, row, &report.row, error))
            return false;
        report.note_before = found && strcmp(before.note, entry->note) != 0 ? before.note : NULL;
        if (!report_row_put(stage->database, found ? &before : NULL, &report.row, error))
            return false;
    }
    ARRAY_GROW_IN(&batch->arena, batch->reports, batch->report_count, batch->report_capacity);
    batch->reports[batch->report_count++] = report;
    return true;
}

static void give_report(struct batch *batch, struct report *report)
{
    const struct intake_stage *stage = batch->stage;
    if (stage->observe) {
        stage->observe(stage->observer, report->bundle);
        return;
    }
    if (!report->bundle->is_reported)
        log_problems(stage, report->bundle, &batch->arena);
    if (report->note_trouble)
        log_line(LOG_WARNING, "%s; going on without the note", report->note_trouble);
    report->is_given = true;
}

/* What has no note is said in the log before the commit: once more where the run is undone, rather
 * than never where it is killed. */
static bool write_notes(struct batch *batch, struct error *error)
{
    for (size_t i = 0; !batch->stage->observe && i < batch->report_count; i++) {
        struct report *report = &batch->reports[i];
        update_note(batch, report);
        if (report->is_note_owed &&
            !release_note_mark(batch->stage->database, report->row.release, error))
            return false;
        if (report->note_trouble)
            give_report(batch, report);
    }
    return true;
}

static void give_reports(struct batch *batch)
{
    for (size_t i = 0; i < batch->report_count; i++)
        if (!batch->reports[i].is_given)
            give_report(batch, &batch->reports[i]);
}

/* A hash of everything reported of a file, to see in the next run whether it is the same. */
static const char *report_hash_of(const struct intake_problem_list *problems, struct arena *arena)
{
    struct hash_state state;
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    hash_init(&state);
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next) {
        hash_update_string(&state, arena_format(arena, "%s:%d", problem->file, problem->line));
        hash_update_string(&state, intake_message_code(&problem->message, arena));
    }
    hash_final(&state, &hash);
    hash_to_hex(&hash, hex);
    return arena_copy(arena, hex);
}

/* Stores the refusal and counts it: as new, or as one that was reported before and has not
 * changed. */
static bool put_refusal(struct batch *batch, struct source_bundle *bundle, struct refusal *refusal,
                        struct error *error)
{
    struct intake_stage *stage = batch->stage;
    const struct refusal *before = refusal_find(stage->refusals, stage->refusal_count,
                                                refusal->path);
    refusal->report_hash = report_hash_of(&bundle->problems, &batch->arena);
    bundle->is_reported = before &&
                          strcmp(before->stat_fingerprint, refusal->stat_fingerprint) == 0 &&
                          strcmp(before->report_hash, refusal->report_hash) == 0;
    stage->counts.still_refused += bundle->is_reported;
    stage->counts.refused += !bundle->is_reported;
    return refusal_put(stage->database, refusal, error);
}

/* ---- translations are updated with their original ---- */

/* Keeps the entry's marks before a run changes them. */
static void keep_marks(struct batch *batch, struct drop_entry *entry)
{
    ARRAY_GROW_IN(&batch->arena, batch->marks, batch->mark_count, batch->mark_capacity);
    batch->marks[batch->mark_count++] = (struct entry_marks){
        .entry = entry,
        .is_queued = entry->is_queued,
        .is_queued_again = entry->is_queued_again,
        .has_followed_original = entry->has_followed_original,
    };
}

static void queue_again(struct intake_stage *stage, struct drop_entry *entry)
{
    if (entry->is_queued_again || entry->is_unstable)
        return;
    if (!entry->is_queued) /* it was counted as unchanged when the scan was compared with the store
                            */
        stage->counts.unchanged--;
    entry->is_queued = true;
    entry->is_queued_again = true;
    entry_queue_add(&stage->second, &stage->arena, entry);
}

/* The version's row is updated in the transaction of its original, because a broken file of its
 * own or a crash must never leave it public before its original. Its file is then read again: in
 * this run, or, because its stat fingerprint is cleared, in the next. */
static bool update_translation(struct batch *batch, struct release_row *version,
                               const struct release_row *original,
                               const struct source_bundle_stored *stored, struct error *error)
{
    struct intake_stage *stage = batch->stage;
    bool changed = false;
    bool was_withdrawn = version->status == RELEASE_WITHDRAWN;
    struct release_row leading = *original;
    if (original->place == RELEASE_PLACE_WITHDRAWN)
        leading.withdrawal_reason = withdrawal_reason_in(stage->settings, original,
                                                         version->language, &batch->arena);
    struct drop_entry *entry = version->path && !version->is_missing
                                   ? drop_directory_find(&stage->scan, version->path)
                                   : NULL;
    version->stat_fingerprint = "";
    if (stored->is_shown_differently && version->public_at)
        version->public_revision = 0;
    if (!withdrawal_apply_to_translation(stage->database, version, &leading,
                                         clock_now(stage->clock), &changed, error) ||
        (!changed && !release_update(stage->database, version, error)))
        return false;
    stage->counts.withdrawn += !was_withdrawn && version->status == RELEASE_WITHDRAWN;
    if (!entry)
        return true;
    keep_marks(batch, entry);
    entry->has_followed_original = entry->has_followed_original || changed;
    queue_again(stage, entry);
    return true;
}

static bool update_translations(struct batch *batch, const struct source_bundle_stored *stored,
                                struct error *error)
{
    struct database *database = batch->stage->database;
    const struct release_filter filter = { .original_row_id = stored->original_row_id };
    struct release_cursor cursor;
    const struct release_row *row;
    int translations = 0;
    bool failed = false;
    const struct release_row *original = release_find_by_row_id(
        database, &batch->arena, stored->original_row_id, &failed, error);
    if (failed)
        return false;
    release_cursor_open(&cursor, database, &filter);
    while (!failed && translations < TRANSLATIONS_MAXIMUM &&
           release_cursor_next(&cursor, &row, error)) {
        if (row->row_id == row->original_row_id)
            continue;
        struct release_row *version = release_find_by_row_id(database, &batch->arena, row->row_id,
                                                             &failed, error);
        failed = failed || !update_translation(batch, version, original, stored, error);
        translations++;
    }
    return release_cursor_close(&cursor) && !failed;
}

/* ---- storing ---- */

/* The release that stands at its path is named by it, else what title could be read. */
static bool report_refusal(struct batch *batch, const struct source_bundle *bundle,
                           struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_path(batch->stage->database, &batch->arena,
                                                         bundle->entry->path, &failed, error);
    return !failed && report_later(batch, bundle, row, error);
}

static bool apply_place(struct batch *batch, const struct source_bundle *bundle,
                        struct error *error)
{
    struct source_bundle_stored stored = { .outcome = SOURCE_BUNDLE_CHANGED };
    if (!refused_place_apply(batch->stage, bundle, &batch->arena, &stored.original_row_id, error))
        return false;
    batch->stage->counts.withdrawn += stored.original_row_id != 0;
    return !stored.original_row_id || update_translations(batch, &stored, error);
}

/* Its file is there again, whatever it says. */
static bool note_presence(struct batch *batch, const char *path, struct error *error)
{
    bool failed = false;
    struct database *database = batch->stage->database;
    struct release_row *row = release_find_by_path(database, &batch->arena, path, &failed, error);
    if (!row || !row->is_missing)
        return !failed;
    row->is_missing = false;
    return release_update(database, row, error);
}

/* A refused file may have asked for an embargo, so nothing of its release becomes public until it
 * can be read. */
static bool store_refusal(struct batch *batch, struct source_bundle *bundle,
                          const struct identity *identity, struct error *error)
{
    struct intake_stage *stage = batch->stage;
    const struct drop_entry *entry = bundle->entry;
    struct release_row *held;
    if (!note_presence(batch, entry->path, error) ||
        !hold_path(stage->database, &batch->arena, entry->path, clock_now(stage->clock), &held,
                   error))
        return false;
    if (held) {
        similarity_index_note_held(stage->context.similarity);
        bundle->problems.file = entry->text ? entry->text : entry->path;
        intake_problem_add_message(
            &bundle->problems, INTAKE_REFUSED, 0,
            &(struct intake_message){ INTAKE_MESSAGE_HELD,
                                      { intake_value_time(stage->context.zone, held->due_at) } });
    }
    entry_add_named(&stage->named, bundle->stat_fingerprint);
    if (!apply_place(batch, bundle, error))
        return false;
    struct refusal refusal = { .path = entry->path,
                               .stat_fingerprint = bundle->stat_fingerprint,
                               .is_retried = identity->is_retried,
                               .near_duplicate_row_id = identity->near_duplicate_row_id,
                               .sketch = identity->near_duplicate_row_id
                                             ? source_bundle_sketch(bundle)
                                             : NULL };
    return put_refusal(batch, bundle, &refusal, error) && report_refusal(batch, bundle, error);
}

/* Whether two files of one release disagree on when it may be seen. */
static bool has_other_terms(const struct release *release, const struct release_row *row)
{
    int64_t published_at = release->published_at ? release->published_at : row->ready_at;
    return release->embargo_at != row->embargo_at || release->status != row->status ||
           published_at != row->published_at;
}

/* Whether the file or the stored release must not be public yet. */
static bool waits(const struct release *release, const struct release_row *row, int64_t now_at)
{
    return release->embargo_at > now_at || release->published_at > now_at ||
           release->status == RELEASE_DRAFT || row->due_at > now_at || row->status == RELEASE_DRAFT;
}

/* A file and its duplicate came in together and disagree on when the release may be seen. Nobody
 * knows which one is right, so the first is refused as well and its release is held. Both are
 * tried again when any file changes. */
static bool refuse_duplicate(struct batch *batch, const struct source_bundle *bundle,
                             struct release_row *row, struct error *error)
{
    struct intake_stage *stage = batch->stage;
    const struct drop_entry *entry = row->path ? drop_directory_find(&stage->scan, row->path)
                                               : NULL;
    bool is_new = row->row_id > stage->last_row_id ||
                  (row->path && refusal_find(stage->refusals, stage->refusal_count, row->path));
    bool is_copy = hash_equal(&row->content_hash, &bundle->content_hash);
    if (!entry || !is_new || row->public_at || !has_other_terms(bundle->release, row) ||
        (!is_copy && !waits(bundle->release, row, clock_now(stage->clock))))
        return true;
    struct refusal refusal = { .path = row->path,
                               .stat_fingerprint = row->stat_fingerprint,
                               .is_retried = true };
    struct source_bundle *duplicate = arena_allocate(&batch->arena, sizeof *duplicate);
    *duplicate = (struct source_bundle){ .entry = entry };
    intake_problem_list_init(&duplicate->problems, &batch->arena, row->path);
    intake_problem_add(&duplicate->problems, INTAKE_REFUSED, 0,
                       is_copy ? INTAKE_MESSAGE_DUPLICATES : INTAKE_MESSAGE_NEAR_DUPLICATES,
                       bundle->entry->path, row->public_id);
    similarity_index_note_held(stage->context.similarity);
    if (!hold_row(stage->database, row, clock_now(stage->clock), error) ||
        !put_refusal(batch, duplicate, &refusal, error))
        return false;
    return report_later(batch, duplicate, row, error);
}

static void count_stored(struct intake_counts *counts, const struct drop_entry *entry,
                         const struct source_bundle_stored *stored)
{
    bool has_followed_original = entry->has_followed_original &&
                                 stored->outcome == SOURCE_BUNDLE_UNCHANGED;
    switch (has_followed_original ? SOURCE_BUNDLE_CHANGED : stored->outcome) {
    case SOURCE_BUNDLE_ADDED:
        counts->added++;
        break;
    case SOURCE_BUNDLE_CHANGED:
        counts->changed++;
        break;
    case SOURCE_BUNDLE_UNCHANGED:
        counts->unchanged++;
        break;
    }
    counts->withdrawn += stored->is_withdrawn_now;
}

/* Whether its file stood elsewhere before, of which nothing is said any more. */
static bool is_renamed(const struct release_row *before, const struct drop_entry *entry)
{
    return before && before->path && strcmp(before->path, entry->path) != 0;
}

static bool notify_stored(struct batch *batch, const struct identity *identity,
                          const struct source_bundle_stored *stored, struct error *error)
{
    const struct intake_stage *stage = batch->stage;
    const struct notification_target target = target_of(batch);
    return !stage->settings->notifies || stage->observe ||
           notification_of_stored(&target, identity->row, identity->original, stored, error);
}

static bool store_release(struct batch *batch, struct source_bundle *bundle,
                          const struct identity *identity, struct error *error)
{
    struct intake_stage *stage = batch->stage;
    struct source_bundle_target place = { .database = stage->database,
                                          .random = stage->random,
                                          .now_at = clock_now(stage->clock),
                                          .arena = &batch->arena,
                                          .similarity = stage->context.similarity,
                                          .needs_approval = stage->settings->needs_approval,
                                          .settings = stage->settings };
    struct source_bundle_stored stored;
    if (!source_bundle_store(&place, bundle, identity, &stored, error))
        return error_prefix(error, "%s/%s", stage->settings->releases_name, bundle->entry->path);
    count_stored(&stage->counts, bundle->entry, &stored);
    stage->counts.warned += bundle->problems.warnings > 0;
    if (refusal_find(stage->refusals, stage->refusal_count, bundle->entry->path) &&
        !refusal_remove(stage->database, bundle->entry->path, error))
        return false;
    if (is_renamed(identity->row, bundle->entry) &&
        !report_row_remove(stage->database, identity->row->path, error))
        return false;
    entry_add_named(&stage->named, bundle->stat_fingerprint);
    int64_t original_row_id = identity->original ? identity->original->row_id : 0;
    return proofread_version(stage, bundle, original_row_id, error) &&
           report_later(batch, bundle, stored.row, error) &&
           notify_stored(batch, identity, &stored, error) &&
           (!stored.original_row_id || update_translations(batch, &stored, error));
}

/* Whether a release or a file that was known before is another now. */
static bool concerns_known(const struct source_bundle *bundle, const struct identity *identity)
{
    return bundle->problems.refused || identity->row || identity->displaced || identity->copied;
}

/* Whether another text of the batch names the Word file: that text may come behind it. */
static bool is_named_beside(const struct batch *batch, const struct drop_entry *entry)
{
    struct string_builder named;
    if (!entry_is_rich(entry))
        return false;
    string_builder_init(&named, 0);
    for (size_t i = 0; i < batch->count; i++)
        if (batch->bundles[i]->entry != entry)
            entry_add_named(&named, batch->bundles[i]->stat_fingerprint);
    bool is_named = named.length && entry_is_named(entry, &named);
    string_builder_release(&named);
    return is_named;
}

static bool store_bundle(struct batch *batch, struct source_bundle *bundle, struct error *error)
{
    struct intake_stage *stage = batch->stage;
    struct identity identity = { 0 };
    if (entry_is_named(bundle->entry, &stage->named) || is_named_beside(batch, bundle->entry)) {
        bundle->problems.refused = 0;
        bundle->problems.first = NULL;
        stage->counts.unchanged++;
        /* a dry run counts it to the release that names it */
        return (stage->observe || report_later(batch, bundle, NULL, error)) &&
               refusal_remove(stage->database, bundle->entry->path, error);
    }
    if (!bundle->problems.refused &&
        !identity_find(stage->database, &stage->context, bundle, true, &identity, error))
        return false;
    batch->has_known = batch->has_known || concerns_known(bundle, &identity);
    bool done = bundle->problems.refused ? store_refusal(batch, bundle, &identity, error)
                                         : store_release(batch, bundle, &identity, error);
    if (!done)
        return false;
    return !identity.copied || refuse_duplicate(batch, bundle, identity.copied, error);
}

/* A file that is still being written may contain an embargo, so its release is held until it could
 * be read. */
static bool hold_left(struct batch *batch, struct error *error)
{
    struct intake_stage *stage = batch->stage;
    struct release_row *held;
    for (size_t i = 0; i < batch->left.count; i++)
        if (!hold_path(stage->database, &batch->arena, batch->left.entries[i]->path,
                       clock_now(stage->clock), &held, error))
            return false;
    return true;
}

/* A copy for one run of the transaction to write into, because the next run must begin with the
 * bundle as it was read. What no run changes is shared. */
static struct source_bundle *copy_bundle(const struct source_bundle *read, struct arena *arena)
{
    struct source_bundle *bundle = arena_allocate(arena, sizeof *bundle);
    *bundle = *read;
    if (read->release) {
        bundle->release = arena_allocate(arena, sizeof *bundle->release);
        *bundle->release = *read->release;
    }
    for (struct intake_problem **place = &bundle->problems.first; *place; place = &(*place)->next) {
        struct intake_problem *problem = arena_allocate(arena, sizeof *problem);
        *problem = **place;
        *place = problem;
    }
    return bundle;
}

/* Takes back all that an undone run has changed in memory, so that the stage is as before it. */
static void take_back(struct batch *batch)
{
    struct intake_stage *stage = batch->stage;
    while (batch->mark_count > 0) {
        const struct entry_marks *marks = &batch->marks[--batch->mark_count];
        marks->entry->is_queued = marks->is_queued;
        marks->entry->is_queued_again = marks->is_queued_again;
        marks->entry->has_followed_original = marks->has_followed_original;
    }
    stage->counts = batch->before.counts;
    stage->second.count = batch->before.second_count;
    string_builder_truncate(&stage->named, batch->before.named_length);
    similarity_index_forget(stage->context.similarity);
    batch->report_count = 0;
    batch->is_run_again = true;
}

/* What the note about many says may be mended by what was read. Not by new releases, and the note
 * costs more than they do. */
static bool renew_gathered(const struct batch *batch, struct error *error)
{
    return !batch->has_known || batch->stage->observe ||
           release_gathered_renew(batch->stage->database, error);
}

static bool store_bundles(struct batch *batch, struct error *error)
{
    struct intake_stage *stage = batch->stage;
    bool done = hold_left(batch, error);
    for (size_t i = 0; done && i < batch->count; i++) {
        done = store_bundle(batch, copy_bundle(batch->bundles[i], &batch->arena), error);
        fault_point("ingest-release");
    }
    /* last, because comparing with other files may have read more pictures */
    if (!done || !picture_cache_store(stage->context.pictures, error))
        return false;
    if (!write_notes(batch, error) || !renew_gathered(batch, error))
        return false;
    fault_point("ingest-commit");
    return true;
}

static bool store_batch(struct batch *batch, struct error *error)
{
    struct intake_stage *stage = batch->stage;
    if (batch->count == 0 && batch->left.count == 0)
        return true;
    if (batch->has_assets && syncfs(stage->settings->state_directory) != 0)
        return error_set(error, ERROR_SYSTEM, "state/assets: cannot be flushed to the disk");
    fault_point("ingest-read");
    batch->before = (struct stage_marks){ stage->counts, stage->second.count, stage->named.length };
    struct transaction transaction = transaction_of(stage->database);
    while (transaction_run(&transaction, error)) {
        if (transaction.run_count > 1)
            take_back(batch);
        transaction_end(&transaction, store_bundles(batch, error), error);
    }
    if (!transaction.is_done) {
        take_back(batch);
        return false;
    }
    picture_cache_stored(stage->context.pictures);
    fault_point("ingest-committed");
    give_reports(batch);
    return true;
}

/* ---- reading ---- */

/* Whether it is read in the second pass: versions need their original, and what has trouble may be
 * named by a text. */
static bool is_for_later(const struct source_bundle *bundle)
{
    return bundle->entry->has_trouble ||
           (bundle->release && (bundle->release->translation_of || bundle->version.language));
}

static void postpone_bundle(struct batch *batch, struct drop_entry *entry)
{
    entry->is_unstable = true;
    batch->stage->counts.unstable++;
    entry_queue_add(&batch->left, &batch->arena, entry);
}

struct fetched {
    struct drop_entry *entry;
    struct source_bundle *bundle;
};

/* The bundles that are read next, in a ring buffer. */
struct fetched_queue {
    struct fetched bundles[INTAKE_TEXTS_AHEAD];
    size_t first;
    size_t count;
};

static struct fetched *fetched_at(struct fetched_queue *fetched, size_t place)
{
    return &fetched->bundles[(fetched->first + place) % INTAKE_TEXTS_AHEAD];
}

/* Fetches as many as fit into batch and ring; what is still being written is postponed. */
static void fetch(struct batch *batch, const struct entry_queue *queue, size_t *next,
                  struct fetched_queue *fetched)
{
    while (*next < queue->count && fetched->count < INTAKE_TEXTS_AHEAD &&
           batch->count + fetched->count < batch->most && batch->bytes < BATCH_BYTES) {
        struct drop_entry *entry = queue->entries[(*next)++];
        if (entry->is_unstable) {
            postpone_bundle(batch, entry);
            continue;
        }
        struct source_bundle *bundle = arena_allocate(&batch->arena, sizeof *bundle);
        source_bundle_fetch(&batch->stage->context, entry, &batch->arena, bundle);
        batch->bytes += bundle->text_bytes;
        *fetched_at(fetched, fetched->count++) = (struct fetched){ entry, bundle };
    }
}

static bool read_bundle(struct batch *batch, const struct fetched *fetched, struct error *error)
{
    struct intake_stage *stage = batch->stage;
    struct drop_entry *entry = fetched->entry;
    struct source_bundle *bundle = fetched->bundle;
    if (!source_bundle_read_fetched(&stage->context, bundle, &batch->arena, error))
        return false;
    if (bundle->is_unstable) {
        if (stage->observe)
            stage->observe(stage->observer, bundle);
        postpone_bundle(batch, entry);
        return true;
    }
    if (!batch->is_second && is_for_later(bundle)) {
        queue_again(stage, entry);
        return true;
    }
    if (stage->context.state_directory >= 0 && bundle->release && bundle->release->assets)
        batch->has_assets = true;
    proofread_bundle(stage, bundle);
    batch->bundles[batch->count++] = bundle;
    return true;
}

/* The next texts are fetched and sent while the confined process reads this one, so that neither
 * waits for the other. */
static bool read_batch(struct batch *batch, const struct entry_queue *queue, size_t *next,
                       struct error *error)
{
    struct fetched_queue fetched = { .count = 0 };
    for (fetch(batch, queue, next, &fetched); fetched.count; fetch(batch, queue, next, &fetched)) {
        size_t begun = 0;
        while (begun < fetched.count &&
               source_bundle_begin(&batch->stage->context, fetched_at(&fetched, begun)->bundle))
            begun++;
        const struct fetched bundle = *fetched_at(&fetched, 0);
        fetched.first++;
        fetched.count--;
        if (!read_bundle(batch, &bundle, error))
            return false;
    }
    return true;
}

bool intake_take_queue(struct intake_stage *stage, struct entry_queue *queue, struct error *error)
{
    bool done = true;
    size_t next = 0;
    while (done && next < queue->count) {
        struct batch batch = { .stage = stage, .is_second = queue == &stage->second };
        size_t left = queue->count - next;
        batch.most = left < BATCH_BUNDLES ? left : BATCH_BUNDLES;
        batch.bundles = arena_allocate_array(&batch.arena, batch.most,
                                             sizeof(struct source_bundle *));
        done = read_batch(&batch, queue, &next, error) && store_batch(&batch, error);
        arena_release(&batch.arena);
    }
    return done;
}
