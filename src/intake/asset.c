/* SPDX-License-Identifier: MIT */
#include "intake/asset.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "intake/document_end.h"
#include "intake/media_type.h"
#include "release/release.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const copy_name =
    "assets/copy.tmp"; /* one name is enough: the caller's lock allows one run at a time */

void asset_clear_temporaries(int state_directory)
{
    (void)unlinkat(state_directory, copy_name, 0);
}

/* Finds out why file_open_beneath() refused, because the press officer has to know. */
static enum asset_trouble trouble_of(int directory, const char *file)
{
    struct stat status;
    if (file[0] == '/' || strcmp(file, "..") == 0 || strncmp(file, "../", 3) == 0)
        return ASSET_TROUBLE_OUTSIDE;
    for (const char *slash = strchr(file, '/'); slash; slash = strchr(slash + 1, '/')) {
        char folder[4096];
        int length = snprintf(folder, sizeof folder, "%.*s", (int)(slash - file), file);
        if (length > 0 && (size_t)length < sizeof folder &&
            fstatat(directory, folder, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISLNK(status.st_mode))
            return ASSET_TROUBLE_OUTSIDE;
    }
    if (fstatat(directory, file, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == EACCES ? ASSET_TROUBLE_UNREADABLE : ASSET_TROUBLE_MISSING;
    if (S_ISLNK(status.st_mode))
        return ASSET_TROUBLE_LINK;
    if (S_ISDIR(status.st_mode))
        return ASSET_TROUBLE_FOLDER;
    if (!S_ISREG(status.st_mode))
        return ASSET_TROUBLE_SPECIAL;
    if (faccessat(directory, file, R_OK, AT_EACCESS) != 0)
        return ASSET_TROUBLE_UNREADABLE;
    return ASSET_TROUBLE_OUTSIDE;
}

static int open_beneath(int directory, const char *file, enum asset_trouble *trouble)
{
    struct error ignored;
    int descriptor = file_open_beneath(directory, file, &ignored);
    *trouble = descriptor < 0 ? trouble_of(directory, file) : ASSET_TROUBLE_NONE;
    return descriptor;
}

char *asset_read_text(int directory, const char *file, int64_t maximum_bytes, struct arena *arena,
                      size_t *length, enum asset_trouble *trouble)
{
    struct stat status;
    char *bytes = NULL;
    size_t used = 0;
    ssize_t count = 0;
    int descriptor = open_beneath(directory, file, trouble);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) != 0 || status.st_size > maximum_bytes) {
        *trouble = ASSET_TROUBLE_TOO_LARGE;
        goto out;
    }
    size_t size = (size_t)status.st_size;
    bytes = arena_allocate(arena, size + 1);
    while (used < size && (count = read(descriptor, bytes + used, size - used)) != 0) {
        if (count < 0 && errno != EINTR)
            break;
        used += count > 0 ? (size_t)count : 0;
    }
    if (count < 0)
        *trouble = ASSET_TROUBLE_UNREADABLE;
    *length = used;
out:
    (void)close(descriptor);
    return *trouble == ASSET_TROUBLE_NONE ? bytes : NULL;
}

/* Reads the file once: hash, size, kind, and the copy where there is one. */
static bool stream(int source, int copy, const char *file, struct asset_import *import,
                   struct error *error)
{
    unsigned char buffer[65536];
    struct hash_state state;
    hash_init(&state);
    import->size_bytes = 0;
    for (;;) {
        ssize_t count = read(source, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            import->trouble = ASSET_TROUBLE_UNREADABLE;
            return true;
        }
        if (count == 0)
            break;
        if (import->size_bytes == 0)
            import->media_type = media_type_of(file, buffer,
                                               (size_t)count < MEDIA_TYPE_HEAD_SIZE ? (size_t)count
                                               : MEDIA_TYPE_HEAD_SIZE);
        hash_update(&state, buffer, (size_t)count);
        import->size_bytes += count;
        if (copy >= 0 && !file_write_all(copy, buffer, (size_t)count))
            return error_set_errno(error, ERROR_SYSTEM, errno, "state/assets: write");
    }
    hash_final(&state, &import->hash);
    return true;
}

static bool ends_in_svg(const char *file)
{
    const char *dot = strrchr(file, '.');
    return dot && (strcasecmp(dot, ".svg") == 0 || strcasecmp(dot, ".svgz") == 0);
}

/* The copy under its own name; one that is there already serves as well. */
static bool keep_copy(const struct asset_import *import, struct error *error)
{
    struct arena arena = { 0 };
    struct stat status;
    const char *path = release_asset_path(&arena, &import->hash);
    char *folder = arena_copy(&arena, path);
    bool done = true;
    *strrchr(folder, '/') = '\0';
    if (fstatat(import->state_directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        status.st_size == import->size_bytes) {
        (void)unlinkat(import->state_directory, copy_name, 0);
    } else {
        done = file_make_directories(import->state_directory, folder, error);
        fault_point("ingest-asset");
        if (done &&
            renameat(import->state_directory, copy_name, import->state_directory, path) != 0)
            done = error_set_errno(error, ERROR_SYSTEM, errno, "state/%s", path);
    }
    arena_release(&arena);
    return done;
}

static int open_copy(const struct asset_import *import, struct error *error)
{
    if (!file_make_directories(import->state_directory, "assets", error))
        return -1;
    (void)unlinkat(import->state_directory, copy_name, 0);
    int copy = openat(import->state_directory, copy_name,
                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (copy < 0)
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "state/%s", copy_name);
    return copy;
}

/* What is wrong with a file that was read to its end. */
static void judge(int source, const struct stat *before, const char *file,
                  struct asset_import *import)
{
    struct stat after;
    if (fstat(source, &after) != 0 || after.st_size != import->size_bytes ||
        before->st_mtim.tv_sec != after.st_mtim.tv_sec ||
        before->st_mtim.tv_nsec != after.st_mtim.tv_nsec)
        import->trouble = ASSET_TROUBLE_UNSTABLE;
    else if (import->size_bytes == 0)
        import->trouble = ASSET_TROUBLE_EMPTY;
    else if (ends_in_svg(file))
        import->trouble = ASSET_TROUBLE_SVG;
    else if (!import->media_type)
        import->trouble = ASSET_TROUBLE_KIND;
}

/* Examines the copy where there is one, because the file itself may have changed since it was
 * hashed. */
static bool examine_content(int source, struct asset_import *import, struct error *error)
{
    int descriptor = source;
    bool done = true;
    if (import->state_directory >= 0)
        descriptor = openat(import->state_directory, copy_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "state/%s", copy_name);
    if (!document_has_end(descriptor, import->media_type, import->size_bytes))
        import->trouble = ASSET_TROUBLE_CUT;
    else if (import->examine && media_type_is_image(import->media_type))
        done = import->examine(import->payload, descriptor, import, error);
    if (descriptor != source)
        (void)close(descriptor);
    return done;
}

/* Reads an opened file unless it is too large, and keeps its copy unless something is wrong with
 * it. */
static bool take_opened(int source, const char *file, struct asset_import *import,
                        struct error *error)
{
    struct stat before;
    int copy = -1;
    (void)fstat(source, &before);
    if (before.st_size > import->maximum_bytes) {
        import->trouble = ASSET_TROUBLE_TOO_LARGE;
        return true;
    }
    if (import->state_directory >= 0 && (copy = open_copy(import, error)) < 0)
        return false;
    bool done = stream(source, copy, file, import, error);
    if (copy >= 0 && close(copy) != 0 && done)
        done = error_set_errno(error, ERROR_SYSTEM, errno, "state/%s", copy_name);
    if (done && !import->trouble)
        judge(source, &before, file, import);
    if (done && !import->trouble)
        done = examine_content(source, import, error);
    if (copy >= 0 && done && !import->trouble)
        return keep_copy(import, error);
    if (copy >= 0)
        (void)unlinkat(import->state_directory, copy_name, 0);
    return done;
}

bool asset_import(int directory, const char *file, struct asset_import *import, struct error *error)
{
    import->media_type = NULL;
    int source = open_beneath(directory, file, &import->trouble);
    if (source < 0)
        return true;
    bool done = take_opened(source, file, import, error);
    (void)close(source);
    return done;
}

bool asset_import_bytes(const void *bytes, size_t length, const char *file,
                        struct asset_import *import, struct error *error)
{
    import->media_type = NULL;
    import->trouble = ASSET_TROUBLE_NONE;
    int source = memfd_create("asset", MFD_CLOEXEC);
    bool done = source >= 0 && file_write_all(source, bytes, length) &&
                lseek(source, 0, SEEK_SET) == 0;
    if (!done)
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s: no memory for a copy", file);
    done = done && take_opened(source, file, import, error);
    if (source >= 0)
        (void)close(source);
    return done;
}
