/* SPDX-License-Identifier: MIT */
#include "receipt/receivers.h"

#include "base/arena.h"
#include "intake/intake.h"

#include <strings.h>

/* Behind the others. */
static void add_once(struct arena *arena, struct receipt_address **list, const char *address)
{
    for (; *list; list = &(*list)->next)
        if (strcasecmp((*list)->address, address) == 0)
            return;
    *list = arena_allocate(arena, sizeof **list);
    **list = (struct receipt_address){ .address = address };
}

const struct receipt_address *receivers_of(const struct receipt_settings *settings,
                                           struct arena *arena, const char *path)
{
    struct receipt_address *list = NULL;
    const char *const *folder = path ? intake_receipts(settings->intake, path) : NULL;
    for (const struct receipt_address *to = settings->to; to; to = to->next)
        add_once(arena, &list, to->address);
    for (; folder && *folder; folder++)
        add_once(arena, &list, *folder);
    return list;
}
