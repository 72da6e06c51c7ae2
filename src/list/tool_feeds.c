/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/error.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The name that stands for everybody in the file. */
static const char everybody[] = "*";

static bool is_for_everybody(const struct list_map *map)
{
    return strcmp(map->name, everybody) == 0;
}

void list_tool_feed_add(struct list_tool_reader *reader, const char *feed)
{
    struct string_builder *feeds = &reader->values[LIST_FEEDS];
    const char *there = feeds->length ? feeds->data : "";
    size_t length = strlen(feed);
    while (*there) {
        size_t word = strcspn(there, " ");
        if (word == length && strncasecmp(there, feed, length) == 0)
            return;
        there += word + (there[word] == ' ');
    }
    if (feeds->length)
        string_builder_append_character(feeds, ' ');
    for (; *feed; feed++)
        string_builder_append_character(feeds, (char)tolower((unsigned char)*feed));
}

bool list_tool_feeds_check(const struct list_tool_reader *reader, struct error *error)
{
    const struct list_settings *settings = &reader->settings;
    const char *name = NULL;
    for (size_t i = 0; i < settings->list_count; i++) {
        const struct list_map *map = &settings->lists[i];
        if (is_for_everybody(map))
            continue;
        if (name && strcasecmp(name, map->name) != 0)
            return error_set(
                error, ERROR_INPUT,
                "the file does not say who is on \"%.80s\" and who on \"%.80s\"" ERROR_ADVICE
                "import one list at a time, with its --map-list",
                name, map->name);
        name = map->name;
    }
    if (settings->list_count == 0)
        list_tool_note(reader, 1,
                       "the file names no list: who comes in follows every feed that is open; "
                       "--map-list NAME=FEED says which");
    return true;
}

bool list_tool_lists_check(const struct list_tool_reader *reader, struct error *error)
{
    int column = reader->position[LIST_FEEDS];
    if (column < 0)
        return list_tool_feeds_check(reader, error);
    if (reader->settings.list_count == 0)
        list_tool_note(reader, 1,
                       "what \"%.60s\" says is left out, and who comes in follows every feed that "
                       "is open; --map-list NAME=FEED says which",
                       csv_field(&reader->csv, (size_t)column));
    return true;
}

void list_tool_feeds_set_all(struct list_tool_reader *reader)
{
    for (size_t i = 0; i < reader->settings.list_count; i++)
        list_tool_feed_add(reader, reader->settings.lists[i].meaning);
}

/* The next of names into *name, without quotes around it: what Mailchimp writes of tags
 * ("a","b, c") and of groups (a, b\, c). */
static bool name_next(const char **rest, struct string_builder *name)
{
    const char *c = *rest;
    string_builder_clear(name);
    while (isspace((unsigned char)*c) || *c == ',')
        c++;
    bool is_quoted = *c == '"';
    if (*c == '\0')
        return false;
    for (c += is_quoted; *c && *c != (is_quoted ? '"' : ','); c++) {
        if (*c == '\\' && c[1])
            c++;
        string_builder_append_character(name, *c);
    }
    if (is_quoted)
        c += strcspn(c, ",");
    *rest = c;
    while (name->length && isspace((unsigned char)name->data[name->length - 1]))
        string_builder_truncate(name, name->length - 1);
    return true;
}

bool list_tool_feeds_set(struct list_tool_reader *reader, const char *names, struct error *error)
{
    const struct list_settings *settings = &reader->settings;
    struct string_builder name;
    string_builder_init(&name, LIST_LINE_MAXIMUM);
    for (size_t i = 0; i < settings->list_count; i++)
        if (is_for_everybody(&settings->lists[i]))
            list_tool_feed_add(reader, settings->lists[i].meaning);
    while (settings->list_count && name_next(&names, &name))
        for (size_t i = 0; i < settings->list_count; i++)
            if (name.length && strcasecmp(settings->lists[i].name, name.data) == 0)
                list_tool_feed_add(reader, settings->lists[i].meaning);
    string_builder_release(&name);
    return settings->list_count == 0 || reader->values[LIST_FEEDS].length > 0 ||
           error_set(error, ERROR_INPUT,
                     "on none of the lists that --map-list names" ERROR_ADVICE
                     "--map-list \"*=FEED\" is for "
                     "everybody in the file");
}
