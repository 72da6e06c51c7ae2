/* SPDX-License-Identifier: MIT */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* The program's one answer to memory that is not there: it ends. What a stranger sends has a size
 * cap before memory is asked for, so this is the machine's trouble and never one message's; and
 * every stage can be killed at any instruction and run again. What follows returns memory for
 * free(), never NULL. */

/* Zeroed. */
void *memory_allocate(size_t size);

/* count elements, zeroed; fails where count × size overflows. */
void *memory_allocate_array(size_t count, size_t size);

/* Room for count elements in place of what items has (NULL: nothing); the new ones are not
 * cleared. */
void *memory_resize_array(void *items, size_t count, size_t size);

char *memory_copy(const char *string);

/* Copies length bytes and ends them with NUL. */
char *memory_copy_bytes(const void *bytes, size_t length);

/* Out of memory, for size bytes: a line on standard error and abort(), or the end that
 * memory_set_exit() asked for. For those that have their memory from a library. */
void memory_failed(size_t size) __attribute__((noreturn));

/* From now on the process ends with that exit code, and without a word: of a process whose parent
 * tells what became of it. */
void memory_set_exit(int code);

#endif
