/* SPDX-License-Identifier: MIT */
#include "delivery/announce.h"

#include "delivery/announcement.h"
#include "delivery/candidates.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "digest/digest.h"
#include "release/release_note.h"
#include "release/release_notification.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* More of them in one run are an archive that is put in, and whoever does that wants no note beside
 * each. */

struct fresh_release {
    int64_t row_id;
    int64_t original_row_id;
    int64_t revision; /* the public one */
    const char *type;
    const char *language;
    const char *topics;
    int64_t at; /* since when it could have been mailed */
    bool is_urgent;
    bool is_again; /* announced before, and taken back: whom it was not sent gets it */
    enum release_unmailed verdict; /* NOT: it is mailed */
};

struct fresh_list {
    struct announce_batch *batch;
    struct fresh_release *items;
    size_t count;
    size_t capacity;
};

/* Its age is measured when it was first seen as ready, not now, else a release would grow too old
 * to be mailed while mailing stood still. */
static enum release_unmailed judge(const struct announce_settings *settings,
                                   const struct release_row *row)
{
    const struct audience_version version = { .type = row->type,
                                              .language = row->language,
                                              .topics = row->topics };
    if (!row->mail)
        return RELEASE_UNMAILED_AS_ASKED;
    if (row->due_at < row->ready_at - settings->max_age_ms)
        return RELEASE_UNMAILED_TOO_OLD;
    return candidates_exist(settings->feeds, &version) ? RELEASE_UNMAILED_NOT
                                                       : RELEASE_UNMAILED_NO_FEED;
}

/* False for one that is not taken: its page waits to be written again, or somebody wrote STOP. */
static bool add_fresh(struct fresh_list *list, const struct release_row *row)
{
    struct arena *arena = &list->batch->arena;
    if (row->public_revision == 0 || row->stopped_at != INSTANT_NONE ||
        row->place == RELEASE_PLACE_DRAFTS || release_row_awaits_withdrawal(row))
        return false;
    ARRAY_GROW_IN(arena, list->items, list->count, list->capacity);
    list->items[list->count++] = (struct fresh_release){
        .row_id = row->row_id,
        .original_row_id = row->original_row_id,
        .revision = row->public_revision,
        .type = arena_copy(arena, row->type),
        .language = arena_copy(arena, row->language),
        .topics = arena_copy(arena, row->topics),
        .at = row->public_at > row->ready_at ? row->public_at : row->ready_at,
        .is_urgent = row->is_urgent,
        .is_again = row->announced_revision != 0,
        .verdict = judge(list->batch->settings, row)
    };
    return true;
}

/* What is mailed first, and of that the versions of one release together, the original first. */
static int compare_fresh(const void *left, const void *right)
{
    const struct fresh_release *a = left;
    const struct fresh_release *b = right;
    bool a_waits = a->verdict != RELEASE_UNMAILED_NOT;
    bool b_waits = b->verdict != RELEASE_UNMAILED_NOT;
    if (a_waits != b_waits)
        return a_waits - b_waits;
    if (a->original_row_id != b->original_row_id)
        return a->original_row_id < b->original_row_id ? -1 : 1;
    return (a->row_id > b->row_id) - (a->row_id < b->row_id);
}

/* ---- what is not mailed ---- */

/* These too count as announced from now on, with the reason why they were not mailed, because else
 * every run would judge them again, and a longer announce.max_age would mail a whole archive. */
static bool note_unmailed(struct announce_batch *batch, const struct fresh_release *items,
                          size_t count, struct error *error)
{
    struct announce_mark *marks = arena_allocate_array(&batch->arena, count, sizeof *marks);
    for (size_t i = 0; i < count; i++) {
        marks[i] = (struct announce_mark){ .row_id = items[i].row_id,
                                           .note = release_unmailed_text(items[i].verdict),
                                           .is_one_of_many = count > RELEASE_NOTES_MAXIMUM,
                                           .is_first = true,
                                           .revision = items[i].revision };
        if (items[i].verdict == RELEASE_UNMAILED_TOO_OLD &&
            items[i].row_id == items[i].original_row_id)
            marks[i].too_old = items[i].row_id;
        if (items[i].verdict == RELEASE_UNMAILED_TOO_OLD)
            batch->totals->too_old++;
        else
            batch->totals->not_wanted++;
    }
    return announce_write_all(batch, marks, count, error);
}

