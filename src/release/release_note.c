/* SPDX-License-Identifier: MIT */
#include "release/release_note.h"

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
