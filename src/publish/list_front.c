/* SPDX-License-Identifier: MIT */
#include "publish/list.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "locale/locale.h"
#include "presentation/template_values.h"
#include "publish/card.h"
#include "publish/output.h"
#include "publish/page.h"
#include "publish/pager.h"
#include "publish/present.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "template/json_value.h"

#include <string.h>

enum { FRONT_CARDS = 11, FRONT_EVENTS = 6, MEDIA_PAGE = 12 };

/* ---- front page ---- */

/* Not over yet, the soonest first; one without an end is over when it begins. */
static bool events_set(json_t *context, const struct site *site, struct arena *arena,
                       const char *language, struct error *error)
{
    json_t *events = json_array();
    struct statement *statement = database_prepare(
        site->database,
        "SELECT c.title, c.path, c.start_at, c.end_at, c.place, c.is_all_day FROM publish_card c"
        /* From the events on, because few releases have one and a front page has all releases. */
        " CROSS JOIN publish_member m WHERE c.start_at IS NOT NULL AND c.is_withdrawn = 0"
        " AND COALESCE(c.end_at, c.start_at) > $1 AND m.list = $2 AND m.at = c.public_at"
        " AND m.row_id = c.row_id ORDER BY c.start_at, c.row_id LIMIT $3",
        error);
    statement_bind_integer(statement, 1, site->now_at);
    statement_bind_text(statement, 2, arena_format(arena, "front:%s", language));
    statement_bind_integer(statement, 3, FRONT_EVENTS);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        const struct release_event span = { .start_at = statement_integer(statement, 2),
                                            .end_at = statement_integer(statement, 3),
                                            .is_all_day = statement_integer(statement, 5) != 0 };
        struct presentation_event words;
        presentation_tell_event(&site->presentation, arena, language, &span, &words);
        json_t *event = json_object();
        json_set_text(event, "event_title", statement_text(statement, 0));
        json_set_text(event, "event_url", site_url(site, arena, statement_text(statement, 1)));
        json_set_text(event, "event_when", words.when);
        json_set_text(event, "start_datetime", words.start);
        json_set_text(event, "place", statement_text(statement, 4));
        (void)json_array_append_new(events, event);
    }
    json_set_list(context, "events", events);
    return result == STATEMENT_DONE;
}

static bool topics_set(json_t *context, const struct site *site, struct arena *arena,
                       const char *language, struct error *error)
{
    struct name_list names;
    const char *prefix = arena_format(arena, "topic:%s:", language);
    if (!list_names_in_use(site, arena, prefix, &names, error))
        return false;
    json_t *topics = json_array();
    bool done = true;
    for (size_t i = 0; done && i < names.count; i++) {
        const char *name = names.names[i] + strlen(prefix);
        int64_t count = 0;
        done = list_count(site, names.names[i], INT64_MAX, &count, error);
        json_t *topic = json_object();
        const char *title;
        done = done && list_topic_title(site, arena, names.names[i], &title, error);
        json_set_text(topic, "topic_title", done ? title : "");
        json_set_text(
            topic, "topic_url",
            site_list_url(site, arena, language, arena_format(arena, "topics/%s/", name)));
        json_set_text(topic, "topic_count", list_count_text(site, arena, language, count));
        (void)json_array_append_new(topics, topic);
    }
    json_set_list(context, "topics", topics);
    return done;
}

/* Links to lists of one kind that have entries, from their names. */
static bool links_set(json_t *context, const struct site *site, struct arena *arena,
                      const char *language, bool is_years, struct error *error)
{
    struct name_list names;
    const char *prefix = arena_format(arena, is_years ? "year:%s:" : "type:%s:", language);
    if (!list_names_in_use(site, arena, prefix, &names, error))
        return false;
    json_t *links = json_array();
    for (size_t i = 0; i < names.count; i++) {
        /* Years from the newest on, types in the order of their names. */
        const char *list = names.names[is_years ? names.count - 1 - i : i];
        const char *name = list + strlen(prefix);
        const char *path = arena_format(arena, is_years ? "releases/%s/" : "types/%s/", name);
        json_t *link = json_object();
        json_set_text(link, is_years ? "year_title" : "types_title",
                      is_years ? name : site_type_name(site, arena, language, name, true));
        json_set_text(link, is_years ? "year_url" : "types_url",
                      site_list_url(site, arena, language, path));
        (void)json_array_append_new(links, link);
    }
    json_set_list(context, is_years ? "years" : "types", links);
    return true;
}

