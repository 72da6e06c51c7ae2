/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/report.h"
#include "cli/report_digest.h"
#include "cli/report_dmarc.h"
#include "cli/report_feedback.h"
#include "cli/report_held.h"
#include "cli/report_notices.h"
#include "cli/report_relay.h"
#include "cli/table.h"

#include "base/clock.h"
#include "base/error.h"
#include "cli/terminal.h"
#include "database/database.h"
#include "inbound/inbound.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "release/release_store.h"
#include "subscriber/subscriber.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

struct status {
    struct command_context *context;
    struct queue_delivery_counts transactional_mails;
    struct release_counts releases;
    int64_t subscribers[SUBSCRIBER_STATE_COUNT];
    int64_t oldest_at;
    json_t *mailings;
    json_t *digests;
    json_t *held;
    json_t *relay;
    json_t *dmarc;
    struct inbound_dmarc in_our_name;
    json_t *returned;
    json_t *notices;
};

/* Reasons are left out for old mailings, because finding them reads all of a mailing's rows;
 * `mailing show` has them. */
static bool is_news(const struct status *status, const struct queue_mailing *mailing)
{
    int64_t now_at = clock_now(&status->context->clock);
    return (mailing->counts.count[QUEUE_DEFERRED] || mailing->counts.count[QUEUE_FAILED]) &&
           (mailing->finished_at == INSTANT_NONE ||
            mailing->finished_at > now_at - 7 * DURATION_DAY);
}

static bool add_mailing(struct status *status, const struct queue_mailing *mailing,
                        struct error *error)
{
    json_t *reasons = is_news(status, mailing)
                          ? report_reasons(status->context, mailing->row_id, error)
                          : json_array();
    if (!reasons)
        return false;
    json_t *object = report_mailing(status->context, mailing);
    json_set_value(object, "reasons", reasons);
    (void)json_array_append_new(status->mailings, object);
    return true;
}

static bool add_mailings(struct status *status, struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    bool done = true;
    queue_mailing_cursor_open(&cursor, status->context->database, 0, true);
    while (done && queue_mailing_cursor_next(&cursor, &mailing, error))
        done = add_mailing(status, mailing, error);
    return queue_mailing_cursor_close(&cursor) && done;
}

/* One read transaction, because counts of different moments would not add up. */
static bool read_status(struct status *status, struct error *error)
{
    struct database *database = status->context->database;
    if (!database_begin_read(database, error))
        return false;
    status->returned = report_feedback_array(status->context, error);
    bool done = status->returned && add_mailings(status, error) &&
                queue_counts_of_transactional(database, &status->transactional_mails, error) &&
                release_count(database, &status->releases, error) &&
                subscriber_count(database, status->subscribers, error) &&
                report_digests_to_come(status->context, status->digests, error) &&
                queue_oldest_waiting(database, clock_now(&status->context->clock),
                                     &status->oldest_at, error);
    if (done)
        status->held = report_held_domains(status->context, error);
    if (status->held)
        status->relay = report_relay(status->context, error);
    if (status->relay)
        status->notices = report_notices(status->context, error);
    if (status->notices)
        status->dmarc = report_dmarc(status->context, &status->in_our_name, error);
    database_end_read(database);
    return done && status->dmarc;
}

static void print_reasons(const struct status *status)
{
    size_t index;
    json_t *mailing;
    json_array_foreach(status->mailings, index, mailing)
    {
        const json_t *reasons = json_object_get(mailing, "reasons");
        if (!json_array_size(reasons))
            continue;
        terminal_print("\nWhy messages of mailing %" PRId64 " wait or failed:\n",
                       (int64_t)json_integer_value(json_object_get(mailing, "id")));
        report_print_reasons(reasons);
    }
}

