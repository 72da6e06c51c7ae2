/* SPDX-License-Identifier: MIT */
#include "cli/operator_trouble.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/context.h"
#include "cli/machine.h"
#include "config/config.h"
#include "delivery/deliver.h"
#include "queue/queue.h"
#include "queue/trouble.h"
#include "receipt/receipt.h"

/* A relay that is started anew is no trouble yet, nor is a clock that was set by a little. */
#define RELAY_PATIENCE_MS (10 * DURATION_MINUTE)
#define CLOCK_BACK_MS (5 * DURATION_MINUTE)

struct gathering {
    struct command_context *context;
    struct arena *arena;
    struct receipt_trouble *list;
    int64_t now_at;
};

static struct receipt_trouble *add(struct gathering *gathering, const char *place)
{
    struct receipt_trouble *trouble = arena_allocate(gathering->arena, sizeof *trouble);
    *trouble = (struct receipt_trouble){
        .place = place, .room_mb = -1, .since_at = INSTANT_NONE, .next = gathering->list
    };
    gathering->list = trouble;
    return trouble;
}

static bool gather_relay(struct gathering *gathering, struct error *error)
{
    struct deliver_relay relay;
    struct command_context *context = gathering->context;
    if (!deliver_find_relay(context->database, &context->config->deliver, gathering->now_at, &relay,
                            error))
        return false;
    bool is_down = relay.row.state == QUEUE_RELAY_PAUSED ||
                   relay.row.state == QUEUE_RELAY_UNREACHABLE;
    if (!is_down || relay.row.since_at > gathering->now_at - RELAY_PATIENCE_MS)
        return true;
    struct receipt_trouble *trouble = add(gathering, NULL);
    trouble->since_at = relay.row.since_at;
    trouble->reply = arena_copy(gathering->arena, relay.row.reply);
    return true;
}

/* Mailings that paused as the relay refuses everybody, one after the other. */
static bool gather_refusals(struct gathering *gathering, struct error *error)
{
    struct queue_notice_cursor cursor;
    const struct queue_notice *notice;
    queue_notice_cursor_open(&cursor, gathering->context->database, true);
    while (queue_notice_cursor_next(&cursor, &notice, error)) {
        if (notice->kind != QUEUE_NOTICE_REFUSALS && notice->kind != QUEUE_NOTICE_RECIPIENTS)
            continue;
        struct receipt_trouble *trouble = add(gathering, NULL);
        trouble->since_at = notice->since_at;
        trouble->reply = arena_copy(gathering->arena, notice->cause);
    }
    return queue_notice_cursor_close(&cursor);
}

static bool gather_domains(struct gathering *gathering, struct error *error)
{
    struct queue_receiver_cursor cursor;
    const struct queue_receiver *receiver;
    queue_receiver_cursor_open(&cursor, gathering->context->database, true);
    while (queue_receiver_cursor_next(&cursor, &receiver, error)) {
        struct receipt_trouble *trouble = add(gathering,
                                              arena_copy(gathering->arena, receiver->name));
        trouble->waiting = receiver->waiting;
        trouble->since_at = receiver->since_at;
        trouble->reply = arena_copy(gathering->arena, receiver->reply);
    }
    return queue_receiver_cursor_close(&cursor);
}

/* What was written down lies behind us, unless the clock went back since. */
static bool gather_clock_back(struct gathering *gathering, struct error *error)
{
    int64_t newest_at;
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    struct database *database = gathering->context->database;
    if (!receipt_newest_at(database, &newest_at, error))
        return false;
    queue_mailing_cursor_open(&cursor, database, 0, true);
    if (queue_mailing_cursor_next(&cursor, &mailing, error) &&
        (newest_at == INSTANT_NONE || mailing->created_at > newest_at))
        newest_at = mailing->created_at;
    if (!queue_mailing_cursor_close(&cursor))
        return false;
    if (newest_at != INSTANT_NONE && newest_at > gathering->now_at + CLOCK_BACK_MS)
        add(gathering, NULL)->since_at = newest_at;
    return true;
}

static void gather_room(struct gathering *gathering)
{
    const struct config *config = gathering->context->config;

    const struct {
        const char *place;
        const char *path;
    } disks[] = { { "releases/", config->releases_path },
                  { "public/", config->public_path },
                  { "state/", config->state_path } };

    for (size_t i = 0; i < sizeof disks / sizeof disks[0]; i++) {
        struct machine_room room;
        if (!machine_room(disks[i].path, &room) || !room.is_short)
            continue;
        struct receipt_trouble *trouble = add(gathering, disks[i].place);
        trouble->room_mb = room.free_mb;
        trouble->is_out_of_files = room.is_out_of_files;
    }
}

static bool gather(struct gathering *gathering, enum receipt_trouble_kind kind, struct error *error)
{
    switch (kind) {
    case RECEIPT_TROUBLE_RELAY:
        return gather_relay(gathering, error) && gather_refusals(gathering, error);
    case RECEIPT_TROUBLE_DOMAINS:
        return gather_domains(gathering, error);
    case RECEIPT_TROUBLE_CLOCK:
        if (!machine_clock_is_kept())
            (void)add(gathering, NULL);
        return true;
    case RECEIPT_TROUBLE_CLOCK_BACK:
        return gather_clock_back(gathering, error);
    case RECEIPT_TROUBLE_ROOM:
        gather_room(gathering);
        return true;
    case RECEIPT_TROUBLE_RETURNED:
        return receipt_find_returned(gathering->context->database, gathering->arena,
                                     gathering->now_at, &gathering->list, error);
    case RECEIPT_TROUBLE_COUNT:
        break;
    }
    return true;
}

/* What was told today is not looked for again, so that a trouble that lasts costs little. */
bool operator_trouble_tell(struct command_context *context, const struct receipt_service *service,
                           int64_t *count, struct error *error)
{
    bool done = true;
    *count = 0;
    if (!service->settings->operators)
        return true;
    for (int kind = 0; done && kind < RECEIPT_TROUBLE_COUNT; kind++) {
        struct arena arena = { 0 };
        struct gathering gathering = { .context = context,
                                       .arena = &arena,
                                       .now_at = clock_now(&context->clock) };
        bool was_told = false;
        int64_t queued = 0;
        done = receipt_trouble_was_told(service, (enum receipt_trouble_kind)kind, &was_told,
                                        error) &&
               (was_told || gather(&gathering, (enum receipt_trouble_kind)kind, error)) &&
               (!gathering.list || receipt_tell_trouble(service, (enum receipt_trouble_kind)kind,
                                                        gathering.list, &queued, error));
        *count += queued;
        arena_release(&arena);
    }
    return done;
}
