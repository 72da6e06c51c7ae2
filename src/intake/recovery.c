/* SPDX-License-Identifier: MIT */
#include "intake/recovery.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "intake/intake.h"
#include "intake/public_record.h"
#include "intake/refusal.h"
#include "locale/locale.h"
#include "release/release_store.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct recovery {
    const struct intake_settings *settings;
    struct database *database;
    int64_t now_at;
    int64_t recovered;
    bool want_versions; /* second pass: take versions, which have translation_of */
    struct arena *arena;
    struct ignored *ignored;
    struct ignored **ignored_end;
    struct error *error;
};

/* A release.json that is not as pressroom writes it. */
struct ignored {
    const char *name; /* "YYYY/SLUG" */
    struct ignored *next;
};

static bool hash_from_hex(const char *hex, struct hash *hash)
{
    if (!hex || strlen(hex) != HASH_HEX_SIZE - 1)
        return false;
    for (size_t i = 0; i < HASH_SIZE; i++) {
        const char pair[] = { hex[i * 2], hex[i * 2 + 1], '\0' };
        if (!isxdigit((unsigned char)pair[0]) || !isxdigit((unsigned char)pair[1]))
            return false;
        hash->bytes[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return true;
}

/* Whether the row has everything that a release needs. */
static bool is_whole(const struct release_row *row)
{
    return row->public_id && release_public_id_is_valid(row->public_id) && row->title &&
           *row->title && row->language && row->type && release_name_is_valid(row->type);
}

/* Fills row and release from the members of the file; false where a required one is missing or
 * wrong. */
static bool fill(const struct public_record *record, struct release_row *row,
                 struct release *release)
{
    const char *published = public_record_text(record, "published");
    const char *updated = public_record_text(record, "updated");
    const char *status = public_record_text(record, "status");
    const char *language = public_record_text(record, "language");
    row->public_id = public_record_text(record, "id");
    row->title = public_record_text(record, "title");
    row->language = language ? language_canonical(record->arena, language) : NULL;
    row->type = public_record_text(record, "type");
    row->slug = record->slug;
    row->year = (int)strtol(record->year, NULL, 10);
    if (!is_whole(row) || !published || !instant_parse_rfc3339(published, &row->public_at) ||
        !hash_from_hex(public_record_text(record, "content_hash"), &row->content_hash))
        return false;
    if (!updated || !instant_parse_rfc3339(updated, &row->updated_at))
        row->updated_at = row->public_at;
    row->status = status && strcmp(status, "withdrawn") == 0 ? RELEASE_WITHDRAWN : RELEASE_READY;
    *release = (struct release){
        .public_id = row->public_id,
        .title = row->title,
        .language = row->language,
        .type = row->type,
        .translation_of = public_record_text(record, "translation_of"),
        .status = row->status,
        .mail = true
    }; /* without a body publish does not touch its page */
    return true;
}

/* Marks it as published and announced, so that nobody is mailed again. */
static void fill_publication(const struct recovery *recovery, struct release_row *row)
{
    row->is_missing = true; /* until its file is found in the drop directory */
    row->mail = true;
    row->published_at = row->public_at;
    row->due_at = row->public_at;
    row->ready_at = row->public_at;
    row->public_revision = 1;
    row->text_revision = 1;
    row->announced_at = recovery->now_at;
    row->announced_revision = 1;
    row->announce_note = "public before this store was made";
    if (row->status == RELEASE_WITHDRAWN) {
        row->withdrawn_at = row->updated_at;
        row->withdrawal_announced_at = recovery->now_at;
    }
}

/* False where the original is not known; *failed: the database failed. */
static bool find_original(struct recovery *recovery, struct arena *arena,
                          const struct release *release, struct release_row *row, bool *failed)
{
    if (!release->translation_of)
        return true;
    const struct release_row *original = release_find_by_public_id(
        recovery->database, arena, release->translation_of, failed, recovery->error);
    if (!original || original->original_row_id != original->row_id)
        return false;
    row->original_row_id = original->row_id;
    return true;
}

/* False when the database failed. */
static bool recover_release(struct recovery *recovery, const struct public_record *record)
{
    struct arena *arena = record->arena;
    struct release_row row = { 0 };
    struct release release;
    bool failed = false;
    const char *path_hash = public_record_text(record, "path_hash");
    bool is_version = public_record_text(record, "translation_of") != NULL;
    if (is_version != recovery->want_versions)
        return true;
    bool good = fill(record, &row, &release) &&
                !release_find_by_public_id(recovery->database, arena, row.public_id, &failed,
                                           recovery->error) &&
                !failed && find_original(recovery, arena, &release, &row, &failed);
    if (failed)
        return false;
    if (!good) {
        struct ignored *ignored = arena_allocate(recovery->arena, sizeof *ignored);
        ignored->name = arena_format(recovery->arena, "%s/%s", record->year, record->slug);
        *recovery->ignored_end = ignored;
        recovery->ignored_end = &ignored->next;
        return true;
    }
    fill_publication(recovery, &row);
    recovery->recovered++;
    return release_insert(recovery->database, &row, &release, recovery->now_at, recovery->error) &&
           (!path_hash || recovery_put(recovery->database, row.row_id, path_hash, recovery->error));
}

/* Recovers the originals, or with want_versions the versions. */
static bool recover_all(struct recovery *recovery)
{
    struct public_record_cursor cursor;
    struct public_record record;
    bool done = true;
    public_record_open(&cursor, recovery->settings->public_directory);
    while (done && public_record_next(&cursor, &record))
        done = recover_release(recovery, &record);
    public_record_close(&cursor);
    return done;
}

static bool recover_both(struct recovery *recovery)
{
    recovery->recovered = 0;
    recovery->ignored = NULL;
    recovery->ignored_end = &recovery->ignored;
    recovery->want_versions = false;
    if (!recover_all(recovery))
        return false;
    recovery->want_versions = true;
    return recover_all(recovery);
}

bool recovery_run(const struct intake_settings *settings, struct database *database, int64_t now_at,
                  int64_t *recovered, struct error *error)
{
    struct arena arena = { 0 };
    struct recovery recovery = { .settings = settings,
                                 .database = database,
                                 .now_at = now_at,
                                 .arena = &arena,
                                 .error = error };
    *recovered = 0;
    if (settings->public_directory < 0)
        return true;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, recover_both(&recovery), error);
    if (transaction.is_done) {
        *recovered = recovery.recovered;
        for (const struct ignored *ignored = recovery.ignored; ignored; ignored = ignored->next)
            log_line(LOG_WARNING,
                     "public/releases/%s/release.json: is not as pressroom writes it; ignoring it",
                     ignored->name);
    }
    arena_release(&arena);
    return transaction.is_done;
}
