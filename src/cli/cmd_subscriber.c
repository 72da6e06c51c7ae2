/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/report.h"
#include "cli/report_standing.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/error.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "database/database.h"
#include "endpoint/endpoint.h"
#include "locale/locale.h"
#include "subscriber/standing.h"
#include "subscriber/subscriber.h"

#include <jansson.h>
#include <string.h>

static json_t *subscriber_object(struct command_context *context,
                                 const struct subscriber *subscriber)
{
    json_t *array = json_array();
    for (const struct subscriber_subscription *item = subscriber->subscriptions; item;
         item = item->next)
        (void)json_array_append_new(array,
                                    json_pack("{s:s, s:s, s:s, s:o}", "feed", item->feed, "cadence",
                                              subscriber_cadence_name(item->cadence), "state",
                                              item->is_active ? "active" : "pending", "since",
                                              report_instant(context, item->since_at)));
    return json_pack("{s:s, s:s, s:s, s:o}", "address", subscriber->address, "state",
                     subscriber_state_name(subscriber->state), "language", subscriber->language,
                     "subscriptions", array);
}

static const char *feed_words(struct arena *arena, const struct subscriber *subscriber)
{
    const char *words = "";
    for (const struct subscriber_subscription *item = subscriber->subscriptions; item;
         item = item->next)
        words = arena_format(arena, "%s%s%s%s", words, *words ? " " : "", item->feed,
                             item->is_active ? "" : " (pending)");
    return words;
}

struct listing {
    struct command_context *context;
    json_t *array;
    struct table table;
};

static void list_subscriber(struct listing *listing, const struct subscriber *subscriber)
{
    struct table *table = &listing->table;
    if (listing->array) {
        (void)json_array_append_new(listing->array,
                                    subscriber_object(listing->context, subscriber));
        return;
    }
    table_add_row(table);
    table_set(table, 0, subscriber->address);
    table_set(table, 1, subscriber_state_name(subscriber->state));
    table_set(table, 2, subscriber->language);
    table_set(table, 3, context_time(listing->context, subscriber->changed_at));
    table_set(table, 4, feed_words(listing->context->arena, subscriber));
}

int cmd_subscriber_list(struct command_context *context)
{
    static const char *const headings[] = {
        "address", "state", "language", "since", "feeds", NULL
    };
    enum subscriber_state state = SUBSCRIBER_NONE;
    struct error error;
    int code;
    const char *wanted = arguments_value(context->arguments, "state");
    if (wanted && !subscriber_state_parse(wanted, &state)) {
        (void)error_set(&error, ERROR_USAGE,
                        "--state %s: no such state" ERROR_ADVICE
                        "write pending, confirmed, unsubscribed, bounced, complained or expired",
                        wanted);
        return context_fail(context, &error);
    }
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    struct listing listing = { .context = context, .array = context->json ? json_array() : NULL };
    table_init(&listing.table, context->arena, headings);
    struct subscriber_cursor cursor;
    const struct subscriber *subscriber;
    subscriber_cursor_open(&cursor, context->database, state);
    while (subscriber_cursor_next(&cursor, &subscriber, &error))
        list_subscriber(&listing, subscriber);
    if (!subscriber_cursor_close(&cursor)) {
        json_decref(listing.array);
        return context_fail(context, &error);
    }
    if (context->json)
        context_print_json(json_pack("{s:o}", "subscribers", listing.array));
    else if (table_is_empty(&listing.table))
        terminal_print("No subscribers.\n");
    else
        table_print(&listing.table);
    return EXIT_WELL;
}

/* The subscriber that the first word names; NULL: logged. */
static struct subscriber *find_subscriber(struct command_context *context, int *code)
{
    struct error error;
    bool failed = false;
    const char *address = context->arguments->words[0];
    struct subscriber *subscriber = subscriber_find(context->database, context->arena, address,
                                                    &failed, &error);
    if (failed)
        (void)error_prefix(&error, "%s", address);
    else if (!subscriber)
        (void)error_set(&error, ERROR_INPUT,
                        "%s: not known" ERROR_ADVICE "`pressroom subscriber list` lists them",
                        address);
    if (!subscriber)
        *code = context_fail(context, &error);
    return subscriber;
}

