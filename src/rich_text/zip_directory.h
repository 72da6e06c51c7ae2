/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_ZIP_DIRECTORY_H
#define RICH_TEXT_ZIP_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rich_text/rich_text.h"

struct arena;

/* Inside rich_text/ only: the central directory of a zip file (PKWARE APPNOTE 4.3), for what libzip
 * does not tell: where an entry begins, so that two can be found in one place. */

struct zip_entry {
    const char *name; /* as its bytes are, NUL-terminated; a NUL within refuses the file */
    uint64_t packed;  /* bytes, as it says */
    uint64_t size;    /* of what comes out, as it says */
    uint64_t offset;  /* of its local header */
    unsigned flags;
    unsigned method;
};

struct zip_directory {
    struct zip_entry *entries; /* in their order */
    size_t count;
    size_t length; /* of the file, without blank bytes and line ends that stand behind its end */
};

/* False with *fault and *detail. */
bool zip_directory_read(struct arena *arena, const char *bytes, size_t length,
                        struct zip_directory *directory, enum rich_text_fault *fault,
                        const char **detail);

#endif
