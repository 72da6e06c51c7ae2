/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int exit_code;

void memory_failed(size_t size)
{
    if (exit_code)
        _exit(exit_code);
    (void)fprintf(stderr, "pressroom: out of memory (%zu bytes); the next run goes on from here\n",
                  size);
    abort();
}

void memory_set_exit(int code)
{
    exit_code = code;
}

static size_t bytes_of(size_t count, size_t size)
{
    size_t bytes = 0;
    return __builtin_mul_overflow(count, size, &bytes) ? SIZE_MAX : bytes;
}

void *memory_allocate(size_t size)
{
    return memory_allocate_array(1, size);
}

/* At least one byte, because calloc() may return NULL for none, which would be taken for a failure.
 */
void *memory_allocate_array(size_t count, size_t size)
{
    void *items = count && size ? calloc(count, size) : calloc(1, 1);
    if (!items)
        memory_failed(bytes_of(count, size));
    return items;
}

void *memory_resize_array(void *items, size_t count, size_t size)
{
    void *resized = count && size ? reallocarray(items, count, size) : realloc(items, 1);
    if (!resized)
        memory_failed(bytes_of(count, size));
    return resized;
}

char *memory_copy(const char *string)
{
    return memory_copy_bytes(string, strlen(string));
}

char *memory_copy_bytes(const void *bytes, size_t length)
{
    char *copy = memory_resize_array(NULL, length + 1, 1);
    if (length)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}
