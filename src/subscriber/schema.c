/* SPDX-License-Identifier: MIT */
#include "subscriber/subscriber.h"

#include "database/database.h"

#include <string.h>

/* Numbers in state, event, way and cadence are those of the enums; a subscription is 0 pending or
 * 1 active. Columns that queue/ reads: subscriber (id, address, language, state), subscription
 * (subscriber, feed, cadence, state, digest_after), request (number, voided_at, used_at,
 * expires_at).
 *
 * ration holds one row for each mail that a request caused, for a day; suppression the keyed hashes
 * of addresses that were forgotten. */
static const char tables[] =
    "CREATE TABLE subscriber ("
    " id @integer@ NOT NULL PRIMARY KEY,"
    " address @text@ NOT NULL,"
    " folded @text@ NOT NULL UNIQUE,"
    " budget @text@ NOT NULL,"
    " language @text@ NOT NULL,"
    " state @integer@ NOT NULL,"
    " created_at @integer@ NOT NULL,"
    " changed_at @integer@ NOT NULL) @strict@;"
    "CREATE INDEX subscriber_state ON subscriber (state, language);"

    "CREATE TABLE subscription ("
    " subscriber @integer@ NOT NULL REFERENCES subscriber (id),"
    " feed @text@ NOT NULL,"
    " cadence @integer@ NOT NULL,"
    " state @integer@ NOT NULL,"
    " since_at @integer@ NOT NULL,"
    " PRIMARY KEY (subscriber, feed)) @strict_without_rowid@;"
    "CREATE INDEX subscription_waiting ON subscription (subscriber) WHERE state = 0;"

    "CREATE TABLE request ("
    " number @integer@ NOT NULL PRIMARY KEY,"
    " subscriber @integer@ NOT NULL REFERENCES subscriber (id),"
    " cadence @integer@ NOT NULL,"
    " language @text@ NOT NULL,"
    " feeds @text@ NOT NULL," /* names with a space between */
    " created_at @integer@ NOT NULL,"
    " expires_at @integer@ NOT NULL,"
    " voided_at @integer@,"
    " used_at @integer@) @strict@;"
    "CREATE INDEX request_subscriber ON request (subscriber);"

    "CREATE TABLE event ("
    " number @number_primary_key@,"
    " subscriber @integer@ NOT NULL REFERENCES subscriber (id),"
    " at @integer@ NOT NULL,"
    " event @integer@ NOT NULL,"
    " way @integer@ NOT NULL,"
    " feeds @text@ NOT NULL,"
    " cadence @integer@,"
    " language @text@ NOT NULL,"
    " consent_at @integer@,"
    " wording @text@,"
    " wording_version @text@,"
    " evidence @text@,"
    " network @text@) @strict@;"
    "CREATE INDEX event_subscriber ON event (subscriber);"

    "CREATE TABLE ration ("
    " budget @text@ NOT NULL,"
    " at @integer@ NOT NULL,"
    " number @integer@ NOT NULL," /* tells mails of one instant apart */
    " PRIMARY KEY (budget, at, number)) @strict_without_rowid@;"

    "CREATE TABLE suppression ("
    " hash @blob@ NOT NULL PRIMARY KEY,"
    " at @integer@ NOT NULL) @strict_without_rowid@;";

/* What is looked up to be erased by its age, and a row for each erasing whose bytes may still stand
 * in the store's files (erasure.c). */
static const char erasing[] =
    "CREATE INDEX subscriber_departed ON subscriber (changed_at) WHERE state > 2;"
    "CREATE INDEX request_unused ON request (expires_at) WHERE used_at IS NULL;"
    "CREATE INDEX ration_at ON ration (at);"
    "CREATE TABLE erasure (number @number_primary_key@, at @integer@ NOT NULL) @strict@;";

