/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/string_builder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

bool file_read_descriptor(int descriptor, const char *path, struct string_builder *text,
                          struct error *error)
{
    char buffer[65536];
    for (;;) {
        ssize_t count = read(descriptor, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_set_errno(error, ERROR_SYSTEM, errno, "%s: read", path);
        if (count == 0)
            return true;
        string_builder_append_bytes(text, buffer, (size_t)count);
        if (string_builder_overflowed(text))
            return error_set(error, ERROR_INPUT,
                             "%s: larger than %zu bytes" ERROR_ADVICE "make it smaller", path,
                             text->maximum);
    }
}

bool file_read(int directory, const char *path, struct string_builder *text, struct error *error)
{
    int descriptor = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return error_set_errno(error, errno == ENOENT ? ERROR_INPUT : ERROR_SYSTEM, errno, "%s",
                               path);
    bool done = file_read_descriptor(descriptor, path, text, error);
    (void)close(descriptor);
    return done;
}

/* ---- beneath a folder ---- */

enum { BENEATH_FLAGS = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK };

/* Opens what stands in a folder, or the folder itself; never through a link. */
static int open_step(int folder, const char *name, bool is_last)
{
    const int flags = is_last ? BENEATH_FLAGS : O_PATH | O_DIRECTORY | O_CLOEXEC;
    struct stat status;
    int descriptor = openat(folder, name, flags | O_NOFOLLOW);
    if (descriptor < 0 && errno == ENOTDIR &&
        fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        errno = S_ISLNK(status.st_mode) ? ELOOP : ENOTDIR;
    return descriptor;
}

/* One name of a path, "." for an empty one. False with errno: it leads out, or is too long. */
static bool take_step(const char **path, char name[NAME_MAX + 1], bool *is_last)
{
    size_t length = strcspn(*path, "/");
    errno = length > NAME_MAX ? ENAMETOOLONG : EXDEV;
    if (length > NAME_MAX || (length == 2 && memcmp(*path, "..", 2) == 0))
        return false;
    memcpy(name, *path, length);
    memcpy(name + length, ".", length == 0 ? 2 : 0);
    name[length ? length : 1] = '\0';
    *path += length;
    *is_last = **path == '\0';
    *path += !*is_last;
    return true;
}

/* What openat2() does, folder by folder, and without "..": where an older kernel or a filter that
 * sees no further than a call's registers does not know it (systemd's RestrictSUIDSGID). */
static int open_by_steps(int directory, const char *path)
{
    char name[NAME_MAX + 1];
    bool is_last = false;
    int folder = directory;
    errno = *path == '/' ? EXDEV : ENOENT;
    if (*path == '/' || *path == '\0')
        return -1;
    while (!is_last) {
        int next = take_step(&path, name, &is_last) ? open_step(folder, name, is_last) : -1;
        int failure = errno;
        if (folder != directory)
            (void)close(folder);
        errno = failure;
        if (next < 0)
            return -1;
        folder = next;
    }
    return folder;
}

static int open_beneath(int directory, const char *path)
{
    struct open_how how = { .flags = BENEATH_FLAGS,
                            .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
                                       RESOLVE_NO_MAGICLINKS };
    int descriptor = (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
    return descriptor < 0 && (errno == ENOSYS || errno == EPERM) ? open_by_steps(directory, path)
                                                                 : descriptor;
}

static void refuse_open(const char *path, int failure, struct error *error)
{
    if (failure == ELOOP)
        (void)error_set(error, ERROR_INPUT,
                        "%s: is a symbolic link" ERROR_ADVICE "put the file itself there", path);
    else if (failure == EXDEV)
        (void)error_set(error, ERROR_INPUT,
                        "%s: lies outside the folder" ERROR_ADVICE "put the file into it", path);
    else if (failure == EACCES || failure == EPERM)
        (void)error_set(error, ERROR_INPUT,
                        "%s: may not be read" ERROR_ADVICE "give pressroom the right to read it",
                        path);
    else if (failure == ENOENT || failure == ENOTDIR || failure == ENAMETOOLONG)
        (void)error_set(error, ERROR_INPUT,
                        "%s: is not there" ERROR_ADVICE
                        "put the file beside the text, or correct the name",
                        path);
    else
        (void)error_set_errno(error, ERROR_SYSTEM, failure, "%s", path);
}

int file_open_beneath(int directory, const char *path, struct error *error)
{
    struct stat status;
    int descriptor = open_beneath(directory, path);
    if (descriptor < 0) {
        refuse_open(path, errno, error);
        return -1;
    }
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        (void)close(descriptor);
        (void)error_set(error, ERROR_INPUT,
                        "%s: is no ordinary file" ERROR_ADVICE "put the file itself there", path);
        return -1;
    }
    return descriptor;
}

int file_open_directory_beneath(int directory, const char *path)
{
    struct stat status;
    int descriptor = open_beneath(directory, path);
    if (descriptor < 0 || (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)))
        return descriptor;
    (void)close(descriptor);
    errno = ENOTDIR;
    return -1;
}

bool file_read_beneath(int directory, const char *path, struct string_builder *text,
                       struct error *error)
{
    int descriptor = file_open_beneath(directory, path, error);
    if (descriptor < 0)
        return false;
    bool done = file_read_descriptor(descriptor, path, text, error);
    (void)close(descriptor);
    return done;
}

bool file_make_directories(int directory, const char *path, struct error *error)
{
    char partial[4096];
    size_t length = strlen(path);
    if (length >= sizeof partial)
        return error_set(error, ERROR_INPUT, "%s: path too long", path);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(partial, path, i);
        partial[i] = '\0';
        if (mkdirat(directory, partial, 0755) != 0 && errno != EEXIST)
            return error_set_errno(error, ERROR_SYSTEM, errno, "%s: make the folder", partial);
    }
    return true;
}

