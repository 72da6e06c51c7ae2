/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "base/error.h"
#include "database/database.h"

bool inbound_count_answers(struct database *database, int64_t announcement, int64_t *count,
                           struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT count(*) FROM inbound_message WHERE announcement = $1 AND effect = @INBOUND_HUMAN@",
        error);
    statement_bind_integer(statement, 1, announcement);
    *count = 0;
    if (!statement_find(statement, &found, error))
        return false;
    if (found)
        *count = statement_integer(statement, 0);
    if (found)
        statement_reset(statement);
    return true;
}
