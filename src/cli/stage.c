/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include "base/error.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/file_argument.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include "config/config.h"
#include "database/database.h"
#include "delivery/announce.h"
#include "intake/intake.h"
#include "publish/publish.h"

#include <inttypes.h>
#include <jansson.h>

int stage_ingest(struct command_context *context, struct json_t *report)
{
    struct intake_counts counts = { 0 };
    struct error error;
    if (!context_lock_run(context, &error) || !intake_directories_open(context, &error))
        return context_fail(context, &error);
    bool done = intake_run(&context->config->intake, context->database, &context->clock,
                           &context->random, &counts, &error);
    intake_directories_close(context);
    if (report)
        (void)json_object_set_new(
            report, "ingest",
            json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "added",
                      (json_int_t)counts.added, "changed", (json_int_t)counts.changed, "unchanged",
                      (json_int_t)counts.unchanged, "refused", (json_int_t)counts.refused,
                      "still_refused", (json_int_t)counts.still_refused, "warned",
                      (json_int_t)counts.warned, "missing", (json_int_t)counts.missing, "restless",
                      (json_int_t)counts.restless, "withdrawn", (json_int_t)counts.withdrawn,
                      "adopted", (json_int_t)counts.adopted, "held", (json_int_t)counts.held));
    struct summary summary = summary_begin(context, "ingest");
    summary_add(&summary, counts.adopted, "taken over from public/");
    summary_add(&summary, counts.added, "new");
    summary_add(&summary, counts.changed, "changed");
    summary_add(&summary, counts.withdrawn, "withdrawn");
    summary_add(&summary, counts.refused, "refused");
    summary_add(&summary, counts.still_refused, "still refused");
    summary_add(&summary, counts.missing, "vanished");
    summary_add(&summary, counts.held, "held");
    summary_add(&summary, counts.restless, "still being written");
    summary_end(&summary);
    if (!done)
        return context_fail(context, &error);
    return counts.refused || counts.still_refused || counts.held ? EXIT_REFUSED : EXIT_WELL;
}

static void show_publishing(void *payload, int64_t done, int64_t total)
{
    progress_show(payload, "publishing: %" PRId64 " of %" PRId64 " releases", done, total);
}

int stage_publish(struct command_context *context, struct json_t *report)
{
    struct publish_counts counts = { 0 };
    struct progress progress;
    struct error error;
    if (!context_lock_run(context, &error))
        return context_fail(context, &error);
    progress_init(&progress, context);
    const struct publish_watch watch = { show_publishing, &progress };
    bool done = publish_run(context->database, &context->config->publish, &context->clock, &counts,
                            &watch, &error);
    progress_clear(&progress);
    if (report)
        (void)json_object_set_new(
            report, "publish",
            json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "published", (json_int_t)counts.published,
                      "updated", (json_int_t)counts.updated, "withdrawn",
                      (json_int_t)counts.withdrawn, "failed", (json_int_t)counts.failed,
                      "files_written", (json_int_t)counts.files_written, "files_removed",
                      (json_int_t)counts.files_removed));
    struct summary summary = summary_begin(context, "publish");
    summary_add(&summary, counts.published, "published");
    summary_add(&summary, counts.updated, "updated");
    summary_add(&summary, counts.withdrawn, "taken back");
    summary_add(&summary, counts.failed, "failed");
    summary_add(&summary, counts.files_written, "files written");
    summary_add(&summary, counts.files_removed, "files removed");
    summary_end(&summary);
    context_unlock_run(context); /* mailing goes on beside the next run */
    if (!done)
        return context_fail(context, &error);
    return counts.failed ? EXIT_REFUSED : EXIT_WELL;
}

int stage_announce(struct command_context *context, struct json_t *report)
{
    struct announce_totals totals = { 0 };
    struct error error;
    const char *id = context->arguments->word_count ? context->arguments->words[0] : NULL;
    const struct announce_settings *settings = &context->config->announce;
    bool done = id ? announce_release(context->database, settings, &context->clock, id, &totals,
                                      &error)
                   : announce_run(context->database, settings, &context->clock, &totals, &error);
    if (report)
        (void)json_object_set_new(
            report, "announce",
            json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "releases",
                      (json_int_t)totals.releases, "corrections", (json_int_t)totals.corrections,
                      "withdrawals", (json_int_t)totals.withdrawals, "deliveries",
                      (json_int_t)totals.deliveries, "held", (json_int_t)totals.held, "too_old",
                      (json_int_t)totals.too_old, "not_wanted", (json_int_t)totals.not_wanted));
    struct summary summary = summary_begin(context, "announce");
    summary_add(&summary, totals.releases, "releases to mail");
    summary_add(&summary, totals.corrections, "corrections to mail");
    summary_add(&summary, totals.withdrawals, "withdrawals to mail");
    summary_add(&summary, totals.deliveries, "messages queued");
    summary_add(&summary, totals.held, "mailings held (see `pressroom mailing list`)");
    summary_add(&summary, totals.too_old, "too old to mail");
    summary_add(&summary, totals.not_wanted, "not mailed, as the release or the feeds say");
    summary_end(&summary);
    return done ? EXIT_WELL : context_fail(context, &error);
}
