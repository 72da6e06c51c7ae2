/* SPDX-License-Identifier: MIT */
#include "delivery/prefetch.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/memory.h"
#include "database/database.h"

#include <stdlib.h>

/* Each claim is a transaction, so an empty queue is asked after EMPTY_PAUSE_MS only.
 * CHANGES_EVERY_MS is for reading the store's change number, which costs none;
 * TRANSACTIONAL_EVERY_MS for transactional mails that come due by the clock, without anybody's
 * commit. */
enum {
    EMPTY_PAUSE_MS = 200,
    CHANGES_EVERY_MS = 50,
    TRANSACTIONAL_EVERY_MS = 500,
    TRANSACTIONAL_BATCH = 50,
    PARKING_TURNS = 50
};

/* Rows that were handed out of the middle are marked so. */
struct prefetch_batch {
    struct prefetch_batch *next;
    struct arena arena;
    struct queue_batch rows;
    bool is_probe;
    bool *is_taken;
    size_t first; /* not given out yet; rows before it are */
    size_t taken; /* given out */
    size_t done;
};

struct prefetch {
    struct prefetch_settings settings;
    struct prefetch_batch *batches; /* in the order in which they are given out */
    struct prefetched_row *returned;
    size_t returned_count;
    size_t returned_capacity;
    size_t waiting; /* of the batches */
    int64_t empty_ms;
    int64_t transactional_ms;
    int64_t change_ms;
    int64_t change_number; /* of the store, as read last */
    bool was_empty;
    bool is_parking; /* so many are due for held receivers that not all of them are parked yet */
};

struct prefetch *prefetch_new(const struct prefetch_settings *settings)
{
    struct prefetch *prefetch = memory_allocate(sizeof *prefetch);
    prefetch->settings = *settings;
    return prefetch;
}

static void batch_free(struct prefetch_batch *batch)
{
    arena_release(&batch->arena);
    free(batch);
}

void prefetch_free(struct prefetch *prefetch)
{
    if (!prefetch)
        return;
    while (prefetch->returned_count)
        prefetch_done(prefetch->returned[--prefetch->returned_count]);
    while (prefetch->batches) {
        struct prefetch_batch *batch = prefetch->batches;
        prefetch->batches = batch->next;
        batch_free(batch);
    }
    free(prefetch->returned);
    free(prefetch);
}

/* Transactional mails, which stand at the head of their batch, wait behind nobody. */
static void add_batch(struct prefetch *prefetch, struct prefetch_batch *batch)
{
    struct prefetch_batch **place = &prefetch->batches;
    while (!batch->rows.rows[0].transactional && *place)
        place = &(*place)->next;
    batch->next = *place;
    *place = batch;
    prefetch->waiting += batch->rows.count;
}

/* The arena is emptied first, because the transaction may run again. */
static bool claim_rows(struct database *database, const struct queue_claim *claim,
                       struct prefetch_batch *batch, struct error *error)
{
    arena_release(&batch->arena);
    return queue_claim(database, claim, &batch->arena, &batch->rows, error);
}

/* *count: rows claimed. *parked: others were due and wait for their receiver now: there may be more
 * behind them. */
static bool claim_once(struct prefetch *prefetch, const struct queue_claim *claim, size_t *count,
                       bool *parked, struct error *error)
{
    struct database *database = prefetch->settings.database;
    struct prefetch_batch *batch = memory_allocate(sizeof *batch);
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, claim_rows(database, claim, batch, error), error);
    bool done = transaction.is_done;
    *count = done ? batch->rows.count : 0;
    *parked = done && batch->rows.parked > 0;
    if (done && batch->rows.freed)
        log_line(LOG_NOTICE, "%s: takes mail again; what waited for it goes", batch->rows.freed);
    if (!*count) {
        batch_free(batch);
        return done;
    }
    /* A kill here leaves the rows claimed under a dead worker's number: the next run gives them
     * back, and none was tried. */
    fault_point("deliver-claimed");
    batch->is_probe = claim->is_probe;
    batch->is_taken = arena_allocate_array(&batch->arena, *count, sizeof *batch->is_taken);
    add_batch(prefetch, batch);
    /* A composition is compared with the store once a batch: so a correction or a withdrawal by
     * another process is seen after 200 messages at the latest. */
    if (prefetch->settings.renew)
        prefetch->settings.renew(prefetch->settings.payload);
    return true;
}

/* Rows that were due for a held receiver are parked, not returned. So a claim that brought nothing
 * but parked some is made again: behind them there may be rows that can go. After PARKING_TURNS of
 * them the loop over the connections has its turn, because it must not stand still meanwhile. */
static bool claim(struct prefetch *prefetch, const struct queue_claim *claim, size_t *count,
                  struct error *error)
{
    bool parked = true;
    *count = 0;
    bool is_usual = !claim->only_transactional && !claim->is_probe;
    if (is_usual)
        prefetch->is_parking = false;
    for (int turns = 0; !*count && parked; turns++) {
        if (turns == PARKING_TURNS) {
            prefetch->is_parking = prefetch->is_parking || is_usual;
            return true;
        }
        if (!claim_once(prefetch, claim, count, &parked, error))
            return false;
    }
    return true;
}

/* Whether there may be transactional mails that came since the last claim. */
static bool has_news(struct prefetch *prefetch, int64_t now_ms, bool *news, struct error *error)
{
    int64_t number = prefetch->change_number;
    *news = now_ms - prefetch->transactional_ms >= TRANSACTIONAL_EVERY_MS;
    if (*news || now_ms - prefetch->change_ms < CHANGES_EVERY_MS)
        return true;
    if (!database_change_number(prefetch->settings.database, &number, error))
        return false;
    *news = number != prefetch->change_number;
    prefetch->change_number = number;
    prefetch->change_ms = now_ms;
    return true;
}