static void show_feeds(struct command_context *context, const struct subscriber *subscriber)
{
    static const char *const headings[] = { "feed", "cadence", "state", "since", NULL };
    struct table table;
    table_init(&table, context->arena, headings);
    for (const struct subscriber_subscription *item = subscriber->subscriptions; item;
         item = item->next) {
        table_add_row(&table);
        table_set(&table, 0, item->feed);
        table_set(&table, 1, subscriber_cadence_name(item->cadence));
        table_set(&table, 2, item->is_active ? "active" : "pending");
        table_set(&table, 3, context_time(context, item->since_at));
    }
    if (!table_is_empty(&table))
        terminal_print("\n");
    table_print(&table);
}

static void show_line(const char *name, const char *text)
{
    if (!text || !*text)
        return;
    terminal_print("    %-9s ", name);
    for (size_t length = 0; *text; text += length) {
        length = strcspn(text, "\n");
        terminal_print("%.*s", (int)length, text);
        length += text[length] == '\n';
        if (text[length])
            terminal_print("\n    %-9s ", "");
    }
    terminal_print("\n");
}

/* Prints a paragraph for each event instead of a row, because wordings are long. */
static void show_events(struct command_context *context, const struct subscriber *subscriber)
{
    for (const struct subscriber_event_row *event = subscriber->events; event;
         event = event->next) {
        terminal_print("\n%s  %s, by %s\n", context_time(context, event->at),
                       subscriber_event_name(event->event), subscriber_way_name(event->proof.way));
        show_line("feeds:", event->feeds);
        show_line("cadence:", event->cadence);
        show_line("language:", event->language);
        show_line("consent:", context_time(context, event->consent_at));
        show_line("wording:", event->proof.wording);
        show_line("version:", event->proof.wording_version);
        show_line("evidence:", event->proof.evidence);
        show_line("network:", event->proof.network);
    }
}

static bool show_as_text(struct command_context *context, const struct subscriber *subscriber,
                         struct error *error)
{
    struct standing standing;
    if (!standing_find(context->database, context->arena, subscriber->row_id,
                       clock_now(&context->clock), &standing, error))
        return false;
    terminal_print("Address:  %s\nState:    %s, since %s\nLanguage: %s\n", subscriber->address,
                   subscriber_state_name(subscriber->state),
                   context_time(context, subscriber->changed_at), subscriber->language);
    if (subscriber->state == SUBSCRIBER_CONFIRMED)
        report_standing_print(context, &standing);
    show_feeds(context, subscriber);
    show_events(context, subscriber);
    report_standing_print_returns(context, &standing);
    return true;
}

int cmd_subscriber_show(struct command_context *context)
{
    int code;
    struct error error;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    const struct subscriber *subscriber = find_subscriber(context, &code);
    if (!subscriber)
        return code;
    if (!context->json)
        return show_as_text(context, subscriber, &error) ? EXIT_WELL
                                                         : context_fail(context, &error);
    const struct zone *zone = locale_context_zone(context->config->publish.locale);
    json_t *document = subscriber_document(context->database, context->arena, zone,
                                           clock_now(&context->clock), subscriber, &error);
    if (!document)
        return context_fail(context, &error);
    context_print_json(document);
    return EXIT_WELL;
}

