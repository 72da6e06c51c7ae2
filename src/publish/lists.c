/* SPDX-License-Identifier: MIT */
#include "publish/list.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/fault.h"
#include "database/database.h"
#include "publish/output.h"
#include "publish/site.h"

#include <string.h>

struct list_kind {
    const char *name;
    bool has_language;
    bool stands_empty; /* it has pages where nothing is in it too */
    list_write *write;
};

static const struct list_kind kinds[] = {
    { "front", true, true, list_write_front },  { "year", true, false, list_write_year },
    { "month", true, false, list_write_month }, { "type", true, false, list_write_type },
    { "topic", true, false, list_write_topic }, { "media", true, true, list_write_media },
    { "feed", false, true, list_write_feed },   { "sitemap", false, false, list_write_sitemap },
};

struct marked {
    struct list list;
    const struct list_kind *kind;
    struct marked *next;
};

/* False for a name that is no list: a release's page. */
static bool list_parse(struct arena *arena, const char *name, struct marked *marked)
{
    size_t length = strcspn(name, ":");
    if (!name[length])
        return false;
    marked->list.name = name;
    marked->list.rest = name + length + 1;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        /* Compares the length too, because otherwise "to" would be taken for "topic". */
        if (strncmp(kinds[i].name, name, length) != 0 || kinds[i].name[length])
            continue;
        marked->kind = &kinds[i];
        if (kinds[i].has_language) {
            size_t language = strcspn(marked->list.rest, ":");
            marked->list.language = arena_copy_bytes(arena, marked->list.rest, language);
            marked->list.rest += language + (marked->list.rest[language] == ':');
        }
        return true;
    }
    return false;
}

/* Collected before the first is written, because writing a list reads others, in statements of its
 * own. */
static bool marked_find(const struct site *site, struct arena *arena, struct marked **first,
                        struct error *error)
{
    struct marked **end = first;
    *first = NULL;
    struct statement *statement = database_prepare(
        site->database, "SELECT list, from_at FROM publish_list WHERE is_dirty = 1 ORDER BY list",
        error);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct marked *marked = arena_allocate(arena, sizeof *marked);
        /* Pages of releases are marked in the same table and are written by release_batch.c. */
        if (!list_parse(arena, statement_copy_text(statement, 0, arena), marked))
            continue;
        marked->list.from_at = statement_integer(statement, 1);
        *end = marked;
        end = &marked->next;
    }
    return result == STATEMENT_DONE;
}

struct lists_written {
    struct database *database;
    const struct marked *first;
};

bool lists_write(struct site *site, struct output *output, struct arena *arena,
                 struct lists_written **written, struct error *error)
{
    struct marked *first = NULL;
    bool with_sitemap = false;
    bool done = marked_find(site, arena, &first, error);
    for (const struct marked *marked = first; done && marked; marked = marked->next) {
        fault_point("publish-lists");
        with_sitemap = with_sitemap || marked->kind->write == list_write_sitemap;
        /* A list that fails ends the run, because a release that cannot be written was left out
         * before: the failure is the disk's or the database's. */
        done = marked->kind->write(site, output, &marked->list, error);
        if (!done)
            (void)error_prefix(error, "%s", marked->list.name);
    }
    /* Written whenever a yearly sitemap is, because a release that appears or goes marks the
     * sitemap of its year: only then can a list have come or gone. */
    if (done && with_sitemap)
        done = sitemap_write_index(site, output, error) && archive_write(site, output, error);
    *written = NULL;
    if (done && first) {
        *written = arena_allocate(arena, sizeof **written);
        **written = (struct lists_written){ site->database, first };
    }
    return done;
}

/* Its pages are gone. Were its name still known, the next release in it would mark none of the
 * pages that are to link to it. */
static bool empty_list_forget(struct database *database, const char *name, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "DELETE FROM publish_list WHERE list = $1"
        " AND NOT EXISTS (SELECT 1 FROM publish_member WHERE list = $1)",
        error);
    statement_bind_text(statement, 1, name);
    return statement_run(statement, error);
}

bool lists_written_store(void *payload, struct error *error)
{
    /* Clears only the marks of the lists that were written, because a mark set in between is for
     * the next run. */
    const struct lists_written *lists = payload;
    for (const struct marked *marked = lists ? lists->first : NULL; marked; marked = marked->next) {
        struct statement *statement = database_prepare(
            lists->database, "UPDATE publish_list SET is_dirty = 0 WHERE list = $1", error);
        statement_bind_text(statement, 1, marked->list.name);
        if (!statement_run(statement, error) ||
            (!marked->kind->stands_empty &&
             !empty_list_forget(lists->database, marked->list.name, error)))
            return false;
    }
    return true;
}

bool lists_publish(struct site *site, struct output *output, struct error *error)
{
    struct arena arena = { 0 };
    struct lists_written *written = NULL;
    bool done = lists_write(site, output, &arena, &written, error) &&
                (!written || output_flush(output, lists_written_store, written, error));
    arena_release(&arena);
    return done;
}
