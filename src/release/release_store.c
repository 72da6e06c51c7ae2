/* SPDX-License-Identifier: MIT */
#include "release/release_store.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "release/release_row.h"

#include <inttypes.h>
#include <string.h>

/* ---- writing ---- */

static const char *or_empty(const char *string)
{
    return string ? string : "";
}

/* Every column but row_id, as $1 … $36 in the order of RELEASE_ROW_COLUMNS. withdrawal_asked_at,
 * approval and stopped_at are written by themselves: who holds a row for long must not undo them.
 */
static void bind_row(struct statement *statement, const struct release_row *row)
{
    bool is_original = row->original_row_id == row->row_id;
    int position = 1;
    statement_bind_text(statement, position++, row->public_id);
    statement_bind_instant(statement, position++, is_original ? 0 : row->original_row_id);
    statement_bind_text(statement, position++, row->path);
    statement_bind_text(statement, position++, or_empty(row->stat_fingerprint));
    statement_bind_integer(statement, position++, row->is_missing);
    statement_bind_bytes(statement, position++, row->content_hash.bytes, HASH_SIZE);
    statement_bind_text(statement, position++, or_empty(row->title));
    statement_bind_text(statement, position++, or_empty(row->language));
    statement_bind_text(statement, position++, or_empty(row->type));
    statement_bind_text(statement, position++, or_empty(row->topics));
    statement_bind_integer(statement, position++, row->status);
    statement_bind_instant(statement, position++, row->published_at);
    statement_bind_instant(statement, position++, row->embargo_at);
    statement_bind_instant(statement, position++, row->due_at);
    statement_bind_instant(statement, position++, row->ready_at);
    statement_bind_integer(statement, position++, row->is_urgent);
    statement_bind_integer(statement, position++, row->mail);
    statement_bind_integer(statement, position++, row->revision);
    statement_bind_text(statement, position++, or_empty(row->correction));
    statement_bind_instant(statement, position++, row->public_at);
    statement_bind_integer(statement, position++, row->public_revision);
    statement_bind_instant(statement, position++, row->updated_at);
    statement_bind_instant(statement, position++, row->withdrawn_at);
    statement_bind_text(statement, position++, row->withdrawal_reason);
    statement_bind_text(statement, position++, row->slug);
    statement_bind_integer(statement, position++, row->year);
    statement_bind_instant(statement, position++, row->announced_at);
    statement_bind_text(statement, position++, or_empty(row->announce_note));
    statement_bind_integer(statement, position++, row->announced_revision);
    statement_bind_instant(statement, position++, row->withdrawal_announced_at);
    statement_bind_instant(statement, position++, row->held_at);
    statement_bind_integer(statement, position++, row->has_sidecar);
    statement_bind_text(statement, position++, or_empty(row->topic_labels));
    statement_bind_integer(statement, position++, row->place);
    statement_bind_instant(statement, position++, row->free_at);
    statement_bind_integer(statement, position, row->text_revision);
}

static bool insert_row(struct database *database, struct release_row *row, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO release (public_id, original_row_id, path, stat_fingerprint, is_missing,"
        " content_hash,"
        " title, language, type, topics, status, published_at, embargo_at, due_at, ready_at,"
        " is_urgent,"
        " mail, revision, correction, public_at, public_revision, updated_at, withdrawn_at,"
        " withdrawal_reason, slug, year, announced_at, announce_note, announced_revision,"
        " withdrawal_announced_at, held_at, has_sidecar, topic_labels, place, free_at, text_revision)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
        " $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33,"
        " $34, $35, $36) RETURNING row_id",
        error);
    bind_row(statement, row);
    bool found = false;
    bool done = statement_find(statement, &found, error);
    if (done && found)
        row->row_id = statement_integer(statement, 0);
    statement_reset(statement);
    if (done && !found)
        return error_set(error, ERROR_SYSTEM, "release %s: the store gave it no row id",
                         row->public_id);
    return done;
}

