/* SPDX-License-Identifier: MIT */
#include "publish/page.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "presentation/presentation.h"
#include "presentation/template_values.h"
#include "publish/site.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "template/json_value.h"

#include <string.h>

enum { DESCRIPTION_MAXIMUM = 220 };

static json_t *topics_make(const struct presentation *shown)
{
    json_t *list = json_array();
    for (size_t i = 0; i < shown->topic_count; i++) {
        json_t *topic = json_object();
        json_set_text(topic, "topic_title", shown->topics[i].title);
        json_set_text(topic, "topic_url", shown->topics[i].url);
        (void)json_array_append_new(list, topic);
    }
    return list;
}

static json_t *versions_make(const struct presentation *shown)
{
    json_t *list = json_array();
    for (size_t i = 0; i < shown->version_count; i++) {
        const struct presentation_version *version = &shown->versions[i];
        /* The page does not offer itself. */
        if (version->row_id == shown->row_id)
            continue;
        json_t *item = json_object();
        json_set_text(item, "version_language", version->language);
        json_set_text(item, "version_text", version->invite);
        json_set_text(item, "version_title", version->title);
        json_set_text(item, "version_url", version->url);
        (void)json_array_append_new(list, item);
    }
    return list;
}

/* Open Graph of an article. */
static json_t *graph_make(const struct presentation *shown)
{
    const struct presentation_file *picture = presentation_first_picture(shown);
    const char *alt = picture ? picture->asset->alt : NULL;
    json_t *graph = json_object();
    json_set_text(graph, "graph_type", "article");
    json_set_text(graph, "graph_locale", language_with_country(shown->arena, shown->language));
    json_set_text(graph, "image_url", picture ? picture->web.url : NULL);
    json_set_number(graph, "image_width", picture ? picture->web.width : 0);
    json_set_number(graph, "image_height", picture ? picture->web.height : 0);
    json_set_text(graph, "image_alt", picture && !alt ? "" : alt);
    json_set_text(graph, "published_datetime", shown->published_datetime);
    json_set_text(graph, "updated_datetime", shown->is_updated ? shown->updated_datetime : NULL);
    return graph;
}

/* The first picture stands by itself; the others, and the documents, in lists. Pictures that the
 * lead and the body show where they belong are not shown again, but the first is, above it, unless
 * the text has it too. */
static void files_set(json_t *context, const struct site *site, const struct presentation *shown)
{
    struct arena *arena = shown->arena;
    json_t *pictures = json_array();
    json_t *documents = json_array();
    json_t *first = NULL;
    for (size_t i = 0; i < shown->file_count; i++) {
        const struct presentation_file *file = &shown->files[i];
        if (file->is_unreadable || file->is_in_text)
            continue;
        json_t *item = file->is_picture ? page_picture(site, arena, file, shown->language, false)
                                        : presentation_document_value(&site->presentation, arena,
                                                                      file, shown->language);
        if (file->is_picture && !first)
            first = item;
        else
            (void)json_array_append_new(file->is_picture ? pictures : documents, item);
    }
    json_set_value(context, "picture", first);
    json_set_list(context, "pictures", pictures);
    json_set_list(context, "documents", documents);
}

static void text_set(json_t *context, const struct presentation *shown)
{
    struct string_builder text;
    struct presentation_form form = { .medium = PRESENTATION_PAGE };
    string_builder_init(&text, 0);
    presentation_write(shown, &form, shown->lead_paragraph, &text);
    json_set_text(context, "lead", text.length ? shown->lead : NULL);
    json_set_text(context, "lead_html", text.length ? text.data : NULL);
    /* Lead and body share one buffer, which is large: the body begins behind the lead. */
    string_builder_append_character(&text, '\n');
    size_t start = text.length;
    form.skip_first_paragraph = shown->lead_is_first_paragraph;
    presentation_write(shown, &form, shown->release->body, &text);
    const char *body = text.data + start;
    json_set_text(context, "body", *body ? body : NULL);
    string_builder_release(&text);
}

/* What a page and a notice both say. */
static json_t *context_make(struct site *site, const struct presentation *shown,
                            const struct page_head *head)
{
    const char *language = shown->language;
    json_t *context = page_context(site, shown->arena, head);
    json_set_text(context, "type_name", presentation_type_name(shown, language));
    json_set_text(context, "published", presentation_date(shown, language, shown->public_at));
    json_set_text(context, "published_datetime", shown->published_datetime);
    json_set_list(context, "contacts", presentation_contacts_value(&shown->contacts));
    return context;
}

