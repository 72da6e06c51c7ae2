/* SPDX-License-Identifier: MIT */
#include "publish/publish.h"

#include "database/database.h"

/* publish_file: what stands in public/. owner is what the file is made for ("release:17",
 * "month:da:2026-06"); hash is of what the file was made from, all zeros where that is not known.
 * publish_journal: what a flush is about to do, a row only between its two commits: "OWNER PATH
 * GZIP" lines.
 * publish_card: a public release as lists show it. lists: those it stands in, one a line.
 * publish_member: the lists' entries, in their order.
 * publish_list: every list, and whether it must be written again; also "release:17" where a page
 * must. from_at: entries older than this have not changed.
 * publish_picture: what a picture became, by the hash of its bytes and of what it is shown as: its
 * renditions by recipe (a width of 0: not made), and by which failed_recipe it could not be made.
 */
static const char *const migrations[] = {
    "CREATE TABLE publish_value ("
    " name @text@ NOT NULL PRIMARY KEY,"
    " value @text@ NOT NULL) @strict@;"
    "CREATE TABLE publish_file ("
    " owner @text@ NOT NULL,"
    " path @text@ NOT NULL,"
    " hash @blob@ NOT NULL,"
    " has_gzip @integer@ NOT NULL,"
    " PRIMARY KEY (owner, path)) @strict_without_rowid@;"
    "CREATE TABLE publish_journal ("
    " number @integer@ NOT NULL PRIMARY KEY,"
    " changes @text@ NOT NULL) @strict@;"
    "CREATE TABLE publish_card ("
    " number @integer@ NOT NULL PRIMARY KEY,"
    " original_number @integer@ NOT NULL,"
    " language @text@ NOT NULL,"
    " type @text@ NOT NULL,"
    " title @text@ NOT NULL,"
    " lead @text@ NOT NULL,"
    " path @text@ NOT NULL,"
    " public_at @integer@ NOT NULL,"
    " updated_at @integer@ NOT NULL,"
    " is_withdrawn @integer@ NOT NULL,"
    " is_corrected @integer@ NOT NULL,"
    " start_at @integer@,"
    " end_at @integer@,"
    " place @text@,"
    " picture_path @text@,"
    " picture_width @integer@ NOT NULL,"
    " picture_height @integer@ NOT NULL,"
    " picture_alt @text@,"
    " content_hash @blob@ NOT NULL,"
    " lists @text@ NOT NULL) @strict@;"
    "CREATE INDEX publish_card_original ON publish_card (original_number);"
    "CREATE INDEX publish_card_updated ON publish_card (updated_at);"
    "CREATE INDEX publish_card_start ON publish_card (start_at) WHERE start_at IS NOT NULL;"
    "CREATE TABLE publish_member ("
    " list @text@ NOT NULL,"
    " at @integer@ NOT NULL,"
    " number @integer@ NOT NULL,"
    " PRIMARY KEY (list, at, number)) @strict_without_rowid@;"
    "CREATE TABLE publish_list ("
    " list @text@ NOT NULL PRIMARY KEY,"
    " is_dirty @integer@ NOT NULL,"
    " from_at @integer@ NOT NULL) @strict@;"
    "CREATE INDEX publish_list_dirty ON publish_list (list) WHERE is_dirty = 1;"
    "CREATE TABLE publish_picture ("
    " hash @blob@ NOT NULL PRIMARY KEY,"
    " width @integer@ NOT NULL,"
    " height @integer@ NOT NULL,"
    " size_bytes @integer@ NOT NULL,"
    " recipe @integer@ NOT NULL) @strict@",
    "ALTER TABLE publish_card ADD COLUMN is_all_day @integer@ NOT NULL DEFAULT 0;",
    "ALTER TABLE publish_card ADD COLUMN topic_labels @text@ NOT NULL DEFAULT '';",
    /* What was made until then had renditions by width alone; how long they are was not kept. */
    "ALTER TABLE publish_picture ADD COLUMN web_width @integer@ NOT NULL DEFAULT 0;"
    "ALTER TABLE publish_picture ADD COLUMN web_height @integer@ NOT NULL DEFAULT 0;"
    "ALTER TABLE publish_picture ADD COLUMN web_bytes @integer@ NOT NULL DEFAULT 0;"
    "ALTER TABLE publish_picture ADD COLUMN web_is_recoded @integer@ NOT NULL DEFAULT 0;"
    "ALTER TABLE publish_picture ADD COLUMN small_width @integer@ NOT NULL DEFAULT 0;"
    "ALTER TABLE publish_picture ADD COLUMN small_height @integer@ NOT NULL DEFAULT 0;"
    "ALTER TABLE publish_picture ADD COLUMN small_bytes @integer@ NOT NULL DEFAULT 0;"
    "ALTER TABLE publish_picture ADD COLUMN small_is_recoded @integer@ NOT NULL DEFAULT 0;"
    "ALTER TABLE publish_picture ADD COLUMN failed_recipe @integer@ NOT NULL DEFAULT 0;"
    "ALTER TABLE publish_picture ADD COLUMN trouble @integer@ NOT NULL DEFAULT 0;"
    "UPDATE publish_picture SET web_width = 1200, web_height = (height * 1200 + width / 2) / width"
    " WHERE width > 1200;"
    "UPDATE publish_picture SET web_height = 1 WHERE web_width > 0 AND web_height = 0;"
    "UPDATE publish_picture SET small_width = 640, small_height = CASE WHEN web_width > 0"
    " THEN (web_height * 640 + 600) / 1200 ELSE (height * 640 + width / 2) / width END"
    " WHERE width > 640;"
    "UPDATE publish_picture SET small_height = 1 WHERE small_width > 0 AND small_height = 0;",
};

const struct database_schema publish_schema = {
    .name = "publish",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
};
