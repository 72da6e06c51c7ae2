/* SPDX-License-Identifier: MIT */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct error;
struct string_builder;

/* Appends the whole file to *text, which caps it: a longer file is ERROR_INPUT. path is relative to
 * directory (an open directory, or AT_FDCWD). */
bool file_read(int directory, const char *path, struct string_builder *text, struct error *error);

/* The same of what is open already, from where it stands; path is its name in messages. */
bool file_read_descriptor(int descriptor, const char *path, struct string_builder *text,
                          struct error *error);

/* The same for a file on hostile ground: never leaves directory, follows no symbolic link (openat2
 * RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS; where that is not to be had, folder by folder), opens
 * regular files only. ERROR_INPUT with a reason a person understands. */
bool file_read_beneath(int directory, const char *path, struct string_builder *text,
                       struct error *error);

/* Opens so for reading; -1 and ERROR_INPUT when it cannot be. The caller closes. */
int file_open_beneath(int directory, const char *path, struct error *error);

/* Makes path, and the directories above it, with mode 0755 (less umask). An existing directory is
 * fine. */
bool file_make_directories(int directory, const char *path, struct error *error);

/* Writes bytes into a new temporary file in the same directory, flushes it to the disk and renames
 * it to path: path holds the old bytes or the new, never something between. */
bool file_write_atomic(int directory, const char *path, const void *bytes, size_t length,
                       unsigned mode, struct error *error);

/* Where file_put_new() writes a file: under the name temporary in from first. Borrowed. */
struct file_place {
    int from;
    const char *temporary;
    int folder;
    const char *name;
    const char *fault; /* point (base/fault.h) before it is renamed */
};

/* Writes bytes into a new file (O_EXCL, through no link) and renames it to name in folder; where
 * that is another file system, within folder. So name is the old file or the new one at every
 * moment, and a link of that name is replaced, not followed. Not waited for on the disk. False with
 * errno set. */
bool file_put_new(const struct file_place *place, const void *bytes, size_t length);

/* Writes all bytes, however often the kernel takes only some. False with errno set. */
bool file_write_all(int descriptor, const void *bytes, size_t length);

/* Opens a directory for use as the first parameter above; -1 on failure. The caller closes. */
int file_open_directory(int directory, const char *path, struct error *error);

/* The same beneath directory, through no symbolic link in any part of path; -1 with errno set. */
int file_open_directory_beneath(int directory, const char *path);

/* A lock file, made where it is not there; the kernel frees the lock with the process. wait false:
 * ERROR_TEMPORARY when somebody holds it. Returns the descriptor to close, -1 on failure. */
int file_lock(int directory, const char *path, bool wait, struct error *error);

/* Whether Windows keeps the name, with any ending, for a device: "con", "com1". Where what we write
 * is unpacked or synchronized, no file or folder can be called so. */
bool file_name_is_device(const char *name);

/* "a/b" joined by one slash. */
char *file_join(struct arena *arena, const char *directory, const char *name);

#endif
