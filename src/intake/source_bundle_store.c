/* SPDX-License-Identifier: MIT */
#include "intake/source_bundle_store.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "intake/approval_row.h"
#include "intake/drop_directory.h"
#include "intake/effective.h"
#include "intake/hold.h"
#include "intake/identity.h"
#include "intake/open_changes.h"
#include "intake/refusal.h"
#include "intake/similarity.h"
#include "intake/source_bundle.h"
#include "intake/taking_back.h"
#include "intake/withdrawal.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <string.h>

enum { ID_LENGTH = 10 };

static const char *new_public_id(const struct source_bundle_target *place, bool *failed,
                                 struct error *error)
{
    for (;;) {
        const char *public_id = random_name(place->random, place->arena, ID_LENGTH);
        if (!release_find_by_public_id(place->database, place->arena, public_id, failed, error))
            return public_id;
    }
}

/* Takes the path from the release that had it: the file is another release's now. */
static bool displace(const struct source_bundle_target *place, struct release_row *row,
                     struct error *error)
{
    row->path = NULL;
    row->is_missing = true;
    if (!hold_applies(row))
        return release_update(place->database, row, error);
    similarity_index_note_held(place->similarity);
    return hold_row(place->database, row, place->now_at, error);
}

static bool insert(const struct source_bundle_target *place, struct source_bundle *bundle,
                   const struct identity *identity, struct release_row *row, struct error *error)
{
    bool failed = false;
    row->public_id = bundle->release->public_id ? bundle->release->public_id
                                                : new_public_id(place, &failed, error);
    row->original_row_id = identity->original ? identity->original->row_id : 0;
    row->content_hash = bundle->content_hash;
    return !failed && release_insert(place->database, row, bundle->release, place->now_at, error) &&
           similarity_index_put(place->similarity, row->row_id, row->title,
                                source_bundle_sketch(bundle), true, error);
}

/* Whether its page shows something else although there is no new revision, as when a version
 * inherits another type or topic. */
static bool is_shown_differently(const struct release_row *a, const struct release_row *b)
{
    const char *labels = a->topic_labels ? a->topic_labels : "";
    return strcmp(a->type, b->type) != 0 || strcmp(a->topics, b->topics) != 0 ||
           strcmp(labels, b->topic_labels ? b->topic_labels : "") != 0;
}

/* Whether anything has changed that a run or a page depends on. */
static bool is_changed(const struct release_row *a, const struct release_row *b)
{
    return a->status != b->status || a->published_at != b->published_at ||
           a->embargo_at != b->embargo_at || a->due_at != b->due_at || a->ready_at != b->ready_at ||
           a->is_urgent != b->is_urgent || a->place != b->place || a->mail != b->mail ||
           a->is_missing != b->is_missing || is_shown_differently(a, b) || !a->path ||
           strcmp(a->path, b->path) != 0;
}

static bool is_same_event(const struct release_event *a, const struct release_event *b)
{
    if (!a || !b)
        return a == b;
    return a->start_at == b->start_at && a->end_at == b->end_at && a->is_all_day == b->is_all_day &&
           strcmp(a->place ? a->place : "", b->place ? b->place : "") == 0;
}

/* Whether an original's new revision shows on the pages of its versions: they inherit its event.
 * Types and topics are columns of their own. */
static bool find_event_change(const struct source_bundle_target *place,
                              const struct release_row *before, const struct release *release,
                              struct source_bundle_stored *stored, struct error *error)
{
    const struct release *old = release_load(place->database, place->arena, before->row_id,
                                             before->revision, error);
    if (!old && error->kind != ERROR_INPUT)
        return false;
    stored->is_shown_differently = !old || !is_same_event(old->event, release->event);
    return true;
}

static bool add_revision(const struct source_bundle_target *place, struct source_bundle *bundle,
                         const struct identity *identity, struct release_row *row,
                         struct source_bundle_stored *stored, struct error *error)
{
    const struct release_row *before = identity->row;
    stored->outcome = SOURCE_BUNDLE_CHANGED;
    /* The text is what public/ has already: its page is made again, without an update time. */
    if (hash_equal(&before->content_hash, &bundle->content_hash))
        row->public_revision = 0;
    row->content_hash = bundle->content_hash;
    if (!identity->original && !find_event_change(place, before, bundle->release, stored, error))
        return false;
    return release_add_revision(place->database, row, bundle->release, place->now_at, error) &&
           similarity_index_put(place->similarity, row->row_id, bundle->release->title,
                                source_bundle_sketch(bundle), false, error);
}

