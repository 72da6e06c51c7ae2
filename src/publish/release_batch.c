/* SPDX-License-Identifier: MIT */
#include "publish/release_batch.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hash.h"
#include "base/log.h"
#include "database/database.h"
#include "publish/card.h"
#include "publish/card_undo.h"
#include "publish/list.h"
#include "publish/output.h"
#include "publish/picture_record.h"
#include "publish/present.h"
#include "publish/publish.h"
#include "publish/release_output.h"
#include "publish/rows_ahead.h"
#include "publish/site.h"
#include "publish/slug.h"
#include "publish/update_time.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_note.h"
#include "release/release_notification.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRESS_RELEASES = 50 };

enum plan_kind {
    PLAN_NONE,    /* left as it is */
    PLAN_NEW,     /* becomes public */
    PLAN_CHANGE,  /* public, with a revision or a withdrawal that is not */
    PLAN_REWRITE, /* public as it stands */
    PLAN_NEVER,   /* withdrawn before it was public: never shown */
    PLAN_REMOVE   /* not public: nothing of it may stand */
};

struct plan {
    enum plan_kind kind;
    struct release_row *row; /* as it will be */
    struct card *card;
    const struct card *old_card;  /* NULL: none */
    bool has_new_text;            /* of PLAN_CHANGE: readers see another one */
    struct release_unmade unmade; /* files NULL: nothing was to be made */
};

struct batch {
    struct site *site;
    struct output *output;
    struct publish_counts *counts;
    struct arena arena;
    struct plan *plans;
    size_t count;
    struct picture_records *pictures;
    struct list_marks *marks;
    struct slugs *slugs;
    struct update_times *times;
    struct planned_version *planned;
    bool is_ahead; /* its cards are stored, its rows are not */
    struct lists_written *lists;
};

/* ---- what becomes of each ---- */

/* A version is never public ahead of its original, whatever its own row says. */
static enum plan_kind plan_kind_of(const struct release_row *row,
                                   const struct release_row *original, int64_t now_at)
{
    bool is_due = row->status != RELEASE_DRAFT && row->due_at != INSTANT_NONE &&
                  row->due_at <= now_at && row->public_revision != row->revision;
    /* What is public stays public: an edit that is not due yet waits, and its page is at most
     * written again. */
    if (row->public_at != INSTANT_NONE)
        return is_due ? PLAN_CHANGE : PLAN_REWRITE;
    if (is_due && row->status == RELEASE_WITHDRAWN)
        return PLAN_NEVER;
    /* Asked again although the filter did: a hold, or a withdrawal by command, may have been stored
     * since the list of due rows was read, and must win. */
    return is_due && !release_row_awaits_withdrawal(row) &&
                   !release_row_waits(row, original, now_at)
               ? PLAN_NEW
               : PLAN_REMOVE;
}

/* Whether readers get to see another text. public_revision is 0 also where a page is only to be
 * written again: without a card to compare hashes with, that is no new text. */
static bool plan_text_is_new(const struct plan *plan)
{
    if (plan->old_card)
        return !hash_equal(&plan->old_card->content_hash, &plan->row->content_hash);
    return plan->row->public_revision != 0;
}

static bool updated_set(struct batch *batch, struct release_row *row, int64_t at,
                        struct error *error)
{
    return update_time_take(batch->times, batch->site->database, at, &row->updated_at, error);
}

/* For a public release: now where readers see a change, and never earlier than its publication. */
static bool change_updated_set(struct batch *batch, const struct plan *plan, struct error *error)
{
    struct release_row *row = plan->row;
    bool was_withdrawn = plan->old_card && plan->old_card->is_withdrawn;
    bool is_withdrawn = row->status == RELEASE_WITHDRAWN;
    if ((was_withdrawn != is_withdrawn || plan->has_new_text) &&
        !updated_set(batch, row, update_time_after(batch->site->now_at, row->updated_at), error))
        return false;
    return !instant_is_in_later_second(row->public_at, row->updated_at) ||
           updated_set(batch, row, row->public_at, error);
}

/* Makes the row what it will be once its page stands. updated_at moves only with what readers see:
 * feed readers show an entry as new when it does. */
