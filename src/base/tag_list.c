/* SPDX-License-Identifier: MIT */
#include "base/tag_list.h"

#include <string.h>

char *tag_trim(char *text, const char *spaces)
{
    text += strspn(text, spaces);
    size_t length = strlen(text);
    while (length && strchr(spaces, text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

bool tag_next(char **rest, const char *spaces, struct tag *tag)
{
    char *start = strsep(rest, ";");
    if (!start)
        return false;
    char *equals = strchr(start, '=');
    tag->has_value = equals != NULL;
    tag->value = equals ? tag_trim(equals + 1, spaces) : start + strlen(start);
    if (equals)
        *equals = '\0';
    tag->name = tag_trim(start, spaces);
    return true;
}
