/* SPDX-License-Identifier: MIT */
#include "endpoint/served_file.h"

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "endpoint/condition.h"
#include "endpoint/file_type.h"
#include "endpoint/public_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MEMORY_FILE_MAXIMUM = 1024 * 1024,
    /* A compressed copy is written just before or after its file: older than this, it belongs to an
     * earlier one. */
    COPY_AGE_SECONDS = 60
};

static void form_release(struct served_form *form)
{
    if (form->response)
        MHD_destroy_response(form->response);
    if (form->not_modified)
        MHD_destroy_response(form->not_modified);
    form->response = NULL;
    form->not_modified = NULL;
}

void served_file_hold(struct served_file *file)
{
    (void)atomic_fetch_add(&file->holders, 1);
}

void served_file_free(struct served_file *file)
{
    if (!file || atomic_fetch_sub(&file->holders, 1) > 1)
        return;
    form_release(&file->plain);
    form_release(&file->compressed);
    free(file->path);
    free(file);
}

bool served_file_is_large(const struct served_file *file)
{
    return (size_t)file->plain.status.st_size > MEMORY_FILE_MAXIMUM;
}

/* ---- the file on the disk ---- */

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

/* Followed links need no second thought: it is the very file that was opened beneath the folder. */
bool served_file_is_current(const struct served_folder *folder, const struct served_file *file)
{
    char copy[PUBLIC_PATH_MAXIMUM + 4];
    return is_unchanged(folder->directory, file->path, &file->plain.status) &&
           compressed_path(file->path, copy) &&
           is_unchanged(folder->directory, copy, &file->compressed.status);
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
static void make_etag(struct served_form *form, const void *bytes, size_t size, const char *suffix)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    if (bytes) {
        hash_bytes(bytes, size, &hash);
        hash_to_hex(&hash, hex);
        (void)snprintf(form->etag, SERVED_ETAG_SIZE, "\"%.32s%s\"", hex, suffix);
    } else {
        (void)snprintf(form->etag, SERVED_ETAG_SIZE, "\"%llx-%llx%s\"",
                       (unsigned long long)form->status.st_mtim.tv_sec * 1000000000ULL +
                           (unsigned long long)form->status.st_mtim.tv_nsec,
                       (unsigned long long)form->status.st_size, suffix);
    }
}

/* A response of the whole file; takes descriptor. */
static bool load_bytes(struct served_form *form, int descriptor, const char *suffix)
{
    size_t size = (size_t)form->status.st_size;
    if (size > MEMORY_FILE_MAXIMUM) {
        make_etag(form, NULL, size, suffix);
        form->response = MHD_create_response_from_fd64(size, descriptor);
        if (!form->response)
            (void)close(descriptor);
        return form->response != NULL;
    }
    unsigned char *bytes = malloc(size + 1);
    bool done = bytes && read_whole(descriptor, bytes, size);
    (void)close(descriptor);
    if (done) {
        make_etag(form, bytes, size, suffix);
        form->response = MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_MUST_FREE);
    }
    if (!form->response)
        free(bytes);
    return form->response != NULL;
}

static bool load_form(const struct served_folder *folder, const char *path,
                      struct served_form *form, const char *suffix)
{
    struct error error;
    int descriptor = file_open_beneath(folder->directory, path, &error);
    if (descriptor < 0)
        return false;
    if (fstat(descriptor, &form->status) != 0) {
        (void)close(descriptor);
        return false;
    }
    return load_bytes(form, descriptor, suffix);
}

/* Whether the compressed copy is one of this very file, as far as can be seen: gzip ends with the
 * length of what it holds (RFC 1952 section 2.3.1). */