static bool plan_row(struct batch *batch, struct plan *plan, struct error *error)
{
    struct release_row *row = plan->row;
    int64_t now_at = batch->site->now_at;
    bool is_withdrawn = row->status == RELEASE_WITHDRAWN;
    if (plan->kind == PLAN_NEW) {
        /* The time that the release was announced for and not now, so that a late run shows it
         * under that time and in its place in the lists. */
        row->public_at = row->due_at;
        if (!slug_take(batch->slugs, batch->site, row, error) ||
            !updated_set(batch, row, row->public_at, error))
            return false;
    }
    if (plan->kind == PLAN_CHANGE) {
        plan->has_new_text = plan_text_is_new(plan);
        if (!change_updated_set(batch, plan, error))
            return false;
        /* A release may come back after a withdrawal, and keeps its address. */
        if (!is_withdrawn)
            row->withdrawn_at = INSTANT_NONE;
        else if (row->withdrawn_at == INSTANT_NONE)
            row->withdrawn_at = now_at;
    }
    if (plan->kind == PLAN_NEW || plan->kind == PLAN_CHANGE || plan->kind == PLAN_NEVER)
        row->public_revision = row->revision;
    if ((plan->kind == PLAN_NEW || plan->kind == PLAN_CHANGE) && !is_withdrawn)
        row->text_revision = row->revision;
    return true;
}

static bool plan_make(struct batch *batch, struct plan *plan, int64_t row_id, struct error *error)
{
    bool failed = false;
    struct database *database = batch->site->database;
    plan->row = release_find_by_row_id(database, &batch->arena, row_id, &failed, error);
    if (failed)
        return false;
    if (!plan->row)
        return true;
    const struct release_row *original = NULL;
    if (plan->row->original_row_id != row_id)
        original = release_find_by_row_id(database, &batch->arena, plan->row->original_row_id,
                                          &failed, error);
    if (failed)
        return false;
    if (!release_row_show_open(database, plan->row, error))
        return false;
    plan->kind = plan_kind_of(plan->row, original, batch->site->now_at);
    /* What lists say of it now, to be compared with and to be taken out. */
    if (plan->kind == PLAN_CHANGE || plan->kind == PLAN_REWRITE) {
        plan->old_card = card_find(database, &batch->arena, row_id, &failed, error);
        if (failed)
            return false;
    }
    return plan_row(batch, plan, error);
}

/* ---- versions ---- */

static int planned_compare(const void *a, const void *b)
{
    const struct planned_version *first = a;
    const struct planned_version *second = b;
    if (first->original_row_id != second->original_row_id)
        return first->original_row_id < second->original_row_id ? -1 : 1;
    return (first->version.row_id > second->version.row_id) -
           (first->version.row_id < second->version.row_id);
}

/* What all versions will be once the batch is done. */
static void planned_versions_make(struct batch *batch)
{
    batch->planned = arena_allocate_array(&batch->arena, batch->count, sizeof *batch->planned);
    for (size_t i = 0; i < batch->count; i++) {
        const struct plan *plan = &batch->plans[i];
        const struct release_row *row = plan->row;
        bool is_public = plan->kind == PLAN_NEW || plan->kind == PLAN_CHANGE ||
                         plan->kind == PLAN_REWRITE;
        if (!row)
            continue;
        /* Also of those that are not shown, so that their old cards do not count either. */
        batch->planned[i].original_row_id = row->original_row_id;
        batch->planned[i].version.row_id = row->row_id;
        batch->planned[i].is_shown = is_public && row->status != RELEASE_WITHDRAWN;
        if (!batch->planned[i].is_shown)
            continue;
        batch->planned[i].version.language = row->language;
        batch->planned[i].version.title = row->title;
        batch->planned[i].version.path = release_row_page_path(&batch->arena, row);
        batch->planned[i].version.is_planned = true;
    }
    /* present_versions() looks for an original by halving. */
    qsort(batch->planned, batch->count, sizeof *batch->planned, planned_compare);
}

/* Pages of the other languages link here: written again when what they say of it changes. */
static void siblings_mark(struct batch *batch, const struct plan *plan,
                          const struct presentation *presentation)
{
    const struct card *old = plan->old_card;
    if (plan->kind == PLAN_REWRITE || (old && strcmp(old->title, presentation->title) == 0 &&
                                       old->is_withdrawn == presentation->is_withdrawn &&
                                       strcmp(old->language, presentation->language) == 0))
        return;
    for (size_t i = 0; i < presentation->version_count; i++)
        /* Those of this batch are written anyway, and know what becomes of this one. */
        if (!presentation->versions[i].is_planned)
            list_mark(batch->marks,
                      release_output_owner(&batch->arena, presentation->versions[i].row_id), 0);
}

