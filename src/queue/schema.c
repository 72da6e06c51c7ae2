/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "database/database.h"

#include <assert.h>
#include <string.h>

/* States and kinds in SQL are the numbers of the enums in queue.h: 0 queued, 1 sending, 2 sent,
 * 3 deferred, 4 failed, 5 suppressed, 6 unknown, 7 cancelled.
 *
 * worker: 0, or who holds the row; below 0, the receiver that it is parked for (receiver.h).
 * is_cancelled: its mailing was cancelled while the row was being sent, or is in doubt; or a later
 * mail about the release made a row in doubt needless. doubts: how often a crash, or a connection
 * lost behind the final dot, left it in doubt: above 0 it may have arrived. A delivery has no
 * foreign key: it outlives its subscriber's row, and a million checks would cost more than the
 * insert. The partial indexes hold what waits and what is held, so that finished rows cost nothing.
 */
static const char tables[] =
    "CREATE TABLE announcement ("
    " number @number_primary_key@,"
    " release_number @integer@ NOT NULL,"
    " kind @integer@ NOT NULL,"
    " occasion @text@ NOT NULL,"
    " UNIQUE (release_number, kind, occasion)) @strict@;"

    "CREATE TABLE mailing ("
    " number @number_primary_key@,"
    " announcement @integer@ NOT NULL REFERENCES announcement (number),"
    " state @integer@ NOT NULL,"
    " note @text@ NOT NULL,"
    " is_urgent @integer@ NOT NULL,"
    " created_at @integer@ NOT NULL,"
    " starts_at @integer@ NOT NULL,"
    " message_at @integer@ NOT NULL,"
    " started_at @integer@,"
    " finished_at @integer@,"
    " claimed_at @integer@ NOT NULL DEFAULT 0," /* last turn among the mailings of its class */
    " is_counted @integer@ NOT NULL DEFAULT 0," /* the books below are final */
    " queued @integer@ NOT NULL DEFAULT 0,"
    " sending @integer@ NOT NULL DEFAULT 0,"
    " sent @integer@ NOT NULL DEFAULT 0,"
    " deferred @integer@ NOT NULL DEFAULT 0,"
    " failed @integer@ NOT NULL DEFAULT 0,"
    " suppressed @integer@ NOT NULL DEFAULT 0,"
    " unknown @integer@ NOT NULL DEFAULT 0,"
    " cancelled @integer@ NOT NULL DEFAULT 0,"
    " bounced @integer@ NOT NULL DEFAULT 0,"
    " complained @integer@ NOT NULL DEFAULT 0) @strict@;"
    "CREATE INDEX mailing_announcement ON mailing (announcement);"
    "CREATE INDEX mailing_unfinished ON mailing (state) WHERE state IN (0, 1, 2);"

    "CREATE TABLE delivery ("
    " announcement @integer@ NOT NULL,"
    " subscriber @integer@ NOT NULL,"
    " mailing @integer@ NOT NULL,"
    " version @integer@ NOT NULL,"
    " state @integer@ NOT NULL,"
    " next_at @integer@ NOT NULL,"
    " worker @integer@ NOT NULL DEFAULT 0,"
    " attempts @integer@ NOT NULL DEFAULT 0,"
    " doubts @integer@ NOT NULL DEFAULT 0,"
    " is_cancelled @integer@ NOT NULL DEFAULT 0,"
    " revision @integer@ NOT NULL DEFAULT 0,"
    " aftermath @integer@ NOT NULL DEFAULT 0," /* 1 bounced, 2 complained, 3 both */
    " updated_at @integer@ NOT NULL,"
    " smtp_code @integer@,"
    " enhanced @text@,"
    " outcome @text@,"
    " PRIMARY KEY (announcement, subscriber)) @strict_without_rowid@;"
    "CREATE INDEX delivery_due ON delivery (mailing, next_at)"
    " WHERE state IN (0, 3) AND worker = 0;"
    "CREATE INDEX delivery_held ON delivery (worker) WHERE worker <> 0;"
    "CREATE INDEX delivery_unknown ON delivery (mailing) WHERE state = 6;"

    "CREATE TABLE single_mail ("
    " number @number_primary_key@,"
    " kind @integer@ NOT NULL,"
    " subscriber @integer@,"
    " request @integer@,"
    " address @text@,"
    " language @text@ NOT NULL,"
    " payload @text@,"
    " created_at @integer@ NOT NULL,"
    " state @integer@ NOT NULL,"
    " next_at @integer@ NOT NULL,"
    " worker @integer@ NOT NULL DEFAULT 0,"
    " attempts @integer@ NOT NULL DEFAULT 0,"
    " doubts @integer@ NOT NULL DEFAULT 0,"
    " updated_at @integer@ NOT NULL,"
    " smtp_code @integer@,"
    " enhanced @text@,"
    " outcome @text@) @strict@;"
    "CREATE INDEX single_mail_due ON single_mail (next_at) WHERE state IN (0, 3) AND worker = 0;"
    "CREATE INDEX single_mail_held ON single_mail (worker) WHERE worker <> 0;"
    "CREATE INDEX single_mail_subscriber ON single_mail (subscriber);"
    "CREATE INDEX single_mail_request ON single_mail (request);";

