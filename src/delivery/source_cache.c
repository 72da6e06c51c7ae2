/* SPDX-License-Identifier: MIT */
#include "delivery/source_cache.h"

#include "delivery/deliver.h"

#include "base/clock.h"
#include "base/error.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "mail/composition.h"
#include "mail/mail.h"
#include "publish/publish.h"
#include "queue/queue.h"
#include "release/newsroom.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void source_cache_init(struct source_cache *cache, const struct message_source_settings *settings,
                       struct database *database)
{
    *cache = (struct source_cache){ .settings = settings, .database = database, .generation = 1 };
}

static void entry_free(struct source_entry *entry)
{
    arena_release(&entry->arena);
    arena_release(&entry->key_arena);
    free(entry);
}

void source_cache_release(struct source_cache *cache)
{
    while (cache->first) {
        struct source_entry *entry = cache->first;
        cache->first = entry->next;
        entry_free(entry);
    }
    cache->count = 0;
}

/* Entries are not thrown away: each is compared with the store when it is next asked for, because
 * as a rule nothing has changed and a composition is dear. */
void source_cache_renew(struct source_cache *cache)
{
    cache->generation++;
}

/* ---- making an entry ---- */

/* 0: the release itself was not announced. */
static bool find_first_announcement(struct database *database, int64_t release,
                                    int64_t *announcement, struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    queue_mailing_cursor_open(&cursor, database, release, false);
    while (queue_mailing_cursor_next(&cursor, &mailing, error)) {
        if (mailing->kind == QUEUE_RELEASE)
            *announcement = mailing->announcement;
    }
    return queue_mailing_cursor_close(&cursor);
}

static bool mail_kind(const struct queue_mailing *mailing, enum release_mail_kind *kind,
                      struct error *error)
{
    switch (mailing->kind) {
    case QUEUE_RELEASE:
        *kind = RELEASE_MAIL_RELEASE;
        return true;
    case QUEUE_CORRECTION:
        *kind = RELEASE_MAIL_CORRECTION;
        return true;
    case QUEUE_WITHDRAWAL:
        *kind = RELEASE_MAIL_WITHDRAWAL;
        return true;
    case QUEUE_DIGEST:
        break;
    }
    return error_set(error, ERROR_INPUT, "mailing %" PRId64 ": is a digest, not of one release",
                     mailing->row_id);
}

/* What stands in public/; while its page is about to be written anew, what it will say: the release
 * is public, and whoever waits for a corrected text must not be sent the wrong one meanwhile. */
static int64_t shown_revision(const struct release_row *row)
{
    return row->public_revision ? row->public_revision : release_row_open_revision(row);
}

static bool entry_compose(struct source_cache *cache, struct source_entry *entry,
                          const struct release_row *row, enum release_mail_kind kind,
                          struct error *error)
{
    struct arena *arena = &entry->arena;
    const struct release_mail_request request = {
        .kind = kind,
        .presentation = publish_present(cache->database, arena, cache->settings->publish, row,
                                        entry->revision, error),
        .language = entry->key.language,
    };
    const struct mail_message *message = request.presentation
                                             ? release_mail_build(arena, cache->settings->resources,
                                                                  &request, error)
                                             : NULL;
    entry->composition = message ? mail_compose(arena, message, error) : NULL;
    return entry->composition != NULL;
}

static bool entry_fill(struct source_cache *cache, struct source_entry *entry,
                       const struct release_row *row, struct error *error)
{
    bool failed;
    enum release_mail_kind kind = RELEASE_MAIL_RELEASE;
    const struct queue_mailing *mailing = queue_mailing_head(cache->database, &entry->arena,
                                                             entry->key.mailing, &failed, error);
    if (!mailing)
        return failed ? false
                      : error_set(error, ERROR_INPUT, "mailing %" PRId64 ": there is none",
                                  entry->key.mailing);
    if (!mail_kind(mailing, &kind, error))
        return false;
    entry->is_withdrawn = row->status == RELEASE_WITHDRAWN;
    entry->revision = shown_revision(row);
    entry->date = zone_format_rfc822(locale_context_zone(cache->settings->resources->locale),
                                     &entry->arena, mailing->message_at);
    /* Whoever queued it asked this too; a leak is worth asking twice. */
    if (row->public_at == INSTANT_NONE && !entry->is_withdrawn)
        return error_set(error, ERROR_INPUT, "release %s: is not public, not mailed",
                         row->public_id);
    if ((entry->is_withdrawn || release_row_awaits_withdrawal(row)) &&
        kind != RELEASE_MAIL_WITHDRAWAL)
        return error_set(error, ERROR_INPUT, "release %s: is withdrawn, not mailed",
                         row->public_id);
    entry->first_announcement = 0;
    /* A correction or withdrawal answers the release's own message, so that mail programs show them
     * together. */
    if (kind != RELEASE_MAIL_RELEASE && !find_first_announcement(cache->database, mailing->release,
                                                                 &entry->first_announcement, error))
        return false;
    return entry_compose(cache, entry, row, kind, error);
}

