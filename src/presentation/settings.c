/* SPDX-License-Identifier: MIT */
#include "presentation/presentation.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/localized.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "release/newsroom.h"

#include <string.h>

/* Asked for some fifty times a page: joined without a format. */
const char *presentation_url(const struct presentation_settings *settings, struct arena *arena,
                             const char *path)
{
    size_t home_length = strlen(settings->home);
    size_t path_length = strlen(path);
    char *url = arena_allocate(arena, home_length + path_length + 1);
    memcpy(url, settings->home, home_length);
    memcpy(url + home_length, path, path_length + 1);
    return url;
}

const char *presentation_list_language(struct arena *arena, const char *language)
{
    char *primary = arena_copy_bytes(arena, language, strcspn(language, "-"));
    for (char *at = primary; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return primary;
}

const char *presentation_list_path(const struct presentation_settings *settings,
                                   struct arena *arena, const char *language, const char *path)
{
    const char *list_language = presentation_list_language(arena, language);
    if (strcmp(list_language, settings->home_language) == 0)
        return arena_copy(arena, path);
    return arena_format(arena, "%s/%s", list_language, path);
}

const char *presentation_datetime(const struct presentation_settings *settings, struct arena *arena,
                                  int64_t instant)
{
    if (instant == INSTANT_NONE)
        return NULL;
    return zone_format_rfc3339(locale_context_zone(settings->locale), arena, instant, false);
}

const char *presentation_tag(const struct presentation_settings *settings, struct arena *arena,
                             const char *kind, const char *name)
{
    const struct newsroom *newsroom = settings->newsroom;
    return arena_format(arena, "tag:%s,%s:%s/%s", newsroom->tag_authority, newsroom->tag_date, kind,
                        name);
}

const struct newsroom_topic *newsroom_topic_find(const struct newsroom_topic *topics,
                                                 const char *name)
{
    while (topics && strcmp(topics->name, name) != 0)
        topics = topics->next;
    return topics;
}

const char *presentation_topic_title(const struct presentation_settings *settings,
                                     struct arena *arena, const char *language, const char *name,
                                     const char *label)
{
    const struct newsroom_topic *topic = newsroom_topic_find(settings->topics, name);
    const char *title = topic ? localized_get(topic->title, language) : NULL;
    if (!title)
        title = label;
    return title ? title : wording_name(arena, name);
}
