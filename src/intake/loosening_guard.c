/* SPDX-License-Identifier: MIT */
#include "intake/loosening_guard.h"

#include "base/clock.h"
#include "intake/drop_directory.h"
#include "intake/source_bundle.h"
#include "locale/zone.h"
#include "release/release.h"
#include "release/release_store.h"

#include <stddef.h>
#include <string.h>

static void refuse(struct source_bundle *bundle, enum intake_message_id id, struct intake_value a)
{
    intake_problem_add_message(&bundle->problems, INTAKE_REFUSED, 0,
                               &(struct intake_message){ id, { a } });
}

/* Whether an edit asks by a field that a public release wait, and which field it is. */
static bool has_waiting_field(const struct source_bundle_context *context,
                              const struct release *release, const struct release_row *row,
                              struct intake_value *field)
{
    static const struct intake_message draft = { .id = INTAKE_MESSAGE_STATUS_DRAFT };
    if (release->has_status && release->status == RELEASE_DRAFT)
        *field = intake_value_message(&draft);
    else if (release->embargo_at > context->now_at && release->embargo_at != row->embargo_at)
        *field = intake_value_given("embargo");
    else if (release->published_at > context->now_at && release->published_at != row->published_at)
        *field = intake_value_word(WORD_GROUP_HEADER_KEY, "published");
    else
        return false;
    return true;
}

/* Whether the text itself is new. If only the field is, it is ignored with a warning
 * (effective.c). */
static bool has_news(const struct source_bundle *bundle, const struct release_row *row)
{
    const char *correction = bundle->release->correction ? bundle->release->correction : "";
    return !hash_equal(&bundle->content_hash, &row->content_hash) ||
           strcmp(correction, row->correction ? row->correction : "") != 0;
}

/* Whether the release waited because of a field or words of its own that its file no longer has.
 * */
static bool has_lost_wait(const struct release *release, const struct release_row *row,
                          const struct release_row *original)
{
    int64_t inherited_at = original ? original->embargo_at : INSTANT_NONE;
    bool inherits_draft = original && original->status == RELEASE_DRAFT;
    return (row->embargo_at > inherited_at && !release->embargo_at) ||
           (row->status == RELEASE_DRAFT && !release->has_status && !inherits_draft) ||
           (row->published_at > row->ready_at && !release->published_at) ||
           (!row->mail && release->mail);
}

/* Refuses a text whose sidecar is gone, unless its fields were moved into the text or the text
 * says itself what it waits for: nothing is lost then. */
static void check_sidecar(struct source_bundle *bundle, const struct release_row *row,
                          const struct release_row *original)
{
    const struct release *release = bundle->release;
    if (!row->has_sidecar || bundle->entry->sidecar)
        return;
    if (has_lost_wait(release, row, original) ||
        (has_news(bundle, row) && !release->has_status && !release->embargo_at))
        refuse(bundle, INTAKE_MESSAGE_SIDECAR_GONE, intake_value_given(NULL));
}

/* Refuses an edit of a waiting release that no longer has its embargo: a new export over the old
 * file, or a deleted line. Only an explicit "embargo: none" lifts it. A version's embargo is
 * lifted by its original. */
static void check_embargo(const struct source_bundle_context *context, struct source_bundle *bundle,
                          const struct release_row *row, const struct release_row *original)
{
    struct civil_time civil;
    const struct release *release = bundle->release;
    if (original || row->embargo_at <= context->now_at || release->embargo_at ||
        release->published_at >= row->embargo_at || bundle->embargo.is_none ||
        release->status != RELEASE_READY || bundle->problems.refused)
        return;
    zone_civil(context->zone, row->embargo_at, &civil);
    refuse(bundle, INTAKE_MESSAGE_EMBARGO_GONE, intake_value_written_time(&civil));
}

void loosening_guard_check(const struct source_bundle_context *context,
                           struct source_bundle *bundle, const struct release_row *row,
                           const struct release_row *original)
{
    if (row->status == RELEASE_WITHDRAWN || bundle->release->status == RELEASE_WITHDRAWN)
        return;
    if (row->public_at != INSTANT_NONE) {
        struct intake_value field;
        /* what it says is not shown there */
        if (bundle->place.place == RELEASE_PLACE_DRAFTS ||
            bundle->place.place == RELEASE_PLACE_WITHDRAWN)
            return;
        if (has_waiting_field(context, bundle->release, row, &field) && has_news(bundle, row))
            refuse(bundle, INTAKE_MESSAGE_PUBLIC_WAITS, field);
    } else {
        check_sidecar(bundle, row, original);
        check_embargo(context, bundle, row, original);
    }
}