/* A person's events stand together: they are read by person alone, and need no index besides. */
static const char events[] =
    "CREATE TABLE event_by_subscriber ("
    " subscriber @integer@ NOT NULL REFERENCES subscriber (id),"
    " number @integer@ NOT NULL," /* of the person's events: 1, 2 … */
    " at @integer@ NOT NULL,"
    " event @integer@ NOT NULL,"
    " way @integer@ NOT NULL,"
    " feeds @text@ NOT NULL,"
    " cadence @integer@,"
    " language @text@ NOT NULL,"
    " consent_at @integer@,"
    " wording @text@,"
    " wording_version @text@,"
    " evidence @text@,"
    " network @text@,"
    " PRIMARY KEY (subscriber, number)) @strict_without_rowid@;"
    "INSERT INTO event_by_subscriber (subscriber, number, at, event, way, feeds, cadence, language,"
    " consent_at, wording, wording_version, evidence, network) SELECT subscriber, number, at, event,"
    " way, feeds, cadence, language, consent_at, wording, wording_version, evidence, network"
    " FROM event ORDER BY subscriber, number;"
    "DROP TABLE event;"
    "ALTER TABLE event_by_subscriber RENAME TO event;";

/* digest_after: the last digest_item (queue/) of before the subscription began or changed: what
 * followed belongs to its digests. */
static const char digests[] =
    "ALTER TABLE subscription ADD COLUMN digest_after @integer@ NOT NULL DEFAULT 0;"
    "CREATE INDEX subscription_digest ON subscription (subscriber)"
    " WHERE cadence <> 0 AND state = 1;";

/* Proof that could be altered would be none; it goes with the person alone, by an erasing that has
 * been noted (erasure.c). */
static const char proof[] = "CREATE TRIGGER event_altered BEFORE UPDATE ON event @refuse@;"
                            "CREATE TRIGGER event_deleted BEFORE DELETE ON event"
                            " @refuse_without_row_of@ erasure @end_refuse@;";

/* standing.h: what came back of a person's mails (mailing 0: a single one), and the probes.
 * is_judged: whether it was looked at what follows from it. */
static const char standing[] =
    "CREATE TABLE standing_return ("
    " subscriber @integer@ NOT NULL REFERENCES subscriber (id),"
    " mailing @integer@ NOT NULL,"
    " single @integer@ NOT NULL,"
    " at @integer@ NOT NULL,"
    " sent_at @integer@ NOT NULL,"
    " smtp_code @integer@,"
    " enhanced @text@,"
    " is_judged @integer@ NOT NULL,"
    " PRIMARY KEY (subscriber, mailing, single)) @strict_without_rowid@;"
    "CREATE INDEX standing_return_mailing ON standing_return (is_judged, mailing);"
    "CREATE INDEX standing_return_at ON standing_return (at);"
    "CREATE TABLE standing_probe ("
    " single @integer@ NOT NULL PRIMARY KEY,"
    " subscriber @integer@ NOT NULL REFERENCES subscriber (id),"
    " at @integer@ NOT NULL,"
    " ended_at @integer@ NOT NULL,"
    " ending @integer@ NOT NULL) @strict_without_rowid@;"
    "CREATE INDEX standing_probe_subscriber ON standing_probe (subscriber);"
    "CREATE INDEX standing_probe_out ON standing_probe (single) WHERE ending = 0;"
    "CREATE INDEX standing_probe_ended ON standing_probe (ended_at) WHERE ending <> 0;";

static const char *const migrations[] = { tables, erasing, events, digests, proof, standing };

const struct database_schema subscriber_schema = { "subscriber", migrations,
                                                   sizeof migrations / sizeof migrations[0] };

static const char *const cadences[] = { [SUBSCRIBER_IMMEDIATE] = "immediate",
                                        [SUBSCRIBER_DAILY] = "daily",
                                        [SUBSCRIBER_WEEKLY] = "weekly" };

const char *subscriber_cadence_name(enum subscriber_cadence cadence)
{
    return (unsigned)cadence <= SUBSCRIBER_WEEKLY ? cadences[cadence] : "?";
}

bool subscriber_cadence_parse(const char *name, enum subscriber_cadence *cadence)
{
    for (int i = SUBSCRIBER_IMMEDIATE; i <= SUBSCRIBER_WEEKLY; i++) {
        if (strcmp(cadences[i], name) == 0) {
            *cadence = (enum subscriber_cadence)i;
            return true;
        }
    }
    return false;
}

const char *subscriber_way_name(enum subscriber_way way)
{
    switch (way) {
    case SUBSCRIBER_BY_WEB:
        return "web";
    case SUBSCRIBER_BY_MAIL:
        return "mail";
    case SUBSCRIBER_BY_CLI:
        return "cli";
    case SUBSCRIBER_BY_IMPORT:
        return "import";
    case SUBSCRIBER_BY_ITSELF:
        return "system";
    }
    return "?";
}
