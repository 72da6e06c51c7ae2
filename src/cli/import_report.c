/* SPDX-License-Identifier: MIT */
#include "cli/import_report.h"

#include "cli/context.h"
#include "cli/report.h"
#include "cli/terminal.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "subscriber/transfer.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

/* Lines shown for each reason, and how many reasons are kept apart: a hostile file could have a
 * different one on each line. */
enum { FIRST_LINES = 5, GROUPS_MAXIMUM = 100 };

struct line {
    int64_t number;
    const char *address;
};

/* Lines with the same outcome and the same reason. */
struct group {
    enum subscriber_import_kind kind;
    const char *reason; /* "": none to give */
    int64_t count;
    struct line first[FIRST_LINES];
    struct group *next;
};

struct import_report {
    struct command_context *context;
    const char *file;
    bool is_dry_run;
    struct group *groups; /* the one found last comes first */
    size_t group_count;
    struct json_t *refused; /* these three: NULL for people */
    struct json_t *changed;
    struct json_t *notes;
};

/* The name of each kind in JSON, and its text behind a number: done, or in a dry run. */
static const struct {
    const char *name;
    const char *did;
    const char *would;
} kinds[IMPORT_KIND_COUNT] = {
    [IMPORT_CONFIRMED] = { "confirmed", "confirmed", "would be confirmed" },
    [IMPORT_ASKED] = { "pending", "asked to confirm", "would be asked to confirm, by a mail each" },
    [IMPORT_KEPT_OUT] = { "kept_out", "kept so that they are never mailed",
                          "would be kept so that they are never mailed" },
    [IMPORT_CHANGED] = { "changed", "changed", "would be changed" },
    [IMPORT_TAKEN_OUT] = { "taken_out", "taken out", "would be taken out" },
    [IMPORT_SAME] = { "same", "known already", "known already: nothing would change" },
    [IMPORT_OTHER] = { "different", "known but different",
                       "known but different, and would stay as they are" },
    [IMPORT_REFUSED] = { "refused", "refused", "would be refused" },
};

struct import_report *import_report_new(struct command_context *context, const char *file,
                                        bool is_dry_run)
{
    struct import_report *report = arena_allocate(context->arena, sizeof *report);
    *report = (struct import_report){ .context = context, .file = file, .is_dry_run = is_dry_run };
    if (context->json) {
        report->refused = json_array();
        report->changed = json_array();
        report->notes = json_array();
    }
    return report;
}

/* ---- line by line ---- */

/* NULL: there is none yet. */
static struct group *group_find(struct import_report *report, enum subscriber_import_kind kind,
                                const char *reason)
{
    struct group **link = &report->groups;
    while (*link && ((*link)->kind != kind || strcmp((*link)->reason, reason) != 0))
        link = &(*link)->next;
    struct group *group = *link;
    if (!group)
        return NULL;
    *link = group->next;
    group->next = report->groups;
    report->groups = group;
    return group;
}

static struct group *group_new(struct import_report *report, enum subscriber_import_kind kind,
                               const char *reason)
{
    struct group *group = arena_allocate(report->context->arena, sizeof *group);
    *group = (struct group){ .kind = kind,
                             .reason = arena_copy(report->context->arena, reason),
                             .next = report->groups };
    report->groups = group;
    report->group_count++;
    return group;
}

/* Reasons beyond GROUPS_MAXIMUM share one group for each kind. */
static struct group *group_of(struct import_report *report, enum subscriber_import_kind kind,
                              const char *reason)
{
    struct group *group = group_find(report, kind, reason);
    if (!group && report->group_count >= GROUPS_MAXIMUM) {
        reason = "for other reasons";
        group = group_find(report, kind, reason);
    }
    return group ? group : group_new(report, kind, reason);
}

static void group_add(struct import_report *report, const struct subscriber_import_line *line)
{
    struct group *group = group_of(report, line->kind, line->reason ? line->reason : "");
    if (group->count < FIRST_LINES)
        group->first[group->count] = (struct line){
            .number = line->line,
            .address = arena_copy(report->context->arena, line->address ? line->address : ""),
        };
    group->count++;
}

