/* SPDX-License-Identifier: MIT */
#include "intake/similarity.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "database/database.h"
#include "intake/hold.h"
#include "intake/sketch_index.h"
#include "release/release.h"
#include "release/release_store.h"
#include "release/text_sketch.h"

#include <string.h>

/* Above this similarity two texts may be the same release. */
static const double near_duplicate_similarity = 0.6;

/* Only texts that share SHARED_LEAST of the smallest values are compared, at most COMPARED_MAXIMUM
 * of them, the likeliest first. A near duplicate shares most of them, and a form that is filled in
 * again and again stays cheap. */
enum { SHARED_LEAST = 4, COMPARED_MAXIMUM = 64 };

enum { BUCKETS = 4096 };

struct known_text {
    int64_t row_id;
    bool is_lost;                     /* its title alone makes a new text suspicious */
    const struct text_sketch *sketch; /* NULL: it has no text */
};

/* All releases of one title, or all that are held. */
struct text_list {
    const char *title;
    struct known_text *texts;
    size_t count;
    size_t capacity;
    size_t lost_count;
    struct sketch_index index;
    struct text_list *next; /* in its bucket */
};

struct similarity_index {
    struct arena *arena;
    struct database *database;
    struct text_list *buckets[BUCKETS];
    struct text_list held;
    bool held_is_known;
};

struct similarity_index *similarity_index_new(struct arena *arena, struct database *database)
{
    struct similarity_index *similarity = arena_allocate(arena, sizeof *similarity);
    similarity->arena = arena;
    similarity->database = database;
    return similarity;
}

void similarity_index_note_held(struct similarity_index *similarity)
{
    similarity->held_is_known = false;
}

void similarity_index_forget(struct similarity_index *similarity)
{
    memset(similarity->buckets, 0, sizeof similarity->buckets);
    similarity->held_is_known = false;
}

bool similarity_is_near_duplicate(const struct text_sketch *a, const struct text_sketch *b)
{
    return text_sketch_similarity(a, b) > near_duplicate_similarity;
}

static void add(struct similarity_index *similarity, struct text_list *list,
                const struct known_text *text)
{
    ARRAY_GROW_IN(similarity->arena, list->texts, list->count, list->capacity);
    if (text->sketch)
        sketch_index_add(&list->index, similarity->arena, (uint32_t)list->count, text->sketch);
    list->lost_count += text->is_lost;
    list->texts[list->count++] = *text;
}

/* ---- what the store knows ---- */

static bool store_sketch(struct database *database, int64_t row_id,
                         const struct text_sketch *sketch, struct error *error)
{
    unsigned char bytes[TEXT_SKETCH_BYTES];
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO intake_sketch (release_row_id, sketch) VALUES ($1, $2)"
        " ON CONFLICT (release_row_id) DO UPDATE SET sketch = excluded.sketch",
        error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_bytes(statement, 2, bytes, text_sketch_write(sketch, bytes));
    return statement_run(statement, error);
}

