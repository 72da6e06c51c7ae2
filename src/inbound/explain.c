/* SPDX-License-Identifier: MIT */
#include "inbound/parcel.h"

/* Messages are read many at a time by one process. What a hostile one among them makes it say of
 * the others changes nothing here but what is shown, so none is read once more by itself. */
struct explain {
    const struct inbound_desk *desk;
    const struct inbound_explaining *explaining;
    struct mime_reader *alone;
    struct string_builder bytes;
};

static bool fill(void *payload, struct parcel *parcel, bool *is_last, struct error *error)
{
    struct explain *explain = payload;
    (void)error;
    while (!*is_last && !parcel_is_full(parcel)) {
        const char *name = NULL;
        explain->explaining->next(explain->explaining->payload, &explain->bytes, &name);
        *is_last = !name;
        if (name)
            parcel_add(parcel, 0, name, NULL, &explain->bytes, false);
    }
    return true;
}

static bool show(void *payload, struct parcel *parcel, struct error *error)
{
    struct explain *explain = payload;
    const struct inbound_explaining *explaining = explain->explaining;
    if (!parcel_take(parcel, explain->alone, error))
        return false;
    for (size_t i = 0; i < parcel->count; i++) {
        struct parcel_item *item = &parcel->items[i];
        if (item->message)
            inbound_read(explain->desk, &parcel->arena, item->message, &item->reading);
        explaining->show(explaining->payload, item->key, item->message ? &item->reading : NULL,
                         &item->unread);
    }
    return true;
}

bool inbound_explain(const struct inbound_desk *desk, const struct inbound_explaining *explaining,
                     struct error *error)
{
    struct explain explain = { .desk = desk, .explaining = explaining, .alone = mime_reader_new() };
    const struct parcel_work work = { fill, show, &explain };
    string_builder_init(&explain.bytes, MIME_MESSAGE_MAXIMUM + 64 * 1024);
    bool done = parcels_run(&work, error);
    mime_reader_free(explain.alone);
    string_builder_release(&explain.bytes);
    return done;
}
