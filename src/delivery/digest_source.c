/* SPDX-License-Identifier: MIT */
#include "delivery/source_cache.h"

#include "delivery/deliver.h"

#include "base/clock.h"
#include "base/error.h"
#include "digest/digest.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "mail/composition.h"
#include "mail/mail.h"
#include "publish/publish.h"
#include "release/newsroom.h"
#include "release/release_store.h"

#include <inttypes.h>

/* The releases of one content as they are now. */
struct digest_parts {
    struct digest_mail_entry *entries; /* without their presentations yet */
    const struct release_row **rows;   /* of each */
    size_t count;
    struct hash signature;
};

static enum release_mail_kind mail_kind(enum queue_kind kind)
{
    return kind == QUEUE_CORRECTION   ? RELEASE_MAIL_CORRECTION
           : kind == QUEUE_WITHDRAWAL ? RELEASE_MAIL_WITHDRAWAL
                                      : RELEASE_MAIL_RELEASE;
}

/* What stands in public/; while its page is about to be written anew, what stood there when it was
 * announced last: never what was not published. 0: nothing was. */
static int64_t shown_revision(const struct release_row *row)
{
    return row->public_revision ? row->public_revision : row->announced_revision;
}

/* Asked again when a message is made: what is withdrawn by now is left out, and what is not public
 * never leaves, whatever a row says (I1). */
static bool is_shown(const struct digest_part *part, const struct release_row *row)
{
    if (!row || !part->is_live || row->public_at == INSTANT_NONE || shown_revision(row) == 0)
        return false;
    return part->kind == QUEUE_WITHDRAWAL ||
           (row->status != RELEASE_WITHDRAWN && !release_row_awaits_withdrawal(row));
}

/* All that the message is made of: where it is as it was, the composition is used again. */
static void sign(struct hash_state *state, const struct digest_part *part,
                 const struct release_row *row)
{
    const int64_t numbers[] = { part->item, row->row_id, shown_revision(row), row->status };
    hash_update(state, numbers, sizeof numbers);
}

/* Only rows, without their texts, because this is asked for each batch that is claimed, and as a
 * rule nothing has changed. */
static bool parts_find(struct source_cache *cache, int64_t content, struct arena *arena,
                       struct digest_parts *found, struct error *error)
{
    size_t count = 0;
    struct hash_state state;
    struct digest_part *parts = NULL;
    *found = (struct digest_parts){ .count = 0 };
    if (!digest_parts_read(cache->database, content, arena, &parts, &count, error))
        return false;
    found->entries = arena_allocate_array(arena, count + 1, sizeof *found->entries);
    found->rows = arena_allocate_array(arena, count + 1, sizeof(void *));
    hash_init(&state);
    for (size_t i = 0; i < count; i++) {
        bool failed;
        const struct release_row *row = release_find_by_row_id(cache->database, arena,
                                                               parts[i].version, &failed, error);
        if (failed)
            return false;
        if (!is_shown(&parts[i], row))
            continue;
        sign(&state, &parts[i], row);
        found->rows[found->count] = row;
        found->entries[found->count++].kind = mail_kind(parts[i].kind);
    }
    hash_final(&state, &found->signature);
    return true;
}

static bool entries_load(struct source_cache *cache, struct arena *arena,
                         struct digest_parts *parts, struct error *error)
{
    for (size_t i = 0; i < parts->count; i++) {
        struct digest_mail_entry *entry = &parts->entries[i];
        const struct release_row *row = parts->rows[i];
        entry->presentation = publish_present(cache->database, arena, cache->settings->publish, row,
                                              shown_revision(row), error);
        if (!entry->presentation)
            return false;
        entry->next = i + 1 < parts->count ? &parts->entries[i + 1] : NULL;
    }
    return true;
}

static bool compose(struct source_cache *cache, struct source_entry *entry,
                    struct digest_parts *parts, struct error *error)
{
    struct arena *arena = &entry->arena;
    struct digest_issue issue;
    const struct mail_resources *resources = cache->settings->resources;
    /* Not queue_mailing_find(), which counts a mailing's rows: this is asked for each content. */
    if (!digest_issue_of_mailing(cache->database, entry->key.mailing, arena, &issue, error) ||
        !entries_load(cache, arena, parts, error))
        return false;
    if (!issue.row_id)
        return error_set(error, ERROR_INPUT, "mailing %" PRId64 ": is no digest",
                         entry->key.mailing);
    const struct digest_mail_request request = {
        .language = entry->key.language,
        .at = issue.daily_at,
        .entries = parts->entries,
    };
    const struct mail_message *message = digest_mail_build(arena, resources, &request, error);
    entry->date = zone_format_rfc822(locale_context_zone(resources->locale), arena,
                                     issue.message_at);
    entry->composition = message ? mail_compose(arena, message, error) : NULL;
    entry->signature = parts->signature;
    return entry->composition != NULL;
}

bool digest_source_renew(struct source_cache *cache, struct source_entry *entry,
                         struct error *error)
{
    struct arena arena = { 0 };
    struct digest_parts parts;
    bool done = parts_find(cache, entry->key.version, &arena, &parts, error);
    if (done && parts.count == 0)
        done = error_set(error, ERROR_INPUT, "digest: all that it held has been withdrawn");
    if (done && !(entry->composition && hash_equal(&entry->signature, &parts.signature))) {
        arena_release(&entry->arena);
        entry->composition = NULL;
        done = compose(cache, entry, &parts, error);
    }
    entry->generation = cache->generation;
    arena_release(&arena);
    return done;
}
