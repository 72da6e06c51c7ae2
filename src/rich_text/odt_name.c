/* SPDX-License-Identifier: MIT */
#include "rich_text/odt_name.h"

#include "xml/xml_reader.h"

#include <string.h>

enum { DIGITS_MAXIMUM = 9 };

bool odt_is(const struct xml_node *node, const char *space, const char *name)
{
    return node->name && strcmp(node->name, name) == 0 && strcmp(node->space, space) == 0;
}

bool odt_has_value(const struct xml_node *node, const char *space, const char *name,
                   const char *value)
{
    const char *own = xml_attribute_value(node, space, name);
    return own && strcmp(own, value) == 0;
}

int odt_number(const struct xml_node *node, const char *space, const char *name, int fallback)
{
    const char *value = xml_attribute_value(node, space, name);
    size_t length = value ? strlen(value) : 0;
    int number = 0;
    if (length < 1 || length > DIGITS_MAXIMUM || strspn(value, "0123456789") != length)
        return fallback;
    for (; *value; value++)
        number = number * 10 + (*value - '0');
    return number;
}
