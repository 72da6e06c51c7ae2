/* SPDX-License-Identifier: MIT */
#include "status_page/status_page.h"

#include "database/database.h"

static const char tables[] =
    /* Where a mailing that has ended was not delivered, as counting that reads all of its rows:
     * made anew when one of its counts is another. */
    "CREATE TABLE status_undelivered ("
    " mailing @integer@ NOT NULL PRIMARY KEY,"
    " count @integer@ NOT NULL,"          /* failed and returned, when it was made */
    " places @text@ NOT NULL) @strict@;"; /* "GROUP COUNT", a line each; GROUP "-": elsewhere */

static const char *const version_1[] = { tables, NULL };

static const char *const *const migrations[] = { version_1 };

const struct database_schema status_page_schema = {
    .name = "status_page",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
};
