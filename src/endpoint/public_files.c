/* SPDX-License-Identifier: MIT */
#include "endpoint/public_files.h"

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "endpoint/condition.h"
#include "endpoint/file_type.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUCKETS = 4096,
    FILES_MAXIMUM = 4096,
    MEMORY_FILE_MAXIMUM = 1024 * 1024,
    MEMORY_MAXIMUM = 64 * 1024 * 1024,
    ETAG_SIZE = 48,
    /* A compressed copy is written just before or after its file: older than this, it belongs to an
     * earlier one. */
    COPY_AGE_SECONDS = 60
};

/* One form of a file: as it is, or gzip. */
struct variant {
    struct MHD_Response *response;     /* NULL: there is none */
    struct MHD_Response *not_modified; /* what 304 says of it (RFC 9110 section 15.4.5) */
    struct stat status;                /* of the file; all zeros: it is not there */
    char etag[ETAG_SIZE];
};

struct cached {
    char *path;
    struct variant plain;
    struct variant compressed;
    size_t memory; /* bytes kept */
    struct cached *next;
    struct cached *newer; /* used later */
    struct cached *older;
};

struct public_files {
    const struct public_files_settings *settings;
    int directory;
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
    files->settings = settings;
    files->directory = directory;
    return files;
}

/* ---- the cache ---- */

static void variant_release(struct variant *variant)
{
    if (variant->response)
        MHD_destroy_response(variant->response);
    if (variant->not_modified)
        MHD_destroy_response(variant->not_modified);
    variant->response = NULL;
    variant->not_modified = NULL;
}

static void cached_free(struct cached *cached)
{
    variant_release(&cached->plain);
    variant_release(&cached->compressed);
    free(cached->path);
    free(cached);
}

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
    struct cached **link = &files->buckets[bucket_of(cached->path)];
    while (*link != cached)
        link = &(*link)->next;
    *link = cached->next;
    unlink_use(files, cached);
    files->count--;
    files->memory -= cached->memory;
    cached_free(cached);
}

static void cache_insert(struct public_files *files, struct cached *cached)
{
    size_t bucket = bucket_of(cached->path);
    while (files->oldest &&
           (files->count >= FILES_MAXIMUM || files->memory + cached->memory > MEMORY_MAXIMUM))
        cache_remove(files, files->oldest);
    cached->next = files->buckets[bucket];
    files->buckets[bucket] = cached;
    link_newest(files, cached);
    files->count++;
    files->memory += cached->memory;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static bool is_unchanged(int directory, const char *path, const struct stat *known)
{
    struct stat status;
    if (fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return known->st_ino == 0;
    return is_same_file(&status, known);
}

static bool compressed_path(const char *path, char compressed[PUBLIC_PATH_MAXIMUM + 4])
{
    int length = snprintf(compressed, PUBLIC_PATH_MAXIMUM + 4, "%s.gz", path);
    return length > 0 && length < PUBLIC_PATH_MAXIMUM + 4;
}

/* The kept file, if it is still the one on disk. Followed links need no second thought: it is the
 * very file that was opened beneath the folder. */
static struct cached *cache_find(struct public_files *files, const char *path)
{
    char copy[PUBLIC_PATH_MAXIMUM + 4];
    struct cached *cached = files->buckets[bucket_of(path)];
    while (cached && strcmp(cached->path, path) != 0)
        cached = cached->next;
    if (!cached)
        return NULL;
    if (!is_unchanged(files->directory, path, &cached->plain.status) ||
        !compressed_path(path, copy) ||
        !is_unchanged(files->directory, copy, &cached->compressed.status)) {
        cache_remove(files, cached);
        return NULL;
    }
    if (files->newest != cached) {
        unlink_use(files, cached);
        link_newest(files, cached);
    }
    return cached;
}

void public_files_close(struct public_files *files)
{
    if (!files)
        return;
    while (files->oldest)
        cache_remove(files, files->oldest);
    (void)pthread_mutex_destroy(&files->mutex);
    (void)close(files->directory);
    free(files);
}

/* ---- loading ---- */

static bool read_whole(int descriptor, unsigned char *bytes, size_t size)
{
    size_t at = 0;
    while (at < size) {
        ssize_t count = read(descriptor, bytes + at, size - at);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        at += (size_t)count;
    }
    return true;
}

/* By content where it was read anyway: the tag survives a copy to another host. */
static void make_etag(struct variant *variant, const void *bytes, size_t size, const char *suffix)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    if (bytes) {
        hash_bytes(bytes, size, &hash);
        hash_to_hex(&hash, hex);
        (void)snprintf(variant->etag, ETAG_SIZE, "\"%.32s%s\"", hex, suffix);
    } else {
        (void)snprintf(variant->etag, ETAG_SIZE, "\"%llx-%llx%s\"",
                       (unsigned long long)variant->status.st_mtim.tv_sec * 1000000000ULL +
                           (unsigned long long)variant->status.st_mtim.tv_nsec,
                       (unsigned long long)variant->status.st_size, suffix);
    }
}

/* A response of the whole file; takes descriptor. */
static bool load_bytes(struct variant *variant, int descriptor, const char *suffix)
{
    size_t size = (size_t)variant->status.st_size;
    if (size > MEMORY_FILE_MAXIMUM) {
        make_etag(variant, NULL, size, suffix);
        variant->response = MHD_create_response_from_fd64(size, descriptor);
        if (!variant->response)
            (void)close(descriptor);
        return variant->response != NULL;
    }
    unsigned char *bytes = malloc(size + 1);
    bool done = bytes && read_whole(descriptor, bytes, size);
    (void)close(descriptor);
    if (done) {
        make_etag(variant, bytes, size, suffix);
        variant->response = MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_MUST_FREE);
    }
    if (!variant->response)
        free(bytes);
    return variant->response != NULL;
}

