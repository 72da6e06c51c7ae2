/* SPDX-License-Identifier: MIT */
#include "digest/digest.h"

#include "database/database.h"

/* at, …_at: milliseconds since 1970; announcement, mailing: of queue/; subscriber:
 * subscriber.row_id of subscriber/. */

static const char item[] =
    /* Something that was announced and belongs in digests: a release, a correction, a withdrawal.
     */
    "CREATE TABLE digest_item ("
    " row_id @row_id_primary_key@,"
    " release_row_id @integer@ NOT NULL," /* of the original */
    " kind @integer@ NOT NULL,"           /* enum queue_kind */
    " deduplication_key @text@ NOT NULL," /* deduplication key, as announcement's */
    " mailing @integer@ NOT NULL,"        /* that brings it at once; 0: none */
    " at @integer@ NOT NULL,"             /* it belongs to the first issue from then on … */
    " ripe_at @integer@ NOT NULL,"        /* … but is in none that is made before */
    " voided_at @integer@,"               /* withdrawn since: in no issue any more */
    " daily_issue @integer@,"             /* issue that took it for daily readers; NULL: it waits;
                                               0: in none ever */
    " weekly_issue @integer@,"            /* the same for weekly readers */
    " UNIQUE (release_row_id, kind, deduplication_key)) @strict@;"
    "CREATE INDEX digest_item_at ON digest_item (at);"
    "CREATE INDEX digest_item_daily ON digest_item (daily_issue, kind, at);"
    "CREATE INDEX digest_item_weekly ON digest_item (weekly_issue, kind, at);"

    /* As mailing_feed: which feeds select which version. */
    "CREATE TABLE digest_item_feed ("
    " item @integer@ NOT NULL,"
    " feed @text@ NOT NULL,"
    " version @integer@ NOT NULL,"
    " language @text@ NOT NULL,"
    " place @integer@ NOT NULL,"
    " PRIMARY KEY (item, feed, version)) @strict_without_rowid@;";

static const char issue[] =
    /* A digest issue: one for each date of the newsroom that has anything. */
    "CREATE TABLE digest_issue ("
    " row_id @row_id_primary_key@,"
    " date @text@ NOT NULL UNIQUE,"
    " daily_at @integer@ NOT NULL,"
    " weekly_at @integer@,"    /* NULL: for daily readers alone */
    " announcement @integer@," /* NULL: nobody has a row yet */
    " mailing @integer@,"
    " composed_to @integer@ NOT NULL," /* the last subscriber whose row is made */
    " is_complete @integer@ NOT NULL) @strict@;"
    "CREATE INDEX digest_issue_begun ON digest_issue (row_id) WHERE is_complete = 0;"
    "CREATE INDEX digest_issue_weekly ON digest_issue (weekly_at);"
    "CREATE INDEX digest_issue_mailing ON digest_issue (mailing);"
    "CREATE INDEX digest_issue_at ON digest_issue (daily_at);";

static const char content[] =
    /* What makes one message: subscribers who get the same items share it. */
    "CREATE TABLE digest_content ("
    " row_id @row_id_primary_key@,"     /* delivery.version of a digest */
    " announcement @integer@ NOT NULL," /* of its issue */
    " fingerprint @blob@ NOT NULL,"     /* of its items and their versions */
    " UNIQUE (announcement, fingerprint)) @strict@;"
    "CREATE TABLE digest_content_item ("
    " content @integer@ NOT NULL,"
    " item @integer@ NOT NULL,"
    " version @integer@ NOT NULL,"
    " PRIMARY KEY (content, item)) @strict_without_rowid@;"

    /* Which items, in which versions, the issue of that announcement brought to anybody: so the
       issues that a subscriber may have something from are found without their contents, of which
       there may be as many as subscribers. */
    "CREATE TABLE digest_issue_item ("
    " item @integer@ NOT NULL,"
    " version @integer@ NOT NULL,"
    " announcement @integer@ NOT NULL,"
    " PRIMARY KEY (item, version, announcement)) @strict_without_rowid@;"
    "CREATE INDEX digest_issue_item_announcement ON digest_issue_item (announcement);"

    /* Releases that digests brought, when it is not known any more to whom (retention.c). */
    "CREATE TABLE digest_forgotten ("
    " release_row_id @integer@ NOT NULL PRIMARY KEY) @strict_without_rowid@;";

static const char backlog[] =
    /* The backlog: what a digest still has to bring to one subscriber, whichever issue took it. */
    "CREATE TABLE digest_backlog ("
    " subscriber @integer@ NOT NULL,"
    " item @integer@ NOT NULL,"
    " at @integer@ NOT NULL," /* not before */
    " PRIMARY KEY (subscriber, item)) @strict_without_rowid@;"
    "CREATE INDEX digest_backlog_item ON digest_backlog (item, at);"
    "CREATE INDEX digest_backlog_at ON digest_backlog (at, item);";

static const char *const version_1[] = { item, issue, content, backlog, NULL };

static const char stopping[] =
    "ALTER TABLE digest_item ADD COLUMN stopped_at @integer@;" /* somebody wrote STOP: in no issue
                                                                  and no message until it goes on */
    ;

static const char *const version_2[] = { stopping, NULL };

static const char *const *const migrations[] = { version_1, version_2 };

const struct database_schema digest_schema = {
    .name = "digest",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
};
