/* SPDX-License-Identifier: MIT */
#include "publish/page.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/localized.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "publish/feed_writer.h"
#include "publish/output.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "template/json_value.h"
#include "template/template.h"

#include <stdlib.h>
#include <string.h>

static json_t *publisher_make(const struct site *site, struct arena *arena, const char *language)
{
    const struct newsroom *newsroom = site->settings->newsroom;
    json_t *publisher = json_object();
    json_t *lines = json_array();
    const char *cursor = newsroom->address ? newsroom->address : "";
    while (*cursor) {
        size_t length = strcspn(cursor, "\n");
        if (length)
            (void)json_array_append_new(lines,
                                        json_string(arena_copy_bytes(arena, cursor, length)));
        cursor += length + (cursor[length] == '\n');
    }
    json_set_text(publisher, "publisher_name", newsroom->name);
    json_set_text(publisher, "about", localized_get(newsroom->about, language));
    json_set_value(publisher, "address_lines", lines);
    json_set_text(publisher, "privacy_url", newsroom->privacy);
    return publisher;
}

static json_t *navigation_make(const struct site *site, struct arena *arena, const char *language,
                               enum page_section section)
{
    static const struct {
        const char *key;
        const char *path;
        enum page_section section;
    } links[] = {
        { "nav_front", "", PAGE_FRONT },
        { "nav_media", "media/", PAGE_MEDIA },
        { "nav_contacts", "contacts/", PAGE_CONTACTS },
        { "nav_follow", "feeds/", PAGE_FOLLOW },
    };

    json_t *navigation = json_array();
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        json_t *link = json_object();
        json_set_text(link, "link_title", site_string(site, language, links[i].key));
        json_set_text(link, "link_url", site_list_url(site, arena, language, links[i].path));
        json_set_boolean(link, "is_current", links[i].section == section);
        (void)json_array_append_new(navigation, link);
    }
    return navigation;
}

json_t *page_feed_link(const struct site *site, struct arena *arena, const struct feed *feed,
                       const char *language, bool with_type)
{
    const char *media_type = NULL;
    const char *url = feed_format_url(site, arena, feed, &media_type);
    if (!url)
        return NULL;
    json_t *link = json_object();
    json_set_text(link, "feed_title", site_feed_title(site, feed, language));
    json_set_text(link, "feed_url", url);
    if (with_type)
        json_set_text(link, "feed_type", media_type);
    return link;
}

/* Feeds that hold what a reader of this language reads. */
static json_t *head_feeds_make(const struct site *site, struct arena *arena, const char *language)
{
    json_t *list = json_array();
    for (const struct feed *feed = site->settings->feeds; feed; feed = feed->next) {
        const struct feed_name *name = feed->languages;
        while (name && strcmp(presentation_list_language(arena, name->name),
                              presentation_list_language(arena, language)) != 0)
            name = name->next;
        /* A feed without languages has all of them. */
        json_t *link = feed->languages && !name ? NULL
                                                : page_feed_link(site, arena, feed, language, true);
        if (link)
            (void)json_array_append_new(list, link);
    }
    return list;
}

static json_t *base_make(const struct site *site, const char *language, enum page_section section)
{
    struct arena arena = { 0 };
    json_t *base = json_object();
    json_t *strings = json_object();
    struct strings_cursor cursor;
    const char *key;
    const char *text;
    strings_cursor_open(&cursor, site->settings->strings, language);
    while (strings_cursor_next(&cursor, &key, &text))
        json_set_text(strings, key, text);
    json_set_value(base, "t", strings);
    json_set_text(base, "language", language);
    json_set_text(base, "direction", language_direction(language));
    json_set_text(base, "style_url", site_url(site, &arena, site->style_path));
    json_set_text(base, "home_url", site_list_url(site, &arena, language, ""));
    json_set_boolean(base, "is_front", section == PAGE_FRONT);
    json_set_value(base, "navigation", navigation_make(site, &arena, language, section));
    json_set_value(base, "head_feeds", head_feeds_make(site, &arena, language));
    json_set_value(base, "publisher", publisher_make(site, &arena, language));
    json_set_text(base, "feeds_url", site_list_url(site, &arena, language, "feeds/"));
    json_set_value(base, "subscribe", page_subscribe(site, &arena, language));
    json_set_value(base, "json_ld", NULL);
    json_set_value(base, "graph", NULL);
    arena_release(&arena);
    return base;
}

