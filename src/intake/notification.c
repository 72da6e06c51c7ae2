/* SPDX-License-Identifier: MIT */
#include "intake/notification.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "intake/approval.h"
#include "intake/problem.h"
#include "intake/report_row.h"
#include "intake/source_bundle_store.h"
#include "release/release_notification.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <string.h>

/* ---- files that are stored ---- */

/* What is not public yet is another now: told with what waits to be told of it already. */
static bool notify_changed(const struct notification_target *target, const struct release_row *row,
                           const struct release_row *original, struct error *error)
{
    const struct release_notification event = {
        .kind = RELEASE_NOTIFICATION_CHANGED,
        .release = row->original_row_id,
        .revision = original ? original->revision : row->revision,
        .path = row->path,
        .cause = arena_format(target->arena, "%" PRId64, row->row_id),
        .at = target->now_at
    };
    bool is_told = false;
    return release_notification_renew(target->database, &event, &is_told, error) &&
           (is_told || release_notification_add(target->database, &event, error));
}

static bool notify(const struct notification_target *target, enum release_notification_kind kind,
                   const struct release_row *row, const char *cause, struct error *error)
{
    const struct release_notification event = { .kind = kind,
                                                .release = row->row_id,
                                                .revision = row->revision,
                                                .path = row->path,
                                                .cause = cause,
                                                .at = target->now_at };
    return release_notification_add(target->database, &event, error);
}

/* Why what is ready does not go now although it went, or would have gone at another time; NULL: it
 * does, or it was known. Of a new file its first notification tells when. */
static const char *held_because(const struct notification_target *target,
                                const struct release_row *before, const struct release_row *row)
{
    bool is_dateless = row->place == RELEASE_PLACE_SCHEDULED && row->due_at == INSTANT_NONE;
    bool was_dateless = before && before->place == RELEASE_PLACE_SCHEDULED &&
                        before->due_at == INSTANT_NONE;
    if (row->public_at != INSTANT_NONE || row->status == RELEASE_WITHDRAWN)
        return NULL;
    if (is_dateless)
        return was_dateless ? NULL : "no-date";
    bool is_later = row->status == RELEASE_READY && row->due_at > target->now_at;
    bool is_other = before && (before->status == RELEASE_DRAFT || before->due_at != row->due_at);
    return is_later && is_other ? "scheduled" : NULL;
}

/* Of what is not public yet. */
static bool notify_coming(const struct notification_target *target,
                          const struct release_row *before, const struct release_row *original,
                          const struct release_row *row, struct error *error)
{
    /* Of what was withdrawn before anybody saw it nobody was told either. */
    bool is_first = !before || before->status == RELEASE_WITHDRAWN;
    if (is_first && !original) {
        if (!notify(target, RELEASE_NOTIFICATION_DROPPED, row, NULL, error))
            return false;
    } else if ((!before || before->revision != row->revision) &&
               !(original && original->public_at != INSTANT_NONE) &&
               !notify_changed(target, row, original, error)) {
        return false;
    }
    const char *cause = original ? NULL : held_because(target, before, row);
    return !cause || notify(target, RELEASE_NOTIFICATION_HELD, row, cause, error);
}

static bool is_restored(const struct release_row *before, const struct release_row *row)
{
    return before && before->status == RELEASE_WITHDRAWN && row->status != RELEASE_WITHDRAWN &&
           row->public_at != INSTANT_NONE;
}

bool notification_of_stored(const struct notification_target *target,
                            const struct release_row *before, const struct release_row *original,
                            const struct source_bundle_stored *stored, struct error *error)
{
    const struct release_row *row = stored->row;
    if (stored->is_withdrawn_now)
        return !before || notification_of_withdrawn(target, row, error);
    bool done = true;
    if (!original && is_restored(before, row))
        done = notify(target, RELEASE_NOTIFICATION_RESTORED, row, NULL, error);
    else if (row->status != RELEASE_WITHDRAWN && row->public_at == INSTANT_NONE)
        done = notify_coming(target, before, original, row, error);
    return done && (!stored->asks_for_changes ||
                    notify(target, RELEASE_NOTIFICATION_HELD, row, INTAKE_CAUSE_CHANGES, error));
}

