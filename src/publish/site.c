/* SPDX-License-Identifier: MIT */
#include "publish/site.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/localized.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "picture/picture.h"
#include "release/newsroom.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { STYLE_HASH_LENGTH = 12 };

static int language_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct presentation_settings site_presentation(struct arena *arena,
                                               const struct publish_settings *settings)
{
    const struct newsroom *newsroom = settings->newsroom;
    return (struct presentation_settings){
        .newsroom = newsroom,
        .strings = settings->strings,
        .locale = settings->locale,
        .topics = settings->topics,
        .home = newsroom->site_url,
        .home_language = presentation_list_language(arena, newsroom->language),
    };
}

void site_init(struct site *site, const struct publish_settings *settings,
               struct database *database, int64_t now_at, const char *const *languages,
               size_t language_count)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    *site = (struct site){ .settings = settings, .database = database, .now_at = now_at };
    site->presentation = site_presentation(&site->arena, settings);
    const char **list = arena_allocate_array(&site->arena, language_count + 1, sizeof *list);
    list[site->language_count++] = site->presentation.home_language;
    for (size_t i = 0; i < language_count; i++)
        if (strcmp(languages[i], list[0]) != 0)
            list[site->language_count++] = arena_copy(&site->arena, languages[i]);
    /* Behind the default language by name, so that neither the order of releases nor that of files
     * moves a link. */
    qsort(list + 1, site->language_count - 1, sizeof *list, language_compare);
    site->languages = list;
    /* The name changes with the bytes, so that browsers may keep it for ever and a page never meets
     * the style of another version. */
    hash_bytes(settings->style, settings->style_length, &hash);
    hash_to_hex(&hash, hex);
    hex[STYLE_HASH_LENGTH] = '\0';
    site->style_path = arena_format(&site->arena, "assets/style-%s.css", hex);
}

void site_release(struct site *site)
{
    while (site->bases) {
        struct site_base *base = site->bases;
        site->bases = base->next;
        json_decref(base->context);
        free(base->language);
        free(base);
    }
    picture_reader_free(site->pictures);
    arena_release(&site->arena);
}

struct picture_reader *site_pictures(struct site *site)
{
    /* With the first picture: most runs have none, and a confined process costs more than a
     * page. */
    if (!site->pictures)
        site->pictures = picture_reader_new();
    return site->pictures;
}

const char *site_list_path(const struct site *site, struct arena *arena, const char *language,
                           const char *path)
{
    return presentation_list_path(&site->presentation, arena, language, path);
}

const char *site_url(const struct site *site, struct arena *arena, const char *path)
{
    return presentation_url(&site->presentation, arena, path);
}

const char *site_list_url(const struct site *site, struct arena *arena, const char *language,
                          const char *path)
{
    return site_url(site, arena, site_list_path(site, arena, language, path));
}

const char *site_string(const struct site *site, const char *language, const char *key)
{
    return strings_get(site->settings->strings, language, key);
}

const char *site_type_name(const struct site *site, struct arena *arena, const char *language,
                           const char *type, bool is_plural)
{
    const struct wording wording = { .locale = site->settings->locale,
                                     .strings = site->settings->strings,
                                     .language = language };
    return wording_type(&wording, arena, type, is_plural);
}

const char *site_topic_title(const struct site *site, struct arena *arena, const char *language,
                             const char *name, const char *label)
{
    return presentation_topic_title(&site->presentation, arena, language, name, label);
}

const char *site_feed_title(const struct site *site, const struct feed *feed, const char *language)
{
    const char *title = localized_get(feed->title, language);
    (void)site;
    return title ? title : feed->id;
}

const char *site_datetime(const struct site *site, struct arena *arena, int64_t instant)
{
    return presentation_datetime(&site->presentation, arena, instant);
}

const char *site_month(const struct site *site, struct arena *arena, int64_t instant)
{
    struct civil_time civil;
    zone_civil(locale_context_zone(site->settings->locale), instant, &civil);
    return arena_format(arena, "%04lld-%02d", (long long)civil.year, civil.month);
}
