/* SPDX-License-Identifier: MIT */
#include "confined/process.h"

#include <string.h>

static const struct confined_function *const *registered;

void confined_register(const struct confined_function *const *functions)
{
    registered = functions;
}

const struct confined_function *confined_find(const char *name)
{
    for (size_t i = 0; registered && registered[i]; i++)
        if (strcmp(registered[i]->name, name) == 0)
            return registered[i];
    return NULL;
}

bool confined_is_registered(void)
{
    return registered != NULL;
}
