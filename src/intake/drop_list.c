/* SPDX-License-Identifier: MIT */
#include "intake/drop_list.h"

#include "base/arena.h"

#include <string.h>

/* The array with room for one more. */
static void *grow(struct arena *arena, const void *array, size_t count, size_t *capacity,
                  size_t size)
{
    *capacity = *capacity ? 2 * *capacity : 16;
    void *larger = arena_allocate_array(arena, *capacity, size);
    if (count)
        memcpy(larger, array, count * size);
    return larger;
}

void file_list_add(struct file_list *list, struct arena *arena, const struct drop_file *file)
{
    if (list->count == list->capacity)
        list->files = grow(arena, list->files, list->count, &list->capacity, sizeof *list->files);
    list->files[list->count++] = *file;
}

void name_list_add(struct name_list *list, struct arena *arena, const char *name)
{
    if (list->count == list->capacity)
        list->names = grow(arena, list->names, list->count, &list->capacity, sizeof *list->names);
    list->names[list->count++] = arena_copy(arena, name);
}

struct drop_entry *entry_list_add(struct entry_list *list, struct arena *arena)
{
    if (list->count == list->capacity)
        list->entries = grow(arena, list->entries, list->count, &list->capacity,
                             sizeof *list->entries);
    return &list->entries[list->count++];
}