/* ---- writing ---- */

/* The card outlives the release's arena, which is released with each page so that memory does not
 * grow with the batch. */
static struct card *card_keep(struct arena *arena, const struct card *card)
{
    struct card *kept = arena_allocate(arena, sizeof *kept);
    *kept = *card;
    kept->language = arena_copy(arena, card->language);
    kept->type = arena_copy(arena, card->type);
    kept->title = arena_copy(arena, card->title);
    kept->lead = arena_copy(arena, card->lead);
    kept->path = arena_copy(arena, card->path);
    kept->place = arena_copy(arena, card->place);
    kept->topic_labels = arena_copy(arena, card->topic_labels);
    kept->picture_path = arena_copy(arena, card->picture_path);
    kept->picture_alt = arena_copy(arena, card->picture_alt);
    kept->lists = arena_copy(arena, card->lists);
    return kept;
}

/* Pictures that could not be made for the page. */
static const char *unmade_files(struct arena *arena, const struct presentation *presentation)
{
    const char *files = "";
    for (size_t i = 0; i < presentation->file_count; i++)
        if (presentation->files[i].is_unreadable)
            files = arena_format(arena, "%s%s%s", files, *files ? "\n" : "",
                                 presentation->files[i].asset->file);
    return files;
}

static bool plan_publish(struct batch *batch, struct plan *plan, struct arena *arena,
                         struct error *error)
{
    struct presentation presentation;
    const struct release_row *row = plan->row;
    const struct release *release = release_load(batch->site->database, arena, row->row_id,
                                                 row->public_revision, error);
    if (!release)
        return false;
    presentation_init(&presentation, arena, &batch->site->presentation, row, release);
    /* The card is made only behind the files, because it holds the picture's size as it came
     * out. */
    if (!present_versions(&presentation, batch->site->database, batch->planned, batch->count,
                          error) ||
        (presentation_has_text(&presentation, row) &&
         !release_output_write(batch->site, batch->output, batch->pictures, &presentation, error)))
        return false;
    plan->card = card_keep(&batch->arena, card_new(batch->site, &presentation));
    siblings_mark(batch, plan, &presentation);
    plan->unmade.files = unmade_files(&batch->arena, &presentation);
    return true;
}

/* A run killed between its renames and its commit leaves files of a release whose row does not say
 * that it is public. Where it is held by now they must go: an owner that puts nothing loses all. */
static bool files_remove(struct batch *batch, int64_t row_id, struct error *error)
{
    if (!output_begin(batch->output, release_output_owner(&batch->arena, row_id), error))
        return false;
    output_end(batch->output);
    return true;
}

static bool plan_write(struct batch *batch, struct plan *plan, struct error *error)
{
    struct error reason = { .kind = ERROR_NONE };
    struct arena arena = { 0 };
    bool done = true;
    switch (plan->kind) {
    case PLAN_NONE:
    case PLAN_NEVER:
        break;
    case PLAN_REMOVE:
        done = files_remove(batch, plan->row->row_id, &reason);
        break;
    case PLAN_NEW:
    case PLAN_CHANGE:
    case PLAN_REWRITE:
        done = plan_publish(batch, plan, &arena, &reason);
        break;
    }
    arena_release(&arena);
    if (done)
        return true;
    /* Only this release's own fault leaves it out; a full disk or a lost database ends the run. */
    if (reason.kind != ERROR_INPUT && reason.kind != ERROR_PERMANENT) {
        *error = reason;
        return false;
    }
    log_line(LOG_ERROR, "%s", reason.message);
    /* Nothing of it is stored, so that its old state stays in all places and the next run tries
     * again. */
    batch->counts->failed++;
    plan->kind = PLAN_NONE;
    plan->unmade = (struct release_unmade){ .files = "", .is_whole = true };
    return true;
}

/* ---- storing ---- */

static struct rows_ahead rows_ahead_make(struct batch *batch)
{
    struct rows_ahead ahead = { .pictures = batch->pictures };
    ahead.rows = arena_allocate_array(&batch->arena, batch->count, sizeof(struct release_row *));
    for (size_t i = 0; i < batch->count; i++)
        if (batch->plans[i].card)
            ahead.rows[ahead.count++] = batch->plans[i].row;
    rows_ahead_order(&ahead);
    return ahead;
}