/* Returns NULL where the store has no sketch or an unreadable one. */
static const struct text_sketch *load_sketch(struct similarity_index *similarity, int64_t row_id,
                                             bool *failed, struct error *error)
{
    struct text_sketch *sketch = NULL;
    bool found = false;
    struct statement *statement = database_prepare(
        similarity->database, "SELECT sketch FROM intake_sketch WHERE release_row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    *failed = !statement_find(statement, &found, error);
    if (found) {
        size_t size = 0;
        const unsigned char *bytes = statement_bytes(statement, 0, &size);
        sketch = arena_allocate(similarity->arena, sizeof *sketch);
        if (!text_sketch_read(bytes, size, sketch))
            sketch = NULL;
    }
    statement_reset(statement);
    return sketch;
}

/* Makes the sketch of a release that has none in the store; NULL where it has no text. */
static const struct text_sketch *make_sketch(struct similarity_index *similarity, int64_t row_id,
                                             bool *failed, struct error *error)
{
    struct arena arena = { 0 };
    struct text_sketch *sketch = NULL;
    const struct release *release = release_load(similarity->database, &arena, row_id, 0, error);
    *failed = !release && error->kind != ERROR_INPUT;
    if (release && release->body) {
        sketch = arena_allocate(similarity->arena, sizeof *sketch);
        text_sketch_make(release->body, sketch);
        *failed = !store_sketch(similarity->database, row_id, sketch, error);
    }
    arena_release(&arena);
    return sketch;
}

/* Whether its file is gone before it became public, or nothing but its title is known. */
static bool is_lost(const struct release_row *row, const struct text_sketch *sketch)
{
    return row->is_missing && (hold_applies(row) || (row->public_at && !sketch));
}

static bool add_rows(struct similarity_index *similarity, struct text_list *list,
                     const struct release_filter *filter, struct error *error)
{
    struct release_cursor cursor;
    const struct release_row *row;
    bool failed = false;
    release_cursor_open(&cursor, similarity->database, filter);
    while (!failed && release_cursor_next(&cursor, &row, error)) {
        const struct text_sketch *sketch = load_sketch(similarity, row->row_id, &failed, error);
        if (!failed && !sketch)
            sketch = make_sketch(similarity, row->row_id, &failed, error);
        if (failed)
            break;
        const struct known_text text = { row->row_id, is_lost(row, sketch), sketch };
        add(similarity, list, &text);
    }
    return release_cursor_close(&cursor) && !failed;
}

static struct text_list **bucket_of(struct similarity_index *similarity, const char *title)
{
    struct hash hash;
    hash_bytes(title, strlen(title), &hash);
    return &similarity->buckets[(hash.bytes[0] << 8 | hash.bytes[1]) % BUCKETS];
}

/* Returns NULL where the title's list was not read yet. */
static struct text_list *find_list(struct similarity_index *similarity, const char *title)
{
    struct text_list *list = *bucket_of(similarity, title);
    while (list && strcmp(list->title, title) != 0)
        list = list->next;
    return list;
}

static struct text_list *read_titled(struct similarity_index *similarity, const char *title,
                                     struct error *error)
{
    struct text_list *list = find_list(similarity, title);
    if (list)
        return list;
    list = arena_allocate(similarity->arena, sizeof *list);
    const struct release_filter filter = { .title = title, .order = RELEASE_ORDER_LAST_FIRST };
    if (!add_rows(similarity, list, &filter, error))
        return NULL;
    struct text_list **bucket = bucket_of(similarity, title);
    list->title = arena_copy(similarity->arena, title);
    list->next = *bucket;
    *bucket = list;
    return list;
}

static struct text_list *read_held(struct similarity_index *similarity, struct error *error)
{
    if (similarity->held_is_known)
        return &similarity->held;
    const struct release_filter filter = { .only_held = true, .order = RELEASE_ORDER_LAST_FIRST };
    similarity->held = (struct text_list){ .title = NULL };
    if (!add_rows(similarity, &similarity->held, &filter, error))
        return NULL;
    similarity->held_is_known = true;
    return &similarity->held;
}

bool similarity_index_put(struct similarity_index *similarity, int64_t row_id, const char *title,
                          const struct text_sketch *sketch, bool is_new, struct error *error)
{
    struct text_list *list = find_list(similarity, title);
    struct text_sketch *kept = NULL;
    if (list) {
        kept = arena_allocate(similarity->arena, sizeof *kept);
        *kept = *sketch;
        for (size_t i = 0; !is_new && i < list->count; i++)
            if (list->texts[i].row_id == row_id)
                list->texts[i] = (struct known_text){ .row_id = row_id };
        const struct known_text text = { row_id, false, kept };
        add(similarity, list, &text);
    }
    return store_sketch(similarity->database, row_id, sketch, error);
}

/* ---- finding a near duplicate ---- */

struct question {
    struct similarity_index *similarity;
    const struct release *release;
    const struct text_sketch *sketch;
    int64_t own_row_id;
    bool is_title;  /* whether the list has the releases of its title, else those held */
    int64_t row_id; /* the answer */
    bool failed;
    struct error *error;
};

/* Whether the release still is as listed, and no version in another language of the same release.
 * */
static bool is_still(struct question *question, const struct known_text *text, bool is_near)
{
    struct arena arena = { 0 };
    const struct release *release = question->release;
    const struct release_row *row = release_find_by_row_id(
        question->similarity->database, &arena, text->row_id, &question->failed, question->error);
    bool is = row && !(release->translation_of && strcmp(row->language, release->language) != 0);
    if (is && question->is_title)
        is = strcmp(row->title, release->title) == 0 && (is_near || is_lost(row, text->sketch));
    else if (is)
        is = row->held_at != INSTANT_NONE;
    arena_release(&arena);
    return is;
}

/* Compares one text; true where it is a near duplicate, so that the search ends. */
static bool compare(struct question *question, const struct known_text *text)
{
    if (text->row_id == question->own_row_id || !text->sketch ||
        !similarity_is_near_duplicate(text->sketch, question->sketch) ||
        !is_still(question, text, true))
        return question->failed;
    question->row_id = text->row_id;
    return true;
}

static bool compare_lost(struct question *question, struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct known_text *text = &list->texts[i];
        if (!text->is_lost || text->row_id == question->own_row_id)
            continue;
        if (is_still(question, text, false))
            question->row_id = text->row_id;
        if (question->row_id || question->failed)
            return true;
    }
    return false;
}

