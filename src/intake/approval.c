/* SPDX-License-Identifier: MIT */
#include "intake/approval.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/hash.h"
#include "database/database.h"
#include "digest/digest.h"
#include "intake/approval_row.h"
#include "intake/effective.h"
#include "intake/intake.h"
#include "intake/open_changes.h"
#include "intake/problem.h"
#include "intake/source_bundle.h"
#include "intake/source_bundle_store.h"
#include "intake/withdrawal.h"
#include "release/release.h"
#include "release/release_notification.h"
#include "release/release_store.h"

/* ---- a file that is stored ---- */

/* What is shown of a release, with what it says to announce(). */
static void keep_shown(struct release_row *row, const struct release_row *shown)
{
    row->title = shown->title;
    row->language = shown->language;
    row->type = shown->type;
    row->topics = shown->topics;
    row->topic_labels = shown->topic_labels;
    row->is_urgent = shown->is_urgent;
    row->mail = shown->mail;
    row->correction = shown->correction;
}

/* Whether the text is the one that stands in public/: who put it back asks nobody. */
static bool is_public_text(struct database *database, const struct release_row *before,
                           const struct hash *content_hash, bool *is, struct error *error)
{
    struct release_row shown = *before;
    *is = false;
    if (before->public_at == INSTANT_NONE || !release_row_is_closed(before))
        return true;
    if (!release_row_show_open(database, &shown, error))
        return false;
    *is = hash_equal(&shown.content_hash, content_hash);
    return true;
}

static void delay_until_free(struct release_row *row)
{
    bool waits = row->public_at == INSTANT_NONE && row->due_at != INSTANT_NONE;
    if (waits && row->free_at != INSTANT_NONE && row->due_at < row->free_at)
        row->due_at = row->free_at;
}

/* Whether what is not public yet goes sooner than before, or to more people. Not by due_at, which
 * is later where a yes came late. */
static bool is_loosened(const struct release_row *before, const struct release_row *row)
{
    if (before->public_at != INSTANT_NONE)
        return false;
    return release_due_at(row->published_at, row->embargo_at) <
               release_due_at(before->published_at, before->embargo_at) ||
           (row->mail && !before->mail) || (row->is_urgent && !before->is_urgent);
}

/* A draft that is one no more, or one that was withdrawn before anybody saw what it says. */
static bool comes_out(const struct release_row *before, const struct release_row *row)
{
    bool is_public = before->public_at != INSTANT_NONE;
    if (row->status != RELEASE_READY)
        return false;
    switch (before->status) {
    case RELEASE_DRAFT:
        return true;
    case RELEASE_READY:
        return is_public && before->place == RELEASE_PLACE_DRAFTS &&
               row->place != RELEASE_PLACE_DRAFTS;
    case RELEASE_WITHDRAWN:
        return !is_public || before->approval == RELEASE_APPROVAL_AWAITED;
    }
    return true;
}

/* Another text, one that comes out, or more than somebody said yes to. */
static bool is_news(const struct release_row *before, const struct hash *content_hash,
                    const struct release_row *row)
{
    return !before || !hash_equal(&before->content_hash, content_hash) || comes_out(before, row) ||
           is_loosened(before, row);
}

/* Whether the newest revision's text stands in public/. */
static bool is_out(const struct release_row *row)
{
    return row->public_at != INSTANT_NONE && row->text_revision == row->revision;
}

static bool are_open(enum release_changes changes)
{
    return changes == RELEASE_CHANGES_OPEN || changes == RELEASE_CHANGES_ASKED;
}

/* The same text with other open changes than before: what was shown, or said, was another file. Of
 * what stands in public/ they change nothing. */
static bool is_marked_anew(const struct release_row *before, const struct open_changes *found)
{
    return before && are_open(found->changes) && found->is_another && !is_out(before);
}

/* The same text, which waited for its open changes alone. */
static bool is_settled(const struct source_bundle_target *place, const struct release_row *before,
                       const struct open_changes *found)
{
    return before && !place->needs_approval && before->approval == RELEASE_APPROVAL_AWAITED &&
           release_row_has_open_changes(before) && !are_open(found->changes);
}

/* Of what is public already only what is moved out of the drafts is asked for. */
static bool is_ready(const struct release_row *before, const struct release_row *row)
{
    bool is_draft = before && before->public_at != INSTANT_NONE &&
                    row->place == RELEASE_PLACE_DRAFTS;
    return row->status == RELEASE_READY && !is_draft;
}

/* The text is another, or goes further than somebody said yes to: it is asked for. What waited is
 * not due before it may go. */