bool file_write_all(int descriptor, const void *bytes, size_t length)
{
    const char *rest = bytes;
    while (length) {
        ssize_t count = write(descriptor, rest, length);
        if (count < 0 && errno != EINTR)
            return false;
        if (count > 0) {
            rest += count;
            length -= (size_t)count;
        }
    }
    return true;
}

bool file_write_atomic(int directory, const char *path, const void *bytes, size_t length,
                       unsigned mode, struct error *error)
{
    static unsigned counter;
    char temporary[4096];
    const char *slash = strrchr(path, '/');
    int prefix = slash ? (int)(slash - path + 1) : 0;
    int written = snprintf(temporary, sizeof temporary, "%.*s.pressroom.%ld.%u.tmp", prefix, path,
                           (long)getpid(), counter++);
    if (written < 0 || (size_t)written >= sizeof temporary)
        return error_set(error, ERROR_INPUT, "%s: path too long", path);
    int descriptor = openat(directory, temporary,
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (descriptor < 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "%s", path);
    bool done = file_write_all(descriptor, bytes, length) && fsync(descriptor) == 0;
    int saved = errno;
    if (close(descriptor) != 0 && done) {
        done = false;
        saved = errno;
    }
    if (done && renameat(directory, temporary, directory, path) != 0) {
        done = false;
        saved = errno;
    }
    if (done)
        return true;
    (void)unlinkat(directory, temporary, 0);
    return error_set_errno(error, ERROR_SYSTEM, saved, "%s: write", path);
}

int file_open_directory(int directory, const char *path, struct error *error)
{
    int descriptor = openat(directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s", path);
    return descriptor;
}

int file_lock(int directory, const char *path, bool wait, struct error *error)
{
    int descriptor = openat(directory, path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        (void)error_set_errno(
            error, ERROR_SYSTEM, errno,
            "%s: cannot be locked" ERROR_ADVICE "run as the user whom the folder belongs to", path);
        return -1;
    }
    int result;
    do {
        result = flock(descriptor, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    if (result == 0)
        return descriptor;
    if (errno == EWOULDBLOCK)
        (void)error_set(error, ERROR_TEMPORARY, "%s: another run holds this lock", path);
    else
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s: lock", path);
    (void)close(descriptor);
    return -1;
}

bool file_name_is_device(const char *name)
{
    static const char *const devices[] = { "con", "prn", "aux", "nul" };
    size_t length = strcspn(name, ".");
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (length == 3 && strncasecmp(name, devices[i], 3) == 0)
            return true;
    return length == 4 && name[3] >= '0' && name[3] <= '9' &&
           (strncasecmp(name, "com", 3) == 0 || strncasecmp(name, "lpt", 3) == 0);
}

char *file_join(struct arena *arena, const char *directory, const char *name)
{
    size_t length = strlen(directory);
    while (length > 1 && directory[length - 1] == '/')
        length--;
    return arena_format(arena, "%.*s/%s", (int)length, directory, name);
}

static bool write_new(int directory, const char *name, const void *bytes, size_t length)
{
    (void)unlinkat(directory, name, 0);
    int file = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0)
        return false;
    bool done = file_write_all(file, bytes, length);
    int saved = errno;
    bool closed = close(file) == 0;
    errno = done ? errno : saved;
    return done && closed;
}

/* errno stays. */
static bool forget_new(int directory, const char *name)
{
    int saved = errno;
    (void)unlinkat(directory, name, 0);
    errno = saved;
    return false;
}

bool file_put_new(const struct file_place *place, const void *bytes, size_t length)
{
    const char *temporary = place->temporary;
    if (!write_new(place->from, temporary, bytes, length))
        return forget_new(place->from, temporary);
    fault_point(place->fault);
    if (renameat(place->from, temporary, place->folder, place->name) == 0)
        return true;
    (void)forget_new(place->from, temporary);
    if (errno != EXDEV)
        return false;
    return (write_new(place->folder, temporary, bytes, length) &&
            renameat(place->folder, temporary, place->folder, place->name) == 0) ||
           forget_new(place->folder, temporary);
}
