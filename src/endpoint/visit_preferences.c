/* SPDX-License-Identifier: MIT */
#include "endpoint/visit.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/error.h"
#include "endpoint/endpoint.h"
#include "endpoint/pages.h"
#include "endpoint/request.h"
#include "feed/feed.h"

#include <string.h>

static const struct subscriber_subscription *subscription_find(const struct subscriber *person,
                                                               const char *feed)
{
    const struct subscriber_subscription *subscription = person->subscriptions;
    while (subscription && (!subscription->is_active || strcmp(subscription->feed, feed) != 0))
        subscription = subscription->next;
    return subscription;
}

/* A closed feed is offered to nobody but who has it. */
static bool may_choose(const struct feed *feed, const struct subscriber *person)
{
    return feed && (feed->signup_open || subscription_find(person, feed->id));
}

static json_t *feed_choices(const struct visit_office *desk, const struct subscriber *person,
                            const char *language)
{
    json_t *list = json_array();
    for (const struct feed *feed = desk->settings->feeds; feed; feed = feed->next) {
        if (!may_choose(feed, person))
            continue;
        const struct subscriber_subscription *subscription = subscription_find(person, feed->id);
        enum subscriber_cadence cadence = subscription ? subscription->cadence
                                                       : SUBSCRIBER_IMMEDIATE;
        json_t *item = json_object();
        pages_set(item, "feed_id", feed->id);
        pages_set(item, "feed_title", pages_feed_title(feed, language));
        pages_set_boolean(item, "is_checked", subscription != NULL);
        pages_set_list(item, "cadences",
                       pages_cadences(desk->pages, language, subscriber_cadence_name(cadence)));
        (void)json_array_append_new(list, item);
    }
    return list;
}

static const char *unsubscribe_path(const struct visit_office *desk, struct request *request)
{
    char token[TOKEN_SIZE];
    const struct token leave = { .purpose = TOKEN_UNSUBSCRIBE, .id = request->id };
    token_write(desk->settings->keys, &leave, token);
    return pages_path(request, arena_format(&request->arena, "unsubscribe/%s", token));
}

struct form_state {
    bool is_saved;
    const char *problem; /* key; NULL: none */
};

static void show_form(const struct visit_office *desk, struct request *request,
                      const struct subscriber *person, const struct form_state *state)
{
    const char *language = pages_language_of(desk->pages, request, person->language);
    const char *own = pages_language(desk->pages, person->language);
    json_t *context = pages_context(
        desk->pages, request, language,
        pages_text(desk->pages, &request->arena, language, "page_preferences_title"));
    pages_set_boolean(context, "is_saved", state->is_saved);
    pages_set(context, "problem",
              state->problem ? pages_string(desk->pages, language, state->problem) : NULL);
    pages_set_list(context, "feeds", feed_choices(desk, person, language));
    pages_set_list(context, "choices", pages_language_choices(desk->pages, own ? own : language));
    pages_set(context, "unsubscribe_url", unsubscribe_path(desk, request));
    pages_render(desk->pages, request, state->problem ? 400 : 200, "preferences", context);
}

/* Who follows nothing has no choices, but his data all the same. */
static void show_other(const struct visit_office *desk, struct request *request,
                       const char *language)
{
    struct page_message message = { .name = "stranger", .status = 200 };
    pages_add_button(&message.buttons, pages_string(desk->pages, language, "page_data_ask"),
                     "action", "data");
    pages_add_button(&message.buttons, pages_string(desk->pages, language, "page_erase_ask"),
                     "action", "erase");
    pages_add_link(&message.links, pages_string(desk->pages, language, "follow_by_mail"),
                   pages_path(request, "subscribe"));
    pages_say(desk->pages, request, language, &message);
}

static void mail_link(const struct visit_office *desk, struct request *request,
                      enum subscriber_link link, const char *language)
{
    struct error error;
    bool is_queued = false;
    if (!subscriber_mail_link(&desk->service, request->id, link, &is_queued, &error))
        visit_fail(desk, request, &error);
    else if (is_queued)
        pages_say_only(desk->pages, request, language, "request_sent", 200);
    else
        pages_say_only(desk->pages, request, language, "rationed", 429);
}

/* The feeds ticked, each with the cadence of its own field. */
static bool read_choices(const struct visit_office *desk, struct request *request,
                         const struct subscriber *person,
                         struct subscriber_preferences *preferences)
{
    struct subscriber_choice *choices = arena_allocate_array(
        &request->arena, SUBSCRIBER_FEEDS_MAXIMUM, sizeof *choices);
    preferences->choices = choices;
    for (const struct feed *feed = desk->settings->feeds; feed; feed = feed->next) {
        const struct form_field *field = request->form.first;
        while (field && (strcmp(field->name, "feed") != 0 || strcmp(field->value, feed->id) != 0))
            field = field->next;
        if (!field || !may_choose(feed, person))
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

static void save(const struct visit_office *desk, struct request *request,
                 const struct subscriber *person)
{
    struct error error;
    bool failed = false;
    const char *shown = pages_language_of(desk->pages, request, person->language);
    const char *wanted = pages_language(desk->pages, form_value(&request->form, "language"));
    struct subscriber_preferences preferences = { .language = wanted };
    struct form_state state = { .problem = "page_preferences_none" };
    const char *button = pages_string(desk->pages, shown, "page_preferences_button");
    struct subscriber_proof proof = visit_proof(
        desk, request, visit_wording(desk, request, shown, "preferences", button));
    if (!read_choices(desk, request, person, &preferences)) {
        pages_say_only(desk->pages, request, shown, "malformed", 400);
        return;
    }
    if (preferences.count == 0) {
        show_form(desk, request, person, &state);
        return;
    }
    bool done = subscriber_change(&desk->service, request->id, &preferences, &proof, &error);
    person = done ? subscriber_find_by_id(desk->service.database, &request->arena, request->id,
                                          &failed, &error)
                  : NULL;
    if (!done || failed) {
        visit_fail(desk, request, &error);
        return;
    }
    if (!person) {
        pages_say_unknown(desk->pages, request, shown);
        return;
    }
    state = (struct form_state){ .is_saved = true };
    show_form(desk, request, person, &state);
}

void visit_preferences(const struct visit_office *desk, struct request *request)
{
    struct form_state fresh = { 0 };
    const struct subscriber *person;
    if (!visit_find_person(desk, request, &person))
        return;
    const char *language = pages_language_of(desk->pages, request,
                                             person ? person->language : NULL);
    const char *action = request->is_post ? form_value(&request->form, "action") : NULL;
    if (!person)
        pages_say_unknown(desk->pages, request, language);
    else if (action && strcmp(action, "data") == 0)
        mail_link(desk, request, SUBSCRIBER_LINK_MY_DATA, language);
    else if (action && strcmp(action, "erase") == 0)
        mail_link(desk, request, SUBSCRIBER_LINK_ERASE, language);
    else if (person->state != SUBSCRIBER_CONFIRMED)
        show_other(desk, request, language);
    else if (request->is_post)
        save(desk, request, person);
    else
        show_form(desk, request, person, &fresh);
}
