/* SPDX-License-Identifier: MIT */
#include "digest/past.h"

#include "digest/numbers.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"

#include <stdlib.h>

/* AT_ONCE: announcements that one statement asks for. */
enum { AT_ONCE = 512 };

/* Where an item stands among those of the issue, by one of its numbers. */
struct place {
    int64_t row_id;
    size_t index;
};

struct places {
    struct place *places; /* by row id */
    size_t count;
};

/* A delivery is found by its announcement and subscriber alone. So the few announcements that may
 * have brought a release of the issue are looked for once a step, and each subscriber is asked
 * about with all of them at once: an index of subscribers would cost every message that is sent. */
struct digest_past {
    struct database *database;
    const int64_t *announcements;
    size_t count;
    size_t at_once;
    const char *sql; /* for at_once of them */
    struct places by_announcement;
    struct places by_release;
};

/* ---- where to look ---- */

struct past_list {
    struct arena *arena;
    int64_t *announcements;
    size_t count;
    size_t capacity;
};

static void past_add(struct past_list *list, int64_t announcement)
{
    ARRAY_GROW_IN(list->arena, list->announcements, list->count, list->capacity);
    list->announcements[list->count++] = announcement;
}

/* The other digests that brought a release of this issue to somebody. */
static bool past_add_digests(struct database *database, const struct digest_issue *issue,
                             const struct digest_item *item, struct past_list *list,
                             struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT DISTINCT h.announcement FROM digest_item i JOIN digest_issue_item h"
        " ON h.item = i.row_id WHERE i.release_row_id = $1 AND i.kind = @QUEUE_RELEASE@"
        " AND h.announcement <> $2",
        error);
    statement_bind_integer(statement, 1, item->release);
    statement_bind_integer(statement, 2, issue->announcement);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        past_add(list, statement_integer(statement, 0));
    return result == STATEMENT_DONE;
}

static int compare_numbers(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void past_sort(struct past_list *list)
{
    size_t kept = 0;
    if (list->count > 1)
        qsort(list->announcements, list->count, sizeof *list->announcements, compare_numbers);
    for (size_t i = 0; i < list->count; i++)
        if (i == 0 || list->announcements[i] != list->announcements[kept - 1])
            list->announcements[kept++] = list->announcements[i];
    list->count = kept;
}

/* A row without a content is of a release that was mailed at once, which its announcement names;
 * the releases of other rows are the items of their content. */
static const char *past_sql(struct arena *arena, size_t count)
{
    struct string_builder sql;
    string_builder_init(&sql, 0);
    string_builder_append(&sql, "SELECT d.announcement, i.release_row_id FROM delivery d"
                                " LEFT JOIN digest_content k ON k.row_id = d.version"
                                " AND k.announcement = d.announcement"
                                " LEFT JOIN digest_content_item m ON m.content = k.row_id"
                                " LEFT JOIN digest_item i ON i.row_id = m.item"
                                " AND i.kind = @QUEUE_RELEASE@"
                                " WHERE d.announcement IN (");
    for (size_t i = 0; i < count; i++)
        string_builder_append_format(&sql, "%s$%zu", i ? ", " : "", i + 2);
    string_builder_append(
        &sql, ") AND d.subscriber = $1 AND (d.state IN (@QUEUE_QUEUED@, @QUEUE_SENDING@,"
              " @QUEUE_SENT@, @QUEUE_DEFERRED@, @QUEUE_UNKNOWN@) OR d.indeterminate_count > 0)");
    const char *copy = arena_copy(arena, sql.data);
    string_builder_release(&sql);
    return copy;
}

static int compare_places(const void *left, const void *right)
{
    int64_t a = ((const struct place *)left)->row_id;
    int64_t b = ((const struct place *)right)->row_id;
    return (a > b) - (a < b);
}

static void places_sort(struct places *places)
{
    if (places->count > 1)
        qsort(places->places, places->count, sizeof *places->places, compare_places);
}

struct digest_past *digest_past_new(struct database *database, const struct digest_issue *issue,
                                    const struct digest_items *items, struct arena *arena,
                                    struct error *error)
{
    struct past_list list = { .arena = arena };
    struct digest_past *past = arena_allocate(arena, sizeof *past);
    past->database = database;
    past->by_announcement.places = arena_allocate_array(arena, items->count + 1,
                                                        sizeof(struct place));
    past->by_release.places = arena_allocate_array(arena, items->count + 1, sizeof(struct place));
    for (size_t i = 0; i < items->count; i++) {
        const struct digest_item *item = &items->items[i];
        if (item->kind != QUEUE_RELEASE)
            continue;
        past->by_release.places[past->by_release.count++] = (struct place){ item->release, i };
        if (item->announcement) {
            past->by_announcement.places[past->by_announcement.count++] = (struct place){
                item->announcement, i
            };
            past_add(&list, item->announcement);
        }
        if (!past_add_digests(database, issue, item, &list, error))
            return NULL;
    }
    places_sort(&past->by_announcement);
    places_sort(&past->by_release);
    past_sort(&list);
    past->announcements = list.announcements;
    past->count = list.count;
    past->at_once = 1; /* few different sizes: each is a statement that is kept */
    while (past->at_once < list.count && past->at_once < AT_ONCE)
        past->at_once *= 2;
    past->sql = past_sql(arena, past->at_once);
    return past;
}

/* ---- what reached a subscriber ---- */

static void mark(const struct places *places, int64_t row_id, bool *had)
{
    size_t low = 0;
    size_t high = places->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (places->places[middle].row_id < row_id)
            low = middle + 1;
        else
            high = middle;
    }
    /* Several items may be of one release. */
    for (; low < places->count && places->places[low].row_id == row_id; low++)
        had[places->places[low].index] = true;
}

