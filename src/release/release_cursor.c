/* SPDX-License-Identifier: MIT */
#include "release/release_store.h"

#include "base/clock.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "release/release_row.h"

/* Pages grow from the first size to the second: most filters let few rows through, and what reads
 * many shall not ask for each few. */
enum { PAGE_FIRST = 32, PAGE_MAXIMUM = 1024 };

enum { PARAMETERS_MAXIMUM = 12, SQL_MAXIMUM = 4096 };

/* A statement that grows: its conditions are constants of this file, every value a parameter. */
struct query {
    struct string_builder sql;
    int count;

    struct {
        const char *text; /* NULL: the integer */
        int64_t number;
    } parameters[PARAMETERS_MAXIMUM];
};

/* before, the parameter's place, after. */
static void add_number(struct query *query, const char *before, int64_t number)
{
    query->parameters[query->count++].number = number;
    string_builder_append_format(&query->sql, " %s$%d", before, query->count);
}

static void add(struct query *query, const char *sql)
{
    string_builder_append_character(&query->sql, ' ');
    string_builder_append(&query->sql, sql);
}

/* What release_row_waits() says of a row that is not public, as a condition. */
static void add_not_waiting(struct query *query, int64_t now_at)
{
    add(query, "AND (public_at IS NOT NULL OR status = @RELEASE_WITHDRAWN@ OR (held_at IS NULL"
               " AND NOT " RELEASE_ROW_IS_CLOSED " AND NOT EXISTS ("
               "SELECT 1 FROM release AS original WHERE original.row_id = release.original_row_id"
               " AND (original.status = @RELEASE_WITHDRAWN@ OR (original.public_at IS NULL AND ("
               "original.status = @RELEASE_DRAFT@ OR original.held_at IS NOT NULL"
               " OR " RELEASE_ORIGINAL_IS_CLOSED " OR original.due_at IS NULL");
    add_number(query, "OR original.due_at > ", now_at);
    add(query, "))))))");
}

/* The conditions repeat those of the partial indexes word for word: that is how they are found. */
static void add_conditions(struct query *query, const struct release_filter *filter)
{
    if (filter->only_public || filter->order == RELEASE_ORDER_NEWEST_FIRST)
        add(query, "AND public_at IS NOT NULL");
    if (filter->only_unpublished)
        add(query, "AND public_at IS NULL AND status IN (@RELEASE_DRAFT@, @RELEASE_READY@,"
                   " @RELEASE_WITHDRAWN@)"); /* so that an index finds them */
    if (filter->without_withdrawn || filter->only_unannounced)
        add(query, "AND status <> @RELEASE_WITHDRAWN@");
    if (filter->only_unpublished_due) {
        add(query, "AND status <> @RELEASE_DRAFT@ AND public_revision <> revision");
        add(query, "AND public_revision <> " RELEASE_ROW_OPEN_REVISION);
        add(query, "AND (status = @RELEASE_WITHDRAWN@ OR withdrawal_asked_at IS NULL)");
        add_number(query, "AND due_at <= ", filter->now_at);
        add_not_waiting(query, filter->now_at);
    }
    if (filter->only_stopped)
        add(query, "AND stopped_at IS NOT NULL");
    if (filter->only_awaited)
        add(query, "AND approval = @RELEASE_APPROVAL_AWAITED@");
    if (filter->only_unasked)
        add(query, "AND status = @RELEASE_READY@ AND public_at IS NULL"
                   " AND approval = @RELEASE_APPROVAL_NONE@");
    if (filter->only_to_come)
        add(query, "AND status = @RELEASE_READY@ AND public_at IS NULL");
    if (filter->only_held)
        add(query, "AND held_at IS NOT NULL");
    if (filter->only_unannounced)
        add(query, "AND announced_at IS NULL AND public_at IS NOT NULL");
    if (filter->only_changed)
        add(query, "AND " RELEASE_ROW_IS_CHANGED);
}

