/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_RELEASE_FILES_H
#define PUBLISH_RELEASE_FILES_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct database;
struct error;
struct publish_settings;
struct release;
struct release_row;

/* Where the pictures and documents of a public release stand: for body_writer_options and the
 * mails. */
struct release_files;

/* In arena, which also takes the addresses. The row has its slug and year. ERROR_SYSTEM when the
 * database fails. */
struct release_files *release_files_open(struct database *database, struct arena *arena,
                                         const struct publish_settings *settings,
                                         const struct release_row *row,
                                         const struct release *release, struct error *error)
    __attribute__((warn_unused_result));

/* Absolute address of a file that the release names: of a picture its rendition for pages (at most
 * 1200 pixels wide), of a document the document. NULL where it is none of the release's files, or a
 * picture that could not be read. payload is the struct release_files. */
const char *release_files_address(void *payload, const char *file);

/* Width and height of the picture at that address. */
bool release_files_image_size(void *payload, const char *file, int *width, int *height);

/* Absolute address of the picture at full size, and what stands there; NULL where that is the
 * address above. */
const char *release_files_original(void *payload, const char *file, int64_t *size_bytes, int *width,
                                   int *height);

#endif