static bool is_change(enum subscriber_import_kind kind)
{
    return kind == IMPORT_CHANGED || kind == IMPORT_TAKEN_OUT;
}

static void report_line(const struct import_report *report,
                        const struct subscriber_import_line *line)
{
    const char *reason = line->reason ? line->reason : kinds[line->kind].did;
    if (line->kind == IMPORT_REFUSED)
        log_line(LOG_ERROR, "%s:%" PRId64 ": %s", report->file, line->line, reason);
    else if (is_change(line->kind) && !report->context->quiet && !report->context->json)
        terminal_print("%s:%" PRId64 ": %s: %s\n", report->file, line->line, line->address, reason);
}

void import_report_line(struct import_report *report, const struct subscriber_import_line *line)
{
    json_t *array = line->kind == IMPORT_REFUSED ? report->refused : report->changed;
    group_add(report, line);
    if (!report->is_dry_run)
        report_line(report, line);
    if (array && (line->kind == IMPORT_REFUSED || is_change(line->kind)))
        (void)json_array_append_new(array,
                                    json_pack("{s:I, s:s, s:s}", "line", (json_int_t)line->line,
                                              "address", line->address ? line->address : "",
                                              "reason", line->reason ? line->reason : ""));
}

void import_report_note(struct import_report *report, int64_t line, const char *text)
{
    log_line(LOG_WARNING, "%s:%" PRId64 ": %s", report->file, line, text);
    if (report->notes)
        (void)json_array_append_new(
            report->notes, json_pack("{s:I, s:s}", "line", (json_int_t)line, "text", text));
}

/* ---- the end, for people ---- */

static int64_t added(const struct subscriber_import_counts *counts)
{
    return counts->count[IMPORT_CONFIRMED] + counts->count[IMPORT_ASKED] +
           counts->count[IMPORT_KEPT_OUT];
}

/* ", 3 changed" for each of the kinds that there are any of. */
static const char *also(const struct import_report *report,
                        const struct subscriber_import_counts *counts)
{
    static const enum subscriber_import_kind extra[] = { IMPORT_CHANGED, IMPORT_TAKEN_OUT,
                                                         IMPORT_SAME, IMPORT_OTHER };

    const char *words = "";
    for (size_t i = 0; i < sizeof extra / sizeof extra[0]; i++)
        if (counts->count[extra[i]])
            words = arena_format(report->context->arena, "%s, %" PRId64 " %s", words,
                                 counts->count[extra[i]], kinds[extra[i]].did);
    return words;
}

static void counts_print(const struct import_report *report,
                         const struct subscriber_import_counts *counts)
{
    struct arena *arena = report->context->arena;
    const char *kept = counts->count[IMPORT_KEPT_OUT]
                           ? arena_format(arena, ", %" PRId64 " never to be mailed",
                                          counts->count[IMPORT_KEPT_OUT])
                           : "";
    terminal_print("%s: %" PRId64 " %sadded (%" PRId64 " confirmed, %" PRId64
                   " asked to confirm%s)%s, %" PRId64 " refused\n",
                   report_counted(arena, counts->lines, "line", "lines"), added(counts),
                   report->is_dry_run ? "would be " : "", counts->count[IMPORT_CONFIRMED],
                   counts->count[IMPORT_ASKED], kept, also(report, counts),
                   counts->count[IMPORT_REFUSED]);
}

/* "40 seconds", "12 minutes", "2.8 hours". */
static const char *long_time(struct arena *arena, int64_t duration_ms)
{
    if (duration_ms < 2 * DURATION_MINUTE)
        return report_counted(arena, (duration_ms + DURATION_SECOND - 1) / DURATION_SECOND,
                              "second", "seconds");
    if (duration_ms < 2 * DURATION_HOUR)
        return report_counted(arena, duration_ms / DURATION_MINUTE, "minute", "minutes");
    return arena_format(arena, "%.1f hours", (double)duration_ms / (double)DURATION_HOUR);
}

static const char *pace(struct arena *arena, const struct subscriber_import_counts *counts)
{
    int64_t seconds = (counts->asking_ms / counts->count[IMPORT_ASKED] + DURATION_SECOND / 2) /
                      DURATION_SECOND;
    return seconds <= 1 ? "one a second"
                        : arena_format(arena, "one every %" PRId64 " seconds", seconds);
}

