/* SPDX-License-Identifier: MIT */
#include "publish/rows_ahead.h"

#include "release/release_store.h"

#include <stdlib.h>

static int row_compare(const void *a, const void *b)
{
    int64_t first = (*(const struct release_row *const *)a)->row_id;
    int64_t second = (*(const struct release_row *const *)b)->row_id;
    return (first > second) - (first < second);
}

void rows_ahead_order(struct rows_ahead *ahead)
{
    if (ahead->count)
        qsort(ahead->rows, ahead->count, sizeof(struct release_row *), row_compare);
}

const struct release_row *rows_ahead_find(const struct rows_ahead *ahead, int64_t row_id)
{
    const struct release_row wanted = { .row_id = row_id };
    const struct release_row *key = &wanted;
    if (!ahead || !ahead->count)
        return NULL;
    const struct release_row *const *found = bsearch(&key, ahead->rows, ahead->count, sizeof key,
                                                     row_compare);
    return found ? *found : NULL;
}
