/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_LANGUAGES_H
#define TESTS_UNIT_LANGUAGES_H

#include <stddef.h>

/* The languages that are shipped whole: a new one is added here. Ended by NULL. */
static const char *const shipped_languages[] = { "da", "en", "sv", "nb", "de", NULL };

#endif
