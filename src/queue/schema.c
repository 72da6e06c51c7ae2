/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "database/database.h"
#include "queue/inside.h"
#include "queue/receiver_state.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "queue/trouble.h"

#include <assert.h>
#include <string.h>

/* What columns of one name mean in every table:
 *
 *   at, …_at      milliseconds since 1970
 *   state, kind   numbers of the enum named beside the column
 *   subscriber    subscriber.row_id of subscriber/; no foreign key, as rows here outlive theirs
 *   worker        0: nobody; above 0: the worker that claimed the row; below 0: the receiver, its
 *                 row id negated, that the row is parked for (trouble.h)
 *   attempts      how often it was given to the relay
 *   indeterminate_count
 *                 how often it became indeterminate: a crash, or a lost connection, came between
 *                 the final dot and its answer. Above 0 the message may have arrived
 *   smtp_code, enhanced, outcome   the last answer: reply code, enhanced status code, text
 *
 * A partial index holds the rows that wait or are held, in the very words of the statements that
 * look for them, so that those that are over cost nothing. */

/* Something that is said once: of each release and kind there is one for each deduplication key. It
 * stays for ever, as a delivery's key begins with it. */
static const char announcement[] =
    "CREATE TABLE announcement ("
    " row_id @row_id_primary_key@,"
    " release_row_id @integer@ NOT NULL," /* of the original; 0: a digest's */
    " kind @integer@ NOT NULL,"           /* enum queue_kind */
    " deduplication_key @text@ NOT NULL," /* (struct queue_announcement) */
    " UNIQUE (release_row_id, kind, deduplication_key)) @strict@;";

/* One act of mailing an announcement to an audience. */
static const char mailing[] =
    "CREATE TABLE mailing ("
    " row_id @row_id_primary_key@,"
    " announcement @integer@ NOT NULL REFERENCES announcement (row_id),"
    " state @integer@ NOT NULL,"     /* enum queue_mailing_state */
    " note @text@ NOT NULL,"         /* why it is held, paused or cancelled */
    " is_urgent @integer@ NOT NULL," /* leaves outside mail.hours too */
    " created_at @integer@ NOT NULL,"
    " starts_at @integer@ NOT NULL,"  /* nothing leaves before */
    " message_at @integer@ NOT NULL," /* the Date of its messages */
    " started_at @integer@,"          /* first claim */
    " finished_at @integer@,"
    " claimed_at @integer@ NOT NULL DEFAULT 0," /* last claim, as those of one class take turns */
    /* Delivery counts by state, once is_counted says that they are final; until then the rows of
     * delivery are counted. */
    " is_counted @integer@ NOT NULL DEFAULT 0,"
    " queued @integer@ NOT NULL DEFAULT 0,"
    " sending @integer@ NOT NULL DEFAULT 0,"
    " sent @integer@ NOT NULL DEFAULT 0,"
    " deferred @integer@ NOT NULL DEFAULT 0,"
    " failed @integer@ NOT NULL DEFAULT 0,"
    " suppressed @integer@ NOT NULL DEFAULT 0,"
    " unknown @integer@ NOT NULL DEFAULT 0,"
    " cancelled @integer@ NOT NULL DEFAULT 0,"
    " bounced @integer@ NOT NULL DEFAULT 0,"             /* of the sent: returned later */
    " complained @integer@ NOT NULL DEFAULT 0,"          /* of the sent: reported as unwanted */
    " forgotten @integer@ NOT NULL DEFAULT 0) @strict@;" /* enum forgotten (inside.h) */
    "CREATE INDEX mailing_announcement ON mailing (announcement);"
    "CREATE INDEX mailing_unfinished ON mailing (state) WHERE state IN (@QUEUE_MAILING_OPEN@);"
    "CREATE INDEX mailing_forgettable ON mailing (forgotten, finished_at)"
    " WHERE state IN (@QUEUE_MAILING_ENDED@) AND is_counted = 1 AND forgotten < @FORGOTTEN_ROWS@;"
    "CREATE INDEX mailing_uncounted ON mailing (row_id)"
    " WHERE is_counted = 0 AND state IN (@QUEUE_MAILING_ENDED@);"
    "CREATE INDEX mailing_message_at ON mailing (message_at);"

    /* Which feeds select which version of the release, when the mailing was made. */
    "CREATE TABLE mailing_feed ("
    " mailing @integer@ NOT NULL,"
    " feed @text@ NOT NULL,"
    " version @integer@ NOT NULL," /* the version's release.row_id */
    " language @text@ NOT NULL,"   /* of the version */
    " place @integer@ NOT NULL,"   /* 0: the original; then in the order given */
    " PRIMARY KEY (mailing, feed, version)) @strict_without_rowid@;"
    "CREATE INDEX mailing_feed_version ON mailing_feed (version);";

