/* SPDX-License-Identifier: MIT */
#include "queue/trouble.h"

#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/receiver_state.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    TRIED_MAXIMUM = 2 * QUEUE_RECEIVER_TRIED_FROM, /* then both counts are halved: lately counts */
    BREAKS_LATE_ROW = 20 /* acceptances; a relay's alone proves little, as bounces come later */
};

/* A row of the table. */
struct receiver {
    int64_t row_id; /* 0: none yet */
    enum receiver_state state;
    int64_t tried;
    int64_t refused; /* of those tried */
    int64_t refusals;
    int64_t in_a_row;
    int64_t accepted_in_a_row;
    bool is_late;
    bool was_probed; /* accepted since it was refused last */
    int64_t refused_at;
    int64_t held_at;
    int64_t probe_at;
};

static bool receiver_read(struct database *database, const char *name, struct receiver *receiver,
                          struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT row_id, state, tried, refused, refusals, in_a_row, accepted_in_a_row, is_late,"
        " was_probed, refused_at, held_at, probe_at FROM receiver WHERE name = $1",
        error);
    statement_bind_text(statement, 1, name);
    *receiver = (struct receiver){ 0 };
    if (!statement_find(statement, &found, error))
        return false;
    if (found)
        *receiver = (struct receiver){
            .row_id = statement_integer(statement, 0),
            .state = (enum receiver_state)statement_integer(statement, 1),
            .tried = statement_integer(statement, 2),
            .refused = statement_integer(statement, 3),
            .refusals = statement_integer(statement, 4),
            .in_a_row = statement_integer(statement, 5),
            .accepted_in_a_row = statement_integer(statement, 6),
            .is_late = statement_integer(statement, 7) != 0,
            .was_probed = statement_integer(statement, 8) != 0,
            .refused_at = statement_integer(statement, 9),
            .held_at = statement_integer(statement, 10),
            .probe_at = statement_integer(statement, 11),
        };
    statement_reset(statement);
    return true;
}

/* reply NULL: as it was. */
static bool receiver_write(struct database *database, const char *name,
                           const struct receiver *receiver, const char *reply, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO receiver (name, state, tried, refused, refusals, in_a_row, accepted_in_a_row,"
        " is_late, was_probed, refused_at, held_at, probe_at, reply)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, COALESCE($13, ''))"
        " ON CONFLICT (name) DO UPDATE SET state = $2, tried = $3, refused = $4, refusals = $5,"
        " in_a_row = $6, accepted_in_a_row = $7, is_late = $8, was_probed = $9, refused_at = $10,"
        " held_at = $11, probe_at = $12, reply = COALESCE($13, receiver.reply)",
        error);
    statement_bind_text(statement, 1, name);
    statement_bind_integer(statement, 2, receiver->state);
    statement_bind_integer(statement, 3, receiver->tried);
    statement_bind_integer(statement, 4, receiver->refused);
    statement_bind_integer(statement, 5, receiver->refusals);
    statement_bind_integer(statement, 6, receiver->in_a_row);
    statement_bind_integer(statement, 7, receiver->accepted_in_a_row);
    statement_bind_integer(statement, 8, receiver->is_late);
    statement_bind_integer(statement, 9, receiver->was_probed);
    statement_bind_integer(statement, 10, receiver->refused_at);
    statement_bind_instant(statement, 11, receiver->held_at);
    statement_bind_instant(statement, 12, receiver->probe_at);
    statement_bind_text(statement, 13, reply);
    return statement_run(statement, error);
}

/* ---- which domains a provider takes in ---- */

/* From now on the domain's mail counts as the provider's, so the domain's own row ends: what is
 * parked for it is given back, and parked for the provider where that is held. */
static bool let_go_of_domain(struct database *database, const char *domain, int64_t now_at,
                             struct error *error)
{
    struct receiver receiver;
    if (!receiver_read(database, domain, &receiver, error))
        return false;
    if (receiver.state == RECEIVER_HELD)
        return receiver_let_go(database, receiver.row_id, domain, now_at, error);
    return receiver.state != RECEIVER_WATCHED || !receiver.row_id ||
           receiver_drop(database, receiver.row_id, error);
}