/* ---- what is ---- */

static const struct audience_version *
group_versions(struct arena *arena, const struct fresh_release *items, size_t count)
{
    struct audience_version *versions = arena_allocate_array(arena, count, sizeof *versions);
    for (size_t i = 0; i < count; i++)
        versions[i] = (struct audience_version){ .row_id = items[i].row_id,
                                                 .type = items[i].type,
                                                 .language = items[i].language,
                                                 .topics = items[i].topics,
                                                 .next = i + 1 < count ? &versions[i + 1] : NULL };
    return versions;
}

/* What of a group may be mailed: without what was withdrawn, or asked to be, or stopped, since the
 * items were collected, as from here on the transaction keeps everybody else from doing so. */
static bool keep_standing(const struct announce_batch *batch, const struct fresh_release *items,
                          size_t count, struct fresh_release *standing, size_t *kept,
                          struct error *error)
{
    bool failed = false;
    struct arena arena = { 0 };
    *kept = 0;
    for (size_t i = 0; i < count && !failed; i++) {
        const struct release_row *row = release_find_by_row_id(batch->database, &arena,
                                                               items[i].row_id, &failed, error);
        if (row && row->status != RELEASE_WITHDRAWN && row->stopped_at == INSTANT_NONE &&
            row->place != RELEASE_PLACE_DRAFTS && !release_row_awaits_withdrawal(row))
            standing[(*kept)++] = items[i];
    }
    arena_release(&arena);
    return !failed;
}

static struct announce_plan plan_of(const struct announce_batch *batch,
                                    const struct fresh_release *items, size_t count,
                                    const struct queue_candidates *candidates, bool is_again)
{
    struct announce_plan plan = { .announcement = { .release = items[0].original_row_id,
                                                    .kind = QUEUE_RELEASE,
                                                    .deduplication_key = "" },
                                  .delay_ms = batch->settings->delay_ms,
                                  .candidates = candidates,
                                  .is_again = is_again };
    for (size_t i = 0; i < count; i++) {
        plan.is_urgent = plan.is_urgent || items[i].is_urgent;
        plan.at = items[i].at > plan.at ? items[i].at : plan.at;
    }
    return plan;
}

/* One mailing for all versions of a release that became public together; *forgotten: how many of
 * them come when the release's rows are gone, and could reach somebody a second time. */
static bool write_group(struct announce_step *step, const struct fresh_release *items, size_t count,
                        bool is_again, int64_t *forgotten, struct error *error)
{
    struct announce_batch *batch = step->batch;
    struct arena arena = { 0 };
    struct announce_history history = { 0 };
    size_t kept = 0;
    struct fresh_release *standing = arena_allocate_array(&arena, count, sizeof *standing);
    *forgotten = 0;
    bool done = keep_standing(batch, items, count, standing, &kept, error) &&
                announce_history_read(batch, items[0].original_row_id, &history, error);
    if (done && kept && !history.is_forgotten) {
        const struct queue_candidates candidates = candidates_of(
            &arena, batch->settings->feeds, NULL, group_versions(&arena, standing, kept),
            items[0].original_row_id);
        const struct announce_plan plan = plan_of(batch, standing, kept, &candidates, is_again);
        done = announce_mail(step, &plan, error) &&
               announce_for_digests(step, &plan, &candidates, error);
    }
    const char *note = release_unmailed_text(history.is_forgotten ? RELEASE_UNMAILED_FORGOTTEN
                                             : step->mailing      ? RELEASE_UNMAILED_NOT
                                                                  : RELEASE_UNMAILED_NOBODY);
    for (size_t i = 0; done && i < kept; i++) {
        const struct announce_mark mark = { .row_id = standing[i].row_id,
                                            .note = note,
                                            .is_first = true,
                                            .revision = standing[i].revision };
        done = announce_write(batch, &mark, error);
    }
    *forgotten = history.is_forgotten ? (int64_t)kept : 0;
    arena_release(&arena);
    return done;
}

