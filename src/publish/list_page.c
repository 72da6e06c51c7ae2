/* SPDX-License-Identifier: MIT */
#include "publish/list.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/localized.h"
#include "base/string_builder.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "publish/card.h"
#include "publish/output.h"
#include "publish/page.h"
#include "publish/pager.h"
#include "publish/site.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "template/json_value.h"

#include <stdlib.h>
#include <string.h>

enum { MONTH_PAGE = 100, TYPE_CARDS = 50, TOPIC_PAGE = 50, YEAR_CARDS = 100 };

/* ---- parts ---- */

const char *list_count_text(const struct site *site, struct arena *arena, const char *language,
                            int64_t count)
{
    return strings_format(
        arena, strings_plural(site->settings->strings, language, "release_count", count), "count",
        locale_number(site->settings->locale, arena, language, count), NULL);
}

json_t *list_cards(const struct site *site, struct arena *arena, const struct card_list *list,
                   size_t first, const char *language)
{
    json_t *cards = json_array();
    for (size_t i = first; i < list->count; i++)
        (void)json_array_append_new(cards, page_card(site, arena, list->cards[i], language));
    return cards;
}

/* A numbered page shows only its own count, because otherwise it would change with every new entry
 * of the list. */
static int64_t page_entry_count(const struct list_page *page)
{
    return page->number ? (int64_t)page->entries->count : page->entry_count;
}

static const char *list_description(const struct site *site, struct arena *arena,
                                    const char *language, const char *title)
{
    return strings_format(arena, site_string(site, language, "list_description"), "title", title,
                          "publisher", site->settings->newsroom->name, NULL);
}

/* "2026-06" → an instant in the middle of that month, for its name. */
static int64_t month_instant(const char *month)
{
    char *end = NULL;
    int64_t year = strtoll(month, &end, 10);
    int number = *end == '-' ? (int)strtol(end + 1, NULL, 10) : 1;
    /* The middle, because in every time zone it is the same month. */
    return civil_to_days(year, number, 15) * DURATION_DAY;
}

const char *list_month_name(const struct site *site, struct arena *arena, const char *language,
                            const char *month)
{
    return locale_date(site->settings->locale, arena, language, DATE_MONTH, month_instant(month));
}

const char *list_month_path(const struct site *site, struct arena *arena, const char *language,
                            const char *month)
{
    return site_list_path(site, arena, language,
                          arena_format(arena, "releases/%.4s/%s/", month, month + 5));
}

/* Links to the months of a year that have a page, newest first. */
static bool months_set(json_t *context, const struct site *site, struct arena *arena,
                       const struct list *list, const char *year, struct error *error)
{
    struct name_list names;
    const char *prefix = arena_format(arena, "month:%s:%.4s-", list->language, year);
    if (!list_names_in_use(site, arena, prefix, &names, error))
        return false;
    json_t *months = json_array();
    /* A year with one month needs no choice of months. */
    for (size_t i = names.count; names.count > 1 && i-- > 0;) {
        const char *month = names.names[i] + strlen(prefix) - strlen("2026-");
        json_t *item = json_object();
        json_set_text(item, "month_title", list_month_name(site, arena, list->language, month));
        json_set_text(item, "month_url",
                      site_url(site, arena, list_month_path(site, arena, list->language, month)));
        json_set_boolean(item, "is_current", strcmp(names.names[i], list->name) == 0);
        (void)json_array_append_new(months, item);
    }
    json_set_list(context, "months", months);
    return true;
}

/* One group a month; a single one needs no title. */
static json_t *groups_make(const struct site *site, struct arena *arena,
                           const struct card_list *list, const char *language, bool with_titles)
{
    json_t *groups = json_array();
    json_t *cards = NULL;
    const char *current = "";
    for (size_t i = 0; i < list->count; i++) {
        const char *month = site_month(site, arena, list->cards[i]->public_at);
        if (!cards || (with_titles && strcmp(month, current) != 0)) {
            json_t *group = json_object();
            cards = json_array();
            json_set_text(group, "group_title",
                          with_titles ? list_month_name(site, arena, language, month) : NULL);
            json_set_text(group, "group_id", month);
            json_set_value(group, "cards", cards);
            (void)json_array_append_new(groups, group);
            current = month;
        }
        (void)json_array_append_new(cards, page_card(site, arena, list->cards[i], language));
    }
    return groups;
}

/* ---- year ---- */

const char *list_year_path(const struct site *site, struct arena *arena, const char *language,
                           const char *year)
{
    return site_list_path(site, arena, language, arena_format(arena, "releases/%s/", year));
}

static bool years_around(json_t *context, const struct site *site, struct arena *arena,
                         const struct list *list, struct error *error)
{
    struct name_list names;
    const char *prefix = arena_format(arena, "year:%s:", list->language);
    json_t *links[2] = { NULL, NULL };
    if (!list_names_in_use(site, arena, prefix, &names, error))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        if (strcmp(names.names[i], list->name) != 0)
            continue;
        for (int side = 0; side < 2; side++) {
            /* For the first name i - 1 wraps round to SIZE_MAX, which is beyond every count. */
            size_t other = side ? i + 1 : i - 1;
            if (other >= names.count)
                continue;
            const char *year = names.names[other] + strlen(prefix);
            links[side] = pager_link(site, arena, year,
                                     list_year_path(site, arena, list->language, year));
        }
    }
    json_set_value(context, "older", links[0]);
    json_set_value(context, "newer", links[1]);
    return true;
}