static void mails_print(const struct import_report *report,
                        const struct subscriber_import_counts *counts)
{
    int64_t count = counts->count[IMPORT_ASKED];
    struct arena *arena = report->context->arena;
    if (count == 0)
        return;
    terminal_print("%s %s to confirm, sent by `pressroom run` or `deliver`",
                   report_counted(arena, count, "mail", "mails"),
                   report->is_dry_run ? "would ask"
                   : count == 1       ? "asks"
                                      : "ask");
    if (count > 1)
        terminal_print(", %s: %s in all", pace(arena, counts), long_time(arena, counts->asking_ms));
    terminal_print("\n");
}

/* In the order in which the kinds are declared, most lines first. */
static void groups_sort(struct import_report *report)
{
    struct group *sorted = NULL;
    while (report->groups) {
        struct group *group = report->groups;
        struct group **link = &sorted;
        report->groups = group->next;
        while (*link && ((*link)->kind < group->kind ||
                         ((*link)->kind == group->kind && (*link)->count > group->count)))
            link = &(*link)->next;
        group->next = *link;
        *link = group;
    }
    report->groups = sorted;
}

static void group_print(const struct group *group)
{
    terminal_print("%" PRId64 " %s%s%s\n", group->count, kinds[group->kind].would,
                   *group->reason ? ": " : "", group->reason);
    for (int64_t i = 0; i < group->count && i < FIRST_LINES; i++)
        terminal_print("    line %" PRId64 ": %s\n", group->first[i].number,
                       group->first[i].address);
    if (group->count > FIRST_LINES)
        terminal_print("    and %" PRId64 " more\n", group->count - FIRST_LINES);
}

/* ---- the end, as JSON ---- */

static json_t *groups_json(const struct import_report *report)
{
    json_t *array = json_array();
    for (const struct group *group = report->groups; group; group = group->next) {
        json_t *first = json_array();
        for (int64_t i = 0; i < group->count && i < FIRST_LINES; i++)
            (void)json_array_append_new(first, json_pack("{s:I, s:s}", "line",
                                                         (json_int_t)group->first[i].number,
                                                         "address", group->first[i].address));
        (void)json_array_append_new(
            array, json_pack("{s:s, s:s, s:I, s:o}", "kind", kinds[group->kind].name, "reason",
                             group->reason, "count", (json_int_t)group->count, "first", first));
    }
    return array;
}

static void json_print(const struct import_report *report,
                       const struct subscriber_import_counts *counts)
{
    json_t *document = json_pack("{s:b, s:I, s:I}", "dry_run", report->is_dry_run, "lines",
                                 (json_int_t)counts->lines, "added", (json_int_t)added(counts));
    for (int kind = 0; kind < IMPORT_REFUSED; kind++)
        json_set_number(document, kinds[kind].name, counts->count[kind]);
    json_set_number(document, "asking_seconds", counts->asking_ms / DURATION_SECOND);
    json_set_boolean(document, "wants_ask", counts->wants_ask);
    json_set_value(document, "refused", report->refused);
    json_set_value(document, "changes", report->changed);
    json_set_value(document, "notes", report->notes);
    json_set_value(document, "reasons", groups_json(report));
    context_print_json(document);
}

void import_report_print(struct import_report *report,
                         const struct subscriber_import_counts *counts, bool is_done)
{
    groups_sort(report);
    if (report->context->json) {
        json_print(report, counts);
        return;
    }
    if (report->context->quiet || (!is_done && counts->lines == 0) ||
        (counts->wants_ask && !report->is_dry_run))
        return;
    if (report->is_dry_run) {
        terminal_print("Nothing is written, nobody is mailed: this is what would happen%s.\n",
                       counts->wants_ask ? " with --ask" : "");
        for (const struct group *group = report->groups; group; group = group->next)
            group_print(group);
    }
    counts_print(report, counts);
    mails_print(report, counts);
    if (counts->count[IMPORT_OTHER] && !report->is_dry_run)
        terminal_print(
            "Who is known but different stays as they are: --dry-run shows what the file says "
            "of them, --update makes it so.\n");
}
