/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/utf8.h"
#include "html/html.h"
#include "mime/mime.h"
#include "mime_parser/mime_part.h"
#include "mime_parser/mime_read.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_string(const char *string)
{
    assert(!string || utf8_is_valid(string, strlen(string)));
}

static void check_fields(const struct mime_field *fields)
{
    size_t count = 0;
    for (const struct mime_field *field = fields; field; field = field->next, count++) {
        check_string(field->value);
        assert(!strpbrk(field->value, "\r\n"));
    }
    assert(count <= MIME_FIELDS_MAXIMUM);
}

/* Every part lies inside the message or is a decoded copy; depth is counted by the recursion. */
static unsigned count_parts(const struct mime_part *part, unsigned depth)
{
    unsigned count = 1;
    assert(depth <= MIME_DEPTH_MAXIMUM);
    check_fields(part->fields);
    for (const struct mime_part *child = part->parts; child; child = child->next)
        count += count_parts(child, depth + 1);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    const struct mime_message *message = mime_read(&html_reader, &arena, (const char *)data, size);
    assert(count_parts(mime_part_read(&arena, (const char *)data, size, NULL), 0) <=
           MIME_PARTS_MAXIMUM + MIME_DEPTH_MAXIMUM);
    check_string(message->subject);
    check_string(message->text);
    check_string(message->links);
    check_fields(message->fields);
    check_fields(message->feedback);
    check_fields(message->original);
    size_t recipients = 0;
    for (const struct mime_address *to = message->to; to; to = to->next)
        recipients++;
    assert(recipients <= MIME_ADDRESSES_MAXIMUM);
    arena_release(&arena);
    return 0;
}
