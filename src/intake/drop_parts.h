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

/* Whether name ends with ending, whatever the case; a name that is only the ending does not. */
bool drop_ends_with(const char *name, const char *ending);

/* Names that are never read: temporary and lock names, those of systems, and our own notes. */
bool drop_name_is_skipped(const char *name);

/* Whether a name of the drop directory itself, of none of its folders, is kept for a page of ours
 * (status_page/). */
bool drop_name_is_ours(const char *name);

/* Whether the name is valid UTF-8 without control characters, so that it can be shown and stored.
 * */
bool drop_name_is_usable(const char *name);

/* What stands behind the last slash of a path. */
const char *drop_base_name(const char *path);

/* The containers at the beginning of a path, "Kladder/" or "", in arena. */
const char *drop_container_of(const struct intake_settings *settings, const char *path,
                              struct arena *arena);

/* By name, for qsort() and bsearch(). */
int drop_compare_files(const void *a, const void *b);

int64_t drop_nanoseconds(struct timespec time);

/* False where there is nothing of that name. */
bool drop_stat(int directory, const char *name, struct stat *status, struct drop_file *file);

/* Sets the trouble unless there is one: only the first is reported. */
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

/* A folder as it was scanned. */
struct folder_scan {
    struct folder_list list;
    struct folder_texts texts;
};

/* name is the folder's path, without the slash at its end. */
void drop_scan_folder(int directory, const char *name, const struct intake_settings *settings,
                      struct arena *arena, struct drop_entry *entry, struct folder_scan *scan);

/* Makes an entry for a version beside the folder's text, with the same files. */
void drop_make_version(const struct drop_entry *folder, const struct drop_file *file,
                       const struct name_list *notes, struct arena *arena,
                       struct drop_entry *version);

/* Scans one version in a folder; false where its file does not exist or is no version. */
bool drop_scan_version(int directory, const char *path, const struct intake_settings *settings,
                       struct arena *arena, struct drop_entry *entry);

#endif