/* Asks for those from `first` on, as many as fit; where fewer are left, the last one fills the
 * rest. */
static struct statement *past_ask(const struct digest_past *past, size_t first, int64_t subscriber,
                                  struct error *error)
{
    struct statement *statement = database_prepare(past->database, past->sql, error);
    statement_bind_integer(statement, 1, subscriber);
    for (size_t i = 0; i < past->at_once; i++) {
        size_t index = first + i < past->count ? first + i : past->count - 1;
        statement_bind_integer(statement, (int)i + 2, past->announcements[index]);
    }
    return statement;
}

bool digest_past_read(struct digest_past *past, int64_t subscriber, bool *had, struct error *error)
{
    enum statement_result result = STATEMENT_DONE;
    for (size_t first = 0; result == STATEMENT_DONE && first < past->count;
         first += past->at_once) {
        struct statement *statement = past_ask(past, first, subscriber, error);
        while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
            if (statement_is_null(statement, 1))
                mark(&past->by_announcement, statement_integer(statement, 0), had);
            else
                mark(&past->by_release, statement_integer(statement, 1), had);
        }
    }
    return result == STATEMENT_DONE;
}

/* ---- of one release ---- */

/* Once some rows of a mailing are forgotten (queue_retain), to whom it brought the release is not
 * known any more; once the digest itself is, its releases stand in digest_forgotten. */
bool digest_history(struct database *database, int64_t release, struct digest_history *history,
                    struct error *error)
{
    int64_t value;
    if (!DIGEST_ASK(database,
                    "SELECT 1 FROM digest_forgotten WHERE release_row_id = $1 UNION ALL"
                    " SELECT 1 FROM digest_item i JOIN digest_issue_item h ON h.item = i.row_id"
                    " JOIN mailing m ON m.announcement = h.announcement"
                    " WHERE i.release_row_id = $1 AND i.kind = @QUEUE_RELEASE@"
                    " AND m.forgotten >= @FORGOTTEN_SOME@ LIMIT 1",
                    &value, &history->is_forgotten, error, release) ||
        !DIGEST_ASK(database,
                    "SELECT 1 FROM digest_item i JOIN digest_issue_item h ON h.item = i.row_id"
                    " WHERE i.release_row_id = $1 AND i.kind = @QUEUE_RELEASE@ LIMIT 1",
                    &value, &history->is_in_issue, error, release))
        return false;
    history->is_in_issue = history->is_in_issue || history->is_forgotten;
    return true;
}
