/* SPDX-License-Identifier: MIT */
#include "release/release_note.h"
#include "release/release_notification.h"
#include "release/release_store.h"

#include "database/database.h"
#include "release/release_row.h"

/* A release: a row each for the original and for each of its language versions. What is said of a
 * column in struct release_row is not said again. */
static const char release[] =
    "CREATE TABLE release ("
    " row_id @row_id_primary_key@,"
    " public_id @text@ NOT NULL UNIQUE,"
    " original_row_id @integer@ REFERENCES release (row_id)," /* NULL: it is an original */
    " path @text@ UNIQUE,"               /* in the drop directory; NULL: never had one */
    " stat_fingerprint @text@ NOT NULL," /* of its files */
    " is_missing @integer@ NOT NULL,"    /* its file has vanished */
    " content_hash @blob@ NOT NULL,"
    " title @text@ NOT NULL,"
    " language @text@ NOT NULL,"
    " type @text@ NOT NULL,"
    " topics @text@ NOT NULL,"    /* slugs with a space between, sorted */
    " status @integer@ NOT NULL," /* enum release_status */
    " published_at @integer@,"
    " embargo_at @integer@,"
    " due_at @integer@," /* the later one of both */
    " ready_at @integer@,"
    " is_urgent @integer@ NOT NULL,"
    " mail @integer@ NOT NULL,"     /* whether it is mailed at all */
    " revision @integer@ NOT NULL," /* the newest */
    " correction @text@ NOT NULL,"
    " public_at @integer@,"                /* NULL: not public */
    " public_revision @integer@ NOT NULL," /* that stands in public/; 0: none */
    " updated_at @integer@,"
    " withdrawn_at @integer@,"
    " withdrawal_reason @text@,"
    " slug @text@,"
    " year @integer@ NOT NULL,"
    " announced_at @integer@,"
    " announce_note @text@ NOT NULL,"         /* why it was not mailed */
    " announced_revision @integer@ NOT NULL," /* up to which corrections were announced */
    " withdrawal_announced_at @integer@,"
    " held_at @integer@," /* since when intake keeps it from becoming public; NULL: it does not */
    " has_sidecar @integer@ NOT NULL DEFAULT 0,"
    " withdrawal_asked_at @integer@," /* a withdrawal that whoever writes pages next carries out */
    " withdrawal_asked_reason @text@,"
    " topic_labels @text@ NOT NULL DEFAULT ''" /* topics as they are written */
    ") @strict@;"
    "CREATE INDEX release_by_original ON release (original_row_id)"
    " WHERE original_row_id IS NOT NULL;"
    "CREATE INDEX release_by_content ON release (content_hash, is_missing);"
    /* Holds all that a scan of the drop directory needs. */
    "CREATE INDEX release_by_path ON release (path, is_missing, stat_fingerprint)"
    " WHERE path IS NOT NULL;"
    "CREATE UNIQUE INDEX release_by_slug ON release (year, slug) WHERE slug IS NOT NULL;"
    "CREATE INDEX release_to_publish ON release (due_at)"
    " WHERE status <> @RELEASE_DRAFT@ AND public_revision <> revision;"
    "CREATE INDEX release_to_come ON release (due_at) WHERE status = @RELEASE_READY@"
    " AND public_at IS NULL;"
    "CREATE INDEX release_to_announce ON release (announced_at, public_at)"
    " WHERE announced_at IS NULL AND public_at IS NOT NULL;"
    "CREATE INDEX release_changed ON release (row_id) WHERE " RELEASE_ROW_IS_CHANGED ";"
    "CREATE INDEX release_public ON release (public_at, row_id) WHERE public_at IS NOT NULL;"
    "CREATE INDEX release_counted ON release (status, public_at);"
    "CREATE INDEX release_held ON release (row_id) WHERE held_at IS NOT NULL;"
    "CREATE INDEX release_by_title ON release (title);"
    "CREATE INDEX release_to_withdraw ON release (withdrawal_asked_at, row_id)"
    " WHERE withdrawal_asked_at IS NOT NULL;";

/* What hangs on a release. */
static const char parts[] =
    /* Every version of its text, as a document (release_document.h). */
    "CREATE TABLE release_revision ("
    " release_row_id @integer@ NOT NULL REFERENCES release (row_id),"
    " revision @integer@ NOT NULL,"
    " content_hash @blob@ NOT NULL,"
    " made_at @integer@ NOT NULL,"
    " document @text@ NOT NULL,"
    " PRIMARY KEY (release_row_id, revision)"
    ") @strict@;"

    /* What the newsroom remembers of itself, by name. */
    "CREATE TABLE newsroom_value ("
    " name @text@ NOT NULL PRIMARY KEY,"
    " value @text@ NOT NULL"
    ") @strict_without_rowid@;";

static const char *const version_1[] = { release, parts, NULL };

