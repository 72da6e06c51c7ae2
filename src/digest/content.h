/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_CONTENT_H
#define DIGEST_CONTENT_H

#include "digest/digest.h"

/* Inside digest/ only: the rows of an issue and what each of them brings. All but those that read
 * want the caller's transaction. */

/* Makes the issue's mailing where it has none: held until digest_issue_close(). */
bool digest_issue_begin(struct database *database, struct digest_issue *issue, int64_t now_at,
                        struct error *error);

/* The number of the content of these items (" ITEM:VERSION … "), made where it is not there. */
bool digest_content_find(struct database *database, const struct digest_issue *issue,
                         const char *items, int64_t *number, struct error *error);

/* Notes that the issue brings the item to somebody: before the first row of a content with it. So
 * what somebody had in a digest is found by the digests that held it (digest_holding). */
bool digest_membership_add(struct database *database, const struct digest_issue *issue,
                           int64_t item, struct error *error);

struct digest_row {
    int64_t subscriber;
    int64_t content; /* of digest_content_find() */
    int64_t now_at;
};

/* One row; no effect where the subscriber has one of that issue already. */
bool digest_issue_add_row(struct database *database, const struct digest_issue *issue,
                          const struct digest_row *row, bool *is_new, struct error *error);

/* Reads release, kind and is_live of the part's item and version. */
bool digest_part_read(struct database *database, struct digest_part *part, struct error *error);

/* Reads the next " ITEM:VERSION" of a content's items; false at the end. */
bool digest_token(const char **items, int64_t *item, int64_t *version);

#endif
