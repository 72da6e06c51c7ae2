/* SPDX-License-Identifier: MIT */
#include "endpoint/pages.h"

#include "address/address.h"
#include "base/arena.h"
#include "endpoint/endpoint.h"
#include "endpoint/request.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "template/json_value.h"

#include <string.h>

const char *pages_consent(const struct pages *pages, struct arena *arena, const char *language)
{
    return pages_text(pages, arena, language, "page_subscribe_consent");
}

/* Whether the form that came back, or the address, names this feed. */
static bool is_named(const struct request *request, const char *feed)
{
    for (const struct form_field *field = request->form.first; field; field = field->next)
        if (strcmp(field->name, "feed") == 0 && strcmp(field->value, feed) == 0)
            return true;
    for (const struct form_field *field = request->query.first; field; field = field->next)
        if (strcmp(field->name, "feed") == 0 && strcmp(field->value, feed) == 0)
            return true;
    return false;
}

static json_t *open_feeds(const struct pages *pages, const struct request *request,
                          const char *language)
{
    json_t *list = json_array();
    for (const struct feed *feed = pages_settings(pages)->feeds; feed; feed = feed->next) {
        if (!feed->signup_open)
            continue;
        json_t *item = json_object();
        json_set_text(item, "feed_id", feed->id);
        json_set_text(item, "feed_title", pages_feed_title(feed, language));
        json_set_boolean(item, "is_checked", is_named(request, feed->id));
        (void)json_array_append_new(list, item);
    }
    return list;
}

static void set_address(const struct pages *pages, struct request *request, json_t *context)
{
    const char *address = pages_settings(pages)->signup_address;
    json_set_text(context, "signup_address", address);
    json_set_boolean(context, "signup_by_machine", pages_settings(pages)->signup_by_machine);
    json_set_text(context, "signup_mailto",
                  address ? arena_format(&request->arena, "mailto:%s", address) : NULL);
}

/* What was sent, as the person meant to send it; NULL: nothing. */
static const char *typed_address(struct request *request)
{
    const char *typed = request_value(request, "email");
    size_t length = typed ? strlen(typed) : 0;
    address_trim(&typed, &length);
    return typed ? arena_copy_bytes(&request->arena, typed, length) : NULL;
}

/* The question that stands above the form. button: key of the words on the form's own. */
static void set_suggestion(const struct pages *pages, struct request *request, json_t *context,
                           const char *language, const char *button)
{
    struct arena *arena = &request->arena;
    json_set_text(context, "slip", request->suggestion);
    if (!request->suggestion)
        return;
    json_set_text(context, "slip_question",
                  strings_format(arena, pages_string(pages, language, "page_slip_question"),
                                 "address", request->suggestion, NULL));
    json_set_text(context, "slip_button",
                  strings_format(arena, pages_string(pages, language, "page_slip_button"),
                                 "address", request->suggestion, NULL));
    json_set_text(context, "slip_keep",
                  strings_format(arena, pages_string(pages, language, "page_slip_keep"), "address",
                                 typed_address(request), "button",
                                 pages_string(pages, language, button), NULL));
}

void pages_subscribe(const struct pages *pages, struct request *request, const char *problem)
{
    const char *language = pages_language_of(pages, request, NULL);
    json_t *feeds = open_feeds(pages, request, language);
    const char *cadence = request_value(request, "cadence");
    if (json_array_size(feeds) == 0) {
        json_decref(feeds);
        pages_show_named(pages, request, language, "closed", 200);
        return;
    }
    json_t *context = pages_context(
        pages, request, language,
        pages_text(pages, &request->arena, language, "page_subscribe_title"));
    json_set_boolean(context, "is_one_feed", json_array_size(feeds) == 1);
    json_set_list(context, "feeds", feeds);
    json_set_list(context, "cadences",
                  pages_cadences(pages, language, cadence ? cadence : "immediate"));
    json_set_list(context, "choices", pages_language_choices(pages, language));
    json_set_text(context, "problem", problem ? pages_string(pages, language, problem) : NULL);
    json_set_boolean(context, "is_feeds_problem",
                     problem && strcmp(problem, "page_subscribe_feeds") == 0);
    json_set_text(context, "email", typed_address(request));
    json_set_text(context, "consent", pages_consent(pages, &request->arena, language));
    set_address(pages, request, context);
    set_suggestion(pages, request, context, language, "form_subscribe");
    pages_render(pages, request, problem || request->suggestion ? 400 : 200, "subscribe", context);
}

void pages_link(const struct pages *pages, struct request *request, const char *problem)
{
    const char *language = pages_language_of(pages, request, NULL);
    json_t *context = pages_context(
        pages, request, language, pages_text(pages, &request->arena, language, "page_link_title"));
    json_set_text(context, "problem", problem ? pages_string(pages, language, problem) : NULL);
    json_set_boolean(context, "is_feeds_problem", false);
    json_set_text(context, "email", typed_address(request));
    set_suggestion(pages, request, context, language, "link_button");
    pages_render(pages, request, problem || request->suggestion ? 400 : 200, "link", context);
}