static bool prepare_news(const struct source_bundle_target *place, const struct release_row *before,
                         const struct source_bundle *bundle, struct release_row *row,
                         struct approval_change *change, struct error *error)
{
    bool is_back = false;
    bool is_asked_for = place->needs_approval || are_open(change->changes);
    if (before && !is_public_text(place->database, before, &bundle->content_hash, &is_back, error))
        return false;
    change->asks = is_asked_for && is_ready(before, row) && !is_back;
    change->approval = change->asks ? RELEASE_APPROVAL_AWAITED : RELEASE_APPROVAL_NONE;
    if (change->asks && are_open(change->changes))
        change->changes = place->needs_approval ? RELEASE_CHANGES_ASKED : RELEASE_CHANGES_OPEN;
    bool has_waited = before && before->approval == RELEASE_APPROVAL_AWAITED &&
                      row->status == RELEASE_READY && !change->asks;
    row->free_at = has_waited ? place->now_at : INSTANT_NONE;
    return true;
}

/* The notice of a withdrawal says what stood in public/, and nothing that nobody was to see yet. */
static bool prepare_withdrawal(const struct source_bundle_target *place,
                               const struct release_row *before, const struct source_bundle *bundle,
                               struct release_row *row, struct approval_change *change,
                               struct error *error)
{
    if (!before || before->public_at == INSTANT_NONE || before->status == RELEASE_WITHDRAWN ||
        (!place->needs_approval && !are_open(change->changes) && !release_row_is_closed(before)))
        return true;
    struct release_row shown = *before;
    if (!release_row_show_open(place->database, &shown, error))
        return false;
    if (hash_equal(&shown.content_hash, &bundle->content_hash))
        return true;
    change->approval = RELEASE_APPROVAL_AWAITED;
    keep_shown(row, before);
    return true;
}

static bool prepare_text(const struct source_bundle_target *place, const struct release_row *before,
                         const struct source_bundle *bundle, const struct open_changes *found,
                         struct release_row *row, struct approval_change *change,
                         struct error *error)
{
    bool news = is_news(before, &bundle->content_hash, row) || is_marked_anew(before, found) ||
                is_settled(place, before, found);
    if (news && !prepare_news(place, before, bundle, row, change, error))
        return false;
    change->wants_revision = change->asks || is_marked_anew(before, found);
    change->is_let_go = before && before->stopped_at != INSTANT_NONE &&
                        row->place != RELEASE_PLACE_DRAFTS && (news || before->place != row->place);
    if (change->is_let_go)
        row->free_at = place->now_at;
    delay_until_free(row);
    if (before && before->public_at != INSTANT_NONE &&
        (change->approval == RELEASE_APPROVAL_AWAITED || row->place == RELEASE_PLACE_DRAFTS))
        keep_shown(row, before);
    return true;
}

bool approval_prepare(const struct source_bundle_target *place, const struct release_row *before,
                      const struct source_bundle *bundle, struct release_row *row,
                      struct approval_change *change, struct error *error)
{
    struct open_changes found;
    if (!open_changes_find(place, bundle, before, row, &found, error))
        return false;
    *change = (struct approval_change){ .approval = before ? before->approval
                                                           : RELEASE_APPROVAL_NONE,
                                        .changes = found.changes };
    return row->status == RELEASE_WITHDRAWN
               ? prepare_withdrawal(place, before, bundle, row, change, error)
               : prepare_text(place, before, bundle, &found, row, change, error);
}

/* Approvers are asked. */
static bool ask(struct database *database, const struct release_row *row, int64_t now_at,
                struct error *error)
{
    const struct release_notification event = { .kind = RELEASE_NOTIFICATION_APPROVAL,
                                                .release = row->row_id,
                                                .revision = row->revision,
                                                .path = row->path,
                                                .at = now_at };
    return release_set_approval(database, row->row_id, RELEASE_APPROVAL_AWAITED, error) &&
           release_notification_add(database, &event, error);
}

/* Whoever gets its receipts is asked by one of them (intake/notification.c). */
static bool await(const struct source_bundle_target *place, const struct release_row *row,
                  struct error *error)
{
    return place->needs_approval ? ask(place->database, row, place->now_at, error)
                                 : release_set_approval(place->database, row->row_id,
                                                        RELEASE_APPROVAL_AWAITED, error);
}

/* A version that comes while its original is stopped waits with it, also where the original is
 * public and its mail is what was stopped. */