/* An announcement to a subscriber: its key keeps everybody from being mailed twice. Inserted once,
 * updated once: whatever is added here, and each further index, is paid a million times. So there
 * is no foreign key either. */
static const char delivery[] =
    "CREATE TABLE delivery ("
    " announcement @integer@ NOT NULL,"
    " subscriber @integer@ NOT NULL,"
    " mailing @integer@ NOT NULL,"
    " version @integer@ NOT NULL," /* the version's release.row_id; of a digest digest_content */
    " state @integer@ NOT NULL,"   /* enum queue_state */
    " next_at @integer@ NOT NULL," /* not to be sent before */
    " worker @integer@ NOT NULL DEFAULT 0,"
    " attempts @integer@ NOT NULL DEFAULT 0,"
    " indeterminate_count @integer@ NOT NULL DEFAULT 0,"
    " is_cancelled @integer@ NOT NULL DEFAULT 0," /* it is not tried again: its mailing was
                                                     cancelled while it was sent or indeterminate,
                                                     or what was mailed later holds it */
    " revision @integer@ NOT NULL DEFAULT 0,"     /* of the version; 0: not sent yet, or a digest */
    " feedback @integer@ NOT NULL DEFAULT 0,"     /* feedback: bits of enum queue_feedback_kind */
    " updated_at @integer@ NOT NULL,"
    " smtp_code @integer@,"
    " enhanced @text@,"
    " outcome @text@,"
    " claims @integer@ NOT NULL DEFAULT 0,"  /* how often it was claimed: tells what is left of an
                                                earlier claim, also of the same worker */
    " is_ours @integer@ NOT NULL DEFAULT 0," /* deferred, as it was refused for the sender's sake
                                                (net/refusal.h) */
    " PRIMARY KEY (announcement, subscriber)) @strict_without_rowid@;"
    "CREATE INDEX delivery_due ON delivery (mailing, next_at)"
    " WHERE state IN (@QUEUE_WAITING@) AND worker = 0;"
    "CREATE INDEX delivery_held ON delivery (worker) WHERE worker <> 0;"
    "CREATE INDEX delivery_unknown ON delivery (mailing) WHERE state = @QUEUE_UNKNOWN@;"
    "CREATE INDEX delivery_again ON delivery (next_at)"
    " WHERE @DELIVERY_MAY_GO_AGAIN@;";
static_assert(QUEUE_INDETERMINATE_MAXIMUM == 3,
              "the indexes of indeterminate_count need a migration");

/* A transactional mail: to one subscriber, because of what that subscriber, or a press officer,
 * did. */
