/* SPDX-License-Identifier: MIT */
#include "address/address.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/utf8.h"

#include <string.h>

enum { NAME_MAXIMUM = 200 };

/* The name as a person reads it: quotes and backslashes of a quoted string taken away. NULL where
 * quotes stand anywhere else. */
static const char *name_unquote(struct arena *arena, const char *bytes, size_t length)
{
    char *name = arena_allocate(arena, length + 1);
    size_t used = 0;
    bool is_quoted = length >= 2 && bytes[0] == '"' && bytes[length - 1] == '"';
    if (is_quoted) {
        bytes++;
        length -= 2;
    }
    for (size_t i = 0; i < length; i++) {
        if (is_quoted && bytes[i] == '\\' && i + 1 < length)
            i++;
        else if (bytes[i] == '"')
            return NULL;
        name[used++] = bytes[i];
    }
    return name;
}

static bool name_check(const char *name)
{
    size_t length = strlen(name);
    if (length > NAME_MAXIMUM || !utf8_is_valid(name, length))
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return false;
    return true;
}

struct address *address_parse_display(struct arena *arena, const char *string, const char **name,
                                      struct error *error)
{
    size_t length = strlen(string);
    address_trim(&string, &length);
    const char *open = memrchr(string, '<', length);
    *name = NULL;
    if (!open)
        return address_parse(arena, string, length, error);
    if (string[length - 1] != '>') {
        (void)error_set(error, ERROR_INPUT,
                        "the address does not end in >" ERROR_ADVICE
                        "write it as Name <name@example.org>");
        return NULL;
    }
    const char *before = string;
    size_t name_length = (size_t)(open - string);
    address_trim(&before, &name_length);
    if (name_length) {
        const char *found = name_unquote(arena, before, name_length);
        if (!found || !name_check(found)) {
            (void)error_set(error, ERROR_INPUT,
                            "the name before the address has a stray quote or a control character, "
                            "or more than %d octets",
                            NAME_MAXIMUM);
            return NULL;
        }
        *name = *found ? found : NULL;
    }
    return address_parse(arena, open + 1, (size_t)(string + length - open) - 2, error);
}
