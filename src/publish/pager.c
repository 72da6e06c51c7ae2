/* SPDX-License-Identifier: MIT */
#include "publish/pager.h"

#include "base/arena.h"
#include "locale/locale.h"
#include "publish/list.h"
#include "publish/site.h"
#include "template/json_value.h"

json_t *pager_link(const struct site *site, struct arena *arena, const char *title,
                   const char *path)
{
    json_t *link = json_object();
    json_set_text(link, "page_title", title);
    json_set_text(link, "page_url", site_url(site, arena, path));
    return link;
}

static const char *number_text(const struct site *site, struct arena *arena,
                               const struct list_page *page, int64_t number)
{
    return strings_format(arena, site_string(site, page->list->language, "page_number"), "number",
                          arena_format(arena, "%lld", (long long)number), NULL);
}

static json_t *number_link(const struct site *site, struct arena *arena,
                           const struct list_page *page, int64_t number)
{
    const char *path = arena_format(arena, "%s%lld/", page->list_path, (long long)number);
    return pager_link(site, arena, number_text(site, arena, page, number), path);
}

void pager_set(json_t *context, const struct site *site, struct arena *arena,
               const struct list_page *page, const char *title)
{
    json_t *newer = NULL;
    /* Page 1 holds the oldest entries: older is the smaller number, and from the list's own address
     * the greatest. */
    int64_t below = page->number ? page->number - 1 : page->page_count;
    if (page->number && page->number < page->page_count)
        newer = number_link(site, arena, page, page->number + 1);
    else if (page->number)
        newer = pager_link(site, arena, title, page->list_path);
    json_set_value(context, "newer", newer);
    json_set_value(context, "older", below > 0 ? number_link(site, arena, page, below) : NULL);
}

const char *pager_title(const struct site *site, struct arena *arena, const struct list_page *page,
                        const char *title)
{
    return page->number
               ? arena_format(arena, "%s – %s", title, number_text(site, arena, page, page->number))
               : title;
}
