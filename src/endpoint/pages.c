/* SPDX-License-Identifier: MIT */
#include "endpoint/pages.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/localized.h"
#include "base/log.h"
#include "base/memory.h"
#include "endpoint/endpoint.h"
#include "endpoint/public_files.h"
#include "endpoint/request.h"
#include "feed/feed.h"
#include "http/http.h"
#include "locale/locale.h"
#include "release/newsroom.h"
#include "subscriber/subscriber.h"
#include "template/json_value.h"
#include "template/template.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LANGUAGES_MAXIMUM = 32 };

struct pages_base {
    const char *language;
    const char *front;  /* in public/, where there are lists in the language */
    bool is_configured; /* else it is offered while it has a front page */
    json_t *context;
};

struct pages {
    const struct endpoint_settings *settings;
    const struct public_files *files;
    struct arena arena;
    const char *style_path; /* as publish/ names it */
    size_t count;
    struct pages_base bases[LANGUAGES_MAXIMUM]; /* the newsroom's language first */
};

/* ---- opening ---- */

static json_t *new_publisher(const struct newsroom *newsroom, const char *language)
{
    json_t *publisher = json_object();
    json_t *lines = json_array();
    const char *cursor = newsroom->address ? newsroom->address : "";
    while (*cursor) {
        size_t length = strcspn(cursor, "\n");
        if (length)
            (void)json_array_append_new(lines, json_stringn(cursor, length));
        cursor += length + (cursor[length] == '\n');
    }
    json_set_text(publisher, "publisher_name", newsroom->name);
    json_set_text(publisher, "about", localized_get(newsroom->about, language));
    json_set_value(publisher, "address_lines", lines);
    json_set_text(publisher, "privacy_url", newsroom->privacy);
    return publisher;
}

/* Where the lists of a language stand: in a folder of its own, if there is one. */
static const char *home_of(struct pages *pages, const struct pages_base *base)
{
    const char *site = pages->settings->newsroom->site_url;
    return public_files_has(pages->files, base->front)
               ? arena_format(&pages->arena, "%s%s/", site, base->language)
               : site;
}

static json_t *new_navigation(struct pages *pages, const char *language, const char *home)
{
    static const struct {
        const char *key;
        const char *path;
    } links[] = { { "nav_front", "" },
                  { "nav_media", "media/" },
                  { "nav_contacts", "contacts/" },
                  { "nav_follow", "feeds/" } };

    json_t *navigation = json_array();
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        json_t *link = json_object();
        json_set_text(link, "link_title", pages_string(pages, language, links[i].key));
        json_set_text(link, "link_url", arena_format(&pages->arena, "%s%s", home, links[i].path));
        json_set_boolean(link, "is_current", false);
        (void)json_array_append_new(navigation, link);
    }
    return navigation;
}

static json_t *new_context(struct pages *pages, const struct pages_base *base)
{
    const char *language = base->language;
    json_t *context = json_object();
    json_t *strings = json_object();
    struct strings_cursor cursor;
    const char *key;
    const char *text;
    const char *home = home_of(pages, base);
    strings_cursor_open(&cursor, pages->settings->strings, language);
    while (strings_cursor_next(&cursor, &key, &text))
        json_set_text(strings, key, text);
    json_set_value(context, "t", strings);
    json_set_text(context, "language", language);
    json_set_text(context, "direction", language_direction(language));
    json_set_text(context, "home_url", home);
    json_set_boolean(context, "is_front", false);
    json_set_value(context, "navigation", new_navigation(pages, language, home));
    json_set_value(context, "head_feeds", json_array());
    json_set_value(context, "alternates", json_array());
    json_set_value(context, "publisher", new_publisher(pages->settings->newsroom, language));
    json_set_text(context, "feeds_url", arena_format(&pages->arena, "%sfeeds/", home));
    json_set_text(context, "subscribe", NULL);
    json_set_text(context, "description", NULL);
    json_set_text(context, "json_ld", NULL);
    json_set_text(context, "graph", NULL);
    return context;
}

static bool has_base(const struct pages *pages, const char *language)
{
    for (size_t i = 0; i < pages->count; i++)
        if (strcmp(pages->bases[i].language, language) == 0)
            return true;
    return false;
}

