/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/import_report.h"
#include "cli/progress.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "base/nearest.h"
#include "config/config.h"
#include "feed/feed.h"
#include "list/list.h"
#include "locale/locale.h"
#include "subscriber/subscriber.h"
#include "subscriber/transfer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FEEDS_NAMED = 100 };

struct import {
    struct import_report *report;
    struct progress progress;
};

static void report_note(void *payload, int64_t line, const char *text)
{
    struct import *import = payload;
    progress_clear(&import->progress);
    import_report_note(import->report, line, text);
}

static void show_progress(void *payload, int64_t lines)
{
    struct import *import = payload;
    progress_show(&import->progress, "%" PRId64 " lines read", lines);
}

/* ---- what the command line says ---- */

/* "NAME=MEANING" of each time the option is given; a name may hold "=", a meaning does not. */
static bool read_maps(const struct command_context *context, const char *option,
                      const struct list_map **maps, size_t *count, struct error *error)
{
    const struct arguments *arguments = context->arguments;
    const struct argument_option *position = NULL;
    const char *value;
    *count = 0;
    while (arguments_next_value(arguments, option, &position))
        ++*count;
    struct list_map *read = arena_allocate_array(context->arena, *count + 1, sizeof *read);
    *count = 0;
    position = NULL;
    while ((value = arguments_next_value(arguments, option, &position))) {
        const char *sign = strrchr(value, '=');
        if (!sign || sign == value)
            return error_set(error, ERROR_USAGE,
                             "--%s %s: write the name in the file, =, and what it is here", option,
                             value);
        read[(*count)++] = (struct list_map){
            .name = arena_copy_bytes(context->arena, value, (size_t)(sign - value)),
            .meaning = sign + 1,
        };
    }
    *maps = read;
    return true;
}

static bool read_evidence(const struct arguments *arguments, const char **evidence,
                          struct error *error)
{
    *evidence = arguments_value(arguments, "evidence");
    if (!*evidence || (*evidence)[strspn(*evidence, " \t\n")])
        return true;
    return error_set(error, ERROR_USAGE,
                     "--evidence: say where and when these people said yes, as in \"paper forms of "
                     "the fair, May 2026\"");
}

static bool read_options(const struct command_context *context, struct subscriber_import *settings,
                         struct error *error)
{
    const struct arguments *arguments = context->arguments;
    struct list_settings *list = &settings->list;
    list->tool = arguments_value(arguments, "from");
    settings->is_dry_run = arguments_have(arguments, "dry-run");
    settings->is_update = arguments_have(arguments, "update");
    settings->may_ask = arguments_have(arguments, "ask");
    return read_evidence(arguments, &settings->evidence, error) &&
           read_maps(context, "map", &list->columns, &list->column_count, error) &&
           read_maps(context, "map-list", &list->lists, &list->list_count, error);
}

/* Checked before the file is read, because else a misspelt feed is noticed only if somebody is on
 * that list. */
static bool check_feeds(const struct command_context *context, const struct list_settings *list,
                        struct error *error)
{
    const char *names[FEEDS_NAMED + 1];
    size_t count = 0;
    for (const struct feed *feed = context->config->feeds; feed && count < FEEDS_NAMED;
         feed = feed->next)
        names[count++] = feed->id;
    names[count] = NULL;
    for (size_t i = 0; i < list->list_count; i++) {
        const struct list_map *map = &list->lists[i];
        if (feed_find(context->config->feeds, map->meaning))
            continue;
        const char *nearest = name_nearest(map->meaning, names);
        return error_set(error, ERROR_USAGE,
                         "--map-list %s=%s: no feed has this id" ERROR_ADVICE
                         "the feeds are those in feeds/%s%s",
                         map->name, map->meaning, nearest ? ", perhaps " : "",
                         nearest ? nearest : "");
    }
    return true;
}

/* ---- the command ---- */

static FILE *open_list(const char *path, struct error *error)
{
    struct stat status;
    FILE *stream = fopen(path, "re");
    if (stream && fstat(fileno(stream), &status) == 0 && S_ISDIR(status.st_mode)) {
        (void)fclose(stream);
        stream = NULL;
        errno = EISDIR;
    }
    if (!stream)
        (void)error_set(error, ERROR_INPUT, "%s: %s" ERROR_ADVICE "name the CSV file to read", path,
                        strerror(errno)); /* NOLINT(concurrency-mt-unsafe) */
    return stream;
}

int cmd_subscriber_import(struct command_context *context)
{
    struct subscriber_import_counts counts = { 0 };
    struct subscriber_service service;
    struct error error;
    int code;
    const char *file = context->arguments->words[0];
    struct import import = { .report = NULL };
    struct subscriber_import settings = { .list = { .note = report_note, .payload = &import },
                                          .progress = show_progress,
                                          .payload = &import };
    if (!read_options(context, &settings, &error))
        return context_fail(context, &error);
    FILE *stream = open_list(file, &error);
    if (!stream)
        return context_fail(context, &error);
    /* Opened to write even for a dry run, because the check for erased addresses needs the key,
     * which may not have been made yet. */
    if (!context_open_subscriber_service(context, CONTEXT_WRITE, &service, &code)) {
        (void)fclose(stream);
        return code;
    }
    settings.list.file = file;
    if (!check_feeds(context, &settings.list, &error)) {
        (void)fclose(stream);
        return context_fail(context, &error);
    }
    settings.list.language = context->config->newsroom.language;
    settings.list.phrases = context->config->phrases;
    settings.list.zone = locale_context_zone(context->config->publish.locale);
    import.report = import_report_new(context, file, settings.is_dry_run);
    progress_init(&import.progress, context);
    struct subscriber_import_lines *lines;
    struct subscriber_import_line line;
    bool done = subscriber_import_csv(&service, stream, &settings, &counts, &lines, &error);
    (void)fclose(stream);
    progress_clear(&import.progress);
    while (subscriber_import_lines_next(lines, &line))
        import_report_line(import.report, &line);
    subscriber_import_lines_free(lines);
    import_report_print(import.report, &counts, done);
    if (!done) {
        (void)error_prefix(&error, "%s", file);
        return context_fail(context, &error);
    }
    if (counts.wants_ask)
        log_line(LOG_ERROR,
                 "%s: more than %d people would be asked to confirm: that wants --ask or, where "
                 "they said yes elsewhere, --evidence TEXT",
                 file, SUBSCRIBER_ASKED_AT_ONCE);
    return counts.count[IMPORT_REFUSED] || counts.wants_ask ? EXIT_REFUSED : EXIT_WELL;
}
