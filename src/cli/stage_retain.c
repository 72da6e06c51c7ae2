/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include "base/error.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/service.h"
#include "cli/summary.h"
#include "database/database.h"
#include "queue/queue.h"

#include <jansson.h>

/* In a command that stays, a call does so many steps, and mails that came due meanwhile go first.
 */
enum { TEXTS_DAYS = 90, ROWS_DAYS = 730, STEPS_MAXIMUM = 20 };

static bool retain(struct command_context *context, int64_t *count, struct error *error)
{
    int64_t now_at = clock_now(&context->clock);
    struct queue_retention *retention = &context->retention;
    retention->texts_before_at = now_at - TEXTS_DAYS * DURATION_DAY;
    retention->rows_before_at = now_at - ROWS_DAYS * DURATION_DAY;
    bool more = true;
    for (int i = 0; more && !*service_interrupt() && (!context->memory || i < STEPS_MAXIMUM); i++) {
        if (!queue_retain_find(context->database, retention, &more, error))
            return false;
        if (!more)
            break;
        if (!database_begin(context->database, error) ||
            !database_end(context->database,
                          queue_retain(context->database, retention, count, &more, error), error))
            return false;
    }
    if (context->memory)
        context->memory->has_more = more;
    return true;
}

int stage_retain(struct command_context *context, struct json_t *report)
{
    struct error error;
    int64_t count = 0;
    bool done = retain(context, &count, &error);
    if (report)
        (void)json_object_set_new(report, "retain",
                                  json_pack("{s:I}", "forgotten", (json_int_t)count));
    if (count > 0) {
        struct summary summary = summary_begin(context, "retain");
        summary_add(&summary, count, "old outcomes forgotten");
        summary_end(&summary);
    }
    return done ? EXIT_WELL : context_fail(context, &error);
}
