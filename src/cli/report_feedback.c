/* SPDX-License-Identifier: MIT */
#include "cli/report_feedback.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "queue/queue.h"
#include "queue/trouble.h"
#include "subscriber/standing.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>

/* `status` shows mailings of so many days. */
enum { SHOWN_DAYS = 30 };

/* ---- to standard error ---- */

static void log_refused(struct arena *arena, const struct queue_returned *returned, int news)
{
    int64_t row_id = returned->mailing;
    if (news & QUEUE_RETURNED_STOPPED && !returned->is_ended)
        log_line(LOG_ERROR,
                 "mailing %" PRId64 ": stopped: %" PRId64 " of the %" PRId64
                 " addresses tried are refused as unknown (%s); look at the list and at what the "
                 "relay knows of its recipients, then `pressroom mailing resume %" PRId64
                 "` or `cancel %" PRId64 "`",
                 row_id, returned->refused, returned->tried,
                 report_share(arena, returned->refused, returned->tried), row_id, row_id);
    if (news & QUEUE_RETURNED_HELD)
        log_line(LOG_WARNING,
                 "mailing %" PRId64 ": %" PRId64 " of %" PRId64
                 " addresses came back as unknown (%s); so many at once are mostly a fault on the "
                 "way, so they count against nobody; look at them with `pressroom mailing show "
                 "%" PRId64 " --recipients`, and if they are gone indeed, say `pressroom mailing "
                 "show %" PRId64 " --accept-bounces`",
                 row_id, returned->refused, returned->recipients,
                 report_share(arena, returned->refused, returned->recipients), row_id, row_id);
}

static void log_complained(struct arena *arena, const struct queue_returned *returned, int news)
{
    const char *share = report_share(arena, returned->complained, returned->sent);
    const char *people = report_counted(arena, returned->complained, "person", "people");
    int64_t row_id = returned->mailing;
    if (news & QUEUE_COMPLAINTS_STOPPED && !returned->is_ended)
        log_line(LOG_ERROR,
                 "mailing %" PRId64 ": stopped: %s of %" PRId64
                 " reported it as unwanted (%s), and mail services turn away such senders; look at "
                 "what is sent, and to whom, then `pressroom mailing resume %" PRId64
                 "` or `cancel %" PRId64 "`",
                 row_id, people, returned->sent, share, row_id, row_id);
    else if (news & (QUEUE_COMPLAINTS_STOPPED | QUEUE_COMPLAINTS_MANY))
        log_line(LOG_WARNING,
                 "mailing %" PRId64 ": %s of %" PRId64
                 " reported it as unwanted (%s) and left; at 0.3 %%, and 5 people, a mailing that "
                 "is under way is stopped; look at what was sent, and to whom",
                 row_id, people, returned->sent, share);
}

static bool log_untold(const struct command_context *context, struct error *error)
{
    struct queue_returned returned = { 0 };
    bool found = false;
    do {
        if (!queue_returned_next_unreported(context->database, returned.mailing, &returned, &found,
                                            error))
            return false;
        if (found) {
            int news = returned.findings & ~returned.reported_findings;
            log_refused(context->arena, &returned, news);
            log_complained(context->arena, &returned, news);
            if (!queue_returned_set_reported(context->database, &returned, error))
                return false;
        }
    } while (found);
    return true;
}

bool report_feedback_process(struct command_context *context,
                             const struct subscriber_service *service, struct error *error)
{
    struct standing_totals totals = { 0 };
    return standing_process(service, &totals, error) && log_untold(context, error);
}

bool report_feedback_accept(struct command_context *context, const struct queue_mailing *mailing,
                            struct error *error)
{
    const struct subscriber_service service = { .database = context->database,
                                                .clock = &context->clock };
    struct standing_totals totals = { 0 };
    struct queue_returned returned;
    if (!standing_accept(&service, mailing->row_id, error) ||
        !standing_process(&service, &totals, error) || !log_untold(context, error) ||
        !queue_returned_find(context->database, mailing->row_id, &returned, error))
        return false;
    if (context->json || context->quiet)
        return true;
    terminal_print("%s now.", report_counted(context->arena, returned.refused, "bounce counts",
                                             "bounces count"));
    if (totals.probes)
        terminal_print(" %s whether the address still receives; the next `pressroom deliver` "
                       "sends that.",
                       report_counted(context->arena, totals.probes, "person is asked by mail",
                                      "people are asked by mail"));
    terminal_print("\n\n");
    return true;
}

