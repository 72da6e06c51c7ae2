/* SPDX-License-Identifier: MIT */
#include "cli/file_fingerprint.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAXIMUM = 4 };

static uint64_t add(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3U; /* FNV-1a */
    return hash;
}

static uint64_t of_entry(const char *name, const struct stat *status)
{
    uint64_t hash = add(0xcbf29ce484222325U, name, strlen(name));
    hash = add(hash, &status->st_size, sizeof status->st_size);
    hash = add(hash, &status->st_ino, sizeof status->st_ino);
    hash = add(hash, &status->st_mtim.tv_sec, sizeof status->st_mtim.tv_sec);
    return add(hash, &status->st_mtim.tv_nsec, sizeof status->st_mtim.tv_nsec);
}

/* The sum of the entries, because they come in any order; of those alone whose name begins with the
 * stem and goes on with a dot, where there is one. */
static uint64_t of_directory(int descriptor, const char *stem, size_t stem_length, int depth)
{
    DIR *entries = fdopendir(descriptor);
    const struct dirent *entry;
    struct stat status;
    uint64_t sum = 0;
    if (!entries) {
        (void)close(descriptor);
        return 0;
    }
    while ((entry = readdir(entries)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        const char *name = entry->d_name;
        if (name[0] == '.' ||
            (stem && (strncmp(name, stem, stem_length) != 0 || name[stem_length] != '.')) ||
            fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        sum += of_entry(name, &status);
        if (stem || !S_ISDIR(status.st_mode) || depth >= DEPTH_MAXIMUM)
            continue;
        int below = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (below >= 0)
            sum += of_directory(below, NULL, 0, depth + 1);
    }
    (void)closedir(entries);
    return sum;
}

uint64_t file_fingerprint(const char *path)
{
    struct stat status;
    char folder[PATH_MAX];
    if (stat(path, &status) != 0)
        return 0;
    if (S_ISDIR(status.st_mode)) {
        int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return descriptor < 0 ? 0 : 1 + of_directory(descriptor, NULL, 0, 0);
    }
    const char *slash = strrchr(path, '/');
    const char *name = slash + 1;
    const char *dot = strrchr(name, '.');
    size_t stem_length = dot ? (size_t)(dot - name) : strlen(name);
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path + 1), path);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    uint64_t hash = of_entry(name, &status);
    return descriptor < 0 ? hash : hash + of_directory(descriptor, name, stem_length, 0);
}

uint64_t file_fingerprint_beside(const char *folder, const char *name)
{
    struct stat status;
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &status) == 0 ? of_entry(name, &status) : 0;
}
