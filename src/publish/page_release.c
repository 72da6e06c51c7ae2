/* SPDX-License-Identifier: MIT */
#include "publish/page.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "publish/event.h"
#include "publish/feed_entry.h"
#include "publish/site.h"
#include "publish/view.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "template/json_value.h"

#include <string.h>

enum { DESCRIPTION_MAXIMUM = 220 };

static const char *date_time(const struct site *site, struct arena *arena, const char *language,
                             int64_t at)
{
    return locale_date(site->settings->locale, arena, language, DATE_LONG_TIME, at);
}

static const struct release_contact *contacts_of(const struct site *site, const struct view *view)
{
    return view->release->contacts ? view->release->contacts : site->settings->newsroom->contacts;
}

static json_t *event_make(const struct site *site, struct arena *arena, const struct view *view)
{
    const struct release_event *event = view->release->event;
    if (!event)
        return NULL;
    json_t *context = json_object();
    json_set_text(context, "event_when", event_when(site, arena, view->language, event));
    json_set_text(context, "start_datetime", event_start(site, arena, event));
    json_set_text(context, "end_datetime", event_end(site, arena, event));
    json_set_text(context, "place", event->place);
    json_set_text(context, "calendar_url", arena_format(arena, "%sevent.ics", view->url));
    return context;
}

static json_t *topics_make(const struct site *site, struct arena *arena, const struct view *view)
{
    json_t *list = json_array();
    const char *cursor = view->topics;
    while (*cursor) {
        size_t length = strcspn(cursor, " ");
        const char *name = arena_copy_bytes(arena, cursor, length);
        const char *path = arena_format(arena, "topics/%s/", name);
        json_t *topic = json_object();
        json_set_text(topic, "topic_title", view_topic_title(view, arena, site, name));
        json_set_text(topic, "topic_url", site_list_url(site, arena, view->list_language, path));
        (void)json_array_append_new(list, topic);
        cursor += length + strspn(cursor + length, " ");
    }
    return list;
}

static json_t *versions_make(const struct site *site, struct arena *arena, const struct view *view)
{
    json_t *list = json_array();
    for (size_t i = 0; i < view->version_count; i++) {
        const struct view_version *version = &view->versions[i];
        /* The page does not offer itself. */
        if (version->row_id == view->row_id)
            continue;
        json_t *item = json_object();
        json_set_text(item, "version_language", version->language);
        json_set_text(item, "version_text",
                      site_string(site, version->language, "read_in_language"));
        json_set_text(item, "version_title", version->title);
        json_set_text(item, "version_url", site_url(site, arena, version->path));
        (void)json_array_append_new(list, item);
    }
    return list;
}

/* The first picture stands by itself; the others, and the documents, in lists. Pictures that the
 * lead and the body show where they belong are not shown again, but the first is, above it, unless
 * the text has it too. */
static void assets_set(json_t *context, const struct site *site, struct arena *arena,
                       const struct view *view)
{
    json_t *pictures = json_array();
    json_t *documents = json_array();
    json_t *first = NULL;
    for (size_t i = 0; i < view->asset_count; i++) {
        const struct view_asset *asset = &view->assets[i];
        if (asset->is_unreadable)
            continue;
        if (asset->asset->kind == RELEASE_DOCUMENT) {
            (void)json_array_append_new(documents,
                                        page_document(site, arena, asset, view->language));
            continue;
        }
        if (body_has_image(view->release->body, asset->asset->file))
            continue;
        json_t *picture = page_picture(site, arena, asset, view->language, false);
        if (!first)
            first = picture;
        else
            (void)json_array_append_new(pictures, picture);
    }
    json_set_value(context, "picture", first);
    json_set_list(context, "pictures", pictures);
    json_set_list(context, "documents", documents);
}

static void text_set(json_t *context, const struct site *site, struct arena *arena,
                     const struct view *view)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    view_write_lead(view, site, &text);
    json_set_text(context, "lead", text.length ? view->lead : NULL);
    json_set_text(context, "lead_html", text.length ? text.data : NULL);
    /* Lead and body share one buffer, which is large: the body begins behind the lead. */
    string_builder_append_character(&text, '\n');
    size_t start = text.length;
    view_write_body(view, site, true, release_lead_is_first_paragraph(arena, view->release), &text);
    const char *body = text.data + start;
    json_set_text(context, "body", *body ? body : NULL);
    assets_set(context, site, arena, view);
    string_builder_release(&text);
}

