/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "address/group.h"
#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/trouble.h"

#include <stdlib.h>
#include <string.h>

/* Fewer at one place may be one person with a domain of their own. */
enum { NAMED_FROM = 3 };

struct group_list {
    struct arena *arena;
    struct queue_undelivered *items;
    size_t count;
    size_t capacity;
};

static void add(struct group_list *list, const char *group, int64_t count)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *name = list->items[i].group;
        if (group && name ? strcmp(name, group) == 0 : group == name) {
            list->items[i].count += count;
            return;
        }
    }
    ARRAY_GROW_IN(list->arena, list->items, list->count, list->capacity);
    list->items[list->count++] = (struct queue_undelivered){ group ? arena_copy(list->arena, group)
                                                                   : NULL,
                                                             count };
}

static int compare(const void *left, const void *right)
{
    const struct queue_undelivered *a = left;
    const struct queue_undelivered *b = right;
    if (!a->group != !b->group)
        return a->group ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return a->group ? strcmp(a->group, b->group) : 0;
}

bool queue_undelivered_read(struct database *database, struct arena *arena, int64_t mailing,
                            struct queue_undelivered **rows, size_t *count, struct error *error)
{
    enum statement_result result;
    struct group_list all = { .arena = arena };
    struct group_list named = { .arena = arena };
    struct statement *statement = database_prepare(
        database,
        "SELECT s.address FROM delivery d LEFT JOIN known_subscriber s ON s.row_id = d.subscriber"
        " WHERE d.announcement = (SELECT announcement FROM mailing WHERE row_id = $1) AND d.mailing = $1"
        " AND (d.state = @QUEUE_FAILED@ OR (d.state = @QUEUE_SENT@"
        " AND d.feedback IN (@QUEUE_BOUNCED@, @QUEUE_BOUNCED_COMPLAINED@)))",
        error);
    statement_bind_integer(statement, 1, mailing);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        char group[ADDRESS_GROUP_SIZE];
        const char *address = statement_text(statement, 0);
        address_group(address ? address : "", group);
        add(&all, *group ? group : NULL, 1);
    }
    statement_reset(statement);
    for (size_t i = 0; i < all.count; i++)
        add(&named, all.items[i].count < NAMED_FROM ? NULL : all.items[i].group,
            all.items[i].count);
    if (named.count)
        qsort(named.items, named.count, sizeof *named.items, compare);
    *rows = named.items;
    *count = named.count;
    return result == STATEMENT_DONE;
}