static void add_values(struct query *query, const struct release_filter *filter)
{
    if (filter->original_row_id) {
        add_number(query, "AND (row_id = ", filter->original_row_id);
        add_number(query, "OR original_row_id = ", filter->original_row_id);
        add(query, ")");
    }
    if (filter->title) {
        query->parameters[query->count++].text = filter->title;
        string_builder_append_format(&query->sql, " AND title = $%d", query->count);
    }
}

/* Whether an index that is not ordered by row id finds the rows: then they are few and sorted
 * afterwards. Without the "+ 0" SQLite would rather read the whole table in its order. */
static bool is_narrow(const struct release_filter *filter)
{
    return filter->only_unpublished_due || filter->only_unannounced || filter->only_changed ||
           filter->only_to_come || filter->only_held || filter->only_awaited ||
           filter->only_unasked || filter->only_unpublished || filter->only_stopped;
}

/* What rows are ordered by: an expression that release_cursor_next() knows the value of for the row
 * it returns last. second is NULL where the first is different for each row. */
struct key {
    const char *first;
    const char *second;
    bool is_descending;
};

static struct key key_of(const struct release_filter *filter)
{
    const char *number = is_narrow(filter) ? "row_id + 0" : "row_id";
    switch (filter->order) {
    case RELEASE_ORDER_NUMBER:
        break;
    case RELEASE_ORDER_LAST_FIRST:
        return (struct key){ number, NULL, true };
    case RELEASE_ORDER_NEWEST_FIRST:
        return (struct key){ "public_at", "row_id", true };
    case RELEASE_ORDER_OLDEST_FIRST:
        return (struct key){ "public_at", "row_id", false };
    case RELEASE_ORDER_DUE_FIRST:
        return (struct key){ "due_at", "row_id", false };
    }
    if (filter->original_row_id) /* the original may have been read after its versions */
        number = "CASE WHEN original_row_id IS NULL THEN 0 ELSE row_id END";
    return (struct key){ number, NULL, false };
}

static void add_order(struct query *query, const struct release_filter *filter)
{
    const struct key key = key_of(filter);
    const char *direction = key.is_descending ? "DESC" : "";
    string_builder_append_format(&query->sql, " ORDER BY %s %s", key.first, direction);
    if (key.second)
        string_builder_append_format(&query->sql, ", %s %s", key.second, direction);
}

/* Only rows behind the one that was returned last. */
static void add_position(struct query *query, const struct release_cursor *cursor)
{
    const struct key key = key_of(&cursor->filter);
    const char *comparison = key.is_descending ? "<" : ">";
    if (!cursor->is_started)
        return;
    if (!key.second) {
        string_builder_append_format(&query->sql, " AND %s %s", key.first, comparison);
        add_number(query, "", cursor->last_row_id);
        return;
    }
    string_builder_append_format(&query->sql, " AND (%s, %s) %s (", key.first, key.second,
                                 comparison);
    add_number(query, "", cursor->last_at);
    add_number(query, ",", cursor->last_row_id);
    add(query, ")");
}

static void make_query(struct query *query, const struct release_cursor *cursor)
{
    const struct release_filter *filter = &cursor->filter;
    add(query, "SELECT " RELEASE_ROW_COLUMNS " FROM release WHERE 1 = 1");
    add_conditions(query, filter);
    add_values(query, filter);
    add_position(query, cursor);
    add_order(query, filter);
    add_number(query, "LIMIT ", cursor->page_size);
}

static struct statement *prepare_query(struct database *database, const struct query *query,
                                       struct error *error)
{
    struct statement *statement = database_prepare(database, query->sql.data, error);
    for (int i = 0; i < query->count; i++) {
        if (query->parameters[i].text)
            statement_bind_text(statement, i + 1, query->parameters[i].text);
        else
            statement_bind_integer(statement, i + 1, query->parameters[i].number);
    }
    return statement;
}

/* ---- the cursor ---- */

void release_cursor_open(struct release_cursor *cursor, struct database *database,
                         const struct release_filter *filter)
{
    *cursor = (struct release_cursor){ .database = database,
                                       .filter = *filter,
                                       .page_size = PAGE_FIRST };
}

