/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_FILES_H
#define TESTS_UNIT_FILES_H

#include <glob.h>

/* How many files a pattern finds: so that a table of them leaves none out. -1: none. */
static inline int count_files(const char *pattern)
{
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0)
        return -1;
    int count = (int)found.gl_pathc;
    globfree(&found);
    return count;
}

#endif
