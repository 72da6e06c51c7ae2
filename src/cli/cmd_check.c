/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/file_argument.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "database/database.h"
#include "feed/feed.h"
#include "intake/intake.h"
#include "release/release.h"

#include <inttypes.h>
#include <jansson.h>

struct checking {
    struct command_context *context;
    json_t *array; /* NULL: for people */
    int64_t good;
    int64_t refused;
};

static json_t *problems_array(const struct checking *checking, const struct intake_check *check)
{
    static const char *const severities[] = { [INTAKE_ADVICE] = "advice",
                                              [INTAKE_NOTICE] = "notice",
                                              [INTAKE_WARNING] = "warning",
                                              [INTAKE_REFUSED] = "error" };
    const struct intake_wording wording = intake_wording_of(&checking->context->config->intake,
                                                            "en");
    json_t *array = json_array();
    for (const struct intake_problem *problem = check->problems.first; problem;
         problem = problem->next)
        (void)json_array_append_new(
            array,
            json_pack("{s:s, s:s, s:i, s:s, s:s}", "id",
                      intake_message_name(problem->message.id, checking->context->arena), "file",
                      problem->file, "line", problem->line, "severity",
                      severities[problem->severity], "message",
                      intake_message_show(&problem->message, &wording, checking->context->arena)));
    return array;
}

static void report_check(struct checking *checking, const struct intake_check *check)
{
    const char *title = check->title ? check->title : "";
    bool refused = check->problems.refused > 0;
    const struct intake_wording wording = intake_wording_of(&checking->context->config->intake,
                                                            "en");
    for (const struct intake_problem *problem = check->problems.first; problem;
         problem = problem->next)
        log_line(problem->severity == INTAKE_REFUSED ? LOG_ERROR : LOG_WARNING, "%s",
                 intake_problem_line(checking->context->arena, &wording, "releases", problem));
    if (refused)
        checking->refused++;
    else if (check->title)
        checking->good++;
    if (checking->array)
        (void)json_array_append_new(checking->array,
                                    json_pack("{s:s, s:b, s:s, s:o}", "file", check->name, "good",
                                              !refused, "title", title, "problems",
                                              problems_array(checking, check)));
    else if (!refused && check->title && !checking->context->quiet)
        terminal_print("%s: good: %s\n", check->name, title);
}

static bool check_words(struct command_context *context, struct checking *checking,
                        struct error *error)
{
    for (size_t i = 0; i < context->arguments->word_count; i++) {
        struct intake_check check;
        if (!file_argument_check(context, context->arguments->words[i], &check, error)) {
            if (error->kind != ERROR_INPUT)
                return false;
            log_line(LOG_ERROR, "%s", error->message);
            checking->refused++;
        } else {
            report_check(checking, &check);
        }
    }
    return true;
}

static bool check_drop_directory(struct command_context *context, struct checking *checking,
                                 struct error *error)
{
    if (!intake_directories_open(context, error))
        return false;
    const struct intake_checker checker = file_argument_checker(context);
    struct intake_check_cursor *cursor = intake_check_open(&checker, error);
    struct intake_check check;
    while (cursor && intake_check_next(cursor, &check))
        report_check(checking, &check);
    bool done = cursor != NULL;
    intake_check_close(cursor);
    intake_directories_close(context);
    return done;
}

/* Says that the configuration was read, because whoever has just edited it wants to know. */
static void report_configuration(const struct command_context *context)
{
    const struct config *config = context->config;
    size_t feeds = 0;
    for (const struct feed *feed = config->feeds; feed; feed = feed->next)
        feeds++;
    if (!context->json && !context->quiet)
        terminal_print("newsroom.yaml: good: %s, %s, %zu %s\n", config->newsroom.name,
                       config->newsroom.site_url, feeds, feeds == 1 ? "feed" : "feeds");
}

int cmd_check(struct command_context *context)
{
    struct error error;
    int code;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    report_configuration(context);
    struct checking checking = { .context = context, .array = context->json ? json_array() : NULL };
    bool done = context->arguments->word_count ? check_words(context, &checking, &error)
                                               : check_drop_directory(context, &checking, &error);
    if (!done) {
        json_decref(checking.array);
        return context_fail(context, &error);
    }
    if (checking.array)
        context_print_json(json_pack("{s:o}", "files", checking.array));
    else if (!context->quiet)
        terminal_print("%" PRId64 " good, %" PRId64 " refused\n", checking.good, checking.refused);
    return checking.refused ? EXIT_REFUSED : EXIT_WELL;
}
