/* SPDX-License-Identifier: MIT */
#include "publish/update_time.h"

#include "base/arena.h"
#include "base/clock.h"
#include "database/database.h"

/* The last instant of a second that is taken. */
struct taken {
    int64_t second_at; /* INSTANT_NONE: a free place */
    int64_t last_at;
};

struct update_times {
    struct taken *places; /* open addressing, half of it free at least */
    size_t capacity;      /* a power of two */
};

struct update_times *update_times_new(struct arena *arena, size_t releases)
{
    struct update_times *times = arena_allocate(arena, sizeof *times);
    times->capacity = 16;
    /* Twice the releases: each takes one place, hardly ever two, and a free one ends a search. */
    while (times->capacity < 2 * releases)
        times->capacity *= 2;
    times->places = arena_allocate_array(arena, times->capacity, sizeof *times->places);
    return times;
}

static struct taken *place_of(const struct update_times *times, int64_t second_at)
{
    size_t mask = times->capacity - 1;
    /* Knuth's multiplicative hash: seconds of one batch are neighbours and would crowd together. */
    size_t slot = (size_t)(second_at / DURATION_SECOND) * 2654435761U & mask;
    while (times->places[slot].second_at && times->places[slot].second_at != second_at)
        slot = (slot + 1) & mask;
    return &times->places[slot];
}

/* Finds the last instant taken of a second: the one before the second where nothing of it is
 * public. When all 1000 are taken and times are shared, the number of releases gives the last one.
 */
static bool find_last(struct database *database, struct taken *taken, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT MAX(updated_at), COUNT(*) FROM publish_card"
        " WHERE updated_at >= $1 AND updated_at < $2",
        error);
    statement_bind_integer(statement, 1, taken->second_at);
    statement_bind_integer(statement, 2, taken->second_at + DURATION_SECOND);
    bool done = statement_find(statement, &found, error);
    taken->last_at = found && !statement_is_null(statement, 0) ? statement_integer(statement, 0)
                                                               : taken->second_at - 1;
    int64_t count = found ? statement_integer(statement, 1) : 0;
    if (taken->last_at == taken->second_at + DURATION_SECOND - 1 && count > DURATION_SECOND)
        taken->last_at = taken->second_at + (count - 1) % DURATION_SECOND;
    statement_reset(statement);
    return done;
}

bool update_time_take(struct update_times *times, struct database *database, int64_t at,
                      int64_t *updated_at, struct error *error)
{
    int64_t second_at = instant_second(at);
    struct taken *taken = place_of(times, second_at);
    /* Asked once a second and batch: the batch itself counts on from there. */
    if (!taken->second_at) {
        taken->second_at = second_at;
        if (!find_last(database, taken, error))
            return false;
    }
    /* More than 1000 in one second share times again from its beginning; that is the one case where
     * two entries look alike. */
    bool is_full = taken->last_at == second_at + DURATION_SECOND - 1;
    taken->last_at = is_full ? second_at : taken->last_at + 1;
    *updated_at = taken->last_at;
    return true;
}

int64_t update_time_after(int64_t at, int64_t before_at)
{
    return instant_is_in_later_second(at, before_at) ? at : before_at + DURATION_SECOND;
}
