/* SPDX-License-Identifier: MIT */
#include "receipt/receipt.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "locale/zone.h"
#include "receipt/words.h"

#include <assert.h>
#include <inttypes.h>

/* What came back longer ago is told no more, where nobody was told of it. */
#define RETURNED_KNOWN_MS (7 * DURATION_DAY)

enum { RETURNED_MAXIMUM = 50 /* addresses and reasons in one mail */ };

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
    [RECEIPT_TROUBLE_RETURNED] = { "returned", "operator_title_returned", "operator_returned" },
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
        if (kind == RECEIPT_TROUBLE_RETURNED) {
            writer_named(writer, trouble->place, trouble->reply);
            continue;
        }
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

/* ---- receipts that came back ---- */

bool receipt_note_returned(struct database *database, int64_t mail, const char *words,
                           int64_t now_at, bool *is_receipt, struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "UPDATE receipt SET returned_at = $2, returned = $3"
        " WHERE mail = $1 AND returned_at IS NULL",
        error);
    statement_bind_integer(statement, 1, mail);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_text(statement, 3, words);
    bool done = statement_run(statement, error);
    *is_receipt = done && database_changes(database) > 0;
    return done;
}

/* When operators were told last of such receipts: what is older is known. */
static bool find_told_at(struct database *database, int64_t now_at, int64_t *told_at,
                         struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT max(created_at) FROM receipt WHERE release = 0 AND event = @RECEIPT_OPERATOR@"
        " AND path = '' AND cause > 'returned ' AND cause < 'returned!'",
        error);
    if (!statement_find(statement, &found, error))
        return false;
    *told_at = found ? statement_integer(statement, 0) : 0;
    if (found)
        statement_reset(statement);
    if (*told_at < now_at - RETURNED_KNOWN_MS)
        *told_at = now_at - RETURNED_KNOWN_MS;
    return true;
}

bool receipt_find_returned(struct database *database, struct arena *arena, int64_t now_at,
                           struct receipt_trouble **list, struct error *error)
{
    int64_t told_at;
    enum statement_result result;
    if (!find_told_at(database, now_at, &told_at, error))
        return false;
    struct statement *statement = database_prepare(
        database,
        "SELECT address, max(at), words FROM ("
        "SELECT address, returned_at AS at, returned AS words FROM receipt WHERE returned_at > $1"
        " UNION ALL "
        "SELECT r.address, t.updated_at, coalesce(t.outcome, '') FROM transactional_mail t"
        " JOIN receipt r ON r.mail = t.row_id WHERE t.updated_at > $1"
        " AND t.state = @QUEUE_FAILED@) AS undelivered"
        " GROUP BY address, words ORDER BY address DESC, words LIMIT $2",
        error);
    statement_bind_integer(statement, 1, told_at);
    statement_bind_integer(statement, 2, RETURNED_MAXIMUM);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct receipt_trouble *trouble = arena_allocate(arena, sizeof *trouble);
        *trouble = (struct receipt_trouble){ .place = statement_copy_text(statement, 0, arena),
                                             .room_mb = -1,
                                             .since_at = statement_integer(statement, 1),
                                             .reply = statement_copy_text(statement, 2, arena),
                                             .next = *list };
        *list = trouble;
    }
    return result == STATEMENT_DONE;
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
