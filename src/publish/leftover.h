/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_LEFTOVER_H
#define PUBLISH_LEFTOVER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Files of public/ of which the manifest knows nothing: a store that took over public/ from a lost
 * one finds them in the folders of its releases. */
struct leftover {
    const char *path; /* relative to public/ */
    bool has_gzip;
};

/* The regular files in folder ("releases/2026/slug/", relative to directory), sorted by path, in
 * arena; a .gz counts with the file it is of. Returns how many; 0 where there is no such folder. */
size_t leftover_list(int directory, const char *folder, struct arena *arena,
                     struct leftover **leftovers);

#endif
