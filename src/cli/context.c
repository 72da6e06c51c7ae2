/* SPDX-License-Identifier: MIT */
#include "cli/context.h"

#include "address/token.h"
#include "approval/approval.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/error_list.h"
#include "base/file.h"
#include "base/log.h"
#include "base/string_builder.h"
#include "cli/command.h"
#include "cli/share_directory.h"
#include "config/config.h"
#include "database/database.h"
#include "digest/digest.h"
#include "inbound/inbound.h"
#include "intake/intake.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "net/mailbox.h"
#include "preview/preview.h"
#include "publish/publish.h"
#include "queue/queue.h"
#include "receipt/receipt.h"
#include "release/release_store.h"
#include "status_page/status_page.h"
#include "subscriber/subscriber.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

void context_init(struct command_context *context, struct arena *arena,
                  const struct command *command, const struct arguments *arguments)
{
    const char *directory = arguments_value(arguments, "newsroom");
    *context = (struct command_context){ .arena = arena,
                                         .command = command,
                                         .arguments = arguments,
                                         .directory = directory ? directory : ".",
                                         .json = arguments_have(arguments, "json"),
                                         .quiet = arguments_have(arguments, "quiet"),
                                         .clock = clock_system(),
                                         .random = random_system(),
                                         .run_lock = -1,
                                         .state_directory = -1 };
}

void context_close(struct command_context *context)
{
    struct error error;
    if (!mailbox_close(context->inbox, &error))
        log_line(LOG_WARNING, "%s", error.message);
    database_close(context->database);
    token_keys_free(context->keys);
    if (context->config)
        config_release(context->config);
    context_unlock_run(context);
    if (context->state_directory >= 0)
        (void)close(context->state_directory);
}

int context_fail(const struct command_context *context, const struct error *error)
{
    struct context_step_state *step_state = context->step_state;
    bool is_news = !step_state || strcmp(step_state->failure, error->message) != 0;
    log_line(is_news ? LOG_ERROR : LOG_DEBUG, "%s", error->message);
    if (step_state) {
        step_state->has_failed = true;
        memcpy(step_state->failure, error->message, sizeof step_state->failure);
    }
    return error->kind == ERROR_USAGE ? EXIT_UNUSABLE : EXIT_REFUSED;
}

bool context_open_config(struct command_context *context)
{
    struct error_list problems;
    struct error error;
    const char *share = share_directory(context->arena, &error);
    if (!share) {
        (void)context_fail(context, &error);
        return false;
    }
    error_list_init(&problems, context->arena, NULL);
    context->config = arena_allocate(context->arena, sizeof *context->config);
    if (config_load(context->config, context->directory, share, "pressroom " PRESSROOM_VERSION,
                    &problems))
        return true;
    for (const struct file_error *problem = problems.first; problem; problem = problem->next) {
        if (problem->file && problem->error.line)
            log_line(LOG_ERROR, "%s:%d: %s", problem->file, (int)problem->error.line,
                     problem->error.message);
        else
            log_line(LOG_ERROR, "%s%s%s", problem->file ? problem->file : "",
                     problem->file ? ": " : "", problem->error.message);
    }
    return false;
}

/* No core dump and no ptrace() by processes of the same user, because this process has the key,
 * passwords and addresses in memory. Not in sanitized builds, whose leak checker uses ptrace(). */
