/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"

/* Whether tests/golden/NAME holds what the program gave; what differs is printed. With GOLDEN_NEW
 * set, what differs, or is not there yet, is also written beside as NAME.new, to be read and
 * renamed: no expectation changes unseen. */
static inline bool golden_is(const char *name, const char *have)
{
    char path[512];
    struct string_builder want;
    struct error error;
    string_builder_init(&want, 0);
    (void)snprintf(path, sizeof path, TEST_DATA_DIRECTORY "/%s", name);
    bool is_same = file_read(AT_FDCWD, path, &want, &error) && strcmp(want.data, have) == 0;
    string_builder_release(&want);
    if (is_same)
        return true;
    print_error("%s differs from:\n%s\n", name, have);
    (void)snprintf(path, sizeof path, TEST_DATA_DIRECTORY "/%s.new", name);
    if (getenv("GOLDEN_NEW")) /* NOLINT(concurrency-mt-unsafe) */
        assert_true(file_write_atomic(AT_FDCWD, path, have, strlen(have), 0644, &error));
    return false;
}

#endif
