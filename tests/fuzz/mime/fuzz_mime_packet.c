/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "mime/mime.h"
#include "mime/mime_packet.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a confined process says: nothing, or a message that can be said again in the same way.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct string_builder first;
    struct string_builder second;
    string_builder_init(&first, MIME_PACKET_MAXIMUM);
    string_builder_init(&second, MIME_PACKET_MAXIMUM);
    const struct mime_message *message = mime_packet_read(&arena, data, size);
    if (message) {
        assert(message->type && message->subject);
        assert(!message->text || utf8_is_valid(message->text, strlen(message->text)));
        mime_packet_write(&first, message);
        const struct mime_message *again = mime_packet_read(&arena, first.data, first.length);
        assert(again);
        mime_packet_write(&second, again);
        assert(first.length == second.length && memcmp(first.data, second.data, first.length) == 0);
    }
    string_builder_release(&first);
    string_builder_release(&second);
    arena_release(&arena);
    return 0;
}
