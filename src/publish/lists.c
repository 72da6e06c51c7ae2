/* SPDX-License-Identifier: MIT */
#include "publish/list.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/fault.h"
#include "database/database.h"
#include "feed/feed.h"
#include "publish/card.h"
#include "publish/output.h"
#include "publish/site.h"

#include <string.h>

/* Those with a page of their own stand in the sitemap in this order. */
const struct list_output *const list_outputs[] = {
    &list_output_front,         &list_output_topic,   &list_output_type,  &list_output_year,
    &list_output_month,         &list_output_media,   &list_output_feed,  &list_output_sitemap,
    &list_output_sitemap_index, &list_output_archive, &list_output_fixed, NULL
};

struct marked {
    struct list list;
    const struct list_output *output;
    struct marked *next;
};

/* NULL for a name that is no list: a release's page, which release_batch.c writes. */
static struct marked *marked_make(struct arena *arena, const char *name)
{
    const struct list_output *output = list_output_find(list_outputs, name);
    if (!output)
        return NULL;
    struct marked *marked = arena_allocate(arena, sizeof *marked);
    const char *behind = name + strlen(output->name);
    marked->output = output;
    marked->list.name = name;
    marked->list.subject = *behind == ':' ? behind + 1 : behind;
    if (output->has_language) {
        size_t language = strcspn(marked->list.subject, ":");
        marked->list.language = arena_copy_bytes(arena, marked->list.subject, language);
        marked->list.subject += language + (marked->list.subject[language] == ':');
    }
    return marked;
}

/* What goes by which lists there are comes behind them, once, whether it is marked or not. */
static void lists_of_lists_add(struct arena *arena, struct marked **end)
{
    for (const struct list_output *const *output = list_outputs; *output; output++) {
        if ((*output)->scope != LIST_OF_LISTS)
            continue;
        *end = marked_make(arena, (*output)->name);
        end = &(*end)->next;
    }
}

/* Collected before the first is written, because writing a list reads others, in statements of its
 * own. */
static bool marked_find(const struct site *site, struct arena *arena, struct marked **first,
                        struct error *error)
{
    bool with_lists_of_lists = false;
    struct marked **end = first;
    *first = NULL;
    struct statement *statement = database_prepare(
        site->database, "SELECT list, from_at FROM publish_list WHERE is_dirty = 1 ORDER BY list",
        error);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct marked *marked = marked_make(arena, statement_copy_text(statement, 0, arena));
        if (!marked)
            continue;
        enum list_scope scope = marked->output->scope;
        with_lists_of_lists |= scope == LIST_OF_RELEASES || scope == LIST_OF_LISTS;
        if (scope == LIST_OF_LISTS)
            continue;
        marked->list.from_at = statement_integer(statement, 1);
        *end = marked;
        end = &marked->next;
    }
    if (with_lists_of_lists)
        lists_of_lists_add(arena, end);
    return result == STATEMENT_DONE;
}

struct lists_written {
    struct database *database;
    const struct marked *first;
};

static bool list_write_one(struct site *site, struct output *output, const struct marked *marked,
                           struct error *error)
{
    struct arena arena = { 0 };
    bool done = output_begin(output, marked->list.name, error) &&
                marked->output->write(site, output, &marked->list, &arena, error);
    if (done)
        output_end(output);
    else
        output_cancel(output);
    arena_release(&arena);
    return done || error_prefix(error, "%s", marked->list.name);
}

bool lists_write(struct site *site, struct output *output, struct arena *arena,
                 struct lists_written **written, struct error *error)
{
    struct marked *first = NULL;
    bool done = marked_find(site, arena, &first, error);
    /* A list that fails ends the run, because a release that cannot be written was left out before:
     * the failure is the disk's or the database's. */
    for (const struct marked *marked = first; done && marked; marked = marked->next) {
        fault_point("publish-lists");
        done = list_write_one(site, output, marked, error);
    }
    *written = NULL;
    if (done && first) {
        *written = arena_allocate(arena, sizeof **written);
        **written = (struct lists_written){ site->database, first };
    }
    return done;
}

/* Its pages are gone, or it is one that needs no mark to be known. Were its name still known, the
 * next release in it would mark none of the pages that are to link to it. */
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
            (marked->output->scope != LIST_OF_LANGUAGE && marked->output->scope != LIST_OF_FEED &&
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

void list_mark_all(const struct site *site, struct arena *arena, struct list_marks *marks)
{
    for (const struct list_output *const *output = list_outputs; *output; output++) {
        const char *name = (*output)->name;
        switch ((*output)->scope) {
        case LIST_OF_RELEASES:
            break;
        case LIST_OF_LANGUAGE:
            for (size_t i = 0; i < site->language_count; i++)
                list_mark(marks, arena_format(arena, "%s:%s", name, site->languages[i]), 0);
            break;
        case LIST_OF_FEED:
            for (const struct feed *feed = site->settings->feeds; feed; feed = feed->next)
                list_mark(marks, arena_format(arena, "%s:%s", name, feed->id), 0);
            break;
        case LIST_OF_LISTS:
        case LIST_OF_SETTINGS:
            list_mark(marks, name, 0);
            break;
        }
    }
}
