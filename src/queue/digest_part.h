/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_DIGEST_PART_H
#define QUEUE_DIGEST_PART_H

#include "queue/digest.h"

/* Inside queue/ only: digests as the rest of the queue meets them, in the caller's transaction. */

/* A release, or one version of it, is withdrawn: its items are in no digest any more, who had it is
 * owed the notice, what waits to be sent is made without it, and is cancelled where nothing is
 * left.
 */
bool digest_cancel_release(struct database *database, const struct queue_cancellation *cancellation,
                           struct error *error);

/* After a subscriber's subscriptions changed, before waiting rows are suppressed: what they would
 * have brought and a digest of the subscriber's now has to is owed; digests that hold something not
 * followed any more are suppressed, and the rest of them owed. *count grows by rows suppressed. */
bool digest_reselect(struct database *database, int64_t subscriber, int64_t now_at, int64_t *count,
                     struct error *error);

/* Nothing is owed to who leaves. */
bool digest_forget_subscriber(struct database *database, int64_t subscriber, struct error *error);

/* Before the first row of a mailing is forgotten: if it is a digest, its releases are marked for
 * ever as told. */
bool digest_forget_begin(struct database *database, int64_t announcement, struct error *error);

/* Contents of a mailing whose rows are forgotten, so many in a step; *count 0: none are left. */
bool digest_forget_contents(struct database *database, int64_t announcement, int64_t maximum,
                            int64_t *count, struct error *error);

/* The rest of it: its edition, and items from before that instant that no digest holds. */
bool digest_forget_mailing(struct database *database, int64_t announcement, int64_t before_at,
                           struct error *error);

/* Reads release, kind and is_live of the part's item and version. */
bool digest_part_read(struct database *database, struct queue_digest_part *part,
                      struct error *error);

/* Whether the mailing is an edition that is still being made: it goes on by itself. */
bool digest_is_being_made(struct database *database, int64_t mailing, bool *is_being_made,
                          struct error *error);

/* Items held back with a mailing that goes on now belong to the next edition. */
bool digest_mailing_goes_on(struct database *database, int64_t mailing, int64_t now_at,
                            struct error *error);

/* " AND it may be in an edition" of an item i at the instant that parameter names. */
#define DIGEST_ITEM_IS_OPEN(now)                                                                   \
    " AND i.voided_at IS NULL AND i.ripe_at <= " now                                               \
    " AND NOT EXISTS (SELECT 1 FROM mailing m WHERE m.number = i.mailing AND m.state IN (1, 2, 4))"

struct digest_numbers {
    const int64_t *numbers;
    size_t count;
};

/* One statement whose parameters are all numbers. */
bool digest_write(struct database *database, const char *sql, struct digest_numbers parameters,
                  struct error *error);

/* The same for one number that a query gives; *found false where it gives no row or NULL. */
bool digest_ask(struct database *database, const char *sql, struct digest_numbers parameters,
                int64_t *value, bool *found, struct error *error);

#define DIGEST_NUMBERS(...)                                                                        \
    (struct digest_numbers)                                                                        \
    {                                                                                              \
        (const int64_t[]){ __VA_ARGS__ },                                                          \
            sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)                             \
    }
#define DIGEST_RUN(database, sql, error, ...)                                                      \
    digest_write(database, sql, DIGEST_NUMBERS(__VA_ARGS__), error)
#define DIGEST_ASK(database, sql, value, found, error, ...)                                        \
    digest_ask(database, sql, DIGEST_NUMBERS(__VA_ARGS__), value, found, error)

#endif