/* The number of shared values at which at most COMPARED_MAXIMUM texts are left; those that share
 * exactly so many are compared as long as there is room. */
static int least_shared(const uint8_t *shared, size_t count)
{
    size_t with[SKETCH_INDEX_VALUES + 1] = { 0 };
    int least = SKETCH_INDEX_VALUES;
    for (size_t i = 0; i < count; i++)
        with[shared[i]]++;
    for (size_t all = with[least]; least > SHARED_LEAST && all < COMPARED_MAXIMUM;)
        all += with[--least];
    return least;
}

static bool compare_indexed(struct question *question, const struct text_list *list)
{
    struct arena arena = { 0 };
    uint8_t *shared = arena_allocate_array(&arena, list->count + 1, sizeof *shared);
    bool done = false;
    size_t room = COMPARED_MAXIMUM;
    sketch_index_count(&list->index, question->sketch, shared);
    int least = least_shared(shared, list->count);
    for (size_t i = 0; !done && i < list->count; i++)
        if (shared[i] > least && room > 0 && room--)
            done = compare(question, &list->texts[i]);
    for (size_t i = 0; !done && room > 0 && i < list->count; i++)
        if (shared[i] == least && room--)
            done = compare(question, &list->texts[i]);
    arena_release(&arena);
    return done;
}

static bool find_in(struct question *question, struct text_list *list)
{
    bool done = question->is_title && list->lost_count && compare_lost(question, list);
    if (done || question->sketch->count >= SKETCH_INDEX_VALUES)
        return done || compare_indexed(question, list);
    for (size_t i = 0; !done && i < list->count; i++)
        done = compare(question, &list->texts[i]);
    return done;
}

bool similarity_index_find(struct similarity_index *similarity, const struct release *release,
                           const struct text_sketch *sketch, int64_t own_row_id, int64_t *row_id,
                           struct error *error)
{
    struct question question = { .similarity = similarity,
                                 .release = release,
                                 .sketch = sketch,
                                 .own_row_id = own_row_id,
                                 .is_title = true,
                                 .error = error };
    struct text_list *list = read_titled(similarity, release->title, error);
    if (!list)
        return false;
    if (!find_in(&question, list)) {
        question.is_title = false;
        list = read_held(similarity, error);
        if (!list)
            return false;
        (void)find_in(&question, list);
    }
    *row_id = question.row_id;
    return !question.failed;
}