static bool copy_belongs(const struct served_folder *folder, const char *path,
                         const struct served_file *file)
{
    struct error error;
    unsigned char end[4];
    const struct stat *copy = &file->compressed.status;
    if (copy->st_size < 18 ||
        copy->st_mtim.tv_sec + COPY_AGE_SECONDS < file->plain.status.st_mtim.tv_sec)
        return false;
    int descriptor = file_open_beneath(folder->directory, path, &error);
    if (descriptor < 0)
        return false;
    bool done = pread(descriptor, end, sizeof end, copy->st_size - 4) == (ssize_t)sizeof end;
    (void)close(descriptor);
    uint32_t length = (uint32_t)end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 |
                      (uint32_t)end[3] << 24;
    return done && length == (uint32_t)file->plain.status.st_size;
}

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    (void)MHD_add_response_header(response, name, value);
}

static void add_headers(const struct served_folder *folder, struct MHD_Response *response,
                        const struct served_file *file, const struct served_form *form)
{
    char modified[HTTP_DATE_SIZE];
    const char *type = file_type_of(file->path);
    http_date_format(file->plain.status.st_mtim.tv_sec, modified);
    add(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    add(response, MHD_HTTP_HEADER_ETAG, form->etag);
    add(response, MHD_HTTP_HEADER_LAST_MODIFIED, modified);
    add(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache_control_of(file->path));
    add(response, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    add(response, "X-Content-Type-Options", "nosniff");
    if (file->compressed.response)
        add(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    if (form == &file->compressed)
        add(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    if (strncmp(type, "text/html", 9) == 0) {
        add(response, "Content-Security-Policy", folder->content_security_policy);
        add(response, "Referrer-Policy", "strict-origin-when-cross-origin");
    } else if (strncmp(type, "image/svg", 9) == 0) {
        add(response, "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    }
}

/* Never called: 304 has no content. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libmicrohttpd's signature */
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
static struct MHD_Response *new_not_modified(const struct served_file *file,
                                             const struct served_form *form)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        (uint64_t)form->status.st_size, 1, read_nothing, NULL, NULL);
    if (!response)
        return NULL;
    add(response, MHD_HTTP_HEADER_ETAG, form->etag);
    add(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache_control_of(file->path));
    if (file->compressed.response)
        add(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    return response;
}

static void finish_form(const struct served_folder *folder, struct served_file *file,
                        struct served_form *form)
{
    add_headers(folder, form->response, file, form);
    form->not_modified = new_not_modified(file, form);
}

struct served_file *served_file_load(const struct served_folder *folder, const char *path)
{
    char copy[PUBLIC_PATH_MAXIMUM + 4];
    struct served_file *file = calloc(1, sizeof *file);
    if (!file || !(file->path = strdup(path)))
        abort();
    atomic_init(&file->holders, 1);
    if (!load_form(folder, path, &file->plain, "")) {
        served_file_free(file);
        return NULL;
    }
    if (compressed_path(path, copy) && load_form(folder, copy, &file->compressed, "-gz") &&
        !copy_belongs(folder, copy, file))
        form_release(&file->compressed);
    finish_form(folder, file, &file->plain);
    if (file->compressed.response)
        finish_form(folder, file, &file->compressed);
    file->memory = (size_t)file->plain.status.st_size + (size_t)file->compressed.status.st_size +
                   4096;
    return file;
}

/* ---- a part of it ---- */

struct MHD_Response *served_file_part(const struct served_folder *folder,
                                      const struct served_file *file, uint64_t first, uint64_t last)
{
    struct error error;
    struct stat status;
    char range[80];
    struct MHD_Response *response = NULL;
    int descriptor = file_open_beneath(folder->directory, file->path, &error);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && is_same_file(&status, &file->plain.status))
        response = MHD_create_response_from_fd_at_offset64(last - first + 1, descriptor, first);
    if (!response) {
        (void)close(descriptor);
        return NULL;
    }
    (void)snprintf(range, sizeof range, "bytes %llu-%llu/%llu", (unsigned long long)first,
                   (unsigned long long)last, (unsigned long long)status.st_size);
    add_headers(folder, response, file, &file->plain);
    add(response, MHD_HTTP_HEADER_CONTENT_RANGE, range);
    return response;
}