/* Once enough firms agree on the provider, the mail of each of them counts as the provider's. */
static bool let_go_of_domains(struct database *database, const char *provider, int64_t now_at,
                              struct error *error)
{
    /* Collected before the first is let go: no statement stays open over rows that change. */
    char domains[RECEIVER_DOMAINS_TO_LEARN][ADDRESS_GROUP_SIZE];
    size_t count = 0;
    bool found = true;
    struct statement *statement = database_prepare(
        database, "SELECT domain FROM receiver_domain WHERE receiver = $1 LIMIT $2", error);
    statement_bind_text(statement, 1, provider);
    statement_bind_integer(statement, 2, RECEIVER_DOMAINS_TO_LEARN);
    while (count < RECEIVER_DOMAINS_TO_LEARN && found) {
        if (!statement_find(statement, &found, error))
            return false;
        if (found)
            (void)snprintf(domains[count++], ADDRESS_GROUP_SIZE, "%s",
                           statement_text(statement, 0));
    }
    statement_reset(statement);
    for (size_t i = 0; count == RECEIVER_DOMAINS_TO_LEARN && i < count; i++) {
        if (!let_go_of_domain(database, domains[i], now_at, error))
            return false;
    }
    return true;
}

/* Learns from the host that refused a firm's mail that a great provider takes it in. This counts
 * only once several firms agree (RECEIVER_DOMAINS_TO_LEARN), because anybody can forge a bounce,
 * and because one firm's own rules may refuse us at a provider that accepts our mail. */
static bool learn_domain(struct database *database, const char *address, const char *remote_host,
                         int64_t now_at, struct error *error)
{
    char domain[ADDRESS_GROUP_SIZE];
    char group[ADDRESS_GROUP_SIZE];
    const char *provider = remote_host ? address_group_of_host(remote_host) : NULL;
    receiver_domain_of(address, domain);
    address_group(domain, group);
    if (!provider || strcmp(domain, group) != 0 || !*domain || strcmp(domain, provider) == 0)
        return true;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO receiver_domain (domain, receiver, at) VALUES ($1, $2, $3)"
        " ON CONFLICT (domain) DO UPDATE SET receiver = $2 WHERE receiver_domain.receiver <> $2",
        error);
    statement_bind_text(statement, 1, domain);
    statement_bind_text(statement, 2, provider);
    statement_bind_integer(statement, 3, now_at);
    if (!statement_run(statement, error))
        return false;
    if (database_changes(database) == 0) /* this was known before */
        return true;
    if (!let_go_of_domains(database, provider, now_at, error) ||
        !queue_receiver_group(database, domain, group, error))
        return false;
    return strcmp(domain, group) == 0 || let_go_of_domain(database, domain, now_at, error);
}

/* Notes that the domain's entry was used, so that it is not forgotten; once a day is enough, so
 * most calls write nothing. */
static bool use_domain(struct database *database, const char *address, int64_t now_at,
                       struct error *error)
{
    char domain[ADDRESS_GROUP_SIZE];
    receiver_domain_of(address, domain);
    struct statement *statement = database_prepare(
        database, "UPDATE receiver_domain SET at = $2 WHERE domain = $1 AND at < $3", error);
    statement_bind_text(statement, 1, domain);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_integer(statement, 3, now_at - DURATION_DAY);
    return statement_run(statement, error);
}

/* ---- refusals ---- */

