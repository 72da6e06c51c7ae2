/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_RELEASE_STORE_H
#define RELEASE_RELEASE_STORE_H

#include "base/arena.h"
#include "database/sql_macro.h"
#include "release/release.h"

struct database;
struct database_schema;

/* Rows of releases and their revisions. A row's id is ours and never shown; its public id is the
 * world's and never changes. Every function returns false (or NULL) with *error filled on failure;
 * none opens a transaction of its own unless it says so. */
extern const struct database_schema release_schema;

/* Which folder of the drop directory a release's file lies in: it says by place what status says by
 * word. Numbers stand in the database: they never change. */
#define RELEASE_PLACES(X)                                                                          \
    X(RELEASE_PLACE_NONE, 0)      /* in none of them */                                            \
    X(RELEASE_PLACE_DRAFTS, 1)    /* a draft: shown to those who may see it, never public */       \
    X(RELEASE_PLACE_SCHEDULED, 2) /* held until the date in it; without one: held */               \
    X(RELEASE_PLACE_WITHDRAWN, 3)

enum release_place { RELEASE_PLACES(SQL_ENUMERATOR) };

/* Whether the newest revision may become public, where releases are approved first, or its text has
 * open changes. */
#define RELEASE_APPROVALS(X)                                                                       \
    X(RELEASE_APPROVAL_NONE, 0)    /* is not needed */                                             \
    X(RELEASE_APPROVAL_AWAITED, 1) /* nobody has said yes: it does not become public */            \
    X(RELEASE_APPROVAL_GIVEN, 2)   /* for the newest revision */

enum release_approval { RELEASE_APPROVALS(SQL_ENUMERATOR) };

/* What a text with changes, comments or struck words of its word processor is. */
#define RELEASE_CHANGES(X)                                                                         \
    X(RELEASE_CHANGES_NONE, 0)     /* has none */                                                  \
    X(RELEASE_CHANGES_OPEN, 1)     /* nobody has accepted them: it does not become public; who     \
                                      gets its receipts may accept them */                         \
    X(RELEASE_CHANGES_ACCEPTED, 2) /* by its file, by its place, or by a yes */                    \
    X(RELEASE_CHANGES_ASKED, 3)    /* as OPEN, and approvers were asked */

enum release_changes { RELEASE_CHANGES(SQL_ENUMERATOR) };

struct release_row {
    int64_t row_id;
    const char *public_id;
    int64_t original_row_id; /* of the release it is a version of; its own row id for an original */
    const char *path; /* in the drop directory: the file, or "folder/"; NULL: never had one, or was
                         recovered from public/ */
    const char *stat_fingerprint; /* opaque: names, sizes and times of its files at the last scan */
    bool is_missing;              /* its file has vanished */
    struct hash content_hash;
    /* effective values: a version's inherited ones included */
    const char *title;
    const char *language;
    const char *type;
    const char *topics;       /* "a b", sorted; "" for none */
    const char *topic_labels; /* how they are written, as release_topic_labels() has it */
    enum release_status status;
    int64_t published_at; /* asked for, or when first seen as ready; INSTANT_NONE while a draft */
    int64_t embargo_at;
    int64_t due_at;   /* max of both */
    int64_t ready_at; /* first seen as ready */
    bool is_urgent;
    bool mail;
    int64_t revision;       /* number of the newest revision, from 1 */
    const char *correction; /* of the newest revision; "" for none */
    /* what the world has seen */
    int64_t public_at; /* the instant it counts as public from (= due_at then); INSTANT_NONE: not
                          public yet */
    int64_t public_revision; /* the revision that stands in public/; 0: none */
    int64_t updated_at;      /* last significant change, once public */
    int64_t withdrawn_at;
    const char *withdrawal_reason;
    const char *slug;           /* made at publication */
    int year;                   /* of public_at in site.timezone, for its address */
    int64_t announced_at;       /* when announce dealt with its first publication, mailed or not;
                                   INSTANT_NONE: not yet */
    const char *announce_note;  /* why it was not mailed; "" where it was */
    int64_t announced_revision; /* the public revision up to which corrections were announced; 0:
                                   none */
    int64_t withdrawal_announced_at; /* when the withdrawal was announced; INSTANT_NONE: not yet */
    int64_t held_at;  /* since when intake holds what is not public yet (its file is refused, being
                         written, gone …): not due until it lets go; INSTANT_NONE: is not held */
    bool has_sidecar; /* a NAME.yaml gave fields of it */
    enum release_place place;
    enum release_approval approval; /* only read here: see release_set_approval() */
    enum release_changes changes;   /* of the newest revision; only read here: see
                                       release_set_changes() */
    int64_t stopped_at; /* since when a reply of STOP keeps it from becoming public; INSTANT_NONE.
                           Only read here: see release_set_stopped() */
    int64_t free_at;    /* when somebody let it go, who approved it or lifted a stop: it is not due
                           before; INSTANT_NONE: nobody had to */
    int64_t text_revision; /* the revision whose text stood in public/ last, also where a notice of
                              withdrawal does now; 0: none */
    int64_t withdrawal_asked_at; /* of it or of its original, and not done yet; only read here: see
                                    release_ask_withdrawal() */
};

