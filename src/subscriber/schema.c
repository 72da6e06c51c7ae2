/* SPDX-License-Identifier: MIT */
#include "subscriber/subscriber.h"

#include "database/database.h"
#include "subscriber/standing.h"

#include <string.h>

/* at, …_at: milliseconds since 1970. Numbers of an enum are those named beside the column. */

/* Somebody with an address: what they are now. state is what their events amount to. */
static const char subscriber[] =
    "CREATE TABLE subscriber ("
    " row_id @integer@ NOT NULL PRIMARY KEY," /* random, never given again */
    " address @text@ NOT NULL,"               /* as it was written */
    " folded @text@ NOT NULL UNIQUE,"         /* as it is compared */
    " rate_limit_key @text@ NOT NULL,"        /* whose rate limit its mails count against */
    " language @text@ NOT NULL,"
    " state @integer@ NOT NULL," /* enum subscriber_state */
    " created_at @integer@ NOT NULL,"
    " changed_at @integer@ NOT NULL) @strict@;"
    "CREATE INDEX subscriber_state ON subscriber (state, language);"
    /* Who left, bounced or complained long ago is erased by age (erasure.c). */
    "CREATE INDEX subscriber_departed ON subscriber (changed_at)"
    " WHERE state > @SUBSCRIBER_CONFIRMED@;"

    /* A feed that a subscriber follows, or will once the request for it is confirmed. */
    "CREATE TABLE subscription ("
    " subscriber @integer@ NOT NULL REFERENCES subscriber (row_id),"
    " feed @text@ NOT NULL,"
    " cadence @integer@ NOT NULL," /* enum subscriber_cadence */
    " state @integer@ NOT NULL,"   /* enum subscription_state */
    " since_at @integer@ NOT NULL,"
    " digest_after @integer@ NOT NULL DEFAULT 0," /* the last digest_item of before it began or
                                                     changed: what follows belongs to its digests */
    " PRIMARY KEY (subscriber, feed)) @strict_without_rowid@;"
    "CREATE INDEX subscription_waiting ON subscription (subscriber)"
    " WHERE state = @SUBSCRIPTION_PENDING@;"
    "CREATE INDEX subscription_digest ON subscription (subscriber)"
    " WHERE cadence <> @SUBSCRIBER_IMMEDIATE@ AND state = @SUBSCRIPTION_ACTIVE@;";

/* A subscription request, until it is confirmed, expires or is replaced; also who asks to see or to
 * erase what is kept. */
static const char request[] =
    "CREATE TABLE request ("
    " row_id @integer@ NOT NULL PRIMARY KEY," /* random: the token of its link names it */
    " subscriber @integer@ NOT NULL REFERENCES subscriber (row_id),"
    " cadence @integer@ NOT NULL," /* enum subscriber_cadence */
    " language @text@ NOT NULL,"
    " feeds @text@ NOT NULL," /* names with a space between */
    " created_at @integer@ NOT NULL,"
    " expires_at @integer@ NOT NULL,"
    " voided_at @integer@," /* replaced, or the subscriber left */
    " used_at @integer@) @strict@;"
    "CREATE INDEX request_subscriber ON request (subscriber);"
    "CREATE INDEX request_unused ON request (expires_at) WHERE used_at IS NULL;";

/* What happened to a subscriber, and the proof of it. A subscriber's events stand together, as they
 * are read by subscriber alone. Proof that could be altered would be none: it goes with the
 * subscriber only, while an erasure that was noted first is under way. */
static const char event[] =
    "CREATE TABLE event ("
    " subscriber @integer@ NOT NULL REFERENCES subscriber (row_id),"
    " number @integer@ NOT NULL," /* of the subscriber's events: 1, 2 … */
    " at @integer@ NOT NULL,"
    " event @integer@ NOT NULL," /* enum subscriber_event */
    " way @integer@ NOT NULL,"   /* enum subscriber_way */
    " feeds @text@ NOT NULL,"    /* names with a space between */
    " cadence @integer@,"        /* enum subscriber_cadence */
    " language @text@ NOT NULL,"
    " consent_at @integer@,"   /* given elsewhere then */
    " wording @text@,"         /* what the subscriber was shown, to the letter … */
    " wording_version @text@," /* … and of which template */
    " evidence @text@,"        /* where consent was given, in the newsroom's words */
    " network @text@,"         /* of the request: /24 or /48 */
    " PRIMARY KEY (subscriber, number)) @strict_without_rowid@;"

    /* Erasures whose bytes may still stand in the store's files (erasure.c). */
    "CREATE TABLE erasure (row_id @row_id_primary_key@, at @integer@ NOT NULL) @strict@;"

    "CREATE TRIGGER event_altered BEFORE UPDATE ON event @refuse@;"
    "CREATE TRIGGER event_deleted BEFORE DELETE ON event"
    " @refuse_without_row_of@ erasure @end_refuse@;";

/* What keeps strangers from being mailed. */
static const char protection[] =
    /* Rate limit: a row for each mail that a request caused, for a day. */
    "CREATE TABLE rate_limited_mail ("
    " rate_limit_key @text@ NOT NULL," /* subscriber.rate_limit_key */
    " at @integer@ NOT NULL,"
    " number @integer@ NOT NULL," /* tells mails of one instant apart */
    " PRIMARY KEY (rate_limit_key, at, number)) @strict_without_rowid@;"
    "CREATE INDEX rate_limited_mail_at ON rate_limited_mail (at);"

    /* Addresses that were erased and must not be imported again: keyed hashes, no addresses. */
    "CREATE TABLE suppression ("
    " hash @blob@ NOT NULL PRIMARY KEY,"
    " at @integer@ NOT NULL) @strict_without_rowid@;";

