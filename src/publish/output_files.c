/* SPDX-License-Identifier: MIT */
#include "publish/output_files.h"

#include "base/arena.h"
#include "base/array.h"
#include "database/database.h"
#include "publish/orphan_file.h"
#include "publish/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct hash hash_unknown;

/* Ordered by path, because they are found by bsearch(). A hash of another length than ours counts
 * as unknown. */
bool output_files_load(struct output_files *files, struct database *database, struct arena *arena,
                       const char *owner, struct error *error)
{
    size_t capacity = 0;
    *files = (struct output_files){ .count = 0 };
    struct statement *statement = database_prepare(
        database, "SELECT path, hash, has_gzip FROM publish_file WHERE owner = $1 ORDER BY path",
        error);
    statement_bind_text(statement, 1, owner);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        ARRAY_GROW_IN(arena, files->files, files->count, capacity);
        struct output_file *file = &files->files[files->count++];
        file->path = statement_copy_text(statement, 0, arena);
        size_t length = 0;
        const void *bytes = statement_bytes(statement, 1, &length);
        if (length == HASH_SIZE)
            memcpy(file->hash.bytes, bytes, HASH_SIZE);
        file->has_gzip = statement_integer(statement, 2) != 0;
    }
    return result == STATEMENT_DONE;
}

/* The content of orphans is unknown: those that the owner still makes are written again, and the
 * others are removed, because the manifest does not name them and nobody else would remove them. */
void output_files_recover(struct output_files *files, int public_directory, const char *folder,
                          struct arena *arena)
{
    struct orphan_file *orphans;
    if (files->count) /* the manifest knows better */
        return;
    size_t count = orphan_file_list(public_directory, folder, arena, &orphans);
    files->files = arena_allocate_array(arena, count + 1, sizeof *files->files);
    /* Their hashes stay zero, which is the unknown one. */
    for (size_t i = 0; i < count; i++)
        files->files[i] = (struct output_file){ .path = orphans[i].path,
                                                .has_gzip = orphans[i].has_gzip };
    files->count = count;
}

static int compare(const void *path, const void *file)
{
    return strcmp(path, ((const struct output_file *)file)->path);
}

static struct output_file *find(const struct output_files *files, const char *path)
{
    return files->count ? bsearch(path, files->files, files->count, sizeof *files->files, compare)
                        : NULL;
}

void output_files_mark_current(struct output_files *files, const char *path)
{
    struct output_file *file = find(files, path);
    if (file)
        file->is_current = true;
}

/* One of unknown content is never kept, because no bytes have a hash of zeros. */
bool output_files_keep(struct output_files *files, const char *path, const struct hash *hash)
{
    struct output_file *file = find(files, path);
    if (!file || !hash_equal(&file->hash, hash))
        return false;
    file->is_current = true;
    return true;
}

int64_t output_files_keep_numbered(struct output_files *files, const char *prefix,
                                   const char *suffix, int64_t count)
{
    char path[OUTPUT_PATH_MAXIMUM];
    for (int64_t i = 1; i <= count; i++) {
        (void)snprintf(path, sizeof path, "%s%lld%s", prefix, (long long)i, suffix);
        struct output_file *file = find(files, path);
        /* The caller writes all pages from here on: none is kept behind a gap. */
        if (!file || hash_equal(&file->hash, &hash_unknown))
            return i - 1;
        file->is_current = true;
    }
    return count > 0 ? count : 0;
}

void output_files_keep_all(struct output_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        files->files[i].is_current = true;
}
