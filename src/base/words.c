/* SPDX-License-Identifier: MIT */
#include "base/words.h"

#include <string.h>

bool words_next(const char **rest, const char **word, size_t *length)
{
    *rest += strspn(*rest, " ");
    *word = *rest;
    *length = strcspn(*rest, " ");
    *rest += *length;
    return *length > 0;
}
