/* SPDX-License-Identifier: MIT */
#include "endpoint/public_files.h"

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "endpoint/served_file.h"
#include "http/http.h"

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
    struct public_files *files = memory_allocate(sizeof *files);
    if (pthread_mutex_init(&files->mutex, NULL) != 0)
        memory_failed(sizeof files->mutex);
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

/* Takes file. */
static void cache_insert(struct public_files *files, struct served_file *file)
{
    size_t bucket = bucket_of(file->path);
    struct cached *cached = memory_allocate(sizeof *cached);
    cached->file = file;
    while (files->oldest &&
           (files->count >= FILES_MAXIMUM || files->memory + file->memory > MEMORY_MAXIMUM)) {
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

static void answer_unsatisfiable(struct http_exchange *exchange, uint64_t size)
{
    char range[40];
    struct http_response *response = http_response_of_copy(NULL, 0);
    (void)snprintf(range, sizeof range, "bytes */%llu", (unsigned long long)size);
    http_response_add(response, "Content-Range", range);
    http_exchange_answer_once(exchange, 416, response);
}

/* Whether a range was asked for, and answered. */
static bool answer_range(const struct public_files *files, struct http_exchange *exchange,
                         const struct served_file *file, const char *range)
{
    uint64_t first = 0;
    uint64_t last = 0;
    uint64_t size = (uint64_t)file->plain.status.st_size;
    struct validator validator = { file->plain.etag, file->plain.status.st_mtim.tv_sec };
    if (!condition_range_counts(&validator, http_exchange_field(exchange, "If-Range")))
        return false;
    switch (range_parse(range, size, &first, &last)) {
    case RANGE_WHOLE:
        return false;
    case RANGE_UNSATISFIABLE:
        answer_unsatisfiable(exchange, size);
        return true;
    case RANGE_PART:
        break;
    }
    struct http_response *response = served_file_part(&files->folder, file, first, last);
    if (response)
        http_exchange_answer_once(exchange, 206, response);
    return response != NULL;
}

static void answer(const struct public_files *files, struct http_exchange *exchange,
                   const struct served_file *file, unsigned status)
{
    /* Ranges are for GET alone (RFC 9110 section 14.2). */
    bool may_be_part = status == 200 && strcmp(http_exchange_head(exchange)->method, "GET") == 0;
    const char *range = may_be_part ? http_exchange_field(exchange, "Range") : NULL;
    bool is_compressed = file->compressed.response && !range &&
                         prefers_gzip(http_exchange_field(exchange, "Accept-Encoding"));
    const struct served_form *form = is_compressed ? &file->compressed : &file->plain;
    struct validator validator = { form->etag, file->plain.status.st_mtim.tv_sec };
    if (status == 200 &&
        condition_not_modified(&validator, http_exchange_field(exchange, "If-None-Match"),
                               http_exchange_field(exchange, "If-Modified-Since")))
        http_exchange_answer(exchange, 304, form->not_modified);
    else if (!range || !answer_range(files, exchange, file, range))
        http_exchange_answer(exchange, status, form->response);
}

/* The last segment as it stood in the request, relative, so that it holds under every host name and
 * prefix; "./" keeps a colon from being read as a scheme. */
static void redirect_to_folder(struct http_exchange *exchange, const char *url)
{
    char location[PUBLIC_PATH_MAXIMUM + 4];
    struct http_response *response = http_response_of_copy(NULL, 0);
    (void)snprintf(location, sizeof location, "./%s/", strrchr(url, '/') + 1);
    http_response_add(response, "Location", location);
    http_exchange_answer_once(exchange, 301, response);
}

static bool is_folder(const struct public_files *files, const char *path)
{
    struct stat status;
    return fstatat(files->folder.directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(status.st_mode);
}

bool public_files_answer(struct public_files *files, struct http_exchange *exchange,
                         const char *url, unsigned status)
{
    char path[PUBLIC_PATH_MAXIMUM];
    if (!public_path_from_url(url, path))
        return false;
    (void)pthread_mutex_lock(&files->mutex);
    struct served_file *kept = cache_find(files, path);
    if (kept)
        served_file_hold(kept);
    (void)pthread_mutex_unlock(&files->mutex);
    if (kept) { /* without the lock, because a part of it is read from the disk */
        answer(files, exchange, kept, status);
        served_file_free(kept);
        return true;
    }
    /* Loads without the lock, because reading may wait for the disk. Two threads may load the same
     * file at once; the older copy goes unused and is dropped. */
    struct served_file *file = served_file_load(&files->folder, path);
    if (!file) {
        if (!is_folder(files, path))
            return false;
        redirect_to_folder(exchange, url);
        return true;
    }
    answer(files, exchange, file, status);
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
