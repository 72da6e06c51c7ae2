/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/context.h"
#include "cli/file_argument.h"
#include "cli/preview_files.h"
#include "cli/preview_link.h"
#include "cli/preview_serve.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "database/database.h"
#include "digest/digest.h"
#include "intake/intake.h"
#include "mail/mail.h"
#include "presentation/presentation.h"
#include "preview/preview.h"
#include "publish/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDER_DAYS = 7 };

struct preview_folder {
    struct command_context *context;
    const struct release *release;
    const char *directory;
};

static bool write_file(const struct preview_folder *preview, const char *name, const char *bytes,
                       size_t length, struct error *error)
{
    const char *path = file_join(preview->context->arena, preview->directory, name);
    return file_write_atomic(AT_FDCWD, path, bytes, length, 0644, error);
}

static bool write_text(const struct preview_folder *preview, const char *name, const char *text,
                       struct error *error)
{
    return !text || write_file(preview, name, text, strlen(text), error);
}

/* Writes the message, and its text and HTML parts as files of their own, because those a browser
 * can show. */
static bool write_message(const struct preview_folder *preview, const char *name, int64_t at,
                          const struct mail_message *message, struct error *error)
{
    struct command_context *context = preview->context;
    struct arena *arena = context->arena;
    struct preview_mail mail;
    return preview_mail_make(arena, context->config->publish.locale, at, message, &mail, error) &&
           write_file(preview, arena_format(arena, "%s.eml", name), mail.eml, mail.eml_length,
                      error) &&
           write_text(preview, arena_format(arena, "%s.txt", name), mail.text, error) &&
           write_text(preview, arena_format(arena, "%s.html", name), mail.html, error);
}

/* Writes the announcement, and the digest that daily and weekly subscribers get. */
static bool write_mails(struct preview_folder *preview, const struct presentation *presentation,
                        struct error *error)
{
    struct command_context *context = preview->context;
    const struct mail_resources *resources = &context->config->resources;
    /* Of a file that says "withdrawn" the page is a notice, and so is the mail. */
    const enum release_mail_kind kind = presentation->is_withdrawn ? RELEASE_MAIL_WITHDRAWAL
                                                                   : RELEASE_MAIL_RELEASE;
    const struct release_mail_request request = { .kind = kind,
                                                  .presentation = presentation,
                                                  .language = presentation->language };
    const struct digest_mail_entry entry = { .kind = kind, .presentation = presentation };
    const struct digest_mail_request digest_request = {
        .language = presentation->language,
        .at = digest_next_daily(&context->config->digest, presentation->public_at),
        .entries = &entry
    };
    const struct mail_message *mail = release_mail_build(context->arena, resources, &request,
                                                         error);
    if (!mail || !write_message(preview, "mail", presentation->public_at, mail, error))
        return false;
    const struct mail_message *digest = digest_mail_build(context->arena, resources,
                                                          &digest_request, error);
    return digest && write_message(preview, "digest", digest_request.at, digest, error);
}

static int entry_remove(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    (void)remove(path);
    return 0;
}

/* Removes old previews, because they show what is not public yet. */
static void old_previews_remove(struct command_context *context, const char *parent)
{
    DIR *entries = opendir(parent);
    if (!entries)
        return;
    int64_t before_at = clock_now(&context->clock) - FOLDER_DAYS * DURATION_DAY;
    const struct dirent *entry;
    struct stat status;
    while ((entry = readdir(entries)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        if (entry->d_name[0] != '.' &&
            fstatat(dirfd(entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISDIR(status.st_mode) && (int64_t)status.st_mtim.tv_sec * DURATION_SECOND < before_at)
            (void)nftw(/* NOLINT(concurrency-mt-unsafe) */
                       file_join(context->arena, parent, entry->d_name), entry_remove, 16,
                       FTW_DEPTH | FTW_PHYS);
    }
    (void)closedir(entries);
}

static const char *make_directory(struct command_context *context, struct error *error)
{
    struct arena *arena = context->arena;
    const char *parent = file_join(arena, context->config->state_path, "preview");
    if (!file_make_directories(AT_FDCWD, parent, error))
        return NULL;
    old_previews_remove(context, parent);
    char *path = arena_format(arena, "%s/XXXXXX", parent);
    if (!mkdtemp(path)) {
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s", path);
        return NULL;
    }
    char absolute[PATH_MAX];
    return realpath(path, absolute) ? arena_copy(arena, absolute) : path;
}

static int write_preview(struct preview_folder *preview, const struct intake_check *check)
{
    struct command_context *context = preview->context;
    struct error error;
    struct preview_files files;
    preview->directory = make_directory(context, &error);
    if (!preview_files_open(&files, context, check, &error))
        return context_fail(context, &error);
    struct publish_preview place = { .files = &files.files,
                                     .directory = preview->directory,
                                     .arena = context->arena };
    bool done = preview->directory &&
                publish_preview(&context->config->publish, preview->release, &context->clock,
                                &place, &error) &&
                write_mails(preview, place.presentation, &error);
    preview_files_close(&files);
    if (!done)
        return context_fail(context, &error);
    if (context->json)
        context_print_json(json_pack("{s:s}", "folder", preview->directory));
    else
        terminal_print(
            "%s\n  %s   the page, and what stands beside it\n  mail.html         the mail\n"
            "  mail.txt          the mail as plain text\n  mail.eml          the whole message\n"
            "  digest.html, digest.txt, digest.eml   the same for those who follow daily or weekly\n"
            "  %s   the feed entry\n",
            preview->directory, place.page_files, place.entry_files);
    return EXIT_WELL;
}

int cmd_preview(struct command_context *context)
{
    struct preview_folder preview = { .context = context };
    struct intake_check check;
    struct error error;
    int code;
    bool is_link = arguments_have(context->arguments, "link");
    bool is_served = arguments_have(context->arguments, "serve");
    if ((is_link && is_served) || (arguments_have(context->arguments, "listen") && !is_served)) {
        (void)error_set(&error, ERROR_USAGE, "preview: --listen goes with --serve, --link alone");
        return context_fail(context, &error);
    }
    if (!context_open_database(context, is_link ? CONTEXT_WRITE : CONTEXT_READ, &code))
        return code;
    if (is_link)
        return context_open_keys(context, &error) ? preview_link(context)
                                                  : context_fail(context, &error);
    if (is_served)
        return preview_serve(context);
    if (!file_argument_check(context, context->arguments->words[0], &check, &error))
        return context_fail(context, &error);
    const struct intake_wording wording = intake_wording_of(&context->config->intake, "en");
    for (const struct intake_problem *problem = check.problems.first; problem;
         problem = problem->next)
        log_line(problem->severity == INTAKE_REFUSED ? LOG_ERROR : LOG_WARNING, "%s",
                 intake_problem_line(context->arena, &wording, "releases", problem));
    if (!check.release || check.problems.refused)
        return EXIT_REFUSED;
    preview.release = check.release;
    return write_preview(&preview, &check);
}
