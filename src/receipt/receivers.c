/* SPDX-License-Identifier: MIT */
#include "receipt/receivers.h"

#include "base/arena.h"
#include "database/database.h"
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

static struct receipt_address *list_of(const struct receipt_settings *settings, struct arena *arena,
                                       const char *path)
{
    struct receipt_address *list = NULL;
    const char *const *folder = path ? intake_receipts(settings->intake, path) : NULL;
    for (const struct receipt_address *to = settings->to; to; to = to->next)
        add_once(arena, &list, to->address);
    for (; folder && *folder; folder++)
        add_once(arena, &list, *folder);
    return list;
}

const struct receipt_address *receivers_of(const struct receipt_settings *settings,
                                           struct arena *arena, const char *path)
{
    return list_of(settings, arena, path);
}

/* ---- who was told before ---- */

static const struct receipt_address *everybody(const struct receipt_settings *settings,
                                               struct arena *arena)
{
    struct receipt_address *list = NULL;
    const struct intake_container *folder = settings->intake->containers;
    for (const struct receipt_address *to = settings->to; to; to = to->next)
        add_once(arena, &list, to->address);
    for (; folder; folder = folder->next)
        for (const char *const *to = folder->receipts; to && *to; to++)
            add_once(arena, &list, *to);
    return list;
}

bool receipt_is_receiver(const struct receipt_settings *settings, const char *address)
{
    struct arena arena = { 0 };
    const struct receipt_address *to = everybody(settings, &arena);
    while (to && strcasecmp(to->address, address) != 0)
        to = to->next;
    arena_release(&arena);
    return to != NULL;
}

/* Adds those of known that were told of one of the events from first to last. */
static bool add_told(const struct receipt_service *service, struct arena *arena,
                     const struct receipt_message *message, enum receipt_event first,
                     enum receipt_event last, struct receipt_address **list, struct error *error)
{
    enum statement_result result;
    const struct receipt_address *known = everybody(service->settings, arena);
    struct statement *statement = database_prepare(
        service->database,
        "SELECT address FROM receipt WHERE release = $1 AND event BETWEEN $2 AND $3"
        " UNION SELECT r.address FROM receipt_release l JOIN receipt r ON r.row_id = l.receipt"
        " WHERE l.release = $1 AND r.event BETWEEN $2 AND $3",
        error);
    statement_bind_integer(statement, 1, message->release);
    statement_bind_integer(statement, 2, first);
    statement_bind_integer(statement, 3, last);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        for (const struct receipt_address *to = known; to; to = to->next)
            if (strcasecmp(to->address, statement_text(statement, 0)) == 0)
                add_once(arena, list, to->address);
    statement_reset(statement);
    return result == STATEMENT_DONE;
}

bool receivers_of_message(const struct receipt_service *service, struct arena *arena,
                          const struct receipt_message *message, const char *path,
                          const struct receipt_address **to, struct error *error)
{
    struct receipt_address *list = NULL;
    bool is_progress = message->event == RECEIPT_HOUR || message->event == RECEIPT_DAY;
    if (is_progress &&
        !add_told(service, arena, message, RECEIPT_PUBLIC, RECEIPT_PUBLIC, &list, error))
        return false;
    *to = list;
    if (list)
        return true;
    list = list_of(service->settings, arena, path);
    bool done = !message->release ||
                add_told(service, arena, message, RECEIPT_DROPPED, RECEIPT_WITHDRAWN, &list, error);
    *to = list;
    return done;
}
