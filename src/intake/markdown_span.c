/* SPDX-License-Identifier: MIT */
/* Links, pictures and emphasis. */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "intake/encoding.h"
#include "intake/fields.h"
#include "intake/reader.h"

#include <string.h>

static int hexadecimal(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static char hexadecimal_pair(int high, int low)
{
    unsigned char byte = (unsigned char)(high * 16 + low);
    char c;
    memcpy(&c, &byte, 1);
    return c;
}

/* The name of the file that a relative address means: "a%20b.pdf" is "a b.pdf". NULL where it is
 * none of the release. */
static const char *file_of(struct markdown_builder *builder, const char *target)
{
    char *file = arena_copy(builder->reading->arena, target);
    char *end = file;
    if (!body_target_is_file(target))
        return NULL;
    for (const char *c = target; *c; c++) {
        int high = *c == '%' ? hexadecimal(c[1]) : -1;
        int low = high >= 0 ? hexadecimal(c[2]) : -1;
        if (low >= 0)
            *end++ = hexadecimal_pair(high, low);
        else
            *end++ = *c;
        c += low >= 0 ? 2 : 0;
    }
    *end = '\0';
    const char *line = encoding_one_line(builder->reading->arena, file, strlen(file));
    return body_target_is_file(line) ? line : NULL;
}

static int enter_link(struct markdown_builder *builder, const MD_SPAN_A_DETAIL *detail)
{
    const char *target = markdown_attribute(builder, &detail->href);
    const char *file = file_of(builder, target);
    if (!file && (body_target_is_file(target) || !body_target_is_allowed(target))) {
        markdown_advise(builder, INTAKE_MESSAGE_LINK_LEFT_OUT, target);
        return markdown_enter(builder, NULL);
    }
    struct body_node *node = markdown_make(builder, BODY_LINK);
    if (node)
        node->target = file ? file : target;
    if (file)
        (void)fields_asset(builder->reading, RELEASE_DOCUMENT, file, markdown_line(builder), false);
    return markdown_enter(builder, node);
}

static int enter_image(struct markdown_builder *builder, const MD_SPAN_IMG_DETAIL *detail)
{
    if (builder->image_depth++ > 0)
        return markdown_enter(builder, NULL);
    const char *target = markdown_attribute(builder, &detail->src);
    builder->image_file = file_of(builder, target);
    builder->image_title = markdown_attribute(builder, &detail->title);
    text_clear(&builder->buffer);
    if (!builder->image_file)
        markdown_advise(builder, INTAKE_MESSAGE_LINK_LEFT_OUT, target);
    return markdown_enter(builder, NULL);
}

static int leave_image(struct markdown_builder *builder)
{
    struct intake_reading *reading = builder->reading;
    if (--builder->image_depth > 0)
        return markdown_leave(builder);
    (void)markdown_leave(builder);
    const char *alt = encoding_one_line(reading->arena, builder->buffer.data,
                                        builder->buffer.length);
    if (!builder->image_file) {
        body_append_text(reading->arena, builder->current, alt, strlen(alt));
        return 0;
    }
    struct release_asset *asset = fields_asset(reading, RELEASE_IMAGE, builder->image_file,
                                               markdown_line(builder), false);
    if (!asset->alt && *alt)
        asset->alt = alt;
    if (!asset->alt)
        markdown_advise(builder, INTAKE_MESSAGE_ALT_MISSING, builder->image_file);
    struct body_node *node = markdown_make(builder, BODY_IMAGE);
    if (node) {
        node->target = builder->image_file;
        node->text = asset->alt ? asset->alt : "";
    }
    return 0;
}

int markdown_enter_span(MD_SPANTYPE type, void *detail, void *payload)
{
    struct markdown_builder *builder = payload;
    if (type == MD_SPAN_IMG)
        return enter_image(builder, detail);
    if (builder->image_depth > 0)
        return markdown_enter(builder, NULL);
    switch (type) {
    case MD_SPAN_EM:
        return markdown_enter(builder, markdown_make(builder, BODY_EMPHASIS));
    case MD_SPAN_STRONG:
        return markdown_enter(builder, markdown_make(builder, BODY_STRONG));
    case MD_SPAN_A:
        return enter_link(builder, detail);
    case MD_SPAN_CODE:
        text_clear(&builder->buffer);
        return markdown_enter(builder, markdown_make(builder, BODY_CODE));
    case MD_SPAN_IMG:
    case MD_SPAN_DEL:
    case MD_SPAN_LATEXMATH:
    case MD_SPAN_LATEXMATH_DISPLAY:
    case MD_SPAN_WIKILINK:
    case MD_SPAN_U:
        break;
    }
    return markdown_enter(builder, NULL);
}

int markdown_leave_span(MD_SPANTYPE type, void *detail, void *payload)
{
    struct markdown_builder *builder = payload;
    struct body_node *node = builder->current;
    (void)detail;
    if (type == MD_SPAN_IMG)
        return leave_image(builder);
    if (type == MD_SPAN_CODE && node->kind == BODY_CODE)
        node->text = arena_copy_bytes(builder->reading->arena, builder->buffer.data,
                                      builder->buffer.length);
    return markdown_leave(builder);
}
