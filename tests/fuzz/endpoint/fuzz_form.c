/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/utf8.h"
#include "endpoint/form.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* A Content-Type, a line end, a body. What is taken is UTF-8, and within its caps. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena arena = { 0 };
    struct form form = { 0 };
    const unsigned char *end = size ? memchr(data, '\n', size) : NULL;
    if (!end)
        return 0;
    const char *type = arena_copy_bytes(&arena, data, (size_t)(end - data));
    const char *body = (const char *)end + 1;
    size_t length = size - (size_t)(end + 1 - data);
    if (form_parse_body(&arena, type, body, length, &form)) {
        for (const struct form_field *field = form.first; field; field = field->next)
            if (!utf8_is_valid(field->name, strlen(field->name)) ||
                !utf8_is_valid(field->value, strlen(field->value)))
                abort();
        if (form.count > FORM_FIELDS_MAXIMUM)
            abort();
    }
    (void)form_decode(&arena, body, length, false);
    arena_release(&arena);
    return 0;
}
