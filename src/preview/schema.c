/* SPDX-License-Identifier: MIT */
#include "preview/preview.h"

#include "database/database.h"

static const char previews[] =
    /* Links to what is not public yet. The page itself is a file, state/previews/ROW_ID.html. */
    "CREATE TABLE preview ("
    " row_id @integer@ NOT NULL PRIMARY KEY," /* random: the link's token names it */
    " release @integer@ NOT NULL,"            /* release.row_id */
    " revision @integer@ NOT NULL,"           /* that it shows */
    " made_at @integer@ NOT NULL,"
    " is_erased @integer@ NOT NULL DEFAULT 0" /* 1: shows nothing any more, its file is gone */
    ") @strict@;";

static const char *const version_1[] = { previews, NULL };

static const char *const *const migrations[] = { version_1 };

const struct database_schema preview_schema = {
    .name = "preview",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
};