/* What counts against an address (standing.h). */
static const char standing[] =
    /* A mail that the address did not take, or that was returned. */
    "CREATE TABLE standing_return ("
    " subscriber @integer@ NOT NULL REFERENCES subscriber (row_id),"
    " mailing @integer@ NOT NULL,"       /* 0: a transactional mail */
    " transactional @integer@ NOT NULL," /* transactional_mail.row_id; 0: of a mailing */
    " at @integer@ NOT NULL,"
    " sent_at @integer@ NOT NULL,"
    " smtp_code @integer@,"
    " enhanced @text@,"
    " is_judged @integer@ NOT NULL," /* what follows from it was decided */
    " PRIMARY KEY (subscriber, mailing, transactional)) @strict_without_rowid@;"
    "CREATE INDEX standing_return_mailing ON standing_return (is_judged, mailing);"
    "CREATE INDEX standing_return_at ON standing_return (at);"

    /* A mail that asks nothing, to learn whether the address takes mail. */
    "CREATE TABLE standing_probe ("
    " transactional @integer@ NOT NULL PRIMARY KEY," /* transactional_mail.row_id */
    " subscriber @integer@ NOT NULL REFERENCES subscriber (row_id),"
    " at @integer@ NOT NULL,"
    " ended_at @integer@ NOT NULL,"                       /* 0: not ended */
    " ending @integer@ NOT NULL) @strict_without_rowid@;" /* enum standing_probe_end */
    "CREATE INDEX standing_probe_subscriber ON standing_probe (subscriber);"
    "CREATE INDEX standing_probe_out ON standing_probe (transactional)"
    " WHERE ending = @STANDING_PROBE_OUT@;"
    "CREATE INDEX standing_probe_ended ON standing_probe (ended_at)"
    " WHERE ending <> @STANDING_PROBE_OUT@;";

/* All that queue/ and digest/ may see of these tables: they are below this module, and ask in the
 * statement that marks a row whether its mail may still leave, and in the one that makes a digest
 * who follows what (tests/lint/check_tables.py holds it). */
static const char views[] =
    /* Who may be mailed. */
    "CREATE VIEW mailable_subscriber (row_id, address, language) AS SELECT row_id, address, language"
    " FROM subscriber WHERE state = @SUBSCRIBER_CONFIRMED@;"

    /* Whoever is known, mailable or not: whose address a row is of. */
    "CREATE VIEW known_subscriber (row_id, address, language) AS SELECT row_id, address, language"
    " FROM subscriber;"

    /* Feeds whose releases a subscriber gets at once. */
    "CREATE VIEW immediate_subscription (subscriber, feed) AS SELECT subscriber, feed"
    " FROM subscription WHERE state = @SUBSCRIPTION_ACTIVE@ AND cadence = @SUBSCRIBER_IMMEDIATE@;"

    /* Feeds that a subscriber follows, however; and those followed in digests alone, in the words
     * of subscription_digest. */
    "CREATE VIEW active_subscription (subscriber, feed, is_daily, is_weekly, digest_after)"
    " AS SELECT subscriber, feed, CASE WHEN cadence = @SUBSCRIBER_DAILY@ THEN 1 ELSE 0 END,"
    " CASE WHEN cadence = @SUBSCRIBER_WEEKLY@ THEN 1 ELSE 0 END, digest_after"
    " FROM subscription WHERE state = @SUBSCRIPTION_ACTIVE@;"
    "CREATE VIEW digest_subscription (subscriber, feed) AS SELECT subscriber, feed"
    " FROM subscription"
    " WHERE cadence <> @SUBSCRIBER_IMMEDIATE@ AND state = @SUBSCRIPTION_ACTIVE@;"

    /* Requests whose mail is still wanted, until they expire. */
    "CREATE VIEW open_request (row_id, expires_at) AS SELECT row_id, expires_at FROM request"
    " WHERE voided_at IS NULL AND used_at IS NULL;";

static const char *const version_1[] = { subscriber, request, event, protection,
                                         standing,   views,   NULL };

static const char *const *const migrations[] = { version_1 };

/* clang-format off */
static const struct sql_macro macros[] = {
    SUBSCRIBER_STATES(SQL_NAMED_MACRO)
    SUBSCRIBER_EVENTS(SQL_NAMED_MACRO)
    SUBSCRIBER_CADENCES(SQL_NAMED_MACRO)
    SUBSCRIPTION_STATES(SQL_MACRO)
    SUBSCRIBER_WAYS(SQL_NAMED_MACRO)
    STANDING_PROBE_ENDS(SQL_NAMED_MACRO)
    { NULL, NULL },
};
/* clang-format on */

const struct database_schema subscriber_schema = {
    .name = "subscriber",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
    .macros = macros,
};

static const char *const cadences[] = { SUBSCRIBER_CADENCES(SQL_NAME) };

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
    static const char *const names[] = { SUBSCRIBER_WAYS(SQL_NAME) };
    return (unsigned)way < sizeof names / sizeof names[0] ? names[way] : "?";
}
