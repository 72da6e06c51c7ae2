/* SPDX-License-Identifier: MIT */
#include "inbound/parcel.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Two are read, on two processors, while a third is seen to. */
enum { PARCELS = 3 };

static void parcel_init(struct parcel *parcel)
{
    *parcel = (struct parcel){ .batch = mime_batch_new() };
    string_builder_init(&parcel->bytes, 0);
}

static void parcel_release(struct parcel *parcel)
{
    mime_batch_free(parcel->batch);
    string_builder_release(&parcel->bytes);
    arena_release(&parcel->arena);
}

void parcel_add(struct parcel *parcel, size_t number, const char *key, const struct hash *place,
                const struct string_builder *bytes, bool is_cut)
{
    struct parcel_item *item = &parcel->items[parcel->count++];
    *item = (struct parcel_item){ .number = number,
                                  .key = arena_copy(&parcel->arena, key),
                                  .has_place = place != NULL,
                                  .length = bytes->length,
                                  .is_cut = is_cut };
    if (place)
        item->place = *place;
    string_builder_append_bytes(&parcel->bytes, bytes->data, bytes->length);
    mime_batch_add(parcel->batch, bytes->data, bytes->length);
}

bool parcel_is_full(const struct parcel *parcel)
{
    return mime_batch_is_full(parcel->batch);
}

/* Its messages are read from now on, while the caller is busy with another. */
static void parcel_begin(struct parcel *parcel)
{
    const char *at = parcel->bytes.data;
    for (size_t i = 0; i < parcel->count; i++) {
        parcel->items[i].bytes = at;
        at += parcel->items[i].length;
    }
    mime_batch_begin(parcel->batch);
}

/* ---- reading ---- */

static bool take_alone(struct parcel *parcel, struct parcel_item *item, struct mime_reader *alone,
                       struct error *error)
{
    item->message = mime_reader_read(alone, &parcel->arena, item->bytes, item->length,
                                     &item->unread);
    if (item->message || item->unread.kind == ERROR_INPUT)
        return true;
    *error = item->unread;
    return false;
}

/* *is_batch: by the one process, which lived. */
static bool take(struct parcel *parcel, struct mime_reader *alone, bool *is_batch,
                 struct error *error)
{
    const struct mime_message *messages[MIME_BATCH_MAXIMUM] = { NULL };
    struct error lost;
    *is_batch = mime_batch_take(parcel->batch, &parcel->arena, messages, &lost);
    if (!*is_batch && lost.kind != ERROR_INPUT) {
        *error = lost;
        return false;
    }
    for (size_t i = 0; i < parcel->count; i++) {
        parcel->items[i].message = *is_batch ? messages[i] : NULL;
        if (!*is_batch && !take_alone(parcel, &parcel->items[i], alone, error))
            return false;
    }
    return true;
}

bool parcel_take(struct parcel *parcel, struct mime_reader *alone, struct error *error)
{
    bool is_batch = false;
    return parcel->count == 0 || take(parcel, alone, &is_batch, error);
}

bool parcel_read(struct parcel *parcel, const struct inbound_desk *desk, struct mime_reader *alone,
                 struct error *error)
{
    bool is_batch = false;
    if (parcel->count && !take(parcel, alone, &is_batch, error))
        return false;
    for (size_t i = 0; i < parcel->count; i++) {
        struct parcel_item *item = &parcel->items[i];
        if (item->message)
            inbound_read(desk, &parcel->arena, item->message, &item->reading);
        if (!is_batch || parcel_counts(item, desk))
            continue;
        if (!take_alone(parcel, item, alone, error))
            return false;
        if (item->message)
            inbound_read(desk, &parcel->arena, item->message, &item->reading);
    }
    return true;
}

/* ---- one after the other ---- */

static void parcel_clear(struct parcel *parcel)
{
    parcel->count = 0;
    string_builder_clear(&parcel->bytes);
    arena_release(&parcel->arena);
}

static bool any_is_filled(const struct parcel parcels[PARCELS])
{
    for (size_t i = 0; i < PARCELS; i++) {
        if (parcels[i].count)
            return true;
    }
    return false;
}

static bool run(struct parcel parcels[PARCELS], const struct parcel_work *work, struct error *error)
{
    struct error later;
    bool done = true;
    bool is_last = false;
    size_t turn = 0;
    do {
        struct parcel *parcel = &parcels[turn++ % PARCELS];
        struct parcel *oldest = &parcels[turn % PARCELS];
        if (done && !is_last)
            done = work->fill(work->payload, parcel, &is_last, error);
        if (parcel->count)
            parcel_begin(parcel);
        if (oldest->count && !work->settle(work->payload, oldest, done ? error : &later))
            return false;
        parcel_clear(oldest);
    } while ((done && !is_last) || any_is_filled(parcels));
    return done;
}

bool parcels_run(const struct parcel_work *work, struct error *error)
{
    struct parcel *parcels = calloc(PARCELS, sizeof *parcels);
    if (!parcels)
        memory_failed(PARCELS * sizeof *parcels);
    for (size_t i = 0; i < PARCELS; i++)
        parcel_init(&parcels[i]);
    bool done = run(parcels, work, error);
    for (size_t i = 0; i < PARCELS; i++)
        parcel_release(&parcels[i]);
    free(parcels);
    return done;
}
