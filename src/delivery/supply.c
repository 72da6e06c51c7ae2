/* SPDX-License-Identifier: MIT */
#include "delivery/supply.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "database/database.h"

#include <stdlib.h>

enum {
    EMPTY_PAUSE_MS = 200,
    LOOK_EVERY_MS = 50,
    SINGLES_EVERY_MS = 500,
    SINGLES_BATCH = 50,
    PARKING_TURNS = 50
};

/* Rows that were handed out of the middle are marked so. */
struct supply_batch {
    struct supply_batch *next;
    struct arena arena;
    struct queue_batch rows;
    bool is_probe;
    bool *is_taken;
    size_t first; /* not given out yet; rows before it are */
    size_t taken; /* given out */
    size_t done;
};

struct supply {
    struct supply_settings settings;
    struct supply_batch *batches; /* in the order in which they are given out */
    struct supply_item *returned;
    size_t returned_count;
    size_t returned_capacity;
    size_t waiting; /* of the batches */
    int64_t empty_ms;
    int64_t singles_ms;
    int64_t look_ms;
    int64_t change_number; /* of the store, when last looked */
    bool was_empty;
    bool is_parking; /* so many are due for held receivers that not all of them are parked yet */
};

struct supply *supply_new(const struct supply_settings *settings)
{
    struct supply *supply = calloc(1, sizeof *supply);
    if (!supply)
        abort();
    supply->settings = *settings;
    return supply;
}

static void batch_free(struct supply_batch *batch)
{
    arena_release(&batch->arena);
    free(batch);
}

void supply_free(struct supply *supply)
{
    if (!supply)
        return;
    while (supply->returned_count)
        supply_done(supply->returned[--supply->returned_count]);
    while (supply->batches) {
        struct supply_batch *batch = supply->batches;
        supply->batches = batch->next;
        batch_free(batch);
    }
    free(supply->returned);
    free(supply);
}

/* Single mails, which stand at the head of their batch, wait behind nobody. */
static void add_batch(struct supply *supply, struct supply_batch *batch)
{
    struct supply_batch **place = &supply->batches;
    while (!batch->rows.rows[0].single && *place)
        place = &(*place)->next;
    batch->next = *place;
    *place = batch;
    supply->waiting += batch->rows.count;
}

/* *count: rows claimed. *parked: others were due and wait for their receiver now: there may be more
 * behind them. */
static bool claim_once(struct supply *supply, const struct queue_claim *claim, size_t *count,
                       bool *parked, struct error *error)
{
    struct database *database = supply->settings.database;
    struct supply_batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        abort();
    bool done = database_begin(database, error);
    done = done &&
           database_end(database, queue_claim(database, claim, &batch->arena, &batch->rows, error),
                        error);
    *count = done ? batch->rows.count : 0;
    *parked = done && batch->rows.parked > 0;
    if (done && batch->rows.freed)
        log_line(LOG_NOTICE, "%s: takes mail again; what waited for it goes", batch->rows.freed);
    if (!*count) {
        batch_free(batch);
        return done;
    }
    fault_point("deliver-claimed");
    batch->is_probe = claim->is_probe;
    batch->is_taken = arena_allocate_array(&batch->arena, *count, sizeof *batch->is_taken);
    add_batch(supply, batch);
    if (supply->settings.renew)
        supply->settings.renew(supply->settings.payload);
    return true;
}

static bool claim(struct supply *supply, const struct queue_claim *claim, size_t *count,
                  struct error *error)
{
    bool parked = true;
    *count = 0;
    bool is_usual = !claim->only_singles && !claim->is_probe;
    if (is_usual)
        supply->is_parking = false;
    for (int turns = 0; !*count && parked; turns++) {
        if (turns == PARKING_TURNS) {
            supply->is_parking = supply->is_parking || is_usual;
            return true;
        }
        if (!claim_once(supply, claim, count, &parked, error))
            return false;
    }
    return true;
}

/* Whether there may be single mails that nobody has been told of. */
static bool has_news(struct supply *supply, int64_t now_ms, bool *news, struct error *error)
{
    int64_t number = supply->change_number;
    *news = now_ms - supply->singles_ms >= SINGLES_EVERY_MS;
    if (*news || now_ms - supply->look_ms < LOOK_EVERY_MS)
        return true;
    if (!database_change_number(supply->settings.database, &number, error))
        return false;
    *news = number != supply->change_number;
    supply->change_number = number;
    supply->look_ms = now_ms;
    return true;
}