static bool read_page(struct release_cursor *cursor, struct error *error)
{
    struct query query = { .count = 0 };
    arena_release(&cursor->arena);
    cursor->rows = arena_allocate_array(&cursor->arena, (size_t)cursor->page_size, sizeof(void *));
    cursor->count = 0;
    cursor->next = 0;
    string_builder_init(&query.sql, SQL_MAXIMUM);
    make_query(&query, cursor);
    struct statement *statement = prepare_query(cursor->database, &query, error);
    string_builder_release(&query.sql);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        cursor->rows[cursor->count++] = release_row_read(&cursor->arena, statement);
    statement_reset(statement);
    cursor->is_last_page = (int64_t)cursor->count < cursor->page_size;
    cursor->page_size = cursor->page_size < PAGE_MAXIMUM ? 2 * cursor->page_size : PAGE_MAXIMUM;
    return result == STATEMENT_DONE;
}

bool release_cursor_next(struct release_cursor *cursor, const struct release_row **row,
                         struct error *error)
{
    if (cursor->has_failed)
        return false;
    if (cursor->next == cursor->count) {
        if (cursor->is_last_page)
            return false;
        cursor->has_failed = !read_page(cursor, error);
        if (cursor->has_failed || !cursor->count)
            return false;
    }
    *row = cursor->rows[cursor->next++];
    bool is_original = (*row)->original_row_id == (*row)->row_id;
    bool by_version = cursor->filter.original_row_id &&
                      cursor->filter.order == RELEASE_ORDER_NUMBER;
    cursor->is_started = true;
    cursor->last_at = cursor->filter.order == RELEASE_ORDER_DUE_FIRST ? (*row)->due_at
                                                                      : (*row)->public_at;
    cursor->last_row_id = by_version && is_original ? 0 : (*row)->row_id;
    return true;
}

bool release_cursor_close(struct release_cursor *cursor)
{
    arena_release(&cursor->arena);
    return !cursor->has_failed;
}

/* ---- paths ---- */

void release_path_cursor_open(struct release_path_cursor *cursor, struct database *database)
{
    *cursor = (struct release_path_cursor){ .database = database };
}

static bool read_paths(struct release_path_cursor *cursor, struct error *error)
{
    struct arena page = { 0 };
    struct statement *statement = database_prepare(
        cursor->database,
        "SELECT path, is_missing, stat_fingerprint, row_id FROM release"
        " WHERE path IS NOT NULL AND path > $1 ORDER BY path LIMIT $2",
        error);
    /* The last path is in the arena of the page before, which is released only now. */
    statement_bind_text(statement, 1, cursor->count ? cursor->paths[cursor->count - 1].path : "");
    statement_bind_integer(statement, 2, PAGE_MAXIMUM);
    cursor->paths = arena_allocate_array(&page, PAGE_MAXIMUM, sizeof *cursor->paths);
    cursor->count = 0;
    cursor->next = 0;
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        cursor->paths[cursor->count++] = (struct release_path){
            .path = statement_copy_text(statement, 0, &page),
            .is_missing = statement_integer(statement, 1) != 0,
            .stat_fingerprint = statement_copy_text(statement, 2, &page),
            .row_id = statement_integer(statement, 3)
        };
    statement_reset(statement);
    arena_release(&cursor->arena);
    cursor->arena = page;
    cursor->is_last_page = cursor->count < PAGE_MAXIMUM;
    return result == STATEMENT_DONE;
}

bool release_path_cursor_next(struct release_path_cursor *cursor, const struct release_path **path,
                              struct error *error)
{
    if (cursor->has_failed)
        return false;
    if (cursor->next == cursor->count) {
        if (cursor->is_last_page)
            return false;
        cursor->has_failed = !read_paths(cursor, error);
        if (cursor->has_failed || !cursor->count)
            return false;
    }
    *path = &cursor->paths[cursor->next++];
    return true;
}

bool release_path_cursor_close(struct release_path_cursor *cursor)
{
    arena_release(&cursor->arena);
    return !cursor->has_failed;
}
