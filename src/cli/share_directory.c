/* SPDX-License-Identifier: MIT */
#include "cli/share_directory.h"

#include "base/arena.h"
#include "base/error.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

const char *share_directory(struct arena *arena, struct error *error)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length < 0) {
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "/proc/self/exe");
        return NULL;
    }
    path[length] = '\0';
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(path, '/');
        if (slash)
            *slash = '\0';
    }
    const char *share = arena_format(arena, "%s/share/pressroom", path);
    if (access(arena_format(arena, "%s/templates", share), R_OK) == 0)
        return share;
    (void)error_set(error, ERROR_USAGE,
                    "%s/templates: not there" ERROR_ADVICE
                    "install pressroom with `cmake --install`, which puts it beside the program",
                    share);
    return NULL;
}
