/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include "base/error.h"
#include "cli/command.h"
#include "cli/context.h"
#include "config/config.h"
#include "status_page/status_page.h"

int stage_status_page(struct command_context *context, struct json_t *report)
{
    struct error error;
    (void)report;
    return status_page_run(&context->config->status_page, context->database,
                           context->state_directory, &context->clock, !context->step_state, NULL,
                           &error)
               ? EXIT_WELL
               : context_fail(context, &error);
}
