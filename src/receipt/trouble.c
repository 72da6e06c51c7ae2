/* SPDX-License-Identifier: MIT */
#include "receipt/receipt.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "locale/zone.h"
#include "receipt/words.h"

#include <inttypes.h>

/* By enum receipt_trouble_kind. Names stand in the database, as part of a cause. */
static const struct {
    const char *name;
    const char *title_key;
    const char *text_key;
} kinds[RECEIPT_TROUBLE_COUNT] = {
    [RECEIPT_TROUBLE_RELAY] = { "relay", "operator_title_relay", "operator_relay" },
    [RECEIPT_TROUBLE_DOMAINS] = { "domains", "operator_title_domains", "operator_domains" },
    [RECEIPT_TROUBLE_CLOCK] = { "clock", "operator_title_clock", "operator_clock" },
    [RECEIPT_TROUBLE_CLOCK_BACK] = { "clock-back", "operator_title_clock_back",
                                     "operator_clock_back" },
    [RECEIPT_TROUBLE_ROOM] = { "room", "operator_title_room", "operator_room" },
};

/* "relay 2026-06-10": the day where the newsroom is. */
static const char *cause_of(const struct receipt_service *service, struct arena *arena,
                            enum receipt_trouble_kind kind)
{
    struct civil_time civil;
    const struct zone *zone = locale_context_zone(service->settings->resources->locale);
    zone_civil(zone, clock_now(service->clock), &civil);
    return arena_format(arena, "%s %04" PRId64 "-%02d-%02d", kinds[kind].name, (int64_t)civil.year,
                        (int)civil.month, (int)civil.day);
}

bool receipt_trouble_was_told(const struct receipt_service *service, enum receipt_trouble_kind kind,
                              bool *was_told, struct error *error)
{
    struct arena arena = { 0 };
    bool done = receipt_was_made(service->database, 0, RECEIPT_OPERATOR,
                                 cause_of(service, &arena, kind), was_told, error);
    arena_release(&arena);
    return done;
}

/* ---- what is said ---- */

static void say_place(struct receipt_writer *writer, const struct receipt_trouble *trouble)
{
    const char *text = NULL;
    if (trouble->waiting)
        text = writer_count(writer, "operator_waiting", trouble->waiting, NULL, NULL);
    else if (trouble->room_mb >= 0)
        text = writer_text_with(writer, "operator_room_left", "room",
                                locale_number(writer->wording.locale, writer->arena,
                                              writer->wording.language, trouble->room_mb));
    writer_named(writer, trouble->place, text);
    if (trouble->is_out_of_files)
        writer_named(writer, trouble->place, writer_text(writer, "operator_room_files"));
}

static void write_words(struct receipt_writer *writer, enum receipt_trouble_kind kind,
                        const struct receipt_trouble *trouble)
{
    writer_head(writer, kinds[kind].title_key, kinds[kind].title_key);
    writer_paragraph(writer, writer_text(writer, kinds[kind].text_key));
    writer_paragraph(writer, writer_text(writer, "operator_more"));
    for (; trouble; trouble = trouble->next) {
        if (trouble->place)
            say_place(writer, trouble);
        if (trouble->since_at != INSTANT_NONE)
            writer_fact(writer, "operator_since", writer_when(writer, trouble->since_at));
        writer_fact(writer, "operator_reply",
                    trouble->reply && *trouble->reply ? trouble->reply : NULL);
    }
}

/* ---- the mails ---- */

/* One mail to each operator. */
struct round {
    const struct receipt_service *service;
    struct receipt_message *messages;
    struct receipt_prepared *prepared;
    size_t count;
    int64_t queued; /* that were new */
};

static bool prepare(struct round *round, struct receipt_writer *writer, const char *cause,
                    struct error *error)
{
    size_t count = 0;
    struct arena *arena = writer->arena;
    const struct receipt_service *service = round->service;
    const struct receipt_settings *settings = service->settings;
    for (const struct receipt_address *to = settings->operators; to; to = to->next)
        count++;
    round->messages = arena_allocate_array(arena, count, sizeof *round->messages);
    round->prepared = arena_allocate_array(arena, count, sizeof *round->prepared);
    for (const struct receipt_address *to = settings->operators; to; to = to->next) {
        struct receipt_message *message = &round->messages[round->count];
        *message = (struct receipt_message){ .event = RECEIPT_OPERATOR,
                                             .cause = cause,
                                             .address = to->address,
                                             .words = &writer->words,
                                             .now_at = writer->now_at };
        if (receipt_prepare(settings, service->keys, service->random, arena, message,
                            &round->prepared[round->count], error))
            round->count++;
        else if (error->kind == ERROR_INPUT) /* keeps no other from knowing */
            log_line(LOG_ERROR, "receipts: one could not be written: %s", error->message);
        else
            return false;
    }
    return true;
}

static bool store(struct round *round, struct error *error)
{
    round->queued = 0;
    for (size_t i = 0; i < round->count; i++) {
        bool is_new = false;
        if (!receipt_put(round->service->database, &round->prepared[i], &is_new, error))
            return false;
        round->queued += is_new;
    }
    return true;
}

bool receipt_tell_trouble(const struct receipt_service *service, enum receipt_trouble_kind kind,
                          const struct receipt_trouble *trouble, int64_t *count,
                          struct error *error)
{
    struct arena arena = { 0 };
    struct receipt_writer writer;
    struct round round = { .service = service };
    writer_init(&writer, service, &arena, NULL, NULL, clock_now(service->clock));
    write_words(&writer, kind, trouble);
    bool done = prepare(&round, &writer, cause_of(service, &arena, kind), error);
    if (done) {
        struct transaction transaction = transaction_of(service->database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction, store(&round, error), error);
        done = transaction.is_done;
    }
    *count = done ? round.queued : 0;
    arena_release(&arena);
    return done;
}

bool receipt_newest_at(struct database *database, int64_t *at, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT created_at FROM receipt ORDER BY created_at DESC LIMIT 1", error);
    *at = INSTANT_NONE;
    if (!statement_find(statement, &found, error))
        return false;
    if (found) {
        *at = statement_integer(statement, 0);
        statement_reset(statement);
    }
    return true;
}
