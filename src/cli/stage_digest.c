/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include "base/error.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/service.h"
#include "cli/summary.h"
#include "config/config.h"
#include "digest/digest.h"

int stage_digest(struct command_context *context, struct json_t *report)
{
    struct digest_totals totals = { 0 };
    struct error error;
    bool done = digest_run(context->database, &context->config->digest, &context->clock,
                           service_interrupt(), &totals, &error);
    const struct summary_count summary[] = {
        { totals.mailings, "mailings", NULL, NULL, false },
        { totals.deliveries, "deliveries", "messages queued", "message queued", false },
    };
    if (report || totals.deliveries > 0)
        report_summary(context, report, "digest", summary, sizeof summary / sizeof summary[0],
                       done);
    return done ? EXIT_WELL : context_fail(context, &error);
}
