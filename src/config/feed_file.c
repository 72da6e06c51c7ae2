/* SPDX-License-Identifier: MIT */
#include "config/loading.h"

#include "base/arena.h"
#include "base/file.h"
#include "feed/feed_format.h"
#include "locale/locale.h"
#include "release/release.h"

#include <string.h>

enum { ENTRIES_DEFAULT = 20, ENTRIES_MAXIMUM = 1000 };

static const struct feed_name *read_names(struct loading *loading, const struct yaml_node *select,
                                          const char *key)
{
    const struct yaml_node *item = NULL;
    const struct feed_name *first = NULL;
    const struct feed_name **link = &first;
    bool is_language = strcmp(key, "language") == 0;
    (void)yaml_read_list(loading->problems, select, key, &item);
    for (; item; item = item->next) {
        const char *name = item->text;
        if (is_language)
            name = language_canonical(loading->arena, item->text);
        else if (!release_name_is_valid(name))
            name = NULL;
        if (!name) {
            error_list_add(loading->problems, item->line,
                           is_language ? "“%s” is no language code" ERROR_ADVICE
                                         "write one like da or en"
                                       : "“%s” is no name; write a–z, 0–9 and hyphens, like "
                                         "press-release",
                           item->text);
            continue;
        }
        struct feed_name *entry = arena_allocate(loading->arena, sizeof *entry);
        entry->name = name;
        *link = entry;
        link = &entry->next;
    }
    return first;
}

static void read_select(struct loading *loading, const struct yaml_node *root, struct feed *feed)
{
    static const char *const keys[] = { "type", "language", "topics", NULL };
    const struct yaml_node *select = NULL;
    if (!yaml_read_mapping(loading->problems, root, "select", &select))
        return;
    yaml_check_keys(loading->problems, select, keys, NULL);
    feed->types = read_names(loading, select, "type");
    feed->languages = read_names(loading, select, "language");
    feed->topics = read_names(loading, select, "topics");
}

static unsigned read_formats(struct loading *loading, const struct yaml_node *root)
{
    const struct yaml_node *item = NULL;
    const char *known = feed_format_list(loading->arena);
    unsigned all = 0;
    unsigned formats = 0;
    for (size_t i = 0; i < feed_format_count; i++)
        all |= feed_formats[i].format;
    if (!yaml_read_list(loading->problems, root, "formats", &item))
        return all;
    if (!item)
        yaml_problem(loading->problems, root, "formats", "“formats” is empty; write some of %s",
                     known);
    for (; item; item = item->next) {
        unsigned format = feed_format_find(item->text);
        if (!format)
            error_list_add(loading->problems, item->line,
                           "“%s” in “formats”" ERROR_ADVICE "write some of %s", item->text, known);
        formats |= format;
    }
    return formats;
}

static void read_feed(struct loading *loading, const struct yaml_node *root, struct feed *feed)
{
    static const char *const keys[] = { "title", "select", "formats", "entries", "signup", NULL };
    static const char *const choices[] = { "open", "closed", NULL };
    int64_t entries = ENTRIES_DEFAULT;
    int signup = 0;
    yaml_check_keys(loading->problems, root, keys, NULL);
    if (!yaml_get(root, "title"))
        yaml_problem(loading->problems, root, "title",
                     "“title” is missing; write what people are to call this feed");
    (void)yaml_read_localized(loading->problems, root, "title", loading->config->newsroom.language,
                              &feed->title);
    read_select(loading, root, feed);
    feed->formats = read_formats(loading, root);
    (void)yaml_read_integer(loading->problems, root, "entries", 1, ENTRIES_MAXIMUM, &entries);
    (void)yaml_read_choice(loading->problems, root, "signup", choices, &signup);
    feed->entries = (int)entries;
    feed->signup_open = signup == 0;
}

static void refuse_other_endings(struct loading *loading, const char *directory)
{
    const char *const *files = loading_list(loading, directory, ".yml");
    for (; *files; files++) {
        loading->problems->file = arena_format(loading->arena, "feeds/%s.yml", *files);
        error_list_add(loading->problems, 0,
                       "is not read" ERROR_ADVICE "rename it so that it ends in .yaml");
    }
}

void loading_feeds(struct loading *loading)
{
    const char *directory = file_join(loading->arena, loading->directory, "feeds");
    const char *const *files = loading_list(loading, directory, ".yaml");
    struct feed *first = NULL;
    struct feed *last = NULL;
    for (; *files; files++) {
        const char *name = arena_format(loading->arena, "feeds/%s.yaml", *files);
        const char *path = arena_format(loading->arena, "%s/%s.yaml", directory, *files);
        const struct yaml_node *root = loading_read_yaml(loading, path, name);
        if (!release_name_is_valid(*files))
            error_list_add(loading->problems, 0,
                           "the name of the file becomes the feed's address" ERROR_ADVICE
                           "rename it, with a–z, 0–9 "
                           "and hyphens only");
        if (!root)
            continue;
        struct feed *feed = arena_allocate(loading->arena, sizeof *feed);
        feed->id = *files;
        read_feed(loading, root, feed);
        if (last)
            last->next = feed;
        else
            first = feed;
        last = feed;
    }
    refuse_other_endings(loading, directory);
    loading->problems->file = "feeds/";
    if (!first && loading->problems->count == 0)
        error_list_add(loading->problems, 0,
                       "holds no feed" ERROR_ADVICE
                       "make a file like feeds/news.yaml with “title: News”");
    loading->config->feeds = first;
}