bool prefetch_refill(struct prefetch *prefetch, bool only_urgent, bool is_pressing,
                     struct error *error)
{
    int64_t now_ms = clock_now(prefetch->settings.timer);
    struct queue_claim wanted = { .worker = prefetch->settings.worker,
                                  .now_at = clock_now(prefetch->settings.clock),
                                  .maximum = PREFETCH_BATCH,
                                  .only_urgent = only_urgent };
    size_t count = 0;
    if (prefetch->waiting + prefetch->returned_count < PREFETCH_BATCH / 2 &&
        (is_pressing || !prefetch->was_empty || now_ms - prefetch->empty_ms >= EMPTY_PAUSE_MS)) {
        if (!claim(prefetch, &wanted, &count, error))
            return false;
        /* An empty queue is asked again only after a pause, because each question costs a
         * transaction. */
        prefetch->was_empty = count == 0 && !prefetch->is_parking;
        prefetch->empty_ms = now_ms;
        prefetch->transactional_ms = now_ms;
        return true;
    }
    bool news = false;
    if (!has_news(prefetch, now_ms, &news, error))
        return false;
    if (!news)
        return true;
    /* A confirmation must not wait behind 200 rows of a mailing that are claimed already: it is
     * claimed as soon as somebody has committed it. */
    wanted.only_transactional = true;
    wanted.maximum = TRANSACTIONAL_BATCH;
    prefetch->transactional_ms = now_ms;
    return claim(prefetch, &wanted, &count, error);
}

bool prefetch_probe(struct prefetch *prefetch, bool only_urgent, bool *found, struct error *error)
{
    struct queue_claim wanted = { .worker = prefetch->settings.worker,
                                  .now_at = clock_now(prefetch->settings.clock),
                                  .maximum = 1,
                                  .only_urgent = only_urgent,
                                  .is_probe = true };
    size_t count = 0;
    if (!claim(prefetch, &wanted, &count, error))
        return false;
    *found = count > 0;
    return true;
}

bool prefetch_release(struct prefetch *prefetch, struct error *error)
{
    struct database *database = prefetch->settings.database;
    struct prefetched_row item;
    if (!prefetch_count(prefetch))
        return true;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, queue_release(database, prefetch->settings.worker, error),
                        error);
    if (!transaction.is_done)
        return false;
    /* The queue has them back, so here they are only forgotten. */
    while (prefetch_take(prefetch, &item))
        prefetch_done(item);
    prefetch->was_empty = false;
    return true;
}

static struct prefetched_row give(struct prefetch *prefetch, struct prefetch_batch *batch,
                                  size_t index)
{
    struct prefetched_row item = { .row = &batch->rows.rows[index],
                                   .batch = batch,
                                   .is_probe = batch->is_probe };
    batch->is_taken[index] = true;
    batch->taken++;
    prefetch->waiting--;
    while (batch->first < batch->rows.count && batch->is_taken[batch->first])
        batch->first++;
    if (batch->taken == batch->rows.count) {
        /* All of it is given out, so it leaves the list; prefetch_done() of its last row frees it.
         */
        struct prefetch_batch **place = &prefetch->batches;
        while (*place != batch)
            place = &(*place)->next;
        *place = batch->next;
        batch->next = NULL;
    }
    return item;
}

bool prefetch_is_transactional_next(const struct prefetch *prefetch)
{
    const struct prefetch_batch *batch = prefetch->batches;
    return batch && batch->rows.rows[batch->first].transactional;
}

bool prefetch_take(struct prefetch *prefetch, struct prefetched_row *item)
{
    struct prefetch_batch *batch = prefetch->batches;
    /* Transactional mails go before what came back. */
    if (prefetch->returned_count && !prefetch_is_transactional_next(prefetch)) {
        *item = prefetch->returned[--prefetch->returned_count];
        return true;
    }
    if (!batch)
        return false;
    *item = give(prefetch, batch, batch->first);
    return true;
}

/* A row that comes back is the next to be given out, because its place in the order was earlier. */
void prefetch_return(struct prefetch *prefetch, struct prefetched_row item)
{
    ARRAY_GROW(prefetch->returned, prefetch->returned_count, prefetch->returned_capacity);
    prefetch->returned[prefetch->returned_count++] = item;
}

/* What is given out stays so: a paused mailing's rows are denied their mark, and what a held
 * receiver refuses is charged no try. */
bool prefetch_take_where(struct prefetch *prefetch, prefetch_match *match, void *payload,
                         struct prefetched_row *item)
{
    for (size_t i = 0; i < prefetch->returned_count; i++) {
        if (prefetch->returned[i].row->transactional || !match(payload, prefetch->returned[i].row))
            continue;
        *item = prefetch->returned[i];
        prefetch->returned[i] = prefetch->returned[--prefetch->returned_count];
        return true;
    }
    for (struct prefetch_batch *batch = prefetch->batches; batch; batch = batch->next) {
        for (size_t i = batch->first; i < batch->rows.count; i++) {
            const struct queue_row *row = &batch->rows.rows[i];
            if (!batch->is_taken[i] && !row->transactional && match(payload, row)) {
                *item = give(prefetch, batch, i);
                return true;
            }
        }
    }
    return false;
}

/* The batch owns the memory of all its rows, so it goes with the last of them. */
void prefetch_done(struct prefetched_row item)
{
    if (++item.batch->done == item.batch->rows.count)
        batch_free(item.batch);
}

bool prefetch_is_parking(const struct prefetch *prefetch)
{
    return prefetch->is_parking;
}

size_t prefetch_count(const struct prefetch *prefetch)
{
    return prefetch->waiting + prefetch->returned_count;
}
