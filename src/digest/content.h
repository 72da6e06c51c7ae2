/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_CONTENT_H
#define DIGEST_CONTENT_H

#include "base/hash.h"
#include "digest/digest.h"

/* Inside digest/ only: the rows of an issue and what each of them brings. All but those that read
 * want the caller's transaction. */

/* Makes the issue's mailing where it has none: held until digest_issue_close(). */
bool digest_issue_begin(struct database *database, struct digest_issue *issue, int64_t now_at,
                        struct error *error);

struct digest_content_item {
    int64_t item;
    int64_t version;
};

/* What makes one message. */
struct digest_content {
    const struct digest_content_item *items; /* by item */
    size_t count;
    struct hash fingerprint; /* of them */
};

/* The row id of that content in the issue, made where it is not there: then the issue brings these
 * items (digest_issue_item), which is known so before the first row has them. */
bool digest_content_find(struct database *database, const struct digest_issue *issue,
                         const struct digest_content *content, int64_t *row_id,
                         struct error *error);

struct digest_row {
    int64_t subscriber;
    int64_t content; /* of digest_content_find() */
    int64_t now_at;
};

/* One row; no effect where the subscriber has one of that issue already. */
bool digest_issue_add_row(struct database *database, const struct digest_issue *issue,
                          const struct digest_row *row, bool *is_new, struct error *error);

#endif
