/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include "base/error.h"
#include "base/log.h"
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

/* Whoever takes the lock first finishes withdrawals that others could not carry out while it was
 * held. */
static bool begin_writing(struct command_context *context, struct error *error)
{
    if (!context_lock_run(context, error))
        return false;
    const struct intake_withdrawing withdrawing = { .database = context->database,
                                                    .now_at = clock_now(&context->clock),
                                                    .notifies = context->config->intake.notifies };
    if (intake_finish_withdrawals(&withdrawing, error))
        return true;
    context_unlock_run(context);
    return false;
}

int stage_ingest(struct command_context *context, struct json_t *report)
{
    struct intake_counts counts = { 0 };
    struct error error;
    if (!begin_writing(context, &error))
        return context_fail(context, &error);
    if (!intake_directories_open(context, &error)) {
        intake_hold_unseen(&context->config->intake, context->database, clock_now(&context->clock));
        return context_fail(context, &error);
    }
    bool done = intake_run(&context->config->intake, context->database, &context->clock,
                           &context->random, &counts, &error);
    intake_directories_close(context);
    const struct summary_count summary[] = {
        { counts.recovered, "adopted", "taken over from public/", NULL, false },
        { counts.added, "added", "new", NULL, false },
        { counts.changed, "changed", "changed", NULL, false },
        { counts.unchanged, "unchanged", NULL, NULL, false },
        { counts.withdrawn, "withdrawn", "withdrawn", NULL, false },
        { counts.refused, "refused", "refused", NULL, false },
        { counts.still_refused, "still_refused", "still refused (see the notes beside them)",
          "still refused (see the note beside it)", true },
        { counts.orphans, "strays", "files of no release (see `pressroom check`)",
          "file of no release (see `pressroom check`)", true },
        { counts.warned, "warned", NULL, NULL, false },
        { counts.missing, "missing", "vanished", NULL, false },
        { counts.held, "held", "held", NULL, true },
        { counts.unstable, "restless", "still being written", NULL, true },
    };
    report_summary(context, report, "ingest", summary, sizeof summary / sizeof summary[0], done);
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
    if (!begin_writing(context, &error))
        return context_fail(context, &error);
    progress_init(&progress, context);
    const struct publish_progress watch = { show_publishing, &progress };
    bool done = publish_run(context->database, &context->config->publish, &context->clock, &counts,
                            &watch, &error);
    progress_clear(&progress);
    const struct summary_count summary[] = {
        { counts.published, "published", "published", NULL, false },
        { counts.updated, "updated", "updated", NULL, false },
        { counts.withdrawn, "withdrawn", "taken back", NULL, false },
        { counts.failed, "failed", "failed", NULL, false },
        { counts.files_written, "files_written", "files written", "file written", false },
        { counts.files_removed, "files_removed", "files removed", "file removed", false },
    };
    report_summary(context, report, "publish", summary, sizeof summary / sizeof summary[0], done);
    context_unlock_run(context); /* mailing goes on beside the next run */
    if (!done)
        return context_fail(context, &error);
    return counts.failed ? EXIT_REFUSED : EXIT_WELL;
}

/* What the press officers are to know of what was announced stands beside the files as soon as it
 * was. Whoever holds the lock writes it, then or in the next run. */
static bool write_notes(struct command_context *context, struct error *error)
{
    bool are_waiting = false;
    if (!intake_notes_wait(context->database, &are_waiting, error))
        return false;
    if (!are_waiting || !context_lock_run(context, error))
        return !are_waiting || error->kind == ERROR_TEMPORARY;
    bool done = intake_directories_open(context, error) &&
                intake_write_notes(&context->config->intake, context->database, &context->clock,
                                   error);
    intake_directories_close(context);
    context_unlock_run(context);
    return done;
}

int stage_announce(struct command_context *context, struct json_t *report)
{
    struct announce_totals totals = { 0 };
    struct error error;
    const char *public_id = context->arguments->word_count ? context->arguments->words[0] : NULL;
    const struct announce_settings *settings = &context->config->announce;
    bool done = public_id
                    ? announce_release(context->database, settings, &context->clock, public_id,
                                       &totals, &error)
                    : announce_run(context->database, settings, &context->clock, &totals, &error);
    const struct summary_count summary[] = {
        { totals.releases, "releases", "releases to mail", "release to mail", false },
        { totals.corrections, "corrections", "corrections to mail", "correction to mail", false },
        { totals.withdrawals, "withdrawals", "withdrawals to mail", "withdrawal to mail", false },
        { totals.deliveries, "deliveries", "messages queued", "message queued", false },
        { totals.held, "held", "mailings held (see `pressroom mailing list`)",
          "mailing held (see `pressroom mailing list`)", false },
        { totals.too_old, "too_old", "too old to mail", NULL, false },
        { totals.not_wanted, "not_wanted", "not mailed, as the release or the feeds say", NULL,
          false },
    };
    report_summary(context, report, "announce", summary, sizeof summary / sizeof summary[0], done);
    if (done && public_id && !totals.deliveries)
        log_line(
            LOG_NOTICE,
            "announce: %s: nobody new to mail; those who were not sent it because its mailing was "
            "cancelled get it with `pressroom release resend %s --missed`",
            public_id, public_id);
    if (!done || !write_notes(context, &error))
        return context_fail(context, &error);
    return EXIT_WELL;
}
