/* SPDX-License-Identifier: MIT */
#include "publish/publish.h"

#include "database/database.h"

/* publish_file: what stands in public/. owner is the unit that makes the file ("release:17",
 * "month:da:2026-06"); hash is of what the file was made from, empty where that is not known.
 * publish_journal: what a flush is about to do, a row only between its two commits: "OWNER PATH
 * GZIP" lines.
 * publish_card: a public release as lists show it. lists: those it stands in, one a line.
 * publish_member: the lists' entries, in their order.
 * publish_list: every list, and whether it must be written again; also "release:17" where a page
 * must. from_at: entries older than this have not changed.
 * publish_picture: what a picture became, by the hash of its bytes. */
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
};

const struct database_schema publish_schema = {
    .name = "publish",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof migrations[0],
};
