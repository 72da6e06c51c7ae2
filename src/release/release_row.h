/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_RELEASE_ROW_H
#define RELEASE_RELEASE_ROW_H

struct arena;
struct hash;
struct release_row;
struct statement;

/* Inside release/ only: the columns of a row, in the order that release_row_read() takes them. */
#define RELEASE_ROW_COLUMNS                                                                        \
    "row_id, public_id, original_row_id, path, stat_fingerprint, is_missing, content_hash, title," \
    " language, type, topics, status, published_at, embargo_at, due_at, ready_at, is_urgent,"      \
    " mail, revision, correction, public_at, public_revision, updated_at, withdrawn_at,"           \
    " withdrawal_reason, slug, year, announced_at, announce_note, announced_revision,"             \
    " withdrawal_announced_at, held_at, has_sidecar, topic_labels, place, approval, stopped_at,"   \
    " free_at, text_revision, changes,"                                                            \
    " COALESCE(withdrawal_asked_at, (SELECT original.withdrawal_asked_at FROM release AS original" \
    " WHERE original.row_id = release.original_row_id))"

/* What release_filter.only_changed asks for, word for word the condition of an index. */
#define RELEASE_ROW_IS_CHANGED                                                                     \
    "announced_at IS NOT NULL AND ((public_revision <> 0 AND public_revision <> "                  \
    "announced_revision) OR (withdrawn_at IS NOT NULL AND withdrawal_announced_at IS NULL))"

/* What release_row_is_closed() says of a row, and of another by the name of its table. */
#define RELEASE_ROW_IS_CLOSED                                                                      \
    "(release.approval = @RELEASE_APPROVAL_AWAITED@ OR release.stopped_at IS NOT NULL"             \
    " OR release.place = @RELEASE_PLACE_DRAFTS@)"
#define RELEASE_ORIGINAL_IS_CLOSED                                                                 \
    "(original.approval = @RELEASE_APPROVAL_AWAITED@ OR original.stopped_at IS NOT NULL"           \
    " OR original.place = @RELEASE_PLACE_DRAFTS@)"

/* What release_row_open_revision() says of a row. */
#define RELEASE_ROW_OPEN_REVISION                                                                  \
    "CASE WHEN release.public_at IS NOT NULL AND " RELEASE_ROW_IS_CLOSED                           \
    " THEN release.text_revision ELSE release.revision END"

/* A hash in a column; stays as it is where the column holds none. */
void release_row_read_hash(struct statement *statement, int column, struct hash *hash);

/* The present row of statement, with its strings, in arena. */
struct release_row *release_row_read(struct arena *arena, struct statement *statement);

#endif
