/* SPDX-License-Identifier: MIT */
#include "endpoint/request_handler.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/error.h"
#include "endpoint/endpoint.h"
#include "endpoint/pages.h"
#include "endpoint/request.h"
#include "endpoint/request_service.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "template/json_value.h"

#include <string.h>

static const struct subscriber_subscription *subscription_find(const struct subscriber *subscriber,
                                                               const char *feed)
{
    const struct subscriber_subscription *subscription = subscriber->subscriptions;
    while (subscription && (!subscription->is_active || strcmp(subscription->feed, feed) != 0))
        subscription = subscription->next;
    return subscription;
}

/* A closed feed is offered only to those who follow it. */
static bool may_choose(const struct feed *feed, const struct subscriber *subscriber)
{
    return feed && (feed->signup_open || subscription_find(subscriber, feed->id));
}

static json_t *feed_choices(const struct request_service *service,
                            const struct subscriber *subscriber, const char *language)
{
    json_t *list = json_array();
    for (const struct feed *feed = service->settings->feeds; feed; feed = feed->next) {
        if (!may_choose(feed, subscriber))
            continue;
        const struct subscriber_subscription *subscription = subscription_find(subscriber,
                                                                               feed->id);
        enum subscriber_cadence cadence = subscription ? subscription->cadence
                                                       : SUBSCRIBER_IMMEDIATE;
        json_t *item = json_object();
        json_set_text(item, "feed_id", feed->id);
        json_set_text(item, "feed_title", pages_feed_title(feed, language));
        json_set_boolean(item, "is_checked", subscription != NULL);
        json_set_list(item, "cadences",
                      pages_cadences(service->pages, language, subscriber_cadence_name(cadence)));
        (void)json_array_append_new(list, item);
    }
    return list;
}

static const char *unsubscribe_path(const struct request_service *service, struct request *request)
{
    char token[TOKEN_SIZE];
    const struct token leave = { .purpose = TOKEN_UNSUBSCRIBE, .row_id = request->row_id };
    token_write(service->settings->keys, &leave, token);
    return pages_path(request, arena_format(&request->arena, "unsubscribe/%s", token));
}

struct form_state {
    bool is_saved;
    const char *problem; /* key; NULL: none */
};

/* The languages that are offered, and before them the person's own where it is none of them (by a
 * mail, by a list, of earlier): what is saved unchanged changes nothing. */
static json_t *language_choices(const struct request_service *service, struct request *request,
                                const struct subscriber *subscriber)
{
    const char *own = pages_language(service->pages, subscriber->language);
    json_t *choices = pages_language_choices(service->pages, own ? own : "");
    if (own)
        return choices;
    json_t *item = json_object();
    json_set_text(item, "choice_code", subscriber->language);
    json_set_text(item, "choice_name",
                  language_name(&request->arena, subscriber->language, subscriber->language));
    json_set_boolean(item, "is_selected", true);
    (void)json_array_insert_new(choices, 0, item);
    return choices;
}

static void show_form(const struct request_service *service, struct request *request,
                      const struct subscriber *subscriber, const struct form_state *state)
{
    const char *language = pages_language_of(service->pages, request, subscriber->language);
    json_t *context = pages_context(
        service->pages, request, language,
        pages_text(service->pages, &request->arena, language, "page_preferences_title"));
    json_set_boolean(context, "is_saved", state->is_saved);
    json_set_text(context, "problem",
                  state->problem ? pages_string(service->pages, language, state->problem) : NULL);
    json_set_list(context, "feeds", feed_choices(service, subscriber, language));
    json_set_list(context, "choices", language_choices(service, request, subscriber));
    json_set_text(context, "unsubscribe_url", unsubscribe_path(service, request));
    pages_render(service->pages, request, state->problem ? 400 : 200, "preferences", context);
}

/* Subscribers who follow nothing have no choices to make, but may still ask for their data. */
static void show_other(const struct request_service *service, struct request *request,
                       const char *language)
{
    struct page_message message = { .name = "stranger", .status = 200 };
    pages_add_button(&message.buttons, pages_string(service->pages, language, "page_data_ask"),
                     "action", "data");
    pages_add_button(&message.buttons, pages_string(service->pages, language, "page_erase_ask"),
                     "action", "erase");
    pages_add_link(&message.links, pages_string(service->pages, language, "follow_by_mail"),
                   pages_path(request, "subscribe"));
    pages_show_message(service->pages, request, language, &message);
}

