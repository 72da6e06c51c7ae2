/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include "base/clock.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/operator_trouble.h"
#include "cli/summary.h"
#include "config/config.h"
#include "inbound/inbound.h"
#include "receipt/receipt.h"
#include "status_page/status_page.h"

int stage_receipts(struct command_context *context, struct json_t *report)
{
    struct receipt_totals totals = { 0 };
    struct error error;
    const struct receipt_settings *settings = &context->config->receipt;
    if (!settings->is_wanted && !settings->operators)
        return EXIT_WELL;
    if (!context_open_keys(context, &error))
        return context_fail(context, &error);
    const struct preview_settings preview = context_preview_settings(context);
    const struct receipt_service service = {
        .settings = settings,
        .database = context->database,
        .keys = context->keys,
        .random = &context->random,
        .clock = &context->clock,
        .preview = &preview,
        .status_url = status_page_link(&context->config->status_page, context->keys,
                                       clock_now(&context->clock), context->arena),
        .has_status_file = context->config->status_page.place != STATUS_PAGE_NONE,
        .count_answers = settings->is_read ? inbound_count_answers : NULL,
    };
    int64_t told = 0;
    bool done = receipt_run(&service, &totals, &error) &&
                operator_trouble_tell(context, &service, &told, &error);
    totals.receipts += told;
    const struct summary_count summary[] = {
        { totals.receipts, "queued", "queued", NULL, false },
    };
    if (report || totals.receipts > 0)
        report_summary(context, report, "receipts", summary, sizeof summary / sizeof summary[0],
                       done);
    return done ? EXIT_WELL : context_fail(context, &error);
}