static const char transactional_mail[] =
    "CREATE TABLE transactional_mail ("
    " row_id @row_id_primary_key@,"
    " kind @integer@ NOT NULL," /* enum queue_transactional_kind */
    " subscriber @integer@,"    /* NULL: it goes to address */
    " request @integer@," /* request.row_id of subscriber/: no longer sent once that is over */
    " address @text@,"
    " language @text@ NOT NULL,"
    " payload @text@," /* what its maker wrote for who composes the message */
    " created_at @integer@ NOT NULL,"
    " state @integer@ NOT NULL," /* enum queue_state */
    " next_at @integer@ NOT NULL,"
    " worker @integer@ NOT NULL DEFAULT 0,"
    " attempts @integer@ NOT NULL DEFAULT 0,"
    " indeterminate_count @integer@ NOT NULL DEFAULT 0,"
    " updated_at @integer@ NOT NULL,"
    " smtp_code @integer@,"
    " enhanced @text@,"
    " outcome @text@) @strict@;"
    "CREATE INDEX transactional_mail_due ON transactional_mail (next_at)"
    " WHERE state IN (@QUEUE_WAITING@) AND worker = 0;"
    "CREATE INDEX transactional_mail_held ON transactional_mail (worker) WHERE worker <> 0;"
    "CREATE INDEX transactional_mail_subscriber ON transactional_mail (subscriber);"
    "CREATE INDEX transactional_mail_request ON transactional_mail (request);"
    "CREATE INDEX transactional_mail_ended ON transactional_mail (updated_at)"
    " WHERE state IN (@QUEUE_OVER@) AND worker = 0;"
    "CREATE INDEX transactional_mail_outcome ON transactional_mail (updated_at)"
    " WHERE state IN (@QUEUE_OVER@) AND outcome IS NOT NULL;"
    "CREATE INDEX transactional_mail_unknown ON transactional_mail (row_id)"
    " WHERE state = @QUEUE_UNKNOWN@;"
    "CREATE INDEX transactional_mail_again ON transactional_mail (next_at)"
    " WHERE @TRANSACTIONAL_MAY_GO_AGAIN@;"

    /* What a transactional mail of kind QUEUE_TRANSACTIONAL_FORWARD forwards (forward.c). */
    "CREATE TABLE transactional_forward ("
    " row_id @integer@ NOT NULL PRIMARY KEY," /* transactional_mail.row_id */
    " writer @blob@ NOT NULL,"                /* keyed hash of who wrote it */
    " at @integer@ NOT NULL,"
    " subscriber @integer@,"      /* whose mail it answers; NULL: not known */
    " octets @integer@ NOT NULL," /* of what waits, and one; 0: sent, only writer and time are left
                                   */
    " is_whole @integer@ NOT NULL," /* message is all of it, not its words alone */
    " address @text@,"              /* of the writer */
    " title @text@,"                /* of the release that is answered */
    " page @text@,"                 /* that release's address on the web */
    " answers @text@,"              /* Message-ID of the message */
    " message @blob@) @strict@;"
    "CREATE INDEX transactional_forward_writer ON transactional_forward (writer, at);"
    "CREATE INDEX transactional_forward_waiting ON transactional_forward (at, octets)"
    " WHERE octets > 0;"
    "CREATE INDEX transactional_forward_sent ON transactional_forward (at) WHERE octets = 0;"
    "CREATE INDEX transactional_forward_subscriber ON transactional_forward (subscriber, at);";

/* What all workers share: how fast they send, and what is known of the relay. */
static const char relay[] =
    /* One row, 'rate': the schedule of mail.rate (sending.c). */
    "CREATE TABLE pace ("
    " name @text@ NOT NULL PRIMARY KEY,"
    " next_ns @integer@ NOT NULL) @strict_without_rowid@;" /* when the next message may leave */

    /* One row (struct queue_relay). Rates are messages in a million seconds, 0: none. */
    "CREATE TABLE relay ("
    " name @text@ NOT NULL PRIMARY KEY,"
    " url @text@ NOT NULL,"         /* of which all this holds */
    " version @integer@ NOT NULL,"  /* of the row: one more at each writing */
    " state @integer@ NOT NULL,"    /* enum queue_relay_state */
    " since_at @integer@ NOT NULL," /* of the state */
    " next_at @integer@ NOT NULL,"  /* of the next probe; 0: in no pause */
    " pauses @integer@ NOT NULL,"   /* in a row, beyond the first */
    " is_quota @integer@ NOT NULL,"
    " is_rate @integer@ NOT NULL,"
    " taken @integer@ NOT NULL,"            /* messages accepted in the time before the pause … */
    " taken_from @integer@ NOT NULL,"       /* … which began then */
    " burst @integer@ NOT NULL,"            /* rate over the last ten seconds before the pause */
    " was_easing @integer@ NOT NULL,"       /* when the pause began */
    " proven @integer@ NOT NULL,"           /* rate that was held for a while then */
    " base @integer@ NOT NULL,"             /* rate that easing is a part of */
    " suggested @integer@ NOT NULL,"        /* rate that would have fitted */
    " connections @integer@ NOT NULL,"      /* at once; 0: not known */
    " capped_at @integer@ NOT NULL,"        /* when that was learnt */
    " session_messages @integer@ NOT NULL," /* in one session; 0: not known */
    " reply @text@ NOT NULL) @strict_without_rowid@;";

