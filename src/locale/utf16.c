/* SPDX-License-Identifier: MIT */
#include "locale/utf16.h"

#include "base/arena.h"

#include <assert.h>
#include <unicode/ustring.h>

UChar *utf16_from_utf8(struct arena *arena, const char *bytes, size_t length, int32_t *count)
{
    UErrorCode status = U_ZERO_ERROR;
    assert(length < INT32_MAX / 4);
    /* Never more units than bytes. */
    UChar *units = arena_allocate_array(arena, length + 1, sizeof *units);
    (void)u_strFromUTF8WithSub(units, (int32_t)length + 1, count, bytes, (int32_t)length, 0xfffd,
                               NULL, &status);
    if (U_FAILURE(status))
        *count = 0;
    return units;
}

char *utf16_to_utf8(struct arena *arena, const UChar *units, int32_t count)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t length = 0;
    size_t capacity = (size_t)count * 3 + 1;
    char *bytes = arena_allocate(arena, capacity);
    (void)u_strToUTF8WithSub(bytes, (int32_t)capacity, &length, units, count, 0xfffd, NULL,
                             &status);
    if (U_FAILURE(status))
        length = 0;
    bytes[length] = '\0';
    return bytes;
}
