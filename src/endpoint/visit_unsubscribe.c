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

static const char *preferences_path(const struct visit_office *desk, struct request *request)
{
    char token[TOKEN_SIZE];
    const struct token preferences = { .purpose = TOKEN_PREFERENCES, .id = request->id };
    token_write(desk->settings->keys, &preferences, token);
    return pages_path(request, arena_format(&request->arena, "preferences/%s", token));
}

static void show_button(const struct visit_office *desk, struct request *request,
                        const char *language)
{
    struct page_message message = { .name = "unsubscribe", .status = 200 };
    pages_add_button(&message.buttons,
                     pages_string(desk->pages, language, "page_unsubscribe_button"), "action",
                     "leave");
    pages_add_link(&message.links, pages_string(desk->pages, language, "page_unsubscribe_choose"),
                   preferences_path(desk, request));
    pages_say(desk->pages, request, language, &message);
}

static bool followed(const struct subscriber *person, const char *feed)
{
    const struct subscriber_subscription *subscription = person ? person->subscriptions : NULL;
    while (subscription && strcmp(subscription->feed, feed) != 0)
        subscription = subscription->next;
    return subscription != NULL;
}

/* What there was before; person as it was before leaving, NULL: not known. */
static json_t *kept_feeds(const struct visit_office *desk, const struct subscriber *person,
                          const char *language)
{
    json_t *list = json_array();
    bool is_repeated = !person || !person->subscriptions;
    for (const struct feed *feed = desk->settings->feeds; person && feed; feed = feed->next) {
        if (!feed->signup_open || (!is_repeated && !followed(person, feed->id)))
            continue;
        json_t *item = json_object();
        pages_set(item, "feed_id", feed->id);
        pages_set(item, "feed_title", pages_feed_title(feed, language));
        (void)json_array_append_new(list, item);
    }
    return list;
}

/* name: of the page's title and text. The way back stands on it each time it is looked at. problem:
 * key; NULL: none. */
static void show_outside(const struct visit_office *desk, struct request *request,
                         const struct subscriber *person, const char *language, const char *name,
                         const char *problem)
{
    struct arena *arena = &request->arena;
    const char *title = arena_format(arena, "page_%s_title", name);
    const char *text = arena_format(arena, "page_%s_text", name);
    json_t *context = pages_context(desk->pages, request, language,
                                    pages_text(desk->pages, arena, language, title));
    pages_set(context, "text", pages_text(desk->pages, arena, language, text));
    pages_set(context, "problem", problem ? pages_string(desk->pages, language, problem) : NULL);
    pages_set_list(context, "feeds", kept_feeds(desk, person, language));
    pages_set(context, "preferences_url", preferences_path(desk, request));
    pages_render(desk->pages, request, 200, "unsubscribed", context);
}

static void leave(const struct visit_office *desk, struct request *request,
                  const struct subscriber *person, const char *language)
{
    struct error error;
    bool known = false;
    const char *button = pages_string(desk->pages, language, "page_unsubscribe_button");
    struct subscriber_proof proof = visit_proof(
        desk, request, visit_wording(desk, request, language, "unsubscribe", button));
    if (!subscriber_leave(&desk->service, request->id, &proof, &known, &error))
        visit_fail(desk, request, &error);
    else
        show_outside(desk, request, person, language, "unsubscribed", NULL);
}

static bool is_mailed(const struct subscriber *person)
{
    return person && (person->state == SUBSCRIBER_CONFIRMED || person->state == SUBSCRIBER_PENDING);
}

/* What a person sees who looks at the link and presses nothing. */
static void show_standing(const struct visit_office *desk, struct request *request,
                          const struct subscriber *person, const char *language,
                          const char *problem)
{
    if (is_mailed(person))
        show_button(desk, request, language);
    else if (person)
        show_outside(desk, request, person, language, "left", problem);
    else
        pages_say_only(desk->pages, request, language, "left", 200);
}

/* To have back the feeds that were ticked: a request of the person's own, with its mail. Without
 * any nothing comes back. */
static void ask_back(const struct visit_office *desk, struct request *request,
                     const struct subscriber *person, const char *language)
{
    const char **feeds = arena_allocate_array(&request->arena, SUBSCRIBER_FEEDS_MAXIMUM,
                                              sizeof *feeds);
    struct subscriber_wish wish = { .address = person->address,
                                    .feeds = feeds,
                                    .language = person->language };
    for (const struct form_field *field = request->form.first; field; field = field->next)
        if (strcmp(field->name, "feed") == 0 && wish.feed_count < SUBSCRIBER_FEEDS_MAXIMUM)
            feeds[wish.feed_count++] = field->value;
    if (wish.feed_count == 0) {
        show_standing(desk, request, person, language, "page_unsubscribed_none");
        return;
    }
    /* What stands around the button, whatever the page above it says. */
    wish.proof = visit_proof(
        desk, request,
        arena_format(&request->arena, "%s %s [%s]",
                     pages_string(desk->pages, language, "unsubscribed_keep"),
                     pages_string(desk->pages, language, "unsubscribed_hint"),
                     pages_string(desk->pages, language, "page_unsubscribed_button")));
    visit_ask_again(desk, request, &wish);
}

void visit_unsubscribe(const struct visit_office *desk, struct request *request)
{
    const struct subscriber *person;
    if (!visit_find_person(desk, request, &person))
        return;
    const char *language = pages_language_of(desk->pages, request,
                                             person ? person->language : NULL);
    const char *action = form_value(&request->form, "action");
    /* Also where the button is pressed twice: it never means to leave. */
    if (request->is_post && action && strcmp(action, "back") == 0 && person)
        ask_back(desk, request, person, language);
    else if (request->is_post)
        leave(desk, request, person, language);
    else
        show_standing(desk, request, person, language, NULL);
}
