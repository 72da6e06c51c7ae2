/* SPDX-License-Identifier: MIT */
#include "endpoint/pages.h"

#include "base/arena.h"
#include "endpoint/request.h"
#include "template/json_value.h"

void pages_add_button(json_t **list, const char *text, const char *name, const char *value)
{
    json_t *button = json_object();
    if (!*list)
        *list = json_array();
    json_set_text(button, "button_text", text);
    json_set_text(button, "button_name", name);
    json_set_text(button, "button_value", value);
    (void)json_array_append_new(*list, button);
}

void pages_add_link(json_t **list, const char *text, const char *url)
{
    json_t *link = json_object();
    if (!*list)
        *list = json_array();
    json_set_text(link, "more_text", text);
    json_set_text(link, "more_url", url);
    (void)json_array_append_new(*list, link);
}

/* The string page_NAME_PART; NULL where it is not there. */
static const char *part_text(const struct pages *pages, struct arena *arena, const char *language,
                             const char *name, const char *part)
{
    const char *key = arena_format(arena, "page_%s", arena_format(arena, "%s_%s", name, part));
    return pages_has_string(pages, language, key) ? pages_text(pages, arena, language, key) : NULL;
}

void pages_show_message(const struct pages *pages, struct request *request, const char *language,
                        const struct page_message *message)
{
    struct arena *arena = &request->arena;
    json_t *context = pages_context(pages, request, language,
                                    part_text(pages, arena, language, message->name, "title"));
    json_set_text(context, "text", part_text(pages, arena, language, message->name, "text"));
    json_set_text(context, "more", part_text(pages, arena, language, message->name, "more"));
    json_set_list(context, "items", message->items);
    json_set_list(context, "buttons", message->buttons);
    json_set_list(context, "links", message->links);
    pages_render(pages, request, message->status, "message", context);
}

void pages_show_named(const struct pages *pages, struct request *request, const char *language,
                      const char *name, unsigned status)
{
    const struct page_message message = { .name = name, .status = status };
    pages_show_message(pages, request, language, &message);
}

void pages_show_unknown(const struct pages *pages, struct request *request, const char *language)
{
    struct page_message message = { .name = "gone", .status = 404 };
    pages_add_link(&message.links, pages_string(pages, language, "page_outdated_link"),
                   pages_path(request, "preferences"));
    pages_add_link(&message.links, pages_string(pages, language, "follow_by_mail"),
                   pages_path(request, "subscribe"));
    pages_show_message(pages, request, language, &message);
}