/* forgotten: 1 the texts of its outcomes, 2 some of its rows, 3 all of them (retention.c). */
static const char forgetting[] =
    "ALTER TABLE mailing ADD COLUMN forgotten @integer@ NOT NULL DEFAULT 0;";

/* Which feeds select which version in a mailing; place: 0 the original, then in the order given. */
static const char selecting[] = "CREATE TABLE mailing_feed ("
                                " mailing @integer@ NOT NULL,"
                                " feed @text@ NOT NULL,"
                                " version @integer@ NOT NULL,"
                                " language @text@ NOT NULL,"
                                " place @integer@ NOT NULL,"
                                " PRIMARY KEY (mailing, feed, version)) @strict_without_rowid@;"
                                "CREATE INDEX mailing_feed_version ON mailing_feed (version);";

/* With exactly the conditions of retention.c, so that what is kept costs nothing when something to
 * forget is looked for; and what is left in doubt (sending.c). */
static const char forgettable[] =
    "CREATE INDEX mailing_forgettable ON mailing (forgotten, finished_at)"
    " WHERE state IN (3, 4) AND is_counted = 1 AND forgotten < 3;"
    "CREATE INDEX single_mail_ended ON single_mail (updated_at)"
    " WHERE state IN (2, 4, 5, 6, 7) AND worker = 0;"
    "CREATE INDEX single_mail_told ON single_mail (updated_at)"
    " WHERE state IN (2, 4, 5, 6, 7) AND outcome IS NOT NULL;"
    "CREATE INDEX single_mail_unknown ON single_mail (number) WHERE state = 6;";

/* Ended mailings whose books are still open (books.c, idle.c). */
static const char uncounted[] = "CREATE INDEX mailing_uncounted ON mailing (number)"
                                " WHERE is_counted = 0 AND state IN (3, 4);";

/* One row, 'rate': the timetable of mail.rate (sending.c). */
static const char pacing[] = "CREATE TABLE pace ("
                             " name @text@ NOT NULL PRIMARY KEY,"
                             " next_ns @integer@ NOT NULL) @strict_without_rowid@;";

/* digest.h. daily_edition, weekly_edition: NULL: waits; 0: in none ever. mailing 0: none. items: "
 * ITEM:VERSION ITEM:VERSION ", by item. */
