/* SPDX-License-Identifier: MIT */
#include "intake/drop_container.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/intake.h"
#include "locale/unicode.h"

#include <ctype.h>
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

/* ---- names that are nearly a place's ---- */

enum { LETTERS_MAXIMUM = 64, LETTERS_LEAST = 5 };

struct letters {
    uint32_t list[LETTERS_MAXIMUM];
    size_t count;
};

/* Those of a folded name, without what stands between them. False where they are too many for a
 * place's. */
static bool take_letters(const char *name, struct letters *letters)
{
    size_t offset = 0;
    uint32_t letter;
    letters->count = 0;
    while (utf8_next(name, strlen(name), &offset, &letter)) {
        if (!unicode_is_alphanumeric(letter) || (letter >= '0' && letter <= '9'))
            continue;
        if (letters->count == LETTERS_MAXIMUM)
            return false;
        letters->list[letters->count++] = letter;
    }
    return true;
}

/* Whether at most one letter is another, missing or too much. */
static bool are_near(const struct letters *a, const struct letters *b)
{
    size_t same = 0;
    size_t end = 0;
    const struct letters *shorter = a->count < b->count ? a : b;
    const struct letters *longer = shorter == a ? b : a;
    if (shorter->count < LETTERS_LEAST || longer->count - shorter->count > 1)
        return false;
    while (same < shorter->count && shorter->list[same] == longer->list[same])
        same++;
    while (end < shorter->count - same &&
           shorter->list[shorter->count - 1 - end] == longer->list[longer->count - 1 - end])
        end++;
    return longer->count - same - end <= 1;
}

/* "kladder - kopi", "kladder (2)", "kladder.old". Of drafts also "kladder mette" and "copy of
 * drafts": a headline may begin with "planned", but hardly with "drafts". */
static bool is_copy_of(const char *name, const struct intake_container *container)
{
    size_t length = strlen(container->name);
    size_t whole = strlen(name);
    bool is_draft = container->place == RELEASE_PLACE_DRAFTS;
    if (strncmp(name, container->name, length) == 0) {
        const char *rest = name + length;
        size_t spaces = strspn(rest, " ");
        if (*rest && strchr(" .-_,;+~()[]{}", *rest) &&
            (is_draft || spaces == 0 || !isalpha((unsigned char)rest[spaces])))
            return true;
    }
    return is_draft && whole > length && name[whole - length - 1] == ' ' &&
           strcmp(name + whole - length, container->name) == 0;
}

static bool is_near_place(const struct intake_settings *settings, const char *name)
{
    struct letters own;
    struct letters of_place;
    if (!take_letters(name, &own))
        own.count = 0;
    for (const struct intake_container *at = settings->containers; at; at = at->next)
        if (at->place && (is_copy_of(name, at) ||
                          (take_letters(at->name, &of_place) && are_near(&own, &of_place))))
            return true;
    return false;
}

const char *drop_container_near(const struct intake_settings *settings, struct arena *arena,
                                const char *path)
{
    const char *rest = path + drop_container_length(settings, path, NULL);
    const char *slash = strchr(rest, '/');
    if (!slash)
        return NULL;
    const char *name = arena_copy_bytes(arena, rest, (size_t)(slash - rest));
    return is_near_place(settings, unicode_fold(arena, unicode_nfkc(arena, name))) ? name : NULL;
}