static bool announce_group(struct announce_batch *batch, const struct fresh_release *items,
                           size_t count, bool is_again, struct error *error)
{
    int64_t forgotten = 0;
    struct announce_step step = announce_step_of(batch);
    while (announce_step_run(&step, error))
        announce_step_end(&step, write_group(&step, items, count, is_again, &forgotten, error),
                          error);
    if (!step.transaction.is_done)
        return false;
    batch->totals->not_wanted += forgotten;
    return true;
}

static bool announce_groups(struct announce_batch *batch, const struct fresh_release *items,
                            size_t count, struct error *error)
{
    for (size_t i = 0, size; i < count; i += size) {
        size = 1;
        while (i + size < count && items[i + size].original_row_id == items[i].original_row_id)
            size++;
        if (!announce_group(batch, items + i, size, items[i].is_again, error))
            return false;
    }
    return true;
}

/* ---- more at once than a newsroom means to send ---- */

static void log_held(const struct announce_batch *batch)
{
    enum { NAMED_MAXIMUM = 10 };
    struct string_builder names;
    string_builder_init(&names, 0);
    for (size_t i = 0; i < batch->mailing_count && i < NAMED_MAXIMUM; i++)
        string_builder_append_format(&names, " %" PRId64, batch->mailings[i]);
    log_line(LOG_WARNING,
             "announce: %zu new mailings in one run are more than announce.max_new (%" PRId64
             "), so all are held:%s%s; look with `mailing list`, then `mailing resume ID` or "
             "`mailing cancel ID`",
             batch->mailing_count, batch->settings->max_new, names.data,
             batch->mailing_count > NAMED_MAXIMUM ? " …" : "");
    string_builder_release(&names);
}

/* Beside its file, or in one note for all. */
static bool note_held(struct announce_batch *batch, const struct queue_mailing *mailing,
                      struct error *error)
{
    if (batch->mailing_count > RELEASE_NOTES_MAXIMUM)
        return release_gather(batch->database, RELEASE_GATHERED_HELD, mailing->release, "", error);
    return release_note_mark(batch->database, mailing->release, error);
}

static bool tell_held(struct announce_batch *batch, int64_t row_id, struct error *error)
{
    bool failed = false;
    const struct queue_mailing *mailing = queue_mailing_head(batch->database, &batch->arena, row_id,
                                                             &failed, error);
    if (!mailing || !note_held(batch, mailing, error))
        return !mailing && !failed;
    if (!batch->settings->notifies)
        return true;
    const char *key = mailing->deduplication_key;
    const struct release_notification event = {
        .kind = RELEASE_NOTIFICATION_HELD,
        .release = mailing->release,
        .cause = key && *key ? arena_format(&batch->arena, "max_new:%s", key) : "max_new",
        .at = batch->now_at,
    };
    return release_notification_add(batch->database, &event, error);
}

static bool tell_all_held(struct announce_batch *batch, struct error *error)
{
    for (size_t i = 0; i < batch->mailing_count; i++)
        if (!tell_held(batch, batch->mailings[i], error))
            return false;
    return true;
}

/* All mailings of the run were made held: whether they stay so is known now. */
static bool decide_holding(struct announce_batch *batch, struct error *error)
{
    if ((int64_t)batch->mailing_count > batch->settings->max_new) {
        batch->totals->held = (int64_t)batch->mailing_count;
        return tell_all_held(batch, error);
    }
    for (size_t i = 0; i < batch->mailing_count; i++)
        if (!digest_mailing_resume(batch->database, batch->mailings[i], batch->now_at, error))
            return false;
    return true;
}

static bool announce_all(struct announce_batch *batch, const struct fresh_list *fresh,
                         size_t mailed, const struct announce_change *changes, struct error *error)
{
    return announce_groups(batch, fresh->items, mailed, error) &&
           announce_changes(batch, changes, error);
}