static bool year_put(struct site *site, struct output *output, const struct list *list,
                     struct arena *arena, struct error *error)
{
    struct card_list cards;
    int64_t count = 0;
    const char *language = list->language;
    if (!list_count(site, list->name, INT64_MAX, &count, error) ||
        !list_newest(site, arena, list, YEAR_CARDS, &cards, error))
        return false;
    const char *title = strings_format(arena, site_string(site, language, "list_title"), "period",
                                       list->subject, NULL);
    const struct page_head head = {
        .language = language,
        .title = title,
        .description = list_description(site, arena, language, title),
        .path = list_year_path(site, arena, language, list->subject),
    };
    json_t *context = page_context(site, arena, &head);
    json_set_text(context, "count", list_count_text(site, arena, language, count));
    json_set_value(context, "groups", groups_make(site, arena, &cards, language, true));
    if (!months_set(context, site, arena, list, list->subject, error) ||
        !years_around(context, site, arena, list, error)) {
        json_decref(context);
        return false;
    }
    return page_hand_over(site, output, "list", context, head.path, error);
}

static bool year_write(struct site *site, struct output *output, const struct list *list,
                       struct arena *arena, struct error *error)
{
    bool has_entries = false;
    return list_has_entries(site, list->name, &has_entries, error) &&
           (!has_entries || year_put(site, output, list, arena, error));
}

static void year_find(struct string_builder *names, const struct site *site,
                      const struct list_entry *entry)
{
    (void)site;
    string_builder_append_format(names, "year:%s:%.4s\n", entry->language, entry->month);
}

const struct list_output list_output_year = {
    .name = "year",
    .scope = LIST_OF_RELEASES,
    .has_language = true,
    .before_sibling = ':',
    .folder = "releases",
    .find = year_find,
    .write = year_write,
};

/* ---- month and type ---- */

static bool month_page_write(struct site *site, struct output *output, const struct list_page *page,
                             struct error *error)
{
    struct arena arena = { 0 };
    const char *language = page->list->language;
    const char *title = strings_format(&arena, site_string(site, language, "list_title"), "period",
                                       list_month_name(site, &arena, language, page->list->subject),
                                       NULL);
    const struct page_head head = {
        .language = language,
        .title = pager_title(site, &arena, page, title),
        .description = list_description(site, &arena, language, title),
        .path = page->path,
    };
    json_t *context = page_context(site, &arena, &head);
    json_set_text(context, "count",
                  list_count_text(site, &arena, language, page_entry_count(page)));
    json_set_value(context, "groups", groups_make(site, &arena, page->entries, language, false));
    pager_set(context, site, &arena, page, title);
    bool done = true;
    /* Only at the list's own address, because the months change and numbered pages must not. */
    if (!page->number)
        done = months_set(context, site, &arena, page->list, page->list->subject, error);
    else
        json_set_list(context, "months", json_array());
    if (done)
        done = page_hand_over(site, output, "list", context, page->path, error);
    else
        json_decref(context);
    arena_release(&arena);
    return done;
}

static bool month_write(struct site *site, struct output *output, const struct list *list,
                        struct arena *arena, struct error *error)
{
    const struct list_paging paging = {
        .path = list_month_path(site, arena, list->language, list->subject),
        .page_size = MONTH_PAGE,
        .write = month_page_write,
    };
    return list_write_pages(site, output, list, &paging, error);
}

static void month_find(struct string_builder *names, const struct site *site,
                       const struct list_entry *entry)
{
    (void)site;
    string_builder_append_format(names, "month:%s:%s\n", entry->language, entry->month);
}

const struct list_output list_output_month = {
    .name = "month",
    .scope = LIST_OF_RELEASES,
    .has_language = true,
    .before_sibling = '-',
    .find = month_find,
    .write = month_write,
};

/* The newest of a type; older ones are found under the years, where every release stands. */
static bool type_write(struct site *site, struct output *output, const struct list *list,
                       struct arena *arena, struct error *error)
{
    struct card_list cards;
    struct list_page page = { .list = list, .entries = &cards };
    const char *language = list->language;
    if (!list_count(site, list->name, INT64_MAX, &page.entry_count, error) ||
        !list_newest(site, arena, list, TYPE_CARDS, &cards, error))
        return false;
    if (!cards.count)
        return true;
    const char *title = site_type_name(site, arena, language, list->subject, true);
    const struct page_head head = {
        .language = language,
        .title = title,
        .description = list_description(site, arena, language, title),
        .path = site_list_path(site, arena, language,
                               arena_format(arena, "types/%s/", list->subject)),
    };
    json_t *context = page_context(site, arena, &head);
    json_t *older = NULL;
    /* The year of the oldest one shown: from there a reader can go on without a gap. */
    if ((int64_t)cards.count < page.entry_count) {
        const char *month = site_month(site, arena, cards.cards[cards.count - 1]->public_at);
        const char *year = arena_format(arena, "%.4s", month);
        older = pager_link(site, arena, year, list_year_path(site, arena, language, year));
    }
    json_set_text(context, "count", list_count_text(site, arena, language, page.entry_count));
    json_set_value(context, "groups", groups_make(site, arena, &cards, language, false));
    json_set_list(context, "months", json_array());
    json_set_value(context, "newer", NULL);
    json_set_value(context, "older", older);
    return page_hand_over(site, output, "list", context, head.path, error);
}

