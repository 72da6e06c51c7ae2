/* SPDX-License-Identifier: MIT */
#include "publish/list.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "database/database.h"
#include "publish/card.h"
#include "publish/output.h"
#include "publish/site.h"
#include "release/release.h"

#include <string.h>

/* ---- reading ---- */

bool list_count(const struct site *site, const char *name, int64_t before_at, int64_t *count,
                struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        site->database, "SELECT COUNT(*) FROM publish_member WHERE list = $1 AND at < $2", error);
    statement_bind_text(statement, 1, name);
    statement_bind_integer(statement, 2, before_at);
    bool done = statement_find(statement, &found, error);
    *count = done ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return done;
}

bool list_has_entries(const struct site *site, const char *name, bool *has_entries,
                      struct error *error)
{
    struct statement *statement = database_prepare(
        site->database, "SELECT 1 FROM publish_member WHERE list = $1 LIMIT 1", error);
    statement_bind_text(statement, 1, name);
    bool done = statement_find(statement, has_entries, error);
    statement_reset(statement);
    return done;
}

/* Finds how releases write the topic ("Grøn energi" of "groen-energi"): the label in the newest
 * release that has one. NULL where none of the newest releases has one. */
static bool find_label(const struct site *site, struct arena *arena, const char *list,
                       const char *topic, const char **label, struct error *error)
{
    enum { NEWEST = 20 };
    struct statement *statement = database_prepare(
        site->database,
        /* CROSS JOIN, here and below, keeps SQLite at the list's own order; else it may read all
         * cards and sort them. */
        "SELECT c.topic_labels FROM publish_member m CROSS JOIN publish_card c"
        " WHERE m.list = $1 AND c.row_id = m.row_id ORDER BY m.at DESC, m.row_id DESC LIMIT $2",
        error);
    statement_bind_text(statement, 1, list);
    statement_bind_integer(statement, 2, NEWEST);
    enum statement_result result = STATEMENT_DONE;
    *label = NULL;
    /* Releases may write a topic differently and the newest label wins, so only a few of the newest
     * releases are read. */
    while (!*label && (result = statement_step(statement, error)) == STATEMENT_ROW)
        *label = release_topic_label(arena, statement_text(statement, 0), topic);
    statement_reset(statement);
    return result != STATEMENT_FAILED;
}

bool list_topic_title(const struct site *site, struct arena *arena, const char *name,
                      const char **title, struct error *error)
{
    const char *language = strchr(name, ':') + 1;
    const char *topic = strchr(language, ':') + 1;
    const char *label;
    language = arena_copy_bytes(arena, language, (size_t)(topic - 1 - language));
    if (!find_label(site, arena, name, topic, &label, error))
        return false;
    *title = site_topic_title(site, arena, language, topic, label);
    return true;
}

static void card_list_add(struct card_list *list, size_t *capacity, struct arena *arena,
                          struct card *card)
{
    ARRAY_GROW_IN(arena, list->cards, list->count, *capacity);
    list->cards[list->count++] = card;
}

bool list_newest(const struct site *site, struct arena *arena, const struct list *list,
                 int64_t limit, struct card_list *cards, struct error *error)
{
    size_t capacity = 0;
    const char *sql = arena_format(arena,
                                   "SELECT %s FROM publish_member m CROSS JOIN publish_card c"
                                   " WHERE m.list = $1 AND c.row_id = m.row_id%s"
                                   " ORDER BY m.at DESC, m.row_id DESC LIMIT $2",
                                   card_columns,
                                   list->without_withdrawn ? " AND c.is_withdrawn = 0" : "");
    *cards = (struct card_list){ 0 };
    struct statement *statement = database_prepare(site->database, sql, error);
    statement_bind_text(statement, 1, list->name);
    statement_bind_integer(statement, 2, limit);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        card_list_add(cards, &capacity, arena, card_read(statement, arena));
    return result == STATEMENT_DONE;
}

/* sql selects the names from $1 up to, not including, $2: all that begin with prefix. */
static bool names_read(const struct site *site, struct arena *arena, const char *sql,
                       const char *prefix, struct name_list *list, struct error *error)
{
    size_t capacity = 0;
    char *end = arena_copy(arena, prefix);
    /* A range and not LIKE, which would neither use the index nor take "_" for itself. */
    end[strlen(end) - 1]++;
    *list = (struct name_list){ 0 };
    struct statement *statement = database_prepare(site->database, sql, error);
    statement_bind_text(statement, 1, prefix);
    statement_bind_text(statement, 2, end);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        ARRAY_GROW_IN(arena, list->names, list->count, capacity);
        list->names[list->count++] = statement_copy_text(statement, 0, arena);
    }
    return result == STATEMENT_DONE;
}