static bool load_variant(const struct public_files *files, const char *path,
                         struct variant *variant, const char *suffix)
{
    struct error error;
    int descriptor = file_open_beneath(files->directory, path, &error);
    if (descriptor < 0)
        return false;
    if (fstat(descriptor, &variant->status) != 0) {
        (void)close(descriptor);
        return false;
    }
    return load_bytes(variant, descriptor, suffix);
}

/* Whether the compressed copy is one of this very file, as far as can be seen: gzip ends with the
 * length of what it holds (RFC 1952 section 2.3.1). */
static bool copy_belongs(const struct public_files *files, const char *path,
                         const struct cached *cached)
{
    struct error error;
    unsigned char end[4];
    const struct stat *copy = &cached->compressed.status;
    if (copy->st_size < 18 ||
        copy->st_mtim.tv_sec + COPY_AGE_SECONDS < cached->plain.status.st_mtim.tv_sec)
        return false;
    int descriptor = file_open_beneath(files->directory, path, &error);
    if (descriptor < 0)
        return false;
    bool done = pread(descriptor, end, sizeof end, copy->st_size - 4) == (ssize_t)sizeof end;
    (void)close(descriptor);
    uint32_t length = (uint32_t)end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 |
                      (uint32_t)end[3] << 24;
    return done && length == (uint32_t)cached->plain.status.st_size;
}

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    (void)MHD_add_response_header(response, name, value);
}

