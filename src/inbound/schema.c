/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "database/database.h"

/* inbound_message: what was seen to, by a hash of its bytes, so that it counts once even where it
 * could not be removed; also the memory of who bounced how often. No address stands here.
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

static const char *const migrations[] = { tables };

const struct database_schema inbound_schema = { "inbound", migrations,
                                                sizeof migrations / sizeof migrations[0] };
