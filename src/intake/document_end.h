/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DOCUMENT_END_H
#define INTAKE_DOCUMENT_END_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a document is there to its end, told by a few bounded looks at where its format says that
 * it ends; nothing of it is parsed further. True for formats that do not say it, and where a file
 * says what no half-copied one would. */
bool document_has_end(int descriptor, const char *media_type, int64_t size_bytes);

/* ---- its parts ---- */

struct document_file {
    int descriptor;
    int64_t size;
};

/* False where they do not all lie in the file. */
bool document_bytes(const struct document_file *file, int64_t offset, void *bytes, int64_t length);

/* document_ole.c */
bool document_ole_has_end(const struct document_file *file);

/* document_media.c */
bool document_boxes_have_end(const struct document_file *file); /* MP4, QuickTime */
bool document_webm_has_end(const struct document_file *file);
bool document_wav_has_end(const struct document_file *file);
bool document_mp3_has_end(const struct document_file *file);

#endif
