/* SPDX-License-Identifier: MIT */
#include "approval/approval.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/stage.h"
#include "cli/summary.h"
#include "config/config.h"

int stage_approval(struct command_context *context, struct json_t *report)
{
    struct error error;
    int64_t asked = 0;
    if (!context->config->intake.needs_approval && !context->config->receipt.is_wanted)
        return EXIT_WELL;
    if (!context_open_keys(context, &error))
        return context_fail(context, &error);
    const struct preview_settings preview = context_preview_settings(context);
    const struct approval_service service = { .database = context->database,
                                              .receipts = &context->config->receipt,
                                              .keys = context->keys,
                                              .random = &context->random,
                                              .preview = &preview };
    bool done = approval_run(&service, clock_now(&context->clock), &asked, &error);
    const struct summary_count summary[] = {
        { asked, "asked", "mails ask for a yes", "mail asks for a yes", false },
    };
    if (report || asked > 0)
        report_summary(context, report, "approval", summary, sizeof summary / sizeof summary[0],
                       done);
    return done ? EXIT_WELL : context_fail(context, &error);
}