static const char digests[] = "CREATE TABLE digest_item ("
                              " number @number_primary_key@,"
                              " release_number @integer@ NOT NULL,"
                              " kind @integer@ NOT NULL,"
                              " occasion @text@ NOT NULL,"
                              " mailing @integer@ NOT NULL,"
                              " at @integer@ NOT NULL,"
                              " ripe_at @integer@ NOT NULL,"
                              " voided_at @integer@,"
                              " daily_edition @integer@,"
                              " weekly_edition @integer@,"
                              " UNIQUE (release_number, kind, occasion)) @strict@;"
                              "CREATE INDEX digest_item_daily ON digest_item (daily_edition, at);"
                              "CREATE INDEX digest_item_weekly ON digest_item (weekly_edition, at);"

                              "CREATE TABLE digest_item_feed ("
                              " item @integer@ NOT NULL,"
                              " feed @text@ NOT NULL,"
                              " version @integer@ NOT NULL,"
                              " language @text@ NOT NULL,"
                              " place @integer@ NOT NULL,"
                              " PRIMARY KEY (item, feed, version)) @strict_without_rowid@;"

                              "CREATE TABLE digest_edition ("
                              " number @number_primary_key@,"
                              " occasion @text@ NOT NULL UNIQUE,"
                              " daily_at @integer@ NOT NULL,"
                              " weekly_at @integer@,"
                              " announcement @integer@,"
                              " mailing @integer@,"
                              " composed_to @integer@ NOT NULL,"
                              " is_complete @integer@ NOT NULL) @strict@;"

                              "CREATE TABLE digest_content ("
                              " number @number_primary_key@,"
                              " announcement @integer@ NOT NULL,"
                              " items @text@ NOT NULL,"
                              " UNIQUE (announcement, items)) @strict@;"

                              "CREATE TABLE digest_owed ("
                              " subscriber @integer@ NOT NULL,"
                              " item @integer@ NOT NULL,"
                              " at @integer@ NOT NULL,"
                              " PRIMARY KEY (subscriber, item)) @strict_without_rowid@;"
                              "CREATE INDEX digest_owed_item ON digest_owed (item);";

/* What digests and looks at the queue ask for. digest_holding: whether a digest of that
 * announcement brought the item to anybody; so what somebody had is found without reading all
 * contents there ever were. digest_forgotten: releases that digests brought, to whom is not known
 * any more (retention.c). delivery_again, single_mail_again: the conditions of doubt.h. */
static const char finding[] =
    "CREATE TABLE digest_holding ("
    " item @integer@ NOT NULL,"
    " announcement @integer@ NOT NULL,"
    " PRIMARY KEY (item, announcement)) @strict_without_rowid@;"
    "CREATE INDEX digest_holding_announcement ON digest_holding (announcement);"
    "INSERT INTO digest_holding (item, announcement) SELECT DISTINCT i.number, k.announcement"
    " FROM digest_content k JOIN digest_item i ON k.items LIKE '% ' || i.number || ':%';"
    "CREATE TABLE digest_forgotten ("
    " release_number @integer@ NOT NULL PRIMARY KEY) @strict_without_rowid@;"
    "CREATE INDEX digest_item_at ON digest_item (at);"
    "CREATE INDEX digest_edition_begun ON digest_edition (number) WHERE is_complete = 0;"
    "CREATE INDEX digest_edition_weekly ON digest_edition (weekly_at);"
    "CREATE INDEX digest_edition_mailing ON digest_edition (mailing);"
    "CREATE INDEX digest_edition_announcement ON digest_edition (announcement, daily_at);"
    "DROP INDEX digest_owed_item;"
    "CREATE INDEX digest_owed_item ON digest_owed (item, at);"
    "CREATE INDEX digest_owed_at ON digest_owed (at, item);"
    "CREATE INDEX delivery_again ON delivery (next_at)"
    " WHERE state = 6 AND doubts < 3 AND is_cancelled = 0;"
    "CREATE INDEX single_mail_again ON single_mail (next_at) WHERE state = 6 AND doubts < 3;";
static_assert(QUEUE_DOUBTS_MAXIMUM == 3, "the indexes of doubts need a migration");

