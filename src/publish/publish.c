/* SPDX-License-Identifier: MIT */
#include "publish/publish.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "feed/feed.h"
#include "publish/card.h"
#include "publish/card_undo.h"
#include "publish/fingerprint.h"
#include "publish/list.h"
#include "publish/output.h"
#include "publish/release_batch.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"

#include <stdlib.h>
#include <string.h>

/* Numbers of releases, and the languages of their lists. */
struct row_ids {
    int64_t *list;
    size_t count;
    size_t capacity;
};

struct run {
    struct site site;
    struct output *output;
    struct publish_counts *counts;
    struct arena arena;
    struct row_ids withdrawn; /* due, in the order of their row ids */
    struct row_ids due;
    struct row_ids again; /* all that were public, where all is to be written again */
    const char *languages[64];
    size_t language_count;
    const char *fingerprint;
    bool is_refresh;
    const struct publish_progress *progress;
};

static void row_ids_add(struct row_ids *row_ids, int64_t row_id)
{
    ARRAY_GROW(row_ids->list, row_ids->count, row_ids->capacity);
    row_ids->list[row_ids->count++] = row_id;
}

static void language_add(struct run *run, const char *language)
{
    for (size_t i = 0; i < run->language_count; i++)
        if (strcmp(run->languages[i], language) == 0)
            return;
    if (run->language_count < sizeof run->languages / sizeof run->languages[0])
        run->languages[run->language_count++] = arena_copy(&run->arena, language);
}

/* ---- values kept between runs ---- */

static bool value_find(struct run *run, const char *name, const char **value, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        run->site.database, "SELECT value FROM publish_value WHERE name = $1", error);
    statement_bind_text(statement, 1, name);
    bool done = statement_find(statement, &found, error);
    *value = found ? statement_copy_text(statement, 0, &run->arena) : "";
    statement_reset(statement);
    return done;
}

static bool value_store(struct database *database, const char *name, const char *value,
                        struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO publish_value (name, value) VALUES ($1, $2)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        error);
    statement_bind_text(statement, 1, name);
    statement_bind_text(statement, 2, value);
    return statement_run(statement, error);
}

/* ---- what there is to do ---- */

/* In the order of their row ids, as slugs and update times are given out. */
static int row_id_compare(const void *a, const void *b)
{
    const int64_t *first = a;
    const int64_t *second = b;
    return (*first > *second) - (*first < *second);
}

static void row_ids_sort(struct row_ids *row_ids)
{
    if (row_ids->count)
        qsort(row_ids->list, row_ids->count, sizeof *row_ids->list, row_id_compare);
}

static bool due_find(struct run *run, struct error *error)
{
    const struct release_filter filter = { .only_unpublished_due = true,
                                           .now_at = run->site.now_at,
                                           .order = RELEASE_ORDER_DUE_FIRST };
    struct release_cursor cursor;
    const struct release_row *row;
    struct arena arena = { 0 };
    release_cursor_open(&cursor, run->site.database, &filter);
    while (release_cursor_next(&cursor, &row, error)) {
        bool is_withdrawn = row->status == RELEASE_WITHDRAWN;
        row_ids_add(is_withdrawn ? &run->withdrawn : &run->due, row->row_id);
        if (!is_withdrawn)
            language_add(run, presentation_list_language(&arena, row->language));
        arena_release(&arena);
    }
    /* Found in the order of their time, which an index has; worked off in the order of their
     * row ids. */
    row_ids_sort(&run->withdrawn);
    row_ids_sort(&run->due);
    return release_cursor_close(&cursor);
}

static bool public_find(struct run *run, struct error *error)
{
    const struct release_filter filter = { .only_public = true };
    struct release_cursor cursor;
    const struct release_row *row;
    release_cursor_open(&cursor, run->site.database, &filter);
    while (release_cursor_next(&cursor, &row, error))
        row_ids_add(&run->again, row->row_id);
    return release_cursor_close(&cursor);
}

/* Languages that have lists already: "front:da". */
static bool languages_find(struct run *run, struct error *error)
{
    struct name_list names;
    const struct site reader = { .database = run->site.database };
    if (!list_names(&reader, &run->arena, "front:", &names, error))
        return false;
    for (size_t i = 0; i < names.count; i++)
        language_add(run, names.names[i] + strlen("front:"));
    return true;
}