static json_t *base_get(struct site *site, const char *language, enum page_section section)
{
    for (struct site_base *base = site->bases; base; base = base->next)
        if (base->section == (int)section && strcmp(base->language, language) == 0)
            return base->context;
    /* Made once a language and section and kept for the run, because it is most of a page's context
     * and the same on all of them. */
    struct site_base *base = memory_allocate(sizeof *base);
    *base = (struct site_base){ memory_copy(language), (int)section,
                                base_make(site, language, section), site->bases };
    site->bases = base;
    return base->context;
}

static void alternate_add(json_t *list, const char *language, const char *url)
{
    json_t *alternate = json_object();
    json_set_text(alternate, "alternate_language", language);
    json_set_text(alternate, "alternate_url", url);
    (void)json_array_append_new(list, alternate);
}

/* The hreflang set: the page itself, its other languages, and x-default: the one in the default
 * language, else the original. */
static json_t *alternates_make(const struct site *site, struct arena *arena,
                               const struct page_head *head)
{
    json_t *list = json_array();
    const char *default_url = NULL;
    if (head->presentation && !head->is_hidden && head->presentation->version_count > 1) {
        for (size_t i = 0; i < head->presentation->version_count; i++) {
            const struct presentation_version *version = &head->presentation->versions[i];
            alternate_add(list, version->language, version->url);
            /* The first is the original, which stands in until a version of the default language is
             * met. */
            if (!default_url || strcmp(presentation_list_language(arena, version->language),
                                       site->languages[0]) == 0)
                default_url = version->url;
        }
    } else if (head->path_in_language && site->language_count > 1) {
        default_url = site_list_url(site, arena, site->languages[0], head->path_in_language);
        for (size_t i = 0; i < site->language_count; i++)
            alternate_add(list, site->languages[i],
                          site_list_url(site, arena, site->languages[i], head->path_in_language));
    }
    if (default_url)
        alternate_add(list, "x-default", default_url);
    return list;
}

/* Where the switch leads for one language: to this page's version, else the front page. */
static const char *switch_url(const struct site *site, struct arena *arena,
                              const struct page_head *head, const char *language)
{
    for (size_t i = 0; head->presentation && i < head->presentation->version_count; i++)
        if (strcmp(presentation_list_language(arena, head->presentation->versions[i].language),
                   language) == 0)
            return head->presentation->versions[i].url;
    return site_list_url(site, arena, language,
                         head->path_in_language ? head->path_in_language : "");
}

static json_t *languages_make(const struct site *site, struct arena *arena,
                              const struct page_head *head)
{
    json_t *list = json_array();
    const char *own = presentation_list_language(arena, head->language);
    for (size_t i = 0; site->language_count > 1 && i < site->language_count; i++) {
        const char *language = site->languages[i];
        json_t *item = json_object();
        const char *name = strings_has_language(site->settings->strings, language)
                               ? site_string(site, language, "language_name")
                               : language_name(arena, language, language);
        json_set_text(item, "language_code", language);
        json_set_text(item, "language_name", name);
        json_set_text(item, "language_url", switch_url(site, arena, head, language));
        json_set_boolean(item, "is_current", strcmp(language, own) == 0);
        (void)json_array_append_new(list, item);
    }
    return list;
}

json_t *page_context(struct site *site, struct arena *arena, const struct page_head *head)
{
    /* A shallow copy: what pages share is shared, and only this page's own keys are set in it. */
    json_t *context = json_copy(base_get(site, head->language, head->section));
    json_set_text(context, "title", head->title);
    json_set_text(context, "description", head->description);
    json_set_text(context, "url", site_url(site, arena, head->path));
    json_set_boolean(context, "is_hidden", head->is_hidden);
    json_set_value(context, "alternates", alternates_make(site, arena, head));
    json_set_list(context, "languages", languages_make(site, arena, head));
    return context;
}

bool page_render(const struct site *site, const char *template_name, json_t *context,
                 struct string_builder *text, struct error *error)
{
    bool done = template_render(site->settings->templates, template_name, context, TEMPLATE_HTML,
                                text, error);
    json_decref(context);
    return done;
}

bool page_hand_over(const struct site *site, struct output *output, const char *template_name,
                    json_t *context, const char *path, struct error *error)
{
    struct string_builder text;
    struct arena arena = { 0 };
    size_t length = strlen(path);
    /* An address that ends in a slash is the index of its folder; others, as 404.html, are the file
     * itself. */
    bool is_folder = length == 0 || path[length - 1] == '/';
    string_builder_init(&text, 0);
    bool done = page_render(site, template_name, context, &text, error) &&
                output_put_text(output,
                                is_folder ? arena_format(&arena, "%sindex.html", path) : path,
                                OUTPUT_LIST, text.data, text.length, error);
    string_builder_release(&text);
    arena_release(&arena);
    return done;
}
