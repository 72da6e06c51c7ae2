/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "base/arena.h"
#include "base/clock.h"
#include "database/database.h"
#include "dmarc/dmarc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The rows come source by source, and of each reporter by reporter. */
struct gathering {
    struct arena *arena;
    struct inbound_dmarc *summary;
    struct inbound_dmarc_source *source; /* that is being added up; NULL: none yet */
    const char *reporter;                /* of the last row */
    size_t count;
};

int64_t inbound_dmarc_failed(const struct inbound_dmarc_source *source)
{
    return source->messages - source->passed - source->forwarded;
}

/* ---- adding up ---- */

static void add_result(struct inbound_dmarc_source *source, unsigned result, int64_t count)
{
    bool passes = result & (DMARC_DKIM | DMARC_SPF);
    source->messages += count;
    source->passed += passes ? count : 0;
    source->dkim += result & DMARC_DKIM ? count : 0;
    source->spf += result & DMARC_SPF ? count : 0;
    source->signed_by_another += result & DMARC_DKIM_OF_ANOTHER ? count : 0;
    source->sent_for_another += result & DMARC_SPF_OF_ANOTHER ? count : 0;
    source->forwarded += !passes && (result & DMARC_FORWARDED) ? count : 0;
    source->quarantined += result & DMARC_QUARANTINED ? count : 0;
    source->rejected += result & DMARC_REJECTED ? count : 0;
}

static void add_reporter(struct gathering *gathering, const char *reporter)
{
    struct inbound_dmarc_source *source = gathering->source;
    if (gathering->reporter && strcmp(gathering->reporter, reporter) == 0)
        return;
    gathering->reporter = arena_copy(gathering->arena, reporter);
    source->reporter_count++;
    if (*reporter && source->reporter_count <= INBOUND_DMARC_REPORTERS)
        source->reporters = arena_format(gathering->arena, "%s%s%s", source->reporters,
                                         *source->reporters ? ", " : "", reporter);
}

static void add_row(struct gathering *gathering, struct statement *statement)
{
    const char *address = statement_text(statement, 0);
    struct inbound_dmarc_source *source = gathering->source;
    if (!source || strcmp(source->source, address) != 0) {
        source = arena_allocate(gathering->arena, sizeof *source);
        source->source = arena_copy(gathering->arena, address);
        source->reporters = "";
        source->next = gathering->source;
        gathering->source = source;
        gathering->reporter = NULL;
        gathering->count++;
    }
    add_reporter(gathering, statement_text(statement, 1));
    add_result(source, (unsigned)statement_integer(statement, 2), statement_integer(statement, 3));
}

/* ---- the most first ---- */

static int compare(const void *left, const void *right)
{
    const struct inbound_dmarc_source *const *a = left;
    const struct inbound_dmarc_source *const *b = right;
    bool is_rest[] = { !*(*a)->source, !*(*b)->source };
    if (is_rest[0] != is_rest[1])
        return is_rest[0] ? 1 : -1;
    if ((*a)->messages != (*b)->messages)
        return (*a)->messages < (*b)->messages ? 1 : -1;
    return strcmp((*a)->source, (*b)->source);
}

static void finish(struct gathering *gathering)
{
    struct inbound_dmarc *summary = gathering->summary;
    struct inbound_dmarc_source **sources = arena_allocate_array(
        gathering->arena, gathering->count + 1, sizeof(struct inbound_dmarc_source *));
    struct inbound_dmarc_source *next = gathering->source;
    for (size_t i = 0; i < gathering->count; i++) {
        sources[i] = next;
        next = next->next;
        summary->messages += sources[i]->messages;
        summary->passed += sources[i]->passed;
        int64_t more = sources[i]->reporter_count - INBOUND_DMARC_REPORTERS;
        if (more > 0)
            sources[i]->reporters = arena_format(gathering->arena, "%s and %" PRId64 " more",
                                                 sources[i]->reporters, more);
    }
    qsort(sources, gathering->count, sizeof(struct inbound_dmarc_source *), compare);
    for (size_t i = 0; i < gathering->count; i++)
        sources[i]->next = sources[i + 1];
    summary->sources = sources[0];
}

static bool read_rows(struct database *database, int64_t day, struct gathering *gathering,
                      struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT source, reporter, result, SUM(count) FROM inbound_dmarc WHERE day > $1"
        " GROUP BY source, reporter, result ORDER BY source, reporter, result",
        error);
    statement_bind_integer(statement, 1, day);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        add_row(gathering, statement);
    return result == STATEMENT_DONE;
}

bool inbound_dmarc_read(struct database *database, struct arena *arena, int64_t now_at,
                        struct inbound_dmarc *summary, struct error *error)
{
    struct gathering gathering = { .arena = arena, .summary = summary };
    int64_t day = now_at / DURATION_DAY - INBOUND_DMARC_DAYS;
    bool found = false;
    *summary = (struct inbound_dmarc){ .reports = 0 };
    struct statement *statement = database_prepare(
        database, "SELECT count(*) FROM inbound_dmarc_report WHERE day > $1 AND day <= $2", error);
    statement_bind_integer(statement, 1, day);
    statement_bind_integer(statement, 2, now_at / DURATION_DAY + 1);
    if (!statement_find(statement, &found, error))
        return false;
    summary->reports = statement_integer(statement, 0);
    statement_reset(statement);
    if (!read_rows(database, day, &gathering, error))
        return false;
    finish(&gathering);
    return true;
}