/* Pages that another version's change, or a killed run, left to be written again. */
static bool marked_find(struct run *run, struct row_ids *row_ids, struct error *error)
{
    struct statement *statement = database_prepare(
        run->site.database,
        "SELECT list FROM publish_list WHERE is_dirty = 1"
        " AND list >= 'release:' AND list < 'release;' ORDER BY list",
        error);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        row_ids_add(row_ids, strtoll(statement_text(statement, 0) + strlen("release:"), NULL, 10));
    return result == STATEMENT_DONE;
}

/* Whether a killed run left the style sheet half renamed: only writing everything anew writes it.
 */
static bool is_interrupted(struct run *run, bool *is_interrupted, struct error *error)
{
    struct statement *statement = database_prepare(
        run->site.database, "SELECT 1 FROM publish_list WHERE is_dirty = 1 AND list = 'style'",
        error);
    bool done = statement_find(statement, is_interrupted, error);
    statement_reset(statement);
    return done;
}

static bool work_find(struct run *run, struct error *error)
{
    struct database *database = run->site.database;
    const struct publish_settings *settings = run->site.settings;
    const char *known = NULL;
    bool interrupted = false;
    /* Both before the fingerprint, which covers the languages: the first release of a new one
     * changes the choice of languages on every page. */
    if (!languages_find(run, error) || !due_find(run, error))
        return false;
    site_init(&run->site, settings, database, run->site.now_at, run->languages,
              run->language_count);
    run->site.lists = list_outputs;
    run->fingerprint = site_fingerprint(&run->arena, &run->site);
    if (!value_find(run, "fingerprint", &known, error) || !is_interrupted(run, &interrupted, error))
        return false;
    /* Somebody emptied public/: what the manifest says of it is worth nothing. */
    bool is_emptied = *known && !output_exists(run->output, "index.html");
    if (is_emptied && !output_forget(run->output, error))
        return false;
    /* Anything of the three, and no file of public/ is known to be what it should be. */
    run->is_refresh = is_emptied || interrupted || strcmp(known, run->fingerprint) != 0;
    return !run->is_refresh || public_find(run, error);
}

/* ---- doing it ---- */

static bool row_ids_publish(struct run *run, const struct row_ids *row_ids, struct error *error)
{
    /* Not in a refresh, where all lists are written at the end, once. */
    bool with_lists = !run->is_refresh && row_ids->count <= RELEASE_BATCH_WITH_LISTS_MAXIMUM;
    for (size_t i = 0; i < row_ids->count; i += RELEASE_BATCH_MAXIMUM) {
        size_t count = row_ids->count - i;
        if (count > RELEASE_BATCH_MAXIMUM)
            count = RELEASE_BATCH_MAXIMUM;
        const struct release_row_ids part = { row_ids->list + i, count, with_lists };
        if (!release_batch_publish(&run->site, run->output, &part, run->counts, error))
            return false;
    }
    return true;
}

static bool marked_publish(struct run *run, struct error *error)
{
    struct row_ids row_ids = { 0 };
    bool done = marked_find(run, &row_ids, error);
    run->site.releases_total += (int64_t)row_ids.count;
    done = done && row_ids_publish(run, &row_ids, error);
    free(row_ids.list);
    return done;
}

/* The new style sheet stands before the first page that wants it, the old one goes after the
 * last. */
static bool style_write(struct run *run, bool keep_old, struct error *error)
{
    const struct publish_settings *settings = run->site.settings;
    if (!output_begin(run->output, "style", error) ||
        !output_put_text(run->output, run->site.style_path, OUTPUT_ASSET, settings->style,
                         settings->style_length, error))
        return false;
    if (keep_old)
        output_keep_rest(run->output);
    output_end(run->output);
    return !keep_old || output_flush(run->output, NULL, NULL, error);
}

static bool lists_mark_all(struct database *database, const struct list_marks *marks,
                           struct error *error)
{
    return database_execute(database, "DELETE FROM publish_list WHERE list = 'style'", error) &&
           database_execute(database, "UPDATE publish_list SET is_dirty = 1, from_at = 0", error) &&
           list_marks_store(database, marks, error);
}

/* Lists that stand even without an entry, and all others, are to be written. */
static bool lists_mark(struct run *run, struct error *error)
{
    struct list_marks *marks = list_marks_new(&run->arena, list_outputs);
    list_mark_all(&run->site, &run->arena, marks);
    struct transaction transaction = transaction_of(run->site.database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, lists_mark_all(run->site.database, marks, error), error);
    return transaction.is_done;
}

static bool fingerprint_store(void *payload, struct error *error)
{
    struct run *run = payload;
    return value_store(run->site.database, "fingerprint", run->fingerprint, error);
}