/* What the operator was told, from when it began until it was over (notice.c). */
static const char notice[] =
    "CREATE TABLE notice ("
    " row_id @row_id_primary_key@,"
    " kind @integer@ NOT NULL," /* enum queue_notice_kind */
    " subject @text@ NOT NULL," /* which relay, domain, mailing … */
    " cause @text@ NOT NULL,"
    " since_at @integer@ NOT NULL,"
    " until_at @integer@) @strict@;" /* NULL: not over */
    "CREATE UNIQUE INDEX notice_open ON notice (kind, subject) WHERE until_at IS NULL;"
    "CREATE INDEX notice_over ON notice (until_at) WHERE until_at IS NOT NULL;";

/* How much of a mailing was returned or complained about (returned.c). */
static const char mailing_return[] =
    "CREATE TABLE mailing_return ("
    " mailing @integer@ NOT NULL PRIMARY KEY,"
    " refused @integer@ NOT NULL DEFAULT 0," /* subscribers whose address is gone */
    " complained @integer@ NOT NULL DEFAULT 0,"
    " unproven @integer@ NOT NULL DEFAULT 0," /* of the refused: by a bounce that anybody may have
                                                 written */
    /* As counted at reviewed_at: */
    " reviewed_at @integer@ NOT NULL DEFAULT 0,"
    " recipients @integer@ NOT NULL DEFAULT 0,"
    " waiting @integer@ NOT NULL DEFAULT 0,"
    " tried @integer@ NOT NULL DEFAULT 0,"
    " sent @integer@ NOT NULL DEFAULT 0,"
    " is_ended @integer@ NOT NULL DEFAULT 0,"
    " is_accepted @integer@ NOT NULL DEFAULT 0," /* somebody said that the addresses are gone */
    " is_touched @integer@ NOT NULL DEFAULT 1,"  /* something was returned since reviewed_at */
    " findings @integer@ NOT NULL DEFAULT 0,"    /* bits of enum queue_returned_finding */
    " reported_findings @integer@ NOT NULL DEFAULT 0) @strict_without_rowid@;" /* those that were
                                                                                  reported */
    "CREATE INDEX mailing_return_touched ON mailing_return (mailing) WHERE is_touched = 1;"
    "CREATE INDEX mailing_return_unreported ON mailing_return (mailing) WHERE findings <>"
    " reported_findings;"
    "CREATE INDEX mailing_return_found ON mailing_return (mailing) WHERE findings <> 0;";

/* Who refuses mail for the sender's sake: domains and providers (trouble.h). One that takes
 * everything has no row. */
