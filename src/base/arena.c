/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024 };

struct arena_block {
    struct arena_block *next;
    alignas(max_align_t) unsigned char bytes[];
};

void arena_release(struct arena *arena)
{
    struct arena_block *block = arena->blocks;
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    *arena = (struct arena){ 0 };
}

static struct arena_block *block_add(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        memory_failed(size);
    struct arena_block *block = malloc(sizeof *block + size);
    if (!block)
        memory_failed(size);
    block->next = arena->blocks;
    arena->blocks = block;
    arena->capacity = size;
    arena->used = 0;
    return block;
}

/* Memory that is not zeroed. */
static void *take(struct arena *arena, size_t size)
{
    const size_t alignment = alignof(max_align_t);
    if (size > SIZE_MAX / 4)
        memory_failed(size);
#ifdef PRESSROOM_SANITIZED
    /* A piece of its own for each allocation, so that the sanitizer sees every overrun. */
    struct arena_block *piece = block_add(arena, size ? size : 1);
    return piece->bytes;
#endif
    size_t rounded = (size + alignment - 1) / alignment * alignment;
    if (rounded == 0)
        rounded = alignment;
    if (!arena->blocks || arena->capacity - arena->used < rounded) {
        if (rounded > BLOCK_SIZE / 4 && arena->blocks) {
            /* A large piece goes behind the current block, whose rest stays in use. */
            size_t capacity = arena->capacity;
            size_t used = arena->used;
            struct arena_block *current = arena->blocks;
            struct arena_block *large = block_add(arena, rounded);
            arena->blocks = current;
            large->next = current->next;
            current->next = large;
            arena->capacity = capacity;
            arena->used = used;
            return large->bytes;
        }
        (void)block_add(arena, rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE);
    }
    void *result = arena->blocks->bytes + arena->used;
    arena->used += rounded;
    return result;
}

void *arena_allocate(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size ? size : 1);
}

void *arena_allocate_array(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        memory_failed(SIZE_MAX);
    return arena_allocate(arena, count * size);
}

char *arena_copy_bytes(struct arena *arena, const void *bytes, size_t length)
{
    char *copy = take(arena, length + 1);
    if (length)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

char *arena_copy(struct arena *arena, const char *string)
{
    return string ? arena_copy_bytes(arena, string, strlen(string)) : NULL;
}

char *arena_format_list(struct arena *arena, const char *format, va_list arguments)
{
    char brief[256]; /* most are: then once is enough */
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(brief, sizeof brief, format, again);
    va_end(again);
    if (length < 0)
        memory_failed(0);
    if ((size_t)length < sizeof brief)
        return arena_copy_bytes(arena, brief, (size_t)length);
    char *result = arena_allocate(arena, (size_t)length + 1);
    (void)vsnprintf(result, (size_t)length + 1, format, arguments);
    return result;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *result = arena_format_list(arena, format, arguments);
    va_end(arguments);
    return result;
}