static void type_find(struct string_builder *names, const struct site *site,
                      const struct list_entry *entry)
{
    (void)site;
    string_builder_append_format(names, "type:%s:%s\n", entry->language, entry->release->type);
}

const struct list_output list_output_type = {
    .name = "type",
    .scope = LIST_OF_RELEASES,
    .has_language = true,
    .folder = "types",
    .find = type_find,
    .write = type_write,
};

/* ---- topic ---- */

static const struct body_node *introduction_of(const struct newsroom_topic *topic,
                                               const char *language)
{
    const struct topic_introduction *first = topic ? topic->introductions : NULL;
    for (const struct topic_introduction *one = first; one; one = one->next)
        if (strcmp(one->language, language) == 0)
            return one->body;
    return NULL;
}

static void introduction_set(json_t *context, const struct body_node *body)
{
    const struct body_writer_options options = { .heading_shift = 0 };
    struct string_builder text;
    if (!body) {
        json_set_value(context, "introduction", NULL);
        return;
    }
    string_builder_init(&text, 0);
    body_write_html(&text, body, &options);
    json_set_text(context, "introduction", text.length ? text.data : NULL);
    string_builder_release(&text);
}

static json_t *topic_feeds_make(const struct site *site, struct arena *arena,
                                const struct list *list)
{
    json_t *feeds = json_array();
    for (const struct feed *feed = site->settings->feeds; feed; feed = feed->next) {
        const struct feed_name *topic = feed->topics;
        while (topic && strcmp(topic->name, list->subject) != 0)
            topic = topic->next;
        json_t *link = topic ? page_feed_link(site, arena, feed, list->language, false) : NULL;
        if (link)
            (void)json_array_append_new(feeds, link);
    }
    return feeds;
}

static bool topic_page_write(struct site *site, struct output *output, const struct list_page *page,
                             struct error *error)
{
    struct arena arena = { 0 };
    const struct list *list = page->list;
    const char *language = list->language;
    const char *title;
    if (!list_topic_title(site, &arena, list->name, &title, error)) {
        arena_release(&arena);
        return false;
    }
    const struct body_node *body = introduction_of(
        newsroom_topic_find(site->settings->topics, list->subject), language);
    const struct body_node *first = body ? body_first_paragraph(body) : NULL;
    const struct page_head head = {
        .language = language,
        .title = pager_title(site, &arena, page, title),
        .description = first ? wording_cut(&arena, body_plain_text(&arena, first), 220)
                             : strings_format(&arena,
                                              site_string(site, language, "topic_description"),
                                              "topic", title, "publisher",
                                              site->settings->newsroom->name, NULL),
        .path = page->path,
    };
    json_t *context = page_context(site, &arena, &head);
    /* Not on numbered pages, which would all be written again with every edit of the
     * introduction. */
    introduction_set(context, page->number ? NULL : body);
    json_set_list(context, "documents", json_array());
    json_set_text(context, "count",
                  list_count_text(site, &arena, language, page_entry_count(page)));
    json_set_list(context, "cards", list_cards(site, &arena, page->entries, 0, language));
    pager_set(context, site, &arena, page, title);
    json_set_list(context, "topic_feeds", topic_feeds_make(site, &arena, list));
    bool done = page_hand_over(site, output, "topic", context, page->path, error);
    arena_release(&arena);
    return done;
}

static bool topic_write(struct site *site, struct output *output, const struct list *list,
                        struct arena *arena, struct error *error)
{
    const struct list_paging paging = {
        .path = site_list_path(site, arena, list->language,
                               arena_format(arena, "topics/%s/", list->subject)),
        .page_size = TOPIC_PAGE,
        .write = topic_page_write,
    };
    return list_write_pages(site, output, list, &paging, error);
}

static void topic_find(struct string_builder *names, const struct site *site,
                       const struct list_entry *entry)
{
    (void)site;
    for (size_t i = 0; i < entry->release->topic_count; i++)
        string_builder_append_format(names, "topic:%s:%s\n", entry->language,
                                     entry->release->topics[i].name);
}

const struct list_output list_output_topic = {
    .name = "topic",
    .scope = LIST_OF_RELEASES,
    .has_language = true,
    .folder = "topics",
    .find = topic_find,
    .write = topic_write,
};
