/* SPDX-License-Identifier: MIT */
#include "publish/page.h"

#include "base/arena.h"
#include "base/text.h"
#include "publish/event.h"
#include "publish/json_value.h"
#include "publish/site.h"
#include "publish/view.h"
#include "release/newsroom.h"
#include "release/release.h"

#include <stdlib.h>
#include <string.h>

static json_t *object_of(const char *type)
{
    json_t *object = json_object();
    json_set_text(object, "@type", type);
    return object;
}

static json_t *publisher_make(const struct site *site)
{
    json_t *publisher = object_of("Organization");
    json_set_text(publisher, "name", site->settings->newsroom->name);
    json_set_text(publisher, "url", site->home);
    return publisher;
}

static json_t *images_make(const struct site *site, struct arena *arena, const struct view *view)
{
    json_t *images = json_array();
    for (size_t i = 0; i < view->asset_count; i++) {
        const struct view_asset *asset = &view->assets[i];
        if (asset->asset->kind != RELEASE_IMAGE || asset->is_unreadable)
            continue;
        json_t *image = object_of("ImageObject");
        json_set_text(image, "url", site_url(site, arena, asset->web.path));
        json_set_number(image, "width", asset->web.width);
        json_set_number(image, "height", asset->web.height);
        json_set_if(image, "caption", asset->asset->caption);
        json_set_if(image, "creditText", asset->asset->credit);
        (void)json_array_append_new(images, image);
    }
    return images;
}

static json_t *event_make(const struct site *site, struct arena *arena, const struct view *view)
{
    const struct release_event *event = view->release->event;
    json_t *object = object_of("Event");
    json_set_text(object, "name", view->title);
    json_set_text(object, "startDate", event_start(site, arena, event));
    json_set_if(object, "endDate", event_end(site, arena, event));
    if (event->place) {
        json_t *place = object_of("Place");
        json_set_text(place, "name", event->place);
        json_set_text(place, "address", event->place);
        json_set_value(object, "location", place);
    }
    json_set_text(object, "url", view->url);
    json_set_value(object, "organizer", publisher_make(site));
    return object;
}

const char *json_ld_write(const struct site *site, struct arena *arena, const struct view *view)
{
    json_t *article = json_object();
    json_set_text(article, "@context", "https://schema.org");
    json_set_text(article, "@type", "NewsArticle");
    json_set_text(article, "@id", view->url);
    json_set_text(article, "mainEntityOfPage", view->url);
    json_set_text(article, "url", view->url);
    json_set_text(article, "headline", view->title);
    json_set_if(article, "description", view->lead[0] ? view->lead : NULL);
    json_set_text(article, "inLanguage", view->language);
    json_set_text(article, "datePublished", site_datetime(site, arena, view->public_at));
    json_set_text(article, "dateModified", site_datetime(site, arena, view->updated_at));
    json_t *images = images_make(site, arena, view);
    if (json_array_size(images))
        json_set_value(article, "image", images);
    else
        json_decref(images);
    json_t *authors = json_array();
    (void)json_array_append_new(authors, publisher_make(site));
    json_set_value(article, "author", authors);
    json_set_value(article, "publisher", publisher_make(site));
    if (view->release->event)
        json_set_value(article, "about", event_make(site, arena, view));
    char *dump = json_dumps(article, JSON_COMPACT);
    json_decref(article);
    if (!dump)
        return NULL;
    /* Inside <script> only "</" and "<!--" could end or open something: no "<" is left. */
    struct text text;
    text_init(&text, 0);
    for (const char *at = dump; *at; at += *at == '<') {
        size_t plain = strcspn(at, "<");
        text_append_bytes(&text, at, plain);
        at += plain;
        if (*at == '<')
            text_append(&text, "\\u003c");
    }
    free(dump);
    const char *copy = arena_copy_bytes(arena, text.data, text.length);
    text_release(&text);
    return copy;
}
