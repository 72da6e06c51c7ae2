/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_SERVED_FILE_H
#define ENDPOINT_SERVED_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct http_response;

/* Inside endpoint/ only: a file of public/ made ready to be answered with: its bytes, its
 * compressed copy, and the headers that go with each. Which file was asked for, and what of it, is
 * for the caller. */

enum { SERVED_ETAG_SIZE = 48 };

/* One form of a file: as it is, or gzip. */
struct served_form {
    struct http_response *response;     /* NULL: there is none */
    struct http_response *not_modified; /* what 304 says of it (RFC 9110 section 15.4.5) */
    struct stat status;                 /* of the file; all zeros: it is not there */
    char etag[SERVED_ETAG_SIZE];
};

struct served_file {
    char *path; /* relative to the folder */
    struct served_form plain;
    struct served_form compressed;
    size_t memory; /* bytes kept */
    atomic_uint holders;
};

struct served_folder {
    int directory;
    const char *content_security_policy; /* goes with pages (text/html) */
};

/* NULL where there is no such file. The caller is its one holder, and frees. */
struct served_file *served_file_load(const struct served_folder *folder, const char *path);

/* One more holder, who frees it as well; the caller knows of one who holds it meanwhile. */
void served_file_hold(struct served_file *file);

/* For one holder; it goes with the last one. Takes NULL. Responses that are being sent live on
 * until they are. */
void served_file_free(struct served_file *file);

/* Whether its bytes are read anew for each answer, so that nothing is won by keeping it. */
bool served_file_is_large(const struct served_file *file);

/* Whether the file and its compressed copy on the disk are still those it was loaded from. */
bool served_file_is_current(const struct served_folder *folder, const struct served_file *file);

/* The bytes first … last of the plain form, with all headers but the status; the caller frees.
 * NULL where the file has changed meanwhile. */
struct http_response *served_file_part(const struct served_folder *folder,
                                       const struct served_file *file, uint64_t first,
                                       uint64_t last);

#endif
