/* SPDX-License-Identifier: MIT */
#include "endpoint/public_files.h"

#include "base/error.h"
#include "base/file.h"
#include "endpoint/condition.h"
#include "endpoint/served_file.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUCKETS = 4096, FILES_MAXIMUM = 4096, MEMORY_MAXIMUM = 64 * 1024 * 1024 };

struct cached {
    struct served_file *file;
    struct cached *next;
    struct cached *newer; /* used later */
    struct cached *older;
};

struct public_files {
    struct served_folder folder;
    pthread_mutex_t mutex;
    size_t count;
    size_t memory;
    struct cached *newest;
    struct cached *oldest;
    struct cached *buckets[BUCKETS];
};

struct public_files *public_files_open(const struct public_files_settings *settings,
                                       struct error *error)
{
    int directory = file_open_directory(AT_FDCWD, settings->path, error);
    if (directory < 0)
        return NULL;
    struct public_files *files = calloc(1, sizeof *files);
    if (!files || pthread_mutex_init(&files->mutex, NULL) != 0)
        abort();
    files->folder = (struct served_folder){ directory, settings->content_security_policy };
    return files;
}

/* ---- the cache ---- */

static size_t bucket_of(const char *path)
{
    size_t hash = 5381;
    for (; *path; path++)
        hash = hash * 33 ^ (unsigned char)*path;
    return hash % BUCKETS;
}

static void unlink_use(struct public_files *files, struct cached *cached)
{
    *(cached->newer ? &cached->newer->older : &files->newest) = cached->older;
    *(cached->older ? &cached->older->newer : &files->oldest) = cached->newer;
}

static void link_newest(struct public_files *files, struct cached *cached)
{
    cached->newer = NULL;
    cached->older = files->newest;
    *(files->newest ? &files->newest->newer : &files->oldest) = cached;
    files->newest = cached;
}

static void cache_remove(struct public_files *files, struct cached *cached)
{
    struct cached **link = &files->buckets[bucket_of(cached->file->path)];
    while (*link != cached)
        link = &(*link)->next;
    *link = cached->next;
    unlink_use(files, cached);
    files->count--;
    files->memory -= cached->file->memory;
    served_file_free(cached->file);
    free(cached);
}

static bool cache_is_full(const struct public_files *files, const struct served_file *more)
{
    return files->oldest &&
           (files->count >= FILES_MAXIMUM || files->memory + more->memory > MEMORY_MAXIMUM);
}

/* Takes file. */
static void cache_insert(struct public_files *files, struct served_file *file)
{
    size_t bucket = bucket_of(file->path);
    struct cached *cached = calloc(1, sizeof *cached);
    if (!cached)
        abort();
    cached->file = file;
    while (cache_is_full(files, file)) {
        assert(!files->oldest->older);
        cache_remove(files, files->oldest);
    }
    cached->next = files->buckets[bucket];
    files->buckets[bucket] = cached;
    link_newest(files, cached);
    files->count++;
    files->memory += file->memory;
}

/* The kept file, if it is still the one on disk. */
static struct served_file *cache_find(struct public_files *files, const char *path)
{
    struct cached *cached = files->buckets[bucket_of(path)];
    while (cached && strcmp(cached->file->path, path) != 0)
        cached = cached->next;
    if (!cached)
        return NULL;
    if (!served_file_is_current(&files->folder, cached->file)) {
        cache_remove(files, cached);
        return NULL;
    }
    if (files->newest != cached) {
        unlink_use(files, cached);
        link_newest(files, cached);
    }
    return cached->file;
}

void public_files_close(struct public_files *files)
{
    if (!files)
        return;
    while (files->oldest)
        cache_remove(files, files->oldest);
    (void)pthread_mutex_destroy(&files->mutex);
    (void)close(files->folder.directory);
    free(files);
}

/* ---- answering ---- */

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* Queues and drops our hold. */
static enum MHD_Result queue_once(struct MHD_Connection *connection, unsigned status,
                                  struct MHD_Response *response)
{
    if (!response)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_unsatisfiable(struct MHD_Connection *connection, uint64_t size)
{
    char range[40];
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL,
                                                                    MHD_RESPMEM_PERSISTENT);
    (void)snprintf(range, sizeof range, "bytes */%llu", (unsigned long long)size);
    if (response)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_RANGE, range);
    return queue_once(connection, MHD_HTTP_RANGE_NOT_SATISFIABLE, response);
}

