/* SPDX-License-Identifier: MIT */
#include "endpoint/request_handler.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "endpoint/endpoint.h"
#include "endpoint/pages.h"
#include "endpoint/request.h"
#include "endpoint/request_service.h"
#include "feed/feed.h"

#include <string.h>

/* "Title – as it happens", one a feed. */
static json_t *feed_items(const struct request_service *service, struct request *request,
                          const struct subscriber_request *wanted, const char *language)
{
    struct arena *arena = &request->arena;
    json_t *items = json_array();
    char *rest = NULL;
    const char *cadence = pages_string(
        service->pages, language,
        arena_format(arena, "cadence_%s", subscriber_cadence_name(wanted->cadence)));
    for (char *id = strtok_r(arena_copy(arena, wanted->feeds), " ", &rest); id;
         id = strtok_r(NULL, " ", &rest)) {
        const struct feed *feed = feed_find(service->settings->feeds, id);
        const char *title = feed ? pages_feed_title(feed, language) : id;
        (void)json_array_append_new(items,
                                    json_string(arena_format(arena, "%s – %s", title, cadence)));
    }
    return items;
}

static void show_confirmed(const struct request_service *service, struct request *request,
                           int64_t subscriber, const char *language)
{
    char token[TOKEN_SIZE];
    struct page_message message = { .name = "confirmed", .status = 200 };
    const struct token preferences = { .purpose = TOKEN_PREFERENCES, .row_id = subscriber };
    token_write(service->settings->keys, &preferences, token);
    pages_add_link(&message.links, pages_string(service->pages, language, "mail_preferences"),
                   pages_path(request, arena_format(&request->arena, "preferences/%s", token)));
    pages_show_message(service->pages, request, language, &message);
}

/* wanted NULL: erased since. */
static void show_expired(const struct request_service *service, struct request *request,
                         const struct subscriber_request *wanted, const char *language)
{
    struct page_message message = { .name = "expired", .status = 410 };
    if (wanted)
        pages_add_button(&message.buttons,
                         pages_string(service->pages, language, "page_expired_button"), "action",
                         "again");
    else
        pages_add_link(&message.links, pages_string(service->pages, language, "follow_by_mail"),
                       pages_path(request, "subscribe"));
    pages_show_message(service->pages, request, language, &message);
}

static bool is_dead(const struct request_service *service, const struct subscriber_request *wanted)
{
    return !wanted || wanted->is_void ||
           (!wanted->used_at && wanted->expires_at <= clock_now(service->subscriber.clock));
}

static void show_button(const struct request_service *service, struct request *request,
                        const struct subscriber_request *wanted, const char *language)
{
    struct page_message message = { .name = "confirm", .status = 200 };
    message.items = feed_items(service, request, wanted, language);
    pages_add_button(&message.buttons, pages_string(service->pages, language, "confirm_button"),
                     "action", "confirm");
    pages_show_message(service->pages, request, language, &message);
}

static void ask_again(const struct request_service *service, struct request *request,
                      const struct subscriber_request *wanted, const char *language)
{
    const char **feeds = arena_allocate_array(&request->arena, SUBSCRIBER_FEEDS_MAXIMUM,
                                              sizeof *feeds);
    char *rest = NULL;
    struct subscription_request subscription_request = { .address = wanted->address,
                                                         .feeds = feeds,
                                                         .cadence = wanted->cadence,
                                                         .language = wanted->language };
    for (char *id = strtok_r(arena_copy(&request->arena, wanted->feeds), " ", &rest);
         id && subscription_request.feed_count < SUBSCRIBER_FEEDS_MAXIMUM;
         id = strtok_r(NULL, " ", &rest)) {
        const struct feed *feed = feed_find(service->settings->feeds, id);
        if (feed && feed->signup_open)
            feeds[subscription_request.feed_count++] = id;
    }
    /* All feeds that were asked for are closed; others are not offered in their place, because
     * nobody asked for them. */
    if (subscription_request.feed_count == 0) {
        show_expired(service, request, NULL, language);
        return;
    }
    const char *button = pages_string(service->pages, language, "page_expired_button");
    subscription_request.proof = request_proof(
        service, request, request_wording(service, request, language, "expired", button));
    request_ask_again(service, request, &subscription_request);
}

static void confirm(const struct request_service *service, struct request *request,
                    const struct subscriber_request *wanted, const char *language)
{
    struct error error;
    enum subscriber_token_result result = SUBSCRIBER_TOKEN_NOT_OURS;
    const char *button = pages_string(service->pages, language, "confirm_button");
    struct subscriber_proof proof = request_proof(
        service, request, request_wording(service, request, language, "confirm", button));
    if (!subscriber_confirm(&service->subscriber, request->token, &proof, &result, NULL, &error))
        request_fail(service, request, &error);
    else if (result == SUBSCRIBER_TOKEN_WORKED && wanted)
        show_confirmed(service, request, wanted->subscriber, language);
    else
        show_expired(service, request, wanted, language);
}

void request_handle_confirm(const struct request_service *service, struct request *request)
{
    struct error error;
    struct subscriber_request *wanted = NULL;
    if (!subscriber_request_find(&service->subscriber, &request->arena, request->row_id, &wanted,
                                 &error)) {
        request_fail(service, request, &error);
        return;
    }
    const char *language = pages_language_of(service->pages, request,
                                             wanted ? wanted->language : NULL);
    const char *action = form_value(&request->form, "action");
    if (request->is_post && action && strcmp(action, "again") == 0 && wanted &&
        is_dead(service, wanted))
        ask_again(service, request, wanted, language);
    else if (request->is_post)
        confirm(service, request, wanted, language);
    else if (is_dead(service, wanted))
        show_expired(service, request, wanted, language);
    else if (wanted->used_at)
        show_confirmed(service, request, wanted->subscriber, language);
    else
        show_button(service, request, wanted, language);
}
