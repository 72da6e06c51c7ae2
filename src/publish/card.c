/* SPDX-License-Identifier: MIT */
#include "publish/card.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "feed/feed.h"
#include "presentation/presentation.h"
#include "publish/list.h"
#include "publish/publish.h"
#include "publish/site.h"
#include "release/release.h"

#include <stdlib.h>
#include <string.h>

enum { LEAD_MAXIMUM = 220 };

const char card_columns[] =
    "c.row_id, c.original_row_id, c.language, c.type, c.title, c.lead, c.path, c.public_at,"
    " c.updated_at, c.is_withdrawn, c.is_corrected, c.start_at, c.end_at, c.place,"
    " c.picture_path, c.picture_width, c.picture_height, c.picture_alt, c.content_hash, c.lists,"
    " c.is_all_day, c.topic_labels";

struct card *card_read(struct statement *statement, struct arena *arena)
{
    struct card *card = arena_allocate(arena, sizeof *card);
    size_t length = 0;
    *card = (struct card){
        .row_id = statement_integer(statement, 0),
        .original_row_id = statement_integer(statement, 1),
        .language = statement_copy_text(statement, 2, arena),
        .type = statement_copy_text(statement, 3, arena),
        .title = statement_copy_text(statement, 4, arena),
        .lead = statement_copy_text(statement, 5, arena),
        .path = statement_copy_text(statement, 6, arena),
        .public_at = statement_integer(statement, 7),
        .updated_at = statement_integer(statement, 8),
        .is_withdrawn = statement_integer(statement, 9) != 0,
        .is_corrected = statement_integer(statement, 10) != 0,
        .start_at = statement_integer(statement, 11),
        .end_at = statement_integer(statement, 12),
        .place = statement_copy_text(statement, 13, arena),
        .picture_path = statement_copy_text(statement, 14, arena),
        .picture_width = (int)statement_integer(statement, 15),
        .picture_height = (int)statement_integer(statement, 16),
        .picture_alt = statement_copy_text(statement, 17, arena),
        .lists = statement_copy_text(statement, 19, arena),
        .is_all_day = statement_integer(statement, 20) != 0,
        .topic_labels = statement_copy_text(statement, 21, arena),
    };
    const void *bytes = statement_bytes(statement, 18, &length);
    if (length == HASH_SIZE)
        memcpy(card->content_hash.bytes, bytes, HASH_SIZE);
    return card;
}

struct card *card_new(const struct site *site, const struct presentation *shown)
{
    struct arena *arena = shown->arena;
    const struct release_event *event = shown->event ? shown->release->event : NULL;
    const struct presentation_file *picture = presentation_first_picture(shown);
    struct card *card = arena_allocate(arena, sizeof *card);
    *card = (struct card){
        .row_id = shown->row_id,
        .original_row_id = shown->original_row_id,
        .language = shown->language,
        .type = shown->type,
        .title = shown->title,
        .lead = wording_cut(arena, shown->lead, LEAD_MAXIMUM),
        .path = shown->folder,
        .public_at = shown->public_at,
        .updated_at = shown->updated_at,
        .is_withdrawn = shown->is_withdrawn,
        .is_corrected = shown->correction != NULL,
        .start_at = event ? event->start_at : INSTANT_NONE,
        .end_at = event ? event->end_at : INSTANT_NONE,
        .is_all_day = event && event->is_all_day,
        .topic_labels = shown->topic_labels,
        .place = event ? event->place : NULL,
        .picture_path = picture ? picture->small.path : NULL,
        .picture_width = picture ? picture->small.width : 0,
        .picture_height = picture ? picture->small.height : 0,
        .picture_alt = picture ? picture->asset->alt : NULL,
        .content_hash = shown->content_hash,
        .lists = list_names_of(site, shown),
    };
    return card;
}

struct card *card_find(struct database *database, struct arena *arena, int64_t row_id, bool *failed,
                       struct error *error)
{
    bool found = false;
    struct card *card = NULL;
    const char *sql = arena_format(arena, "SELECT %s FROM publish_card c WHERE c.row_id = $1",
                                   card_columns);
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, row_id);
    *failed = !statement_find(statement, &found, error);
    if (found)
        card = card_read(statement, arena);
    statement_reset(statement);
    return card;
}

/* ---- marks ---- */

struct list_mark {
    const char *list;
    int64_t from_at;
};

