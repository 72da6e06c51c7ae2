/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/progress.h"
#include "cli/report.h"

#include "base/error.h"
#include "base/log.h"
#include "cli/terminal.h"
#include "subscriber/subscriber.h"
#include "subscriber/transfer.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct import {
    struct command_context *context;
    const char *file;
    json_t *refused; /* NULL: for people */
    struct progress progress;
};

static bool tell_line(void *payload, const struct subscriber_import_line *line, struct error *error)
{
    struct import *import = payload;
    (void)error;
    if (line->kind != IMPORT_REFUSED)
        return true;
    progress_clear(&import->progress);
    log_line(LOG_ERROR, "%s:%" PRId64 ": %s", import->file, line->line, line->reason);
    if (import->refused)
        (void)json_array_append_new(import->refused,
                                    json_pack("{s:I, s:s, s:s}", "line", (json_int_t)line->line,
                                              "address", line->address, "reason", line->reason));
    return true;
}

static void show_progress(void *payload, int64_t lines)
{
    struct import *import = payload;
    progress_show(&import->progress, "%" PRId64 " lines read", lines);
}

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
        (void)error_set(error, ERROR_INPUT, "%s: %s; name the CSV file to read", path,
                        strerror(errno)); /* NOLINT(concurrency-mt-unsafe) */
    return stream;
}

int cmd_subscriber_import(struct command_context *context)
{
    struct subscriber_import_counts counts = { 0 };
    struct subscriber_office office;
    struct error error;
    int code;
    struct import import = { .context = context, .file = context->arguments->words[0] };
    struct subscriber_import settings = { .tell = tell_line,
                                          .progress = show_progress,
                                          .payload = &import };
    FILE *stream = open_list(import.file, &error);
    if (!stream)
        return context_fail(context, &error);
    if (!context_open_office(context, CONTEXT_WRITE, &office, &code)) {
        (void)fclose(stream);
        return code;
    }
    progress_init(&import.progress, context);
    import.refused = context->json ? json_array() : NULL;
    bool done = subscriber_import_csv(&office, stream, &settings, &counts, &error);
    (void)fclose(stream);
    int64_t added = counts.count[IMPORT_CONFIRMED] + counts.count[IMPORT_ASKED] +
                    counts.count[IMPORT_KEPT_OUT];
    progress_clear(&import.progress);
    if (context->json)
        context_print_json(json_pack(
            "{s:I, s:I, s:I, s:I, s:o}", "lines", (json_int_t)counts.lines, "added",
            (json_int_t)added, "confirmed", (json_int_t)counts.count[IMPORT_CONFIRMED], "pending",
            (json_int_t)counts.count[IMPORT_ASKED], "refused", import.refused));
    else if (!context->quiet && (done || counts.lines))
        terminal_print("%s: %" PRId64 " added (%" PRId64 " confirmed, %" PRId64
                       " asked to confirm), %" PRId64 " refused\n",
                       report_counted(context->arena, counts.lines, "line", "lines"), added,
                       counts.count[IMPORT_CONFIRMED], counts.count[IMPORT_ASKED],
                       counts.count[IMPORT_REFUSED]);
    if (!done) {
        (void)error_prefix(&error, "%s", import.file);
        return context_fail(context, &error);
    }
    return counts.count[IMPORT_REFUSED] ? EXIT_REFUSED : EXIT_WELL;
}
