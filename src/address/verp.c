/* SPDX-License-Identifier: MIT */
#include "address/verp.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"

#include <string.h>
#include <strings.h>

bool verp_base_parse(struct arena *arena, const char *address, char delimiter,
                     size_t longest_extension, struct verp_base *base, struct error *error)
{
    const struct address *parsed = address_parse(arena, address, strlen(address), error);
    if (!parsed)
        return false;
    if (parsed->is_international || parsed->local[0] == '"')
        return error_set(error, ERROR_INPUT,
                         "%s: has letters before its @ that a return path cannot carry" ERROR_ADVICE
                         "use plain "
                         "letters and digits",
                         address);
    size_t length = strlen(parsed->local) + 1 + longest_extension;
    if (length > ADDRESS_LOCAL_MAXIMUM)
        return error_set(error, ERROR_INPUT,
                         "%s: is %zu characters too long before its @, to which up to %zu are "
                         "added" ERROR_ADVICE "use a shorter one",
                         address, length - ADDRESS_LOCAL_MAXIMUM, longest_extension + 1);
    *base = (struct verp_base){ .local = parsed->local,
                                .domain = parsed->domain,
                                .delimiter = delimiter };
    return true;
}

void verp_append(struct string_builder *text, const struct verp_base *base, const char *extension)
{
    string_builder_append(text, base->local);
    string_builder_append_character(text, base->delimiter);
    string_builder_append(text, extension);
    string_builder_append_character(text, '@');
    string_builder_append(text, base->domain);
}

const char *verp_build(struct arena *arena, const struct verp_base *base, const char *extension)
{
    return arena_format(arena, "%s%c%s@%s", base->local, base->delimiter, extension, base->domain);
}

bool verp_parse(const struct verp_base *base, const char *address, size_t length,
                const char **extension, size_t *extension_length)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    size_t local_length = strlen(base->local);
    size_t domain_length = strlen(base->domain);
    if (length < local_length + 1 + 1 + 1 + domain_length)
        return false;
    const char *at = address + length - domain_length - 1;
    if (*at != '@' || strncasecmp(at + 1, base->domain, domain_length) != 0 ||
        strncasecmp(address, base->local, local_length) != 0 ||
        address[local_length] != base->delimiter)
        return false;
    const char *start = address + local_length + 1;
    for (const char *c = start; c < at; c++)
        if (!*c || !strchr(allowed, *c))
            return false;
    *extension = start;
    *extension_length = (size_t)(at - start);
    return true;
}
