/* SPDX-License-Identifier: MIT */
#include "cli/preview_files.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/file_argument.h"
#include "config/config.h"
#include "intake/intake.h"
#include "release/release.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file in memory, because what makes pictures reads them from a descriptor. */
static int part_open(const struct intake_part *part, struct error *error)
{
    int descriptor = memfd_create("part", MFD_CLOEXEC);
    if (descriptor >= 0 && file_write_all(descriptor, part->bytes, part->length) &&
        lseek(descriptor, 0, SEEK_SET) == 0)
        return descriptor;
    (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s", part->name);
    if (descriptor >= 0)
        (void)close(descriptor);
    return -1;
}

static int asset_open(void *payload, const struct release_asset *asset, struct error *error)
{
    const struct preview_files *files = payload;
    for (const struct intake_part *part = files->parts; part; part = part->next)
        if (strcmp(part->name, asset->file) == 0)
            return part_open(part, error);
    /* The drop directory's files themselves, which may be links to anywhere: nothing outside the
     * release's folder is opened. */
    return file_open_beneath(files->directory, asset->file, error);
}

/* Where the release's own pictures and documents lie. */
static const char *folder_of(struct command_context *context)
{
    const char *path = file_argument_path(context, context->arguments->words[0]);
    struct stat status;
    if (!path)
        return context->config->releases_path;
    const char *slash = strrchr(path, '/');
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode) && slash && slash != path)
        path = arena_copy_bytes(context->arena, path, (size_t)(slash - path));
    return path;
}

bool preview_files_open(struct preview_files *files, struct command_context *context,
                        const struct intake_check *check, struct error *error)
{
    *files = (struct preview_files){ .files = { .open = asset_open, .payload = files },
                                     .parts = check->parts };
    files->directory = file_open_directory(AT_FDCWD, folder_of(context), error);
    return files->directory >= 0;
}

void preview_files_close(struct preview_files *files)
{
    if (files->directory >= 0)
        (void)close(files->directory);
    files->directory = -1;
}
