/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_QUEUE_SUBSCRIBER_TABLES_H
#define TESTS_UNIT_QUEUE_SUBSCRIBER_TABLES_H

#include "database/database.h"

/* What queue/ reads of the tables of subscriber/, for tests that do without that module. */
static const char *const people_tables[] = {
    "CREATE TABLE subscriber (row_id @integer@ NOT NULL PRIMARY KEY, address @text@ NOT NULL,"
    " language @text@ NOT NULL, state @integer@ NOT NULL) @strict@;"
    "CREATE TABLE subscription (subscriber @integer@ NOT NULL, feed @text@ NOT NULL,"
    " cadence @integer@ NOT NULL, state @integer@ NOT NULL,"
    " PRIMARY KEY (subscriber, feed)) @strict_without_rowid@;"
    "CREATE TABLE request (row_id @integer@ NOT NULL PRIMARY KEY, voided_at @integer@,"
    " used_at @integer@, expires_at @integer@ NOT NULL) @strict@;",
    "CREATE VIEW mailable_subscriber (row_id, address, language) AS SELECT row_id, address, language"
    " FROM subscriber WHERE state = 2;"
    "CREATE VIEW known_subscriber (row_id, address, language) AS SELECT row_id, address, language"
    " FROM subscriber;"
    "CREATE VIEW immediate_subscription (subscriber, feed) AS SELECT subscriber, feed"
    " FROM subscription WHERE state = 1 AND cadence = 0;"
    "CREATE VIEW open_request (row_id, expires_at) AS SELECT row_id, expires_at FROM request"
    " WHERE voided_at IS NULL AND used_at IS NULL;",
    NULL
};
static const char *const *const subscriber_tables_steps[] = { people_tables };
static const struct database_schema subscriber_tables_schema = { "people", subscriber_tables_steps,
                                                                 1, NULL };

#endif