/* Corrections and withdrawals wait for no edition: whoever looks for what does must not meet all
 * that there were. */
static const char waiting[] =
    "DROP INDEX digest_item_daily;"
    "CREATE INDEX digest_item_daily ON digest_item (daily_edition, kind, at);"
    "DROP INDEX digest_item_weekly;"
    "CREATE INDEX digest_item_weekly ON digest_item (weekly_edition, kind, at);";

/* How often a row was claimed: what is left of an earlier claim is told from the present one, also
 * where the same worker has both. */
static const char claiming[] =
    "ALTER TABLE delivery ADD COLUMN claims @integer@ NOT NULL DEFAULT 0;";

/* forward.h. octets: of what waits, and one; 0: it is sent, and only who wrote and when is left. */
static const char forwarding[] =
    "CREATE TABLE single_forward ("
    " number @integer@ NOT NULL PRIMARY KEY,"
    " writer @blob@ NOT NULL,"
    " at @integer@ NOT NULL,"
    " subscriber @integer@,"
    " octets @integer@ NOT NULL,"
    " is_whole @integer@ NOT NULL,"
    " address @text@,"
    " title @text@,"
    " page @text@,"
    " answers @text@,"
    " message @blob@) @strict@;"
    "CREATE INDEX single_forward_writer ON single_forward (writer, at);"
    "CREATE INDEX single_forward_subscriber ON single_forward (subscriber)"
    " WHERE subscriber IS NOT NULL;"
    "CREATE INDEX single_forward_waiting ON single_forward (at, octets) WHERE octets > 0;"
    "CREATE INDEX single_forward_sent ON single_forward (at) WHERE octets = 0;";

/* notice.h. One of a kind and subject is open at a time. */
static const char noticing[] = "CREATE TABLE notice ("
                               " number @number_primary_key@,"
                               " kind @integer@ NOT NULL,"
                               " subject @text@ NOT NULL,"
                               " cause @text@ NOT NULL,"
                               " since_at @integer@ NOT NULL,"
                               " until_at @integer@) @strict@;"
                               "CREATE UNIQUE INDEX notice_open ON notice (kind, subject)"
                               " WHERE until_at IS NULL;"
                               "CREATE INDEX notice_over ON notice (until_at)"
                               " WHERE until_at IS NOT NULL;";

/* returned.h: findings are bits of its enum; is_touched: something came back since it was looked at
 * in full. mailing_message_at: what one person was sent in a certain week. */
static const char returning[] = "CREATE TABLE mailing_return ("
                                " mailing @integer@ NOT NULL PRIMARY KEY,"
                                " refused @integer@ NOT NULL DEFAULT 0,"
                                " complained @integer@ NOT NULL DEFAULT 0,"
                                " doubtful @integer@ NOT NULL DEFAULT 0,"
                                " looked_at @integer@ NOT NULL DEFAULT 0,"
                                " people @integer@ NOT NULL DEFAULT 0,"
                                " waiting @integer@ NOT NULL DEFAULT 0,"
                                " tried @integer@ NOT NULL DEFAULT 0,"
                                " sent @integer@ NOT NULL DEFAULT 0,"
                                " is_ended @integer@ NOT NULL DEFAULT 0,"
                                " is_accepted @integer@ NOT NULL DEFAULT 0,"
                                " is_touched @integer@ NOT NULL DEFAULT 1,"
                                " findings @integer@ NOT NULL DEFAULT 0,"
                                " told @integer@ NOT NULL DEFAULT 0) @strict_without_rowid@;"
                                "CREATE INDEX mailing_return_touched ON mailing_return (mailing)"
                                " WHERE is_touched = 1;"
                                "CREATE INDEX mailing_return_untold ON mailing_return (mailing)"
                                " WHERE findings <> told;"
                                "CREATE INDEX mailing_return_found ON mailing_return (mailing)"
                                " WHERE findings <> 0;"
                                "CREATE INDEX mailing_message_at ON mailing (message_at);";