static void print_as_text(const struct status *status)
{
    static const char *const headings[] = { "mailing",    "kind",    "release",     "state",
                                            ">audience",  ">queued", ">sending",    ">sent",
                                            ">deferred",  ">failed", ">suppressed", ">unknown",
                                            ">cancelled", NULL };
    static const char *const members[] = { "id",       "kind",   "release",    "state",
                                           "audience", "queued", "sending",    "sent",
                                           "deferred", "failed", "suppressed", "unknown",
                                           "cancelled" };
    const struct release_counts *releases = &status->releases;
    struct table table;
    size_t index;
    json_t *mailing;
    terminal_print("Releases:     %" PRId64 " ready (%" PRId64 " of them public), %" PRId64
                   " draft, %" PRId64 " withdrawn\n",
                   releases->ready, releases->public_now, releases->draft, releases->withdrawn);
    terminal_print("Subscribers: ");
    for (int state = SUBSCRIBER_PENDING; state < SUBSCRIBER_STATE_COUNT; state++)
        terminal_print("%s %" PRId64 " %s", state == SUBSCRIBER_PENDING ? "" : ",",
                       status->subscribers[state],
                       subscriber_state_name((enum subscriber_state)state));
    const int64_t *transactional = status->transactional_mails.count;
    terminal_print("\nSingle mails: %" PRId64 " sent, %" PRId64 " waiting, %" PRId64
                   " failed (confirmations and the like)\n",
                   transactional[QUEUE_SENT],
                   transactional[QUEUE_QUEUED] + transactional[QUEUE_SENDING] +
                       transactional[QUEUE_DEFERRED],
                   transactional[QUEUE_FAILED]);
    report_print_digests(status->context, status->digests);
    if (status->oldest_at)
        terminal_print("Waiting:      the oldest since %s\n",
                       context_time(status->context, status->oldest_at));
    report_print_relay(status->context, status->relay);
    report_print_held_domains(status->context, status->held);
    report_feedback_print(status->returned);
    report_print_notices(status->context, status->notices, status->returned);
    table_init(&table, status->context->arena, headings);
    json_array_foreach(status->mailings, index, mailing)
    {
        table_add_row(&table);
        for (size_t column = 0; column < sizeof members / sizeof members[0]; column++) {
            json_t *value = json_object_get(mailing, members[column]);
            const json_t *digest = json_object_get(mailing, "digest");
            if (digest && strcmp(members[column], "release") == 0)
                table_set(&table, column, json_string_value(digest));
            else if (json_is_integer(value))
                table_set_number(&table, column, json_integer_value(value));
            else
                table_set(&table, column, json_string_value(value));
        }
    }
    if (index)
        terminal_print("\n");
    table_print(&table);
    print_reasons(status);
    report_print_dmarc(status->context, &status->in_our_name);
}

static json_t *status_document(struct status *status)
{
    json_t *document = json_object();
    json_t *object = json_object();
    (void)json_object_set(document, "mailings", status->mailings);
    json_set_value(document, "waiting_since", report_instant(status->context, status->oldest_at));
    report_add_counts(object, &status->transactional_mails);
    json_set_value(document, "transactional", object);
    object = json_object();
    for (int state = SUBSCRIBER_PENDING; state < SUBSCRIBER_STATE_COUNT; state++)
        json_set_number(object, subscriber_state_name((enum subscriber_state)state),
                        status->subscribers[state]);
    json_set_value(document, "subscribers", object);
    object = json_object();
    json_set_number(object, "draft", status->releases.draft);
    json_set_number(object, "ready", status->releases.ready);
    json_set_number(object, "withdrawn", status->releases.withdrawn);
    json_set_value(document, "releases", object);
    (void)json_object_set(document, "digests", status->digests);
    (void)json_object_set(document, "relay", status->relay);
    (void)json_object_set(document, "held_domains", status->held);
    (void)json_object_set(document, "dmarc", status->dmarc);
    (void)json_object_set(document, "returned", status->returned);
    (void)json_object_set(document, "notices", status->notices);
    return document;
}

int cmd_status(struct command_context *context)
{
    struct error error;
    int code;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    struct status status = { .context = context,
                             .mailings = json_array(),
                             .digests = json_object() };
    bool done = read_status(&status, &error);
    if (!done)
        code = context_fail(context, &error);
    else if (context->json)
        context_print_json(status_document(&status));
    else
        print_as_text(&status);
    json_decref(status.mailings);
    json_decref(status.digests);
    json_decref(status.held);
    json_decref(status.relay);
    json_decref(status.dmarc);
    json_decref(status.returned);
    json_decref(status.notices);
    return done ? EXIT_WELL : code;
}
