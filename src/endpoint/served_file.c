/* SPDX-License-Identifier: MIT */
#include "endpoint/served_file.h"

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "endpoint/file_type.h"
#include "endpoint/public_files.h"
#include "http/http.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MEMORY_FILE_MAXIMUM = 1024 * 1024,
    /* A compressed copy that is older than this, compared with its file, belongs to an earlier
       version: both are written at nearly the same time. */
    COPY_AGE_SECONDS = 60
};

static void form_release(struct served_form *form)
{
    if (form->response)
        http_response_free(form->response);
    if (form->not_modified)
        http_response_free(form->not_modified);
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

/* Symbolic links may be followed here, because the inode is compared with that of the file that was
 * opened beneath the folder. */
bool served_file_is_current(const struct served_folder *folder, const struct served_file *file)
{
    char copy[PUBLIC_PATH_MAXIMUM + 4];
    return is_unchanged(folder->directory, file->path, &file->plain.status) &&
           compressed_path(file->path, copy) &&
           is_unchanged(folder->directory, copy, &file->compressed.status);
}

/* ---- loading ---- */

static bool read_whole(int descriptor, char *bytes, size_t size)
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
        form->response = http_response_of_file(descriptor, 0, size);
        return true;
    }
    char *bytes = malloc(size + 1);
    bool done = bytes && read_whole(descriptor, bytes, size);
    (void)close(descriptor);
    if (done) {
        make_etag(form, bytes, size, suffix);
        form->response = http_response_of_bytes(bytes, size);
    } else {
        free(bytes);
    }
    return done;
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

static void add_headers(const struct served_folder *folder, struct http_response *response,
                        const struct served_file *file, const struct served_form *form)
{
    char modified[HTTP_DATE_SIZE];
    const char *type = file_type_of(file->path);
    http_date_format(file->plain.status.st_mtim.tv_sec, modified);
    http_response_add(response, "Content-Type", type);
    http_response_add(response, "ETag", form->etag);
    http_response_add(response, "Last-Modified", modified);
    http_response_add(response, "Cache-Control", cache_control_of(file->path));
    http_response_add(response, "Accept-Ranges", "bytes");
    http_response_add(response, "X-Content-Type-Options", "nosniff");
    if (file->compressed.response)
        http_response_add(response, "Vary", "Accept-Encoding");
    if (form == &file->compressed)
        http_response_add(response, "Content-Encoding", "gzip");
    if (strncmp(type, "text/html", 9) == 0) {
        http_response_add(response, "Content-Security-Policy", folder->content_security_policy);
        http_response_add(response, "Referrer-Policy", "strict-origin-when-cross-origin");
    } else if (strncmp(type, "image/svg", 9) == 0) {
        http_response_add(response, "Content-Security-Policy",
                          "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    }
}

static void finish_form(const struct served_folder *folder, struct served_file *file,
                        struct served_form *form)
{
    add_headers(folder, form->response, file, form);
    /* Its Content-Length is the one that 200 would have (RFC 9110 section 8.6). */
    form->not_modified = http_response_of_length((uint64_t)form->status.st_size);
    http_response_add(form->not_modified, "ETag", form->etag);
    http_response_add(form->not_modified, "Cache-Control", cache_control_of(file->path));
    if (file->compressed.response)
        http_response_add(form->not_modified, "Vary", "Accept-Encoding");
}

struct served_file *served_file_load(const struct served_folder *folder, const char *path)
{
    char copy[PUBLIC_PATH_MAXIMUM + 4];
    struct served_file *file = memory_allocate(sizeof *file);
    file->path = memory_copy(path);
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

struct http_response *served_file_part(const struct served_folder *folder,
                                       const struct served_file *file, uint64_t first,
                                       uint64_t last)
{
    struct error error;
    struct stat status;
    char range[80];
    struct http_response *response = NULL;
    int descriptor = file_open_beneath(folder->directory, file->path, &error);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && is_same_file(&status, &file->plain.status))
        response = http_response_of_file(descriptor, first, last - first + 1);
    if (!response) {
        (void)close(descriptor);
        return NULL;
    }
    (void)snprintf(range, sizeof range, "bytes %llu-%llu/%llu", (unsigned long long)first,
                   (unsigned long long)last, (unsigned long long)status.st_size);
    add_headers(folder, response, file, &file->plain);
    http_response_add(response, "Content-Range", range);
    return response;
}
