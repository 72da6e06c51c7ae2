/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_ORPHAN_FILE_H
#define PUBLISH_ORPHAN_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside publish/ only: files of public/ of which the manifest knows nothing: a new store that
 * was recovered from public/, because the old one was lost, finds them in the folders of its
 * releases. */
struct orphan_file {
    const char *path; /* relative to public/ */
    bool has_gzip;
};

/* The regular files in folder ("releases/2026/slug/", relative to directory), sorted by path, in
 * arena; a .gz counts with the file it is of. Returns how many; 0 where there is no such folder. */
size_t orphan_file_list(int directory, const char *folder, struct arena *arena,
                        struct orphan_file **orphans);

#endif