static bool plan_card_store(struct batch *batch, const struct plan *plan, struct error *error)
{
    return !plan->card ||
           card_store(batch->site->database, plan->card, plan->old_card, batch->marks, error);
}

/* Ahead of the rows. */
static bool cards_store(struct batch *batch, struct error *error)
{
    struct database *database = batch->site->database;
    for (size_t i = 0; i < batch->count; i++) {
        const struct plan *plan = &batch->plans[i];
        if ((plan->card && !card_undo_note(database, plan->card->row_id, plan->old_card, error)) ||
            !plan_card_store(batch, plan, error))
            return false;
    }
    return list_marks_store(database, batch->marks, error);
}

/* ---- what press officers are told ---- */

/* Of versions that appear with their original nobody is told by themselves. */
static bool is_told_of(const struct batch *batch, const struct plan *plan)
{
    if (plan->row->original_row_id == plan->row->row_id)
        return true;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->plans[i].kind == PLAN_NEW &&
            batch->plans[i].row->row_id == plan->row->original_row_id)
            return false;
    return true;
}

/* A text of `correction` is told once, as it is mailed once. */
static const char *correction_cause(struct arena *arena, const struct release_row *row)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    hash_bytes(row->correction, strlen(row->correction), &hash);
    hash_to_hex(&hash, hex);
    return arena_format(arena, "%" PRId64 ":%.24s", row->row_id, hex);
}

/* That a page stands is told in the transaction that says so: else a kill in between would leave a
 * press officer without knowing. */
static bool notify(struct batch *batch, const struct plan *plan, struct error *error)
{
    const struct release_row *row = plan->row;
    bool is_new = plan->kind == PLAN_NEW;
    bool is_corrected = plan->kind == PLAN_CHANGE && plan->has_new_text && row->correction[0];
    if (!batch->site->settings->notifies || row->status == RELEASE_WITHDRAWN ||
        !(is_new ? is_told_of(batch, plan) : is_corrected))
        return true;
    const char *version = row->original_row_id == row->row_id ? NULL : row->language;
    const struct release_notification event = {
        .kind = is_new ? RELEASE_NOTIFICATION_PUBLIC : RELEASE_NOTIFICATION_CORRECTED,
        .release = row->original_row_id,
        .revision = row->public_revision,
        .path = row->path,
        .cause = is_new ? version : correction_cause(&batch->arena, row),
        .at = batch->site->now_at,
    };
    return release_notification_add(batch->site->database, &event, error);
}

static bool row_store(struct batch *batch, const struct plan *plan, struct error *error)
{
    if (plan->unmade.files &&
        !release_set_unmade(batch->site->database, plan->row->row_id, &plan->unmade, error))
        return false;
    if (plan->kind == PLAN_NONE)
        return true;
    /* A rewritten page changes nothing that the row says. */
    if ((plan->kind == PLAN_NEW || plan->kind == PLAN_CHANGE || plan->kind == PLAN_NEVER) &&
        (!release_update_public(batch->site->database, plan->row, error) ||
         !notify(batch, plan, error)))
        return false;
    /* Written, so no longer to be written again. */
    struct statement *statement = database_prepare(
        batch->site->database, "DELETE FROM publish_list WHERE list = $1", error);
    statement_bind_text(statement, 1, release_output_owner(&batch->arena, plan->row->row_id));
    return statement_run(statement, error);
}

static bool batch_commit(void *payload, struct error *error)
{
    struct batch *batch = payload;
    struct database *database = batch->site->database;
    for (size_t i = 0; i < batch->count; i++)
        if (!row_store(batch, &batch->plans[i], error) ||
            (!batch->is_ahead && !plan_card_store(batch, &batch->plans[i], error)))
            return false;
    return picture_records_store(batch->pictures, error) &&
           (batch->is_ahead
                ? lists_written_store(batch->lists, error) && card_undo_clear(database, error)
                : list_marks_store(database, batch->marks, error));
}

/* Somebody may have written STOP since the plans were made, and nothing of what it keeps back
 * stands in public/ yet. */
