/* SPDX-License-Identifier: MIT */
#include "cli/reserved_name.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

bool name_is_reserved(const char *name)
{
    static const char *const endings[] = { "example",     "test",        "invalid",    "localhost",
                                           "example.com", "example.org", "example.net" };
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t ending = strlen(endings[i]);
        if (length >= ending && strcasecmp(name + length - ending, endings[i]) == 0 &&
            (length == ending || name[length - ending - 1] == '.'))
            return true;
    }
    return false;
}