/* receiver.h. number: negated, the worker of what is parked. state: 0 watched, 1 held, 2 let go,
 * and something is parked still. receiver_domain: of firms whose mail a great provider takes in.
 * streak.h: refused_address: of the row that its mailing is in. */
static const char receiving[] = "CREATE TABLE receiver ("
                                " number @number_primary_key@,"
                                " name @text@ NOT NULL UNIQUE,"
                                " state @integer@ NOT NULL,"
                                " tried @integer@ NOT NULL,"
                                " refused @integer@ NOT NULL,"
                                " refusals @integer@ NOT NULL,"
                                " in_a_row @integer@ NOT NULL,"
                                " accepted_in_a_row @integer@ NOT NULL,"
                                " is_late @integer@ NOT NULL,"
                                " was_probed @integer@ NOT NULL,"
                                " refused_at @integer@ NOT NULL,"
                                " held_at @integer@,"
                                " probe_at @integer@,"
                                " reply @text@ NOT NULL) @strict@;"
                                "CREATE INDEX receiver_parking ON receiver (number)"
                                " WHERE state IN (1, 2);"
                                "CREATE TABLE receiver_domain ("
                                " domain @text@ NOT NULL PRIMARY KEY,"
                                " receiver @text@ NOT NULL) @strict_without_rowid@;"
                                "CREATE TABLE streak ("
                                " mailing @integer@ NOT NULL PRIMARY KEY,"
                                " ours @integer@ NOT NULL,"
                                " addresses @integer@ NOT NULL,"
                                " pauses @integer@ NOT NULL,"
                                " ours_domains @text@ NOT NULL,"
                                " address_domains @text@ NOT NULL) @strict_without_rowid@;"
                                "CREATE TABLE refused_address ("
                                " mailing @integer@ NOT NULL,"
                                " subscriber @integer@ NOT NULL,"
                                " announcement @integer@ NOT NULL,"
                                " at @integer@ NOT NULL,"
                                " smtp_code @integer@ NOT NULL,"
                                " enhanced @text@ NOT NULL,"
                                " outcome @text@ NOT NULL,"
                                " PRIMARY KEY (mailing, subscriber)) @strict_without_rowid@;"
                                "CREATE INDEX refused_address_subscriber"
                                " ON refused_address (subscriber);";

/* receiver.h: what came back for what is ours. announcement 0: subscriber is a single mail's
 * number. may_go_again: it is known to have come back from the very address that it was sent to. */
static const char taking_back[] = "CREATE TABLE receiver_return ("
                                  " announcement @integer@ NOT NULL,"
                                  " subscriber @integer@ NOT NULL,"
                                  " receiver @text@ NOT NULL,"
                                  " may_go_again @integer@ NOT NULL,"
                                  " at @integer@ NOT NULL,"
                                  " PRIMARY KEY (announcement, subscriber)) @strict_without_rowid@;"
                                  "CREATE INDEX receiver_return_receiver"
                                  " ON receiver_return (receiver);"
                                  "CREATE INDEX receiver_return_at ON receiver_return (at);";

/* One row: what is known of the relay (relay.h). */
static const char relaying[] = "CREATE TABLE relay ("
                               " name @text@ NOT NULL PRIMARY KEY,"
                               " url @text@ NOT NULL,"
                               " version @integer@ NOT NULL,"
                               " state @integer@ NOT NULL,"
                               " since_at @integer@ NOT NULL,"
                               " next_at @integer@ NOT NULL,"
                               " pauses @integer@ NOT NULL,"
                               " is_quota @integer@ NOT NULL,"
                               " is_rate @integer@ NOT NULL,"
                               " taken @integer@ NOT NULL,"
                               " taken_from @integer@ NOT NULL,"
                               " burst @integer@ NOT NULL,"
                               " was_easing @integer@ NOT NULL,"
                               " proven @integer@ NOT NULL,"
                               " base @integer@ NOT NULL,"
                               " suggested @integer@ NOT NULL,"
                               " connections @integer@ NOT NULL,"
                               " capped_at @integer@ NOT NULL,"
                               " session_messages @integer@ NOT NULL,"
                               " reply @text@ NOT NULL) @strict_without_rowid@;";

