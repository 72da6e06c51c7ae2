/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_CHOICE_H
#define DIGEST_CHOICE_H

#include "digest/content.h"
#include "digest/issue.h"
#include "digest/subscribers.h"

/* Inside digest/ only: what one issue brings to one subscriber. Its memory grows with the issue's
 * items, not with its subscribers. */
struct digest_choice;

struct digest_moment {
    int64_t now_at;
    int64_t next_weekly_at; /* the first weekly instant behind the issue's daily one */
};

/* For one step: loads what the issue may hold now. In arena; issue is borrowed, and gets its
 * mailing on the way. */
struct digest_choice *digest_choice_new(struct database *database, const struct digest_issue *issue,
                                        const struct digest_moment *moment, struct arena *arena,
                                        struct error *error);

/* What the issue brings to the subscriber; count 0: nothing. Borrowed until the next call. What is
 * in it, or cannot come any more, leaves the backlog. */
bool digest_choice_make(struct digest_choice *choice, const struct digest_subscriber *subscriber,
                        struct digest_content *content, struct error *error);

#endif
