/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DROP_LIST_H
#define INTAKE_DROP_LIST_H

#include "intake/drop_directory.h"

/* Inside intake/ only: growing arrays in an arena, for drop_directory.c. The arena keeps the
 * smaller arrays too: their sum is less than the last. */

#define DROP_NOTE_ENDING ".problems.txt"

struct file_list {
    struct drop_file *files;
    size_t count;
    size_t capacity;
};

struct name_list {
    const char **names;
    size_t count;
    size_t capacity;
};

/* What a folder holds. */
struct folder_list {
    struct file_list files;
    struct name_list notes;
    const char *on_its_way; /* a sidecar that is still under a temporary name; NULL: none */
    const char *bad_name;   /* a file that no text can name; NULL: none */
};

struct entry_list {
    struct drop_entry *entries;
    size_t count;
    size_t capacity;
};

void file_list_add(struct file_list *list, struct arena *arena, const struct drop_file *file);

/* Copies the name. */
void name_list_add(struct name_list *list, struct arena *arena, const char *name);

/* A new entry of zeros; valid until the next is added. */
struct drop_entry *entry_list_add(struct entry_list *list, struct arena *arena);

#endif
