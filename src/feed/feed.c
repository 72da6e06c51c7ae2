/* SPDX-License-Identifier: MIT */
#include "feed/feed.h"

#include <string.h>
#include <strings.h>

static bool names_contain(const struct feed_name *names, const char *name, size_t length)
{
    for (const struct feed_name *item = names; item; item = item->next)
        if (strncasecmp(item->name, name, length) == 0 && item->name[length] == '\0')
            return true;
    return false;
}

/* "en" in a feed selects "en-GB" as well. */
static bool languages_select(const struct feed_name *languages, const char *language)
{
    return !languages || names_contain(languages, language, strlen(language)) ||
           names_contain(languages, language, strcspn(language, "-"));
}

static bool topics_select(const struct feed_name *wanted, const char *topics)
{
    if (!wanted)
        return true;
    const char *cursor = topics;
    while (*cursor) {
        size_t length = strcspn(cursor, " ");
        if (length && names_contain(wanted, cursor, length))
            return true;
        cursor += length + strspn(cursor + length, " ");
    }
    return false;
}

bool feed_selects(const struct feed *feed, const struct feed_subject *subject)
{
    if (feed->types && !names_contain(feed->types, subject->type, strlen(subject->type)))
        return false;
    return languages_select(feed->languages, subject->language) &&
           topics_select(feed->topics, subject->topics);
}

const struct feed *feed_find(const struct feed *feeds, const char *id)
{
    for (const struct feed *feed = feeds; feed; feed = feed->next)
        if (strcmp(feed->id, id) == 0)
            return feed;
    return NULL;
}

const char *feed_language(const struct feed *feed, const char *default_language)
{
    return feed->languages && !feed->languages->next ? feed->languages->name : default_language;
}
