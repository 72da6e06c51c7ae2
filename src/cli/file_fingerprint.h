/* SPDX-License-Identifier: MIT */
#ifndef CLI_FILE_FINGERPRINT_H
#define CLI_FILE_FINGERPRINT_H

#include <stdint.h>

/* Inside cli/ only: a number that is another once a release was saved anew. Of a folder all within
 * it counts, of a file also what is called as it is but for the ending (its sidecar). By names,
 * times and sizes alone, so that it costs little; 0: it is not there. path is absolute. */
uint64_t file_fingerprint(const char *path);

/* Of one file by its name below the folder; 0: it is not there. */
uint64_t file_fingerprint_beside(const char *folder, const char *name);

#endif