static bool update(const struct source_bundle_target *place, struct source_bundle *bundle,
                   const struct identity *identity, struct release_row *row,
                   struct source_bundle_stored *stored, struct error *error)
{
    const struct release_row *before = identity->row;
    bool was_recovered = false;
    bool is_same = hash_equal(&before->content_hash, &bundle->content_hash);
    if (!before->path && !recovery_remove(place->database, before->row_id, &was_recovered, error))
        return false;
    if (row->status == RELEASE_WITHDRAWN &&
        before->status == RELEASE_WITHDRAWN) { /* of a withdrawn release only the position of its
                                                  file is stored */
        struct release_row kept = *before;
        kept.path = row->path;
        kept.stat_fingerprint = row->stat_fingerprint;
        kept.is_missing = false;
        kept.place = row->place;
        stored->outcome = is_changed(before, &kept) ? SOURCE_BUNDLE_CHANGED
                                                    : SOURCE_BUNDLE_UNCHANGED;
        return release_update(place->database, &kept, error);
    }
    if (is_same && before->public_at && is_shown_differently(before, row))
        row->public_revision = 0;
    if (!is_same || was_recovered || stored->wants_revision)
        return add_revision(place, bundle, identity, row, stored, error);
    stored->outcome = is_changed(before, row) ? SOURCE_BUNDLE_CHANGED : SOURCE_BUNDLE_UNCHANGED;
    return release_update(place->database, row, error);
}

/* Reports where an edit has no visible effect, because the press officer waits for one. */
static bool note_source(const struct source_bundle_target *place, struct source_bundle *bundle,
                        int64_t row_id, const struct source_bundle_stored *stored,
                        struct error *error)
{
    struct hash hash;
    bool is_known = false;
    if (stored->outcome != SOURCE_BUNDLE_ADDED &&
        !source_find(place->database, row_id, &hash, &is_known, error))
        return false;
    if (is_known && hash_equal(&hash, &bundle->source_hash))
        return true;
    if (is_known && stored->outcome == SOURCE_BUNDLE_UNCHANGED && !bundle->problems.warnings)
        intake_problem_add(&bundle->problems, INTAKE_ADVICE, 0, INTAKE_MESSAGE_NOTHING_CHANGED,
                           NULL, NULL);
    return source_put(place->database, row_id, &bundle->source_hash, error);
}

static void keep_row(const struct source_bundle_target *place, const struct release_row *row,
                     struct source_bundle_stored *stored)
{
    struct release_row *kept = arena_allocate(place->arena, sizeof *kept);
    *kept = *row;
    stored->row = kept;
}

/* The row as it is wanted, with what it means for approval and stop. */
static bool write_row(const struct source_bundle_target *place, struct source_bundle *bundle,
                      const struct identity *identity, struct release_row *row,
                      struct source_bundle_stored *stored, struct error *error)
{
    struct approval_change approval;
    const struct release_row *before = identity->row;
    if (!approval_prepare(place, before, bundle, row, &approval, error))
        return false;
    stored->wants_revision = approval.wants_revision;
    stored->asks_for_changes = approval.asks && approval.changes == RELEASE_CHANGES_OPEN;
    bool done = before ? update(place, bundle, identity, row, stored, error)
                       : insert(place, bundle, identity, row, error);
    row->approval = approval.approval;
    row->changes = approval.changes;
    keep_row(place, row, stored);
    open_changes_tell(place, bundle, row);
    return done && approval_store(place, before, row, &approval, error);
}

/* What the newest revision says was corrected, seen or not. */
static bool find_correction(const struct source_bundle_target *place,
                            const struct release_row *before, const char **correction,
                            struct error *error)
{
    *correction = before ? before->correction : NULL;
    if (!before || before->revision == before->text_revision)
        return true;
    const struct release *release = release_load(place->database, place->arena, before->row_id,
                                                 before->revision, error);
    if (release)
        *correction = release->correction;
    return release || error->kind == ERROR_INPUT;
}

/* What the file says of it; the correction that it carried before it was withdrawn is no reason.
 * Who only moves the file has written none. */
