/* SPDX-License-Identifier: MIT */
#include "publish/list.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "presentation/template_values.h"
#include "publish/feed_writer.h"
#include "publish/output.h"
#include "publish/page.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "template/json_value.h"
#include "xml/xml_writer.h"

/* A page that every language has. */
struct fixed_page {
    const char *path; /* below the language's folder */
    const char *title;
    const char *description; /* of the publisher */
    enum page_section section;
};

static struct page_head head_make(struct site *site, struct arena *arena, const char *language,
                                  const struct fixed_page *page)
{
    return (struct page_head){
        .language = language,
        .title = site_string(site, language, page->title),
        .description = strings_format(arena, site_string(site, language, page->description),
                                      "publisher", site->settings->newsroom->name, NULL),
        .path = site_list_path(site, arena, language, page->path),
        .section = page->section,
        .path_in_language = page->path,
    };
}

static bool contacts_put(struct site *site, struct output *output, struct arena *arena,
                         const char *language, struct error *error)
{
    static const struct fixed_page page = { "contacts/", "contacts_title", "contacts_description",
                                            PAGE_CONTACTS };
    const struct page_head head = head_make(site, arena, language, &page);
    json_t *context = page_context(site, arena, &head);
    const struct presentation_contacts contacts = presentation_contacts_of(
        arena, site->settings->newsroom->contacts, site->settings->newsroom->country);
    json_set_list(context, "contacts", presentation_contacts_value(&contacts));
    return page_hand_over(site, output, "contacts", context, head.path, error);
}

/* ---- what feeds there are ---- */

static void part_append(struct string_builder *text, const char *part)
{
    if (text->length)
        string_builder_append(text, " · ");
    string_builder_append(text, part);
}

/* "Pressemeddelelser · Dansk · Sundhed" */
static const char *selection_of(const struct site *site, struct arena *arena,
                                const struct feed *feed, const char *language)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    for (const struct feed_name *type = feed->types; type; type = type->next)
        part_append(&text, site_type_name(site, arena, language, type->name, true));
    for (const struct feed_name *name = feed->languages; name; name = name->next)
        part_append(&text, strings_has_language(site->settings->strings, name->name)
                               ? site_string(site, name->name, "language_name")
                               : language_name(arena, name->name, language));
    for (const struct feed_name *topic = feed->topics; topic; topic = topic->next)
        part_append(&text, site_topic_title(site, arena, language, topic->name, NULL));
    if (!text.length)
        string_builder_append(&text, site_string(site, language, "feed_everything"));
    const char *copy = arena_copy(arena, text.data);
    string_builder_release(&text);
    return copy;
}

static json_t *feeds_make(const struct site *site, struct arena *arena, const char *language)
{
    json_t *feeds = json_array();
    for (const struct feed *feed = site->settings->feeds; feed; feed = feed->next) {
        json_t *item = json_object();
        json_t *formats = json_array();
        for (size_t i = 0; i < feed_format_count; i++) {
            const struct feed_format_row *row = &feed_formats[i];
            if (!(feed->formats & row->format))
                continue;
            json_t *format = json_object();
            json_set_text(format, "format_name", row->name);
            json_set_text(format, "format_url",
                          arena_format(arena, "%sfeeds/%s.%s", site->presentation.home, feed->id,
                                       row->extension));
            json_set_text(format, "format_type", row->media_type);
            (void)json_array_append_new(formats, format);
        }
        json_set_text(item, "feed_id", feed->id);
        json_set_text(item, "feed_title", site_feed_title(site, feed, language));
        json_set_text(item, "feed_selection", selection_of(site, arena, feed, language));
        json_set_value(item, "formats", formats);
        (void)json_array_append_new(feeds, item);
    }
    return feeds;
}

static bool feeds_put(struct site *site, struct output *output, struct arena *arena,
                      const char *language, struct error *error)
{
    static const struct fixed_page page = { "feeds/", "feeds_title", "feeds_description",
                                            PAGE_FOLLOW };
    const struct page_head head = head_make(site, arena, language, &page);
    json_t *context = page_context(site, arena, &head);
    json_set_list(context, "feeds", feeds_make(site, arena, language));
    json_set_text(context, "opml_url", site_url(site, arena, "feeds.opml"));
    return page_hand_over(site, output, "feeds", context, head.path, error);
}

/* OPML 2.0 (http://opml.org/spec2.opml): type is rss for Atom as well. No dates: the file changes
 * with the feeds alone. */
static bool opml_put(struct site *site, struct output *output, struct arena *arena,
                     struct error *error)
{
    struct string_builder text;
    struct xml_writer *xml = xml_open(XML_INDENTED, 0);
    string_builder_init(&text, 0);
    xml_start(xml, "opml");
    xml_attribute(xml, "version", "2.0");
    xml_start(xml, "head");
    xml_element(xml, "title", site->settings->newsroom->name);
    xml_end(xml);
    xml_start(xml, "body");
    for (const struct feed *feed = site->settings->feeds; feed; feed = feed->next) {
        const char *media_type = NULL;
        const char *language = feed_language(feed, site->settings->newsroom->language);
        const char *url = feed_format_url(site, arena, feed, &media_type);
        /* A feed that has no format has no address to put in a reader. */
        if (!url)
            continue;
        const char *title = site_feed_title(site, feed, language);
        xml_start(xml, "outline");
        xml_attribute(xml, "type", "rss");
        xml_attribute(xml, "text", title);
        xml_attribute(xml, "title", title);
        xml_attribute(xml, "xmlUrl", url);
        xml_attribute(xml, "htmlUrl", site_list_url(site, arena, language, ""));
        xml_attribute(xml, "language", language);
        xml_end(xml);
    }
    xml_end(xml);
    xml_end(xml);
    bool done = xml_close(xml, &text, error) &&
                output_put_text(output, "feeds.opml", OUTPUT_FEED, text.data, text.length, error);
    string_builder_release(&text);
    return done;
}

static bool robots_put(struct site *site, struct output *output, struct arena *arena,
                       struct error *error)
{
    const char *robots = arena_format(arena, "User-agent: *\nAllow: /\nSitemap: %ssitemap.xml\n",
                                      site->presentation.home);
    struct string_builder text;
    string_builder_init(&text, 0);
    string_builder_append(&text, robots);
    bool done = output_put_text(output, "robots.txt", OUTPUT_LIST, text.data, text.length, error);
    string_builder_release(&text);
    return done;
}

static bool not_found_put(struct site *site, struct output *output, struct arena *arena,
                          const char *language, struct error *error)
{
    const struct page_head head = {
        .language = language,
        .title = site_string(site, language, "not_found_title"),
        .path = site_list_path(site, arena, language, "404.html"),
        /* Hidden from search engines, because a page that reports a missing page is no result. */
        .is_hidden = true,
    };
    return page_hand_over(site, output, "not-found", page_context(site, arena, &head), head.path,
                          error);
}

static bool fixed_write(struct site *site, struct output *output, const struct list *list,
                        struct arena *arena, struct error *error)
{
    (void)list;
    for (size_t i = 0; i < site->language_count; i++)
        if (!contacts_put(site, output, arena, site->languages[i], error) ||
            !feeds_put(site, output, arena, site->languages[i], error) ||
            !not_found_put(site, output, arena, site->languages[i], error))
            return false;
    return opml_put(site, output, arena, error) && robots_put(site, output, arena, error);
}

const struct list_output list_output_fixed = {
    .name = "fixed",
    .scope = LIST_OF_SETTINGS,
    .write = fixed_write,
};
