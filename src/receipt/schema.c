/* SPDX-License-Identifier: MIT */
#include "receipt/receipt.h"

#include "database/database.h"

static const char receipts[] =
    /* What a press officer was told, and what he replied. */
    "CREATE TABLE receipt ("
    " row_id @integer@ NOT NULL PRIMARY KEY," /* random: its reply address and Message-ID name it */
    " event @integer@ NOT NULL,"              /* enum receipt_event */
    " release @integer@ NOT NULL,"            /* release.row_id of the original; 0: none */
    " revision @integer@ NOT NULL,"           /* that it showed; 0: none */
    " content_hash @blob@,"                   /* of that revision; NULL: not asked for */
    " path @text@ NOT NULL,"                  /* of a file that became no release; "" */
    " cause @text@ NOT NULL,"                 /* tells those of one event apart; "" */
    " address @text@ NOT NULL,"
    " mail @integer@ NOT NULL," /* transactional_mail.row_id */
    " created_at @integer@ NOT NULL,"
    " answered_at @integer@,"               /* NULL: not answered */
    " answer @integer@ NOT NULL DEFAULT 0," /* enum receipt_answer */
    " UNIQUE (release, event, path, cause, address)) @strict@;"
    "CREATE INDEX receipt_created ON receipt (created_at);"

    /* What a receipt is about that tells of many at once, whose own release is 0. */
    "CREATE TABLE receipt_release ("
    " receipt @integer@ NOT NULL," /* receipt.row_id */
    " release @integer@ NOT NULL," /* release.row_id of the original */
    " PRIMARY KEY (receipt, release)) @strict_without_rowid@;"
    "CREATE INDEX receipt_release_release ON receipt_release (release);"

    /* What is to be told later: of a release that became public, and of what changed before. */
    "CREATE TABLE receipt_due ("
    " release @integer@ NOT NULL," /* release.row_id; with RECEIPT_DROPPED, of the version that
                                      changed */
    " event @integer@ NOT NULL,"   /* enum receipt_event */
    " at @integer@ NOT NULL,"
    " PRIMARY KEY (release, event)) @strict_without_rowid@;"
    "CREATE INDEX receipt_due_at ON receipt_due (at);";

static const char *const version_1[] = { receipts, NULL };

/* Those that came back: whoever they were for knows nothing. */
static const char returned[] =
    "ALTER TABLE receipt ADD COLUMN returned_at @integer@;" /* NULL: it did not */
    "ALTER TABLE receipt ADD COLUMN returned @text@;"       /* why, in words of ours */
    "CREATE INDEX receipt_returned ON receipt (returned_at) WHERE returned_at IS NOT NULL;"
    "CREATE INDEX receipt_mail ON receipt (mail);";

static const char *const version_2[] = { returned, NULL };

static const char *const *const migrations[] = { version_1, version_2 };

/* clang-format off */
static const struct sql_macro macros[] = {
    RECEIPT_EVENTS(SQL_NAMED_MACRO)
    RECEIPT_ANSWERS(SQL_MACRO)
    { NULL, NULL },
};
/* clang-format on */

const struct database_schema receipt_schema = {
    .name = "receipt",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
    .macros = macros,
};

const char *receipt_event_name(enum receipt_event event)
{
    static const char *const names[] = { RECEIPT_EVENTS(SQL_NAME) };
    unsigned number = (unsigned)event;
    return number < sizeof names / sizeof names[0] && names[number] ? names[number] : "?";
}