static const char *withdrawal_reason(const struct source_bundle_target *place,
                                     const struct source_bundle *bundle, const char *before,
                                     const struct release_row *row)
{
    const char *reason = bundle->release->correction;
    if (row->place != RELEASE_PLACE_WITHDRAWN)
        return reason;
    bool is_old = reason && before && strcmp(before, reason) == 0;
    return reason && !is_old
               ? reason
               : withdrawal_default_reason(place->settings, row->language, place->arena);
}

/* Mails are cancelled first, so that nobody is mailed what is being withdrawn. What is withdrawn by
 * its place may come back, so that its mailings are only taken back, and digests told nothing yet.
 */
static bool withdraw(const struct source_bundle_target *place, const struct source_bundle *bundle,
                     const struct release_row *before, struct release_row *row, struct error *error)
{
    int64_t cancelled = 0;
    const char *correction;
    if (!find_correction(place, before, &correction, error))
        return false;
    withdrawal_fill(row, withdrawal_reason(place, bundle, correction, row), place->now_at);
    if (!before)
        return true;
    return row->place == RELEASE_PLACE_WITHDRAWN
               ? taking_back_withdrawn(place->database, row, place->now_at, error)
               : withdrawal_cancel(place->database, row, place->now_at, &cancelled, error);
}

/* Of what is public its place among the drafts can only say that nobody more is mailed. */
static bool take_back(const struct source_bundle_target *place, struct source_bundle *bundle,
                      const struct release_row *before, struct release_row *row,
                      struct error *error)
{
    struct taking_back taken;
    if (!row->public_at || row->status != RELEASE_READY)
        return true;
    bool was_taken_back = before->place == RELEASE_PLACE_DRAFTS ||
                          before->status == RELEASE_WITHDRAWN;
    if (row->place != RELEASE_PLACE_DRAFTS)
        return !was_taken_back || taking_back_end(place->database, row, error);
    if (!taking_back_mailings(place->database, row, place->now_at, &taken, error))
        return false;
    if (taken.sent + taken.cancelled > 0)
        intake_problem_add(&bundle->problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_MAILING_TAKEN_BACK,
                           arena_format(place->arena, "%" PRId64, taken.sent),
                           arena_format(place->arena, "%" PRId64, taken.cancelled));
    return true;
}

static struct release_row row_of(const struct source_bundle_target *place,
                                 struct source_bundle *bundle, const struct identity *identity)
{
    struct release_row row = { 0 };
    const struct effective_input input = { .release = bundle->release,
                                           .row = identity->row,
                                           .original = identity->original,
                                           .now_at = place->now_at,
                                           .place = bundle->place,
                                           .problems = &bundle->problems };
    if (identity->row)
        row = *identity->row;
    effective_fill(place->arena, &input, &row);
    row.path = bundle->entry->path;
    row.stat_fingerprint = bundle->stat_fingerprint;
    row.is_missing = false;
    row.held_at = INSTANT_NONE;
    row.has_sidecar = bundle->entry->sidecar != NULL;
    return row;
}

bool source_bundle_store(const struct source_bundle_target *place, struct source_bundle *bundle,
                         const struct identity *identity, struct source_bundle_stored *stored,
                         struct error *error)
{
    const struct release_row *before = identity->row;
    struct release_row row = row_of(place, bundle, identity);
    *stored = (struct source_bundle_stored){ .outcome = SOURCE_BUNDLE_ADDED };
    if (identity->displaced && !displace(place, identity->displaced, error))
        return false;
    bool was_withdrawn = before && before->status == RELEASE_WITHDRAWN;
    bool is_withdrawn = row.status == RELEASE_WITHDRAWN;
    stored->is_withdrawn_now = is_withdrawn && !was_withdrawn;
    if (was_withdrawn && !is_withdrawn)
        withdrawal_undo(&row);
    if (stored->is_withdrawn_now && !withdraw(place, bundle, before, &row, error))
        return false;
    if (!take_back(place, bundle, before, &row, error) ||
        !write_row(place, bundle, identity, &row, stored, error) ||
        !note_source(place, bundle, row.row_id, stored, error))
        return false;
    if (before && stored->outcome == SOURCE_BUNDLE_CHANGED && !identity->original)
        stored->original_row_id = row.row_id;
    return true;
}
