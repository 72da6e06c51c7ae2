/* SPDX-License-Identifier: MIT */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/* Memory for one unit of work: a release, a message, a request. All that is made in it dies
 * together in arena_release(). Out of memory: a message and abort(); whoever allocates for a
 * stranger has a size cap first. */
struct arena_block;

/* All zeros: empty and ready. */
struct arena {
    struct arena_block *blocks;
    size_t used;     /* bytes used of the newest block */
    size_t capacity; /* bytes of the newest block */
};

/* Frees all; the arena is empty and ready again. Takes an arena that was never used. */
void arena_release(struct arena *arena);

/* Zeroed memory, aligned for every type. */
void *arena_allocate(struct arena *arena, size_t size);

/* An array of count elements, zeroed; aborts where count × size overflows. */
void *arena_allocate_array(struct arena *arena, size_t count, size_t size);

/* Copies; NULL gives NULL. */
char *arena_copy(struct arena *arena, const char *string);

/* Copies length bytes and ends them with NUL. */
char *arena_copy_bytes(struct arena *arena, const void *bytes, size_t length);

char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

char *arena_format_list(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

#endif