/* Front pages show events that are not over: at the first end after now they are out of date. */
static bool events_mark(struct run *run, struct error *error)
{
    const char *until = NULL;
    if (!value_find(run, "events", &until, error))
        return false;
    int64_t until_at = strtoll(until, NULL, 10);
    /* No lock is taken where nothing has ended: a run with nothing new writes nothing. */
    if (!until_at || until_at > run->site.now_at)
        return true;
    struct transaction transaction = transaction_of(run->site.database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        database_execute(run->site.database,
                                         "UPDATE publish_list SET is_dirty = 1"
                                         " WHERE list >= 'front:' AND list < 'front;'",
                                         error),
                        error);
    return transaction.is_done;
}

static bool events_store(struct run *run, struct error *error)
{
    struct database *database = run->site.database;
    const char *known = NULL;
    struct statement *statement = database_prepare(
        database,
        "SELECT MIN(COALESCE(end_at, start_at)) FROM publish_card"
        " WHERE start_at IS NOT NULL AND is_withdrawn = 0 AND COALESCE(end_at, start_at) > $1",
        error);
    bool found = false;
    statement_bind_integer(statement, 1, run->site.now_at);
    bool done = statement_find(statement, &found, error);
    const char *until = arena_format(&run->arena, "%lld",
                                     found ? (long long)statement_integer(statement, 0) : 0);
    statement_reset(statement);
    if (!done || !value_find(run, "events", &known, error))
        return false;
    /* Else every run would commit, and a run with nothing new must not touch the disk. */
    if (strcmp(known, until) == 0)
        return true;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, value_store(database, "events", until, error), error);
    return transaction.is_done;
}

/* What is withdrawn goes before anything else is done, out of lists and feeds as well. Marked pages
 * come twice: what a killed run left before what is new, and then what is new has marked the pages
 * of other versions. */
static bool releases_publish(struct run *run, struct error *error)
{
    if (!row_ids_publish(run, &run->withdrawn, error))
        return false;
    if (!run->is_refresh && run->withdrawn.count && !lists_publish(&run->site, run->output, error))
        return false;
    return marked_publish(run, error) && row_ids_publish(run, &run->due, error) &&
           row_ids_publish(run, &run->again, error) && marked_publish(run, error);
}

static bool run_all(struct run *run, struct error *error)
{
    struct site *site = &run->site;
    if (!work_find(run, error))
        return false;
    site->progress = run->progress;
    site->releases_total = (int64_t)(run->withdrawn.count + run->due.count + run->again.count);
    /* Style sheet, pages, lists; the fingerprint last, so that a killed refresh begins again. */
    if ((run->is_refresh && !style_write(run, true, error)) || !events_mark(run, error) ||
        !releases_publish(run, error) || (run->is_refresh && !lists_mark(run, error)) ||
        !lists_publish(site, run->output, error) || !events_store(run, error))
        return false;
    if (!run->is_refresh)
        return true;
    return style_write(run, false, error) &&
           output_flush(run->output, fingerprint_store, run, error);
}

/* *is_again: something was stopped meanwhile, and without it all can be written. */
static bool publish_once(struct database *database, const struct publish_settings *settings,
                         const struct clock *clock, struct publish_counts *counts,
                         const struct publish_progress *progress, bool *is_again,
                         struct error *error)
{
    struct run run = {
        .site = { .settings = settings, .database = database, .now_at = clock_now(clock) },
        .counts = counts,
        .progress = progress,
    };
    run.output = output_open(database, settings->public_path, settings->state_path, error);
    /* The cards first: which languages there are, and all else, is asked of them. */
    bool done = run.output && card_undo_recover(database, list_outputs, error) &&
                run_all(&run, error);
    /* Also where the run failed: what was put in place before that stands. */
    if (run.output) {
        counts->files_written += output_files_written(run.output);
        counts->files_removed += output_files_removed(run.output);
    }
    *is_again = run.site.has_stopped;
    output_close(run.output);
    site_release(&run.site);
    arena_release(&run.arena);
    free(run.withdrawn.list);
    free(run.due.list);
    free(run.again.list);
    return done;
}

bool publish_run(struct database *database, const struct publish_settings *settings,
                 const struct clock *clock, struct publish_counts *counts,
                 const struct publish_progress *progress, struct error *error)
{
    bool is_again = false;
    bool done;
    *counts = (struct publish_counts){ 0 };
    do
        done = publish_once(database, settings, clock, counts, progress, &is_again, error);
    while (!done && is_again);
    return done;
}