/* The subscription request that the options of `subscriber add` describe. */
static bool read_subscription_request(struct command_context *context,
                                      struct subscription_request *subscription_request,
                                      struct error *error)
{
    const struct arguments *arguments = context->arguments;
    const struct argument_option *position = NULL;
    const char **feeds = arena_allocate_array(context->arena, SUBSCRIBER_FEEDS_MAXIMUM,
                                              sizeof *feeds);
    const char *feed;
    while ((feed = arguments_next_value(arguments, "feed", &position))) {
        if (subscription_request->feed_count == SUBSCRIBER_FEEDS_MAXIMUM)
            return error_set(error, ERROR_USAGE, "--feed: more than %d at once",
                             SUBSCRIBER_FEEDS_MAXIMUM);
        feeds[subscription_request->feed_count++] = feed;
    }
    subscription_request->feeds = feeds;
    subscription_request->address = arguments->words[0];
    subscription_request->language = arguments_value(arguments, "language");
    subscription_request->proof.way = SUBSCRIBER_BY_CLI;
    subscription_request->proof.evidence = arguments_value(arguments, "evidence");
    const char *cadence = arguments_value(arguments, "cadence");
    if (cadence && !subscriber_cadence_parse(cadence, &subscription_request->cadence))
        return error_set(error, ERROR_USAGE,
                         "--cadence %s: not known" ERROR_ADVICE "write immediate, daily or weekly",
                         cadence);
    if (arguments_have(arguments, "confirmed") && !subscription_request->proof.evidence)
        return error_set(error, ERROR_USAGE,
                         "--confirmed: needs --evidence TEXT: where and when the person said yes");
    if (subscription_request->proof.evidence && !arguments_have(arguments, "confirmed"))
        return error_set(error, ERROR_USAGE, "--evidence: goes with --confirmed");
    return true;
}

static void report_outcome(const struct command_context *context, const char *address,
                           enum subscriber_answer answer)
{
    static const char *const words[] = {
        [SUBSCRIBER_ASKS_CONFIRMATION] =
            "asked to confirm; the mail leaves with the next `pressroom deliver`",
        [SUBSCRIBER_ALREADY_FOLLOWS] = "follows all of this already; nothing changed",
        [SUBSCRIBER_RATE_LIMITED] = "was sent many such mails lately; try again later",
        [SUBSCRIBER_IS_CONFIRMED] = "confirmed",
    };
    static const char *const names[] = {
        [SUBSCRIBER_ASKS_CONFIRMATION] = "asked",
        [SUBSCRIBER_ALREADY_FOLLOWS] = "already",
        [SUBSCRIBER_RATE_LIMITED] = "rationed", /* as --json and the page are called: it stays */
        [SUBSCRIBER_IS_CONFIRMED] = "confirmed",
    };
    if (context->json)
        context_print_json(json_pack("{s:s, s:s}", "address", address, "answer", names[answer]));
    else if (!context->quiet)
        terminal_print("%s: %s\n", address, words[answer]);
}

int cmd_subscriber_add(struct command_context *context)
{
    struct subscription_request subscription_request = { 0 };
    struct subscriber_service service;
    struct subscriber_outcome outcome;
    struct error error;
    int code;
    if (!read_subscription_request(context, &subscription_request, &error))
        return context_fail(context, &error);
    if (!context_open_subscriber_service(context, CONTEXT_WRITE, &service, &code))
        return code;
    bool done = arguments_have(context->arguments, "confirmed")
                    ? subscriber_grant(&service, &subscription_request, clock_now(&context->clock),
                                       &outcome, &error)
                    : subscriber_subscribe(&service, &subscription_request, &outcome, &error);
    if (!done) {
        (void)error_prefix(&error, "%s", subscription_request.address);
        return context_fail(context, &error);
    }
    report_outcome(context, subscription_request.address, outcome.answer);
    return outcome.answer == SUBSCRIBER_RATE_LIMITED ? EXIT_REFUSED : EXIT_WELL;
}

int cmd_subscriber_unsubscribe(struct command_context *context)
{
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_CLI };
    struct subscriber_service service;
    struct error error;
    int code;
    bool known;
    if (!context_open_subscriber_service(context, CONTEXT_WRITE, &service, &code))
        return code;
    struct subscriber *subscriber = find_subscriber(context, &code);
    if (!subscriber)
        return code;
    if (!subscriber_unsubscribe(&service, subscriber->row_id, &proof, &known, &error))
        return context_fail(context, &error);
    if (context->json)
        context_print_json(
            json_pack("{s:s, s:s}", "address", subscriber->address, "state", "unsubscribed"));
    else if (!context->quiet)
        terminal_print("%s: will not be mailed any more\n", subscriber->address);
    return EXIT_WELL;
}