static bool stop_with_original(const struct source_bundle_target *place,
                               const struct release_row *row, struct error *error)
{
    bool failed = false;
    if (row->original_row_id == row->row_id)
        return true;
    const struct release_row *original = release_find_by_row_id(
        place->database, place->arena, row->original_row_id, &failed, error);
    if (failed || !original || original->stopped_at == INSTANT_NONE)
        return !failed;
    return release_set_stopped(place->database, row->row_id, original->stopped_at, error);
}

/* Mailings and digests that were stopped go on, with what it says now. */
static bool mail_stopped(struct database *database, const struct release_row *row, int64_t now_at,
                         struct error *error)
{
    size_t count = 0;
    return row->row_id != row->original_row_id ||
           digest_resume_release(database, row->row_id, now_at, &count, error);
}

static bool let_stopped_go(const struct source_bundle_target *place, const struct release_row *row,
                           struct error *error)
{
    return release_set_stopped(place->database, row->row_id, INSTANT_NONE, error) &&
           mail_stopped(place->database, row, place->now_at, error);
}

bool approval_store(const struct source_bundle_target *place, const struct release_row *before,
                    const struct release_row *row, const struct approval_change *change,
                    struct error *error)
{
    struct database *database = place->database;
    enum release_changes known = before ? before->changes : RELEASE_CHANGES_NONE;
    if (change->changes != known &&
        !release_set_changes(database, row->row_id, change->changes, error))
        return false;
    if (change->asks)
        return await(place, row, error) &&
               (!change
                     ->is_let_go || /* its mails go on with the yes: until then they would be old */
                release_set_stopped(database, row->row_id, INSTANT_NONE, error)) &&
               (before || stop_with_original(place, row, error));
    if (!before)
        return stop_with_original(place, row, error);
    return (change->approval == before->approval ||
            release_set_approval(database, row->row_id, change->approval, error)) &&
           (!change->is_let_go || let_stopped_go(place, row, error));
}

/* ---- letting go ---- */

/* The row becomes what its newest revision says, as if its file had been read just now. */
static bool show_newest(struct database *database, struct arena *arena, struct release_row *row,
                        int64_t now_at, struct error *error)
{
    bool failed = false;
    struct intake_problem_list ignored;
    const struct release_row before = *row;
    const struct release_row *original = NULL;
    const struct release *release = release_load(database, arena, row->row_id, row->revision,
                                                 error);
    if (!release)
        return false;
    if (row->original_row_id != row->row_id)
        original = release_find_by_row_id(database, arena, row->original_row_id, &failed, error);
    if (failed)
        return false;
    intake_problem_list_init(&ignored, arena, row->path);
    const struct effective_input input = { .release = release,
                                           .row = &before,
                                           .original = original,
                                           .now_at = now_at,
                                           .place = { .place = row->place },
                                           .problems = &ignored };
    effective_fill(arena, &input, row);
    if (row->place == RELEASE_PLACE_DRAFTS)
        keep_shown(row, &before);
    row->stat_fingerprint = ""; /* its file is read again, for what its folder gives */
    return true;
}

struct row_ids {
    struct arena arena;
    int64_t *list;
    size_t count;
    size_t capacity;
};

static void row_ids_add(struct row_ids *row_ids, int64_t row_id)
{
    ARRAY_GROW_IN(&row_ids->arena, row_ids->list, row_ids->count, row_ids->capacity);
    row_ids->list[row_ids->count++] = row_id;
}

static bool row_ids_find(struct row_ids *row_ids, struct database *database,
                         const struct release_filter *filter, struct error *error)
{
    struct release_cursor cursor;
    const struct release_row *row;
    release_cursor_open(&cursor, database, filter);
    while (release_cursor_next(&cursor, &row, error))
        row_ids_add(row_ids, row->row_id);
    return release_cursor_close(&cursor);
}

/* Its file is read again and takes what it inherits now; it goes nowhere ahead of its original. */
static bool follow_original(struct database *database, struct arena *arena, int64_t row_id,
                            const struct release_row *original, int64_t now_at, struct error *error)
{
    bool failed = false;
    bool changed = false;
    struct release_row *version = release_find_by_row_id(database, arena, row_id, &failed, error);
    if (failed || !version || version->status == RELEASE_WITHDRAWN)
        return !failed;
    version->stat_fingerprint = "";
    if (version->public_at != INSTANT_NONE)
        version->public_revision = 0;
    return withdrawal_apply_to_translation(database, version, original, now_at, &changed, error) &&
           (changed || release_update(database, version, error));
}

