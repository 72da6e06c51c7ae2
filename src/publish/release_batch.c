/* SPDX-License-Identifier: MIT */
#include "publish/release_batch.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "publish/card.h"
#include "publish/list.h"
#include "publish/output.h"
#include "publish/picture_record.h"
#include "publish/present.h"
#include "publish/publish.h"
#include "publish/release_output.h"
#include "publish/site.h"
#include "publish/update_time.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"

#include <stdlib.h>
#include <string.h>

enum { SLUG_MAXIMUM = 70, SLUG_STEPS = 8, PROGRESS_RELEASES = 50 };

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
    const struct card *old_card; /* NULL: none */
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
    struct list_marks *slugs; /* taken by this batch */
    struct update_times *times;
    struct planned_version *planned;
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

/* A slug of one or two digits gets a number too, because releases/2026/06/ is a month's list. */
const char *publish_slug(const struct publish_settings *settings, struct arena *arena,
                         const struct release_row *row, int attempt)
{
    const char *type = row->type ? row->type : "release";
    const char *slug = locale_slug(settings->locale, arena, row->title, row->language, SLUG_MAXIMUM,
                                   type);
    bool is_month = strlen(slug) <= 2 && strspn(slug, "0123456789") == strlen(slug);
    int number = attempt + is_month;
    return number == 1 ? slug : arena_format(arena, "%s-%d", slug, number);
}

static const char *slug_key(struct batch *batch, int year, const char *slug)
{
    return arena_format(&batch->arena, "%d/%s", year, slug);
}

/* Gives the row its slug with that number and sets *is_free to whether it may have it. */
static bool slug_try(struct batch *batch, struct plan *plan, int attempt, bool *is_free,
                     struct error *error)
{
    struct release_row *row = plan->row;
    bool is_taken = false;
    row->slug = publish_slug(batch->site->settings, &batch->arena, row, attempt);
    *is_free = false;
    /* First those of this batch, which the store does not know before the commit. */
    if (list_is_marked(batch->slugs, slug_key(batch, row->year, row->slug)))
        return true;
    if (!release_slug_is_taken(batch->site->database, row->year, row->slug, row->row_id, &is_taken,
                               error))
        return false;
    *is_free = !is_taken;
    return true;
}

/* The first number that is free: one by one where there are few, else in growing steps, and then by
 * halving, so that the thousandth release of a title costs little more than the first. */
static bool slug_find(struct batch *batch, struct plan *plan, struct error *error)
{
    bool is_free = false;
    int taken = 0;
    int next = 1;
    while (!is_free) {
        if (!slug_try(batch, plan, next, &is_free, error))
            return false;
        if (!is_free) {
            taken = next;
            next = next < SLUG_STEPS ? next + 1 : 2 * next;
        }
    }
    /* Between a number that is taken and one that is free; where some in between were never given,
     * any free one will do. */
    while (next - taken > 1) {
        int middle = taken + (next - taken) / 2;
        if (!slug_try(batch, plan, middle, &is_free, error))
            return false;
        *(is_free ? &next : &taken) = middle;
    }
    /* Once more, because the last one tried may have been a taken one. */
    return slug_try(batch, plan, next, &is_free, error);
}

/* Made once, of the title and the year of publication: an address never changes after that. */
static bool slug_make(struct batch *batch, struct plan *plan, struct error *error)
{
    struct release_row *row = plan->row;
    struct civil_time civil;
    zone_civil(locale_context_zone(batch->site->settings->locale), row->public_at, &civil);
    /* Of the time zone of the newsroom: at midnight the address has the year that its readers
     * see. */
    row->year = (int)civil.year;
    if (!slug_find(batch, plan, error))
        return false;
    list_mark(batch->slugs, slug_key(batch, row->year, row->slug), 0);
    return true;
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
    if ((was_withdrawn != is_withdrawn || plan_text_is_new(plan)) &&
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
        if (!slug_make(batch, plan, error) || !updated_set(batch, row, row->public_at, error))
            return false;
    }
    if (plan->kind == PLAN_CHANGE) {
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
        batch->planned[i].version.path = arena_format(&batch->arena, "releases/%04d/%s/", row->year,
                                                      row->slug);
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
    return true;
}

/* ---- rows ---- */

static bool plan_store(struct batch *batch, const struct plan *plan, struct error *error)
{
    if (plan->kind == PLAN_NONE)
        return true;
    /* A rewritten page changes nothing that the row says. */
    if ((plan->kind == PLAN_NEW || plan->kind == PLAN_CHANGE || plan->kind == PLAN_NEVER) &&
        !release_update_public(batch->site->database, plan->row, error))
        return false;
    if (plan->card &&
        !card_store(batch->site->database, plan->card, plan->old_card, batch->marks, error))
        return false;
    /* Written, so no longer to be written again. */
    struct statement *statement = database_prepare(
        batch->site->database, "DELETE FROM publish_list WHERE list = $1", error);
    statement_bind_text(statement, 1, release_output_owner(&batch->arena, plan->row->row_id));
    return statement_run(statement, error);
}

static bool batch_store(void *payload, struct error *error)
{
    struct batch *batch = payload;
    for (size_t i = 0; i < batch->count; i++)
        if (!plan_store(batch, &batch->plans[i], error))
            return false;
    return picture_records_store(batch->pictures, error) &&
           list_marks_store(batch->site->database, batch->marks, error);
}

static bool batch_commit(void *payload, struct error *error)
{
    const struct batch *batch = payload;
    return batch_store(payload, error) && lists_written_store(batch->lists, error);
}

/* Lists are read from the database, but must be written before the rows that they show are stored:
 * a row may say that it is public only once its page stands. So the rows are stored in a
 * transaction that is always undone, after the lists have been read; output_flush() stores them for
 * good. The lists of a run before go first, else their temporaries would be renamed too. */
static bool lists_write_ahead(struct batch *batch, struct error *error)
{
    bool done = false;
    size_t pages = output_position(batch->output);
    struct transaction transaction = transaction_of(batch->site->database);
    while (transaction_run(&transaction, error)) {
        output_drop_after(batch->output, pages);
        done = batch_store(batch, error) &&
               lists_write(batch->site, batch->output, &batch->arena, &batch->lists, error);
        transaction_end(&transaction, false, error);
    }
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
        !output_flush(batch->output, batch_commit, batch, error))
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
    batch.marks = list_marks_new(&batch.arena);
    batch.slugs = list_marks_new(&batch.arena);
    batch.times = update_times_new(&batch.arena, row_ids->count);
    bool done = batch_run(&batch, row_ids, error);
    arena_release(&batch.arena);
    return done;
}