/* Whether it is to be withdrawn by whoever writes pages next: nobody is mailed it any more, though
 * it is not withdrawn yet. */
bool release_row_awaits_withdrawal(const struct release_row *row);

/* Whether what is not public yet must not become so, whatever its own due_at: it is held, or it is
 * a version whose original (NULL for an original) is withdrawn, or neither public nor to become so
 * by now_at. */
bool release_row_waits(const struct release_row *row, const struct release_row *original,
                       int64_t now_at);

/* Whether its newest revision must not be seen: an approval is awaited, a reply of STOP holds it,
 * or it lies among the drafts, also where an older one is public. A withdrawal may always be. */
bool release_row_is_closed(const struct release_row *row);

/* Whether its newest revision has changes that nobody has accepted. */
bool release_row_has_open_changes(const struct release_row *row);

/* The newest revision that may be seen: of what is public and closed the one that stood there last,
 * else the newest. */
int64_t release_row_open_revision(const struct release_row *row);

/* Makes of a row the one that may be seen: revision and content_hash are those of
 * release_row_open_revision(). What else a row shows is of that one anyway (intake/approval.h). */
bool release_row_show_open(struct database *database, struct release_row *row, struct error *error);

/* "releases/2022/SLUG/", relative to public/; NULL before publication. */
const char *release_row_page_path(struct arena *arena, const struct release_row *row);

struct release_row *release_find_by_row_id(struct database *database, struct arena *arena,
                                           int64_t row_id, bool *failed, struct error *error);
struct release_row *release_find_by_public_id(struct database *database, struct arena *arena,
                                              const char *public_id, bool *failed,
                                              struct error *error);
struct release_row *release_find_by_path(struct database *database, struct arena *arena,
                                         const char *path, bool *failed, struct error *error);

/* The first row, by row id, with that content; a missing one before a present one, since a file
 * with the content of one that vanished is that one renamed. */
struct release_row *release_find_by_hash(struct database *database, struct arena *arena,
                                         const struct hash *content_hash, bool *failed,
                                         struct error *error);

enum release_order {
    RELEASE_ORDER_NUMBER,       /* of an original and its versions the original first */
    RELEASE_ORDER_LAST_FIRST,   /* row id, descending */
    RELEASE_ORDER_NEWEST_FIRST, /* public_at, then row id, both descending: public ones alone */
    RELEASE_ORDER_OLDEST_FIRST, /* public_at, then row id, of filters that say they are public */
    RELEASE_ORDER_DUE_FIRST     /* due_at, then row id, of filters that say it is set: many are
                                   read fastest so, since an index has this order */
};

struct release_filter {
    bool only_public;      /* public_at set (withdrawn ones are public too) */
    bool only_unpublished; /* public_at not set */
    bool without_withdrawn;
    bool only_unpublished_due; /* status ready or withdrawn, due by now_at, and public_revision ≠
                                  release_row_open_revision(); of what is not public yet nothing
                                  that is held or closed, and no version ahead of its original
                                  (release_row_waits()); nothing that is to be withdrawn */
    bool only_to_come;         /* status ready, not public yet, held or not */
    bool only_held;            /* held_at set */
    bool only_stopped;         /* stopped_at set */
    bool only_awaited;         /* an approval is awaited */
    bool only_unasked;         /* status ready, not public yet, and no approval was asked for */
    bool only_unannounced;     /* public, announced_at none, not withdrawn */
    bool only_changed; /* announced, and what is public has changed since: public_revision is not 0
                          and differs from announced_revision, or withdrawn_at is set and
                          withdrawal_announced_at is not */
    int64_t now_at;
    int64_t original_row_id; /* 0: any; else all versions of it, the original first */
    const char *title;       /* NULL: any */
    enum release_order order;
};

/* Reads the rows that a filter lets through, in its order, in pages: no statement is open between
 * two rows, so that the caller may read and write what it likes. A row that is changed meanwhile so
 * that the filter lets it through, or its place in the order is another, may be met or not.
 *
 *     release_cursor_open(&cursor, database, &filter);
 *     while (release_cursor_next(&cursor, &row, error))
 *         …
 *     if (!release_cursor_close(&cursor))
 *         return false;
 */
struct release_cursor {
    struct database *database;
    struct release_filter filter;
    struct arena arena; /* of the page */
    struct release_row **rows;
    size_t count;
    size_t next;
    int64_t page_size;
    int64_t last_at; /* where the row returned last stands in the order */
    int64_t last_row_id;
    bool is_started;
    bool is_last_page;
    bool has_failed;
};

void release_cursor_open(struct release_cursor *cursor, struct database *database,
                         const struct release_filter *filter);