bool release_update(struct database *database, const struct release_row *row, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE release SET public_id = $1, original_row_id = $2, path = $3, stat_fingerprint = $4,"
        " is_missing = $5, content_hash = $6, title = $7, language = $8, type = $9, topics ="
        " $10, status = $11,"
        " published_at = $12, embargo_at = $13, due_at = $14, ready_at = $15, is_urgent = $16,"
        " mail = $17, revision = $18, correction = $19, public_at = $20, public_revision = $21,"
        " updated_at = $22, withdrawn_at = $23, withdrawal_reason = $24, slug = $25, year = $26,"
        " announced_at = $27, announce_note = $28, announced_revision = $29,"
        " withdrawal_announced_at = $30, held_at = $31, has_sidecar = $32, topic_labels = $33,"
        " place = $34, free_at = $35, text_revision = $36 WHERE row_id = $37",
        error);
    bind_row(statement, row);
    statement_bind_integer(statement, 37, row->row_id);
    if (!statement_run(statement, error))
        return false;
    if (database_changes(database) != 1)
        return error_set(error, ERROR_SYSTEM, "release %s: is not in the store", row->public_id);
    return true;
}

static bool insert_revision(struct database *database, const struct release_row *row,
                            const struct release *release, int64_t now_at, struct error *error)
{
    struct string_builder document;
    string_builder_init(&document, 0);
    bool done = release_write_document(&document, release, error);
    if (done) {
        struct statement *statement = database_prepare(
            database,
            "INSERT INTO release_revision (release_row_id, revision, content_hash, made_at,"
            " document) VALUES ($1, $2, $3, $4, $5)",
            error);
        statement_bind_integer(statement, 1, row->row_id);
        statement_bind_integer(statement, 2, row->revision);
        statement_bind_bytes(statement, 3, row->content_hash.bytes, HASH_SIZE);
        statement_bind_integer(statement, 4, now_at);
        statement_bind_text_bytes(statement, 5, document.data, document.length);
        done = statement_run(statement, error);
    }
    string_builder_release(&document);
    return done;
}

bool release_insert(struct database *database, struct release_row *row,
                    const struct release *release, int64_t now_at, struct error *error)
{
    /* A row that was numbered by a run that was undone is an original still. */
    if (row->original_row_id == row->row_id)
        row->original_row_id = 0;
    row->row_id = 0;
    row->revision = 1;
    if (!insert_row(database, row, error))
        return false;
    if (!row->original_row_id)
        row->original_row_id = row->row_id;
    return insert_revision(database, row, release, now_at, error);
}

/* Asked of the store, not counted in the row, because a transaction that is undone and run again
 * may come with the row that its first run numbered. */
static bool next_revision(struct database *database, struct release_row *row, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT revision FROM release WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, row->row_id);
    bool done = statement_find(statement, &found, error);
    if (found)
        row->revision = statement_integer(statement, 0) + 1;
    statement_reset(statement);
    if (done && !found)
        return error_set(error, ERROR_SYSTEM, "release %s: is not in the store", row->public_id);
    return done;
}

bool release_add_revision(struct database *database, struct release_row *row,
                          const struct release *release, int64_t now_at, struct error *error)
{
    return next_revision(database, row, error) &&
           insert_revision(database, row, release, now_at, error) &&
           release_update(database, row, error);
}

bool release_update_public(struct database *database, const struct release_row *row,
                           struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE release SET public_at = $1, public_revision = $2, updated_at = $3,"
        " withdrawn_at = $4, slug = $5, year = $6, text_revision = $7 WHERE row_id = $8",
        error);
    statement_bind_instant(statement, 1, row->public_at);
    statement_bind_integer(statement, 2, row->public_revision);
    statement_bind_instant(statement, 3, row->updated_at);
    statement_bind_instant(statement, 4, row->withdrawn_at);
    statement_bind_text(statement, 5, row->slug);
    statement_bind_integer(statement, 6, row->year);
    statement_bind_integer(statement, 7, row->text_revision);
    statement_bind_integer(statement, 8, row->row_id);
    return statement_run(statement, error);
}

bool release_update_announced(struct database *database, const struct release_row *row,
                              struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE release SET announced_at = $1, announce_note = $2, announced_revision = $3,"
        " withdrawal_announced_at = $4 WHERE row_id = $5",
        error);
    statement_bind_instant(statement, 1, row->announced_at);
    statement_bind_text(statement, 2, or_empty(row->announce_note));
    statement_bind_integer(statement, 3, row->announced_revision);
    statement_bind_instant(statement, 4, row->withdrawal_announced_at);
    statement_bind_integer(statement, 5, row->row_id);
    return statement_run(statement, error);
}

bool release_set_approval(struct database *database, int64_t row_id, enum release_approval approval,
                          struct error *error)
{
    struct statement *statement = database_prepare(
        database, "UPDATE release SET approval = $1 WHERE row_id = $2", error);
    statement_bind_integer(statement, 1, approval);
    statement_bind_integer(statement, 2, row_id);
    return statement_run(statement, error);
}

