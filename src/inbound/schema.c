/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "database/database.h"

/* at: milliseconds since 1970. No address stands in these tables. */
static const char messages[] =
    /* A message that had its effect: counts once, also where it could not be removed. */
    "CREATE TABLE inbound_message ("
    " hash @blob@ NOT NULL PRIMARY KEY," /* of its bytes */
    " at @integer@ NOT NULL,"
    " effect @integer@ NOT NULL," /* enum inbound_effect */
    " subscriber @integer@,"      /* whom it had it on */
    " announcement @integer@) @strict_without_rowid@;"
    "CREATE INDEX inbound_message_at ON inbound_message (at);"

    /* Where a message lies, so that one that is known need not be fetched again. */
    "CREATE TABLE inbound_place ("
    " hash @blob@ NOT NULL PRIMARY KEY," /* of mailbox and key */
    " at @integer@ NOT NULL,"
    " is_done @integer@ NOT NULL," /* 0: it is for a person to read */
    " why @integer@ NOT NULL DEFAULT @LEFT_NOT@) @strict_without_rowid@;" /* enum inbound_left */
    "CREATE INDEX inbound_place_at ON inbound_place (at);";

/* Aggregate reports on who sends in our name (RFC 9990). */
static const char dmarc[] =
    /* A report that was counted. */
    "CREATE TABLE inbound_dmarc_report ("
    " hash @blob@ NOT NULL PRIMARY KEY," /* of who reports, its name and its domain */
    " at @integer@ NOT NULL,"
    " day @integer@ NOT NULL) @strict_without_rowid@;" /* that it is on, since 1970 */
    "CREATE INDEX inbound_dmarc_report_at ON inbound_dmarc_report (at);"
    "CREATE INDEX inbound_dmarc_report_day ON inbound_dmarc_report (day);"

    /* How many messages came from where on a day, as whose report says. */
    "CREATE TABLE inbound_dmarc ("
    " day @integer@ NOT NULL,"
    " source @text@ NOT NULL," /* network address; "", as reporter: all that a day had beyond so
                                  many different ones */
    " reporter @text@ NOT NULL,"
    " result @integer@ NOT NULL," /* bits of enum dmarc_result */
    " count @integer@ NOT NULL,"
    " PRIMARY KEY (day, source, reporter, result)) @strict_without_rowid@;";

static const char *const version_1[] = { messages, dmarc, NULL };

/* How many people answered what was mailed of an announcement. */
static const char answers[] = "CREATE INDEX inbound_answer ON inbound_message (announcement)"
                              " WHERE effect = @INBOUND_HUMAN@;";

static const char *const version_2[] = { answers, NULL };

static const char *const *const migrations[] = { version_1, version_2 };

/* clang-format off */
static const struct sql_macro macros[] = {
    INBOUND_EFFECTS(SQL_MACRO)
    INBOUND_LEFTS(SQL_NAMED_MACRO)
    { NULL, NULL },
};
/* clang-format on */

const struct database_schema inbound_schema = {
    .name = "inbound",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
    .macros = macros,
};
