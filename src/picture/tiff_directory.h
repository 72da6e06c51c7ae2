/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_TIFF_DIRECTORY_H
#define PICTURE_TIFF_DIRECTORY_H

#include "picture/parts.h"
#include "picture/picture.h"
#include "picture/span.h"

/* Inside picture/ only: directories of TIFF 6.0, which EXIF is written in too. */
struct tiff_file {
    struct span bytes;
    bool is_little;
};

struct tiff_entry {
    unsigned type;
    size_t count;
    struct span values; /* all of them, within the file */
};

/* False where the bytes do not begin as TIFF does. */
bool tiff_open(struct span bytes, struct tiff_file *file);

/* BigTIFF, whose numbers have 8 bytes. */
bool tiff_is_big(struct span bytes);

/* Where the first directory is; 0 for none. */
size_t tiff_first(const struct tiff_file *file);

/* Finds the entry of a tag in a directory; false where there is none, or its values lie outside. */
bool tiff_find(const struct tiff_file *file, size_t directory, unsigned tag,
               struct tiff_entry *entry);

/* PICTURE_GOOD, PICTURE_CUT (directories or pixels lie behind the end), or PICTURE_NONE (also raw
 * photographs, whose first directory is a preview). */
enum picture_trouble tiff_structure(struct span bytes, size_t *frames);

void tiff_parts(struct span bytes, struct picture_parts *parts);

#endif
