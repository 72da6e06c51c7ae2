/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include "base/string_builder.h"

#include <sodium.h>

void base64_append(struct string_builder *text, const char *bytes, size_t length)
{
    size_t size = sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL);
    char *room = string_builder_append_room(text, size - 1);
    if (room) /* the zero that ends it has its place behind the room */
        (void)sodium_bin2base64(room, size, (const unsigned char *)bytes, length,
                                sodium_base64_VARIANT_ORIGINAL);
}
