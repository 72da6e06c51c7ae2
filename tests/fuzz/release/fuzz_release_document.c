/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "release/body.h"
#include "release/release.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A document that can be read can be written, and what was written reads as the same; its body goes
 * through both writers. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct error error = { 0 };
    const struct body_writer_options options = { .is_mail = size % 2 == 0 };
    struct string_builder first;
    struct string_builder second;
    string_builder_init(&first, 0);
    string_builder_init(&second, 0);
    struct release *release = release_read_document(&arena, (const char *)data, size, &error);
    if (release && release_write_document(&first, release, &error)) {
        struct release *copy = release_read_document(&arena, first.data, first.length, &error);
        assert(copy);
        assert(release_write_document(&second, copy, &error));
        assert(first.length == second.length);
        assert(memcmp(first.data, second.data, first.length) == 0);
        string_builder_clear(&first);
        string_builder_clear(&second);
        body_write_html(&first, release->body, &options);
        assert(!strstr(first.data, "<script") && !strstr(first.data, "\"javascript:"));
        body_write_text(&second, release->body, &options, 72);
        (void)release_lead(&arena, release);
        (void)release_text_similarity(&arena, release->body, copy->body);
    }
    string_builder_release(&first);
    string_builder_release(&second);
    arena_release(&arena);
    return 0;
}