static void mail_link(const struct request_service *service, struct request *request,
                      enum subscriber_link link, const char *language)
{
    struct error error;
    bool is_queued = false;
    if (!subscriber_mail_link(&service->subscriber, request->row_id, link, &is_queued, &error))
        request_fail(service, request, &error);
    else if (is_queued)
        pages_show_named(service->pages, request, language, "request_sent", 200);
    else
        pages_show_named(service->pages, request, language, "rationed", 429);
}

/* The feeds ticked, each with the cadence of its own field. */
static bool read_choices(const struct request_service *service, struct request *request,
                         const struct subscriber *subscriber,
                         struct subscriber_preferences *preferences)
{
    struct subscriber_choice *choices = arena_allocate_array(
        &request->arena, SUBSCRIBER_FEEDS_MAXIMUM, sizeof *choices);
    preferences->choices = choices;
    for (const struct feed *feed = service->settings->feeds; feed; feed = feed->next) {
        const struct form_field *field = request->form.first;
        while (field && (strcmp(field->name, "feed") != 0 || strcmp(field->value, feed->id) != 0))
            field = field->next;
        if (!field || !may_choose(feed, subscriber))
            continue;
        if (preferences->count == SUBSCRIBER_FEEDS_MAXIMUM)
            return false;
        struct subscriber_choice *choice = &choices[preferences->count++];
        const char *cadence = form_value(&request->form,
                                         arena_format(&request->arena, "cadence-%s", feed->id));
        choice->feed = feed->id;
        if (cadence && !subscriber_cadence_parse(cadence, &choice->cadence))
            return false;
    }
    return true;
}

static void save(const struct request_service *service, struct request *request,
                 const struct subscriber *subscriber)
{
    struct error error;
    bool failed = false;
    const char *shown = pages_language_of(service->pages, request, subscriber->language);
    const char *wanted = pages_language(service->pages, form_value(&request->form, "language"));
    struct subscriber_preferences preferences = { .language = wanted };
    struct form_state state = { .problem = "page_preferences_none" };
    const char *button = pages_string(service->pages, shown, "page_preferences_button");
    struct subscriber_proof proof = request_proof(
        service, request, request_wording(service, request, shown, "preferences", button));
    if (!read_choices(service, request, subscriber, &preferences)) {
        pages_show_named(service->pages, request, shown, "malformed", 400);
        return;
    }
    if (preferences.count == 0) {
        show_form(service, request, subscriber, &state);
        return;
    }
    bool done = subscriber_change(&service->subscriber, request->row_id, &preferences, &proof,
                                  &error);
    subscriber = done ? subscriber_find_by_row_id(service->subscriber.database, &request->arena,
                                                  request->row_id, &failed, &error)
                      : NULL;
    if (!done || failed) {
        request_fail(service, request, &error);
        return;
    }
    if (!subscriber) {
        pages_show_unknown(service->pages, request, shown);
        return;
    }
    state = (struct form_state){ .is_saved = true };
    show_form(service, request, subscriber, &state);
}

void request_handle_preferences(const struct request_service *service, struct request *request)
{
    struct form_state fresh = { 0 };
    const struct subscriber *subscriber;
    if (!request_find_subscriber(service, request, &subscriber))
        return;
    const char *language = pages_language_of(service->pages, request,
                                             subscriber ? subscriber->language : NULL);
    const char *action = request->is_post ? form_value(&request->form, "action") : NULL;
    if (!subscriber)
        pages_show_unknown(service->pages, request, language);
    else if (action && strcmp(action, "data") == 0)
        mail_link(service, request, SUBSCRIBER_LINK_MY_DATA, language);
    else if (action && strcmp(action, "erase") == 0)
        mail_link(service, request, SUBSCRIBER_LINK_ERASE, language);
    else if (subscriber->state != SUBSCRIBER_CONFIRMED)
        show_other(service, request, language);
    else if (request->is_post)
        save(service, request, subscriber);
    else
        show_form(service, request, subscriber, &fresh);
}
