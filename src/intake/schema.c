/* SPDX-License-Identifier: MIT */
#include "intake/intake.h"

#include "database/database.h"
#include "database/sql_macro.h"

static const char files[] =
    /* A file of the drop directory that was refused: read again only when it has changed. */
    "CREATE TABLE intake_refusal ("
    " path @text@ NOT NULL PRIMARY KEY,"
    " stat_fingerprint @text@ NOT NULL," /* of the file then */
    " is_retried @integer@ NOT NULL,"    /* refused because of other files: read again also when
                                            one of those has changed */
    " report_hash @text@ NOT NULL DEFAULT ''," /* hash of what was reported */
    " near_duplicate_row_id @integer@,"        /* the release that it seemed to be a copy of … */
    " sketch @blob@"                           /* … and the sketch of its text */
    ") @strict_without_rowid@;"

    /* What was reported of a file that is no release. */
    "CREATE TABLE intake_reported_file ("
    " key @text@ NOT NULL PRIMARY KEY," /* names the file */
    " stat_fingerprint @text@ NOT NULL" /* of the file then */
    ") @strict_without_rowid@;";

/* What is known of a release beyond its row: release_row_id is release.row_id. */
static const char releases[] =
    /* Recovered from public/ by a new store, and its file not read since. */
    "CREATE TABLE intake_recovery ("
    " path_hash @text@ NOT NULL PRIMARY KEY," /* of the path that it once came from */
    " release_row_id @integer@ NOT NULL UNIQUE REFERENCES release (row_id)"
    ") @strict_without_rowid@;"

    /* Sketch of its text, by which near duplicates are found. */
    "CREATE TABLE intake_sketch ("
    " release_row_id @integer@ NOT NULL PRIMARY KEY REFERENCES release (row_id),"
    " sketch @blob@ NOT NULL"
    ") @strict@;"

    /* Hash of the files that it was last read from. */
    "CREATE TABLE intake_source ("
    " release_row_id @integer@ NOT NULL PRIMARY KEY REFERENCES release (row_id),"
    " hash @blob@ NOT NULL"
    ") @strict@;";

/* What a picture is and says of itself, so that its bytes are decoded once (struct picture_facts).
 */
static const char pictures[] =
    "CREATE TABLE intake_picture ("
    " hash @blob@ NOT NULL PRIMARY KEY," /* of its bytes, and of how they were read */
    " format @integer@ NOT NULL,"        /* enum picture_format */
    " shown @integer@ NOT NULL,"         /* enum picture_format: what it becomes */
    " is_animated @integer@ NOT NULL,"
    " creator @text@,"
    " credit @text@,"
    " copyright @text@,"
    " alt @text@,"
    " caption @text@"
    ") @strict_without_rowid@;";

static const char *const version_1[] = { files, releases, pictures, NULL };

static const char reports[] =
    /* What was said last of a path of the drop directory, in the newsroom's language
     * (intake/report.h). */
    "CREATE TABLE intake_report ("
    " path @text@ NOT NULL PRIMARY KEY,"
    " release @integer@,"           /* release.row_id of that file; NULL: it is none */
    " title @text@ NOT NULL,"       /* "": not known */
    " severity @integer@ NOT NULL," /* enum intake_severity: the worst of words */
    " words @text@ NOT NULL,"       /* lines, as in the note beside it */
    " advice @text@ NOT NULL,"      /* lines of which there is no note */
    " note @text@ NOT NULL,"        /* path of the note */
    " at @integer@ NOT NULL,"       /* when what it says was last another */
    " said @text@ NOT NULL,"        /* of words: what reading the file said … */
    " said_severity @integer@ NOT NULL,"
    " remarks @text@ NOT NULL," /* … and what else is to be known */
    " remarks_severity @integer@ NOT NULL,"
    " told @text@ NOT NULL" /* hash of the refusal of which a notification was made; "": none */
    ") @strict_without_rowid@;"

    /* Those that have a note. */
    "CREATE INDEX intake_report_noted ON intake_report (path)"
    " WHERE severity >= @INTAKE_NOTICE@;";

static const char *const version_2[] = { reports, NULL };

static const char *const *const migrations[] = { version_1, version_2 };

/* clang-format off */
static const struct sql_macro macros[] = {
    INTAKE_SEVERITIES(SQL_MACRO)
    { NULL, NULL },
};
/* clang-format on */

const struct database_schema intake_schema = {
    .name = "intake",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
    .macros = macros,
};
