/* SPDX-License-Identifier: MIT */
#include "publish/slug.h"

#include "base/arena.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "publish/card.h"
#include "publish/publish.h"
#include "publish/site.h"
#include "release/release.h"
#include "release/release_store.h"

#include <string.h>

enum { SLUG_MAXIMUM = 70, SLUG_STEPS = 8 };

struct slugs {
    struct arena *arena;
    struct list_marks *taken; /* "2026/slug" */
};

struct slugs *slugs_new(struct arena *arena)
{
    struct slugs *slugs = arena_allocate(arena, sizeof *slugs);
    *slugs = (struct slugs){ .arena = arena, .taken = list_marks_new(arena, NULL) };
    return slugs;
}

/* A slug of one or two digits gets a number too, because releases/2026/06/ is a month's list. */
const char *publish_slug(const struct publish_settings *settings, struct arena *arena,
                         const struct release_row *row, int attempt)
{
    const char *type = row->type ? row->type : "release";
    const char *slug = locale_slug(settings->locale, arena, row->title, row->language, SLUG_MAXIMUM,
                                   type);
    bool is_month = strlen(slug) <= 2 && strspn(slug, "0123456789") == strlen(slug);
    int number = attempt + is_month;
    return number == 1 ? slug : arena_format(arena, "%s-%d", slug, number);
}

static const char *slug_key(struct slugs *slugs, const struct release_row *row)
{
    return arena_format(slugs->arena, "%d/%s", row->year, row->slug);
}

/* Gives the row its slug with that number and sets *is_free to whether it may have it. */
static bool slug_try(struct slugs *slugs, const struct site *site, struct release_row *row,
                     int attempt, bool *is_free, struct error *error)
{
    bool is_taken = false;
    row->slug = publish_slug(site->settings, slugs->arena, row, attempt);
    *is_free = false;
    /* First those given out, which the store does not know yet. */
    if (list_is_marked(slugs->taken, slug_key(slugs, row)))
        return true;
    if (!release_slug_is_taken(site->database, row->year, row->slug, row->row_id, &is_taken, error))
        return false;
    *is_free = !is_taken;
    return true;
}

/* The first number that is free: one by one where there are few, else in growing steps, and then by
 * halving, so that the thousandth release of a title costs little more than the first. */
static bool slug_find(struct slugs *slugs, const struct site *site, struct release_row *row,
                      struct error *error)
{
    bool is_free = false;
    int taken = 0;
    int next = 1;
    while (!is_free) {
        if (!slug_try(slugs, site, row, next, &is_free, error))
            return false;
        if (!is_free) {
            taken = next;
            next = next < SLUG_STEPS ? next + 1 : 2 * next;
        }
    }
    /* Between a number that is taken and one that is free; where some in between were never given,
     * any free one will do. */
    while (next - taken > 1) {
        int middle = taken + (next - taken) / 2;
        if (!slug_try(slugs, site, row, middle, &is_free, error))
            return false;
        *(is_free ? &next : &taken) = middle;
    }
    /* Once more, because the last one tried may have been a taken one. */
    return slug_try(slugs, site, row, next, &is_free, error);
}

bool slug_take(struct slugs *slugs, const struct site *site, struct release_row *row,
               struct error *error)
{
    struct civil_time civil;
    zone_civil(locale_context_zone(site->settings->locale), row->public_at, &civil);
    /* Of the time zone of the newsroom: at midnight the address has the year that its readers
     * see. */
    row->year = (int)civil.year;
    if (!slug_find(slugs, site, row, error))
        return false;
    list_mark(slugs->taken, slug_key(slugs, row), 0);
    return true;
}
