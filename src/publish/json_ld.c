/* SPDX-License-Identifier: MIT */
#include "publish/page.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "presentation/presentation.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "template/json_value.h"

#include <stdlib.h>
#include <string.h>

static json_t *object_of(const char *type)
{
    json_t *object = json_object();
    json_set_text(object, "@type", type);
    return object;
}

static json_t *publisher_make(const struct presentation *shown)
{
    json_t *publisher = object_of("Organization");
    json_set_text(publisher, "name", shown->settings->newsroom->name);
    json_set_text(publisher, "url", shown->settings->home);
    return publisher;
}

static json_t *images_make(const struct presentation *shown)
{
    json_t *images = json_array();
    for (size_t i = 0; i < shown->file_count; i++) {
        const struct presentation_file *file = &shown->files[i];
        if (!file->is_picture || file->is_unreadable)
            continue;
        json_t *image = object_of("ImageObject");
        json_set_text(image, "url", file->web.url);
        json_set_number(image, "width", file->web.width);
        json_set_number(image, "height", file->web.height);
        json_set_if(image, "caption", file->asset->caption);
        json_set_if(image, "creditText", file->asset->credit);
        (void)json_array_append_new(images, image);
    }
    return images;
}

static void images_set(json_t *object, const struct presentation *shown)
{
    /* No empty list: checkers of structured data call that a mistake. */
    json_t *images = images_make(shown);
    if (json_array_size(images))
        json_set_value(object, "image", images);
    else
        json_decref(images);
}

static json_t *event_make(const struct presentation *shown, const char *id)
{
    const struct presentation_event *event = shown->event;
    json_t *object = object_of("Event");
    json_set_text(object, "@id", id);
    json_set_text(object, "name", shown->title);
    json_set_if(object, "description", shown->lead[0] ? shown->lead : NULL);
    json_set_text(object, "inLanguage", shown->language);
    json_set_text(object, "startDate", event->start);
    json_set_if(object, "endDate", event->end);
    json_set_text(object, "eventStatus", "https://schema.org/EventScheduled");
    if (event->place) {
        json_t *place = object_of("Place");
        json_set_text(place, "name", event->place);
        json_set_text(place, "address", event->place);
        json_set_value(object, "location", place);
    }
    images_set(object, shown);
    json_set_text(object, "url", shown->url);
    json_set_value(object, "organizer", publisher_make(shown));
    return object;
}

static json_t *article_make(const struct presentation *shown)
{
    json_t *article = object_of("NewsArticle");
    json_set_text(article, "@id", shown->url);
    json_set_text(article, "mainEntityOfPage", shown->url);
    json_set_text(article, "url", shown->url);
    json_set_text(article, "headline", shown->title);
    json_set_if(article, "description", shown->lead[0] ? shown->lead : NULL);
    json_set_text(article, "inLanguage", shown->language);
    json_set_text(article, "datePublished", shown->published_datetime);
    json_set_text(article, "dateModified", shown->updated_datetime);
    images_set(article, shown);
    json_t *authors = json_array();
    json_t *publisher = publisher_make(shown);
    (void)json_array_append(authors, publisher);
    json_set_value(article, "author", authors);
    json_set_value(article, "publisher", publisher);
    return article;
}

/* Puts the article and its event beside each other, because programs that look for events do not
 * look inside articles. */
static json_t *graph_make(json_t *article, const struct presentation *shown)
{
    const char *id = arena_format(shown->arena, "%s#event", shown->url);
    json_t *about = json_object();
    json_t *objects = json_array();
    json_t *graph = json_object();
    json_set_text(about, "@id", id);
    json_set_value(article, "about", about);
    (void)json_array_append_new(objects, article);
    (void)json_array_append_new(objects, event_make(shown, id));
    json_set_value(graph, "@graph", objects);
    return graph;
}

const char *json_ld_write(const struct presentation *shown)
{
    json_t *data = json_object();
    json_t *content = article_make(shown);
    if (shown->event)
        content = graph_make(content, shown);
    json_set_text(data, "@context", "https://schema.org");
    (void)json_object_update(data, content);
    json_decref(content);
    char *dump = json_dumps(data, JSON_COMPACT);
    json_decref(data);
    if (!dump)
        return NULL;
    /* Escapes every "<", because inside <script> "</" would end the element and "<!--" would open a
     * comment. */
    struct string_builder text;
    string_builder_init(&text, 0);
    for (const char *at = dump; *at; at += *at == '<') {
        size_t plain = strcspn(at, "<");
        string_builder_append_bytes(&text, at, plain);
        at += plain;
        if (*at == '<')
            string_builder_append(&text, "\\u003c");
    }
    free(dump);
    const char *copy = arena_copy_bytes(shown->arena, text.data, text.length);
    string_builder_release(&text);
    return copy;
}
