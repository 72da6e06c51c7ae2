/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/string_builder.h"
#include "release/body.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_html(const char *html)
{
    static const char *const schemes[] = { "http://", "https://", "mailto:", "tel:" };
    const char *address = strstr(html, "href=\"");
    if (!address)
        return;
    address += 6;
    bool is_known = false;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        is_known = is_known || strncasecmp(address, schemes[i], strlen(schemes[i])) == 0;
    assert(is_known);
    assert(!address[strcspn(address, " <>\n\t")] || strchr(address, '"'));
    assert(strcspn(address, " <>\n\t\\") >= strcspn(address, "\""));
}

/* Whatever the target: a link of the page leads where it may, and nothing leaves its attribute. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct body_writer_options options = { 0 };
    struct arena arena = { 0 };
    const char *target = arena_copy_bytes(&arena, data, size);
    struct body_node *document = body_new(&arena);
    struct body_node *link = body_append(&arena, body_append(&arena, document, BODY_PARAGRAPH),
                                         BODY_LINK);
    link->target = target;
    body_append_text(&arena, link, target, strlen(target));
    if (body_target_is_file(target))
        assert(body_target_is_allowed(target) && target[0] != '/' && !strchr(target, ':'));
    struct string_builder text;
    string_builder_init(&text, 0);
    body_write_html(&text, document, &options);
    check_html(text.data);
    string_builder_clear(&text);
    body_write_text(&text, document, &options, 72);
    string_builder_release(&text);
    arena_release(&arena);
    return 0;
}
