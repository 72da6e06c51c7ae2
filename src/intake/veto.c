/* SPDX-License-Identifier: MIT */
#include "intake/veto.h"

#include "base/clock.h"
#include "intake/drop_directory.h"
#include "intake/unit.h"
#include "release/release.h"
#include "release/release_store.h"

#include <stddef.h>
#include <string.h>

static void refuse(struct intake_unit *unit, enum intake_message_id id, const char *a)
{
    intake_problem_add(&unit->problems, INTAKE_REFUSED, 0, id, a, NULL);
}

/* The field with which an edit asks that something public wait; NULL where it does not. */
static const char *waiting_field(const struct unit_context *context, const struct release *release,
                                 const struct release_row *row)
{
    if (release->has_status && release->status == RELEASE_DRAFT)
        return "status: draft";
    if (release->embargo_at > row->public_at && release->embargo_at != row->embargo_at)
        return "embargo";
    if (release->published_at > row->public_at && release->published_at != row->published_at &&
        release->published_at > context->now_at)
        return "published";
    return NULL;
}

/* Only the field is new: it is ignored with a warning (effective.c). */
static bool has_news(const struct intake_unit *unit, const struct release_row *row)
{
    const char *correction = unit->release->correction ? unit->release->correction : "";
    return !hash_equal(&unit->content_hash, &row->content_hash) ||
           strcmp(correction, row->correction ? row->correction : "") != 0;
}

static void check_public(const struct unit_context *context, struct intake_unit *unit,
                         const struct release_row *row)
{
    const struct release *release = unit->release;
    const char *field = waiting_field(context, release, row);
    if (field && has_news(unit, row))
        refuse(unit, INTAKE_MESSAGE_PUBLIC_WAITS, field);
}

/* The text itself may say instead what it waits for, or that it is ready. */
static void check_sidecar(struct intake_unit *unit, const struct release_row *row)
{
    const struct release *release = unit->release;
    if (row->has_sidecar && !unit->entry->sidecar && !release->has_status && !release->embargo_at)
        refuse(unit, INTAKE_MESSAGE_SIDECAR_GONE, NULL);
}

void veto_check(const struct unit_context *context, struct intake_unit *unit,
                const struct release_row *row)
{
    if (row->status == RELEASE_WITHDRAWN || unit->release->status == RELEASE_WITHDRAWN)
        return;
    if (row->public_at != INSTANT_NONE)
        check_public(context, unit, row);
    else
        check_sidecar(unit, row);
}