/* Without a composition yet. */
static struct source_entry *entry_new(const struct source_key *key, struct error *error)
{
    struct source_entry *entry = calloc(1, sizeof *entry);
    if (!entry) {
        (void)error_set(error, ERROR_SYSTEM, "mail: no memory");
        return NULL;
    }
    entry->key = *key;
    entry->key.language = arena_copy(&entry->key_arena, key->language);
    return entry;
}

/* An entry made while its release was public must not be used once that is withdrawn or about to.
 */
static bool is_current(const struct source_entry *entry, const struct release_row *row)
{
    return entry->composition && !release_row_awaits_withdrawal(row) &&
           entry->revision == shown_revision(row) &&
           entry->is_withdrawn == (row->status == RELEASE_WITHDRAWN);
}

/* Makes the entry say what the store says now. */
static bool entry_renew(struct source_cache *cache, struct source_entry *entry, struct error *error)
{
    bool failed;
    struct arena arena = { 0 };
    const struct release_row *row = release_find_by_row_id(cache->database, &arena,
                                                           entry->key.version, &failed, error);
    bool done = row != NULL;
    if (!row && !failed)
        (void)error_set(error, ERROR_INPUT, "release %" PRId64 ": there is none",
                        entry->key.version);
    if (row && !is_current(entry, row)) {
        arena_release(&entry->arena);
        entry->composition = NULL;
        done = entry_fill(cache, entry, row, error);
    }
    entry->generation = cache->generation;
    arena_release(&arena);
    return done;
}

/* ---- finding one ---- */

/* The entry leaves the list and comes back at its head (put_first), so the last one is the one that
 * was unused for longest. */
static struct source_entry *take(struct source_cache *cache, const struct source_key *key)
{
    for (struct source_entry **link = &cache->first; *link; link = &(*link)->next) {
        struct source_entry *entry = *link;
        if (entry->key.mailing != key->mailing || entry->key.is_digest != key->is_digest ||
            entry->key.version != key->version || strcmp(entry->key.language, key->language) != 0)
            continue;
        *link = entry->next;
        cache->count--;
        return entry;
    }
    return NULL;
}

/* Frees the entry unused for longest, where there are too many. */
static void make_room(struct source_cache *cache)
{
    struct source_entry **link = &cache->first;
    if (cache->count < SOURCE_ENTRIES_MAXIMUM || !*link)
        return;
    while ((*link)->next)
        link = &(*link)->next;
    entry_free(*link);
    *link = NULL;
    cache->count--;
}

static void put_first(struct source_cache *cache, struct source_entry *entry)
{
    make_room(cache);
    entry->next = cache->first;
    cache->first = entry;
    cache->count++;
}

const struct source_entry *source_cache_find(struct source_cache *cache,
                                             const struct source_key *key, struct error *error)
{
    struct source_key wanted = *key;
    if (!wanted.language || !wanted.language[0])
        wanted.language = cache->settings->resources->newsroom->language;
    struct source_entry *entry = take(cache, &wanted);
    if (!entry)
        entry = entry_new(&wanted, error);
    if (!entry)
        return NULL;
    /* An entry that could not be renewed is freed, because what it holds may be withdrawn by now.
     */
    if (entry->generation != cache->generation &&
        !(entry->key.is_digest ? digest_source_renew(cache, entry, error)
                               : entry_renew(cache, entry, error))) {
        entry_free(entry);
        return NULL;
    }
    put_first(cache, entry);
    return entry;
}
