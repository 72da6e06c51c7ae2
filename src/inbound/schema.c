/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "database/database.h"

/* inbound_message: what was seen to, by a hash of its bytes, so that it counts once even where it
 * could not be removed. No address stands here.
 * inbound_place: where a message lies (hash of mailbox and key), so that what is known need not be
 * fetched again; is_done 0: it is for a person to read. */
static const char tables[] =
    "CREATE TABLE inbound_message ("
    " hash @blob@ NOT NULL PRIMARY KEY,"
    " at @integer@ NOT NULL,"
    " effect @integer@ NOT NULL,"
    " subscriber @integer@,"
    " announcement @integer@) @strict_without_rowid@;"
    "CREATE INDEX inbound_message_subscriber ON inbound_message (subscriber, effect, at);"
    "CREATE INDEX inbound_message_at ON inbound_message (at);"

    "CREATE TABLE inbound_place ("
    " hash @blob@ NOT NULL PRIMARY KEY,"
    " at @integer@ NOT NULL,"
    " is_done @integer@ NOT NULL) @strict_without_rowid@;"
    "CREATE INDEX inbound_place_at ON inbound_place (at);";

/* Of aggregate reports (RFC 9990): which were counted, by a hash of who reports, its name and its
 * domain; and how many messages came from which address on which day (since 1970), with what result
 * (enum dmarc_result) and as whose report says. An empty source and reporter are all that a day had
 * beyond so many different ones. */
static const char dmarc[] = "CREATE TABLE inbound_dmarc_report ("
                            " hash @blob@ NOT NULL PRIMARY KEY,"
                            " at @integer@ NOT NULL,"
                            " day @integer@ NOT NULL) @strict_without_rowid@;"
                            "CREATE INDEX inbound_dmarc_report_at ON inbound_dmarc_report (at);"
                            "CREATE INDEX inbound_dmarc_report_day ON inbound_dmarc_report (day);"

                            "CREATE TABLE inbound_dmarc ("
                            " day @integer@ NOT NULL,"
                            " source @text@ NOT NULL,"
                            " reporter @text@ NOT NULL,"
                            " result @integer@ NOT NULL,"
                            " count @integer@ NOT NULL,"
                            " PRIMARY KEY (day, source, reporter, result)) @strict_without_rowid@;";

/* Why a message is for a person to read: enum inbound_left. */
static const char left[] = "ALTER TABLE inbound_place ADD COLUMN why @integer@ NOT NULL DEFAULT 0";

/* Nobody asks for the messages of one subscriber any more. */
static const char unasked[] = "DROP INDEX inbound_message_subscriber;";

static const char *const migrations[] = { tables, dmarc, left, unasked };

const struct database_schema inbound_schema = { "inbound", migrations,
                                                sizeof migrations / sizeof migrations[0] };