static json_t *article_make(struct site *site, struct arena *arena, const struct view *view)
{
    const struct page_head head = {
        .language = view->language,
        .title = view->title,
        .description = view->lead[0] ? wording_cut(arena, view->lead, DESCRIPTION_MAXIMUM) : NULL,
        .path = view->folder,
        .view = view,
    };
    json_t *context = page_context(site, arena, &head);
    const char *type_path = arena_format(arena, "types/%s/", view->type);
    json_set_text(context, "type", view->type);
    json_set_text(context, "type_name",
                  site_type_name(site, arena, view->language, view->type, false));
    json_set_text(context, "type_url", site_list_url(site, arena, view->list_language, type_path));
    json_set_text(context, "published", date_time(site, arena, view->language, view->public_at));
    json_set_text(context, "published_datetime", site_datetime(site, arena, view->public_at));
    json_set_text(context, "updated",
                  view->is_updated ? date_time(site, arena, view->language, view->updated_at)
                                   : NULL);
    json_set_text(context, "updated_datetime",
                  view->is_updated ? site_datetime(site, arena, view->updated_at) : NULL);
    json_set_text(context, "correction", view->correction);
    text_set(context, site, arena, view);
    json_set_list(context, "contacts",
                  page_contacts(arena, contacts_of(site, view), site->settings->newsroom->country));
    json_set_value(context, "event", event_make(site, arena, view));
    json_set_list(context, "topics", topics_make(site, arena, view));
    json_set_list(context, "versions", versions_make(site, arena, view));
    json_set_value(context, "graph", page_graph(site, arena, view));
    json_set_text(context, "json_ld", json_ld_write(site, arena, view));
    return context;
}

static json_t *notice_make(struct site *site, struct arena *arena, const struct view *view)
{
    const struct page_head head = {
        .language = view->language,
        .title = view->title,
        .path = view->folder,
        /* Search engines should forget what is withdrawn; the notice stays for those who have the
         * link. */
        .is_hidden = true,
        .view = view,
    };
    json_t *context = page_context(site, arena, &head);
    json_set_text(context, "type_name",
                  site_type_name(site, arena, view->language, view->type, false));
    json_set_text(context, "published", date_time(site, arena, view->language, view->public_at));
    json_set_text(context, "published_datetime", site_datetime(site, arena, view->public_at));
    json_set_text(context, "withdrawn", date_time(site, arena, view->language, view->withdrawn_at));
    json_set_text(context, "withdrawn_datetime", site_datetime(site, arena, view->withdrawn_at));
    json_set_text(context, "reason", view->reason);
    json_set_list(context, "contacts",
                  page_contacts(arena, contacts_of(site, view), site->settings->newsroom->country));
    return context;
}

bool page_write_release(struct site *site, struct arena *arena, const struct view *view,
                        struct string_builder *text, struct error *error)
{
    if (view->is_withdrawn)
        return page_render(site, "withdrawn", notice_make(site, arena, view), text, error);
    return page_render(site, "release", article_make(site, arena, view), text, error);
}

bool page_write_release_data(const struct site *site, struct arena *arena, const struct view *view,
                             struct string_builder *text, struct error *error)
{
    char content_hash[HASH_HEX_SIZE];
    char path_hash[HASH_HEX_SIZE];
    struct hash hash;
    hash_to_hex(&view->content_hash, content_hash);
    if (view->drop_path)
        hash_bytes(view->drop_path, strlen(view->drop_path), &hash);
    else
        hash = (struct hash){ { 0 } };
    hash_to_hex(&hash, path_hash);
    json_t *data = json_object();
    json_set_text(data, "id", view->public_id);
    json_set_text(data, "tag", feed_tag(arena, site, "release", view->public_id));
    json_set_text(data, "language", view->language);
    json_set_text(data, "translation_of", view->release->translation_of);
    json_set_text(data, "type", view->type);
    json_set_text(data, "title", view->title);
    json_set_text(data, "slug", view->slug);
    json_set_text(data, "published", site_datetime(site, arena, view->public_at));
    json_set_text(data, "updated",
                  zone_format_rfc3339(locale_context_zone(site->settings->locale), arena,
                                      /* With its fraction where there is one: recovery from public/
                                       * must give feeds the same instant again. */
                                      view->updated_at, view->updated_at % DURATION_SECOND != 0));
    json_set_text(data, "content_hash", content_hash);
    /* Hashed, because the name of a file in the drop directory is nobody's business outside, and
     * recovery needs only to compare it. */
    json_set_text(data, "path_hash", view->drop_path ? path_hash : NULL);
    json_set_text(data, "status", view->is_withdrawn ? "withdrawn" : "ready");
    json_set_text(data, "url", view->url);
    return json_write(data, text, error);
}