static const char receiver[] =
    "CREATE TABLE receiver ("
    " row_id @row_id_primary_key@," /* negated, the worker of what is parked for it */
    " name @text@ NOT NULL UNIQUE,"
    " state @integer@ NOT NULL,"    /* enum receiver_state */
    " tried @integer@ NOT NULL,"    /* of the last 400 to 800 messages … */
    " refused @integer@ NOT NULL,"  /* … of these */
    " refusals @integer@ NOT NULL," /* since the trouble began */
    " in_a_row @integer@ NOT NULL,"
    " accepted_in_a_row @integer@ NOT NULL,"
    " is_late @integer@ NOT NULL,"    /* the last refusal came as a bounce */
    " was_probed @integer@ NOT NULL," /* it accepted one since it refused one last */
    " refused_at @integer@ NOT NULL," /* the last refusal */
    " held_at @integer@,"             /* NULL: not held */
    " probe_at @integer@,"            /* when the next probe may leave */
    " reply @text@ NOT NULL) @strict@;"
    "CREATE INDEX receiver_parking ON receiver (row_id) WHERE state IN (@RECEIVER_PARKING@);"
    "CREATE INDEX receiver_watched ON receiver (refused_at) WHERE state = @RECEIVER_WATCHED@;"

    /* Domains whose mail a provider takes in, as refusals and bounces showed. */
    "CREATE TABLE receiver_domain ("
    " domain @text@ NOT NULL PRIMARY KEY,"
    " receiver @text@ NOT NULL,"
    " at @integer@ NOT NULL DEFAULT 0) @strict_without_rowid@;" /* when one last did */
    "CREATE INDEX receiver_domain_receiver ON receiver_domain (receiver);"
    "CREATE INDEX receiver_domain_at ON receiver_domain (at);"

    /* Messages that were returned for the sender's sake: each counts once. */
    "CREATE TABLE receiver_return ("
    " announcement @integer@ NOT NULL," /* 0: a transactional mail */
    " subscriber @integer@ NOT NULL,"   /* or transactional_mail.row_id */
    " receiver @text@ NOT NULL,"
    " may_go_again @integer@ NOT NULL," /* returned by the very address that it was sent to */
    " at @integer@ NOT NULL,"
    " PRIMARY KEY (announcement, subscriber)) @strict_without_rowid@;"
    "CREATE INDEX receiver_return_at ON receiver_return (at);"
    "CREATE INDEX receiver_return_subscriber ON receiver_return (subscriber)"
    " WHERE announcement <> 0;"
    "CREATE INDEX receiver_return_receiver ON receiver_return (receiver) WHERE may_go_again = 1;";

/* Refusals of a mailing in a row (streak.c). */
static const char streak[] =
    "CREATE TABLE streak ("
    " mailing @integer@ NOT NULL PRIMARY KEY,"
    " ours @integer@ NOT NULL,"      /* in a row for the sender's sake */
    " addresses @integer@ NOT NULL," /* in a row because the address is unknown */
    " pauses @integer@ NOT NULL,"    /* how often the mailing was paused for it */
    " ours_domains @text@ NOT NULL," /* over which domains */
    " address_domains @text@ NOT NULL) @strict_without_rowid@;"

    /* Refused addresses that count against nobody before the row they stand in has ended. */
    "CREATE TABLE refused_address ("
    " mailing @integer@ NOT NULL,"
    " subscriber @integer@ NOT NULL,"
    " announcement @integer@ NOT NULL,"
    " at @integer@ NOT NULL,"
    " smtp_code @integer@ NOT NULL,"
    " enhanced @text@ NOT NULL,"
    " outcome @text@ NOT NULL,"
    " PRIMARY KEY (mailing, subscriber)) @strict_without_rowid@;"
    "CREATE INDEX refused_address_subscriber ON refused_address (subscriber);";

static const char *const version_1[] = { announcement, mailing, delivery,       transactional_mail,
                                         relay,        notice,  mailing_return, receiver,
                                         streak,       NULL };

/* What transactional mails of kind QUEUE_TRANSACTIONAL_RECEIPT say, until they are over
 * (prepared.c). */
static const char prepared[] =
    "CREATE TABLE transactional_message ("
    " row_id @integer@ NOT NULL PRIMARY KEY," /* transactional_mail.row_id */
    " at @integer@ NOT NULL,"
    " message @blob@ NOT NULL) @strict@;" /* as it goes over the wire */
    "CREATE INDEX transactional_message_at ON transactional_message (at);";

static const char *const version_2[] = { prepared, NULL };

static const char *const *const migrations[] = { version_1, version_2 };