static void add_headers(const struct public_files *files, struct MHD_Response *response,
                        const struct cached *cached, const struct variant *variant)
{
    char modified[HTTP_DATE_SIZE];
    const char *type = file_type_of(cached->path);
    http_date_format(cached->plain.status.st_mtim.tv_sec, modified);
    add(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    add(response, MHD_HTTP_HEADER_ETAG, variant->etag);
    add(response, MHD_HTTP_HEADER_LAST_MODIFIED, modified);
    add(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache_control_of(cached->path));
    add(response, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    add(response, "X-Content-Type-Options", "nosniff");
    if (cached->compressed.response)
        add(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    if (variant == &cached->compressed)
        add(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    if (strncmp(type, "text/html", 9) == 0) {
        add(response, "Content-Security-Policy", files->settings->content_security_policy);
        add(response, "Referrer-Policy", "strict-origin-when-cross-origin");
    } else if (strncmp(type, "image/svg", 9) == 0) {
        add(response, "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    }
}

/* Never called: 304 has no content. */
static ssize_t read_nothing(void *payload, uint64_t position, char *bytes, size_t maximum)
{
    (void)payload;
    (void)position;
    (void)bytes;
    (void)maximum;
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* Its Content-Length is the one that 200 would have (RFC 9110 section 8.6): libmicrohttpd writes
 * what the response is said to hold. */
static struct MHD_Response *new_not_modified(const struct cached *cached,
                                             const struct variant *variant)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        (uint64_t)variant->status.st_size, 1, read_nothing, NULL, NULL);
    if (!response)
        return NULL;
    add(response, MHD_HTTP_HEADER_ETAG, variant->etag);
    add(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache_control_of(cached->path));
    if (cached->compressed.response)
        add(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    return response;
}

static void finish_variant(const struct public_files *files, struct cached *cached,
                           struct variant *variant)
{
    add_headers(files, variant->response, cached, variant);
    variant->not_modified = new_not_modified(cached, variant);
}

/* NULL where there is no such file. */
static struct cached *load(const struct public_files *files, const char *path)
{
    char copy[PUBLIC_PATH_MAXIMUM + 4];
    struct cached *cached = calloc(1, sizeof *cached);
    if (!cached || !(cached->path = strdup(path)))
        abort();
    if (!load_variant(files, path, &cached->plain, "")) {
        cached_free(cached);
        return NULL;
    }
    if (compressed_path(path, copy) && load_variant(files, copy, &cached->compressed, "-gz") &&
        !copy_belongs(files, copy, cached))
        variant_release(&cached->compressed);
    finish_variant(files, cached, &cached->plain);
    if (cached->compressed.response)
        finish_variant(files, cached, &cached->compressed);
    cached->memory = (size_t)cached->plain.status.st_size +
                     (size_t)cached->compressed.status.st_size + 4096;
    return cached;
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
        add(response, MHD_HTTP_HEADER_CONTENT_RANGE, range);
    return queue_once(connection, MHD_HTTP_RANGE_NOT_SATISFIABLE, response);
}

/* NULL where the file has changed meanwhile. */
static struct MHD_Response *part_response(const struct public_files *files,
                                          const struct cached *cached, uint64_t first,
                                          uint64_t last)
{
    struct error error;
    struct stat status;
    char range[80];
    struct MHD_Response *response = NULL;
    int descriptor = file_open_beneath(files->directory, cached->path, &error);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && is_same_file(&status, &cached->plain.status))
        response = MHD_create_response_from_fd_at_offset64(last - first + 1, descriptor, first);
    if (!response) {
        (void)close(descriptor);
        return NULL;
    }
    (void)snprintf(range, sizeof range, "bytes %llu-%llu/%llu", (unsigned long long)first,
                   (unsigned long long)last, (unsigned long long)status.st_size);
    add_headers(files, response, cached, &cached->plain);
    add(response, MHD_HTTP_HEADER_CONTENT_RANGE, range);
    return response;
}

/* Whether a range was asked for, and answered. */
static bool answer_range(const struct public_files *files, struct MHD_Connection *connection,
                         const struct cached *cached, const char *range, enum MHD_Result *result)
{
    uint64_t first = 0;
    uint64_t last = 0;
    uint64_t size = (uint64_t)cached->plain.status.st_size;
    struct validator validator = { cached->plain.etag, cached->plain.status.st_mtim.tv_sec };
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
    struct MHD_Response *response = part_response(files, cached, first, last);
    if (!response)
        return false;
    *result = queue_once(connection, MHD_HTTP_PARTIAL_CONTENT, response);
    return true;
}

static enum MHD_Result answer(const struct public_files *files, struct MHD_Connection *connection,
                              const struct cached *cached, unsigned status)
{
    enum MHD_Result result = MHD_NO;
    const char *range = status == MHD_HTTP_OK ? header(connection, MHD_HTTP_HEADER_RANGE) : NULL;
    bool is_compressed = cached->compressed.response && !range &&
                         accepts_gzip(header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING));
    const struct variant *variant = is_compressed ? &cached->compressed : &cached->plain;
    struct validator validator = { variant->etag, cached->plain.status.st_mtim.tv_sec };
    if (status != MHD_HTTP_OK)
        return MHD_queue_response(connection, status, variant->response);
    if (condition_not_modified(&validator, header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
                               header(connection, MHD_HTTP_HEADER_IF_MODIFIED_SINCE)))
        return MHD_queue_response(connection, MHD_HTTP_NOT_MODIFIED, variant->not_modified);
    if (range && answer_range(files, connection, cached, range, &result))
        return result;
    return MHD_queue_response(connection, MHD_HTTP_OK, variant->response);
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
        add(response, MHD_HTTP_HEADER_LOCATION, location);
    return queue_once(connection, MHD_HTTP_MOVED_PERMANENTLY, response);
}

static bool is_folder(const struct public_files *files, const char *path)
{
    struct stat status;
    return fstatat(files->directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(status.st_mode);
}

bool public_files_answer(struct public_files *files, struct MHD_Connection *connection,
                         const char *url, unsigned status, enum MHD_Result *result)
{
    char path[PUBLIC_PATH_MAXIMUM];
    if (!public_path_from_url(url, path))
        return false;
    (void)pthread_mutex_lock(&files->mutex);
    struct cached *cached = cache_find(files, path);
    if (cached) {
        *result = answer(files, connection, cached, status);
        (void)pthread_mutex_unlock(&files->mutex);
        return true;
    }
    (void)pthread_mutex_unlock(&files->mutex);
    /* Reading may wait for the disk: others need not. Two who load the same file at once both keep
     * it; the older copy goes unused and then away. */
    cached = load(files, path);
    if (!cached) {
        if (!is_folder(files, path))
            return false;
        *result = redirect_to_folder(connection, url);
        return true;
    }
    *result = answer(files, connection, cached, status);
    if ((size_t)cached->plain.status.st_size > MEMORY_FILE_MAXIMUM) {
        cached_free(cached);
        return true;
    }
    (void)pthread_mutex_lock(&files->mutex);
    cache_insert(files, cached);
    (void)pthread_mutex_unlock(&files->mutex);
    return true;
}

bool public_files_has(const struct public_files *files, const char *path)
{
    struct stat status;
    return fstatat(files->directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(status.st_mode);
}
