/* SPDX-License-Identifier: MIT */
#include "intake/open_changes.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "intake/intake.h"
#include "intake/problem.h"
#include "intake/refusal.h"
#include "intake/source_bundle.h"
#include "intake/source_bundle_store.h"
#include "queue/transactional_mail.h"
#include "release/release.h"
#include "release/release_shown.h"

static bool is_same_file(const struct source_bundle_target *place,
                         const struct source_bundle *bundle, const struct release_row *before,
                         bool *is, struct error *error)
{
    struct hash hash;
    if (!source_find(place->database, before->row_id, &hash, is, error))
        return false;
    *is = *is && hash_equal(&hash, &bundle->source_hash);
    return true;
}

/* Whether a mail that shows the stored revision has left: who moved the file may have seen it. */
static bool was_shown(const struct source_bundle_target *place, const struct release_row *before,
                      bool *was, struct error *error)
{
    size_t count = 0;
    struct release_shown *shown = NULL;
    *was = false;
    if (!release_shown_of_revision(place->database, place->arena, before->row_id, before->revision,
                                   &shown, &count, error))
        return false;
    for (size_t i = 0; !*was && i < count; i++) {
        bool found = false;
        struct queue_transactional_mail mail;
        if (!queue_transactional_find(place->database, shown[i].mail, &mail, &found, error))
            return false;
        *was = found && mail.state == QUEUE_SENT;
    }
    return true;
}

static bool is_moved_out(const struct release_row *before, const struct release_row *row)
{
    return before->place == RELEASE_PLACE_DRAFTS && row->place != RELEASE_PLACE_DRAFTS &&
           row->status != RELEASE_WITHDRAWN;
}

bool open_changes_find(const struct source_bundle_target *place, const struct source_bundle *bundle,
                       const struct release_row *before, const struct release_row *row,
                       struct open_changes *found, struct error *error)
{
    bool is_same = false;
    bool is_accepted = false;
    const struct release *release = bundle->release;
    *found = (struct open_changes){ .changes = RELEASE_CHANGES_NONE };
    if (!release->has_open_changes)
        return true;
    if (release->are_changes_accepted) {
        found->changes = RELEASE_CHANGES_ACCEPTED;
        return true;
    }
    found->changes = RELEASE_CHANGES_OPEN;
    if (before && before->changes != RELEASE_CHANGES_NONE &&
        !is_same_file(place, bundle, before, &is_same, error))
        return false;
    found->is_another = !is_same;
    if (!is_same)
        return true;
    found->changes = before->changes;
    if (!release_row_has_open_changes(before) || !is_moved_out(before, row))
        return true;
    if (!was_shown(place, before, &is_accepted, error))
        return false;
    found->changes = is_accepted ? RELEASE_CHANGES_ACCEPTED : before->changes;
    return true;
}

/* ---- what is said ---- */

static void tell(struct source_bundle *bundle, enum intake_message_id id)
{
    intake_problem_add(&bundle->problems, INTAKE_NOTICE, 0, id, NULL, NULL);
}

static void tell_waiting(const struct source_bundle_target *place, struct source_bundle *bundle,
                         const struct release_row *row)
{
    if (row->changes == RELEASE_CHANGES_ASKED) {
        tell(bundle, INTAKE_MESSAGE_CHANGES_WAIT_APPROVER);
        return;
    }
    tell(bundle, row->public_at == INSTANT_NONE ? INTAKE_MESSAGE_CHANGES_WAIT
                                                : INTAKE_MESSAGE_CHANGES_WAIT_PUBLIC);
    if (place->settings->hears)
        tell(bundle, INTAKE_MESSAGE_CHANGES_YES);
}

/* Of a draft a mail with its preview comes, unless it is public and only lies there. */
static bool will_be_shown(const struct source_bundle_target *place, const struct release_row *row)
{
    return row->place == RELEASE_PLACE_DRAFTS && row->public_at == INSTANT_NONE &&
           place->settings->notifies;
}

void open_changes_tell(const struct source_bundle_target *place, struct source_bundle *bundle,
                       const struct release_row *row)
{
    if (row->status == RELEASE_WITHDRAWN)
        return;
    if (row->changes == RELEASE_CHANGES_ACCEPTED)
        tell(bundle, bundle->release->are_changes_accepted ? INTAKE_MESSAGE_CHANGES_ACCEPTED
                                                           : INTAKE_MESSAGE_CHANGES_ACCEPTED_SHOWN);
    else if (release_row_has_open_changes(row) && row->approval == RELEASE_APPROVAL_AWAITED)
        tell_waiting(place, bundle, row);
    else if (release_row_has_open_changes(row) &&
             (row->status == RELEASE_DRAFT || row->place == RELEASE_PLACE_DRAFTS))
        tell(bundle, will_be_shown(place, row) ? INTAKE_MESSAGE_CHANGES_DRAFT
                                               : INTAKE_MESSAGE_CHANGES_DRAFT_ALONE);
}