/* What holding a receiver, and resuming a mailing, ask for; and what goes with a person. */
static const char refusing[] =
    "CREATE INDEX receiver_domain_receiver ON receiver_domain (receiver);"
    "CREATE INDEX receiver_return_subscriber ON receiver_return (subscriber)"
    " WHERE announcement <> 0;";

/* Answers that are of nobody's mails are counted too. */
static const char counting[] =
    "DROP INDEX single_forward_subscriber;"
    "CREATE INDEX single_forward_subscriber ON single_forward (subscriber, at);";

/* When a bounce, or a refusal, last named the domain: it may be one person's. Those of before count
 * as of the last mailing. */
static const char aging[] =
    "ALTER TABLE receiver_domain ADD COLUMN at @integer@ NOT NULL DEFAULT 0;"
    "UPDATE receiver_domain SET at = (SELECT COALESCE(MAX(created_at), 0) FROM mailing);"
    "CREATE INDEX receiver_domain_at ON receiver_domain (at);"
    "CREATE INDEX receiver_watched ON receiver (refused_at) WHERE state = 0;";

/* is_ours: deferred, as it was refused for what is ours (net/refusal.h): once that is mended it
 * goes. No index of its own: each costs every message that is sent. */
static const char mending[] =
    "ALTER TABLE delivery ADD COLUMN is_ours @integer@ NOT NULL DEFAULT 0;";

/* Of those that came back, which wait to be taken back: nobody looks at the others by receiver. */
static const char remembering[] = "DROP INDEX receiver_return_receiver;"
                                  "CREATE INDEX receiver_return_receiver"
                                  " ON receiver_return (receiver) WHERE may_go_again = 1;";

static const char *const migrations[] = {
    tables,      forgetting, selecting, forgettable, uncounted, pacing,    digests,
    finding,     waiting,    claiming,  forwarding,  noticing,  returning, receiving,
    taking_back, relaying,   refusing,  counting,    aging,     mending,   remembering
};

const struct database_schema queue_schema = { "queue", migrations,
                                              sizeof migrations / sizeof migrations[0] };

const char *queue_state_name(enum queue_state state)
{
    static const char *const names[QUEUE_STATE_COUNT] = {
        [QUEUE_QUEUED] = "queued",   [QUEUE_SENDING] = "sending",
        [QUEUE_SENT] = "sent",       [QUEUE_DEFERRED] = "deferred",
        [QUEUE_FAILED] = "failed",   [QUEUE_SUPPRESSED] = "suppressed",
        [QUEUE_UNKNOWN] = "unknown", [QUEUE_CANCELLED] = "cancelled",
    };
    return (unsigned)state < QUEUE_STATE_COUNT ? names[state] : "?";
}

const char *queue_kind_name(enum queue_kind kind)
{
    switch (kind) {
    case QUEUE_RELEASE:
        return "release";
    case QUEUE_CORRECTION:
        return "correction";
    case QUEUE_WITHDRAWAL:
        return "withdrawal";
    case QUEUE_DIGEST:
        return "digest";
    }
    return "?";
}

const char *queue_mailing_state_name(enum queue_mailing_state state)
{
    switch (state) {
    case QUEUE_MAILING_ACTIVE:
        return "active";
    case QUEUE_MAILING_HELD:
        return "held";
    case QUEUE_MAILING_PAUSED:
        return "paused";
    case QUEUE_MAILING_FINISHED:
        return "finished";
    case QUEUE_MAILING_CANCELLED:
        return "cancelled";
    }
    return "?";
}
