/* SPDX-License-Identifier: MIT */
#include "release/release_row.h"

#include "base/arena.h"
#include "base/clock.h"
#include "database/database.h"
#include "release/release_store.h"

#include <string.h>

void release_row_read_hash(struct statement *statement, int column, struct hash *hash)
{
    size_t length = 0;
    const void *bytes = statement_bytes(statement, column, &length);
    if (bytes && length == sizeof hash->bytes)
        memcpy(hash->bytes, bytes, length);
}

struct release_row *release_row_read(struct arena *arena, struct statement *statement)
{
    struct release_row *row = arena_allocate(arena, sizeof *row);
    int column = 0;
    row->row_id = statement_integer(statement, column++);
    row->public_id = statement_copy_text(statement, column++, arena);
    row->original_row_id = statement_integer(statement, column++);
    if (!row->original_row_id)
        row->original_row_id = row->row_id;
    row->path = statement_copy_text(statement, column++, arena);
    row->stat_fingerprint = statement_copy_text(statement, column++, arena);
    row->is_missing = statement_integer(statement, column++) != 0;
    release_row_read_hash(statement, column++, &row->content_hash);
    row->title = statement_copy_text(statement, column++, arena);
    row->language = statement_copy_text(statement, column++, arena);
    row->type = statement_copy_text(statement, column++, arena);
    row->topics = statement_copy_text(statement, column++, arena);
    row->status = (enum release_status)statement_integer(statement, column++);
    row->published_at = statement_integer(statement, column++);
    row->embargo_at = statement_integer(statement, column++);
    row->due_at = statement_integer(statement, column++);
    row->ready_at = statement_integer(statement, column++);
    row->is_urgent = statement_integer(statement, column++) != 0;
    row->mail = statement_integer(statement, column++) != 0;
    row->revision = statement_integer(statement, column++);
    row->correction = statement_copy_text(statement, column++, arena);
    row->public_at = statement_integer(statement, column++);
    row->public_revision = statement_integer(statement, column++);
    row->updated_at = statement_integer(statement, column++);
    row->withdrawn_at = statement_integer(statement, column++);
    row->withdrawal_reason = statement_copy_text(statement, column++, arena);
    row->slug = statement_copy_text(statement, column++, arena);
    row->year = (int)statement_integer(statement, column++);
    row->announced_at = statement_integer(statement, column++);
    row->announce_note = statement_copy_text(statement, column++, arena);
    row->announced_revision = statement_integer(statement, column++);
    row->withdrawal_announced_at = statement_integer(statement, column++);
    row->held_at = statement_integer(statement, column++);
    row->has_sidecar = statement_integer(statement, column++) != 0;
    row->topic_labels = statement_copy_text(statement, column++, arena);
    row->place = (enum release_place)statement_integer(statement, column++);
    row->approval = (enum release_approval)statement_integer(statement, column++);
    row->stopped_at = statement_integer(statement, column++);
    row->free_at = statement_integer(statement, column++);
    row->text_revision = statement_integer(statement, column++);
    row->changes = (enum release_changes)statement_integer(statement, column++);
    row->withdrawal_asked_at = statement_integer(statement, column);
    return row;
}

bool release_row_awaits_withdrawal(const struct release_row *row)
{
    return row->withdrawal_asked_at != INSTANT_NONE && row->status != RELEASE_WITHDRAWN;
}

bool release_row_waits(const struct release_row *row, const struct release_row *original,
                       int64_t now_at)
{
    if (row->held_at != INSTANT_NONE || release_row_is_closed(row))
        return true;
    if (!original)
        return false;
    return original->status == RELEASE_WITHDRAWN ||
           (original->public_at == INSTANT_NONE &&
            (original->status == RELEASE_DRAFT || original->held_at != INSTANT_NONE ||
             release_row_is_closed(original) || original->due_at == INSTANT_NONE ||
             original->due_at > now_at));
}

bool release_row_is_closed(const struct release_row *row)
{
    return row->approval == RELEASE_APPROVAL_AWAITED || row->stopped_at != INSTANT_NONE ||
           row->place == RELEASE_PLACE_DRAFTS;
}

bool release_row_has_open_changes(const struct release_row *row)
{
    return row->changes == RELEASE_CHANGES_OPEN || row->changes == RELEASE_CHANGES_ASKED;
}

int64_t release_row_open_revision(const struct release_row *row)
{
    bool is_public = row->public_at != INSTANT_NONE;
    return is_public && release_row_is_closed(row) ? row->text_revision : row->revision;
}

const char *release_row_page_path(struct arena *arena, const struct release_row *row)
{
    if (row->public_at == INSTANT_NONE || !row->slug)
        return NULL;
    return arena_format(arena, "releases/%04d/%s/", row->year, row->slug);
}
