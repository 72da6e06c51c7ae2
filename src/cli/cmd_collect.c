/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/stage.h"
#include "cli/summary.h"
#include "cli/watch.h"
#include "config/config.h"
#include "inbound/inbound.h"
#include "net/mailbox.h"
#include "net/net.h"
#include "subscriber/subscriber.h"

#include <jansson.h>

static void add_report(struct json_t *report, const struct inbound_totals *totals)
{
    const int64_t *count = totals->count;
    (void)json_object_set_new(
        report, "collect",
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "bounced",
                  (json_int_t)count[INBOUND_BOUNCED], "delayed", (json_int_t)count[INBOUND_DELAYED],
                  "complained", (json_int_t)count[INBOUND_COMPLAINED], "confirmed",
                  (json_int_t)count[INBOUND_CONFIRMED], "unsubscribed",
                  (json_int_t)count[INBOUND_UNSUBSCRIBED], "asked",
                  (json_int_t)count[INBOUND_ASKED], "automatic",
                  (json_int_t)count[INBOUND_AUTOMATIC], "left", (json_int_t)count[INBOUND_NOT_OURS],
                  "refused", (json_int_t)totals->refused, "repeated",
                  (json_int_t)totals->repeated));
}

static void print_summary(const struct command_context *context,
                          const struct inbound_totals *totals)
{
    const int64_t *count = totals->count;
    struct summary summary = summary_begin(context, "collect");
    summary_add(&summary, count[INBOUND_BOUNCED], "bounced");
    summary_add(&summary, count[INBOUND_DELAYED], "notices of delay");
    summary_add(&summary, count[INBOUND_COMPLAINED], "complaints");
    summary_add(&summary, count[INBOUND_CONFIRMED], "confirmed");
    summary_add(&summary, count[INBOUND_UNSUBSCRIBED], "left");
    summary_add(&summary, count[INBOUND_ASKED], "asked to join");
    summary_add(&summary, count[INBOUND_AUTOMATIC], "automatic answers");
    summary_add(&summary, totals->repeated, "seen to before");
    if (!context->memory) /* they lie there for days, and are counted each time */
        summary_add(&summary, count[INBOUND_NOT_OURS], "untouched, for a person to read");
    summary_end(&summary);
}

static bool collect(struct command_context *context, const struct subscriber_office *office,
                    struct inbound_totals *totals, struct error *error)
{
    const struct config *config = context->config;
    const struct inbound_settings settings = { .replies = config->mail.replies,
                                               .bounces = config->message_source.bounces,
                                               .delimiter = config->mail.delimiter,
                                               .mailbox_name = config->inbox.url,
                                               .workshop = &config->workshop };
    struct mailbox_settings place = { .url = config->inbox.url, .ca_file = context_ca_file() };
    struct error closing;
    if (!net_initialize(error) ||
        !context_read_password(context, config->inbox.password_file, "mail.inbox_password_file",
                               &place.password, error))
        return false;
    struct mailbox *mailbox = mailbox_open(&place, error);
    if (!mailbox)
        return false;
    bool done = inbound_run(&settings, office, mailbox, totals, error);
    /* What was done so far is removed also where the rest failed. */
    if (!mailbox_close(mailbox, done ? error : &closing))
        done = false;
    return done;
}

int stage_collect(struct command_context *context, struct json_t *report)
{
    struct inbound_totals totals = { .repeated = 0 };
    struct subscriber_office office;
    struct error error;
    int code;
    if (!context->config->inbox.url)
        return EXIT_WELL;
    if (!context_open_office(context, CONTEXT_WRITE, &office, &code))
        return code;
    bool done = collect(context, &office, &totals, &error);
    if (report)
        add_report(report, &totals);
    print_summary(context, &totals);
    return done ? EXIT_WELL : context_fail(context, &error);
}

int cmd_collect(struct command_context *context)
{
    struct error error;
    int code;
    if (arguments_have(context->arguments, "watch"))
        return watch_collect(context);
    if (!context_open_database(context, CONTEXT_WRITE, &code))
        return code;
    if (!context->config->inbox.url) {
        (void)error_set(&error, ERROR_USAGE,
                        "newsroom.yaml: mail.inbox is not set; name the mailbox to collect from");
        return context_fail(context, &error);
    }
    json_t *report = context->json ? json_object() : NULL;
    code = stage_collect(context, report);
    if (report)
        context_print_json(report);
    return code;
}