/* Open addressing over names; capacity is a power of two. */
struct list_marks {
    struct arena *arena;
    const struct list_output *const *outputs;
    struct list_mark *slots;
    size_t capacity;
    size_t count;
};

struct list_marks *list_marks_new(struct arena *arena, const struct list_output *const *outputs)
{
    struct list_marks *marks = arena_allocate(arena, sizeof *marks);
    marks->arena = arena;
    marks->outputs = outputs;
    marks->capacity = 64;
    marks->slots = arena_allocate_array(arena, marks->capacity, sizeof *marks->slots);
    return marks;
}

static struct list_mark *mark_slot(const struct list_marks *marks, const char *list, size_t length)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)list[i]) * UINT64_C(1099511628211);
    for (size_t at = hash & (marks->capacity - 1);; at = (at + 1) & (marks->capacity - 1)) {
        struct list_mark *slot = &marks->slots[at];
        if (!slot->list || (strncmp(slot->list, list, length) == 0 && !slot->list[length]))
            return slot;
    }
}

static void marks_grow(struct list_marks *marks)
{
    struct list_mark *old = marks->slots;
    size_t capacity = marks->capacity;
    marks->capacity *= 2;
    marks->slots = arena_allocate_array(marks->arena, marks->capacity, sizeof *marks->slots);
    for (size_t i = 0; i < capacity; i++)
        if (old[i].list)
            *mark_slot(marks, old[i].list, strlen(old[i].list)) = old[i];
}

static void mark_bytes(struct list_marks *marks, const char *list, size_t length, int64_t from_at)
{
    /* Half of it stays free, because the search below ends only at a free place. */
    if (2 * marks->count >= marks->capacity)
        marks_grow(marks);
    struct list_mark *slot = mark_slot(marks, list, length);
    if (!slot->list) {
        *slot = (struct list_mark){ arena_copy_bytes(marks->arena, list, length), from_at };
        marks->count++;
    } else if (from_at < slot->from_at) {
        /* The oldest change wins: pages before it stay as they are. */
        slot->from_at = from_at;
    }
}

void list_mark(struct list_marks *marks, const char *list, int64_t from_at)
{
    mark_bytes(marks, list, strlen(list), from_at);
}

bool list_is_marked(const struct list_marks *marks, const char *list)
{
    return mark_slot(marks, list, strlen(list))->list != NULL;
}

/* Pages of other lists link to this one as soon as it is there: a month's to the year's other
 * months, a year's to the years before and after. Their full pages do not. */
static bool siblings_mark(struct database *database, const struct list_marks *marks,
                          const char *list, struct error *error)
{
    const struct list_output *output = list_output_find(marks->outputs, list);
    const char *separator = output && output->before_sibling ? strrchr(list, output->before_sibling)
                                                             : NULL;
    if (!separator)
        return true;
    size_t prefix = (size_t)(separator + 1 - list);
    char first[128];
    char last[128];
    /* A name that long is no list that has pages of its own. */
    if (prefix + 2 > sizeof first)
        return true;
    memcpy(first, list, prefix);
    memcpy(last, list, prefix);
    first[prefix] = last[prefix] = '\0';
    last[prefix - 1]++;
    struct statement *statement = database_prepare(
        database,
        "UPDATE publish_list SET"
        " from_at = CASE WHEN is_dirty = 1 THEN from_at ELSE $3 END, is_dirty = 1"
        " WHERE list >= $1 AND list < $2",
        error);
    statement_bind_text(statement, 1, first);
    statement_bind_text(statement, 2, last);
    statement_bind_integer(statement, 3, INT64_MAX);
    return statement_run(statement, error);
}

/* Whether its last entry is gone: then its pages go, and with them every link to it. */
static bool list_is_empty(struct database *database, const char *list, bool *is_empty,
                          struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM publish_member WHERE list = $1 LIMIT 1", error);
    statement_bind_text(statement, 1, list);
    bool done = statement_find(statement, &found, error);
    statement_reset(statement);
    *is_empty = !found;
    return done;
}

