/* SPDX-License-Identifier: MIT */
#include "cli/file_argument.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/context.h"
#include "config/config.h"
#include "intake/intake.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool intake_directories_open(struct command_context *context, struct error *error)
{
    struct config *config = context->config;
    config->intake.releases_directory = file_open_directory(AT_FDCWD, config->releases_path, error);
    if (config->intake.releases_directory < 0)
        return false;
    config->intake.state_directory = context->state_directory;
    /* Before the first publication there may be no public/ to recover from. */
    config->intake.public_directory = open(config->public_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return true;
}

void intake_directories_close(struct command_context *context)
{
    struct intake_settings *intake = &context->config->intake;
    if (intake->releases_directory >= 0)
        (void)close(intake->releases_directory);
    if (intake->public_directory >= 0)
        (void)close(intake->public_directory);
    intake->releases_directory = -1;
    intake->public_directory = -1;
    intake->state_directory = -1;
}

struct intake_checker file_argument_checker(struct command_context *context)
{
    return (struct intake_checker){ .settings = &context->config->intake,
                                    .database = context->database,
                                    .clock = &context->clock,
                                    .random = &context->random };
}

const char *file_argument_path(const struct command_context *context, const char *word)
{
    char path[PATH_MAX];
    if (realpath(word, path))
        return arena_copy(context->arena, path);
    const char *inside = file_join(context->arena, context->config->releases_path, word);
    return realpath(inside, path) ? arena_copy(context->arena, path) : NULL;
}

bool file_argument_exists(const struct command_context *context, const char *word)
{
    return file_argument_path(context, word) != NULL;
}

static bool check_path(struct command_context *context, const char *path,
                       struct intake_check *check, struct error *error)
{
    char releases[PATH_MAX];
    struct stat status;
    if (stat(path, &status) != 0)
        return error_set(error, ERROR_INPUT, "%s: is not there", path);
    const char *slash = strrchr(path, '/');
    const char *name = slash + 1;
    const char *parent = slash == path
                             ? "/"
                             : arena_copy_bytes(context->arena, path, (size_t)(slash - path));
    bool inside = false;
    if (realpath(context->config->releases_path, releases)) {
        size_t length = strlen(releases);
        inside = strncmp(path, releases, length) == 0 && path[length] == '/';
        if (inside) {
            parent = releases;
            name = path + length + 1;
        }
    }
    if (S_ISDIR(status.st_mode))
        name = arena_format(context->arena, "%s/", name);
    struct intake_place place = { .name = arena_copy(context->arena, name),
                                  .is_drop_directory = inside };
    place.directory = file_open_directory(AT_FDCWD, parent, error);
    if (place.directory < 0)
        return false;
    const struct intake_checker checker = file_argument_checker(context);
    bool done = intake_check_file(&checker, &place, context->arena, check, error);
    (void)close(place.directory);
    return done;
}

bool file_argument_check(struct command_context *context, const char *word,
                         struct intake_check *check, struct error *error)
{
    const char *path = file_argument_path(context, word);
    if (!path)
        return error_set(error, ERROR_INPUT,
                         "%s: is not there" ERROR_ADVICE "name a file or folder with a release",
                         word);
    if (!intake_directories_open(context, error))
        return false;
    bool done = check_path(context, path, check, error);
    intake_directories_close(context);
    return done;
}