/* Whether a range was asked for, and answered. */
static bool answer_range(const struct public_files *files, struct MHD_Connection *connection,
                         const struct served_file *file, const char *range, enum MHD_Result *result)
{
    uint64_t first = 0;
    uint64_t last = 0;
    uint64_t size = (uint64_t)file->plain.status.st_size;
    struct validator validator = { file->plain.etag, file->plain.status.st_mtim.tv_sec };
    if (!condition_range_counts(&validator, header(connection, MHD_HTTP_HEADER_IF_RANGE)))
        return false;
    switch (range_parse(range, size, &first, &last)) {
    case RANGE_WHOLE:
        return false;
    case RANGE_UNSATISFIABLE:
        *result = answer_unsatisfiable(connection, size);
        return true;
    case RANGE_PART:
        break;
    }
    struct MHD_Response *response = served_file_part(&files->folder, file, first, last);
    if (!response)
        return false;
    *result = queue_once(connection, MHD_HTTP_PARTIAL_CONTENT, response);
    return true;
}

/* Ranges are for GET alone (RFC 9110 section 14.2). */
static const char *range_of(struct MHD_Connection *connection, const char *method, unsigned status)
{
    return status == MHD_HTTP_OK && strcmp(method, MHD_HTTP_METHOD_GET) == 0
               ? header(connection, MHD_HTTP_HEADER_RANGE)
               : NULL;
}

static enum MHD_Result answer(const struct public_files *files, struct MHD_Connection *connection,
                              const char *method, const struct served_file *file, unsigned status)
{
    enum MHD_Result result = MHD_NO;
    const char *range = range_of(connection, method, status);
    bool is_compressed = file->compressed.response && !range &&
                         prefers_gzip(header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING));
    const struct served_form *form = is_compressed ? &file->compressed : &file->plain;
    struct validator validator = { form->etag, file->plain.status.st_mtim.tv_sec };
    if (status != MHD_HTTP_OK)
        return MHD_queue_response(connection, status, form->response);
    if (condition_not_modified(&validator, header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
                               header(connection, MHD_HTTP_HEADER_IF_MODIFIED_SINCE)))
        return MHD_queue_response(connection, MHD_HTTP_NOT_MODIFIED, form->not_modified);
    if (range && answer_range(files, connection, file, range, &result))
        return result;
    return MHD_queue_response(connection, MHD_HTTP_OK, form->response);
}

/* The last segment as it stood in the request, relative, so that it holds under every host name and
 * prefix; "./" keeps a colon from being read as a scheme. */
static enum MHD_Result redirect_to_folder(struct MHD_Connection *connection, const char *url)
{
    char location[PUBLIC_PATH_MAXIMUM + 4];
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL,
                                                                    MHD_RESPMEM_PERSISTENT);
    (void)snprintf(location, sizeof location, "./%s/", strrchr(url, '/') + 1);
    if (response)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, location);
    return queue_once(connection, MHD_HTTP_MOVED_PERMANENTLY, response);
}

static bool is_folder(const struct public_files *files, const char *path)
{
    struct stat status;
    return fstatat(files->folder.directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(status.st_mode);
}

bool public_files_answer(struct public_files *files, struct MHD_Connection *connection,
                         const char *method, const char *url, unsigned status,
                         enum MHD_Result *result)
{
    char path[PUBLIC_PATH_MAXIMUM];
    if (!public_path_from_url(url, path))
        return false;
    (void)pthread_mutex_lock(&files->mutex);
    struct served_file *kept = cache_find(files, path);
    if (kept)
        served_file_hold(kept);
    (void)pthread_mutex_unlock(&files->mutex);
    if (kept) { /* a part of it is opened anew: others need not wait */
        *result = answer(files, connection, method, kept, status);
        served_file_free(kept);
        return true;
    }
    /* Reading may wait for the disk: others need not. Two who load the same file at once both keep
     * it; the older copy goes unused and then away. */
    struct served_file *file = served_file_load(&files->folder, path);
    if (!file) {
        if (!is_folder(files, path))
            return false;
        *result = redirect_to_folder(connection, url);
        return true;
    }
    *result = answer(files, connection, method, file, status);
    if (served_file_is_large(file)) {
        served_file_free(file);
        return true;
    }
    (void)pthread_mutex_lock(&files->mutex);
    cache_insert(files, file);
    (void)pthread_mutex_unlock(&files->mutex);
    return true;
}

bool public_files_has(const struct public_files *files, const char *path)
{
    struct stat status;
    return fstatat(files->folder.directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(status.st_mode);
}
