/* SPDX-License-Identifier: MIT */
#include "release/release_store.h"

#include "database/database.h"
#include "release/release_row.h"

/* Status numbers in the indexes are those of enum release_status; they never change. */
static const char *const migrations[] = {
    "CREATE TABLE release ("
    "  number @number_primary_key@,"
    "  id @text@ NOT NULL UNIQUE,"
    "  original_number @integer@ REFERENCES release (number)," /* NULL: is an original */
    "  path @text@ UNIQUE,"
    "  stamp @text@ NOT NULL,"
    "  is_missing @integer@ NOT NULL,"
    "  content_hash @blob@ NOT NULL,"
    "  title @text@ NOT NULL,"
    "  language @text@ NOT NULL,"
    "  type @text@ NOT NULL,"
    "  topics @text@ NOT NULL,"
    "  status @integer@ NOT NULL,"
    "  published_at @integer@,"
    "  embargo_at @integer@,"
    "  due_at @integer@,"
    "  ready_at @integer@,"
    "  is_urgent @integer@ NOT NULL,"
    "  mail @integer@ NOT NULL,"
    "  revision @integer@ NOT NULL,"
    "  correction @text@ NOT NULL,"
    "  public_at @integer@,"
    "  public_revision @integer@ NOT NULL,"
    "  updated_at @integer@,"
    "  withdrawn_at @integer@,"
    "  withdrawal_reason @text@,"
    "  slug @text@,"
    "  year @integer@ NOT NULL,"
    "  announced_at @integer@,"
    "  announce_note @text@ NOT NULL,"
    "  announced_revision @integer@ NOT NULL,"
    "  withdrawal_announced_at @integer@"
    ") @strict@;"
    "CREATE INDEX release_by_original ON release (original_number)"
    "  WHERE original_number IS NOT NULL;"
    "CREATE INDEX release_by_content ON release (content_hash, is_missing);"
    /* holds all that a look at the drop directory needs */
    "CREATE INDEX release_by_path ON release (path, is_missing, stamp) WHERE path IS NOT NULL;"
    "CREATE UNIQUE INDEX release_by_slug ON release (year, slug) WHERE slug IS NOT NULL;"
    "CREATE INDEX release_to_publish ON release (due_at)"
    "  WHERE status <> 0 AND public_revision <> revision;"
    "CREATE INDEX release_to_come ON release (due_at) WHERE status = 1 AND public_at IS NULL;"
    "CREATE INDEX release_to_announce ON release (announced_at, public_at)"
    "  WHERE announced_at IS NULL AND public_at IS NOT NULL;"
    "CREATE INDEX release_to_tell ON release (number) WHERE " RELEASE_ROW_IS_CHANGED ";"
    "CREATE INDEX release_public ON release (public_at, number) WHERE public_at IS NOT NULL;"
    "CREATE INDEX release_public_type ON release (type, public_at, number)"
    "  WHERE public_at IS NOT NULL;"
    "CREATE INDEX release_public_language ON release (language, public_at, number)"
    "  WHERE public_at IS NOT NULL;"
    "CREATE INDEX release_public_language_type ON release (language, type, public_at, number)"
    "  WHERE public_at IS NOT NULL;"
    "CREATE INDEX release_counted ON release (status, public_at);"

    "CREATE TABLE release_revision ("
    "  release_number @integer@ NOT NULL REFERENCES release (number),"
    "  revision @integer@ NOT NULL,"
    "  content_hash @blob@ NOT NULL,"
    "  made_at @integer@ NOT NULL,"
    "  document @text@ NOT NULL,"
    "  PRIMARY KEY (release_number, revision)"
    ") @strict@;"

    /* topic_at is the release's public_at, 0 before, so that a topic's newest are found in order */
    "CREATE TABLE release_topic ("
    "  topic @text@ NOT NULL,"
    "  topic_at @integer@ NOT NULL,"
    "  release_number @integer@ NOT NULL REFERENCES release (number),"
    "  PRIMARY KEY (topic, topic_at, release_number)"
    ") @strict_without_rowid@;"
    "CREATE INDEX release_topic_by_release ON release_topic (release_number);"

    "CREATE TABLE newsroom_value ("
    "  name @text@ NOT NULL PRIMARY KEY,"
    "  value @text@ NOT NULL"
    ") @strict_without_rowid@;",

    "ALTER TABLE release ADD COLUMN held_at @integer@;"
    "ALTER TABLE release ADD COLUMN has_sidecar @integer@ NOT NULL DEFAULT 0;"
    "CREATE INDEX release_held ON release (number) WHERE held_at IS NOT NULL;"
    "CREATE INDEX release_by_title ON release (title);",

    /* A withdrawal that waits for whoever writes pages. */
    "ALTER TABLE release ADD COLUMN withdrawal_asked_at @integer@;"
    "ALTER TABLE release ADD COLUMN withdrawal_asked_reason @text@;"
    "CREATE INDEX release_to_withdraw ON release (withdrawal_asked_at, number)"
    "  WHERE withdrawal_asked_at IS NOT NULL;",

    "ALTER TABLE release ADD COLUMN topic_labels @text@ NOT NULL DEFAULT '';",
};

const struct database_schema release_schema = { "release", migrations,
                                                sizeof migrations / sizeof migrations[0] };