/* *row lives until the next call: copy what must stay. False at the end and on failure. */
bool release_cursor_next(struct release_cursor *cursor, const struct release_row **row,
                         struct error *error);

/* Releases; false where reading failed, with the error of release_cursor_next(). */
bool release_cursor_close(struct release_cursor *cursor) __attribute__((warn_unused_result));

/* What a scan of the drop directory compares: read cheaply, without the rest of the row. */
struct release_path {
    int64_t row_id;
    const char *path;
    const char *stat_fingerprint;
    bool is_missing;
};

/* The same for the paths of all rows that have one, in byte order. */
struct release_path_cursor {
    struct database *database;
    struct arena arena;
    struct release_path *paths;
    size_t count;
    size_t next;
    bool is_last_page;
    bool has_failed;
};

void release_path_cursor_open(struct release_path_cursor *cursor, struct database *database);
bool release_path_cursor_next(struct release_path_cursor *cursor, const struct release_path **path,
                              struct error *error);
bool release_path_cursor_close(struct release_path_cursor *cursor)
    __attribute__((warn_unused_result));

/* The highest row id there is; 0 for none. */
bool release_last_row_id(struct database *database, int64_t *row_id, struct error *error);

/* The earliest due_at after now_at of a ready release that is not public yet, not held and not
 * closed; INSTANT_NONE for none. */
bool release_next_due(struct database *database, int64_t now_at, int64_t *due_at,
                      struct error *error);

/* Notes that a release is to be withdrawn, its versions with it: its row stays as it is until then.
 * INSTANT_NONE, NULL: no more. */
bool release_ask_withdrawal(struct database *database, int64_t row_id, int64_t asked_at,
                            const char *reason, struct error *error);

/* Writes what row->approval is, row->changes, or row->stopped_at (INSTANT_NONE: no more). A row
 * that is gone by now is no error. */
bool release_set_approval(struct database *database, int64_t row_id, enum release_approval approval,
                          struct error *error);
bool release_set_changes(struct database *database, int64_t row_id, enum release_changes changes,
                         struct error *error);
bool release_set_stopped(struct database *database, int64_t row_id, int64_t stopped_at,
                         struct error *error);

/* The release of which that was asked first; *row_id is 0 for none. *reason, in arena, may be NULL.
 */
bool release_find_asked_withdrawal(struct database *database, struct arena *arena, int64_t *row_id,
                                   const char **reason, struct error *error);

/* The release withdrawn last, or last asked to be, of those whose page does not say so yet; 0 for
 * none. Cheap, however many there are. */
bool release_next_withdrawal(struct database *database, int64_t *row_id, struct error *error);

/* Loads a revision's document (0: the newest), a version with what it inherits of the revision of
 * its original that may be seen. */
struct release *release_load(struct database *database, struct arena *arena, int64_t row_id,
                             int64_t revision, struct error *error);

/* A new row with revision 1; row->row_id and row->revision are filled in, and original_row_id where
 * it is 0: an original. NULL strings are stored as "" where a column says so. */
bool release_insert(struct database *database, struct release_row *row,
                    const struct release *release, int64_t now_at, struct error *error);

/* A new revision for a known row: the newest and 1, effective values as in *row. */
bool release_add_revision(struct database *database, struct release_row *row,
                          const struct release *release, int64_t now_at, struct error *error);

/* Writes every column of *row but its row id (a version's effective values change with its
 * original, without a revision of its own). */
bool release_update(struct database *database, const struct release_row *row, struct error *error);

/* Writes what publishing decides and nothing else: public_at, public_revision, text_revision,
 * updated_at, withdrawn_at, slug and year. A row that is gone by now is no error. */
bool release_update_public(struct database *database, const struct release_row *row,
                           struct error *error);

/* The same for what announcing decides: announced_at, announce_note, announced_revision and
 * withdrawal_announced_at. */
bool release_update_announced(struct database *database, const struct release_row *row,
                              struct error *error);

/* Whether a slug is taken in that year by another release. */
bool release_slug_is_taken(struct database *database, int year, const char *slug,
                           int64_t except_row_id, bool *taken, struct error *error);

struct release_counts {
    int64_t draft;
    int64_t ready;
    int64_t withdrawn;
    int64_t public_now; /* of the ready ones: public already */
};

bool release_count(struct database *database, struct release_counts *counts, struct error *error);

/* How many never became public; an index alone is read. */
bool release_count_unpublished(struct database *database, int64_t *count, struct error *error);

/* How many became public before that. */
bool release_count_public(struct database *database, int64_t before_at, int64_t *count,
                          struct error *error);

/* Values that a newsroom keeps for ever once made ("tag.authority", "tag.date", "list_id"): reads
 * name, or stores value_if_new and gives that back; with NULL for it only reads, and *value is NULL
 * where there is none. */
bool newsroom_value_once(struct database *database, struct arena *arena, const char *name,
                         const char *value_if_new, const char **value, struct error *error);

#endif