static void hide_memory(void)
{
#ifndef PRESSROOM_SANITIZED
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static bool open_state(struct command_context *context, enum context_access access,
                       struct error *error)
{
    const char *path = context->config->state_path;
    hide_memory();
    if (access == CONTEXT_WRITE && mkdir(path, 0700) != 0 && errno != EEXIST)
        return error_set_errno(error, ERROR_SYSTEM, errno, "%s", path);
    context->state_directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (context->state_directory < 0)
        return error_set_errno(
            error, ERROR_SYSTEM, errno,
            "%s: this folder cannot be opened" ERROR_ADVICE "`pressroom run` makes it", path);
    return true;
}

/* Schemas that refer to others come behind them. */
static const struct database_schema *const schemas[] = {
    &release_schema,  &queue_schema,   &digest_schema,     &subscriber_schema,
    &intake_schema,   &publish_schema, &preview_schema,    &receipt_schema,
    &approval_schema, &inbound_schema, &status_page_schema
};

enum { SCHEMAS = sizeof schemas / sizeof schemas[0] };

struct database_settings context_database_settings(const struct command_context *context)
{
    return (struct database_settings){ .path = context->config->database_path,
                                       .state_directory = context->state_directory,
                                       .schemas = schemas,
                                       .schema_count = SCHEMAS };
}

bool context_reach_database(struct command_context *context, enum context_access access,
                            struct error *error)
{
    if (!open_state(context, access, error))
        return false;
    struct database_settings settings = context_database_settings(context);
    settings.is_read_only = access == CONTEXT_READ;
    context->database = database_open(&settings, error);
    return context->database && database_migrate(context->database, schemas, SCHEMAS, error) &&
           config_complete(context->config, context->database, context->arena, &context->clock,
                           error);
}

bool context_open_database(struct command_context *context, enum context_access access,
                           int *exit_code)
{
    struct error error;
    if (!context->config && !context_open_config(context)) {
        *exit_code = EXIT_UNUSABLE;
        return false;
    }
    if (context->database || context_reach_database(context, access, &error))
        return true;
    *exit_code = context_fail(context, &error);
    return false;
}

bool context_open_keys(struct command_context *context, struct error *error)
{
    if (!context->keys)
        context->keys = token_keys_open(context->state_directory, error);
    return context->keys != NULL;
}

struct preview_settings context_preview_settings(struct command_context *context)
{
    return (struct preview_settings){ .publish = &context->config->publish,
                                      .mail = &context->config->resources,
                                      .keys = context->keys,
                                      .random = &context->random,
                                      .clock = &context->clock };
}

bool context_open_subscriber_service(struct command_context *context, enum context_access access,
                                     struct subscriber_service *service, int *exit_code)
{
    struct error error;
    if (!context_open_database(context, access, exit_code))
        return false;
    if (access == CONTEXT_WRITE && !context_open_keys(context, &error)) {
        *exit_code = context_fail(context, &error);
        return false;
    }
    *service = (struct subscriber_service){
        .database = context->database,
        .clock = &context->clock,
        .random = &context->random,
        .feeds = context->config->feeds,
        .keys = context->keys,
        .default_language = context->config->newsroom.language
    };
    return true;
}

bool context_read_password(struct command_context *context, const char *path, const char *key,
                           const char **password, struct error *error)
{
    enum { PASSWORD_MAXIMUM = 4096 };
    struct string_builder text;
    *password = NULL;
    if (!path)
        return true;
    hide_memory();
    string_builder_init(&text, PASSWORD_MAXIMUM);
    bool done = file_read(AT_FDCWD, path, &text, error);
    if (done)
        *password = arena_copy_bytes(context->arena, text.data, strcspn(text.data, "\r\n"));
    string_builder_release(&text);
    return done || error_prefix(error, "%s", key);
}

const char *context_ca_file(void)
{
    const char *path = getenv("SSL_CERT_FILE"); /* NOLINT(concurrency-mt-unsafe) */
    return path && *path ? path : NULL;
}

static bool lock_run(struct command_context *context, bool wait, struct error *error)
{
    if (context->run_lock < 0)
        context->run_lock = file_lock(context->state_directory, "run.lock", wait, error);
    return context->run_lock >= 0;
}

bool context_lock_run(struct command_context *context, struct error *error)
{
    return lock_run(context, !context->step_state, error);
}

bool context_try_lock_run(struct command_context *context, struct error *error)
{
    return lock_run(context, false, error);
}

void context_unlock_run(struct command_context *context)
{
    if (context->run_lock >= 0)
        (void)close(context->run_lock);
    context->run_lock = -1;
}

void context_print_json(struct json_t *document)
{
    (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    (void)putchar('\n');
    json_decref(document);
}

const char *context_instant(const struct command_context *context, int64_t instant)
{
    const struct zone *zone = locale_context_zone(context->config->publish.locale);
    return instant == INSTANT_NONE ? NULL
                                   : zone_format_rfc3339(zone, context->arena, instant, false);
}

const char *context_time(const struct command_context *context, int64_t instant)
{
    struct civil_time civil;
    if (instant == INSTANT_NONE)
        return "";
    zone_civil(locale_context_zone(context->config->publish.locale), instant, &civil);
    return arena_format(context->arena, "%04d-%02d-%02d %02d:%02d", (int)civil.year, civil.month,
                        civil.day, civil.hour, civil.minute);
}
