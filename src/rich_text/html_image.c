/* SPDX-License-Identifier: MIT */
#include "rich_text/html_parts.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAXIMUM = 200 };

static bool is_data(const char *address)
{
    return strncasecmp(address, "data:", 5) == 0;
}

/* Where the picture is: pages that load it late have a blank one there. */
static const char *source_of(const struct html_node *image)
{
    static const char *const late[] = { "data-src", "data-original", "data-lazy-src" };
    const char *source = html_attribute_value(image, "src");
    for (size_t i = 0; i < sizeof late / sizeof late[0] && (!source || is_data(source)); i++) {
        const char *other = html_attribute_value(image, late[i]);
        if (other && *other)
            return other;
    }
    return source ? source + strspn(source, " \t\r\n\f") : "";
}

/* One that counts readers. */
static bool is_pixel(const struct html_node *image)
{
    const char *width = html_attribute_value(image, "width");
    const char *height = html_attribute_value(image, "height");
    return (width && *width && strtol(width, NULL, 10) <= 2) ||
           (height && *height && strtol(height, NULL, 10) <= 2);
}

static void tell(struct html_page *page, enum rich_text_finding_kind kind, const char *words,
                 const char *alternative)
{
    builder_finding(page->builder, kind, words);
    builder_finding_letters(page->builder, kind, alternative, strlen(alternative));
}

static void take_data(struct html_page *page, const char *address, const char *alternative,
                      const struct html_state *state)
{
    size_t length = 0;
    const char *bytes = html_data_read(page->arena, &page->data, address, &length);
    const char *name = arena_copy_bytes(page->arena, address, strcspn(address, ",;"));
    if (!bytes) {
        tell(page, RICH_TEXT_UNREADABLE, name, alternative);
        return;
    }
    html_begin_paragraph(page, state);
    builder_picture(page->builder, bytes, length, name, alternative);
}

void html_take_image(struct html_page *page, const struct html_node *image,
                     const struct html_state *state)
{
    const char *source = source_of(image);
    const char *alternative = html_attribute_value(image, "alt");
    alternative = alternative ? alternative : "";
    if (!*source || (is_pixel(image) && !*alternative))
        return;
    builder_count(page->builder, alternative, strlen(alternative));
    if (is_data(source)) {
        take_data(page, source, alternative, state);
        return;
    }
    const char *file = html_file(page->arena, source);
    if (!file) {
        const char *address = html_address(page, source);
        tell(page, RICH_TEXT_EXTERNAL,
             arena_copy_bytes(page->arena, address ? address : source,
                              strnlen(address ? address : source, NAME_MAXIMUM)),
             alternative);
        return;
    }
    html_begin_paragraph(page, state);
    builder_picture_file(page->builder, file, alternative);
}
