/* SPDX-License-Identifier: MIT */
#include "intake/refused_place.h"

#include "base/arena.h"
#include "base/clock.h"
#include "database/database.h"
#include "intake/drop_container.h"
#include "intake/intake.h"
#include "intake/notification.h"
#include "intake/run.h"
#include "intake/source_bundle.h"
#include "intake/taking_back.h"
#include "intake/withdrawal.h"
#include "release/release_note.h"
#include "release/release_store.h"

#include <string.h>

static const char *name_of(const struct intake_stage *stage, const char *path)
{
    return path + drop_container_length(stage->settings, path, NULL);
}

/* The only one that vanished elsewhere under that name in this run. */
static struct release_row *find_vanished(const struct intake_stage *stage, struct arena *arena,
                                         const char *path, bool *failed, struct error *error)
{
    int64_t row_id = 0;
    for (size_t i = 0; i < stage->vanished_count; i++) {
        const struct vanished *vanished = &stage->vanished[i];
        if (vanished->is_closed ||
            strcmp(name_of(stage, vanished->path), name_of(stage, path)) != 0)
            continue;
        if (row_id)
            return NULL;
        row_id = vanished->row_id;
    }
    struct release_row *row = row_id ? release_find_by_row_id(stage->database, arena, row_id,
                                                              failed, error)
                                     : NULL;
    return row && row->is_missing ? row : NULL;
}

/* The release that the file is of: as far as it says so, else the one that stood at its path or
 * lay under its name elsewhere until now. */
static struct release_row *find_release(const struct intake_stage *stage,
                                        const struct source_bundle *bundle, struct arena *arena,
                                        bool *failed, struct error *error)
{
    const char *path = bundle->entry->path;
    const char *public_id = bundle->release ? bundle->release->public_id : NULL;
    struct release_row *row = release_find_by_path(stage->database, arena, path, failed, error);
    if (row || *failed)
        return row;
    if (public_id)
        row = release_find_by_public_id(stage->database, arena, public_id, failed, error);
    if (*failed || (row && row->is_missing))
        return row;
    return find_vanished(stage, arena, path, failed, error);
}

static bool withdraw(const struct intake_stage *stage, struct release_row *row, struct arena *arena,
                     struct error *error)
{
    int64_t now_at = clock_now(stage->clock);
    const struct notification_target target = { .database = stage->database,
                                                .arena = arena,
                                                .now_at = now_at };
    if (!withdrawal_keep_unseen(stage->database, row, error))
        return false;
    withdrawal_fill(row, withdrawal_default_reason(stage->settings, row->language, arena), now_at);
    row->place = RELEASE_PLACE_WITHDRAWN;
    return taking_back_withdrawn(stage->database, row, now_at, error) &&
           release_update(stage->database, row, error) &&
           release_note_mark(stage->database, row->row_id, error) &&
           (!stage->settings->notifies || notification_of_withdrawn(&target, row, error));
}

static bool take_back(const struct intake_stage *stage, struct release_row *row,
                      struct error *error)
{
    struct taking_back taken;
    row->place = RELEASE_PLACE_DRAFTS;
    return taking_back_mailings(stage->database, row, clock_now(stage->clock), &taken, error) &&
           release_update(stage->database, row, error);
}

bool refused_place_apply(struct intake_stage *stage, const struct source_bundle *bundle,
                         struct arena *arena, int64_t *withdrawn, struct error *error)
{
    bool failed = false;
    struct drop_place place;
    *withdrawn = 0;
    (void)drop_container_length(stage->settings, bundle->entry->path, &place);
    if (place.place != RELEASE_PLACE_DRAFTS && place.place != RELEASE_PLACE_WITHDRAWN)
        return true;
    struct release_row *row = find_release(stage, bundle, arena, &failed, error);
    /* What is not public yet waits as it is: its file is refused, or gone. */
    if (!row || failed || row->public_at == INSTANT_NONE || row->status != RELEASE_READY)
        return !failed;
    if (place.place == RELEASE_PLACE_DRAFTS)
        return row->place == RELEASE_PLACE_DRAFTS || take_back(stage, row, error);
    *withdrawn = row->row_id;
    return withdraw(stage, row, arena, error);
}
