/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_ASSET_H
#define INTAKE_ASSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct error;

/* Inside intake/ only: pictures and documents of releases are copied to state/
 * (release/release.h): what is published does not depend on the drop directory. */

enum asset_trouble {
    ASSET_TROUBLE_NONE,
    ASSET_TROUBLE_MISSING,
    ASSET_TROUBLE_LINK,
    ASSET_TROUBLE_OUTSIDE,
    ASSET_TROUBLE_FOLDER,
    ASSET_TROUBLE_SPECIAL, /* a pipe, socket or device */
    ASSET_TROUBLE_UNREADABLE,
    ASSET_TROUBLE_TOO_LARGE,
    ASSET_TROUBLE_SVG,
    ASSET_TROUBLE_KIND, /* nothing that we publish */
    ASSET_TROUBLE_EMPTY,
    ASSET_TROUBLE_CUT,     /* a document whose end is missing */
    ASSET_TROUBLE_PICTURE, /* a picture that cannot be read: who examined it knows why */
    ASSET_TROUBLE_UNSTABLE /* written to while we read it, or just before */
};

struct asset_import;

/* Examines a picture behind descriptor (read-only), whose bytes are those that were hashed, before
 * its copy is kept; may set import->trouble. False: the run cannot go on. */
typedef bool asset_examine(void *payload, int descriptor, struct asset_import *import,
                           struct error *error);

/* How asset_import() takes a file, and what it finds. */
struct asset_import {
    int64_t maximum_bytes;
    int state_directory;    /* where the copy goes; -1: nowhere, the file is only examined */
    asset_examine *examine; /* NULL: nobody */
    void *payload;
    /* results */
    enum asset_trouble trouble;
    struct hash hash;
    int64_t size_bytes;
    const char *media_type; /* by content; static */
};

/* Opens file below directory without following links, hashes it, finds its media type, checks that
 * it is complete and copies it (0600, under a temporary name that is renamed; the caller flushes
 * the file system before it commits). What is wrong with the file itself is in import->trouble,
 * with true as the result; false and ERROR_SYSTEM when the disk failed. */
bool asset_import(int directory, const char *file, struct asset_import *import,
                  struct error *error);

/* The same for a file that is nowhere but in memory, since it came within another. */
bool asset_import_bytes(const void *bytes, size_t length, const char *file,
                        struct asset_import *import, struct error *error);

/* Reads a whole text, opened in the same way; NULL with the reason in *trouble where it cannot be
 * read (ASSET_TROUBLE_TOO_LARGE past maximum_bytes). In arena. */
char *asset_read_text(int directory, const char *file, int64_t maximum_bytes, struct arena *arena,
                      size_t *length, enum asset_trouble *trouble);

/* Removes the unfinished copy that a killed run may have left. */
void asset_clear_temporaries(int state_directory);

#endif
