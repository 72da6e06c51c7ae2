/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/file_argument.h"
#include "cli/report.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/error.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "delivery/announce.h"
#include "intake/intake.h"
#include "release/release.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

/* A file that has not been ingested yet, as the one version that it would become. */
static const struct audience_version *version_of_file(struct command_context *context,
                                                      const struct release *release)
{
    struct audience_version *version = arena_allocate(context->arena, sizeof *version);
    const char *topics = "";
    for (const struct release_topic *topic = release->topics; topic; topic = topic->next)
        topics = arena_format(context->arena, "%s%s%s", topics, *topics ? " " : "", topic->name);
    *version = (struct audience_version){
        .type = release->type ? release->type : "press-release",
        .language = release->language ? release->language : context->config->newsroom.language,
        .topics = topics,
    };
    return version;
}

static bool find_versions(struct command_context *context, const struct audience_version **versions,
                          struct error *error)
{
    const char *word = context->arguments->words[0];
    bool failed = false;
    *versions = audience_versions(context->database, context->arena, word, &failed, error);
    if (*versions || failed)
        return *versions != NULL;
    if (!file_argument_exists(context, word))
        return error_set(error, ERROR_INPUT,
                         "%s: neither a release's id nor a file" ERROR_ADVICE
                         "`pressroom release list` lists the ids",
                         word);
    struct intake_check check;
    if (!file_argument_check(context, word, &check, error))
        return false;
    if (!check.release || check.problems.refused)
        return error_set(error, ERROR_INPUT,
                         "%s: cannot be used" ERROR_ADVICE "`pressroom check %s` says why", word,
                         word);
    *versions = version_of_file(context, check.release);
    return true;
}

/* array NULL: to standard output. */
static bool list_addresses(struct command_context *context, const struct audience_version *versions,
                           json_t *array, struct error *error)
{
    struct audience_cursor cursor;
    const struct queue_audience_member *member;
    if (!audience_cursor_open(&cursor, context->database, &context->config->announce, versions,
                              error))
        return false;
    while (audience_cursor_next(&cursor, &member, error)) {
        if (array)
            (void)json_array_append_new(array, json_pack("{s:s, s:s}", "address", member->address,
                                                         "language", member->language));
        else
            terminal_print("%s\n", member->address);
    }
    return audience_cursor_close(&cursor);
}

static json_t *counts_array(const struct audience_count *counts)
{
    json_t *array = json_array();
    for (const struct audience_count *count = counts; count; count = count->next) {
        json_t *object = json_pack("{s:s, s:I}", "language", count->language, "people",
                                   (json_int_t)count->subscribers);
        if (count->feed)
            json_set_text(object, "feed", count->feed);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static void print_as_text(struct command_context *context, const struct audience *audience)
{
    static const char *const headings[] = { "feed", "language", ">people", NULL };
    struct table table;
    terminal_print("%s would be mailed now",
                   report_counted(context->arena, audience->subscribers, "person", "people"));
    if (audience->already_mailed)
        terminal_print(" (%s it already)", report_counted(context->arena, audience->already_mailed,
                                                          "more has", "more have"));
    terminal_print(".\n");
    table_init(&table, context->arena, headings);
    for (const struct audience_count *count = audience->feeds; count; count = count->next) {
        table_add_row(&table);
        table_set(&table, 0, count->feed);
        table_set(&table, 1, count->language);
        table_set_number(&table, 2, count->subscribers);
    }
    table_print(&table);
}

int cmd_audience(struct command_context *context)
{
    const struct audience_version *versions;
    struct audience audience = { 0 };
    struct error error;
    int code;
    if (!context_open_database(context, CONTEXT_READ, &code))
        return code;
    const struct announce_settings *settings = &context->config->announce;
    if (!find_versions(context, &versions, &error) ||
        !audience_for(context->database, context->arena, settings, versions, &audience, &error))
        return context_fail(context, &error);
    bool list = arguments_have(context->arguments, "list");
    json_t *addresses = context->json && list ? json_array() : NULL;
    if (list && !list_addresses(context, versions, addresses, &error)) {
        json_decref(addresses);
        return context_fail(context, &error);
    }
    if (context->json) {
        json_t *document = json_pack(
            "{s:I, s:I, s:o, s:o}", "people", (json_int_t)audience.subscribers, "already_mailed",
            (json_int_t)audience.already_mailed, "languages", counts_array(audience.languages),
            "feeds", counts_array(audience.feeds));
        if (addresses)
            json_set_value(document, "addresses", addresses);
        context_print_json(document);
    } else if (!list) {
        print_as_text(context, &audience);
    }
    return EXIT_WELL;
}