bool notification_of_withdrawn(const struct notification_target *target,
                               const struct release_row *row, struct error *error)
{
    return notify(target, RELEASE_NOTIFICATION_WITHDRAWN, row, NULL, error);
}

/* ---- files that are refused ---- */

enum refusal_kind { REFUSAL_EMBARGO, REFUSAL_OLD, REFUSAL_COPY, REFUSAL_OTHER };

static enum refusal_kind kind_of(enum intake_message_id id)
{
    switch (id) {
    case INTAKE_MESSAGE_EMBARGO_NO_DAY:
    case INTAKE_MESSAGE_EMBARGO_NO_TIME:
    case INTAKE_MESSAGE_EMBARGO_NO_YEAR:
    case INTAKE_MESSAGE_EMBARGO_WEEKDAY:
    case INTAKE_MESSAGE_EMBARGO_TWO_WAYS:
    case INTAKE_MESSAGE_EMBARGO_OTHER_ZONE:
    case INTAKE_MESSAGE_EMBARGO_IMPOSSIBLE:
    case INTAKE_MESSAGE_EMBARGO_TORN:
    case INTAKE_MESSAGE_EMBARGO_DISAGREES:
    case INTAKE_MESSAGE_EMBARGO_GONE:
        return REFUSAL_EMBARGO;
    case INTAKE_MESSAGE_EMBARGO_PAST:
    case INTAKE_MESSAGE_PUBLISHED_PAST:
        return REFUSAL_OLD;
    case INTAKE_MESSAGE_COPY:
    case INTAKE_MESSAGE_DUPLICATES:
    case INTAKE_MESSAGE_NEAR_DUPLICATES:
    case INTAKE_MESSAGE_NEAR_DUPLICATE:
        return REFUSAL_COPY;
    default:
        return REFUSAL_OTHER;
    }
}

/* Follows from the others, or only goes on with one. */
static bool is_told_by_others(const struct intake_problem *problem)
{
    return problem->severity != INTAKE_REFUSED || problem->message.id == INTAKE_MESSAGE_HELD ||
           problem->message.id == INTAKE_MESSAGE_KEYS_ARE;
}

/* What is wrong, without where: a line above it changes nothing. */
static const char *told_of(const struct notification_target *target,
                           const struct intake_problem_list *problems, enum refusal_kind *kind)
{
    struct hash_state state;
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    bool is_first = true;
    *kind = REFUSAL_OTHER;
    hash_init(&state);
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next) {
        if (is_told_by_others(problem))
            continue;
        enum refusal_kind one = kind_of(problem->message.id);
        *kind = is_first || one == *kind ? one : REFUSAL_OTHER;
        is_first = false;
        hash_update_string(&state, intake_message_code(&problem->message, target->arena));
    }
    hash_final(&state, &hash);
    hash_to_hex(&hash, hex);
    return arena_format(target->arena, "%.16s", hex);
}

bool notification_of_refused(const struct notification_target *target,
                             const struct intake_problem_list *problems,
                             const struct release_row *row, struct report_row *report,
                             struct error *error)
{
    static const char *const causes[] = { [REFUSAL_EMBARGO] = "embargo:",
                                          [REFUSAL_OLD] = "old:",
                                          [REFUSAL_COPY] = "copy:",
                                          [REFUSAL_OTHER] = "" };
    enum refusal_kind kind;
    const char *told = told_of(target, problems, &kind);
    if (strcmp(told, report->told) == 0)
        return true;
    report->told = told;
    const struct release_notification event = {
        .kind = kind == REFUSAL_OTHER ? RELEASE_NOTIFICATION_REFUSED : RELEASE_NOTIFICATION_HELD,
        .release = row ? row->original_row_id : 0,
        .revision = row ? row->revision : 0,
        .path = report->path,
        .cause = arena_format(target->arena, "%s%s", causes[kind], told),
        .words = report->said,
        .at = target->now_at
    };
    return release_notification_add(target->database, &event, error);
}