static bool follow_all(struct database *database, const struct release_row *original,
                       int64_t now_at, struct error *error)
{
    struct row_ids versions = { .list = NULL };
    const struct release_filter filter = { .original_row_id = original->row_id };
    bool done = original->original_row_id != original->row_id ||
                row_ids_find(&versions, database, &filter, error);
    for (size_t i = 0; done && i < versions.count; i++)
        done = versions.list[i] == original->row_id ||
               follow_original(database, &versions.arena, versions.list[i], original, now_at,
                               error);
    arena_release(&versions.arena);
    return done;
}

static bool let_go(struct database *database, struct arena *arena, struct release_row *row,
                   enum release_approval approval, int64_t now_at, struct error *error)
{
    bool is_public = row->public_at != INSTANT_NONE;
    if (is_public && !show_newest(database, arena, row, now_at, error))
        return false;
    if (release_row_has_open_changes(row)) {
        row->stat_fingerprint = ""; /* its file is read again, for its note */
        if (!release_set_changes(database, row->row_id, RELEASE_CHANGES_ACCEPTED, error))
            return false;
    }
    if (!is_public) {
        row->free_at = now_at;
        delay_until_free(row);
    }
    return release_update(database, row, error) &&
           release_set_approval(database, row->row_id, approval, error) &&
           (row->stopped_at != INSTANT_NONE || mail_stopped(database, row, now_at, error)) &&
           follow_all(database, row, now_at, error);
}

bool intake_approve(struct database *database, int64_t row_id, int64_t revision, int64_t now_at,
                    bool *approved, struct error *error)
{
    struct arena arena = { 0 };
    bool failed = false;
    struct release_row *row = release_find_by_row_id(database, &arena, row_id, &failed, error);
    *approved = row && row->approval == RELEASE_APPROVAL_AWAITED && row->revision == revision &&
                row->status == RELEASE_READY;
    bool done = !failed && (!*approved ||
                            let_go(database, &arena, row, RELEASE_APPROVAL_GIVEN, now_at, error));
    arena_release(&arena);
    return done;
}

bool intake_accept_changes(struct database *database, int64_t row_id, int64_t revision,
                           int64_t now_at, bool *accepted, struct error *error)
{
    struct arena arena = { 0 };
    bool failed = false;
    struct release_row *row = release_find_by_row_id(database, &arena, row_id, &failed, error);
    *accepted = row && row->approval == RELEASE_APPROVAL_AWAITED &&
                row->changes == RELEASE_CHANGES_OPEN && row->revision == revision &&
                row->status == RELEASE_READY;
    bool done = !failed &&
                (!*accepted || let_go(database, &arena, row, RELEASE_APPROVAL_NONE, now_at, error));
    arena_release(&arena);
    return done;
}

/* ---- the setting ---- */

static bool is_waiting(const struct release_row *row)
{
    return row->approval == RELEASE_APPROVAL_AWAITED && row->status != RELEASE_WITHDRAWN;
}

/* Whether the setting as it is now means something else for it than when it was read. */
static bool is_affected(const struct release_row *row, bool needs_approval)
{
    if (needs_approval)
        return row->approval == RELEASE_APPROVAL_NONE ||
               (is_waiting(row) && row->changes == RELEASE_CHANGES_OPEN);
    return is_waiting(row) && row->changes != RELEASE_CHANGES_OPEN;
}

/* Its changes are not let go with the setting: who gets its receipts is asked instead. */
static bool ask_others(struct database *database, struct release_row *row, bool notifies,
                       int64_t now_at, struct error *error)
{
    const struct release_notification event = { .kind = RELEASE_NOTIFICATION_HELD,
                                                .release = row->row_id,
                                                .revision = row->revision,
                                                .path = row->path,
                                                .cause = INTAKE_CAUSE_CHANGES_AGAIN,
                                                .at = now_at };
    row->stat_fingerprint = ""; /* its note says who is asked */
    return release_set_changes(database, row->row_id, RELEASE_CHANGES_OPEN, error) &&
           release_update(database, row, error) &&
           (!notifies || release_notification_add(database, &event, error));
}

static bool ask_approvers(struct database *database, struct release_row *row, int64_t now_at,
                          struct error *error)
{
    if (row->changes == RELEASE_CHANGES_OPEN) {
        row->stat_fingerprint = "";
        if (!release_set_changes(database, row->row_id, RELEASE_CHANGES_ASKED, error) ||
            !release_update(database, row, error))
            return false;
    }
    return ask(database, row, now_at, error);
}