bool list_names(const struct site *site, struct arena *arena, const char *prefix,
                struct name_list *list, struct error *error)
{
    return names_read(site, arena,
                      "SELECT list FROM publish_list WHERE list >= $1 AND list < $2 ORDER BY list",
                      prefix, list, error);
}

bool list_names_in_use(const struct site *site, struct arena *arena, const char *prefix,
                       struct name_list *list, struct error *error)
{
    return names_read(site, arena,
                      "SELECT l.list FROM publish_list l WHERE l.list >= $1 AND l.list < $2"
                      " AND EXISTS (SELECT 1 FROM publish_member m WHERE m.list = l.list)"
                      " ORDER BY l.list",
                      prefix, list, error);
}

/* ---- paging ---- */

static void newest_first(struct card_list *list)
{
    for (size_t i = 0; i < list->count / 2; i++) {
        struct card *card = list->cards[i];
        list->cards[i] = list->cards[list->count - 1 - i];
        list->cards[list->count - 1 - i] = card;
    }
}

static bool page_write(struct site *site, struct output *output, const struct list_paging *paging,
                       struct list_page *page, struct card_list *entries, struct error *error)
{
    struct arena arena = { 0 };
    newest_first(entries);
    page->list_path = paging->path;
    page->path = page->number
                     ? arena_format(&arena, "%s%lld/", paging->path, (long long)page->number)
                     : paging->path;
    page->entries = entries;
    bool done = paging->write(site, output, page, error);
    arena_release(&arena);
    return done;
}

/* Writes the pages from the first one that can have changed on, with one page in memory at a time.
 * Entries before it are counted in the list's own table, so that none of their cards is read. */
static bool pages_write(struct site *site, struct output *output, const struct list_paging *paging,
                        struct list_page *page, struct error *error)
{
    struct arena arena = { 0 };
    struct card_list entries = { 0 };
    size_t capacity = 0;
    struct arena sql_arena = { 0 };
    const char *sql = arena_format(&sql_arena,
                                   "SELECT %s FROM publish_member m CROSS JOIN publish_card c"
                                   " WHERE m.list = $1 AND (m.at, m.row_id) >="
                                   " (SELECT at, row_id FROM publish_member WHERE list = $1"
                                   " ORDER BY at, row_id LIMIT 1 OFFSET $2)"
                                   " AND c.row_id = m.row_id ORDER BY m.at, m.row_id",
                                   card_columns);
    struct statement *statement = database_prepare(site->database, sql, error);
    statement_bind_text(statement, 1, page->list->name);
    statement_bind_integer(statement, 2, (page->number - 1) * paging->page_size);
    bool done = true;
    enum statement_result result = STATEMENT_DONE;
    while (done && (result = statement_step(statement, error)) == STATEMENT_ROW) {
        card_list_add(&entries, &capacity, &arena, card_read(statement, &arena));
        /* What is left behind the last numbered page stands at the list's own address, which holds
         * more than one page. */
        if (page->number > page->page_count || (int64_t)entries.count < paging->page_size)
            continue;
        done = page_write(site, output, paging, page, &entries, error);
        /* Released page by page, so that a list of 100,000 releases needs the memory of one
         * page. */
        arena_release(&arena);
        entries = (struct card_list){ 0 };
        capacity = 0;
        page->number++;
    }
    statement_reset(statement);
    done = done && result == STATEMENT_DONE;
    /* The list's own address last: by then every page that it links to is handed in. */
    page->number = 0;
    if (done && (entries.count || paging->keep_empty))
        done = page_write(site, output, paging, page, &entries, error);
    arena_release(&arena);
    arena_release(&sql_arena);
    return done;
}

bool list_write_pages(struct site *site, struct output *output, const struct list *list,
                      const struct list_paging *paging, struct error *error)
{
    struct list_page page = { .list = list };
    int64_t unchanged = 0;
    if (!list_count(site, list->name, INT64_MAX, &page.entry_count, error) ||
        !list_count(site, list->name, list->from_at, &unchanged, error))
        return false;
    /* One less than there are full ones, so that the list's own address always has a full page to
     * show. */
    page.page_count = page.entry_count < 2 * paging->page_size
                          ? 0
                          : page.entry_count / paging->page_size - 1;
    /* A page all of whose entries are older than the change holds the same bytes as before: it is
     * neither made nor compared. */
    int64_t whole = unchanged / paging->page_size;
    int64_t kept = output_keep_numbered(output, paging->path, "/index.html",
                                        whole < page.page_count ? whole : page.page_count);
    /* The last page kept links to the next, which may be new. */
    page.number = kept < page.page_count && kept > 0 ? kept : kept + 1;
    return pages_write(site, output, paging, &page, error);
}
