/* SPDX-License-Identifier: MIT */
#include "endpoint/request_handler.h"

#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "endpoint/counters.h"
#include "endpoint/request.h"
#include "endpoint/request_service.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"

#include <inttypes.h>
#include <stdio.h>

/* Prometheus text format 0.0.4. Names and labels only of our own making: nothing needs escaping. */

enum { MAILINGS_SHOWN = 20 };

static void head(struct string_builder *text, const char *name, const char *type, const char *help)
{
    string_builder_append_format(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_http(struct string_builder *text, struct counters *counters)
{
    static const char *const routes[COUNTERS_ROUTES] = { "file",        "subscribe",   "confirm",
                                                         "unsubscribe", "preferences", "preview",
                                                         "status",      "healthz",     "metrics",
                                                         NULL };
    head(text, "pressroom_http_answers_total", "counter",
         "Answers by address and class of status.");
    for (int route = 0; route < COUNTERS_ROUTES; route++) {
        for (int class = 1; routes[route] && class < COUNTERS_CLASSES; class ++) {
            unsigned long long count = atomic_load(&counters->answers[route][class]);
            if (count)
                string_builder_append_format(
                    text, "pressroom_http_answers_total{route=\"%s\",status=\"%dxx\"} %llu\n",
                    routes[route], class, count);
        }
    }
    head(text, "pressroom_http_refused_total", "counter", "Requests refused by rate caps.");
    string_builder_append_format(text, "pressroom_http_refused_total %llu\n",
                                 atomic_load(&counters->refused));
    head(text, "pressroom_connections_refused_total", "counter",
         "Connections closed at once, as their address held or opened too many.");
    string_builder_append_format(text, "pressroom_connections_refused_total %llu\n",
                                 atomic_load(&counters->connections_refused));
    head(text, "pressroom_jobs_total", "counter", "Requests that needed the database.");
    string_builder_append_format(text, "pressroom_jobs_total %llu\n", atomic_load(&counters->jobs));
    head(text, "pressroom_jobs_waiting", "gauge", "Requests that wait for the database.");
    string_builder_append_format(text, "pressroom_jobs_waiting %u\n",
                                 atomic_load(&counters->waiting));
}

static bool write_subscribers(struct string_builder *text, struct database *database,
                              struct error *error)
{
    int64_t counts[SUBSCRIBER_STATE_COUNT] = { 0 };
    if (!subscriber_count(database, counts, error))
        return false;
    head(text, "pressroom_subscribers", "gauge", "Subscribers by state.");
    for (int state = SUBSCRIBER_PENDING; state < SUBSCRIBER_STATE_COUNT; state++)
        string_builder_append_format(text, "pressroom_subscribers{state=\"%s\"} %" PRId64 "\n",
                                     subscriber_state_name((enum subscriber_state)state),
                                     counts[state]);
    return true;
}

static void write_counts(struct string_builder *text, const char *name, const char *labels,
                         const struct queue_delivery_counts *counts)
{
    for (int state = QUEUE_QUEUED; state < QUEUE_STATE_COUNT; state++)
        string_builder_append_format(text, "%s{%sstate=\"%s\"} %" PRId64 "\n", name, labels,
                                     queue_state_name((enum queue_state)state),
                                     counts->count[state]);
}

/* Only the newest mailings, because a metric for every mailing would make the answer grow without
 * end. */
static bool write_mailings(struct string_builder *text, struct database *database,
                           struct error *error)
{
    char labels[80];
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    queue_mailing_cursor_open(&cursor, database, 0, true);
    for (int i = 0; i < MAILINGS_SHOWN && queue_mailing_cursor_next(&cursor, &mailing, error);
         i++) {
        int length = snprintf(labels, sizeof labels, "mailing=\"%" PRId64 "\",kind=\"%s\",",
                              mailing->row_id, queue_kind_name(mailing->kind));
        if (length > 0 && (size_t)length < sizeof labels)
            write_counts(text, "pressroom_mailing_deliveries", labels, &mailing->counts);
    }
    return queue_mailing_cursor_close(&cursor);
}

static bool write_queue(struct string_builder *text, struct database *database, int64_t now_at,
                        struct error *error)
{
    int64_t since_at = INSTANT_NONE;
    struct queue_delivery_counts counts = { 0 };
    head(text, "pressroom_mailing_deliveries", "gauge",
         "Deliveries of the newest mailings by state.");
    if (!write_mailings(text, database, error) ||
        !queue_counts_of_transactional(database, &counts, error) ||
        !queue_oldest_waiting(database, now_at, &since_at, error))
        return false;
    head(text, "pressroom_single_mails", "gauge", "Confirmations and other single mails by state.");
    write_counts(text, "pressroom_single_mails", "", &counts);
    head(text, "pressroom_queue_oldest_seconds", "gauge",
         "How long the row that has waited longest has been due.");
    string_builder_append_format(text, "pressroom_queue_oldest_seconds %" PRId64 "\n",
                                 since_at == INSTANT_NONE ? 0
                                                          : (now_at - since_at) / DURATION_SECOND);
    return true;
}

void request_handle_metrics(const struct request_service *service, struct request *request)
{
    struct error error;
    struct string_builder *text = &request->answer.body;
    struct database *database = service->subscriber.database;
    write_http(text, service->counters);
    if (!write_subscribers(text, database, &error) ||
        !write_queue(text, database, clock_now(service->subscriber.clock), &error)) {
        string_builder_clear(text);
        request_fail(service, request, &error);
        return;
    }
    request->answer.status = 200;
    request->answer.type = "text/plain; version=0.0.4; charset=utf-8";
}