static bool mark_store(struct database *database, const struct list_marks *marks,
                       const struct list_mark *mark, struct error *error)
{
    bool is_empty = false;
    struct statement *statement = database_prepare(
        database,
        "UPDATE publish_list SET"
        " from_at = CASE WHEN is_dirty = 1 AND from_at < $2 THEN from_at ELSE $2 END, is_dirty = 1"
        " WHERE list = $1",
        error);
    statement_bind_text(statement, 1, mark->list);
    statement_bind_integer(statement, 2, mark->from_at);
    if (!statement_run(statement, error))
        return false;
    /* A list that is there already has the links it needs; only a new one marks the pages that are
     * to link to it, and one that has become empty those that no longer are. */
    if (database_changes(database) > 0)
        return list_is_empty(database, mark->list, &is_empty, error) &&
               (!is_empty || siblings_mark(database, marks, mark->list, error));
    statement = database_prepare(
        database, "INSERT INTO publish_list (list, is_dirty, from_at) VALUES ($1, 1, 0)", error);
    statement_bind_text(statement, 1, mark->list);
    return statement_run(statement, error) && siblings_mark(database, marks, mark->list, error);
}

bool list_marks_store(struct database *database, const struct list_marks *marks,
                      struct error *error)
{
    for (size_t i = 0; i < marks->capacity; i++)
        if (marks->slots[i].list && !mark_store(database, marks, &marks->slots[i], error))
            return false;
    return true;
}

/* ---- rows ---- */

/* Runs sql with ($1 list, $2 at, $3 row id) for each list of the card. */
static bool members_each(struct database *database, const struct card *card, const char *sql,
                         struct list_marks *marks, struct error *error)
{
    const char *cursor = card->lists;
    while (*cursor) {
        size_t length = strcspn(cursor, "\n");
        struct statement *statement = database_prepare(database, sql, error);
        statement_bind_text_bytes(statement, 1, cursor, length);
        statement_bind_integer(statement, 2, card->public_at);
        statement_bind_integer(statement, 3, card->row_id);
        if (!statement_run(statement, error))
            return false;
        mark_bytes(marks, cursor, length, card->public_at);
        cursor += length + (cursor[length] == '\n');
    }
    return true;
}

static bool card_write(struct database *database, const struct card *card, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO publish_card (row_id, original_row_id, language, type, title, lead, path,"
        " public_at, updated_at, is_withdrawn, is_corrected, start_at, end_at, place,"
        " picture_path, picture_width, picture_height, picture_alt, content_hash, lists,"
        " is_all_day, topic_labels)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
        " $18, $19, $20, $21, $22)",
        error);
    statement_bind_integer(statement, 1, card->row_id);
    statement_bind_integer(statement, 2, card->original_row_id);
    statement_bind_text(statement, 3, card->language);
    statement_bind_text(statement, 4, card->type);
    statement_bind_text(statement, 5, card->title);
    statement_bind_text(statement, 6, card->lead);
    statement_bind_text(statement, 7, card->path);
    statement_bind_integer(statement, 8, card->public_at);
    statement_bind_integer(statement, 9, card->updated_at);
    statement_bind_integer(statement, 10, card->is_withdrawn);
    statement_bind_integer(statement, 11, card->is_corrected);
    statement_bind_instant(statement, 12, card->start_at);
    statement_bind_instant(statement, 13, card->end_at);
    statement_bind_text(statement, 14, card->place);
    statement_bind_text(statement, 15, card->picture_path);
    statement_bind_integer(statement, 16, card->picture_width);
    statement_bind_integer(statement, 17, card->picture_height);
    statement_bind_text(statement, 18, card->picture_alt);
    statement_bind_bytes(statement, 19, card->content_hash.bytes, HASH_SIZE);
    statement_bind_text(statement, 20, card->lists);
    statement_bind_integer(statement, 21, card->is_all_day);
    statement_bind_text(statement, 22, card->topic_labels);
    return statement_run(statement, error);
}

bool card_remove(struct database *database, const struct card *card, struct list_marks *marks,
                 struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM publish_card WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, card->row_id);
    return statement_run(statement, error) &&
           members_each(database, card,
                        "DELETE FROM publish_member"
                        " WHERE list = $1 AND at = $2 AND row_id = $3",
                        marks, error);
}

bool card_store(struct database *database, const struct card *card, const struct card *old,
                struct list_marks *marks, struct error *error)
{
    /* The old one first and not overwritten, because its lists may be others than the new one's. */
    if (old && !card_remove(database, old, marks, error))
        return false;
    return card_write(database, card, error) &&
           members_each(database, card,
                        "INSERT INTO publish_member (list, at, row_id) VALUES ($1, $2, $3)", marks,
                        error);
}
