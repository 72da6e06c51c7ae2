/* SPDX-License-Identifier: MIT */
#include "publish/staging.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* In public/; a leading dot, and mode 0700: servers do not show it. */
#define FALLBACK_FOLDER ".pressroom"

enum { NAME_SIZE = 32, PATH_SIZE = 1040 };

struct staging {
    int directory;
    int public_directory; /* borrowed; -1 unless the folder stands there */
    unsigned long count;
};

static void folder_empty(int directory)
{
    int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    if (!entries) {
        if (copy >= 0)
            (void)close(copy);
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) /* NOLINT(concurrency-mt-unsafe) */
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(directory, entry->d_name, 0);
    (void)closedir(entries);
}

static int folder_open(int parent, const char *path, mode_t mode, struct error *error)
{
    if (mkdirat(parent, path, mode) != 0 && errno != EEXIST) {
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s: make the folder", path);
        return -1;
    }
    int directory = openat(parent, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0)
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s", path);
    return directory;
}

static bool same_file_system(int a, int b)
{
    struct stat first;
    struct stat second;
    return fstat(a, &first) == 0 && fstat(b, &second) == 0 && first.st_dev == second.st_dev;
}

struct staging *staging_open(int public_directory, const char *state_path, struct error *error)
{
    char path[PATH_SIZE];
    struct staging *staging = calloc(1, sizeof *staging);
    int length = snprintf(path, sizeof path, "%s/publish", state_path);
    if (!staging || length < 0 || (size_t)length >= sizeof path) {
        free(staging);
        (void)error_set(error, ERROR_SYSTEM, "%s: path too long", state_path);
        return NULL;
    }
    staging->public_directory = -1;
    staging->directory = folder_open(AT_FDCWD, path, 0700, error);
    if (staging->directory >= 0)
        folder_empty(staging->directory);
    if (staging->directory >= 0 && !same_file_system(staging->directory, public_directory)) {
        (void)close(staging->directory);
        staging->public_directory = public_directory;
        staging->directory = folder_open(public_directory, FALLBACK_FOLDER, 0700, error);
        if (staging->directory >= 0)
            folder_empty(staging->directory);
    }
    if (staging->directory < 0) {
        free(staging);
        return NULL;
    }
    return staging;
}

void staging_close(struct staging *staging)
{
    if (!staging)
        return;
    (void)close(staging->directory);
    if (staging->public_directory >= 0)
        (void)unlinkat(staging->public_directory, FALLBACK_FOLDER, AT_REMOVEDIR);
    free(staging);
}

static void name_of(char name[NAME_SIZE], unsigned long number, bool is_gzip)
{
    (void)snprintf(name, NAME_SIZE, "%lu%s", number, is_gzip ? ".gz" : "");
}

static bool disk_failed(int saved_errno, struct error *error)
{
    if (saved_errno == ENOSPC || saved_errno == EDQUOT)
        return error_set(error, ERROR_SYSTEM, "the disk is full; make room and run again");
    return error_set_errno(error, ERROR_SYSTEM, saved_errno, "write");
}

static int temporary_create(struct staging *staging, const char *name, struct error *error)
{
    int descriptor = openat(staging->directory, name,
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (descriptor < 0)
        (void)disk_failed(errno, error);
    return descriptor;
}

/* Closes; a failed write shows at the latest here. */
static bool temporary_finish(struct staging *staging, const char *name, int descriptor, bool done,
                             struct error *error)
{
    int saved_errno = errno;
    if (close(descriptor) != 0 && done) {
        saved_errno = errno;
        done = false;
    }
    if (done)
        return true;
    (void)unlinkat(staging->directory, name, 0);
    return disk_failed(saved_errno, error);
}

static bool temporary_write(struct staging *staging, const char *name, const void *bytes,
                            size_t length, const struct timespec *time, struct error *error)
{
    int descriptor = temporary_create(staging, name, error);
    if (descriptor < 0)
        return false;
    const char *rest = bytes;
    bool done = true;
    while (done && length) {
        ssize_t count = write(descriptor, rest, length);
        if (count < 0 && errno != EINTR)
            done = false;
        if (count > 0) {
            rest += count;
            length -= (size_t)count;
        }
    }
    const struct timespec times[2] = { *time, *time };
    if (done)
        (void)futimens(descriptor, times);
    return temporary_finish(staging, name, descriptor, done, error);
}

bool staging_write(struct staging *staging, const void *bytes, size_t length,
                   const struct text *compressed, unsigned long *number, struct error *error)
{
    char name[NAME_SIZE];
    struct timespec time;
    (void)clock_gettime(CLOCK_REALTIME_COARSE, &time);
    unsigned long count = staging->count + 1;
    name_of(name, count, false);
    if (!temporary_write(staging, name, bytes, length, &time, error))
        return false;
    name_of(name, count, true);
    if (compressed &&
        !temporary_write(staging, name, compressed->data, compressed->length, &time, error)) {
        staging_drop(staging, count, false);
        return false;
    }
    *number = staging->count = count;
    return true;
}

bool staging_copy(struct staging *staging, int descriptor, unsigned long *number,
                  struct error *error)
{
    char name[NAME_SIZE];
    name_of(name, staging->count + 1, false);
    int copy = temporary_create(staging, name, error);
    if (copy < 0)
        return false;
    off_t offset = 0;
    ssize_t count;
    do {
        count = sendfile(copy, descriptor, &offset, 1 << 20);
    } while (count > 0 || (count < 0 && errno == EINTR));
    if (!temporary_finish(staging, name, copy, count == 0, error))
        return false;
    *number = ++staging->count;
    return true;
}

void staging_drop(struct staging *staging, unsigned long number, bool has_gzip)
{
    char name[NAME_SIZE];
    name_of(name, number, false);
    (void)unlinkat(staging->directory, name, 0);
    name_of(name, number, true);
    if (has_gzip)
        (void)unlinkat(staging->directory, name, 0);
}

bool staging_sync(struct staging *staging, struct error *error)
{
    return syncfs(staging->directory) == 0 ? true : disk_failed(errno, error);
}

bool staging_place(struct staging *staging, unsigned long number, bool has_gzip, int directory,
                   const char *path, struct error *error)
{
    char name[NAME_SIZE];
    char target[PATH_SIZE];
    int length = snprintf(target, sizeof target, "%s.gz", path);
    if (length < 0 || (size_t)length >= sizeof target)
        return error_set(error, ERROR_SYSTEM, "public/%s: path too long", path);
    name_of(name, number, true);
    if (has_gzip && renameat(staging->directory, name, directory, target) != 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "public/%s", target);
    name_of(name, number, false);
    if (renameat(staging->directory, name, directory, path) != 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "public/%s", path);
    return true;
}
