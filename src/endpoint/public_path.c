/* SPDX-License-Identifier: MIT */
#include "endpoint/public_files.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "endpoint/form.h"

#include <string.h>

static bool is_plain(const char *url, size_t length)
{
    return memchr(url, '%', length) == NULL;
}

static bool is_safe(const char *path, size_t length)
{
    bool is_start = true;
    for (size_t i = 0; i < length; i++) {
        unsigned char character = (unsigned char)path[i];
        if (character < 0x20 || character == 0x7f || character == '\\')
            return false;
        if (is_start && (character == '.' || character == '/'))
            return false;
        is_start = character == '/';
    }
    return utf8_is_valid(path, length);
}

/* The decoded bytes behind the first slash; no larger than PUBLIC_PATH_MAXIMUM. */
static bool decode(const char *url, size_t length, char *path)
{
    struct arena arena = { 0 };
    const char *decoded = form_decode(&arena, url, length, false);
    if (decoded)
        memcpy(path, decoded, strlen(decoded) + 1);
    arena_release(&arena);
    return decoded != NULL;
}

bool public_path_from_url(const char *url, char path[PUBLIC_PATH_MAXIMUM])
{
    static const char index[] = "index.html";
    size_t length = strlen(url);
    if (*url != '/' || length + sizeof index > PUBLIC_PATH_MAXIMUM)
        return false;
    url++;
    length--;
    if (is_plain(url, length))
        memcpy(path, url, length + 1);
    else if (!decode(url, length, path))
        return false;
    length = strlen(path);
    if (!is_safe(path, length))
        return false;
    if (length == 0 || path[length - 1] == '/')
        memcpy(path + length, index, sizeof index);
    return true;
}