static bool nothing_stopped(void *payload, struct error *error)
{
    static const struct release_filter filter = { .only_stopped = true };
    struct batch *batch = payload;
    struct release_cursor cursor;
    const struct release_row *row;
    bool is_stopped = false;
    release_cursor_open(&cursor, batch->site->database, &filter);
    while (!is_stopped && release_cursor_next(&cursor, &row, error))
        for (size_t i = 0; !is_stopped && i < batch->count; i++) {
            const struct plan *plan = &batch->plans[i];
            is_stopped = (plan->kind == PLAN_NEW || plan->kind == PLAN_CHANGE) &&
                         plan->row->row_id == row->row_id &&
                         plan->row->stopped_at == INSTANT_NONE && row->status != RELEASE_WITHDRAWN;
        }
    if (!release_cursor_close(&cursor))
        return false;
    batch->site->has_stopped = is_stopped;
    return !is_stopped ||
           error_set(error, ERROR_TEMPORARY, "publish: a release was stopped while it was written");
}

/* Lists are read from the cards, but must be written before the rows that they show are stored: a
 * row may say that it is public only once its page stands. So the cards are stored first, with what
 * they replace, which a run that is killed from here on is undone from; the lists are written
 * without a lock; and output_flush() stores the rows. Lost with the power, the cards are lost as a
 * whole, before anything of public/ was touched: the disk need not be waited for. */
static bool lists_write_ahead(struct batch *batch, struct error *error)
{
    struct site *site = batch->site;
    struct transaction transaction = transaction_of(site->database);
    transaction.may_be_lost = true;
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, cards_store(batch, error), error);
    batch->is_ahead = transaction.is_done;
    if (!batch->is_ahead)
        return false;
    fault_point("publish-cards");
    const struct rows_ahead ahead = rows_ahead_make(batch);
    site->ahead = &ahead;
    bool done = lists_write(site, batch->output, &batch->arena, &batch->lists, error);
    site->ahead = NULL;
    return done;
}

static void batch_count(const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct plan *plan = &batch->plans[i];
        bool is_withdrawn = plan->row && plan->row->status == RELEASE_WITHDRAWN;
        bool was_withdrawn = plan->old_card && plan->old_card->is_withdrawn;
        if (plan->kind == PLAN_NEW)
            batch->counts->published++;
        else if (plan->kind == PLAN_CHANGE && is_withdrawn && !was_withdrawn)
            batch->counts->withdrawn++;
        else if (plan->kind == PLAN_CHANGE && !is_withdrawn)
            batch->counts->updated++;
    }
}

static bool batch_run(struct batch *batch, const struct release_row_ids *row_ids,
                      struct error *error)
{
    /* All plans before the first page: versions that become public together know each other. */
    for (size_t i = 0; i < row_ids->count; i++) {
        batch->count = i + 1;
        if (!plan_make(batch, &batch->plans[i], row_ids->list[i], error))
            return false;
    }
    planned_versions_make(batch);
    struct site *site = batch->site;
    for (size_t i = 0; i < batch->count; i++) {
        if (!plan_write(batch, &batch->plans[i], error))
            return false;
        if (++site->releases_done % PROGRESS_RELEASES == 0 && site->progress)
            site->progress->report(site->progress->payload, site->releases_done,
                                   site->releases_total);
    }
    /* A run killed here has changed neither public/ nor rows. */
    fault_point("publish-batch");
    if ((row_ids->with_lists && !lists_write_ahead(batch, error)) ||
        !output_flush_checked(batch->output, nothing_stopped, batch_commit, batch, error))
        return false;
    /* Counted only after the commit, because what is counted is reported as done. */
    batch_count(batch);
    return true;
}

bool release_batch_publish(struct site *site, struct output *output,
                           const struct release_row_ids *row_ids, struct publish_counts *counts,
                           struct error *error)
{
    struct batch batch = { .site = site, .output = output, .counts = counts };
    batch.plans = arena_allocate_array(&batch.arena, row_ids->count, sizeof *batch.plans);
    batch.pictures = picture_records_new(&batch.arena, site->database);
    batch.marks = list_marks_new(&batch.arena, site->lists);
    batch.slugs = slugs_new(&batch.arena);
    batch.times = update_times_new(&batch.arena, row_ids->count);
    bool done = batch_run(&batch, row_ids, error);
    arena_release(&batch.arena);
    return done;
}