/* What a release is by where its file lies, by an approver, and by whoever wrote STOP. */
static const char course[] =
    "ALTER TABLE release ADD COLUMN place @integer@ NOT NULL DEFAULT 0;" /* enum release_place */
    /* enum release_approval */
    "ALTER TABLE release ADD COLUMN approval @integer@ NOT NULL DEFAULT 0;"
    "ALTER TABLE release ADD COLUMN stopped_at @integer@;" /* since when a reply of STOP keeps it
                                                             from becoming public */
    "ALTER TABLE release ADD COLUMN free_at @integer@;"    /* when somebody let it go */
    "ALTER TABLE release ADD COLUMN text_revision @integer@ NOT NULL DEFAULT 0;" /* whose text
                                                             stood in public/ last; 0: none */
    "UPDATE release SET text_revision = revision WHERE public_at IS NOT NULL;"
    "CREATE INDEX release_awaited ON release (row_id)"
    " WHERE approval = @RELEASE_APPROVAL_AWAITED@;"
    "CREATE INDEX release_stopped ON release (row_id) WHERE stopped_at IS NOT NULL;";

static const char events[] =
    /* What happened to a release or its file and nobody was told yet: who tells it takes the row
     * away in the transaction that puts the mail into the queue. */
    "CREATE TABLE release_notification ("
    " row_id @row_id_primary_key@,"
    " kind @integer@ NOT NULL," /* enum release_notification_kind */
    " release @integer@,"       /* release.row_id; NULL: the file became none */
    " revision @integer@ NOT NULL,"
    " path @text@ NOT NULL,"  /* of its file in the drop directory; "": none */
    " cause @text@ NOT NULL," /* tells those of one kind apart that are to be told each; "" */
    " words @text@ NOT NULL," /* what is said of it to press officers, lines; "" */
    " at @integer@ NOT NULL"
    ") @strict@;"
    "CREATE INDEX release_notification_release ON release_notification (release)"
    " WHERE release IS NOT NULL;";

static const char *const version_2[] = { course, events, NULL };

static const char notes[] =
    /* Releases whose note in the drop directory is to be written anew (release_note.h). */
    "CREATE TABLE release_note ("
    " release_row_id @integer@ NOT NULL PRIMARY KEY REFERENCES release (row_id)"
    ") @strict@;";

static const char *const version_3[] = { notes, NULL };

static const char gathered[] =
    /* What one note says of many at once (release_note.h). */
    "CREATE TABLE release_gathered ("
    " row_id @row_id_primary_key@,"
    " kind @integer@ NOT NULL,"              /* enum release_gathered */
    " release @integer@ NOT NULL,"           /* release.row_id; 0: a file that belongs to none */
    " name @text@ NOT NULL,"                 /* that such a file is known by; "" */
    " is_told @integer@ NOT NULL DEFAULT 0," /* the note is written with it */
    " UNIQUE (kind, release, name)) @strict@;"
    "CREATE INDEX release_gathered_new ON release_gathered (row_id) WHERE is_told = 0;"

    /* What could not be made of a release's page. */
    "CREATE TABLE release_unmade ("
    " release_row_id @integer@ NOT NULL PRIMARY KEY REFERENCES release (row_id),"
    " files @text@ NOT NULL,"      /* pictures that it lacks, lines */
    " is_whole @integer@ NOT NULL" /* 1: the page itself */
    ") @strict@;";

static const char *const version_4[] = { gathered, NULL };

static const char changes[] =
    "ALTER TABLE release ADD COLUMN changes @integer@ NOT NULL DEFAULT 0;" /* enum release_changes
                                                                            */
    /* Mails that show a revision with open changes (release_shown.h): of each release the last
       revisions alone. */
    "CREATE TABLE release_shown ("
    " release_row_id @integer@ NOT NULL REFERENCES release (row_id),"
    " revision @integer@ NOT NULL,"
    " mail @integer@ NOT NULL," /* transactional_mail.row_id */
    " PRIMARY KEY (release_row_id, revision, mail)"
    ") @strict_without_rowid@;"
    "CREATE INDEX release_shown_mail ON release_shown (mail);";

static const char *const version_5[] = { changes, NULL };

static const char *const *const migrations[] = { version_1, version_2, version_3, version_4,
                                                 version_5 };

/* clang-format off */
static const struct sql_macro macros[] = {
    RELEASE_STATUSES(SQL_MACRO)
    RELEASE_PLACES(SQL_MACRO)
    RELEASE_GATHERED_KINDS(SQL_MACRO)
    RELEASE_APPROVALS(SQL_MACRO)
    RELEASE_NOTIFICATION_KINDS(SQL_MACRO)
    { NULL, NULL },
};
/* clang-format on */

const struct database_schema release_schema = {
    .name = "release",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
    .macros = macros,
};
