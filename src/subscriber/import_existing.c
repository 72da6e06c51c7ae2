/* SPDX-License-Identifier: MIT */
#include "subscriber/import_existing.h"

#include "base/array.h"
#include "base/memory.h"
#include "database/database.h"

#include <stdlib.h>
#include <string.h>

/* So many subscribers between two addresses of the list are stepped over in the index; then the
 * next address is looked up from the root, which is cheaper. */
enum { STEPS_MAXIMUM = 4 };

void import_finder_init(struct import_finder *finder, struct database *database)
{
    *finder = (struct import_finder){ .database = database };
    string_builder_init(&finder->strings, 0);
}

void import_finder_end_walk(struct import_finder *finder)
{
    statement_reset(finder->walk);
    finder->walk = NULL;
    finder->is_at_end = false;
}

void import_finder_release(struct import_finder *finder)
{
    import_finder_end_walk(finder);
    string_builder_release(&finder->strings);
    free(finder->known.choices);
}

/* ---- one subscriber ---- */

static void row_read(struct import_finder *finder, struct statement *statement)
{
    struct import_existing *known = &finder->known;
    if (known->state == SUBSCRIBER_NONE) {
        known->state = (enum subscriber_state)statement_integer(statement, 0);
        known->changed_at = statement_integer(statement, 1);
        string_builder_append(&finder->strings, statement_text(statement, 2));
        string_builder_append_character(&finder->strings, '\0');
    }
    /* What a confirmed subscriber asked for besides and did not confirm is not followed. */
    bool is_active = statement_integer(statement, 5) != 0;
    if (statement_is_null(statement, 3) || is_active != (known->state == SUBSCRIBER_CONFIRMED))
        return;
    ARRAY_GROW(known->choices, known->count, finder->capacity);
    known->choices[known->count++].cadence = (enum subscriber_cadence)statement_integer(statement,
                                                                                        4);
    string_builder_append(&finder->strings, statement_text(statement, 3));
    string_builder_append_character(&finder->strings, '\0');
}

bool import_find_row_id(struct import_finder *finder, int64_t row_id, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        finder->database,
        "SELECT s.state, s.changed_at, s.language, p.feed, p.cadence, p.state FROM subscriber s"
        " LEFT JOIN subscription p ON p.subscriber = s.row_id WHERE s.row_id = $1 ORDER BY p.feed",
        error);
    statement_bind_integer(statement, 1, row_id);
    string_builder_clear(&finder->strings);
    finder->known.row_id = row_id;
    finder->known.state = SUBSCRIBER_NONE;
    finder->known.count = 0;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        row_read(finder, statement);
    /* Pointers are set at the end, because the string builder moves its bytes while it grows. */
    const char *string = finder->strings.data;
    finder->known.language = string;
    for (size_t i = 0; i < finder->known.count; i++) {
        string += strlen(string) + 1;
        finder->known.choices[i].feed = string;
    }
    return result == STATEMENT_DONE;
}

/* ---- the walk ---- */

static bool walk_step(struct import_finder *finder, struct error *error)
{
    enum statement_result result = statement_step(finder->walk, error);
    finder->is_at_end = result == STATEMENT_DONE;
    if (result != STATEMENT_ROW)
        finder->walk = NULL; /* it has been given back */
    return result != STATEMENT_FAILED;
}

static bool walk_begin(struct import_finder *finder, const char *folded, struct error *error)
{
    import_finder_end_walk(finder);
    finder->walk = database_prepare(
        finder->database,
        "SELECT folded, row_id FROM subscriber WHERE folded >= $1 ORDER BY folded", error);
    statement_bind_text(finder->walk, 1, folded);
    return walk_step(finder, error);
}

bool import_find(struct import_finder *finder, const char *folded, struct error *error)
{
    int order = -1;
    finder->known.row_id = 0;
    finder->known.state = SUBSCRIBER_NONE;
    finder->known.count = 0;
    if (!finder->walk && !finder->is_at_end && !walk_begin(finder, folded, error))
        return false;
    for (int i = 0; finder->walk; i++) {
        order = strcmp(statement_text(finder->walk, 0), folded);
        if (order >= 0)
            break;
        if (!(i < STEPS_MAXIMUM ? walk_step(finder, error) : walk_begin(finder, folded, error)))
            return false;
    }
    return order != 0 || !finder->walk ||
           import_find_row_id(finder, statement_integer(finder->walk, 1), error);
}
