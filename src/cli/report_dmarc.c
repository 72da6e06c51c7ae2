/* SPDX-License-Identifier: MIT */
#include "cli/report_dmarc.h"

#include "base/arena.h"
#include "base/clock.h"
#include "cli/context.h"
#include "cli/report.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "inbound/inbound.h"

#include <inttypes.h>
#include <jansson.h>

enum { SOURCES_OF_JSON = 100, SOURCES_OF_TABLE = 6 };

const struct inbound_dmarc_source *report_dmarc_relay(const struct inbound_dmarc *summary)
{
    const struct inbound_dmarc_source *first = summary->sources;
    return first && *first->source && first->messages * 2 >= summary->messages ? first : NULL;
}

/* ---- for machines ---- */

static json_t *source_object(const struct inbound_dmarc_source *source, bool is_relay)
{
    return json_pack("{s:o, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:I}", "source",
                     report_text(*source->source ? source->source : NULL), "relay", is_relay,
                     "messages", (json_int_t)source->messages, "passed", (json_int_t)source->passed,
                     "dkim", (json_int_t)source->dkim, "spf", (json_int_t)source->spf, "forwarded",
                     (json_int_t)source->forwarded, "quarantined", (json_int_t)source->quarantined,
                     "rejected", (json_int_t)source->rejected, "reported_by", source->reporters,
                     "reporters", (json_int_t)source->reporter_count);
}

json_t *report_dmarc(struct command_context *context, struct inbound_dmarc *summary,
                     struct error *error)
{
    if (!inbound_dmarc_read(context->database, context->arena, clock_now(&context->clock), summary,
                            error))
        return NULL;
    json_t *sources = json_array();
    int64_t others = 0;
    for (const struct inbound_dmarc_source *source = summary->sources; source;
         source = source->next)
        if (json_array_size(sources) < SOURCES_OF_JSON)
            (void)json_array_append_new(
                sources, source_object(source, source == report_dmarc_relay(summary)));
        else
            others++;
    return json_pack("{s:i, s:I, s:I, s:I, s:o, s:I}", "days", INBOUND_DMARC_DAYS, "reports",
                     (json_int_t)summary->reports, "messages", (json_int_t)summary->messages,
                     "passed", (json_int_t)summary->passed, "sources", sources, "other_sources",
                     (json_int_t)others);
}

/* ---- for people ---- */

static void add_row(struct table *table, const struct inbound_dmarc_source *source, bool is_relay)
{
    struct arena *arena = table->arena;
    const char *name = *source->source ? source->source : "others";
    table_add_row(table);
    table_set(table, 0, is_relay ? arena_format(arena, "%s (most likely the relay)", name) : name);
    table_set_number(table, 1, source->messages);
    table_set(table, 2, report_share(arena, source->dkim, source->messages));
    table_set(table, 3, report_share(arena, source->spf, source->messages));
    table_set_number(table, 4, source->messages - source->passed);
    table_set_number(table, 5, source->quarantined + source->rejected);
    table_set(table, 6, source->reporters);
}

void report_print_dmarc(struct command_context *context, const struct inbound_dmarc *summary)
{
    static const char *const headings[] = { "from",     ">messages", ">DKIM",       ">SPF",
                                            ">neither", ">refused",  "reported by", NULL };
    struct table table;
    int64_t more = 0;
    size_t rows = 0;
    if (summary->reports == 0)
        return;
    terminal_print("\nIn our name, %d days (DMARC): %s by %s, %s passed\n", INBOUND_DMARC_DAYS,
                   report_counted(context->arena, summary->messages, "message", "messages"),
                   report_counted(context->arena, summary->reports, "report", "reports"),
                   report_share(context->arena, summary->passed, summary->messages));
    table_init(&table, context->arena, headings);
    for (const struct inbound_dmarc_source *source = summary->sources; source;
         source = source->next)
        if (rows++ < SOURCES_OF_TABLE)
            add_row(&table, source, source == report_dmarc_relay(summary));
        else
            more++;
    table_print(&table);
    if (more)
        terminal_print("and %s\n",
                       report_counted(context->arena, more, "other address", "other addresses"));
}