/* clang-format off */
static const struct sql_macro macros[] = {
    QUEUE_STATES(SQL_NAMED_MACRO)
    QUEUE_KINDS(SQL_NAMED_MACRO)
    QUEUE_MAILING_STATES(SQL_NAMED_MACRO)
    QUEUE_TRANSACTIONAL_KINDS(SQL_NAMED_MACRO)
    QUEUE_RELAY_STATES(SQL_NAMED_MACRO)
    QUEUE_NOTICE_KINDS(SQL_NAMED_MACRO)
    QUEUE_FEEDBACK_KINDS(SQL_MACRO)
    QUEUE_RETURNED_FINDINGS(SQL_MACRO)
    QUEUE_LIMITS(SQL_MACRO)
    RECEIVER_STATES(SQL_MACRO)
    FORGOTTEN_LEVELS(SQL_MACRO)
    /* Of deliveries and transactional mails: */
    { "QUEUE_WAITING", "@QUEUE_QUEUED@, @QUEUE_DEFERRED@" },
    { "QUEUE_UNFINISHED", "@QUEUE_QUEUED@, @QUEUE_SENDING@, @QUEUE_DEFERRED@, @QUEUE_UNKNOWN@" },
    { "QUEUE_MAYBE_SENT", "@QUEUE_SENDING@, @QUEUE_SENT@, @QUEUE_UNKNOWN@" },
    { "QUEUE_OVER", "@QUEUE_SENT@, @QUEUE_FAILED@, @QUEUE_SUPPRESSED@, @QUEUE_UNKNOWN@, "
                    "@QUEUE_CANCELLED@" },
    /* Indeterminate rows that may be sent again, unless mail.unknown holds them, and those that are
     * set aside: */
    { "TRANSACTIONAL_MAY_GO_AGAIN", "state = @QUEUE_UNKNOWN@"
                                    " AND indeterminate_count < @QUEUE_INDETERMINATE_MAXIMUM@" },
    { "DELIVERY_MAY_GO_AGAIN", "@TRANSACTIONAL_MAY_GO_AGAIN@ AND is_cancelled = 0" },
    { "IS_SET_ASIDE", "state = @QUEUE_UNKNOWN@"
                      " AND indeterminate_count >= @QUEUE_INDETERMINATE_MAXIMUM@" },
    /* Of mailings: */
    { "QUEUE_MAILING_OPEN", "@QUEUE_MAILING_ACTIVE@, @QUEUE_MAILING_HELD@,"
                            " @QUEUE_MAILING_PAUSED@" },
    { "QUEUE_MAILING_ENDED", "@QUEUE_MAILING_FINISHED@, @QUEUE_MAILING_CANCELLED@" },
    /* Announcements of which something may still leave: */
    { "OPEN_ANNOUNCEMENTS", "(SELECT m.announcement FROM mailing m"
                            " WHERE m.state IN (@QUEUE_MAILING_OPEN@)"
                            " UNION SELECT u.announcement FROM delivery u"
                            " WHERE @DELIVERY_MAY_GO_AGAIN@)" },
    /* Of receivers: */
    { "RECEIVER_PARKING", "@RECEIVER_HELD@, @RECEIVER_FREED@" },
    { NULL, NULL },
};
/* clang-format on */

const struct database_schema queue_schema = {
    .name = "queue",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
    .macros = macros,
};

/* Of a number that another program's version may have written, too. */
static const char *name_of(const char *const *names, size_t count, unsigned number)
{
    return number < count && names[number] ? names[number] : "?";
}

#define NAME_OF(names, number) name_of(names, sizeof(names) / sizeof *(names), (unsigned)(number))

const char *queue_state_name(enum queue_state state)
{
    static const char *const names[] = { QUEUE_STATES(SQL_NAME) };
    return NAME_OF(names, state);
}

const char *queue_kind_name(enum queue_kind kind)
{
    static const char *const names[] = { QUEUE_KINDS(SQL_NAME) };
    return NAME_OF(names, kind);
}

const char *queue_mailing_state_name(enum queue_mailing_state state)
{
    static const char *const names[] = { QUEUE_MAILING_STATES(SQL_NAME) };
    return NAME_OF(names, state);
}

const char *queue_transactional_kind_name(enum queue_transactional_kind kind)
{
    static const char *const names[] = { QUEUE_TRANSACTIONAL_KINDS(SQL_NAME) };
    return NAME_OF(names, kind);
}

const char *queue_relay_state_name(enum queue_relay_state state)
{
    static const char *const names[] = { QUEUE_RELAY_STATES(SQL_NAME) };
    return NAME_OF(names, state);
}

const char *queue_notice_kind_name(enum queue_notice_kind kind)
{
    static const char *const names[] = { QUEUE_NOTICE_KINDS(SQL_NAME) };
    return NAME_OF(names, kind);
}