static void write_reply(const struct queue_receiver_refusal *refusal,
                        char reply[QUEUE_RECEIVER_REPLY_SIZE])
{
    char words[2 * QUEUE_RECEIVER_REPLY_SIZE];
    char code[16] = "";
    const char *enhanced = refusal->enhanced ? refusal->enhanced : "";
    const char *text = refusal->text ? refusal->text : "";
    if (refusal->code)
        (void)snprintf(code, sizeof code, "%d ", refusal->code);
    /* Words of a report often begin with their codes. */
    if (*code && strncmp(text, code, strlen(code) - 1) == 0) {
        *code = '\0';
        enhanced = "";
    } else if (*enhanced && strncmp(text, enhanced, strlen(enhanced)) == 0) {
        enhanced = "";
    }
    (void)snprintf(words, sizeof words, "%s%s%s%s", code, enhanced, *enhanced ? " " : "", text);
    /* Servers repeat the address in their words, which are logged and kept, so the address is taken
     * out. */
    address_redact(words, reply, QUEUE_RECEIVER_REPLY_SIZE);
    for (size_t end = strlen(reply); end && strchr(". ", reply[end - 1]); end--)
        reply[end - 1] = '\0'; /* a sentence of ours goes on behind it */
}

/* Counts a message among the last 400 to 800 that were tried. */
static void count_tried(struct receiver *receiver, int64_t tried, int64_t refused)
{
    receiver->tried += tried;
    receiver->refused += refused;
    /* Both are halved, so that the share stays as it is while old trouble fades. */
    while (receiver->tried >= TRIED_MAXIMUM) {
        receiver->tried /= 2;
        receiver->refused /= 2;
    }
}

/* Two rules, because a receiver that refuses everything is noticed after few messages, and one that
 * refuses some of them only by its share. */
static bool is_too_much(const struct receiver *receiver)
{
    return receiver->in_a_row >= QUEUE_RECEIVER_REFUSALS_IN_A_ROW ||
           (receiver->tried >= QUEUE_RECEIVER_TRIED_FROM &&
            receiver->refused * 100 >= receiver->tried * QUEUE_RECEIVER_REFUSED_PERCENT);
}

static void write_cause(const struct receiver *receiver, const char *reply,
                        struct queue_receiver_hold *hold)
{
    if (receiver->in_a_row >= QUEUE_RECEIVER_REFUSALS_IN_A_ROW)
        (void)snprintf(hold->cause, sizeof hold->cause, "%" PRId64 " messages in a row refused: %s",
                       receiver->in_a_row, reply);
    else
        (void)snprintf(hold->cause, sizeof hold->cause,
                       "%" PRId64 " of the last %" PRId64 " messages refused: %s",
                       receiver->refused, receiver->tried, reply);
}

/* Holds the receiver; where it is held already, renews the cause in its notice. */
static bool hold_receiver(struct database *database, struct receiver *receiver, const char *reply,
                          int64_t at, struct queue_receiver_hold *hold, struct error *error)
{
    hold->is_new = receiver->state != RECEIVER_HELD;
    if (hold->is_new) {
        receiver->state = RECEIVER_HELD;
        receiver->held_at = at;
    }
    write_cause(receiver, reply, hold);
    (void)snprintf(hold->words, sizeof hold->words,
                   "%s: held: %s. That is about us, not about the readers: their messages wait, "
                   "one is tried every half hour, and all go once it takes them again. To try at "
                   "once, when it is mended: `pressroom mailing resume ID --domain %s`",
                   hold->name, hold->cause, hold->name);
    const struct queue_notice notice = {
        .kind = QUEUE_NOTICE_DOMAIN, .subject = hold->name, .cause = hold->cause, .since_at = at
    };
    return queue_notice_open(database, &notice, NULL, error);
}

/* Old trouble must not count, and retention.c, which forgets it too, may never run in this
 * newsroom. */
static bool forget_old(struct database *database, int64_t at, struct error *error)
{
    static const char *const statements[] = {
        "DELETE FROM receiver WHERE state = @RECEIVER_WATCHED@ AND refused_at < $1",
        "DELETE FROM receiver_return WHERE at < $1",
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        struct statement *statement = database_prepare(database, statements[i], error);
        statement_bind_integer(statement, 1, at - QUEUE_RECEIVER_REMEMBERED_MS);
        if (!statement_run(statement, error))
            return false;
    }
    return true;
}

