/* SPDX-License-Identifier: MIT */
#include "publish/publish.h"

#include "database/database.h"

/* …_at: milliseconds since 1970. */

/* What stands in public/. */
static const char files[] =
    /* What was last published, by name: settings, templates, the program's own recipes. */
    "CREATE TABLE publish_value ("
    " name @text@ NOT NULL PRIMARY KEY,"
    " value @text@ NOT NULL) @strict@;"

    "CREATE TABLE publish_file ("
    " owner @text@ NOT NULL," /* what it is made for: "release:17", "month:da:2026-06" */
    " path @text@ NOT NULL,"
    " hash @blob@ NOT NULL," /* of what it was made from; zeros: not known */
    " has_gzip @integer@ NOT NULL,"
    " PRIMARY KEY (owner, path)) @strict_without_rowid@;"

    /* What is about to be done to the files: rows only between the two commits around it, so that
     * who comes after a crash does it. */
    "CREATE TABLE publish_journal ("
    " row_id @integer@ NOT NULL PRIMARY KEY,"
    " changes @text@ NOT NULL) @strict@;"; /* lines "OWNER PATH GZIP" */

/* What lists show. */
static const char lists[] =
    /* A public release as lists show it. */
    "CREATE TABLE publish_card ("
    " row_id @integer@ NOT NULL PRIMARY KEY," /* release.row_id */
    " original_row_id @integer@ NOT NULL,"
    " language @text@ NOT NULL,"
    " type @text@ NOT NULL,"
    " title @text@ NOT NULL,"
    " lead @text@ NOT NULL,"
    " path @text@ NOT NULL," /* of its page */
    " public_at @integer@ NOT NULL,"
    " updated_at @integer@ NOT NULL,"
    " is_withdrawn @integer@ NOT NULL,"
    " is_corrected @integer@ NOT NULL,"
    " start_at @integer@," /* of its event */
    " end_at @integer@,"
    " place @text@,"
    " picture_path @text@,"
    " picture_width @integer@ NOT NULL,"
    " picture_height @integer@ NOT NULL,"
    " picture_alt @text@,"
    " content_hash @blob@ NOT NULL,"
    " lists @text@ NOT NULL,"                             /* those it stands in, one a line */
    " is_all_day @integer@ NOT NULL DEFAULT 0,"           /* its event */
    " topic_labels @text@ NOT NULL DEFAULT '') @strict@;" /* release.topic_labels */
    "CREATE INDEX publish_card_original ON publish_card (original_row_id);"
    "CREATE INDEX publish_card_updated ON publish_card (updated_at);"
    "CREATE INDEX publish_card_start ON publish_card (start_at) WHERE start_at IS NOT NULL;"

    /* An entry of a list; in the list's order. */
    "CREATE TABLE publish_member ("
    " list @text@ NOT NULL,"
    " at @integer@ NOT NULL,"
    " row_id @integer@ NOT NULL," /* release.row_id */
    " PRIMARY KEY (list, at, row_id)) @strict_without_rowid@;"

    /* A list: a page of releases, a feed, an archive; also "release:17" where a page of its own
     * must be written again. */
    "CREATE TABLE publish_list ("
    " list @text@ NOT NULL PRIMARY KEY,"
    " is_dirty @integer@ NOT NULL,"          /* it must be written again */
    " from_at @integer@ NOT NULL) @strict@;" /* older entries have not changed */
    "CREATE INDEX publish_list_dirty ON publish_list (list) WHERE is_dirty = 1;";

/* What a picture became. A width of 0: no rendition of that size was made. */
static const char pictures[] =
    "CREATE TABLE publish_picture ("
    " hash @blob@ NOT NULL PRIMARY KEY," /* of its bytes, and of what it is shown as */
    " width @integer@ NOT NULL,"         /* of the picture itself, upright */
    " height @integer@ NOT NULL,"
    " size_bytes @integer@ NOT NULL,"
    " recipe @integer@ NOT NULL," /* that its renditions were made by */
    " web_width @integer@ NOT NULL DEFAULT 0,"
    " web_height @integer@ NOT NULL DEFAULT 0,"
    " web_bytes @integer@ NOT NULL DEFAULT 0,"
    " web_is_recoded @integer@ NOT NULL DEFAULT 0,"
    " small_width @integer@ NOT NULL DEFAULT 0,"
    " small_height @integer@ NOT NULL DEFAULT 0,"
    " small_bytes @integer@ NOT NULL DEFAULT 0,"
    " small_is_recoded @integer@ NOT NULL DEFAULT 0,"
    " failed_recipe @integer@ NOT NULL DEFAULT 0," /* by which they could not be made; 0: none */
    " trouble @integer@ NOT NULL DEFAULT 0) @strict@;"; /* enum picture_trouble: why */

static const char *const version_1[] = { files, lists, pictures, NULL };

/* What lists showed before a batch, while they are being written: rows only between the commit that
 * stores the batch's cards and the one that says that its pages stand. Who comes after a crash puts
 * the old cards back. */
static const char undo[] =
    /* The columns of publish_card, in their order. */
    "CREATE TABLE publish_undo ("
    " row_id @integer@ NOT NULL PRIMARY KEY," /* release.row_id; alone where it had no card */
    " original_row_id @integer@,"
    " language @text@,"
    " type @text@,"
    " title @text@,"
    " lead @text@,"
    " path @text@,"
    " public_at @integer@,"
    " updated_at @integer@,"
    " is_withdrawn @integer@,"
    " is_corrected @integer@,"
    " start_at @integer@,"
    " end_at @integer@,"
    " place @text@,"
    " picture_path @text@,"
    " picture_width @integer@,"
    " picture_height @integer@,"
    " picture_alt @text@,"
    " content_hash @blob@,"
    " lists @text@,"
    " is_all_day @integer@,"
    " topic_labels @text@) @strict@;";

static const char *const version_2[] = { undo, NULL };

static const char *const *const migrations[] = { version_1, version_2 };

const struct database_schema publish_schema = {
    .name = "publish",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
};
