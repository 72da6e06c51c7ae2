/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_CHOICE_H
#define DIGEST_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/string_builder.h"
#include "digest/issue.h"
#include "digest/subscribers.h"

struct arena;
struct database;
struct error;

/* What one issue brings to one subscriber. Its memory grows with the issue's items, not with its
 * subscribers. */
struct digest_choice;

struct digest_moment {
    int64_t now_at;
    int64_t next_weekly_at; /* the first weekly instant behind the issue's daily one */
};

/* For one step: loads what the issue may hold now. In arena, but for digest_choice_release();
 * issue is borrowed, and gets its mailing on the way. */
struct digest_choice *digest_choice_new(struct database *database, const struct digest_issue *issue,
                                        const struct digest_moment *moment, struct arena *arena,
                                        struct error *error);

/* Takes NULL. */
void digest_choice_release(struct digest_choice *choice);

/* *items: " ITEM:VERSION …", by item; "" where there is nothing for the subscriber. Borrowed until
 * the next call. What was owed and is in it, or cannot come any more, is owed no more. */
bool digest_choice_make(struct digest_choice *choice, const struct digest_subscriber *subscriber,
                        const char **items, struct error *error);

/* Has the store note what the last choice brings (digest_membership_add), once for each item. */
bool digest_choice_add_members(struct digest_choice *choice, struct error *error);

#endif