static bool name_receiver(struct database *database, const struct queue_receiver_refusal *refusal,
                          char name[ADDRESS_GROUP_SIZE], struct error *error)
{
    return learn_domain(database, refusal->address, refusal->remote_host, refusal->at, error) &&
           use_domain(database, refusal->address, refusal->at, error) &&
           queue_receiver_group(database, refusal->address, name, error);
}

bool queue_receiver_note(struct database *database, const struct queue_receiver_refusal *refusal,
                         struct queue_receiver_hold *hold, struct error *error)
{
    assert(database_in_transaction(database));
    struct receiver receiver;
    char reply[QUEUE_RECEIVER_REPLY_SIZE];
    *hold = (struct queue_receiver_hold){ 0 };
    write_reply(refusal, reply);
    if (!name_receiver(database, refusal, hold->name, error))
        return false;
    if (!*hold->name)
        return true;
    if (!forget_old(database, refusal->at, error) ||
        !receiver_read(database, hold->name, &receiver, error))
        return false;
    /* A late refusal was counted as tried when the relay accepted the message, unless the receiver
     * had no trouble at that time. */
    count_tried(&receiver, !refusal->is_late || receiver.tried <= receiver.refused, 1);
    receiver.refusals++;
    receiver.in_a_row++;
    receiver.accepted_in_a_row = 0;
    receiver.is_late = refusal->is_late;
    /* The receiver counts as well only once it has accepted something after this refusal
     * (is_well_again). */
    receiver.was_probed = false;
    receiver.refused_at = refusal->at;
    /* Any refusal puts off the next probe, because the receiver has just been asked. */
    receiver.probe_at = refusal->at + QUEUE_RECEIVER_PROBE_MS;
    if (receiver.state == RECEIVER_HELD || is_too_much(&receiver)) {
        if (!hold_receiver(database, &receiver, reply, refusal->at, hold, error))
            return false;
    }
    if (!receiver_write(database, hold->name, &receiver, reply, error) ||
        (receiver.state == RECEIVER_HELD &&
         !receiver_take_back(database, hold->name, refusal->at, error)))
        return false;
    /* Read again for the row id, which the row has only now where it is new. */
    return !hold->is_new ||
           (receiver_read(database, hold->name, &receiver, error) &&
            receiver_park_refused(database, receiver.row_id, hold->name, refusal->at, error));
}

/* Where refusals come as bounces, a few acceptances between them prove nothing, because the relay
 * accepts mail without asking the receiver. */
static void note_accepted(struct receiver *receiver, int64_t count)
{
    receiver->accepted_in_a_row += count;
    if (!receiver->is_late || receiver->accepted_in_a_row >= BREAKS_LATE_ROW)
        receiver->in_a_row = 0;
    receiver->was_probed = true;
}

bool queue_receiver_tried(struct database *database, const char *group, int64_t count,
                          bool is_accepted, int64_t at, struct error *error)
{
    assert(database_in_transaction(database));
    struct receiver receiver;
    if (!receiver_read(database, group, &receiver, error))
        return false;
    if (!receiver.row_id)
        return true;
    count_tried(&receiver, count, 0);
    if (is_accepted)
        note_accepted(&receiver, count);
    if (receiver.state == RECEIVER_HELD)
        /* An answer shows as much as a probe would, so the next probe is put off. */
        receiver.probe_at = at + QUEUE_RECEIVER_PROBE_MS;
    /* Nothing of its trouble is left in the counts: it is like any other, and good news costs
     * nothing again. */
    if (receiver.state == RECEIVER_WATCHED && !receiver.refused && !receiver.in_a_row)
        return receiver_drop(database, receiver.row_id, error);
    return receiver_write(database, group, &receiver, NULL, error);
}

/* ---- looking on ---- */

enum { RECEIVERS_IN_A_PAGE = 500 };

void queue_receiver_cursor_open(struct queue_receiver_cursor *cursor, struct database *database,
                                bool only_held)
{
    *cursor = (struct queue_receiver_cursor){ .database = database, .only_held = only_held };
}

