/* SPDX-License-Identifier: MIT */
#include "publish/list.h"

#include "base/arena.h"
#include "locale/locale.h"
#include "publish/card.h"
#include "publish/output.h"
#include "publish/page.h"
#include "publish/site.h"
#include "template/json_value.h"

#include <stdlib.h>
#include <string.h>

/* The folders that lists stand in have pages too. */

enum { OTHER_CARDS = 50 };

static void link_add(json_t *links, const char *title, const char *url)
{
    json_t *link = json_object();
    json_set_text(link, "link_title", title);
    json_set_text(link, "link_url", url);
    (void)json_array_append_new(links, link);
}

/* title and url are NULL where it is the only group. Takes over the reference to links. */
static void group_add(json_t *groups, const char *title, const char *url, json_t *links)
{
    json_t *group = json_object();
    json_set_text(group, "group_title", title);
    json_set_text(group, "group_url", url);
    json_set_list(group, "links", links);
    (void)json_array_append_new(groups, group);
}

/* One page of links, whose title is the string with that key; no page where there is nothing to
 * link to. Takes over the reference to groups. */
static bool overview_put(struct site *site, struct output *output, struct arena *arena,
                         const char *language, const char *title, const char *folder,
                         json_t *groups, struct error *error)
{
    const struct page_head head = {
        .language = language,
        .title = site_string(site, language, title),
        .path = site_list_path(site, arena, language, folder),
    };
    /* Nothing is put, so output_end() removes the page of an earlier run. */
    if (!json_array_size(groups)) {
        json_decref(groups);
        return true;
    }
    json_t *context = page_context(site, arena, &head);
    json_set_value(context, "groups", groups);
    return page_hand_over(site, output, "archive", context, head.path, error);
}

/* ---- topics and types ---- */

/* The page of the folder in which lists of one kind stand; its title has the folder's name. */
static bool folder_put(struct site *site, struct output *output, struct arena *arena,
                       const char *language, const struct list_output *list, struct error *error)
{
    struct name_list names;
    const char *prefix = arena_format(arena, "%s:%s:", list->name, language);
    const char *folder = arena_format(arena, "%s/", list->folder);
    if (!list_names_in_use(site, arena, prefix, &names, error))
        return false;
    json_t *groups = json_array();
    json_t *links = json_array();
    bool done = true;
    for (size_t i = 0; done && i < names.count; i++) {
        const char *name = names.names[i] + strlen(prefix);
        const char *title = NULL;
        if (list == &list_output_topic)
            done = list_topic_title(site, arena, names.names[i], &title, error);
        else
            title = site_type_name(site, arena, language, name, true);
        if (done)
            link_add(
                links, title,
                site_list_url(site, arena, language, arena_format(arena, "%s%s/", folder, name)));
    }
    if (done && names.count)
        group_add(groups, NULL, NULL, links);
    else
        json_decref(links);
    if (done)
        return overview_put(site, output, arena, language, list->folder, folder, groups, error);
    json_decref(groups);
    return false;
}

/* ---- years ---- */

static int year_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The years in which something stands in the language, "2026", the oldest first; NULL: in any. */
static bool years_find(const struct site *site, struct arena *arena, const char *language,
                       struct name_list *years, struct error *error)
{
    const char *prefix = language ? arena_format(arena, "year:%s:", language) : "year:";
    if (!list_names_in_use(site, arena, prefix, years, error))
        return false;
    for (size_t i = 0; i < years->count; i++)
        years->names[i] = strrchr(years->names[i], ':') + 1;
    /* By language and year they come from the table; here the years of all languages are merged,
     * each once. */
    if (years->count)
        qsort(years->names, years->count, sizeof *years->names, year_compare);
    size_t count = 0;
    for (size_t i = 0; i < years->count; i++)
        if (!count || strcmp(years->names[count - 1], years->names[i]) != 0)
            years->names[count++] = years->names[i];
    years->count = count;
    return true;
}

/* The default language has a page for every year in which anything was published, in whatever
 * language: so its overview links to all of them. */
