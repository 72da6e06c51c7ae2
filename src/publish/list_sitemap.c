/* SPDX-License-Identifier: MIT */
#include "publish/list.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "publish/output.h"
#include "publish/site.h"
#include "xml/xml_writer.h"

#include <string.h>

/* Far below what is allowed (50,000): a new release rewrites one part. */
enum { PART_ADDRESSES = 1000 };

static const char namespace[] = "http://www.sitemaps.org/schemas/sitemap/0.9";

static void url_write(struct xml_writer *xml, const char *element, const char *url,
                      const char *changed)
{
    xml_start(xml, element);
    xml_element(xml, "loc", url);
    xml_element(xml, "lastmod", changed);
    xml_end(xml);
}

static bool map_put(struct xml_writer *xml, struct output *output, const char *path,
                    struct error *error)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    bool done = xml_close(xml, &text, error) &&
                output_put_text(output, path, OUTPUT_LIST, text.data, text.length, error);
    string_builder_release(&text);
    return done;
}

/* One part: count addresses from the offset on; *count becomes how many there were. */
static bool part_put(struct site *site, struct output *output, const struct list *list,
                     int64_t number, int64_t *count, struct error *error)
{
    struct arena arena = { 0 };
    struct statement *statement = database_prepare(
        site->database,
        "SELECT c.path, c.updated_at FROM publish_member m CROSS JOIN publish_card c"
        " WHERE m.list = $1 AND (m.at, m.row_id) >="
        " (SELECT at, row_id FROM publish_member WHERE list = $1"
        " ORDER BY at, row_id LIMIT 1 OFFSET $2)"
        " AND c.row_id = m.row_id ORDER BY m.at, m.row_id LIMIT $3",
        error);
    statement_bind_text(statement, 1, list->name);
    statement_bind_integer(statement, 2, (number - 1) * PART_ADDRESSES);
    statement_bind_integer(statement, 3, PART_ADDRESSES);
    struct xml_writer *xml = xml_open(XML_INDENTED, 0);
    xml_start(xml, "urlset");
    xml_attribute(xml, "xmlns", namespace);
    enum statement_result result;
    *count = 0;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        url_write(xml, "url", site_url(site, &arena, statement_text(statement, 0)),
                  instant_format_utc(&arena, statement_integer(statement, 1)));
        ++*count;
    }
    xml_end(xml);
    const char *path = arena_format(&arena, "sitemap-%s-%lld.xml", list->subject,
                                    (long long)number);
    bool done = result == STATEMENT_DONE;
    if (done && *count)
        done = map_put(xml, output, path, error);
    else
        xml_drop(xml);
    arena_release(&arena);
    return done;
}

static bool sitemap_write(struct site *site, struct output *output, const struct list *list,
                          struct arena *arena, struct error *error)
{
    int64_t unchanged = 0;
    if (!list_count(site, list->name, list->from_at, &unchanged, error))
        return false;
    const char *prefix = arena_format(arena, "sitemap-%s-", list->subject);
    /* Parts hold the oldest addresses first, so a new release touches the last one alone. */
    int64_t number = output_keep_numbered(output, prefix, ".xml", unchanged / PART_ADDRESSES) + 1;
    int64_t count = PART_ADDRESSES;
    bool done = true;
    /* Behind a full part there may be a further one; an empty part writes no file. */
    for (; done && count == PART_ADDRESSES; number++)
        done = part_put(site, output, list, number, &count, error);
    return done;
}

static void sitemap_find(struct string_builder *names, const struct site *site,
                         const struct list_entry *entry)
{
    (void)site;
    if (!entry->release->is_withdrawn)
        string_builder_append_format(names, "sitemap:%.4s\n", entry->month);
}

const struct list_output list_output_sitemap = {
    .name = "sitemap",
    .scope = LIST_OF_RELEASES,
    .find = sitemap_find,
    .write = sitemap_write,
};

/* ---- what is no release ---- */

/* Addresses of the pages of one kind of list. */
static bool lists_put(struct xml_writer *xml, struct site *site, struct arena *arena,
                      const struct list_output *list, struct error *error)
{
    struct name_list names;
    if (!list_names_in_use(site, arena, arena_format(arena, "%s:", list->name), &names, error))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        const char *language = names.names[i] + strlen(list->name) + 1;
        size_t length = strcspn(language, ":");
        const char *path = arena_format(arena, "%s/%s/", list->folder, language + length + 1);
        url_write(xml, "url",
                  site_list_url(site, arena, arena_copy_bytes(arena, language, length), path),
                  NULL);
    }
    return true;
}

static bool pages_put(struct site *site, struct output *output, struct arena *arena,
                      struct error *error)
{
    static const char *const fixed[] = { "", "media/", "contacts/", "feeds/" };
    struct xml_writer *xml = xml_open(XML_INDENTED, 0);
    xml_start(xml, "urlset");
    xml_attribute(xml, "xmlns", namespace);
    for (size_t i = 0; i < site->language_count; i++)
        for (size_t j = 0; j < sizeof fixed / sizeof fixed[0]; j++)
            url_write(xml, "url", site_list_url(site, arena, site->languages[i], fixed[j]), NULL);
    bool done = true;
    for (const struct list_output *const *list = site->lists; done && *list; list++)
        done = !(*list)->folder || lists_put(xml, site, arena, *list, error);
    xml_end(xml);
    return map_put(xml, output, "sitemap-pages.xml", error) && done;
}

static bool index_put(struct site *site, struct output *output, struct arena *arena,
                      struct error *error)
{
    struct name_list names;
    if (!list_names_in_use(site, arena, "sitemap:", &names, error))
        return false;
    struct xml_writer *xml = xml_open(XML_INDENTED, 0);
    bool done = true;
    xml_start(xml, "sitemapindex");
    xml_attribute(xml, "xmlns", namespace);
    url_write(xml, "sitemap", site_url(site, arena, "sitemap-pages.xml"), NULL);
    /* The newest year first: crawlers that stop early have seen what is new. */
    for (size_t i = names.count; done && i-- > 0;) {
        const char *year = names.names[i] + strlen("sitemap:");
        int64_t count = 0;
        done = list_count(site, names.names[i], INT64_MAX, &count, error);
        for (int64_t part = 1; (part - 1) * PART_ADDRESSES < count; part++)
            url_write(xml, "sitemap",
                      site_url(site, arena,
                               arena_format(arena, "sitemap-%s-%lld.xml", year, (long long)part)),
                      NULL);
    }
    xml_end(xml);
    return map_put(xml, output, "sitemap.xml", error) && done;
}

static bool index_write(struct site *site, struct output *output, const struct list *list,
                        struct arena *arena, struct error *error)
{
    (void)list;
    return pages_put(site, output, arena, error) && index_put(site, output, arena, error);
}

const struct list_output list_output_sitemap_index = {
    .name = "sitemap",
    .scope = LIST_OF_LISTS,
    .write = index_write,
};
