/* SPDX-License-Identifier: MIT */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* Out of memory, for size bytes: a line on standard error and abort(), or the end that
 * memory_set_exit() asked for. */
void memory_failed(size_t size) __attribute__((noreturn));

/* From now on the process ends with that exit code, and without a word: of a process whose parent
 * tells what became of it. */
void memory_set_exit(int code);

#endif
