/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_RELEASE_BATCH_H
#define PUBLISH_RELEASE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct output;
struct publish_counts;
struct site;

/* Inside publish/ only: releases published together: their files are written, put in place, and
 * only then their rows say that they are public. */
enum { RELEASE_BATCH_MAXIMUM = 5000, RELEASE_BATCH_WITH_LISTS_MAXIMUM = 50 };

struct release_row_ids {
    const int64_t *list;
    size_t count;
    bool with_lists; /* pages and all marked lists are put in place together: one flush, not two.
                        For few releases only: what both have made stays in memory until then */
};

/* Publishes what is new of these rows; a row that is public as it stands is written again (its
 * bytes may have changed with templates or with another version), one that is not public and not
 * due loses what may stand of it. A release that cannot be written is logged and counted. */
bool release_batch_publish(struct site *site, struct output *output,
                           const struct release_row_ids *row_ids, struct publish_counts *counts,
                           struct error *error) __attribute__((warn_unused_result));

#endif