/* ---- status ---- */

static json_t *returned_object(const struct queue_returned *returned)
{
    bool is_held = queue_returned_verdict(returned) == QUEUE_RETURNED_NOBODY;
    json_t *object = json_object();
    json_set_number(object, "refused", returned->refused);
    json_set_number(object, "people", returned->recipients);
    json_set_number(object, "complained", returned->complained);
    json_set_number(object, "sent", returned->sent);
    json_set_boolean(object, "counts_against_nobody", is_held);
    json_set_boolean(object, "accepted", returned->is_accepted);
    return object;
}

json_t *report_feedback_array(struct command_context *context, struct error *error)
{
    const int complaints = QUEUE_COMPLAINTS_MANY | QUEUE_COMPLAINTS_STOPPED;
    const int64_t since_at = clock_now(&context->clock) - SHOWN_DAYS * DURATION_DAY;
    struct queue_returned *rows;
    size_t count;
    if (!queue_returned_read_newest(context->database, context->arena, &rows, &count, error))
        return NULL;
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        bool is_news = (rows[i].findings & complaints) != 0;
        if (rows[i].reviewed_at <= since_at ||
            (!is_news && queue_returned_verdict(&rows[i]) != QUEUE_RETURNED_NOBODY))
            continue;
        json_t *object = returned_object(&rows[i]);
        json_set_number(object, "mailing", rows[i].mailing);
        json_set_boolean(object, "complaints", is_news);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static int64_t number_of(const json_t *object, const char *name)
{
    return (int64_t)json_integer_value(json_object_get(object, name));
}

static void print_lines(const json_t *object, int64_t mailing)
{
    if (json_is_true(json_object_get(object, "counts_against_nobody")))
        terminal_print("Came back:    mailing %" PRId64 ": %" PRId64 " of %" PRId64
                       " addresses as unknown. So many count against nobody;\n"
                       "              if they are gone indeed: `pressroom mailing show %" PRId64
                       " --accept-bounces`\n",
                       mailing, number_of(object, "refused"), number_of(object, "people"), mailing);
    if (json_is_true(json_object_get(object, "complaints")))
        terminal_print("Complaints:   mailing %" PRId64 ": %" PRId64 " of %" PRId64
                       " people reported it as unwanted, and left\n",
                       mailing, number_of(object, "complained"), number_of(object, "sent"));
}

void report_feedback_print(const json_t *array)
{
    size_t index;
    const json_t *object;
    json_array_foreach(array, index, object) print_lines(object, number_of(object, "mailing"));
}

/* ---- one mailing ---- */

bool report_feedback_add(struct command_context *context, const struct queue_mailing *mailing,
                         json_t *object, struct error *error)
{
    struct queue_returned returned;
    if (!queue_returned_find(context->database, mailing->row_id, &returned, error))
        return false;
    json_set_value(object, "returned", returned_object(&returned));
    return true;
}

bool report_feedback_show(struct command_context *context, const struct queue_mailing *mailing,
                          struct error *error)
{
    struct queue_returned returned;
    if (!queue_returned_find(context->database, mailing->row_id, &returned, error))
        return false;
    if (returned.refused == 0)
        return true;
    const char *words = "This counts against them: after two such days in 30 a mail asks whether "
                        "the address still receives";
    switch (queue_returned_verdict(&returned)) {
    case QUEUE_RETURNED_NOBODY:
        words = arena_format(context->arena,
                             "So many (over 2 %%) count against nobody; if they are gone indeed: "
                             "`pressroom mailing show %" PRId64 " --accept-bounces`",
                             mailing->row_id);
        break;
    case QUEUE_RETURNED_WAITS:
        words = "Whether this counts against them is known once the rest is tried";
        break;
    case QUEUE_RETURNED_COUNTS:
        break;
    }
    terminal_print("Unknown:  %s.\n          %s.\n",
                   report_counted(context->arena, returned.refused, "address", "addresses"), words);
    return true;
}