static bool write_whole(struct announce_batch *batch, const struct fresh_list *fresh, size_t mailed,
                        const struct announce_change *changes, const struct announce_totals *before,
                        struct error *error)
{
    *batch->totals = *before;
    batch->mailing_count = 0;
    return announce_all(batch, fresh, mailed, changes, error) && decide_holding(batch, error);
}

/* As one transaction, so that a crash in the middle cannot make a few held mailings of many. */
static bool announce_whole(struct announce_batch *batch, const struct fresh_list *fresh,
                           size_t mailed, const struct announce_change *changes,
                           struct error *error)
{
    const struct announce_totals before = *batch->totals;
    struct transaction transaction = transaction_of(batch->database);
    batch->is_whole = true;
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, write_whole(batch, fresh, mailed, changes, &before, error),
                        error);
    if (!transaction.is_done) {
        *batch->totals = before;
        return false;
    }
    if (batch->totals->held)
        log_held(batch);
    return true;
}

static size_t count_mailed(const struct fresh_list *fresh, size_t *groups)
{
    size_t mailed = 0;
    *groups = 0;
    for (; mailed < fresh->count && fresh->items[mailed].verdict == RELEASE_UNMAILED_NOT; mailed++)
        if (mailed == 0 ||
            fresh->items[mailed].original_row_id != fresh->items[mailed - 1].original_row_id)
            (*groups)++;
    return mailed;
}

/* Without a lock, so that nobody who sends waits for it: each group is asked again in its own
 * transaction (keep_standing). */
static bool collect_fresh(struct fresh_list *list, struct error *error)
{
    const struct release_filter filter = { .only_unannounced = true,
                                           .order = RELEASE_ORDER_OLDEST_FIRST };
    struct release_cursor cursor;
    const struct release_row *row;
    /* One view of all pages: else of two versions that become public meanwhile one is seen alone,
     * and whoever should get the other is mailed this one. */
    if (!database_begin_read(list->batch->database, error))
        return false;
    release_cursor_open(&cursor, list->batch->database, &filter);
    while (release_cursor_next(&cursor, &row, error))
        (void)add_fresh(list, row);
    bool done = release_cursor_close(&cursor);
    database_end_read(list->batch->database);
    return done;
}

static bool run_batch(struct announce_batch *batch, struct error *error)
{
    struct fresh_list fresh = { .batch = batch };
    struct announce_change *changes = NULL;
    size_t news = 0;
    size_t groups;
    if (!announce_collect_changes(batch, &changes, &news, error) || !collect_fresh(&fresh, error))
        return false;
    if (fresh.count)
        qsort(fresh.items, fresh.count, sizeof *fresh.items, compare_fresh);
    /* How many mailings there can be at most is known before the first is made. Only where they may
     * be too many is the whole run one transaction, as that one keeps everybody else from writing
     * for as long as it takes. */
    size_t mailed = count_mailed(&fresh, &groups);
    if (fresh.count > mailed &&
        !note_unmailed(batch, fresh.items + mailed, fresh.count - mailed, error))
        return false;
    if ((int64_t)(groups + news) > batch->settings->max_new)
        return announce_whole(batch, &fresh, mailed, changes, error);
    return announce_all(batch, &fresh, mailed, changes, error);
}

static struct announce_batch batch_of(struct database *database,
                                      const struct announce_settings *settings,
                                      const struct clock *clock, struct announce_totals *totals)
{
    *totals = (struct announce_totals){ 0 };
    return (struct announce_batch){
        .database = database, .settings = settings, .totals = totals, .now_at = clock_now(clock)
    };
}

bool announce_run(struct database *database, const struct announce_settings *settings,
                  const struct clock *clock, struct announce_totals *totals, struct error *error)
{
    struct announce_batch batch = batch_of(database, settings, clock, totals);
    bool done = run_batch(&batch, error);
    if (done && totals->too_old)
        log_line(LOG_NOTICE,
                 "announce: %" PRId64
                 " published but not mailed, being older than announce.max_age; "
                 "`announce ID` mails one of them",
                 totals->too_old);
    arena_release(&batch.arena);
    return done;
}

/* ---- by hand ---- */

/* By hand `mail: false` and announce.max_age are overruled; that a release is public is not
 * (add_fresh). */
