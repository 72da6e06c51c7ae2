/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include "base/error.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/inbox.h"
#include "cli/report_feedback.h"
#include "cli/summary.h"
#include "config/config.h"
#include "inbound/inbound.h"
#include "net/mailbox.h"
#include "subscriber/subscriber.h"

void collect_report(const struct command_context *context, struct json_t *report,
                    const struct inbound_totals *totals, bool done)
{
    const int64_t *count = totals->count;
    /* Foreign messages stay in the mailbox for days, so a --watch command does not report them each
     * time. */
    const char *not_ours = context->step_state ? NULL : "untouched, for a person to read";
    const struct summary_count summary[] = {
        { count[INBOUND_BOUNCED], "bounced", "bounced", NULL, false },
        { count[INBOUND_DELAYED], "delayed", "notices of delay", "notice of delay", false },
        { count[INBOUND_DELIVERED], "delivered", "notices of delivery", "notice of delivery",
          false },
        { count[INBOUND_COMPLAINED], "complained", "complaints", "complaint", false },
        { count[INBOUND_CONFIRMED], "confirmed", "confirmed", NULL, false },
        { count[INBOUND_UNSUBSCRIBED], "unsubscribed", "unsubscribed", NULL, false },
        { count[INBOUND_ASKED], "asked", "asked to join", NULL, false },
        { count[INBOUND_HUMAN], "forwarded", "answers sent on", "answer sent on", false },
        { count[INBOUND_LEAVE_HINT], "leave_hints", "sent the link to leave", NULL, false },
        { count[INBOUND_CONFIRM_HINT], "confirm_hints", "told how to say yes", NULL, false },
        { count[INBOUND_REPORTED], "reported", "reports of forged mail", "report of forged mail",
          false },
        { count[INBOUND_STOPPED], "stopped", "stopped by a reply", NULL, false },
        { count[INBOUND_APPROVED], "approvals", "answers of yes to what waits",
          "answer of yes to what waits", false },
        { count[INBOUND_REASON], "reasons", "said why it was withdrawn", NULL, false },
        { count[INBOUND_RECEIPT_WORDS], "not_approved", "told that it was no yes", NULL, false },
        { count[INBOUND_CHALLENGE], "challenges", "challenges", "challenge", false },
        { count[INBOUND_AUTOMATIC], "automatic", "automatic answers", "automatic answer", false },
        { count[INBOUND_DMARC], "dmarc", "DMARC reports", "DMARC report", false },
        { totals->repeated, "repeated", "dealt with before", NULL, false },
        { totals->unreadable, "unreadable", NULL, NULL, false },
        { totals->refused, "refused", NULL, NULL, false },
        { count[INBOUND_NOT_OURS], "left", not_ours, NULL, false },
    };
    report_summary(context, report, "collect", summary, sizeof summary / sizeof summary[0], done);
}

/* A --watch command logs it quietly, because it would repeat each minute. */
static void log_passed_over(const struct command_context *context, size_t count)
{
    if (count)
        log_line(context->step_state ? LOG_DEBUG : LOG_WARNING,
                 "mail.inbox: %zu %s that the server lists could not be read; the next run tries "
                 "again",
                 count, count == 1 ? "message" : "messages");
}

static bool collect(struct command_context *context, const struct subscriber_service *service,
                    struct inbound_totals *totals, struct error *error)
{
    const struct inbound_settings settings = inbox_settings(context);
    struct error closing;
    if (!context->inbox)
        context->inbox = inbox_open(context, error);
    struct mailbox *mailbox = context->inbox;
    if (!mailbox)
        return false;
    bool done = inbound_run(&settings, service, mailbox, totals, error);
    log_passed_over(context, mailbox_passed_over(mailbox));
    if (done && context->step_state &&
        mailbox_can_wait(mailbox)) /* kept open: the --watch command waits in it for new mail */
        return true;
    context->inbox = NULL;
    /* Closing removes the messages that were recorded, so it is done also where the rest failed. */
    if (!mailbox_close(mailbox, done ? error : &closing))
        done = false;
    return done;
}

int stage_collect(struct command_context *context, struct json_t *report)
{
    struct inbound_totals totals = { .repeated = 0 };
    struct subscriber_service service;
    struct error error;
    int code;
    if (!context->config->inbox.url)
        return EXIT_WELL;
    if (!context_open_subscriber_service(context, CONTEXT_WRITE, &service, &code))
        return code;
    bool done = collect(context, &service, &totals, &error) &&
                report_feedback_process(context, &service, &error);
    collect_report(context, report, &totals, done);
    return done ? EXIT_WELL : context_fail(context, &error);
}
