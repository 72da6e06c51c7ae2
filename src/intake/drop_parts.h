/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DROP_PARTS_H
#define INTAKE_DROP_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "intake/drop_directory.h"
#include "intake/drop_list.h"

struct stat;

/* Inside intake/ only: what drop_directory.c and its parts share. */

/* ---- one file (drop_file.c) ---- */

/* Whatever the case; the ending alone is none. */
bool drop_ends_with(const char *name, const char *ending);

/* Names that are never read: temporary and lock names, those of systems, and our own notes. */
bool drop_name_is_skipped(const char *name);

/* A name that shows what it is, wherever it is told. */
bool drop_name_is_usable(const char *name);

/* By name, for qsort() and bsearch(). */
int drop_compare_files(const void *a, const void *b);

int64_t drop_nanoseconds(struct timespec time);

/* False where there is nothing of that name. */
bool drop_stat(int directory, const char *name, struct stat *status, struct drop_file *file);

/* The first trouble is the one that is told. */
void drop_set_trouble(struct drop_entry *entry, enum intake_message_id id, const char *a,
                      const char *b);

void drop_set_newest(struct drop_entry *entry);

/* The sidecar of a text among files, which are sorted; NULL: none. */
const struct drop_file *drop_find_sidecar(const struct drop_file *files, size_t count,
                                          const char *text, struct arena *arena);

/* ---- folders (drop_folder.c) ---- */

/* The texts of a folder: one, and its versions ("x.en.md" of "x.md"). */
struct folder_texts {
    const struct drop_file *text; /* NULL: none */
    const struct drop_file **versions;
    size_t count;
};

/* A folder as it was looked at. */
struct folder_scan {
    struct folder_list list;
    struct folder_texts texts;
};

/* name is the folder's, without slash. */
void drop_scan_folder(int directory, const char *name, int maximum, struct arena *arena,
                      struct drop_entry *entry, struct folder_scan *scan);

/* A version beside the folder's text: an entry of its own, with the same files. */
void drop_make_version(const struct drop_entry *folder, const struct drop_file *file,
                       const struct name_list *notes, struct arena *arena,
                       struct drop_entry *version);

/* Looks at one version in a folder; false where its file is not there, or is none. */
bool drop_scan_version(int directory, const char *path, int maximum, struct arena *arena,
                       struct drop_entry *entry);

#endif