static json_t *article_make(struct site *site, const struct presentation *shown)
{
    struct arena *arena = shown->arena;
    const char *lead = shown->lead;
    const char *language = shown->language;
    bool is_updated = shown->is_updated;
    const struct page_head head = {
        .language = language,
        .title = shown->title,
        .description = lead[0] ? wording_cut(arena, lead, DESCRIPTION_MAXIMUM) : NULL,
        .path = shown->folder,
        .presentation = shown,
    };
    json_t *context = context_make(site, shown, &head);
    json_set_text(context, "type", shown->type);
    json_set_text(context, "type_url",
                  site_list_url(site, arena, shown->list_language,
                                arena_format(arena, "types/%s/", shown->type)));
    json_set_text(context, "updated",
                  is_updated ? presentation_date(shown, language, shown->updated_at) : NULL);
    json_set_text(context, "updated_datetime", is_updated ? shown->updated_datetime : NULL);
    json_set_text(context, "correction", shown->correction);
    json_set_text(context, "plain_text_url",
                  arena_format(arena, "%s" PRESENTATION_PLAIN_TEXT, shown->url));
    text_set(context, shown);
    files_set(context, site, shown);
    json_set_value(context, "event", presentation_event_value(shown->event));
    json_set_list(context, "topics", topics_make(shown));
    json_set_list(context, "versions", versions_make(shown));
    json_set_value(context, "graph", graph_make(shown));
    json_set_text(context, "json_ld", json_ld_write(shown));
    return context;
}

static json_t *notice_make(struct site *site, const struct presentation *shown)
{
    const struct page_head head = {
        .language = shown->language,
        .title = shown->title,
        .path = shown->folder,
        /* Search engines should forget what is withdrawn; the notice stays for those who have the
         * link. */
        .is_hidden = true,
        .presentation = shown,
    };
    json_t *context = context_make(site, shown, &head);
    json_set_text(context, "withdrawn",
                  presentation_date(shown, shown->language, shown->withdrawn_at));
    json_set_text(context, "withdrawn_datetime", shown->withdrawn_datetime);
    json_set_text(context, "reason", shown->reason);
    return context;
}

bool page_write_release(struct site *site, const struct presentation *shown,
                        struct string_builder *text, struct error *error)
{
    return shown->is_withdrawn
               ? page_render(site, "withdrawn", notice_make(site, shown), text, error)
               : page_render(site, "release", article_make(site, shown), text, error);
}

bool page_write_release_data(struct site *site, const struct presentation *shown,
                             struct string_builder *text, struct error *error)
{
    char content_hash[HASH_HEX_SIZE];
    char path_hash[HASH_HEX_SIZE] = "";
    struct hash hash;
    hash_to_hex(&shown->content_hash, content_hash);
    if (shown->drop_path) {
        hash_bytes(shown->drop_path, strlen(shown->drop_path), &hash);
        hash_to_hex(&hash, path_hash);
    }
    (void)site;
    json_t *data = json_object();
    json_set_text(data, "id", shown->public_id);
    json_set_text(data, "tag", shown->tag);
    json_set_text(data, "language", shown->language);
    json_set_text(data, "translation_of", shown->release->translation_of);
    json_set_text(data, "type", shown->type);
    json_set_text(data, "title", shown->title);
    json_set_text(data, "slug", shown->slug);
    json_set_text(data, "published", shown->published_datetime);
    json_set_text(data, "updated",
                  zone_format_rfc3339(locale_context_zone(shown->settings->locale), shown->arena,
                                      /* With its fraction where there is one: recovery from public/
                                       * must give feeds the same instant again. */
                                      shown->updated_at, shown->updated_at % DURATION_SECOND != 0));
    json_set_text(data, "content_hash", content_hash);
    /* Hashed, because the name of a file in the drop directory is nobody's business outside, and
     * recovery needs only to compare it. */
    json_set_text(data, "path_hash", shown->drop_path ? path_hash : NULL);
    json_set_text(data, "status", shown->is_withdrawn ? "withdrawn" : "ready");
    json_set_text(data, "url", shown->url);
    return json_write(data, text, error);
}
