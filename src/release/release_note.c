/* SPDX-License-Identifier: MIT */
#include "release/release_note.h"

#include "base/arena.h"
#include "database/database.h"

#include <string.h>

bool release_note_mark(struct database *database, int64_t row_id, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "INSERT INTO release_note (release_row_id) VALUES ($1) ON CONFLICT DO NOTHING",
        error);
    statement_bind_integer(statement, 1, row_id);
    return statement_run(statement, error);
}

bool release_note_unmark(struct database *database, int64_t row_id, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM release_note WHERE release_row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    return statement_run(statement, error);
}

bool release_note_is_marked(struct database *database, int64_t row_id, bool *is_marked,
                            struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM release_note WHERE release_row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    bool done = statement_find(statement, is_marked, error);
    statement_reset(statement);
    return done;
}

bool release_note_next(struct database *database, int64_t behind, int64_t *row_id,
                       struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT release_row_id FROM release_note WHERE release_row_id > $1"
        " ORDER BY release_row_id LIMIT 1",
        error);
    statement_bind_integer(statement, 1, behind);
    bool done = statement_find(statement, &found, error);
    *row_id = done && found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return done;
}

/* ---- many at once ---- */

bool release_gather(struct database *database, enum release_gathered kind, int64_t release,
                    const char *name, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO release_gathered (kind, release, name) VALUES ($1, $2, $3)"
        " ON CONFLICT (kind, release, name) DO UPDATE SET is_told = 0",
        error);
    statement_bind_integer(statement, 1, kind);
    statement_bind_integer(statement, 2, release);
    statement_bind_text(statement, 3, name);
    return statement_run(statement, error);
}

bool release_gathered_renew(struct database *database, struct error *error)
{
    return database_execute(database,
                            "UPDATE release_gathered SET is_told = 0"
                            " WHERE row_id = (SELECT MIN(row_id) FROM release_gathered)",
                            error);
}

bool release_gathered_is_new(struct database *database, bool *is_new, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM release_gathered WHERE is_told = 0 LIMIT 1", error);
    bool done = statement_find(statement, is_new, error);
    statement_reset(statement);
    return done;
}

/* ---- what a page lacks ---- */

bool release_find_unmade(struct database *database, int64_t row_id, struct arena *arena,
                         struct release_unmade *unmade, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT files, is_whole FROM release_unmade WHERE release_row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    bool done = statement_find(statement, &found, error);
    *unmade = (struct release_unmade){ .files = "" };
    if (done && found)
        *unmade = (struct release_unmade){ .files = statement_copy_text(statement, 0, arena),
                                           .is_whole = statement_integer(statement, 1) != 0 };
    statement_reset(statement);
    return done;
}

static bool write_unmade(struct database *database, int64_t row_id,
                         const struct release_unmade *unmade, struct error *error)
{
    bool is_any = *unmade->files || unmade->is_whole;
    struct statement *statement = database_prepare(
        database,
        is_any ? "INSERT INTO release_unmade (release_row_id, files, is_whole) VALUES ($1, $2, $3)"
                 " ON CONFLICT (release_row_id) DO UPDATE SET files = excluded.files,"
                 " is_whole = excluded.is_whole"
               : "DELETE FROM release_unmade WHERE release_row_id = $1",
        error);
    statement_bind_integer(statement, 1, row_id);
    if (is_any) {
        statement_bind_text(statement, 2, unmade->files);
        statement_bind_integer(statement, 3, unmade->is_whole);
    }
    return statement_run(statement, error);
}

bool release_set_unmade(struct database *database, int64_t row_id,
                        const struct release_unmade *unmade, struct error *error)
{
    struct release_unmade before;
    struct arena arena = { 0 };
    bool done = release_find_unmade(database, row_id, &arena, &before, error);
    if (done && (strcmp(before.files, unmade->files) != 0 || before.is_whole != unmade->is_whole))
        done = write_unmade(database, row_id, unmade, error) &&
               release_note_mark(database, row_id, error);
    arena_release(&arena);
    return done;
}

/* ---- mailed to nobody ---- */

static const char *const texts[] = {
    [RELEASE_UNMAILED_NOT] = "",
    [RELEASE_UNMAILED_TOO_OLD] = "not mailed: older than announce.max_age when it was first seen",
    [RELEASE_UNMAILED_AS_ASKED] = "not mailed: it says mail: false",
    [RELEASE_UNMAILED_NO_FEED] = "not mailed: no feed selects it",
    [RELEASE_UNMAILED_NOBODY] = "not mailed at once: nobody follows a feed that selects it so",
    [RELEASE_UNMAILED_FORGOTTEN] = ("not mailed: the release was mailed so long ago that it is not "
                                    "known any more to whom"),
};

const char *release_unmailed_text(enum release_unmailed reason)
{
    return texts[reason];
}

enum release_unmailed release_unmailed_of(const char *announce_note)
{
    for (size_t i = 0; announce_note && i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(texts[i], announce_note) == 0)
            return (enum release_unmailed)i;
    return RELEASE_UNMAILED_NOT;
}

bool release_unmailed_is_noted(enum release_unmailed reason)
{
    return reason == RELEASE_UNMAILED_TOO_OLD || reason == RELEASE_UNMAILED_NO_FEED ||
           reason == RELEASE_UNMAILED_FORGOTTEN;
}