static bool years_put(struct site *site, struct output *output, struct arena *arena,
                      const char *language, struct error *error)
{
    struct name_list years;
    struct name_list months;
    const char *prefix = arena_format(arena, "month:%s:", language);
    bool is_default = strcmp(language, site->languages[0]) == 0;
    if (!years_find(site, arena, is_default ? NULL : language, &years, error) ||
        !list_names_in_use(site, arena, prefix, &months, error))
        return false;
    json_t *groups = json_array();
    size_t month = months.count;
    for (size_t i = years.count; i-- > 0;) {
        json_t *links = json_array();
        for (; month > 0; month--) {
            const char *name = months.names[month - 1] + strlen(prefix);
            if (strncmp(name, years.names[i], strlen(years.names[i])) != 0)
                break;
            link_add(links, list_month_name(site, arena, language, name),
                     site_url(site, arena, list_month_path(site, arena, language, name)));
        }
        group_add(groups, years.names[i],
                  site_url(site, arena, list_year_path(site, arena, language, years.names[i])),
                  links);
    }
    return overview_put(site, output, arena, language, "years", "releases/", groups, error);
}

/* ---- years of other languages ---- */

static const char *language_title(const struct site *site, struct arena *arena,
                                  const char *language)
{
    return strings_has_language(site->settings->strings, language)
               ? site_string(site, language, "language_name")
               : language_name(arena, language, language);
}

/* What stands in one language in that year, as a group; adds to *count. */
static bool other_group_add(json_t *groups, const struct site *site, struct arena *arena,
                            const char *language, const char *year, int64_t *count,
                            struct error *error)
{
    struct card_list cards;
    int64_t here = 0;
    const struct list list = { .name = arena_format(arena, "year:%s:%s", language, year) };
    if (!list_count(site, list.name, INT64_MAX, &here, error) ||
        !list_newest(site, arena, &list, OTHER_CARDS, &cards, error))
        return false;
    *count += here;
    if (!here)
        return true;
    json_t *group = json_object();
    json_set_text(group, "group_title", language_title(site, arena, language));
    json_set_text(group, "group_id", language);
    json_set_value(group, "cards", list_cards(site, arena, &cards, 0, site->languages[0]));
    (void)json_array_append_new(groups, group);
    return true;
}

/* Releases of every language stand in releases/YEAR/, which is the default language's list. */
static bool other_year_put(struct site *site, struct output *output, struct arena *arena,
                           const char *year, struct error *error)
{
    const char *language = site->languages[0];
    const char *title = strings_format(arena, site_string(site, language, "list_title"), "period",
                                       year, NULL);
    const struct page_head head = {
        .language = language,
        .title = title,
        .path = list_year_path(site, arena, language, year),
        .is_hidden = true, /* each stands in the list of its own language */
    };
    int64_t count = 0;
    json_t *groups = json_array();
    for (size_t i = 1; i < site->language_count; i++) {
        if (!other_group_add(groups, site, arena, site->languages[i], year, &count, error)) {
            json_decref(groups);
            return false;
        }
    }
    json_t *context = page_context(site, arena, &head);
    json_set_text(context, "count", list_count_text(site, arena, language, count));
    json_set_value(context, "groups", groups);
    json_set_list(context, "months", json_array());
    json_set_value(context, "newer", NULL);
    json_set_value(context, "older", NULL);
    return page_hand_over(site, output, "list", context, head.path, error);
}

static bool other_years_put(struct site *site, struct output *output, struct arena *arena,
                            struct error *error)
{
    struct name_list all;
    struct name_list own;
    if (!years_find(site, arena, NULL, &all, error) ||
        !years_find(site, arena, site->languages[0], &own, error))
        return false;
    for (size_t i = 0, next = 0; i < all.count; i++) {
        bool is_own = next < own.count && strcmp(own.names[next], all.names[i]) == 0;
        /* Both are in ascending order, so one walk finds the years that the default language
         * lacks. */
        next += is_own;
        if (!is_own && !other_year_put(site, output, arena, all.names[i], error))
            return false;
    }
    return true;
}

static bool archive_write(struct site *site, struct output *output, const struct list *list,
                          struct arena *arena, struct error *error)
{
    (void)list;
    for (size_t i = 0; i < site->language_count; i++) {
        const char *language = site->languages[i];
        if (!years_put(site, output, arena, language, error) ||
            !folder_put(site, output, arena, language, &list_output_topic, error) ||
            !folder_put(site, output, arena, language, &list_output_type, error))
            return false;
    }
    return other_years_put(site, output, arena, error);
}

const struct list_output list_output_archive = {
    .name = "archive",
    .scope = LIST_OF_LISTS,
    .write = archive_write,
};