static bool follow_one(struct database *database, int64_t row_id,
                       const struct intake_settings *settings, int64_t now_at, struct error *error)
{
    struct arena arena = { 0 };
    bool failed = false;
    bool done = true;
    struct release_row *row = release_find_by_row_id(database, &arena, row_id, &failed, error);
    if (!row || !is_affected(row, settings->needs_approval))
        done = !failed;
    else if (settings->needs_approval)
        done = ask_approvers(database, row, now_at, error);
    else if (row->changes == RELEASE_CHANGES_ASKED)
        done = ask_others(database, row, settings->notifies, now_at, error);
    else
        done = let_go(database, &arena, row, RELEASE_APPROVAL_NONE, now_at, error);
    arena_release(&arena);
    return done;
}

/* Those of a filter that the setting affects. */
static bool follow_all_of(struct database *database, const struct release_filter *filter,
                          const struct intake_settings *settings, int64_t now_at,
                          struct error *error)
{
    struct row_ids row_ids = { .list = NULL };
    struct release_cursor cursor;
    const struct release_row *row;
    release_cursor_open(&cursor, database, filter);
    while (release_cursor_next(&cursor, &row, error))
        if (is_affected(row, settings->needs_approval))
            row_ids_add(&row_ids, row->row_id);
    bool done = release_cursor_close(&cursor);
    for (size_t i = 0; done && i < row_ids.count; i++) {
        struct transaction transaction = transaction_of(database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction,
                            follow_one(database, row_ids.list[i], settings, now_at, error), error);
        done = transaction.is_done;
    }
    arena_release(&row_ids.arena);
    return done;
}

bool approval_follow_setting(struct database *database, const struct intake_settings *settings,
                             int64_t now_at, struct error *error)
{
    static const struct release_filter unasked = { .only_unasked = true };
    static const struct release_filter awaited = { .only_awaited = true };
    return (!settings->needs_approval ||
            follow_all_of(database, &unasked, settings, now_at, error)) &&
           follow_all_of(database, &awaited, settings, now_at, error);
}

/* ---- stopping ---- */

/* Whether anything of it is still to be seen or mailed. */
static bool is_underway(const struct release_row *row)
{
    if (row->status == RELEASE_WITHDRAWN)
        return row->withdrawn_at != INSTANT_NONE && row->announced_at != INSTANT_NONE &&
               row->withdrawal_announced_at == INSTANT_NONE;
    return row->public_at == INSTANT_NONE || row->announced_at == INSTANT_NONE ||
           row->public_revision != row->revision || row->public_revision != row->announced_revision;
}

static bool stop_one(struct database *database, struct arena *arena, int64_t row_id, int64_t now_at,
                     size_t *count, struct error *error)
{
    bool failed = false;
    const struct release_row *row = release_find_by_row_id(database, arena, row_id, &failed, error);
    if (failed || !row || row->stopped_at != INSTANT_NONE || !is_underway(row))
        return !failed;
    ++*count;
    return release_set_stopped(database, row_id, now_at, error);
}

static bool resume_one(struct database *database, struct arena *arena, int64_t row_id,
                       int64_t now_at, size_t *count, struct error *error)
{
    bool failed = false;
    struct release_row *row = release_find_by_row_id(database, arena, row_id, &failed, error);
    if (failed || !row || row->stopped_at == INSTANT_NONE)
        return !failed;
    ++*count;
    if (row->public_at == INSTANT_NONE) {
        row->free_at = now_at;
        delay_until_free(row);
    }
    return release_update(database, row, error) &&
           release_set_stopped(database, row_id, INSTANT_NONE, error);
}

typedef bool family_change(struct database *database, struct arena *arena, int64_t row_id,
                           int64_t now_at, size_t *count, struct error *error);

static bool change_family(struct database *database, int64_t original_row_id, family_change *change,
                          int64_t now_at, size_t *count, struct error *error)
{
    struct row_ids family = { .list = NULL };
    const struct release_filter filter = { .original_row_id = original_row_id };
    *count = 0;
    bool done = row_ids_find(&family, database, &filter, error);
    for (size_t i = 0; done && i < family.count; i++)
        done = change(database, &family.arena, family.list[i], now_at, count, error);
    arena_release(&family.arena);
    return done;
}

bool intake_stop(struct database *database, int64_t original_row_id, int64_t now_at, size_t *count,
                 struct error *error)
{
    return change_family(database, original_row_id, stop_one, now_at, count, error);
}

bool intake_resume(struct database *database, int64_t original_row_id, int64_t now_at,
                   size_t *count, struct error *error)
{
    return change_family(database, original_row_id, resume_one, now_at, count, error);
}