bool release_set_changes(struct database *database, int64_t row_id, enum release_changes changes,
                         struct error *error)
{
    struct statement *statement = database_prepare(
        database, "UPDATE release SET changes = $1 WHERE row_id = $2", error);
    statement_bind_integer(statement, 1, changes);
    statement_bind_integer(statement, 2, row_id);
    return statement_run(statement, error);
}

bool release_set_stopped(struct database *database, int64_t row_id, int64_t stopped_at,
                         struct error *error)
{
    struct statement *statement = database_prepare(
        database, "UPDATE release SET stopped_at = $1 WHERE row_id = $2", error);
    statement_bind_instant(statement, 1, stopped_at);
    statement_bind_integer(statement, 2, row_id);
    return statement_run(statement, error);
}

bool release_ask_withdrawal(struct database *database, int64_t row_id, int64_t asked_at,
                            const char *reason, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE release SET withdrawal_asked_at = $1, withdrawal_asked_reason = $2"
        " WHERE row_id = $3",
        error);
    statement_bind_instant(statement, 1, asked_at);
    statement_bind_text(statement, 2, reason);
    statement_bind_integer(statement, 3, row_id);
    return statement_run(statement, error);
}

/* ---- loading ---- */

enum { REVISION_OPEN = -1 };

bool release_row_show_open(struct database *database, struct release_row *row, struct error *error)
{
    int64_t revision = release_row_open_revision(row);
    if (revision == row->revision)
        return true;
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT content_hash FROM release_revision WHERE release_row_id = $1 AND revision = $2",
        error);
    statement_bind_integer(statement, 1, row->row_id);
    statement_bind_integer(statement, 2, revision);
    bool done = statement_find(statement, &found, error);
    if (found)
        release_row_read_hash(statement, 0, &row->content_hash);
    statement_reset(statement);
    row->revision = revision;
    return done;
}

/* *original_row_id is 0 for an original. revision REVISION_OPEN: that may be seen. */
static struct release *load_one(struct database *database, struct arena *arena, int64_t row_id,
                                int64_t revision, int64_t *original_row_id, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT release_revision.document, release.original_row_id"
        " FROM release JOIN release_revision"
        " ON release_revision.release_row_id = release.row_id AND release_revision.revision ="
        " CASE WHEN $2 = 0 THEN release.revision WHEN $2 < 0 THEN " RELEASE_ROW_OPEN_REVISION
        " ELSE $2 END WHERE release.row_id = $1",
        error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_integer(statement, 2, revision);
    struct release *release = NULL;
    bool found = false;
    if (!statement_find(statement, &found, error))
        return NULL;
    if (found) {
        const char *document = statement_text(statement, 0);
        *original_row_id = statement_integer(statement, 1);
        release = release_read_document(arena, document, strlen(document), error);
    } else {
        (void)error_set(error, ERROR_SYSTEM,
                        "release with row id %" PRId64 ": revision %" PRId64 " is not in the store",
                        row_id, revision);
    }
    statement_reset(statement);
    return release;
}

struct release *release_load(struct database *database, struct arena *arena, int64_t row_id,
                             int64_t revision, struct error *error)
{
    int64_t original_row_id = 0;
    struct release *release = load_one(database, arena, row_id, revision, &original_row_id, error);
    if (!release || !original_row_id)
        return release;
    int64_t none = 0;
    const struct release *original = load_one(database, arena, original_row_id, REVISION_OPEN,
                                              &none, error);
    if (!original)
        return NULL;
    release_inherit(release, original);
    return release;
}

/* ---- the newsroom's own values ---- */

/* *value is NULL where there is none. */
static bool find_value(struct database *database, struct arena *arena, const char *name,
                       const char **value, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT value FROM newsroom_value WHERE name = $1", error);
    statement_bind_text(statement, 1, name);
    bool found = false;
    bool done = statement_find(statement, &found, error);
    *value = done && found ? statement_copy_text(statement, 0, arena) : NULL;
    statement_reset(statement);
    return done;
}

bool newsroom_value_once(struct database *database, struct arena *arena, const char *name,
                         const char *value_if_new, const char **value, struct error *error)
{
    if (!find_value(database, arena, name, value, error))
        return false;
    if (*value || !value_if_new)
        return true;
    struct statement *statement = database_prepare(
        database, "INSERT INTO newsroom_value (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        error);
    statement_bind_text(statement, 1, name);
    statement_bind_text(statement, 2, value_if_new);
    return statement_run(statement, error) && find_value(database, arena, name, value, error);
}