static bool front_write(struct site *site, struct output *output, const struct list *list,
                        struct arena *arena, struct error *error)
{
    struct card_list cards;
    struct list shown = *list;
    /* Withdrawn releases are left out, because the front page recommends what it shows. */
    shown.without_withdrawn = true;
    const char *language = list->language;
    const char *publisher = site->settings->newsroom->name;
    if (!list_newest(site, arena, &shown, FRONT_CARDS, &cards, error))
        return false;
    const struct page_head head = {
        .language = language,
        .title = strings_format(arena, site_string(site, language, "front_title"), "publisher",
                                publisher, NULL),
        .description = strings_format(arena, site_string(site, language, "front_description"),
                                      "publisher", publisher, NULL),
        .path = site_list_path(site, arena, language, ""),
        .section = PAGE_FRONT,
        .path_in_language = "",
    };
    json_t *context = page_context(site, arena, &head);
    json_set_value(context, "newest",
                   cards.count ? page_card(site, arena, cards.cards[0], language) : NULL);
    json_set_list(context, "cards", list_cards(site, arena, &cards, 1, language));
    if (!events_set(context, site, arena, language, error) ||
        !topics_set(context, site, arena, language, error) ||
        !links_set(context, site, arena, language, false, error) ||
        !links_set(context, site, arena, language, true, error)) {
        json_decref(context);
        return false;
    }
    return page_hand_over(site, output, "front", context, head.path, error);
}

static void front_find(struct string_builder *names, const struct site *site,
                       const struct list_entry *entry)
{
    (void)site;
    string_builder_append_format(names, "front:%s\n", entry->language);
}

const struct list_output list_output_front = {
    .name = "front",
    .scope = LIST_OF_LANGUAGE,
    .has_language = true,
    .find = front_find,
    .write = front_write,
};

/* ---- media ---- */

static void media_add(json_t *pictures, json_t *documents, const struct site *site,
                      struct arena *arena, const struct presentation *presentation,
                      const char *language)
{
    for (size_t i = 0; i < presentation->file_count; i++) {
        const struct presentation_file *file = &presentation->files[i];
        if (file->is_unreadable)
            continue;
        json_t *item = file->is_picture ? page_picture(site, arena, file, language, true)
                                        : presentation_document_value(&site->presentation, arena,
                                                                      file, language);
        json_set_text(item, "release_title", presentation->title);
        json_set_text(item, "release_url", presentation->url);
        (void)json_array_append_new(file->is_picture ? pictures : documents, item);
    }
}

static bool media_page_write(struct site *site, struct output *output, const struct list_page *page,
                             struct error *error)
{
    struct arena arena = { 0 };
    const char *language = page->list->language;
    json_t *pictures = json_array();
    json_t *documents = json_array();
    const char *title = site_string(site, language, "media_title");
    bool failed = false;
    for (size_t i = 0; !failed && i < page->entries->count; i++) {
        const struct presentation *presentation = present_load(
            &arena, site, page->entries->cards[i]->row_id, &failed, error);
        /* A release that is public but cannot be read now costs its own pictures, not the page. */
        if (presentation)
            media_add(pictures, documents, site, &arena, presentation, language);
    }
    const struct page_head head = {
        .language = language,
        .title = pager_title(site, &arena, page, title),
        .description = strings_format(&arena, site_string(site, language, "media_description"),
                                      "publisher", site->settings->newsroom->name, NULL),
        .path = page->path,
        .section = PAGE_MEDIA,
        /* Numbered pages have no counterpart in the other languages, whose lists are cut
         * elsewhere. */
        .path_in_language = page->number ? NULL : "media/",
    };
    json_t *context = page_context(site, &arena, &head);
    json_set_list(context, "media_pictures", pictures);
    json_set_list(context, "media_documents", documents);
    pager_set(context, site, &arena, page, title);
    bool done = !failed;
    if (done)
        done = page_hand_over(site, output, "media", context, page->path, error);
    else
        json_decref(context);
    arena_release(&arena);
    return done;
}

static bool media_write(struct site *site, struct output *output, const struct list *list,
                        struct arena *arena, struct error *error)
{
    const struct list_paging paging = {
        .path = site_list_path(site, arena, list->language, "media/"),
        .page_size = MEDIA_PAGE,
        .keep_empty = true,
        .write = media_page_write,
    };
    return list_write_pages(site, output, list, &paging, error);
}

/* Documents count too; a picture that could not be read is passed over when the page is written. */
static void media_find(struct string_builder *names, const struct site *site,
                       const struct list_entry *entry)
{
    (void)site;
    if (!entry->release->is_withdrawn && entry->release->file_count)
        string_builder_append_format(names, "media:%s\n", entry->language);
}

const struct list_output list_output_media = {
    .name = "media",
    .scope = LIST_OF_LANGUAGE,
    .has_language = true,
    .find = media_find,
    .write = media_write,
};