static void add_asked(struct fresh_list *list, const struct release_row *row)
{
    if (!add_fresh(list, row))
        return;
    list->items[list->count - 1].verdict = RELEASE_UNMAILED_NOT;
    list->items[list->count - 1].at = list->batch->now_at;
}

/* A release with all its public versions, or the one version asked for. */
static bool collect_by_public_id(struct fresh_list *list, const char *public_id,
                                 struct error *error)
{
    bool failed;
    struct announce_batch *batch = list->batch;
    const struct release_row *row = release_find_by_public_id(batch->database, &batch->arena,
                                                              public_id, &failed, error);
    if (failed)
        return false;
    if (!row)
        return error_set(error, ERROR_INPUT,
                         "release %s: there is none" ERROR_ADVICE
                         "`pressroom release list` lists them",
                         public_id);
    if (row->public_at == INSTANT_NONE || row->public_revision == 0)
        return error_set(error, ERROR_INPUT,
                         "release %s: is not public yet" ERROR_ADVICE "publish it first",
                         public_id);
    if (row->withdrawn_at != INSTANT_NONE || release_row_awaits_withdrawal(row))
        return error_set(error, ERROR_INPUT, "release %s: is withdrawn and is not mailed",
                         public_id);
    if (row->stopped_at != INSTANT_NONE)
        return error_set(error, ERROR_INPUT,
                         "release %s: was stopped by a reply" ERROR_ADVICE
                         "`pressroom release resume %s` lets it go",
                         public_id, public_id);
    if (row->original_row_id != row->row_id) {
        add_asked(list, row);
        return true;
    }
    const struct release_filter filter = { .only_public = true,
                                           .without_withdrawn = true,
                                           .original_row_id = row->row_id };
    struct release_cursor cursor;
    release_cursor_open(&cursor, batch->database, &filter);
    while (release_cursor_next(&cursor, &row, error))
        add_asked(list, row);
    return release_cursor_close(&cursor);
}

/* Whom it was sent is forgotten after 2 years: it cannot be sent to the others then. */
static bool check_history(const struct announce_batch *batch, const struct fresh_list *list,
                          const char *public_id, bool is_again, struct error *error)
{
    struct announce_history history;
    if (!announce_history_read(batch, list->items[0].original_row_id, &history, error))
        return false;
    if (history.is_forgotten)
        return error_set(
            error, ERROR_INPUT,
            "release %s: was mailed so long ago that it is not known any more to whom" ERROR_ADVICE
            "publish "
            "it as a new release",
            public_id);
    if (is_again && !history.is_announced)
        return error_set(error, ERROR_INPUT,
                         "%s: was never mailed" ERROR_ADVICE "`pressroom announce %s` does",
                         public_id, public_id);
    return true;
}

static bool announce_by_hand(struct announce_batch *batch, const char *public_id, bool is_again,
                             struct error *error)
{
    struct announce_settings at_once = *batch->settings;
    struct fresh_list list = { .batch = batch };
    /* Whoever asks for it has looked at it: announce.delay is there for what nobody has seen yet.
     */
    at_once.delay_ms = 0;
    batch->settings = &at_once; /* cppcheck-suppress autoVariables ; the batch ends here too */
    bool done = collect_by_public_id(&list, public_id, error) &&
                (list.count == 0 ||
                 (check_history(batch, &list, public_id, is_again, error) &&
                  announce_group(batch, list.items, list.count, is_again, error)));
    arena_release(&batch->arena);
    return done;
}

bool announce_release(struct database *database, const struct announce_settings *settings,
                      const struct clock *clock, const char *public_id,
                      struct announce_totals *totals, struct error *error)
{
    struct announce_batch batch = batch_of(database, settings, clock, totals);
    return announce_by_hand(&batch, public_id, false, error);
}

bool announce_again(struct database *database, const struct announce_settings *settings,
                    const struct clock *clock, const char *public_id,
                    struct announce_totals *totals, struct error *error)
{
    struct announce_batch batch = batch_of(database, settings, clock, totals);
    return announce_by_hand(&batch, public_id, true, error);
}
