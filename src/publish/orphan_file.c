/* SPDX-License-Identifier: MIT */
#include "publish/orphan_file.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct orphan_file *)a)->path, ((const struct orphan_file *)b)->path);
}

static bool is_file(int folder, const char *name)
{
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
}

/* A .gz without its text beside it is a file of its own: a document may be one. */
static bool is_gzip_of_another(int folder, const char *name, struct arena *arena)
{
    size_t length = strlen(name);
    return length > 3 && strcmp(name + length - 3, ".gz") == 0 &&
           is_file(folder, arena_copy_bytes(arena, name, length - 3));
}

size_t orphan_file_list(int directory, const char *folder, struct arena *arena,
                        struct orphan_file **orphans)
{
    size_t count = 0;
    size_t capacity = 0;
    /* Through no link, because what this finds may be removed, and a link may lead anywhere. */
    int descriptor = file_open_directory_beneath(directory, folder);
    DIR *listing = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    const struct dirent *item;
    *orphans = NULL;
    if (!listing) {
        if (descriptor >= 0)
            (void)close(descriptor);
        return 0;
    }
    while ((item = readdir(listing))) { /* NOLINT(concurrency-mt-unsafe) */
        const char *name = item->d_name;
        if (!is_file(descriptor, name) || is_gzip_of_another(descriptor, name, arena))
            continue;
        struct orphan_file orphan = { .path = arena_format(arena, "%s%s", folder, name) };
        orphan.has_gzip = is_file(descriptor, arena_format(arena, "%s.gz", name));
        ARRAY_GROW_IN(arena, *orphans, count, capacity);
        (*orphans)[count++] = orphan;
    }
    (void)closedir(listing);
    /* Sorted by path, because output_files.c finds files by bsearch(). */
    if (count)
        qsort(*orphans, count, sizeof **orphans, compare);
    return count;
}
