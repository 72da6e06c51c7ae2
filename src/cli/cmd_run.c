/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/service.h"
#include "cli/stage.h"
#include "cli/watch.h"

#include <jansson.h>

/* Runs the stages one after the other and returns the worst exit code. A failed stage does not stop
 * the next, because rows that are ready must not wait for it. */
static int run_stages(struct command_context *context,
                      int (*const *stages)(struct command_context *, json_t *), size_t count)
{
    int worst;
    if (!context_open_database(context, CONTEXT_WRITE, &worst))
        return worst;
    worst = EXIT_WELL;
    json_t *report = context->json ? json_object() : NULL;
    for (size_t i = 0; i < count && !*service_interrupt(); i++) {
        int code = stages[i](context, report);
        if (code > worst)
            worst = code;
    }
    if (report)
        context_print_json(report);
    return worst;
}

int cmd_ingest(struct command_context *context)
{
    int (*const stages[])(struct command_context *, json_t *) = { stage_ingest };
    return run_stages(context, stages, 1);
}

int cmd_publish(struct command_context *context)
{
    int (*const stages[])(struct command_context *, json_t *) = { stage_publish };
    return run_stages(context, stages, 1);
}

int cmd_announce(struct command_context *context)
{
    int (*const stages[])(struct command_context *, json_t *) = { stage_announce, stage_digest };
    bool is_of_one = context->arguments->word_count > 0;
    return run_stages(context, stages, is_of_one ? 1 : 2);
}

int cmd_deliver(struct command_context *context)
{
    if (arguments_have(context->arguments, "watch"))
        return watch_deliver(context);
    int (*const stages[])(struct command_context *, json_t *) = { stage_deliver };
    return run_stages(context, stages, 1);
}

int cmd_run(struct command_context *context)
{
    if (arguments_have(context->arguments, "watch"))
        return watch_run(context);
    int (*const stages[])(struct command_context *, json_t *) = {
        stage_ingest,   stage_publish, stage_announce, stage_receipts, stage_digest,
        stage_approval, stage_deliver, stage_collect,  stage_retain,   stage_status_page
    };
    return run_stages(context, stages, sizeof stages / sizeof stages[0]);
}