static bool read_page(struct queue_receiver_cursor *cursor, struct error *error)
{
    struct arena page = { 0 };
    enum statement_result result;
    struct statement *statement = database_prepare(
        cursor->database,
        cursor->only_held ? "SELECT row_id, name, state, held_at, refusals, reply,"
                            " (SELECT count(*) FROM delivery d WHERE d.worker <> 0"
                            " AND d.worker = -receiver.row_id)"
                            " FROM receiver WHERE state = @RECEIVER_HELD@ AND name > $1"
                            " ORDER BY name LIMIT $2"
                          : "SELECT row_id, name, state, held_at, refusals, reply, 0 FROM receiver"
                            " WHERE name > $1 ORDER BY name LIMIT $2",
        error);
    /* The last name is in the arena of the page before, which is released only now. */
    statement_bind_text(statement, 1, cursor->count ? cursor->rows[cursor->count - 1].name : "");
    statement_bind_integer(statement, 2, RECEIVERS_IN_A_PAGE);
    cursor->rows = arena_allocate_array(&page, RECEIVERS_IN_A_PAGE, sizeof *cursor->rows);
    cursor->count = 0;
    cursor->next = 0;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        cursor->rows[cursor->count++] = (struct queue_receiver){
            .row_id = statement_integer(statement, 0),
            .name = statement_copy_text(statement, 1, &page),
            .is_held = statement_integer(statement, 2) == RECEIVER_HELD,
            .since_at = statement_integer(statement, 3),
            .refused = statement_integer(statement, 4),
            .reply = statement_copy_text(statement, 5, &page),
            .waiting = statement_integer(statement, 6)
        };
    statement_reset(statement);
    arena_release(&cursor->arena);
    cursor->arena = page;
    cursor->is_last_page = cursor->count < RECEIVERS_IN_A_PAGE;
    return result == STATEMENT_DONE;
}

bool queue_receiver_cursor_next(struct queue_receiver_cursor *cursor,
                                const struct queue_receiver **receiver, struct error *error)
{
    if (cursor->next == cursor->count && !cursor->is_last_page && !cursor->has_failed)
        cursor->has_failed = !read_page(cursor, error);
    if (cursor->has_failed || cursor->next == cursor->count)
        return false;
    *receiver = &cursor->rows[cursor->next++];
    return true;
}

bool queue_receiver_cursor_close(struct queue_receiver_cursor *cursor)
{
    arena_release(&cursor->arena);
    return !cursor->has_failed;
}

bool queue_receiver_find(struct database *database, const char *name, int64_t *row_id,
                         bool *is_held, bool *found, struct error *error)
{
    struct receiver receiver;
    if (!receiver_read(database, name, &receiver, error))
        return false;
    *row_id = receiver.row_id;
    *is_held = receiver.state == RECEIVER_HELD;
    *found = receiver.row_id != 0;
    return true;
}

/* ---- holding no more ---- */

/* `worker <> 0` repeats the condition of the index delivery_held, which would not be used without
 * it. */
static bool find_waiting(struct database *database, int64_t receiver, int64_t *waiting,
                         struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT count(*) FROM delivery WHERE worker <> 0 AND worker = -$1", error);
    statement_bind_integer(statement, 1, receiver);
    if (!statement_find(statement, &found, error))
        return false;
    *waiting = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

bool queue_receiver_free(struct database *database, const char *domain, int64_t now_at,
                         char name[ADDRESS_GROUP_SIZE], int64_t *waiting, struct error *error)
{
    assert(database_in_transaction(database));
    struct receiver receiver;
    if (!queue_receiver_group(database, domain, name, error) ||
        !receiver_read(database, name, &receiver, error))
        return false;
    if (receiver.state != RECEIVER_HELD)
        return error_set(
            error, ERROR_INPUT,
            "%s: is not held" ERROR_ADVICE "`pressroom status` shows which domains are", domain);
    return find_waiting(database, receiver.row_id, waiting, error) &&
           receiver_let_go(database, receiver.row_id, name, now_at, error);
}
