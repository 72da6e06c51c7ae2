/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include "base/error.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/service.h"
#include "cli/summary.h"
#include "config/config.h"
#include "database/database.h"
#include "digest/digest.h"
#include "preview/preview.h"
#include "queue/queue.h"
#include "queue/trouble.h"
#include "receipt/receipt.h"
#include "subscriber/subscriber.h"

#include <jansson.h>

/* In a --watch command a call does only so many steps, because mails that came due meanwhile go
 * first. */
enum { TEXTS_DAYS = 90, ROWS_DAYS = 730, STEPS_MAXIMUM = 20 };

/* Digests whose rows are gone. */
static bool retain_digests(struct command_context *context, int64_t before_at, bool *more,
                           struct error *error)
{
    *more = true;
    for (int i = 0; *more && !*service_interrupt() && (!context->step_state || i < STEPS_MAXIMUM);
         i++) {
        if (!digest_retain_find(context->database, before_at, more, error))
            return false;
        if (!*more)
            break;
        struct transaction transaction = transaction_of(context->database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction, digest_retain(context->database, before_at, more, error),
                            error);
        if (!transaction.is_done)
            return false;
    }
    return true;
}

/* The next step of *retention, which moves on by it once it is committed; *count grows by its rows.
 */
static bool retain_step(struct database *database, struct queue_retention *retention,
                        int64_t *count, bool *more, struct error *error)
{
    struct queue_retention next;
    int64_t forgotten = 0;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error)) {
        next = *retention;
        forgotten = 0;
        transaction_end(&transaction, queue_retain(database, &next, &forgotten, more, error),
                        error);
    }
    if (!transaction.is_done)
        return false;
    *retention = next;
    *count += forgotten;
    return true;
}

static bool retain_outcomes(struct command_context *context, int64_t *count, bool *more,
                            struct error *error)
{
    int64_t now_at = clock_now(&context->clock);
    struct queue_retention *retention = &context->retention;
    retention->texts_before_at = now_at - TEXTS_DAYS * DURATION_DAY;
    retention->rows_before_at = now_at - ROWS_DAYS * DURATION_DAY;
    retention->trouble_before_at = now_at - QUEUE_RECEIVER_REMEMBERED_MS;
    *more = true;
    for (int i = 0; *more && !*service_interrupt() && (!context->step_state || i < STEPS_MAXIMUM);
         i++) {
        if (!queue_retain_find(context->database, retention, more, error))
            return false;
        if (!*more)
            return retain_digests(context, retention->rows_before_at, more, error);
        if (!retain_step(context->database, retention, count, more, error))
            return false;
    }
    return true;
}

/* Erases subscribers whose retention period is over. */
static bool retain_subscribers(struct command_context *context,
                               const struct subscriber_service *service,
                               struct subscriber_retention *erased, struct error *error)
{
    do {
        if (!subscriber_retain(service, erased, error))
            return false;
        if (erased->bytes_pending)
            return error_set(error, ERROR_TEMPORARY,
                             "database: bytes pending: erased people still stand in the journal, "
                             "as another program reads it" ERROR_ADVICE
                             "close that one and run again");
    } while (erased->more && !*service_interrupt() && !context->step_state);
    return true;
}

static bool retain_receipts(struct command_context *context, int64_t *count, bool *more,
                            struct error *error)
{
    int64_t before_at = clock_now(&context->clock) - ROWS_DAYS * DURATION_DAY;
    do {
        int64_t forgotten = 0;
        if (!receipt_retain_find(context->database, before_at, more, error))
            return false;
        if (!*more)
            break;
        struct transaction transaction = transaction_of(context->database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction,
                            receipt_retain(context->database, before_at, &forgotten, more, error),
                            error);
        if (!transaction.is_done)
            return false;
        *count += forgotten;
    } while (*more && !*service_interrupt() && !context->step_state);
    return true;
}

static void report_totals(struct command_context *context, struct json_t *report, int64_t count,
                          const struct subscriber_retention *erased, bool done)
{
    const struct summary_count summary[] = {
        { count, "forgotten", "old outcomes forgotten", "old outcome forgotten", false },
        { erased->subscribers, "people", "people erased whose retention period is over",
          "person erased whose retention period is over", false },
        { erased->requests, "requests", "old requests erased", "old request erased", false },
    };
    if (report || count + erased->subscribers + erased->requests > 0)
        report_summary(context, report, "retain", summary, sizeof summary / sizeof summary[0],
                       done);
}

int stage_retain(struct command_context *context, struct json_t *report)
{
    struct error error;
    struct subscriber_service service;
    struct subscriber_retention erased = { 0 };
    int64_t count = 0;
    int code;
    bool more = false;
    bool more_receipts = false;
    if (!context_open_subscriber_service(context, CONTEXT_WRITE, &service, &code))
        return code;
    bool done = retain_outcomes(context, &count, &more, &error) &&
                retain_receipts(context, &count, &more_receipts, &error) &&
                retain_subscribers(context, &service, &erased, &error) &&
                preview_clean(context->database, context->config->state_path,
                              clock_now(&context->clock), &error);
    if (context->step_state)
        context->step_state->has_more = more || more_receipts || erased.more;
    report_totals(context, report, count, &erased, done);
    return done ? EXIT_WELL : context_fail(context, &error);
}
