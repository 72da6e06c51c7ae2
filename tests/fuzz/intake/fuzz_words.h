/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_WORDS_H
#define TESTS_FUZZ_WORDS_H

#include <assert.h>

/* The words of the shipped languages, as unit tests have them. */
#define assert_non_null(pointer) assert((pointer) != NULL)
#define assert_int_equal(a, b) assert((a) == (b))
#define assert_true(condition) assert(condition)
#include "unit/words.h"

#endif