bool supply_refill(struct supply *supply, bool only_urgent, bool is_pressing, struct error *error)
{
    int64_t now_ms = clock_now(supply->settings.timer);
    struct queue_claim wanted = { .worker = supply->settings.worker,
                                  .now_at = clock_now(supply->settings.clock),
                                  .maximum = SUPPLY_BATCH,
                                  .only_urgent = only_urgent };
    size_t count = 0;
    if (supply->waiting + supply->returned_count < SUPPLY_BATCH / 2 &&
        (is_pressing || !supply->was_empty || now_ms - supply->empty_ms >= EMPTY_PAUSE_MS)) {
        if (!claim(supply, &wanted, &count, error))
            return false;
        supply->was_empty = count == 0 && !supply->is_parking;
        supply->empty_ms = now_ms;
        supply->singles_ms = now_ms;
        return true;
    }
    bool news = false;
    if (!has_news(supply, now_ms, &news, error))
        return false;
    if (!news)
        return true;
    wanted.only_singles = true;
    wanted.maximum = SINGLES_BATCH;
    supply->singles_ms = now_ms;
    return claim(supply, &wanted, &count, error);
}

bool supply_probe(struct supply *supply, bool only_urgent, bool *found, struct error *error)
{
    struct queue_claim wanted = { .worker = supply->settings.worker,
                                  .now_at = clock_now(supply->settings.clock),
                                  .maximum = 1,
                                  .only_urgent = only_urgent,
                                  .is_probe = true };
    size_t count = 0;
    if (!claim(supply, &wanted, &count, error))
        return false;
    *found = count > 0;
    return true;
}

bool supply_hand_back(struct supply *supply, struct error *error)
{
    struct database *database = supply->settings.database;
    struct supply_item item;
    if (!supply_waiting(supply))
        return true;
    if (!database_begin(database, error) ||
        !database_end(database, queue_release(database, supply->settings.worker, error), error))
        return false;
    while (supply_take(supply, &item))
        supply_done(item);
    supply->was_empty = false;
    return true;
}

static void skip_taken(struct supply_batch *batch)
{
    while (batch->first < batch->rows.count && batch->is_taken[batch->first])
        batch->first++;
}

/* A batch of which all is given out leaves the list; its last row's end frees it. */
static void unlink_batch(struct supply *supply, struct supply_batch *batch)
{
    struct supply_batch **place = &supply->batches;
    while (*place != batch)
        place = &(*place)->next;
    *place = batch->next;
    batch->next = NULL;
}

static struct supply_item give(struct supply *supply, struct supply_batch *batch, size_t index)
{
    struct supply_item item = { .row = &batch->rows.rows[index],
                                .batch = batch,
                                .is_probe = batch->is_probe };
    batch->is_taken[index] = true;
    batch->taken++;
    supply->waiting--;
    skip_taken(batch);
    if (batch->taken == batch->rows.count)
        unlink_batch(supply, batch);
    return item;
}

bool supply_is_single_next(const struct supply *supply)
{
    const struct supply_batch *batch = supply->batches;
    return batch && batch->rows.rows[batch->first].single;
}

bool supply_take(struct supply *supply, struct supply_item *item)
{
    struct supply_batch *batch = supply->batches;
    /* Single mails go before what came back. */
    if (supply->returned_count && !supply_is_single_next(supply)) {
        *item = supply->returned[--supply->returned_count];
        return true;
    }
    if (!batch)
        return false;
    *item = give(supply, batch, batch->first);
    return true;
}

void supply_return(struct supply *supply, struct supply_item item)
{
    if (supply->returned_count == supply->returned_capacity) {
        supply->returned_capacity += SUPPLY_BATCH;
        supply->returned = reallocarray(supply->returned, supply->returned_capacity,
                                        sizeof *supply->returned);
        if (!supply->returned)
            abort();
    }
    supply->returned[supply->returned_count++] = item;
}

bool supply_take_where(struct supply *supply, supply_match *match, void *payload,
                       struct supply_item *item)
{
    for (size_t i = 0; i < supply->returned_count; i++) {
        if (supply->returned[i].row->single || !match(payload, supply->returned[i].row))
            continue;
        *item = supply->returned[i];
        supply->returned[i] = supply->returned[--supply->returned_count];
        return true;
    }
    for (struct supply_batch *batch = supply->batches; batch; batch = batch->next) {
        for (size_t i = batch->first; i < batch->rows.count; i++) {
            const struct queue_row *row = &batch->rows.rows[i];
            if (!batch->is_taken[i] && !row->single && match(payload, row)) {
                *item = give(supply, batch, i);
                return true;
            }
        }
    }
    return false;
}

void supply_done(struct supply_item item)
{
    if (++item.batch->done == item.batch->rows.count)
        batch_free(item.batch);
}

bool supply_is_parking(const struct supply *supply)
{
    return supply->is_parking;
}

size_t supply_waiting(const struct supply *supply)
{
    return supply->waiting + supply->returned_count;
}
