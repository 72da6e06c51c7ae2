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
#include "template/json_value.h"

#include <string.h>

static const char *preferences_path(const struct request_service *service, struct request *request)
{
    char token[TOKEN_SIZE];
    const struct token preferences = { .purpose = TOKEN_PREFERENCES, .row_id = request->row_id };
    token_write(service->settings->keys, &preferences, token);
    return pages_path(request, arena_format(&request->arena, "preferences/%s", token));
}

static void show_button(const struct request_service *service, struct request *request,
                        const char *language)
{
    struct page_message message = { .name = "unsubscribe", .status = 200 };
    pages_add_button(&message.buttons,
                     pages_string(service->pages, language, "page_unsubscribe_button"), "action",
                     "leave");
    pages_add_link(&message.links,
                   pages_string(service->pages, language, "page_unsubscribe_choose"),
                   preferences_path(service, request));
    pages_show_message(service->pages, request, language, &message);
}

static bool followed(const struct subscriber *subscriber, const char *feed)
{
    const struct subscriber_subscription *subscription = subscriber ? subscriber->subscriptions
                                                                    : NULL;
    while (subscription && strcmp(subscription->feed, feed) != 0)
        subscription = subscription->next;
    return subscription != NULL;
}

/* The feeds that are offered to be kept; subscriber as it was before unsubscribing, NULL: not
 * known. */
static json_t *kept_feeds(const struct request_service *service,
                          const struct subscriber *subscriber, const char *language)
{
    json_t *list = json_array();
    bool is_repeated = !subscriber || !subscriber->subscriptions;
    for (const struct feed *feed = service->settings->feeds; subscriber && feed;
         feed = feed->next) {
        if (!feed->signup_open || (!is_repeated && !followed(subscriber, feed->id)))
            continue;
        json_t *item = json_object();
        json_set_text(item, "feed_id", feed->id);
        json_set_text(item, "feed_title", pages_feed_title(feed, language));
        (void)json_array_append_new(list, item);
    }
    return list;
}

/* name: of the page's title and text. The page always offers the way back, because the form may be
 * loaded again. problem: key; NULL: none. */
static void show_outside(const struct request_service *service, struct request *request,
                         const struct subscriber *subscriber, const char *language,
                         const char *name, const char *problem)
{
    struct arena *arena = &request->arena;
    const char *title = arena_format(arena, "page_%s_title", name);
    const char *text = arena_format(arena, "page_%s_text", name);
    json_t *context = pages_context(service->pages, request, language,
                                    pages_text(service->pages, arena, language, title));
    json_set_text(context, "text", pages_text(service->pages, arena, language, text));
    json_set_text(context, "problem",
                  problem ? pages_string(service->pages, language, problem) : NULL);
    json_set_list(context, "feeds", kept_feeds(service, subscriber, language));
    json_set_text(context, "preferences_url", preferences_path(service, request));
    pages_render(service->pages, request, 200, "unsubscribed", context);
}

static void leave(const struct request_service *service, struct request *request,
                  const struct subscriber *subscriber, const char *language)
{
    struct error error;
    bool known = false;
    const char *button = pages_string(service->pages, language, "page_unsubscribe_button");
    struct subscriber_proof proof = request_proof(
        service, request, request_wording(service, request, language, "unsubscribe", button));
    if (!subscriber_unsubscribe(&service->subscriber, request->row_id, &proof, &known, &error))
        request_fail(service, request, &error);
    else
        show_outside(service, request, subscriber, language, "unsubscribed", NULL);
}

/* The page for a GET, which changes nothing: mail programs and scanners follow links by themselves.
 */
static void show_standing(const struct request_service *service, struct request *request,
                          const struct subscriber *subscriber, const char *language,
                          const char *problem)
{
    bool is_mailed = subscriber && (subscriber->state == SUBSCRIBER_CONFIRMED ||
                                    subscriber->state == SUBSCRIBER_PENDING);
    if (is_mailed)
        show_button(service, request, language);
    else if (subscriber)
        show_outside(service, request, subscriber, language, "left", problem);
    else
        pages_show_named(service->pages, request, language, "left", 200);
}

/* Subscribes again to the ticked feeds: a new request with its own confirmation mail. With no feed
 * ticked nothing is asked for. */
static void ask_back(const struct request_service *service, struct request *request,
                     const struct subscriber *subscriber, const char *language)
{
    const char **feeds = arena_allocate_array(&request->arena, SUBSCRIBER_FEEDS_MAXIMUM,
                                              sizeof *feeds);
    struct subscription_request subscription_request = { .address = subscriber->address,
                                                         .feeds = feeds,
                                                         .language = subscriber->language };
    for (const struct form_field *field = request->form.first; field; field = field->next)
        if (strcmp(field->name, "feed") == 0 &&
            subscription_request.feed_count < SUBSCRIBER_FEEDS_MAXIMUM)
            feeds[subscription_request.feed_count++] = field->value;
    if (subscription_request.feed_count == 0) {
        show_standing(service, request, subscriber, language, "page_unsubscribed_none");
        return;
    }
    /* The wording kept as proof is what stands around the button, because the page's title varies.
     */
    subscription_request.proof = request_proof(
        service, request,
        arena_format(&request->arena, "%s %s [%s]",
                     pages_string(service->pages, language, "unsubscribed_keep"),
                     pages_string(service->pages, language, "unsubscribed_hint"),
                     pages_string(service->pages, language, "page_unsubscribed_button")));
    request_ask_again(service, request, &subscription_request);
}

void request_handle_unsubscribe(const struct request_service *service, struct request *request)
{
    const struct subscriber *subscriber;
    if (!request_find_subscriber(service, request, &subscriber))
        return;
    const char *language = pages_language_of(service->pages, request,
                                             subscriber ? subscriber->language : NULL);
    const char *action = form_value(&request->form, "action");
    /* Checked before the state, because pressing this button a second time must not unsubscribe. */
    if (request->is_post && action && strcmp(action, "back") == 0 && subscriber)
        ask_back(service, request, subscriber, language);
    else if (request->is_post)
        leave(service, request, subscriber, language);
    else
        show_standing(service, request, subscriber, language, NULL);
}
