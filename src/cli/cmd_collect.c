/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/explain.h"
#include "cli/inbox.h"
#include "cli/stage.h"
#include "cli/watch.h"
#include "config/config.h"

#include <jansson.h>

int cmd_collect(struct command_context *context)
{
    struct error error;
    int code;
    if (arguments_have(context->arguments, "explain"))
        return collect_explain(context);
    if (arguments_have(context->arguments, "watch"))
        return watch_collect(context);
    if (arguments_have(context->arguments, "stdin"))
        return collect_stdin(context);
    if (!context_open_database(context, CONTEXT_WRITE, &code))
        return code;
    if (!context->config->inbox.url) {
        (void)error_set(&error, ERROR_USAGE,
                        "newsroom.yaml: mail.inbox is not set" ERROR_ADVICE
                        "name the mailbox to collect from");
        return context_fail(context, &error);
    }
    json_t *report = context->json ? json_object() : NULL;
    code = stage_collect(context, report);
    if (report)
        context_print_json(report);
    return code;
}
