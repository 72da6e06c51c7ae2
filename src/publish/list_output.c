/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/string_builder.h"
#include "presentation/presentation.h"
#include "publish/list.h"
#include "publish/site.h"

#include <string.h>

const struct list_output *list_output_find(const struct list_output *const *outputs,
                                           const char *name)
{
    size_t length = strcspn(name, ":");
    for (const struct list_output *const *output = outputs; output && *output; output++) {
        bool is_one = (*output)->scope == LIST_OF_LISTS || (*output)->scope == LIST_OF_SETTINGS;
        /* Compares the length too, because otherwise "to" would be taken for "topic". */
        if (is_one == !name[length] && strncmp((*output)->name, name, length) == 0 &&
            !(*output)->name[length])
            return *output;
    }
    return NULL;
}

const char *list_names_of(const struct site *site, const struct presentation *presentation)
{
    struct arena *arena = presentation->arena;
    const struct list_entry entry = { presentation, presentation->list_language,
                                      site_month(site, arena, presentation->public_at) };
    struct string_builder names;
    string_builder_init(&names, 0);
    for (const struct list_output *const *output = site->lists; *output; output++)
        if ((*output)->find)
            (*output)->find(&names, site, &entry);
    const char *copy = arena_copy_bytes(arena, names.data, names.length);
    string_builder_release(&names);
    return copy;
}
