/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include "base/error.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/progress.h"
#include "cli/relay.h"
#include "cli/report_feedback.h"
#include "cli/service.h"
#include "cli/summary.h"
#include "config/config.h"
#include "delivery/deliver.h"
#include "net/net.h"
#include "subscriber/subscriber.h"

#include <inttypes.h>
#include <jansson.h>

static void show_sending(void *payload, const struct deliver_totals *totals)
{
    int64_t done = totals->sent + totals->deferred + totals->failed + totals->suppressed +
                   totals->unknown;
    int64_t left = totals->total > done ? totals->total - done : 0;
    int64_t seconds = totals->rate > 0 ? left / totals->rate : 0;
    progress_show(payload,
                  "sent %" PRId64 " of %" PRId64 ", deferred %" PRId64 ", failed %" PRId64
                  ", %" PRId64 " a second, %" PRId64 ":%02" PRId64 " left",
                  totals->sent, totals->total, totals->deferred, totals->failed, totals->rate,
                  seconds / 60, seconds % 60);
}

static void report_totals(const struct command_context *context, struct json_t *report,
                          const struct deliver_totals *totals, bool done)
{
    const struct summary_count summary[] = {
        { totals->recovered, "recovered", "left by a run that died", NULL, false },
        { totals->sent, "sent", "sent", NULL, false },
        { totals->deferred, "deferred", "to be tried again later", NULL, false },
        { totals->failed, "failed", "failed", NULL, false },
        { totals->suppressed, "suppressed", "left out, as they unsubscribed meanwhile", NULL,
          false },
        { totals->unknown, "unknown", "unknown", NULL, false },
        { totals->finished, "finished", NULL, NULL, false },
        { totals->paused, "paused", "mailings paused (see `pressroom mailing list`)",
          "mailing paused (see `pressroom mailing list`)", false },
    };
    report_summary(context, report, "deliver", summary, sizeof summary / sizeof summary[0], done);
}

static bool send_due(struct command_context *context, const struct subscriber_service *service,
                     struct deliver_settings *settings, struct deliver_totals *totals,
                     struct error *error)
{
    struct progress progress;
    int64_t expired;
    if (!subscriber_expire(service, &expired, error) ||
        !report_feedback_process(context, service, error))
        return false;
    struct message_source *source = message_source_open(&context->config->message_source, service,
                                                        error);
    if (!source)
        return false;
    progress_init(&progress, context);
    deliver_use_source(settings, source);
    settings->progress = progress.is_on ? show_sending : NULL; /* counting what waits takes time */
    settings->progress_payload = &progress; /* cppcheck-suppress autoVariables ; taken back below */
    bool done = deliver_run(context->database, settings, &context->clock, totals, error);
    settings->progress = NULL;
    settings->progress_payload = NULL;
    progress_clear(&progress);
    message_source_close(source);
    /* An interrupted run ends at once; the next run processes the feedback. */
    return done && (*service_interrupt() || report_feedback_process(context, service, error));
}

int stage_deliver(struct command_context *context, struct json_t *report)
{
    struct deliver_totals totals = { 0 };
    struct subscriber_service service;
    struct error error;
    const char *password;
    int code;
    if (!context_open_subscriber_service(context, CONTEXT_WRITE, &service, &code))
        return code;
    if (!net_initialize(&error) ||
        !context_read_password(context, context->config->relay.password_file, "mail.password_file",
                               &password, &error))
        return context_fail(context, &error);
    struct deliver_settings settings = context->config->deliver;
    settings.smtp = relay_settings(context->config, password);
    settings.stop = service_interrupt();
    settings.stays = context->step_state != NULL;
    if (!context->step_state) /* a --watch command has set its handlers already */
        service_begin();
    bool done = send_due(context, &service, &settings, &totals, &error);
    if (!context->step_state)
        service_end();
    report_totals(context, report, &totals, done);
    return done ? EXIT_WELL : context_fail(context, &error);
}