static void add_language(struct pages *pages, const char *tag, bool is_configured)
{
    char *language = arena_copy_bytes(&pages->arena, tag, strcspn(tag, "-"));
    for (char *at = language; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    if (pages->count == LANGUAGES_MAXIMUM ||
        (pages->count && !strings_has_language(pages->settings->strings, language)) ||
        has_base(pages, language))
        return;
    struct pages_base *base = &pages->bases[pages->count++];
    base->language = language;
    base->front = arena_format(&pages->arena, "%s/index.html", language);
    base->is_configured = is_configured;
}

struct pages *pages_open(const struct endpoint_settings *settings, const struct public_files *files)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    struct pages *pages = memory_allocate(sizeof *pages);
    pages->settings = settings;
    pages->files = files;
    hash_bytes(settings->style, settings->style_length, &hash);
    hash_to_hex(&hash, hex);
    pages->style_path = arena_format(&pages->arena, "assets/style-%.12s.css", hex);
    add_language(pages, settings->newsroom->language, true);
    for (const struct feed *feed = settings->feeds; feed; feed = feed->next)
        for (const struct feed_name *name = feed->languages; name; name = name->next)
            add_language(pages, name->name, true);
    for (const struct localized_text *about = settings->newsroom->about; about; about = about->next)
        add_language(pages, about->language, true);
    add_language(pages, "en", true);
    const char *language;
    for (size_t i = 0; (language = strings_language_at(settings->strings, i)) != NULL; i++)
        add_language(pages, language, false);
    for (size_t i = 0; i < pages->count; i++)
        pages->bases[i].context = new_context(pages, &pages->bases[i]);
    return pages;
}

void pages_close(struct pages *pages)
{
    if (!pages)
        return;
    for (size_t i = 0; i < pages->count; i++)
        json_decref(pages->bases[i].context);
    arena_release(&pages->arena);
    free(pages);
}

const struct endpoint_settings *pages_settings(const struct pages *pages)
{
    return pages->settings;
}

const char *pages_style_path(const struct pages *pages)
{
    return pages->style_path;
}

/* ---- languages ---- */

/* A release in a language that newsroom.yaml and feeds/ do not name makes its front page, whose
 * form offers mails in it. */
static bool is_offered(const struct pages *pages, size_t index)
{
    const struct pages_base *base = &pages->bases[index];
    return base->is_configured || public_files_has(pages->files, base->front);
}

static const char *language_find(const struct pages *pages, const char *tag, size_t length)
{
    for (size_t i = 0; i < pages->count; i++) {
        size_t own = strlen(pages->bases[i].language);
        if (length >= own && strncasecmp(tag, pages->bases[i].language, own) == 0 &&
            (length == own || tag[own] == '-') && is_offered(pages, i))
            return pages->bases[i].language;
    }
    return NULL;
}

const char *pages_language(const struct pages *pages, const char *tag)
{
    return tag ? language_find(pages, tag, strlen(tag)) : NULL;
}

const char *pages_language_accepted(const struct pages *pages, const char *accept_language)
{
    const char *best = pages->bases[0].language;
    int best_weight = 0;
    const char *cursor = accept_language ? accept_language : "";
    while (*cursor) {
        cursor += strspn(cursor, " \t,");
        size_t length = strcspn(cursor, ",");
        size_t name = strcspn(cursor, "; \t,");
        const char *language = language_find(pages, cursor, name);
        int weight = http_weight(cursor + name, length - name);
        if (language && weight > best_weight) {
            best = language;
            best_weight = weight;
        }
        cursor += length;
    }
    return best;
}

const char *pages_language_of(const struct pages *pages, const struct request *request,
                              const char *personal)
{
    const char *language = request->language ? request->language : pages_language(pages, personal);
    return language ? language : request->fallback_language;
}

/* ---- words ---- */

bool pages_has_string(const struct pages *pages, const char *language, const char *key)
{
    return strings_has(pages->settings->strings, language, key);
}

const char *pages_string(const struct pages *pages, const char *language, const char *key)
{
    return strings_get(pages->settings->strings, language, key);
}

