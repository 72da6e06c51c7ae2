/* SPDX-License-Identifier: MIT */
#include "intake/drop_container.h"

#include "base/arena.h"
#include "intake/intake.h"
#include "locale/unicode.h"

#include <string.h>

static const struct intake_container *find(const struct intake_settings *settings, const char *name,
                                           size_t length)
{
    struct arena arena = { 0 };
    const struct intake_container *container = settings->containers;
    const char *folded = unicode_fold(&arena, arena_copy_bytes(&arena, name, length));
    while (container && strcmp(container->name, folded) != 0)
        container = container->next;
    arena_release(&arena);
    return container;
}

size_t drop_container_length(const struct intake_settings *settings, const char *path,
                             struct drop_place *place)
{
    struct drop_place found = { .place = RELEASE_PLACE_NONE };
    size_t length = 0;
    while (settings->containers) {
        const char *slash = strchr(path + length, '/');
        const struct intake_container *container = slash ? find(settings, path + length,
                                                                (size_t)(slash - path) - length)
                                                         : NULL;
        if (!container ||
            (container->place ? found.place != RELEASE_PLACE_NONE : found.folder != NULL))
            break;
        if (container->place)
            found.place = container->place;
        else
            found.folder = container;
        length = (size_t)(slash - path) + 1;
    }
    if (place)
        *place = found;
    return length;
}

const char *const *intake_receipts(const struct intake_settings *settings, const char *path)
{
    struct drop_place place;
    (void)drop_container_length(settings, path, &place);
    return place.folder ? place.folder->receipts : NULL;
}

bool drop_container_is(const struct intake_settings *settings, const char *path)
{
    struct arena arena = { 0 };
    const char *folder = arena_format(&arena, "%s/", path);
    bool is_container = drop_container_length(settings, folder, NULL) == strlen(folder);
    arena_release(&arena);
    return is_container;
}

bool drop_container_is_readme(const struct intake_settings *settings, const char *path)
{
    struct drop_place place;
    struct arena arena = { 0 };
    size_t length = drop_container_length(settings, path, &place);
    bool is_readme = false;
    if (place.place == RELEASE_PLACE_NONE)
        return false;
    const char *name = unicode_fold(&arena, path + length);
    for (const struct intake_container *at = settings->containers; at && !is_readme; at = at->next)
        is_readme = at->readme && strcmp(at->readme, name) == 0;
    arena_release(&arena);
    return is_readme;
}
