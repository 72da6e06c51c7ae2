/* SPDX-License-Identifier: MIT */
#include "intake/drop_list.h"

#include "base/arena.h"
#include "base/array.h"

#include <string.h>

void file_list_add(struct file_list *list, struct arena *arena, const struct drop_file *file)
{
    ARRAY_GROW_IN(arena, list->files, list->count, list->capacity);
    list->files[list->count++] = *file;
}

void name_list_add(struct name_list *list, struct arena *arena, const char *name)
{
    ARRAY_GROW_IN(arena, list->names, list->count, list->capacity);
    list->names[list->count++] = arena_copy(arena, name);
}

struct drop_entry *entry_list_add(struct entry_list *list, struct arena *arena)
{
    ARRAY_GROW_IN(arena, list->entries, list->count, list->capacity);
    return &list->entries[list->count++];
}