const char *pages_text(const struct pages *pages, struct arena *arena, const char *language,
                       const char *key)
{
    return strings_format(arena, pages_string(pages, language, key), "publisher",
                          pages->settings->newsroom->name, NULL);
}

const char *pages_feed_title(const struct feed *feed, const char *language)
{
    const char *title = localized_get(feed->title, language);
    return title ? title : feed->id;
}

/* ---- contexts ---- */

const char *pages_path(struct request *request, const char *path)
{
    char *up = arena_allocate(&request->arena, (size_t)request->depth * 3 + 1);
    for (unsigned i = 0; i < request->depth; i++)
        memcpy(up + (size_t)i * 3, "../", 3);
    return arena_format(&request->arena, "%s%s", up, path);
}

static json_t *new_languages(const struct pages *pages, struct request *request,
                             const char *language)
{
    json_t *list = json_array();
    for (size_t i = 0; i < pages->count; i++) {
        if (!is_offered(pages, i))
            continue;
        const char *other = pages->bases[i].language;
        json_t *item = json_object();
        json_set_text(item, "language_code", other);
        json_set_text(item, "language_name", pages_string(pages, other, "language_name"));
        json_set_text(item, "language_url", arena_format(&request->arena, "?language=%s", other));
        json_set_boolean(item, "is_current", strcmp(other, language) == 0);
        (void)json_array_append_new(list, item);
    }
    if (json_array_size(list) == 1)
        (void)json_array_clear(list);
    return list;
}

json_t *pages_context(const struct pages *pages, struct request *request, const char *language,
                      const char *title)
{
    const char *endpoint = pages->settings->newsroom->endpoint;
    size_t index = 0;
    while (index + 1 < pages->count && strcmp(pages->bases[index].language, language) != 0)
        index++;
    json_t *context = json_copy(pages->bases[index].context);
    json_set_text(context, "title", title);
    json_set_text(context, "url",
                  arena_format(&request->arena, "%ssubscribe",
                               endpoint ? endpoint : pages->settings->newsroom->site_url));
    json_set_text(context, "style_url", pages_path(request, pages->style_path));
    json_set_boolean(context, "is_hidden", request->route != REQUEST_SUBSCRIBE || request->is_post);
    json_set_list(context, "languages", new_languages(pages, request, language));
    return context;
}

json_t *pages_cadences(const struct pages *pages, const char *language, const char *selected)
{
    static const char *const keys[] = { "cadence_immediate", "cadence_daily", "cadence_weekly" };
    json_t *list = json_array();
    for (int i = SUBSCRIBER_IMMEDIATE; i <= SUBSCRIBER_WEEKLY; i++) {
        const char *name = subscriber_cadence_name((enum subscriber_cadence)i);
        json_t *item = json_object();
        json_set_text(item, "cadence_id", name);
        json_set_text(item, "cadence_title", pages_string(pages, language, keys[i]));
        json_set_boolean(item, "is_selected", selected && strcmp(name, selected) == 0);
        (void)json_array_append_new(list, item);
    }
    return list;
}

json_t *pages_language_choices(const struct pages *pages, const char *selected)
{
    json_t *list = json_array();
    for (size_t i = 0; i < pages->count; i++) {
        if (!is_offered(pages, i))
            continue;
        const char *language = pages->bases[i].language;
        json_t *item = json_object();
        json_set_text(item, "choice_code", language);
        json_set_text(item, "choice_name", pages_string(pages, language, "language_name"));
        json_set_boolean(item, "is_selected", strcmp(language, selected) == 0);
        (void)json_array_append_new(list, item);
    }
    return list;
}

void pages_render(const struct pages *pages, struct request *request, unsigned status,
                  const char *template_name, json_t *context)
{
    struct error error;
    request->answer.status = status;
    string_builder_clear(&request->answer.body);
    if (!template_render(pages->settings->templates, template_name, context, TEMPLATE_HTML,
                         &request->answer.body, &error)) {
        log_line(LOG_ERROR, "serve: %s", error.message);
        string_builder_clear(&request->answer.body);
        request->answer.status = 500;
        request->answer.type = "text/plain; charset=utf-8";
    }
    json_decref(context);
}
